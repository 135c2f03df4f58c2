# SPDX-License-Identifier: BSD-2-Clause
#
# Runs a program on a terminal of its own and types what it asks for. Usage:
# type.py [-a NAME] [-e PROMPT] [PROMPT ANSWER]... -- PROGRAM [ARGUMENT...]; with
# -a the terminal's name is that one, such as /dev/tty1; with -e Enter is pressed
# as often as that prompt comes, beside the others. What the program prints goes
# to stdout. Exit status: that of the program, 254 if it was ended after 15
# seconds.

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time


def arguments(args):
    name = enter = None
    if args[0] == "-a":
        name, args = args[1], args[2:]
    if args[0] == "-e":
        enter, args = args[1].encode(), args[2:]
    end = args.index("--")
    asked = list(zip(args[0:end:2], args[1:end:2]))
    return name, enter, asked, args[end + 1:]


def named(slave, name):
    """Bind the terminal to a file of that name, made if need be."""
    open(name, "a").close()
    subprocess.run(["mount", "--bind", os.ttyname(slave), name], check=True)


def start(path, program):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fd = os.open(path, os.O_RDWR)
        fcntl.ioctl(fd, termios.TIOCSCTTY, 0)
        for n in range(3):
            os.dup2(fd, n)
        os.closerange(3, 64)
        os.environ["TERM"] = "dumb"
        os.execvp(program[0], program)
    return pid


def await_reader(pid):
    """Some throw away what was typed before they read: they sleep then."""
    end = time.monotonic() + 2
    while time.monotonic() < end:
        with open(f"/proc/{pid}/stat") as stat:
            if stat.read().rpartition(")")[2].split()[0] == "S":
                return
        time.sleep(0.005)


def answer_to(seen, enter, asked):
    """What is to be typed now, or None."""
    if enter and enter in seen:
        return ""
    if asked and asked[0][0].encode() in seen:
        return asked.pop(0)[1]
    return None


def converse(master, pid, enter, asked):
    """True once the program has closed the terminal."""
    seen = b""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if not select.select([master], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(master, 4096)
        except OSError:
            return True
        if not data:
            return True
        sys.stdout.write(data.decode("utf-8", "replace"))
        sys.stdout.flush()
        seen += data
        answer = answer_to(seen, enter, asked)
        if answer is not None:
            await_reader(pid)
            os.write(master, answer.encode() + b"\n")
            seen = b""
    return False


def main():
    name, enter, asked, program = arguments(sys.argv[1:])
    master, slave = pty.openpty()
    if name:
        named(slave, name)
    pid = start(name or os.ttyname(slave), program)
    os.close(slave)
    over = converse(master, pid, enter, asked)
    if not over:
        os.kill(pid, 9)
    os.close(master)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if name:
        subprocess.run(["umount", name], check=True)
    sys.exit(status if over and status >= 0 else 254)


main()
