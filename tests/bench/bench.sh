# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the benchmarks share: a private machine whose logs, and what else is to
# be measured as it is on a disk, are on a disk; daemons; PAM stacks. Sourced.

set -eu
export LC_ALL=C.UTF-8

allow_from=193.0.6.139

if [ -z "${FG_PRIVATE:-}" ]; then
	top=$(cd "$(dirname "$0")/../.." && pwd)
	disk=$(mktemp -d /var/tmp/farmgate-bench.XXXXXX)
	trap 'rm -rf "$disk"' EXIT
	mkdir "$disk/log" "$disk/lib"
else
	bench=$FG_BUILD/bench
	confdir=$FG_WORK/pam
	geo=$FG_WORK/country.mmdb
fi

die()
{
	echo "bench: $*" >&2
	exit 1
}

# SCRIPT ARGUMENT...: that one here on a private machine, where what there
# would be is memory; the folder on a disk is its last argument.
on_private_machine()
{
	export FG_QUIET=1
	# shellcheck disable=SC2016 # expanded inside
	"$top/tests/lib/private.sh" bash -c 'exec "$FG_TOP/tests/bench/$0" "$@"' \
	    "$@" "$disk"
	exit
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

# DISK: logs go there, and to syslog go none.
bench_machine()
{
	[ -x "$bench/bench_login" ] || die "$bench is not built: make bench"
	mount --bind "$1/log" /var/log/farmgate
	chown farmgate:adm /var/log/farmgate
	chmod 2750 /var/log/farmgate
	"$bench/bench_peer" drain /dev/log &
}

bench_countries()
{
	install -m 0644 "$FG_TOP/build/geo/country.mmdb" "$geo" ||
	    die "no country database: make geodata"
}

# What every configuration here has: all that is shipped is looked for, and it
# is no finding that the machine has a pid namespace of its own.
gate_looks()
{
	printf 'catalogue = {"%s"}\nscan {\n\tcontained = "yes"\n}\n' \
	    "$FG_TOP/conf/catalogue"
}

# FILE PATTERN PID: the pattern is in the file, or there is no such process.
told_or_dead()
{
	[ ! -d "/proc/$3" ] || grep -q "$2" "$1"
}

# NAME RUNDIR: a daemon with the configuration of that name; it is $gate_pid.
gate_start()
{
	local log=$FG_WORK/$1.log

	install -d -m 0700 -o farmgate -g farmgate "/var/lib/$1"
	install -d -m 0755 "$2"
	"$FG_BUILD/farmgate-policyd" -c "/etc/farmgate/$1.conf" -r "$2" \
	    -u farmgate -s farmgate-scan >>"$log" 2>&1 </dev/null &
	gate_pid=$!
	wait_for 60 told_or_dead "$log" ready "$gate_pid"
	[ -S "$2/policy.sock" ] || die "$(cat "$log")"
}

# RUNDIR: people of stdin.
people_import()
{
	"$FG_BUILD/farmgatectl" -S "$1" inventory import - \
	    >"$FG_WORK/import" || die "$(tail -n 3 "$FG_WORK/import")"
}

# NAME TYPE MODULE [ARGUMENT...]
stack()
{
	local folder=$confdir/$1 type=$2

	shift 2
	mkdir -p "$folder"
	echo "$type required $*" >"$folder/sshd"
	printf 'auth required pam_deny.so\naccount required pam_deny.so\n' \
	    >"$folder/other"
}
