#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A draft of the inventory from what this machine has recorded of its logins:
# wtmp(5) as login programs write it, and sshd's lines. Strangers have written
# in both.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"

OUT=$FG_WORK/out
WHY=$FG_WORK/why
LOG=$FG_WORK/auth
MARCH=1772353800	# 2026-03-01 08:30 UTC

# FILE: of the records on standard input.
wtmp()
{
	python3 "$FG_TOP/tests/lib/wtmp.py" "$1"
}

# STATUS ARGUMENT...: the draft is in $OUT, its reasons in $WHY.
suggest()
{
	want_rc "$1" farmgatectl inventory suggest "${@:2}" >"$OUT" 2>"$WHY"
	cat "$OUT" "$WHY"
}

# What a week leaves behind: three logins of alice, one of bob, some of root.
week()
{
	cat <<-EOF
	boot 0 ~ reboot 6.1.0-18-amd64 $((MARCH - 86400))
	run-level 53 ~ runlevel 6.1.0-18-amd64 $((MARCH - 86390))
	login 700 tty1 LOGIN - $((MARCH - 86000))
	user 801 pts/0 alice 192.0.2.7 $((MARCH - 3600))
	dead 801 pts/0 - - $((MARCH - 3000))
	user 802 pts/1 alice 2001:db8::1 $MARCH
	user 803 pts/2 alice 192.0.2.7 $((MARCH - 7200))
	user 804 tty1 bob - $((MARCH - 60))
	user 805 pts/3 root 192.0.2.9 $((MARCH - 50))
	EOF
}

usual_record_is_read()
{
	week | wtmp /var/log/wtmp
	suggest 0
	want_eq 3 "$(wc -l <"$OUT")"
	want_line '^alice,' "$OUT"
	want_line '^bob,' "$OUT"
	want_line '^farmgatectl: alice: 3 logins from 2 addresses, the last 2026-03-01 08:30 \+0000; countries are left empty' \
	    "$WHY"
	want_line '^farmgatectl: bob: 1 login from 0 addresses, the last 2026-03-01 08:29' \
	    "$WHY"
	want_line '^farmgatectl: root: 1 login; left out' "$WHY"
	no_line 'reboot|runlevel|LOGIN' "$WHY"
	no_line 'make kind service' "$WHY"
	want_line '^farmgatectl: 2 people; read it' "$WHY"
	: >/var/log/wtmp
	suggest 0
	want_eq 1 "$(wc -l <"$OUT")"
	no_line 'its logins are missing' "$WHY"
}

another_record_can_be_named()
{
	week | grep ' bob ' | wtmp "$FG_WORK/wtmp.1"
	suggest 0 --wtmp "$FG_WORK/wtmp.1"
	want_eq 2 "$(wc -l <"$OUT")"
	want_line '^bob,' "$OUT"
}

# What was asked for is read, or there is no draft.
what_cannot_be_read_is_an_error()
{
	suggest 2 --wtmp "$FG_WORK/none"
	want_line 'suggest: .*/none: No such file or directory$' "$WHY"
	want_eq 0 "$(wc -c <"$OUT")"
	suggest 2 --wtmp "$FG_WORK"
	want_line 'Is a directory$' "$WHY"
	suggest 2 --log "$FG_WORK/none"
	want_line 'suggest: .*/none: No such file or directory$' "$WHY"
	want_eq 0 "$(wc -c <"$OUT")"
	mv /var/log/wtmp /var/log/wtmp.away
	suggest 0
	want_line 'wtmp: No such file or directory; its logins are missing' \
	    "$WHY"
	mv /var/log/wtmp.away /var/log/wtmp
}

# KEY ACCOUNT TIME: a line as Debian 12's rsyslog writes it.
accepted()
{
	echo "$3 jumphost sshd[80]: Accepted publickey for $2 from 192.0.2.8 port 50000 ssh2: ED25519 SHA256:$(printf "%43s" "" | tr ' ' "$1")"
}

stamps_and_keys_of_the_log_are_read()
{
	: >"$FG_WORK/empty"
	{
		accepted a alice 2026-03-01T08:29:00.123456+00:00
		accepted a alice 2026-03-01T09:30:00.5+01:00
		accepted a bob 2026-03-01T10:30:00+0100
		accepted b bob 2026-02-01T10:30:00+0100
		accepted b bob 2026-13-01T10:30:00+0100
		accepted '*' bob now
		accepted a root "$(printf '%0200d' 0)"
		accepted c carol "Mar  1 08:30:00"
	} >"$LOG"
	suggest 0 --wtmp "$FG_WORK/empty" --log "$LOG"
	want_line 'alice: 2 logins from 1 address, the last 2026-03-01 08:30 ' \
	    "$WHY"
	no_line 'alice: .* keys|alice: key|carol: key' "$WHY"
	want_line 'bob: 4 logins .* the last 2026-03-01 09:30 ' "$WHY"
	want_line 'bob: 2 different keys: .* make kind shared' "$WHY"
	want_line 'bob: key SHA256:a{43}$' "$WHY"
	want_line 'bob: key SHA256:b{43}$' "$WHY"
	want_line 'root: key SHA256:a{43}$' "$WHY"
	# it has no year, and was written now
	want_line 'carol: 1 login .* the last 20[0-9][0-9]-03-01 08:30 ' "$WHY"
	want_line 'root: 1 login; left out' "$WHY"
}

