#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Access taken back: by account and by person, from when it is said, with the
# end of what is open and a list of what else there is, through a restart, an
# import and the loss of the store; and given again.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

revoke_conf()
{
	echo "terminate = \"$1\""
	setup_conf | sed 's/"@staff"/"@staff", "carol"/;/^policy carol/,$d'
}

people()
{
	printf 'user,accounts,status\nalice,bob,active\ncarol,,%s\n' "${1:-active}"
}

# USER: a login is refused for this.
refused()
{
	want_not gate gate "$1" 127.0.0.2
	want_eq deny "$(fg_last .verdict)"
	want_eq person.revoked "$(fg_last '.decided.finding // .reason')"
}

no_inventory()
{
	fg_stop
	fg_forget
	fg_start
}

# ---- whose, and from when on -----------------------------------------------

by_account()
{
	says 0 revoke --list
	want_line '^none$' "$OUT"
	want gate gate alice 127.0.0.2
	says 0 revoke alice --reason "left the company"
	want_line "warning: this user is in nobody's entry" "$OUT"
	want_line '^revoked: alice +in force from 20.* by root: left the company$' \
	    "$OUT"
	want_line '^no open session$' "$OUT"
	refused alice
	want_line 'left the company' <(fg_last '.findings[].text')
	want gate gate bob 127.0.0.2
	want_eq "revoke alice left the company false 0" "$(fg_last_of revocation \
	    '[.action, .user, .reason, .kill, .by.uid] | map(tostring) | join(" ")')"
	want test "$(fg_last_of revocation .at)" -gt 1700000000
	says 0 revoke --list
	want_line '^alice +in force from ' "$OUT"
	says 0 revoke --list --json
	want_eq "alice in force" "$(jq -r '.user + " " + .state' "$OUT")"
}

# The reason reaches operators, and not the user.
user_is_told_no_reason()
{
	local ref

	want_rc 255 fg_ssh key alice 127.0.0.2 true >"$OUT" 2>&1
	want_line '^Access denied\. Reference [0-9A-Z-]{9}\. Call extension 100\.' \
	    "$OUT"
	no_line 'left|revoked' "$OUT"
	ref=$(fg_last .ref)
	says 0 explain "$ref"
	want_line 'person\.revoked = deny' "$OUT"
	want_line 'access was taken back on .*: left the company' "$OUT"
	want_line '^next: .*unrevoke' "$OUT"
}

given_again()
{
	says 0 unrevoke alice
	want_line '^no longer revoked: alice +in force' "$OUT"
	want gate gate alice 127.0.0.2
	want_eq "unrevoke alice left the company" \
	    "$(fg_last_of revocation '.action + " " + .user + " " + .reason')"
	says 1 unrevoke alice
	want_line 'alice is not revoked by farmgatectl revoke' "$OUT"
	says 0 revoke --list --json
	want test ! -s "$OUT"
}

# A script that has no reason to give still takes access back.
no_reason()
{
	says 0 revoke alice --reason ''
	want_line '^revoked: alice .* by root: no reason given$' "$OUT"
	want_eq "revoke alice " \
	    "$(fg_last_of revocation '.action + " " + .user + " " + .reason')"
	refused alice
	says 0 unrevoke alice
}

# As shipped nobody is refused, which whoever revokes must not miss.
observed()
{
	revoke_conf yes | sed 's/^mode = .*/mode = observe/' | fg_conf
	want farmgatectl reload >/dev/null
	says 0 revoke alice
	want_line "warning: this user is in nobody's entry .*; mode is .observe." \
	    "$OUT"
	want gate gate alice 127.0.0.2
	want farmgatectl unrevoke alice >/dev/null
	revoke_conf yes | fg_conf
	want farmgatectl reload >/dev/null
}

