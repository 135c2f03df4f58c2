#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What a caller of PAM can say about a login, and what is believed of it;
# pamtester plays services that are not here.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

# A stack of the gate alone, as in the manual's example of an exempt service.
alone()
{
	cat >"/etc/pam.d/$1" <<-EOF
	account required $FG_MODULE ${*:2}
	session required $FG_MODULE ${*:2}
	EOF
}

# KIND: the last decision's origin, and that no name server was asked.
origin_is()
{
	want_eq "$1" "$(fg_last .origin.kind)"
}

addresses()
{
	want gate gate alice 81.2.69.142
	want_eq GB "$(fg_last .place.country)"
	want gate gate alice ::ffff:81.2.69.142
	want_eq 81.2.69.142 "$(fg_last .origin.address)"
	want gate gate alice ::FFFF:5102:458e
	want_eq 81.2.69.142 "$(fg_last .origin.address)"
	want_not gate gate alice 8.8.8.8
	want_eq US "$(fg_last .place.country)"
	want_not gate gate alice 2001:4860:4860::8888
	want_eq US "$(fg_last .place.country)"
}

# Forms that some resolver would read as 127.0.0.2 or as an allowed place.
lenient_forms()
{
	local form

	for form in 127.2 0x7f.2 127.0.0.02 0177.0.0.2 2130706434 \
	    '127.0.0.2 ' ' 127.0.0.2' '127.0.0.2%lo' 81.2.69.142.example \
	    '81.2.69.142;rm' '[81.2.69.142]' '81.2.69.142:22' localhost \
	    UNKNOWN all tty1 "$(printf '1%.0s' {1..300})" \
	    "$(printf '127.0.0.2\n81.2.69.142')"; do
		echo "form: $form"
		want_not gate gate alice "$form"
		origin_is no_address
		want_eq null "$(fg_last .place.country)"
	done
}

long_origin()
{
	local long

	long=$(printf 'x%.0s' {1..300})
	want_not gate gate alice "$long"
	origin_is no_address
	want fg_alive "$FG_PID"
	want_not grep -q "$long" "$FG_AUDIT"
}

hostile_origin()
{
	local lines

	lines=$(wc -l <"$FG_AUDIT")
	want_not gate gate alice "$(printf 'x\nnov 23 sshd: Accepted publickey for root')"
	want_not gate gate alice "$(printf '\033[2Jx\377\376')"
	want_not gate gate alice '%s%n%s%n'
	want_eq $((lines + 3)) "$(wc -l <"$FG_AUDIT")"
	want jq -e . "$FG_AUDIT"
	no_line $'\033' "$FG_AUDIT"
	no_line '\\n.*nov 23' "$FG_SYSLOG"
}

# STACK: how often a name server's address is looked up for a remote name.
# libpam does so by itself, through libaudit, in every stack.
lookups()
{
	strace -f -qq -o "$FG_WORK/strace" -e trace=%net,openat \
	    pamtester -I rhost=liar.example "$1" alice acct_mgmt >/dev/null 2>&1
	grep -Ec 'resolv\.conf|htons\(53\)' "$FG_WORK/strace"
}

no_lookup()
{
	local before

	printf 'account required pam_permit.so\n' >/etc/pam.d/permit
	alone onlygate
	before=$(lookups permit)
	want_eq "$before" "$(lookups onlygate)"
	origin_is no_address
	want_line 'policy\.sock' "$FG_WORK/strace"
}

# The daemon neither, whatever it is told.
daemon_looks_nothing_up()
{
	strace -f -qq -p "$FG_PID" -o "$FG_WORK/strace" -e trace=%net,openat &
	local tracer=$!
	fg_until 5 grep -q 'TracerPid:.*[1-9]' "/proc/$FG_PID/status"
	want_not gate gate alice liar.example
	want gate gate alice 81.2.69.142
	sleep 0.3
	kill -INT "$tracer"
	wait "$tracer"
	want_line 'accept4|recv' "$FG_WORK/strace"
	# But for its store's log, which is cut between logins.
	grep -v '"/var/lib/farmgate/farmgate.db-' "$FG_WORK/strace" \
	    >"$FG_WORK/opened"
	no_line 'AF_INET|htons\(53\)|openat|connect\(' "$FG_WORK/opened"
}

