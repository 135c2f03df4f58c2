# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A test is a shell function that states what it wants; its name is a sentence
# with the acceptance case in front. Prints PASS, FAIL or SKIP and the name;
# what a failed test wrote follows it.

T_FAILED=0
T_WANTS=0
T_BAD=
T_LOG=			# of the test that runs; made by the first
T_MADE=

# COMMAND...: must succeed.
want()
{
	T_WANTS=$((T_WANTS + 1))
	"$@" && return 0
	T_BAD=1
	echo "wanted: $*"
	return 1
}

# COMMAND...: must fail, and not by a signal or for want of the command.
want_not()
{
	local rc=0

	T_WANTS=$((T_WANTS + 1))
	"$@" || rc=$?
	[ "$rc" -eq 0 ] || [ "$rc" -ge 126 ] && [ "$rc" -ne 255 ] || return 0
	T_BAD=1
	echo "wanted to fail (got $rc): $*"
	return 1
}

# STATUS COMMAND...: must exit with exactly that.
want_rc()
{
	local rc=0 status=$1

	shift
	T_WANTS=$((T_WANTS + 1))
	"$@" || rc=$?
	[ "$rc" -ne "$status" ] || return 0
	T_BAD=1
	echo "wanted exit status $status, got $rc: $*"
	return 1
}

# EXPECTED ACTUAL
want_eq()
{
	T_WANTS=$((T_WANTS + 1))
	[ "$1" != "$2" ] || return 0
	T_BAD=1
	printf 'wanted: %q\n   got: %q\n' "$1" "$2"
	return 1
}

# PATTERN FILE: an extended expression must match a line. What the system log
# was told comes to its file a moment later.
want_line()
{
	local tries=0

	while [ -f "$2" ] && ! grep -Eq -e "$1" "$2" && [ "$tries" -lt 100 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	want grep -Eq -e "$1" "$2"
}

no_line()
{
	T_WANTS=$((T_WANTS + 1))
	grep -En -e "$1" "$2" || return 0
	T_BAD=1
	echo "not wanted in $2: $1"
	return 1
}

# Not by a name that somebody else could have made first.
make_log()
{
	[ -z "$T_LOG" ] || return 0
	T_MADE=$(mktemp)
	T_LOG=$T_MADE
}

# NAME FUNCTION [ARGUMENT...]
run()
{
	local name=$1

	shift
	make_log
	T_BAD=
	T_WANTS=0
	"$@" >"$T_LOG" 2>&1 </dev/null
	if [ "$T_WANTS" -eq 0 ]; then
		echo "this test wants nothing" >>"$T_LOG"
		T_BAD=1
	fi
	if [ -z "$T_BAD" ]; then
		echo "PASS $name"
		return 0
	fi
	T_FAILED=$((T_FAILED + 1))
	echo "FAIL $name"
	sed 's/^/    | /' "$T_LOG"
	run_context
}

# What the parties said last, for the reader of a failure.
run_context()
{
	local f

	for f in daemon.log sshd.log syslog; do
		[ -s "${FG_WORK:-/nonexistent}/$f" ] || continue
		echo "    --- $f"
		tail -n 8 "$FG_WORK/$f" | cut -c1-300 | sed 's/^/    | /'
	done
}

# NAME REASON
skip()
{
	echo "SKIP $1: $2"
}

# What a sanitizer said of the daemon at any time.
no_sanitizer_report()
{
	cat "$FG_WORK"/daemon.log* >"$FG_WORK/said"
	no_line 'Sanitizer|runtime error:' "$FG_WORK/said"
}

# The logs that there are: the gate's, and those of the programs around it.
the_logs()
{
	find "$FG_WORK" -maxdepth 1 -type f '(' -name '*.log*' -o -name syslog ')'
	find /var/log/farmgate /run/log/journal "${FG_AUDIT%/*}" -type f \
	    2>/dev/null
}

# Passwords are NAME-pw here, and each code that was made is in $FG_WORK/codes.
# A number of a record is none: a code would be a word.
no_secret_in_a_log()
{
	the_logs | sort -u >"$FG_WORK/logs"
	want test -s "$FG_WORK/logs"
	echo '[a-z]+-pw' | cat - "$FG_WORK/codes" 2>/dev/null | sort -u |
	    paste -sd'|' >"$FG_WORK/secrets"
	want_eq "" "$(tr '\n' '\0' <"$FG_WORK/logs" | xargs -0 grep -aoP \
	    "(?<![0-9A-Za-z.-])(?<!\":)($(cat "$FG_WORK/secrets"))(?![0-9A-Za-z-])")"
}

# At the end of every test script.
finish()
{
	if [ -e "${FG_WORK:-/nonexistent}/daemon.log" ]; then
		run "AUD-10 no password and no code is in a log" \
		    no_secret_in_a_log
	fi
	if [ -n "${FG_PID:-}" ]; then
		fg_stop
		run "no sanitizer has found anything in the daemon" \
		    no_sanitizer_report
	fi
	[ -z "$T_MADE" ] || rm -f "$T_MADE"
	[ "$T_FAILED" -eq 0 ] || exit 1
	exit 0
}
