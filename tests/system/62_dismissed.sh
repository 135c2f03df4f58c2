#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# An inventory that dismisses somebody who is in: their open sessions are
# listed, or ended, and nobody else's; with several accounts, shared ones, and
# those who are in no line any more.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

KEEPS_OUT='open sessions of those whom it keeps out:'

# TERMINATE [LINE...]: further lines of the configuration.
dismissed_conf()
{
	echo "terminate = \"$1\""
	shift
	printf '%s\n' "$@"
	setup_conf | sed 's/"@staff"/"@staff", "carol", "dave"/;/^policy carol/,$d'
}

# LINE...: a file of people; alice has bob's account as well.
people()
{
	printf '%s\n' user,accounts,kind,keys,status,valid_until "$@" \
	    >"$FG_WORK/people.csv"
}

# STATUS ARGUMENT...: import them.
imports()
{
	local status=$1

	shift
	says "$status" inventory import "$@" "$FG_WORK/people.csv"
}

# Everybody is active: access comes back of whoever had lost it.
all_active()
{
	want close_all
	people alice,bob,,,, carol,,,,, dave,,,,,
	want farmgatectl inventory import --restore "$FG_WORK/people.csv" \
	    >/dev/null
}

key_of()
{
	ssh-keygen -lf "$FG_KEYS/$1.pub" | cut -d' ' -f2
}

is_open()
{
	[ "$(of_session "$1" .state)" = open ]
}

# ---- one of two ------------------------------------------------------------

# A session of alice's, one in her account bob, and one of carol's.
open_three()
{
	open_session alice 127.0.0.2
	ALICES=$REF
	open_session bob 127.0.0.2
	BOBS=$REF
	open_session carol 127.0.0.2
	CAROLS=$REF CAROLS_LEADER=$LEADER
}

# They go on; the next login does not.
are_open()
{
	want is_open "$ALICES"
	want is_open "$BOBS"
	want is_open "$CAROLS"
}

not_without_leave()
{
	local n

	dismissed_conf no | fg_conf
	want fg_restart
	all_active
	open_session alice 127.0.0.2
	n=$(fg_events inventory)
	people alice,bob,,,revoked, carol,,,,, dave,,,,,
	imports 2 --kill
	want_line 'farmgatectl: the daemon may not end sessions; set terminate = "yes" in /etc/farmgate/farmgate\.conf and run systemctl restart farmgate-policyd\.service, or leave out --kill$' \
	    "$OUT"
	imports 2 --kill --dry-run
	# Nothing was imported.
	want_eq "$n" "$(fg_events inventory)"
	want_eq active "$(farmgatectl inventory show --json alice |
	    jq -r .status)"
	want gate gate alice 127.0.0.2
	want is_open "$REF"
	want close_all
	dismissed_conf yes | fg_conf
	want fg_restart
}

nobody_is_dismissed()
{
	all_active
	open_three
	people alice,bob,,,, carol,,,,, dave,,,,,2099-01-01
	imports 0
	no_line 'session' "$OUT"
	imports 0 --kill
	want_line '^no open session of anybody whom it keeps out$' "$OUT"
	are_open
}

tried()
{
	people alice,bob,,,revoked, carol,,,,, dave,,,,,
	imports 0 --dry-run --kill
	want_line "^$KEEPS_OUT\$" "$OUT"
	want_line "^  alice +sshd +127\.0\.0\.2 .*open +$ALICES " "$OUT"
	want_line "^  alice \(bob\) +sshd +127\.0\.0\.2 .*open +$BOBS " "$OUT"
	want_eq 2 "$(grep -c '^    access is revoked$' "$OUT")"
	want_line '^  without --kill they would go on$' "$OUT"
	no_line "carol|$CAROLS|ended" "$OUT"
	imports 0 --dry-run --json
	want_eq "2 true access is revoked" "$(tail -n 1 "$OUT" |
	    jq -r '[(.sessions | length), .dry_run, .sessions[0].why] |
	    map(tostring) | join(" ")')"
	are_open
	want gate gate alice 127.0.0.2
	want_eq 0 "$(fg_events terminate)"
}

