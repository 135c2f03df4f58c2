# SPDX-License-Identifier: BSD-2-Clause
"""Stops every process of this user by the name argv[1] as soon as it is
there."""

import os
import signal
import sys

name = sys.argv[1].encode() + b"\n"
while True:
    for pid in os.listdir("/proc"):
        if not pid.isdigit() or int(pid) == os.getpid():
            continue
        try:
            with open("/proc/%s/comm" % pid, "rb") as f:
                comm = f.read()
            if comm == name and os.stat("/proc/" + pid).st_uid != 0:
                os.kill(int(pid), signal.SIGSTOP)
        except OSError:
            pass
