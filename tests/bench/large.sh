#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What years of logins, many people and many open sessions add to a login, side
# by side with a store that has next to nothing, and what it costs those who
# come while others are written down. It prints, and judges nothing. Usage:
# tests/bench/large.sh [-f ROUNDS] [-l LOGINS] [-n ROWS] [-o SESSIONS]
# [-p PEOPLE] [-s SEED]: rounds with a process for each login (-f), logins of
# each line of load (-l), what the large store has: logins in the history (-n,
# 10,000,000; 0 leaves all of this out), open sessions (-o, 10,000), people (-p,
# 100,000). The seed is of the order within the rounds. Filling it takes less
# than a minute, and 250 bytes of disk a row. Environment: BUILD (default build).

. "$(dirname "$0")/bench.sh"

# Store and audit log have to be on a disk.
[ -n "${FG_PRIVATE:-}" ] || on_private_machine large.sh "$@"

# Both daemons are told the same: all that history and sessions are asked.
gate_conf()
{
	cat >"/etc/farmgate/$1.conf" <<-END
	mode = "enforce"
	audit = "/var/log/farmgate/$1.jsonl"
	state = "/var/lib/$1"
	$(gate_looks)
	database "country" { files = { "$geo" } }
	policy "everybody" {
	    countries = { "NO", "NL" }
	    max_sessions = "100"
	}
	END
}

people()
{
	echo user,countries,home,radius
	seq -f 'p%06.0f,NO NL,"59.91,10.75",500km' "$1"
	echo 'alice,,"52.37,4.89",500km'
}

# NAME ROWS PEOPLE SESSIONS
fill()
{
	local start=$SECONDS told=$FG_WORK/$1.fill

	install -d -m 0700 -o farmgate -g farmgate "/var/lib/$1"
	"$bench/bench_fill" -n "$2" -p "$3" -o "$4" -d "/var/lib/$1" \
	    -r "$allow_from" -u alice >"$told" 2>&1 &
	wait_for 3600 told_or_dead "$told" '^filled' $!
	grep -q '^filled' "$told" || die "$(cat "$told")"
	echo "$1: $2 logins in the history, $4 open sessions, filled in" \
	    "$((SECONDS - start)) s," \
	    "$(($(stat -c %s "/var/lib/$1/farmgate.db") / 1000000)) MB"
}

# NAME PEOPLE
gate()
{
	gate_conf "$1"
	gate_start "$1" "/run/$1"
	people "$2" | people_import "/run/$1"
}

# LABEL [OPTION...]: the same asked of both.
load_lines()
{
	local label=$1 n

	shift
	for n in 1 8; do
		"$bench/bench_load" -c "$n" -n "$load" -r "$allow_from" \
		    -u alice -s /run/small/policy.sock "$@" \
		    "small, $label, $n"
		"$bench/bench_load" -c "$n" -n "$load" -r "$allow_from" \
		    -u alice -s /run/large/policy.sock "$@" \
		    "large, $label, $n"
	done
	"$bench/bench_load" -c 8 -n "$load" -r "$allow_from" -u alice \
	    -p "$npeople" -s /run/large/policy.sock "$@" \
	    "large, $label by all, 8"
}

# Four callers who open sessions, some 600 a second, and one who asks for
# account meanwhile.
load_meanwhile()
{
	local gate writer

	for gate in small large; do
		"$bench/bench_load" -c 4 -w 6000 -n "$load" -O -p "$npeople" \
		    -r "$allow_from" -u alice -s "/run/$gate/policy.sock" \
		    "$gate, open by all, paced" >"$FG_WORK/writer" &
		writer=$!
		"$bench/bench_load" -c 1 -w 2000 -n $((load / 2)) \
		    -r "$allow_from" -u alice -s "/run/$gate/policy.sock" \
		    "$gate, account meanwhile"
		wait "$writer"
		cat "$FG_WORK/writer"
	done
}

status()
{
	"$FG_BUILD/farmgatectl" -S "/run/$1" status |
	    sed -nE "s/^(people|sessions) +/$1: \1 /p"
}

rounds=500 load=10000 rows=10000000 sessions=10000 npeople=100000 seed=1
while getopts f:l:n:o:p:s: opt; do
	case $opt in
	f)	rounds=$OPTARG ;;
	l)	load=$OPTARG ;;
	n)	rows=$OPTARG ;;
	o)	sessions=$OPTARG ;;
	p)	npeople=$OPTARG ;;
	s)	seed=$OPTARG ;;
	*)	exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ "$rows" -gt 0 ] || exit 0

bench_machine "$1"
bench_countries
mount --bind "$1/lib" /var/lib
echo
fill small 0 0 0
fill large "$rows" "$npeople" "$sessions"
gate small 1
gate large "$npeople"
status small
status large
stack pam_permit account pam_permit.so
for gate in small large; do
	stack "pam_farmgate-$gate" account \
	    "$FG_BUILD/pam_farmgate.so socket=/run/$gate/policy.sock"
done
if [ "$rounds" -gt 0 ]; then
	printf '\nEach login in a process of its own, as with sshd\n'
	"$bench/bench_login" -f -n "$rounds" -s "$seed" -d "$confdir" \
	    -u alice -r "$allow_from" pam_permit pam_farmgate-small \
	    pam_farmgate-large
fi
if [ "$load" -gt 0 ]; then
	printf '\nThe daemons alone; what is opened is written to the store\n'
	printf '%-26s %6s %10s %10s %10s %10s\n' "microseconds a caller" \
	    logins "per second" p50 p99 longest
	load_lines account
	load_lines open -O
	load_meanwhile
	echo
	status large
fi
