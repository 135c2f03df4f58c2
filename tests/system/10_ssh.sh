#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Logins through a real sshd: every method, every way to use a connection, and
# what happens to them when the daemon is not there.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

# METHOD: in from Norway, not from Brazil, one decision each.
login_by()
{
	local before out

	before=$(fg_records)
	want fg_ssh "$1" alice 127.0.0.2 true
	want_eq $((before + 1)) "$(fg_records)"
	want_eq allow "$(fg_last .verdict)"
	want_eq alice "$(fg_last '.. | .user? // empty')"
	out=$(fg_ssh "$1" alice 127.0.0.3 echo inside 2>&1)
	want_eq 255 $?
	echo "$out"
	want_eq $((before + 2)) "$(fg_records)"
	want_eq deny "$(fg_last .verdict)"
	want_not grep -q inside <<<"$out"
	want grep -Eq "Access denied\. Reference $(fg_last .ref)\. Call extension 100\." <<<"$out"
}

reference_everywhere()
{
	local ref

	ref=$(fg_ssh key alice 127.0.0.2 'echo $FARMGATE_REF')
	want_eq "$ref" "$(fg_last .ref)"
	want_line "ref=$ref verdict=allow .*user=alice service=sshd" \
	    "$FG_WORK/daemon.log"
	fg_ssh key alice 127.0.0.3 true
	ref=$(fg_last .ref)
	want_line "ref=$ref verdict=deny .*reason=geo.country" "$FG_SYSLOG"
}

# A neutral line: what was seen is for operators.
neutral()
{
	local out

	out=$(fg_ssh key alice 127.0.0.3 true 2>&1)
	echo "$out"
	want_eq 1 "$(grep -c Reference <<<"$out")"
	out=$(sed 's/Reference [0-9A-Z-]*//' <<<"$out")	# any letters
	want_not grep -Eiq 'geo|country|brazil|BR\b|127\.0\.0\.3.*deni|policy' <<<"$out"
}

# How many the daemon has open.
sessions()
{
	farmgatectl status --json | jq .sessions
}

# NAME, then a command that uses one connection in this way.
one_connection()
{
	local before opened

	before=$(fg_records)
	opened=$(grep -c '"event":"open"' "$FG_AUDIT")
	want "$@"
	want_eq $((before + 1)) "$(fg_records)"
	want_eq $((opened + 1)) "$(grep -c '"event":"open"' "$FG_AUDIT")"
}

by_no_command()
{
	local pid sessions

	sessions=$(sessions)
	fg_ssh key alice 127.0.0.2 -N &
	pid=$!
	fg_until 5 eval "[ \"\$(sessions)\" -gt $sessions ]" || return 1
	fg_ssh_end "$pid"
	fg_until 5 eval "[ \"\$(sessions)\" -eq $sessions ]"
}

by_forward()
{
	local pid

	fg_ssh key alice 127.0.0.2 -N -L 127.0.0.1:7000:127.0.0.1:$FG_PORT &
	pid=$!
	fg_until 5 bash -c 'exec 3<>/dev/tcp/127.0.0.1/7000 && head -c4 <&3 | grep -q SSH-'
	local rc=$?
	fg_ssh_end "$pid"
	return $rc
}

by_sftp()
{
	local options

	mapfile -t options < <(fg_ssh_options key 127.0.0.2)
	echo 'ls /' | sftp -q -b - "${options[@]}" -i "$FG_KEYS/alice" \
	    alice@127.0.0.1
}

by_scp()
{
	local options

	mapfile -t options < <(fg_ssh_options key 127.0.0.2)
	scp -q "$@" "${options[@]}" -i "$FG_KEYS/alice" /etc/hostname \
	    alice@127.0.0.1:copy
}

by_jump()
{
	fg_ssh key alice 127.0.0.2 -W "127.0.0.1:$FG_PORT" | head -c 4 |
	    grep -q SSH-
}

by_master()
{
	local i path=$FG_WORK/mux

	fg_ssh key alice 127.0.0.2 -M -S "$path" -N &
	fg_until 5 test -S "$path"
	for i in 1 2 3 4 5; do
		fg_ssh key alice 127.0.0.2 -S "$path" true || return 1
	done
	ssh -S "$path" -O exit x 2>/dev/null
	wait $! || true		# the master's status is 255 then
}

