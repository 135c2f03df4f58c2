#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl audit reconcile: logins that the machine has recorded against
# decisions of the gate, and what explains those that have none.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=$(realpath "${BUILD:-build}/farmgatectl")
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
export TZ=UTC

# TIME EVENT [MEMBERS]: one record of March 2026.
event()
{
	echo "{\"ts\":\"2026-03-$1.500000Z\",\"event\":\"$2\"${3:+,$3}}"
}

# TIME REF USER ADDRESS PID VERDICT [MEMBERS]
decision()
{
	event "$1" decision "\"ref\":\"$2\",\"phase\":\"account\",\"verdict\":\"$6\",\"would\":\"$6\",\"user\":\"$3\",\"service\":\"sshd\",\"kind\":\"remote\",\"origin\":{\"kind\":\"address\",\"address\":\"$4\"}${7:+,$7},\"peer\":{\"state\":\"known\",\"pid\":$5,\"parents\":[$(($5 - 1)),1]}"
}

# TIME PID TEXT
line()
{
	echo "2026-03-$1.900000+00:00 jump sshd[$2]: $3"
}

# TIME PID USER ADDRESS
accepted()
{
	line "$1" "$2" "Accepted publickey for $3 from $4 port 50000 ssh2: ED25519 SHA256:x"
}

# A day at the gate: it stops in between, and crashes later.
records()
{
	{
		event 01T08:00:00 start
		decision 01T08:10:00 AAAA-0001 alice 192.0.2.7 101 allow
		event 01T08:10:01 open '"ref":"AAAA-0001"'
		decision 01T08:20:00 AAAA-0002 bob 192.0.2.8 111 deny
		decision 01T08:30:00 AAAA-0003 carol 192.0.2.9 121 allow \
		    '"decided":{"by":"failure","failure":"history_unknown"}'
		event 01T09:00:00 stop
		event 01T09:30:00 start
		event 01T09:30:01 breakglass '"ref":"MABC-0001","user":"root","target":"root","service":"sshd","from":"192.0.2.10","reason":"daemon_unreachable","at":1772356800'
		decision 01T10:00:00 AAAA-0004 alice 192.0.2.7 131 allow
		event 01T10:10:00 close '"ref":"AAAA-0001"'
		event 01T10:30:00 start
	} | python3 tests/golden/seal.py >"$dir/audit.jsonl"
}

# What sshd and login have recorded of it, and one who went another way.
logs()
{
	{
		accepted 01T07:00:00 90 alice 192.0.2.7
		accepted 01T08:10:00 101 alice 192.0.2.7
		accepted 01T08:10:01 555 alice 192.0.2.7
		accepted 01T08:20:00 111 bob 192.0.2.8
		accepted 01T08:30:00 120 carol 192.0.2.9
		line 01T09:10:00 300 'pam_farmgate(sshd:account): ref=MXYZ-0001 verdict=allow would=deny phase=account user=dave service=sshd rhost=192.0.2.11 reason=daemon_unreachable errno=111 fail_open=1'
		accepted 01T09:10:00 300 dave 192.0.2.11
		accepted 01T09:15:00 301 erin 192.0.2.12
		accepted 01T09:20:00 302 root 192.0.2.10
		accepted 01T10:00:00 131 alice 192.0.2.99
		accepted 01T10:00:01 131 alice 192.0.2.7
	} >"$dir/auth.log"
	cat <<-EOF | python3 tests/lib/wtmp.py "$dir/wtmp"
	user 801 pts/0 alice 192.0.2.7 1772352602
	user 802 pts/1 alice 192.0.2.7 1772359200
	user 803 pts/2 alice 192.0.2.7 1772368200
	user 804 pts/3 mallory 192.0.2.66 1772359300
	user 805 pts/4 alice :pts/0:S.0 1772359301
	EOF
}

# STATUS ARGUMENT...: its output is in $out.
reconcile()
{
	local rc=0 status=$1

	shift
	"$ctl" audit reconcile --file "$dir/audit.jsonl" "$@" >"$out" 2>&1 ||
	    rc=$?
	cat "$out"
	want_eq "$status" "$rc"
}

every_gap_has_its_line()
{
	records
	logs
	want "$ctl" audit verify --file "$dir/audit.jsonl" >/dev/null
	reconcile 1 "$dir/auth.log" "$dir/wtmp"
	sed "s|$dir/||g" "$out" >"$dir/shown"
	want diff tests/golden/reconcile.txt "$dir/shown"
}

