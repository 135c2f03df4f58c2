# SPDX-License-Identifier: BSD-2-Clause
#
# Logs in through /bin/login on a terminal of its own, as getty would. Usage:
# login.py USER PASSWORD [LOGIN-OPTION...]. Exit status 0 if a shell came.

import os
import pty
import select
import sys
import time

user, password, options = sys.argv[1], sys.argv[2], sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb"
    os.execv("/bin/login", ["login"] + options + [user])

seen = b""
sent_password = sent_probe = inside = False
end = time.monotonic() + 15
while time.monotonic() < end:
    ready, _, _ = select.select([fd], [], [], 0.2)
    if ready:
        try:
            data = os.read(fd, 4096)
        except OSError:
            break
        if not data:
            break
        seen += data
    if b"assword:" in seen and not sent_password:
        os.write(fd, password.encode() + b"\n")
        sent_password = True
    if b"$ " in seen and not sent_probe:
        os.write(fd, b"echo in$((40+2))side\n")
        sent_probe = True
    if b"in42side" in seen:
        inside = True
        break
    if b"incorrect" in seen or b"denied" in seen:
        break
if inside:
    os.write(fd, b"exit\n")
    time.sleep(0.2)
else:
    os.kill(pid, 9)
os.close(fd)
os.waitpid(pid, 0)
sys.stdout.write(seen.decode("utf-8", "replace"))
sys.exit(0 if inside else 1)
