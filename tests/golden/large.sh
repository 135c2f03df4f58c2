#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Logs that are large: what reads them needs no more memory for ten times as
# many records, and tells on a terminal how far it is.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/logged
export TZ=UTC
sanitized=$(grep -l __asan_init "$ctl")
MANY=300000
[ -z "$sanitized" ] || MANY=60000	# it is slow, too
FEW=$((MANY / 10))
MORE=512		# kilobytes, of chance

mkdir "$dir/many" "$dir/few"
python3 tests/golden/large_log.py "$MANY" "$dir/many/audit.jsonl" \
    "$dir/many/auth.log"
for name in audit.jsonl auth.log; do
	head -n "$FEW" "$dir/many/$name" >"$dir/few/$name"
done

# COMMAND...: with DIR in it for where the logs are, and LIMIT for a fifth of
# their records, of what takes its time.
needs_no_more_memory()
{
	local few many of

	of=("${@//DIR/"$dir/few"}")
	few=$(python3 -ISB tests/lib/peak.py "$ctl" \
	    "${of[@]/LIMIT/$((FEW / 5))}")
	of=("${@//DIR/"$dir/many"}")
	many=$(python3 -ISB tests/lib/peak.py "$ctl" \
	    "${of[@]/LIMIT/$((MANY / 5))}")
	echo "$*: $few, $many"
	want_eq "0 0" "${few% *} ${many% *}"
	want test "${many#* }" -le "$((${few#* } + MORE))"
}

memory_is_bounded()
{
	local format

	needs_no_more_memory audit --file DIR/audit.jsonl --user u7
	needs_no_more_memory audit --file DIR/audit.jsonl --limit LIMIT
	for format in ocsf ecs csv; do
		needs_no_more_memory audit export --format "$format" \
		    --file DIR/audit.jsonl --limit LIMIT
	done
	needs_no_more_memory audit verify --file DIR/audit.jsonl
	needs_no_more_memory audit reconcile --file DIR/audit.jsonl \
	    DIR/auth.log
}

# COMMAND...: on a terminal, what it has told of how far it is, in percent.
percents()
{
	want python3 tests/lib/watched.py "$ctl" "$@" >"$out"
	grep -Eao '[0-9]+%' "$out" | tr -d % >"$dir/percents"
}

# It goes from few to many, and away.
moves()
{
	xargs <"$dir/percents"
	want test "$(sort -u "$dir/percents" | wc -l)" -ge 3
	want_eq "$(sort -n "$dir/percents")" "$(cat "$dir/percents")"
	want test "$(tail -n 1 "$dir/percents")" -le 100
	want test "$(tail -c 3 "$out" | od -An -c | tr -d ' ')" = "$1"
}

progress_is_told()
{
	percents audit verify --file "$dir/many/audit.jsonl"
	moves '\r'
	percents audit reconcile --file "$dir/many/audit.jsonl" \
	    "$dir/many/auth.log"
	moves '033[K'
	# no terminal, no bar
	"$ctl" audit reconcile --file "$dir/few/audit.jsonl" \
	    "$dir/few/auth.log" >/dev/null 2>"$out"
	want test ! -s "$out"
}

# Lines that are nobody's login, whose year is found from the end.
progress_is_told_where_nobody_logs_in()
{
	yes 'Mar  1 08:00:00 gate CRON[7]: pam_unix(cron:session): session opened' |
	    head -n 600000 >"$dir/syslog"
	percents audit reconcile --file "$dir/few/audit.jsonl" "$dir/syslog"
	moves '033[K'
	# which it is told of, before the first line counts
	want_line '[1-9]% 0 lines' "$out"
}

if [ -n "$sanitized" ]; then
	skip "AUD: ten times as many records need no more memory" \
	    "the sanitizer's is larger"
else
	run "AUD: ten times as many records need no more memory" \
	    memory_is_bounded
fi
run "AUD: on a terminal it is told how far it is" progress_is_told
run "AUD: it is told where nobody logs in, too" \
    progress_is_told_where_nobody_logs_in
finish
