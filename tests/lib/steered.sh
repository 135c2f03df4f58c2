# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# An issued laptop that somebody steers from elsewhere: alice sits at it, x11vnc
# shows her desktop, and a viewer on dave's display, which stands for another
# machine, types into a terminal there. Sourced behind issued.sh and
# remote_vnc.sh, and what these are sourced behind.

STEERED_TREES="x x11vnc viewer"
STEERED_HOME=$FG_WORK/home/alice

# Else the reason is in $STEERED_LACKS.
steered_have()
{
	# shellcheck disable=SC2086 # a list
	tree_have $STEERED_TREES || {
		STEERED_LACKS=$TREE_LACKS
		return 1
	}
	STEERED_LACKS="there are no control groups to write to"
	scope_have
}

# Before the laptop begins, which keeps the /usr that there is.
steered_prepare()
{
	# shellcheck disable=SC2086
	tree_install $STEERED_TREES
}

steered_begin()
{
	screen_start alice 1 && screen_start dave 2 && scope_seat alice &&
	    steered_terminal && x11vnc_start alice 1 && viewer_connect &&
	    viewer_steers alice 1
}

# In alice's session at the seat, and on the laptop.
steered_terminal()
{
	START_UNDER=(nsenter -t "$LAPTOP_PID" -m --)
	start_in_scope terminal alice DISPLAY=:1 \
	    "SSH_ASKPASS=$FG_BIN/farmgate-attest" SSH_ASKPASS_REQUIRE=force \
	    xterm -fn fixed -geometry 130x60+0+0 -T terminal \
	    -e bash --norc --noprofile
	START_UNDER=()
	fg_until 10 windows alice 1 terminal
}

# LINE: she types it herself.
alice_types()
{
	type_in_window alice 1 terminal "$1"
}

# HOW COMMAND: it is typed, by viewer_types or alice_types. Its exit status is in
# $STEERED_RC, and what it has said in $FG_WORK/steered.
steered_run()
{
	local said=$STEERED_HOME/said rc=$STEERED_HOME/rc

	rm -f "$said" "$rc"
	"$1" "cd; $2 >said 2>&1; echo \$? >rc" &&
	    fg_until 30 test -s "$rc" || return 1
	STEERED_RC=$(cat "$rc")
	tr -d '\r' <"$said" >"$FG_WORK/steered"
}

steered_end()
{
	viewer_disconnect
	x11vnc_stop
	stop terminal
	stop screen-1
	stop screen-2
	scope_seat_empty
}
