# SPDX-License-Identifier: BSD-2-Clause
#
# How long it takes from an answer to what it leads to, by what was answered.
# Usage: prove.py enrol COUNT | prove.py pam|ssh FIRST COUNT JOBS SEED. "enrol"
# prints a line for each of the people who have codes, with their seed; the
# others read these, take COUNT samples of each case, with the people from FIRST
# on, so many at once and in an order that the seed gives, and print tables. No
# person gives two right codes, and no back-off comes between.

import base64
import concurrent.futures
import hmac
import logging
import os
import random
import re
import socket
import subprocess
import sys
import time

# What somebody answers; who they are, and the second byte of where they come
# from: prove.sh says what is done about these.
CASES = {
    "wrong code": ("e", 10, ["wrong"]),
    "right code, refused by the policy": ("d", 11, ["right"]),
    "unknown user": ("nobody-", 12, ["wrong"]),
    "no codes enrolled": ("m", 13, ["wrong"]),
    "wrong code, wrong serial number": ("e", 14, ["wrong", "serial"]),
    "right code, wrong serial number": ("s", 15, ["right", "serial"]),
}
ENROLLED = "eds"
# What is seen, and which of the answers it is behind; the first of each is
# what the others are compared with.
TABLES = [
    ("one question: from the answer to the refusal", list(CASES)[:4], 0),
    ("two questions: from the first answer to the second question",
     list(CASES)[4:], 0),
    ("two questions: from the second answer to the refusal",
     list(CASES)[4:], 1),
]


def code(seed, ahead=0):
    """The code of now, or of so many steps on."""
    step = int(time.time()) // 30 + ahead
    mac = hmac.digest(base64.b32decode(seed), step.to_bytes(8, "big"), "sha1")
    at = mac[-1] & 15
    return "%06d" % ((int.from_bytes(mac[at:at + 4], "big") & 0x7fffffff) %
                     1000000)


def wrong_code(seed):
    """One that is none of those that count now."""
    near = [code(seed, n) for n in range(-2, 3)]
    return next(c for c in map("{:06d}".format, range(6)) if c not in near)


def text_of(answer, seed):
    if answer == "serial":
        return "PF-0000"
    if answer == "right":
        return code(seed, 1)  # that of now has enrolled them
    return wrong_code(seed) if seed else "000000"


# ---- people -----------------------------------------------------------------

def enrol(name):
    p = subprocess.Popen(["farmgatectl", "totp", "enrol", name],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True)
    seed = next(line for line in p.stdout if line.startswith("secret: "))
    seed = seed.split()[1]
    p.communicate(code(seed) + "\n")
    if p.returncode != 0:
        sys.exit("bench: %s was not enrolled" % name)
    return seed


# ---- one sample -------------------------------------------------------------

def read_until(fd, pattern):
    seen = b""
    while not re.search(pattern, seen):
        data = os.read(fd, 4096)
        if not data:
            sys.exit("bench: pamtester has ended: %r" % seen)
        seen += data
    return time.monotonic_ns()


def by_pam(user, source, answers):
    p = subprocess.Popen(["pamtester", "-I", "rhost=" + source, "sshd", user,
                          "authenticate"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    out, took = p.stdout.fileno(), []
    read_until(out, rb": $")
    for n, answer in enumerate(answers):
        begun = time.monotonic_ns()
        os.write(p.stdin.fileno(), answer.encode() + b"\n")
        end = rb": $" if n + 1 < len(answers) else rb"pamtester: .*failure"
        took.append(read_until(out, end) - begun)
    p.stdin.close()
    if p.wait() != 1:
        sys.exit("bench: %s was not refused" % user)
    return took


def by_ssh(user, source, answers):
    import paramiko
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    given, asked = [], []

    def answer(title, text, prompts):
        if not prompts:
            return []
        asked.append(time.monotonic_ns())
        given.append(time.monotonic_ns())
        return [answers[len(given) - 1]]

    s = socket.socket()
    s.bind((source, 0))
    s.connect(("127.0.0.1", 22))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    t = paramiko.Transport(s)
    try:
        t.start_client(timeout=30)
        t.auth_interactive(user, answer)
        sys.exit("bench: %s was not refused" % user)
    except paramiko.AuthenticationException:
        asked.append(time.monotonic_ns())
    finally:
        t.close()
    if len(given) != len(answers):
        sys.exit("bench: %s was asked %d times" % (user, len(given)))
    return [asked[n + 1] - given[n] for n in range(len(given))]


def sample(how, seeds, case, n):
    who, byte, answers = CASES[case]
    user = "%s%d" % (who, n)
    source = "127.%d.%d.%d" % (byte, n // 200, n % 200 + 1)
    texts = [text_of(a, seeds.get(user)) for a in answers]
    return case, (by_pam if how == "pam" else by_ssh)(user, source, texts)


# ---- the tables -------------------------------------------------------------

def percentile(sorted_ns, percent):
    rank = (len(sorted_ns) * percent + 99) // 100
    return sorted_ns[rank - 1] / 1e6


def print_tables(took):
    for title, cases, n in TABLES:
        print("\n%s\n%-36s %7s %9s %9s %9s" % (
            title, "milliseconds", "samples", "median", "p95", "compared"))
        first = None
        for case in cases:
            ns = sorted(t[n] for t in took[case])
            median = percentile(ns, 50)
            print("%-36s %7d %9.2f %9.2f %9s" % (
                case, len(ns), median, percentile(ns, 95),
                "-" if first is None else "%+.2f" % (median - first)))
            first = median if first is None else first


def measure(how, first, count, jobs, seed):
    seeds = dict(line.split() for line in sys.stdin)
    todo = [(case, n) for case in CASES for n in range(first, first + count)]
    random.Random(seed).shuffle(todo)
    took = {case: [] for case in CASES}
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        for done in concurrent.futures.as_completed(
                [pool.submit(sample, how, seeds, *t) for t in todo]):
            case, ns = done.result()
            took[case].append(ns)
    print_tables(took)


if sys.argv[1] == "enrol":
    names = [w + str(n) for w in ENROLLED for n in range(int(sys.argv[2]))]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for pair in zip(names, pool.map(enrol, names)):
            print(*pair)
else:
    measure(sys.argv[1], *map(int, sys.argv[2:6]))
