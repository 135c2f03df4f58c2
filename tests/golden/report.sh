#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl report on a log that was made for it: what it counts, over which
# time, how sure it is of that, and where it is written.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
log=$dir/log/audit.jsonl
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/logged
export TZ=UTC
october="--since 2026-10-01T00:00:00Z --until 2026-11-01T00:00:00Z"

# [ARGUMENT...] of report_log.py
log_of()
{
	rm -rf "$dir/log"
	mkdir "$dir/log"
	python3 tests/golden/report_log.py "$log" "$@"
}

# STATUS ARGUMENT...: of October, with one seed; its output is in $out.
report()
{
	local rc=0 status=$1

	shift
	# shellcheck disable=SC2086 # options
	"$ctl" report --file "$log" $october --seed 7 "$@" >"$out" 2>&1 || rc=$?
	head -n 30 "$out"
	want_eq "$status" "$rc"
}

# What differs from one machine and moment to the next.
without_here()
{
	sed -E -e "s|$dir|DIR|g" -e 's/^(  Host +)[^ ]+/\1HOST/' \
	    -e 's/^(  Made +).*/\1NOW/' -e 's|(DIR\S*) +([0-9])|\1  \2|' \
	    -e '/^  File +Records/d'
}

text_is_golden()
{
	log_of
	report 0
	want diff tests/golden/report.txt <(without_here <"$out")
	gzip "$log".1-*
	report 0
	want_line 'numbers 6 to 116' "$out"
}

# A figure of the report.
figure()
{
	awk -v what="$1" '$0 ~ "^ +[0-9]+  " what { print $1; exit }' "$out"
}

# VERDICT: how many decisions the query has, but for those of enable.
queried()
{
	# shellcheck disable=SC2086 # options
	"$ctl" audit --file "$log" $october --event decision --verdict "$1" |
	    grep -vc '"tty":"farmgatectl"'
}

numbers_are_those_of_the_query()
{
	log_of
	report 0
	want_eq "$(queried deny)" "$(figure denied)"
	want_eq "$(queried would-deny)" "$(figure 'would be denied')"
	want_eq "$(queried challenge)" "$(figure challenged)"
	want_eq "$(queried allow)" "$(($(figure allowed) +
	    $(figure challenged) + $(figure 'would be denied')))"
}

# The sample's references.
sample()
{
	awk '/^Random sample/ { on = 1 } /^Drawn/ { on = 0 }
	    on && /^  7F3K/ { print $1 }' "$out"
}

samples_are_by_the_seed()
{
	local seven seed

	log_of
	report 0 --sample 5
	sample >"$dir/five"
	want_eq 5 "$(wc -l <"$dir/five")"
	report 0 --sample 5
	want_eq "$(cat "$dir/five")" "$(sample)"
	report 0 --sample 5 --seed 8
	want_not diff -q "$dir/five" <(sample)
	report 0 --sample 7
	seven=$(sample)
	want_eq "" "$(comm -23 <(sort "$dir/five") <(sort <<<"$seven"))"
	# One that nobody has chosen is told.
	# shellcheck disable=SC2086 # options
	"$ctl" report --file "$log" $october >"$out"
	sample >"$dir/drawn"
	seed=$(sed -n 's/^Drawn with --sample 25 --seed \([0-9]*\):.*/\1/p' \
	    "$out")
	report 0 --seed "$seed"
	want_eq "$(cat "$dir/drawn")" "$(sample)"
	# Those that were reviewed are not among them.
	report 0 --sample 1000
	want_eq 30 "$(sample | wc -l)"
	report 0 --sample 0
	want_line '^Random sample of what is not reviewed: none' "$out"
}

periods_are_told()
{
	log_of
	report 0 --until 2026-10-06T00:00:00Z
	want_eq 3 "$(figure denied)"
	want_line '^Not reviewed: denials 0, would-be denials 1. Reviewed: 5' "$out"
	want_line '^By hour' "$out"
	report 0 --since 2026-10-29 --until 2026-10-30
	want_eq 0 "$(figure denied)"
	want_line 'There is no known sign of a login' "$out"
	want_line 'no known sign of two people' "$out"
	want_eq "" "$(grep -i clean "$out")"
	want_line 'first key of a person +bob' "$out"
	report 0 --since 2026-09-01 --until 2026-10-01
	want_line '^! The log begins within the period, at 2026-09-28' "$out"
	report 0 --since 2020-01-01 --until 2020-02-01
	want_line '^  Records in it +none' "$out"
	: >"$log"
	rm "$log".1-*
	report 0
	want_line '^! The log has no record' "$out"
}

the_log_s_state_is_told()
{
	log_of
	python3 tests/golden/audit_log.py anchor "$log" one 20 90 >"$dir/anchors"
	report 0 --anchors "$dir/anchors"
	want_line 'anchored to 90' "$out"
	no_line 'No anchors were given' "$out"
	report 2 --key ed25519:x
	report 2 --anchors "$dir/none"
	python3 tests/golden/audit_log.py edit "$log" 2
	report 1
	want_line '^!! .*NOT INTACT: ' "$out"
	want_line ', line 2, record 7: its hash is wrong' \
	    <(sed 's/^!! //' "$out" | tr '\n' ' ')
	want_line 'no better than the log' "$out"
	log_of
	ln -s /etc/passwd "$log.2"
	report 2
	want_line '^!! Files that could not be read and are missing here: 1' \
	    "$out"
	want_line '^!! Files that could not be read: 1\. What is in them' "$out"
	log_of
	echo nonsense >>"$log"
	report 1
	want_line '^! Lines that are no records, and count for nothing: 1' \
	    "$out"
}

