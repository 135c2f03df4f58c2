# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Programs that a test starts in the background, each by a name of the test's
# own, as the user who would run it. They are ended by their process, never by
# what they are called. Sourced behind fg.sh.

declare -A STARTED=()
START_UNDER=()			# a command that starts them, as root

# USER [NAME=VALUE...] COMMAND...: in the foreground, from no session.
as_user()
{
	local user=$1

	shift
	setpriv --reuid "$user" --regid "$user" --init-groups \
	    env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
	    HOME="$(home_of "$user")" USER="$user" LOGNAME="$user" \
	    SHELL=/bin/bash LC_ALL=C.UTF-8 "$@"
}

home_of()
{
	getent passwd "$1" | cut -d: -f6
}

# NAME USER [NAME=VALUE...] COMMAND...: the command is the process that
# `started NAME` tells, and leads a session of its own, in its user's home.
start_as()
{
	local name=$1 user=$2

	shift 2
	(
		[ -z "${SCOPE_PROCS:-}" ] || echo 0 >"$SCOPE_PROCS" || exit 1
		cd "$(home_of "$user")" || exit 1
		exec "${START_UNDER[@]}" \
		    setpriv --reuid "$user" --regid "$user" --init-groups \
		    setsid env -i PATH=/usr/local/bin:/usr/bin:/bin:/sbin \
		    HOME="$(home_of "$user")" USER="$user" LOGNAME="$user" \
		    SHELL=/bin/bash LC_ALL=C.UTF-8 "$@"
	) >"$FG_WORK/$name.log" 2>&1 </dev/null &
	STARTED[$name]=$!
}

started()
{
	echo "${STARTED[$1]}"
}

# NAME: until it is gone, and what it started with it as far as that is in its
# session.
stop()
{
	local pid=${STARTED[$1]:-} session

	[ -n "$pid" ] || return 0
	session=$(pgrep -s "$pid" | grep -vx "$pid")
	kill "$pid" 2>/dev/null
	fg_until 5 eval '! fg_alive "$pid"' || kill -KILL "$pid" 2>/dev/null
	# shellcheck disable=SC2086 # one number each
	[ -z "$session" ] || kill $session 2>/dev/null
	wait "$pid" 2>/dev/null
	unset "STARTED[$1]"
}

# All of them, the last first.
stop_all()
{
	local name

	for name in "${!STARTED[@]}"; do
		stop "$name"
	done
}

# PORT: something listens.
listens()
{
	ss -Hltn "sport = :$1" | grep -q .
}

# PORT [NAME]: somebody is connected to it here; by the program of that name.
connected()
{
	ss -Htnp state established "sport = :$1" |
	    grep -q "${2:+\"$2\"}"
}
