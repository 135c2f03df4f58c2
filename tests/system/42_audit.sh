#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The audit log of a real daemon, through rotations: is it whole, what is in it,
# and what is found when somebody has changed it.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

out=$FG_WORK/out
copy=$FG_WORK/copy

logins()
{
	local i

	for i in 1 2 3; do
		want gate gate alice 127.0.0.2
		want_not gate gate alice 127.0.0.3
		want_not gate gate carol 127.0.0.4
	done
	want gate gate bob 81.2.69.142
}

# The next record is in another file.
rotate()
{
	want mv "$FG_AUDIT" "$1"
	sleep 1.1
	want gate gate bob 127.0.0.2
	want test -s "$FG_AUDIT"
}

# STATUS ARGUMENT...: its output is in $out.
audit()
{
	local rc=0 status=$1

	shift
	farmgatectl audit "$@" >"$out" 2>&1 || rc=$?
	head -n 20 "$out"
	want_eq "$status" "$rc"
}

last_sequence()
{
	tail -n 1 "$FG_AUDIT" | jq .seq
}

log_is_whole()
{
	logins
	audit 0 verify
	want_line "^intact: records 1 to $(last_sequence), in 1 file$" "$out"
	rotate "$FG_AUDIT.1"
	want_eq 'null true' \
	    "$(fg_status '"\(.audit.recovered) \(.audit.renamed > 1)"')"
	gzip "$FG_AUDIT.1"
	logins
	rotate "${FG_AUDIT%.jsonl}-2026-01-01.jsonl"
	zstd -q --rm "${FG_AUDIT%.jsonl}-2026-01-01.jsonl"
	logins
	rotate "$FG_AUDIT-20260102"
	audit 0 verify
	want_line "^intact: records 1 to $(last_sequence), in 4 files$" "$out"
	audit 0 verify --json
	want_eq "true $(fg_status .audit.seq)" \
	    "$(jq -r '"\(.intact) \(.last)"' "$out")"
	want_line "^ok $(last_sequence) $(jq -r .head "$out")$" \
	    <(python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT".1.gz \
	    "${FG_AUDIT%.jsonl}"-2026* "$FG_AUDIT-20260102" "$FG_AUDIT")
}

# By a reference that only an older, compressed file has.
older_logins_are_explained()
{
	local ref

	ref=$(zcat "$FG_AUDIT".1.gz |
	    jq -r 'select(.verdict == "deny").ref' | head -n 1)
	want_not grep -q "$ref" "$FG_AUDIT"
	want_rc 0 farmgatectl explain "$ref" >"$out"
	cat "$out"
	want_line "^record [0-9]+, line [0-9]+ of $FG_AUDIT.1.gz: its hash is right" \
	    "$out"
	want_rc 1 farmgatectl explain --file "$FG_AUDIT" "$ref" 2>"$out"
	want_line 'it may be in another file \(--file\), or' "$out"
}

# ALL [OPTION...]: as many as jq counts in all of the log.
finds()
{
	local want

	want=$({ zcat "$FG_AUDIT".1.gz; zstd -dcq "${FG_AUDIT%.jsonl}"-2026*
	    cat "$FG_AUDIT-20260102" "$FG_AUDIT"; } | jq -c "select($1) | .seq")
	shift
	audit 0 "$@"
	want_eq "$want" "$(jq .seq "$out")"
}

what_is_asked_for_is_found()
{
	local ref

	finds true
	finds '.user == "alice"' --user alice
	finds '.verdict == "deny"' --verdict deny
	finds '.user == "carol" and .verdict == "deny"' --user carol \
	    --verdict deny
	finds '.place.country == "BR"' --country br
	finds '.origin.address == "127.0.0.4"' --from 127.0.0.4
	finds '(.origin.address // "") | startswith("127.0.0.")' \
	    --from 127.0.0.0/24
	finds 'any(.findings[]?; .code == "geo.country")' --finding geo.country
	finds 'any(.findings[]?; .code == "net.listed" and .grade == "vpn")' \
	    --finding net.listed:vpn
	finds '.event == "start"' --event start
	finds '.service == "gate"' --service gate --since 1d --until now
	ref=$(fg_last .ref)
	finds ".ref == \"$ref\"" --ref "$(tr -d - <<<"${ref,,}")"
	audit 1 --user nobody-of-that-name
	audit 1 --until 2020-01-01
	audit 0 --limit 3
	want_eq "1 2 3" "$(jq .seq "$out" | xargs)"
	# to the byte
	audit 0 --file "$FG_AUDIT-20260102"
	want cmp "$out" "$FG_AUDIT-20260102"
}

wrong_questions_are_refused()
{
	audit 2 --from 127.0.0.1/8
	want_line 'there is no such: 127.0.0.1/8; write an address' "$out"
	audit 2 --verdict maybe
	audit 2 --country NOR
	audit 2 --finding geo.countri
	want_line 'no such: geo.countri; write one of FINDINGS' "$out"
	audit 2 --event decisoin
	want_line 'there is no such: decisoin; write one of Events' "$out"
	audit 2 --ref x
	want_line 'there is no such: x; write one such as 7F3K-Q2MN' "$out"
	audit 2 --limit 0
	want_line 'there is no such: 0; write a number from 1 on' "$out"
	audit 2 --since tomorrow
	audit 2 --user alice --user bob
	want_line '--user is given twice' "$out"
	audit 2 find alice
	audit 2 --file /nonexistent
	want_line '/nonexistent: No such file' "$out"
}

members_of_adm_may_read()
{
	chmod a+x "$FG_WORK"
	want_rc 0 setpriv --reuid bob --regid bob --groups adm \
	    farmgatectl audit --limit 1 --file "$FG_AUDIT" >"$out" 2>&1
	want_rc 2 setpriv --reuid bob --regid bob --clear-groups \
	    farmgatectl audit --file "$FG_AUDIT" >"$out" 2>&1
	want_line 'Permission denied; use sudo, or join' "$out"
}

# Logins, administrators and reloads at once: one process writes, and each record
# follows the one before.
many_write_at_once()
{
	local i from pids=()

	from=$(last_sequence)
	for i in {1..6}; do
		for _ in {1..6}; do
			gate gate alice 127.0.0.2
			gate gate alice 127.0.0.3
		done >/dev/null 2>&1 &
		pids+=($!)
	done
	for i in {1..5}; do
		farmgatectl except add bob --finding geo.country \
		    --until "$(date -d +1day +%F)" --reason "number $i"
		farmgatectl reload
	done >/dev/null 2>&1 &
	wait $! "${pids[@]}"
	audit 0 verify
	want_eq 72 "$(awk -F'"seq":' -v from="$from" \
	    '/"event":"decision"/ && $2 + 0 > from' "$FG_AUDIT" | wc -l)"
	want_eq 5 "$(awk -F'"seq":' -v from="$from" \
	    '/"event":"reload"/ && $2 + 0 > from' "$FG_AUDIT" | wc -l)"
	# Nobody else has it open for writing.
	want_eq "$FG_PID" "$(for fd in /proc/[0-9]*/fd/*; do
		[ "$(readlink "$fd")" = "$FG_AUDIT" ] || continue
		info=${fd%/fd/*}/fdinfo/${fd##*/}
		flags=$(sed -n 's/^flags:[[:space:]]*//p' "$info")
		[ $((flags & 3)) -eq 0 ] || echo "$fd" | cut -d/ -f3
	done | sort -u)"
}

