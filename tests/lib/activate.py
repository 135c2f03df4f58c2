# SPDX-License-Identifier: BSD-2-Clause
#
# A service manager of forty lines: passes the two sockets, leaves the daemon
# no more capabilities than its unit does, listens for readiness and watchdog,
# and checks that a login waits while the daemon is away. Usage: activate.py CONFIG. Exit status 0 if all held.

import os
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from wire import ALLOW, CONTROL, DENY, POLICY, Client  # noqa: E402

config = sys.argv[1]
sockets = []
for path, mode, gid in ((POLICY, 0o600, 0), (CONTROL, 0o660, 4213)):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    os.umask(0o777 & ~mode)
    s.bind(path)
    os.umask(0o022)
    os.chown(path, 0, gid)
    s.listen(512)
    sockets.append(s)
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind("\0farmgate-test-notify")
notify.settimeout(5)


def pass_sockets():
    fds = [os.dup(s.fileno()) for s in sockets]
    fds = [os.dup2(fd, 40 + i) for i, fd in enumerate(fds)]
    for i, fd in enumerate(fds):
        os.dup2(fd, 3 + i)
        os.set_inheritable(3 + i, True)
    os.environ.update(
        LISTEN_FDS="2", LISTEN_PID=str(os.getpid()),
        LISTEN_FDNAMES="policy.sock:control.sock",
        NOTIFY_SOCKET="@farmgate-test-notify",
        WATCHDOG_USEC="1000000", WATCHDOG_PID=str(os.getpid()))


def bounding_set():
    unit = os.path.join(os.path.dirname(__file__),
                        "../../conf/farmgate-policyd.service")
    for line in open(unit):
        key, _, value = line.strip().partition("=")
        if key == "CapabilityBoundingSet":
            return ",".join(["-all"] + ["+" + cap[4:].lower()
                                        for cap in value.split()])
    raise AssertionError("the unit has no CapabilityBoundingSet")


def start():
    pid = os.fork()
    if pid == 0:
        pass_sockets()
        os.execvp("setpriv", [
            "setpriv", "--bounding-set", bounding_set(), "--no-new-privs",
            "farmgate-policyd", "-c", config, "-r", "/run/farmgate",
            "-u", "farmgate", "-s", "farmgate-scan", "-F", "kill"])
    return pid


def told(what):
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if what in notify.recv(4096).decode().split("\n"):
            return
    raise AssertionError("never told " + what)


def waiting_login():
    code = ("import sys; sys.path.insert(0, %r); from wire import *\n"
            "with Client() as c: sys.exit(0 if c.login()[0] == ALLOW else 1)"
            % os.path.dirname(__file__))
    return subprocess.Popen([sys.executable, "-c", code])


login = waiting_login()
time.sleep(0.5)
assert login.poll() is None, "the login did not wait for the daemon"
pid = start()
told("READY=1")
assert login.wait(5) == 0, "the login that waited was not allowed"
with Client() as c:
    verdict = c.login(rhost="8.8.8.8")
assert verdict[0] == DENY and verdict[3] == "geo.country", verdict
told("WATCHDOG=1")
told("WATCHDOG=1")
os.kill(pid, signal.SIGTERM)
told("STOPPING=1")
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert os.path.exists(POLICY), "a passed socket was removed"
login = waiting_login()
time.sleep(0.5)
assert login.poll() is None
pid = start()
told("READY=1")
assert login.wait(5) == 0
with Client() as c:
    assert c.login()[0] == ALLOW
os.kill(pid, signal.SIGTERM)
os.waitpid(pid, 0)
for path in (POLICY, CONTROL):
    os.unlink(path)
