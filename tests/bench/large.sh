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

set -eu
export LC_ALL=C.UTF-8

allow_from=193.0.6.139

# Store and audit log have to be on a disk: a private machine has memory.
if [ -z "${FG_PRIVATE:-}" ]; then
	top=$(cd "$(dirname "$0")/../.." && pwd)
	disk=$(mktemp -d /var/tmp/farmgate-bench.XXXXXX)
	trap 'rm -rf "$disk"' EXIT
	mkdir "$disk/log" "$disk/lib"
	export FG_QUIET=1
	# shellcheck disable=SC2016 # expanded inside
	"$top/tests/lib/private.sh" bash -c \
	    'exec "$FG_TOP/tests/bench/large.sh" "$@"' bash "$@" "$disk"
	exit
fi

bench=$FG_BUILD/bench
confdir=$FG_WORK/pam
geo=$FG_WORK/country.mmdb

die()
{
	echo "bench: $*" >&2
	exit 1
}

# SECONDS COMMAND...: until it succeeds, at most that long.
wait_for()
{
	local end=$((SECONDS + $1 + 1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || die "no success: $*"
		sleep 0.05
	done
}

# Both daemons are told the same: all that history and sessions are asked.
gate_conf()
{
	cat >"/etc/farmgate/$1.conf" <<-END
	mode = "enforce"
	audit = "/var/log/farmgate/$1.jsonl"
	state = "/var/lib/$1"
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

filled_or_dead()
{
	[ ! -d "/proc/$2" ] || grep -q '^filled' "$FG_WORK/$1.fill"
}

# NAME ROWS PEOPLE SESSIONS
fill()
{
	local start=$SECONDS

	install -d -m 0700 -o farmgate -g farmgate "/var/lib/$1"
	"$bench/bench_fill" -n "$2" -p "$3" -o "$4" -d "/var/lib/$1" \
	    -r "$allow_from" -u alice >"$FG_WORK/$1.fill" 2>&1 &
	wait_for 3600 filled_or_dead "$1" $!
	grep -q '^filled' "$FG_WORK/$1.fill" || die "$(cat "$FG_WORK/$1.fill")"
	echo "$1: $2 logins in the history, $4 open sessions, filled in" \
	    "$((SECONDS - start)) s," \
	    "$(($(stat -c %s "/var/lib/$1/farmgate.db") / 1000000)) MB"
}

ready_or_dead()
{
	[ ! -d "/proc/$2" ] || grep -q ready "$FG_WORK/$1.log"
}

# NAME PEOPLE
gate_start()
{
	local run=/run/$1

	install -d -m 0755 "$run"
	gate_conf "$1"
	"$FG_BUILD/farmgate-policyd" -c "/etc/farmgate/$1.conf" -r "$run" \
	    -u farmgate -s farmgate-scan >>"$FG_WORK/$1.log" 2>&1 </dev/null &
	wait_for 60 ready_or_dead "$1" $!
	[ -S "$run/policy.sock" ] || die "$(cat "$FG_WORK/$1.log")"
	people "$2" >"$FG_WORK/people.csv"
	"$FG_BUILD/farmgatectl" -S "$run" inventory import \
	    "$FG_WORK/people.csv" >"$FG_WORK/import" ||
	    die "$(tail -n 3 "$FG_WORK/import")"
}

# NAME
stack()
{
	mkdir -p "$confdir/$1"
	echo "account required $2" >"$confdir/$1/sshd"
	echo 'account required pam_deny.so' >"$confdir/$1/other"
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

mount --bind "$1/log" /var/log/farmgate
chown farmgate:adm /var/log/farmgate
chmod 2750 /var/log/farmgate
mount --bind "$1/lib" /var/lib
install -m 0644 "$FG_TOP/build/geo/country.mmdb" "$geo" ||
    die "no country database: make geodata"
"$bench/bench_peer" drain /dev/log &
echo
fill small 0 0 0
fill large "$rows" "$npeople" "$sessions"
gate_start small 1
gate_start large "$npeople"
status small
status large
stack pam_permit pam_permit.so
for gate in small large; do
	stack "pam_farmgate-$gate" \
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
