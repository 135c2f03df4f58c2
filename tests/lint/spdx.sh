#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Each file that can hold a comment says its licence in its first lines, and
# the licence is in the tree.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

T_LOG=$(mktemp)
trap 'rm -f "$T_LOG"' EXIT

with_comments()
{
	local f

	git ls-files | while read -r f; do
		case $f in
		*.csv|*.json|*.jsonl|*.txt|*.md|*.mmdb|*.bin|*.pin|*.umockdev|LICENSE|NEWS) ;;
		*/corpus/*|*/golden/*|.git*|.editorconfig|.clang-format) ;;
		conf/*.conf) ;;		# the administrator's
		debian/changelog|debian/copyright|debian/source/format) ;;
		proto/PROTOCOL|policyd/witness/STATEMENT|proto/*.txt|tests/fuzz/*/*) ;;
		*)	[ ! -f "$f" ] || echo "$f" ;;
		esac
	done
}

# Those of the arguments that do not say it in their first three lines.
without_licence()
{
	awk 'BEGIN {
		for (i = 1; i < ARGC; i++)
			lacks[ARGV[i]]
	}
	FNR > 3 { nextfile }
	/SPDX-License-Identifier: BSD-2-Clause/ { delete lacks[FILENAME] }
	END {
		for (f in lacks)
			print f
	}' "$@"
}

licensed()
{
	local files

	mapfile -t files < <(with_comments)
	want test "${#files[@]}" -gt 100
	want_eq "" "$(without_licence "${files[@]}")"
}

licence_text()
{
	want grep -q 'Redistribution and use in source and binary forms' LICENSE
	want_not grep -Eiq 'all rights reserved by|proprietary' LICENSE
}

run "spdx: each source names its licence in its first lines" licensed
run "spdx: LICENSE is the BSD-2-Clause text" licence_text
finish
