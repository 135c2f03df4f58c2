#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Each fuzz target mutates its own seeds, always in the same way, without a
# fuzzer. COUNT in the environment says how often (default 20000).

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

T_LOG=$(mktemp)
trap 'rm -f "$T_LOG"' EXIT
COUNT=${COUNT:-20000}

for target in "${BUILD:-build}"/fuzz/fuzz_*; do
	[ -x "$target" ] && [ -f "$target" ] || continue
	name=${target##*/}
	run "fuzz: $name survives $COUNT mutations" \
	    want timeout 300 "$target" -n "$COUNT"
done
finish
