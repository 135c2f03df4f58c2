# SPDX-License-Identifier: BSD-2-Clause
#
# farmgate-attest at a terminal of its own: what is typed, what is seen of it, and
# that the terminal is as it was afterwards, whatever happened. Usage:
# prompted.py PROGRAM.

import atexit
import fcntl
import os
import pty
import select
import signal
import sys
import termios
import time

sys.path.insert(0, os.path.dirname(__file__))
from cases import run, test  # noqa: E402

PROGRAM = sys.argv[1]
PASSWORD = "(alice@jump) Password: "


class Asked:
    """The program, asked for text, as a job of a session's terminal."""

    def __init__(self, text, raw=False, ahead=b"", front=True, **env):
        self.master, self.slave = pty.openpty()
        self.out, out = os.pipe()
        self.told, told = os.pipe()
        if raw:
            self.make_raw()
        if ahead:
            os.write(self.master, ahead)
        self.before = termios.tcgetattr(self.slave)
        self.leader = os.fork()
        if self.leader == 0:
            lead(self.slave, out, told, [PROGRAM, text], front, env)
        os.close(out)
        os.close(told)
        atexit.register(self.kill)
        self.pid = int(self.tell())

    def make_raw(self):
        mode = termios.tcgetattr(self.slave)
        mode[0] &= ~termios.ICRNL
        mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG)
        termios.tcsetattr(self.slave, termios.TCSANOW, mode)

    def tell(self):
        """The next line of the session's leader: the pid, then what it does."""
        line = b""
        while not line.endswith(b"\n"):
            assert select.select([self.told], [], [], 10)[0], "nothing happens"
            data = os.read(self.told, 1)
            assert data, "the leader is gone"
            line += data
        return line.decode().strip()

    def seen(self, text):
        """All that the terminal shows up to text."""
        data, end = b"", time.monotonic() + 10
        while text.encode() not in data:
            assert time.monotonic() < end, data
            if select.select([self.master], [], [], 0.2)[0]:
                data += os.read(self.master, 4096)
        return data.decode()

    def rest(self):
        """What it shows besides, by now."""
        data = b""
        while select.select([self.master], [], [], 0)[0]:
            data += os.read(self.master, 4096)
        return data.decode()

    def types(self, text):
        os.write(self.master, text.encode())

    def said(self):
        return os.read(self.out, 65536).decode()

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def kill(self):
        if self.leader:
            os.kill(self.leader, signal.SIGKILL)
            os.waitpid(self.leader, 0)
        self.leader = 0

    def close(self):
        self.kill()
        for fd in (self.master, self.slave, self.out, self.told):
            os.close(fd)


def lead(slave, out, told, argv, front, env):
    null = os.open("/dev/null", os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        if front:
            os.tcsetpgrp(slave, os.getpid())
        for signo in (signal.SIGTTOU, signal.SIGPIPE):
            signal.signal(signo, signal.SIG_DFL)
        os.dup2(out, 1)
        os.execve(argv[0], argv, dict(PATH="/usr/bin:/bin", **env))
    os.close(out)
    os.write(told, b"%d\n" % pid)
    while True:
        status = os.waitpid(pid, os.WUNTRACED)[1]
        if os.WIFSTOPPED(status):
            os.write(told, b"stopped %d\n" % os.WSTOPSIG(status))
        elif os.WIFSIGNALED(status):
            os.write(told, b"killed %d\n" % os.WTERMSIG(status))
        else:
            os.write(told, b"exited %d\n" % os.WEXITSTATUS(status))
        if not os.WIFSTOPPED(status):
            while True:
                time.sleep(60)


def within(seconds, fn):
    end = time.monotonic() + seconds
    while not fn():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.01)


@test
def password():
    "a password is asked for and not seen"
    a = Asked(PASSWORD)
    assert a.seen("Password: ").endswith(PASSWORD)
    assert not a.echoes()
    a.types("tr\xe6wel pw\n")
    assert a.tell() == "exited 0"
    assert a.said() == "tr\xe6wel pw\n"
    assert "pw" not in a.rest()
    assert a.restored()
    a.close()


@test
def yes_or_no():
    "what answers ssh's own yes or no is seen"
    a = Asked("The authenticity of host 'jump' can't be established.\n"
              "Are you sure you want to continue connecting (yes/no)? ")
    a.seen("(yes/no)? ")
    a.types("yes\n")
    assert "yes" in a.seen("yes")
    assert a.tell() == "exited 0"
    assert a.said() == "yes\n"
    assert a.restored()
    a.close()


@test
def typed_before():
    "what was typed before the prompt is no answer to it"
    a = Asked(PASSWORD, ahead=b"too early\n")
    a.seen("Password: ")
    a.types("right\n")
    assert a.tell() == "exited 0"
    assert a.said() == "right\n"
    a.close()


