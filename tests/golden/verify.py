#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# Verify audit files with nothing of Farmgate's: the chain as farmgate-audit(5)
# describes it. Several files, compressed or not, are one log; each goes where
# its first record's number puts it, and the last one given is the present one.
# Prints "ok N HEAD" or the first line that is wrong; exit 0 or 1. A log that
# begins after its first record, and says so, goes on from the one before:
# "ok N HEAD continues M HASH"; "ok N HEAD expired M" if a signed record says that
# these have expired, by the key of the last record "start" before it.
import base64
import json
import re
import subprocess
import sys

from hashlib import sha256

RECORD = re.compile(
    rb'(\{"v":[0-9]+,"seq":([0-9]+),"ts":"[^"]*","event":"([^"]*)"[ -~]*'
    rb',"prev":"([0-9a-f]{64})"),"hash":"([0-9a-f]{64})"\}')
LINE = re.compile(rb"[^\n]*\n|[^\n]+")
UNPACK = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd"}


def read(name):
    data = open(name, "rb").read()
    if data[:2] in UNPACK:
        return subprocess.run([UNPACK[data[:2]], "-dc"], input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    return data


def lines(files):
    for name, data in files:
        at = f"{name}: line " if len(files) > 1 else "line "
        for number, line in enumerate(LINE.findall(data), 1):
            yield f"{at}{number}", line


def signed(record):
    from cryptography.hazmat.primitives.asymmetric import ed25519
    members = ["begin", "first", "last", "last_hash", "records", "oldest",
               "newest", "at", "key", "file"]
    text = " ".join(f"{'hash' if m == 'last_hash' else m}={record[m]}"
                    for m in members)
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(
            base64.b64decode(record["key"].removeprefix("ed25519:"))).verify(
                base64.b64decode(record["sig"]),
                b"farmgate-expired-v1\0" + text.encode())
    except Exception:
        return False
    return True


# What is wrong with each of these records, by its number; and what the others
# say has expired: from which record on up to which, and the last one's hash.
def tombstones(files):
    wrong, stones, key = {}, [], None
    for _, line in lines(files):
        if b',"event":"start",' in line[:90]:
            key = json.loads(line).get("audit_key")
        elif b',"event":"expired",' in line[:90]:
            record = json.loads(line)
            if not signed(record):
                wrong[record["seq"]] = "its signature is wrong"
            elif key not in (None, record["key"]):
                wrong[record["seq"]] = "signed by another key"
            else:
                stones.append((record["begin"], record["last"],
                               record["last_hash"]))
    return wrong, stones


def verify(files):
    prev, seq, other = "0" * 64, 0, ""
    wrong, stones = tombstones(files)
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
            if event != b"rotated" and not (
                    event == b"recovered" and b',"replaced":true,' in line):
                return f"{at}: the records before it are missing"
            prev, seq = before, number - 1
            other = f" continues {seq} {prev}"
            if (1, seq, prev) in stones:
                other = f" expired {seq}"
        if any(b <= seq + 1 and (last, h) == (number - 1, before) and
               last > seq for b, last, h in stones):
            prev, seq = before, number - 1
        if before != prev:
            return f"{at}: does not follow the line before"
        if number != seq + 1:
            return f"{at}: sequence {number} after {seq}"
        if number in wrong:
            return f"{at}: {wrong[number]}"
        prev, seq = digest, number
    return f"ok {seq} {prev}{other}"


def first(data):
    record = RECORD.match(data)
    return int(record[2]) if record else 0


files = [(name, read(name)) for name in sys.argv[1:]]
files[:-1] = sorted(files[:-1], key=lambda file: first(file[1]))
answer = verify(files)
print(answer)
sys.exit(0 if answer.startswith("ok ") else 1)
