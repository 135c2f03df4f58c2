# SPDX-License-Identifier: BSD-2-Clause
#
# Logs alice in through a front end of PAM, as its own client would. What it
# asks for is printed, one prompt a line; the answers are given in turn, and
# when there are none left it is left alone. Exit status: 0 if it let her in,
# 1 if it refused. Usage:
#
# front_end.py ftp FROM
# front_end.py cockpit PROGRAM PEER [ANSWER]...
# front_end.py mariadb PROGRAM SERVICE [ANSWER]...

import base64
import ftplib
import json
import os
import struct
import subprocess
import sys


def ftp(source):
    client = ftplib.FTP(source_address=(source, 0))
    client.connect("127.0.0.1", 2121, 15)
    try:
        print(client.login("alice", "alice-pw"))
        print(client.pwd())
        client.quit()
    except ftplib.error_perm as error:
        print(error)
        return False
    return True


def start(program, **env):
    return subprocess.Popen([program], env=dict(os.environ, **env),
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


class Cockpit:
    """cockpit-session, as cockpit-ws talks to it: frames of JSON."""

    def __init__(self, program, peer):
        self.child = start(program, COCKPIT_REMOTE_PEER=peer)

    def recv(self):
        size = self.child.stdout.readline()
        return json.loads(self.child.stdout.read(int(size))) if size else None

    def send(self, asked, response):
        data = '\n{"command":"authorize","cookie":"%s","response":"%s"}' % (
            asked["cookie"], response)
        self.child.stdin.write(b"%d\n%s" % (len(data), data.encode()))
        self.child.stdin.flush()


def base64_of(text):
    return base64.b64encode(text.encode()).decode()


def cockpit(program, peer, *answers):
    session = Cockpit(program, peer)
    session.send(session.recv(), "Basic " + base64_of("alice:alice-pw"))
    answers = list(answers)
    while (message := session.recv()) and message["command"] == "authorize":
        method, number, prompt = message["challenge"].split()
        print(base64.b64decode(prompt).decode())
        if not answers:
            break
        session.send(message, " ".join([method, number,
                                        base64_of(answers.pop(0))]))
    print(json.dumps(message))
    session.child.stdin.close()
    session.child.wait()
    return message is not None and "problem" not in message


def mariadb(program, service, *answers):
    """The server's side of the set-uid tool; prompts are its client's."""
    child = start(program)

    def send(text):
        child.stdin.write(struct.pack(">H", len(text)) + text.encode())
        child.stdin.flush()

    child.stdin.write(b"\0")
    send("alice")
    send(service)
    answers = list(answers)
    while (kind := child.stdout.read(1)) == b"C":
        size, = struct.unpack(">H", child.stdout.read(2))
        print(child.stdout.read(size)[1:].decode())
        if not answers:
            break
        send(answers.pop(0))
    child.stdin.close()
    child.wait()
    return kind == b"E"


sys.exit(0 if globals()[sys.argv[1]](*sys.argv[2:]) else 1)
