#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the gate adds to a login, side by side with its peers, on a private copy
# of the machine. It prints, and judges nothing. Usage: tests/bench/run.sh
# [-a ROUNDS] [-f ROUNDS] [-l LOGINS] [-p ROUNDS] [-s SEED]: rounds with all
# logins in one process (-a), with a process for each (-f) and with twenty
# rounds a second (-p), logins for each line of load (-l); 0 leaves a part out.
# The seed is of the order within the rounds.
# Environment: BUILD (default build).

. "$(dirname "$0")/bench.sh"

deny_from=1.1.1.1

# What the numbers depend on, as the machine itself sees it.
machine()
{
	local p

	echo "cpu:      $(nproc) x" \
	    "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
	echo "kernel:   $(uname -sr), auditd" \
	    "$(pgrep -x auditd >/dev/null || echo "not ")running"
	for p in libc6 libpam-modules libpam-geoip mmdb-bin; do
		echo "package:  $p" \
		    "$(dpkg-query -W -f '${Version}' "$p" 2>/dev/null)"
	done
	echo "audit:    on $(findmnt -no FSTYPE -T "$disk")," \
	    "syslog is read and dropped"
	echo '          It cannot be switched off; what is called "tmpfs" has' \
	    "its record in memory."
}

# The audit file has to be on a disk.
[ -n "${FG_PRIVATE:-}" ] || {
	machine >"$disk/machine"
	on_private_machine run.sh "$@"
}

gates=()

country_of()
{
	mmdblookup --file "$geo" --ip "$1" country iso_code |
	    sed -n 's/.*"\(..\)".*/\1/p'
}

# The gate ----------------------------------------------------------------

# NAME WHOM: a configuration with three policies; WHOM is what the last one
# is for, and makes it ask for the groups if it is one.
gate_conf()
{
	cat >"/etc/farmgate/$1.conf" <<-END
	mode = "enforce"
	help = "Call the help desk"
	audit = "/var/log/farmgate/$1.jsonl"
	state = "/var/lib/$1"
	$(gate_looks)
	database "country" {
	    files = { "$geo" }
	}
	network "office" {
	    cidr = { "198.51.100.0/24", "2001:db8:1::/48" }
	    label = "office"
	    place = "NO"
	    trust = "place"
	}
	policy "administrators" {
	    users = { "dave" }
	    services = { "sshd", "sudo" }
	    networks = { "office" }
	}
	policy "contractors" {
	    users = { "bob", "carol" }
	    countries = { "NO", "SE" }
	    actions = { "geo.country = deny", "geo.unknown = deny" }
	}
	policy "staff" {
	    users = { "$2" }
	    countries = { "NO", "$(country_of "$allow_from")" }
	    actions = { "geo.country = deny" }
	}
	END
}

# RULES: every kind of database that is there, a list of 100,000 networks, and
# so many rules, two a policy, in front of those of gate_conf.
gate_conf_full()
{
	gate_conf full alice
	{
		local i

		databases
		echo 'network vpns { files = "/etc/farmgate/vpns.cidr"' \
		    'kind = "vpn" }'
		for ((i = 1; i <= $1 / 2; i++)); do
			echo "policy u$i { users = { \"u$i\" }" \
			    'actions = { "net.listed:office = deny",' \
			    '"geo.unknown = deny" } }'
		done
		sed -n '/^policy/,$p' /etc/farmgate/full.conf
	} >"$FG_WORK/full.part"
	sed -i '/^policy/,$d' /etc/farmgate/full.conf
	cat "$FG_WORK/full.part" >>/etc/farmgate/full.conf
}

# The same, but for where the record goes: what the disk adds to it.
gate_conf_tmpfs()
{
	local log=/var/log/farmgate-tmpfs

	install -d -m 2750 -o farmgate -g adm "$log"
	[ "$(findmnt -no FSTYPE -T "$log")" = tmpfs ] || die "$log: no tmpfs"
	sed -e "s|^audit = .*|audit = \"$log/full-tmpfs.jsonl\"|" \
	    -e 's|^state = .*|state = "/var/lib/full-tmpfs"|' \
	    /etc/farmgate/full.conf >/etc/farmgate/full-tmpfs.conf
}

