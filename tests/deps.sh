#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Installs from Debian what building, testing, the demo or the bench needs and
# this machine lacks; apt is not called when nothing is missing. Usage:
# tests/deps.sh [build|demo|check|bench], each includes the ones before it.
#
# It never installs openssh-server, which would start a public sshd on a
# machine that has none: the program is unpacked into build/tools instead.

set -eu
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

top=$(cd "$(dirname "$0")/.." && pwd)
tools=$top/build/tools

build="gcc libc6-dev binutils make pkg-config libpam0g-dev libcap-dev
libmaxminddb-dev libconfuse-dev libevent-dev libseccomp-dev libjansson-dev
libsodium-dev libsqlite3-dev"
demo="pamtester jq perl libmaxmind-db-writer-perl mmdb-bin python3
openssh-client libwrap0 sudo sshpass iproute2 util-linux mount passwd login
procps tzdata"
check="libcmocka-dev mandoc strace python3-paramiko tmux clang-format clang
valgrind git rsync"
bench="libpam-geoip libpam-modules"

usage()
{
	echo "usage: tests/deps.sh [build|demo|check|bench]" >&2
	exit 2
}

# Packages of the list that are not installed.
missing()
{
	for p in "$@"; do
		case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
		"install ok installed") ;;
		*) echo "$p" ;;
		esac
	done
}

apt_update()
{
	[ -z "${updated:-}" ] || return 0
	updated=1
	apt-get -qq update || echo "deps: apt-get update failed, going on" >&2
}

have_sshd()
{
	[ -x /usr/sbin/sshd ] || [ -x "$tools/usr/sbin/sshd" ]
}

# Its libraries are Debian's own and installed above; only libwrap0 is not on
# every machine.
unpack_sshd()
{
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	apt_update
	(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download \
	    openssh-server openssh-sftp-server)
	mkdir -p "$tools"
	for deb in "$work"/*.deb; do
		dpkg-deb -x "$deb" "$tools"
	done
	if ldd "$tools/usr/sbin/sshd" | grep 'not found' >&2; then
		echo "deps: the unpacked sshd lacks the libraries above" >&2
		exit 1
	fi
	echo "deps: sshd unpacked into build/tools, not installed"
}

case ${1:-build} in
build)	want=$build ;;
demo)	want="$build $demo" ;;
check)	want="$build $demo $check" ;;
bench)	want="$build $demo $check $bench" ;;
*)	usage ;;
esac

command -v dpkg-query >/dev/null || {
	echo "deps: this is not Debian; install by hand: $want" >&2
	exit 1
}

# shellcheck disable=SC2086 # the lists are meant to be split
lacking=$(missing $want)
sshd=
if [ "${1:-build}" != build ] && ! have_sshd; then
	sshd=1
fi
if [ -z "$lacking" ] && [ -z "$sshd" ]; then
	exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "deps: missing, and only root can install:" $lacking \
	    ${sshd:+"sshd (unpacked from openssh-server)"} >&2
	exit 1
fi
if [ -n "$lacking" ]; then
	echo "deps: installing" $lacking
	apt_update
	# shellcheck disable=SC2086
	apt-get -qq -o Dpkg::Use-Pty=0 install --no-install-recommends -y \
	    $lacking >/dev/null </dev/null
fi
[ -z "$sshd" ] || unpack_sshd
