#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# An audit log of two files for farmgatectl report, the older one rotated: a
# quiet September, and October 2026 with a laptop farm, a team that is only
# observed, exceptions, break-glass, changes of the policy and some reviews.
# Usage: report_log.py FILE [hostile URL | crowd N | clock]
#   hostile  the same with names that want to be a program, or to load the URL
#   crowd    N people and places instead, each denied once but one, who is denied
#            as often as they all are
#   clock    denials instead, while somebody sets the clock back and ahead
import datetime
import json
import sys

from audit_log import seal

START = datetime.datetime(2026, 9, 28, 6, 0, 0)
NIGHT, DAY, FARM = "192.0.2.", "198.51.100.", "203.0.113.77"
HOSTILE = ["<script>document.title='owned'</script>",
           "\"><img src=x onerror=\"document.title='owned'\">",
           "\u202egnorw\u2066</td></table><style>*{display:none}</style>",
           "a\u0007b\u001b[2J&amp;\u0085", "x' onmouseover='document.title=1",
           "<link rel=stylesheet href=URL/style><img src=URL/image>",
           "<style>@import 'URL/import';td{background:url(URL/bg)}</style>",
           "\u05d0\u05d1\u05d2 \u4e2d\u6587 " + "W" * 300,
           "</title><script>document.title='owned'</script>"]
names = {}
lines, prev, seq, at = [], "0" * 64, 0, START


