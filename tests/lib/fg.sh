# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What system tests and demo share: the gate and a private sshd, started and
# stopped inside the private copy of the machine that private.sh makes.
# Sourced by a script that private.sh runs; sourcing it outside runs the
# script again through private.sh.

if [ -z "${FG_PRIVATE:-}" ]; then
	FG_QUIET=${FG_QUIET-1} exec "$(dirname "${BASH_SOURCE[0]}")/private.sh" \
	    "$(realpath "$0")" "$@"
fi

set -u
FG_CONF=/etc/farmgate/farmgate.conf
FG_AUDIT=/var/log/farmgate/audit.jsonl
FG_SYSLOG=$FG_WORK/syslog
FG_BIN=$FG_WORK/bin
FG_MODULE=$FG_BIN/pam_farmgate.so
FG_KEYS=$FG_WORK/keys
FG_PID=
FG_UNDER=	# a command that starts the daemon
FG_SSHD_PID=
FG_SYSLOG_PID=
FG_SSHD_OPTIONS=-e	# what it says goes to sshd.log; "": to the syslog
FG_PORT=22

# Users of the private machine run these too, and the tree may be closed to
# them. A sanitized module would need its runtime preloaded, which set-uid
# programs refuse: so the module is always the plain one.
fg_install()
{
	local f plain=$FG_TOP/build

	[ -e "$plain/pam_farmgate.so" ] || plain=$FG_BUILD
	for f in farmgate-policyd farmgate-hooks farmgatectl farmgate-attest \
	    statement laptop; do
		[ ! -e "$FG_BUILD/$f" ] || install -m 0755 "$FG_BUILD/$f" "$FG_BIN"
	done
	[ ! -e "$plain/pam_farmgate.so" ] ||
	    install -m 0644 "$plain/pam_farmgate.so" "$FG_MODULE"
	PATH=$FG_BIN:$PATH
	python3 "$FG_TOP/tests/lib/syslog.py" /dev/log "$FG_SYSLOG" &
	FG_SYSLOG_PID=$!
	: >>"$FG_SYSLOG"
	fg_until 3 test -S /dev/log
}

