# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# People with one-time codes, and logins that are asked for them. Sourced behind
# fg.sh, check.sh and setup.sh.

SSH_MORE=

# SEED [STEPS [ALGORITHM [DIGITS]]]: the code of now, or of so many steps on. No
# log may have it in the end.
code()
{
	oathtool --totp="${3:-sha1}" -d "${4:-6}" -b "$1" \
	    -N "@$(($(date +%s) + 30 * ${2:-0}))" | tee -a "$FG_WORK/codes"
}

# A step is long enough for what follows.
early_in_a_step()
{
	while [ $(($(date +%s) % 30)) -gt 20 ]; do
		sleep 0.5
	done
}

# USER [DIGITS]: enrol; the seed is in $FG_WORK/seed-USER.
enrol_quickly()
{
	local enrolling in=$FG_WORK/in out=$FG_WORK/enrolled digits=${2:-6}

	early_in_a_step
	rm -f "$in" "$out"
	mkfifo "$in"
	farmgatectl totp enrol "$1" --digits "$digits" <"$in" >"$out" 2>&1 &
	enrolling=$!
	exec 8>"$in"
	want fg_until 5 grep -q '^secret: ' "$out"
	sed -n 's/^secret: //p' "$out" >"$FG_WORK/seed-$1"
	code "$(cat "$FG_WORK/seed-$1")" 0 sha1 "$digits" >&8
	exec 8>&-
	want wait "$enrolling"
}

# USER [DIGITS]: a code of theirs that was not used yet.
fresh_code()
{
	early_in_a_step
	farmgatectl totp reset "$1" >/dev/null
	code "$(cat "$FG_WORK/seed-$1")" 1 sha1 "${2:-6}"
}

# What ssh asks goes to $FG_WORK/prompts; the answers are the lines of
# $FG_WORK/answers, in turn.
answering_program()
{
	cat >"$FG_BIN/answer" <<-EOF
	#!/bin/sh
	printf '%s\n' "\$1" >>$FG_WORK/prompts
	head -n 1 $FG_WORK/answers
	sed -i 1d $FG_WORK/answers
	EOF
	chmod 0755 "$FG_BIN/answer"
}

# USER FROM ANSWER...: what stands behind "--" is run there. The options of ssh
# in $SSH_MORE come last.
asked()
{
	local user=$1 from=$2 answers=() options

	shift 2
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		answers+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	: >"$FG_WORK/prompts"
	printf '%s\n' "${answers[@]}" >"$FG_WORK/answers"
	mapfile -t options < <(fg_ssh_options \
	    "${METHODS:-keyboard-interactive}" "$from")
	# shellcheck disable=SC2086 # several
	SSH_ASKPASS=$FG_BIN/answer SSH_ASKPASS_REQUIRE=force \
	    timeout 60 ssh $SSH_MORE "${options[@]}" -i "$FG_KEYS/$user" -l "$user" 127.0.0.1 \
	    "${@:-true}" </dev/null
}

# The prompts of the last one, each as it is without who is asked.
prompts()
{
	sed -n 's/^(\([a-z]*\)@[^)]*) //p' "$FG_WORK/prompts"
}

# SERVICE [ARGUMENT...]: as fg_pam, with a line that asks behind the password.
asking_pam()
{
	fg_pam "$@"
	sed -i "s|^auth     required pam_unix.so|&\nauth     required $FG_MODULE|" \
	    "/etc/pam.d/$1"
	sed -i '1s/required/requisite/' "/etc/pam.d/$1"
}

# FILTER: of the last record of an auth phase.
auth_record()
{
	fg_of_event decision | jq -rc "select(.phase == \"auth\") | $1" |
	    tail -n 1
}
