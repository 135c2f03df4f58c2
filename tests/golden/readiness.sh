#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl readiness over given audit files: each kind of item, what is put
# together, what is settled by now, and that files which somebody wrote by hand
# do no harm. No daemon runs here, which is an item itself.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=$(realpath "${BUILD:-build}/farmgatectl")
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
export TZ=UTC
chmod 0755 "$dir" # also for the user who reads the store in root's place

mkdir "$dir/pam.d"
for service in xrdp-sesman cockpit; do
	printf '%s required pam_farmgate.so observe on_error=allow\n' \
	    account session >"$dir/pam.d/$service"
done
echo 'account required pam_farmgate.so' >"$dir/pam.d/sudo"
cat >"$dir/farmgate.conf" <<END
audit = "$dir/audit.jsonl"
state = "$dir/state"
network berlin { cidr = {"198.51.100.0/24"} place = "DE" }
network paris { cidr = {"203.0.113.0/24"} place = "FR" }
policy staff {
	countries = {"DE"}
	actions = {"geo.country = deny"}
}
END
chmod 0644 "$dir/farmgate.conf"

# FILE: of the lines on standard input.
records()
{
	python3 tests/golden/readiness.py >"$1"
}

# STATUS ARGUMENT...: of readiness, over all the years; its output is in $out.
says()
{
	local rc=0 status=$1

	shift
	"$ctl" -S "$dir/run" readiness --since 36500d --wtmp "$dir/wtmp" \
	    --config "$dir/farmgate.conf" --confdir "$dir/pam.d" \
	    "$@" >"$out" 2>"$dir/err" || rc=$?
	cat "$out" "$dir/err"
	want_eq "$status" "$rc"
}

wtmp()
{
	python3 tests/lib/wtmp.py "$dir/wtmp"
}

# What a fortnight of observing leaves behind.
fortnight()
{
	cat <<-EOF
	2026-03-01T08:00:00.000000Z remote sshd root/alice 198.51.100.7 DE allow observe
	2026-03-01T08:00:01.000000Z open 0000-0001
	2026-03-02T08:00:00.000000Z remote sshd root/alice 203.0.113.7 FR deny observe geo.country=deny@7
	2026-03-03T08:00:00.000000Z remote sshd root/alice 203.0.113.8 FR deny observe geo.country=deny@7 net.listed:vpn=log
	2026-03-03T08:00:00.000000Z remote sshd bob 192.0.2.1 US deny observe net.anonymizer:vpn=deny
	2026-03-04T08:00:00.000000Z remote sshd bob 192.0.2.1 US deny observe no_policy=deny
	2026-03-05T08:00:00.000000Z remote sshd - 192.0.2.1 US deny observe user_unknown=deny
	2026-03-06T08:00:00.000000Z nested sudo bob local - deny observe session.limit=deny@9
	2026-03-07T08:00:00.000000Z console login carol/? console - allow enforce
	2026-03-08T08:00:00.000000Z remote xrdp-sesman dave 192.0.2.9 BR deny enforce geo.country=deny
	2026-03-09T08:00:00.000000Z close 0000-0001
	2026-03-15T08:00:00.000000Z remote sshd root/alice 198.51.100.7 DE allow observe
	EOF
}

# Before the first record, within a session, after it, and in none.
terminals()
{
	cat <<-EOF
	user 801 pts/0 dave 198.51.100.9 1772000000
	user 802 pts/1 root 198.51.100.7 1772352003
	user 803 pts/2 root 198.51.100.7 1772600000
	user 804 pts/3 root 198.51.100.7 1773200000
	user 805 pts/3 root 203.0.113.9 1772352003
	user 806 pts/4 erin 203.0.113.9 1772800000
	user 807 pts/5 erin gate.example.com 1772900000
	user 808 pts/6 erin :pts/5:S.0 1772900001
	user 809 tty1 erin - 1772900002
	EOF
}

every_item_has_its_line()
{
	fortnight | records "$dir/audit.jsonl"
	terminals | wtmp
	says 1
	want diff tests/golden/readiness.txt "$out"
	want_line 'run: No such file' "$dir/err"
}

