#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the running processes are left with, as the kernel tells it.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

status_of()
{
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

# PID UID CAPS: ids, groups, capabilities, no_new_privs, seccomp.
left_with()
{
	local pid=$1 id=$2 caps=$3 set

	want_eq "$id	$id	$id	$id" "$(status_of "$pid" Uid)"
	want_eq "$id	$id	$id	$id" "$(status_of "$pid" Gid)"
	want_eq "" "$(status_of "$pid" Groups | tr -d ' ')"
	for set in CapPrm CapEff CapBnd; do
		want_eq "$caps" "$(status_of "$pid" "$set")"
	done
	for set in CapInh CapAmb; do
		want_eq 0000000000000000 "$(status_of "$pid" "$set")"
	done
	want_eq 1 "$(status_of "$pid" NoNewPrivs)"
	want_eq 2 "$(status_of "$pid" Seccomp)"
}

decider()
{
	left_with "$FG_PID" 4211 0000000000000000
}

scanner()
{
	left_with "$(fg_scanner)" 4212 0000000000080000
	want_eq false "$(fg_status .scanner.terminate)"
	farmgatectl status >"$FG_WORK/out"
	want_line '^scanner .*, may not end sessions$' "$FG_WORK/out"
}

terminating_conf()
{
	echo 'terminate = "yes"'
	setup_conf
}

# What is kept is settled at the start: a reload cannot take or give it.
terminating_scanner()
{
	local scanner

	terminating_conf | fg_conf
	want_rc 1 farmgatectl reload >"$FG_WORK/out" 2>&1
	want_line 'terminate changed to yes; restart needed' "$FG_WORK/out"
	want_eq false "$(fg_status .scanner.terminate)"
	want fg_restart
	scanner=$(fg_scanner)
	left_with "$scanner" 4212 0000000000080020
	left_with "$FG_PID" 4211 0000000000000000
	want_eq true "$(fg_status .scanner.terminate)"
	farmgatectl status >"$FG_WORK/out"
	want_line '^scanner .*, may end sessions$' "$FG_WORK/out"
	setup_conf | fg_conf
	want_rc 1 farmgatectl reload >"$FG_WORK/out" 2>&1
	want_line 'terminate changed to no; restart needed' "$FG_WORK/out"
	left_with "$scanner" 4212 0000000000080020
	want fg_restart
	left_with "$(fg_scanner)" 4212 0000000000080000
}

no_scanner()
{
	local pid

	for pid in $(pgrep -x farmgate-scan); do
		! fg_alive "$pid" || return 1
	done
}

# Without a configuration there is nothing to settle, and nobody stays as root.
nobody_waits()
{
	local rc=0

	fg_stop
	echo 'mode = nonsense' | fg_conf
	fg_start || rc=1
	want_eq 1 "$rc"
	fg_stop
	want fg_until 5 no_scanner
	setup_conf | fg_conf
	want fg_start
}

# The scanner's child, which waits in its place: made by the first look.
fg_reader()
{
	farmgatectl scan >/dev/null 2>&1
	pgrep -P "$(fg_scanner)"
}

three_processes()
{
	want_eq 1 "$(fg_scanner | wc -l)"
	want_eq 1 "$(fg_reader | wc -l)"
	want_eq "" "$(pgrep -P "$(fg_reader)")"
	want_eq 1 "$(status_of "$FG_PID" Threads)"
	want_eq 1 "$(status_of "$(fg_scanner)" Threads)"
	want_eq 1 "$(status_of "$(fg_reader)" Threads)"
}

reader()
{
	local pid

	pid=$(fg_reader)
	left_with "$pid" 4212 0000000000080000
	ls -l "/proc/$pid/fd" >"$FG_WORK/fds"
	no_line 'audit|country|farmgate.conf|policyd.lock' "$FG_WORK/fds"
	want_eq 1 "$(find "/proc/$pid/fd" -lname 'socket:*' | wc -l)"
}

# A picture that is young enough needs no reader.
another_reader()
{
	local pid

	pid=$(fg_reader)
	[ -n "$pid" ] && [ "$pid" != "$1" ]
}

killed_reader()
{
	local pid scanner

	scanner=$(fg_scanner)
	pid=$(fg_reader)
	kill -KILL "$pid"
	want fg_until 10 another_reader "$pid"
	want_eq "$scanner" "$(fg_scanner)"
}

# What each holds open: nothing of the other's, nothing inherited.
descriptors()
{
	ls -l "/proc/$FG_PID/fd" "/proc/$(fg_scanner)/fd"
	ls -l "/proc/$(fg_scanner)/fd" >"$FG_WORK/fds"
	no_line 'audit|country|farmgate.conf|policyd.lock' "$FG_WORK/fds"
	want test "$(find "/proc/$(fg_scanner)/fd" -type l | wc -l)" -le 11
	want_eq "" "$(find "/proc/$FG_PID/fd" -lname '/etc/*')"
}

# An undumpable process gives its memory and descriptors to root alone.
undumpable()
{
	local pid

	for pid in "$FG_PID" "$(fg_scanner)" "$(fg_reader)"; do
		want_eq 0 "$(stat -c %u "/proc/$pid/environ")"
		want_not setpriv --reuid "$(stat -c %u "/proc/$pid")" \
		    --clear-groups --regid 4211 cat "/proc/$pid/environ"
	done
	want_not setpriv --reuid 4211 --regid 4211 --clear-groups \
	    --inh-caps=-all timeout 5 strace -qq -p "$FG_PID"
	want_eq 0 "$(status_of "$FG_PID" TracerPid)"
}

# A system call outside the list, made by the running daemon: killed in tests.
seccomp_holds()
{
	want_line '"seccomp":[[:space:]]*"kill"' <(farmgatectl status --json)
	want_eq 2 "$(status_of "$FG_PID" Seccomp)"
	want_eq 2 "$(status_of "$(fg_scanner)" Seccomp)"
	want test "$(status_of "$FG_PID" Seccomp_filters)" -ge 1
}

# Where its users may write, nothing that root follows.
swapped_folders()
{
	local rc=0

	fg_stop
	rm -rf /var/log/farmgate.real
	mv /var/log/farmgate /var/log/farmgate.real
	ln -s /etc /var/log/farmgate
	fg_start || rc=1
	want test ! -e /etc/audit.jsonl
	fg_stop
	rm -f /var/log/farmgate
	mv /var/log/farmgate.real /var/log/farmgate
	rm -rf /var/lib/farmgate
	ln -s /etc /var/lib/farmgate
	find /etc -newer "$FG_WORK/daemon.log" >"$FG_WORK/new"
	fg_start
	gate gate alice 127.0.0.2
	fg_stop
	want_eq "" "$(find /etc -user farmgate)"
	rm -f /var/lib/farmgate
	install -d -m 0700 -o farmgate -g farmgate /var/lib/farmgate
	rm -f "$FG_AUDIT"
	ln -s /etc/shadow "$FG_AUDIT"
	rc=0
	fg_start || rc=1
	want_eq 1 "$rc"
	want_not grep -q '"event"' /etc/shadow
	fg_stop
	rm -f "$FG_AUDIT"
	fg_start
	want fg_alive "$FG_PID"
}

audit_modes()
{
	want_eq '640 farmgate adm' "$(stat -c '%a %U %G' "$FG_AUDIT")"
	want_eq '2750 farmgate adm' "$(stat -c '%a %U %G' /var/log/farmgate)"
}

wrong_users()
{
	local rc

	fg_stop
	for options in '-u root' '-s root' '-u nobody-here' \
	    '-u farmgate-scan -s farmgate-scan'; do
		rc=0
		# shellcheck disable=SC2086 # one option and its value
		fg_start $options || rc=1
		want_eq 1 "$rc"
		cat "$FG_WORK/daemon.log"
		fg_stop
		want test "$FG_RC" -eq 1
		case $options in
		*root)	want_line 'user root has the uid .*another with '"${options% *}" \
			    "$FG_WORK/daemon.log" ;;
		esac
	done
	fg_start
	want fg_alive "$FG_PID"
}

