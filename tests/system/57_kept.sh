#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is kept of logins: for how long, in a store that is full, locked, damaged
# or read by others, and of logins that are not what they were.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

STATE=/var/lib/farmgate

kept_conf()
{
	setup_conf
	echo "state = \"$STATE\""
}

# Two sessions of alice are what this policy bears.
limited_conf()
{
	kept_conf | sed '/^policy staff/i\
policy alice { users = {"alice"} countries = {"NO"}\
    max_sessions = "2" actions = {"session.limit = deny"} }'
}

# USER FROM [USER]: a session that stays. REF is its reference, LEADER leads it.
lead()
{
	local out

	out=$(mktemp "$FG_WORK/lead.XXXXXX")
	python3 "$FG_TOP/tests/lib/leader.py" "$@" >"$out" 2>&1 &
	LEADER=$!
	want fg_until 5 test -s "$out"
	REF=$(head -n 1 "$out")
}

end_leader()
{
	kill -KILL "$@"
	wait "$@" 2>/dev/null
}

end_all()
{
	local pid

	for pid in $(jobs -p); do
		[ "$pid" = "$FG_PID" ] || end_leader "$pid"
	done
	want fg_no_sessions
}

is_listed()
{
	[ -n "$(of_session "$1" .ref)" ]
}

# Of each decision under this reference: REF FILTER
decisions()
{
	fg_of_ref decision "$1" "$2"
}

# The store as another process of the daemon's user finds it; python of stdin
# has it as db.
in_store()
{
	{
		echo 'import sqlite3, sys, time'
		echo 'db = sqlite3.connect(sys.argv[1], isolation_level=None)'
		cat
	} >"$FG_WORK/in_store.py"
	setpriv --reuid farmgate --regid farmgate --clear-groups \
	    python3 "$FG_WORK/in_store.py" "$STATE/farmgate.db" "$@"
}

ask_store()
{
	in_store <<<"print(*db.execute(sys.argv[2]).fetchone())" "$1"
}

# AGE-IN-DAYS COUNT
old_logins()
{
	in_store "$@" <<-'EOF'
	age, n = int(sys.argv[2]), int(sys.argv[3])
	db.execute("BEGIN")
	db.executemany("INSERT INTO history (person, ref, service, addr, source,"
	    " country, asn, at_s, boot_id, boot_s) VALUES ('x', '', 'sshd',"
	    " '192.0.2.1', '192.0.2.1', '', 0, ?, '', 0)",
	    [(int(time.time()) - age * 86400,)] * n)
	db.execute("COMMIT")
	EOF
}

# ---- how long --------------------------------------------------------------

retention()
{
	fg_stop
	want old_logins 91 250
	want old_logins 89 10
	want fg_start
	want fg_until 10 eval '[ "$(ask_store "SELECT count(*) FROM history")" = 10 ]'
	want fg_until 2 grep -q 'history: removed 250 logins' \
	    "$FG_WORK/daemon.log"
	{
		kept_conf
		echo 'history = "88d"'
		echo 'shared_window = "30d"'
	} | fg_conf
	fg_restart
	want fg_until 5 eval '[ "$(ask_store "SELECT count(*) FROM history")" = 0 ]'
	kept_conf | fg_conf
}

# The newest is of a day after tomorrow, or today is not what the clock says.
retention_in_doubt()
{
	fg_stop
	want old_logins 91 5
	want old_logins -2 1
	want fg_start
	sleep 2.5
	want_eq 6 "$(ask_store "SELECT count(*) FROM history")"
	fg_stop
	want in_store <<<'db.execute("DELETE FROM history")'
	want fg_start
}

# Between the newest but one and today is a year of which nobody knows. That
# somebody logs in by such a clock makes it no better, until a week later.
retention_after_a_leap()
{
	fg_stop
	want old_logins 455 5
	want old_logins 365 5
	want old_logins 6 1
	want fg_start
	want_line '^<4>history: nothing is removed: the clock has leapt' \
	    "$FG_WORK/daemon.log"
	sleep 1.5
	want_eq 11 "$(ask_store "SELECT count(*) FROM history")"
	fg_stop
	want old_logins 8 1
	want fg_start
	want fg_until 5 eval '[ "$(ask_store "SELECT count(*) FROM history")" = 2 ]'
	fg_stop
	want in_store <<<'db.execute("DELETE FROM history")'
	want fg_start
}

# ---- a store that is not as it should be -----------------------------------

