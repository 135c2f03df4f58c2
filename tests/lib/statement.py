# SPDX-License-Identifier: BSD-2-Clause
#
# What stands for a laptop's statement in tests that need none with content:
# as long as one may be, and only right for this token, user and host.

import base64
import hashlib
import os

PREFIX = "farmgate-statement-v1."
KIND = "farmgate-challenge-v1."
LENGTH = 1000


def digits(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def token(host_id):
    """One of the host with these 16 bytes, with a number not used before."""
    return KIND + digits(host_id + os.urandom(16))


def host_of(word):
    return base64.urlsafe_b64decode(word[len(KIND):] + "=")[:16]


def answer(word, user, host):
    seed = "\0".join((word, user, host)).encode("utf-8", "surrogateescape")
    return PREFIX + digits(hashlib.shake_128(seed).digest(LENGTH))[
        :LENGTH - len(PREFIX)]
