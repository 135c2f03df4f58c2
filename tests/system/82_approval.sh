#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Logins that a second person approves, through a real sshd: by the number that
# the user sees, from another login, and never by the user.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"

# alice and bob may have an unexpected country approved, carol's is refused.
approval_conf()
{
	echo 'step_up = {"approval"}'
	echo "step_up_time = \"${1:-60s}\""
	setup_conf | sed '0,/"geo.country = deny"/s//"geo.country = challenge"/'
}

is_asked_again()
{
	local n

	n=$(grep -c 'approval' "$FG_WORK/prompts-$1")
	presses_enter "$@"
	want fg_until 5 waits "$1" $((n + 1))
}

# NAME: the login ends, one way or the other.
gets_in()
{
	presses_enter "$1"
	want wait "$CLIENT"
	want_line '^welcome' "$FG_WORK/got-$1"
}

is_denied()
{
	presses_enter "$1"
	want_not wait "$CLIENT"
	no_line '^welcome' "$FG_WORK/got-$1"
}

forgiven()
{
	farmgatectl stepup forget "$1" >/dev/null 2>&1
	farmgatectl stepup forget 127.0.0.3 >/dev/null 2>&1
	:
}

# STATUS COMMAND...: what it says is in $OUT.
tells()
{
	local rc=0 status=$1

	shift
	"$@" >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	want_eq "$status" "$rc"
}

wrong_number()
{
	[ "$(number "$1")" = 111 ] && echo 112 || echo 111
}

# ---- tests ------------------------------------------------------------------

# carol alone is in the group; who waits cannot be the one who answers.
check_wants_a_second_person()
{
	tells 0 farmgatectl check
	want_line 'farmgate-admin has one member besides root' "$OUT"
	sed -i '/^farmgate-admin:/s/$/,bob/' /etc/group
	tells 0 farmgatectl check
	no_line 'farmgate-admin' "$OUT"
	sed -i '/^farmgate-admin:/s/,bob$//' /etc/group
}

approved_from_another_login()
{
	begins alice 127.0.0.3
	want_eq 1 "$(farmgatectl approvals | grep -c '^[0-9A-Z]')"
	tells 0 by carol farmgatectl approvals
	want_line "^$REF +waiting since .* s left: alice by sshd from 127.0.0.3 \(BR far\)$" \
	    "$OUT"
	want_line '^    geo.country: BR is not among' "$OUT"
	is_asked_again alice
	is_asked_again alice 'anything at all'
	is_asked_again alice "$(head -c 3000 /dev/zero | tr '\0' x)"
	want_eq 1 "$(grep -o 'number [0-9]*' "$FG_WORK/prompts-alice" |
	    sort -u | wc -l)"
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	want_line "^$REF +approved" "$OUT"
	gets_in alice
	want_eq "approve true alice $(id -u carol)" "$(fg_last_of approval \
	    '[.action, .ok, .user, .by.loginuid] | map(tostring) | join(" ")')"
	want_eq "$REF" "$(fg_last_of approval .ref)"
	want_eq "allow approval passed $REF $(id -u carol)" "$(auth_record \
	    '.verdict + " " + (.step_up[] | [.method, .result, .request,
		(.by.loginuid | tostring)] | join(" "))')"
	says 0 explain "$(auth_record .ref)"
	want_line "approval passed: a second person .*, by carol \(uid $(id -u carol)\), request $REF\$" \
	    "$OUT"
	says 0 explain "$(fg_last .ref)"
	want_line "^  proof      by the step-up $(auth_record .ref): approval by carol \(uid $(id -u carol)\)\$" \
	    "$OUT"
	says 0 approvals
	want_line '^none$' "$OUT"
}