# Who is in stays in, who comes is let in and counted, and it is told.
full_disk()
{
	local before ended

	fg_stop
	mkdir "$FG_WORK/small"
	mount -t tmpfs -o size=2m,mode=0755 tmpfs "$FG_WORK/small"
	STATE=$FG_WORK/small/state
	install -d -m 0700 -o farmgate -g farmgate "$STATE"
	limited_conf | fg_conf
	want fg_start
	lead alice 127.0.0.2
	before=$REF ended=$LEADER
	want_eq 1 "$(ask_store "SELECT count(*) FROM session")"
	head -c 2M /dev/zero >"$FG_WORK/small/fill" 2>/dev/null
	lead alice 127.0.0.2
	want is_listed "$REF"
	want_eq 2 "$(fg_status .sessions)"
	want_line '^<3>store: .*kept in memory.*No space left' \
	    "$FG_WORK/daemon.log"
	want_rc 1 farmgatectl status >"$OUT"
	want_line '^DEGRADED +the store cannot be written: 1 change' "$OUT"
	lead alice 127.0.0.2	# a third one
	want_eq "denied: session.limit" "$REF"
	end_leader "$ended"
	want fg_until 5 eval '! is_listed "$before"'
	want_eq gone "$(how "$before")"
	lead alice 127.0.0.2
	want is_listed "$REF"
	want_eq 1 "$(ask_store "SELECT count(*) FROM session")"
	rm -f "$FG_WORK/small/fill"
	want fg_until 5 farmgatectl status
	want grep -q 'what was kept in memory is written' "$FG_WORK/daemon.log"
	want_eq 2 "$(ask_store "SELECT count(*) FROM session")"
	want_eq 3 "$(ask_store "SELECT count(*) FROM history")"
	fg_stop KILL
	want fg_start
	want_eq 2 "$(fg_status .sessions)"
	want is_listed "$REF"
	want test -z "$(how "$REF")"
	end_all
	fg_stop
	umount "$FG_WORK/small"
	STATE=/var/lib/farmgate
	kept_conf | fg_conf
	want fg_start
}

# Sessions that were open are not known any more; who comes now is.
damaged()
{
	local leader

	lead alice 127.0.0.2
	leader=$LEADER
	fg_stop KILL
	dd if=/dev/urandom of="$STATE/farmgate.db" conv=notrunc bs=4096 \
	    seek=1 count=20 status=none
	want fg_start
	want_line '^<2>store: .*kept as farmgate.db.corrupt-' \
	    "$FG_WORK/daemon.log"
	want_rc 1 farmgatectl status >"$OUT"
	want_line '^DEGRADED +the store' "$OUT"
	want_eq 0 "$(fg_status .sessions)"
	lead alice 127.0.0.2
	want is_listed "$REF"
	end_leader "$leader"
	want is_listed "$REF"
	fg_restart
	want is_listed "$REF"
	want farmgatectl status
	end_all
	rm -f "$STATE"/farmgate.db.corrupt-*
}

# Only its process says whether a session is over, and neither its age nor that
# somebody has the number of its process.
ghosts()
{
	local live=() leader

	lead alice 127.0.0.2
	live+=("$REF")
	leader=$LEADER
	lead bob 127.0.0.2
	live+=("$REF")
	lead alice 127.0.0.2
	fg_stop KILL
	want in_store "${live[@]}" "$REF" <<-'EOF'
	old, later, ghost = sys.argv[2:]
	db.execute("UPDATE session SET opened_s = 1, opened_boot_s = 1"
	           " WHERE ref = ?", (old,))
	db.execute("UPDATE session SET opened_s = ? WHERE ref = ?",
	           (int(time.time()) + 10 ** 9, later))
	db.execute("UPDATE session SET start = start - 1 WHERE ref = ?", (ghost,))
	EOF
	want fg_start
	want fg_until 5 eval '[ "$(how "$REF")" = lost_during_restart ]'
	want is_listed "${live[0]}"
	want is_listed "${live[1]}"
	want_eq 2 "$(fg_status .sessions)"
	end_leader "$leader"
	want fg_until 5 eval '! is_listed "${live[0]}"'
	want is_listed "${live[1]}"
	end_all
}

# ---- its log ---------------------------------------------------------------

# As SQLite has it: a number in the head changes when it begins anew.
log_number()
{
	od -An -tx4 -j16 -N4 "$STATE/farmgate.db-wal"
}