# A person is all of their accounts, whichever of them was named.
by_person()
{
	local name

	people | want farmgatectl inventory import - >/dev/null
	for name in alice bob; do
		says 0 revoke "$name" --json
		want_eq "alice alice,bob" \
		    "$(jq -r '.user + " " + (.accounts | join(","))' "$OUT")"
		want_eq "alice alice,bob" \
		    "$(fg_last_of revocation \
		    '.user + " " + (.accounts | join(","))')"
		refused alice
		refused bob
		want gate gate carol 127.0.0.2
		says 0 unrevoke "$name"
		want gate gate bob 127.0.0.2
	done
}

# Twice is not two of them.
again_is_the_latest()
{
	want farmgatectl revoke alice --reason first >/dev/null
	want farmgatectl revoke alice --reason second >/dev/null
	says 0 revoke --list
	want_eq 2 "$(grep -c 'second$' "$OUT")"
	want_eq 2 "$(wc -l <"$OUT")"
	want farmgatectl unrevoke alice >/dev/null
	want_eq none "$(farmgatectl revoke --list)"
}

later()
{
	local at

	at=$(date -u -d 'now + 3 seconds' +%FT%TZ)
	says 0 revoke alice --at "$at" --reason tonight
	want_line '^revoked: alice +later ' "$OUT"
	want gate gate alice 127.0.0.2
	want_eq "$(date -d "$at" +%s)" "$(fg_last .revocation.at)"
	says 0 revoke --list --json
	want_eq "later later" "$(jq -r .state "$OUT" | xargs)"
	want fg_until 6 eval "[ $(date -d "$at" +%s) -le \$(date +%s) ]"
	refused alice
	refused bob
	says 0 revoke --list
	want_line '^alice +in force' "$OUT"
	want farmgatectl unrevoke alice >/dev/null
}

# One that is to come lets nobody in until then who is out now, by any name.
later_gives_nobody_back()
{
	no_inventory
	want farmgatectl revoke bob >/dev/null
	people | want farmgatectl inventory import - >/dev/null
	refused bob
	says 2 revoke alice --at +8h
	want_line 'bob is revoked already, .* run farmgatectl unrevoke alice' \
	    "$OUT"
	refused bob
	want farmgatectl unrevoke alice >/dev/null
	says 0 revoke alice --at +8h
	want gate gate bob 127.0.0.2
	want farmgatectl revoke alice >/dev/null
	says 2 revoke alice --at +8h
	want_line 'alice is revoked already' "$OUT"
	refused alice
	want farmgatectl unrevoke alice >/dev/null
}

no_time()
{
	local at

	for at in tomorrow 2026-13-01 +8 '' 2026-03-01T25:00:00Z; do
		says 2 revoke alice --at "$at"
		want_line 'is no time; write now, \+8h, a day' "$OUT"
	done
	says 2 revoke alice --reason \
	    "$(head -c 300 /dev/zero | tr '\0' x)"
	want_line 'has more than 200 bytes' "$OUT"
	says 2 revoke "$(printf 'a\x80b')"
	want_line 'no UTF-8' "$OUT"
	says 2 revoke ''
	says 0 revoke --list
	want_line '^none$' "$OUT"
}

hostile_bytes()
{
	says 0 revoke "$(printf 'a\033[2J')" \
	    --reason "$(printf 'x\033]0;y\007\nalice in force')"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$OUT")"
	says 0 revoke --list
	want_eq 1 "$(wc -l <"$OUT")"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$OUT")"
	want farmgatectl unrevoke "$(printf 'a\033[2J')" >/dev/null
}

# ---- who may ---------------------------------------------------------------

others_may_not()
{
	local n

	n=$(fg_events revocation)
	want_rc 2 runuser -u bob -- "$FG_BIN/farmgatectl" revoke alice \
	    >"$OUT" 2>&1
	want_line 'join the group farmgate-admin' "$OUT"
	want_rc 2 runuser -u bob -- "$FG_BIN/farmgatectl" unrevoke alice
	want_rc 2 runuser -u bob -- "$FG_BIN/farmgatectl" revoke --list
	want_rc 2 runuser -u bob -- "$FG_BIN/farmgatectl" sessions
	want_rc 2 runuser -u bob -- "$FG_BIN/farmgatectl" farm
	want_eq "$n" "$(fg_events revocation)"
	want gate gate alice 127.0.0.2
	want runuser -u carol -- "$FG_BIN/farmgatectl" revoke alice >"$OUT"
	want_eq 4203 "$(fg_last_of revocation .by.uid)"
	# carol may not look at everything, and is told so
	want_line 'cannot be looked at: Permission denied; use sudo' "$OUT"
	want runuser -u carol -- "$FG_BIN/farmgatectl" unrevoke alice
}