databases()
{
	local dir=$FG_TOP/build/geo

	[ ! -s "$dir/city-ipv4.mmdb" ] ||
		echo "database city { files = { \"$dir/city-ipv4.mmdb\"," \
		    "\"$dir/city-ipv6.mmdb\" } }"
	[ ! -s "$dir/asn.mmdb" ] || {
		echo "database asn { files = \"$dir/asn.mmdb\" }"
		echo 'asn hosting { kind = "hosting"' \
		    "files = \"$FG_TOP/conf/asn-hosting.list\" }"
	}
	[ ! -s "$FG_WORK/anonymous.mmdb" ] ||
		echo "database anonymous { files =" \
		    "\"$FG_WORK/anonymous.mmdb\" }"
}

# SEED: 100,000 of them, none of which holds an address that is used here.
networks()
{
	awk -v seed="$1" 'BEGIN { srand(seed); for (i = 0; i < 100000; i++)
		printf "%d.%d.%d.%d/32\n", 11 + int(rand() * 100),
		    rand() * 256, rand() * 256, rand() * 256 }'
}

people()
{
	echo user,countries,home,radius,hours,zone
	seq -f 'p%.0f,NO SE,"59.91,10.75",500km,mon-fri 07:00-19:00,Europe/Oslo' \
	    100000
	echo 'alice,,"52.37,4.89",500km,mon-sun 00:00-24:00,Europe/Amsterdam'
}

# What the daemon itself says that it decides from. What is not there is not
# measured; what is there and not used would be measured as something else.
full_parts()
{
	local kind kinds

	"$FG_BUILD/farmgatectl" -S /run/farmgate-full status >"$FG_WORK/status"
	kinds=$(sed -n 's/^\(databases\)\? *\([a-z]*\): \/.*\.mmdb$/\2/p' \
	    "$FG_WORK/status")
	[ "$(echo "$kinds" | wc -l)" -eq \
	    "$(grep -o '[.]mmdb' /etc/farmgate/full.conf | wc -l)" ] ||
		die "a database is not used: $(tail -n 3 "$FG_WORK/full.log")"
	echo "full:    " $(grep -o 'policies [0-9]*' "$FG_WORK/status") \
	    "with 1000 rules," $(grep -o '^people *[0-9]*' "$FG_WORK/status"), \
	    "networks listed" $(wc -l </etc/farmgate/vpns.cidr), \
	    "databases" $kinds
	for kind in city asn anonymous; do
		[[ $kinds == *$kind* ]] ||
			echo "full:     WITHOUT a database of the kind $kind"
	done
}

# NAME RUNDIR
gate()
{
	gate_start "$1" "$2"
	gates+=("$1:$gate_pid")
}

# The stacks --------------------------------------------------------------

stack_files()
{
	local cc

	cc=$(country_of "$allow_from")
	cat >"$FG_WORK/access.conf" <<-END
	+:dave:198.51.100.0/24
	-:bob carol:ALL EXCEPT 198.51.100.0/24
	+:ALL:${allow_from%.*}.0/24
	-:ALL:ALL
	END
	cat >"$FG_WORK/geoip.conf" <<-END
	dave sshd,sudo allow NO, *
	bob,carol sshd deny UNKNOWN, *
	* sshd allow $cc, *
	* * deny *, *
	END
	cat >"$FG_WORK/geoip.sh" <<-END
	#!/bin/sh
	country=\$(/usr/bin/mmdblookup --file $geo --ip "\$PAM_RHOST" \\
	    country iso_code)
	case \$country in
	*'"$cc"'*|*'"NO"'*) exit 0 ;;
	esac
	exit 1
	END
	chmod 0755 "$FG_WORK/geoip.sh"
}

