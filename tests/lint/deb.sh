#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's packaging against the tree that it packages, as far as that can be
# seen without building it.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

WORK=$(mktemp -d)
export T_LOG=$WORK/log
trap 'rm -rf "$WORK"' EXIT

version_is_the_programs()
{
	want_eq "$(sed -n 's/^VERSION.*:= *//p' Makefile)" \
	    "$(sed -n '1s/^farmgate (\([^)]*\)) .*/\1/p' debian/changelog)"
}

licence_is_the_trees()
{
	sed 's/^ \.$//; s/^ //' debian/copyright |
	    sed '/^Redistribution/,$!d' >"$WORK/package"
	sed '/^Redistribution/,$!d' LICENSE >"$WORK/tree"
	want_eq "" "$(diff "$WORK/tree" "$WORK/package")"
}

# A purge takes away who was made, and where.
purge_knows_what_there_is()
{
	local name path

	for name in $(awk '$1 == "u" || $1 == "g" { print $2 }' \
	    conf/farmgate.sysusers); do
		want_line "^	(for name in .*\<|remove_group )$name( |;|\$)" \
		    debian/farmgate.postrm
	done
	for path in $(awk '$1 == "d" { print $2 }' conf/farmgate.tmpfiles); do
		want_line " $path( |\$)" debian/farmgate.postrm
	done
}

scripts_are_shells()
{
	local f

	for f in debian/*.p*; do
		want sh -n "$f"
		want_line '^#DEBHELPER#$' "$f"
	done
}

run "deb: the package has the program's version" version_is_the_programs
run "deb: the package has the tree's licence" licence_is_the_trees
run "deb: a purge knows all users and folders" purge_knows_what_there_is
run "deb: maintainer scripts are shell, and leave debhelper its place" \
    scripts_are_shells
finish