no_origin()
{
	want_not pamtester sshd alice acct_mgmt
	origin_is no_address
	want_not gate sshd alice ''
	origin_is no_address
	want pamtester sudo alice acct_mgmt
	origin_is local
	want gate login alice ''
	origin_is console
}

# An address makes any service a remote one.
address_of_local_service()
{
	want_not gate login alice 8.8.8.8
	origin_is address
	want_not gate sudo alice 8.8.8.8
	want_eq deny "$(fg_last .verdict)"
}

# Exempt services: the gate has no say, alone it makes no stack.
exempt()
{
	local s before

	before=$(fg_records)
	for s in cron atd crond systemd-user polkit-1 chsh chfn passwd \
	    chpasswd; do
		fg_pam "$s"
		want pamtester "$s" alice acct_mgmt
		want_eq exempt "$(fg_last .verdict)"
		alone "$s"
		want_not pamtester "$s" alice acct_mgmt
	done
	fg_pam cronx
	want_not gate cronx alice 8.8.8.8
	want_eq deny "$(fg_last .verdict)"
}

# SERVICE USER VERDICT of the last decision.
last_is()
{
	want_eq "$*" "$(fg_last .service) $(fg_last .user) $(fg_last .verdict)"
}

# Debian's cron itself, which starts a job at once where it is told to do so at
# each boot. It wants a spool that the machine may lack.
real_cron()
{
	local cron=$1 done=$FG_WORK/home/alice/done pid

	mount -t tmpfs tmpfs /var/spool
	mkdir -p /var/spool/cron/crontabs
	rm -rf /etc/cron*
	echo "@reboot alice echo \$LOGNAME >$done" >/etc/crontab
	fg_pam cron
	: >"$FG_SYSLOG"
	"$cron" -f &
	pid=$!
	want fg_until 10 test -s "$done"
	kill "$pid"
	wait "$pid"
	want_eq alice "$(cat "$done")"
	last_is cron alice exempt
	umount /var/spool
}

# USER COMMAND: as that user at a terminal, with the password typed.
type_password()
{
	setpriv --reuid "$1" --regid "$1" --init-groups \
	    script -qec "echo $1-pw | $2" /dev/null
}

# By root, and by a user, who is the one that PAM is asked about.
change_shell()
{
	fg_pam_rootok chsh
	want chsh -s /bin/sh alice
	last_is chsh root exempt
	want grep -q '^alice:.*:/bin/sh$' /etc/passwd
	want type_password alice 'chsh -s /bin/bash'
	last_is chsh alice exempt
	want grep -q '^alice:.*:/bin/bash$' /etc/passwd
}

change_password()
{
	local before

	before=$(fg_records)
	fg_pam passwd
	cat >>/etc/pam.d/passwd <<-EOF
	password required $FG_MODULE
	password required pam_unix.so sha512
	EOF
	want passwd bob <<<$'swordfish\nswordfish'
	want_eq "$before" "$(fg_records)"
	fg_pam check
	want pamtester check bob authenticate <<<swordfish
}

unknown_user()
{
	want_not gate gate nobody-here 127.0.0.2
	printf 'account required %s\n' "$FG_MODULE" >/etc/pam.d/bare
	want_not gate bare hunter2secret 127.0.0.2
	want_eq "" "$(fg_last '.user // ""')"
	no_line hunter2secret "$FG_AUDIT"
	no_line 'pam_farmgate.*hunter2secret' "$FG_SYSLOG"
}

not_root()
{
	fg_pam locker
	: >"$FG_SYSLOG"
	want setpriv --reuid alice --regid alice --clear-groups \
	    pamtester -I rhost=8.8.8.8 locker alice acct_mgmt
	want_line 'not root' "$FG_SYSLOG"
	fg_pam locker nonroot=deny
	want_not setpriv --reuid alice --regid alice --clear-groups \
	    pamtester -I rhost=81.2.69.142 locker alice acct_mgmt
}

