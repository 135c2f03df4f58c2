# SPDX-License-Identifier: BSD-2-Clause
"""Writes records of an audit log, chained as the daemon does it, from objects on
standard input, one a line: "ts" and "event" may be among their members; else it
is a decision, each a minute after the other on 2026-03-01."""

import hashlib
import json
import sys

prev = "0" * 64
for seq, text in enumerate(sys.stdin, 1):
    given = json.loads(text)
    record = {"v": 1, "seq": seq,
              "ts": given.pop("ts") if "event" in given else
              f"2026-03-01T08:{seq:02}:00.000000Z",
              "event": given.pop("event", "decision")}
    given.pop("ts", None)
    if given.get("ref") == "-":
        given["ref"] = f"7F3K-{seq:04}"
    body = json.dumps(record | given | {"prev": prev}, separators=(",", ":"))
    prev = hashlib.sha256(body.encode()).hexdigest()
    print(f'{body[:-1]},"hash":"{prev}"}}')
