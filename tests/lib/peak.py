# SPDX-License-Identifier: BSD-2-Clause
# Run a program, whose output goes nowhere. Usage: python3 -ISB peak.py PROGRAM
# [ARGUMENT ...]; prints its exit status and how many kilobytes of memory it had
# at most. No less is told than this one has itself: so it has little.
import os
import sys

pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