# What they read in approvals, the mail or the log.
a_request_is_explained_by_its_reference()
{
	begins alice 127.0.0.3
	tells 2 farmgatectl approve "$REF" "$(number alice)"
	tells 1 by carol farmgatectl approve "$REF" "$(wrong_number alice)"
	tells 0 by_sudo_of carol farmgatectl approve "$REF" "$(number alice)"
	gets_in alice
	says 0 explain "$REF"
	want_line '^  word       not approved by root \(uid 0\): alice by sshd$' "$OUT"
	want_line '^  why        root without a login is nobody' "$OUT"
	want_line "^  word       not approved by carol \(uid $(id -u carol)\): alice" \
	    "$OUT"
	want_line '^  why        that is not the number' "$OUT"
	want_line "^  word       approved by carol \(uid $(id -u carol)\) as root: alice by sshd\$" \
	    "$OUT"
	want_line "^allow +$(auth_record .ref) " "$OUT"
	want_line "^  step-up    approval passed: .*, request $REF\$" "$OUT"
	want_eq 4 "$(grep -c 'its hash is right' "$OUT")"
}

APR_04_the_number_stays_with_the_user()
{
	begins alice 127.0.0.3
	says 0 approvals --json
	no_line '"number"' "$OUT"
	want_eq '' "$(jq '.. | scalars' "$OUT" | grep -wF "$(number alice)")"
	want fg_until 5 told
	want_line "approval wanted: ref=$REF user=alice service=sshd rhost=127.0.0.3 findings=.*geo.country" \
	    "$FG_WORK/daemon.log"
	no_line " $(number alice)\\b" <(grep -F "$REF" "$FG_WORK/daemon.log")
	# From the terminal.
	tells 2 by carol farmgatectl approve 7F3K-Q2 100
	want_line 'is no reference' "$OUT"
	tells 0 by carol farmgatectl approve "$(tr -d - <<<"${REF,,}")" \
	    < <(number alice)
	gets_in alice
}

APR_04_three_wrong_numbers_refuse_it()
{
	begins alice 127.0.0.3
	tells 1 by carol farmgatectl approve "$REF" "$(wrong_number alice)"
	want_line 'not the number which the user sees; 2 tries are left' "$OUT"
	tells 1 by carol farmgatectl approve "$REF" "$(wrong_number alice)"
	want_line '; 1 try is left' "$OUT"
	is_asked_again alice
	tells 1 by carol farmgatectl approve "$REF" "$(wrong_number alice)"
	want_line 'once too often' "$OUT"
	want_eq "approve false" "$(fg_last_of approval \
	    '.action + " " + (.ok | tostring)')"
	tells 1 by carol farmgatectl approve "$REF" "$(number alice)"
	want_line "$REF was refused already, by carol\$" "$OUT"
	is_denied alice
	want_eq "deny approval: too many wrong numbers were typed" "$(auth_record \
	    '.verdict + " " + (.findings[] | select(.code == "challenge.failed").text)')"
	forgiven alice
}

# A slip of the fingers, or a reference in its place.
APR_04_what_is_no_number_is_no_try()
{
	local typed

	begins alice 127.0.0.3
	tells 2 by carol farmgatectl approve "$REF" </dev/null
	for typed in "0$(number alice)" 12 4x2 "$REF" ٣٣٣; do
		tells 2 by carol farmgatectl approve "$REF" "$typed"
		want_line 'three digits; this was not counted' "$OUT"
		tells 2 by carol farmgatectl approve "$REF" <<<"$typed"
	done
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	gets_in alice
}

a_refusal_is_a_wrong_answer()
{
	begins alice 127.0.0.3
	tells 0 by carol farmgatectl refuse "$REF"
	want_line "^$REF +refused" "$OUT"
	is_denied alice
	want_eq "refuse" "$(fg_last_of approval .action)"
	want_eq "failed $(id -u carol)" "$(auth_record \
	    '.step_up[0] | .result + " " + (.by.loginuid | tostring)')"
	says 0 stepup list
	want_line '^alice +1 wrong' "$OUT"
	forgiven alice
}

