#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A step-up that was passed is not asked for at each login: through a real sshd
# and a real sudo, who is asked again, and what makes it forgotten. Then the
# bypass: by whom, for what, and until when.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"

# [REMEMBER]: what is far is three places, two of them in one network.
remember_conf()
{
	echo 'step_up = {"totp"}'
	[ -z "${1:-}" ] || echo "remember = \"$1\""
	echo 'network beside { cidr = {"127.0.0.33/32"} place = "BR" }'
	echo 'network beyond { cidr = {"127.0.9.3/32"} place = "BR" }'
	setup_conf | sed '0,/"geo.country = deny"/s//"geo.country = challenge"/'
}

# What alice was asked at a login from FROM with a password, and got in: FROM
# [ANSWER...] [-- COMMAND]
got_in()
{
	local from=$1

	shift
	want asked alice "$from" alice-pw "$@"
}

# FROM [COMMAND]: she gets in, and is asked for no code.
unasked()
{
	local from=$1

	shift
	got_in "$from" -- "${@:-true}"
	want_eq 'Password: ' "$(prompts)"
}

# FROM: she is asked for one, and without it does not get in.
asked_again()
{
	want_not asked alice "$1" alice-pw 000000
	want_eq 'Password: ,One-time code: ' "$(prompts | paste -sd,)"
	farmgatectl stepup forget "$1" >/dev/null
}

# She proves it from FROM; all that was remembered of her before is gone.
prove()
{
	got_in "$1" "$(fresh_code alice)"
	want_eq 'Password: ,One-time code: ' "$(prompts | paste -sd,)"
}

# ---- remembered -------------------------------------------------------------

asked_once()
{
	local id

	prove 127.0.0.3
	unasked 127.0.0.3
	unasked 127.0.0.3
	id=$(fg_last '.findings[] | select(.code == "geo.country").remembered')
	want test "${id:-0}" -gt 0
	want_eq log "$(fg_last \
	    '.findings[] | select(.code == "geo.country").action')"
	says 0 explain "$(fg_last .ref)"
	want_line "by the remembered step-up $id" "$OUT"
	says 0 stepup list
	want_line "^alice +geo.country from 127\.0\.0\.0/24 with no key, until .*,  id $id\$" "$OUT"
	says 0 person --from 127.0.0.3 alice
	want_line "^  alice +geo.country from 127\.0\.0\.0/24 .*id $id\$" "$OUT"
	want_eq "$id" "$(farmgatectl person --json --from 127.0.0.3 alice |
	    jq -r '.remembered[0].id')"
}

asked_from_elsewhere()
{
	unasked 127.0.0.33
	asked_again 127.0.9.3
	# From there it is another one.
	unasked 127.0.0.3
}

sudo_passes_by_it()
{
	prove 127.0.0.3
	got_in 127.0.0.3 -- 'sudo -n id -un' >"$OUT"
	want_line '^root$' "$OUT"
	want_eq "sudo allow" "$(fg_last '.service + " " + .verdict')"
	want test "$(fg_last '.findings[] |
	    select(.code == "geo.country").remembered')" -gt 0
}

# With a ticket of sudo's nobody is asked for a password, and so for no code.
sudo_with_a_ticket_passes_by_it()
{
	sed -i 's/NOPASSWD: //' /etc/sudoers
	got_in 127.0.0.3 -- \
	    "script -qec 'echo alice-pw | sudo -S -p \"\" true && sudo -n id -un' \
	    /dev/null" >"$OUT"
	want_line '^root' "$OUT"
	sed -i 's/^\(alice.*\)ALL$/\1NOPASSWD: ALL/' /etc/sudoers
}

another_key_is_asked()
{
	fg_sshd_stop
	fg_sshd_start - < <(echo AuthenticationMethods \
	    publickey,keyboard-interactive:pam)
	METHODS=publickey,keyboard-interactive asked_again 127.0.0.3
	METHODS=publickey,keyboard-interactive prove 127.0.0.3
	METHODS=publickey,keyboard-interactive unasked 127.0.0.3 \
	    'sudo -n id -un' >"$OUT"
	want_line '^root$' "$OUT"
	says 0 stepup list
	want_line '^alice .* with SHA256:[^ ]+, until' "$OUT"
	fg_sshd_stop
	fg_sshd_start
	asked_again 127.0.0.3
}

a_restart_forgets_nothing()
{
	prove 127.0.0.3
	want fg_restart
	unasked 127.0.0.3
}

