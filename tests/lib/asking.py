# SPDX-License-Identifier: BSD-2-Clause
#
# A listener in the place of a jump host's daemon, at policy.sock, that lets in
# whoever answers. Usage: asking.py PATH LOG PROMPTS. PROMPTS is a file, read anew
# for each login, with a prompt a line: "CODE" asks for a code, which is 123456;
# in any other line TOKEN becomes a fresh token of the jump host of 16 bytes "J",
# and its statement is the answer. What becomes of each goes to LOG.

import os
import socket
import struct
import sys
import threading

sys.path.insert(0, os.path.dirname(__file__))
from statement import answer, token  # noqa: E402
from wire import ALLOW, DENY, LOGIN, VERDICT, message, string, take  # noqa: E402

CHALLENGE, ANSWER, CLOSE = 5, 6, 7
AUTH = 3
NAMES = ("127.0.0.1", "localhost", "jumphost")

path, log, prompts_file = sys.argv[1:]


class Login:
    """One connection of the module's, the request first."""

    def __init__(self, peer):
        self.peer = peer
        self.kind, self.body = self.recv()

    def recv(self):
        data = self.peer.recv(65536)
        if len(data) < 32:
            raise ConnectionError
        self.sequence, self.id = struct.unpack(">H", data[6:8])[0], data[16:32]
        return data[5], data[32:]

    def send(self, kind, body):
        self.peer.send(message(kind, self.sequence + 1, self.id, body))

    def user(self):
        _, rest = take(self.body[13:])	# behind the service
        return take(rest)[0].decode()

    def asked(self, prompt):
        self.send(CHALLENGE, b"\1" + string(prompt))
        kind, body = self.recv()
        assert kind == ANSWER, kind
        return body[3:].decode("utf-8", "replace")


def is_right(login, prompt):
    if prompt == "CODE":
        return login.asked("One-time code: ") == "123456"
    word = token(b"J" * 16)
    said = login.asked(prompt.replace("TOKEN", word) + ": ")
    return any(said == answer(word, login.user(), name) for name in NAMES)


def passes(login):
    with open(prompts_file) as f:
        prompts = f.read().splitlines()
    for prompt in prompts:
        right = is_right(login, prompt)
        with open(log, "a") as f:
            print(login.user(), "right" if right else "wrong", file=f)
        if not right:
            return False
    return True


def serve(peer):
    with peer:
        try:
            login = Login(peer)
            if login.kind != LOGIN:
                return
            good = login.body[0] != AUTH or passes(login)
            login.send(VERDICT, bytes([ALLOW if good else DENY] * 2) +
                       string("AAAA-AAAA") + string("none") + string(""))
        except ConnectionError:
            pass


listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(path)
os.chmod(path, 0o600)
listener.listen(16)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],)).start()