APR_02_nobody_approves_their_own()
{
	local n

	begins alice 127.0.0.3
	n=$(number alice)
	tells 2 by_sudo_of alice farmgatectl approve "$REF" "$n"
	want_line 'this login is your own' "$OUT"
	tells 2 by alice sudo -n "$FG_BIN/farmgatectl" approve "$REF" "$n"
	want_line 'this login is your own' "$OUT"
	want_eq "approve false $(id -u alice) 0" "$(fg_last_of approval \
	    '[.action, .ok, .by.loginuid, .by.uid] | map(tostring) | join(" ")')"
	# By su to somebody who may, which changes no login user id.
	tells 2 by_sudo_of alice setpriv --reuid carol --regid carol \
	    --init-groups farmgatectl approve "$REF" "$n"
	# Root without a login is nobody.
	tells 2 farmgatectl approve "$REF" "$n"
	want_line 'log in as yourself' "$OUT"
	is_asked_again alice
	tells 0 by_sudo_of bob farmgatectl approve "$REF" "$n"
	gets_in alice
	want_eq "$(id -u bob)" "$(auth_record '.step_up[0].by.loginuid')"
}

APR_07_others_cannot_even_ask()
{
	begins alice 127.0.0.3
	tells 2 by bob farmgatectl approve "$REF" "$(number alice)"
	tells 2 by bob farmgatectl approvals
	no_line "$REF" "$OUT"
	fg_ssh_end "$CLIENT"
}

APR_02_a_second_word_changes_nothing()
{
	begins alice 127.0.0.3
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	tells 1 by_sudo_of bob farmgatectl approve "$REF" "$(number alice)"
	want_line "$REF was approved already, by carol\$" "$OUT"
	tells 1 by_sudo_of bob farmgatectl refuse --json "$REF"
	want_eq "approved $(id -u carol)" "$(grep '^{' "$OUT" |
	    jq -r '.state + " " + (.by_loginuid | tostring)')"
	tells 1 by_sudo_of bob farmgatectl refuse "$REF"
	gets_in alice
	tells 1 by carol farmgatectl approve "$REF" "$(number alice)"
	want_line "was approved already" "$OUT"
}

APR_01_who_has_gone_is_not_let_in()
{
	local gone='.verdict + " " + .findings[-1].text + " " + .step_up[-1].request'

	begins alice 127.0.0.3
	fg_ssh_end "$CLIENT"
	want fg_until 10 none_waits
	want_eq "deny approval: the user went away $REF" "$(auth_record "$gone")"
	tells 1 by carol farmgatectl approve "$REF" "$(number alice)"
	want_line 'who asked for it has gone' "$OUT"
	# Approved, and gone before they knew.
	begins alice 127.0.0.3
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	fg_ssh_end "$CLIENT"
	want fg_until 10 none_waits
	want_eq "deny approval: the user went away $REF" "$(auth_record "$gone")"
	want_eq 0 "$(fg_status .sessions)"
	begins alice 127.0.0.3
	is_asked_again alice
	fg_ssh_end "$CLIENT"
	want fg_until 10 none_waits
}

APR_03_one_of_a_person()
{
	local first first_ref

	forgiven alice
	begins alice 127.0.0.3
	first=$CLIENT first_ref=$REF
	begins alice 127.0.0.3 second
	want_eq "$first_ref" "$REF"
	is_denied second
	want_eq "approval: too many requests wait" "$(auth_record \
	    '.findings[] | select(.code == "challenge.failed").text')"
	# Nobody's answer was wrong.
	want_eq none "$(farmgatectl stepup list)"
	CLIENT=$first
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	gets_in alice
}

CONV_10_who_is_refused_in_any_case_sees_the_same()
{
	local shown

	begins alice 127.0.0.3
	shown=$(sed 's/alice/USER/; s/[1-9][0-9][0-9] to/NUMBER to/' \
	    "$FG_WORK/prompts-alice")
	fg_ssh_end "$CLIENT"
	want fg_until 10 none_waits
	begins carol 127.0.0.3
	want_eq '' "$REF"
	want_eq "$shown" "$(sed \
	    's/carol/USER/; s/[1-9][0-9][0-9] to/NUMBER to/' \
	    "$FG_WORK/prompts-carol")"
	is_asked_again carol
	want none_waits
	# Nor by another login beside it, which is one too many for both.
	shown=$CLIENT
	begins carol 127.0.0.3 second
	is_denied second
	fg_ssh_end "$shown"
	want fg_until 10 eval '[ "$(fg_status .stepups)" -eq 0 ]'
	forgiven alice
	forgiven carol
}