listed()
{
	imports 0
	want_line "^$KEEPS_OUT\$" "$OUT"
	want_line "^  alice +sshd +127\.0\.0\.2 .*open +$ALICES " "$OUT"
	want_line "^  alice \(bob\) +sshd .*open +$BOBS " "$OUT"
	want_line '^  they go on; --kill ends them$' "$OUT"
	no_line "carol|$CAROLS" "$OUT"
	are_open
	want_not gate gate alice 127.0.0.2
	want_not gate gate bob 127.0.0.2
	want_eq false "$(fg_last_of inventory .kill)"
}

# The same file once more, as the list says.
killed()
{
	local ref

	imports 0 --kill
	want_line "^$KEEPS_OUT\$" "$OUT"
	want_eq 2 "$(grep -cE '^    ended, [0-9]+ processes$' "$OUT")"
	no_line 'they go on' "$OUT"
	for ref in "$ALICES" "$BOBS"; do
		want fg_until 5 no_session "$ref"
		want_eq terminated "$(how "$ref")"
		want_eq "alice inventory.import access is revoked 0" \
		    "$(fg_of_ref terminate "$ref" '[.person, .command, .why, .by.uid] |
		    map(tostring) | join(" ")')"
	done
	want_eq bob "$(fg_of_ref terminate "$BOBS" .user)"
	want_eq true "$(fg_last_of inventory .kill)"
	want_eq "" "$(pgrep -u alice,bob)"
	want is_open "$CAROLS"
	want fg_alive "$CAROLS_LEADER"
	want_eq "" "$(fg_of_ref terminate "$CAROLS" .ref)"
	want fg_ssh key carol 127.0.0.2 true
	want_rc 255 fg_ssh key alice 127.0.0.2 true
}

# At once, with no list before, and by a date that is over.
killed_by_date()
{
	all_active
	open_three
	people alice,bob,,,, carol,,,,,2020-01-01 dave,,,,,
	imports 0 --kill --json
	want_eq "carol access has ended ended 1 null" "$(tail -n 1 "$OUT" |
	    jq -r '[.sessions[0].person, .sessions[0].why,
	    .sessions[0].outcome, .ended, .refused] | map(tostring) |
	    join(" ")')"
	want fg_until 5 no_session "$CAROLS"
	want is_open "$ALICES"
	want is_open "$BOBS"
}

# What is refused imports nobody, and ends nothing.
refused()
{
	all_active
	open_three
	people alice,bob,,,revoked, carol,,,,nonsense, dave,,,,,
	imports 1 --kill
	want_line 'not imported: 1 error' "$OUT"
	no_line 'session' "$OUT"
	imports 1 --dry-run
	no_line 'session' "$OUT"
	are_open
	want gate gate alice 127.0.0.2
}

# ---- shared accounts -------------------------------------------------------

# alice and carol come to dave's account, each by the key of her own.
shared()
{
	local alices carols

	want close_all
	cat "$FG_KEYS"/{alice,carol}.pub \
	    >"$FG_WORK/home/dave/.ssh/authorized_keys"
	people dave,,shared,,, "alice,bob,,$(key_of alice),," \
	    "carol,,,$(key_of carol),,"
	imports 0 --restore
	open_as alice
	alices=$REF
	open_as carol
	carols=$REF
	want_eq "alice dave" "$(of_session "$alices" '.person + " " + .user')"
	people dave,,shared,,, "alice,bob,,$(key_of alice),revoked," \
	    "carol,,,$(key_of carol),,"
	imports 0 --kill
	want_line "^  alice \(dave\) +sshd .* $alices " "$OUT"
	want fg_until 5 no_session "$alices"
	want_eq terminated "$(how "$alices")"
	want is_open "$carols"
	# Hers has the account, which nobody may use any more.
	people dave,,shared,,revoked, "alice,bob,,$(key_of alice),revoked," \
	    "carol,,,$(key_of carol),,"
	imports 0 --kill
	want fg_until 5 no_session "$carols"
}

# WHO: opens a session of dave's by her key; as open_session.
open_as()
{
	local out

	out=$(mktemp "$FG_WORK/out.XXXXXX")
	fg_ssh key dave 127.0.0.2 -i "$FG_KEYS/$1" \
	    "echo \$FARMGATE_REF; $STAY" >"$out" 2>&1 &
	want fg_until 5 test -s "$out"
	REF=$(head -n 1 "$out")
}

