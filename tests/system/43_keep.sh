#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is kept, and for how long: files of the audit log that are old enough
# expire behind a signed record, not while there is a hold nor by a clock that
# has leapt, and whoever kills the daemon meanwhile leaves no gap.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

out=$FG_WORK/out

# Three old files, and the present one.
old_log()
{
	rm -f "$FG_AUDIT"*
	python3 "$FG_TOP/tests/golden/audit_log.py" make "$FG_AUDIT" 40 11 21 31
	zstd -q --rm "$FG_AUDIT.11-20"
	chmod 0640 "$FG_AUDIT"*
	chown farmgate "$FG_AUDIT"*
	cp -p "$FG_AUDIT.21-30" "$FG_WORK/kept"
}

old_files()
{
	find "${FG_AUDIT%/*}" -name 'audit.jsonl.*-*' -printf '%f\n' | sort |
	    tr '\n' ' '
}

# [FILE...]
files_are()
{
	[ "$(old_files)" = "$*${*:+ }" ]
}

expiry()
{
	fg_status ".audit.expiry.$1"
}

# The last record is of long ago: by then nobody knows what the clock is worth.
clock_has_to_be_believed()
{
	want_line '^<4>audit: nothing expires for a week: the clock' \
	    "$FG_WORK/daemon.log"
	want_eq true "$(expiry clock_doubted)"
	want_eq 34560000 "$(expiry keep)"
	want farmgatectl status >"$out"
	want_line '^ +files expire after 400 days' "$out"
	want_line 'nothing expires: the clock has leapt' "$out"
	sed -i '1i audit_keep = "30d"' "$FG_CONF"
	want farmgatectl reload
	want farmgatectl hold add case-7 --reason 'the court wants it'
	fg_restart
	want_eq null "$(expiry clock_doubted)"
}

a_hold_keeps_all()
{
	echo rest >"$FG_AUDIT.torn"
	touch -d '31 days ago' "$FG_AUDIT.torn"
	want fg_until 4 eval '[ "$(expiry held)" = true ]'
	want files_are audit.jsonl.1-10 audit.jsonl.11-20.zst audit.jsonl.21-30
	want_eq 'add case-7 the court wants it null' "$(fg_last_of hold \
	    '"\(.action) \(.name) \(.reason) \(.until)"')"
	want_eq 0 "$(fg_last_of hold .by.uid)"
	want farmgatectl status >"$out"
	want_line '^holds +case-7: the court wants it' "$out"
	want farmgatectl hold list >"$out"
	want_line '^case-7 +in force .* to its removal .*the court' "$out"
	want_rc 2 farmgatectl hold add case-7 --reason again >"$out" 2>&1
	want_line 'there is a hold case-7' "$out"
	want_rc 2 farmgatectl hold add -- -7 --reason again >"$out" 2>&1
	want_rc 1 farmgatectl hold remove case-8
	# One that is over holds nothing; it is told by its day.
	want farmgatectl hold add later --until +2h --reason 'a while' --json \
	    >"$out"
	want_eq 'in force true' "$(jq -r '"\(.state) \(.until > .at)"' "$out")"
	want farmgatectl hold remove later
	want_eq 'remove later' "$(fg_last_of hold '"\(.action) \(.name)"')"
}

old_files_expire()
{
	want test -e "$FG_AUDIT.torn"
	want farmgatectl hold remove case-7
	fg_restart
	want fg_until 8 files_are
	want test ! -e "$FG_AUDIT.torn"
	want_eq 'audit.jsonl.1-10 audit.jsonl.11-20.zst audit.jsonl.21-30' \
	    "$(fg_of_event expired | jq -r .file | xargs)"
	want_eq '1 21 30 10' "$(fg_last_of expired \
	    '"\(.begin) \(.first) \(.last) \(.records)"')"
	want farmgatectl audit verify --key "$(fg_status .audit.audit_key)" \
	    >"$out"
	want_line '^records 1 to 30, up to .*, expired on .* by policy, signed by' "$out"
	want_line '^intact: records 31 to ' "$out"
	want_line ' expired 30$' <(python3 "$FG_TOP/conf/audit-verify.py" \
	    "$FG_AUDIT")
	want_line '^<6>audit: audit.jsonl.21-30 has expired' \
	    "$FG_WORK/daemon.log"
	want_eq 3 "$(expiry files)"
}

