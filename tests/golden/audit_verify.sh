#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl audit verify on logs that were changed in every way, beside
# audit-verify.py, which shares nothing with it: both find the same line.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
log=$dir/log/audit.jsonl
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/logged

change()
{
	python3 tests/golden/audit_log.py "$@"
}

# LAST [FROM...]; the same one is made once.
log_of()
{
	local kept=$dir/kept-$*

	rm -rf "$dir/log"
	if [ ! -d "$kept" ]; then
		mkdir "$kept"
		change make "$kept/audit.jsonl" "$@"
	fi
	cp -a "$kept" "$dir/log"
}

# STATUS ARGUMENT...: its output is in $out.
verify()
{
	local rc=0 status=$1

	shift
	"$ctl" audit verify --file "$log" "$@" >"$out" 2>&1 || rc=$?
	cat "$out"
	want_eq "$status" "$rc"
}

# "FILE LINE" of what audit-verify.py finds first, or "ok LAST HEAD".
third_party()
{
	local files=()

	mapfile -t files < <(find "$dir/log" -type f ! -path "$log" \
	    ! -name '*.torn' | sort)
	python3 conf/audit-verify.py "${files[@]}" "$log" | tee "$dir/third" |
	    sed -E "s|^line ([0-9]+): .*|$log \\1|; s|^(/.*): line ([0-9]+): .*|\\1 \\2|
	        s|^torn last line|$log torn|; s/ (continues|expired) .*//"
}

# What it says of all files with the anchors in $dir/anchors.
with_anchors()
{
	python3 conf/audit-verify.py --anchors "$dir/anchors" "$log".[0-9]* \
	    "$log"
}

# PATTERN COUNT [FILE LINE]: both say that it is not intact, with the line where
# the pattern is found, and so many lines are bad.
both_find()
{
	local found third

	verify 1
	want_line "^NOT INTACT: .*$1" "$out"
	verify 1 --json
	want_eq "$2" "$(jq .bad "$out")"
	found=$(jq -r '.first_bad | "\(.file) \(.line)"' "$out")
	[ $# -lt 4 ] || want_eq "$3 $4" "$found"
	third=$(third_party)
	case $(jq -r .first_bad.what "$out") in
	torn)	want_line "^(${found//./\\.}|$log torn)\$" <(echo "$third") ;;
	*)	want_eq "$found" "$third" ;;
	esac
}

# [FIRST] LAST FILES
both_are_content()
{
	verify 0
	want_line "^intact: records $1 to $2, in $3 files?\$" "$out"
	verify 0 --json
	want_eq "ok $2 $(jq -r .head "$out")" "$(third_party)"
	want_eq "true $1 $2 0" \
	    "$(jq -r '"\(.intact) \(.first) \(.last) \(.bad)"' "$out")"
}

# LAST: up to that record nothing is there, and nothing vouches for it.
beginning_is_refused()
{
	verify 1
	want_line "^NOT INTACT: .*: records 1 to $1 are missing before it" "$out"
	verify 1 --json
	want_eq "false 0 $1" "$(jq -r '"\(.intact) \(.bad) \(.missing.to)"' \
	    "$out")"
	third_party
	want_line "^ok .* continues $1 " "$dir/third"
}

whole_logs()
{
	log_of 20
	both_are_content 1 20 1
	log_of 40 11 21 31
	both_are_content 1 40 4
	gzip "$log.1-10"
	zstd -q --rm "$log.11-20"
	both_are_content 1 40 4
	mv "$log.1-10.gz" "$log.3.gz"
	mv "$log.21-30" "$log-20260101"
	both_are_content 1 40 4
	rm "$log.3.gz"
	verify 0 --partial
	want_line '^intact: records 11 to 40, in 3 files' "$out"
	want_line '^records 1 to 10 are not here' "$out"
	beginning_is_refused 10
	log_of 1
	both_are_content 1 1 1
	: >"$log"
	verify 0
	want_line '^intact: there is no record yet$' "$out"
}

