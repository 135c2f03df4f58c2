# SPDX-License-Identifier: BSD-2-Clause
# Verify audit files with nothing of Farmgate's: the chain and the anchors as
# farmgate-audit(5) describes them. Several files, compressed or not, are one
# log; each goes where its first record's number puts it, and the last one given
# is the present one. Usage:
#   audit-verify.py [--piece] [--anchors FILE] [--key KEY] FILE...
# Prints "ok N HEAD" or the first line that is wrong; exit 0 or 1. A log that
# begins after its first record, and says so, goes on from the one before:
# "ok N HEAD continues M HASH"; --piece: it need not say so. Of what has expired
# it says "ok N HEAD expired M" if a signed record vouches for it, by the key that
# is given, or that of the anchors, or of the last record "start" before it. With
# anchors there is a second line, "anchored FIRST LAST KEY", of those that have
# seen this log; they have to be of one key, or those of the key that is given
# count, and but for a --piece none may have seen a record behind the last one.
import base64
import getopt
import json
import re
import subprocess
import sys

from hashlib import sha256, sha512

RECORD = re.compile(
    rb'(\{"v":[0-9]+,"seq":([0-9]+),"ts":"[^"]*","event":"([^"]*)"[ -~]*'
    rb',"prev":"([0-9a-f]{64})"),"hash":"([0-9a-f]{64})"\}')
LINE = re.compile(rb"[^\n]*\n|[^\n]+")
ANCHOR = re.compile(
    r"farmgate-anchor-v1 (seq=([0-9]+) hash=([0-9a-f]{64}) at=([0-9]+) host=\S+ "
    r"key=ed25519:([A-Za-z0-9+/]{43}=)) sig=([A-Za-z0-9+/]{86}==)(?!\S)")
UNPACK = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd"}

# Ed25519, RFC 8032: points are (X, Y, Z, T), with x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P


def times(n, a):
    sum_ = (0, 1, 1, 0)
    while n:
        if n & 1:
            sum_ = add(sum_, a)
        a, n = add(a, a), n >> 1
    return sum_


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - xx) % P or y >= P or (x == 0 and sign):
        raise ValueError("no point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
ORDER = 2**252 + 27742317777372353535851937790883648493


def is_signed(key, text, sig):
    number = int.from_bytes(sig[32:], "little")
    if len(sig) != 64 or len(key) != 32 or number >= ORDER:
        return False
    try:
        r, a = point(sig[:32]), point(key)
    except ValueError:
        return False
    h = int.from_bytes(sha512(sig[:32] + key + text).digest(), "little")
    left, right = times(number, BASE), add(r, times(h % ORDER, a))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0
               for i in (0, 1))


