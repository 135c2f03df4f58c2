# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Sessions through a real sshd that stay open, and what the daemon says of
# them. Sourced behind fg.sh and check.sh.

# Until the connection ends: sshd lets a command without a terminal go on.
STAY='while kill -0 $PPID 2>/dev/null; do sleep 0.2; done'

# USER ADDRESS: a login by PAM alone with a session, which is over at once. The
# stack of the service is fg_pam's.
came()
{
	pamtester -I "rhost=$2" gate "$1" acct_mgmt open_session close_session
}

# As Debian's sshd: the kernel then knows what belongs to a session.
sessions_pam()
{
	fg_pam sshd
	sed -i '0,/^session/s//session  required pam_loginuid.so\n&/' \
	    /etc/pam.d/sshd
}

# USER FROM [COMMAND]: a session that stays; its reference is in $REF, the
# client in $CLIENT, the leading process in $LEADER.
open_session()
{
	local out

	out=$(mktemp "$FG_WORK/out.XXXXXX")
	fg_ssh key "$1" "$2" "echo \$FARMGATE_REF; ${3:-$STAY}" \
	    >"$out" 2>&1 &
	CLIENT=$!
	want fg_until 5 test -s "$out"
	REF=$(head -n 1 "$out")
	LEADER=$(leader "$REF")
}

leader()
{
	fg_of_ref open "$1" .peer.pid
}

# A member of the session with this reference: REF FILTER
of_session()
{
	farmgatectl sessions --json | jq -r "select(.ref == \"$1\") | $2"
}

no_session()
{
	[ -z "$(of_session "$1" .ref)" ]
}

# End every client that runs in the background.
close_all()
{
	local pid

	for pid in $(jobs -p); do
		case $pid in
		"$FG_PID"|"$FG_SSHD_PID"|"$FG_SYSLOG_PID") ;;
		*)	fg_ssh_end "$pid" ;;
		esac
	done
	fg_until 15 eval '[ "$(fg_status .sessions)" -eq 0 ]'
}

# How a session has ended: REF
how()
{
	fg_of_ref close "$1" .how
}