changed_lines()
{
	local at c

	for at in 1 7 20; do
		log_of 20
		# the first record is another's
		[ "$at" -eq 1 ] || {
			change edit "$log" "$at"
			both_find "line $at, record $at: its hash is wrong" 1 \
			    "$log" "$at"
			log_of 20
		}
		change repeat "$log" "$at"
		both_find 'its number was there before' 1 "$log" $((at + 1))
		log_of 20
		change insert "$log" "$at"
		both_find "line $at: it is no record" 1 "$log" "$at"
	done
	log_of 20
	change reseal "$log" 7
	both_find 'line 8, record 8: it does not follow' 1 "$log" 8
	log_of 20
	change delete "$log" 7
	both_find 'record 8: record 7 is missing before it' 1 "$log" 7
	change delete "$log" 7
	change edit "$log" 15
	both_find 'record 9: records 7 to 8 are missing before it' 2 "$log" 7
	want_line '^right: records 1 to 6' <("$ctl" audit verify --file "$log")
	want_line '^and 1 more ' <("$ctl" audit verify --file "$log")
	log_of 20
	change swap "$log" 7
	both_find 'record 8: record 7 is missing before it' 3 "$log" 7
	for c in 1 2 50 130; do
		log_of 20
		change tear "$log" "$c"
		both_find 'line 20: it is torn' 1
	done
	log_of 20
	change delete "$log" 1
	both_find 'record 2: the records before it are missing' 1 "$log" 1
	log_of 20
	printf '\n' >>"$log"
	both_find 'line 21: it is no record' 1 "$log" 21
	printf '{"v":1,"seq":21,"ts":"\xff","event":"x","prev":"%064d","hash":"%064d"}\n' \
	    0 0 >>"$log"
	both_find 'line 21: it is no record' 2 "$log" 21
	head -c 70000 /dev/zero | tr '\0' x >>"$log"
	both_find 'line 21: it is no record' 3 "$log" 21
}

changed_files()
{
	log_of 40 11 21 31
	change edit "$log.11-20" 3
	both_find "$log.11-20, line 3, record 13: its hash" 1 "$log.11-20" 3
	gzip "$log.11-20"
	both_find "$log.11-20.gz, line 3, record 13: its hash" 1
	log_of 40 11 21 31
	rm "$log.11-20"
	both_find 'record 21: records 11 to 20 are missing' 1 "$log.21-30" 1
	log_of 40 11 21 31
	change tear "$log.11-20" 30
	both_find 'line 10: it is torn' 2 "$log.11-20" 10
	log_of 40 11 21 31
	change delete "$log.11-20" 10
	both_find 'record 21: record 20 is missing' 1 "$log.21-30" 1
	log_of 40 11 21 31
	cp "$log.11-20" "$log.2"
	both_find 'record 11: its number was there before' 1
	log_of 40 11 21 31
	cp "$log.21-30" "$log"
	both_find 'its number was there before' 1
	# Older than the records that are rotated away.
	log_of 40 11 21 31
	rm "$log.1-10"
	change delete "$log.11-20" 1
	both_find 'record 12: the records before it are missing' 1
}

files_that_cannot_be_read()
{
	log_of 40 11 21 31
	zstd -q --rm "$log.11-20"
	truncate -s -9 "$log.11-20.zst"
	verify 1
	want_line '^NOT INTACT: .*11-20.zst: what is compressed is damaged' \
	    "$out"
	want_line '^right: records 1 to ' "$out"
	log_of 40 11 21 31
	printf 'garbage and more of it' >"$log.1-10.x"
	: >"$log.1"
	verify 0
	want_line '^1 files beside it are no audit files' "$out"
	ln -s /etc/passwd "$log.2"
	verify 2
	want_line 'audit.jsonl.2: is no regular file' "$out"
	want_line '^records 1 to 40 follow each other' "$out"
	no_line 'intact' "$out"
	change edit "$log.11-20" 3
	verify 1
	rm -rf "$dir/log"
	verify 2
	mkdir -p "$log"
	verify 2
	want_line 'is no regular file' "$out"
}

