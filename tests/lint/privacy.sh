#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgate-privacy(7) against the sources: each column of the store and each
# member of an audit record is named on the page, and nothing else is.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
. tests/lib/members.sh

PAGE=man/farmgate-privacy.7
WORK=$(mktemp -d)
export T_LOG=$WORK/log
trap 'rm -rf "$WORK"' EXIT

# "TABLE COLUMN" of each, as all steps of the schema make them.
columns()
{
	sed -n 's/^\t"\(.*\)"[,;]\{0,2\}$/\1/p' policyd/store/store_schema.c |
	    sed 's/;$/;\n/' | awk '
		/^CREATE TABLE / {
			table = $3
			sub(/.*\(/, "")
		}
		/^ALTER TABLE [a-z_]* ADD COLUMN / { print $3, $6; next }
		table != "" {
			n = split($0, part, ",")
			for (i = 1; i <= n; i++)
				if (part[i] ~ /^ *[a-z0-9_]+ (TEXT|INTEGER|REAL)/) {
					split(part[i], word, " ")
					print table, word[1]
				}
		}
		/;$/ { table = "" }' | sort -u
}

# SECTION: its lines.
section()
{
	sed -n "/^\.Ss $1\$/,/^\.S[sh] /p" "$PAGE" | sed '1d;$d'
}

# "TABLE COLUMN" for each table of an item, and each of its columns.
columns_of_page()
{
	section 'The store' | awk '
		/^\.It Sy / { n = 0
			for (i = 3; i <= NF; i++)
				if ($i != ",") table[++n] = $i }
		/^\.Va / {
			for (i = 2; i <= NF; i++)
				if ($i != "," && $i != ".")
					for (k = 1; k <= n; k++)
						print table[k], $i }' | sort -u
}

columns_are_named()
{
	columns >"$WORK/source"
	columns_of_page >"$WORK/page"
	want test "$(wc -l <"$WORK/source")" -gt 150
	want_eq '' "$(comm -23 "$WORK/source" "$WORK/page")"
	# an item may be of several tables, each of which has some of its columns
	cut -d' ' -f1 "$WORK/source" | sort -u >"$WORK/tables"
	cut -d' ' -f1 "$WORK/page" | sort -u >"$WORK/tables_of_page"
	want_eq '' "$(comm -13 "$WORK/tables" "$WORK/tables_of_page")"
	cut -d' ' -f2 "$WORK/source" | sort -u >"$WORK/names"
	cut -d' ' -f2 "$WORK/page" | sort -u >"$WORK/names_of_page"
	want_eq '' "$(comm -13 "$WORK/names" "$WORK/names_of_page")"
}

tables_are_named()
{
	grep -o 'CREATE TABLE [a-z_]*' policyd/store/store_schema.c |
	    cut -d' ' -f3 | sort -u >"$WORK/source"
	section 'The store' | sed -n 's/^\.It Sy //p' | sed 's/ , /\n/g' |
	    sort -u >"$WORK/page"
	want_eq '' "$(diff "$WORK/source" "$WORK/page")"
}

members_are_named()
{
	members | sort -u >"$WORK/source"
	section 'The audit log' | sed -n 's/^\.Va //p' | tr -d '.,' |
	    tr -s ' ' '\n' | sort >"$WORK/page"
	want test "$(wc -l <"$WORK/source")" -gt 150
	want_eq '' "$(diff "$WORK/source" "$WORK/page")"
}

# Each period that it names is an option.
options_exist()
{
	section Periods | sed -n 's/^\.It Ic \([a-z_]*\) .*/\1/p' >"$WORK/page"
	want test -s "$WORK/page"
	while read -r option; do
		want grep -q "{ \"$option\", CONF_KEY" \
		    policyd/conf/conf_schema.c
	done <"$WORK/page"
}

# Of what is in FILES of a page: the gate's own, but for what packages bring and
# what is in the homes of users.
files()
{
	local page

	for page in man/*; do
		sed -n '/^\.Sh FILES/,/^\.Sh [^F]/s/^\.\(It \)\{0,1\}Pa //p' "$page"
	done | tr ' ' '\n' | sed 's/[.,;)]*$//; /^$/d' |
	    grep -Ev '^(/usr/|/sys/|/dev/|/etc/[^f]|~)' | sort -u
}

files_are_named()
{
	files >"$WORK/source"
	sed -n 's/^\.\(It \)\{0,1\}Pa //p' "$PAGE" | tr ' ' '\n' |
	    sed 's/[.,;:)]*$//; /^$/d; p; s|.*/||' | sort -u >"$WORK/page"
	want test "$(wc -l <"$WORK/source")" -gt 40
	want_eq '' "$(comm -23 "$WORK/source" "$WORK/page")"
}

run "privacy: each file of the gate is" files_are_named
run "privacy: each table of the store is on the page" tables_are_named
run "privacy: each of its columns is" columns_are_named
run "privacy: each member of an audit record is" members_are_named
run "privacy: periods are options of the configuration" options_exist
finish
