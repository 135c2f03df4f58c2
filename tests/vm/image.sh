#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Makes the disk of check-vm's laptop: a Debian with its own kernel, made once
# by mmdebstrap from where this machine has its packages from, and in it
# Farmgate's package of build/deb, installed as an administrator installs it.
# What cannot have changed is kept in build/vm: the Debian without the package,
# the disk with it, and the keys. No loop device and no mount of this machine's
# is used.

set -euo pipefail
umask 022
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
vm=$top/build/vm
deb=$top/build/deb
. "$top/tests/lib/debian.sh"

# What a laptop has, as far as a login needs it; Debian's full kernel, as its
# cloud kernel has neither USB gadgets nor displays.
has=linux-image-amd64,initramfs-tools,systemd-sysv,udev,dbus,libpam-systemd
has=$has,openssh-server,openssh-client,sudo,login,passwd,kmod,iproute2,procps
has=$has,jq,ifupdown,less,nano

# Drivers of things that no virtual machine has are most of a kernel's size.
without="drivers/net/wireless drivers/net/ethernet drivers/infiniband
drivers/media drivers/gpu/drm/amd drivers/gpu/drm/nouveau drivers/gpu/drm/i915
drivers/gpu/drm/radeon sound fs/ocfs2 fs/xfs fs/btrfs"

# What its own initramfs needs to find the disk, and no more: run by mmdebstrap.
initramfs='mkdir -p "$1/etc/initramfs-tools/conf.d" \
    "$1/usr/share/initramfs-tools/modules.d" &&
echo MODULES=list >"$1/etc/initramfs-tools/conf.d/laptop" &&
printf "%s\n" virtio_pci virtio_blk ext4 \
    >"$1/usr/share/initramfs-tools/modules.d/laptop"'

die()
{
	echo "check-vm: $*" >&2
	exit 1
}

# The names of what the package depends on, the first of each choice.
depends()
{
	dpkg-deb -f "$package" Depends | tr ',' '\n' |
	    sed 's/|.*//; s/([^)]*)//g; s/[[:space:]]//g'
}

make_root()
{
	local d options

	mapfile -t options < <(
		debian_proxies
		for d in $without; do
			echo "--dpkgopt=path-exclude=/lib/modules/*/kernel/$d/*"
		done
		for d in doc man locale; do
			echo "--dpkgopt=path-exclude=/usr/share/$d/*"
		done)
	echo "check-vm: making a Debian $(debian_suite)"
	mmdebstrap --quiet --mode=root --format=tar --variant=minbase \
	    --include="$has,$(depends | paste -sd,)" "${options[@]}" \
	    --essential-hook="$initramfs" \
	    "$(debian_suite)" "$root.new" "$work/sources.list" \
	    >"$vm/root.log" 2>&1 || {
		tail -n 20 "$vm/root.log" >&2
		die "mmdebstrap has failed"
	}
	rm -f "$vm"/root-*.tar
	mv "$root.new" "$root"
}

# Digests of what each is made of.
root_digest()
{
	{
		echo "$has $without $initramfs"
		cat "$work/sources.list"
		depends
		declare -f make_root
	} | sha256sum | cut -c1-16
}

disk_digest()
{
	{
		echo "${root##*/}"
		sha256sum <"$package"
		cat "$top"/tests/vm/{laptop,gadget}.sh "$vm"/keys/*.pub
		declare -f make_disk
	} | sha256sum | cut -c1-16
}

# One for each who logs in, and for the machine's other door.
make_keys()
{
	local name

	[ ! -d "$vm/keys" ] || return 0
	rm -rf "$vm/keys.new"
	mkdir -m 0700 "$vm/keys.new"
	for name in alice carol control host; do
		ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$vm/keys.new/$name"
	done
	mv "$vm/keys.new" "$vm/keys"
}

# Everything that the installation starts ends with its processes.
make_disk()
{
	local tree=$work/laptop

	echo "check-vm: installing ${package##*/} into it"
	mkdir "$tree"
	tar -C "$tree" -xf "$root"
	cp "$package" "$tree/farmgate.deb"
	cp "$top/tests/vm/laptop.sh" "$tree/laptop.sh"
	cp -r "$vm/keys" "$tree/keys"
	install -m 0755 "$top/tests/vm/gadget.sh" "$tree/usr/local/sbin/gadget"
	unshare --mount --pid --net --uts --ipc --fork --kill-child \
	    --propagation private sh -c '
		mount -t proc proc "$1/proc" &&
		exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		    LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive \
		    sh /laptop.sh' sh "$tree" >"$vm/disk.log" 2>&1 </dev/null || {
		tail -n 20 "$vm/disk.log" >&2
		die "the laptop cannot be set up"
	}
	rm -rf "$tree/laptop.sh" "$tree/farmgate.deb" "$tree/keys"
	cp "$tree"/boot/vmlinuz-* "$vm/vmlinuz"
	cp "$tree"/boot/initrd.img-* "$vm/initrd"
	mke2fs -q -t ext4 -L laptop -O ^has_journal -E root_owner=0:0 \
	    -d "$tree" "$disk.new" 2G >>"$vm/disk.log" 2>&1
	rm -rf "$tree" "$vm"/disk-*.img
	mv "$disk.new" "$disk"
}

[ "$(id -u)" -eq 0 ] || die "needs root"
[ "$(dpkg --print-architecture)" = amd64 ] || die "the laptop is an amd64"
package=$(echo "$deb"/farmgate_*.deb)
[ -e "$package" ] || die "no package in build/deb: make deb"
mkdir -p "$vm"
work=$(mktemp -d "$vm/work.XXXXXX")
trap 'rm -rf "$work" "$vm"/*.new' EXIT
debian_write_sources "$work/sources.list" ||
    die "apt knows no package of Debian's"
make_keys
root=$vm/root-$(root_digest).tar
[ -s "$root" ] || make_root
disk=$vm/disk-$(disk_digest).img
[ -s "$disk" ] || make_disk
ln -sfn "${disk##*/}" "$vm/disk"