as_json()
{
	says 1 --json
	want_eq 1 "$(wc -l <"$out")"
	want_eq "$(grep -c '^[0-9]*\. ' tests/golden/readiness.txt)" \
	    "$(jq '.items | length' "$out")"
	want_eq "$(jq .count "$out")" "$(jq '.items | length' "$out")"
	want_eq 'false' "$(jq .ready "$out")"
	want_eq '["alice","root","sshd","geo.country",2,"0000-0004",["FR"]]' \
	    "$(jq -c '.items[] | select(.person == "alice") |
		[.person, .user, .service, .reasons, .logins, .ref, .from]' "$out")"
	want_eq true "$(jq '.items[] | select(.kind == "challenge").challenge' \
	    "$out")"
	want_eq "$(grep '^[0-9]*\. ' tests/golden/readiness.txt |
	    sed 's/^[0-9]*\. //')" "$(jq -r '.items[].text' "$out")"
}

only_the_service_that_is_asked_for()
{
	says 1 sudo login
	want_line '^[0-9]*\. bob: sudo would have refused 1 login for session' \
	    "$out"
	no_line 'sshd|xrdp|terminal' "$out"
	says 1 cockpit
	want_line '^1\. no login was decided since' "$out"
	says 1 sshd su
	want_line '^[0-9]*\. su: none of its logins was decided' "$out"
}

# What was refused before the configuration was mended is no item after.
what_is_mended_is_settled()
{
	sed 's/"DE"}$/"DE", "FR"}/' "$dir/farmgate.conf" >"$dir/mended.conf"
	chmod 0644 "$dir/mended.conf"
	says 1 --config "$dir/mended.conf"
	no_line 'alice .*: sshd would' "$out"
	want_line '^note: 1 reason to refuse somebody in that time is settled' \
	    "$out"
	want_line '^[0-9]*\. bob: sudo would have' "$out"
	sed 's/"DE"}$/"DE", "FR/' "$dir/farmgate.conf" >"$dir/broken.conf"
	says 1 --config "$dir/broken.conf" --audit "$dir/audit.jsonl"
	want_line '^[0-9]*\. the configuration cannot be used: .*broken.conf:' \
	    "$out"
	want_line 'alice .*: sshd would' "$out"
}

# As long as nothing answers, a challenge refuses.
methods_make_challenges()
{
	{ echo 'step_up = {"totp"}'; cat "$dir/farmgate.conf"; } \
	    >"$dir/asking.conf"
	chmod 0644 "$dir/asking.conf"
	says 1 --config "$dir/asking.conf"
	want_line '^[0-9]*\. bob: sshd would challenge 1 login for net.anonym' \
	    "$out"
	want_line '^[0-9]*\. bob: sshd would have refused 1 login for no_pol' \
	    "$out"
	want_line '^note: whether everybody can answer a challenge is not' \
	    "$out"
}

short_and_missing_observation()
{
	mv "$dir/audit.jsonl" "$dir/kept"
	says 1
	want_line '^1\. no login was decided since' "$out"
	: >"$dir/audit.jsonl"
	says 1
	want_line '^1\. no login was decided since' "$out"
	grep '^2026-03-0[13]' <<<"$(fortnight)" | records "$dir/audit.jsonl"
	says 1
	want_line '^1\. the logins that were decided are of 3 days only, since 2026-03-01 08:00' \
	    "$out"
	mv "$dir/kept" "$dir/audit.jsonl"
}

rotated_files_are_read()
{
	fortnight | records "$dir/all"
	head -n 4 "$dir/all" >"$dir/audit-2026-03-03.jsonl"
	sed -n 5,8p "$dir/all" >"$dir/audit.jsonl.1"
	touch -d 2026-03-04 "$dir/audit-2026-03-03.jsonl"
	touch -d 2026-03-07 "$dir/audit.jsonl.1"
	tail -n +9 "$dir/all" >"$dir/audit.jsonl"
	echo rubbish >"$dir/audit.jsonl.torn"
	says 1
	want diff tests/golden/readiness.txt "$out"
	gzip "$dir/audit-2026-03-03.jsonl"
	zstd -q --rm "$dir/audit.jsonl.1"
	says 1
	want diff tests/golden/readiness.txt "$out"
	rm "$dir"/audit-* "$dir"/audit.jsonl.*
	says 1 --audit "$dir/all"
	want diff tests/golden/readiness.txt "$out"
	mv "$dir/all" "$dir/audit.jsonl"
}

