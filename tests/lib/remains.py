# SPDX-License-Identifier: BSD-2-Clause
#
# Looks for secrets in the memory of a process, and in a core of it. Usage:
# remains.py SECRETS PID [CORE]. SECRETS has one a line; a line in hex behind
# "hex:" is bytes, and what can be the seed of one-time codes is looked for as
# the bytes too that it stands for, and as what HMAC makes of these. A long one
# may have been overwritten in part. Prints how many were found, and where.

import base64
import re
import sys

PIECE = 12
PAGE = 4096
SEED = re.compile(rb"[A-Z2-7]{32}$|[A-Z2-7]{52}$|[A-Z2-7]{103}$")


def forms(line):
    """What stands for it in memory, each by a name."""
    if line.startswith(b"hex:"):
        yield "bytes", bytes.fromhex(line[4:].decode())
        return
    yield "text", line
    if SEED.match(line):
        seed = base64.b32decode(line + b"=" * (-len(line) % 8))
        yield "bytes", seed
        for pad in (0x36, 0x5c):
            yield "padded", bytes(b ^ pad for b in seed)


def find(data, form):
    """Where it, or a piece of it, is in the data: -1 if nowhere."""
    for i in range(0, max(len(form) - PIECE, 0) + 1, 4):
        at = data.find(form[i:i + PIECE])
        if at >= 0:
            return at
    return -1


def mappings(pid):
    """All that the kernel lets be read, whatever the process itself may."""
    with open(f"/proc/{pid}/maps") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            at, end = (int(x, 16) for x in line.split()[0].split("-"))
            while at < end and "[v" not in line:
                data = b""
                try:
                    mem.seek(at)
                    data = mem.read(end - at)
                    yield " ".join(line.split()), data
                except OSError:
                    pass  # nothing is on this page
                at += len(data) or PAGE


def whole(path):
    with open(path, "rb") as f:
        yield path, f.read()


with open(sys.argv[1], "rb") as f:
    secrets = {line.strip() for line in f} - {b""}
wanted = {pair for s in secrets for pair in forms(s)}
found = looked = 0
for part in [mappings(sys.argv[2])] + [whole(p) for p in sys.argv[3:]]:
    for where, data in part:
        looked += len(data)
        for name, form in wanted:
            at = find(data, form)
            if at >= 0:
                found += 1
                print(f"{where}: {name} {form!r} at {at:#x}, in",
                      data[max(at - 32, 0):at + 64], file=sys.stderr)
assert secrets and looked > 100000
print(found)
