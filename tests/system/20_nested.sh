#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# sudo, su, runuser and login: who is decided, and from where they count.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

# USER COMMAND...: as that user, from no session at all.
as()
{
	local user=$1

	shift
	setpriv --reuid "$user" --regid "$user" --init-groups "$@"
}

# FROM COMMAND: in an ssh session of alice's from that place.
inside()
{
	fg_ssh key alice "$1" "$2"
}

last_is()
{
	want_eq "$1" "$(fg_last .service)"
	want_eq "$2" "$(fg_last .user)"
	want_eq "$3" "$(fg_last .verdict)"
	want_eq "$4" "$(fg_last .origin.kind)"
}

# Without a session the origin is local, never an address and never console.
sudo_alone()
{
	want as alice sudo -n true
	last_is sudo alice allow local
	want_eq null "$(fg_last .origin.address)"
}

sudo_password()
{
	local before

	before=$(fg_records)
	want as bob sh -c 'echo bob-pw | sudo -S -p "" true'
	last_is sudo bob allow local
	want as bob sh -c 'echo wrong | sudo -S -p "" true; test $? -ne 0'
	want as bob script -qec 'echo bob-pw | sudo -S -p "" true && sudo -n true' \
	    /dev/null
	want_eq $((before + 3)) "$(fg_records)"
}

sudo_other()
{
	want_eq carol "$(as alice sudo -n -u carol id -un)"
	last_is sudo alice allow local
	want_not as bob sudo -n -u carol true
}

sudo_inherits()
{
	local out ref

	out=$(inside 127.0.0.2 'echo $FARMGATE_REF; sudo -n id -un')
	ref=$(head -n 1 <<<"$out")
	want_eq root "$(tail -n 1 <<<"$out")"
	last_is sudo alice allow address
	want_eq 127.0.0.2 "$(fg_last .origin.address)"
	want_eq "$ref" "$(fg_last .origin.inherited)"
	want_eq NO "$(fg_last .place.country)"
}

# The policy is tightened while the session is open.
sudo_denied()
{
	local go=$FG_WORK/home/alice/go

	fg_ssh key alice 127.0.0.2 'touch here; while ! test -e go; do sleep 0.1
	    done; sudo -n id -un || echo refused' >"$FG_WORK/out" 2>&1 &
	want fg_until 5 test -e "$FG_WORK/home/alice/here"
	setup_conf | sed 's/countries = {"NO", "SE", "GB"}/countries = {"SE"}/' |
	    fg_conf
	want farmgatectl reload
	touch "$go"
	wait $!
	cat "$FG_WORK/out"
	want grep -qx refused "$FG_WORK/out"
	want_not grep -qx root "$FG_WORK/out"
	last_is sudo alice deny address
	want_eq 127.0.0.2 "$(fg_last .origin.address)"
	rm -f "$go"
	setup_conf | fg_conf
	want farmgatectl reload
}

sudo_chain()
{
	want_eq root "$(inside 127.0.0.2 'sudo -n su - alice -c "sudo -n id -un"')"
	last_is sudo alice allow address
	want_eq 127.0.0.2 "$(fg_last .origin.address)"
}

sudo_pty()
{
	printf 'Defaults use_pty\nroot ALL=(ALL) ALL\nalice ALL=(ALL) NOPASSWD: ALL\n' |
	    fg_sudoers
	want inside 127.0.0.2 'sudo -n sudo -n true'
	want_eq 127.0.0.2 "$(fg_last .origin.address)"
	sudoers
}

# A process that left its session has no place to inherit.
detached()
{
	inside 127.0.0.2 'setsid sh -c "sleep 1; sudo -n true; touch done" >/dev/null 2>&1 </dev/null &'
	want fg_until 5 test -e "$FG_WORK/home/alice/done"
	rm -f "$FG_WORK/home/alice/done"
	last_is sudo alice allow local
	want_eq null "$(fg_last .origin.address)"
}

tmux_from_elsewhere()
{
	local t="tmux -S $FG_WORK/home/alice/tmux -f /dev/null"

	as alice env -i HOME="$FG_WORK/home/alice" TERM=xterm PATH="$PATH" \
	    $t new-session -d cat
	want inside 127.0.0.2 "$t run-shell 'sudo -n true; touch done'"
	want fg_until 5 test -e "$FG_WORK/home/alice/done"
	rm -f "$FG_WORK/home/alice/done"
	last_is sudo alice allow local
	as alice $t kill-server
}

forged_reference()
{
	local ref

	ref=$(inside 127.0.0.2 'echo $FARMGATE_REF')
	want as alice env FARMGATE_REF="$ref" \
	    SSH_CONNECTION='127.0.0.2 1 127.0.0.1 22' sudo -n true
	last_is sudo alice allow local
	want_eq null "$(fg_last .origin.inherited)"
	want_not grep -q "\"$ref\"" <<<"$(fg_last .)"
}

