#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# A log of many decisions, one a second from the first of March 2026 on, and what
# sshd has said of them. Usage: large_log.py RECORDS AUDIT-LOG SSHD-LOG
import hashlib
import sys
import time

START = 1772323200
RECORD = ('{"v":1,"seq":%d,"ts":"%s.000000Z","event":"decision","ref":'
          '"%04d-%04d","phase":"account","verdict":"allow","would":"allow",'
          '"mode":"enforce","user":"u%d","uid":1000,"service":"sshd","kind":'
          '"remote","origin":{"kind":"address","source":"ssh_connection",'
          '"address":"192.0.2.%d"},"place":{"state":"known","country":"NO"},'
          '"findings":[],"decided":{"by":"policy","why":"x"},"reason":"none",'
          '"peer":{"state":"known","pid":%d,"parents":[1]},"prev":"%s"')
LINE = ("%s.100000+00:00 gate sshd[%d]: Accepted publickey for u%d from "
        "192.0.2.%d port 50000 ssh2: ED25519 SHA256:x\n")

prev = "0" * 64
with open(sys.argv[2], "w") as log, open(sys.argv[3], "w") as sshd:
    for n in range(int(sys.argv[1])):
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(START + n))
        user, host, pid = n % 997, n % 251, 1000 + n % 30000
        body = RECORD % (n + 1, at, n // 10000, n % 10000, user, host, pid,
                         prev)
        prev = hashlib.sha256((body + "}").encode()).hexdigest()
        log.write('%s,"hash":"%s"}\n' % (body, prev))
        sshd.write(LINE % (at, pid, user, host))
