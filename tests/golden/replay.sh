#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl replay over logs of each kind: what a candidate would have done,
# against what happened and against another policy. The databases are those of
# the fixture; there is no daemon and no inventory.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=$(realpath "${BUILD:-build}/farmgatectl")
dir=$(mktemp -d)
out=$dir/out
err=$dir/err
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
export TZ=UTC
chmod 0755 "$dir"

mkdir "$dir/catalogue" "$dir/geo"
install -m 0644 conf/catalogue/*.conf "$dir/catalogue"
perl tests/fixtures/mmdb.pl "$dir/geo"
chmod -R a+rX "$dir"

LONDON=81.2.69.7 LINKOPING=89.160.20.7
KEY=SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM

# FILE LINE...: a configuration with the databases.
conf()
{
	local file=$dir/$1

	shift
	cat >"$file" <<-END
	state = "$dir/state"
	catalogue = {"$dir/catalogue"}
	database city { files = {"$dir/geo/city.mmdb"} }
	database asn { files = {"$dir/geo/asndual.mmdb"} }
	step_up = {"totp"}
	$(printf '%s\n' "$@")
	END
	chmod 0644 "$file"
}

conf now.conf 'policy staff {' 'countries = {"GB", "SE"}' \
    'actions = {"geo.country = deny"}' '}'
conf next.conf 'policy staff {' 'countries = {"GB", "SE"}' 'max_sessions = 2' \
    'actions = {"geo.country = deny", "geo.travel = deny",' \
    '"session.limit = challenge", "session.places = log"}' '}'

# STATUS ARGUMENT...: of replay of next.conf; its output is in $out.
replay()
{
	local rc=0 status=$1

	shift
	"$ctl" replay --config "$dir/next.conf" "$@" >"$out" 2>"$err" || rc=$?
	cat "$out" "$err"
	want_eq "$status" "$rc"
}

# TIME PID TEXT: a line of March 2026, as rsyslog writes it since Debian 12.
line()
{
	echo "2026-03-$1.123456+00:00 jump sshd[$2]: $3"
}

# TIME PID USER ADDRESS
accepted()
{
	line "$1" "$2" "Accepted publickey for $3 from $4 port 50000 ssh2: ED25519 $KEY"
}

# TIME PID USER
closed()
{
	line "$1" "$2" "pam_unix(sshd:session): session closed for user $3"
}

# Alice cannot be in both places, and has three sessions; bob is abroad.
week()
{
	accepted 01T08:00:00 101 alice $LONDON
	accepted 01T08:10:00 102 bob 9.1.0.7
	line 01T08:11:00 103 'Failed password for invalid user x from 192.0.2.7 port 5 ssh2'
	line 01T08:11:01 103 'message repeated 4 times: [ Failed password for invalid user x from 192.0.2.7 port 5 ssh2]'
	closed 01T08:12:00 102 bob
	accepted 01T08:20:00 104 alice $LINKOPING
	accepted 03T08:00:00 105 alice $LONDON
	closed 03T08:10:00 105 alice
	closed 03T08:11:00 104 alice
	accepted 03T08:20:00 106 alice $LONDON
	closed 03T08:21:00 101 alice
	accepted 03T08:22:00 107 alice $LONDON
}

sshd_log_against_what_happened()
{
	week >"$dir/auth.log"
	(cd "$dir" && want_rc 1 "$ctl" replay --config next.conf \
	    --against happened auth.log) | sed "s|$dir|DIR|g" >"$out"
	want diff tests/golden/replay.txt "$out"
}

# Two of what flips does with the other policy, too.
against_another_policy()
{
	week >"$dir/auth.log"
	replay 1 --against "$dir/now.conf" --json "$dir/auth.log"
	want_eq 1 "$(wc -l <"$out")"
	want_eq '[6,2,2,5]' \
	    "$(jq -c '[.logins, .people, .flipped, .failed]' "$out")"
	want_eq '{"allow":3,"challenge":1,"deny":2}' "$(jq -c .is "$out")"
	want_eq '{"allow":5,"challenge":0,"deny":1}' "$(jq -c .was "$out")"
	want_eq '[{"was":"allow","is":"challenge","logins":1},{"was":"allow","is":"deny","logins":1}]' \
	    "$(jq -c .flips "$out")"
	want_eq alice "$(jq -r '.most_affected[].person' "$out")"
	want_eq "$dir/auth.log:6" \
	    "$(jq -r '.most_affected[0].example.where' "$out")"
	want_eq true "$(jq .sessions_known "$out")"
	replay 0 --against "$dir/next.conf" "$dir/auth.log"
	want_line '^nothing would be decided otherwise$' "$out"
}

# However the same logins are written down, and in whichever files.
every_format_says_the_same()
{
	local sums='[.logins, .is, .was, .flipped]' all

	week >"$dir/auth.log"
	replay 1 --against happened --json "$dir/auth.log"
	all=$(jq -c "$sums" "$out")
	# in two files, of which the later comes first
	week | tail -n 6 >"$dir/auth.log.1"
	week | head -n 6 | gzip >"$dir/auth.log.2.gz"
	replay 1 --against happened --json "$dir/auth.log.1" \
	    "$dir/auth.log.2.gz"
	want_eq "$all" "$(jq -c "$sums" "$out")"
	# without a year
	week | sed -E 's/^2026-03-0(.)T(.{8})\S*/Mar  \1 \2/' >"$dir/old.log"
	touch -d 2026-04-01 "$dir/old.log"
	replay 1 --against happened --json "$dir/old.log"
	want_eq "$all" "$(jq -c "$sums" "$out")"
	# as the journal has them
	week | python3 -c '
