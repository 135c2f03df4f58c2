#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Installs, upgrades and purges the package of build/deb in a Debian of its own:
# made once by mmdebstrap from where this machine has its packages from, kept in
# build/deb, and unpacked anew for each script, which runs in it as root, with
# processes, mounts and a loopback of its own (tests/lib/private.sh). Nothing
# of this machine is changed, and nothing is left.
#
# Usage: tests/deb/check.sh [SCRIPT...]; all of tests/deb/NN_*.sh by default.

set -euo pipefail
umask 022
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
deb=$top/build/deb
. "$top/tests/lib/debian.sh"

# What a jump host has, and what the scripts need to look at it. apt is given
# what the package depends on, and does not install it.
has=openssh-server,openssh-client,sudo,systemd,cron,login,passwd,procps
has=$has,libpam-modules,libpam-runtime,iproute2,jq,pamtester,python3

die()
{
	echo "check-deb: $*" >&2
	exit 1
}

make_root()
{
	local options suite

	suite=$(debian_suite)
	mapfile -t options < <(debian_proxies)
	echo "check-deb: making a Debian $suite"
	mmdebstrap --quiet --mode=root --format=tar --variant=minbase \
	    --include="$has" \
	    "${options[@]}" --skip=cleanup/apt/cache,cleanup/apt/lists \
	    --customize-hook='APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qq \
		-o Dpkg::Use-Pty=0 --yes --download-only install '"$package" \
	    "$suite" "$root.new" "$work/sources.list" >"$deb/root.log" 2>&1 || {
		tail -n 20 "$deb/root.log" >&2
		die "mmdebstrap has failed"
	}
	rm -f "$deb"/root-*.tar
	mv "$root.new" "$root"
}

# Made anew when what it is made of has changed; else kept.
find_root()
{
	local digest

	debian_write_sources "$work/sources.list" ||
	    die "apt knows no package of Debian's"
	digest=$(
		{
			echo "$has"
			cat "$work/sources.list"
			dpkg-deb -f "$package" Depends
			sed -n '/^make_root()/,/^}/p' "$0"
		} | sha256sum | cut -c1-16)
	root=$deb/root-$digest.tar
	[ -s "$root" ] || make_root
}

# The same tree with a higher version; what is compiled is kept.
make_next()
{
	local tree=$work/next/tree

	[ ! "$deb/next.deb" -nt "$package" ] || return 0
	mkdir "$work/next"
	cp -a "$deb/tree" "$tree"
	(
		cd "$tree"
		sed -i '1s/)/+next)/' debian/changelog
		rm -rf debian/.debhelper debian/farmgate debian/files \
		    debian/*.debhelper* debian/*-stamp debian/*.substvars
		DEB_BUILD_OPTIONS="nocheck noautodbgsym" \
		    dpkg-buildpackage -b -us -uc -nc
	) >"$deb/next.log" 2>&1 || die "the next version does not build:" \
	    "see build/deb/next.log"
	mv "$work"/next/farmgate_*+next_*.deb "$deb/next.deb"
}

# Inside -------------------------------------------------------------------

# One script in a Debian of its own, which goes away with its mount.
run_script()
{
	local at=$FG_WORK/debian rc=0

	mkdir -p "$at"
	mount -t tmpfs -o mode=0755 debian "$at"
	tar -C "$at" -xf "$FG_WORK/top/build/deb/$FG_ROOT" || exit
	mount -t proc proc "$at/proc"
	mount --rbind /dev "$at/dev"
	mount -t tmpfs -o mode=0755 run "$at/run"
	mkdir -p "$at$FG_WORK/top" "$at/run/lock" "$at/run/sshd"
	mount --rbind "$FG_WORK/top" "$at$FG_WORK/top"
	cp /etc/hosts "$at/etc/hosts"
	chroot "$at" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
	    TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
	    FG_PRIVATE=1 FG_WORK="$FG_WORK" FG_TOP="$FG_TOP" \
	    FG_BUILD="$FG_BUILD" FG_DEBIAN=1 "$FG_TOP/tests/deb/$1.sh" || rc=$?
	# shellcheck disable=SC2046 # a number each
	kill -9 $(processes_in "$at") 2>/dev/null || :
	umount -l "$at"		# gone with the last of them
	return "$rc"
}

# FOLDER: those that have it as their root.
processes_in()
{
	local p

	for p in /proc/[0-9]*; do
		[ "$(readlink "$p/root")" != "$1" ] || echo "${p#/proc/}"
	done
}

inside()
{
	local failed=0 script

	FG_ROOT=$1
	shift
	for script in "$@"; do
		echo "--- $script"
		run_script "$script" || failed=1
	done
	exit "$failed"
}

[ "${1:-}" != --inside ] || { shift; inside "$@"; }

[ "$(id -u)" -eq 0 ] || die "needs root"
package=$(echo "$deb"/farmgate_*.deb)
[ -e "$package" ] || die "no package in build/deb: make deb"
if [ $# -eq 0 ]; then
	set -- "$top"/tests/deb/[0-9]*.sh
	set -- "${@##*/}"
	set -- "${@%.sh}"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find_root
make_next
"$top/tests/lib/private.sh" "$top/tests/deb/check.sh" --inside \
    "${root##*/}" "$@"
