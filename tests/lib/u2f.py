# SPDX-License-Identifier: BSD-2-Clause
#
# A U2F token in software, of NAME, whose key and key handles follow from that.
# Usage: u2f.py register NAME ORIGIN: prints what pam_u2f's file has of it.
# u2f.py ssh NAME: prints the private key, ecdsa-sk, that ssh uses it by.
# u2f.py plug NAME [forged|pulled]: is at /dev/hidraw0 until it is ended, for
# programs that have hidraw.c preloaded; /sys has to be a tmpfs. It is touched
# once it blinks. One that is forged has the handles of NAME and another key,
# one that is pulled is gone before it is touched.

import base64
import hashlib
import os
import shutil
import signal
import struct
import sys
import termios
import tty

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DEVICE = "/dev/hidraw0"
USB = "/sys/devices/usb"
HID = USB + "/hid"
RAW = HID + "/hidraw/hidraw0"
# CTAPHID: its commands and its size of a report.
MSG, INIT, ERROR = 0x83, 0x86, 0xbf
REPORT = 64
# U2F: what it is asked to do, and how that ends.
AUTHENTICATE, VERSION = 2, 3
ONLY_CHECK = 7
DONE, NOT_TOUCHED, UNKNOWN, NO_SUCH = 0x9000, 0x6985, 0x6a80, 0x6d00


def digest(*parts):
    return hashlib.sha256(b"\0".join(parts)).digest()


def key_of(name):
    secret = int.from_bytes(digest(b"key", name.encode()), "big") >> 1
    return ec.derive_private_key(secret, ec.SECP256R1())


def handle_of(name, application):
    return digest(b"handle", name.encode(), application)


def point_of(name):
    return key_of(name).public_key().public_bytes(
        serialization.Encoding.X962,
        serialization.PublicFormat.UncompressedPoint)


def register(name, origin):
    handle = handle_of(name, digest(origin.encode()))
    point = point_of(name)
    print(",".join([base64.b64encode(handle).decode(),
                    base64.b64encode(point[1:]).decode(),
                    "es256", "+presence"]))


def string(data):
    return struct.pack(">I", len(data)) + data


def ssh_key(name):
    """PROTOCOL.key and PROTOCOL.u2f of OpenSSH; without a passphrase."""
    application = b"ssh:"
    public = (string(b"sk-ecdsa-sha2-nistp256@openssh.com") +
              string(b"nistp256") + string(point_of(name)) +
              string(application))
    private = (struct.pack(">II", 1, 1) + public + b"\1" +
               string(handle_of(name, digest(application))) + string(b"") +
               string(name.encode()))
    private += bytes(range(1, -len(private) % 8 + 1))
    data = (b"openssh-key-v1\0" + string(b"none") * 2 + string(b"") +
            struct.pack(">I", 1) + string(public) + string(private))
    text = base64.b64encode(data).decode()
    print("-----BEGIN OPENSSH PRIVATE KEY-----")
    for at in range(0, len(text), 70):
        print(text[at:at + 70])
    print("-----END OPENSSH PRIVATE KEY-----")


class Token:
    def __init__(self, name, how):
        self.name = name
        self.key = key_of("not " + name if how == "forged" else name)
        self.pulled = how == "pulled"
        self.blinks = False
        self.count = 0

    def authenticate(self, mode, body):
        challenge, application = body[:32], body[32:64]
        if body[65:65 + body[64]] != handle_of(self.name, application):
            return UNKNOWN, b""
        if mode == ONLY_CHECK:
            return NOT_TOUCHED, b""
        if not self.blinks:
            self.blinks = True
            return NOT_TOUCHED, b""
        if self.pulled:
            sys.exit(0)
        self.blinks = False
        self.count += 1
        said = struct.pack(">BI", 1, self.count)
        return DONE, said + self.key.sign(
            application + said + challenge, ec.ECDSA(hashes.SHA256()))

    def request(self, apdu):
        """The answer to a command, which always has an extended length."""
        what, mode = apdu[1], apdu[2]
        size = int.from_bytes(apdu[4:7], "big")
        status, said = NO_SUCH, b""
        if what == VERSION:
            status, said = DONE, b"U2F_V2"
        elif what == AUTHENTICATE:
            status, said = self.authenticate(mode, apdu[7:7 + size])
        return said + struct.pack(">H", status)


class Wire:
    """The terminal, whose other end stands for the device."""

    def __init__(self):
        self.fd, self.device = os.openpty()
        tty.setraw(self.device)
        attributes = termios.tcgetattr(self.device)
        attributes[6][termios.VMIN] = REPORT
        termios.tcsetattr(self.device, termios.TCSANOW, attributes)

    def report(self):
        """The next one, without the number that the host has in front."""
        data = b""
        while len(data) < 1 + REPORT:
            data += os.read(self.fd, 1 + REPORT - len(data))
        return data[1:]

    def receive(self):
        data = self.report()
        channel, command, size = struct.unpack(">4sBH", data[:7])
        message = data[7:]
        while len(message) < size:
            message += self.report()[5:]
        return channel, command, message[:size]

    def send(self, channel, command, message):
        head = channel + struct.pack(">BH", command, len(message))
        sequence = 0
        while head:
            room = REPORT - len(head)
            os.write(self.fd, (head + message[:room]).ljust(REPORT, b"\0"))
            message = message[room:]
            head = channel + bytes([sequence]) if message else b""
            sequence += 1


def device(folder, subsystem, uevent):
    os.makedirs(folder)
    os.makedirs("/sys/" + subsystem, exist_ok=True)
    os.symlink("/sys/" + subsystem, folder + "/subsystem")
    with open(folder + "/uevent", "w") as f:
        f.write(uevent)


def plug(wire):
    device(USB, "bus/usb", "DEVTYPE=usb_device\n")
    for name in "manufacturer", "product":
        with open(USB + "/" + name, "w") as f:
            f.write("Farmgate\n")
    device(HID, "bus/hid", "HID_ID=0003:00001209:00000001\n")
    device(RAW, "class/hidraw", "DEVNAME=hidraw0\nMAJOR=240\nMINOR=0\n")
    os.symlink(RAW, "/sys/class/hidraw/hidraw0")
    os.symlink(os.ttyname(wire.device), DEVICE)


def unplug():
    os.unlink(DEVICE)
    os.unlink("/sys/class/hidraw/hidraw0")
    shutil.rmtree(USB)


def serve(token):
    wire = Wire()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    plug(wire)
    try:
        while True:
            channel, command, message = wire.receive()
            if command == INIT:
                wire.send(channel, INIT, message[:8] + b"gate" +
                          bytes([2, 1, 0, 0, 0]))
            elif command == MSG:
                wire.send(channel, MSG, token.request(message))
            else:
                wire.send(channel, ERROR, b"\1")
    finally:
        unplug()


if sys.argv[1] == "register":
    register(*sys.argv[2:])
elif sys.argv[1] == "ssh":
    ssh_key(sys.argv[2])
else:
    serve(Token(sys.argv[2], "".join(sys.argv[3:])))
