# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Files in the place of /sys, as the kernel has them of a laptop in a dock, with
# its serial numbers. Sourced behind plugged.sh; plugged_begin comes first.
# umockdev, by which unit tests show machines, is not for a daemon that runs as
# it is installed: what it preloads calls getcwd, which the filter refuses, and
# its folder is root's alone, so that the scanner, who is not root any more,
# cannot look there.

PCI=/sys/devices/pci0000:00
DMI=/sys/devices/virtual/dmi/id
SERIAL=PF2QWERTZ
DISK=S5GXNX0T123456
MACHINE_ID=0123456789abcdef0123456789abcdef

# FOLDER NAME=VALUE...: files of a device.
device()
{
	local folder=$1 file

	mkdir -p "$folder"
	shift
	for file in "$@"; do
		echo "${file#*=}" >"$folder/${file%%=*}"
	done
}

# CLASS FOLDER: the link that leads to it.
in_class()
{
	mkdir -p "/sys/$1"
	ln -sfn "$(realpath --relative-to "/sys/$1" "$2")" "/sys/$1/${2##*/}"
}

# CONTROLLER NAME NUMBER: an NVMe disk.
disk()
{
	device "$PCI/$1/nvme/nvme0" "serial=$3      "
	device "$PCI/$1/nvme/nvme0/$2" removable=0
	ln -sfn ../../nvme0 "$PCI/$1/nvme/nvme0/$2/device"
	in_class block "$PCI/$1/nvme/nvme0/$2"
}

# FOLDER NAME ADDRESS: a network card.
card()
{
	device "$1/net/$2" type=1 addr_assign_type=0 "address=$3"
	ln -sfn ../.. "$1/net/$2/device"
	in_class class/net "$1/net/$2"
}

be_laptop()
{
	device "$DMI" sys_vendor=LENOVO product_name=20XW004AGE \
	    "product_serial=$SERIAL" board_serial=L1HF16B00XY \
	    product_uuid=2c4f9e4c-3a51-11b2-a85c-8d1f2e3b4c5d \
	    "chassis_serial=Not Available"
	chmod 0400 "$DMI"/*_serial "$DMI/product_uuid"
	in_class class/dmi "$DMI"
	disk 0000:3d:00.0 nvme0n1 "$DISK"
	card "$PCI/0000:00:1f.6" enp0s31f6 8c:16:45:0a:1b:2c
	card "$PCI/0000:00:14.3" wlp0s20f3 f8:94:c2:11:22:33
	card "$PCI/0000:00:14.0/usb2/2-3/2-3:1.0" enx482ae3010203 \
	    48:2a:e3:01:02:03
	echo "$MACHINE_ID" >/etc/machine-id
}