# What journalctl -o json prints, and logs that are compressed.
other_logs_are_read()
{
	: >"$FG_WORK/empty"
	echo '{"__REALTIME_TIMESTAMP":"1772353800000000","_UID":"0","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"Accepted password for bob from 192.0.2.8 port 5 ssh2"}' \
	    >"$FG_WORK/journal"
	accepted a alice 2026-03-01T08:29:00.123456+00:00 | gzip >"$LOG.gz"
	echo rubbish >>"$FG_WORK/journal"
	suggest 0 --wtmp "$FG_WORK/empty" --log "$FG_WORK/journal" \
	    --log "$LOG.gz"
	want_line 'bob: 1 login .* the last 2026-03-01 08:30 ' "$WHY"
	want_line 'alice: 1 login .* the last 2026-03-01 08:29 ' "$WHY"
	want_line 'suggest: .*/journal:2: no line of journalctl' "$WHY"
}

# A login stands in both records, mostly.
both_records_together_count_once()
{
	week | wtmp "$FG_WORK/wtmp"
	for n in 1 2 3 4; do
		echo "Mar  1 08:0$n:00 jumphost sshd[80$n]: Accepted publickey for alice from 192.0.2.8 port 50000 ssh2: ED25519 SHA256:x"
	done >"$LOG"
	echo 'Mar  1 08:00:00 jumphost sshd[80]: Accepted publickey for carol from 192.0.2.8 port 50000 ssh2: ED25519 SHA256:x' \
	    >>"$LOG"
	suggest 0 --wtmp "$FG_WORK/wtmp" --log "$LOG"
	want_line 'alice: 4 logins from 3 addresses, the last 2026-03-01 08:30' \
	    "$WHY"
	want_line 'carol: 1 login from 1 address, the last 20[0-9][0-9]-03-01 08:00 .*; .* make kind service' \
	    "$WHY"
	no_line 'alice: .* make kind service' "$WHY"
}

# Fields need not end, and hold what a login program was told.
hostile_records_do_no_harm()
{
	local long=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

	cat <<-EOF | wtmp "$FG_WORK/wtmp"
	user 801 pts/0 $long 192.0.2.7 $MARCH
	user 802 pts/1 \x1b]0;x\x07=1+1\n 192.0.2.7 $MARCH
	user 803 pts/2 alice \x1b[2Jalice,,,\nbob 2147483647
	user 804 pts/3 alice $(printf '%0256d' 0) $MARCH
	user 805 pts/4 - 192.0.2.7 $MARCH
	user 806 pts/5 \xff\xfe 192.0.2.7 -1
	EOF
	head -c 200 "$FG_WORK/wtmp" >>"$FG_WORK/wtmp"	# half a record
	suggest 0 --wtmp "$FG_WORK/wtmp"
	want_eq 2 "$(wc -l <"$OUT")"
	want_line '^alice,' "$OUT"
	want_line 'alice: 2 logins from 0 addresses' "$WHY"
	want_line "$long: left out: logged in, and has no passwd entry" "$WHY"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$WHY")"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$OUT")"
	head -c 4000 /dev/urandom >"$FG_WORK/wtmp"
	suggest 0 --wtmp "$FG_WORK/wtmp"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$WHY")"
}

# Who never did is written with --all; nobody may who has no shell.
silent_accounts_are_counted()
{
	week | grep ' bob ' | wtmp "$FG_WORK/wtmp"
	suggest 0 --wtmp "$FG_WORK/wtmp"
	no_line '^(alice|carol),' "$OUT"
	want_line '[0-9]+ more accounts may log in and never did' "$WHY"
	suggest 0 --all --wtmp "$FG_WORK/wtmp"
	want_line '^carol,' "$OUT"
	no_line '^(root|daemon|farmgate|nobody)' "$OUT"
}

fg_install
run "the usual record of logins is read" usual_record_is_read
run "another record can be named" another_record_can_be_named
run "what was named and cannot be read is an error" \
    what_cannot_be_read_is_an_error
run "times and keys of sshd's lines are read" \
    stamps_and_keys_of_the_log_are_read
run "other logs, and compressed ones, are read" other_logs_are_read
run "both records together count a login once" both_records_together_count_once
run "hostile records do no harm" hostile_records_do_no_harm
run "accounts that never logged in are counted" silent_accounts_are_counted
finish