unknown_argument()
{
	fg_pam wrong nonsense
	: >"$FG_SYSLOG"
	want_not gate wrong alice 81.2.69.142
	want_line 'nonsense' "$FG_SYSLOG"
	fg_pam wrong on_error=maybe timeout=0
	want_not gate wrong alice 81.2.69.142
	want_line 'on_error' "$FG_SYSLOG"
	want_line 'timeout' "$FG_SYSLOG"
}

observe_line()
{
	fg_pam watched observe
	want gate watched alice 8.8.8.8
	want_eq allow "$(fg_last .verdict)"
	want_eq deny "$(fg_last .would)"
	want_line 'verdict=allow would=deny.*service=watched' "$FG_SYSLOG"
}

all_phases()
{
	local before

	fg_pam phases
	sed -i 's/pam_unix.so/pam_permit.so/' /etc/pam.d/phases
	before=$(fg_records)
	want gate phases alice 81.2.69.142 authenticate acct_mgmt setcred \
	    open_session close_session
	want_eq $((before + 1)) "$(fg_records)"
	want gate phases alice 81.2.69.142 open_session close_session
	want_eq $((before + 2)) "$(fg_records)"
	want_not gate phases alice 8.8.8.8 open_session
}

listed_network()
{
	want gate gate alice 127.0.0.4
	want_eq net.listed "$(fg_last '.findings[] | select(.code == "net.listed") | .code')"
	want_line "ref=$(fg_last .ref) verdict=allow .*reason=net.listed[: ]" \
	    "$FG_WORK/daemon.log"
	want_not gate gate carol 127.0.0.4
	want gate gate carol 127.0.0.2
	want_line "ref=$(fg_last .ref) verdict=allow .*reason=none pid=" \
	    "$FG_WORK/daemon.log"
}

hung_daemon()
{
	local rogue start=$EPOCHREALTIME took

	fg_stop
	rm -f /run/farmgate/policy.sock
	python3 "$FG_TOP/tests/lib/rogue.py" hang &
	rogue=$!
	fg_until 5 test -S /run/farmgate/policy.sock
	start=$EPOCHREALTIME
	want_not gate gate alice 127.0.0.2
	took=$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))
	echo "took $took ms"
	want_line 'reason=timeout' "$FG_SYSLOG"
	want test "$took" -ge 2900 -a "$took" -lt 10000
	kill "$rogue"
	wait "$rogue" 2>/dev/null
	rm -f /run/farmgate/policy.sock
	fg_start
}

setup_gate
fg_pam gate
want_daemon

run "IN-04 each numeric form counts as one address" addresses
run "IN-04 what only a lenient parser takes for an address is none" lenient_forms
run "IN-04 an origin of 300 characters is no address" long_origin
run "AUD-06 a hostile origin makes one line and no escape sequence" hostile_origin
run "IN-03 the module asks no name server" no_lookup
run "IN-03 the daemon asks no name server and opens no file" daemon_looks_nothing_up
run "IN-05 a remote service without an address is not local" no_origin
run "IN-05 an address counts for every service" address_of_local_service
run "SVC-04 cron, at and user managers are exempt, near misses not" exempt
run "SVC-04 a shell is changed as without a gate" change_shell
run "SVC-04 a password is changed as without a gate" change_password
if program=$(fg_program usr/sbin/cron); then
	run "SVC-04 Debian's cron runs its jobs" real_cron "$program"
else
	skip "SVC-04 Debian's cron runs its jobs" "there is no cron"
fi
run "IN-07 what was typed for an unknown user is recorded nowhere" unknown_user
run "PROC-13 a caller that is not root is not decided, or refused" not_root
run "PAM-12 a wrong argument refuses and is named" unknown_argument
run "PAM-02 observe on the PAM line allows and records" observe_line
run "PROC-16 account and session of one login are one decision" all_phases
run "SSH-01 a listed network is found, and its label decides" listed_network
run "DMN-12 a hung daemon refuses after the deadline" hung_daemon
finish