stacks()
{
	stack_files
	stack pam_permit account pam_permit.so
	stack floor account "$bench/pam_floor.so" "$FG_WORK/echo"
	stack pam_farmgate account "$FG_BUILD/pam_farmgate.so"
	stack pam_farmgate-groups account "$FG_BUILD/pam_farmgate.so" \
	    socket=/run/farmgate-groups/policy.sock
	stack pam_farmgate-full account "$FG_BUILD/pam_farmgate.so" \
	    socket=/run/farmgate-full/policy.sock
	stack pam_farmgate-full-tmpfs account "$FG_BUILD/pam_farmgate.so" \
	    socket=/run/farmgate-full-tmpfs/policy.sock
	stack pam_farmgate-deny account "$FG_BUILD/pam_farmgate.so"
	stack pam_farmgate-full-deny account "$FG_BUILD/pam_farmgate.so" \
	    socket=/run/farmgate-full/policy.sock
	stack pam_access account pam_access.so \
	    "accessfile=$FG_WORK/access.conf"
	stack pam_geoip account pam_geoip.so "system_file=$FG_WORK/geoip.conf" \
	    "geoip_db=$geo"
	stack pam_exec-mmdblookup account pam_exec.so quiet "$FG_WORK/geoip.sh"
	stack pam_unix account pam_unix.so
	stack pam_unix-password auth pam_unix.so
}

# What Debian's default is, so that one is what people wait for.
yescrypt_password()
{
	local hash

	# shellcheck disable=SC2016 # not the shell's
	hash=$(perl -e 'print crypt("alice-pw", q($y$j9T$farmgate$))')
	[ "${#hash}" -gt 40 ] || die "crypt(3) does not know yescrypt"
	sed -i "s|^alice:[^:]*:|alice:$hash:|" /etc/shadow
}

# The tables --------------------------------------------------------------

# OPTION...: every stack, in one table.
logins()
{
	"$bench/bench_login" -s "$seed" -d "$confdir" -u alice \
	    -r "$allow_from" "$@" pam_permit floor pam_farmgate \
	    pam_farmgate-groups pam_farmgate-full pam_farmgate-full-tmpfs \
	    pam_access "${geoip[@]}" \
	    pam_exec-mmdblookup,every=5 pam_unix \
	    pam_unix-password,auth,every=20
}

# By themselves, as a file system that syncs is slow for others too.
denials()
{
	"$bench/bench_login" -s "$seed" -d "$confdir" -u alice \
	    -r "$allow_from" "$@" pam_permit \
	    "pam_farmgate-deny,deny,rhost=$deny_from" \
	    "pam_farmgate-full-deny,deny,rhost=$deny_from"
}

# LABEL RUNDIR OPTION...
load_lines()
{
	local label=$1 socket=$2/policy.sock n

	shift 2
	for n in 1 8 64; do
		"$bench/bench_load" -c "$n" -n "$load" -r "$allow_from" \
		    -u alice -s "$socket" "$@" "$label, $n at a time"
	done
}

load()
{
	local synced=(-D -n $((load / 4)) -r "$deny_from")

	printf '%-28s %6s %10s %10s %10s %10s\n' "microseconds a caller" \
	    logins "per second" p50 p99 longest
	load_lines allow /run/farmgate
	load_lines "allow by group" /run/farmgate-groups -g staff
	load_lines full /run/farmgate-full
	load_lines "full, tmpfs" /run/farmgate-full-tmpfs
	load_lines "denied, synced" /run/farmgate "${synced[@]}"
	load_lines "full, denied" /run/farmgate-full "${synced[@]}"
}

# Kibibytes of a process's memory map.
memory_line()
{
	awk -v pid="$2" -v name="$1" '
	    /^(Rss|Pss|Private_Dirty):/ { v[$1] = $2 }
	    END { printf "%-26s %6d %10d %10d %10d\n", name, pid,
	        v["Rss:"], v["Pss:"], v["Private_Dirty:"] }' \
	    "/proc/$2/smaps_rollup"
}

