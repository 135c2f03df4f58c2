# SPDX-License-Identifier: BSD-2-Clause
#
# Many processes at once at the policy socket, all of them real callers of the
# real module, and numbers of processes that are somebody else's by the time
# that anybody looks. Runs as root inside the private machine, started by
# 45_storm.sh with the daemon's pid. Each function is a test, its docstring
# the name.

import datetime
import json
import os
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ["FG_TOP"], "tests", "lib"))
from cases import run, test  # noqa: E402
from wire import *  # noqa: E402,F403

DAEMON = int(sys.argv[1])
DECOY = sys.argv[2]             # a program that sleeps, with a name of its own
AUDIT = "/var/log/farmgate/audit.jsonl"
STORE = "/var/lib/farmgate/"
SYSLOG = os.path.join(os.environ["FG_WORK"], "syslog")
SOCKET = "/run/farmgate/policy.sock"
LAST_PID = "/proc/sys/kernel/ns_last_pid"
NEAR, FAR = "127.0.0.2", "127.0.0.3"
ALICE = 4201
# Services, with a user whose policy goes by groups and one whose goes by name.
USERS = {"sshd": "alice", "sshd-nogroups": "carol"}
BACKLOG = 512
PATIENCE = 20                   # seconds; the module has 3, a slow machine more


def records():
    with open(AUDIT, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def status():
    return json.loads(subprocess.run(
        ["farmgatectl", "status", "--json"], check=True,
        stdout=subprocess.PIPE).stdout)


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "%s is not so" % condition.__name__
        time.sleep(0.05)


def daemon_fds():
    """Without the store's, which opens one when it first writes durably."""
    folder = "/proc/%d/fd" % DAEMON
    return sum(not os.path.realpath(os.path.join(folder, fd)).startswith(STORE)
               for fd in os.listdir(folder))


class Asker:
    """A process that asks through the module. Ends, or is killed, once."""

    living = {}

    def __init__(self, rhost, phases=("acct_mgmt",), service="sshd"):
        self.rhost = rhost
        self.started = time.monotonic()
        self.code = None        # exit status, -1 if it was killed
        self.seconds = None
        self.pid = os.posix_spawnp(
            "pamtester", ["pamtester", "-I", "rhost=" + rhost, service,
                          USERS[service], *phases], os.environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0)
                          for fd in (0, 1, 2)])
        Asker.living[self.pid] = self

    def ended(self, code):
        del Asker.living[self.pid]
        self.seconds = time.monotonic() - self.started
        self.code = max(code, -1)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self.ended(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]))


def one_ends():
    """Wait for any of them; False if it takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        pid, code = os.waitpid(-1, os.WNOHANG)
        if pid != 0:
            Asker.living[pid].ended(os.waitstatus_to_exitcode(code))
            return True
        time.sleep(0.002)
    return False


def all_end():
    while Asker.living:
        assert one_ends(), "%d processes hang" % len(Asker.living)


def all_well():
    """The daemon is there, holds nothing, and decides as ever."""
    assert os.path.exists("/proc/%d" % DAEMON)
    until(nothing_open)
    askers = [Asker(rhost, service=service)
              for service in USERS for rhost in (NEAR, FAR)]
    all_end()
    codes = [a.code for a in askers]
    assert codes == [0, 1, 0, 1], codes


def nothing_open():
    return status()["sessions"] == 0


def decoy_at(pid):
    """A process of alice's with exactly this number."""
    with open(LAST_PID, "w") as f:
        f.write(str(pid - 1))
    return subprocess.Popen([DECOY, "1000"], user=ALICE, group=ALICE,
                            extra_groups=[])


def nobody_else(new):
    """No record tells of a process that has not asked."""
    for r in new:
        comm = r.get("peer", {}).get("comm")
        assert comm in (None, "pamtester"), r


@test
def crowd():
    """IPC-05 with the backlog overrun some are busy, none gets in or hangs"""
    before, at_rest = len(records()), daemon_fds()
    said = os.path.getsize(SYSLOG)
    os.kill(DAEMON, signal.SIGSTOP)
    try:
        askers = [Asker((NEAR, FAR)[i % 2]) for i in range(BACKLOG + 400)]
        assert one_ends()       # the first that found it full
    finally:
        os.kill(DAEMON, signal.SIGCONT)
    all_end()
    new = records()[before:]
    inside = [a for a in askers if a.code == 0]
    allowed = sum(r["event"] == "decision" and r["verdict"] == "allow"
                  for r in new)
    with open(SYSLOG, encoding="utf-8") as f:
        f.seek(said)
        busy = f.read().count("reason=busy")
    seconds = max(a.seconds for a in askers)
    print("    %d asked, %d let in, %d busy, %.1f s at most" % (
        len(askers), len(inside), busy, seconds))
    assert busy > 0
    assert all(a.code in (0, 1) for a in askers)
    assert all(a.rhost == NEAR for a in inside)
    assert 0 < len(inside) <= allowed, (len(inside), allowed)
    assert all(r["verdict"] == "deny" for r in new
               if r["event"] == "decision" and r["origin"]["rhost"] == FAR)
    assert seconds < PATIENCE
    all_well()
    until(lambda: daemon_fds() <= at_rest)


