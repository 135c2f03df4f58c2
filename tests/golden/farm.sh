#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl farm over what several machines have exported: the clusters, in
# their order, and that a file which somebody wrote by hand does no harm.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
export TZ=UTC
one=tests/golden/farm_one.jsonl two=tests/golden/farm_two.jsonl

# STATUS ARGUMENT...: of farm, over all the years; its output is in $out.
says()
{
	local rc=0 status=$1

	shift
	"$ctl" farm --since 36500d "$@" >"$out" 2>&1 || rc=$?
	cat "$out"
	want_eq "$status" "$rc"
}

# MEMBER VALUE...: a line of an export, in which some members are other ones.
line()
{
	local member sep='{'
	local -A m=([source]='"192.0.2.1"' [person]='"alice"' [logins]=1
	    [first]=1767225600 [last]=1767225600 [host]='"one"')

	while [ $# -gt 0 ]; do
		m[$1]=$2
		shift 2
	done
	for member in "${!m[@]}"; do
		[ "${m[$member]}" != null ] || continue
		printf '%s"%s": %s' "$sep" "$member" "${m[$member]}"
		sep=', '
	done
	echo '}'
}

clusters_of_two_machines()
{
	says 0 "$one" "$two"
	want diff tests/golden/farm.txt "$out"
	says 0 "$two" "$one"
	want diff tests/golden/farm.txt "$out"
	cat "$one" "$two" | shuf --random-source="$one" >"$dir/all"
	says 0 "$dir/all"
	want diff tests/golden/farm.txt "$out"
}

# Alone, the one machine does not know who else was there.
clusters_of_one_machine()
{
	says 0 "$one"
	want_line '^1\. 4 people, 2 sources$' "$out"
	want_line '^2\. 3 people, 1 source, excused: office$' "$out"
	no_line erin "$out"
	says 0 "$two"
	want_eq 1 "$(grep -c '^[0-9]*\. ' "$out")"
}

json_is_one_cluster_a_line()
{
	says 0 --json "$one" "$two"
	want_eq 3 "$(wc -l <"$out")"
	want_eq '[1,5,2,2,false][2,2,1,1,false][3,4,1,2,true]' \
	    "$(jq -c '[.cluster, .people, .sources, .hosts, .excused]' "$out" |
		tr -d '\n')"
	want_eq '["carol","dave","erin","alice","alice","bob","carol"]' \
	    "$(head -n 1 "$out" | jq -c '[.logins[].person]')"
	want_eq '[1769904000,1772323200]' \
	    "$(head -n 1 "$out" | jq -c '[.first, .last]')"
	says 0 --json /dev/null
	want test ! -s "$out"
}

nobody_meets()
{
	says 0 /dev/null
	want_line '^no two people came from one place, or with one laptop$' "$out"
	head -n 1 "$one" >"$dir/a"
	tail -n 1 "$two" >>"$dir/a"
	says 0 "$dir/a"
	want_line '^no two people' "$out"
}

crowds_are_cut()
{
	local i

	for i in $(seq -w 50); do
		line person "\"user$i\""
		line person '"alice"' source "\"198.51.100.$((10#$i))\""
		line person '"bob"' source "\"198.51.100.$((10#$i))\""
	done >"$dir/a"
	says 0 "$dir/a"
	want_line '^1\. 50 people, 1 source$' "$out"
	want_line ' user20 \.\.\.$' "$out"
	no_line user21 "$out"
	want_line '^    and 30 sources more$' "$out"
	want_eq 21 "$(grep -c '^    address ' "$out")"
}

# Who came last within the time, and no others.
time_is_a_limit()
{
	local now

	now=$(date +%s)
	{
		line last "$((now - 86400 * 3))"
		line last "$((now - 86400 * 3))" person '"bob"'
		line last "$((now - 86400 * 40))" person '"carol"'
	} >"$dir/a"
	says 0 "$dir/a"
	want_line '^1\. 3 people' "$out"
	want_rc 0 "$ctl" farm "$dir/a" >"$out"
	want_line '^1\. 2 people' "$out"
	want_rc 0 "$ctl" farm --since 2d "$dir/a" >"$out"
	want_line '^no two people' "$out"
}

# FIX MEMBER VALUE...: the second line is not taken, and nothing is shown.
refused()
{
	{
		line
		line "$@"
		line person '"bob"'
	} >"$dir/a"
	says 2 "$dir/a"
	want_line "^farmgatectl: $dir/a:2: no line of farmgatectl farm --export" \
	    "$out"
	want_eq 1 "$(wc -l <"$out")"
}

wrong_lines_are_told()
{
	local text

	refused source null
	refused source '"example.com"'
	refused source '"192.0.2.1/24"'
	refused source 7
	refused person null
	refused person '""'
	refused person '["alice"]'
	refused logins 0
	refused logins -1
	refused logins 9223372036854775807
	refused logins '"3"'
	refused first null
	refused last null
	refused last -5
	refused why '"place"'
	refused why '""'
	refused why '"gateway"'
	for text in 0123456789abcde 0123456789abcdef0 0123456789ABCDEF \
	    '0123456789abcde ' 192.0.2.1 ''; do
		refused why '"gateway"' source "\"$text\""
		refused why '"peripheral"' source "\"$text\""
		refused why '"device"' source "\"$text\""
	done
	refused why '"device"' source "\"${KEY%=}\""
	refused why '"device"' source "\"x25519:${KEY#*:}\""
	refused why '"address"' source "\"$KEY\""
	for text in x '' '[]' '{' 'null' '{"a\u0000b":1}'; do
		{
			line
			printf '%s\n' "$text"
		} >"$dir/a"
		says 2 "$dir/a"
		want_line ":2: no line of" "$out"
	done
	{
		line
		printf '{"a\0b":1}\n'
	} >"$dir/a"
	says 2 "$dir/a"
	{
		line
		head -c 200000 /dev/zero | tr '\0' x
	} >"$dir/a"
	says 2 "$dir/a"
	want_line ":2: no line of" "$out"
}