# ---- what is open ----------------------------------------------------------

not_without_the_key()
{
	revoke_conf no | fg_conf
	want fg_restart
	open_session alice 127.0.0.2
	says 2 revoke alice --kill
	want_line 'set terminate = "yes" in /etc/farmgate/farmgate\.conf' "$OUT"
	says 0 revoke --list
	want_line '^none$' "$OUT"
	want_eq open "$(of_session "$REF" .state)"
	want gate gate alice 127.0.0.2
	want close_all
}

listed_only()
{
	revoke_conf yes | fg_conf
	want fg_restart
	open_session alice 127.0.0.2
	says 2 revoke alice --kill --at +8h
	want_line 'leave out --kill, or the time to come' "$OUT"
	says 0 revoke alice
	want_line "^  alice +sshd +127\.0\.0\.2 .*open +$REF " "$OUT"
	want_line '^  they go on; --kill ends them$' "$OUT"
	want_eq open "$(of_session "$REF" .state)"
}

# In a session that goes on nothing can be begun: sudo asks the gate.
nested_is_refused()
{
	local home=$FG_WORK/home/alice

	rm -f "$home/go" "$FG_WORK/nested"
	want farmgatectl unrevoke alice >/dev/null
	fg_ssh key alice 127.0.0.2 'while ! test -e go; do sleep 0.1; done
	    sudo -n true; echo "sudo: $?"' >"$FG_WORK/nested" 2>&1 &
	local client=$!
	want fg_until 5 eval '[ "$(fg_status .sessions)" -eq 2 ]'
	want farmgatectl revoke alice >/dev/null
	touch "$home/go"
	wait "$client"
	want_line '^sudo: [1-9]' "$FG_WORK/nested"
	want_eq "sudo person.revoked" "$(fg_last '.service + " " + .reason')"
}

