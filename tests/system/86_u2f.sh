#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A step-up by a token: Debian's own pam_u2f asks, between two lines of the
# gate, for one in software (tests/lib/u2f.py), which sshd and sudo take for a
# HID device.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/delegate.sh"

TOKENS=$FG_WORK/tokens
SOFT_TOKEN=$FG_TOP/tests/lib/u2f.py
DEVICE=/dev/hidraw0

# SERVICE [ARGUMENT...]
u2f_pam()
{
	local service=$1

	shift
	delegating_pam "$service" pam_u2f.so "authfile=$TOKENS" "$@"
}

# NAME [HOW]: at the machine, until unplug. What is preloaded goes for set-uid
# programs as well; a sanitized daemon would not start with it.
plug()
{
	python3 "$SOFT_TOKEN" plug "$@" &
	TOKEN=$!
	want fg_until 5 test -e "$DEVICE"
	echo "$FG_BIN/hidraw.so" >/etc/ld.so.preload
}

unplug()
{
	rm /etc/ld.so.preload
	kill "$TOKEN" 2>/dev/null
	wait "$TOKEN"
	want test ! -e "$DEVICE"
}

only_where_wanted()
{
	want asked alice 127.0.0.2 alice-pw
	want_eq 1 "$(prompts | wc -l)"
}

touched()
{
	plug alice
	want asked alice 127.0.0.3 alice-pw ''
	unplug
	want_eq 2 "$(prompts | wc -l)"
	want_line 'Insert your U2F device' "$FG_WORK/prompts"
	want_eq "delegate allow" "$(fg_of_event decision |
	    jq -r 'select(.phase == "auth") | .verdict' | tail -n 2 | xargs)"
	want_eq delegate "$(fg_last '.proof.methods | join(" ")')"
	want_eq allow "$(fg_last .verdict)"
}

# USER: asked, and not let in; it never came to account, which alone lets in.
fails()
{
	want_not asked "$1" 127.0.0.3 "$1-pw" ''
	want_eq delegate "$(fg_last .verdict)"
}

no_token()
{
	fails alice
	want_eq 2 "$(prompts | wc -l)"
}

# NAME [HOW]
with_token()
{
	plug "$@"
	fails alice
	unplug
}

pulled()
{
	plug alice pulled
	fails alice
	want test ! -e "$DEVICE"
	unplug
}

# bob has no token in the file.
nobodys()
{
	plug alice
	fails bob
	unplug
}

# It asks nobody then, and says so with PAM_IGNORE.
no_file()
{
	u2f_pam sshd nouserok
	mv "$TOKENS" "$TOKENS.kept"
	fails alice
	want_eq 1 "$(prompts | wc -l)"
	mv "$TOKENS.kept" "$TOKENS"
}

sudo_asks()
{
	sudo_rules "challenge delegate"
	fg_pam sshd
	u2f_pam sudo cue
	echo 'alice ALL=(root) ALL' | fg_sudoers
	plug alice
	want sudo_there alice-pw
	unplug
	want_line '^Please touch the device' "$OUT"
	want_line '^root$' "$OUT"
	want_eq "sudo delegate" \
	    "$(fg_last '.service + " " + (.proof.methods | join(" "))')"
	plug alice forged
	want_not sudo_there alice-pw
	unplug
	no_line '^root$' "$OUT"
	want_eq "sudo delegate" "$(fg_last '.service + " " + .verdict')"
}

# ---- a token that is at the user's own machine -------------------------------

# What is pasted is what fido2-assert says to the challenge that ssh shows.
pasting_program()
{
	mv "$FG_BIN/answer" "$FG_BIN/next"
	cat >"$FG_BIN/answer" <<-EOF
	#!/bin/sh
	[ -s $FG_WORK/answers ] || printf '%s\n' "\$1" |
	    sed '0,/Challenge #1:/d; /^Please/,\$d' |
	    fido2-assert -G -i /dev/stdin $DEVICE |
	    tee $FG_WORK/pasted >$FG_WORK/answers
	exec $FG_BIN/next "\$@"
	EOF
	chmod 0755 "$FG_BIN/answer"
}

pasted()
{
	delegate_conf "challenge delegate" | fg_conf
	want farmgatectl reload >/dev/null
	u2f_pam sshd manual
	pasting_program
	plug alice
	want asked alice 127.0.0.3 alice-pw
	unplug
	want_eq 5 "$(prompts | wc -l)"
	want_eq delegate "$(fg_last '.proof.methods | join(" ")')"
	want_eq allow "$(fg_last .verdict)"
}

pasted_again()
{
	local answers

	mapfile -t answers <"$FG_WORK/pasted"
	want_eq 4 "${#answers[@]}"
	want_not asked alice 127.0.0.3 alice-pw "${answers[@]}"
	want_eq 5 "$(prompts | wc -l)"
	want_eq delegate "$(fg_last .verdict)"
}

setup_gate
delegate_conf "challenge delegate" | fg_conf
u2f_pam sshd interactive
answering_program
echo "alice:$(python3 "$SOFT_TOKEN" register alice pam://jumphost)" >"$TOKENS"
mount -t tmpfs tmpfs /sys
cc -shared -fPIC -o "$FG_BIN/hidraw.so" "$FG_TOP/tests/lib/hidraw.c"
want_daemon
fg_sshd_start || echo "FAIL sshd starts"

run "the token is asked for only where it is wanted" only_where_wanted
run "a token that is touched passes" touched
run "no token does not" no_token
run "nor does somebody else's" with_token bob
run "nor one with its handles and another key" with_token alice forged
run "nor one that is pulled out before it is touched" pulled
run "nor anybody's for somebody who has none" nobodys
run "nor does a module that may do without its file" no_file
run "sudo asks for it in a session from elsewhere" sudo_asks
run "an answer from the user's own machine passes" pasted
run "it does not pass twice" pasted_again
finish
