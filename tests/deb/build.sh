#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds Debian's package from a clean copy of the tree, has it judged by
# lintian and hardening-check, and builds it once more elsewhere, at another
# time, with another umask, locale and time zone: both must be the same, byte
# by byte. The packages are in build/deb then, the first copy in
# build/deb/tree.

set -euo pipefail
umask 022
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
out=$top/build/deb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die()
{
	echo "deb: $*" >&2
	exit 1
}

# The tree without what was built in it, once: both builds are of the same.
pack_tree()
{
	tar -C "$top" --exclude=./build --exclude='./build-*' --exclude=./.git \
	    --exclude=./.cache --exclude='*.mmdb' -cf "$work/tree.tar" .
}

# DIR
copy_tree()
{
	mkdir -p "$1"
	tar -C "$1" -xf "$work/tree.tar" --no-same-owner --touch
}

# DIR LOG [COMMAND...]: build there, by way of the command.
build_in()
{
	local dir=$1 log=$2

	shift 2
	(cd "$dir" && "$@" dpkg-buildpackage -b -us -uc) >"$log" 2>&1 || {
		tail -n 40 "$log" >&2
		die "the package does not build in $dir"
	}
}

build_once()
{
	copy_tree "$out/tree"
	DEB_BUILD_OPTIONS="parallel=$(nproc)" build_in "$out/tree" \
	    "$out/build.log"
}

build_again()
{
	local dir="$work/somewhere else entirely/tree"

	dir=${dir// /-}
	(
		umask 077
		copy_tree "$dir"
		chmod 0755 "$work"
		export LC_ALL=C LANG=de_DE.UTF-8 TZ=XYZ-13 HOME=/nonexistent
		DEB_BUILD_OPTIONS="parallel=$(nproc) nocheck" build_in "$dir" \
		    "$work/again.log" faketime -f +400d
	)
	again=${dir%/*}
}

compare()
{
	local deb

	for deb in "$out"/*.deb; do
		cmp "$deb" "$again/${deb##*/}" ||
		    die "${deb##*/} is another one when it is built again"
	done
	echo "deb: built twice, the same: $(cd "$out" && sha256sum ./*.deb |
	    sed 's/^\(.\{16\}\)[^ ]* *\.\//\1 /' | paste -sd ',')"
}

lint()
{
	lintian --allow-root --fail-on error,warning "$out"/*.changes ||
	    die "lintian has found something"
	echo "deb: lintian has nothing to say"
}

# FILE: how many of its units the compiler made with these flags, and without.
# That is asked of them because hardening-check looks for one form of probes
# alone, and for a property that the linker drops where the C library's own
# start files lack it, as Debian's do.
compiled_with()
{
	readelf --debug-dump=info "$1" 2>/dev/null |
	    sed -n 's/.*DW_AT_producer.*: //p' >"$work/units"
	[ -s "$work/units" ] || die "${1##*/} has no debugging symbols"
	! grep -v -e -fstack-clash-protection "$work/units" >&2 || return 1
	[ "$(dpkg --print-architecture)" != amd64 ] ||
	    ! grep -v -e -fcf-protection=full "$work/units" >&2
}

# A shared object has no position-independent program in it to be asked for.
hardened()
{
	local file

	for file in "$out"/tree/build/{farmgate-policyd,farmgatectl} \
	    "$out"/tree/build/pam_farmgate.so; do
		hardening-check "$file" >"$work/hardening" || :
		! grep '^ ' "$work/hardening" |
		    grep -vE ': yes|\(ignored\)$|^ (Stack clash|Control flow)' ||
		    die "${file##*/} lacks the above"
		[ "$(grep -c ': yes' "$work/hardening")" -ge 4 ] ||
		    die "hardening-check does not know ${file##*/}"
		compiled_with "$file" || die "the above is in ${file##*/}"
	done
	echo "deb: hardening-check says yes, and so did the compiler"
}

# What check.sh keeps there stays: its Debian takes minutes to make.
rm -rf "$out/tree" "$out"/*.deb "$out"/*.changes "$out"/*.buildinfo
mkdir -p "$out"
pack_tree
build_once
lint
hardened
build_again
compare