forced_command()
{
	local out

	sed -i 's/^/command="echo forced",restrict /' \
	    "$FG_WORK/home/bob/.ssh/authorized_keys"
	out=$(fg_ssh key bob 127.0.0.2 echo mine)
	want_eq forced "$out"
	out=$(fg_ssh key bob 127.0.0.3 echo mine 2>/dev/null)
	want_eq "" "$out"
}

# Nothing of ours may get between sftp and its server.
clean_protocol()
{
	local out

	out=$(by_sftp 2>&1)
	want_eq 0 $?
	want_not grep -Eiq 'received message|farmgate|reference' <<<"$out"
}

other_program_name()
{
	fg_sshd_stop
	ln -sfn "$(fg_sshd_program)" "$FG_BIN/sshd-session"
	fg_pam sshd-session
	"$FG_BIN/sshd-session" -D -e -f "$FG_WORK/sshd_config" \
	    >>"$FG_WORK/sshd.log" 2>&1 </dev/null &
	FG_SSHD_PID=$!
	fg_until 5 fg_sshd_listens
	want fg_ssh key alice 127.0.0.2 true
	want_eq sshd-session "$(fg_last '.. | .service? // empty')"
	want_rc 255 fg_ssh key alice 127.0.0.3 true
	fg_sshd_stop
	fg_sshd_start
}

use_dns()
{
	local name

	for name in liar.example all console tty1 203.0.113.9; do
		printf '127.0.0.1 localhost jumphost\n127.0.0.3 %s\n' "$name" \
		    >/etc/hosts
		want_rc 255 fg_ssh key alice 127.0.0.3 true
		want_eq deny "$(fg_last .verdict)"
		want_eq 127.0.0.3 "$(fg_last '.origin.address')"
		want_eq BR "$(fg_last '.place.country')"
	done
	printf '127.0.0.1 localhost jumphost\n127.0.0.2 far.example\n' >/etc/hosts
	want fg_ssh key alice 127.0.0.2 true
	want_eq 127.0.0.2 "$(fg_last '.origin.address')"
}

with_use_dns()
{
	fg_sshd_stop
	echo 'UseDNS yes' | fg_sshd_start -
	use_dns
	printf '127.0.0.1 localhost jumphost\n' >/etc/hosts
	fg_sshd_stop
	fg_sshd_start
}

set_env()
{
	local out

	fg_sshd_stop
	echo 'AcceptEnv *' | fg_sshd_start -
	want_rc 255 fg_ssh key alice 127.0.0.3 -o SetEnv="SSH_CONNECTION='127.0.0.2 1 127.0.0.1 22' FARMGATE_REF=AAAA-AAAA" true
	want_eq BR "$(fg_last '.place.country')"
	out=$(fg_ssh key alice 127.0.0.2 -o SetEnv=FARMGATE_X=1 'echo $FARMGATE_REF')
	want_eq "$out" "$(fg_last .ref)"
	fg_sshd_stop
	fg_sshd_start
}

hostile_names()
{
	local lines

	lines=$(wc -l <"$FG_AUDIT")
	want python3 "$FG_TOP/tests/lib/names.py" "$FG_PORT" 127.0.0.2
	want fg_alive "$FG_PID"
	want jq -e . "$FG_AUDIT" >/dev/null
	no_line 'Accepted publickey for root' "$FG_AUDIT"
	want fg_ssh key alice 127.0.0.2 true
}

# However it ends, a session ends with its process.
monitor_killed()
{
	local ref pid client sessions

	sessions=$(sessions)
	fg_ssh key alice 127.0.0.2 'echo $FARMGATE_REF; exec sleep 30' \
	    >"$FG_WORK/out" 2>&1 &
	client=$!
	want fg_until 5 test -s "$FG_WORK/out"
	ref=$(cat "$FG_WORK/out")
	want_eq $((sessions + 1)) "$(sessions)"
	pid=$(jq -r "select(.event == \"open\" and .ref == \"$ref\") | .peer.pid" \
	    "$FG_AUDIT")
	kill -KILL "$pid"
	want fg_until 5 grep -q "\"event\":\"close\",\"ref\":\"$ref\"" "$FG_AUDIT"
	want_eq "$sessions" "$(sessions)"
	fg_ssh_end "$client"
}

