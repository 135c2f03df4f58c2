#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A step-up by somebody else's module, and one inside of sudo: Debian's own
# pam_oath asks, between two lines of the gate.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/delegate.sh"

# SERVICE
oath_pam()
{
	delegating_pam "$1" pam_oath.so "usersfile=$USERS" window=5
}

only_where_wanted()
{
	want asked alice 127.0.0.2 alice-pw
	want_eq 1 "$(prompts | wc -l)"
}

passes()
{
	want asked alice 127.0.0.3 alice-pw "$(token)"
	want_eq 2 "$(prompts | wc -l)"
	want_line 'OATH' "$FG_WORK/prompts"
	want_eq "delegate allow" "$(fg_of_event decision |
	    jq -r 'select(.phase == "auth") | .verdict' | tail -n 2 | xargs)"
	want_eq delegate "$(fg_last '.proof.methods | join(" ")')"
	want_eq allow "$(fg_last .verdict)"
	says 0 explain "$(fg_last .ref)"
	want_line '^  proof      by the step-up .*: delegate$' "$OUT"
	says 0 explain "$(handed_over .ref)"
	want_line "^  ended      allow in auth, see $(fg_last .proof.ref)\$" "$OUT"
}

# FILTER: of the last record of a login that was handed over.
handed_over()
{
	fg_of_event decision |
	    jq -r "select(.verdict == \"delegate\") | $1" | tail -n 1
}

fails()
{
	want_not asked alice 127.0.0.3 alice-pw 000000
	# It never came to account, which alone lets in.
	want_eq delegate "$(fg_last .verdict)"
	want_line "More proof is wanted\. Reference $(fg_last .ref)\.\$" \
	    "$FG_WORK/prompts"
	says 0 explain "$(fg_last .ref)"
	want_eq 'delegate delegated' \
	    "$(fg_last '.step_up[] | .method + " " + .result')"
	want_line '^  step-up    delegate delegated$' "$OUT"
	want_line '^  ended      no record here relies on it: the module behind' \
	    "$OUT"
	want_line 'next: +the module behind the gate asked for it' "$OUT"
	want_not asked alice 127.0.0.3 alice-pw ''
}

# What a failed try has begun is worth nothing to the next one.
key_after_a_failure()
{
	printf '%s\n' alice-pw 000000 >"$FG_WORK/answers"
	METHODS=keyboard-interactive,publickey \
	    want_not asked alice 127.0.0.3 alice-pw 000000
	want_eq challenge.impossible "$(fg_last .decided.finding)"
}

password_is_no_token()
{
	want_not fg_ssh password alice 127.0.0.3 true
	want_not fg_ssh key alice 127.0.0.3 true
	want_eq challenge.impossible "$(fg_last .decided.finding)"
}

# Some take no part for users that they do not know; that is no success.
one_that_says_nothing()
{
	sed -i 's/pam_oath.so .*/pam_debug.so auth=ignore/' /etc/pam.d/sshd
	want_not asked alice 127.0.0.3 alice-pw
	want asked alice 127.0.0.2 alice-pw
	oath_pam sshd
}

beside_a_code()
{
	delegate_conf "challenge all delegate totp" | fg_conf
	want farmgatectl reload >/dev/null
	enrol_quickly alice
	new_token
	want asked alice 127.0.0.3 alice-pw "$(fresh_code alice)" "$(token)"
	want_eq 3 "$(prompts | wc -l)"
	want_eq "totp delegate" "$(fg_last '.proof.methods | join(" ")')"
	# Both are asked for, whichever is wrong.
	new_token
	want_not asked alice 127.0.0.3 alice-pw 000000 "$(token)"
	want_eq 3 "$(prompts | wc -l)"
	new_token
	want_not asked alice 127.0.0.3 alice-pw "$(fresh_code alice)" 000000
	want_eq 3 "$(prompts | wc -l)"
	want farmgatectl stepup forget alice >/dev/null
}

