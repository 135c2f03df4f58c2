#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Verified people through a real sshd: who may verify, until when it counts, and
# the serial number of their laptop asked back.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"

SERIAL="PF-3ABC 7Z"

# [ACTION]: alice and bob prove an unexpected country with both; what is done
# about somebody unverified.
verify_conf()
{
	echo 'step_up = {"totp"}'
	setup_conf | sed '0,/"geo.country = deny"/s//"geo.country = challenge all totp serial"/'
	[ $# -eq 0 ] || echo "actions = {\"person.unverified = $1\"}"
}

# [ACTION]
configured()
{
	verify_conf "$@" | fg_conf
	want farmgatectl reload >/dev/null
}

# BY USER [OPTION...]: the serial number is typed.
verified()
{
	local by=$1 user=$2

	shift 2
	echo "$SERIAL" | by_sudo_of "$by" farmgatectl verify "$@" "$user" LT-0042 \
	    >"$OUT" 2>&1
}

# Expected countries, so that nothing is asked.
comes_in()
{
	want asked "$1" 127.0.0.2 "$1-pw"
}

unverified()
{
	fg_last '[.findings[] | select(.code == "person.unverified") | .grade] |
	    join(",")'
}

# Before anybody is, it would be everybody.
nobody_would_come_in()
{
	verify_conf deny | fg_conf
	says 0 reload
	want_line ':[0-9]+: policy staff denies person.unverified, and nobody' \
	    "$OUT"
	verify_conf deny | sed 's/enforce/observe/' | fg_conf
	says 0 reload
	no_line unverified "$OUT"
	configured
}

# ---- who was verified -------------------------------------------------------

nobody_is_unverified()
{
	comes_in alice
	want_eq "" "$(unverified)"
	want_eq none "$(farmgatectl verify --list)"
}

nobody_verifies_alone()
{
	echo "$SERIAL" | want_rc 2 farmgatectl verify alice LT-0042 >"$OUT" 2>&1
	want_line 'log in as yourself and use sudo' "$OUT"
	want_rc 2 verified alice alice
	want_line 'nobody verifies themselves' "$OUT"
	want_eq none "$(farmgatectl verify --list)"
}

# Nobody reads out a serial number for what is refused whatever it is.
asked_for_when_nothing_else_stands_against_it()
{
	want_rc 2 by_sudo_of alice farmgatectl verify alice LT-0042 \
	    </dev/null >"$OUT" 2>&1
	want_line 'nobody verifies themselves' "$OUT"
	no_line 'serial number' "$OUT"
	want_rc 2 by_sudo_of bob farmgatectl verify --until +800d alice LT-0042 \
	    </dev/null >"$OUT" 2>&1
	want_line 'at most two years' "$OUT"
	no_line 'serial number' "$OUT"
	want_rc 2 by_sudo_of bob farmgatectl verify alcie LT-0042 \
	    </dev/null >"$OUT" 2>&1
	want_eq 1 "$(grep -c "warning: this user is in nobody's entry" "$OUT")"
	want_line 'warning: and this host has no account alcie' "$OUT"
	want_line 'The serial number .*no serial number was given' \
	    <(tr '\n' ' ' <"$OUT")
	want_eq none "$(farmgatectl verify --list)"
}

it_has_limits()
{
	want_rc 2 verified bob alice --until +800d
	want_line 'at most two years' "$OUT"
	SERIAL="" want_rc 2 verified bob alice
	want_line 'no serial number was given' "$OUT"
	SERIAL=" - " want_rc 2 verified bob alice
	want_line 'that is no serial number' "$OUT"
	want_rc 2 farmgatectl verify alice >"$OUT" 2>&1
	want_line 'a user and an asset are needed' "$OUT"
	want_eq none "$(farmgatectl verify --list)"
}

by_another_administrator()
{
	local days

	want verified bob alice
	want_line 'alice +verified +until .* with LT-0042, by bob as root$' \
	    "$OUT"
	want_line "warning: this user is in nobody's entry" "$OUT"
	no_line 'has no account' "$OUT"
	want_eq "add alice LT-0042 true $(id -u bob)" \
	    "$(fg_last_of verification '[.action, .user, .asset, .serial,
	    .by.loginuid] | map(tostring) | join(" ")')"
	days=$(farmgatectl verify --list --json |
	    jq '(.until - .made) / 86400 | floor')
	want_eq 365 "$days"
	comes_in alice
	want_eq "" "$(unverified)"
	comes_in bob
	want_eq never "$(unverified)"
	want_eq allow "$(fg_last .verdict)"
}

