#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# anchors.py AUDIT KEY <LINES: each line that has an anchor, held against the
# log and the key with nothing of Farmgate's. Prints "ok N LAST" or what is
# wrong; exit 0 or 1.
import base64
import json
import re
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORM = re.compile(r"farmgate-anchor-v1 (seq=(\d+) hash=([0-9a-f]{64}) "
                  r"at=(\d+) host=([A-Za-z0-9._-]+) key=ed25519:(\S{44})) "
                  r"sig=([A-Za-z0-9+/]{86}==)$")


def check(records, key, lines):
    n, last = 0, 0
    for line in lines:
        if "farmgate-anchor-v1" not in line:
            continue
        found = FORM.search(line.rstrip("\n"))
        if not found:
            return f"not of the form: {line}"
        body, seq, digest, _, _, its_key, sig = found.groups()
        if its_key != key:
            return f"signed by {its_key}"
        try:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(
                base64.b64decode(sig), b"farmgate-anchor-v1\0" + body.encode())
        except InvalidSignature:
            return f"wrong signature: {line}"
        if records.get(int(seq)) != digest:
            return f"record {seq} has another hash"
        if int(seq) < last:
            return f"{seq} after {last}"
        n, last = n + 1, int(seq)
    return f"ok {n} {last}"


log = {}
for record in open(sys.argv[1]):
    record = json.loads(record)
    log[record["seq"]] = record["hash"]
answer = check(log, sys.argv[2].removeprefix("ed25519:"), sys.stdin)
print(answer)
sys.exit(0 if answer.startswith("ok ") else 1)
