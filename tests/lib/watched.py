#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# Run a command whose standard error is a terminal, and which is stopped for a
# fifth of a second now and then, as if it were slower. Usage: watched.py
# COMMAND...; prints what the terminal got, exit status as the command's.
import os
import pty
import signal
import subprocess
import sys
import threading
import time

STOPS, RUNS_S, STOPPED_S = 12, 0.01, 0.21
master, slave = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=slave)
os.close(slave)


def slow_down():
    for _ in range(STOPS):
        time.sleep(RUNS_S)
        if child.poll() is not None:
            return
        child.send_signal(signal.SIGSTOP)
        time.sleep(STOPPED_S)
        child.send_signal(signal.SIGCONT)


slower = threading.Thread(target=slow_down)
slower.start()
while True:
    try:
        got = os.read(master, 4096)
    except OSError:  # nobody has the other end any more
        break
    if not got:
        break
    os.write(1, got)
slower.join()
sys.exit(child.wait())
