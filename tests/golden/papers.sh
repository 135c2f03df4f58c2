#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is made for auditors out of a log: reviews, exports, bundles, dossiers.
# The log is papers.jsonl, sealed, in two files.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
log=$dir/log/audit.jsonl
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/logged

mkdir "$dir/log"
python3 tests/golden/audit_log.py seal "$log" tests/golden/papers.jsonl 27

# STATUS ARGUMENT...: its output is in $out, complaints too.
audit()
{
	local rc=0 status=$1

	shift
	"$ctl" audit "$@" --file "$log" >"$out" 2>&1 || rc=$?
	cat "$out"
	want_eq "$status" "$rc"
}

a_review_needs_a_decision_and_a_word_for_it()
{
	audit 1 review --disposition expected AAAA9999
	want_line 'no decision AAAA-9999 is in the audit log; .*--force' "$out"
	# the reference of a request, or of nothing but an event
	audit 1 review --disposition expected BBBB-0001
	audit 2 review --disposition false_postive AAAA0003
	want_line 'did you mean "false_positive"' "$out"
	audit 2 review AAAA0003
	want_line 'review: --disposition is needed' "$out"
	audit 2 review --disposition expected --note "$(printf 'x%.0s' {1..1025})" \
	    AAAA0003
	# without a daemon nothing is recorded; a break-glass login can be reviewed
	want_rc 2 "$ctl" -S "$dir" audit review --disposition expected --file "$log" \
	    MAAAA000C
}

the_last_review_is_shown_with_its_decision()
{
	audit 0 --ref aaaa0003
	want_eq "7 21 22" "$(jq .seq "$out" | xargs)"
	"$ctl" explain --file "$log.1-26" AAAA0003 >"$out"
	want_line '^  reviewed   expected by .* as root, SEC-42: conference' "$out"
	want_line '^  replaced   by record 22$' "$out"
	want_eq 1 "$(grep -c '^  replaced' "$out")"
}

run "AUD review: needs a decision and a word for it" \
    a_review_needs_a_decision_and_a_word_for_it
run "AUD review: the last one is shown with its decision" \
    the_last_review_is_shown_with_its_decision

finish