# Two sessions of alice, what left one of them, and another that goes on.
killed()
{
	local home=$FG_WORK/home refs=() clients=() carols child ref rc leader

	want close_all
	want farmgatectl unrevoke alice >/dev/null
	rm -f "$home"/*/pid
	open_session alice 127.0.0.2 "setsid sh -c 'echo \$\$ >pid
	    exec sleep 600' >/dev/null 2>&1 </dev/null & $STAY"
	refs+=("$REF") clients+=("$CLIENT") leader=$LEADER
	open_session alice 127.0.0.2
	refs+=("$REF") clients+=("$CLIENT")
	open_session carol 127.0.0.2 "echo \$\$ >pid; $STAY"
	carols=$REF
	want fg_until 5 test -s "$home/alice/pid"
	want fg_until 5 test -s "$home/carol/pid"
	child=$(cat "$home/alice/pid")
	says 0 revoke alice --kill --reason "thrown out"
	want_line '^sessions:$' "$OUT"
	for ref in "${refs[@]}"; do
		want_line "^  alice +sshd .* $ref " "$OUT"
		want fg_until 5 no_session "$ref"
		want_eq terminated "$(how "$ref")"
		want_eq "alice alice revoke 0" "$(fg_of_ref terminate "$ref" \
		    '[.person, .user, .command, .by.uid] | map(tostring) |
		    join(" ")')"
	done
	want_eq "" "$(fg_of_ref terminate "$carols" .ref)"
	want_eq 2 "$(grep -cE '^    ended, [0-9]+ processes$' "$OUT")"
	no_line 'they go on|processes:' "$OUT"
	for ref in "${clients[@]}"; do
		rc=0
		wait "$ref" || rc=$?
		want_eq 255 "$rc"
	done
	want fg_until 5 eval "! fg_alive $child"
	want fg_until 5 eval "! fg_alive $leader"
	want_eq "" "$(pgrep -u alice)"
	want_eq true "$(fg_last_of revocation .kill)"
	want_eq open "$(of_session "$carols" .state)"
	want fg_alive "$(cat "$home/carol/pid")"
	want_eq 1 "$(fg_status .sessions)"
	want_rc 255 fg_ssh key alice 127.0.0.2 true
	want fg_ssh key carol 127.0.0.2 true
	want close_all
}

# One that was opened before the inventory knew whose account it is.
killed_by_account()
{
	want no_inventory
	open_session bob 127.0.0.2
	want_eq bob "$(of_session "$REF" .person)"
	people | want farmgatectl inventory import - >/dev/null
	says 0 revoke alice
	want_line "^  bob +sshd .* $REF " "$OUT"
	says 0 revoke alice --kill
	want_line '^    ended, [0-9]+ processes$' "$OUT"
	want fg_until 5 no_session "$REF"
	want close_all
}

# SESSIONS: of alice, that are open when this returns.
open_many()
{
	local i

	for i in $(seq "$1"); do
		fg_ssh key alice 127.0.0.2 "$STAY" >/dev/null 2>&1 &
	done
	want fg_until 60 eval "[ \"\$(fg_status .sessions)\" -eq $1 ]"
}

# More than a report has room for end all the same.
killed_in_numbers()
{
	want farmgatectl unrevoke alice >/dev/null
	open_many 22
	says 0 revoke alice
	want_eq 20 "$(grep -cE '^  alice +sshd' "$OUT")"
	want_line '^  and 2 more$' "$OUT"
	says 0 revoke alice --kill
	want_eq 20 "$(grep -c '^    ended' "$OUT")"
	want_line '^  and 2 more$' "$OUT"
	want fg_until 5 eval '[ "$(fg_status .sessions)" -eq 0 ]'
	want close_all
}

# It goes once the revocation stands: all of them end, and that is on record.
killed_without_a_client()
{
	local n size client

	n=$(fg_events terminate)
	want farmgatectl unrevoke alice >/dev/null
	open_many 6
	size=$(stat -c %s "$FG_AUDIT")
	farmgatectl revoke alice --kill >"$OUT" 2>&1 &
	client=$!
	while fg_alive "$client" &&
	    [ "$(stat -c %s "$FG_AUDIT")" -eq "$size" ]; do :; done
	kill -KILL "$client" 2>/dev/null
	wait "$client" 2>/dev/null
	want fg_until 10 eval '[ "$(fg_status .sessions)" -eq 0 ]'
	want_eq 6 "$(($(fg_events terminate) - n))"
	want_eq "alice 0" "$(fg_last_of terminate \
	    '.person + " " + (.by.uid | tostring)')"
	want close_all
}

# Nothing answers SIGTERM here, neither the leader nor what it left.
stubborn_end_too()
{
	want farmgatectl unrevoke alice >/dev/null
	open_session alice 127.0.0.2 "trap '' TERM HUP; $STAY"
	kill -STOP "$LEADER"
	says 0 revoke alice --kill --json
	want_eq "ended 1" "$(jq -r '.sessions[0].outcome + " " +
	    (.ended | tostring)' "$OUT")"
	want test "$(jq '.sessions[0].processes' "$OUT")" -ge 2
	want fg_until 8 no_session "$REF"
	want_eq terminated "$(how "$REF")"
	want eval "! fg_alive $LEADER"
	want close_all
}

# ---- what else there is ----------------------------------------------------

# The command that takes it away stands behind each.
remains()
{
	local sleeper

	mount -t tmpfs tmpfs /var/spool
	mkdir -p /var/lib/systemd/linger /var/spool/cron/crontabs \
	    /var/spool/cron/atjobs
	printf '%s\n' 'carol login console' 'alice sudo local' \
	    >/etc/farmgate/breakglass
	: >/var/lib/systemd/linger/alice
	: >/var/spool/cron/crontabs/alice
	: >/var/spool/cron/atjobs/a00001
	: >/var/spool/cron/atjobs/a00002
	chown alice /var/spool/cron/atjobs/a00001
	setpriv --reuid=alice --regid=alice --clear-groups sleep 600 &
	sleeper=$!
	want fg_until 5 pgrep -u alice sleep
	says 0 revoke alice
	want_line '^left on this machine:$' "$OUT"
	want_line 'break-glass: /etc/farmgate/breakglass$' "$OUT"
	want_line '^    next: line 2 lets alice in while the daemon fails: ' \
	    "$OUT"
	want_line 'lingering services: /var/lib/systemd/linger/alice$' "$OUT"
	want_line '^    next: loginctl disable-linger alice$' "$OUT"
	want_line 'cron jobs: /var/spool/cron/crontabs/alice$' "$OUT"
	want_line '^    next: crontab -r -u alice$' "$OUT"
	want_line 'at jobs: /var/spool/cron/atjobs$' "$OUT"
	want_line '^    next: 1 of them: atq and atrm NUMBER' "$OUT"
	want_line 'keys: .*/alice/\.ssh/authorized_keys$' "$OUT"
	want_line "processes: sleep \($(pgrep -u alice sleep)\)$" "$OUT"
	want_line '^    next: 1 of them: loginctl terminate-user alice' "$OUT"
	# bob's, who is alice as well
	want_line 'keys: .*/bob/\.ssh/authorized_keys$' "$OUT"
	says 0 revoke --json alice
	want_eq 7 "$(jq '.remains | length' "$OUT")"
	# It was only looked.
	want test -e /var/lib/systemd/linger/alice
	want fg_alive "$(pgrep -u alice sleep)"
	pkill -u alice sleep
	wait "$sleeper"
	umount /var/spool
	rm -f /etc/farmgate/breakglass /var/lib/systemd/linger/alice \
	    "$FG_WORK"/home/{alice,bob}/.ssh/*
	says 0 revoke alice
	want_line '^nothing else is known to be left on this machine$' "$OUT"
	rm -rf "$FG_KEYS"
	fg_keys
}

# A home and a list that lead elsewhere are not followed.
remains_follow_nothing()
{
	rm -rf "$FG_WORK/home/alice/.ssh"
	ln -s "$FG_WORK/home/bob/.ssh" "$FG_WORK/home/alice/.ssh"
	mkfifo "$FG_WORK/home/alice/authorized_keys"
	touch "$FG_WORK/home/bob/.ssh/authorized_keys2"
	says 0 revoke alice
	want_line "keys: $FG_WORK/home/alice/\.ssh$" "$OUT"
	want_line 'next: is a link, and was not followed' "$OUT"
	no_line 'alice/\.ssh/authorized_keys' "$OUT"
	want_line 'keys: .*/bob/\.ssh/authorized_keys2$' "$OUT"
	want_eq "$(id -u alice)" "$(stat -c %u "$FG_WORK/home/alice")"
	rm "$FG_WORK/home/alice/.ssh" "$FG_WORK/home/alice/authorized_keys"
	mv "$FG_WORK/home/alice" "$FG_WORK/home/moved"
	ln -s moved "$FG_WORK/home/alice"
	says 0 revoke alice
	want_line "keys: $FG_WORK/home/alice$" "$OUT"
	rm "$FG_WORK/home/alice"
	mv "$FG_WORK/home/moved" "$FG_WORK/home/alice"
	rm -rf "$FG_KEYS"
	fg_keys
}

