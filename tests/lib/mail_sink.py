# SPDX-License-Identifier: BSD-2-Clause
#
# A mail server that takes one message and writes it to a file: what was said in
# the dialogue, and the message. Usage: mail_sink.py PORT FILE

import socket
import sys


def whole(line):
    """Without its end, which nothing else than CR and LF may be."""
    if not line.endswith("\r\n"):
        sys.exit(f"a bare end of a line: {line!r}")
    return line[:-2]


def take(lines, out):
    """The dialogue of RFC 5321, as far as a sender needs one."""
    for line in lines:
        word = line[:4].upper()
        print(line, file=out)
        if word == "DATA":
            yield "354 go on"
            for text in lines:
                if text == ".":
                    break
                print(text, file=out)
        yield "221 bye" if word == "QUIT" else "250 ok"
        if word == "QUIT":
            return


with socket.socket() as server:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", int(sys.argv[1])))
    server.listen()
    client, _ = server.accept()
    with client, client.makefile("rw", newline="") as f, \
            open(sys.argv[2], "w", encoding="utf-8") as out:
        f.write("220 ready\r\n")
        f.flush()
        for answer in take((whole(line) for line in f), out):
            f.write(answer + "\r\n")
            f.flush()
