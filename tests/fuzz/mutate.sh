#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Each fuzz target mutates its own seeds, always in the same way, without a
# fuzzer: 20,000 times, databases 100,000 times, and a million times the messages,
# which are what the module and anybody at the sockets send. With LONG=1, as "make
# check-asan" has it, ten times as often. No input may take 50 ms or 64 MiB.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

T_LOG=$(mktemp)
WORK=$(mktemp -d)
trap 'rm -rf "$T_LOG" "$WORK"' EXIT
BUILD=${BUILD:-build}

is_sanitized()
{
	nm "$BUILD/fuzz/fuzz_msg" | grep -q __asan_
}

count_of()
{
	local times=1

	[ "${LONG:-0}" -eq 0 ] || times=10
	case $1 in
	fuzz_geo)	echo $((100000 * times)) ;;
	fuzz_msg)	echo $((1000000 * times)) ;;
	*)		echo $((20000 * times)) ;;
	esac
}

# How many of a hundred lines of the functions that decode were reached.
decoder_coverage()
{
	(cd "$WORK" && gcov -nf ./*.gcda) | awk '
	    /^Function .*get_/ { decodes = 1; next }
	    /^Lines executed:/ && decodes {
		split($0, part, /[:% ]/)
		lines += $NF
		reached += part[3] * $NF / 100
	    }
	    { decodes = 0 }
	    END { printf "%d%% of %d\n", reached * 100 / lines, lines }'
}

decoders_are_reached()
{
	local reached

	want gcc --coverage -DFUZZ_STANDALONE -std=c11 -D_GNU_SOURCE -I. \
	    -o "$WORK/fuzz_msg" tests/fuzz/fuzz_msg.c proto/buf.c \
	    proto/msg.c proto/msg_challenge.c proto/msg_control.c \
	    proto/msg_witness.c
	want "$WORK/fuzz_msg" -n 1000000
	reached=$(decoder_coverage)
	echo "$reached lines"
	want test "${reached%%%*}" -ge 95
}

for target in "$BUILD"/fuzz/fuzz_*; do
	[ -x "$target" ] && [ -f "$target" ] || continue
	name=${target##*/}
	count=$(count_of "$name")
	run "fuzz: $name survives $count mutations" \
	    want timeout 300 "$target" -n "$count"
done
if is_sanitized; then
	skip "IPC-12 the mutations reach 95 of 100 decoder lines" "a sanitizer's turn"
elif ! command -v gcov >/dev/null; then
	skip "IPC-12 the mutations reach 95 of 100 decoder lines" "no gcov"
else
	run "IPC-12 the mutations reach 95 of 100 decoder lines" decoders_are_reached
fi
finish
