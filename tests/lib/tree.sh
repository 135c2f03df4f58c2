# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's programs that tests/deps.sh has unpacked into build/tools/tree/NAME,
# laid over /usr of the private machine: they are installed there and nowhere
# else, at the paths they have on anybody's machine. Sourced behind fg.sh.

TREES=$FG_TOP/build/tools/tree

# NAME...: whether all are there; else the reason is in $TREE_LACKS.
tree_have()
{
	local name

	for name in "$@"; do
		[ -e "$TREES/$name/.complete" ] && continue
		TREE_LACKS="Debian's $name is not unpacked"
		return 1
	done
}

TREES_LAID=			# so far, as overlayfs has them
TREES_BELOW=$FG_WORK/usr	# the machine's own /usr
TREES_LOCAL=$FG_WORK/usr-local	# a /usr/local to write to

# NAME...: install these beside what is installed already. What runs keeps the
# /usr that it had.
tree_install()
{
	local name

	[ -n "$TREES_LAID" ] || {
		mkdir -p "$TREES_BELOW" "$TREES_LOCAL"
		mount --bind /usr "$TREES_BELOW"
	}
	for name in "$@"; do
		TREES_LAID=$TREES/$name/usr:$TREES_LAID
		[ ! -d "$TREES/$name/etc" ] ||
		    cp -an "$TREES/$name/etc/." /etc
	done
	mount -t overlay -o "lowerdir=$TREES_LAID$TREES_BELOW" overlay /usr &&
	    mount --bind "$TREES_LOCAL" /usr/local
}
