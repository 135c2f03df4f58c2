# SPDX-License-Identifier: BSD-2-Clause
#
# Logins by PAM alone, account and session, each a process of its own, so many
# a second. Usage: rate.py COUNT RATE SERVICE USER ADDRESS. Says how long they
# took and exits with status 1 unless each has come in.

import os
import sys
import time

count, rate = int(sys.argv[1]), float(sys.argv[2])
service, user, address = sys.argv[3:]
started, took, refused = {}, [], 0


def start():
    pid = os.posix_spawnp(
        "pamtester", ["pamtester", "-I", "rhost=" + address, service, user,
                      "acct_mgmt", "open_session", "close_session"],
        os.environ, file_actions=[
            (os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0)
            for fd in (0, 1, 2)])
    started[pid] = time.monotonic()


def reap(flags):
    global refused
    pid, code = os.waitpid(-1, flags)
    if pid != 0:
        took.append(time.monotonic() - started.pop(pid))
        refused += code != 0
    return pid != 0


begun = time.monotonic()
for n in range(count):
    while time.monotonic() < begun + n / rate:
        if not started or not reap(os.WNOHANG):
            time.sleep(0.002)
    start()
while started:
    reap(0)
took.sort()
print("%d logins in %.1f s, %d refused; ms: half within %.1f, 99 of 100 "
      "within %.1f, all within %.1f" % (
          count, time.monotonic() - begun, refused, took[count // 2] * 1000,
          took[count * 99 // 100] * 1000, took[-1] * 1000))
sys.exit(refused > 0)
