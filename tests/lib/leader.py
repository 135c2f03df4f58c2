# SPDX-License-Identifier: BSD-2-Clause
#
# A process that leads sessions, as sshd's monitor does, without sshd: asks for
# account and session by the protocol, says what came of it (the session's
# reference, or the reason), and stays until it is killed. Usage: leader.py
# USER ADDRESS [USER-OF-THE-SESSION]

import signal
import sys

from wire import *  # noqa: F403


def ask(user, **kw):
    with Client() as c:
        return c.login(("staff",) if user in ("alice", "bob") else (),
                       user=user, **kw)


def main(user, rhost, other=None):
    v = ask(user, rhost=rhost)
    if v[0] == ALLOW:
        v = ask(other or user, phase=2, rhost=rhost, ref=v[2])
    print(v[2] if v[0] == ALLOW else "denied: " + v[3], flush=True)
    signal.pause()


main(*sys.argv[1:])