# ---- what it outlives ------------------------------------------------------

restarts_and_imports()
{
	want fg_restart
	refused alice
	people | want farmgatectl inventory import - >/dev/null
	refused bob
	want fg_restart
	refused alice
	# Who left, and is in nobody's entry any more, stays revoked.
	printf 'user\ncarol\n' | want farmgatectl inventory import - >/dev/null
	refused alice
	refused bob
	says 0 unrevoke alice
	want gate gate alice 127.0.0.2
	refused bob
	says 0 unrevoke bob
	want gate gate bob 127.0.0.2
}

# An import of somebody whose status is revoked does the same.
by_inventory()
{
	people revoked | want farmgatectl inventory import - >/dev/null
	refused carol
	says 1 unrevoke carol
	want_line 'see farmgatectl person for the status in the inventory' "$OUT"
	people | want_rc 1 farmgatectl inventory import - >"$OUT" 2>&1
	want_line 'access of carol was taken back' "$OUT"
	refused carol
	people | want farmgatectl inventory import --restore - >/dev/null
	want gate gate carol 127.0.0.2
}

# Nobody can say any more who was revoked: then nobody is let in for it.
store_is_lost()
{
	want farmgatectl revoke carol >/dev/null
	fg_stop
	printf 'x%.0s' {1..4096} |
	    dd of=/var/lib/farmgate/farmgate.db conv=notrunc status=none
	want fg_start
	want grep -q 'revoke again what was revoked' "$FG_WORK/daemon.log"
	want test -s /var/lib/farmgate/farmgate.db.corrupt-20*Z
	says 1 status
	want_line 'DEGRADED' "$OUT"
	want_not gate gate bob 127.0.0.2
	want_eq "failure error" "$(fg_last '.decided.by + " " + .person.state')"
	want_eq null "$(fg_last .revocation)"
	people | want farmgatectl inventory import - >/dev/null
	want gate gate bob 127.0.0.2
	says 0 revoke --list
	want_line '^none$' "$OUT"
}

