# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# At the seat: alice sits down at the laptop's own keyboard, and then at one
# that she has brought along.

at_own_keyboard()
{
	want sit_down press
	want seated
	want_eq "allow alice login account console" "$(said)"
	want_eq "seat0" "$(there loginctl list-sessions --no-legend |
	    awk '$3 == "alice" && $5 == "tty1" { print $4 }')"
	want get_up
}

at_another_keyboard()
{
	want there gadget plug keyboard
	want sit_down plugged
	want seated
	want_eq "allow alice login account console" "$(said)"
	want get_up
	want there gadget unplug
}

run "before: alice logs in at the laptop's own keyboard" at_own_keyboard
run "before: and at an ordinary keyboard on USB" at_another_keyboard