# ---- sudo -------------------------------------------------------------------

sudo_asks()
{
	sudo_rules "challenge totp"
	fg_pam sshd
	asking_pam sudo
	echo 'alice ALL=(root) ALL' | fg_sudoers
	want sudo_there alice-pw "$(fresh_code alice)"
	want_line '^root$' "$OUT"
	want_not sudo_there alice-pw 000000
	no_line '^root$' "$OUT"
	want farmgatectl stepup forget alice >/dev/null
}

# sudo tries again in the same process: what the first try has begun, which its
# token has ended, is worth nothing to the second, which asks for no token.
sudo_twice()
{
	sudo_rules "$1"
	shift
	oath_pam sudo
	new_token
	want_not sudo_there "$@"
	no_line '^root$' "$OUT"
}

a_second_try_starts_anew()
{
	local i long

	long=$(head -c 600 /dev/zero | tr '\0' 9)
	sudo_twice "challenge all totp delegate" alice-pw "$(fresh_code alice)" \
	    000000 alice-pw "$long"
	want_eq "delegate deny" "$(fg_of_event decision |
	    jq -r 'select(.service == "sudo") | .verdict' | tail -n 2 | xargs)"
	# Whoever is let through by the first line meets none of the others.
	want_not grep -q delegate <(fg_last .proof)
	new_token
	want sudo_there alice-pw "$(fresh_code alice)" "$(token)"
	want_line '^root$' "$OUT"
}

# Who goes away at the second question learns nothing about the first answer.
gone_at_the_second()
{
	local answer

	sudo_rules "challenge all totp approval"
	fg_pam sudo
	asking_pam sudo
	for answer in "$(fresh_code alice)" 000000; do
		want_not sudo_there alice-pw "$answer"
		want_eq "auth deny" "$(fg_of_event decision |
		    jq -r 'select(.service == "sudo") | .phase + " " + .verdict' |
		    tail -n 1)"
	done
	farmgatectl stepup forget alice >/dev/null 2>&1
	:
}

# The first that the user can answer, and each is recorded as what it was.
any_of_both()
{
	delegate_conf "challenge any totp delegate" | fg_conf
	want farmgatectl reload >/dev/null
	oath_pam sshd
	new_token
	want asked alice 127.0.0.3 alice-pw "$(fresh_code alice)"
	want_eq totp "$(fg_last '.proof.methods | join(" ")')"
	# bob has no codes here.
	sed -i 's/ alice / bob /' "$USERS"
	want asked bob 127.0.0.3 bob-pw "$(token)"
	want_eq delegate "$(fg_last '.proof.methods | join(" ")')"
}

sudo_that_asks_nobody()
{
	echo 'alice ALL=(root) NOPASSWD: ALL' | fg_sudoers
	want_not fg_ssh key alice 127.0.0.3 'sudo -n id -un' >"$OUT" 2>&1
	want_eq challenge.impossible "$(fg_last .decided.finding)"
	want_eq sudo "$(fg_last .service)"
}

setup_gate
delegate_conf "challenge delegate" | fg_conf
oath_pam sshd
answering_program
new_token
want_daemon
fg_sshd_start || echo "FAIL sshd starts"

run "the other module asks only where it is wanted" only_where_wanted
run "what it is content with passes" passes
run "what it is not content with does not" fails
run "a failed try is worth nothing to a key behind it" key_after_a_failure
run "neither a password nor a key is its answer" password_is_no_token
run "a module that says nothing is not content" one_that_says_nothing
run "a code and the other module, both" beside_a_code
run "sudo asks in a session from elsewhere" sudo_asks
run "a second try of the same sudo starts anew" a_second_try_starts_anew
run "who goes away at the second question learns nothing" gone_at_the_second
run "SSH-15 sudo that asks nobody proves nothing" sudo_that_asks_nobody
run "a code or the other module, whichever they have" any_of_both
finish
