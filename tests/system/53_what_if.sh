#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl test reads the people and exceptions that live logins are decided
# by: it says what a login gets and what farmgatectl person says. The store
# cannot tell that it was read, and what its owner puts there is no trap for
# root.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

STATE=/var/lib/farmgate
FARMGATE=(--reuid farmgate --regid farmgate --clear-groups)
ESSENCE='[.verdict, .would, .reason, .person, .policy.name, .decided,
    (.findings | map(select(.code | startswith("session.") | not) |
	[.code, .grade, .text, .action, .exception]))]'

conf()
{
	cat <<-EOF
	mode = enforce
	network near { cidr = {"127.0.0.2/32"} place = "NO" }
	network far { cidr = {"127.0.0.3/32"} place = "BR" }
	policy all {
		countries = {"NO"}
		actions = {
			"geo.country = deny",
			"time.hours = deny",
			"session.places = ignore",	# test knows of no other
		}
	}
	EOF
}

# FROM TO: hours of today and every day, from now on, by the clock of UTC.
hours()
{
	echo "Mon-Sun $(date -u -d "$1" +%H:%M)-$(date -u -d "$2" +%H:%M)"
}

people()
{
	cat <<-EOF
	user,accounts,countries,hours,status,valid_until
	alice,,BR,,active,
	bob,,,,active,2026-01-02
	carol,,,,revoked,
	dave,,,$(hours '2 hours' '3 hours'),active,
	erin,root,,$(hours '-1 hour' '1 hour'),active,
	EOF
}

import()
{
	people | farmgatectl inventory import - >/dev/null
}

# USER COMMAND...: with no gate before it.
as()
{
	setpriv --reuid "$1" --regid "$1" --init-groups "${@:2}"
}

# STATUS ARGUMENT...: of farmgatectl test; what it says is in $OUT.
says()
{
	local rc=0 status=$1

	shift
	timeout 60 farmgatectl test --service gate "$@" >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	want_eq "$status" "$rc"
}

# VERDICT USER ADDRESS: what a login gets, and what test and person say.
same()
{
	local live rc=1 what_if

	if [ "$1" = allow ]; then
		rc=0
		want gate gate "$2" "$3"
	else
		want_not gate gate "$2" "$3"
	fi
	live=$(fg_last "$ESSENCE")
	want_eq "$1" "$(jq -r '.[0]' <<<"$live")"
	says "$rc" --json --user "$2" --from "$3"
	what_if=$(jq "$ESSENCE" "$OUT")
	want_eq "$live" "$what_if"
	want_rc "$rc" farmgatectl person --json --service gate --from "$3" \
	    "$2" >"$OUT" 2>&1
	want_eq "$live" "$(jq ".decision | $ESSENCE" "$OUT")"
}

without_people_the_policy_alone_counts()
{
	same allow bob 127.0.0.2
	same deny alice 127.0.0.3
	want_eq null "$(jq '.[3].user' <<<"$(fg_last "$ESSENCE")")"
}

own_countries_come_before_the_policys()
{
	want import
	same deny alice 127.0.0.2
	want_eq 'NO is not among the countries of alice' \
	    "$(fg_last '.findings[0].text')"
	same allow alice 127.0.0.3
}

who_is_gone_is_gone()
{
	same deny bob 127.0.0.2
	want_eq 'access has ended' "$(fg_last '.findings[0].text')"
	same deny carol 127.0.0.2
	want_eq 'access is revoked' "$(fg_last '.findings[0].text')"
	says 0 --user bob --from 127.0.0.2 --at 2026-01-01T12:00:00Z
}

hours_are_the_persons()
{
	same deny dave 127.0.0.2
	want_eq time.hours "$(fg_last .reason)"
	same allow root 127.0.0.2
	want_eq erin "$(fg_last .person.user)"
	says 0 --user dave --from 127.0.0.2 \
	    --at "$(date -u -d '150 minutes' +%Y-%m-%dT%H:%M:%SZ)"
}

exceptions_count()
{
	want farmgatectl except add alice --finding geo.country --until +2h \
	    --reason x
	same allow alice 127.0.0.2
	want test "$(fg_last '.findings[0].exception')" -gt 0
	says 1 --user alice --from 127.0.0.2 \
	    --at "$(date -u -d '3 hours' +%Y-%m-%dT%H:%M:%SZ)"
	want farmgatectl except remove "$(fg_last '.findings[0].exception')"
	same deny alice 127.0.0.2
}

# ---- nobody can tell ----------------------------------------------------

picture()
{
	find "$STATE" -printf '%p %i %s %m %u %g %T@ %C@\n' | sort
	find "$STATE" -type f -exec sha256sum {} + | sort
}

# COMMAND...: leaves the state folder as it is.
untouched()
{
	local before

	before=$(picture)
	"$@"
	want_eq "$before" "$(picture)"
}

