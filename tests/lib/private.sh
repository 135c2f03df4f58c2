#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Runs a command as root on a private copy of this machine's login system:
# own mount, pid, network and host name, own /etc, /run, /dev, /tmp, /var/log
# and /var/lib, own users. Nothing that the command does to these reaches the
# machine, and every process ends with it. Afterwards the machine is compared
# with what it was; a difference is said and makes the exit status 70.
#
# Usage: tests/lib/private.sh COMMAND [ARGUMENT ...]
# Environment: BUILD (default build), FG_QUIET=1 to say nothing when unchanged.

set -euo pipefail
umask 022
export LC_ALL=C.UTF-8

top=$(cd "$(dirname "$0")/../.." && pwd -P)
build=${BUILD:-build}

die()
{
	echo "private: $*" >&2
	exit 69
}

# What the machine must still look like afterwards.
snapshot()
{
	find /etc /usr/lib/*/security -xdev -printf '%p %y %m %U %G %T@ %s %l\n'
	find /etc -xdev -type f -exec sha256sum {} +
	find /home /run/farmgate /run/farmgate-test /run/sshd /run/sudo \
	    /var/lib/farmgate /var/log/farmgate /var/lib/sudo \
	    -maxdepth 2 -printf '%p %y %m %U %G %s\n' 2>/dev/null || true
}

sorted_snapshot()
{
	snapshot | sort
}

# Processes that still see the mounts of this run.
left_over()
{
	local p

	for p in $(grep -lsF "$1" /proc/[0-9]*/mountinfo); do
		p=${p%/mountinfo}
		echo "process ${p#/proc/} is still running"
	done
}

outer()
{
	local rc=0 t

	[ "$(id -u)" -eq 0 ] || die "needs root"
	t=$(mktemp -d "${TMPDIR:-/tmp}/farmgate.XXXXXX")
	# shellcheck disable=SC2064 # expanded now on purpose
	trap "rm -rf '$t'" EXIT
	trap : INT TERM
	mkdir "$t/stage"
	sorted_snapshot >"$t/before"
	FG_STAGE=$t/stage FG_TOP=$top FG_BUILD=$build \
	    unshare --mount --pid --net --uts --fork --kill-child \
	    --mount-proc --propagation private "$0" --inside "$@" || rc=$?
	sorted_snapshot >"$t/after"
	left_over "$t/stage" >>"$t/after"
	if ! diff "$t/before" "$t/after" >"$t/diff"; then
		echo "private: this machine is NOT as it was:" >&2
		cat "$t/diff" >&2
		exit 70
	fi
	if [ -z "${FG_QUIET:-}" ]; then
		echo "this machine is as it was: $(wc -l <"$t/before")" \
		    "names and checksums compared, no process left"
	fi
	exit "$rc"
}

private_dev()
{
	local n

	mkdir -p "$t/dev/pts" "$t/dev/shm"
	for n in null zero full random urandom tty; do
		: >"$t/dev/$n"
		mount --bind "/dev/$n" "$t/dev/$n"
	done
	mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 \
	    devpts "$t/dev/pts"
	ln -s pts/ptmx "$t/dev/ptmx"
	ln -s /proc/self/fd "$t/dev/fd"
	for n in 0:stdin 1:stdout 2:stderr; do
		ln -s "/proc/self/fd/${n%:*}" "$t/dev/${n#*:}"
	done
	mount -t tmpfs -o mode=1777 tmpfs "$t/dev/shm"
	mount --rbind "$t/dev" /dev
}

# Covers each folder; the repository stays reachable wherever it lies.
private_mounts()
{
	local t=$FG_STAGE

	mount -t tmpfs -o mode=0755 tmpfs "$t"
	mkdir -p "$t/run/farmgate-test/top" "$t/varlog" "$t/varlib/sudo"
	mkdir -m 1777 "$t/tmp"
	cp -a /etc "$t/etc"
	mount --bind "$FG_TOP" "$t/run/farmgate-test/top"
	mount -o remount,bind,ro "$t/run/farmgate-test/top"
	private_dev
	mount --bind "$t/varlog" /var/log
	mount --bind "$t/varlib" /var/lib
	mount --bind "$t/etc" /etc
	mount --rbind "$t/run" /run
	mount --bind "$t/tmp" /tmp
}