# With hostile names, and what the daemon itself says of damage.
words_for_people()
{
	mkdir -p "$dir/$(printf 'a\033[2J\342\200\256b')"
	log=$dir/$(printf 'a\033[2J\342\200\256b')/audit.jsonl
	change make "$log" 9
	change edit "$log" 4
	verify 1
	want_line 'a.x1b\[2J.xe2.x80.xaeb/audit.jsonl, line 4' "$out"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	log=$dir/log/audit.jsonl
	"$ctl" audit verify --nonsense >"$out" 2>&1
	want_line 'audit: unknown option --nonsense' "$out"
	"$ctl" audit verify x >"$out" 2>&1
	want_line 'unexpected argument x' "$out"
	log_of 9
	verify 2 --key ed25519:x --anchors "$log"
	want_line 'ed25519:x is no key' "$out"
	verify 0 --key "$(change key one)"
}

anchors_that_agree()
{
	log_of 40 11 21 31
	change anchor "$log.11-20" one 12 18 >"$dir/anchors"
	verify 0 --anchors "$dir/anchors"
	want_line "^anchored to 18 \\($dir/anchors, line 2\\)" "$out"
	want_line '^unanchored: records 19 to 40, the last ones$' "$out"
	want grep -Fq "the anchors' key is $(change key one): nobody" "$out"
	# In other programs' logs, in any order, among other lines.
	{
		echo 'Jan  1 12:00:00 gate sshd[7]: farmgate-anchor-v1 seq=1'
		change anchor "$log" one 39 |
		    sed 's/^/Jan  1 12:00:00 gate farmgate-policyd[8]: anchor: /'
		change anchor "$log.1-10" one 2
		echo 'another line'
	} | gzip >"$dir/syslog.gz"
	verify 0 --anchors "$dir/anchors" --anchors "$dir/syslog.gz" \
	    --key "$(change key one)"
	want_line "^anchored to 39 \\($dir/syslog.gz, line 2\\)" "$out"
	want_line '^unanchored: record 40, the last one$' "$out"
	want_line '1 anchors cannot be read' "$out"
	no_line 'nobody has said' "$out"
	# and other machines' ones
	{ change anchor "$log" two 35; cat "$dir/anchors"; } >"$dir/both"
	want_eq "anchored 12 18 $(change key one)" "$(python3 \
	    conf/audit-verify.py --anchors "$dir/both" \
	    --key "$(change key one)" "$log".[0-9]* "$log" | tail -n 1)"
	want_not python3 conf/audit-verify.py --anchors "$dir/both" \
	    "$log".[0-9]* "$log"
	verify 0 --json --anchors "$dir/anchors"
	want_eq '2 18 2 19 40' "$(jq -r '.anchors |
	    "\(.good) \(.anchored.seq) \(.anchored.line) " +
	    "\(.unanchored.from) \(.unanchored.to)"' "$out")"
	change anchor "$log" one 40 >"$dir/last"
	verify 0 --anchors "$dir/last"
	no_line '^unanchored' "$out"
	verify 0 --json --anchors "$dir/last"
	want_eq null "$(jq .anchors.unanchored "$out")"
	rm "$log.1-10" "$log.11-20"
	verify 0 --partial --anchors "$dir/anchors"
	want_line '^2 anchors are of records that are older' "$out"
	want_line '^not anchored' "$out"
}

# The chain is right after all of these.
anchors_that_contradict()
{
	log_of 40 11 21 31
	change anchor "$log" one 35 40 >"$dir/anchors"
	change forge "$log" 3
	verify 0
	verify 1 --anchors "$dir/anchors"
	want_line "^NOT INTACT: $log, line 5, record 35: it is another .*$dir/anchors, line 1 has" \
	    "$out"
	want_eq 1 "$(grep -c ^NOT "$out")"
	verify 1 --json --anchors "$dir/anchors"
	want_eq 'false 0 35 5' "$(jq -r '"\(.intact) \(.bad) " +
	    (.anchors.contradicts | "\(.seq) \(.record.line)")' "$out")"
	# a line that is wrong comes after it
	change edit "$log" 2
	verify 1 --anchors "$dir/anchors"
	want_line '^NOT INTACT: .*another' <(head -n 1 "$out")
	want_line '^NOT INTACT: .*record 32: its hash' <(sed -n 2p "$out")
	log_of 40 11 21 31
	change delete "$log" 10
	verify 0
	verify 1 --anchors "$dir/anchors"
	want_line 'record 40 is not there, .* has seen: the end was cut off' \
	    "$out"
	want_eq 'an anchor has seen record 40, which is not there' \
	    "$(with_anchors)"
	want_line '^anchored 35 35 ' <(python3 conf/audit-verify.py --piece \
	    --anchors "$dir/anchors" "$log".[0-9]* "$log")
	: >"$log"
	verify 1 --anchors "$dir/anchors"
	want_line 'record 35 is not there, .* has seen: the end was cut off' \
	    "$out"
	rm "$log".*
	verify 1 --anchors "$dir/anchors"
}