asked_thrice()
{
	says 1 --user alice --from 127.0.0.2
	says 0 --user alice --from 127.0.0.3
	says 1 --user bob --from 127.0.0.2
}

store_stays_as_it_is()
{
	want test -s "$STATE/farmgate.db-wal"
	untouched asked_thrice
	fg_stop KILL
	want test -s "$STATE/farmgate.db-wal"
	untouched asked_thrice
	want fg_start
	want fg_stop
	want_not test -s "$STATE/farmgate.db-wal"
	untouched asked_thrice
	rm "$STATE/farmgate.db-shm" "$STATE/farmgate.db-wal"
	untouched asked_thrice
	want fg_start
	want_eq 5 "$(fg_status .inventory.people)"
}

# While somebody reads all the time, the daemon starts and has it alone, and
# an import goes through.
daemon_is_not_held_up()
{
	local asking

	while :; do
		farmgatectl test --user alice --from 127.0.0.3
	done >/dev/null 2>&1 &
	asking=$!
	want fg_restart
	want import
	want fg_restart
	want import
	want_eq open "$(fg_status .store.state)"
	want_eq false "$(fg_status .degraded)"
	kill "$asking"
	wait "$asking" 2>/dev/null
}

other_configuration_other_people()
{
	local other=$FG_WORK/other.conf

	{
		conf
		echo 'state = "/var/lib/other"'
	} >"$other"
	says 1 --config "$other" --user alice --from 127.0.0.3
	fg_stop
	cp -a "$STATE" /var/lib/other
	want fg_start
	people | grep -v '^alice' | farmgatectl inventory import - >/dev/null
	same deny alice 127.0.0.3
	says 0 --config "$other" --user alice --from 127.0.0.3
	rm -rf /var/lib/other
	want import
}

# ---- who may not, and what cannot be read -------------------------------

# USER ARGUMENT...
says_to()
{
	local rc=0 user=$1

	shift
	as "$user" "$FG_BIN/farmgatectl" test "$@" >"$OUT" 2>&1 ||
	    rc=$?
	cat "$OUT"
	return "$rc"
}

who_may_not_read_it_has_no_answer()
{
	want_rc 2 says_to dave --user alice --from 127.0.0.3
	want_line "cannot answer: $STATE: not readable for you; use sudo, or farmgatectl person" \
	    "$OUT"
	no_line '^(allow|deny) ' "$OUT"
	want_rc 2 says_to carol --user alice --from 127.0.0.3
	want_rc 0 says_to dave --user alice --from 127.0.0.3 --service cron
	want_rc 0 says_to farmgate --user alice --from 127.0.0.3
}

# TEXT: root has no answer either, and nothing is mended.
no_answer()
{
	untouched says 2 --user alice --from 127.0.0.3
	want_line "cannot answer: $STATE.*$1" "$OUT"
	no_line '^(allow|deny) ' "$OUT"
}

what_is_no_store_is_no_answer()
{
	fg_stop
	cp -a "$STATE" "$FG_WORK/kept"
	chmod 0755 "$STATE"
	no_answer 'chmod 700'
	chmod 0700 "$STATE"
	chown root "$STATE"
	no_answer 'Permission denied|belongs to another user'
	chown farmgate "$STATE"
	# root's own, which the daemon's user may not read
	install -m 0600 "$STATE/farmgate.db" "$FG_WORK/secret.db"
	rm "$STATE/farmgate.db"
	ln -s "$FG_WORK/secret.db" "$STATE/farmgate.db"
	no_answer 'symbolic link'
	rm "$STATE/farmgate.db"
	mkfifo -m 0600 "$STATE/farmgate.db"
	chown farmgate: "$STATE/farmgate.db"
	no_answer 'no regular file'
	rm "$STATE/farmgate.db"
	install -m 0600 -o farmgate -g farmgate /bin/true "$STATE/farmgate.db"
	no_answer 'is damaged'
	rm "$STATE/farmgate.db"
	no_answer 'is gone'
	rm -r "$STATE"
	says 1 --user alice --from 127.0.0.3
	want_line 'not among the countries of policy all' "$OUT"
	mv "$FG_WORK/kept" "$STATE"
	want fg_start
}

lost_inventory_is_lost_to_both()
{
	fg_stop
	cp -a "$STATE" "$FG_WORK/kept"
	rm "$STATE"/farmgate.db "$STATE"/farmgate.db-*
	want fg_start
	same deny alice 127.0.0.3
	want_eq failure "$(fg_last .decided.by)"
	fg_stop
	rm -r "$STATE"
	mv "$FG_WORK/kept" "$STATE"
	want fg_start
}

# ---- an owner who means ill ---------------------------------------------

# Every look finds something else: a store, a link to root's, a FIFO.
# OUT: most of the time it waits.
try_swapped()
{
	local i rc

	for i in $(seq 10); do
		rc=0
		timeout 15 farmgatectl test --user alice --from 127.0.0.3 \
		    >"$1.said" 2>&1 </dev/null || rc=$?
		echo "$rc $(head -n 1 "$1.said")" >>"$1"
		[ "$rc" -le 2 ] || return 1
	done
}

