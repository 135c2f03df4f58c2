#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# xrdp and FreeRDP's server with a client who moves the pointer and types: idle,
# in use and left are told apart, and who types in such a session is found out,
# at sudo and at an ssh to this machine.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/tree.sh"
. "$FG_TOP/tests/lib/started.sh"
. "$FG_TOP/tests/lib/scope.sh"
. "$FG_TOP/tests/lib/desktop.sh"
. "$FG_TOP/tests/lib/remote_rdp.sh"
. "$FG_TOP/tests/lib/evidence.sh"

# LINE: typed in alice's session by who is connected; its exit status. Keys get
# lost while a session is taken up again.
typed()
{
	local out

	for _ in 1 2 3; do
		out=/tmp/typed-$RANDOM
		rdp_types "$1; echo \$? >$out" || return 99
		fg_until 5 test -s "$out" && return "$(cat "$out")"
	done
	return 99
}

# The last decision, which is a denial for this.
was_a_session_of()
{
	want_eq "deny $2 alice" "$(fg_last '.verdict + " " + .service + " " +
	    .user')"
	want_eq 'remote.session deny' "$(found 'remote\.session')"
	want_line "$1" <(fg_last '.findings[] |
	    select(.code == "remote.session") | .text')
}

idle()
{
	want sees xrdp installed
	want login_finds alice 'remote\.desktop' ''
	want xrdp_start
	want sees xrdp running
	sign_says xrdp running .confidence identity
	sign_says xrdp running .owner machine
	want_line '/usr/sbin/xrdp' <(signs xrdp .seen)
	want login_finds alice 'remote\.desktop' 'remote.desktop:running log'
}

connected_to()
{
	want rdp_connect alice
	want_eq "allow xrdp-sesman" "$(fg_last '.verdict + " " + .service')"
	# It begins the session, and comes out of none.
	want_eq "" "$(fg_of_event decision | jq -r 'select(.service ==
	    "xrdp-sesman") | .findings[] | select(.code == "remote.session") |
	    .text')"
	# Real: an X server of hers, and her shell.
	want pgrep -u alice -f '^/usr/lib/xorg/Xorg :10'
	want pgrep -u alice -x xterm
	want rdp_steers alice
	want sees xrdp active
	want_not login_finds alice 'remote\.desktop:active' \
	    'remote.desktop:active deny'
	want_line 'established.*by identity|xrdp.*by identity' \
	    <(fg_last '.findings[] | select(.grade == "active") | .text')
	# xrdp is the machine's, so that it counts for everybody.
	want_not gate gate bob 127.0.0.2
	want_line '^remote\.desktop:active deny' <(found 'remote\.desktop')
}

sudo_in_it()
{
	want rdp_steers alice
	want typed 'id -un | grep -x alice'
	want_rc 1 typed 'sudo -n true'
	was_a_session_of xrdp sudo
}

# Out of the session, and in again by this machine's own sshd.
ssh_in_it()
{
	want_rc 255 typed "ssh -F /dev/null -o BatchMode=yes -i .ssh/id \
-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
-p $FG_PORT alice@127.0.0.1 true"
	was_a_session_of xrdp sshd
}

# A terminal that the desktop has its user's service manager start, as GNOME's
# does, descends from no part of xrdp.
sudo_by_the_user_manager()
{
	scope_make app alice
	start_in_scope terminal alice DISPLAY=:10 xterm -fn fixed \
	    -geometry 130x60+0+0
	want fg_until 10 eval '[ "$(windows alice 10 . | wc -l)" -ge 2 ]'
	want_rc 1 typed 'sudo -n true'
	was_a_session_of xrdp sudo
	stop terminal
}

# Nobody is there, and the session goes on.
left()
{
	want rdp_disconnect
	want pgrep -u alice -f '^/usr/lib/xorg/Xorg :10'
	want sees xrdp running
	want login_finds alice 'remote\.desktop' 'remote.desktop:running log'
	want login_finds bob 'remote\.desktop' 'remote.desktop:running log'
}

connected_again()
{
	want rdp_connect alice
	want rdp_steers alice
	want sees xrdp active
	want_rc 1 typed 'sudo -n true'
	was_a_session_of xrdp sudo
	want rdp_disconnect
}