@test
def shared_look():
    """logins that come together share a look, and none has one too old"""
    os.kill(DAEMON, signal.SIGSTOP)
    time.sleep(2.2)             # of before, it is too old for all of them
    try:
        before = len(records())
        askers = [Asker(NEAR) for _ in range(100)]
        until(lambda: waiting() >= len(askers) - 1)
    finally:
        os.kill(DAEMON, signal.SIGCONT)
    all_end()
    new = [r for r in records()[before:] if r["event"] == "decision"]
    # When the look of each was begun; the clock of the record has a tick.
    taken = sorted(moment(r["ts"]) - r["remote"]["age_ms"] / 1000 for r in new)
    looks = 1 + sum(b - a > 0.1 for a, b in zip(taken, taken[1:]))
    seconds = max(a.seconds for a in askers)
    print("    %d decided by %d looks in %.1f s" % (
        len(new), looks, seconds))
    assert len(new) == len(askers)
    assert all(r["remote"]["age_ms"] <= 2000 for r in new)
    assert looks <= 2 + int(seconds)


def moment(text):
    return datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp()


@test
def taken_over():
    """IPC-05 who has the number of a killed asker is not taken for it"""
    before = len(records())
    decoys = []
    os.kill(DAEMON, signal.SIGSTOP)
    try:
        askers = [Asker(rhost, (phase,), service)
                  for rhost in (NEAR, FAR)
                  for phase in ("acct_mgmt", "open_session")
                  for service in USERS
                  for _ in range(5)]
        until(lambda: waiting() == len(askers))
        for asker in askers:
            asker.kill()
            decoys.append(decoy_at(asker.pid))
        assert [d.pid for d in decoys] == [a.pid for a in askers]
    finally:
        os.kill(DAEMON, signal.SIGCONT)
    try:
        all_well()
        new = records()[before:]
        nobody_else(new)
        assert not any(r["event"] == "open" for r in new), new
    finally:
        end(decoys)


def waiting():
    """How many the daemon has not accepted yet."""
    line = subprocess.run(["ss", "-Hxl", "src", SOCKET], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    return int(line.split()[2])


def end(decoys):
    for d in decoys:
        d.kill()
        d.wait()


def ask_for_the_dead(phase, rhost):
    """A connection held by another process than the one that made it, which
    has ended and whose number is a decoy's: what comes of a question."""
    ready, go = os.pipe(), os.pipe()
    maker = os.fork()
    if maker == 0:
        with Client() as c:
            if os.fork() == 0:
                os.read(go[0], 1)
                try:
                    v = c.login(phase=phase, rhost=rhost)[0]
                except (OSError, Closed):
                    v = 0
                os.write(ready[1], bytes([v]))
        os._exit(0)
    os.waitpid(maker, 0)
    decoy = decoy_at(maker)
    assert decoy.pid == maker
    os.write(go[1], b"!")
    v = os.read(ready[0], 1)[0]
    for fd in ready + go:
        os.close(fd)
    return decoy, v


@test
def outlived():
    """IPC-05 a connection that outlives its process says nothing of another"""
    before = len(records())
    decoys = []
    try:
        for phase in (1, 2):
            for rhost in (NEAR, FAR):
                decoy, v = ask_for_the_dead(phase, rhost)
                decoys.append(decoy)
                assert rhost == NEAR or v != ALLOW
        all_well()              # no session while the decoys live
        new = records()[before:]
        nobody_else(new)
    finally:
        end(decoys)


@test
def storm():
    """IPC-05 askers killed at any moment leave their successors no session"""
    rnd = random.Random(4201)
    before, aborted = len(records()), status()["decisions"]["aborted"]
    decoys, askers = [], []
    for n in range(400):
        asker = Asker((NEAR, NEAR, FAR)[n % 3], ("acct_mgmt", "open_session"),
                      rnd.choice(list(USERS)))
        askers.append(asker)
        if rnd.random() < 0.7:
            time.sleep(rnd.random() * 0.008)
            asker.kill()
            decoys.append(decoy_at(asker.pid))
            assert decoys[-1].pid == asker.pid
        if len(decoys) > 20:
            end([decoys.pop(0)])
    all_end()
    new = records()[before:]
    killed = sum(a.code == -1 for a in askers)
    print("    %d killed, %d aborted, %d let in" % (
        killed, status()["decisions"]["aborted"] - aborted,
        sum(a.code == 0 for a in askers)))
    try:
        assert killed > 0
        nobody_else(new)
        assert all(a.rhost == NEAR for a in askers if a.code == 0)
        all_well()              # while the last of the decoys still live
        new = records()[before:]
        opened = [r["ref"] for r in new if r["event"] == "open"]
        closed = [r["ref"] for r in new if r["event"] == "close"]
        assert sorted(opened) == sorted(closed)
    finally:
        end(decoys)


sys.exit(run())