# Where libpam looks for a module without a path, on this copy of the machine.
fg_module_in_place()
{
	local folder

	for folder in /lib/*/security; do
		mkdir -p "$FG_WORK/security"
		cp -a "$folder/." "$FG_WORK/security"
		cp -a "$FG_MODULE" "$FG_WORK/security"
		mount --bind "$FG_WORK/security" "$folder"
	done
}

# SECONDS COMMAND...: until it succeeds, at most that long. It is asked less and
# less often, as most of them cost more than what they wait for.
fg_until()
{
	local end=$((SECONDS + $1 + 1)) hundredths=2

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep "0.0$hundredths"
		[ "$hundredths" -eq 9 ] || hundredths=$((hundredths + 1))
	done
}

# PATH: of a program of Debian's from /, installed or unpacked by tests/deps.sh.
fg_program()
{
	local tools=$FG_TOP/build/tools

	[ ! -x "/$1" ] || tools=
	[ -x "$tools/$1" ] && echo "$tools/$1"
}

# The gate ----------------------------------------------------------------

# Its configuration, from stdin. What this machine is and runs is no finding of
# a test that says nothing of the catalogue: it has nothing in it then.
fg_conf()
{
	cat >"$FG_CONF"
	grep -q '^catalogue' "$FG_CONF" ||
	    echo 'catalogue = {"/etc/farmgate/catalogue"}' >>"$FG_CONF"
	# nor is that these tests have a pid namespace of their own
	grep -q '^scan' "$FG_CONF" ||
	    printf 'scan {\n\tcontained = "yes"\n}\n' >>"$FG_CONF"
	chmod 0644 "$FG_CONF"
	mkdir -p /etc/farmgate/catalogue # the package has an empty one
	[ -z "$(ls /etc/farmgate/catalogue)" ] || return 0
	fg_catalogue_entry nothing <<-'EOF'
		tool "nothing" {
			title = "A program that nobody has"
			kind = "ordinary"
			exe = {"/nonexistent/nothing"}
			source = "these tests"
		}
	EOF
}

# NAME: a file of the catalogue, from stdin.
fg_catalogue_entry()
{
	cat >"/etc/farmgate/catalogue/$1.conf"
	chmod 0644 "/etc/farmgate/catalogue/$1.conf"
}

# The shipped catalogue, for tests of what it finds.
fg_catalogue()
{
	mkdir -p /etc/farmgate/catalogue
	install -m 0644 "$FG_TOP"/conf/catalogue/*.conf /etc/farmgate/catalogue
}

fg_alive()
{
	[ -n "${1:-}" ] && grep -q '^State:[[:space:]]*[^ZX[:space:]]' \
	    "/proc/$1/status" 2>/dev/null
}

fg_ended()
{
	! fg_alive "$1"
}

fg_ready_or_dead()
{
	! fg_alive "$FG_PID" || grep -q 'ready: ' "$FG_WORK/daemon.log"
}

# Start the daemon; it logs to $FG_WORK/daemon.log. Fails if it does. A system
# call that the sandbox forgot kills it here, and so shows. With -w it listens
# at witness.sock as well, as a laptop's does.
fg_start()
{
	cat "$FG_WORK/daemon.log" >>"$FG_WORK/daemon.log.old" 2>/dev/null
	: >"$FG_WORK/daemon.log"	# before anybody looks for "ready"
	# in a session of its own, as a service manager starts it
	setsid $FG_UNDER farmgate-policyd -c "$FG_CONF" -r /run/farmgate \
	    -u farmgate -s farmgate-scan -F kill "$@" >>"$FG_WORK/daemon.log" 2>&1 \
	    </dev/null &
	FG_PID=$!
	fg_until 10 fg_ready_or_dead
	fg_alive "$FG_PID"
}

# End the daemon; FG_RC is its exit status.
fg_stop()
{
	local signal=${1:-TERM}

	FG_RC=0
	[ -n "$FG_PID" ] || return 0
	kill "-$signal" "$FG_PID" 2>/dev/null
	wait "$FG_PID" 2>/dev/null || FG_RC=$?
	FG_PID=
}

fg_restart()
{
	fg_stop
	fg_start "$@"
}

fg_scanner()
{
	pgrep -o -P "$FG_PID"	# workers are younger
}

# Records of the audit file: those of an EVENT. No string in them can hold a
# quotation mark as it is.
fg_of_event()
{
	grep -F "\"event\":\"$1\"" "$FG_AUDIT" 2>/dev/null
}

# EVENT REFERENCE FILTER: of each that has this reference.
fg_of_ref()
{
	fg_of_event "$1" | jq -r "select(.ref == \"$2\") | $3"
}

# How many of an EVENT, how many decisions, a member of the last of an event
# (EVENT [FILTER]) and of the last decision ([FILTER]).
fg_events()
{
	fg_of_event "$1" | wc -l
}

fg_records()
{
	fg_events decision
}

fg_last_of()
{
	fg_of_event "$1" | tail -n 1 |
	    jq -rn "(first(inputs) // null) | ${2:-.}"
}

fg_last()
{
	fg_last_of decision "$@"
}

# A member of the daemon's status.
fg_status()
{
	farmgatectl status --json | jq -r "$1"
}

# Nobody was ever here, with the daemon stopped: there is no store, and no log
# that knows of one.
fg_forget()
{
	rm -rf /var/lib/farmgate/farmgate.db* "$FG_AUDIT"
}

# The daemon sees the end of a session a moment after the client did.
fg_no_sessions()
{
	fg_until 5 eval '[ "$(fg_status .sessions)" -eq 0 ]'
}

# sshd --------------------------------------------------------------------

fg_sshd_program()
{
	fg_program usr/sbin/sshd
}

fg_keys()
{
	local u

	[ ! -d "$FG_KEYS" ] || return 0
	mkdir -m 0700 "$FG_KEYS"
	ssh-keygen -q -t ed25519 -N '' -C host -f "$FG_KEYS/host"
	for u in alice bob carol dave; do
		ssh-keygen -q -t ed25519 -N '' -C "$u" -f "$FG_KEYS/$u"
		install -d -m 0700 -o "$u" -g "$u" "$FG_WORK/home/$u/.ssh"
		install -m 0600 -o "$u" -g "$u" "$FG_KEYS/$u.pub" \
		    "$FG_WORK/home/$u/.ssh/authorized_keys"
	done
}

# Start a private sshd on 127.0.0.1; stdin, if given with -, adds to its
# configuration (from no pipe: that would start it in another shell). PAM knows
# it by the name of its program: sshd. Fails if it does not run.
fg_sshd_start()
{
	local sftp=/usr/lib/openssh/sftp-server

	fg_keys
	[ -x "$sftp" ] || sftp=$FG_TOP/build/tools$sftp
	ln -sfn "$(fg_sshd_program)" "$FG_BIN/sshd"
	{
		echo MaxStartups 100	# unlike others, the last one counts
		[ "${1:-}" != - ] || cat
		cat <<-EOF
		Port $FG_PORT
		ListenAddress 127.0.0.1
		HostKey $FG_KEYS/host
		PidFile none
		UsePAM yes
		PasswordAuthentication yes
		KbdInteractiveAuthentication yes
		UseDNS no
		PrintMotd no
		PrintLastLog no
		LogLevel VERBOSE
		LoginGraceTime 60
		AuthorizedKeysFile $FG_WORK/home/%u/.ssh/authorized_keys
		Subsystem sftp $sftp
		EOF
	} >"$FG_WORK/sshd_config"
	# shellcheck disable=SC2086
	"$FG_BIN/sshd" -D $FG_SSHD_OPTIONS -f "$FG_WORK/sshd_config" \
	    >>"$FG_WORK/sshd.log" 2>&1 </dev/null &
	FG_SSHD_PID=$!
	fg_until 5 fg_sshd_listens && fg_alive "$FG_SSHD_PID"
}

fg_sshd_listens()
{
	ss -Hltn "sport = :$FG_PORT" | grep -q . ||
	    ! fg_alive "$FG_SSHD_PID"
}

fg_sshd_stop()
{
	[ -n "$FG_SSHD_PID" ] || return 0
	kill "$FG_SSHD_PID" 2>/dev/null
	wait "$FG_SSHD_PID" 2>/dev/null
	FG_SSHD_PID=
}

# The options of every client; METHOD FROM.
fg_ssh_options()
{
	local methods

	case $1 in
	key)	methods=publickey ;;
	password) methods=password ;;
	kbdint)	methods=keyboard-interactive ;;
	*)	methods=$1 ;;
	esac
	printf '%s\n' -F /dev/null -o StrictHostKeyChecking=no \
	    -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null \
	    -o LogLevel=INFO -o IdentitiesOnly=yes -o ConnectTimeout=10 \
	    -o NumberOfPasswordPrompts=1 -o UpdateHostKeys=no \
	    -o KexAlgorithms=curve25519-sha256 \
	    -o "BindAddress=$2" -o "PreferredAuthentications=$methods" \
	    -o "Port=$FG_PORT"
}

# METHOD USER FROM [SSH-ARGUMENT...]: log in as USER from the loopback address
# FROM. What the user sees goes to stdout and stderr, as in ssh.
fg_ssh()
{
	local method=$1 user=$2 from=$3 options

	shift 3
	mapfile -t options < <(fg_ssh_options "$method" "$from")
	case $method in
	key)
		ssh "${options[@]}" -i "$FG_KEYS/$user" -o BatchMode=yes \
		    -l "$user" 127.0.0.1 "$@" </dev/null
		;;
	*)
		SSHPASS=$user-pw sshpass -e ssh "${options[@]}" -l "$user" \
		    127.0.0.1 "$@" </dev/null
		;;
	esac 2> >(grep -v '^Warning: Permanently added' >&2)
}

# USER FROM: write a program that takes ssh's arguments and logs USER in with
# the key from there, and print its name: for programs that run ssh themselves.
fg_ssh_program()
{
	local options program=$FG_BIN/ssh-$1-$2

	fg_keys
	sed 's/^/127.0.0.1 /' "$FG_KEYS/host.pub" >"$FG_KEYS/known_hosts"
	mapfile -t options < <(fg_ssh_options key "$2")
	{
		echo '#!/bin/sh'
		printf 'exec ssh -o UserKnownHostsFile=%s' \
		    "$FG_KEYS/known_hosts"
		printf ' %q' "${options[@]}" -o BatchMode=yes \
		    -i "$FG_KEYS/$1" -l "$1"
		echo ' "$@"'
	} >"$program"
	chmod 0755 "$program"
	echo "$program"
}

# PID of a fg_ssh in the background: end it with the client that it runs.
fg_ssh_end()
{
	local children

	children=$(pgrep -P "$1")
	# shellcheck disable=SC2086 # one number each
	kill $children "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

# PAM ---------------------------------------------------------------------

# SERVICE [ARGUMENT...]: a stack with the real unix account and password
# checks and the gate behind them.
fg_pam()
{
	local service=$1

	shift
	cat >"/etc/pam.d/$service" <<-EOF
	auth     required pam_unix.so
	account  required pam_unix.so
	account  required $FG_MODULE $*
	session  required pam_unix.so
	session  required $FG_MODULE $*
	EOF
}

# The same without a password, for callers that are root already.
fg_pam_rootok()
{
	fg_pam "$@"
	sed -i 's/^auth.*/auth     sufficient pam_rootok.so\n&/' \
	    "/etc/pam.d/$1"
}

fg_sudoers()
{
	cat >/etc/sudoers
	chmod 0440 /etc/sudoers
}

fg_private_pam()
{
	local service

	for service in sshd login sudo sudo-i; do
		fg_pam "$service"
	done
	for service in su su-l runuser runuser-l; do
		fg_pam_rootok "$service"
	done
	printf 'auth required pam_deny.so\naccount required pam_deny.so\n' \
	    >/etc/pam.d/other
}