# The record is on the disk, and the file is still there.
a_kill_in_between_leaves_no_gap()
{
	local n

	n=$(fg_events expired)
	fg_stop KILL
	cp -p "$FG_WORK/kept" "$FG_AUDIT.21-30"
	want fg_start
	want fg_until 8 files_are
	want_eq "$n" "$(fg_events expired)"
	want farmgatectl audit verify
}

# What was changed stays, as somebody has to look at it.
damage_does_not_expire()
{
	fg_stop
	cp -p "$FG_WORK/kept" "$FG_AUDIT.21-30"
	sed -i '3s/alice/alibi/' "$FG_AUDIT.21-30"
	fg_start
	want fg_until 5 eval '[ "$(expiry stuck)" = true ]'
	want files_are audit.jsonl.21-30
	want_rc 1 farmgatectl status >"$out"
	want_line 'DEGRADED +nothing expires: audit.jsonl.21-30, line 3: ' \
	    "$out"
}

# A copy of all that is held on somebody, and of nobody else.
a_person_gets_a_copy()
{
	want_not gate gate alice 127.0.0.3
	want_not gate gate bob 127.0.0.3
	want farmgatectl except add alice --finding geo.country --until +2h \
	    --reason travel
	want farmgatectl person export alice --output "$FG_WORK/copy" >"$out"
	want_line "copy: 2 rows of the store, [0-9]+ records" "$out"
	want_eq 600 "$(stat -c %a "$FG_WORK/copy")"
	want_eq 'alice true inventory exception' \
	    "$(jq -r '"\(.user) \(.whole) \(.store | map(.of) | join(" "))"' \
	    "$FG_WORK/copy")"
	want_eq 'decision exception person' "$(jq -r '.audit[].event' \
	    "$FG_WORK/copy" | sort -u | xargs)"
	want_eq '' "$(jq -r '.audit[].user' "$FG_WORK/copy" | grep -v alice)"
	want_eq 'export alice' "$(fg_last_of person '"\(.action) \(.user)"')"
	want_not farmgatectl person export alice --output "$FG_WORK/copy" \
	    >"$out" 2>&1
	want_line 'File exists' "$out"
	want_rc 1 farmgatectl person export alicia >"$out" 2>&1
	want_line 'nothing is held on alicia; is the name right' "$out"
}

# And then nothing of it is in the store, nor a name in the record of that.
a_person_is_forgotten()
{
	local record

	want_rc 2 farmgatectl person forget alice >"$out" 2>&1
	want farmgatectl hold add x --reason y
	want_rc 2 farmgatectl person forget alice --reason left >"$out" 2>&1
	want_line 'there is a hold, and nothing is removed' "$out"
	want farmgatectl hold remove x
	printf 'user,accounts\nAlice A.,alice\n' |
	    want farmgatectl inventory import - >/dev/null
	want_rc 2 farmgatectl person forget alice --reason left >"$out" 2>&1
	want_line 'alice is in the inventory, as Alice A.' "$out"
	printf 'user\nbob\n' | want farmgatectl inventory import - >/dev/null
	want farmgatectl except add bob --finding geo.country --until +2h \
	    --reason travel
	want farmgatectl revoke alice --reason 'has left us'
	touch /var/lib/farmgate/farmgate.db.corrupt-20260101T000000Z{,-wal}
	want farmgatectl person forget alice --reason 'asked for it' >"$out"
	want_line '^/var/lib/farmgate/farmgate.db.corrupt-20260101T000000Z is ' \
	    "$out"
	want_eq 1 "$(grep -c corrupt "$out")"
	rm /var/lib/farmgate/farmgate.db.corrupt-*
	want_line '^alice: removed .*1 of reason' "$out"
	want_line 'that their access was taken back stays' "$out"
	want_line 'stay: it does not expire' "$out"
	record=$(fg_of_event person | tail -n 1)
	no_line alice <(echo "$record")
	want_eq "forget asked for it $(jq -rj .salt <<<"$record" |
	    { cat; printf alice; } | sha256sum | cut -c1-64)" \
	    "$(jq -r '"\(.action) \(.reason) \(.digest)"' <<<"$record")"
	want_line 'alice' <(farmgatectl revoke --list)
	no_line 'has left us' <(farmgatectl revoke --list)
	want_rc 1 farmgatectl person forget alice --reason again >"$out"
	no_line corrupt "$out"
	want_not grep -qa 'has left us' /var/lib/farmgate/farmgate.db*
}