def name(plain):
    if "hostile" not in sys.argv[2:]:
        return plain
    return names.setdefault(
        plain, HOSTILE[len(names) % len(HOSTILE)].replace("URL", sys.argv[3]) +
        str(len(names) // len(HOSTILE)))


def add(event, **members):
    global prev, seq
    seq += 1
    head = {"v": 1, "seq": seq,
            "ts": at.strftime("%Y-%m-%dT%H:%M:%S.000000Z"), "event": event}
    text = json.dumps({**head, **members}, separators=(",", ":"))
    line, prev = seal(text[:-1].encode(), prev)
    lines.append(line + b"\n")


def ref(n):
    return "7F3K-%04d" % n


def finding(code, action="deny", grade=None, **more):
    f = {"code": code}
    if grade:
        f["grade"] = grade
    return {**f, "text": "x", "action": action, **more}


def decision(n, user, address, verdict="allow", would=None, found=(), **more):
    country, number, org = more.pop("place", ("NO", 64500, "Example Fibre"))
    codes = [f["code"] + (":" + f["grade"] if "grade" in f else "")
             for f in found if f["action"] in ("deny", "challenge")]
    add("decision", ref=ref(n), phase=more.pop("phase", "account"),
        verdict=verdict, would=would or verdict,
        mode="observe" if would not in (None, verdict) else "enforce",
        user=name(user), uid=1000, service=more.pop("service", "sshd"),
        kind="remote",
        **({"key": {"fingerprint": "SHA256:" + more.pop("key")}}
           if "key" in more else {}),
        origin={"kind": "address", "source": "ssh_connection",
                "address": address},
        place={"state": "known", "country": name(country)},
        asn={"state": "known", "number": number, "org": name(org)},
        networks=more.pop("networks", []),
        person={"state": "known", "user": name(user), "kind": "person"},
        **more.pop("devices", {}),
        policy={"name": "workers", "line": 40}, findings=list(found),
        decided={"by": "finding" if codes else "policy", "why": "x",
                 **more.pop("decided", {})},
        reason=more.pop("reason", None) or ",".join(codes) or "none", **more)


def by(uid, login=None):
    return {"uid": uid, "loginuid": login, "pid": 7}


def september():
    global at
    add("start", version="0.1.0", pid=7, scanner="on", sha256="aa" * 32)
    decision(1, "alice", DAY + "7", key="alice-old")
    decision(2, "bob", DAY + "9", "deny", found=[finding("geo.country")])
    add("exception", action="add", id=1, user=name("carol"),
        code="geo.country", **{"from": 1790000000}, until=1793200000,
        reason=name("a journey"), by=by(0))
    add("exception", action="add", id=2, user=name("dave"), code="time.hours",
        **{"from": 1790000000}, until=1799900000, reason="on call", by=by(0))
    at += datetime.timedelta(days=3)


def farm_day(n, day):
    global at
    at = datetime.datetime(2026, 10, day, 1, 5, 0)
    place = ("US", 64501, "Example Cable")
    for i, who in enumerate(["erin", "frank", "grace", "heidi"]):
        at += datetime.timedelta(minutes=11)
        decision(n + i, who, FARM, "deny" if i < 3 else "allow", place=place,
                 found=[finding("session.shared_source"),
                        finding("remote.tool", grade="active")][:i % 3 + 1]
                 if i < 3 else [finding("remote.tool", "log", "running")],
                 devices={"attested": {"device": "ed25519:x",
                                       "asset": "LT-%04d" % (10 + i // 2),
                                       "issued": "own", "site_people": 3}})
    return n + 4


def work_day(n, day):
    global at
    at = datetime.datetime(2026, 10, day, 7, 30, 0)
    decision(n, "alice", DAY + "7", key="alice-old")
    at += datetime.timedelta(minutes=40)
    decision(n + 1, "carol", "2001:db8:7::1", networks=["office"],
             place=("DE", 64502, "Example Mobile"),
             found=[finding("geo.country", "log", exception=1)])
    at += datetime.timedelta(hours=6)
    decision(n + 2, "mallory", NIGHT + str(day), "allow", "deny",
             place=("RU", 64503, "Example Hosting"), service="xrdp-sesman",
             found=[finding("net.anonymizer", grade="vpn"),
                    finding("geo.travel")],
             anonymous={"state": "known", "is": ["vpn"]})
    at += datetime.timedelta(hours=2)
    decision(n + 3, "alice", NIGHT + "200", "allow", phase="auth",
             found=[finding("net.asn", "log", "new", proved=True)],
             step_up=[{"method": "totp", "result": "passed"}])
    return n + 4


def october():
    global at
    n = 10
    for day in range(1, 29):
        n = work_day(n, day) if day % 7 not in (3, 4) else n
        n = farm_day(n, day) if day % 5 == 0 else n
    at = datetime.datetime(2026, 10, 29, 8, 0, 0)
    return n


def changes(n):
    global at
    add("reload", ok=True, errors=0, file="/etc/farmgate/farmgate.conf",
        old_sha256="aa" * 32, sha256="bb" * 32, by=by(0))
    add("reload", ok=False, errors=2, file="/etc/farmgate/farmgate.conf",
        old_sha256="bb" * 32, sha256="bb" * 32, by={"signal": "SIGHUP"})
    add("exception", action="bypass", id=3, user=name("bob"),
        code="geo.country", **{"from": 1793000000}, until=1793290000,
        reason="lost phone", by=by(0))
    decision(n, "bob", NIGHT + "44", place=("FR", 64504, "Example Wifi"),
             found=[finding("geo.country", "log", exception=3)])
    decision(n + 1, "bob", DAY + "9", key="bob-new",
             decided={"by": "failure", "failure": "scanner_lost"})
    add("enrolment", action="add", key="ed25519:" + "y" * 43 + "=",
        asset=name("LT-0042"), users=[name("alice")], against="inventory",
        grade="same", percent=0, before=False, by=by(0))
    add("breakglass", ref="MAB3-K7Q2M", phase="account", user=name("ops"),
        target="root", service="sudo", reason="daemon unreachable",
        entry="/etc/farmgate/breakglass:3", at=1793260000,
        **{"from": DAY + "250"})
    add("live", ref=ref(12), user=name("mallory"), person=name("mallory"),
        service="sshd", action="terminate", would="terminate",
        findings=[finding("remote.tool", "terminate", "active")])
    add("start", version="0.1.0", pid=8, scanner="on", sha256="cc" * 32)
    decision(n + 2, "tester", "127.0.0.1", "deny", tty="farmgatectl",
             found=[finding("geo.country")])
    at += datetime.timedelta(days=5)
    for i, word in enumerate(["true_positive", "true_positive",
                              "false_positive", "expected", "unclear"]):
        add("review", of=REVIEWED[i], disposition=word, by=by(0))
    for i, word in enumerate(["false_positive", "true_positive",
                              "false_positive"]):
        add("review", of=CHALLENGED[i], disposition=word, by=by(0))
    add("review", of="ZZZZ-ZZZZ", disposition="expected", by=by(0))


def write(path, text):
    with open(path, "wb") as f:
        f.write(b"".join(text))


def refusals():
    told = [json.loads(line) for line in lines]
    return [r["ref"] for r in told if r["event"] == "decision" and
            r["would"] == "deny" and r["seq"] > 10]


def challenges():
    told = [json.loads(line) for line in lines]
    return [r["ref"] for r in told if "step_up" in r and r["seq"] > 10]


def crowd(count):
    global at
    at = datetime.datetime(2026, 10, 1)
    for n in range(count):
        for user, address in (("busy", DAY + "1"), ("u%d" % n, "10.%d.%d.1" % (
                n // 256, n % 256))):
            decision(seq, user, address, "deny",
                     found=[finding("geo.country")])
    write(sys.argv[1], lines)


def clock():
    global at
    for day in ("2026-10-05", "1970-01-01", "2031-01-01", "2031-01-02",
                "2026-10-06", "2026-09-01", "2026-10-07", "2026-11-02"):
        at = datetime.datetime.fromisoformat(day)
        decision(seq, "eve", DAY + "1", "deny", found=[finding("geo.country")])
    write(sys.argv[1], lines)


def reloads(count):
    global at
    at = datetime.datetime(2026, 10, 1)
    add("reload", ok=True, errors=0, old_sha256="aa" * 32, sha256="bb" * 32,
        by=by(0))
    for ok in (True, False):
        for _ in range(count):
            add("reload", ok=ok, errors=not ok, old_sha256="bb" * 32,
                sha256="bb" * 32, by=by(0))
    add("reload", ok=True, errors=0, old_sha256="bb" * 32, sha256="cc" * 32,
        by=by(0))
    write(sys.argv[1], lines)


if "reloads" in sys.argv[2:]:
    reloads(int(sys.argv[3]))
    sys.exit()
if "clock" in sys.argv[2:]:
    clock()
    sys.exit()
if "crowd" in sys.argv[2:]:
    crowd(int(sys.argv[3]))
    sys.exit()
september()
old, lines = lines, []
add("rotated", by="daemon", file="audit.jsonl.1-%d" % seq, first=1, last=seq)
after = october()
REVIEWED, CHALLENGED = refusals()[:5], challenges()[:3]
changes(after)
write(sys.argv[1] + ".1-%d" % len(old), old)
write(sys.argv[1], lines)
