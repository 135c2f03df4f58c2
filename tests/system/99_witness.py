# SPDX-License-Identifier: BSD-2-Clause
#
# What anybody on a laptop may do at witness.sock, and what must come of it.
# Runs as root inside the private machine, started by 99_witness.sh with the
# daemon's pid. Each function is a test, its docstring the name.

import array
import json
import os
import pickle
import random
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ["FG_TOP"], "tests", "lib"))
from cases import run, test  # noqa: E402
from wire import *  # noqa: E402,F403

DAEMON = int(sys.argv[1])
AUDIT = "/var/log/farmgate/audit.jsonl"
HOST = "jump.example.org"
ALICE, BOB, CAROL, NOBODY = 4201, 4202, 4203, 65534
LENGTH = 934                    # of every answer
PLACES, PLACES_UID = 16, 4
BURST_UID = 16


def statement(*args, answer=None):
    p = subprocess.run(["statement", *args], input=answer, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return p.stdout.strip() if p.returncode == 0 else None


def token(host="bastion"):
    return statement("token", host)


def opened(answer, tok, user="alice", host="bastion"):
    """What it states, or None where it is no answer to that."""
    text = statement("open", host, tok, user, answer=answer)
    return None if text is None else json.loads(text)


def records():
    with open(AUDIT, encoding="utf-8") as f:
        return [r for r in map(json.loads, f) if r["event"] == "witness"]


def start_as(uid, fn):
    """Run fn in a child of this uid; what it returns is at the pipe."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid != 0:
        os.close(theirs)
        return pid, ours
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        result = fn()
    except BaseException as e:
        result = e
    with os.fdopen(theirs, "wb") as f:
        pickle.dump(result, f)
    os._exit(0)


def end(started):
    pid, ours = started
    with os.fdopen(ours, "rb") as f:
        data = f.read()
    os.waitpid(pid, 0)
    result = pickle.loads(data)
    if isinstance(result, BaseException):
        raise result
    return result


def ask_as(uid, *args, **kw):
    return end(start_as(uid, lambda: witness(*args, **kw)))


def status():
    return json.loads(subprocess.run(
        ["farmgatectl", "status", "--json"], check=True,
        stdout=subprocess.PIPE).stdout)


def rest(questions=1):
    """Whoever has asked too often may ask so many again."""
    time.sleep(questions + 0.1)


def fds():
    return len(os.listdir("/proc/%d/fd" % DAEMON))


def fds_settle(most):
    end_s = time.monotonic() + 5
    while fds() > most:
        assert time.monotonic() < end_s, "%d descriptors" % fds()
        time.sleep(0.05)


def still_answers():
    t = token()
    answer = witness(t)
    assert opened(answer, t) is not None, answer


def still_decides():
    with Client() as c:
        assert c.login()[0] == ALLOW
    with Client() as c:
        assert c.login(rhost="127.0.0.3")[0] == DENY


@test
def anybody():
    """any user is answered, for the jump host alone, and all the same long"""
    before = len(records())
    for uid in (ALICE, BOB, NOBODY, 0):
        t = token()
        answer = ask_as(uid, t)
        assert isinstance(answer, str) and len(answer) == LENGTH, answer
        assert opened(answer, t) is not None
    new = records()[before:]
    assert [r["by"]["uid"] for r in new] == [ALICE, BOB, NOBODY, 0]
    assert all(r["jumphost"] == "bastion" and r["user"] == "alice"
               for r in new)


@test
def binding():
    """an answer is for one challenge, host and user, and never the same"""
    t, other = token(), token()
    answer = witness(t)
    assert opened(answer, t) is not None
    assert opened(answer, other) is None
    assert opened(answer, t, user="bob") is None
    assert opened(answer, t, host="other") is None
    assert opened(answer[:-1] + "A", t) is None or answer[-1] == "A"
    assert witness(t) != answer


@test
def strangers():
    """a challenge of nobody who is pinned is refused"""
    before = len(records())
    zeros = "farmgate-challenge-v1." + "A" * 43
    assert witness(token("stranger")) == FAIL_UNKNOWN_HOST
    # of nobody's, it says whether a jump host has that name
    for name in (HOST, "OTHER.example.org", "127.0.0.9"):
        assert witness(zeros, "check", name) == FAIL_UNKNOWN_HOST, name
    for name in ("check", "jump", "127.0.0.1", HOST + ".evil"):
        assert witness(zeros, "check", name) == FAIL_OTHER_NAME, name
    assert len(records()) == before


@test
def names():
    """a challenge that is passed on by a host of another name is refused"""
    before = len(records())
    for name in ("other.example.org", "jump.example.org.evil.example",
                 "evil.jump.example.org", "jump", "127.0.0.1", "127.0.0.99",
                 "jump.example.org:22", "*", "jump.example.or"):
        assert witness(token(), host=name) == FAIL_OTHER_NAME, name
    assert witness(token("other")) == FAIL_OTHER_NAME
    assert len(records()) == before
    for name in ("JUMP.example.org", "jump.example.org.", "127.0.0.9"):
        t = token()
        assert opened(witness(t, host=name), t) is not None, name


@test
def no_tokens():
    """what is no challenge is refused"""
    t = token()
    for bad in (t[:-1], t + "A", t.replace("v1", "v2"), "farmgate", "A" * 80,
                t[:-1] + "B"):
        assert witness(bad) in (FAIL_MALFORMED, FAIL_UNKNOWN_HOST), bad
        assert bad == t[:-1] + "B" or witness(bad) == FAIL_MALFORMED, bad


def refused(kind, body=b"", path=WITNESS_SOCKET, fail=FAIL_MALFORMED):
    with Client(path) as c:
        c.send(kind, body)
        got, _, body = c.recv()
        assert got == FAIL and body[0] == fail, (kind, got, body)
        assert c.closed()


@test
def malformed():
    """a question that is not of the form is refused, and the next is not"""
    good = witness_body(token())
    for body in (b"", good[:-1], good + b"\0", good[:20],
                 string(token()) + string("") + string(HOST),
                 string("") + string("alice") + string(HOST),
                 string(token()) + string("alice") + string("h" * 300),
                 string(token()) + string("u" * 300) + string(HOST),
                 string(token()) + string("al\nice") + string(HOST),
                 string(token()) + string("alice") + string("a\0b")):
        refused(WITNESS, body)
    still_answers()


@test
def nothing_else():
    """nothing but that question is answered there, and it nowhere else"""
    for kind in (LOGIN, NEED, GROUPS, VERDICT, 5, 6, 7, FAIL, STATUS, RELOAD,
                 REPORT, COMMAND, 20, STATEMENT):
        refused(kind, login_body() if kind == LOGIN else b"",
                fail=FAIL_NOT_PERMITTED)
    for kind in (0, 31, 34, 255):
        with Client(WITNESS_SOCKET) as c:
            c.send(kind, witness_body(token()))
            try:
                assert c.recv()[0] == FAIL
            except Closed:
                pass
    for path in (POLICY, CONTROL):
        refused(WITNESS, witness_body(token()), path, FAIL_NOT_PERMITTED)
    with Client(WITNESS_SOCKET) as c:
        c.raw(message(WITNESS, 1, c.id, witness_body(token()), version=99))
        kind, _, body = c.recv()
        assert kind == FAIL and body[0] == FAIL_VERSION, (kind, body)


@test
def one_question():
    """a connection serves one question"""
    with Client(WITNESS_SOCKET, 10.0) as c:
        t = token()
        c.send(WITNESS, witness_body(t))
        try:
            c.send(WITNESS, witness_body(t))
        except BrokenPipeError:
            pass
        kinds = []
        try:
            while True:
                kinds.append(c.recv()[0])
        except Closed:
            pass
        assert kinds.count(STATEMENT) <= 1, kinds
    still_answers()


def flood():
    """All at once; what each was told."""
    said = []
    for _ in range(3 * BURST_UID):
        with Client(WITNESS_SOCKET, 10.0) as c:
            c.send(WITNESS, witness_body(token()))
            kind, _, body = c.recv()
            said.append(body[0] if kind == FAIL else STATEMENT)
    return said


@test
def too_often():
    """who asks without end is told to wait, and nobody else is"""
    rest(4)                     # what was asked before is paid for
    crowd = [start_as(ALICE, flood) for _ in range(PLACES_UID)]
    t = token()
    answer = ask_as(BOB, t)
    said = sum((end(c) for c in crowd), [])
    assert opened(answer, t) is not None, answer
    print("    of %d questions %d were answered" % (
        len(said), said.count(STATEMENT)))
    assert set(said) == {STATEMENT, FAIL_BUSY}, set(said)
    assert said.count(STATEMENT) >= BURST_UID
    rest()
    t = token()
    assert opened(ask_as(ALICE, t), t) is not None


def flood_for(seconds):
    """One question after the other, whatever comes of them."""
    t, until = token(), time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            witness(t)
        except (Closed, OSError):
            pass


@test
def floods():
    """three users who ask without end keep no other one out"""
    crowd = [start_as(uid, lambda: flood_for(10))
             for uid in (ALICE, CAROL, NOBODY) for _ in range(PLACES_UID)]
    time.sleep(5)               # each of them is to wait by now
    for _ in range(4):
        t = token()
        answer = ask_as(BOB, t)
        assert opened(answer, t) is not None, answer
    for c in crowd:
        end(c)


def hold(n):
    """How many of n silent connections stay."""
    idle = [Client(WITNESS_SOCKET) for _ in range(n)]
    time.sleep(0.5)             # the daemon lets in one after the other
    kept = 0
    for c in idle:
        c.s.setblocking(False)
        try:
            kept += c.s.recv(1) != b""
        except BlockingIOError:
            kept += 1
        except ConnectionResetError:
            pass
    return kept


@test
def silent():
    """of one user's silent connections few have a place, and not for long"""
    kept = end(start_as(ALICE, lambda: hold(3 * PLACES_UID)))
    assert kept == PLACES_UID, kept
    t = token()
    assert opened(ask_as(BOB, t), t) is not None
    others = [start_as(100000 + i, lambda: hold(PLACES_UID))
              for i in range(2 * PLACES // PLACES_UID)]
    t = token()
    assert opened(ask_as(BOB, t), t) is not None
    for o in others:
        end(o)


@test
def gone():
    """who goes away before the answer leaves nothing behind"""
    rest(2)
    still_answers()
    at_rest = fds()
    for uid in range(200000, 200012):
        def leave():
            c = Client(WITNESS_SOCKET)
            c.send(WITNESS, witness_body(token()))
            c.s.close()
        end(start_as(uid, leave))
        time.sleep(0.6)
    time.sleep(1)
    fds_settle(at_rest)
    still_answers()


def storm_of_one(seconds):
    rnd = random.Random(os.getpid())
    os.nice(10)                 # it is about the socket
    until, t = time.monotonic() + seconds, token()
    held = []
    while time.monotonic() < until:
        try:
            c = Client(WITNESS_SOCKET, 1.0)
        except OSError:
            continue            # the backlog is full, or it takes too long
        try:
            what = rnd.randrange(5)
            if what == 0:
                c.raw(os.urandom(rnd.randrange(1, 200)))
            elif what == 1:
                c.send(WITNESS, witness_body(t))
            elif what == 2:
                c.send(LOGIN, login_body())
            elif what == 3:
                held.append(c)
                continue
        except OSError:
            pass
        c.s.close()
        if len(held) > 50:
            for c in held:
                c.s.close()
            held = []


@test
def storm():
    """a storm at witness.sock keeps no login from being looked at in time"""
    uids = [ALICE, BOB, NOBODY, 100000, 100001, 100002]
    counted = status()
    crowd = [start_as(uid, lambda: storm_of_one(8)) for uid in uids]
    verdicts, before = [], time.monotonic()
    while time.monotonic() - before < 7:
        with Client() as c:     # remote.unknown is denied in this policy
            verdicts.append(c.login()[0])
    for c in crowd:
        end(c)
    print("    %d logins" % len(verdicts))
    assert len(verdicts) > 0 and set(verdicts) == {ALLOW}, set(verdicts)
    now = status()
    assert now["decisions"]["failed"] == counted["decisions"]["failed"]
    assert now["decisions"]["aborted"] == counted["decisions"]["aborted"]
    assert (now["witness"]["unstated"] >
            counted["witness"]["unstated"])
    still_decides()
    still_answers()


@test
def descriptors():
    """descriptors that somebody attaches are not taken"""
    at_rest = fds()
    with Client(WITNESS_SOCKET) as c:
        c.sequence = 1
        with open("/dev/null") as f:
            c.s.sendmsg([message(WITNESS, 1, c.id, witness_body(token()))],
                        [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                          array.array("i", [f.fileno()] * 16))])
        assert fds() < at_rest + 16
        assert c.recv()[0] == STATEMENT
    fds_settle(at_rest)


sys.exit(run())