# The record is there before the disk has refused what it says.
forgetting_may_fail()
{
	local tracer

	fg_restart -F errno
	printf 'user\ncarol\n' | want farmgatectl inventory import - >/dev/null
	strace -f -qq -p "$FG_PID" -o "$FG_WORK/strace" \
	    -P /var/lib/farmgate/farmgate.db-wal -e trace=pwrite64 \
	    -e inject=pwrite64:error=ENOSPC &
	tracer=$!
	want fg_until 5 grep -q "^TracerPid:[^0-9]*$tracer$" \
	    "/proc/$FG_PID/status"
	want_rc 2 farmgatectl person forget bob --reason left >"$out" 2>&1
	kill "$tracer"
	wait "$tracer"
	cat "$out"
	want_line 'INJECTED' "$FG_WORK/strace"
	want farmgatectl except list --all >"$out" 2>&1
	cat "$out"
	want_line 'bob' "$out"
	want_eq 'null true false false' "$(fg_of_event person | tail -n 2 |
	    jq -r '"\(.ok) \(.rows > 0)"' | xargs)"
	want farmgatectl person forget bob --reason left
	want_eq null "$(fg_last_of person .ok)"
	fg_restart
}

# dave is of farmgate-audit: each question is recorded once, and then counted.
an_auditor_reads()
{
	local i n

	want_eq '660 root:farmgate-audit' \
	    "$(stat -c '%a %U:%G' /run/farmgate/audit.sock)"
	for i in 1 2 3; do
		as_dave except list >"$out" 2>&1 || want_eq ok "$(cat "$out")"
	done
	want_line 'bob +geo.country' "$out"
	as_dave status >"$out"
	want_line '^daemon ' "$out"
	n=$(id -u dave)
	want_eq "except.list $n null status $n null" "$(fg_of_event read |
	    jq -r '"\(.command) \(.by.uid) \(.times)"' | xargs)"
	for i in 'revoke bob' 'except remove 1' 'hold add x --reason y' \
	    'person export bob' 'unrevoke alice' \
	    'person forget bob --reason x' 'inventory export'; do
		# shellcheck disable=SC2086 # words
		want_rc 2 as_dave $i >"$out" 2>&1
		want_line 'not permitted; it takes root or the group' "$out"
	done
	want_eq '' "$(as_dave person export bob 2>/dev/null)"
	want_rc 2 as_dave reload >"$out" 2>&1
	# by the files' permission: told, if it can be
	as_dave audit --file /dev/null >"$out" 2>&1
	want_eq audit "$(fg_last_of read .command)"
	want farmgatectl audit --limit 1 >/dev/null
	want_eq 3 "$(fg_events read)"
	# no names of his own, each of which would be a record
	as_dave_in_python 'for i in range(40):
		with Client("/run/farmgate/audit.sock") as c:
			c.send(COMMAND, string(json.dumps({"do": "log.read",
			    "command": "a" + "b" * i})))
			assert c.recv()[0] == REPORT'
	want_eq 'log.read 4' "$(fg_last_of read .command) $(fg_events read)"
	# another person is another question, and the same one is none
	for i in alice bob alice; do
		as_dave inventory show "$i" >"$out" 2>&1
		as_dave audit --file /dev/null --user "$i" >"$out" 2>&1
	done
	# asks for exceptions, too
	as_dave dossier --file /dev/null carol >"$out" 2>&1
	as_dave explain --file /dev/null 7f3kq2mn >"$out" 2>&1
	want_eq "$(printf '%s\n' audit:alice audit:bob dossier:carol \
	    explain:7F3K-Q2MN inventory.show:alice inventory.show:bob)" \
	    "$(fg_of_event read | jq -r 'select(.about and .command !=
		"asset.show") | "\(.command):\(.about)"' |
	    grep -v '^inventory.show:carol' | sort)"
	as_dave_in_python 'with Client("/run/farmgate/audit.sock") as c:
		c.send(COMMAND, string(json.dumps({"do": "log.read",
		    "command": "explain", "about": "x\u001b[2J"})))
		assert c.recv()[0] == REPORT'
	want_eq $'x\e[2J' "$(fg_last_of read .about)"
	n=$(fg_events read)
	# nor are there as many records as he has names
	as_dave_in_python 'for i in range(200):
		with Client("/run/farmgate/audit.sock") as c:
			c.send(COMMAND, string(json.dumps({"do": "log.read",
			    "command": "explain", "about": "x%d" % i})))
			assert c.recv()[0] == REPORT'
	n=$(($(fg_events read) - n))
	want test "$n" -ge 40
	want test "$n" -le 64
	want_eq null "$(fg_last_of read .about)"
	fg_stop
	want_eq '3 true' "$(fg_of_event read | jq -r 'select(.command ==
	    "except.list" and .times) | "\(.times) \(.since > 1700000000)"')"
	fg_start
}

