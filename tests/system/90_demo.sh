#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The demo says what it must, and the machine is as it was afterwards.

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/lib/check.sh"

T_LOG=$(mktemp)
OUT=$(mktemp)
trap 'rm -f "$T_LOG" "$OUT"' EXIT

demo()
{
	want "$top/tests/demo/demo.sh" >"$OUT" 2>&1
	sed -n '/UNEXPECTED/p;/not found/p' "$OUT"
	[ -z "$T_BAD" ] || cat "$OUT"
	want_line '^Every login ended as it should' "$OUT"
	no_line 'UNEXPECTED|command not found|\bNOT as it was' "$OUT"
}

verdicts()
{
	local n

	n=$(grep -cE '^   (alice|bob) .* [0-9A-Z]{4}-[0-9A-Z]{4}$' "$OUT")
	echo "$n rows"
	want test "$n" -ge 15
	want_line '^   bob +8\.8\.8\.8 +US +geo\.country( [a-z.:]+)* +deny ' "$OUT"
	want_line '^   alice +127\.0\.0\.2 \(session\) +NO ' "$OUT"
	want_line 'allow \(would deny\)' "$OUT"
	want_line 'next: ' "$OUT"
	want_line 'reason=daemon_unreachable' "$OUT"
	want_line '^ +ok [0-9]+ [0-9a-f]{64}$' "$OUT"
}

no_colour()
{
	no_line $'\033' "$OUT"
}

no_trace()
{
	want_line '^this machine is as it was' "$OUT"
	want test ! -e /run/farmgate-test
}

run "demo: every login ends as the demo says it does" demo
run "demo: the table, the explanation and the records are there" verdicts
run "demo: no colour where there is no terminal" no_colour
run "demo: the machine is as it was" no_trace
finish