add_group()
{
	sed -i "/^$1:/d" /etc/group
	echo "$1:x:$2:${3:-}" >>/etc/group
}

# NAME UID GID PASSWORD SHELL; the home is in the private /run.
add_user()
{
	local hash='*' home=$FG_WORK/home/$1

	[ -z "$4" ] || hash=$(perl -e 'print crypt($ARGV[0], "\$6\$farmgate")' "$4")
	sed -i "/^$1:/d" /etc/passwd
	sed -i "/^$1:/d" /etc/shadow
	echo "$1:x:$2:$3::$home:$5" >>/etc/passwd
	echo "$1:$hash:19000:0:99999:7:::" >>/etc/shadow
	mkdir -p "$home"
	chown "$2:$3" "$home"
	chmod 0700 "$home"
}

private_users()
{
	local n=4201 name

	rm -f /etc/nologin
	for name in alice bob carol dave; do
		add_group "$name" "$n"
		add_user "$name" "$n" "$n" "$name-pw" /bin/bash
		n=$((n + 1))
	done
	add_group staff 50 alice,bob
	add_group farmgate 4211
	add_group farmgate-scan 4212
	add_group farmgate-admin 4213 carol
	add_group farmgate-audit 4214 dave
	add_group farmgate-hooks 4216
	add_user farmgate 4211 4211 "" /usr/sbin/nologin
	add_user farmgate-scan 4212 4212 "" /usr/sbin/nologin
	add_user farmgate-hooks 4216 4216 "" /usr/sbin/nologin
	grep -q '^sshd:' /etc/passwd ||
	    add_user sshd 4215 65534 "" /usr/sbin/nologin
	printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' \
	    >/etc/nsswitch.conf
	rm -f /etc/resolv.conf
	printf '127.0.0.1 localhost jumphost\n::1 localhost\n' >/etc/hosts
	hostname jumphost
	rm -rf /etc/sudoers /etc/sudoers.d /etc/pam.d /etc/farmgate
	mkdir -m 0755 /etc/pam.d /etc/farmgate
}

private_folders()
{
	mkdir -p /run/sshd /run/lock /run/user "$FG_WORK/root" "$FG_WORK/bin"
	install -d -m 0755 /run/farmgate
	install -d -m 0700 -o farmgate -g farmgate /var/lib/farmgate
	install -d -m 2750 -o farmgate -g adm /var/log/farmgate
	: >/var/log/wtmp
	: >/var/log/btmp
	: >/var/log/lastlog
	: >/run/utmp
}

# Where a file of the repository is inside: its own place may be covered.
reachable()
{
	case $1 in
	"$FG_TOP"/*) echo "$FG_WORK/top${1#"$FG_TOP"}" ;;
	*)	echo "$1" ;;
	esac
}

inside()
{
	local command

	private_mounts
	FG_WORK=/run/farmgate-test
	ip link set lo up
	private_users
	private_folders
	command=$(reachable "$1")
	shift
	cd /
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$FG_WORK/root" \
	    TERM="${TERM:-dumb}" LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 \
	    FG_PRIVATE=1 FG_WORK="$FG_WORK" FG_TOP="$FG_WORK/top" \
	    LONG="${LONG:-}" \
	    FG_BUILD="$FG_WORK/top/$FG_BUILD" \
	    ASAN_OPTIONS="${ASAN_OPTIONS:-}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-}" \
	    "$command" "$@"
}

if [ "${1:-}" = --inside ]; then
	shift
	inside "$@"
else
	[ $# -gt 0 ] || die "usage: tests/lib/private.sh COMMAND [ARGUMENT ...]"
	outer "$@"
fi
