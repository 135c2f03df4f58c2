# SPDX-License-Identifier: BSD-2-Clause
#
# A listener in the place of an issued laptop's daemon, at witness.sock. Usage:
# witness.py PATH LOG MODE. It knows one jump host, of 16 bytes "J", by the names
# 127.0.0.1, localhost and jumphost. What it is asked goes to LOG, a line each.
# MODE is a file with one word, read anew for each question: answer; a number,
# to fail with; hang, close, other (another message), long (a byte more than an
# answer may have) or lines (an answer of two).

import os
import socket
import struct
import sys

sys.path.insert(0, os.path.dirname(__file__))
from statement import answer, host_of  # noqa: E402
from wire import FAIL, REPORT, message, string, take  # noqa: E402

WITNESS, STATEMENT = 32, 33
UNKNOWN_HOST, OTHER_NAME = 8, 9
NAMES = ("127.0.0.1", "localhost", "jumphost")

path, log, mode_file = sys.argv[1:]
held = []


def fail(why):
    return FAIL, struct.pack(">BB", why, 1)


def reply(mode, token, user, host):
    if mode.isdigit():
        return fail(int(mode))
    if mode == "other":
        return REPORT, b"\0" + string("{}")
    if mode == "long":
        return STATEMENT, string(answer(token, user, host) + "A")
    if mode == "lines":
        return STATEMENT, string("farmgate-statement-v1.A\nB")
    if token == "farmgate-challenge-v1." + "A" * 43:
        return fail(UNKNOWN_HOST if host in NAMES else OTHER_NAME)
    if host_of(token) != b"J" * 16:
        return fail(UNKNOWN_HOST)
    if host not in NAMES:
        return fail(OTHER_NAME)
    return STATEMENT, string(answer(token, user, host))


def serve(peer):
    data = peer.recv(65536)
    with open(mode_file) as f:
        mode = f.read().strip()
    if len(data) < 32 or data[5] != WITNESS:
        return
    words, rest = [], data[32:]
    for _ in range(3):
        word, rest = take(rest)
        words.append(word.decode("utf-8", "surrogateescape"))
    assert rest == b"", "trailing bytes"
    with open(log, "a") as f:
        print(words[1], words[2], file=f)
    if mode == "close":
        return
    if mode == "hang":
        held.append(peer.dup())
        return
    kind, body = reply(mode, *words)
    sequence = struct.unpack(">H", data[6:8])[0] + 1
    peer.send(message(kind, sequence, data[16:32], body))


listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(path)
os.chmod(path, 0o666)
listener.listen(16)
while True:
    peer, _ = listener.accept()
    with peer:
        serve(peer)