# [APPROVED]: what the configuration has of that from now on, where nothing else
# speaks against sudo.
approve()
{
	remote_conf_for xrdp-sesman |
	    sed "s/^scan {/& ${1:+approved = {\"$1\"\}}/
		0,/^policy/s//policy typed {\\
	users = {\"alice\", \"root\"}\\
	services = {\"sudo\"}\\
	actions = {\"geo.unknown:no_address = log\",\\
	    \"remote.session = deny\"}\\
}\\
&/" | fg_conf
	want farmgatectl reload
}

# The catalogue's name of it is enough, whatever else the session is called.
meant_to_be_used()
{
	want rdp_connect alice
	want rdp_steers alice
	want sees xrdp active
	! scope_have || want_eq xrdp "$(farmgatectl scan --json | jq -r '.signs[] |
	    select(.entry | startswith("session-")) | .tool')"
	approve xrdp
	want_rc 0 typed 'sudo -n true'
	want_eq "allow sudo" "$(fg_last '.verdict + " " + .service')"
	want_eq "" "$(found 'remote\.(session|desktop)')"
	approve
	want_rc 1 typed 'sudo -n true'
	was_a_session_of xrdp sudo
	want farmgatectl support add LT-7 --tool xrdp --until +1h --reason visit
	want_rc 0 typed 'sudo -n true'
	want_eq "allow sudo" "$(fg_last '.verdict + " " + .service')"
	want_eq 'remote.session log' "$(found 'remote\.session')"
	want_line "the help desk's" <(fg_last '.findings[] |
	    select(.code == "remote.session") | .text')
	want farmgatectl support remove 1
	want rdp_disconnect
}

ended()
{
	want xrdp_logout alice
	want sees xrdp running
	want xrdp_stop
	want sees xrdp installed
	want login_finds alice 'remote\.desktop' ''
}

# Where nobody knows it, in a unit of its own.
on_another_port()
{
	local was=$RDP_PORT

	RDP_PORT=3390
	sed -i 's/^port=tcp.*/port=3390/' /etc/xrdp/xrdp.ini
	want xrdp_start
	want sees xrdp running
	want rdp_connect alice
	want sees xrdp active
	want_line 'port 3390' <(signs xrdp .seen)
	want_not login_finds alice 'remote\.desktop:active' \
	    'remote.desktop:active deny'
	want rdp_disconnect
	want sees xrdp running
	want xrdp_logout alice
	want xrdp_stop
	RDP_PORT=$was
}

shadow()
{
	install_trees shadow
	want screen_start alice 1
	want sees freerdp-shadow installed
	want shadow_start alice 1
	want sees freerdp-shadow running
	want login_finds alice 'remote\.desktop' 'remote.desktop:running log'
	want shadow_connect
	want steers dave 2 FreeRDP alice 1
	want sees freerdp-shadow active
	want_not login_finds alice 'remote\.desktop' \
	    'remote.desktop:active deny'
	want login_finds bob 'remote\.desktop' 'remote.desktop:active log'
	want rdp_disconnect
	want sees freerdp-shadow running
	want shadow_stop
}

tree_have x xrdp freerdp || {
	skip "xrdp, idle and in use" "$TREE_LACKS"
	finish
}
setup_remote_gate
# What she does in there is decided as any.
remote_conf_for xrdp-sesman | fg_conf
fg_pam xrdp-sesman
sed -i '0,/^session/s//session  required pam_loginuid.so\n&/' \
    /etc/pam.d/xrdp-sesman
! scope_have || scope_pam xrdp-sesman alice
want_daemon
fg_sshd_start || echo "FAIL sshd starts"
install -m 0600 -o alice "$FG_KEYS/alice" "$FG_WORK/home/alice/.ssh/id"
install_trees x xrdp freerdp
screen_start dave 2 || echo "FAIL the screen of who connects"

run "xrdp that nobody uses" idle
run "xrdp with a client" connected_to
run "sudo typed in a session of xrdp's" sudo_in_it
if scope_have; then
	run "ssh to this machine, typed there" ssh_in_it
	run "sudo in a terminal of the user's service manager" \
	    sudo_by_the_user_manager
else
	skip "ssh to this machine, typed there" "no control groups to write to"
fi
run "xrdp whose client has gone" left
run "xrdp with the client again" connected_again
run "xrdp that is approved, and that the help desk uses" meant_to_be_used
run "xrdp at its end" ended
if scope_have; then
	run "xrdp on an odd port" on_another_port
else
	skip "xrdp on an odd port" "no control groups to write to"
fi
if tree_have shadow; then
	run "FreeRDP's server: idle, in use, idle again" shadow
else
	skip "FreeRDP's server: idle, in use, idle again" "$TREE_LACKS"
fi
stop_all
finish
