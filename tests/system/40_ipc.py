# SPDX-License-Identifier: BSD-2-Clause
#
# What anybody may do to the daemon's sockets, and what must come of it. Runs
# as root inside the private machine, started by 40_ipc.sh with the daemon's
# pid. Each function is a test, its docstring the name.

import array
import fcntl
import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import termios
import time
import traceback

sys.path.insert(0, os.path.join(os.environ["FG_TOP"], "tests", "lib"))
from cases import run, test  # noqa: E402
from wire import *  # noqa: E402,F403

DAEMON = int(sys.argv[1])
SCANNER = int(sys.argv[2])
AUDIT = "/var/log/farmgate/audit.jsonl"
NOGROUPS = 0x08                 # a flag of a login


def records():
    with open(AUDIT, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def decisions():
    return sum(r["event"] == "decision" for r in records())


def fds():
    return len(os.listdir("/proc/%d/fd" % DAEMON))


def fds_settle(most):
    """True once the daemon holds at most so many; its close may come late."""
    end = time.monotonic() + 5
    while fds() > most:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def fds_at_rest():
    """How many it holds once nothing is left of the connections before."""
    least = fds()
    for _ in range(10):
        time.sleep(0.05)
        least = min(least, fds())
    return least


def cpu_ticks():
    with open("/proc/%d/stat" % DAEMON) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def traced():
    with open("/proc/%d/status" % DAEMON) as f:
        return "TracerPid:\t0" not in f.read()


def unread(client):
    """How much of what it has sent the daemon has not taken yet."""
    return struct.unpack("i", fcntl.ioctl(client.s, termios.TIOCOUTQ,
                                          bytes(4)))[0]


def still_decides():
    with Client() as c:
        assert c.login()[0] == ALLOW
    with Client() as c:
        assert c.login(rhost="127.0.0.3")[0] == DENY


def as_user(uid, fn):
    """Run fn in a child of this uid; True if it returned True."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os._exit(0 if fn() else 1)
        except BaseException:
            traceback.print_exc()
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def refused(data, fail=FAIL_MALFORMED, path=POLICY):
    """A datagram that gets FAIL or a silent close, and no decision."""
    before = decisions()
    with Client(path) as c:
        if data.find(b"@ID@") >= 0:
            data = data.replace(b"@ID@@ID@@ID@@ID@", c.id)
        c.raw(data)
        try:
            kind, _, body = c.recv()
            assert kind == FAIL, kind
            assert body[0] == fail, body
            assert body[1] == VERSION, body
            assert c.closed()
        except Closed:
            pass
    assert decisions() == before, "a decision was made"


ID = b"@ID@" * 4


@test
def sockets():
    """IPC-01 the sockets are root's, 0600 and 0660, in a folder of root's"""
    st = os.stat("/run/farmgate")
    assert st.st_uid == 0 and stat.S_IMODE(st.st_mode) & 0o022 == 0
    st = os.stat(POLICY)
    assert st.st_uid == 0 and stat.S_IMODE(st.st_mode) == 0o600, st
    st = os.stat(CONTROL)
    assert st.st_uid == 0 and st.st_gid == 4213, st
    assert stat.S_IMODE(st.st_mode) == 0o660, st


@test
def users():
    """IPC-03 no other user reaches the policy socket"""
    def attempt():
        try:
            Client()
        except PermissionError:
            return True
        return False
    assert as_user(4201, attempt)
    assert as_user(4211, attempt)


@test
def wide_open():
    """IPC-03 the kernel's word refuses another user even on a 0666 socket"""
    def attempt():
        with Client() as c:
            try:
                c.send(LOGIN, login_body())
            except BrokenPipeError:
                return True
            return c.closed()
    before = decisions()
    os.chmod(POLICY, 0o666)
    try:
        assert as_user(4201, attempt)
    finally:
        os.chmod(POLICY, 0o600)
    assert decisions() == before


@test
def control_users():
    """IPC-03 the control socket admits root and farmgate-admin alone"""
    def refused_there():
        try:
            Client(CONTROL)
        except PermissionError:
            return True
        return False

    def status():
        with Client(CONTROL) as c:
            c.send(STATUS)
            return c.recv()[0] == REPORT
    assert as_user(4202, refused_there)
    assert status()
    pid = os.fork()
    if pid == 0:
        os.setgroups([4213])
        os.setresgid(4203, 4203, 4203)
        os.setresuid(4203, 4203, 4203)
        try:
            os._exit(0 if status() else 1)
        except BaseException:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@test
def claims():
    """IPC-04 a claimed pid is recorded as a claim, the kernel's is believed"""
    with Client() as c:
        assert c.login(pid=1)[0] == ALLOW
    last = [r for r in records() if r["event"] == "decision"][-1]
    text = json.dumps(last)
    assert '"pid": %d' % os.getpid() in text, text


@test
def passed_on():
    """IPC-06 a connection serves one request, whoever holds it then"""
    c = Client()
    assert c.login()[0] == ALLOW
    before = decisions()

    def again():
        try:
            c.raw(message(LOGIN, 3, c.id, login_body()))
            c.recv()
        except (BrokenPipeError, Closed):
            return True
        return False
    assert as_user(4201, again)
    assert decisions() == before
    c.s.close()


@test
def impatient():
    """IPC-06 a second request before the answer ends the connection"""
    with Client() as c:
        c.send(LOGIN, login_body())
        try:
            c.send(LOGIN, login_body())
        except BrokenPipeError:
            pass
        kinds = []
        try:
            while True:
                kinds.append(c.recv()[0])
        except Closed:
            pass
        assert kinds.count(VERDICT) <= 1, kinds
    still_decides()


@test
def backlog():
    """IPC-07 a burst of 200 connections is served to the last one"""
    clients = [Client() for _ in range(60)]
    for c in clients:
        c.send(LOGIN, login_body())
    for c in clients:
        assert c.verdict()[0] == ALLOW
        c.s.close()
    for _ in range(140):
        with Client() as c:
            assert c.login()[0] == ALLOW


@test
def shared_syncs():
    """60 denials that come at once do not cost 40 syncs"""
    trace = os.path.join(os.environ["FG_WORK"], "syncs")
    tracer = subprocess.Popen(["strace", "-qq", "-p", str(DAEMON), "-o", trace,
                               "-e", "trace=fdatasync"])
    while not traced():
        time.sleep(0.05)
    os.kill(SCANNER, signal.SIGSTOP)
    clients = [Client() for _ in range(60)]
    for c in clients:
        c.send(LOGIN, login_body(flags=NOGROUPS, rhost="127.0.0.3"))
    end = time.monotonic() + 0.25
    while any(map(unread, clients)) and time.monotonic() < end:
        time.sleep(0.002)
    # what it is to say of all of them is there before the daemon goes on
    os.kill(DAEMON, signal.SIGSTOP)
    os.kill(SCANNER, signal.SIGCONT)
    time.sleep(0.1)
    os.kill(DAEMON, signal.SIGCONT)
    for c in clients:
        assert c.verdict()[0] == DENY
        c.s.close()
    tracer.send_signal(signal.SIGINT)
    tracer.wait()
    with open(trace) as f:
        syncs = sum("fdatasync" in line for line in f)
    print("    %d syncs" % syncs)
    assert 0 < syncs < 40, syncs


@test
def slow_loris():
    """IPC-08 silent connections are closed after 2 s and others are served"""
    start = time.monotonic()
    idle = [Client() for _ in range(40)]
    with Client() as c:
        assert c.login()[0] == ALLOW
    for c in idle:
        assert c.closed()
        c.s.close()
    took = time.monotonic() - start
    assert 1.5 < took < 4.5, took


def logins_are_quick():
    """Five of them: all as if nobody were in the way. The machine has others
    to serve too, so that one may take longer, but not as long as a deadline."""
    took = []
    for _ in range(5):
        start = time.monotonic()
        with Client() as c:
            assert c.login()[0] == ALLOW
        took.append((time.monotonic() - start) * 1000)
    assert min(took) < 100 and max(took) < 800, took


@test
def over_the_limit():
    """IPC-08 with all places taken a login does not wait for the silent"""
    idle = []
    while len(idle) < 1000:
        try:
            idle.append(Client())
        except BlockingIOError:         # the backlog is full as well
            time.sleep(0.005)
    start = time.monotonic()
    with Client() as c:
        assert c.login()[0] == ALLOW
    took = time.monotonic() - start
    assert took < 1.5, took     # all that the backlog holds may be before it
    logins_are_quick()
    for c in idle:
        c.s.close()


def waiting():
    """How many connections the daemon has not accepted."""
    out = subprocess.run(["ss", "-Hxl", "src", POLICY], check=True,
                         capture_output=True, text=True).stdout
    return int(out.split()[2])


def stopped_su(n):
    """Alice's, stopped by her where they wait for the daemon's first word."""
    with open("/etc/pam.d/su", "w") as f:
        # None is to give up before the last one has come.
        f.write("auth required pam_permit.so\naccount required %s timeout=30\n"
                "session required pam_permit.so\n" % os.environ["FG_MODULE"])
    os.kill(DAEMON, signal.SIGSTOP)
    try:
        su = [subprocess.Popen(["su", "bob", "-c", "true"], user=4201,
                               group=4201, extra_groups=[50],
                               stderr=subprocess.DEVNULL) for _ in range(n)]
        end = time.monotonic() + 20
        while waiting() < n:
            assert time.monotonic() < end, "only %d came" % waiting()
            time.sleep(0.05)
        assert as_user(4201, lambda: [
            os.kill(p.pid, signal.SIGSTOP) for p in su] != [])
    finally:
        os.kill(DAEMON, signal.SIGCONT)
    return su


def without_groups(before):
    """The verdicts of later decisions for which no groups came."""
    return [r["verdict"] for r in records()[before:]
            if r["event"] == "decision" and r["groups"] == "error"]


@test
def stopped_peers():
    """IPC-08 set-uid programs that their user stops keep nobody else out"""
    before = len(records())
    su = stopped_su(200)
    try:
        logins_are_quick()
        end = time.monotonic() + 10
        while len(without_groups(before)) < 128:
            assert time.monotonic() < end, without_groups(before)
            time.sleep(0.05)
    finally:
        for p in su:
            p.send_signal(signal.SIGCONT)
    denied = sum(p.wait(20) != 0 for p in su)
    late = without_groups(before)
    assert late == ["deny"] * denied and denied >= 128, (denied, late)
    still_decides()


@test
def no_descriptors():
    """IPC-10 descriptors sent along with 3,000 requests are not kept"""
    before = fds_at_rest()
    null = os.open("/dev/null", os.O_RDONLY)
    most = array.array("i", [null] * 253)       # more the kernel refuses
    for _ in range(3000):
        with Client() as c:
            c.sequence = 1
            c.s.sendmsg([message(LOGIN, 1, c.id, login_body())],
                        [(socket.SOL_SOCKET, socket.SCM_RIGHTS, most)])
            assert c.verdict()[0] == ALLOW
    os.close(null)
    assert fds_settle(before), (before, fds())


@test
def sizes():
    """IPC-11 a datagram of a wrong size is refused, whatever it says"""
    good = message(LOGIN, 1, ID, login_body())
    for data in (b"\0", good[:16], good[:31], good[:-1], good + b"\0",
                 good + b"\0" * (MAX - len(good)),
                 good + b"\0" * (MAX + 1 - len(good)),
                 good + b"\0" * (200000 - len(good))):
        refused(data)


@test
def empty():
    """IPC-11 an empty datagram ends the connection"""
    before = decisions()
    with Client() as c:
        c.raw(b"")
        assert c.closed()
    assert decisions() == before


@test
def headers():
    """IPC-11 a wrong magic, type, sequence, length or reserved is refused"""
    body = login_body()
    for data in (message(LOGIN, 1, ID, body, magic=0x46474155),
                 message(99, 1, ID, body), message(0, 1, ID, body),
                 message(LOGIN, 0, ID, body), message(LOGIN, 2, ID, body),
                 message(LOGIN, 65535, ID, body),
                 message(LOGIN, 1, ID, body, length=0),
                 message(LOGIN, 1, ID, body, length=len(body) - 1),
                 message(LOGIN, 1, ID, body, length=0xffffffff),
                 message(LOGIN, 1, ID, body, reserved=1)):
        refused(data)


@test
def permits():
    """IPC-11 a message on the wrong socket or out of turn is not permitted"""
    body = login_body()
    for kind, path, b in ((STATUS, POLICY, b""), (RELOAD, POLICY, b""),
                          (GROUPS, POLICY, b"\0\0\0"),
                          (VERDICT, POLICY, b"\1\1"),
                          (LOGIN, CONTROL, body)):
        refused(message(kind, 1, ID, b), FAIL_NOT_PERMITTED, path)


@test
def fields():
    """IPC-11 each field out of its range makes the message malformed"""
    for kw in ({"phase": 0}, {"phase": 9}, {"flags": 0x20},
               {"phase": 3, "flags": 0x40}, {"flags": 0x80000000}, {"service": "s" * 65},
               {"user": "u" * 257}, {"tty": "t" * 65},
               {"rhost": "r" * 257}, {"ssh": "s" * 161}, {"auth": "a" * 8193},
               {"ref": "r" * 17}, {"user": b"a\0b"}, {"rhost": b"\0"}):
        refused(message(LOGIN, 1, ID, login_body(**kw)))
    body = bytearray(login_body())
    body[13 + 2 + 4] = 1
    refused(message(LOGIN, 1, ID, bytes(body)))


@test
def need_names():
    """IPC-11 the groups of the policies are asked for, each once"""
    with Client() as c:
        c.send(LOGIN, login_body())
        kind, _, body = c.recv()
        assert kind == NEED, kind
        asked = need(body)
    assert "staff" in asked and len(set(asked)) == len(asked), asked


@test
def group_answers():
    """IPC-11 an answer about other groups than those asked for is malformed"""
    with Client() as c:
        c.send(LOGIN, login_body())
        n = len(need(c.recv()[2]))
    for body in (b"", b"\0", b"\0\0\0", struct.pack(">BH", 1, n) + b"\0" * n,
                 struct.pack(">BH", 2, 0), struct.pack(">BH", 0, n),
                 struct.pack(">BH", 0, n) + b"\2" * n,
                 struct.pack(">BH", 0, n) + b"\xff" * n,
                 struct.pack(">BH", 0, n) + b"\0" * (n + 1),
                 struct.pack(">BH", 0, n + 1) + b"\1" * (n + 1),
                 struct.pack(">BH", 0, 256) + b"\1" * 256,
                 struct.pack(">BH", 0, 257) + b"\1" * 257,
                 struct.pack(">BH", 0, 65535) + b"\1" * n,
                 struct.pack(">BH", 0, 1) + string("staff")):
        before = decisions()
        with Client() as c:
            c.send(LOGIN, login_body())
            assert c.recv()[0] == NEED
            c.send(GROUPS, body)
            kind, _, answer = c.recv()
            assert (kind, answer[0]) == (FAIL, FAIL_MALFORMED), (body, kind)
            assert c.closed()
        assert decisions() == before, body
    still_decides()


@test
def groups_decide():
    """IPC-11 who is in no group asked for, or unknown, is not allowed"""
    with Client() as c:
        assert c.login(groups=())[0] == DENY
    with Client() as c:
        c.send(LOGIN, login_body())
        assert c.recv()[0] == NEED
        c.send(GROUPS, struct.pack(">BH", 1, 0))
        v = verdict(c.recv()[2])
        assert v[0] == DENY and "groups_unknown" in v[3], v


@test
def groups_late():
    """IPC-08 without groups the scanner is asked all the same, once"""
    with Client() as c:
        c.send(LOGIN, login_body(service="sudo", rhost="", tty="pts/0"))
        kind, _, _ = c.recv()
        assert kind == NEED, kind
        kind, _, body = c.recv()
        assert kind == VERDICT and verdict(body)[0] == DENY, kind
        assert c.closed()
    last = [r for r in records() if r["event"] == "decision"][-1]
    assert last["groups"] == "error", last["groups"]
    assert last["peer"]["state"] == "known", last["peer"]


@test
def groups_never():
    """IPC-08 where no groups come the answer takes their place and denies"""
    with Client() as c:
        c.send(LOGIN, login_body())
        assert c.recv()[0] == NEED
        kind, sequence, body = c.recv()
        assert (kind, sequence) == (VERDICT, 3), (kind, sequence)
        v = verdict(body)
        assert v[0] == DENY and "groups_unknown" in v[3], v
        assert c.closed()


@test
def exact_replies():
    """IPC-13 replies have their exact length and nothing behind it"""
    with Client() as c:
        c.send(LOGIN, login_body(rhost="127.0.0.3"))
        v = c.verdict()
    assert v[0] == DENY and v[1] == DENY, v
    assert len(v[2]) == 9 and v[2][4] == "-", v


@test
def replay():
    """IPC-14 an old request on a new connection is decided as a new one"""
    ident = os.urandom(16)
    refs = set()
    for _ in range(2):
        with Client() as c:
            c.id = ident
            refs.add(c.login()[2])
    assert len(refs) == 2, refs


@test
def gone():
    """IPC-17 a peer that leaves frees its place and opens no session"""
    with Client(CONTROL) as c:
        c.send(STATUS)
        sessions = json.loads(take(c.recv()[2][1:])[0])["sessions"]
    before = fds_at_rest()
    for _ in range(100):
        with Client() as c:
            c.send(LOGIN, login_body())
    still_decides()
    with Client(CONTROL) as c:
        c.send(STATUS)
        assert json.loads(take(c.recv()[2][1:])[0])["sessions"] == sessions
    assert fds_settle(before), (before, fds())


@test
def versions():
    """IPC-18 another version is answered with the version that is spoken"""
    for version in (0, 2, 255):
        before = decisions()
        with Client() as c:
            c.raw(message(LOGIN, 1, c.id, login_body(), version=version))
            kind, _, body = c.recv()
            assert (kind, body[0], body[1]) == (FAIL, FAIL_VERSION, VERSION)
        assert decisions() == before


@test
def hostile_strings():
    """AUD-05 hostile bytes in each field make one line of valid JSON each"""
    nasty = [b"a\nb", b"\x1b[2J", b"\xff\xfe\x80", b"%s%n%x", b"\xe2\x80\xae",
             b"\xe2\x80\xa8", b"\xed\xa0\x80", b'"}{"', b"\\u0000",
             b"x\nnov 23 sshd: Accepted publickey for root"]
    with open(AUDIT, "rb") as f:
        before = f.read().count(b"\n")
    for s in nasty:
        with Client() as c:
            c.login(user=s, ruser=s, tty=s, rhost=s, service=s, ssh=s,
                    ref=s[:16])
    with open(AUDIT, "rb") as f:
        lines = f.read().split(b"\n")
    assert lines[-1] == b"" and len(lines) - 1 == before + len(nasty)
    for line in lines[before:-1]:
        json.loads(line)
        assert all(0x20 <= b for b in line), line
        assert b"\xe2\x80\xae" not in line, line


@test
def fuzz():
    """IPC-12 20,000 mutated requests are answered or closed, none allowed"""
    import random
    rnd = random.Random(20240)
    good = message(LOGIN, 1, b"i" * 16, login_body(rhost="127.0.0.3"))
    for _ in range(20000):
        data = bytearray(good)
        for _ in range(rnd.randrange(1, 6)):
            data[rnd.randrange(len(data))] = rnd.randrange(256)
        data = data[:rnd.randrange(1, len(data) + 1)] \
            if rnd.random() < 0.2 else data
        with Client() as c:
            c.id = bytes(data[16:32])
            c.raw(bytes(data))
            try:
                answer = c.s.recv(65536)
            except ConnectionResetError:
                continue
            if len(answer) > 32:
                assert answer[5] in (NEED, VERDICT, FAIL), answer
    still_decides()


@test
def idle_again():
    """IPC-09 after all this the daemon is idle and holds no descriptor more"""
    time.sleep(2.5)
    t = cpu_ticks()
    time.sleep(1)
    assert cpu_ticks() - t < 10
    assert os.path.exists("/proc/%d" % DAEMON)


sys.exit(run())
