#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Step-ups as people meet them: the OpenSSH client's programs, and sudo, at a
# terminal on which somebody types. Each method, and several together.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/lib/delegate.sh"

SERIAL=PF3ABC7X
SEEN=$FG_WORK/seen
PROGRAMS="ssh sftp scp"
WAITING="press Enter: "		# until it is decided

# CHALLENGE
asks_for()
{
	delegate_conf "challenge $1" | fg_conf
	want farmgatectl reload >/dev/null
	farmgatectl stepup forget alice >/dev/null 2>&1
	farmgatectl stepup forget 127.0.0.3 >/dev/null 2>&1
	:
}

# PROGRAM [PROMPT ANSWER]...: alice comes from elsewhere with it, types her
# password, and what these ask for. What the terminal shows is in $SEEN.
types()
{
	local program=$1 command options

	shift
	mapfile -t options < <(fg_ssh_options keyboard-interactive 127.0.0.3)
	case $program in
	ssh)	command=(ssh -t "${options[@]}" alice@127.0.0.1 "tty; echo in") ;;
	sftp)	command=(sftp "${options[@]}" alice@127.0.0.1)
		set -- "$@" 'sftp> ' '!echo in' 'sftp> ' quit ;;
	scp)	command=(sh -c 'scp "$@" && echo in' scp "${options[@]}"
		    alice@127.0.0.1:/etc/hostname "$FG_WORK/copy") ;;
	esac
	python3 "$FG_TOP/tests/lib/type.py" -e "$WAITING" Password: alice-pw "$@" -- \
	    "${command[@]}" >"$SEEN" 2>&1
}

# PROGRAM [PROMPT ANSWER]...
lets_in()
{
	want types "$@"
	want_line '^in' "$SEEN"
	want_eq allow "$(fg_last .verdict)"
}

keeps_out()
{
	want_not types "$@"
	no_line '^in' "$SEEN"
	# To the last line, whatever was typed.
	want_line 'Access denied\. Reference [0-9A-Z]{4}-[0-9A-Z]{4}' "$SEEN"
}

# METHODS: that passed, in the record of the login.
proved()
{
	want_eq "$1" "$(fg_last '.proof.methods | join(" ")')"
}

# ---- somebody else ----------------------------------------------------------

shown_number()
{
	sed -n 's/.*Give the number \([1-9][0-9][0-9]\) to .*/\1/p' "$SEEN" |
	    tail -n 1 | grep .
}

# approve or refuse: carol does, as soon as the terminal shows the number.
meanwhile()
{
	: >"$SEEN"
	(
		fg_until 10 shown_number || exit 1
		ref=$(farmgatectl approvals --json | jq -r .ref)
		[ "$1" != approve ] || set -- approve "$ref" "$(shown_number)"
		[ "$1" != refuse ] || set -- refuse "$ref"
		by carol farmgatectl "$@"
	) >"$FG_WORK/carol" 2>&1 &
	CAROL=$!
}

# ---- tests ------------------------------------------------------------------

a_code()
{
	local program

	asks_for totp
	for program in $PROGRAMS; do
		lets_in "$program" 'code: ' "$(fresh_code alice)"
		proved totp
		want_line 'One-time code: [0-9]{6}' "$SEEN" # what is typed is seen
		keeps_out "$program" 'code: ' 000000
	done
}

an_approval()
{
	local program

	asks_for approval
	for program in $PROGRAMS; do
		meanwhile approve
		lets_in "$program"
		want wait "$CAROL"
		proved approval
		meanwhile refuse
		keeps_out "$program"
		want wait "$CAROL"
		farmgatectl stepup forget alice >/dev/null
	done
}

a_code_and_a_serial()
{
	local program

	asks_for "all totp serial"
	for program in $PROGRAMS; do
		lets_in "$program" 'code: ' "$(fresh_code alice)" \
		    'laptop: ' "$SERIAL"
		proved "totp serial"
		keeps_out "$program" 'code: ' "$(fresh_code alice)" \
		    'laptop: ' PF3ABC7Y
		keeps_out "$program" 'code: ' 000000 'laptop: ' "$SERIAL"
		farmgatectl stepup forget alice >/dev/null
	done
}

a_code_and_an_approval()
{
	asks_for "all totp approval"
	meanwhile approve
	lets_in ssh 'code: ' "$(fresh_code alice)"
	want wait "$CAROL"
	proved "totp approval"
	# Nobody is troubled behind a wrong code, which the user does not see.
	types ssh 'code: ' 000000
	want_line 'Give the number' "$SEEN"
	no_line '^in' "$SEEN"
	want_eq none "$(farmgatectl approvals)"
}

whichever_they_have()
{
	asks_for "any totp approval"
	lets_in ssh 'code: ' "$(fresh_code alice)"
	proved totp
	farmgatectl totp remove alice >/dev/null
	meanwhile approve
	lets_in sftp
	want wait "$CAROL"
	proved approval
	enrol_quickly alice
}

another_module()
{
	local program

	delegating_pam sshd pam_oath.so "usersfile=$USERS" window=5
	asks_for delegate
	for program in $PROGRAMS; do
		new_token
		lets_in "$program" 'OATH' "$(token)"
		proved delegate
		want_not types "$program" 'OATH' 000000
		no_line '^in' "$SEEN"
	done
	asks_for "all totp delegate"
	new_token
	lets_in ssh 'code: ' "$(fresh_code alice)" 'OATH' "$(token)"
	proved "totp delegate"
	fg_pam sshd
	asking_pam sshd
}

# [PROMPT ANSWER]...: alice types sudo in a session that she has by her key.
sudo_types()
{
	local options

	mapfile -t options < <(fg_ssh_options publickey 127.0.0.3)
	python3 "$FG_TOP/tests/lib/type.py" -e "$WAITING" 'for alice: ' alice-pw "$@" -- \
	    ssh -t "${options[@]}" -i "$FG_KEYS/alice" alice@127.0.0.1 \
	    'sudo -k; sudo id -un' >"$SEEN" 2>&1
}

sudo_too()
{
	printf '%s\n' 'Defaults passwd_tries=1' 'alice ALL=(root) ALL' | fg_sudoers
	asking_pam sudo
	sudo_rules "challenge totp"
	want sudo_types 'code: ' "$(fresh_code alice)"
	want_line '^root' "$SEEN"
	want_not sudo_types 'code: ' 000000
	no_line '^root' "$SEEN"
	farmgatectl stepup forget alice >/dev/null
	sudo_rules "challenge all totp serial"
	want sudo_types 'code: ' "$(fresh_code alice)" 'laptop: ' "$SERIAL"
	want_line '^root' "$SEEN"
	sudo_rules "challenge approval"
	meanwhile approve
	want sudo_types
	want_line '^root' "$SEEN"
	want wait "$CAROL"
	delegating_pam sudo pam_oath.so "usersfile=$USERS" window=5
	sudo_rules "challenge delegate"
	new_token
	want sudo_types 'OATH' "$(token)"
	want_line '^root' "$SEEN"
}

setup_gate
fg_pam sshd
asking_pam sshd
want_daemon
fg_sshd_start || echo "FAIL sshd starts"
enrol_quickly alice
echo "$SERIAL" | by_sudo_of carol farmgatectl verify alice LT-0042 \
    >/dev/null 2>&1

run "a code" a_code
run "an approval" an_approval
run "a code and a serial number" a_code_and_a_serial
run "a code and an approval" a_code_and_an_approval
run "a code or an approval, whichever they have" whichever_they_have
run "another module, alone and behind a code" another_module
run "sudo, in a session from elsewhere" sudo_too
finish
