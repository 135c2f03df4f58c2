#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The module under valgrind: loaded, called and unloaded, each call failing
# once. Whatever it leaks or reads too far is an error.

# shellcheck disable=SC2317 # the functions are run by name
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/check.sh
. tests/lib/check.sh
export BUILD=${BUILD:-build}
export FG_LOOPS=20

under_valgrind()
{
	want valgrind --quiet --error-exitcode=9 --leak-check=full \
	    --errors-for-leak-kinds=definite --trace-children=no \
	    --child-silent-after-fork=yes "$BUILD/pam/$1"
}

if ! command -v valgrind >/dev/null; then
	skip "PROC-03 the module under valgrind" "valgrind is not installed"
elif nm -D "$BUILD/pam_farmgate.so" | grep -Eq ' U __(asan|ubsan|tsan)_'; then
	skip "PROC-03 the module under valgrind" "it is sanitized"
elif [ "$(id -u)" -ne 0 ]; then
	skip "PROC-03 the module under valgrind" "not root"
else
	run "PROC-03 valgrind finds nothing in a report" \
	    under_valgrind test_report
	run "PAM-07 valgrind finds nothing when calls fail" \
	    under_valgrind test_failnth
	export FG_FILTER='proc_03*'
	run "PROC-03 valgrind finds nothing in loading and unloading" \
	    under_valgrind test_guest
fi
finish