# Others were called for nothing, which is not free.
who_goes_away_too_often_troubles_nobody()
{
	local i

	for i in 1 2 3 4 5; do
		begins alice 127.0.0.3
		want fg_until 5 told
		fg_ssh_end "$CLIENT"
		want fg_until 10 none_waits
	done
	begins alice 127.0.0.3
	want_eq '' "$REF"
	fg_ssh_end "$CLIENT"
	want fg_until 10 eval '[ "$(fg_status .stepups)" -eq 0 ]'
	forgiven alice
}

told()
{
	grep -qF "approval wanted: ref=$REF " "$FG_WORK/daemon.log"
}

wrong_answers()
{
	farmgatectl stepup list | sed -n "s/^$1 *\([0-9]*\) wrong.*/\1/p"
}

# Nor is it for who ends it in another way, once somebody was called.
who_leaves_in_another_way_has_answered_too()
{
	# Their name, where a program would have given it at once.
	begins alice 127.0.0.3
	want fg_until 5 told
	presses_enter alice alice
	want_not wait "$CLIENT"
	want_eq 1 "$(wrong_answers alice)"
	# What was refused by then is, and by whom is on record.
	begins alice 127.0.0.3
	tells 0 by carol farmgatectl refuse "$REF"
	presses_enter alice alice
	want_not wait "$CLIENT"
	want_eq 2 "$(wrong_answers alice)"
	want_eq "$REF $(id -u carol)" "$(auth_record \
	    '.step_up[-1] | .request + " " + (.by.loginuid | tostring)')"
	# Control-C in sudo, which says that nobody can be asked.
	echo 'alice ALL=(root) ALL' | fg_sudoers
	approval_conf | sed '/^policy staff/i policy in { users = {"@staff"} services = {"sshd"} }' |
	    fg_conf
	want farmgatectl reload >/dev/null
	asking_pam sudo
	mapfile -t options < <(fg_ssh_options publickey 127.0.0.3)
	python3 "$FG_TOP/tests/lib/type.py" 'for alice: ' alice-pw \
	    'press Enter: ' '' 'press Enter: ' $'\003' -- \
	    ssh -t "${options[@]}" -i "$FG_KEYS/alice" alice@127.0.0.1 \
	    'sudo -k; sudo id -un' >"$OUT" 2>&1
	no_line '^root' "$OUT"
	want_eq 3 "$(wrong_answers alice)"
	want_eq "sudo deny" "$(auth_record '.service + " " + .verdict')"
	approval_conf | fg_conf
	want farmgatectl reload >/dev/null
	forgiven alice
}

# Programs that ask nobody are gone before anybody is called.
who_goes_at_once_troubles_nobody()
{
	begins alice 127.0.0.3
	presses_enter alice alice
	want_not wait "$CLIENT"
	if told; then
		echo "it was slow here"	# and counted, then
	else
		want_eq '' "$(wrong_answers alice)"
	fi
	forgiven alice
}

who_is_held_back_troubles_nobody()
{
	local i

	for i in 1 2 3 4 5; do
		begins alice 127.0.0.3
		tells 0 by carol farmgatectl refuse "$REF"
		is_denied alice
	done
	begins alice 127.0.0.3
	want_eq '' "$REF"
	is_asked_again alice
	want none_waits
	fg_ssh_end "$CLIENT"
	forgiven alice
}

APR_05_a_restart_is_a_denial()
{
	begins alice 127.0.0.3
	want fg_restart
	want none_waits
	tells 1 by carol farmgatectl approve "$REF" "$(number alice)"
	want_line "no request $REF is known" "$OUT"
	is_denied alice
	# A reload is none.
	begins alice 127.0.0.3
	want farmgatectl reload
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	gets_in alice
}

APR_05_APR_08_its_time_ends_as_a_denial()
{
	approval_conf 20s | fg_conf
	want farmgatectl reload
	begins alice 127.0.0.3
	is_asked_again alice
	want fg_until 25 eval 'auth_record .verdict,.findings[-1].text |
	    grep -q "approval: no answer in time"'
	tells 1 by carol farmgatectl approve "$REF" "$(number alice)"
	want_line 'its time is over' "$OUT"
	is_denied alice
	approval_conf | fg_conf
	want farmgatectl reload
}

