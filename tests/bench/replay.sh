#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# How fast logs are read, and logins decided, by farmgatectl replay. It prints,
# and judges nothing. Usage: tests/bench/replay.sh [-n LINES] [-d FOLDER]: so
# many lines of sshd's (-n, 5000000; 0 leaves all of this out), written into a
# new folder in FOLDER (-d, build/bench), which needs that room. Environment:
# BUILD (default build).

set -eu
export LC_ALL=C TZ=UTC
cd "$(dirname "$0")/../.."

lines=5000000 folder=${BUILD:-build}/bench
bin=$PWD/${BUILD:-build}
while getopts n:d: opt; do
	case $opt in
	n)	lines=$OPTARG ;;
	d)	folder=$OPTARG ;;
	*)	exit 2 ;;
	esac
done
[ "$lines" -gt 0 ] || exit 0

mkdir -p "$folder"
work=$(mktemp -d "$folder/replay.XXXXXX")
trap 'rm -rf "$work"' EXIT
work=$(realpath "$work")

mkdir "$work/catalogue"
install -m 0644 conf/catalogue/*.conf "$work/catalogue"
{
	echo "state = \"$work/state\""
	echo "catalogue = {\"$work/catalogue\"}"
	echo 'step_up = {"totp"}'
	echo "database country { files = {\"$PWD/build/geo/country.mmdb\"} }"
	[ ! -s build/geo/city-ipv4.mmdb ] || echo "database city { files = {\"$PWD/build/geo/city-ipv4.mmdb\"} }"
	[ ! -s build/geo/asn.mmdb ] || echo "database asn { files = {\"$PWD/build/geo/asn.mmdb\"} }"
	echo 'policy staff { countries = {"US", "DE", "JP"} max_sessions = 3'
	echo 'actions = {"geo.country = deny", "geo.travel = challenge"} }'
} >"$work/one.conf"
sed 's/"geo.travel = challenge"/"geo.travel = deny"/' "$work/one.conf" \
    >"$work/two.conf"

# Seconds of the processor that replay takes of what follows: the least of three,
# as others use it as well.
cpu_of()
{
	local TIMEFORMAT='%U %S' i

	for i in 1 2 3; do
		{ time "$bin/farmgatectl" replay --config "$work/one.conf" \
		    --json "$@" >"$work/out" 2>"$work/err" || true; } \
		    2>"$work/time"
		awk '{ print $1 + $2 }' "$work/time"
	done | sort -n | head -n 1
}

# WHAT FILE ARGUMENT...: without what it takes to begin at all.
timed()
{
	local what=$1 file=$2 begin all

	shift 2
	begin=$(cpu_of "$@" "$work/empty")
	all=$(cpu_of "$@" "$file")
	jq -r '[.lines, .logins] | @tsv' "$work/out" |
	    awk -v what="$what" -v cpu="$(awk "BEGIN { print $all - $begin }")" '{
		if (cpu <= 0)
			cpu = 0.01
		printf "%-42s %8.2f %11.0f %11.0f %10d\n", what, cpu, $1 / cpu,
		    $2 / cpu, $2
	}'
}

: >"$work/empty"
"$bin/bench/bench_lines" sshd "$lines" 0 "$work/strangers.log"
"$bin/bench/bench_lines" sshd "$lines" 10 "$work/usual.log"
"$bin/bench/bench_lines" sshd "$((lines / 5))" 100 "$work/logins.log"
"$bin/bench/bench_lines" journal "$((lines / 5))" 0 "$work/strangers"
"$bin/bench/bench_lines" journal "$((lines / 5))" 10 "$work/journal"
"$bin/bench/bench_records" "$((lines / 10))" "$work/audit.jsonl"
zstd -q -f "$work/usual.log" -o "$work/usual.log.zst" 2>/dev/null || true

printf '\nReplay of %d lines of sshd, by the processor\n' "$lines"
printf '%-42s %8s %11s %11s %10s\n' '' cpu lines/cpu logins/cpu logins
timed "sshd's log, nobody logs in" "$work/strangers.log"
timed "sshd's log, a tenth of the connections do" "$work/usual.log"
[ ! -e "$work/usual.log.zst" ] ||
	timed "the same, zstd" "$work/usual.log.zst"
timed "sshd's log, all of them do" "$work/logins.log" --against happened
timed "the same against another policy" "$work/logins.log" \
    --against "$work/two.conf"
timed "journal, nobody logs in" "$work/strangers"
timed "journal, a tenth of the connections do" "$work/journal"
timed "audit log" "$work/audit.jsonl" --against happened
