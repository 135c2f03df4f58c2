#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Installs from Debian what converting geo data, building, testing, the demo or
# the bench needs and this machine lacks; apt is not called when nothing is
# missing. Usage: tests/deps.sh [geodata|build|deb|vm|demo|check|bench|tools]; deb
# and demo have build in them, vm has deb, demo has geodata, and check and bench
# the one before. tools is what the tests unpack, behind check; the demo has the
# first of it as well.
#
# It never installs openssh-server, cron or other services, which would start a
# public sshd, or jobs, on a machine that has none: the programs are unpacked into
# build/tools instead.

set -eu
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

top=$(cd "$(dirname "$0")/.." && pwd)
tools=$top/build/tools

build="gcc libc6-dev binutils make pkg-config libpam0g-dev libcap-dev
libmaxminddb-dev libconfuse-dev libevent-dev libseccomp-dev libjansson-dev
libsodium-dev libsqlite3-dev liboath-dev libqrencode-dev libtss2-dev
libudev-dev zlib1g-dev libzstd-dev libssl-dev libarchive-dev"
geodata="perl libmaxmind-db-writer-perl mmdb-bin util-linux"
demo="pamtester jq python3 openssh-client libwrap0 sudo sshpass iproute2 mount
passwd login procps tzdata oathtool"
check="libcmocka-dev mandoc strace python3-paramiko tmux clang-format clang
valgrind git rsync mosh zsh libpam-oath libpam-u2f fido2-tools
python3-cryptography python3-jsonschema zstd curl gdb umockdev openssl swtpm
tpm2-tools chromium"
deb="debhelper devscripts dpkg-dev faketime libcmocka-dev lintian mmdebstrap
util-linux"
vm="qemu-system-x86 qemu-utils swtpm e2fsprogs openssh-client jq python3
openssl tpm2-tools"
bench="libpam-geoip libpam-modules"
# Unpacked as tools, PROGRAM:PACKAGE; without one its tests are skipped.
services="usr/sbin/cron:cron usr/sbin/atd:at usr/sbin/vlock-main:vlock
usr/sbin/vsftpd:vsftpd usr/sbin/saslauthd:sasl2-bin
usr/sbin/dovecot:dovecot-core usr/sbin/xrdp-sesman:xrdp
usr/lib/cockpit/cockpit-session:cockpit-ws
usr/lib/mysql/plugin/auth_pam_tool_dir/auth_pam_tool:mariadb-server"
# Likewise, each into a folder of its own with what it needs and this
# machine lacks, as NAME=PACKAGE,PACKAGE: remote control and what looks like it,
# which nobody wants installed for a test. tests/lib/tree.sh lays them over /usr.
demo_trees="x=xvfb,xserver-xorg-core,xauth,xdotool,x11-utils,xterm
x11vnc=x11vnc viewer=tigervnc-viewer"
trees="$demo_trees
tigervnc=tigervnc-standalone-server,tigervnc-scraping-server
xrdp=xrdp,xorgxrdp freerdp=freerdp2-x11
shadow=freerdp2-shadow-x11 wayvnc=wayvnc,sway
terminals=tmate,shellinabox caffeine=caffeine
xfce=xfce4-session,xfwm4,xfdesktop4,xfce4-panel,xfce4-settings,dbus-x11
podman=podman,crun runc=runc jupyter=jupyter-notebook"
# From npm, into build/tools/npm, where there is an npm.
modules="meshcentral@1.1.55 @elastic/ecs@9.0.0"
no_npm="without it, farmgate-geodata has countries alone"

usage()
{
	echo "usage: tests/deps.sh" \
	    "[geodata|build|deb|vm|demo|check|bench|tools]" >&2
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

# All but the countries come from npm, which need not be Debian's. Without it
# there are countries, so it is no failure that apt has none.
get_npm()
{
	apt_update
	echo "deps: installing npm"
	apt-get -qq -o Dpkg::Use-Pty=0 install --no-install-recommends -y npm \
	    >/dev/null </dev/null ||
	    echo "deps: apt cannot get npm; $no_npm" >&2
}

# PROGRAM: installed, or unpacked before.
have()
{
	[ -x "/$1" ] || [ -x "$tools/$1" ]
}

# PROGRAM PACKAGE...: its libraries are Debian's own and on every machine,
# installed above, or in a folder of the package's own.
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
	find "$tools" -type f -perm /6000 -exec chmod a-s {} +
	own=$(find "$tools" -path '*/usr/lib/*' '(' -name dovecot -o -name xrdp ')' |
	    paste -sd:)
	if LD_LIBRARY_PATH=$own ldd "$tools/$program" | grep 'not found' >&2; then
		echo "deps: the unpacked $program lacks the libraries above" >&2
		return 1
	fi
	echo "deps: $program unpacked into build/tools, not installed"
}

# PACKAGE...: those of these, and of what they need, that this machine lacks.
# The service manager and udev would have to be this machine's own.
closure()
{
	apt-get -qq -s --no-install-recommends install "$@" >"$work/plan" ||
	    return 1
	awk '$1 == "Inst" && $2 !~ \
	    /^(lib(nss-|pam-)?systemd|systemd|udev|libudev|keyboard-conf)/ {
		print $2
	}' "$work/plan"
}

