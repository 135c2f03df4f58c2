# SPDX-License-Identifier: BSD-2-Clause
#
# A small service manager: passes the two sockets, or with "witness" all three,
# leaves the daemon no more capabilities than its unit does, listens for
# readiness and watchdog. Usage: manager.py CONFIG [witness]. Run by itself it keeps a daemon and restarts it at SIGUSR1,
# as whichever farmgate-policyd is in PATH by then, until SIGTERM.

import os
import signal
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from wire import CONTROL, POLICY, WITNESS_SOCKET  # noqa: E402

config = sys.argv[1]
sockets, paths = [], [(POLICY, 0o600, 0), (CONTROL, 0o660, 4213)]
if "witness" in sys.argv[2:]:
    paths.append((WITNESS_SOCKET, 0o666, 0))
for path, mode, gid in paths:
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    os.umask(0o777 & ~mode)
    s.bind(path)
    os.umask(0o022)
    os.chown(path, 0, gid)
    s.listen(512)
    sockets.append(s)
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind("\0farmgate-test-notify")


def pass_sockets():
    fds = [os.dup(s.fileno()) for s in sockets]
    fds = [os.dup2(fd, 40 + i) for i, fd in enumerate(fds)]
    for i, fd in enumerate(fds):
        os.dup2(fd, 3 + i)
        os.set_inheritable(3 + i, True)
    os.environ.update(
        LISTEN_FDS=str(len(fds)), LISTEN_PID=str(os.getpid()),
        LISTEN_FDNAMES=":".join(os.path.basename(p[0]) for p in paths),
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
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        pass_sockets()
        os.execvp("setpriv", [
            "setpriv", "--bounding-set", bounding_set(), "--no-new-privs",
            "farmgate-policyd", "-c", config, "-r", "/run/farmgate",
            "-u", "farmgate", "-s", "farmgate-scan", "-F", "kill"])
    return pid


def told(what, seconds=5.0):
    """Whether the daemon has said so, or says so in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        notify.settimeout(max(end - time.monotonic(), 0.001))
        try:
            if what in notify.recv(4096).decode().split("\n"):
                return True
        except TimeoutError:
            pass
    return False


def begin():
    pid = start()
    assert told("READY=1")
    return pid


def stop(pid):
    os.kill(pid, signal.SIGTERM)
    assert told("STOPPING=1")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def end():
    for path, _, _ in paths:
        os.unlink(path)


def main():
    asked = (signal.SIGUSR1, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)
    pid, said = begin(), None
    while said is None or said.si_signo == signal.SIGUSR1:
        told("nothing", 0.01)   # or what is told has no room
        if (said := signal.sigtimedwait(asked, 0.2)) is None:
            continue
        stop(pid)
        if said.si_signo == signal.SIGTERM:
            break
        time.sleep(0.1)         # the unit's RestartSec
        pid = begin()
    end()


if __name__ == "__main__":
    main()
