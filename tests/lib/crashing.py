# SPDX-License-Identifier: BSD-2-Clause
#
# Copies a shared object so that one of its functions crashes as soon as it is
# called. Usage: crashing.py OBJECT FUNCTION COPY

import platform
import struct
import subprocess
import sys

TRAP = {"x86_64": b"\xcc", "aarch64": b"\0\0\0\0"}[platform.machine()]
LOAD = 1


def address(path, function):
    names = subprocess.run(["nm", "-D", "--defined-only", path], check=True,
                           capture_output=True, text=True).stdout
    for line in names.splitlines():
        value, _, name = line.split()
        if name == function:
            return int(value, 16)
    sys.exit("crashing: %s has no %s" % (path, function))


def offset(data, addr):
    """Where in the file of a 64-bit object an address comes from."""
    table, = struct.unpack_from("=Q", data, 32)
    size, count = struct.unpack_from("=HH", data, 54)
    for i in range(count):
        kind, _, start, virtual, _, length = struct.unpack_from(
            "=IIQQQQ", data, table + i * size)
        if kind == LOAD and virtual <= addr < virtual + length:
            return addr - virtual + start
    sys.exit("crashing: nothing is loaded at %#x" % addr)


source, function, copy = sys.argv[1:]
with open(source, "rb") as f:
    data = bytearray(f.read())
at = offset(data, address(source, function))
data[at:at + len(TRAP)] = TRAP
with open(copy, "wb") as f:
    f.write(data)
