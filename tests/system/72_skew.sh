#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Upgrades and downgrades: module, daemon, farmgatectl, store and configuration
# of two versions that meet. The other versions are built here.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

OTHER=$FG_WORK/other		# speaks protocol version 2
LATER=$FG_WORK/later		# another package version, the same protocol
DEST=$FG_WORK/dest		# where it is installed
STATE=/var/lib/farmgate
DB=$STATE/farmgate.db

# FOLDER [CPPFLAGS]: build there, what does not depend on a version as it is.
build_as()
{
	local folder=$1 f

	mkdir -p "$folder/obj"
	for f in proto pam_module policyd ctl attest; do
		cp -a "$FG_TOP/build/obj/$f" "$folder/obj"
	done
	(cd "$FG_TOP" && grep -rlE 'FG_(PACKAGE_)?VERSION' --include='*.c' \
	    proto pam_module policyd ctl attest) | while read -r f; do
		rm -f "$folder/obj/${f%.c}.o"
	done
	make_in "$folder" all CPPFLAGS="${2:-}" >"$folder/log" 2>&1
}

# FOLDER TARGET...
make_in()
{
	local folder=$1

	shift
	make -s -C "$FG_TOP" BUILD="$folder" VERSION=0.2.0 "$@"
}

builds()
{
	build_as "$OTHER" -DFG_VERSION=2u &
	want build_as "$LATER"
	want wait $!
	cat "$OTHER/log" "$LATER/log"
	want test -x "$OTHER/farmgatectl" -a -x "$LATER/farmgatectl"
}

# One service for what each kind of PAM line does, by whose module it is.
stacks()
{
	local FG_MODULE

	for FG_MODULE in "$FG_BIN/pam_farmgate.so" "$OTHER/pam_farmgate.so"; do
		[ "$FG_MODULE" != "$OTHER/pam_farmgate.so" ] || set -- other
		fg_pam "${1:-own}"
		fg_pam "${1:-own}-allow" on_error=allow
		fg_pam "${1:-own}-observe" observe
	done
}

# ---- another protocol ------------------------------------------------------

# SERVICE PHASE VERDICT WOULD HOW
was_logged()
{
	want_line "ref=M[^ ]* verdict=$3 would=$4 phase=$2 user=[a-z]+ \
service=$1 rhost=[0-9.]+ reason=version $5\"?\$" "$FG_SYSLOG"
}

# WHOSE HOW: what the module's line says happens, with reason and remedy, to
# whoever asks; and the daemon has decided nothing.
each_line_has_its_way()
{
	local before

	before=$(fg_records)
	want_not gate "$1" alice 127.0.0.2 >"$OUT" 2>&1
	want_line 'Access denied. Reference M' "$OUT"
	was_logged "$1" account deny deny "$2"
	want_not gate "$1" alice 127.0.0.2 open_session
	was_logged "$1" session deny deny "$2"
	want gate "$1" alice 127.0.0.2 close_session
	want gate "$1-allow" alice 127.0.0.3 acct_mgmt open_session \
	    close_session
	was_logged "$1-allow" account allow allow "$2 fail_open=1"
	was_logged "$1-allow" session allow allow "$2 fail_open=1"
	want gate "$1-observe" bob 127.0.0.3 acct_mgmt open_session
	was_logged "$1-observe" account allow deny "$2 fail_open=1"
	was_logged "$1-observe" session allow deny "$2 fail_open=1"
	want_eq "$before" "$(fg_records)"
}

# WHOSE: module and daemon are of one version.
decides()
{
	want gate "$1" alice 127.0.0.2 acct_mgmt open_session close_session
	want_not gate "$1" alice 127.0.0.3
	want_eq geo.country "$(fg_last '.findings[0].code')"
}

older_module()
{
	PATH=$OTHER:$PATH fg_restart
	each_line_has_its_way own \
	    'protocol=1 daemon_protocol=2 next=log_in_again'
	want_line "speaks protocol version 1, this daemon 2: it is older; log \
in again" "$FG_WORK/daemon.log"
	says 2 status
	want_line "newer than this program: it speaks protocol version 2, \
this one 1; use the farmgatectl that was installed with it" "$OUT"
	want "$OTHER/farmgatectl" status
	decides other
}