swapped_files_are_no_trap()
{
	local i tries=() swapping

	fg_stop
	install -d -m 0700 "$FG_WORK/roots"
	install -m 0600 "$STATE/farmgate.db" "$FG_WORK/roots/farmgate.db"
	cp "$FG_TOP/tests/lib/swapping.py" "$FG_BIN/"
	setpriv "${FARMGATE[@]}" python3 "$FG_BIN/swapping.py" "$STATE" \
	    "$FG_WORK/roots/farmgate.db" &
	swapping=$!
	want fg_until 5 test -L "$STATE/farmgate.db"
	for i in 1 2 3 4; do
		try_swapped "$OUT.$i" &
		tries+=($!)
	done
	for i in "${tries[@]}"; do
		want wait "$i"
	done
	cat "$OUT".[1-4]
	want kill "$swapping"
	wait "$swapping" 2>/dev/null
	rm -f "$STATE/farmgate.db"
	install -m 0600 -o farmgate -g farmgate "$FG_WORK/roots/farmgate.db" \
	    "$STATE/farmgate.db"
	want fg_start
	want_eq 5 "$(fg_status .inventory.people)"
}

# What runs as the daemon's user can be stopped by it.
nobody_waits_for_ever()
{
	local began i stopping

	cp "$FG_TOP/tests/lib/stopping.py" "$FG_BIN/"
	setpriv "${FARMGATE[@]}" python3 "$FG_BIN/stopping.py" farmgatectl &
	stopping=$!
	for i in $(seq 40); do
		began=$SECONDS
		timeout 20 farmgatectl test --user alice --from 127.0.0.3 \
		    >"$OUT" 2>&1 </dev/null
		[ $? -ne 2 ] || break
	done
	cat "$OUT"
	want_line 'cannot answer: .* farmgatectl person' "$OUT"
	want test $((SECONDS - began)) -ge 8
	want test $((SECONDS - began)) -le 13
	want kill "$stopping"
	wait "$stopping" 2>/dev/null
	want_not pgrep -x farmgatectl
}

closed_descriptors_are_no_trouble()
{
	local out

	out=$(farmgatectl test --user alice --from 127.0.0.3 <&- 2>&1)
	want_eq 0 $?
	want_eq allow "${out%% *}"
	farmgatectl test --user alice --from 127.0.0.3 <&- 2>&- >"$OUT"
	want_eq 0 $?
	want_line '^allow ' "$OUT"
}

# What was decided with people, and without, comes out again; and a log's logins
# are theirs.
replay_knows_people()
{
	local now rc=0

	now=$(date +%s)
	farmgatectl replay --config "$FG_CONF" >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	want_eq 0 "$rc"
	want_line '^nothing would be decided otherwise$' "$OUT"
	want_line '^people are as the inventory has them now$' "$OUT"
	printf '%s\n' "$now,alice,127.0.0.2,gate" "$now,alice,127.0.0.3,gate" \
	    "$now,carol,127.0.0.2,gate" "$now,root,127.0.0.2,gate" \
	    >"$FG_WORK/logins.csv"
	rc=0
	farmgatectl replay --config "$FG_CONF" --against happened --json \
	    "$FG_WORK/logins.csv" >"$OUT" 2>"$FG_WORK/err" || rc=$?
	cat "$OUT" "$FG_WORK/err"
	want_eq 1 "$rc"
	want_eq '[true,{"allow":2,"challenge":0,"deny":2},3]' \
	    "$(jq -c '[.inventory, .is, .people]' "$OUT")"
	want_eq 'NO is not among the countries of alice' \
	    "$(jq -r '.most_affected[] | select(.person == "alice").example.found' \
		"$OUT")"
}

fg_install
conf | fg_conf
fg_private_pam
fg_pam gate
want_daemon
run "without people the policy alone counts" \
    without_people_the_policy_alone_counts
run "a person's own countries come before the policy's" \
    own_countries_come_before_the_policys
run "a replay knows whose logins they were" replay_knows_people
run "who is revoked or past their date is refused" who_is_gone_is_gone
run "hours are the person's" hours_are_the_persons
run "an exception counts, and ends" exceptions_count
run "the store is left as it is, with a daemon and without" \
    store_stays_as_it_is
run "the daemon is not held up" daemon_is_not_held_up
run "another configuration has its own people" \
    other_configuration_other_people
run "who may not read it has no answer" who_may_not_read_it_has_no_answer
run "what cannot be read is no answer, and stays" what_is_no_store_is_no_answer
run "a lost inventory is lost to test, too" lost_inventory_is_lost_to_both
run "files that are swapped are no trap" swapped_files_are_no_trap
run "nobody waits for ever" nobody_waits_for_ever
run "closed descriptors are no trouble" closed_descriptors_are_no_trouble
finish