# Records are added, also by the next daemon; and nothing else can be done to
# the file, by the daemon's user or by root, until root says so.
appending_is_enough()
{
	want chattr +a "$FG_AUDIT"
	want gate gate alice 127.0.0.2
	want_not truncate -s 0 "$FG_AUDIT"
	want_not setpriv --reuid farmgate --regid farmgate --clear-groups \
	    sh -c "echo x >'$FG_AUDIT'"
	fg_restart
	want gate gate alice 127.0.0.2
	want_not gate gate alice 127.0.0.3
	want_eq deny "$(fg_last .verdict)"
	audit 0 verify
	no_line 'audit: write' "$FG_WORK/daemon.log"
	want_eq 640 "$(stat -c %a "$FG_AUDIT")"
	want chattr -a "$FG_AUDIT"
}

# What a terminal shows, without its carriage returns.
on_terminal()
{
	script -qec "farmgatectl audit $*" /dev/null </dev/null | tr -d '\r' \
	    >"$out"
	cat -v "$out"
}

table_is_fit_for_a_terminal()
{
	on_terminal --user alice --verdict deny
	want_line '^TIME +VERDICT +USER +SERVICE +FROM +COUNTRY +FINDINGS +REF$' \
	    "$out"
	want_line '^20[0-9-]*T[0-9:]*Z deny +alice +gate +127.0.0.3 +BR +.*geo.country.* [A-Z0-9]{4}-[A-Z0-9]{4}$' \
	    "$out"
	mkdir -p "$copy"
	sed 's/"user":"alice"/"user":"\\u202E\\u001B[2J\\u0085x"/' \
	    "$FG_AUDIT-20260102" >"$copy/audit.jsonl"
	on_terminal --file "$copy/audit.jsonl"
	want_line ' .xe2.x80.xae.x1b\[2J.xc2.x85x ' "$out"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	# raw bytes in place of the escapes are no record's
	sed 's/"user":"alice"/"user":"\xe2\x80\xae\x1b[2J"/' \
	    "$FG_AUDIT-20260102" >"$copy/audit.jsonl"
	on_terminal --json --file "$copy/audit.jsonl"
	want_line 'lines are no records; see farmgatectl audit verify' "$out"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
}

