# SPDX-License-Identifier: BSD-2-Clause
#
# Processes log in, lead their sessions for a while and end, all the time,
# while the daemon is killed at moments that nobody chose. Runs as root inside
# the private machine, started by 58_killed.sh with the configuration's path.
# Each function is a test, its docstring the name.

import itertools
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

TOP = os.environ["FG_TOP"]
WORK = os.environ["FG_WORK"]
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from cases import run, test  # noqa: E402
from wire import *  # noqa: E402,F403

CONF = sys.argv[1]
DB = "/var/lib/farmgate/farmgate.db"
AUDIT = "/var/log/farmgate/audit.jsonl"
LOG = os.path.join(WORK, "daemon.log")
SAID = os.path.join(WORK, "opened")
LEADERS = 24                    # of each crowd
# A sanitizer makes everything slower.
SLOW = os.environ["FG_BUILD"].find("asan") >= 0
SOON = 5.0 if SLOW else 1.0
# LONG=1 has more.
KILLS = 40 if SLOW else 200 if os.environ.get("LONG") == "1" else 60


class Daemon:
    def __init__(self):
        self.log = open(LOG, "ab")
        at = self.log.tell()
        start = time.monotonic()
        self.process = subprocess.Popen(
            ["farmgate-policyd", "-c", CONF, "-r", "/run/farmgate", "-u",
             "farmgate", "-s", "farmgate-scan", "-F", "kill"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        while not self.ready(at):
            assert self.process.poll() is None, "it does not start"
            assert time.monotonic() - start < 20, "it is not ready"
            time.sleep(0.002)
        self.seconds = time.monotonic() - start

    def ready(self, at):
        with open(LOG, "rb") as f:
            f.seek(at)
            return b"ready: " in f.read()

    def end(self, sig):
        self.process.send_signal(sig)
        self.process.wait()
        self.log.close()


# ---- those who log in -------------------------------------------------------

def lead(rnd, said):
    """In a child: log in, as often as the daemon is killed meanwhile; say so,
    and stay for a while."""
    while True:
        try:
            with Client() as c:
                v = c.login(user="alice")
            with Client() as c:
                v = c.login(phase=2, user="alice", ref=v[2])
            assert v[0] == ALLOW, v
            break
        except (OSError, Closed):
            time.sleep(0.002)
    os.write(said, b"%s %d\n" % (v[2].encode(), os.getpid()))
    time.sleep(rnd.random() * 0.3)
    os._exit(0)


def crowd(seed):
    """In a child: keep so many leaders going, until it is told to end."""
    rnd = random.Random(seed)
    said = os.open(SAID, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    ending = []
    signal.signal(signal.SIGTERM, lambda *_: ending.append(True))
    leaders = set()
    while not ending or leaders:
        while len(leaders) < LEADERS and not ending:
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                try:
                    lead(random.Random(rnd.random()), said)
                finally:
                    os._exit(1)
            rnd.random()
            leaders.add(pid)
        try:
            pid, status = os.waitpid(-1, os.WNOHANG if ending else 0)
        except InterruptedError:
            continue
        if pid > 0:
            assert status == 0, status
            leaders.discard(pid)
        else:
            time.sleep(0.01)
    os._exit(0)


def start_crowd(seed):
    pid = os.fork()
    if pid == 0:
        try:
            crowd(seed)
        finally:
            os._exit(1)
    return pid


# ---- what there is ----------------------------------------------------------

def records():
    """What is whole of the audit log; a line that was cut is told of in it."""
    with open(AUDIT, "rb") as f:
        for line in f:
            try:
                yield json.loads(line)
            except ValueError:
                pass


def last_open():
    """The reference of the last session in the audit log."""
    with open(AUDIT, "rb") as f:
        f.seek(max(0, os.fstat(f.fileno()).st_size - 65536))
        lines = [line for line in f.read().split(b"\n")[1:-1]
                 if b'"event":"open"' in line]
    return [json.loads(lines[-1])["ref"]] if lines else []


def opened(since=0):
    """(reference, pid) of all who were told that their session is open, but for
    so many of the first."""
    with open(SAID) as f:
        return [(line.split()[0], int(line.split()[1]))
                for line in itertools.islice(f, since, None)]


def lives(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def listed():
    out = subprocess.run(["farmgatectl", "sessions", "--json"], check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    return {json.loads(line)["ref"] for line in out.splitlines()}


def in_store(after=0):
    """The references of the sessions, and of the logins behind the one with this
    number, in a copy of the store, which must be whole; and the last number."""
    copy = os.path.join(WORK, "copy.db")
    for end in ("", "-wal"):
        shutil.copyfile(DB + end, copy + end)
    db = sqlite3.connect(copy)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    refs = {r for r, in db.execute("SELECT ref FROM session")}
    logins = dict(db.execute("SELECT ref, rowid FROM history WHERE rowid > ?",
                             (after,)))
    db.close()
    return refs, set(logins), max(logins.values(), default=after)


# ---- the tests --------------------------------------------------------------

class Storm:
    """What is known of it at each kill."""
    def __init__(self):
        self.told = 0           # of those who were told, so many were looked at
        self.number = 0         # of the last login that was looked at
        self.logins = set()     # those of the last look
        self.here = []          # (reference, pid) of those who may be in yet
        self.last = set()       # the last one at each kill
        self.late = 0           # logins that were written afterwards

    def look(self):
        """Who was answered has a row, and only the last one's login may come
        into the history when the daemon is back."""
        self.last.update(last_open())
        refs, logins, self.number = in_store(self.number)
        new = opened(self.told)     # some were told before the last look
        self.told += len(new)
        missing = {ref for ref, _ in new} - logins - self.logins
        self.logins = logins
        assert missing <= self.last & refs, (missing, missing & refs)
        self.late += len(missing)
        self.here = [who for who in self.here + new if lives(who[1])]
        return refs


def killed_once(daemon, rnd, storm):
    """Let it run for a moment, kill it, look at what is there, start it again."""
    time.sleep(0.02 + rnd.random() * 0.15)
    daemon.end(signal.SIGKILL)
    refs = storm.look()
    daemon = Daemon()
    found = listed()
    for ref, pid in storm.here:
        if lives(pid):
            assert ref in refs, "%s has no row" % ref
            assert ref in found, "%s is not found again" % ref
    return daemon


def all_closed(last):
    """True once each session that was opened is closed. One that was the last
    and was not answered may have been opened for nobody, and be forgotten."""
    new = list(records())
    opens = {r["ref"] for r in new if r["event"] == "open"}
    closes = {r["ref"] for r in new if r["event"] == "close"}
    nobodys = last - {ref for ref, _ in opened()}
    return opens - closes <= nobodys and closes <= opens


def settle(last):
    end = time.monotonic() + 20
    while not (all_closed(last) and not listed()):
        assert time.monotonic() < end, "some sessions do not end"
        time.sleep(0.2)


@test
def killed():
    """DMN-01 killed in a storm of logins, it is back at once and has them all"""
    rnd = random.Random(os.getpid())
    storm, slowest = Storm(), 0.0
    open(SAID, "w").close()
    daemon = Daemon()
    crowds = [start_crowd(rnd.random()) for _ in range(2)]
    try:
        for _ in range(KILLS):
            daemon = killed_once(daemon, rnd, storm)
            slowest = max(slowest, daemon.seconds)
    finally:
        for pid in crowds:
            os.kill(pid, signal.SIGTERM)
    for pid in crowds:
        assert os.waitpid(pid, 0)[1] == 0
    settle(storm.last)
    print("    %d sessions, %d kills, %d logins written when it was back, "
          "within %.2f s" % (len(opened()), KILLS, storm.late, slowest))
    assert slowest < SOON, slowest
    daemon.end(signal.SIGTERM)
    refs, logins, _ = in_store()
    assert refs == set(), refs
    assert {ref for ref, _ in opened()} <= logins


@test
def chain():
    """DMN-01 the audit log is one chain after all this"""
    subprocess.run(["python3", os.path.join(TOP, "conf/audit-verify.py"),
                    AUDIT], check=True, stdout=subprocess.DEVNULL)


sys.exit(run())
