#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Lists in force: addresses and autonomous systems that people are refused
# from, lists that grow old, and lists that go bad while they are used.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

lists=$FG_WORK/lists

# Addresses as four tools write them.
write_lists()
{
	mkdir -p "$lists"
	printf '\xef\xbb\xbf# exits\r\n192.0.2.0/28 ; x\r\n' >"$lists/netset"
	cat >"$lists/exit-addresses" <<-'EOF'
	ExitNode 0123456789ABCDEF0123456789ABCDEF01234567
	Published 2026-01-01 00:00:00
	ExitAddress 198.51.100.7 2026-01-01 00:10:00
	EOF
	cat >"$lists/ipset" <<-'EOF'
	create vpn hash:net family inet hashsize 1024 maxelem 65536
	add vpn 203.0.113.0/25
	EOF
	printf 'network,name\n"203.0.113.128/25","x"\n' >"$lists/csv"
	printf 'AS64500 Example\n20712\n' >"$lists/asns"
	touch -d 2026-01-01T00:00:00Z "$lists"/*
}

lists_conf()
{
	setup_conf | sed '/^policy/,$d'
	cat <<-EOF
	actions = {"geo.unknown:not_found = ignore"}
	database asn { files = {"$FG_WORK/geo/asn.mmdb"} }
	network ours { cidr = {"203.0.113.130"} trust = bastion }
	network exits { files = {"$lists/exit-addresses"} kind = tor }
	network vpns { files = {"$lists/ipset", "$lists/netset"} kind = vpn
	    ${1-} }
	network hosts { files = {"$lists/csv"} kind = hosting label = cloud }
	asn hosters { files = {"$lists/asns"} kind = hosting }
	policy bob { users = {"bob"} deny_asns = {"hosters"} }
	policy staff { users = {"@staff"} }
	EOF
}

# USER ADDRESS REASON VERDICT
decided()
{
	gate gate "$1" "$2" >/dev/null 2>&1
	want_eq "$3 $4" "$(fg_last '.reason + " " + .verdict')"
}

# CODE: the evidence of the last decision for it.
found()
{
	fg_last '.findings[] | tojson' | grep -F "\"$1" | jq -r .text
}

lists_decide()
{
	decided alice 198.51.100.7 net.anonymizer:tor deny
	decided alice 198.51.100.8 none allow
	decided alice 203.0.113.1 net.anonymizer:vpn deny
	decided alice 192.0.2.15 net.anonymizer:vpn deny
	decided alice 192.0.2.16 none allow
	decided alice 203.0.113.129 net.hosting,net.listed:cloud allow
	decided alice 203.0.113.130 net.listed:cloud allow
	decided alice 81.2.69.142 net.asn:new,net.hosting allow
	decided bob 81.2.69.142 net.asn:denied,net.asn:new,net.hosting deny
	want_eq "AS20712 is on asn hosters of 2026-01-01" \
	    "$(found net.hosting | sed 's/, .*//')"
}

status_names_its_sources()
{
	local out

	out=$(farmgatectl status)
	echo "$out"
	want grep -q '^anonymizer coverage: tor, network exits, entries: 1, of 202' \
	    <<<"$out"
	want grep -q '^  *vpn, network vpns, entries: 2, of 202' <<<"$out"
	want_not grep -q 'hosts' <<<"$out"
	setup_conf | fg_conf
	want farmgatectl reload
	want grep -qx 'anonymizer coverage: none' <<<"$(farmgatectl status)"
	lists_conf | fg_conf
	want farmgatectl reload
}

old_lists_are_told()
{
	local out

	want farmgatectl status --json
	lists_conf 'max_age = 1d' | fg_conf
	out=$(farmgatectl check 2>&1)
	want_eq 0 $?
	want grep -q 'warning: network vpns is of 2026-01-01 and older' <<<"$out"
	want farmgatectl reload
	out=$(farmgatectl status)
	want_eq 1 $?
	want grep -q 'warning: network vpns is of 2026-01-01' <<<"$out"
	want_line 'warning: network vpns is of 2026-01-01' "$FG_WORK/daemon.log"
	want grep -q '^state  *DEGRADED' <<<"$out"
	# it stays in use
	decided alice 203.0.113.1 net.anonymizer:vpn deny
	want grep -q 'days old (too old)' <<<"$(found net.anonymizer)"
	touch "$lists/ipset" "$lists/netset"
	want farmgatectl reload
	want farmgatectl status
}

# The one that there is was built when this script began.
old_databases_are_told()
{
	local out text='asn\.mmdb: warning: the asn database is of 20'

	sleep 2
	lists_conf | sed 's/asn\.mmdb"}/& max_age = "1s"/' | fg_conf
	out=$(farmgatectl check 2>&1)
	want_eq 0 $?
	want grep -q "$text.* older than its max_age" <<<"$out"
	no_line "$text" "$FG_WORK/daemon.log"
	want farmgatectl reload
	want_line "$text" "$FG_WORK/daemon.log"
	out=$(farmgatectl status)
	want_eq 1 $?
	want grep -q "$text" <<<"$out"
	want fg_restart
	want_line "$text" "$FG_WORK/daemon.log"
	lists_conf | fg_conf
	want fg_restart
	no_line "$text" "$FG_WORK/daemon.log"
	want farmgatectl status
}

# A bad line anywhere leaves everything as it was.
bad_lists_change_nothing()
{
	local out list

	for list in csv ipset netset exit-addresses asns; do
		cp -p "$lists/$list" "$FG_WORK/kept"
		echo 'example.com' >>"$lists/$list"
		out=$(farmgatectl reload 2>&1)
		want_eq 1 $?
		want grep -Eq "$list:[0-9]+: \"example.com\" is no " <<<"$out"
		decided alice 203.0.113.1 net.anonymizer:vpn deny
		: >"$lists/$list"
		want_not farmgatectl reload
		decided bob 81.2.69.142 net.asn:denied,net.asn:new,net.hosting deny
		mv "$FG_WORK/kept" "$lists/$list"
		want farmgatectl reload
	done
}

new_lists_are_read()
{
	echo 198.51.100.8 >"$lists/netset.new"
	mv "$lists/netset.new" "$lists/netset"
	want farmgatectl reload
	decided alice 198.51.100.8 net.anonymizer:vpn deny
	decided alice 192.0.2.15 none allow
}

setup_gate
write_lists
perl "$FG_TOP/tests/fixtures/mmdb.pl" "$FG_WORK/geo"
cp "$FG_WORK/geo/asn_holder.mmdb" "$FG_WORK/geo/asn.mmdb"
lists_conf | fg_conf
fg_pam gate
want_daemon

run "lists of addresses and of autonomous systems decide" lists_decide
run "status names what anonymizers are known by" status_names_its_sources
run "GEO-10 a list that is too old is told of and stays in use" \
    old_lists_are_told
run "GEO-07 a database that is too old is told of, and stays in use" \
    old_databases_are_told
run "CFG-08 a list with a bad line leaves the old ones in force" \
    bad_lists_change_nothing
run "a list that was replaced is read by a reload" new_lists_are_read
finish
