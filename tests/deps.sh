#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Installs from Debian what building, testing, the demo or the bench needs and
# this machine lacks; apt is not called when nothing is missing. Usage:
# tests/deps.sh [build|demo|check|bench], each includes the ones before it.
#
# It never installs openssh-server or cron, which would start a public sshd, or
# jobs, on a machine that has none: the programs are unpacked into build/tools
# instead.

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

# PROGRAM: installed, or unpacked before.
have()
{
	[ -x "/$1" ] || [ -x "$tools/$1" ]
}

# PROGRAM PACKAGE...: its libraries are Debian's own and on every machine, or
# installed above.
unpack()
{
	program=$1 debs=$work/${1##*/}
	shift
	apt_update
	mkdir "$debs"
	(cd "$debs" && apt-get -qq -o APT::Sandbox::User=root download "$@") ||
	    return 1
	mkdir -p "$tools"
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$tools" || return 1
	done
	if ldd "$tools/$program" | grep 'not found' >&2; then
		echo "deps: the unpacked $program lacks the libraries above" >&2
		return 1
	fi
	echo "deps: $program unpacked into build/tools, not installed"
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
sshd= cron=
case ${1:-build} in
check|bench)
	have usr/sbin/cron || cron=1 ;;
esac
case ${1:-build} in
demo|check|bench)
	have usr/sbin/sshd || sshd=1 ;;
esac
if [ -z "$lacking$sshd$cron" ]; then
	exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "deps: missing, and only root can install:" $lacking \
	    ${sshd:+"sshd (unpacked from openssh-server)"} \
	    ${cron:+"cron (unpacked)"} >&2
	exit 1
fi
if [ -n "$lacking" ]; then
	echo "deps: installing" $lacking
	apt_update
	# shellcheck disable=SC2086
	apt-get -qq -o Dpkg::Use-Pty=0 install --no-install-recommends -y \
	    $lacking >/dev/null </dev/null
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "$sshd" ]; then
	unpack usr/sbin/sshd openssh-server openssh-sftp-server || exit 1
fi
if [ -n "$cron" ]; then
	unpack usr/sbin/cron cron || echo "deps: no cron: its test is skipped" >&2
fi