not_as_root()
{
	local rc=0

	fg_stop
	setpriv --reuid alice --regid alice --clear-groups \
	    farmgate-policyd -c "$FG_CONF" >"$FG_WORK/out" 2>&1 </dev/null ||
	    rc=$?
	cat "$FG_WORK/out"
	want_eq 1 "$rc"
	want_line root "$FG_WORK/out"
	fg_start
}

setup_gate
fg_pam gate
want_daemon

run "PRV-01 the decider is left with no capability at all" decider
run "PRV-01 the scanner is left with CAP_SYS_PTRACE alone" scanner
run "PRV-01 one that may end sessions has CAP_KILL too, until a restart" \
    terminating_scanner
run "PRV-01 no scanner stays behind when there is no configuration" nobody_waits
run "PRV-01 there are three processes of one thread each" three_processes
run "PRV-01 the scanner's reader is left with what the scanner has" reader
run "PRV-01 one that was killed is replaced by the scanner" killed_reader
run "PRV-03 neither holds what the other needs" descriptors
run "PRV-06 both run under seccomp, which kills in the tests" seccomp_holds
run "PRV-07 both are undumpable and their own user cannot look" undumpable
run "PRV-08 links in the daemon's folders are not followed by root" swapped_folders
run "PRV-08 the audit file is the daemon's, readable by adm" audit_modes
run "PRV-08 it refuses to run as root or with one user for both" wrong_users
run "PRV-08 it refuses to start as anybody but root" not_as_root
finish