# One who can set the clock is none the less seen.
wrong_times_are_told()
{
	log_of clock
	report 0
	want_eq 3 "$(figure denied)"
	want_line 'The clock was wrong: .* 4, the first is record 2\. ' \
	    <(tr '\n' ' ' <"$out" | sed 's/ ! / /g')
	want_line '^! The log begins within the period, at 2026-10-05' "$out"
	report 0 --until 2026-10-06T00:00:00Z
	want_eq 1 "$(figure denied)"
	want_line 'The clock was wrong: .* 2, the first is record 2\. ' \
	    <(tr '\n' ' ' <"$out" | sed 's/ ! / /g')
}

# More people than there is room for: the one that matters is exact.
what_is_cut_is_told()
{
	log_of crowd 4200
	report 0 --top 1
	want_line '^  busy +4200 +0 +0 +4200 ' "$out"
	want_line '^! Cut: there were more than 4096 different ones' "$out"
	want_line '^ +> 4096  people denied' "$out"
}

# What --html says; the file is as it was.
not_written()
{
	report 2 --html "$1"
	want_line "$2" "$out"
	want_eq "$(cat "$dir/before")" "$(cd "$dir/html" && ls -lA)"
}

files_are_written_whole()
{
	local file=$dir/html/r.html

	log_of
	mkdir "$dir/html"
	report 0 --html "$file"
	want_eq 600 "$(stat -c %a "$file")"
	want test ! -s "$out"
	want_line '^</html>$' "$file"
	want_eq 1 "$(find "$dir/html" -type f | wc -l)"
	chmod 0640 "$file"
	echo old >"$file"
	report 0 --html "$file"
	want_eq 640 "$(stat -c %a "$file")"
	want_line '^<!DOCTYPE html>$' "$file"
	if [ "$(id -u)" -eq 0 ]; then
		chown 65534 "$file"
		chmod 0666 "$file"
		report 0 --html "$file"
		want_eq '600 0' "$(stat -c '%a %u' "$file")"
	fi
	report 0 --html -
	want_eq "$(sed 's/[0-9:]* UTC, by//' "$file")" \
	    "$(sed 's/[0-9:]* UTC, by//' "$out")"
	ln -s r.html "$dir/html/link"
	mkdir "$dir/html/folder"
	(cd "$dir/html" && ls -lA) >"$dir/before"
	not_written "$dir/html/link" 'no regular file'
	not_written "$dir/html/folder" 'Is a directory'
	not_written "$dir/html/none/r.html" 'No such file'
	not_written /dev/full 'no regular file'
	"$ctl" report --file "$log" >/dev/full 2>"$out"
	want_line 'No space left' "$out"
}

mistakes_are_told()
{
	log_of
	report 2 x
	want_line 'unexpected argument x' "$out"
	report 2 --nonsense
	want_line 'unknown option --nonsense' "$out"
	report 2 --since yesterday
	want_line 'report: --since yesterday is no time; write 30d for' "$out"
	report 2 --until 2026-09-01
	want_line 'since is not before --until' "$out"
	report 2 --top 0
	want_line '[-]-top 0 is no number up to 1000' "$out"
	report 2 --sample -1
	report 2 --seed x
	rm -rf "$dir/log"
	report 2
	want_line 'No such file' "$out"
}

# Nothing of it reaches a terminal, or is markup.
hostile_names_are_words()
{
	log_of hostile http://127.0.0.1:1
	report 0
	want_eq "" "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <"$out")"
	want_eq "" "$(grep -aP '\xe2\x80\xae|\xe2\x81\xa6|\xc2\x85' "$out")"
	report 0 --html -
	want_eq "" "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <"$out")"
	want_eq "" "$(grep -aP '\xe2\x80\xae|\xe2\x81\xa6|\xc2\x85' "$out")"
	want grep -Fq '&lt;script&gt;document.title=&#39;owned&#39;' "$out"
	no_line '<script|<img|<link|<style>[^:]' "$out"
}

# There are no more than 50 rows.
reloads_push_no_change_out()
{
	log_of reloads 60
	report 0
	want_eq 2 "$(grep -c '  changed by a reload ' "$out")"
	want_eq 1 "$(grep -c '  reload refused: errors ' "$out")"
	want_line '^Not in this table: reloads that changed nothing, 60;' "$out"
	want_line ', 59\.$' "$out"
}

run "report: the text is the golden one" text_is_golden
run "report: its numbers are those of audit" numbers_are_those_of_the_query
run "report: a seed has one sample, and is told" samples_are_by_the_seed
run "report: it says over which time, and where that is not known" \
    periods_are_told
run "report: records of a time that is wrong are told" wrong_times_are_told
run "report: it says whether the log is whole" the_log_s_state_is_told
run "report: what there was no room for is told" what_is_cut_is_told
run "report: reloads push no change of the policy out" \
    reloads_push_no_change_out
run "report: a file is written whole, for its owner" files_are_written_whole
run "report: mistakes are told" mistakes_are_told
run "AUD-13 report: hostile names are words" hostile_names_are_words
finish
