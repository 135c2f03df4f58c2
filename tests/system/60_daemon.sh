#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The daemon's life: starts, ends, full disks, bad databases, a dead scanner,
# and that nobody is let in by any of it.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

DB=$FG_WORK/geo/country.mmdb

verify_chain()
{
	want python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT"
}

second_daemon()
{
	local rc=0

	farmgate-policyd -c "$FG_CONF" -r /run/farmgate -u farmgate \
	    -s farmgate-scan >"$FG_WORK/second" 2>&1 </dev/null || rc=$?
	cat "$FG_WORK/second"
	want_eq 1 "$rc"
	want_line 'another' "$FG_WORK/second"
	want gate gate alice 127.0.0.2
}

# By another folder of sockets, it is the audit log that is taken.
second_log()
{
	want_rc 1 farmgate-policyd -c "$FG_CONF" -r /run/farmgate2 \
	    -u farmgate -s farmgate-scan >"$FG_WORK/second" 2>&1
	want_line "audit: $FG_AUDIT: another farmgate-policyd writes it" \
	    "$FG_WORK/second"
	want gate gate alice 127.0.0.2
}

# OPTION VALUE WHAT
misused()
{
	want_rc 2 farmgate-policyd "$1" "$2" >"$FG_WORK/second" 2>&1
	want_line "^farmgate-policyd: $1 $2 $3\$" "$FG_WORK/second"
	want_line '^usage: farmgate-policyd' "$FG_WORK/second"
}

wrong_options()
{
	misused -c rel.conf 'is no absolute path'
	misused -r rel 'is no absolute path'
	misused -F foo 'is neither errno nor kill'
	want_rc 2 farmgate-policyd x >"$FG_WORK/second" 2>&1
	want_line '^farmgate-policyd: x belongs to no option' \
	    "$FG_WORK/second"
}

stale_sockets()
{
	fg_stop KILL
	want test -S /run/farmgate/policy.sock
	fg_start
	want fg_alive "$FG_PID"
	want gate gate alice 127.0.0.2
	verify_chain
}

# With a request under way: answered or refused, never let in, soon over, and
# what was written to the store is in it, not in the log beside it.
terminated()
{
	local start took client db=/var/lib/farmgate/farmgate.db

	want farmgatectl except add alice --finding geo.country --country JP \
	    --until +1d --reason "conference"
	want test -s "$db-wal"
	python3 - "$FG_TOP/tests/lib" >"$FG_WORK/out" 2>&1 <<-'EOF' &
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	with Client() as c:
	    c.send(LOGIN, login_body())
	    assert c.recv()[0] == NEED
	    open("/run/farmgate-test/asked", "w").close()
	    try:
	        kind, _, body = c.recv()
	        assert kind == FAIL or verdict(body)[0] == DENY, (kind, body)
	    except Closed:
	        pass
	EOF
	client=$!
	want fg_until 5 test -e "$FG_WORK/asked"
	rm -f "$FG_WORK/asked"
	start=$EPOCHREALTIME
	fg_stop TERM
	took=$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))
	want_eq 0 "$FG_RC"
	echo "took $took ms"
	want test "$took" -lt 2000
	want wait "$client"
	cat "$FG_WORK/out"
	want test -s "$db" -a ! -s "$db-wal"
	verify_chain
	fg_start
	want_line JP <(farmgatectl except list)
	want farmgatectl except remove 1
}

interrupted()
{
	fg_stop INT
	want_eq 0 "$FG_RC"
	fg_start
	want fg_alive "$FG_PID"
}

debug_mode()
{
	fg_stop
	fg_start -d
	want fg_alive "$FG_PID"
	gate gate alice 127.0.0.2
	gate bare hunter2secret 127.0.0.2
	no_line hunter2secret "$FG_WORK/daemon.log"
	want test "$(wc -l <"$FG_WORK/daemon.log")" -gt 1
	fg_restart
}