import datetime, json, re, sys
for line in sys.stdin:
    at, pid, text = re.match(r"(\S+) jump sshd.(\d+).: (.*)", line).groups()
    us = int(datetime.datetime.fromisoformat(at).timestamp() * 1000000)
    print(json.dumps({"__REALTIME_TIMESTAMP": str(us), "_UID": "0",
                      "SYSLOG_IDENTIFIER": "sshd", "_PID": pid,
                      "MESSAGE": text}))' >"$dir/journal"
	replay 1 --against happened --json "$dir/journal"
	want_eq "$all" "$(jq -c "$sums" "$out")"
}

# Where no session ends, nothing is said of them.
csv_knows_no_sessions()
{
	week | sed -nE 's/^(\S+) .* Accepted .* for (\S+) from (\S+) .*/\1,\2,\3,sshd/p' \
	    >"$dir/logins.csv"
	replay 1 --against happened "$dir/logins.csv"
	want_line '^6 logins of 2 people' "$out"
	want_line 'as no session ends in these logs: session\.limit' "$out"
	no_line '^  session\.' "$out"
	want_line '^  geo.travel +0 +0 +1$' "$out"
}

terminals_are_logins()
{
	cat <<-EOF | python3 tests/lib/wtmp.py "$dir/wtmp"
	user 801 pts/0 alice $LONDON 1772352000
	user 802 pts/1 bob 9.1.0.7 1772352600
	user 803 pts/2 bob :pts/1:S.0 1772352601
	dead 801 pts/0 - - 1772353000
	EOF
	replay 1 --against happened "$dir/wtmp"
	want_line '^2 logins of 2 people' "$out"
	want_line "^    $dir/wtmp:2: bob from 9\.1\.0\.7 to sshd" "$out"
	want_line '^1 login of wtmp by a service that it does not say' "$out"
}

# ARGUMENT...: one decision as a record, as the daemon would have made it.
record()
{
	"$ctl" test --config "$dir/now.conf" --json "$@" 2>/dev/null || :
}

seal()
{
	python3 tests/golden/seal.py
}

# By the policy that they were decided by nothing changes.
own_records_are_decided_as_they_were()
{
	{
		record --user root --from $LONDON
		record --user root --from 9.1.0.7
		record --user root --from 192.0.2.7
		record --user nobody --from 2001:db8::7 --service xrdp-sesman
		record --user root --from console --service login
		record --user root --from $LINKOPING --service sudo
		record --user root --from 10.0.0.7
	} | seal >"$dir/audit.jsonl"
	want_eq 7 "$(wc -l <"$dir/audit.jsonl")"
	want "$ctl" audit verify --file "$dir/audit.jsonl" >/dev/null
	rc=0
	"$ctl" replay --config "$dir/now.conf" "$dir/audit.jsonl" \
	    >"$out" 2>&1 || rc=$?
	cat "$out"
	want_eq 0 "$rc"
	want_line '^7 logins of 2 people' "$out"
	want_line '^  what happened +6 +0 +1$' "$out"
	want_line "^  $dir/now.conf +6 +0 +1$" "$out"
	no_line 'logs do not tell' "$out"
}

# What was found then and cannot be found again is taken over.
records_bring_what_was_found()
{
	record --user root --from $LONDON |
	    jq -c '.findings += [{"code": "remote.tool", "grade": "active",
		"text": "anydesk", "action": "log"}]
		| .last = {"ref": "x", "at": 1772351000, "ago_s": 1400,
		"address": "'$LINKOPING'", "country": "SE", "near": "58.4,15.6",
		"accuracy_km": 76}
		| .sessions = {"others": 7}' | seal >"$dir/audit.jsonl"
	replay 1 "$dir/audit.jsonl"
	want_line '^  geo.travel +0 +0 +1$' "$out"
	want_line '^  session.limit +0 +1 +0$' "$out"
	want_line '^  remote.tool:active ' "$out"
	want_line '^    7F3K-0001: root from 81\.2\.69\.7 to sshd' "$out"
	want_line '^      was allow: now\.conf:[0-9]+: policy staff' "$out"
	want_line '^      is  deny: next\.conf:[0-9]+: geo\.travel = deny$' \
	    "$out"
}