poisoned()
{
	want as alice env SSH_CONNECTION='6.6.6.6 1 127.0.0.1 22' LD_PRELOAD=x \
	    FARMGATE_SOCKET=/tmp/x TMPDIR=/nonexistent LANG=../../x \
	    http_proxy=http://192.0.2.1 MALLOC_CHECK_=3 sudo -n true
	last_is sudo alice allow local
	want_eq null "$(fg_last .origin.address)"
}

switch_user()
{
	want su alice -c true
	last_is su alice allow local
	want su -l alice -c true
	last_is su-l alice allow local
	want runuser -u alice true
	want runuser -l alice -c true
	last_is runuser-l alice allow local
	want as bob script -qec 'echo alice-pw | su alice -c true' /dev/null
	last_is su alice allow local
	want_eq bob "$(fg_last .ruser)"
}

su_inside()
{
	inside 127.0.0.2 'script -qec "echo bob-pw | su bob -c true" /dev/null'
	last_is su bob allow address
	want_eq 127.0.0.2 "$(fg_last .origin.address)"
}

# What pkexec and run0 ask: nothing as shipped, and a file can change that.
pkexec_service()
{
	fg_pam polkit-1
	want inside 127.0.0.2 'sudo -n pamtester polkit-1 alice acct_mgmt'
	want_eq "polkit-1 alice exempt" \
	    "$(fg_last .service) $(fg_last .user) $(fg_last .verdict)"
	{
		setup_conf
		echo 'services { nested = {"polkit-1"} }'
	} | fg_conf
	want farmgatectl reload
	want inside 127.0.0.2 'sudo -n pamtester -I ruser=alice polkit-1 bob acct_mgmt'
	last_is polkit-1 bob allow address
	want_eq 127.0.0.2 "$(fg_last .origin.address)"
	want_eq alice "$(fg_last .ruser)"
	want pamtester polkit-1 alice acct_mgmt
	last_is polkit-1 alice allow local
	setup_conf | fg_conf
	want farmgatectl reload
}

# login under a terminal of its own: FROM-OPTION...
login_as_alice()
{
	python3 "$FG_TOP/tests/lib/login.py" alice alice-pw "$@"
}

login_console()
{
	want login_as_alice
	last_is login alice allow console
}

login_remote()
{
	want login_as_alice -h 81.2.69.142
	last_is login alice allow address
	want_eq 81.2.69.142 "$(fg_last .origin.address)"
	want_eq GB "$(fg_last .place.country)"
	want_not login_as_alice -h 8.8.8.8
	last_is login alice deny address
	want_eq US "$(fg_last .place.country)"
}

# A name is no address, and a remote login without one is not local.
login_by_name()
{
	want_not login_as_alice -h localhost
	last_is login alice deny no_address
}

daemon_stopped()
{
	fg_stop
	want_not as alice sudo -n true
	want_not login_as_alice
	want_line 'verdict=deny .*service=sudo .*daemon_unreachable' "$FG_SYSLOG"
	fg_start
	want as alice sudo -n true
}

sudoers()
{
	printf 'root ALL=(ALL) ALL\nalice ALL=(ALL) NOPASSWD: ALL\nbob ALL=(ALL) ALL\n' |
	    fg_sudoers
}

setup_gate
sudoers
want_daemon
fg_sshd_start

run "SVC-01 sudo without a password is decided each time" sudo_alone
run "SVC-01 sudo is decided the first time and when cached" sudo_password
run "SVC-01 sudo for another user is decided for the caller" sudo_other
run "IN-14 sudo inside an ssh session has the session's origin" sudo_inherits
run "IN-14 sudo is refused when the session's place no longer passes" sudo_denied
run "IN-14 sudo inside su inside sudo still has that origin" sudo_chain
run "IN-14 sudo with a terminal of its own still has that origin" sudo_pty
run "IN-14 a process that left its session is local" detached
run "IN-14 a tmux server from elsewhere is local" tmux_from_elsewhere
run "IN-13 a forged reference is not believed" forged_reference
run "IN-11 the caller's environment is never consulted" poisoned
run "SVC-02 su and runuser are decided for the target" switch_user
run "SVC-02 su inside an ssh session has the session's origin" su_inside
run "SVC-02 pkexec's service is exempt, or nested if a file says so" pkexec_service
run "IN-05 login at a terminal is at the console" login_console
run "IN-06 login -h counts from that address" login_remote
run "IN-06 login -h with a name is nowhere" login_by_name
run "SVC-01 a stopped daemon refuses sudo and login" daemon_stopped
finish
