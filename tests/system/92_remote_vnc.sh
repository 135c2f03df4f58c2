#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# VNC servers of Debian with somebody at the other end who moves the pointer and
# types: what is installed, what runs and what is in use are told apart, and
# who types in such a desktop is found out.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/tree.sh"
. "$FG_TOP/tests/lib/started.sh"
. "$FG_TOP/tests/lib/scope.sh"
. "$FG_TOP/tests/lib/desktop.sh"
. "$FG_TOP/tests/lib/elsewhere.sh"
. "$FG_TOP/tests/lib/remote_vnc.sh"
. "$FG_TOP/tests/lib/evidence.sh"

# ENTRY PROGRAM NAME [STEERS...]: somebody connects to what alice runs, steers it
# and leaves; logins in between. What STEERS does shows that they do.
served()
{
	local entry=$1 program=$2 name=$3 user=alice

	want sees "$entry" running
	sign_says "$entry" running .confidence identity
	sign_says "$entry" running .pid "$(started "$name")"
	want_line "$program" <(signs "$entry" .seen)
	want login_finds "$user" 'remote\.desktop' 'remote.desktop:running log'

	want viewer_connect
	want connected "$VNC_PORT" "$(cat "/proc/$(started "$name")/comm")"
	want "${@:4}"
	want sees "$entry" active
	want_not login_finds "$user" 'remote\.desktop' \
	    'remote.desktop:active deny'
	want_eq remote.desktop:active "$(fg_last .decided.finding)"
	want_line "$program.*by identity" \
	    <(fg_last '.findings[] | select(.grade == "active") | .text')

	want viewer_disconnect
	want sees "$entry" running
	want login_finds "$user" 'remote\.desktop' 'remote.desktop:running log'
}

nothing_yet()
{
	want sees x11vnc nothing
	want sees tigervnc nothing
	want login_finds alice 'remote\.[^u]' ''
}

x11vnc_shows_a_desktop()
{
	want sees x11vnc installed
	want login_finds alice 'remote\.desktop' ''
	want x11vnc_start alice 1
	served x11vnc /usr/bin/x11vnc x11vnc viewer_steers alice 1
	sign_says x11vnc running .uid 4201
	want x11vnc_stop
	want sees x11vnc installed
	want login_finds alice 'remote\.desktop' ''
}

# Bob can do nothing about it, and alice must not keep him out.
somebody_elses_is_logged()
{
	want x11vnc_start alice 1
	want viewer_connect
	want sees x11vnc active
	want login_finds bob 'remote\.desktop' 'remote.desktop:active log'
	want_line 'of another user' \
	    <(fg_last '.findings[] | select(.grade == "active") | .text')
	want_not login_finds alice 'remote\.desktop' \
	    'remote.desktop:active deny'
	want viewer_disconnect
	want x11vnc_stop
}

# Of the machine: it counts for whoever logs in.
roots_counts_for_all()
{
	want x11vnc_start root 1
	want viewer_connect
	want sees x11vnc active
	sign_says x11vnc active .owner machine
	want_not login_finds bob 'remote\.desktop' 'remote.desktop:active deny'
	want_not login_finds alice 'remote\.desktop' \
	    'remote.desktop:active deny'
	want viewer_disconnect
	want x11vnc_stop
}

# Its arguments say where it waits.
another_port_is_no_hiding_place()
{
	want x11vnc_start alice 1 7000
	want sees x11vnc running
	want login_finds alice 'remote\.desktop' 'remote.desktop:running log'
	want viewer_connect
	want sees x11vnc active
	want_line 'port 7000' <(signs x11vnc .seen)
	want_not login_finds alice 'remote\.desktop' \
	    'remote.desktop:active deny'
	# Nothing else of them is kept.
	want_not grep -r -e rfbport /var/log/farmgate /var/lib/farmgate
	want viewer_disconnect
	want sees x11vnc running
	want x11vnc_stop
}

# Nobody has to connect to it: it connects to who looks.
it_calls_out()
{
	start_as viewer dave DISPLAY=:2 xtigervncviewer -SecurityTypes None \
	    -listen 5500
	want fg_until 10 listens 5500
	start_as x11vnc alice x11vnc -display :1 -rfbport 0 -no6 -nopw \
	    -forever -quiet -connect 127.0.0.1:5500
	want fg_until 10 connected 5500
	want fg_until 10 windows dave 2 TigerVNC
	want viewer_steers alice 1
	want sees x11vnc active
	want_not login_finds alice 'remote\.desktop' \
	    'remote.desktop:active deny'
	stop viewer
	want x11vnc_stop
}

# From another machine, and with another name.
renamed()
{
	local copy=$FG_WORK/home/alice/notes

	install -m 0755 /usr/bin/x11vnc "$copy"
	start_as x11vnc alice "$copy" -display :1 -rfbport 5900 -no6 -nopw \
	    -forever -shared -quiet
	want fg_until 10 listens 5900
	want sees_desktop running
	want elsewhere_make
	start_elsewhere viewer dave DISPLAY=:2 xtigervncviewer \
	    -SecurityTypes None 192.0.2.1::5900
	want fg_until 10 connected 5900
	want sees_desktop active
	want_not login_finds alice 'remote\.desktop' \
	    'remote.desktop:active deny'
	stop viewer
	want x11vnc_stop
	rm "$copy"
}

