#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# An older copy of the store that is put back: who lost access since does not
# get in by it, it is told until somebody has settled it, and neither a crash
# nor a rotation makes one of a store that is none. DB-11

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

STATE=/var/lib/farmgate
BACKUP=$FG_WORK/backup

import_people()
{
	printf 'user,countries\nalice,NO\nbob,NO\n' >"$FG_WORK/people.csv"
	says 0 inventory import "$@" "$FG_WORK/people.csv"
}

# Nobody was ever here, and there are two people.
fresh()
{
	fg_stop
	fg_forget
	rm -rf "$BACKUP"
	want fg_start
	import_people
}

# Of all of the state, with the daemon stopped.
back_up()
{
	fg_stop
	cp -a "$STATE" "$BACKUP"
	want fg_start
}

# [all]: the database, or all of the state, with the daemon stopped.
put_back()
{
	fg_stop
	rm -f "$STATE"/farmgate.db "$STATE"/farmgate.db-*
	if [ -n "${1:-}" ]; then
		rm -rf "$STATE"
		cp -a "$BACKUP" "$STATE"
	else
		cp -a "$BACKUP"/farmgate.db* "$STATE"
		rm -f "$STATE"/farmgate.db.changes
		cp -a "$FG_WORK/changes" "$STATE/farmgate.db.changes"
	fi
	want fg_start
}

# Alice may come, and bob's access is taken back after the backup.
backed_up()
{
	fresh
	back_up
	says 0 revoke bob --reason left
	want gate gate alice 127.0.0.2
	want_not gate gate bob 127.0.0.2
	cp -a "$STATE/farmgate.db.changes" "$FG_WORK/changes"
}

# OWN KNOWN: it is older, which everybody who may ask is told.
is_older()
{
	want_not gate gate alice 127.0.0.2
	want_eq store_unusable "$(fg_last .decided.failure)"
	want_not gate gate bob 127.0.0.2
	want pamtester sudo alice acct_mgmt
	says 1 status
	want_line "^DEGRADED +the store: .*older copy .* has had $1; do again " \
	    "$OUT"
	want_line 'import the people again and, if this is said still, run farmgatectl inventory accept' \
	    "$OUT"
	want_eq "$1 $2" "$(fg_status '.store | "\(.changes) \(.known)"')"
}

# It was found at the last start, and is on record.
was_found()
{
	want_line "^<2>store: .*older copy .*of $2 changes .* has had $1; " \
	    "$FG_WORK/daemon.log"
	want_eq "$1 $2 $2" "$(fg_last_of rollback \
	    '"\(.own) \(.known) \(.changes)"')"
}

is_whole()
{
	want gate gate alice 127.0.0.2
	says 0 status
	want_eq 0 "$(fg_events rollback)"
}

# ---- it is found -----------------------------------------------------------

beside_it()
{
	backed_up
	put_back
	was_found 1 2
	is_older 1 2
	fg_restart
	was_found 1 2
	is_older 1 2
	want_eq 2 "$(fg_events rollback)"
}

# What is missing is done again, and the people are imported.
an_import_settles_it()
{
	says 0 revoke bob --reason left
	is_older 1 3
	fg_stop
	says 1 test --user alice --from 127.0.0.2
	want_line 'store_unusable' "$OUT"
	want fg_start
	was_found 1 3
	is_older 1 3
	import_people
	want gate gate alice 127.0.0.2
	want_not gate gate bob 127.0.0.2
	says 0 status
	want_line '^people .*; changes 4$' "$OUT"
	want_line '^<6>store: an import is in force; what was wrong is over' \
	    "$FG_WORK/daemon.log"
	fg_restart
	want gate gate alice 127.0.0.2
	says 0 status
	says 2 inventory accept
	want_line 'nothing to accept' "$OUT"
}

# All that the state has is as old: the audit log alone knows.
by_the_audit_log()
{
	backed_up
	put_back all
	was_found 1 2
	is_older 1 2
}

accepted()
{
	says 0 inventory accept
	want_line '^accepted: the store has had 1 of 2 changes' "$OUT"
	want_eq "accept 1 2 2 0" "$(fg_last_of inventory \
	    '"\(.action) \(.own) \(.known) \(.changes) \(.by.uid)"')"
	want gate gate alice 127.0.0.2
	want gate gate bob 127.0.0.2	# as it is
	says 0 status
	fg_restart
	want gate gate alice 127.0.0.2
	says 0 status
	want_eq "3 3" "$(fg_status '.store | "\(.changes) \(.known)"')"
}

