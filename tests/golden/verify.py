#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# Verify an audit file with nothing of Farmgate's: the chain as farmgate-audit(5)
# describes it. Prints "ok N HEAD" or the first line that is wrong; exit 0 or 1.
import hashlib
import json
import sys


def verify(data):
    if data and not data.endswith(b"\n"):
        return "torn last line"
    prev, seq = "0" * 64, 0
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        body, found, tail = line.rpartition(b',"hash":"')
        if not found or len(tail) != 66 or tail[64:] != b'"}':
            return f"line {number}: no hash"
        digest = hashlib.sha256(body + b"}").hexdigest()
        if digest != tail[:64].decode("ascii", "replace"):
            return f"line {number}: its hash is wrong"
        record = json.loads(line)
        if record["prev"] != prev:
            return f"line {number}: does not follow the line before"
        if record["seq"] != seq + 1:
            return f"line {number}: sequence {record['seq']} after {seq}"
        prev, seq = digest, record["seq"]
    return f"ok {seq} {prev}"


answer = verify(open(sys.argv[1], "rb").read())
print(answer)
sys.exit(0 if answer.startswith("ok ") else 1)