torn_tail()
{
	local lines

	fg_stop KILL
	lines=$(wc -l <"$FG_AUDIT")
	printf '{"v":1,"seq":99999,"event":"deci' >>"$FG_AUDIT"
	fg_start
	want fg_alive "$FG_PID"
	want gate gate alice 127.0.0.2
	want jq -e . "$FG_AUDIT"
	want_line '"event":"recovered"' "$FG_AUDIT"
	want_line '"seq":99999' "$FG_AUDIT.torn"
	verify_chain
	want farmgatectl status >"$FG_WORK/status"
	want_line '^ +recovered, see its record [0-9]+$' "$FG_WORK/status"
}

foreign_audit()
{
	local rc=0

	fg_stop
	mv "$FG_AUDIT" "$FG_WORK/audit.saved"
	printf 'somebody else wrote this\n' >"$FG_AUDIT"
	chown farmgate "$FG_AUDIT"
	fg_start || rc=1
	want_eq 1 "$rc"
	want_eq 'somebody else wrote this' "$(cat "$FG_AUDIT")"
	fg_stop
	rm -f "$FG_AUDIT"
	ln -s "$FG_WORK/audit.saved" "$FG_AUDIT"
	rc=0
	fg_start || rc=1
	want_eq 1 "$rc"
	fg_stop
	rm -f "$FG_AUDIT"
	mv "$FG_WORK/audit.saved" "$FG_AUDIT"
	fg_start
	want fg_alive "$FG_PID"
}

# The log is as it was before and after; in between the file is COMMAND's.
with_audit_aside()
{
	cp -p "$FG_AUDIT" "$FG_WORK/audit.saved"
	"$@"
	fg_stop
	cp -p "$FG_WORK/audit.saved" "$FG_AUDIT"
	rm -f "$FG_WORK/audit.saved"
	fg_start
	want gate gate alice 127.0.0.2
	verify_chain
	want farmgatectl status
}

# Damage stays to be seen, until the daemon is started again.
status_is_degraded_by_it()
{
	want_rc 1 farmgatectl status >"$FG_WORK/status"
	want_line "^DEGRADED +the log was damaged, replaced .*see its record $1;" \
	    "$FG_WORK/status"
	want_line "^farmgate_audit_damaged_sequence $1$" <(farmgatectl metrics)
	want gate gate alice 127.0.0.2
	want_rc 1 farmgatectl status
}

status_is_healthy_after_it()
{
	want farmgatectl status >"$FG_WORK/status"
	want_line "renamed by somebody, see its record $1" "$FG_WORK/status"
	no_line 'audit_damaged' <(farmgatectl metrics)
}

# FIRST [HEALTH]: the new file's first record, as .event .replaced .by: nobody is refused;
# the gap shows in the file, in the log and in status.
audit_continued()
{
	local seq hash

	seq=$(tail -n 1 "$FG_WORK/audit.saved" | jq -r .seq)
	hash=$(tail -n 1 "$FG_WORK/audit.saved" | jq -r .hash)
	want fg_until 3 audit_gate_and_file
	want_eq "$1 $((seq + 1)) $hash" "$(head -n 1 "$FG_AUDIT" |
	    jq -r '"\(.event) \(.replaced) \(.by) \(.seq) \(.prev)"')"
	want_eq '640 farmgate' "$(stat -c '%a %U' "$FG_AUDIT")"
	want_line "continues $seq $hash" \
	    <(python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT")
	verify_chain
	want_eq 1 "$(grep -c "audit: .*see its record $((seq + 1))" \
	    "$FG_WORK/daemon.log")"
	"status_is_${2:-degraded_by}_it" $((seq + 1))
}

audit_gate_and_file()
{
	gate gate alice 127.0.0.2 && test -e "$FG_AUDIT"
}