whose_anchors()
{
	log_of 9
	change anchor "$log" one 3 >"$dir/anchors"
	change anchor "$log" two 5 >>"$dir/anchors"
	verify 2 --anchors "$dir/anchors"
	want_line 'by several keys' "$out"
	want grep -Fq "$(change key two)" "$out"
	verify 0 --anchors "$dir/anchors" --key "$(change key two)"
	want_line '^anchored to 5' "$out"
	want_line '^1 anchors are by other keys' "$out"
	verify 0 --anchors "$dir/anchors" --key "$(change key two)" \
	    --key "$(change key one)"
	verify 2 --anchors "$dir/anchors" --key "$(change key three)"
	want_line 'there is no anchor in' "$out"
	verify 2 --anchors "$log"
	want_line 'there is no anchor in' "$out"
	sed -i 's/seq=3/seq=4/;2d' "$dir/anchors"
	verify 2 --anchors "$dir/anchors"
	want_line 'there is no rightly signed anchor' "$out"
	verify 2 --anchors "$dir/none"
	want_line "$dir/none: No such file" "$out"
}

expired_beginnings()
{
	log_of 40 11 21 31
	change start "$log" one
	change expire "$log" one 1-10
	both_are_content 11 42 3
	want_line '^ok .* expired 10$' "$dir/third"
	verify 0
	want_line '^records 1 to 10, up to 2026-01-01, expired on 2027-02-05 by policy, signed by ed25519:.* \(record 42\)$' \
	    "$out"
	# what the log itself says of its key shows nothing
	want_line '^nobody has said that this key is right, see --key$' "$out"
	verify 0 --key "$(change key one)"
	no_line 'nobody has said' "$out"
	verify 0 --json --key "$(change key one)"
	want_eq '1 10 42 true null' "$(jq -r '"\(.expired.from) \(.expired.to) " +
	    "\(.expired.seq) \(.expired.known_key) \(.missing)"' "$out")"
	zstd -q --rm "$log.21-30"
	both_are_content 11 42 3
	verify 1 --key "$(change key two)"
	want_line 'record 42: it says that records have expired, and is signed by another key' \
	    "$out"
	# More of them than it vouches for are gone.
	rm "$log.11-20"
	beginning_is_refused 20
	# One after the other; the second vouches for both.
	log_of 40 11 21 31
	change expire "$log" one 1-10 11-20
	both_are_content 21 42 2
	verify 0
	want_line '^records 1 to 20, up to 2026-01-01, expired' "$out"
	want_line '^nobody has said that this key is right' "$out"
	# The second, with nothing of the first.
	log_of 40 11 21 31
	change expire "$log" one 11-20
	rm "$log.1-10"
	beginning_is_refused 20
}

# Whoever has the daemon's key can sign for what was written yesterday, but not
# have anchors of it unsaid.
expired_before_their_time()
{
	log_of 40 11 21 31
	change anchor "$log.1-10" one 5@1767312100 10@1801785500 >"$dir/anchors"
	change anchor "$log.11-20" one 15@1801785500 >>"$dir/anchors"
	change expire "$log" one 1-10
	verify 0 --anchors "$dir/anchors"
	want_line '^ok 41 .* expired 10$' <(with_anchors)
	log_of 40 11 21 31
	change anchor "$log.1-10" one 2@1767225600 9@1767312101 5@1767312200 \
	    >"$dir/anchors"
	change expire "$log" one 1-10
	verify 1 --anchors "$dir/anchors"
	want_line '^NOT INTACT: records 1 to 10 are from 2026-01-01 or before, says what has taken their place, and on 2026-01-02 record 5 was the last one, says an anchor \(.*, line 2\)' \
	    "$out"
	no_line '^intact' "$out"
	verify 1 --anchors "$dir/anchors" --json
	want_eq 'false 1767225700 5' \
	    "$(jq -r '"\(.intact) \(.expired.newest) \(.expired.younger.seq)"' \
	    "$out")"
	want_eq 'an anchor has seen record 5 a day after what has expired' \
	    "$(with_anchors)"
}