# GRADE: of alice's, whatever it is called.
sees_desktop()
{
	fg_until 8 desktop_is "$1" && return 0
	farmgatectl scan
	return 1
}

desktop_is()
{
	farmgatectl scan --json | jq -e --arg grade "$1" 'any(.signs[];
	    .finding == "remote.desktop" and .uid == 4201 and .grade == $grade)'
}

x0tigervnc_shows_a_desktop()
{
	want x0tigervnc_start alice 1
	served tigervnc-scraping /usr/bin/X0tigervnc x0tigervnc \
	    viewer_steers alice 1
	want x0tigervnc_stop
}

wayvnc_shows_a_desktop()
{
	want wayvnc_start alice
	served wayvnc /usr/bin/wayvnc wayvnc windows dave 2 TigerVNC
	want wayvnc_stop
}

# Typed by who looks; the answer of sudo is in the file.
typed()
{
	local before out=/tmp/typed

	before=$(fg_records)
	rm -f "$out"
	want viewer_types "sudo -n true; echo \$? >$out"
	want fg_until 10 test -s "$out"
	want_eq $((before + 1)) "$(fg_records)"
	want_eq "sudo alice" "$(fg_last '.service + " " + .user')"
}

sudo_in_a_vnc_desktop()
{
	fg_pam tigervnc
	sed -i '0,/^session/s//session  required pam_loginuid.so\n&/' \
	    /etc/pam.d/tigervnc
	want tigervnc_start alice 5
	want sees tigervnc running
	want viewer_connect
	want viewer_steers alice 5
	want sees tigervnc active
	typed
	want_eq deny "$(fg_last .verdict)"
	want_line '^remote\.session deny' <(found 'remote\.session')
	want_line tigervnc <(fg_last '.findings[] |
	    select(.code == "remote.session") | .text')
	want viewer_disconnect
	want tigervnc_stop
}

# The desktop is alice's; what bob does beside it is not.
sudo_beside_a_vnc_desktop()
{
	want x11vnc_start alice 1
	want viewer_connect
	want sees x11vnc active
	as_user alice sudo -n true
	want_eq "" "$(found 'remote\.session')"
	want viewer_disconnect
	want x11vnc_stop
}

# At the machine, where somebody else's hands are on the keyboard.
sudo_at_the_seat()
{
	local out=$FG_WORK/home/alice/status

	want scope_seat alice
	want x11vnc_start alice 1
	want viewer_connect
	want sees x11vnc active
	sign_says x11vnc active .owner seat
	start_in_scope typing alice sh -c 'sudo -n true; echo $? >status'
	want fg_until 10 test -s "$out"
	want_eq 1 "$(cat "$out")"
	want_eq 'remote.session deny' "$(found 'remote\.session')"
	want_line 'seat.*x11vnc' <(fg_last '.findings[] |
	    select(.code == "remote.session") | .text')
	# Who sits there is everybody's matter.
	want_not login_finds bob 'remote\.desktop' 'remote.desktop:active deny'
	want_eq "" "$(found 'remote\.session')"
	want viewer_disconnect
	want sees x11vnc running
	rm "$out"
	start_in_scope typing alice sh -c 'sudo -n true; echo $? >status'
	want fg_until 10 test -s "$out"
	want_eq 0 "$(cat "$out")"
	want_eq "" "$(found 'remote\.session')"
	want x11vnc_stop
	scope_seat_empty
}

TREES_NEEDED="x x11vnc tigervnc viewer"
# shellcheck disable=SC2086 # a list
tree_have $TREES_NEEDED || {
	skip "VNC servers, idle and in use" "$TREE_LACKS"
	finish
}
setup_remote_gate
want_daemon
run "nothing is found where nothing is" nothing_yet
# shellcheck disable=SC2086
install_trees $TREES_NEEDED
screen_start alice 1 || echo "FAIL alice's screen"
screen_start dave 2 || echo "FAIL the screen of who looks"
run "x11vnc: idle, in use, idle again" x11vnc_shows_a_desktop
run "another user's x11vnc keeps nobody out" somebody_elses_is_logged
run "root's x11vnc counts for everybody" roots_counts_for_all
run "x11vnc on an odd port" another_port_is_no_hiding_place
run "x11vnc that calls out" it_calls_out
run "RCD-02 x11vnc under another name" renamed
run "TigerVNC that shows a desktop: idle, in use, idle again" \
    x0tigervnc_shows_a_desktop
run "sudo typed in TigerVNC's own desktop" sudo_in_a_vnc_desktop
run "sudo beside a desktop that is shown" sudo_beside_a_vnc_desktop
if scope_have; then
	run "sudo at a seat that is shown to somebody" sudo_at_the_seat
else
	skip "sudo at a seat that is shown to somebody" \
	    "no control groups to write to"
fi
if tree_have wayvnc; then
	install_trees wayvnc
	run "wayvnc: idle, in use, idle again" wayvnc_shows_a_desktop
else
	skip "wayvnc: idle, in use, idle again" "$TREE_LACKS"
fi
stop_all
finish
