#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# An audit log as the daemon writes it, and changes to it; with nothing of
# Farmgate's. Usage: audit_log.py COMMAND FILE [ARGUMENT ...]
#   make FILE LAST [FROM...]  records 1 to LAST; FROM begins another file, named
#                             FILE.FIRST-LAST as the daemon does
#   compose FILE BODIES [FROM...]
#                             the same of the events in BODIES, an object a line
#   expire FILE SEED END...   append a tombstone for FILE.FIRST-LAST, whose name
#                             ends in each END, and remove that; the time is the
#                             last record's, "begin" goes on from the one before
#   start FILE SEED           append a record "start" with the key of SEED
#   edit FILE LINE            change a byte in a line
#   reseal FILE LINE          the same, and give it the hash that it has then
#   seal FILE LINE            give it the hash that it has now
#   forge FILE LINE           the same, and give all that follow theirs, too
#   delete FILE LINE          and swap with the next, repeat, or insert a line
#   swap, repeat, insert      that is no record
#   tear FILE BYTES           cut off the last bytes
#   anchor FILE SEED SEQ...   print anchors of these records, by a key of SEED
#   key SEED                  print that key
import base64
import hashlib
import json
import os
import re
import sys


def seal(body, prev):
    body += b',"prev":"' + prev.encode() + b'"'
    digest = hashlib.sha256(body + b"}").hexdigest()
    return body + b',"hash":"' + digest.encode() + b'"}', digest


def record(seq, event=None, more=""):
    day, second = divmod(seq, 86400)
    at = f"2026-01-{day + 1:02}T{second // 3600:02}:{second // 60 % 60:02}:" \
         f"{second % 60:02}.000000Z"
    if event is None:
        event = "start" if seq == 1 else "decision"
        more = f',"ref":"7F3K-{seq:04}","user":"alice"'
    return f'{{"v":1,"seq":{seq},"ts":"{at}","event":"{event}"{more}'.encode()


# What BODIES has, but for its "ts", gets the time of its number.
def given(name):
    bodies = []
    for seq, line in enumerate(open(name), 1):
        event = json.loads(line)
        at = event.pop("ts", None)
        kind = event.pop("event")
        rest = json.dumps(event, separators=(",", ":"))[1:-1]
        body = record(seq, kind, "," + rest if rest else "")
        if at:
            body = re.sub(rb'"ts":"[^"]*"', f'"ts":"{at}"'.encode(), body, 1)
        bodies.append(body)
    return bodies


def make(name, last, *starts):
    write(name, [record(seq) for seq in range(1, int(last) + 1)], *starts)


def write(name, bodies, *starts):
    starts = [int(s) for s in starts]
    prev, begin, out = "0" * 64, 1, []
    for seq, body in enumerate(bodies, 1):
        if seq in starts:
            old = f"{name}.{begin}-{seq - 1}"
            with open(old, "wb") as f:
                f.write(b"".join(out))
            body = record(seq, "rotated", f',"by":"daemon","file":"'
                          f'{old.rsplit("/", 1)[1]}","first":{begin},"last":'
                          f'{seq - 1}')
            begin, out = seq, []
        line, prev = seal(body, prev)
        out.append(line + b"\n")
    with open(name, "wb") as f:
        f.write(b"".join(out))


def parts(line):
    return re.fullmatch(rb'(.*),"prev":"(.*)","hash":"(.*)"\}\n', line)


def change(command, lines, at):
    if command == "edit":
        lines[at] = lines[at].replace(b"alice", b"alibi")
    elif command in ("reseal", "forge"):
        body, prev, _ = parts(lines[at].replace(b"alice", b"mallory")).groups()
        line, prev = seal(body, prev.decode())
        lines[at] = line + b"\n"
        for i in range(at + 1, len(lines) if command == "forge" else 0):
            line, prev = seal(parts(lines[i])[1], prev)
            lines[i] = line + b"\n"
    elif command == "seal":
        body, prev, _ = parts(lines[at]).groups()
        lines[at] = seal(body, prev.decode())[0] + b"\n"
    elif command == "delete":
        del lines[at]
    elif command == "swap":
        lines[at:at + 2] = [lines[at + 1], lines[at]]
    elif command == "repeat":
        lines.insert(at, lines[at])
    elif command == "insert":
        lines.insert(at, b'{"v":1,"event":"decision"}\n')


def secret(seed):
    from cryptography.hazmat.primitives.asymmetric import ed25519
    return ed25519.Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(seed.encode()).digest())


def key(seed):
    from cryptography.hazmat.primitives import serialization as s
    raw = secret(seed).public_key().public_bytes(s.Encoding.Raw,
                                                 s.PublicFormat.Raw)
    return "ed25519:" + base64.b64encode(raw).decode()


def anchor(name, seed, *seqs):
    seqs = {s.split("@")[0]: s.partition("@")[2] for s in seqs}
    for line in open(name, "rb"):
        seq = re.match(rb'\{"v":1,"seq":([0-9]+)', line)[1].decode()
        if seq not in seqs:
            continue
        at = seqs[seq] or "1767225600"
        text = f"seq={seq} hash={parts(line)[3].decode()} at={at} " \
               f"host=gate key={key(seed)}"
        sig = secret(seed).sign(b"farmgate-anchor-v1\0" + text.encode())
        print(f"farmgate-anchor-v1 {text} sig={base64.b64encode(sig).decode()}")


def append(name, event, more):
    last = open(name, "rb").read().splitlines(keepends=True)[-1]
    seq = int(re.match(rb'\{"v":1,"seq":([0-9]+)', last)[1]) + 1
    line, _ = seal(record(seq, event, more), parts(last)[3].decode())
    open(name, "ab").write(line + b"\n")


def expire(name, seed, *ends):
    begin = None
    for end in ends:
        old = f"{name}.{end}"
        first, last = (int(n) for n in end.split("-"))
        begin = begin or first
        lines = open(old, "rb").read().splitlines(keepends=True)
        members = {"begin": begin, "first": first, "last": last,
                   "hash": parts(lines[-1])[3].decode(), "records": len(lines),
                   "oldest": 1767225600, "newest": 1767225700,
                   "at": 1801785600, "key": key(seed),
                   "file": old.rsplit("/", 1)[1]}
        text = " ".join(f"{m}={v}" for m, v in members.items())
        sig = secret(seed).sign(b"farmgate-expired-v1\0" + text.encode())
        members["last_hash"] = members.pop("hash")
        members["sig"] = base64.b64encode(sig).decode()
        more = json.dumps(members, separators=(",", ":"))[1:-1]
        append(name, "expired", "," + more)
        os.unlink(old)


if __name__ == "__main__":
    command, *args = sys.argv[1:]
    if command == "make":
        make(*args)
    elif command == "compose":
        write(args[0], given(args[1]), *args[2:])
    elif command == "expire":
        expire(*args)
    elif command == "start":
        append(args[0], "start", f',"audit_key":"{key(args[1])}"')
    elif command == "key":
        print(key(*args))
    elif command == "anchor":
        anchor(*args)
    elif command == "tear":
        data = open(args[0], "rb").read()
        open(args[0], "wb").write(data[:-int(args[1])])
    else:
        content = open(args[0], "rb").read().splitlines(keepends=True)
        change(command, content, int(args[1]) - 1)
        open(args[0], "wb").write(b"".join(content))