# Whoever was asked for a step-up was challenged: passed, failed, remembered, or
# not asked for want of a way.
a_step_up_was_a_challenge()
{
	local add now limit=session.limit

	now=$(record --user root --from $LONDON | jq -c '.sessions =
	    {"others": 7}')
	for add in '.findings = [{"code": $c, "proved": true}]' \
	    '.findings = [{"code": $c, "remembered": 3}]' \
	    '.findings = [{"code": $c}, {"code": "challenge.failed"}] |
	    .verdict = "deny" | .phase = "auth"' \
	    '.findings = [{"code": $c}, {"code": "challenge.impossible"}] |
	    .verdict = "deny"'; do
		jq -c --arg c $limit "$add" <<<"$now"
	done | seal >"$dir/audit.jsonl"
	replay 0 "$dir/audit.jsonl"
	want_line '^  what happened +0 +4 +0$' "$out"
	want_line "^  session\.limit +0 +4 +0$" "$out"
}

# It would say that all is well where a laptop was another one.
a_laptop_is_its_key()
{
	week >"$dir/auth.log"
	no_line 'by the device' <("$ctl" replay --config "$dir/next.conf" \
	    "$dir/auth.log")
	sed '/countries/a places = {"country", "device"}' "$dir/next.conf" \
	    >"$dir/device.conf"
	"$ctl" replay --config "$dir/device.conf" "$dir/auth.log" >"$out" 2>&1
	want_line 'places by the device: .* its SSH key is all' "$out"
	"$ctl" replay --config "$dir/device.conf" --json "$dir/auth.log" >"$out"
	want_eq false "$(jq .laptops_known "$out")"
}

# Lines that are none are named; what they hold does not reach the terminal.
hostile_lines_do_no_harm()
{
	{
		week
		printf '2026-03-04T08:00:00Z j sshd[1]: Accepted password for \x1b[2J\xe2\x80\xaea from 9.1.0.7 port 5 ssh2\n'
		printf '2026-03-04T08:00:01Z j sshd[1]: Accepted password for a\0b from 9.1.0.7 port 5 ssh2\n'
		echo '2026-03-04T08:00:02Z j sshd[1]: Accepted password for a'
		echo rubbish
		echo '2026-13-04T08:00:03Z j sshd[1]: Accepted password for a from 9.1.0.7 port 5 ssh2'
	} >"$dir/auth.log"
	replay 1 --against happened "$dir/auth.log"
	want_eq '' "$(cat "$out" "$err" | sed 's/Linköping//' |
	    LC_ALL=C tr -d '\n\040-\176')"
	want_line "^farmgatectl: replay: $dir/auth.log:14: no user" "$err"
	want_line "^farmgatectl: replay: $dir/auth.log:15: sshd's line" "$err"
	want_line "^farmgatectl: replay: $dir/auth.log:16: no time" "$err"
	want_line '^3 lines could not be read$' "$out"
	want_line '^1 login without a time that can be read$' "$out"
	want_line '^7 logins of 3 people' "$out"
}

# What was before is known of, and not counted.
times_are_a_limit()
{
	week >"$dir/auth.log"
	replay 1 --against happened --since 2026-03-02 --until 2026-03-03 \
	    "$dir/auth.log"
	want_line '^3 logins of 1 person' "$out"
	want_line '^  session.limit +0 +1 +0$' "$out"
}

misuse_is_told()
{
	local rc=0

	week >"$dir/auth.log"
	"$ctl" replay "$dir/auth.log" >"$out" 2>&1 || rc=$?
	want_eq 2 "$rc"
	want_line 'replay: --config is needed' "$out"
	replay 2 --format syslog "$dir/auth.log"
	want_line 'there is no format syslog; write audit, sshd' "$err"
	replay 0 --format wtmp "$dir/auth.log"
	want_line 'warning: there was no login to decide' "$err"
	replay 2 --top many "$dir/auth.log"
	want_line 'top many is no number' "$err"
	replay 2 "$dir/none"
	want_line 'none: No such file' "$err"
	replay 2 --against "$dir/none.conf" "$dir/auth.log"
	want_line 'none.conf' "$err"
	printf '\x7fELF' >"$dir/other"
	replay 2 "$dir/other"
	want_line 'say which with --format' "$err"
	gzip <"$dir/auth.log" | head -c 100 >"$dir/cut.gz"
	replay 2 --against happened "$dir/cut.gz"
	want_line 'damaged, or cut' "$err"
}

run "replay: sshd's log against what happened is the golden one" \
    sshd_log_against_what_happened
run "replay: against another policy" against_another_policy
run "replay: the same logins in every format are the same" \
    every_format_says_the_same
run "replay: a CSV says nothing of sessions" csv_knows_no_sessions
run "replay: wtmp is read" terminals_are_logins
run "replay: by the policy of then nothing changes" \
    own_records_are_decided_as_they_were
run "replay: records bring what was found" records_bring_what_was_found
run "replay: a step-up was a challenge, whatever came of it" \
    a_step_up_was_a_challenge
run "replay: hostile lines do no harm" hostile_lines_do_no_harm
run "replay: of a laptop it knows the key alone" a_laptop_is_its_key
run "replay: only the time that is asked for" times_are_a_limit
run "replay: misuse is told" misuse_is_told
finish
