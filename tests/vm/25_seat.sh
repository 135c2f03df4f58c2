# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# At the seat: alice sits down at the laptop's own keyboard, and then at one
# that she has brought along.

# What stands on the screen of the first console.
on_screen()
{
	there_until 30 grep -q -- "$1" /dev/vcs1
}

# TEXT...: keys of the laptop's own keyboard, as qemu names them; "ret" ends it.
press()
{
	local i keys=() word

	for word in "$@"; do
		for ((i = 0; i < ${#word}; i++)); do
			keys+=("sendkey ${word:i:1}")
		done
		keys+=("sendkey ret")
	done
	keys=("${keys[@]/%-/minus}")
	vm_monitor "${keys[@]}"
}

# HOW: by which keyboard: "press", or "plugged", the one on USB.
plugged()
{
	local word

	for word in "$@"; do
		there "gadget type '$word'\$'\\n'"
	done
}

sit_down()
{
	there systemctl restart getty@tty1
	on_screen 'laptop login: ' && "$1" alice && on_screen 'Password: ' &&
	    "$1" alice-pw
}

# Whether alice has a shell at the seat.
seated()
{
	there_until 30 pgrep -u alice -t tty1 bash
}

get_up()
{
	there pkill -HUP -u alice -t tty1 bash
	there_until 30 eval '! pgrep -u alice -t tty1 bash'
}

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