as_json()
{
	records
	logs
	reconcile 1 --json "$dir/wtmp" "$dir/auth.log"
	want_eq 1 "$(wc -l <"$out")"
	want_eq '[false,9,3,4,2,1,1,7]' "$(jq -c '[.complete, .logins,
	    .matched, .terminals, .terminals_matched, .early,
	    .other_services, .gaps]' "$out")"
	want_eq 0 "$(jq .unread "$out")"
	want_eq '["no record","refused","fail-open","daemon down","no record","no record","no record"]' \
	    "$(jq -c '[.gap[].why]' "$out")"
	want_eq AAAA-0002 "$(jq -r '.gap[] | select(.why == "refused").ref' \
	    "$out")"
	want_eq '[[1772355600,1772357400,false,null],[1772359800,1772361000,true,null],[1772361000,null,true,true]]' \
	    "$(jq -c '[.down[] | [.from, .until, .crashed, .supposed]]' "$out")"
	want_eq false "$(jq .no_sshd "$out")"
	want_eq MABC-0001 "$(jq -r '.breakglass[].ref' "$out")"
	want_eq AAAA-0003 "$(jq -r '.fail_open[].ref' "$out")"
}

# Nothing is missing: a login of the log, and the terminals of its session.
what_is_complete()
{
	records
	logs
	grep -E 'sshd\[(101|120)\]' "$dir/auth.log" >"$dir/good.log"
	reconcile 0 "$dir/good.log"
	want_line '^2 of 2 accepted logins in logs have a decision$' "$out"
	want_line '^complete: each of them was decided$' "$out"
	reconcile 0 --until 2026-03-01T09:00:00Z --since 2026-03-01T08:25:00Z \
	    "$dir/auth.log"
	want_line '^1 of 1 accepted login' "$out"
	: >"$dir/none.log"
	reconcile 0 "$dir/none.log"
	want_line '^0 of 0 accepted' "$out"
}

# A decision lets in one login: a second one behind it has none.
one_decision_is_one_login()
{
	records
	{
		accepted 01T08:10:00 101 alice 192.0.2.7
		accepted 01T08:10:02 101 alice 192.0.2.7
	} >"$dir/twice.log"
	reconcile 1 "$dir/twice.log"
	want_line "^  no record .* alice from 192\.0\.2\.7 .*twice\.log:2\)" \
	    "$out"
	want_eq 1 "$(grep -c 'twice\.log:' "$out")"
}

# A line of the future, or a file that was put together the wrong way round.
what_is_out_of_order_is_told()
{
	records
	{
		accepted 01T09:59:00 9 alice 192.0.2.99
		accepted 01T08:10:00 101 alice 192.0.2.7
	} >"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^1 of them stands behind a line .* more than 8 minutes$' \
	    "$out"
	reconcile 1 --json "$dir/auth.log"
	want_eq '[2,1]' "$(jq -c '[.gaps, .out_of_order]' "$out")"
	sort -o "$dir/auth.log" "$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^1 of 2 accepted' "$out"
	no_line 'stands behind' "$out"
}

# Also behind a thousand others that have come and gone.
who_was_in_stays_known()
{
	local i

	{
		decision 01T08:00:00 AAAA-0001 alice 192.0.2.7 101 allow
		event 01T08:00:01 open '"ref":"AAAA-0001"'
		event 01T08:10:00 close '"ref":"AAAA-0001"'
		for i in {1000..2030}; do
			decision 01T08:12:00 "BBBB-$i" bob 192.0.2.8 "$i" allow
			event 01T08:12:00 open "\"ref\":\"BBBB-$i\""
		done
		decision 01T08:15:30 CCCC-0001 carol 192.0.2.9 102 allow
	} | python3 tests/golden/seal.py >"$dir/audit.jsonl"
	cat <<-EOF | python3 tests/lib/wtmp.py "$dir/wtmp"
	user 801 pts/0 carol 192.0.2.9 1772352930
	user 802 pts/1 alice 192.0.2.7 1772352570
	EOF
	reconcile 0 "$dir/wtmp"
}

# Who copies a file has no terminal.
terminals_are_not_all()
{
	records
	logs
	reconcile 1 "$dir/wtmp"
	want_line '^no line of a log of sshd was read, and wtmp alone ' "$out"
	reconcile 1 --json "$dir/wtmp"
	want_eq true "$(jq .no_sshd "$out")"
	reconcile 1 "$dir/wtmp" "$dir/auth.log"
	no_line 'wtmp alone' "$out"
	# nor does an empty file say anything of them
	: >"$dir/empty.log"
	reconcile 1 --json "$dir/wtmp" "$dir/empty.log"
	want_eq true "$(jq .no_sshd "$out")"
	reconcile 0 "$dir/empty.log"
	want_line '^no line of a log of sshd was read' "$out"
}

