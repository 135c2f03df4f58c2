# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Control groups as the service manager would have made them, for what a test
# starts: it runs in none of theirs. Made in the kernel's own hierarchy, which
# every machine shares, and removed when the test ends. Sourced behind fg.sh and
# started.sh.

SCOPE_TOP=
SCOPE_FROM=
SCOPES=()
SCOPE_TEST=fgtest$$-$RANDOM
trap scope_done EXIT

# Whether there is such a hierarchy to write to.
scope_have()
{
	local top

	for top in /sys/fs/cgroup /sys/fs/cgroup/unified; do
		[ -w "$top/cgroup.procs" ] && [ -e "$top/cgroup.subtree_control" ] ||
		    continue
		SCOPE_TOP=$top
		return 0
	done
	return 1
}

# KIND WHOSE: where the group of it is: "unit" NAME is a service of the
# system's, "session" USER a session of the user's, "app" USER what the user's
# own service manager starts.
scope_path()
{
	case $1 in
	unit)	echo "system.slice/$SCOPE_TEST-$2.service" ;;
	test)	echo "$SCOPE_TEST" ;;
	*)	echo "user.slice/user-$(id -u "$2").slice/$(
		    scope_name "$1" "$2")" ;;
	esac
}

scope_name()
{
	case $1 in
	session) echo "session-$SCOPE_TEST.scope" ;;
	app)	echo "user@$(id -u "$2").service/app.slice/$SCOPE_TEST.scope" ;;
	esac
}

scope_make()
{
	SCOPE=$SCOPE_TOP/$(scope_path "$1" "$2")
	[ ! -d "$SCOPE" ] || return 0
	mkdir -p "$SCOPE"
	SCOPES+=("$SCOPE")
}

# As start_as(), in the group that was made last.
start_in_scope()
{
	SCOPE_PROCS=$SCOPE/cgroup.procs start_as "$@"
}

# USER: sits at the machine, in a session that start_in_scope() then starts
# programs in: what the manager of sessions writes of that.
scope_seat()
{
	scope_make session "$1"
	mkdir -p /run/systemd/sessions /run/systemd/seats
	printf '%s\n' "UID=$(id -u "$1")" "USER=$1" ACTIVE=1 STATE=active \
	    REMOTE=0 TYPE=x11 CLASS=user "SCOPE=$(scope_name session "$1")" \
	    SEAT=seat0 DISPLAY=:1 SERVICE=gdm-password \
	    >"/run/systemd/sessions/$SCOPE_TEST"
	printf '%s\n' IS_SEAT0=1 "ACTIVE=$SCOPE_TEST" "ACTIVE_UID=$(id -u "$1")" \
	    >/run/systemd/seats/seat0
}

scope_seat_empty()
{
	rm -f "/run/systemd/sessions/$SCOPE_TEST" /run/systemd/seats/seat0
}

# SERVICE USER: the service's sessions are the user's, each in its group and with
# the file that the manager of sessions writes of one without a seat, as
# pam_systemd has it. One at a time.
scope_pam()
{
	local program=$FG_BIN/scope-$1

	scope_make session "$2"
	mkdir -p /run/systemd/sessions
	cat >"$program" <<-EOT
	#!/bin/sh
	file=/run/systemd/sessions/$SCOPE_TEST
	[ "\$PAM_TYPE" = open_session ] || exec rm -f "\$file"
	echo "\$PPID" >$SCOPE/cgroup.procs
	cat >"\$file.new" <<-EOF
	UID=$(id -u "$2")
	USER=$2
	ACTIVE=1
	STATE=active
	REMOTE=0
	TYPE=x11
	CLASS=user
	SCOPE=$(scope_name session "$2")
	DISPLAY=\$PAM_TTY
	SERVICE=$1
	LEADER=\$PPID
	AUDIT=\$(cat /proc/\$PPID/sessionid)
	REALTIME=\$(date +%s)000000
	EOF
	mv "\$file.new" "\$file"
	EOT
	chmod 0755 "$program"
	sed -i "0,/^session/s||session  required pam_exec.so $program\n&|" \
	    "/etc/pam.d/$1"
}

# Who started this test may sit in a session, which nothing of it is to be of.
scope_leave()
{
	echo 4294967295 >/proc/self/loginuid 2>/dev/null
	SCOPE_FROM=$(sed -n 's/^0:://p' /proc/self/cgroup)
	case ${SCOPE_FROM##*/} in
	session-*.scope) ;;
	*)	SCOPE_FROM= ;;
	esac
	[ -n "$SCOPE_FROM" ] && scope_have || return 0
	scope_make test test
	echo 0 >"$SCOPE/cgroup.procs"
}

# Everything in them has to be over, and is ended if it is not.
scope_done()
{
	local path

	[ -z "$SCOPE_FROM" ] || ! scope_have ||
	    echo 0 >"$SCOPE_TOP$SCOPE_FROM/cgroup.procs"
	for path in "${SCOPES[@]}"; do
		echo 1 >"$path/cgroup.kill" 2>/dev/null
		fg_until 5 rmdir "$path"
		rmdir -p --ignore-fail-on-non-empty "${path%/*}" 2>/dev/null
	done
	SCOPES=()
	:
}