# As much as lines may say does not overflow in sum.
large_numbers_are_summed()
{
	local i

	for i in $(seq 40); do
		line logins 1000000000 person "\"u$i\"" \
		    last 9223372036854775807
	done >"$dir/a"
	says 0 "$dir/a"
	want_line '40000000000 logins, last not known' "$out"
}

KEY=ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=

# WHY SOURCE PERSON [MEMBER VALUE]...: what a laptop has said.
said()
{
	local why=$1 source=$2 person=$3

	shift 3
	line why "\"$why\"" source "\"$source\"" person "\"$person\"" \
	    logins null first null "$@"
}

# Why they belong together is the first column.
sites_tie_people_together()
{
	{
		line
		line person '"bob"'
		said gateway 0123456789abcdef bob
		said gateway 0123456789abcdef carol
		said peripheral fedcba9876543210 carol
		said peripheral fedcba9876543210 dave
		said peripheral 0123456789abcdef alice	# of another kind
		said device "$KEY" dave asset '"LT-0042"'
		said device "$KEY" erin host '"two"' asset '"LT-0042"'
	} >"$dir/a"
	says 0 "$dir/a"
	want_line '^1\. 5 people, 4 sources, on 2 machines$' "$out"
	want_line '^    address    192\.0\.2\.1 +- +2 logins, last 2026-01-01' \
	    "$out"
	want_line '^    gateway    0123456789abcdef +last 2026-01-01' "$out"
	want_line '^    peripheral fedcba9876543210 +last 2026-01-01' "$out"
	want_line '^    device     LT-0042 +last 2026-01-01' "$out"
	want_line '^      dave erin$' "$out"
	want_eq 'address gateway peripheral device' \
	    "$(awk '/^    [a-z]/ { print $1 }' "$out" | xargs)"
	says 0 --json "$dir/a"
	want_eq '[["address","192.0.2.1",1],["gateway","0123456789abcdef",null],["peripheral","fedcba9876543210",null],["device","'"$KEY"'",null]]' \
	    "$(jq -c '[.logins[] | [.why, .source, .logins]] | unique |
		sort_by(.[0] | {address: 1, gateway: 2, peripheral: 3,
		    device: 4}[.])' "$out")"
	want_eq '["LT-0042","LT-0042"]' \
	    "$(jq -c '[.logins[].asset // empty]' "$out")"
	want_eq 1767225600 "$(jq .first "$out")"
}

# A site's digest means something to the host alone that has it.
a_site_may_be_excused()
{
	{
		said gateway 0123456789abcdef alice excused '"office"'
		said gateway 0123456789abcdef bob excused '"office"'
	} >"$dir/a"
	says 0 "$dir/a"
	want_line '^1\. 2 people, 1 source, excused: office$' "$out"
	said gateway 0123456789abcdef carol >>"$dir/a"
	says 0 "$dir/a"
	want_line '^1\. 3 people, 1 source$' "$out"
	want_line ', excused on one only$' "$out"
}

# Whoever wrote the file does not write on the terminal.
hostile_bytes_are_escaped()
{
	{
		line person '"a\u001b[2J\u202e"' excused '"x\u001b]0;y\u0007"' \
		    country '"N\nO"' host '"h\u001b"'
		line person '"b\nc d\u009b"' excused '"\u2028"' \
		    host '"two\u001b[2J"'
	} >"$dir/a"
	says 0 "$dir/a"
	want_line '^1\. 2 people, 1 source, on 2 machines, excused: ' "$out"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	want_eq 3 "$(wc -l <"$out")"
	says 0 --json "$dir/a"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	mv "$dir/a" "$dir/$(printf 'a\033[2J')"
	echo >>"$dir/$(printf 'a\033[2J')"
	says 2 "$dir/$(printf 'a\033[2J')"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
}

unreadable_files_are_errors()
{
	says 2 "$dir/none"
	want_line 'none: No such file' "$out"
	says 2 "$dir"
	want_line 'Is a directory' "$out"
	says 2 "$one" "$dir/none"
	no_line people "$out"
}

full_disk_is_an_error()
{
	local rc=0

	"$ctl" farm --since 36500d "$one" >/dev/full || rc=$?
	want_eq 2 "$rc"
}

run "farm: clusters of two machines are the golden ones" \
    clusters_of_two_machines
run "farm: one machine knows less" clusters_of_one_machine
run "farm: JSON is one cluster a line" json_is_one_cluster_a_line
run "farm: nobody meets" nobody_meets
run "farm: crowds are cut" crowds_are_cut
run "farm: what is too long ago does not count" time_is_a_limit
run "farm: what laptops have said ties people together" \
    sites_tie_people_together
run "farm: a gateway may be excused" a_site_may_be_excused
run "farm: wrong lines are told, and nothing is shown" wrong_lines_are_told
run "farm: large numbers are summed" large_numbers_are_summed
run "farm: hostile bytes are escaped" hostile_bytes_are_escaped
run "farm: unreadable files are errors" unreadable_files_are_errors
run "farm: a full disk is an error" full_disk_is_an_error
finish
