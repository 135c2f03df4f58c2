#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# Verify an audit file with nothing of Farmgate's: the chain as farmgate-audit(5)
# describes it. Prints "ok N HEAD" or the first line that is wrong; exit 0 or 1.
# A file that the daemon began because another was gone goes on from that one's
# last record: "ok N HEAD continues M HASH".
import hashlib
import json
import sys


def verify(data):
    if data and not data.endswith(b"\n"):
        return "torn last line"
    prev, seq, other = "0" * 64, 0, ""
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        body, found, tail = line.rpartition(b',"hash":"')
        if not found or len(tail) != 66 or tail[64:] != b'"}':
            return f"line {number}: no hash"
        digest = hashlib.sha256(body + b"}").hexdigest()
        if digest != tail[:64].decode("ascii", "replace"):
            return f"line {number}: its hash is wrong"
        record = json.loads(line)
        if number == 1 and record["prev"] != prev and record["seq"] > 1:
            if record["event"] != "rotated" and not record.get("replaced"):
                return "line 1: the records before it are missing"
            prev, seq = record["prev"], record["seq"] - 1
            other = f" continues {seq} {prev}"
        if record["prev"] != prev:
            return f"line {number}: does not follow the line before"
        if record["seq"] != seq + 1:
            return f"line {number}: sequence {record['seq']} after {seq}"
        prev, seq = digest, record["seq"]
    return f"ok {seq} {prev}{other}"


answer = verify(open(sys.argv[1], "rb").read())
print(answer)
sys.exit(0 if answer.startswith("ok ") else 1)