# As whoever asks calls themselves, to a service that asks no password.
APR_06_odd_bytes_are_shown_as_such()
{
	local asking odd=$'eve\033[2J\xff'

	printf '%s\n' 'auth required pam_permit.so' \
	    "auth required $FG_MODULE" >/etc/pam.d/odd
	rm -f "$FG_WORK/typed"
	mkfifo "$FG_WORK/typed"
	pamtester -I rhost=127.0.0.3 -I "ruser=$odd" odd bob authenticate \
	    <"$FG_WORK/typed" >"$FG_WORK/got" 2>&1 &
	asking=$!
	exec 8>"$FG_WORK/typed"
	want fg_until 5 grep -q 'approval' "$FG_WORK/got"
	says 0 approvals
	want_line 'bob as eve\\+x1b\[2J\\+xff by odd from 127.0.0.3' "$OUT"
	no_line $'\033' "$OUT"
	no_line $'\033' "$FG_WORK/daemon.log"
	kill "$asking"
	exec 8>&-
	wait "$asking" 2>/dev/null
	want fg_until 5 none_waits
}

# The session itself is let in; in it su asks, until nobody types any more.
who_becomes_whom_is_said()
{
	local session

	approval_conf |
	    sed '/^policy staff/i policy in { users = {"@staff"} services = {"sshd"} }' |
	    fg_conf
	want farmgatectl reload
	asking_pam su
	fg_ssh key alice 127.0.0.3 \
	    '(echo bob-pw; sleep 4) | su bob -c true' >/dev/null 2>&1 &
	session=$!
	want fg_until 5 eval '! none_waits'
	says 0 approvals
	want_line 's left: alice wants to become bob by su, from 127\.0\.0\.3 \(BR far\)$' \
	    "$OUT"
	want_eq 'bob alice su nested' "$(farmgatectl approvals --json |
	    jq -r '[.user, .ruser, .service, .kind] | join(" ")')"
	want fg_until 10 none_waits
	wait "$session"
	forgiven alice
	approval_conf | fg_conf
	want farmgatectl reload
}

# Another account of the same person, which is logged in.
APR_02_another_account_is_no_second_person()
{
	local session

	printf '%s\n' user,accounts,countries,groups,status \
	    'alice,alice dave,NO,staff,active' >"$FG_WORK/people.csv"
	want farmgatectl inventory import "$FG_WORK/people.csv"
	fg_ssh key dave 127.0.0.2 'touch here; sleep 30' >/dev/null 2>&1 &
	session=$!
	want fg_until 5 test -e "$FG_WORK/home/dave/here"
	begins alice 127.0.0.3
	tells 2 by_sudo_of dave farmgatectl approve "$REF" "$(number alice)"
	want_line 'this login is your own' "$OUT"
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	gets_in alice
	fg_ssh_end "$session"
}

# Nor is one that nobody is logged in by, and one that several people have.
APR_02_nor_is_an_account_of_several_people()
{
	begins alice 127.0.0.3
	tells 2 by_sudo_of dave farmgatectl approve "$REF" "$(number alice)"
	want_line 'this login is your own' "$OUT"
	printf '%s\n' user,kind,accounts,countries,groups,status \
	    'alice,person,alice,NO,staff,active' \
	    'oncall,shared,dave,,,active' >"$FG_WORK/people.csv"
	want farmgatectl inventory import "$FG_WORK/people.csv" >/dev/null
	tells 2 by_sudo_of dave farmgatectl approve "$REF" "$(number alice)"
	want_line 'several people act by the account that asks' "$OUT"
	tells 2 by_sudo_of dave farmgatectl bypass alice --until +1h \
	    --finding geo.country --reason 'lost phone'
	want_line 'several people act by the account that asks' "$OUT"
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	gets_in alice
}

# What was approved for one person is worth nothing as another.
an_account_that_changes_hands()
{
	begins alice 127.0.0.3
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	printf '%s\n' user,accounts,countries,groups,status \
	    'bob,bob alice,NO,staff,active' >"$FG_WORK/people.csv"
	want farmgatectl inventory import "$FG_WORK/people.csv" >/dev/null
	is_denied alice
	want_eq "deny approval: the account is somebody else's by now" \
	    "$(auth_record '.verdict + " " + .findings[-1].text')"
	printf '%s\n' user,accounts,countries,groups,status \
	    'alice,alice dave,NO,staff,active' >"$FG_WORK/people.csv"
	want farmgatectl inventory import "$FG_WORK/people.csv" >/dev/null
	forgiven alice
}

