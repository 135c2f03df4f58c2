# SPDX-License-Identifier: BSD-2-Clause
#
# What logins see while the daemon is away, restarts or hangs, behind the
# sockets of manager.py. Usage: activate.py CONFIG. Says of each test what
# check.sh says.

import json
import os
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
import manager  # noqa: E402
from cases import run, test  # noqa: E402
from manager import begin, stop, told  # noqa: E402
from wire import *  # noqa: E402,F403

def waiting_login():
    code = ("import sys; sys.path.insert(0, %r); from wire import *\n"
            "with Client() as c: sys.exit(0 if c.login()[0] == ALLOW else 1)"
            % os.path.dirname(__file__))
    return subprocess.Popen([sys.executable, "-c", code])


def login():
    with Client() as c:
        return c.login()[0]


def caller(out):
    """One login: what came of it, and of the second try of one that failed,
    and how long it took in all."""
    said, since = [], time.monotonic()
    for _ in range(2):
        try:
            said.append(login())
            break
        except (Closed, BrokenPipeError, AssertionError):
            said.append("failed")
        except OSError as e:
            said.append(type(e).__name__)
    out.append((said, time.monotonic() - since))


class Callers:
    """Twenty logins a second, in a process of their own."""

    def __init__(self, seconds):
        self.ends, theirs = os.pipe()
        self.pid = os.fork()
        if self.pid != 0:
            os.close(theirs)
            return
        out, threads = [], []
        for _ in range(int(seconds * 20)):
            threads.append(threading.Thread(target=caller, args=(out,)))
            threads[-1].start()
            time.sleep(0.05)
        for t in threads:
            t.join()
        with os.fdopen(theirs, "w") as f:
            json.dump(out, f)
        os._exit(0)

    def results(self):
        with os.fdopen(self.ends) as f:
            out = json.load(f)
        os.waitpid(self.pid, 0)
        return out


@test
def before_it_starts():
    """IPC-15 with its unit's capabilities it serves whom passed sockets kept"""
    for _ in range(2):
        early = waiting_login()
        time.sleep(0.5)
        assert early.poll() is None, "the login did not wait for the daemon"
        pid = begin()
        assert early.wait(5) == 0, "the login that waited was not allowed"
        with Client() as c:
            v = c.login(rhost="8.8.8.8")
        assert v[0] == DENY and "geo.country" in v[3].split(","), v
        stop(pid)
        assert os.path.exists(POLICY), "a passed socket was removed"


@test
def restarts():
    """IPC-15 of 20 logins a second none is refused by a restart"""
    pid = begin()
    callers = Callers(4)
    time.sleep(1)
    stop(pid)
    time.sleep(0.1)             # the unit's RestartSec
    pid = begin()
    time.sleep(1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    time.sleep(0.1)
    pid = begin()
    results = callers.results()
    stop(pid)
    assert len(results) == 80
    for said, took in results:
        assert said in ([ALLOW], ["failed", ALLOW]), said
        assert took < 3, took   # the module's deadline


@test
def half_done():
    """IPC-15 a restart denies what is half done, and the next try works"""
    pid = begin()
    with Client() as c:
        c.send(LOGIN, login_body())
        assert c.recv()[0] == NEED
        os.kill(pid, signal.SIGTERM)
        try:
            kind, _, body = c.recv()
            assert kind == FAIL or verdict(body)[0] == DENY, (kind, body)
        except Closed:
            pass
    again = waiting_login()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    pid = begin()
    assert again.wait(5) == 0, "the second try was not allowed"
    stop(pid)


@test
def hangs():
    """DMN-12 a daemon that hangs misses the watchdog, and denies in time"""
    pid = begin()
    assert told("WATCHDOG=1") and told("WATCHDOG=1")
    os.kill(pid, signal.SIGSTOP)
    while told("WATCHDOG=1", 0.01):
        pass                    # said before
    since = time.monotonic()
    module = subprocess.Popen(["pamtester", "-I", "rhost=127.0.0.2", "gate",
                               "alice", "acct_mgmt"])
    assert not told("WATCHDOG=1", 2), "the watchdog is fed by a dead loop"
    assert module.wait(10) != 0, "a login was let in"
    assert 2.9 < time.monotonic() - since < 5
    os.kill(pid, signal.SIGKILL)        # what the service manager does then
    os.waitpid(pid, 0)
    pid = begin()
    assert login() == ALLOW
    stop(pid)


status = run()
manager.end()
sys.exit(status)
