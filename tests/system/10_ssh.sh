#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Logins through a real sshd: every method, what a client may say, and what
# happens to logins when the daemon is not there.

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

# PROGRAM that runs ssh as carol: a file there and back, in her jail.
carols_copy()
{
	printf 'ls /\nput %s /files/there\nget /files/there %s\n' \
	    "$FG_WORK/sshd_config" "$FG_WORK/back" | sftp -S "$1" -b - \
	    127.0.0.1 2>"$FG_WORK/err"
}

match_conf()
{
	cat <<-EOF
	Match User bob
		ForceCommand echo forced by the server
	Match User carol
		ChrootDirectory $FG_WORK/jail
		ForceCommand internal-sftp
	Match User alice Address 127.0.0.2
		ForceCommand echo "forced for \$SSH_ORIGINAL_COMMAND"
	EOF
}

with_match_blocks()
{
	local out opened closed near far

	install -d "$FG_WORK/jail"
	install -d -o carol "$FG_WORK/jail/files"
	near=$(fg_ssh_program carol 127.0.0.2)
	far=$(fg_ssh_program carol 127.0.0.3)
	match_conf >"$FG_WORK/match_config"
	fg_sshd_stop
	want fg_sshd_start - <<<"Include $FG_WORK/match_config"
	want fg_no_sessions
	opened=$(fg_events open) closed=$(fg_events close)
	want_eq 'forced by the server' "$(fg_ssh key bob 127.0.0.2 mine)"
	want_eq 'forced for mine' "$(fg_ssh key alice 127.0.0.2 mine)"
	out=$(carols_copy "$near")
	want_eq 0 $?
	want_line '^/files' <(echo "$out")
	want cmp "$FG_WORK/sshd_config" "$FG_WORK/back"
	want cmp "$FG_WORK/sshd_config" "$FG_WORK/jail/files/there"
	want_eq "" "$(cat "$FG_WORK/err")"
	want fg_no_sessions
	want_eq "$((opened + 3)) $((closed + 3))" \
	    "$(fg_events open) $(fg_events close)"
	rm "$FG_WORK/back" "$FG_WORK/jail/files/there"
	want_eq "" "$(fg_ssh key bob 127.0.0.3 mine 2>/dev/null)"
	want_eq "" "$(fg_ssh key alice 127.0.0.3 mine 2>/dev/null)"
	want_eq "" "$(carols_copy "$far" | grep -v '^sftp> ')"
	want_eq 1 "$(grep -c 'Access denied\. Reference' "$FG_WORK/err")"
	want_not grep -q 'too long' "$FG_WORK/err"
	want_eq 0 "$("$far" -s 127.0.0.1 sftp 2>/dev/null | wc -c)"
	want test ! -e "$FG_WORK/back" -a ! -e "$FG_WORK/jail/files/there"
	want_eq "$((opened + 3))" "$(fg_events open)"
	fg_sshd_stop
	want fg_sshd_start
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
	want fg_sshd_start - <<<'UseDNS yes'
	use_dns
	printf '127.0.0.1 localhost jumphost\n' >/etc/hosts
	fg_sshd_stop
	want fg_sshd_start
}

set_env()
{
	local out

	fg_sshd_stop
	want fg_sshd_start - <<<'AcceptEnv *'
	want_rc 255 fg_ssh key alice 127.0.0.3 -o SetEnv="SSH_CONNECTION='127.0.0.2 1 127.0.0.1 22' FARMGATE_REF=AAAA-AAAA" true
	want_eq BR "$(fg_last '.place.country')"
	out=$(fg_ssh key alice 127.0.0.2 -o SetEnv=FARMGATE_X=1 'echo $FARMGATE_REF')
	want_eq "$out" "$(fg_last .ref)"
	fg_sshd_stop
	want fg_sshd_start
}

alices_shell()
{
	sed -i "/^alice:/s,[^:]*\$,$1," /etc/passwd
}

# sshd refuses one that is no program before it asks anybody; what nologin
# says is for those who are let in.
no_shell()
{
	local before

	before=$(fg_records)
	alices_shell -
	want_rc 255 fg_ssh key alice 127.0.0.2 true
	want_not fg_ssh password alice 127.0.0.2 true
	want_eq "$before" "$(fg_records)"
	alices_shell /usr/sbin/nologin
	want_rc 1 fg_ssh key alice 127.0.0.2 true
	want_eq allow "$(fg_last .verdict)"
	want_rc 255 fg_ssh key alice 127.0.0.3 true
	want_eq deny "$(fg_last .verdict)"
	want_eq $((before + 2)) "$(fg_records)"
	alices_shell /bin/bash
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
	local ref pid client

	want fg_no_sessions
	fg_ssh key alice 127.0.0.2 'echo $FARMGATE_REF; exec sleep 30' \
	    >"$FG_WORK/out" 2>&1 &
	client=$!
	want fg_until 5 test -s "$FG_WORK/out"
	ref=$(cat "$FG_WORK/out")
	want_eq 1 "$(fg_status .sessions)"
	pid=$(fg_of_ref open "$ref" .peer.pid)
	kill -KILL "$pid"
	want fg_until 5 grep -q "\"event\":\"close\",\"ref\":\"$ref\"" "$FG_AUDIT"
	want_eq 0 "$(fg_status .sessions)"
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
run "SSH-09 a forced command runs when allowed, nothing when denied" forced_command
run "SSH-09 Match blocks, a jail and internal-sftp hold, and so does a denial" \
    with_match_blocks
run "SSH-16 the name of sshd's program makes no difference" other_program_name
run "IN-02 a host name never counts, whatever it looks like" with_use_dns
run "IN-12 variables that the client sets have no effect" set_env
run "SVC-04 a user without a usable shell gets no further for the gate" no_shell
run "IN-07 hostile user names harm nothing and nobody gets in" hostile_names
run "SSH-10 a session ends when its monitor is killed" monitor_killed
run "PAM-01 a missing socket refuses" no_socket
run "PAM-03 a socket without a listener refuses" no_listener
run "PAM-02 on_error=allow lets in and says so" fail_open
run "PAM-02 observe lets in without a daemon and says so" observe_without_daemon
run "PAM-04 a stopped daemon refuses after the deadline" stopped_daemon
run "AUD-10 no log holds a password" no_passwords
finish