# WHEN
memory()
{
	local gate pid

	printf '%-26s %6s %10s %10s %10s\n' "kibibytes, $1" pid rss pss dirty
	for gate in "${gates[@]}"; do
		pid=${gate#*:}
		memory_line "${gate%:*} decider" "$pid"
		memory_line "${gate%:*} scanner" "$(pgrep -o -P "$pid")"
	done
}

# RULES: how long a reload takes until it is in force, as farmgatectl sees it.
reload_line()
{
	local start end

	gate_conf_full "$1"
	for _ in 1 2 3 4 5; do
		start=$(date +%s%N)
		"$FG_BUILD/farmgatectl" -S /run/farmgate-full reload >/dev/null ||
		    die "reload failed"
		end=$(date +%s%N)
		echo $(((end - start) / 1000000))
	done | sort -n | sed -n 3p |
	    sed "s/^/reload:   $1 rules, median of 5, ms: /"
}

# Each decision has its record, or the numbers above are of something else.
records()
{
	local file gate

	for gate in "${gates[@]%:*}"; do
		file=$(sed -n 's/^audit = "\(.*\)"/\1/p' \
		    "/etc/farmgate/$gate.conf")
		echo "records:  $gate $(grep -c '"event":"decision"' "$file")"
	done
}

# Beside 200 processes more, as a machine has that people work at.
prepare()
{
	local i

	bench_machine "$1"
	bench_countries
	for ((i = 0; i < 200; i++)); do
		sleep infinity &
	done
	"$bench/bench_peer" echo "$FG_WORK/echo" &
	wait_for 3 test -S "$FG_WORK/echo"
	yescrypt_password
	stacks
	gate_conf farmgate alice
	gate farmgate /run/farmgate
	gate_conf farmgate-groups @staff
	gate farmgate-groups /run/farmgate-groups
	networks 1 >/etc/farmgate/vpns.cidr
	networks 2 | perl "$FG_TOP/tests/bench/anonymous.pl" \
	    >"$FG_WORK/anonymous.mmdb" || rm -f "$FG_WORK/anonymous.mmdb"
	gate_conf_full 1000
	gate full /run/farmgate-full
	people | people_import /run/farmgate-full
	gate_conf_tmpfs
	gate full-tmpfs /run/farmgate-full-tmpfs
	people | people_import /run/farmgate-full-tmpfs
	geoip=()
	if [ -e "$(echo /usr/lib/*/security/pam_geoip.so)" ] ||
	    [ -e "$(echo /lib/*/security/pam_geoip.so)" ]; then
		geoip=(pam_geoip)
	fi
}

rounds=2000 rounds_fork=500 rounds_paced=500 load=20000 seed=1
while getopts a:f:l:p:s: opt; do
	case $opt in
	a)	rounds=$OPTARG ;;
	f)	rounds_fork=$OPTARG ;;
	l)	load=$OPTARG ;;
	p)	rounds_paced=$OPTARG ;;
	s)	seed=$OPTARG ;;
	*)	exit 2 ;;
	esac
done
shift $((OPTIND - 1))

prepare "$1"
cat "$1/machine"
echo "database: $(stat -c %s "$geo") bytes," \
    "$allow_from is in $(country_of "$allow_from")," \
    "$deny_from in $(country_of "$deny_from")"
full_parts
echo
memory idle
if [ "$rounds_fork" -gt 0 ]; then
	printf '\nEach login in a process of its own, as with sshd\n'
	logins -f -n "$rounds_fork"
	printf '\nThe same, denied: the record is on the disk first\n'
	denials -f -n "$rounds_fork"
fi
if [ "$rounds_paced" -gt 0 ]; then
	printf '\nEach in a process of its own, twenty a second\n'
	"$bench/bench_login" -s "$seed" -d "$confdir" -u alice \
	    -r "$allow_from" -f -p 20 -n "$rounds_paced" pam_permit \
	    pam_farmgate pam_farmgate-full
fi
if [ "$rounds" -gt 0 ]; then
	printf '\nAll logins in one process\n'
	logins -n "$rounds"
fi
if [ "$load" -gt 0 ]; then
	printf '\nThe daemon alone, by its protocol\n'
	load
fi
echo
memory "after that"
records
reload_line 1000
reload_line 5000
echo
memory reloaded
[ ${#geoip[@]} -gt 0 ] || echo "pam_geoip: skipped, libpam-geoip is missing"
