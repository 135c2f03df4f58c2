# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Logins that wait for an approval, and who gives one. Sourced behind codes.sh.

# Shows each prompt in prompts-NAME, and presses Enter when there is enter-NAME.
waiting_program()
{
	cat >"$FG_BIN/answer" <<-EOF
	#!/bin/sh
	printf '%s\n' "\$1" >>$FG_WORK/prompts-\$FG_NAME
	case \$1 in
	*approval*)
		until [ -e $FG_WORK/enter-\$FG_NAME ]; do sleep 0.05; done
		cat $FG_WORK/enter-\$FG_NAME
		rm $FG_WORK/enter-\$FG_NAME ;;
	*)	user=\${1#(}
		echo \${user%%@*}-pw ;;
	esac
	EOF
	chmod 0755 "$FG_BIN/answer"
}

waits()
{
	[ "$(grep -c 'approval' "$FG_WORK/prompts-$1")" -ge "$2" ]
}

# USER FROM [NAME]: log in until the prompt; REF is the request's, if there is
# one. The login has that name here, or the user's.
begins()
{
	local name=${3:-$1}

	rm -f "$FG_WORK/enter-$name"
	: >"$FG_WORK/prompts-$name"
	FG_NAME=$name asked "$1" "$2" -- 'echo welcome' \
	    >"$FG_WORK/got-$name" 2>&1 &
	CLIENT=$!
	want fg_until 10 waits "$name" 1
	REF=$(farmgatectl approvals --json |
	    jq -r "select(.user == \"$1\").ref")
}

number()
{
	sed -n 's/.*Give the number \([1-9][0-9][0-9]\) to .*: $/\1/p' \
	    "$FG_WORK/prompts-$1" | tail -n 1
}

none_waits()
{
	[ "$(farmgatectl approvals)" = none ]
}

# NAME [TYPED]: which is not looked at.
presses_enter()
{
	printf '%s\n' "${2:-}" >"$FG_WORK/enter.new"
	mv "$FG_WORK/enter.new" "$FG_WORK/enter-$1"
}

# USER COMMAND...: somebody who has logged in as that user runs it as that one,
# or as root by way of sudo.
by()
{
	local user=$1 uid

	uid=$(id -u "$1")
	shift
	(
		echo "$uid" >/proc/self/loginuid
		exec setpriv --reuid "$user" --regid "$user" --init-groups "$@"
	)
}

by_sudo_of()
{
	local uid

	uid=$(id -u "$1")
	shift
	(
		echo "$uid" >/proc/self/loginuid
		exec "$@"
	)
}
