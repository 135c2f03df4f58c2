# SPDX-License-Identifier: BSD-2-Clause
"""Writes argv[1] as utmpx(5) records, from lines "TYPE PID LINE USER HOST
SECONDS" on standard input. "-" is an empty field; escapes such as \\x1b are
the bytes that they mean."""

import platform
import struct
import sys

# On 64-bit x86 its times are those of 32-bit programs, elsewhere they are not.
X86 = platform.machine() == "x86_64"
FORMAT = "hxxi32s4s32s256shh" + ("iii" if X86 else "lll") + "16s20x"
SIZE = 384 if X86 else 400
TYPES = {"run-level": 1, "boot": 2, "login": 6, "user": 7, "dead": 8}


def field(word):
    if word == "-":
        return b""
    return word.encode("latin-1").decode("unicode_escape").encode("latin-1")


with open(sys.argv[1], "wb") as out:
    for text in sys.stdin:
        kind, pid, line, user, host, seconds = text.split()
        record = struct.pack(FORMAT, TYPES[kind], int(pid), field(line),
                             field(line)[-4:], field(user), field(host), 0, 0,
                             int(pid), int(seconds), 0, b"")
        out.write(record.ljust(SIZE, b"\0"))