# Who is revoked troubles nobody, and has nothing of what they prove by then.
a_revocation_refuses_what_waits()
{
	begins alice 127.0.0.3
	want by_sudo_of bob farmgatectl revoke alice >/dev/null
	want_eq "refuse alice $(id -u bob)" "$(fg_last_of approval \
	    '[.action, .user, .by.loginuid] | map(tostring) | join(" ")')"
	tells 1 by carol farmgatectl approve "$REF" "$(number alice)"
	want_line "$REF was refused already, by bob as root\$" "$OUT"
	is_denied alice
	want farmgatectl unrevoke alice >/dev/null
	forgiven alice
}

approved_and_revoked_at_once()
{
	{ echo 'remember = "12h"'; approval_conf; } | fg_conf
	want farmgatectl reload
	begins alice 127.0.0.3
	tells 0 by carol farmgatectl approve "$REF" "$(number alice)"
	want farmgatectl revoke alice >/dev/null
	is_denied alice
	want_eq "deny person.revoked" \
	    "$(auth_record '.verdict + " " + .decided.finding')"
	want farmgatectl unrevoke alice >/dev/null
	want_eq none "$(farmgatectl stepup list)"
	begins alice 127.0.0.3
	want test -n "$REF"
	fg_ssh_end "$CLIENT"
	approval_conf | fg_conf
	want farmgatectl reload
}

setup_gate
approval_conf | fg_conf
asking_pam sshd
echo 'alice ALL=(ALL) NOPASSWD: ALL' | fg_sudoers
waiting_program
want_daemon
fg_sshd_start || echo "FAIL sshd starts"

run "check wants two people who may approve" check_wants_a_second_person
run "a login is approved from another one" approved_from_another_login
run "a request is explained by its reference" \
    a_request_is_explained_by_its_reference
run "APR-04 the number stays with the user" APR_04_the_number_stays_with_the_user
run "APR-04 three wrong numbers refuse it" APR_04_three_wrong_numbers_refuse_it
run "APR-04 what is no number is no try" APR_04_what_is_no_number_is_no_try
run "a refusal is a wrong answer" a_refusal_is_a_wrong_answer
run "APR-02 nobody approves their own" APR_02_nobody_approves_their_own
run "APR-07 others cannot even ask" APR_07_others_cannot_even_ask
run "APR-02 a second word changes nothing" APR_02_a_second_word_changes_nothing
run "APR-01 who has gone is not let in" APR_01_who_has_gone_is_not_let_in
run "APR-03 one request of a person, and the first is kept" \
    APR_03_one_of_a_person
run "CONV-10 who is refused in any case sees the same" \
    CONV_10_who_is_refused_in_any_case_sees_the_same
run "who goes away too often troubles nobody" \
    who_goes_away_too_often_troubles_nobody
run "who leaves in another way has answered, too" \
    who_leaves_in_another_way_has_answered_too
run "who goes at once troubles nobody" who_goes_at_once_troubles_nobody
run "who was refused too often troubles nobody" who_is_held_back_troubles_nobody
run "APR-05 a restart is a denial" APR_05_a_restart_is_a_denial
run "APR-05 APR-08 its time ends as a denial" \
    APR_05_APR_08_its_time_ends_as_a_denial
run "a revocation refuses what waits" a_revocation_refuses_what_waits
run "who is revoked before they press Enter is not remembered" \
    approved_and_revoked_at_once
run "who becomes whom is said" who_becomes_whom_is_said
run "APR-06 odd bytes are shown as such" APR_06_odd_bytes_are_shown_as_such
run "APR-02 another account is no second person" \
    APR_02_another_account_is_no_second_person
run "APR-02 nor is an account of several people" \
    APR_02_nor_is_an_account_of_several_people
run "an account that changes hands takes no word with it" \
    an_account_that_changes_hands
finish
