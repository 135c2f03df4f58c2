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

# A wrong code twice, the right one, the same again, and a key alone.
step_up()
{
	local row='^   alice +127\.0\.0\.3 +BR +geo\.country'

	want_eq 3 "$(grep -cE "$row challenge\.failed +deny " "$OUT")"
	want_eq 1 "$(grep -cE "$row +allow [^(]" "$OUT")"
	want_line "$row challenge\.impossible +deny " "$OUT"
	want_line '^ +One-time code: [0-9]{6}$' "$OUT"
	want_line 'log in with keyboard-interactive' "$OUT"
	want_line '^ +bob@jumphost waits: approve [0-9A-Z-]{9}\?$' "$OUT"
	want_line '^ +[0-9A-Z-]{9} +approved since .*: bob by' "$OUT"
	want_line '^   bob +127\.0\.0\.3 +BR +geo\.country +allow ' "$OUT"
}

# The first session's reference stands in the evidence, a person thrown out
# lets go of their client.
sessions()
{
	local ref

	want_line '^ +alice +sshd +127\.0\.0\.2 +NO oslo .* open ' "$OUT"
	ref=$(sed -nE 's/^ +alice +sshd +127.* open +([0-9A-Z-]{9}).*/\1/p' "$OUT")
	want_line '^   alice +127\.0\.0\.5 +SE +session\.places +deny ' "$OUT"
	want_line "from 127\.0\.0\.5 \(SE, malmo\), and in as well: $ref" "$OUT"
	want_line '^   carol +129\.240\.2\.77 +NO +session\.shared_source +deny ' \
	    "$OUT"
	want_line '^ +1\. 3 people, 2 sources$' "$OUT"
	want_line '^ +2\. 2 people, 1 source, excused: the machine itself$' "$OUT"
	want_line '^ +alice bob$' "$OUT"
	want_line '^ +bob carol$' "$OUT"
	want_line '^ +revoked: bob +in force .*: left the company$' "$OUT"
	want_line '^ +ended, [0-9]+ processes$' "$OUT"
	want_line '^ +Connection .* closed by remote host' "$OUT"
	want_line '^   bob +127\.0\.0\.2 +NO +person\.revoked +deny ' "$OUT"
	want_line '^ +no longer revoked: bob ' "$OUT"
}

# Running it is logged, and in use it ends who is in and refuses who comes.
remote()
{
	local tool='desk-help: .*/desk-help, pid [0-9]+, 127\.0\.0\.1:[0-9]+ connected'

	want_line '^   alice +127\.0\.0\.2 +NO +remote\.tool:running +allow ' "$OUT"
	want_line "remote\.tool:active = terminate: $tool" "$OUT"
	want_line '^   alice +127\.0\.0\.2 +NO +remote\.tool:active +deny ' "$OUT"
	want_line '^ +remote\.tool +active +rmm +root +desk-help$' "$OUT"
}

# The other host refuses whom the first one has dismissed, and its next bundle
# lets him in again.
bundle()
{
	want_line '^ +ed25519:[A-Za-z0-9+/]{43}=$' "$OUT"
	want_line '^ +revoked  bob$' "$OUT"
	want_line '^ +bundle: serial [0-9]+, made .*: revocations 1, 1 new$' \
	    "$OUT"
	want_line '^   bob +129\.240\.2\.6 +NO +person\.revoked +deny ' "$OUT"
	want_line '^ +restored bob$' "$OUT"
	want_line '^   bob +129\.240\.2\.6 +NO +- +allow ' "$OUT"
}

journey()
{
	want_line '^   alice +133\.11\.0\.1 +JP +geo\.country.* geo\.travel +deny ' \
	    "$OUT"
	want_line '^ +[78][0-9]{3} km in [0-9]+ s, [0-9]+ km/h where 900 is' "$OUT"
	want_line 'from 129\.240\.2\.6 \(NO, AS224\)' "$OUT"
}

# Each refusal for what stands above it, and none of them a finding beside it.
laptop()
{
	local address='127\.0\.0\.2 +NO'

	want_line '^ +enrolled: LT-0042$' "$OUT"
	want_line '^ +farmgate-attest: a statement of this laptop goes to jumphost' \
	    "$OUT"
	row_after 'her own laptop:' "alice +$address +- +allow "
	row_after 'a machine that has nothing to say:' \
	    "alice +$address .*device\.unenrolled:unattested .* deny "
	grep -q '^   (not shown: ' "$OUT" || steered
	row_after 'the same laptop in other hands:' \
	    "bob +$address +device\.unissued +deny "
	row_after 'its key, copied to another machine:' \
	    "alice +$address +device\.mismatch:strong +deny "
	row_after 'and by that .*' "alice +$address +device\.clone +deny "
}

steered()
{
	row_after 'somebody steers hers by x11vnc, .*' \
	    "alice +127\.0\.0\.2 +NO +.*remote\.session.* +deny "
	want_line '^ +x11vnc: attested by LT-0042$' "$OUT"
}

# LINE ROW, expressions: the first row behind it.
row_after()
{
	want grep -Eq "^   $2" <(sed -nE "/^   $1\$/,/^   (alice|bob) /p" "$OUT" |
	    tail -n 1)
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
run "demo: a code, a wrong one, and a second person" step_up
run "demo: two places, three people, and one who is out" sessions
run "demo: a tool that steers the machine, at login and while logged in" remote
run "demo: who is out is out on another host, too" bundle
if [ -s "$top/build/geo/city-ipv4.mmdb" ]; then
	run "demo: nobody is in Oslo and in Tokyo" journey
else
	skip "demo: nobody is in Oslo and in Tokyo" "no city database"
fi
run "demo: laptops that were issued, one in other hands, and a copy" laptop
run "demo: no colour where there is no terminal" no_colour
run "demo: the machine is as it was" no_trace
finish