# TIME REF PID [MEMBERS]: a decision that did not wait for the scanner.
early_decision()
{
	event "$1" decision "\"ref\":\"$2\",\"phase\":\"account\",\"verdict\":\"allow\",\"would\":\"allow\",\"user\":\"alice\",\"service\":\"sshd\",\"kind\":\"remote\",\"origin\":{\"kind\":\"address\",\"address\":\"192.0.2.7\"},\"peer\":{\"state\":\"none\",\"pid\":$3,\"uid\":0}"
}

# Whose process asked is in the record of the session then: of sshd itself, or
# of its child, which has asked for a code.
each_process_has_its_own()
{
	{
		early_decision 01T08:10:00 AAAA-0001 101
		event 01T08:10:01 open '"ref":"AAAA-0001","peer":{"state":"known","pid":101,"uid":0,"parents":[1]}'
		early_decision 01T08:20:00 AAAA-0002 112
		event 01T08:20:01 open '"ref":"AAAA-0002","peer":{"state":"known","pid":111,"uid":0,"parents":[1]}'
		early_decision 01T08:30:00 AAAA-0003 122
	} | python3 tests/golden/seal.py >"$dir/audit.jsonl"
	{
		accepted 01T08:10:00 555 alice 192.0.2.7
		accepted 01T08:10:00 101 alice 192.0.2.7
		accepted 01T08:20:00 556 alice 192.0.2.7
		accepted 01T08:20:00 111 alice 192.0.2.7
		# without a session nothing says whose it is
		accepted 01T08:30:00 121 alice 192.0.2.7
	} >"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^3 of 5 accepted logins' "$out"
	want_line '^  no record .*auth\.log:1\)$' "$out"
	want_line '^  no record .*auth\.log:3\)$' "$out"
}

# What cannot be read is not decided.
what_cannot_be_read_is_told()
{
	records
	accepted 01T08:10:00 101 alice 192.0.2.7 >"$dir/auth.log"
	{
		echo rubbish
		line 01T08:11:00 101 'Failed password for x'
	} >>"$dir/auth.log"
	reconcile 0 "$dir/auth.log"
	want_line '^complete: ' "$out"
	cp "$dir/auth.log" "$dir/good.log"
	line 01T08:12:00 101 'Accepted publickey for alice' >>"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^NOT COMPLETE: 1 line that may be of an accepted login' "$out"
	no_line '^complete: ' "$out"
	reconcile 1 --json "$dir/auth.log"
	want_eq '[false,0,3,1,0]' "$(jq -c '[.complete, .gaps, .unread,
	    .unread_logins, .undated]' <(grep '^{' "$out"))"
	cp "$dir/good.log" "$dir/auth.log"
	accepted 01T08:12:00 101 alice 192.0.2.7 |
	    sed 's/^2026-03/2026-13/' >>"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^NOT COMPLETE: 1 accepted login without a time' "$out"
	reconcile 1 --json "$dir/auth.log"
	want_eq '[false,0,0,1]' "$(jq -c '[.complete, .gaps, .unread_logins,
	    .undated]' <(grep '^{' "$out"))"
	{
		echo '{"__REALTIME_TIMESTAMP":"1772352600000000","_UID":"0","_PID":"101","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"Accepted publickey for '"$(printf 'x%.0s' {1..3000})"'"}'
		echo '{"__REALTIME_TIMESTAMP":"1772352600000000","_UID":"1000","_PID":"102","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"Accepted publickey for alice"}'
	} >"$dir/journal.json"
	reconcile 1 --json "$dir/journal.json"
	want_eq '[false,1]' "$(jq -c '[.complete, .unread_logins]' \
	    <(grep '^{' "$out"))"
}

# The same of what syslog puts together, and of break-glass.
each_login_needs_its_own()
{
	records
	line 01T08:10:00 101 "message repeated 3 times: [ Accepted publickey for alice from 192.0.2.7 port 50000 ssh2]" \
	    >"$dir/repeated.log"
	reconcile 1 "$dir/repeated.log"
	want_line '^1 of 3 accepted logins' "$out"
	want_line '^NOT COMPLETE: 2 logins' "$out"
	want_line '^  no record .* to sshd, 2 times  ' "$out"
	no_line ' more; ' "$out"
	{
		accepted 01T09:20:00 302 root 192.0.2.10
		accepted 01T09:20:30 303 root 192.0.2.10
	} >"$dir/glass.log"
	reconcile 1 "$dir/glass.log"
	want_line '^  daemon down .*glass\.log:2\)$' "$out"
	no_line 'glass\.log:1\)' "$out"
}