# So many sessions one after the other, of one process. Prints how long the
# slowest took, in milliseconds.
write_sessions()
{
	python3 - "$FG_TOP/tests/lib" "$1" <<-'EOF'
	import sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	took = []
	for n in range(int(sys.argv[2])):
	    start = time.monotonic()
	    with Client() as c:
	        v = c.login(phase=2, user="bob")
	    took.append(time.monotonic() - start)
	    assert v[0] == ALLOW, v
	took.sort()
	print("%d sessions, 99 of 100 within %.1f ms, all within %.1f ms" % (
	    len(took), took[len(took) * 99 // 100] * 1000, took[-1] * 1000))
	EOF
}

# A log of more than 16 MiB is moved, and not at the next start. The sessions
# before that are fewer; each login after it may be the one that begins it anew.
log_is_moved()
{
	local number

	write_sessions 1
	number=$(log_number)
	want write_sessions 100
	want_eq "$number" "$(log_number)"
	want write_sessions 800
	want fg_until 10 eval 'write_sessions 1; [ "$(log_number)" != "$number" ]'
	want_not grep -q 'its log is not moved' "$FG_WORK/daemon.log"
}

# Somebody reads all the while, as an export does: nobody waits for that, and
# the log is moved when it is over.
log_is_read()
{
	local number reader

	mkfifo -m 0666 "$FG_WORK/read" "$FG_WORK/go"
	in_store "$FG_WORK/read" "$FG_WORK/go" <<-'EOF' &
	db.execute("BEGIN")
	db.execute("SELECT count(*) FROM history").fetchone()
	open(sys.argv[2], "w").close()
	open(sys.argv[3]).read()
	db.execute("COMMIT")
	EOF
	reader=$!
	cat "$FG_WORK/read"
	number=$(log_number)
	want write_sessions 900
	want_eq "$number" "$(log_number)"
	: >"$FG_WORK/go"
	want wait "$reader"
	want fg_until 10 eval 'write_sessions 1; [ "$(log_number)" != "$number" ]'
	end_all
}

# ---- logins that are not what they were ------------------------------------

# PAM's user is another one when the session opens.
other_user()
{
	local linked

	linked=$(fg_status .decisions.linked)
	lead alice 127.0.0.2 bob
	want_eq bob "$(of_session "$REF" .person)"
	want_eq 1 "$(fg_status .sessions)"
	want_eq "bob session" "$(fg_last '"\(.user) \(.phase)"')"
	want_eq "$linked" "$(fg_status .decisions.linked)"
	want_eq bob "$(ask_store \
	    "SELECT person FROM history ORDER BY id DESC LIMIT 1")"
	lead alice 127.0.0.4 carol	# may not come from there
	want_eq "denied: net.listed" "${REF%%:vpn*}"
	want_eq carol "$(fg_last .user)"
	want_eq 1 "$(fg_status .sessions)"
	end_all
	lead alice 127.0.0.2
	want_eq alice "$(of_session "$REF" .person)"
	want_eq $((linked + 1)) "$(fg_status .decisions.linked)"
	end_all
}

# The policy changes while a session is decided: it has the old one, counts
# from then on, and lasts.
reload_under_way()
{
	want python3 - "$FG_TOP/tests/lib" "$FG_WORK" <<-'EOF'
	import os, subprocess, sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	with Client() as c:
	    c.send(LOGIN, login_body(phase=2, user="bob"))
	    kind, _, body = c.recv()
	    assert kind == NEED, kind
	    conf = "/etc/farmgate/farmgate.conf"
	    with open(conf) as f:
	        text = f.read()
	    with open(conf + ".new", "w") as f:
	        f.write(text.replace('countries = {"NO", "SE", "GB"}',
	                             'countries = {"BR"}'))
	    os.chmod(conf + ".new", 0o644)
	    os.rename(conf + ".new", conf)
	    subprocess.run(["farmgatectl", "reload"], check=True)
	    c.send(GROUPS, groups_body(need(body), ("staff",)))
	    kind, _, body = c.recv()
	    assert kind == VERDICT and verdict(body)[0] == ALLOW, (kind, body)
	    ref = verdict(body)[2]
	listed = subprocess.run(["farmgatectl", "sessions", "--json"], check=True,
	                        stdout=subprocess.PIPE, text=True).stdout
	assert '"%s"' % ref in listed, listed
	with Client() as c:
	    assert c.login(phase=2, user="bob")[0] == DENY
	subprocess.run(["farmgatectl", "reload"], check=True)
	listed = subprocess.run(["farmgatectl", "sessions", "--json"], check=True,
	                        stdout=subprocess.PIPE, text=True).stdout
	assert '"%s"' % ref in listed, listed
	EOF
	kept_conf | fg_conf
	want farmgatectl reload
	want fg_no_sessions
}

# OPENED COUNT: as many, behind so many that are over.
are_open()
{
	want_eq "$2" "$(fg_status .sessions)"
	want_eq "$2" "$(ask_store "SELECT count(*) FROM session")"
	want_eq "$(($1 + $2))" "$(($(fg_events open) - $(fg_events close)))"
}

# Those who ask live on, and what they ask for is never heard of. Of groups they
# are not asked. Some that leave at any moment may have been answered before,
# and are open.
peer_gone()
{
	local asker logins open answered

	kept_conf | sed 's/@staff/alice/' | fg_conf
	want farmgatectl reload
	open=$(($(fg_events open) - $(fg_events close)))
	rm -f "$OUT"
	python3 - "$FG_TOP/tests/lib" "$FG_PID" "$(fg_scanner)" >"$OUT" 2>&1 \
	    <<-'EOF' &
	import os, signal, sys, time
	sys.path.insert(0, sys.argv[1])
	daemon, scanner = int(sys.argv[2]), int(sys.argv[3])
	from wire import *
	def leave():
	    for _ in range(50):
	        with Client() as c:
	            c.send(LOGIN, login_body(phase=2, user="carol"))
	def heard_of():
	    with Client() as c:
	        assert c.login(user="alice")[0] == ALLOW
	signal.signal(signal.SIGUSR1, lambda *_: None)
	leave()
	heard_of()
	print("left at any moment", flush=True)
	signal.pause()
	# while the scanner looks
	os.kill(scanner, signal.SIGSTOP)
	leave()
	time.sleep(0.1)
	os.kill(scanner, signal.SIGCONT)
	# after it has, and before the daemon hears of either
	for _ in range(5):
	    os.kill(scanner, signal.SIGSTOP)
	    with Client() as c:
	        c.send(LOGIN, login_body(phase=2, user="carol"))
	        time.sleep(0.02)
	        os.kill(daemon, signal.SIGSTOP)
	        os.kill(scanner, signal.SIGCONT)
	        time.sleep(0.02)
	    os.kill(daemon, signal.SIGCONT)
	    time.sleep(0.02)
	heard_of()
	print("left unanswered", flush=True)
	signal.pause()
	EOF
	asker=$!
	want fg_until 5 test -s "$OUT"
	want_eq "left at any moment" "$(cat "$OUT")"
	answered=$(fg_status .sessions)
	are_open "$open" "$answered"
	logins=$(ask_store "SELECT count(*) FROM history")
	kill -USR1 "$asker"
	want fg_until 5 grep -q unanswered "$OUT"
	cat "$OUT"
	are_open "$open" "$answered"
	want_eq "$logins" "$(ask_store "SELECT count(*) FROM history")"
	kept_conf | fg_conf
	want farmgatectl reload
	end_leader "$asker"
	want fg_no_sessions
}

# No descriptor is left to watch the process by. That is a decision of the
# session's own, and account's stays the only one under its reference.
no_descriptor()
{
	want python3 - "$FG_TOP/tests/lib" "$FG_PID" >"$OUT" <<-'EOF'
	import os, subprocess, sys, time
	sys.path.insert(0, sys.argv[1])
	daemon = int(sys.argv[2])
	from wire import *
	def limit(n):
	    subprocess.run(["setpriv", "--reuid", "farmgate", "--regid",
	                    "farmgate", "--clear-groups", "prlimit", "--pid",
	                    str(daemon), "--nofile=%s:" % n], check=True)
	used = {int(n) for n in os.listdir("/proc/%d/fd" % daemon)}
	free = [n for n in range(len(used) + 2) if n not in used]
	limit(free[1])	# the connection takes the other one
	with Client() as c:
	    account = c.login(user="alice")
	assert account[0] == ALLOW, account
	time.sleep(0.1)	# until the scanner has answered
	with Client() as c:
	    session = c.login(phase=2, user="alice", ref=account[2])
	limit(1024)
	assert session[0] == DENY, session
	print(account[2], session[2])
	EOF
	read -r account session <"$OUT"
	want_eq allow "$(decisions "$account" .verdict)"
	want_eq "session session_unkept deny" \
	    "$(decisions "$session" '"\(.phase) \(.decided.failure) \(.verdict)"')"
	want_line "^<3>session $session: not kept" "$FG_WORK/daemon.log"
	want_eq 0 "$(fg_status .sessions)"
	lead alice 127.0.0.2
	want is_listed "$REF"
	end_all
}

setup_gate
kept_conf | fg_conf
want_daemon

run "history: what is older than it reaches back is removed" retention
run "DMN-04 nothing is removed by a clock that is in doubt" retention_in_doubt
run "DMN-04 nothing is removed by a clock that has leapt ahead" retention_after_a_leap
run "DB-03 with a full disk sessions are let in, counted and told, and written later" full_disk
run "DB-04 of a store that was damaged the open sessions are lost, and no others" damaged
run "DB-10 a session is over when its process is, by no age and no other's number" ghosts
run "DB-05 a long log is moved by a worker" log_is_moved
run "DB-05 who reads for long delays no login, and the log is moved afterwards" log_is_read
run "IN-08 a session of another user than account's is decided anew, and is theirs" other_user
run "IPC-16 a session that is decided during a reload has the old policy, and lasts" reload_under_way
run "IPC-17 a peer that leaves while its session is decided opens none" peer_gone
run "a session that cannot be kept is one decision, under its own reference" no_descriptor
finish