forgotten_by_an_administrator()
{
	prove 127.0.0.3
	says 0 stepup forget alice
	want_line '^forgotten: alice +1 remembered$' "$OUT"
	want_eq "forget alice 1" "$(fg_last_of stepup \
	    '[.action, .user, .remembered] | map(tostring) | join(" ")')"
	asked_again 127.0.0.3
	want farmgatectl stepup forget alice >/dev/null
	says 1 stepup forget alice
}

forgotten_by_a_revocation()
{
	prove 127.0.0.3
	want farmgatectl revoke alice --reason "left" >/dev/null
	want_not asked alice 127.0.0.3 alice-pw 000000
	want farmgatectl unrevoke alice >/dev/null
	asked_again 127.0.0.3
	want farmgatectl stepup forget alice >/dev/null
}

forgotten_by_an_enrolment()
{
	prove 127.0.0.3
	unasked 127.0.0.3
	want farmgatectl totp remove alice >/dev/null
	enrol_quickly alice
	asked_again 127.0.0.3
	want farmgatectl stepup forget alice >/dev/null
}

over_after_its_time()
{
	remember_conf 6s | fg_conf
	want farmgatectl reload >/dev/null
	prove 127.0.0.3
	unasked 127.0.0.3
	sleep 6
	asked_again 127.0.0.3
	want farmgatectl stepup forget alice >/dev/null
}

less_ends_it_at_once()
{
	remember_conf 12h | fg_conf
	want farmgatectl reload >/dev/null
	prove 127.0.0.3
	remember_conf | fg_conf
	want farmgatectl reload >/dev/null
	asked_again 127.0.0.3
	want farmgatectl stepup forget alice >/dev/null
	# sudo cannot ask, and says so.
	got_in 127.0.0.3 "$(fresh_code alice)" -- '! sudo -n true'
	want_eq "sudo challenge.impossible" \
	    "$(fg_last '.service + " " + .decided.finding')"
	want_eq "" "$(farmgatectl stepup list | grep geo.country)"
	remember_conf 12h | fg_conf
	want farmgatectl reload >/dev/null
}

# ---- the bypass -------------------------------------------------------------

bypassed()
{
	by_sudo_of "$1" farmgatectl bypass "$2" --finding "${FINDING:-geo.country}" \
	    --until "${UNTIL:-+2h}" --reason "lost phone" >"$OUT" 2>&1
}

nobody_bypasses_alone()
{
	want_rc 2 farmgatectl bypass alice --finding geo.country --until +2h \
	    --reason "lost phone" >"$OUT" 2>&1
	want_line 'log in as yourself and use sudo' "$OUT"
	want_rc 2 bypassed alice alice
	want_line 'ask another administrator' "$OUT"
	want_eq none "$(farmgatectl except list)"
}

bypass_has_limits()
{
	UNTIL=+9h want_rc 2 bypassed bob alice
	want_line 'at most 8 hours' "$OUT"
	FINDING=remote.unknown want_rc 2 bypassed bob alice
	want_line 'takes no bypass' "$OUT"
	FINDING=session.shared_source want_rc 2 bypassed bob alice
	want_line 'takes no bypass' "$OUT"
	for FINDING in device.clone device.key challenge.failed person.revoked \
	    challenge.impossible; do
		want_rc 2 bypassed bob alice
	done
	unset FINDING
	want_eq none "$(farmgatectl except list)"
}

bypass_stands_for_the_code()
{
	local id

	want farmgatectl totp reset alice >/dev/null
	asked_again 127.0.0.3
	want bypassed bob alice
	want_line '^bypass: [0-9]+ +alice +geo.country .*bypass by bob as root: ' \
	    "$OUT"
	want_line "warning: this user is in nobody's entry" "$OUT"
	id=$(fg_last_of exception .id)
	want_eq "bypass alice $(id -u bob)" "$(fg_last_of exception \
	    '[.action, .user, .by.loginuid] | map(tostring) | join(" ")')"
	unasked 127.0.0.3
	want_eq "log $id" "$(fg_last '.findings[] |
	    select(.code == "geo.country") | .action + " " + (.exception | tostring)')"
	says 0 except list
	want_line "^$id +alice .*bypass by .*: lost phone" "$OUT"
	want_eq bypass "$(farmgatectl except list --json | jq -r .kind)"
	want farmgatectl except remove "$id" >/dev/null
	asked_again 127.0.0.3
	want farmgatectl stepup forget alice >/dev/null
}

