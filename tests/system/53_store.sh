#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The store when it goes wrong: spoilt while the daemon is away, and locked by
# somebody else. Nobody is let in for it, nobody waits for it, and an import
# mends it.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

OUT=$FG_WORK/out
CSV=$FG_WORK/people.csv
STATE=/var/lib/farmgate
DB=$STATE/farmgate.db

# Alice may come; bob may not any more, which the inventory alone knows.
people()
{
	cat <<-EOF
	user,countries,status
	alice,NO,active
	bob,NO,revoked
	EOF
}

import_people()
{
	people >"$CSV"
	farmgatectl inventory import "$CSV" >"$OUT" 2>&1
}

as_it_should_be()
{
	want gate gate alice 127.0.0.2
	want_not gate gate bob 127.0.0.2
	want_line 'person.revoked' <(fg_last .)
	want farmgatectl status
}

# COMMAND that spoils the store: nobody comes in from elsewhere, it is loud,
# what there was is kept, and an import is all that it takes.
spoilt()
{
	echo "--- $*"
	rm -rf "$DB".corrupt-*
	"$@"
	fg_start
	want fg_alive "$FG_PID"
	want_line '^<2>store: .*kept as farmgate.db.corrupt-.*import' \
	    "$FG_WORK/daemon.log"
	want compgen -G "$DB.corrupt-*"
	want_not gate gate alice 127.0.0.2
	want_eq store_unusable "$(fg_last .decided.failure)"
	want_not gate gate bob 127.0.0.2
	want pamtester sudo alice acct_mgmt
	farmgatectl status >"$OUT" 2>&1
	want_eq 1 $?
	want_line '^DEGRADED +the store' "$OUT"
	want_line 'farmgate.db.corrupt-' "$OUT"
	want import_people
	as_it_should_be
	fg_restart
	as_it_should_be
	fg_stop
}

noise()
{
	dd if=/dev/urandom of="$DB" conv=notrunc bs=4096 seek="$1" \
	    count="$2" status=none
}

# SQL
as_daemon()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups python3 -c '
import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute(sys.argv[2])' "$DB" "$1"
}

pages()
{
	echo $(($(stat -c %s "$DB") / 4096))
}

spoilt_files()
{
	fg_stop
	spoilt noise 0 1
	spoilt eval 'noise 1 $(($(pages) - 1))'
	spoilt truncate -s 0 "$DB"
	spoilt eval 'rm -f "$DB"; install -d -o farmgate -m 0700 "$DB"'
	spoilt as_daemon "PRAGMA user_version = 99"
	fg_start
}

# The log holds what the file does not yet.
spoil_log()
{
	want test "$(stat -c %s "$DB-wal")" -gt 4096
	dd if=/dev/urandom of="$DB-wal" conv=notrunc bs=24 count=1 status=none
}

spoilt_log()
{
	want import_people
	fg_stop KILL
	spoilt spoil_log
	fg_start
}

# Alice's and bob's logins, and the daemon is asked for an exception meanwhile.
# What is measured is everything: a connection, a question, an answer.
log_in_under_the_lock()
{
	python3 - "$FG_TOP/tests/lib" <<-'EOF'
	import subprocess, sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	add = ["farmgatectl", "except", "add", "alice", "--finding",
	       "geo.country", "--until", "+1h", "--reason", "x"]
	took = []
	for n in range(10):
	    with subprocess.Popen(add, stdout=subprocess.DEVNULL,
	                          stderr=subprocess.PIPE) as p:
	        while p.poll() is None:
	            for user, want in (("alice", ALLOW), ("bob", DENY)):
	                start = time.monotonic()
	                with Client() as c:
	                    got = c.login(user=user)
	                took.append(time.monotonic() - start)
	                assert got[0] == want, (user, got)
	                assert user == "alice" or got[3] == "person.revoked", got
	        said = p.stderr.read().decode()
	        assert p.returncode == 2 and "too busy" in said, said
	took.sort()
	print(len(took), "logins, 9 of 10 within %.1f ms, all within %.1f ms" %
	      (took[len(took) * 9 // 10] * 1000, took[-1] * 1000))
	# more only on a machine that has other things to do
	assert len(took) >= 20 and took[len(took) * 9 // 10] < 0.1
	EOF
}

locked()
{
	local holder

	mkfifo "$FG_WORK/hold"
	setpriv --reuid farmgate --regid farmgate --clear-groups \
	    python3 - "$DB" "$FG_WORK/hold" <<-'EOF' &
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1], isolation_level=None)
	db.execute("BEGIN EXCLUSIVE")
	open(sys.argv[2]).read()
	EOF
	holder=$!
	exec 7>"$FG_WORK/hold"	# opens when it has the lock
	want log_in_under_the_lock
	want gate gate alice 127.0.0.2
	exec 7>&-
	want wait "$holder"
	want farmgatectl except add alice --finding geo.country --until +1h \
	    --reason x
	as_it_should_be
}

setup_gate
want_daemon
fg_pam gate
want import_people
run "an inventory says who may not come any more" as_it_should_be
run "DB-04 a spoilt store refuses logins, is told, and an import mends it" \
    spoilt_files
run "DB-04 so does a spoilt log of it" spoilt_log
run "DB-05 nobody waits for a lock that somebody else holds" locked
finish
