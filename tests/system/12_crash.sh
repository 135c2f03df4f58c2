#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Whoever calls the module ends in the middle of it: the module crashes, or
# sshd's time for a login is up, at whatever moment. Nobody gets in by that,
# and the daemon holds nothing of it.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

# METHOD: a login that must fail, and what it was meant to do must not happen.
kept_out()
{
	local rc=0

	fg_ssh "$1" alice 127.0.0.2 echo inside >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	want_eq 255 "$rc"
	no_line inside "$OUT"
	want fg_alive "$FG_SSHD_PID"
}

# Nothing remains, and who comes next is served.
all_well()
{
	want fg_alive "$FG_PID"
	want fg_alive "$FG_SSHD_PID"
	sessions_over
	want_eq inside "$(fg_ssh key alice 127.0.0.2 echo inside)"
	sessions_over
}

# None is open, and each that was has been closed in the records.
sessions_over()
{
	want fg_no_sessions
	want_eq "$(fg_events open)" "$(fg_events close)"
}

# The crash itself ---------------------------------------------------------

# PHASE FUNCTION OPERATION: a stack with a module that crashes in this phase,
# proven by another program than sshd.
crashing_in()
{
	local rc=0

	python3 "$FG_TOP/tests/lib/crashing.py" "$FG_MODULE" "$2" \
	    "$FG_BIN/pam_crashing.so" || return 1
	fg_pam sshd
	sed -i "/^auth /a auth     required $FG_MODULE" /etc/pam.d/sshd
	sed -i "/^$1 /s|$FG_MODULE|$FG_BIN/pam_crashing.so|" /etc/pam.d/sshd
	echo alice-pw | pamtester -I rhost=127.0.0.2 sshd alice "$3" || rc=$?
	want test "$rc" -gt 128
	: >"$FG_SYSLOG"
}

no_more_crashing()
{
	no_line 'unable to dlopen|faulty module' "$FG_SYSLOG"
	fg_pam sshd
	all_well
}

# With a key there is nothing to prove, and auth is not run.
crash_in_auth()
{
	local before

	want crashing_in auth pam_sm_authenticate authenticate
	before=$(fg_records)
	kept_out password
	kept_out kbdint
	want_eq "$before" "$(fg_records)"
	want_eq inside "$(fg_ssh key alice 127.0.0.2 echo inside)"
	no_more_crashing
}

crash_in_account()
{
	local before method

	want crashing_in account pam_sm_acct_mgmt acct_mgmt
	before=$(fg_records)
	for method in key password kbdint; do
		kept_out "$method"
	done
	want_eq "$before" "$(fg_records)"
	no_more_crashing
}

# Account has decided already.
crash_in_session()
{
	local before opened method

	want crashing_in session pam_sm_open_session open_session
	before=$(fg_records)
	opened=$(fg_events open)
	for method in key password kbdint; do
		kept_out "$method"
	done
	want_eq $((before + 3)) "$(fg_records)"
	want_eq "$opened" "$(fg_events open)"
	no_more_crashing
}

# In the middle of a request -----------------------------------------------

# WHICH WHAT N SIGNAL: strike.py, in place. It is in STRIKER then.
strike()
{
	: >"$FG_WORK/strike"
	python3 "$FG_TOP/tests/lib/strike.py" "$FG_SSHD_PID" \
	    /run/farmgate/policy.sock "$@" >"$FG_WORK/strike" 2>&1 &
	STRIKER=$!
	fg_until 5 grep -q following "$FG_WORK/strike"
}

# It says what it did on its last line, and is not waited for in vain.
struck()
{
	if ! fg_until 5 eval '! fg_alive "$STRIKER"'; then
		echo "strike.py still waits for its call"
		kill "$STRIKER"
	fi
	wait "$STRIKER"
	want_eq "$1" "$(tail -n +2 "$FG_WORK/strike")"
}

aborted()
{
	fg_status .decisions.aborted
}

