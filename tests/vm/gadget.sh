#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Runs as root in check-vm's laptop: plugs USB devices in that exist nowhere
# but in its kernel, which has both ends of the cable (dummy_hcd, configfs).
# The laptop sees a device like any other.
#
# Usage: gadget plug pikvm|disguised|keyboard | unplug | type TEXT |
#	       screen pikvm|own
#
# pikvm		what a PiKVM says of itself, with its keyboard, its mouse and its
#		drive
# disguised	the same, with the identity of somebody's keyboard
# keyboard	that keyboard: one interface, and nothing else
#
# "type" presses the keys of small letters, digits, "-" and new lines on the
# device's keyboard: what then happens on the laptop is its own doing. "screen"
# has the display say that it is a PiKVM's, or again what it is.

set -eu
gadget=/sys/kernel/config/usb_gadget/check-vm

die()
{
	echo "gadget: $*" >&2
	exit 1
}

# BYTE...: in hexadecimal, written at once: a report is one write. The shell's
# own printf writes anew behind each 0a.
bytes()
{
	/usr/bin/printf '%b' "$(printf '\\x%s' "$@")"
}

# A keyboard as firmware knows it: eight modifiers, a byte, five lamps, six
# keys.
keyboard_report()
{
	bytes 05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 \
	    81 02 95 01 75 08 81 03 95 05 75 01 05 08 19 01 29 05 91 02 95 01 \
	    75 03 91 03 95 06 75 08 15 00 25 65 05 07 19 00 29 65 81 00 c0
}

# Three buttons and a place on the screen, which an ordinary mouse cannot know.
mouse_report()
{
	bytes 05 01 09 02 a1 01 09 01 a1 00 05 09 19 01 29 03 15 00 25 01 75 01 \
	    95 03 81 02 75 05 95 01 81 03 05 01 09 30 09 31 16 00 00 26 ff 7f \
	    75 10 95 02 81 02 c0 c0
}

# NAME PROTOCOL LENGTH: a HID function; its report descriptor from stdin.
hid()
{
	local f=$gadget/functions/hid.$1

	mkdir "$f"
	echo "$2" >"$f/protocol"
	echo 1 >"$f/subclass"
	echo "$3" >"$f/report_length"
	cat >"$f/report_desc"
	ln -s "$f" "$gadget/configs/c.1/"
}

# INQUIRY: a drive with a disc in it.
drive()
{
	local f=$gadget/functions/mass_storage.drive

	truncate -s 1M /run/check-vm.iso
	mkdir "$f"
	echo 1 >"$f/lun.0/cdrom"
	echo 1 >"$f/lun.0/removable"
	echo "$1" >"$f/lun.0/inquiry_string"
	echo /run/check-vm.iso >"$f/lun.0/file"
	ln -s "$f" "$gadget/configs/c.1/"
}

# VENDOR PRODUCT MANUFACTURER NAME [SERIAL]
device()
{
	mkdir "$gadget"
	echo "$1" >"$gadget/idVendor"
	echo "$2" >"$gadget/idProduct"
	echo 0x0200 >"$gadget/bcdUSB"
	echo 0x0100 >"$gadget/bcdDevice"
	mkdir "$gadget/strings/0x409" "$gadget/configs/c.1"
	echo "$3" >"$gadget/strings/0x409/manufacturer"
	echo "$4" >"$gadget/strings/0x409/product"
	[ -z "${5:-}" ] || echo "$5" >"$gadget/strings/0x409/serialnumber"
	echo 250 >"$gadget/configs/c.1/MaxPower"
}

kvm_functions()
{
	keyboard_report | hid keyboard 1 8
	mouse_report | hid mouse 2 5
	drive "$1"
}

