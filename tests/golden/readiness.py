# SPDX-License-Identifier: BSD-2-Clause
"""Writes records of an audit log on standard output, from lines of standard
input: "TIME KIND SERVICE USER FROM COUNTRY WOULD MODE CODE=ACTION[@LINE]...",
where USER is ACCOUNT, ACCOUNT/PERSON or, if it is nobody's, ACCOUNT/?, a code
without a dot is a failure, a FROM that is no address an origin, and "-" is
nothing; or "TIME open|close REF". The references count up."""

import json
import sys

seq = 0
for text in sys.stdin:
    words = text.split()
    if not words:
        continue
    seq += 1
    record = {"v": 1, "seq": seq, "ts": words[0]}
    if words[1] in ("open", "close"):
        record |= {"event": words[1], "ref": words[2]}
        print(json.dumps(record, separators=(",", ":")))
        continue
    at, kind, service, user, origin, country, would, mode, *codes = words
    findings, decided = [], {"by": "policy"}
    for code in codes:
        name, _, action = code.partition("=")
        action, _, line = action.partition("@")
        if "." not in name:
            decided = {"by": "failure", "failure": name}
            continue
        name, _, grade = name.partition(":")
        finding = {"code": name, "text": "seen", "action": action}
        if grade:
            finding["grade"] = grade
        if line:
            finding["line"] = int(line)
        findings.append(finding)
        if action == "deny":
            decided = {"by": "finding", "finding": name}
    account, _, person = user.partition("/")
    numeric = origin[0].isdigit()
    record |= {
        "event": "decision",
        "ref": f"0000-{seq:04}",
        "verdict": "allow" if mode == "observe" else would,
        "would": would,
        "mode": mode,
        "user": None if account == "-" else account,
        "service": service,
        "kind": kind,
        "origin": {"kind": "address", "address": origin, "class": "public"}
        if numeric else {"kind": origin},
        "place": {"state": "none"} if country == "-" else
        {"state": "known", "country": country},
        "networks": [],
        "findings": findings,
        "decided": decided,
        "reason": "none",
        "next": "what would change it",
    }
    if person == "?":
        record["person"] = {"state": "unknown"}
    elif person:
        record["person"] = {"state": "known", "user": person}
    print(json.dumps(record, separators=(",", ":")))