bypass_makes_no_denial_milder()
{
	want bypassed bob carol
	want_not asked carol 127.0.0.3 carol-pw 000000
	want_eq geo.country "$(fg_last '.decided.finding // ""')"
	want farmgatectl except remove "$(fg_last_of exception .id)" >/dev/null
}

bypass_ends_by_itself()
{
	UNTIL=$(date -d '+6 sec' +%Y-%m-%dT%H:%M:%S%:z) want bypassed bob alice
	unasked 127.0.0.3
	sleep 6
	asked_again 127.0.0.3
	want farmgatectl stepup forget alice >/dev/null
	want_eq none "$(farmgatectl except list)"
}

# The same person by another account of theirs.
one_person_is_one_administrator()
{
	printf '%s\n' user,accounts 'alice,alice carol' bob, |
	    want farmgatectl inventory import - >"$OUT" 2>&1
	want_rc 2 bypassed carol alice
	want_line 'ask another administrator' "$OUT"
	want_rc 2 bypassed alice carol
	want bypassed bob alice
}

# All that whoever has them on the telephone needs.
a_person_is_shown_with_what_they_have()
{
	local i

	farmgatectl stepup forget alice >/dev/null 2>&1
	want by_sudo_of bob farmgatectl verify --no-serial alice LT-0042 \
	    >/dev/null
	for i in 1 2 3 4 5; do
		want_not asked alice 127.0.0.3 alice-pw 000000
	done
	says 1 person --from 127.0.0.3 alice
	want_line '^  totp       enrolled, sha1, 6 digits, used .*, recovery codes left: 10$' \
	    "$OUT"
	want_line '^  verified   verified with LT-0042 \(no serial number\), until ' \
	    "$OUT"
	want_line '^  wrong      5 answers of alice, held back until ' "$OUT"
	want_line '^  wrong      [0-9]+ answers of 127\.0\.0\.3' "$OUT"
	want_line '^  challenge  totp \(enrolled\); held back: no answer' "$OUT"
	no_line '^  bypass' "$OUT"
	want bypassed bob alice
	says 0 person --from 127.0.0.3 alice
	want_line '^  bypass     of geo.country until .*, by bob as root$' "$OUT"
	says 0 person --from 127.0.0.3 --json alice
	want_eq '10 LT-0042 5 true' "$(jq -r '.factors |
	    [.totp.recovery, .verification.asset, .wrong.person.failures,
		.wrong.person.until > 0] | join(" ")' "$OUT")"
	says 0 person --from 127.0.0.2 bob
	want_line '^  totp       not enrolled$' "$OUT"
	want_line '^  verified   never$' "$OUT"
	no_line '^  (wrong|bypass)' "$OUT"
	want farmgatectl except remove "$(fg_last_of exception .id)" >/dev/null
	want farmgatectl stepup forget alice >/dev/null
}

setup_gate
remember_conf 12h | fg_conf
asking_pam sshd
fg_sudoers <<'SUDOERS'
alice ALL=(ALL:ALL) NOPASSWD: ALL
SUDOERS
answering_program
want_daemon
fg_sshd_start || echo "FAIL sshd starts"
enrol_quickly alice

run "who has proved it is not asked at each login" asked_once
run "from another network it is asked for" asked_from_elsewhere
run "SVC-06 sudo without a password passes by it" sudo_passes_by_it
run "SVC-06 sudo with a ticket passes by it" sudo_with_a_ticket_passes_by_it
run "with another key it is asked for" another_key_is_asked
run "a restart forgets nothing" a_restart_forgets_nothing
run "an administrator forgets it" forgotten_by_an_administrator
run "a revocation forgets it" forgotten_by_a_revocation
run "an enrolment forgets it" forgotten_by_an_enrolment
run "it is over after its time" over_after_its_time
run "where less is remembered it ends at once" less_ends_it_at_once
run "a bypass is another administrator's word" nobody_bypasses_alone
run "a bypass has limits" bypass_has_limits
run "a bypass stands for the code" bypass_stands_for_the_code
run "a bypass makes no denial milder" bypass_makes_no_denial_milder
run "a bypass ends by itself" bypass_ends_by_itself
run "a person is shown with what they have" \
    a_person_is_shown_with_what_they_have
run "one person with two accounts is one administrator" \
    one_person_is_one_administrator
finish