# The same without any inventory: a revocation is not forgotten either.
store_is_lost_without_people()
{
	want no_inventory
	want gate gate carol 127.0.0.2
	want farmgatectl revoke carol >/dev/null 2>&1
	fg_stop
	: >/var/lib/farmgate/farmgate.db
	printf x >/var/lib/farmgate/farmgate.db
	want fg_start
	want_not gate gate carol 127.0.0.2
	want_eq failure "$(fg_last .decided.by)"
	want_not gate gate bob 127.0.0.2
	want farmgatectl revoke carol >/dev/null 2>&1
	want_not gate gate bob 127.0.0.2
	says 0 inventory accept
	want gate gate bob 127.0.0.2
	refused carol
	says 0 status
}

setup_gate
sessions_pam
printf 'root ALL=(ALL) ALL\nalice ALL=(ALL) NOPASSWD: ALL\n' | fg_sudoers
revoke_conf yes | fg_conf
fg_pam gate
want_daemon
fg_sshd_start

run "access of an account is taken back" by_account
run "the user is told no reason, and the operator is" user_is_told_no_reason
run "access is given again" given_again
run "an empty reason is none" no_reason
run "that nobody is refused in observe mode is said" observed
run "a person is revoked with all accounts" by_person
run "the latest revocation counts" again_is_the_latest
run "a revocation of a later time waits" later
run "and lets nobody in until then who is out" later_gives_nobody_back
run "what is no time, reason or user is refused" no_time
run "hostile bytes are escaped" hostile_bytes
run "members of the group may, and others may not" others_may_not
run "no session is ended where the daemon may not" not_without_the_key
run "open sessions are listed" listed_only
run "sudo is refused in a session that goes on" nested_is_refused
run "sessions end with all that is theirs, and no others" killed
run "a session of an account is the person's" killed_by_account
run "many sessions end" killed_in_numbers
run "sessions end though whoever asked has gone" killed_without_a_client
run "those end as well that do not want to" stubborn_end_too
run "what else there is of an account is told" remains
run "and nothing in a home is followed" remains_follow_nothing
run "a revocation outlives restarts and imports" restarts_and_imports
run "the inventory revokes, too" by_inventory
run "DB-04 a lost store lets nobody in who was revoked" store_is_lost
run "DB-04 nor does one without an inventory" store_is_lost_without_people
finish
