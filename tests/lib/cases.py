# SPDX-License-Identifier: BSD-2-Clause
#
# Tests that are Python functions: each is marked with @test, and its
# docstring is its name. Says of them what check.sh says of its own.

import traceback

TESTS = []


def test(fn):
    TESTS.append(fn)
    return fn


def run():
    """Returns the exit status of the program."""
    failed = 0
    for fn in TESTS:
        try:
            fn()
            print("PASS " + fn.__doc__, flush=True)
        except BaseException:
            failed += 1
            print("FAIL " + fn.__doc__, flush=True)
            for line in traceback.format_exc().splitlines():
                print("    | " + line, flush=True)
    return 1 if failed else 0