# Not in the store, the audit log or a report.
the_serial_number_is_nowhere()
{
	want verified bob alice --json
	want_eq "" "$(grep -rlaiE 'PF-?3ABC[ -]?7Z' "$FG_AUDIT" \
	    /var/lib/farmgate "$OUT")"
	want_eq true "$(grep '^{' "$OUT" | jq -r .serial)"
}

a_policy_keeps_the_others_out()
{
	configured deny
	comes_in alice
	want_not asked bob 127.0.0.2 bob-pw
	want_eq "person.unverified:never never" "$(fg_last \
	    '.decided.finding + " " + (.findings[] |
	    select(.code == "person.unverified") | .grade)')"
	configured
}

it_ends_by_itself()
{
	want verified bob alice \
	    --until "$(date -d '+6 sec' +%Y-%m-%dT%H:%M:%S%:z)"
	comes_in alice
	want_eq "" "$(unverified)"
	sleep 6
	comes_in alice
	want_eq expired "$(unverified)"
	says 0 verify --list
	want_line 'alice +expired' "$OUT"
	want_not asked alice 127.0.0.3 alice-pw "$(fresh_code alice)" "$SERIAL"
	want_eq "challenge.failed" "$(auth_record '.findings[-1].code')"
	want farmgatectl stepup forget alice >/dev/null
}

# ---- the serial number ------------------------------------------------------

both_are_asked_for()
{
	want verified bob alice
	want asked alice 127.0.0.3 alice-pw "$(fresh_code alice)" pf3abc-7z
	want_eq "Password: ,One-time code: ,Serial number of this laptop: " \
	    "$(prompts | paste -sd,)"
	want_eq "totp passed serial passed" "$(auth_record \
	    '[.step_up[] | .method + " " + .result] | join(" ")')"
	want_eq "totp serial" "$(fg_last '.proof.methods | join(" ")')"
}

each_alone_is_not_enough()
{
	want_not asked alice 127.0.0.3 alice-pw "$(fresh_code alice)" PF3ABC7Y
	want_not asked alice 127.0.0.3 alice-pw 000000 "$SERIAL"
	want_eq "" "$(grep -aF PF3ABC7Y "$FG_AUDIT")"
	want farmgatectl stepup forget alice >/dev/null
}

who_has_none_is_asked_the_same()
{
	want_not asked bob 127.0.0.3 bob-pw 000000 "$SERIAL"
	want_eq "Password: ,One-time code: ,Serial number of this laptop: " \
	    "$(prompts | paste -sd,)"
	want farmgatectl stepup forget bob >/dev/null
}

without_one_there_is_nothing_to_ask_back()
{
	want verified bob alice --no-serial
	want_line 'no serial number' "$OUT"
	want_not asked alice 127.0.0.3 alice-pw "$(fresh_code alice)" "$SERIAL"
	comes_in alice
	want_eq "" "$(unverified)"
	want farmgatectl stepup forget alice >/dev/null
}

# ---- and taken back ---------------------------------------------------------