# The same backup is older still.
once_more()
{
	put_back all
	was_found 1 3
	is_older 1 3
}

# A rotation while it runs takes the number along.
after_a_rotation()
{
	backed_up
	mv "$FG_AUDIT" "$FG_AUDIT.1"
	want fg_until 5 eval 'gate gate alice 127.0.0.2; test -s "$FG_AUDIT"'
	want_eq 2 "$(head -n 1 "$FG_AUDIT" | jq .changes)"
	rm -f "$FG_AUDIT.1"
	put_back all
	was_found 1 2
	is_older 1 2
}

# Moved away while nobody wrote to it: what is beside the store still knows.
without_a_log()
{
	backed_up
	fg_stop
	rm -f "$FG_AUDIT"
	put_back
	was_found 1 2
	is_older 1 2
}

# The whole state is gone, and the log says that there was one.
without_a_store()
{
	backed_up
	fg_stop
	rm -f "$STATE"/farmgate.db*
	want fg_start
	was_found 0 2
	is_older 0 2
	import_people
	want gate gate alice 127.0.0.2
	says 0 status
}

# ---- it is none ------------------------------------------------------------

# SQL: by the daemon's user, while it is stopped.
as_daemon()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups python3 -c '
import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])' \
	    "$STATE/farmgate.db" "$1"
}

# Of before there was a counter; nobody knows of any changes.
an_upgrade()
{
	fresh
	fg_stop
	want as_daemon 'DROP TABLE change;
	    ALTER TABLE session DROP COLUMN also;
	    ALTER TABLE session DROP COLUMN more;
	    ALTER TABLE session DROP COLUMN policy;
	    ALTER TABLE session DROP COLUMN observed;
	    DROP TABLE totp; DROP TABLE recovery; DROP TABLE backoff;
	    DROP TABLE proof; DROP TABLE verified; DROP TABLE baseline;
	    DROP TABLE learned; DROP TABLE support;
	    DROP TABLE asset; DROP TABLE asset_name;
	    DROP TABLE asset_generation; DROP TABLE asset_remembered;
	    DROP TABLE enrolment; DROP TABLE device_seen;
	    DROP TABLE enrolment_remembered; DROP TABLE site;
	    DROP TABLE hold;
	    ALTER TABLE session DROP COLUMN device;
	    ALTER TABLE exception DROP COLUMN kind;
	    PRAGMA user_version = 5;'
	rm -f "$FG_AUDIT" "$STATE/farmgate.db.changes"
	want fg_start
	is_whole
	says 0 revoke bob
	fg_restart
	is_whole
	want_eq "1 1" "$(fg_status '.store | "\(.changes) \(.known)"')"
}

# Killed at any moment of changes, before or behind their records.
crashes()
{
	local i pid

	fresh
	for i in $(seq 40); do
		while :; do
			farmgatectl revoke bob
			farmgatectl unrevoke bob
			farmgatectl except add alice --finding geo.country \
			    --until +1h --reason x
			farmgatectl except remove "$(farmgatectl except list \
			    --json | jq .id | head -n 1)"
		done >/dev/null 2>&1 &
		pid=$!
		sleep "0.$(printf '%03d' $((RANDOM % 200)))"
		fg_stop KILL
		kill "$pid"
		wait "$pid" 2>/dev/null
		want fg_start
	done
	is_whole
	want test "$(fg_status .store.changes)" -gt 40
}

# A later log than the store's would be is no news, and an older one neither.
an_older_log()
{
	fresh
	fg_stop
	cp -a "$FG_AUDIT" "$FG_WORK/audit"
	want fg_start
	says 0 revoke bob
	fg_stop
	cp -a "$FG_WORK/audit" "$FG_AUDIT"
	want fg_start
	is_whole
}

setup_gate
fg_pam gate
want_daemon
run "DB-11 an older copy of the store is known by what is beside it" beside_it
run "DB-11 doing again what is missing and an import settle it" an_import_settles_it
run "DB-11 with all of the state put back the audit log knows" by_the_audit_log
run "DB-11 it can be accepted as it is, which is on record" accepted
run "DB-11 the same copy once more is an older one once more" once_more
run "DB-11 it is known after the log was rotated" after_a_rotation
run "DB-11 without the log what is beside the store knows" without_a_log
run "DB-11 a store that is gone is an older one too" without_a_store
run "DB-11 a store of before there was a counter is no older copy" an_upgrade
run "DB-11 a crash makes no older copy" crashes
run "DB-11 nor does an older log" an_older_log
finish