time_is_a_limit()
{
	local now

	now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
	{
		fortnight
		echo "$now remote sshd bob 192.0.2.2 US deny observe geo.country=deny@7"
	} | records "$dir/now"
	want_rc 1 "$ctl" -S "$dir/run" readiness --since 2d --wtmp "$dir/wtmp" \
	    --config "$dir/farmgate.conf" --audit "$dir/now" \
	    --confdir "$dir/pam.d" >"$out" 2>/dev/null
	want_line '^[0-9]*\. bob: sshd would have refused 1 login for geo' "$out"
	no_line 'alice|erin|2026-03' "$out"
}

# Whoever wrote the file does not write on the terminal, nor without an end.
hostile_records_do_no_harm()
{
	local long

	long=$(head -c 20000 /dev/zero | tr '\0' x)
	{
		cat "$dir/audit.jsonl"
		cat <<-EOF
		{"ts":"2026-03-05T08:00:00Z","event":"decision","verdict":"allow","would":"deny","user":"a\u001b[2J\u202e","service":"x\u001b]0;y\u0007","kind":"remote","ref":"\u009b","next":"\u001b[2J\nx","findings":[{"code":"\u001b[2J","action":"deny"}],"place":{"country":"\n\u2028"},"networks":["\u001b"],"origin":{"kind":"\u001b"}}
		{"ts":"2026-03-05T08:00:00Z","event":"decision","verdict":"allow","would":"deny","user":"$long","service":"$long","ref":"$long"}
		{"ts":"2026-03-05T08:00:00Z","event":"decision","would":"deny","user":7,"service":[],"kind":{},"findings":{},"decided":[],"origin":"","place":null,"networks":"x"}
		{"ts":"never","event":"decision","would":"deny"}
		{"event":"decision","would":"deny"}
		{"event":"decision"
		$long$long$long$long
		EOF
		head -c 4000 /dev/urandom
	} >"$dir/hostile"
	says 1 --audit "$dir/hostile"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	want_line '^note: 4 lines are passed over' "$out"
	no_line 'x{1100}' "$out"
	want_line '^[0-9]*\. a\\x1b\[2J' "$out"
	says 1 --json --audit "$dir/hostile"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	want_eq 1 "$(wc -l <"$out")"
}

# More than there is room for is counted, and is an item.
many_are_bounded()
{
	local i

	for i in $(seq 4200); do
		echo "2026-03-01T08:00:00Z remote sshd u$i 192.0.2.1 US deny observe session.limit=deny@1"
	done | records "$dir/many"
	says 1 --audit "$dir/many"
	want_eq 1024 "$(grep -c 'would have refused 1 login for' "$out")"
	want_line '^[0-9]*\. 3176 logins more would have been refused' "$out"
}

misuse_is_told()
{
	says 2 --since 5
	want_line '^farmgatectl: readiness: --since 5 is no time' "$dir/err"
	says 2 --audit "$dir/none"
	want_line 'none: No such file' "$dir/err"
	says 2 --audit "$dir"
	want_line 'is no regular file' "$dir/err"
	says 2 --wtmp "$dir/none"
	want_line 'readiness: .*/none: No such file' "$dir/err"
	says 2 --confdir "$dir/none"
	want_line 'none: No such file' "$dir/err"
	says 2 ''
	says 2 --frob
	want_line 'unknown option --frob' "$dir/err"
}

run "readiness: every kind of item has its line" every_item_has_its_line
run "readiness: JSON says the same" as_json
run "readiness: only the services that are asked for" \
    only_the_service_that_is_asked_for
run "readiness: what is mended is settled" what_is_mended_is_settled
run "readiness: methods make challenges of refusals" methods_make_challenges
run "readiness: no observation, or a short one, is an item" \
    short_and_missing_observation
run "readiness: rotated files are read in their order" rotated_files_are_read
run "readiness: what is too long ago does not count" time_is_a_limit
run "readiness: hostile records do no harm" hostile_records_do_no_harm
run "readiness: more than there is room for is counted" many_are_bounded
run "readiness: misuse is told" misuse_is_told
finish