# LIST: those that are not there.
lack_trees()
{
	for t in $1; do
		[ -e "$tools/tree/${t%%=*}/.complete" ] ||
		    lacking_trees="$lacking_trees $t"
	done
}

# NAME=PACKAGE,...: no script of a package is run.
unpack_tree()
{
	name=${1%%=*} tree=$tools/tree/${1%%=*} debs=$work/tree-${1%%=*}
	apt_update
	# shellcheck disable=SC2046 # a list
	lacks=$(closure $(echo "${1#*=}" | tr , ' ')) || return 1
	rm -rf "$tree"
	mkdir -p "$debs" "$tree/usr"
	# shellcheck disable=SC2086 # a list
	[ -z "$lacks" ] || (cd "$debs" &&
	    apt-get -qq -o APT::Sandbox::User=root download $lacks) || return 1
	for deb in "$debs"/*.deb; do
		[ ! -e "$deb" ] || dpkg-deb -x "$deb" "$tree" || return 1
	done
	for dir in bin sbin lib lib64; do
		[ ! -d "$tree/$dir" ] || cp -a "$tree/$dir" "$tree/usr/"
	done
	rm -rf "$tree/usr/share/doc" "$tree/usr/share/man" \
	    "$tree/usr/share/locale"
	find "$tree" -type f -perm /6000 -exec chmod a-s {} +
	: >"$tree/.complete"
	echo "deps: $name unpacked into build/tools/tree, not installed"
}

# What it fetches for other platforms and in other languages is most of it.
get_modules()
{
	mkdir -p "$tools/npm"
	# shellcheck disable=SC2086 # a list
	npm install --prefix "$tools/npm" --no-audit --no-fund --no-save \
	    --fetch-retries=1 --omit=optional --ignore-scripts $modules >/dev/null 2>&1 ||
	    return 1
	mesh=$tools/npm/node_modules/meshcentral
	find "$mesh/agents" '(' -name 'meshagent_*' -o -name '*.pdb' ')' \
	    ! -name meshagent_x86-64 -delete
	rm -rf "$mesh/views/translations"
	echo "$modules" >"$tools/npm/.complete"
	echo "deps: $modules from npm in build/tools/npm"
}

target=${1:-build}
case $target in
geodata) want=$geodata ;;
build)	want=$build ;;
deb)	want="$build $deb" ;;
vm)	want="$build $deb $vm" ;;
demo)	want="$build $geodata $demo" ;;
check)	want="$build $geodata $demo $check" ;;
bench)	want="$build $geodata $demo $check $bench" ;;
tools)	want= ;;
*)	usage ;;
esac

command -v dpkg-query >/dev/null || {
	echo "deps: this is not Debian; install by hand: $want" >&2
	exit 1
}

# shellcheck disable=SC2086 # the lists are meant to be split
lacking=$(missing $want)
npm= sshd= lacking_services= lacking_trees= lacking_modules=
case $target in
build|deb|vm|tools) ;;
*)	command -v npm >/dev/null || npm=1 ;;
esac
case $target in
tools)
	for s in $services; do
		have "${s%:*}" || lacking_services="$lacking_services $s"
	done
	[ "$modules" = "$(cat "$tools/npm/.complete" 2>/dev/null)" ] ||
		lacking_modules=1
	lack_trees "$trees" ;;
demo)	lack_trees "$demo_trees" ;;
esac
case $target in
demo|check|bench)
	have usr/sbin/sshd || sshd=1 ;;
esac
by_root=$lacking$sshd$lacking_services$lacking_trees
if [ -z "$by_root$npm$lacking_modules" ]; then
	exit 0
fi
if [ "$(id -u)" -ne 0 ] && [ -z "$by_root" ] && [ -n "$npm" ]; then
	echo "deps: only root can install npm; $no_npm" >&2
	exit 0
fi
if [ "$(id -u)" -ne 0 ] && [ -n "$by_root" ]; then
	echo "deps: missing, and only root can install:" $lacking \
	    ${npm:+npm} ${sshd:+"sshd (unpacked from openssh-server)"} \
	    ${lacking_services:+"unpacked:$lacking_services"} \
	    ${lacking_trees:+"unpacked:$lacking_trees"} >&2
	exit 1
fi
if [ -n "$lacking" ]; then
	echo "deps: installing" $lacking
	apt_update
	# shellcheck disable=SC2086
	apt-get -qq -o Dpkg::Use-Pty=0 install --no-install-recommends -y \
	    $lacking >/dev/null </dev/null
fi
[ -z "$npm" ] || get_npm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "$sshd" ]; then
	unpack usr/sbin/sshd openssh-server openssh-sftp-server || exit 1
fi
for s in $lacking_services; do
	unpack "${s%:*}" "${s#*:}" ||
	    echo "deps: no ${s#*:}: its tests are skipped" >&2
done
for t in $lacking_trees; do
	unpack_tree "$t" ||
	    echo "deps: no ${t%%=*}: what needs it is skipped" >&2
done
if [ -n "$lacking_modules" ]; then
	get_modules ||
	    echo "deps: npm has no $modules: its tests are skipped" >&2
fi
