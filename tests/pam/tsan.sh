#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The module and the threads that call it, watched by ThreadSanitizer. They are
# built for it here, in a folder of their own: it knows only what it has built.

# shellcheck disable=SC2317 # the functions are run by name
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/check.sh
. tests/lib/check.sh
tsan=build-tsan
name="PROC-04 ThreadSanitizer finds no race in sixteen threads"

T_LOG=$(mktemp)
WORK=$(mktemp -d)
trap 'rm -rf "$T_LOG" "$WORK"' EXIT

# It dislikes how far some kernels spread a program's addresses.
steady()
{
	setarch "$(uname -m)" -R "$@"
}

can_run()
{
	echo 'int main(void) { return 0; }' |
	    ${CC:-cc} -fsanitize=thread -x c -o "$WORK/empty" - &&
	    steady "$WORK/empty"
}

built()
{
	env -u MAKEFLAGS -u MAKELEVEL make -s BUILD="$tsan" SANITIZE=thread \
	    "$tsan/pam_farmgate.so" "$tsan/pam/test_guest"
}

finds_no_race()
{
	want built
	want grep -q '__tsan_write' <(nm -D "$tsan/pam_farmgate.so")
	BUILD=$tsan FG_FILTER='proc_04*' want steady "$tsan/pam/test_guest"
}

if nm -D "${BUILD:-build}/pam_farmgate.so" | grep -Eq ' U __(asan|ubsan)_'; then
	skip "$name" "another sanitizer's turn"
elif ! can_run >/dev/null 2>&1; then
	skip "$name" "no ThreadSanitizer runs here"
else
	run "$name" finds_no_race
fi
finish