expired_middles()
{
	log_of 40 11 21 31
	change expire "$log" one 11-20
	both_are_content 1 41 3
	verify 0
	want_line '^records 11 to 20, up to .*, expired' "$out"
	# It vouches for these and no others.
	change delete "$log.1-10" 10
	both_find 'record 21: records 10 to 20 are missing' 1 "$log.21-30" 1
	log_of 40 11 21 31
	change expire "$log" one 11-20
	change delete "$log.21-30" 5
	change edit "$log" 3
	both_find 'record 26: record 25 is missing' 2 "$log.21-30" 5
}

forged_tombstones()
{
	local what

	for what in 's/"begin":1/"begin":2/' 's/"sig":"./"sig":"-/'; do
		log_of 40 11 21 31
		change start "$log" one
		change expire "$log" one 1-10
		sed -i "\$$what" "$log"
		change seal "$log" 12
		verify 1
		want_line '^NOT INTACT: .*record 42: it says that records have expired, and its signature' \
		    "$out"
		want_eq "$log 12" "$(third_party)"
		want_line '^NOT INTACT: .*records 1 to 10 are missing' "$out"
	done
	# By somebody who has no key of the daemon's.
	log_of 40 11 21 31
	change start "$log" one
	change expire "$log" two 1-10
	verify 1
	want_line 'record 42: .*signed by another key' "$out"
	want_line '^NOT INTACT: .*records 1 to 10 are missing' "$out"
	want_eq "$log 12" "$(third_party)"
	# Who can append can also have the log say whose key it is; the anchors
	# know better.
	log_of 40 11 21 31
	change anchor "$log" one 35 >"$dir/anchors"
	change start "$log" two
	change expire "$log" two 1-10
	verify 0
	verify 1 --anchors "$dir/anchors"
	want_line 'record 42: .*signed by another key' "$out"
	want_line '^NOT INTACT: .*records 1 to 10 are missing' "$out"
	want_eq "$log line 12: signed by another key" \
	    "$(with_anchors | sed 's/:.*line/ line/')"
	log_of 40 11 21 31
	change anchor "$log" one 35 >"$dir/anchors"
	change expire "$log" one 1-10
	verify 0 --anchors "$dir/anchors"
	want_line '^records 1 to 10, up to .*, expired' "$out"
	no_line 'nobody has said that this key' "$out"
	# Of another file, and nobody has looked what stood before.
	log_of 40 11 21 31
	change expire "$log" one 1-10
	log_of 41 12 21 31
	rm "$log.1-11"
	beginning_is_refused 11
}

run "AUD-02 a whole log is told so, through all its files" whole_logs
run "AUD-02 each kind of change is found, at the same line by both" changed_lines
run "AUD-02 the same between files" changed_files
run "AUD-02 a log that begins behind a tombstone is whole" expired_beginnings
run "AUD-02 what anchors say of the age of what has expired is told" \
    expired_before_their_time
run "AUD-02 so is one with a tombstone for its middle" expired_middles
run "AUD-02 a forged tombstone vouches for nothing" forged_tombstones
run "AUD-02 what cannot be read is no whole log" files_that_cannot_be_read
run "AUD-13 what is told is fit for a terminal" words_for_people
run "AUD-03 anchors tell up to where the log is the same" anchors_that_agree
run "AUD-03 a log that was written anew contradicts its anchors" \
    anchors_that_contradict
run "AUD-03 anchors count only by the key that is asked for" whose_anchors
finish
