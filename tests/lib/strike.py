# SPDX-License-Identifier: BSD-2-Clause
#
# Ends a process in the middle of what it says to a socket: follows PID and
# all that it starts, waits for the WHICH-th connection to PATH by any of them,
# and sends SIGNAL at the N-th system call from there on: "call" counts those
# that are about to be made, the connection being the first, "message" those
# that have received something.
#
# Usage: strike.py PID PATH WHICH call|message N SIGNAL. Says "following" when
# it is in place and "struck" when it is done. With N 0 nobody is struck, and it
# says how many calls there are until the connection's descriptor is closed.

import ctypes
import os
import platform
import signal
import struct
import sys

SEIZE, INTERRUPT, LISTEN, SYSCALL, CALL_INFO = \
    0x4206, 0x4207, 0x4208, 24, 0x420e
OPTIONS = 1 | 2 | 4 | 8         # sysgood, fork, vfork, clone
EVENT_STOP = 128
WALL = 0x40000000
AF_UNIX = 1
STOPS = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
CONNECT, RECVFROM, CLOSE = {
    "x86_64": (42, 45, 3), "aarch64": (203, 207, 57)}[platform.machine()]

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p,
                        ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, pid, addr=0, data=0):
    """False if the process is gone."""
    if libc.ptrace(request, pid, addr, data) >= 0:
        return True
    error = ctypes.get_errno()
    if error != 3:                                              # ESRCH
        raise OSError(error, os.strerror(error), "ptrace %#x" % request)
    return False


def call_info(pid):
    """("entry", number, arguments) or ("exit", result), None if it is gone."""
    info = ctypes.create_string_buffer(88)
    if not ptrace(CALL_INFO, pid, len(info), ctypes.addressof(info)):
        return None
    if info.raw[0] == 1:
        nr, *args = struct.unpack_from("=7Q", info.raw, 24)
        return "entry", nr, args
    return "exit", struct.unpack_from("=q", info.raw, 24)[0]


def connects_to(pid, args):
    with open("/proc/%d/mem" % pid, "rb", 0) as memory:
        memory.seek(args[1])
        addr = memory.read(min(args[2], 110))
    return addr[:2] == struct.pack("=H", AF_UNIX) and \
        addr[2:].split(b"\0")[0] == PATH


class Striker:
    def __init__(self):
        self.connections = 0
        self.pid = None         # who has made the connection we wait for
        self.fd = None
        self.nr = None          # what that process is doing
        self.count = 0

    def entry(self, pid, nr, args):
        """Returns true when there is nothing more to do; so does exit()."""
        if self.pid is None and nr == CONNECT and connects_to(pid, args):
            self.connections += 1
            if self.connections == WHICH:
                self.pid, self.fd = pid, args[0]
        if pid != self.pid:
            return False
        self.nr = nr
        if WHAT == "call" and self.strikes():
            return True
        if N == 0 and nr == CLOSE and args[0] == self.fd:
            print(self.count, flush=True)
            return True
        return False

    def exit(self, pid, result):
        return pid == self.pid and WHAT == "message" and \
            self.nr == RECVFROM and result > 0 and self.strikes()

    def strikes(self):
        self.count += 1
        if self.count != N:
            return False
        os.kill(self.pid, SIGNAL)
        print("struck", flush=True)
        return True


def follow(striker):
    while True:
        pid, status = os.waitpid(-1, WALL)
        if not os.WIFSTOPPED(status):
            continue
        sig, event, go_on = os.WSTOPSIG(status), status >> 16, SYSCALL
        if sig == signal.SIGTRAP | 0x80:
            info, sig = call_info(pid), 0
            if info and getattr(striker, info[0])(pid, *info[1:]):
                return          # whoever is followed goes on unfollowed
        elif event == EVENT_STOP and sig in STOPS:
            go_on, sig = LISTEN, 0
        elif event != 0:
            sig = 0
        ptrace(go_on, pid, 0, sig)


LEADER, PATH, WHICH, WHAT, N = (
    int(sys.argv[1]), sys.argv[2].encode(), int(sys.argv[3]), sys.argv[4],
    int(sys.argv[5]))
SIGNAL = getattr(signal, "SIG" + sys.argv[6])

if not ptrace(SEIZE, LEADER, 0, OPTIONS) or not ptrace(INTERRUPT, LEADER):
    sys.exit("strike: no process %d" % LEADER)
print("following", flush=True)
follow(Striker())