taken_back()
{
	want verified bob carol
	verify_conf deny | fg_conf
	says 0 reload
	no_line unverified "$OUT"
	configured
	says 0 verify --remove alice
	want_line 'alice +removed .*, by [a-z ]+, removed by root$' "$OUT"
	want_eq "remove alice" \
	    "$(fg_last_of verification '.action + " " + .user')"
	comes_in alice
	want_eq never "$(unverified)"
	says 1 verify --remove alice
	says 0 verify --remove carol
	comes_in alice
	want_eq "" "$(unverified)"
}

# A host that asks for it does not stop when nothing is left of them.
asked_for_where_none_is_left()
{
	want_eq none "$(farmgatectl verify --list)"
	configured deny
	want_not asked alice 127.0.0.2 alice-pw
	want_eq never "$(unverified)"
	configured
}

# The name that farmgatectl tells is root's to tell.
an_administrator_needs_sudo()
{
	local rc=0

	echo "$SERIAL" | by carol farmgatectl verify alice LT-0042 >"$OUT" 2>&1 ||
	    rc=$?
	want_eq 2 "$rc"
	want_line "who asks cannot be told: .* login uid $(id -u carol), .* run it as sudo farmgatectl verify\$" \
	    "$OUT"
	want_eq none "$(farmgatectl verify --list)"
}

# A number that nobody has here can be held to nothing.
an_administrator_needs_an_account()
{
	(
		echo 4299 >/proc/self/loginuid
		echo "$SERIAL" | want_rc 2 farmgatectl verify alice LT-0042
	) >"$OUT" 2>&1
	want_line 'no account of this host has login uid 4299.* an account of your own, and run sudo farmgatectl verify$' \
	    "$OUT"
	want_eq none "$(farmgatectl verify --list)"
}

# The same person by another account of theirs; a service is no person.
by_the_person()
{
	printf '%s\n' user,kind,accounts,networks 'alice,,alice carol,' 'bob,,,' \
	    'backup,service,,loop' |
	    want farmgatectl inventory import - >"$OUT" 2>&1
	want_rc 2 verified carol alice
	want_line 'nobody verifies themselves' "$OUT"
	want_rc 2 verified bob backup
	want_line 'is no person by the inventory' "$OUT"
	want verified bob carol
	want_line '^.*alice +verified' "$OUT"
	comes_in alice
	want_eq "" "$(unverified)"
	says 0 verify --list
	no_line 'not in the inventory' "$OUT"
	# And it waits for whoever has that name next.
	printf '%s\n' user bob carol |
	    farmgatectl inventory import - >"$OUT" 2>&1
	want_line 'alice will be kept out or in no entry, and .* stay' "$OUT"
	says 0 verify --list
	want_line '^alice +verified .*, not in the inventory$' "$OUT"
}

setup_gate
verify_conf | fg_conf
asking_pam sshd
answering_program
want_daemon
fg_sshd_start || echo "FAIL sshd starts"
enrol_quickly alice

run "where nobody is verified, to deny them is warned of" \
    nobody_would_come_in
run "where nobody verifies nobody is unverified" nobody_is_unverified
run "nobody verifies themselves, or unnamed" nobody_verifies_alone
run "a serial number is asked for when nothing else stands against it" \
    asked_for_when_nothing_else_stands_against_it
run "a verification has limits" it_has_limits
run "another administrator verifies" by_another_administrator
run "the serial number is kept nowhere" the_serial_number_is_nowhere
run "a policy keeps the unverified out" a_policy_keeps_the_others_out
run "a verification ends by itself" it_ends_by_itself
run "a code and the serial number let in" both_are_asked_for
run "DEV-01 each of them alone does not" each_alone_is_not_enough
run "who has none is asked the same" who_has_none_is_asked_the_same
run "without a serial number none can be asked back" \
    without_one_there_is_nothing_to_ask_back
run "a verification is taken back" taken_back
run "who asks for it asks also where none is left" \
    asked_for_where_none_is_left
run "an administrator outside of every session needs sudo" \
    an_administrator_needs_sudo
run "an administrator without an account is nobody" \
    an_administrator_needs_an_account
run "a verification is the person's" by_the_person
finish
