#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Each fuzz target mutates its own seeds, always in the same way, without a
# fuzzer: 20,000 times, databases 100,000 times, and a million times the messages,
# which are what the module and anybody at the sockets send, and the statements of
# laptops. With LONG=1, as "make check-asan" has it, ten times as often, keys ten
# million times as well, and what signs or writes each of its inputs as often as
# about a minute has room for. No input may take 50 ms or 64 MiB.

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

# TARGET: usually, and with LONG=1.
count_of()
{
	case $1 in
	fuzz_msg | fuzz_statement)
			set -- 1000000 10000000 ;;
	fuzz_ssh_key)	set -- 20000 10000000 ;;
	fuzz_geo)	set -- 100000 1000000 ;;
	fuzz_enrolment)	set -- 20000 700000 ;;
	fuzz_asset_csv)	set -- 20000 500000 ;;
	fuzz_answer)	set -- 20000 250000 ;;
	*)		set -- 20000 200000 ;;
	esac
	[ "${LONG:-0}" -eq 0 ] && echo "$1" || echo "$2"
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

[ "${LONG:-0}" -eq 0 ] && limit=300 || limit=1800
for target in "$BUILD"/fuzz/fuzz_*; do
	[ -x "$target" ] && [ -f "$target" ] || continue
	name=${target##*/}
	count=$(count_of "$name")
	run "fuzz: $name survives $count mutations" \
	    want timeout "$limit" "$target" -n "$count"
done
if is_sanitized; then
	skip "IPC-12 the mutations reach 95 of 100 decoder lines" "a sanitizer's turn"
elif ! command -v gcov >/dev/null; then
	skip "IPC-12 the mutations reach 95 of 100 decoder lines" "no gcov"
else
	run "IPC-12 the mutations reach 95 of 100 decoder lines" decoders_are_reached
fi
finish