no_passwords()
{
	cat "$FG_AUDIT" "$FG_SYSLOG" "$FG_WORK"/daemon.log* >"$FG_WORK/all"
	want_line 'verdict' "$FG_WORK/all"
	no_line '(alice|bob|carol|dave)-pw' "$FG_WORK/all"
}

# The daemon is not there -------------------------------------------------

# What a login must look like when the daemon fails: REASON
refused_because()
{
	local start=$EPOCHREALTIME took out

	: >"$FG_SYSLOG"
	out=$(fg_ssh key alice 127.0.0.2 echo inside 2>&1)
	want_eq 255 $?
	took=$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))
	echo "took $took ms: $out"
	want_not grep -q inside <<<"$out"
	want grep -q 'Access denied\. Reference M' <<<"$out"
	want_line "verdict=deny .*reason=$1" "$FG_SYSLOG"
	want_eq 1 "$(grep -c 'reason=' "$FG_SYSLOG")"
}

no_socket()
{
	fg_stop
	rm -f /run/farmgate/policy.sock
	refused_because daemon_unreachable
}

no_listener()
{
	python3 -c 'import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind("/run/farmgate/policy.sock")'
	refused_because daemon_unreachable
	rm -f /run/farmgate/policy.sock
}

fail_open()
{
	fg_pam sshd on_error=allow
	: >"$FG_SYSLOG"
	want fg_ssh key alice 127.0.0.2 true
	want_line 'reason=daemon_unreachable.*fail_open=1' "$FG_SYSLOG"
	want_line '^"<8[0-4]>|^"<3[0-9]>' "$FG_SYSLOG"
	fg_pam sshd
}

observe_without_daemon()
{
	fg_pam sshd observe
	: >"$FG_SYSLOG"
	want fg_ssh key alice 127.0.0.3 true
	want_line 'verdict=allow would=deny.*reason=daemon_unreachable' \
	    "$FG_SYSLOG"
	fg_pam sshd
}

stopped_daemon()
{
	fg_start
	kill -STOP "$FG_PID"
	local start=$EPOCHREALTIME took
	refused_because timeout
	took=$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))
	kill -CONT "$FG_PID"
	want test "$took" -ge 2900
	want fg_until 5 fg_ssh key alice 127.0.0.2 true
}

setup_gate
want_daemon
fg_sshd_start

run "SSH-01 a key login is decided by the place it comes from" login_by key
run "SSH-02 a password login is decided likewise" login_by password
run "SSH-02 a keyboard-interactive login is decided likewise" login_by kbdint
run "SSH-01 audit, syslog and environment hold one reference" reference_everywhere
run "SSH-01 the user sees one neutral line" neutral
run "SSH-08 a connection without a command is one login" one_connection by_no_command
run "SSH-08 a forwarding is one login" one_connection by_forward
run "SSH-08 sftp is one login" one_connection by_sftp
run "SSH-08 scp is one login" one_connection by_scp
run "SSH-08 scp by the old protocol is one login" one_connection by_scp -O
run "SSH-08 a jump is one login" one_connection by_jump
run "SSH-08 a master with five sessions is one login" one_connection by_master
run "SSH-09 a forced command runs when allowed, nothing when denied" forced_command
run "SSH-09 an allowed sftp sees nothing of the gate" clean_protocol
run "SSH-16 the name of sshd's program makes no difference" other_program_name
run "IN-02 a host name never counts, whatever it looks like" with_use_dns
run "IN-12 variables that the client sets have no effect" set_env
run "IN-07 hostile user names harm nothing and nobody gets in" hostile_names
run "SSH-10 a session ends when its monitor is killed" monitor_killed
run "PAM-01 a missing socket refuses" no_socket
run "PAM-03 a socket without a listener refuses" no_listener
run "PAM-02 on_error=allow lets in and says so" fail_open
run "PAM-02 observe lets in without a daemon and says so" observe_without_daemon
run "PAM-04 a stopped daemon refuses after the deadline" stopped_daemon
run "AUD-10 no log holds a password" no_passwords
finish
