# SPDX-License-Identifier: BSD-2-Clause
#
# Logs in with user names that no friendly client sends, as raw SSH does.
# Usage: names.py PORT FROM. Fails if any of them gets in, or if the server
# is gone afterwards.

import concurrent.futures
import logging
import socket
import sys

import paramiko

logging.getLogger("paramiko").setLevel(logging.CRITICAL)
port, source = int(sys.argv[1]), sys.argv[2]
NAMES = [
    b"a\nb", b"esc\x1b[2J", b"\xff\xfe\x80", b"", b" ", b"%s%n%x", b"A" * 300,
    b"a b", b"alice@example.com", b"../etc", b"DOM\\user", b"user:style",
    b"x\nnov 23 sshd: Accepted publickey for root from 192.0.2.1",
    b"\xe2\x80\xae", b"'; DROP TABLE x;--", b"-oProxyCommand=x",
]


class Raw(bytes):
    """A user name that paramiko sends as it is."""

    def encode(self, *args):
        return bytes(self)


def attempt(name):
    s = socket.create_connection(("127.0.0.1", port), 10, (source, 0))
    t = paramiko.Transport(s)
    try:
        t.start_client(timeout=10)
        for method in ("password", "keyboard-interactive"):
            try:
                if method == "password":
                    t.auth_password(Raw(name), "alice-pw", fallback=False)
                else:
                    t.auth_interactive(
                        Raw(name), lambda *a: ["alice-pw"] * len(a[2]))
            except (paramiko.SSHException, EOFError):
                pass
            if t.is_authenticated():
                return True
        return False
    except (paramiko.SSHException, EOFError, OSError) as e:
        print("refused early:", name, type(e).__name__)
        return False
    finally:
        t.close()
        s.close()


with concurrent.futures.ThreadPoolExecutor(len(NAMES)) as pool:
    results = list(pool.map(attempt, NAMES))
inside = [n for n, got_in in zip(NAMES, results) if got_in]
print("inside:", inside)
sys.exit(1 if inside else 0)