# CODE: as dave, with tests/lib/wire.py
as_dave_in_python()
{
	cat "$FG_TOP/tests/lib/wire.py" - <<-END | want setpriv --reuid dave --regid dave \
	    --init-groups python3 -
	import json
	$1
	END
}

as_dave()
{
	setpriv --reuid dave --regid dave --init-groups \
	    "$FG_BIN/farmgatectl" "$@"
}

logrotate_is_told_of()
{
	mkdir -p /etc/logrotate.d
	printf '/var/log/farmgate/*.jsonl {\n\tweekly\n}\n' \
	    >/etc/logrotate.d/gate
	farmgatectl check >"$out" 2>&1
	want_line '^/etc/logrotate.d/gate:1: warning: logrotate rotates' "$out"
	rm /etc/logrotate.d/gate
	sed '1i audit_rotate_size = "off"' "$FG_CONF" >"$FG_WORK/other.conf"
	farmgatectl check "$FG_WORK/other.conf" >"$out" 2>&1
	want_line ':2: warning: audit_keep is of no use' "$out"
}

setup_gate
{
	printf 'audit_rotate_age = "off"\naudit_compress = "no"\n'
	setup_conf
} | fg_conf
fg_pam gate
old_log
want_daemon

run "nothing expires by a clock that is far ahead of the log" \
    clock_has_to_be_believed
run "nor while there is a hold" a_hold_keeps_all
run "AUD-02 old files expire behind signed records" old_files_expire
run "AUD-07 a daemon that was killed in between leaves no gap" \
    a_kill_in_between_leaves_no_gap
run "what was changed does not expire" damage_does_not_expire
run "a person gets a copy of what is held on them" a_person_gets_a_copy
run "and is forgotten, but that they are revoked" a_person_is_forgotten
run "an auditor reads, which is recorded, and changes nothing" \
    an_auditor_reads
run "what could not be forgotten is not said to be" forgetting_may_fail
run "what removes files without a word is told of" logrotate_is_told_of
finish
