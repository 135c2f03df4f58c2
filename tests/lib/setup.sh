# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The situation most system tests start from: alice and bob are staff and may
# come from three countries, carol from one; 127.0.0.2 stands for Norway,
# 127.0.0.3 for Brazil, 127.0.0.4 for a listed VPN in Norway.

setup_database()
{
	mkdir -p "$FG_WORK/geo"
	cat >"$FG_WORK/geo/ranges" <<-'EOF'
	134744064,134744319,US
	1359103232,1359103487,GB
	1503663104,1503663359,SE
	2001:4860:4860::,2001:4860:4860:ffff:ffff:ffff:ffff:ffff,US
	EOF
	"$FG_TOP/conf/geodata-convert" country "$FG_WORK/geo/country.mmdb" \
	    "$FG_WORK/geo/ranges"
}

setup_conf()
{
	cat <<-EOF
	mode = enforce
	help = "Call extension 100."
	database country { files = "$FG_WORK/geo/country.mmdb" }
	network near { cidr = {"127.0.0.2/32"} place = "NO" }
	network far { cidr = {"127.0.0.3/32"} place = "BR" }
	network vpn { cidr = {"127.0.0.4/32"} place = "NO" label = "vpn" }
	policy staff {
		users = {"@staff"}
		countries = {"NO", "SE", "GB"}
		actions = {"geo.country = deny"}
	}
	policy carol {
		users = {"carol"}
		countries = {"NO"}
		actions = {"geo.country = deny", "net.listed:vpn = deny"}
	}
	EOF
}

setup_gate()
{
	fg_install
	setup_database
	setup_conf | fg_conf
	fg_private_pam
}

# Start the daemon or give up on the whole script.
want_daemon()
{
	fg_start && return 0
	echo "FAIL the daemon starts with the tests' configuration"
	sed 's/^/    | /' "$FG_WORK/daemon.log"
	exit 1
}

# DATABASE: somebody else has it, until unlock_store.
lock_store()
{
	mkfifo "$FG_WORK/hold"
	setpriv --reuid farmgate --regid farmgate --clear-groups \
	    python3 - "$1" "$FG_WORK/hold" <<-'EOF' &
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1], isolation_level=None)
	db.execute("BEGIN EXCLUSIVE")
	open(sys.argv[2]).read()
	EOF
	FG_HOLDER=$!
	exec 7>"$FG_WORK/hold"	# opens when it has the lock
}

unlock_store()
{
	exec 7>&-
	wait "$FG_HOLDER"
}

# A login decided by the gate alone: SERVICE USER RHOST [PHASE...]
gate()
{
	local service=$1 user=$2 rhost=$3

	shift 3
	pamtester -I "rhost=$rhost" "$service" "$user" "${@:-acct_mgmt}"
}

# STATUS ARGUMENT...: what farmgatectl says is in $OUT, complaints too.
OUT=$FG_WORK/out
says()
{
	local rc=0 status=$1

	shift
	farmgatectl "$@" >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	want_eq "$status" "$rc"
}
