# SPDX-License-Identifier: BSD-2-Clause
#
# An ssh server that asks whatever it likes, and lets nobody in. Usage:
# hostile.py PORT HOSTKEY SCRIPT LOG. SCRIPT is a file of JSON, read anew for each
# connection: {"name": ..., "instructions": ..., "prompts": [...]}, where TOKEN
# becomes a fresh token of the jump host of 16 bytes "J". Each answer that it gets
# goes to LOG.

import json
import logging
import os
import socket
import sys
import threading

import paramiko

sys.path.insert(0, os.path.dirname(__file__))
from statement import token  # noqa: E402

port, hostkey, script, log = sys.argv[1:]
logging.getLogger("paramiko").setLevel(logging.CRITICAL)
KEY = paramiko.Ed25519Key(filename=hostkey)


class Server(paramiko.ServerInterface):
    def get_allowed_auths(self, username):
        return "keyboard-interactive"

    def check_auth_interactive(self, username, submethods):
        with open(script) as f:
            text = f.read().replace("TOKEN", token(b"J" * 16))
        said = json.loads(text)
        return paramiko.InteractiveQuery(
            said.get("name", ""), said.get("instructions", ""),
            *((prompt, True) for prompt in said["prompts"]))

    def check_auth_interactive_response(self, responses):
        with open(log, "a") as f:
            for response in responses:
                print("answer:", response, file=f)
        return paramiko.AUTH_FAILED


def serve(peer):
    transport = paramiko.Transport(peer)
    transport.add_server_key(KEY)
    try:
        transport.start_server(server=Server())
        transport.join(30)
    except (paramiko.SSHException, EOFError, OSError):
        pass
    finally:
        transport.close()


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(port)))
listener.listen(16)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],)).start()
