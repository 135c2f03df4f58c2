# SPDX-License-Identifier: BSD-2-Clause
#
# A listener in the daemon's place that answers every login as it is told:
# allow (a well-formed allow), hang (nothing), or close. Usage: MODE [PATH].

import os
import socket
import struct
import sys

sys.path.insert(0, os.path.dirname(__file__))
from wire import ALLOW, POLICY, VERDICT, message, string  # noqa: E402

mode = sys.argv[1]
path = sys.argv[2] if len(sys.argv) > 2 else POLICY
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(path)
os.chmod(path, 0o600 if os.geteuid() == 0 else 0o666)
listener.listen(16)
held = []
while True:
    peer, _ = listener.accept()
    if mode == "hang":
        held.append(peer)
        continue
    if mode == "allow":
        data = peer.recv(65536)
        if len(data) >= 32:
            body = bytes([ALLOW, ALLOW]) + string("AAAA-AAAA") + \
                string("none") + string("")
            sequence = struct.unpack(">H", data[6:8])[0] + 1
            peer.send(message(VERDICT, sequence, data[16:32], body))
    peer.close()