removed_audit()
{
	rm -f "$FG_AUDIT"
	want gate gate alice 127.0.0.2
	want test -e "$FG_AUDIT"
	audit_continued 'recovered true null'
	want_line '^<2>audit: .* was damaged, replaced' "$FG_WORK/daemon.log"
}

renamed_audit()
{
	mv "$FG_AUDIT" "$FG_AUDIT.1"
	sleep 1.1
	audit_continued 'rotated null other' healthy_after
	want_line '^<4>audit: .* was renamed and is continued in a new file' \
	    "$FG_WORK/daemon.log"
	rm -f "$FG_AUDIT.1"
}

# No record, no remote login; and no restart once the file is gone.
foreign_audit_while_running()
{
	local pid=$FG_PID

	rm -f "$FG_AUDIT"
	printf 'somebody else wrote this\n' >"$FG_AUDIT"
	chown farmgate "$FG_AUDIT"
	want_not gate gate alice 127.0.0.2
	want_line 'audit: write' "$FG_WORK/daemon.log"
	want_not farmgatectl status
	want_eq 'somebody else wrote this' "$(cat "$FG_AUDIT")"
	rm -f "$FG_AUDIT"
	audit_continued 'recovered true null'
	want_eq "$pid" "$FG_PID"
	want fg_alive "$pid"
}

