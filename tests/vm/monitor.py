#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
#
# Gives commands to qemu's monitor, and prints what it answers: SOCKET
# COMMAND... It says a prompt when it is ready for the next.

import socket
import sys

PROMPT = b"(qemu) "


def until_prompt(s):
    got = b""
    while not got.endswith(PROMPT):
        some = s.recv(65536)
        if not some:
            raise EOFError("the monitor is gone")
        got += some
    return got[:-len(PROMPT)]


def main():
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(20)
        s.connect(sys.argv[1])
        until_prompt(s)
        for command in sys.argv[2:]:
            s.sendall(command.encode() + b"\n")
            # It echoes what is typed, with what a terminal needs.
            answer = until_prompt(s).decode(errors="replace")
            _, _, rest = answer.partition("\r\n")
            sys.stdout.write(rest.replace("\r\n", "\n"))


main()
