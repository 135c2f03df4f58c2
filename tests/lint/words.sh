#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What committed text must not say: paths of somebody's machine, hosts that
# packages come from, documents that are not in the tree, promises of safety.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

T_LOG=$(mktemp)
trap 'rm -f "$T_LOG"' EXIT
mapfile -t FILES < <(git ls-files | grep -v '^tests/lint/words\.sh$')

no_match()
{
	want_eq "" "$(grep -nIE "$@" "${FILES[@]}" 2>/dev/null | head -n 20)"
}

paths()
{
	no_match '(^|[^[:alnum:]_./$}-])/(home|Users|work|workspace|build)/[a-z]+'
}

hosts()
{
	no_match '(registry|deb|security|ftp|archive|cdn)\.[a-z]+\.(org|com|net|js|io)'
}

# A document that is mentioned can be read.
documents()
{
	local name

	grep -hoIE '\b[A-Z][A-Z_]+\.md\b' "${FILES[@]}" | sort -u |
	    while read -r name; do
		git ls-files | grep -q "\(^\|/\)$name\$" || echo "$name"
	done >"$T_LOG.documents"
	want_eq "" "$(cat "$T_LOG.documents")"
	rm -f "$T_LOG.documents"
}

promises()
{
	no_match -i 'unhackable|bullet-?proof|military[- ]grade|100 ?% secure|guaranteed secure'
}

unfinished()
{
	no_match '\b(TODO|FIXME|HACK)\b'
}

notes_to_self()
{
	no_match '^(<<<<<<<|=======|>>>>>>>)( |$)'
}

run "words: no path of somebody's machine" paths
run "words: no host that packages come from" hosts
run "words: each document that is mentioned is in the tree" documents
run "words: no promise that nobody can keep" promises
run "words: nothing is marked unfinished" unfinished
run "words: no conflict markers" notes_to_self
finish
