# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Devices that are plugged in and out: files in the place of /sys, on the
# private copy of the machine, as the kernel has them. There is no news of them,
# so that only the next look finds what has changed.

PLUGGED=/sys/bus/usb/devices

# Before the daemon starts, which opens it.
plugged_begin()
{
	mkdir "$FG_WORK/sys"
	mount -t tmpfs -o mode=0755 tmpfs "$FG_WORK/sys"
	mkdir -p "$FG_WORK/sys/fs"
	mount --rbind /sys/fs "$FG_WORK/sys/fs"
	mount --rbind "$FG_WORK/sys" /sys
	mkdir -p "$PLUGGED" /sys/bus/hid/devices /sys/bus/scsi/devices \
	    /sys/class/input /sys/class/drm /sys/devices/usb1
}

# No news of the kernel's comes of it: until a look of before is too old.
plugged_settle()
{
	sleep 0.25
}

# NAME VENDOR PRODUCT MAKER STRING SERIAL [INTERFACE...]: a USB device with
# interfaces such as 03/01/01, class, subclass and protocol.
plug()
{
	local name=$1 path=/sys/devices/usb1/$1 n=0 i

	mkdir "$path"
	echo "$2" >"$path/idVendor"
	echo "$3" >"$path/idProduct"
	echo 00 >"$path/bDeviceClass"
	echo removable >"$path/removable"
	echo "$4" >"$path/manufacturer"
	echo "$5" >"$path/product"
	echo "$6" >"$path/serial"
	shift 6
	for i in "$@"; do
		mkdir "$path/$name:1.$n"
		echo "${i%%/*}" >"$path/$name:1.$n/bInterfaceClass"
		echo "$i" | cut -d/ -f2 >"$path/$name:1.$n/bInterfaceSubClass"
		echo "${i##*/}" >"$path/$name:1.$n/bInterfaceProtocol"
		n=$((n + 1))
	done
	ln -s "../../../devices/usb1/$name" "$PLUGGED/$name"
}

unplug()
{
	rm -f "$PLUGGED/$1"
	rm -rf "/sys/devices/usb1/$1" "/sys/class/input/input${1##*-}"
	plugged_settle
}

# NAME KEYS RELATIVE ABSOLUTE: the input device of its first interface.
plug_input()
{
	local path=/sys/devices/usb1/$1/$1:1.0/input${1##*-}

	mkdir -p "$path/id" "$path/capabilities"
	echo 0003 >"$path/id/bustype"
	cat "/sys/devices/usb1/$1/idVendor" >"$path/id/vendor"
	cat "/sys/devices/usb1/$1/idProduct" >"$path/id/product"
	cat "/sys/devices/usb1/$1/product" >"$path/name"
	echo >"$path/uniq"
	echo 17 >"$path/capabilities/ev"
	echo "$2" >"$path/capabilities/key"
	echo "$3" >"$path/capabilities/rel"
	echo "$4" >"$path/capabilities/abs"
	ln -sfn "../..${path#/sys}" /sys/class/input/
	plugged_settle
}

KEYS="1f0000 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
BUTTONS="1f0000 0 0 0 0"

plug_keyboard()
{
	plug 1-1 046d c31c Logitech "USB Keyboard" "" 03/01/01 03/00/00
	plug_input 1-1 "$KEYS" 0 0
}

unplug_keyboard()
{
	unplug 1-1
}

# [SERIAL]
plug_mouse()
{
	plug 1-2 046d c077 Logitech "USB Optical Mouse" "${1:-0001}" 03/01/02
	plug_input 1-2 "$BUTTONS" 143 0
}

unplug_mouse()
{
	unplug 1-2
}

# It has the same strings and interfaces, and letters.
mouse_types()
{
	echo "$KEYS" >/sys/class/input/input2/capabilities/key
	plugged_settle
}

plug_kvm()
{
	plug 1-3 1d6b 0104 PiKVM "Composite KVM Device" CAFEBABE 03/01/01 \
	    03/00/00 08/06/50
	plug_input 1-3 "$KEYS" 0 3
}

unplug_kvm()
{
	unplug 1-3
}

# CONNECTOR NAME: a monitor, by an EDID of its own.
plug_monitor()
{
	local path=/sys/class/drm/card0-$1

	mkdir -p "$path"
	python3 - "$2" >"$path/edid" <<-'EOF'
	import sys
	e = bytearray(128)
	e[0:8] = bytes([0, 255, 255, 255, 255, 255, 255, 0])
	e[8:10] = (0x10ac).to_bytes(2, "big")
	e[10:12] = (0xa0c1).to_bytes(2, "little")
	e[12:16] = (7).to_bytes(4, "little")
	e[18:20] = bytes([1, 3])
	name = sys.argv[1].encode()[:13]
	name += b"\n" if len(name) < 13 else b""
	e[54:59] = bytes([0, 0, 0, 0xfc, 0])
	e[59:72] = name.ljust(13)
	e[127] = -sum(e) % 256
	sys.stdout.buffer.write(e)
	EOF
	echo connected >"$path/status"
	plugged_settle
}

unplug_monitor()
{
	rm -rf "/sys/class/drm/card0-$1"
	plugged_settle
}

unplug_all()
{
	local path

	for path in "$PLUGGED"/*; do
		[ ! -L "$path" ] || unplug "${path##*/}"
	done
	rm -rf /sys/class/drm/card*
}

# The folder that is looked into is not there any more.
hide_usb()
{
	mv "$PLUGGED" "$PLUGGED.away"
}

unhide_usb()
{
	mv "$PLUGGED.away" "$PLUGGED"
}