newer_module()
{
	fg_restart
	each_line_has_its_way other \
	    'protocol=2 daemon_protocol=1 next=restart_the_daemon'
	want_line "speaks protocol version 2, this daemon 1: it is newer; \
restart the daemon: systemctl restart farmgate-policyd.service" \
	    "$FG_WORK/daemon.log"
	want_rc 2 "$OTHER/farmgatectl" status >"$OUT" 2>&1
	want_line "older version than this program; restart it: systemctl \
restart farmgate-policyd.service" "$OUT"
	want farmgatectl status
	decides own
}

# ---- an upgrade under way --------------------------------------------------

# As the service manager does it; FG_PID is the manager's.
managed()
{
	fg_stop
	rm -f /run/farmgate/*.sock
	: >"$FG_WORK/daemon.log"
	python3 "$FG_TOP/tests/lib/manager.py" "$FG_CONF" \
	    >>"$FG_WORK/daemon.log" 2>&1 </dev/null &
	FG_PID=$!
	want fg_until 10 fg_ready_or_dead
}

starts()
{
	grep -c 'ready: ' "$FG_WORK/daemon.log"
}

restart_managed()
{
	local n

	n=$(($(starts) + 1))
	kill -USR1 "$FG_PID"
	want fg_until 10 eval "[ \$(starts) -eq $n ]"
}

installed_first()
{
	install -D -m 0644 "$FG_MODULE" "$DEST/security/pam_farmgate.so"
	install -D -t "$DEST/usr/sbin" "$FG_BIN/farmgate-policyd" \
	    "$FG_BIN/farmgatectl"
	FG_MODULE=$DEST/security/pam_farmgate.so
	PATH=$DEST/usr/sbin:$PATH
	sessions_pam
	fg_pam sudo
	fg_pam gate
	echo 'alice ALL=(ALL) NOPASSWD: ALL' | fg_sudoers
	want fg_sshd_start
	managed
}

# FOLDER: of what was built there.
upgrade()
{
	want make_in "$1" install DESTDIR="$DEST" SECURITYDIR=/security
}

# PID: it has a module mapped that is not the installed one any more.
has_the_old_one()
{
	grep -q 'pam_farmgate.so (deleted)$' "/proc/$1/maps"
}

# A login of bob's that waits for his password until there is $FG_WORK/go.
log_in_slowly()
{
	local options

	cat >"$FG_BIN/askpass" <<-EOF
	#!/bin/sh
	touch $FG_WORK/asked
	while ! test -e $FG_WORK/go; do sleep 0.05; done
	echo bob-pw
	EOF
	chmod 0755 "$FG_BIN/askpass"
	mapfile -t options < <(fg_ssh_options kbdint 127.0.0.2)
	SSH_ASKPASS=$FG_BIN/askpass SSH_ASKPASS_REQUIRE=force \
	    ssh "${options[@]}" -l bob 127.0.0.1 'echo came in' \
	    >"$FG_WORK/bob" 2>&1 </dev/null &
	BOB=$!
	want fg_until 10 test -e "$FG_WORK/asked"
}

# The sshd that has asked for bob's password.
bobs_sshd()
{
	pgrep -f '^sshd: bob' | head -n 1
}

# A sudo of alice's in a session; it runs until there is ~alice/go.
sudo_slowly()
{
	open_session alice 127.0.0.2 'sudo -n sh -c "touch here; \
	    while ! test -e go; do sleep 0.1; done; rm here go" &&
	    echo sudo ended well'
	want fg_until 10 test -e "$FG_WORK/home/alice/here"
}

library_replaced()
{
	local callers sudo first ref opened closed

	open_session alice 127.0.0.2
	first=$LEADER ref=$REF
	sudo_slowly
	sudo=$(pgrep -o -x sudo)
	log_in_slowly
	opened=$(fg_events open)
	python3 "$FG_TOP/tests/lib/rate.py" 80 20 gate carol 127.0.0.2 \
	    >"$FG_WORK/rate" 2>&1 &
	callers=$!
	upgrade "$LATER"
	restart_managed
	restart_managed
	want wait "$callers"
	cat "$FG_WORK/rate"
	want cmp "$LATER/pam_farmgate.so" "$FG_MODULE"
	want_eq 0.2.0 "$(fg_status .version)"
	for pid in "$first" "$sudo" "$(bobs_sshd)"; do
		want has_the_old_one "$pid"
	done
	touch "$FG_WORK/home/alice/go" "$FG_WORK/go"
	want wait "$BOB"
	want_line '^came in$' "$FG_WORK/bob"
	want wait "$CLIENT"
	want grep -qx 'sudo ended well' "$FG_WORK"/out.*
	want is_open "$ref"
	close_all
	want_eq closed "$(how "$ref")"
	# Eighty logins of carol's and one of bob's.
	opened=$(($(fg_events open) - opened))
	want_eq 81 "$opened"
	want_eq "$(fg_of_event open | grep -vc '"service":"sudo"')" \
	    "$(fg_events close)"
	want_eq 0 "$(fg_of_event decision | grep -c '"verdict":"deny"')"
	want python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT"
}

is_open()
{
	[ "$(of_session "$1" .state)" = open ]
}

# The module comes first, then the daemon; what was open before ends well.
protocol_replaced()
{
	local ref

	open_session alice 127.0.0.2 \
	    'while ! test -e go; do sleep 0.1; done; rm go; echo ended well'
	ref=$REF
	upgrade "$OTHER"
	want_not gate gate alice 127.0.0.2
	want_not fg_ssh key alice 127.0.0.2 true
	restart_managed
	decides gate
	want fg_ssh key alice 127.0.0.2 true
	want is_open "$ref"
	touch "$FG_WORK/home/alice/go"
	want wait "$CLIENT"
	want fg_no_sessions
	want_eq gone "$(how "$ref")"	# its farewell was not understood
}

# ---- a downgrade -----------------------------------------------------------

people()
{
	printf 'user,countries\nalice,NO\nbob,NO\n' >"$FG_WORK/people.csv"
	says 0 inventory import "$@" "$FG_WORK/people.csv"
}

# SQL, as the daemon's user.
in_store()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups python3 -c '
import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])' "$DB" "$1"
}

SCHEMA=		# its version, as this one has left it

# What a newer version leaves, with a log that this one cannot read.
newer_store()
{
	says 0 revoke bob --reason left
	says 0 except add alice --finding geo.country --country BR \
	    --until +1d --reason conference
	fg_stop
	SCHEMA=$(python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(
    "PRAGMA user_version").fetchone()[0])' "$DB")
	want in_store 'CREATE TABLE moon (phase TEXT);
	    INSERT INTO moon VALUES ("full"); PRAGMA user_version = 99'
	put_beside wal 'a log of another form'
	put_beside serial 'serial=18'
}

# NAME TEXT
put_beside()
{
	local file=$DB.$1

	[ "$1" != wal ] || file=$DB-wal
	install -m 0600 -o farmgate -g farmgate /dev/null "$file"
	echo "$2" >"$file"
}

sums()
{
	find "$STATE" -name 'farmgate.db*' -exec sha256sum {} + | sort
}

newer_is_left_alone()
{
	local before

	people
	newer_store
	before=$(sums)
	for _ in 1 2; do
		fg_start
		want fg_alive "$FG_PID"
		want_line '^<2>store: .*newer version .*schema 99.*install that' \
		    "$FG_WORK/daemon.log"
		want_not gate gate alice 127.0.0.2
		want_eq store_unusable "$(fg_last .decided.failure)"
		want pamtester sudo alice acct_mgmt
		says 1 status
		want_line '^DEGRADED +the store: .*or move .* out of' "$OUT"
		says 2 revoke alice
		want_line 'install that version again' "$OUT"
		says 2 inventory import "$FG_WORK/people.csv"
		says 2 inventory accept
		fg_stop
		want_eq "$before" "$(sums)"
	done
	says 2 test --user alice --from 127.0.0.2
	want_line 'install that version again' "$OUT"
	want_eq "$before" "$(sums)"
}

# The newer version comes back, and has lost nothing.
newer_comes_back()
{
	rm -f "$DB-wal" "$DB.serial"
	want in_store "DROP TABLE moon; PRAGMA user_version = $SCHEMA"
	fg_start
	says 0 status
	want gate gate alice 127.0.0.3		# by the exception
	want_not gate gate bob 127.0.0.2
	want_eq person.revoked "$(fg_last '.findings[0].code')"
	want_eq 2 "$(fg_status .inventory.people)"
	want_eq 0 "$(fg_events rollback)"
	want python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT"
}

# The other way out, which is what it says.
newer_is_moved_away()
{
	newer_store
	fg_start
	mkdir "$FG_WORK/away"
	fg_stop
	mv "$DB" "$DB-wal" "$FG_WORK/away"
	rm -f "$DB.serial"
	fg_start
	want_not gate gate alice 127.0.0.2	# until it is known who left
	people
	want gate gate alice 127.0.0.2
	says 0 status
}

# A record of a schema that comes later is gone on from, and explained.
newer_audit()
{
	fg_stop
	python3 - "$FG_AUDIT" <<-'EOF'
	import hashlib, json, sys
	last = json.loads(open(sys.argv[1]).readlines()[-1])
	body = json.dumps({
	    "v": 2, "seq": last["seq"] + 1, "ts": last["ts"],
	    "event": "tide", "moon": {"full": [1, 2.5]},
	    "changes": last["changes"], "prev": last["hash"]},
	    separators=(",", ":"))
	digest = hashlib.sha256(body.encode()).hexdigest()
	with open(sys.argv[1], "a") as f:
	    f.write(body[:-1] + ',"hash":"' + digest + '"}\n')
	EOF
	fg_start
	want gate gate alice 127.0.0.2
	says 0 explain "$(fg_last .ref)"
	want_eq 1 "$(fg_events tide)"
	want_eq 0 "$(fg_events recovered)"
	want python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT"
}

# What a newer version understands: told by its line, and no way in by it.
newer_conf()
{
	local line

	{
		setup_conf
		echo 'moon = "full"'
	} | fg_conf
	line=$(grep -n moon "$FG_CONF" | cut -d : -f 1)
	says 1 reload
	want gate gate alice 127.0.0.2		# by what was loaded
	want_not fg_restart
	want_line "farmgate.conf:$line: .*moon" "$FG_WORK/daemon.log"
	want_not gate gate alice 127.0.0.2
	want_line 'service=gate .*reason=daemon_unreachable' "$FG_SYSLOG"
	want gate own-observe alice 127.0.0.2
	want gate own-allow alice 127.0.0.2
	says 1 check
	want_line "farmgate.conf:$line: .*moon" "$OUT"
	setup_conf | fg_conf
	want fg_start
	want gate gate alice 127.0.0.2
}

setup_gate
want_daemon
run "other versions are built beside this one" builds
stacks
run "IPC-18 an older module and a newer daemon: each line has its way" \
    older_module
run "IPC-18 a newer module and an older daemon: each line has its way" \
    newer_module
fg_pam gate
run "a newer version's store is left as it is, and nobody is let in for it" \
    newer_is_left_alone
run "the newer version that comes back finds all of it" newer_comes_back
run "or it is moved away, and the people are imported" newer_is_moved_away
run "a newer version's audit log is gone on from" newer_audit
run "a newer version's configuration is refused by its line" newer_conf
fg_stop
fg_forget
installed_first
run "PKG-05 an upgrade under sessions and logins: none is lost or refused" \
    library_replaced
run "PKG-05 one that changes the protocol: what is open ends well" \
    protocol_replaced
fg_sshd_stop
finish