# At the console is not from a network.
break_glass_has_a_place()
{
	{
		event 01T09:30:01 start
		event 01T09:30:01 breakglass '"ref":"MABC-0001","user":"root","target":"root","service":"login","from":"console","reason":"daemon_unreachable","at":1772357401'
	} | python3 tests/golden/seal.py >"$dir/audit.jsonl"
	accepted 01T09:30:01 302 root 192.0.2.10 >"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^  no record .* root from 192\.0\.2\.10' "$out"
}

# An audit log that has nothing vouches for nobody.
nothing_on_record()
{
	: >"$dir/audit.jsonl"
	accepted 01T09:20:00 302 root 192.0.2.10 >"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^NOT COMPLETE: 1 login ' "$out"
}

# A daemon that has not come back.
still_down()
{
	{
		event 01T08:00:00 start
		event 01T09:00:00 stop
	} | python3 tests/golden/seal.py >"$dir/audit.jsonl"
	accepted 01T09:10:00 300 dave 192.0.2.11 >"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^  daemon down ' "$out"
	want_line '^  from 2026-03-01 09:00:00 \+0000 until now$' "$out"
}

# One that was killed has not said so, and is gone.
killed()
{
	{
		event 01T08:00:00 start
		decision 01T08:10:00 AAAA-0001 alice 192.0.2.7 101 allow
	} | python3 tests/golden/seal.py >"$dir/audit.jsonl"
	accepted 01T08:10:00 101 alice 192.0.2.7 >"$dir/auth.log"
	reconcile 0 "$dir/auth.log"
	no_line 'did not run' "$out"
	accepted 01T09:10:00 300 dave 192.0.2.11 >>"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_line '^  maybe since 2026-03-01 08:10:00 \+0000: ' "$out"
	# which does not make it right
	want_line '^  no record .* dave ' "$out"
	# a time of which the records have more says nothing
	reconcile 0 --until 2026-03-01T08:30:00Z "$dir/auth.log"
	no_line 'did not run' "$out"
}

hostile_lines_do_no_harm()
{
	records
	{
		printf '2026-03-01T08:40:00Z j sshd[1]: Accepted password for \x1b[2J\xe2\x80\xaea from 192.0.2.7 port 5 ssh2\n'
		echo rubbish
	} >"$dir/auth.log"
	reconcile 1 "$dir/auth.log"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	want_line 'auth.log:2: no time at its beginning' "$out"
}

misuse_is_told()
{
	records
	reconcile 2 "$dir/nothing"
	want_line 'nothing: No such file' "$out"
	reconcile 2 "$dir/audit.jsonl"
	want_line 'nothing to hold against the audit log' "$out"
	reconcile 2 --frob
	want_line 'unknown option --frob' "$out"
	rm "$dir/audit.jsonl"
	: >"$dir/auth.log"
	reconcile 2 "$dir/auth.log"
	want_line 'audit.jsonl' "$out"
	printf '\x7fELF' >"$dir/other"
	records
	reconcile 2 "$dir/other"
	want_line 'json, wtmp, nor CSV$' "$out" # it has no --format
	"$ctl" audit reconsile >"$out" 2>&1
	want_line 'there is no audit reconsile' "$out"
}

run "reconcile: every gap has its line" every_gap_has_its_line
run "reconcile: JSON says the same" as_json
run "reconcile: what is complete is" what_is_complete
run "reconcile: one decision is one login's" one_decision_is_one_login
run "reconcile: what is out of order is told" what_is_out_of_order_is_told
run "reconcile: who was in stays known for a while" who_was_in_stays_known
run "reconcile: wtmp alone is not all" terminals_are_not_all
run "reconcile: each login needs its own" each_login_needs_its_own
run "reconcile: break-glass is from where it was" break_glass_has_a_place
run "reconcile: an empty audit log vouches for nobody" nothing_on_record
run "reconcile: a daemon that has not come back" still_down
run "reconcile: a daemon that was killed" killed
run "reconcile: each process has its own" each_process_has_its_own
run "reconcile: what cannot be read is told" what_cannot_be_read_is_told
run "reconcile: hostile lines do no harm" hostile_lines_do_no_harm
run "reconcile: misuse is told" misuse_is_told
finish