# The folder under another name for a while, as on a file system that is away.
audit_folder_gone()
{
	local folder=${FG_AUDIT%/*} lines

	mv "$folder" "$folder.away"
	sleep 1.1
	want_not gate gate alice 127.0.0.2
	want_not farmgatectl status
	want pamtester sudo alice acct_mgmt
	lines=$(wc -l <"$folder.away/audit.jsonl")
	mv "$folder.away" "$folder"
	want fg_until 3 gate gate alice 127.0.0.2
	want_eq recovered \
	    "$(tail -n "+$((lines + 1))" "$FG_AUDIT" | head -n 1 | jq -r .event)"
	want fg_until 3 farmgatectl status # and what has expired is looked for
	verify_chain
}

# TEXT: the daemon has said this of its audit log, once in the minute.
one_crit_of_audit()
{
	want_eq "<2>audit: write $(fg_status .audit.file): $1" \
	    "$(grep 'audit: write' "$FG_WORK/daemon.log")"
}

# TEXT, the error: no remote login while the log cannot be written; whoever is
# at the machine comes in, and it is told once.
no_remote_login()
{
	local i

	for i in 1 2 3 4 5; do
		want_not gate gate alice 127.0.0.2
	done
	want pamtester sudo alice acct_mgmt
	farmgatectl status >"$FG_WORK/status"
	want_eq 1 $?
	want_line '^state +DEGRADED' "$FG_WORK/status"
	want_line "^ +$1$" "$FG_WORK/status"
	one_crit_of_audit "$1"
}

# A read-only file system in the log's place, with the log in it or without.
read_only_disk()
{
	local folder=${FG_AUDIT%/*} pid=$FG_PID keep

	for keep in yes no; do
		fg_restart
		pid=$FG_PID
		want gate gate alice 127.0.0.2
		mkdir -p "$FG_WORK/read-only"
		mount -t tmpfs -o mode=0755 tmpfs "$FG_WORK/read-only"
		chown farmgate:adm "$FG_WORK/read-only"
		[ "$keep" = no ] || cp -p "$FG_AUDIT" "$FG_WORK/read-only"
		mount -o remount,ro "$FG_WORK/read-only"
		mount --move "$FG_WORK/read-only" "$folder"
		sleep 2	# until it looks again, for old files as well
		no_remote_login 'Read-only file system'
		umount "$folder"
		want fg_until 3 gate gate alice 127.0.0.2
		want_eq "$pid" "$FG_PID"
		want fg_until 3 farmgatectl status
		verify_chain
	done
	rmdir "$FG_WORK/read-only"
}

# ERROR TEXT: each write to the log ends so. What a tracer turns into an error
# is no system call any more, which the sandbox kills for as we run it else.
failing_write()
{
	local tracer

	fg_restart -F errno
	want gate gate alice 127.0.0.2
	strace -f -qq -p "$FG_PID" -o "$FG_WORK/strace" -P "$FG_AUDIT" \
	    -e trace=write -e "inject=write:error=$1" &
	tracer=$!
	want fg_until 5 grep -q "^TracerPid:[^0-9]*$tracer$" \
	    "/proc/$FG_PID/status"
	no_remote_login "$2"
	kill "$tracer"
	wait "$tracer"
	want_line "$1 .*INJECTED" "$FG_WORK/strace"
	want fg_until 3 gate gate alice 127.0.0.2
	want fg_alive "$FG_PID"
	want farmgatectl status
	verify_chain
}

failing_disk()
{
	failing_write EIO 'Input/output error'
	failing_write EROFS 'Read-only file system'
	failing_write EDQUOT 'Disk quota exceeded'
	fg_restart
}

# A file system of its own that fills up: no record, no remote login.
full_disk()
{
	local i denied=0

	fg_stop
	mkdir "$FG_WORK/small"
	mount -t tmpfs -o size=64k,mode=0755 tmpfs "$FG_WORK/small"
	install -d -m 0750 -o farmgate -g adm "$FG_WORK/small/log"
	{
		setup_conf
		echo "audit = \"$FG_WORK/small/log/audit.jsonl\""
	} | fg_conf
	fg_start
	want fg_alive "$FG_PID"
	want gate gate alice 127.0.0.2
	head -c 65536 /dev/zero >"$FG_WORK/small/fill" 2>/dev/null
	# a record that is a few bytes shorter may still fit where one did not
	for i in {1..24}; do
		if gate gate alice 127.0.0.2; then
			denied=0
		else
			denied=$((denied + 1))
		fi
		[ "$denied" -lt 3 ] || break
	done
	want test "$denied" -eq 3
	want_line 'reason=audit_unwritable|reason=.*audit' "$FG_SYSLOG"
	want pamtester sudo alice acct_mgmt
	one_crit_of_audit 'No space left on device'
	# Or lets them in, where that is what is written.
	{
		setup_conf
		echo "audit = \"$FG_WORK/small/log/audit.jsonl\""
		echo 'on_failure = {"audit_unwritable = allow"}'
	} | fg_conf
	want farmgatectl reload
	want gate gate alice 127.0.0.2
	want_not gate gate alice 127.0.0.3
	rm -f "$FG_WORK/small/fill"
	want gate gate alice 127.0.0.2
	want python3 "$FG_TOP/conf/audit-verify.py" \
	    "$FG_WORK/small/log/audit.jsonl"
	fg_stop
	umount "$FG_WORK/small"
	rmdir "$FG_WORK/small"
	setup_conf | fg_conf
	fg_start
}

# COMMAND that spoils $DB: the daemon starts, places are unknown, the policy's
# networks still count, and it says what is wrong.
bad_database()
{
	fg_stop
	cp "$DB" "$DB.good"
	"$@"
	fg_start
	want fg_alive "$FG_PID"
	want_line 'country' "$FG_WORK/daemon.log"
	want_not gate gate alice 127.0.0.3
	want gate gate alice 127.0.0.2
	gate gate alice 81.2.69.142
	want_not grep -q '"GB"' <<<"$(fg_last .place)"
	want_line 'geo.unknown' <(fg_last .)
	want fg_alive "$FG_PID"
	want_not farmgatectl status >"$FG_WORK/out"
	want_line 'no country of an address is known; .*geodata' "$FG_WORK/out"
	fg_stop
	rm -rf "$DB"
	mv "$DB.good" "$DB"
}

bad_databases()
{
	bad_database rm "$DB"
	bad_database truncate -s 0 "$DB"
	bad_database truncate -s 100 "$DB"
	bad_database truncate -s -50 "$DB"
	bad_database sh -c "head -c 4096 /dev/urandom >'$DB'"
	bad_database sh -c "rm '$DB'; mkdir '$DB'"
	bad_database sh -c "rm '$DB'; ln -s '$DB.good' '$DB'"
	bad_database sh -c "rm '$DB'; mkfifo '$DB'"
	fg_start
	want farmgatectl status >"$FG_WORK/out"
	no_line 'no country of an address' "$FG_WORK/out"
}

wrong_type()
{
	fg_stop
	cp "$DB" "$DB.good"
	perl -e '
		use MaxMind::DB::Writer::Tree;
		my $t = MaxMind::DB::Writer::Tree->new(ip_version => 6,
		    record_size => 24, database_type => "Test-ASN",
		    languages => ["en"], description => {en => "x"},
		    map_key_type_callback => sub { "uint32" });
		$t->insert_network("81.2.69.0/24",
		    {autonomous_system_number => 1});
		open my $fh, ">", $ARGV[0]; $t->write_tree($fh);' "$DB"
	fg_start
	want fg_alive "$FG_PID"
	gate gate alice 81.2.69.142
	want_not grep -q '"GB"' <<<"$(fg_last .place)"
	want_not gate gate alice 127.0.0.3
	fg_stop
	mv "$DB.good" "$DB"
	fg_start
}

# What happens to the file while the daemon runs changes no answer.
overwritten_database()
{
	cp "$DB" "$DB.good"
	truncate -s 10 "$DB"
	want gate gate alice 81.2.69.142
	head -c "$(stat -c %s "$DB.good")" /dev/urandom >"$DB"
	want gate gate alice 81.2.69.142
	rm -f "$DB"
	want gate gate alice 81.2.69.142
	want_not gate gate alice 8.8.8.8
	want_eq US "$(fg_last .place.country)"
	want fg_alive "$FG_PID"
	mv "$DB.good" "$DB"
	want farmgatectl reload
	want gate gate alice 81.2.69.142
}

# SECONDS at most; the daemon leaves so that both are started anew.
scanner_killed()
{
	local scanner

	scanner=$(fg_scanner)
	want test -n "$scanner"
	kill -KILL "$scanner"
	want fg_until 5 eval '! fg_alive "$FG_PID"'
	fg_stop
	want test "$FG_RC" -ne 0
	fg_start
	want fg_alive "$FG_PID"
	want gate gate alice 127.0.0.2
}

# After three deaths in a minute it goes on without one, and says so.
scanner_degraded()
{
	local i

	for i in 1 2 3 4; do
		[ -n "$(fg_scanner)" ] || break
		kill -KILL "$(fg_scanner)"
		fg_until 5 eval '! fg_alive "$FG_PID" || ! fg_scanner' || break
		fg_alive "$FG_PID" || { fg_stop; fg_start; }
	done
	want fg_alive "$FG_PID"
	want_not gate gate alice 127.0.0.3
	want gate gate alice 127.0.0.2
	want_line '^blind$' \
	    <(fg_last '.findings[] | select(.code == "remote.unknown") | .grade')
	want_not farmgatectl status >"$FG_WORK/out"
	want_line '^DEGRADED +the scanner died three times' "$FG_WORK/out"
	# nor does what it goes on without stay as a zombie
	want fg_until 3 eval '! fg_scanner'
	fg_stop
	rm -f /var/lib/farmgate/scanner.deaths
	fg_start
	want gate gate alice 127.0.0.2
}

daemon_gone()
{
	! fg_alive "$FG_PID"
}

scanner_stopped()
{
	local scanner

	scanner=$(fg_scanner)
	kill -STOP "$scanner"
	sleep 2.1 # then the last look is too old to be of use
	want_not gate gate alice 127.0.0.3
	want_line remote.unknown <(fg_last .)
	farmgatectl scan >"$FG_WORK/out"
	want_line '^taken .*, [2-9]\.[0-9] s ago: ' "$FG_WORK/out"
	want_line '^OUTDATED: ' "$FG_WORK/out"
	want_line '^not everything was looked at' "$FG_WORK/out"
	# what it would have seen is not known, and the policy has the word
	want gate gate alice 127.0.0.2
	want_line '^error$' <(fg_last .peer.state)
	want_line '^true$' <(fg_last 'has("remote") and .remote == null')
	# no answer for three seconds is a death
	want fg_until 6 daemon_gone
	want_line 'no answer for 3 s' "$FG_WORK/daemon.log"
	# stopped or not, it does not outlive whom it works for
	want fg_until 3 eval '! fg_alive "$scanner"'
	fg_restart
}

storm()
{
	local i

	for i in 1 2 3 4 5; do
		python3 - "$FG_TOP/tests/lib" <<-'EOF' &
		import sys, time
		sys.path.insert(0, sys.argv[1])
		from wire import *
		end = time.monotonic() + 1.5
		while time.monotonic() < end:
		    try:
		        with Client() as c:
		            v = c.login(rhost="8.8.8.8")
		        assert v[0] == DENY
		    except (OSError, Closed):
		        time.sleep(0.01)
		EOF
		local client=$!
		sleep "0.$((i * 2 + 1))"
		fg_stop KILL
		fg_start
		want fg_alive "$FG_PID"
		want wait "$client"
	done
	verify_chain
}

setup_gate
fg_pam gate
printf 'account required %s\n' "$FG_MODULE" >/etc/pam.d/bare
want_daemon

run "DMN-13 a second daemon leaves and the first stays" second_daemon
run "DMN-13, AUD-04 a second daemon at the same audit log leaves" second_log
run "DMN-13 a wrong option is named with what is wrong" wrong_options
run "DMN-13 stale sockets of a killed daemon are taken over" stale_sockets
run "DMN-14 an end with a request under way is soon over and lets nobody in" terminated
run "DMN-14 an interrupt is an end like any other" interrupted
run "DMN-15 debug prints no name that was typed" debug_mode
run "AUD-01 a torn last line is set aside and the chain goes on" torn_tail
run "AUD-01 somebody else's file is not written to" foreign_audit
run "AUD-02 a log that is removed while the daemon runs is continued visibly" \
    with_audit_aside removed_audit
run "AUD-02 a log that is renamed while the daemon runs is continued visibly" \
    with_audit_aside renamed_audit
run "AUD-01 somebody else's file put there refuses remote logins until it is gone" \
    with_audit_aside foreign_audit_while_running
run "DMN-07 a log folder that is away and back needs no restart" \
    audit_folder_gone
run "DMN-06 a full disk refuses remote logins, and ends with the space" full_disk
run "DMN-06 a log that cannot be written refuses remote logins, until it can" \
    failing_disk
run "DMN-06 so does one on a file system that has become read-only" \
    read_only_disk
run "GEO-07 a missing or broken database makes places unknown" bad_databases
run "GEO-07 a database of another kind makes places unknown" wrong_type
run "GEO-01 spoiling the file under a running daemon changes nothing" overwritten_database
run "DMN-01 a killed scanner ends the daemon, and both come back" scanner_killed
run "DMN-01 a scanner that stops answering lets nobody in, and is replaced" scanner_stopped
run "DMN-01 after repeated deaths the daemon goes on degraded" scanner_degraded
run "DMN-01 kill -9 in a storm of logins leaves a whole chain" storm
# The service manager's side: sockets passed, readiness told, watchdog fed.
fg_stop
rm -f /run/farmgate/*.sock
python3 "$FG_TOP/tests/lib/activate.py" "$FG_CONF" 2>>"$FG_WORK/daemon.log" ||
    T_FAILED=1
fg_start
finish