# METHOD WHICH: crashed with the daemon's question before it, so unanswered.
crash_while_asked()
{
	local before gone

	before=$(fg_records)
	gone=$(aborted)
	strike "$2" message 1 ABRT
	kept_out "$1"
	struck struck
	want fg_until 5 eval "[ \"\$(aborted)\" -eq $((gone + 1)) ]"
	want_eq $((before + $2 - 1)) "$(fg_records)"
	want_eq "$(fg_events open)" "$(fg_events close)"
}

crashes_while_asked()
{
	local method

	for method in key password kbdint; do
		crash_while_asked "$method" 1
		crash_while_asked "$method" 2
	done
	all_well
}

# The daemon has said yes, and the module does not live to tell.
crashes_when_answered()
{
	local method

	for method in key password kbdint; do
		strike 1 message 2 ABRT
		kept_out "$method"
		struck struck
		want_eq allow "$(fg_last .verdict)"
		strike 2 message 2 ABRT
		kept_out "$method"
		struck struck
		sessions_over
	done
	all_well
}

# METHOD WHICH: how many calls the module makes for this answer.
calls()
{
	strike "$2" call 0 KILL
	fg_ssh "$1" alice 127.0.0.2 true || return 1
	wait "$STRIKER"
	tail -n +2 "$FG_WORK/strike"
}

daemon_fds()
{
	find "/proc/$FG_PID/fd" -type l | wc -l
}

# METHOD WHICH: a login for each call of the module, killed there.
killed_at_every_call()
{
	local n last fds gone

	sessions_over
	fds=$(daemon_fds)
	gone=$(aborted)
	last=$(calls "$@")
	echo "$last calls"
	want test "$last" -ge 8
	for ((n = 1; n <= last + 1; n++)); do
		strike "$2" call "$n" KILL
		kept_out "$1"
		struck struck
		sessions_over
	done
	echo "$(($(aborted) - gone)) aborted"
	want test "$(aborted)" -gt "$gone"
	want fg_until 5 eval "[ \"\$(daemon_fds)\" -eq $fds ]"
	all_well
}

# sshd's own limit ---------------------------------------------------------

no_login_under_way()
{
	[ "$(pgrep -x sshd)" = "$FG_SSHD_PID" ]
}

# METHOD: the daemon does not answer, and sshd does not wait as long as the
# module would.
out_of_time()
{
	local before

	before=$(fg_records)
	: >"$FG_SYSLOG"
	kill -STOP "$FG_PID"
	kept_out "$1"
	want fg_until 5 no_login_under_way
	kill -CONT "$FG_PID"
	no_line 'pam_farmgate' "$FG_SYSLOG"
	all_well
	want_eq $((before + 1)) "$(fg_records)"
}

grace_time()
{
	local method

	fg_sshd_stop
	want fg_sshd_start - <<<'LoginGraceTime 2'
	fg_pam sshd timeout=20
	for method in key password kbdint; do
		out_of_time "$method"
	done
	fg_pam sshd
	fg_sshd_stop
	want fg_sshd_start
}

ulimit -c 0
setup_gate
want_daemon
fg_sshd_start

run "PAM-15 a crash in auth gives no shell; a key login does not run it" \
    crash_in_auth
run "PAM-15 a crash in account gives no shell, by any method" crash_in_account
run "PAM-15 a crash in session gives no shell, by any method" crash_in_session
run "PAM-15 a crash while the daemon waits is a request that was aborted" \
    crashes_while_asked
run "PAM-15 a crash with an allow in hand gives no shell and leaves no session" \
    crashes_when_answered
run "PROC-10 killed at any call of account, a key login leaves nothing" \
    killed_at_every_call key 1
run "PROC-10 killed at any call of session, a key login leaves nothing" \
    killed_at_every_call key 2
run "PROC-10 killed at any call of account, a keyboard-interactive login leaves nothing" \
    killed_at_every_call kbdint 1
run "PROC-10 killed at any call of session, a keyboard-interactive login leaves nothing" \
    killed_at_every_call kbdint 2
run "PROC-10 LoginGraceTime ends a login that waits, and no decision is made" \
    grace_time
finish