def ended_by(signo, do):
    a = Asked(PASSWORD)
    a.seen("Password: ")
    a.types("secr")
    do(a)
    assert a.tell() == "killed %d" % signo
    assert a.said() == ""
    assert a.restored()
    a.close()


@test
def interrupted():
    "an interrupt from the keyboard ends it, with the terminal as it was"
    ended_by(signal.SIGINT, lambda a: a.types("\x03"))
    ended_by(signal.SIGQUIT, lambda a: a.types("\x1c"))


@test
def signalled():
    "so does any other signal that ends a process"
    for signo in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM,
                  signal.SIGPIPE):
        ended_by(signo, lambda a: os.kill(a.pid, signo))


@test
def stopped():
    "who stops it has the terminal as it was, and is asked anew afterwards"
    for how in ("keyboard", "signal"):
        a = Asked(PASSWORD)
        a.seen("Password: ")
        if how == "keyboard":
            a.types("\x1a")
        else:
            os.kill(a.pid, signal.SIGTSTP)
        assert a.tell() == "stopped %d" % signal.SIGTSTP
        assert a.restored()
        os.kill(a.pid, signal.SIGCONT)
        a.seen("Password: ")
        assert not a.echoes()
        a.types("right\n")
        assert a.tell() == "exited 0"
        assert a.said() == "right\n"
        assert a.restored()
        a.close()


@test
def background():
    "in the background it is stopped, and the terminal is not touched"
    a = Asked(PASSWORD, front=False)
    assert a.tell() == "stopped %d" % signal.SIGTTOU
    assert a.rest() == ""
    assert a.restored()
    a.close()


@test
def left_alone():
    "when ssh is killed it ends too, with the terminal as it was"
    a = Asked(PASSWORD)
    a.seen("Password: ")
    os.kill(a.leader, signal.SIGKILL)
    within(5, lambda: not os.path.exists("/proc/%d" % a.pid) or "Z" in
           open("/proc/%d/stat" % a.pid).read().rpartition(")")[2].split()[0])
    assert a.said() == ""
    assert a.restored()
    a.close()


@test
def end_of_file():
    "the end of file is no answer"
    a = Asked(PASSWORD)
    a.seen("Password: ")
    a.types("\x04")
    assert a.tell() == "exited 1"
    assert a.said() == ""
    assert a.restored()
    a.close()


@test
def empty():
    "an empty line is an answer"
    a = Asked(PASSWORD)
    a.seen("Password: ")
    a.types("\n")
    assert a.tell() == "exited 0"
    assert a.said() == "\n"
    a.close()


@test
def too_long():
    "more than ssh takes is no answer"
    for n, says in ((1023, "exited 0"), (1024, "exited 1")):
        a = Asked(PASSWORD)
        a.seen("Password: ")
        a.types("p" * n + "\n")
        assert a.tell() == says
        assert len(a.said()) == (n + 1 if n < 1024 else 0)
        assert a.restored()
        a.close()


@test
def raw():
    "a terminal that a remote shell has made raw takes a line all the same"
    a = Asked(PASSWORD, raw=True)
    a.seen("Password: ")
    a.types("right\r")
    assert a.tell() == "exited 0"
    assert a.said() == "right\n"
    assert a.restored()
    a.close()


@test
def escapes():
    "a prompt moves no cursor and clears no screen"
    a = Asked("(alice@jump) \x1b[2J\x1b[1;1H(root@bank)\r \x9b2J\x07: ")
    shown = a.seen(": ")
    assert not set(shown) & set("\x1b\x07\x9b"), repr(shown)
    assert "(alice@jump) " in shown
    a.types("x\n")
    assert a.tell() == "exited 0"
    a.close()


@test
def confirmed():
    "only a yes confirms what ssh wants to have confirmed"
    for answer, status, said in (("yes", 0, "yes\n"), ("YES", 0, "yes\n"),
                                 ("y", 1, ""), ("", 1, ""), ("no", 1, ""),
                                 ("yes ", 1, "")):
        a = Asked("Allow shared connection to jump? ",
                  SSH_ASKPASS_PROMPT="confirm")
        a.seen("yes/no")
        a.types(answer + "\n")
        assert a.tell() == "exited %d" % status, answer
        assert a.said() == said
        assert a.restored()
        a.close()


@test
def told():
    "what ssh only says is shown, and nobody has to answer"
    a = Asked("Confirm user presence for key ED25519-SK SHA256:x",
              SSH_ASKPASS_PROMPT="none")
    a.seen("Confirm user presence for key ED25519-SK SHA256:x")
    assert a.tell() == "exited 0"
    assert a.said() == ""
    assert a.restored()
    a.close()


sys.exit(run())
