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

	n=$(grep -cE '^   (alice|bob|carol|dave) .* [0-9A-Z]{4}-[0-9A-Z]{4}$' "$OUT")
	echo "$n rows"
	want test "$n" -ge 23
	want_line '^   bob +8\.8\.8\.8 +US +geo\.country( [a-z.:]+)* +deny ' "$OUT"
	want_line '^   alice +127\.0\.0\.2 \(session\) +NO ' "$OUT"
	want_line 'allow \(would deny\)' "$OUT"
	want_line 'next: ' "$OUT"
	want_line 'reason=daemon_unreachable' "$OUT"
	want_line '^ +ok [0-9]+ [0-9a-f]{64}$' "$OUT"
	want_line ' except add alice .* --reason "conference in Tokyo"$' "$OUT"
}

# Each refusal of the people's section for what stands above its row.
people()
{
	row_below 'at home:' '[^ ]+ +[^ ]+ +NO +- +allow'
	row_below 'abroad:' 'alice +[^ ]+ +JP +geo\.country\>.* deny'
	row_below 'out of hours:' 'carol +[^ ]+ +NO +time\.hours +deny'
	row_below 'gone since January:' \
	    'dave +[^ ]+ +NO +person\.revoked +deny'
	row_below 'on a list of VPN exits.*' \
	    'alice +[^ ]+ +SE +.*net\.anonymizer:vpn\>.* deny'
	want_line '^   alice +133\.11\.0\.1 +JP +geo\.country\>.* allow' "$OUT"
	[ -s "$top/build/geo/asn.mmdb" ] || return 0
	row_below 'in a data centre, and far from home.*' \
	    'bob +[^ ]+ +DE +geo\.distance net\.hosting +deny'
}

# LINE ROW, expressions
row_below()
{
	want grep -Eq "^   $2 " <(grep -Ex -A 1 "   $1" "$OUT")
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
run "demo: the people are refused for what is not usual for them" people
run "demo: no colour where there is no terminal" no_colour
run "demo: the machine is as it was" no_trace
finish
