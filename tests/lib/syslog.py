# SPDX-License-Identifier: BSD-2-Clause
#
# Listens on the private /dev/log and writes each datagram as one JSON string
# a line, so that a newline inside a message cannot pass for two messages.

import json
import os
import socket
import sys

path, out = sys.argv[1], sys.argv[2]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(path)
os.chmod(path, 0o666)
with open(out, "a", encoding="ascii") as log:
    while True:
        data = s.recv(65536)
        log.write(json.dumps(data.decode("latin-1")) + "\n")
        log.flush()