# NUMBER: of this user's records have come.
followed()
{
	[ "$(grep -c '"user":"bob"' "$FG_WORK/followed")" -ge "$1" ]
}

following_goes_through_a_rotation()
{
	local n pid

	farmgatectl audit --follow --user bob >"$FG_WORK/followed" 2>&1 &
	pid=$!
	n=$(farmgatectl audit --user bob | wc -l)
	want fg_until 5 followed "$n"
	want gate gate bob 127.0.0.2
	want fg_until 5 followed $((n + 1))
	rotate "$FG_AUDIT.2"
	want gate gate bob 127.0.0.2
	want fg_until 5 followed $((n + 3))
	want kill "$pid"
	wait "$pid" 2>/dev/null
	want_eq "$(farmgatectl audit --user bob | sha256sum)" \
	    "$(sha256sum <"$FG_WORK/followed")"
}

# WHAT PATTERN: a copy of the present file is changed, and that is found.
is_found()
{
	mkdir -p "$copy"
	rm -f "$copy"/*
	cp "$FG_AUDIT" "$copy/audit.jsonl"
	python3 "$FG_TOP/tests/golden/audit_log.py" $1 || return
	want_rc 1 farmgatectl audit verify --file "$copy/audit.jsonl" >"$out" 2>&1
	cat "$out"
	want_line "^NOT INTACT: .*$2" "$out"
	want_rc 1 python3 "$FG_TOP/conf/audit-verify.py" "$copy/audit.jsonl"
}

changes_are_found()
{
	local log=$copy/audit.jsonl at next

	logins
	at=$(grep -n '"user":"alice"' "$FG_AUDIT" | head -n 1 | cut -d: -f1)
	next=$((at + 1))
	is_found "reseal $log $at" "line $next, .* does not follow"
	is_found "delete $log $at" "line $at, .* is missing before it"
	is_found "swap $log $at" "line $at, .* is missing before it"
	is_found "repeat $log $at" "line $next, .* was there before"
	is_found "insert $log $at" "line $at: it is no record"
	is_found "delete $log 1" 'line 1, .*the records before it are missing'
	is_found "tear $log 40" 'it is torn'
	is_found "edit $log $at" "line $at, .* its hash is wrong"
}

# The daemon is killed in the middle of a record, or as if it had been.
torn_tail_is_recovered()
{
	fg_stop KILL
	printf '{"v":1,"seq":' >>"$FG_AUDIT"
	audit 1 verify
	want_line 'it is torn: the file ends in it' "$out"
	fg_start
	want gate gate bob 127.0.0.2
	audit 0 verify
	want_line '^intact' "$out"
	want_line '^warning: 1 records tell that the daemon has found' "$out"
	audit 0 --event recovered --limit 100
	want_line '"torn":\{' "$out"
}

# Rotated and compressed by the daemon, and anchored by it elsewhere.
daemon_rotates_and_anchors()
{
	local anchors=$FG_WORK/anchored/anchors key

	fg_stop
	install -d -o farmgate "${anchors%/*}"
	{
		setup_conf
		printf 'audit_rotate_size = "64K"\nanchors = "%s"\n' "$anchors"
	} | fg_conf
	want fg_start
	for _ in 1 2 3 4 5; do
		logins >/dev/null 2>&1
	done
	want fg_until 10 eval 'ls "$FG_AUDIT".*-*.zst >/dev/null 2>&1'
	logins >/dev/null 2>&1
	fg_stop
	key=$(sed -n 's/.* key=\([^ ]*\) .*/\1/p' "$anchors" | tail -n 1)
	audit 0 verify --anchors "$anchors" --key "$key"
	want_line '^intact: records 1 to ' "$out"
	want_line "^anchored to $(last_sequence) " "$out"
	audit 0 --event rotated
	want_line '"by":"daemon"' "$out"
	# All that was anchored, written anew with a right chain.
	mkdir -p "$copy"
	rm -f "$copy"/*
	cp "${FG_AUDIT%.jsonl}"* "$copy"
	python3 "$FG_TOP/tests/golden/audit_log.py" forge "$copy/audit.jsonl" \
	    "$(grep -n '"user":"alice"' "$FG_AUDIT" | head -n 1 | cut -d: -f1)"
	want_rc 0 farmgatectl audit verify --file "$copy/audit.jsonl"
	want_rc 1 farmgatectl audit verify --file "$copy/audit.jsonl" \
	    --anchors "$anchors" --key "$key" >"$out" 2>&1
	want_line '^NOT INTACT: .*it is another one than the anchor in ' "$out"
	fg_start
}

log_stays_readable_without_a_daemon()
{
	fg_stop
	audit 0 verify
	want_line '^intact' "$out"
	audit 0 --event stop
}

setup_gate
fg_pam gate
want_daemon

run "AUD-07 a log is whole through rotated and compressed files" log_is_whole
run "a login is explained from a file that was rotated and compressed" \
    older_logins_are_explained
run "AUD-02 records are found by what they say, and no others" \
    what_is_asked_for_is_found
run "questions that cannot be are refused with the reason" \
    wrong_questions_are_refused
run "AUD-11 members of adm may read, others not" members_of_adm_may_read
run "AUD-04 many write at once, and the chain never forks" many_write_at_once
run "AUD-11 a log that is only appended to is no hindrance" appending_is_enough
run "AUD-13 hostile names are escaped on a terminal" table_is_fit_for_a_terminal
run "AUD-07 following goes on through a rotation" \
    following_goes_through_a_rotation
run "AUD-02 each kind of change is found" changes_are_found
run "AUD-01 a torn tail is told, and after its recovery a warning" \
    torn_tail_is_recovered
run "AUD-03 what the daemon rotates and anchors is found whole, or changed" \
    daemon_rotates_and_anchors
run "both work without a daemon" log_stays_readable_without_a_daemon
finish