plug()
{
	local udc

	modprobe -a dummy_hcd libcomposite
	mountpoint -q /sys/kernel/config ||
	    mount -t configfs configfs /sys/kernel/config
	[ ! -d "$gadget" ] || die "something is plugged in: unplug it first"
	case $1 in
	pikvm)
		device 0x1d6b 0x0104 PiKVM "PiKVM Composite Device" CAFEBABE
		kvm_functions "PiKVM   Optical Drive   0100"
		;;
	disguised)
		device 0x046d 0xc31c Logitech "USB Keyboard"
		kvm_functions "GENERIC Optical Drive   0100"
		;;
	keyboard)
		device 0x046d 0xc31c Logitech "USB Keyboard"
		keyboard_report | hid keyboard 1 8
		;;
	*)	die "no device $1" ;;
	esac
	udc=$(ls /sys/class/udc)
	echo "${udc%% *}" >"$gadget/UDC"
}

# The disc is taken out first: the drive's thread may be reading it.
unplug()
{
	local d

	[ -d "$gadget" ] || die "nothing is plugged in"
	for d in "$gadget"/functions/mass_storage.*; do
		[ ! -d "$d" ] || echo 1 >"$d/lun.0/forced_eject"
	done
	echo >"$gadget/UDC"
	rm "$gadget"/configs/c.1/*.*
	rmdir "$gadget/configs/c.1" "$gadget"/functions/* \
	    "$gadget/strings/0x409" "$gadget"
	rm -f /run/check-vm.iso
}

# CHARACTER: its key's number in hexadecimal, by the table of HID usages.
key_of()
{
	local digits=1234567890 letters=abcdefghijklmnopqrstuvwxyz before

	case $1 in
	[a-z])	before=${letters%%"$1"*}
		printf '%02x' $((4 + ${#before})) ;;
	[0-9])	before=${digits%%"$1"*}
		printf '%02x' $((30 + ${#before})) ;;
	$'\n')	printf '28' ;;
	-)	printf '2d' ;;
	*)	die "no key for $1" ;;
	esac
}

# FILE TEXT: each key pressed, and let go again at once: on a slow machine one
# that is held for a moment would repeat.
type_text()
{
	local i

	for ((i = 0; i < ${#2}; i++)); do
		bytes 00 00 "$(key_of "${2:i:1}")" 00 00 00 00 00 \
		    00 00 00 00 00 00 00 00
	done | dd of="$1" bs=8 iflag=fullblock status=none
}

# The display's own EDID with PiKVM's maker, product and name in it. The kernel
# shows it in place of what it has read; the plug is pulled and put back, which
# is when it tells of it.
screen()
{
	local card=/sys/class/drm/card0-Virtual-1
	local override=/sys/kernel/debug/dri/0/Virtual-1/edid_override

	[ -s /run/check-vm.edid ] || cat "$card/edid" >/run/check-vm.edid
	case $1 in
	own)	cat /run/check-vm.edid >"$override" ;;
	pikvm)	pikvm_edid /run/check-vm.edid >"$override" ;;
	*)	die "no display $1" ;;
	esac
	echo off >"$card/status"
	echo on >"$card/status"
	echo detect >"$card/status"
}

# FILE: its first block; no others follow.
pikvm_edid()
{
	local edid i n=0

	# shellcheck disable=SC2207 # a number each
	edid=($(od -An -v -tx1 -N 126 "$1") 00)
	edid[8]=31 edid[9]=d8 edid[10]=73 edid[11]=77
	for i in 00 00 00 fc 00 50 69 4b 56 4d 0a 20 20 20 20 20 20 20; do
		edid[108 + n]=$i
		n=$((n + 1))
	done
	n=0
	for i in "${edid[@]}"; do
		n=$((n + 0x$i))
	done
	bytes "${edid[@]}" "$(printf %02x $(((256 - n % 256) % 256)))"
}

case ${1:-} in
plug)	plug "${2:-}" ;;
unplug)	unplug ;;
type)
	[ -d "$gadget" ] || die "nothing is plugged in"
	type_text "/dev/char/$(cat "$gadget/functions/hid.keyboard/dev")" "$2"
	;;
screen)	screen "${2:-}" ;;
*)	sed -n 's/^# Usage: /usage: /p' "$0" >&2; exit 2 ;;
esac
