# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's own front ends of PAM that are no terminal, started on loopback.
# Each *_start takes its program and sets CREW_PID. Sourced behind fg.sh,
# check.sh and setup.sh.

CREW=$FG_WORK/crew
CREW_PID=

# ARGUMENT...: as front_end.py has them.
front_end()
{
	timeout 20 python3 "$FG_TOP/tests/lib/front_end.py" "$@"
}

crew_has_ended()
{
	! fg_alive "$CREW_PID"
}

# saslauthd may lock itself out in what it does on a signal.
crew_ends()
{
	kill "$CREW_PID"
	fg_until 10 crew_has_ended || kill -KILL "$CREW_PID"
	wait "$CREW_PID"
}

# FIRST-PROGRAM TEST FUNCTION [SECOND-PROGRAM]: where Debian has unpacked it.
run_with()
{
	local first second=

	first=$(fg_program "$1") && { [ $# -lt 4 ] || second=$(fg_program "$4"); } || {
		skip "$2" "there is no $1"
		return
	}
	run "$2" "$3" "$first" "$second"
}

# vsftpd ------------------------------------------------------------------

ftp_listens()
{
	ss -Hltn 'sport = :2121' | grep -q .
}

ftp_start()
{
	mkdir -p "$CREW/empty"
	cat >"$CREW/vsftpd.conf" <<-EOT
	listen=YES
	listen_address=127.0.0.1
	listen_port=2121
	background=NO
	anonymous_enable=NO
	local_enable=YES
	session_support=YES
	pam_service_name=vsftpd
	secure_chroot_dir=$CREW/empty
	delay_failed_login=0
	EOT
	"$1" "$CREW/vsftpd.conf" &
	CREW_PID=$!
	fg_until 5 ftp_listens
}

# FROM: what the server says to alice.
ftp()
{
	front_end ftp "$1"
}

# saslauthd ---------------------------------------------------------------

# PROGRAM [PROCESSES]
sasl_start()
{
	mkdir -p "$CREW/sasl"
	# It ends its whole process group.
	setsid "$1" -a pam -d -m "$CREW/sasl" -n "${2:-1}" \
	    >"$CREW/sasl.log" 2>&1 &
	CREW_PID=$!
	fg_until 5 test -S "$CREW/sasl/mux"
}

# SERVICE USER: as a mail server asks saslauthd, which passes no address on.
sasl()
{
	local rc=0

	timeout 20 "$(fg_program usr/sbin/testsaslauthd)" -u "$2" -p "$2-pw" \
	    -s "$1" -f "$CREW/sasl/mux" || rc=$?
	[ "$rc" -ne 255 ] || rc=1
	return "$rc"
}

# dovecot -----------------------------------------------------------------

dovecot_start()
{
	local lib=${1%/sbin/dovecot}/lib/dovecot id=4220 user

	for user in dovecot dovenull; do
		grep -q "^$user:" /etc/passwd ||
		    echo "$user:x:$id:65534::/:/bin/false" >>/etc/passwd
		id=$((id + 1))
	done
	export LD_LIBRARY_PATH=$lib:$lib/modules/old-stats
	mkdir -p /etc/dovecot /run/dovecot
	cat >/etc/dovecot/dovecot.conf <<-EOT
	protocols =
	ssl = no
	libexec_dir = $lib
	state_dir = $CREW/dovecot
	log_path = $CREW/dovecot.log
	default_internal_group = nogroup
	import_environment = LD_LIBRARY_PATH=$LD_LIBRARY_PATH
	mail_location = maildir:~
	auth_failure_delay = 0
	service anvil {
	  unix_listener anvil-auth-penalty {
	    mode = 0
	  }
	}
	passdb {
	  driver = pam
	  args = dovecot
	}
	userdb {
	  driver = passwd
	}
	EOT
	# What dovecot would run from its own place.
	"${1%/sbin/dovecot}/bin/doveconf" -f service=master \
	    -c /etc/dovecot/dovecot.conf -m master -p -e "$1" -F &
	CREW_PID=$!
	fg_until 5 test -S /run/dovecot/auth-client
}

# FROM [NAME]: alice, by that name.
dovecot()
{
	timeout 60 "$(fg_program usr/bin/doveadm)" auth test -x "rip=$1" \
	    "${2:-alice}" alice-pw
}

# xrdp-sesman -------------------------------------------------------------

xrdp_listens()
{
	ss -Hltn 'sport = :3350' | grep -q .
}

xrdp_start()
{
	local usr=${1%/sbin/xrdp-sesman} lib

	for lib in "$usr"/lib/*/xrdp; do
		export LD_LIBRARY_PATH=$lib
	done
	mkdir -p "$CREW" /run/xrdp
	printf '%s\n' '[Globals]' 'ListenPort=3350' \
	    'DefaultWindowManager=/bin/false' '[Logging]' \
	    "LogFile=$CREW/sesman.log" 'LogLevel=INFO' 'EnableSyslog=0' \
	    >"$CREW/sesman.ini"
	"$1" -n -c "$CREW/sesman.ini" >"$CREW/sesman.out" 2>&1 &
	CREW_PID=$!
	fg_until 5 xrdp_listens
}

# What it says to alice, whom it is not told the address of.
xrdp()
{
	timeout 20 "$(fg_program usr/bin/xrdp-sesrun)" -s 127.0.0.1 \
	    -c "$CREW/sesman.ini" -p alice-pw alice 2>&1
}
