# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The service that runs administrators' programs, and programs that leave what
# they were told. Sourced behind fg.sh and check.sh.

HOOKS=/etc/farmgate/hooks
SOCK=/run/farmgate/hooks.sock
TOLD=$FG_WORK/told
LOG=$FG_WORK/hooks.log
HOOKS_PID=

hooks_prepare()
{
	install -d -m 0755 "$HOOKS"
	install -d -m 0777 "$TOLD"
}

# ARGUMENT...: of the service.
hooks_start()
{
	: >"$LOG"
	farmgate-hooks -t 2 -m 60 "$@" >>"$LOG" 2>&1 </dev/null &
	HOOKS_PID=$!
	want fg_until 5 grep -q 'ready: ' "$LOG"
}

hooks_stop()
{
	[ -n "$HOOKS_PID" ] || return 0
	kill "$HOOKS_PID" 2>/dev/null
	wait "$HOOKS_PID" 2>/dev/null
	HOOKS_PID=
}

# [NAME]: the program of that name, or for approvals, from stdin.
hook()
{
	local name=${1:-approval}

	{
		echo '#!/bin/sh'
		cat
	} >"$FG_WORK/hook.new"
	chmod 0755 "$FG_WORK/hook.new"
	mv "$FG_WORK/hook.new" "$HOOKS/$name"
	rm -f "$TOLD"/*
}

# Each run leaves its environment and what it has read.
telling_hook()
{
	hook "$@" <<-EOF
	env >$TOLD/\$\$.new
	cat >>$TOLD/\$\$.new
	mv $TOLD/\$\$.new $TOLD/\$\$
	EOF
}

runs()
{
	[ "$(find "$TOLD" -type f ! -name '*.new' | wc -l)" -ge "${1:-1}" ]
}

# FIELD of the newest run.
said()
{
	sed -n "s/^FARMGATE_$1=//p" "$(ls -t "$TOLD"/* | head -n 1)"
}
