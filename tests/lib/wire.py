# SPDX-License-Identifier: BSD-2-Clause
#
# The protocol from the outside: a second, independent writing of what
# proto/PROTOCOL says, for tests that speak to the real daemon.

import os
import socket
import struct

MAGIC, VERSION, MAX = 0x46474154, 1, 16384
LOGIN, NEED, GROUPS, VERDICT, FAIL = 1, 2, 3, 4, 8
STATUS, RELOAD, REPORT, COMMAND = 16, 17, 18, 19
WITNESS, STATEMENT = 32, 33
ALLOW, DENY, EXEMPT = 1, 2, 3
FAIL_VERSION, FAIL_MALFORMED, FAIL_NOT_PERMITTED, FAIL_BUSY = 1, 2, 3, 4
FAIL_NOT_ENROLLED, FAIL_UNKNOWN_HOST, FAIL_OTHER_NAME = 7, 8, 9
POLICY = "/run/farmgate/policy.sock"
CONTROL = "/run/farmgate/control.sock"
WITNESS_SOCKET = "/run/farmgate/witness.sock"


def string(s):
    b = s if isinstance(s, bytes) else s.encode()
    return struct.pack(">H", len(b)) + b + b"\0"


def message(kind, sequence, ident, body=b"", version=VERSION, length=None,
            magic=MAGIC, reserved=0):
    if length is None:
        length = len(body)
    return struct.pack(">IBBHII", magic, version, kind, sequence, length,
                       reserved) + ident + body


def login_body(phase=1, flags=0, pid=None, uid=4201, service="sshd",
               user="alice", ruser="", tty="ssh", rhost="127.0.0.2",
               ssh="", auth="", ref=""):
    return struct.pack(">BIII", phase, flags,
                       os.getpid() if pid is None else pid, uid) + b"".join(
        string(s) for s in (service, user, ruser, tty, rhost, ssh, auth,
                                ref))


def witness_body(token, user="alice", host="jump.example.org"):
    return string(token) + string(user) + string(host)


class Closed(Exception):
    pass


class Client:
    """One connection. Each recv() gives (type, sequence, body)."""

    def __init__(self, path=POLICY, timeout=5.0):
        self.id = os.urandom(16)
        self.sequence = 0
        self.s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.s.settimeout(timeout)
        self.s.connect(path)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.s.close()

    def raw(self, data):
        self.s.send(data)

    def send(self, kind, body=b""):
        self.sequence += 1
        self.raw(message(kind, self.sequence, self.id, body))

    def recv(self):
        try:
            data = self.s.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Closed()
        magic, version, kind, sequence, length, reserved = struct.unpack(
            ">IBBHII", data[:16])
        body = data[32:]
        assert (magic, version, reserved) == (MAGIC, VERSION, 0), data[:16]
        assert length == len(body), (length, len(body))
        assert data[16:32] == self.id, "not this connection's identifier"
        self.sequence = sequence
        return kind, sequence, body

    def closed(self):
        """True if the daemon has closed without another word."""
        try:
            return self.recv() is None
        except Closed:
            return True

    def login(self, groups=("staff",), **kw):
        self.send(LOGIN, login_body(**kw))
        return self.verdict(groups)

    def verdict(self, groups=("staff",)):
        """The answer to a LOGIN, after the groups if they are asked for."""
        kind, _, body = self.recv()
        if kind == NEED:
            self.send(GROUPS, groups_body(need(body), groups))
            kind, _, body = self.recv()
        assert kind == VERDICT, kind
        return verdict(body)


def witness(token, user="alice", host="jump.example.org", timeout=10.0):
    """The answer of this laptop to a jump host's challenge, or the number of
    the failure."""
    with Client(WITNESS_SOCKET, timeout) as c:
        c.send(WITNESS, witness_body(token, user, host))
        kind, _, body = c.recv()
        if kind == FAIL:
            assert len(body) == 2 and body[1] == VERSION, body
            return body[0]
        assert kind == STATEMENT, kind
        answer, rest = take(body)
        assert rest == b"", "trailing bytes"
        assert c.closed()
        return answer.decode()


def take(body):
    n = struct.unpack(">H", body[:2])[0]
    assert body[2 + n] == 0, "no terminator"
    return body[2:2 + n], body[3 + n:]


def need(body):
    """The names of the groups that are asked for, every byte consumed."""
    what, count = struct.unpack(">IH", body[:6])
    assert what == 1 and 1 <= count <= 256, (what, count)
    names, rest = [], body[6:]
    for _ in range(count):
        name, rest = take(rest)
        assert name, "an empty name"
        names.append(name.decode())
    assert rest == b"", "trailing bytes"
    return names


def groups_body(asked, groups):
    """The answer of a user who is in these groups."""
    return struct.pack(">BH", 0, len(asked)) + bytes(
        g in groups for g in asked)


def verdict(body):
    """(verdict, would, ref, reason, help), every byte consumed."""
    v, w = body[0], body[1]
    ref, rest = take(body[2:])
    reason, rest = take(rest)
    text, rest = take(rest)
    assert rest == b"", "trailing bytes"
    return v, w, ref.decode(), reason.decode(), text.decode()
