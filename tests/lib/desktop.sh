# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Graphical sessions without a screen: an X server in memory for a user, and
# where its pointer is. Sourced behind fg.sh, tree.sh and started.sh.

# USER NUMBER: the user's display :NUMBER, which `stop screen-NUMBER` ends.
screen_start()
{
	install -d -m 1777 /tmp/.X11-unix
	start_as "screen-$2" "$1" Xvfb ":$2" -screen 0 800x600x24 \
	    -nolisten tcp -noreset
	fg_until 10 on_screen "$1" "$2" xdpyinfo
}

# USER NUMBER COMMAND...
on_screen()
{
	local user=$1 number=$2

	shift 2
	as_user "$user" "DISPLAY=:$number" "$@"
}

# USER NUMBER: as "X Y".
pointer()
{
	on_screen "$1" "$2" xdotool getmouselocation |
	    sed -n 's/^x:\([0-9]*\) y:\([0-9]*\) .*/\1 \2/p'
}

# USER NUMBER TITLE: windows with such a title, one a line.
windows()
{
	on_screen "$1" "$2" xdotool search --onlyvisible --name "$3" 2>/dev/null
}

# USER NUMBER TITLE X Y: move this pointer within that window.
move_in_window()
{
	local window

	window=$(windows "$1" "$2" "$3" | tail -n 1)
	[ -n "$window" ] || return 1
	on_screen "$1" "$2" xdotool windowfocus --sync "$window" || return 1
	on_screen "$1" "$2" xdotool mousemove --window "$window" \
	    $(($4 + 5)) $(($5 + 5))
	on_screen "$1" "$2" xdotool mousemove --window "$window" "$4" "$5"
}

# USER NUMBER TITLE USER NUMBER: where the first moves the pointer in the window
# of that title on their display, the second's pointer goes too.
steers()
{
	# A viewer may want a click before it hands anything on.
	move_in_window "$1" "$2" "$3" 60 60 &&
	    on_screen "$1" "$2" xdotool click 1 &&
	    steer_to 120 140 "$@" && steer_to 320 240 "$@"
}

steer_to()
{
	local before whose=$6 screen=$7

	before=$(pointer "$whose" "$screen")
	move_in_window "$3" "$4" "$5" "$1" "$2" || return 1
	fg_until 5 eval '[ "$(pointer "$whose" "$screen")" != "$before" ]'
}

# USER NUMBER TITLE TEXT: type a line into the window of that title, which hands
# it on to whatever its pointer is in.
type_in_window()
{
	local window

	window=$(windows "$1" "$2" "$3" | tail -n 1)
	[ -n "$window" ] || return 1
	on_screen "$1" "$2" xdotool windowfocus --sync "$window" \
	    type --delay 20 "$4" || return 1
	on_screen "$1" "$2" xdotool key Return
}
