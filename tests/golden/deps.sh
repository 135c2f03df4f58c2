#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/deps.sh on a machine that has nothing, with programs by the names of
# apt-get and dpkg-query that only write down what they are asked for.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
out=$dir/out
bin=$dir/bin

# NAME TEXT: a program.
program()
{
	printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
	chmod 0755 "$bin/$1"
}

bare_machine()
{
	mkdir -p "$bin"
	for f in sh env dirname mktemp rm; do
		ln -sf "$(command -v "$f")" "$bin/$f"
	done
	program dpkg-query 'exit 1'
	program apt-get "echo \"\$*\" >>'$dir/asked'"
	program id 'echo 0'
	: >"$dir/asked"
}

deps()
{
	: >"$dir/asked"
	PATH=$bin tests/deps.sh "$1" >"$out" 2>&1
}

converting_needs_npm_and_no_sshd()
{
	want deps geodata
	want_line 'install .* perl libmaxmind-db-writer-perl mmdb-bin' \
	    "$dir/asked"
	want_line 'install .* npm$' "$dir/asked"
	no_line 'ssh|pamtester|gcc|download' "$dir/asked"
}

npm_that_is_there_is_kept()
{
	program npm 'exit 0'
	want deps geodata
	want_line 'mmdb-bin' "$dir/asked"
	no_line 'npm' "$dir/asked"
	rm "$bin/npm"
}

npm_that_apt_lacks_is_said()
{
	program apt-get "echo \"\$*\" >>'$dir/asked'
	case \$* in *npm) exit 100 ;; esac"
	want deps geodata
	want_line 'apt cannot get npm; .* countries alone' "$out"
	program dpkg-query 'printf "install ok installed"'
	program id 'echo 1000'
	want deps geodata
	want_line 'only root can install npm; .* countries alone' "$out"
	want_eq "" "$(cat "$dir/asked")"
	program dpkg-query 'exit 1'
	want_rc 1 deps geodata
	want_line 'only root can install: .*mmdb-bin.* npm' "$out"
	bare_machine
}

building_needs_neither()
{
	want deps build
	want_line 'install .* gcc ' "$dir/asked"
	no_line 'npm|ssh|mmdb-bin|debhelper' "$dir/asked"
	want deps deb
	want_line 'install .* gcc .* debhelper ' "$dir/asked"
	no_line 'npm|ssh|mmdb-bin' "$dir/asked"
	want deps vm
	want_line 'install .* mmdebstrap .* qemu-system-x86 qemu-utils swtpm ' "$dir/asked"
	no_line 'npm|openssh-server|mmdb-bin|download' "$dir/asked"
	want_rc 2 deps everything
	want_line '^usage: .*geodata' "$out"
}

# Where nothing is unpacked yet, and nobody who could.
the_demo_needs_x11vnc()
{
	mkdir -p "$dir/top/tests"
	cp tests/deps.sh "$dir/top/tests"
	program id 'echo 1000'
	PATH=$bin want_rc 1 "$dir/top/tests/deps.sh" demo >"$out" 2>&1
	want_line 'only root can install: .*pamtester' "$out"
	want_line 'unpacked: *x=xvfb,' "$out"
	want_line ' x11vnc=x11vnc viewer=tigervnc-viewer$' "$out"
	bare_machine
}

bare_machine
run "what converts geo data is installed with npm, without sshd" \
    converting_needs_npm_and_no_sshd
run "an npm that is not Debian's is good enough" npm_that_is_there_is_kept
run "without an npm to be had there are countries, and that is said" \
    npm_that_apt_lacks_is_said
run "building, packaging and a virtual machine need none of them" \
    building_needs_neither
run "the demo has x11vnc and a viewer, unpacked" the_demo_needs_x11vnc
finish