# ---- who is in no line any more --------------------------------------------

# As shipped they may log in: then they are not dismissed.
gone_is_let_in()
{
	all_active
	open_three
	people carol,,,,, dave,,,,,
	imports 0 --kill
	want_line '^no open session of anybody' "$OUT"
	are_open
	want gate gate alice 127.0.0.2
}

gone_is_kept_out()
{
	all_active
	open_three
	dismissed_conf yes 'actions = { "person.unknown:account = deny" }' |
	    fg_conf
	want farmgatectl reload >/dev/null
	people carol,,,,, dave,,,,,
	imports 0 --dry-run
	want_eq 2 "$(grep -c "^    in nobody's entry" "$OUT")"
	imports 0 --kill
	want_eq 2 "$(grep -cE '^    ended, [0-9]+ processes$' "$OUT")"
	want fg_until 5 no_session "$ALICES"
	want fg_until 5 no_session "$BOBS"
	want is_open "$CAROLS"
	want_not gate gate alice 127.0.0.2
	dismissed_conf yes | fg_conf
	want farmgatectl reload >/dev/null
}

# ---- many, and without a client --------------------------------------------

open_many()
{
	local i

	for i in $(seq "$1"); do
		fg_ssh key alice 127.0.0.2 "$STAY" >/dev/null 2>&1 &
	done
	want fg_until 30 eval "[ \"\$(fg_status .sessions)\" -eq $1 ]"
}

# More than are looked at in one turn, and than a report has room for.
many()
{
	all_active
	open_many 24
	people alice,bob,,,revoked, carol,,,,, dave,,,,,
	imports 0
	want_eq 20 "$(grep -cE '^  alice +sshd' "$OUT")"
	want_line '^  and 4 more$' "$OUT"
	imports 0 --kill
	want_eq 20 "$(grep -c '^    ended' "$OUT")"
	want_line '^  and 4 more$' "$OUT"
	want fg_until 5 eval '[ "$(fg_status .sessions)" -eq 0 ]'
}

# However early it goes, once all of the file has come.
without_a_client()
{
	local n pid

	all_active
	open_many 12
	n=$(fg_events terminate)
	people alice,bob,,,revoked, carol,,,,, dave,,,,,
	farmgatectl inventory import --kill "$FG_WORK/people.csv" \
	    >"$OUT" 2>&1 &
	pid=$!
	want fg_until 5 eval "[ \"\$(fg_events terminate)\" -gt $n ]"
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	want fg_until 10 eval '[ "$(fg_status .sessions)" -eq 0 ]'
	want_eq 12 "$(($(fg_events terminate) - n))"
	want_eq active "$(farmgatectl inventory show --json carol |
	    jq -r .status)"
}

# Each of carol's logins is let in while the others are ended.
logins_go_on()
{
	local denied=0 i

	all_active
	open_many 16
	people alice,bob,,,revoked, carol,,,,, dave,,,,,
	farmgatectl inventory import --kill "$FG_WORK/people.csv" \
	    >"$OUT" 2>&1 &
	for i in $(seq 20); do
		gate gate carol 127.0.0.2 >/dev/null || denied=$((denied + 1))
	done
	want wait $!
	want_eq 0 "$denied"
	want_eq 16 "$(fg_of_event terminate | tail -n 16 |
	    jq -s 'map(select(.person == "alice")) | length')"
	want fg_until 5 eval '[ "$(fg_status .sessions)" -eq 0 ]'
}

setup_gate
sessions_pam
dismissed_conf yes | fg_conf
fg_pam gate
want_daemon
fg_sshd_start

run "nothing is imported where sessions may not be ended" not_without_leave
run "an import that dismisses nobody says nothing" nobody_is_dismissed
run "a dry run lists open sessions and ends none" tried
run "open sessions of those who are dismissed are listed" listed
run "they are ended, and no others" killed
run "they are ended at once, by a date as well" killed_by_date
run "what is not imported ends nothing" refused
run "of a shared account only the person's own are ended" shared
run "who is in no line and is let in goes on" gone_is_let_in
run "who is in no line and is kept out does not" gone_is_kept_out
run "many sessions are listed and ended" many
run "they are ended though whoever asked has gone" without_a_client
run "logins do not wait for it" logins_go_on
finish
