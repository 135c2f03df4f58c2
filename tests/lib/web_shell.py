# SPDX-License-Identifier: BSD-2-Clause
#
# Somebody at the page of a Shell In A Box, without the page: opens a session,
# says "connected", types what comes on stdin, and stays.
# Usage: web_shell.py PORT

import http.client
import json
import os
import select
import sys
import urllib.parse

PORT = int(sys.argv[1])
ROOT = "http://127.0.0.1:%d/" % PORT


def ask(connection, **fields):
    """One request of the page's; what the terminal wrote, and its session."""
    body = urllib.parse.urlencode(dict(fields, width=80, height=24,
                                       rooturl=ROOT))
    connection.request("POST", "/", body, {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})
    return connection.getresponse().read().decode()


def main():
    typing = http.client.HTTPConnection("127.0.0.1", PORT, timeout=90)
    session = json.loads(ask(typing))["session"]
    print("connected", flush=True)
    while True:
        # The page always has a request waiting for output.
        if os.fork() == 0:
            ask(http.client.HTTPConnection("127.0.0.1", PORT, timeout=90),
                session=session)
            os._exit(0)
        select.select([0], [], [], 20)
        if select.select([0], [], [], 0)[0]:
            line = os.read(0, 4096)
            ask(typing, session=session, keys=line.hex().upper())
        os.waitpid(-1, os.WNOHANG)


main()