def read(name):
    data = open(name, "rb").read()
    if data[:2] in UNPACK:
        return subprocess.run([UNPACK[data[:2]], "-dc"], input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    return data


# {number: (hash, the last time that one was made)}, and the key; or why not.
# Those of other machines may stand between them, where a key is given.
def read_anchors(name, asked):
    key, seen = asked, {}
    lines = read(name).decode("utf-8", "replace").split("\n")
    for number, line in enumerate(lines, 1):
        found = ANCHOR.search(line)
        if not found:
            continue
        text, seq, head, at, of, sig = found.groups()
        key = key or of
        if asked and of != asked:
            continue
        if of != key:
            return f"{name}: line {number}: of another key, ed25519:{of}"
        if not is_signed(base64.b64decode(of),
                         b"farmgate-anchor-v1\0" + text.encode(),
                         base64.b64decode(sig)):
            return f"{name}: line {number}: its signature is wrong"
        before, last = seen.get(int(seq), (head, 0))
        if before != head:
            return f"{name}: line {number}: another record {seq} than before"
        seen[int(seq)] = head, max(last, int(at))
    return (seen, key) if seen else f"{name}: no anchors"


def lines(files):
    for name, data in files:
        at = f"{name}: line " if len(files) > 1 else "line "
        for number, line in enumerate(LINE.findall(data), 1):
            yield f"{at}{number}", line


def is_true(record):
    names = ["begin", "first", "last", "last_hash", "records", "oldest",
             "newest", "at", "key", "file"]
    try:
        text = " ".join(f"{'hash' if n == 'last_hash' else n}={record[n]}"
                        for n in names)
        return is_signed(
            base64.b64decode(record["key"].removeprefix("ed25519:")),
            b"farmgate-expired-v1\0" + text.encode(),
            base64.b64decode(record["sig"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


# What is wrong with each record "expired", by its number; and what the others
# say has expired: from which record on up to which, the last one's hash, and of
# when the newest is.
def tombstones(files, asked):
    wrong, stones, key = {}, [], None
    for _, line in lines(files):
        if b',"event":"start",' in line[:90]:
            key = json.loads(line).get("audit_key")
        elif b',"event":"expired",' in line[:90]:
            record = json.loads(line)
            if not is_true(record):
                wrong[record["seq"]] = "its signature is wrong"
            elif (f"ed25519:{asked}" if asked else key) not in (
                    None, record["key"]):
                wrong[record["seq"]] = "signed by another key"
            else:
                stones.append((record["begin"], record["last"],
                               record["last_hash"], record["newest"]))
    return wrong, stones


# What contradicts a record that has expired: one that was the last a day later.
def younger(anchors, stone):
    begin, last, _, newest = stone
    for number, (_, at) in sorted(anchors.items()):
        if begin <= number < last and at > newest + 86400:
            return (f"an anchor has seen record {number} a day after what has "
                    "expired")
    return None


def verify(files, piece, anchors, asked):
    prev, seq, other, seen, used = "0" * 64, 0, "", [], []
    wrong, stones = tombstones(files, asked)
    for at, line in lines(files):
        if not line.endswith(b"\n"):
            return "torn last line" if len(files) == 1 else f"{at}: torn"
        record = RECORD.fullmatch(line[:-1])
        if len(line) > 65537 or not record or int(record[2]) == 0:
            return f"{at}: no hash"
        digest = sha256(record[1] + b"}").hexdigest()
        if digest != record[5].decode():
            return f"{at}: its hash is wrong"
        number, before, event = int(record[2]), record[4].decode(), record[3]
        if seq == 0 and number > 1 and not other:
            if not piece and event != b"rotated" and not (
                    event == b"recovered" and b',"replaced":true,' in line):
                return f"{at}: the records before it are missing"
            prev, seq = before, number - 1
            other = f" continues {seq} {prev}"
            first = [s for s in stones if s[:3] == (1, seq, prev)]
            if first:
                other, used = f" expired {seq}", first
        gone = [s for s in stones if s[0] <= seq + 1 and s[1] > seq and
                s[1:3] == (number - 1, before)]
        if gone:
            prev, seq, used = before, number - 1, used + gone
        if before != prev:
            return f"{at}: does not follow the line before"
        if number != seq + 1:
            return f"{at}: sequence {number} after {seq}"
        if number in wrong:
            return f"{at}: {wrong[number]}"
        if anchors.get(number, (digest,))[0] != digest:
            return f"{at}: an anchor has seen another record {number}"
        if number in anchors:
            seen.append(number)
        prev, seq = digest, number
    cut = [number for number in anchors if number > seq]
    if cut and not piece:
        return f"an anchor has seen record {min(cut)}, which is not there"
    for stone in used:
        if younger(anchors, stone):
            return younger(anchors, stone)
    if anchors and not seen:
        return "no anchor has seen any of these records"
    answer = f"ok {seq} {prev}{other}"
    return f"{answer}\nanchored {seen[0]} {seen[-1]}" if seen else answer


def first(data):
    record = RECORD.match(data)
    return int(record[2]) if record else 0


options, names = getopt.getopt(sys.argv[1:], "", ["piece", "anchors=", "key="])
options = dict(options)
anchors, asked = {}, options.get("--key", "").replace("ed25519:", "")
key = asked
if "--anchors" in options:
    anchors = read_anchors(options["--anchors"], key)
    if isinstance(anchors, str):
        sys.exit(anchors)
    anchors, key = anchors
files = [(name, read(name)) for name in names]
files[:-1] = sorted(files[:-1], key=lambda file: first(file[1]))
answer = verify(files, "--piece" in options, anchors, key)
print(answer + (f" ed25519:{key}" if "\nanchored " in answer else ""))
sys.exit(0 if answer.startswith("ok ") else 1)
