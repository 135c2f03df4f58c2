#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# How long it takes to look through a large audit log, beside tools that know
# nothing of it. It prints, and judges nothing. Usage: tests/bench/audit.sh
# [-n RECORDS] [-d FOLDER]: so many of about 500 bytes (-n, 10000000; 0 leaves
# all of this out), written into a new folder in FOLDER (-d, build/bench), which
# needs that room. Environment: BUILD (default build).

set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."

records=10000000 folder=${BUILD:-build}/bench
ctl=$PWD/${BUILD:-build}/farmgatectl
while getopts n:d: opt; do
	case $opt in
	n)	records=$OPTARG ;;
	d)	folder=$OPTARG ;;
	*)	exit 2 ;;
	esac
done
[ "$records" -gt 0 ] || exit 0

mkdir -p "$folder"
work=$(mktemp -d "$folder/audit.XXXXXX")
trap 'rm -rf "$work"' EXIT
log=$work/audit.jsonl
"${BUILD:-build}/bench/bench_records" "$records" "$log"
old=$(echo "$log".*)
mb=$(du -cm "$old" "$log" | tail -n 1 | cut -f1)

# WHAT COMMAND...: what it takes, of the clock and of the processor, and how many
# lines it prints.
timed()
{
	local what=$1 TIMEFORMAT='%R %U %S'

	shift
	{ time "$@" >"$work/out" 2>/dev/null || true; } 2>"$work/time"
	awk -v what="$what" -v n="$records" -v lines="$(wc -l <"$work/out")" '{
		cpu = $2 + $3
		printf "%-42s %8.2f %8.2f %11.0f %9d\n", what, $1, cpu,
		    (cpu > 0 ? n / cpu : 0), lines
	}' "$work/time"
}

# Both files, one after the other, as the command takes them.
of_both()
{
	local what=$1

	shift
	timed "$what" "$@" "$old" "$log"
}

printf '\nAn audit log of %d records, %d MB in two files\n' "$records" "$mb"
cat "$old" "$log" >/dev/null	# it is in memory, for all of them
printf '%-42s %8s %8s %11s %9s\n' '' seconds cpu 'records/cpu' lines
timed "audit verify" "$ctl" audit verify --file "$log"
timed "audit --user u042" "$ctl" audit --file "$log" --user u042
timed "audit --verdict deny" "$ctl" audit --file "$log" --verdict deny
timed "audit --user u042 --verdict deny" "$ctl" audit --file "$log" \
    --user u042 --verdict deny
timed "audit --from 192.0.2.0/28" "$ctl" audit --file "$log" \
    --from 192.0.2.0/28
timed "audit --since 2099-01-01" "$ctl" audit --file "$log" \
    --since 2099-01-01
of_both "grep -hF '\"user\":\"u042\"'" grep -hF '"user":"u042"'
of_both "grep -hF '\"verdict\":\"deny\"'" grep -hF '"verdict":"deny"'
if command -v rg >/dev/null; then
	of_both "rg -IF '\"user\":\"u042\"'" rg -IF '"user":"u042"'
	of_both "rg -IF '\"verdict\":\"deny\"'" rg -IF '"verdict":"deny"'
else
	echo "rg is not here"
fi
of_both "jq 'select(.user == \"u042\")'" jq -c 'select(.user == "u042")'
of_both "audit-verify.py" python3 conf/audit-verify.py
if command -v zstd >/dev/null; then
	zstd -q --rm "$old"
	timed "audit verify, half of it zstd" "$ctl" audit verify --file "$log"
	timed "audit --user u042, half of it zstd" "$ctl" audit --file "$log" \
	    --user u042
fi
