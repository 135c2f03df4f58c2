#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Logins as fast as a busy jump host has them: each is decided, opened, closed
# and in the history once, under one reference. How long they take is printed.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

LOGINS=500

# EVENT: the references of its records.
refs()
{
	fg_of_event "$1" | jq -r .ref | sort
}

# The history's, as another process of the daemon's user finds it.
history_refs()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups python3 -c '
import sqlite3
db = sqlite3.connect("/var/lib/farmgate/farmgate.db")
for ref, in db.execute("SELECT ref FROM history WHERE person = \"carol\""
                       " AND addr = \"127.0.0.2\" AND service = \"sshd\""):
    print(ref)' | sort
}

none_is_lost()
{
	local decided

	want python3 "$FG_TOP/tests/lib/rate.py" "$LOGINS" 20 sshd carol \
	    127.0.0.2 >"$OUT"
	echo "    $(cat "$OUT")" >&3
	want fg_no_sessions
	fg_stop
	decided=$(refs decision)
	want_eq "$LOGINS" "$(uniq <<<"$decided" | wc -l)"
	want_eq "$decided" "$(refs open)"
	want_eq "$decided" "$(refs close)"
	want_eq "$decided" "$(history_refs)"
	want_eq "" "$(fg_of_event decision | grep -v '"verdict":"allow"')"
	want python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT"
	fg_start
}

exec 3>&1
setup_gate
want_daemon
# The plain build has all of them; what is sanitized is slow.
if grep -q __asan_init "$FG_BIN/farmgate-policyd"; then
	LOGINS=100
fi
run "SSH-18 of $LOGINS logins at 20 a second no row is lost" none_is_lost
finish
