#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Journeys between two logins: which of them nobody can have made, and which
# only look like it; and autonomous systems that are new for a person. Logins
# are decided by PAM alone, and those that open a session are remembered.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

GEO=$FG_WORK/geo

# What the databases of the fixture say of these.
LONDON=81.2.69.142
LINKOPING=89.160.20.112
KASSEL=2a02:2e0::1
PARIS=9.1.0.1

journeys_conf()
{
	cat <<-EOF
	mode = enforce
	actions = {"geo.unknown:not_found = ignore", "geo.travel = deny"}
	database city { files = {"$GEO/places.mmdb"} }
	database asn { files = {"$GEO/systems.mmdb"} }
	network exits { cidr = {"81.2.69.200", "89.160.20.200"} }
	network gateway { cidr = {"89.160.20.112/28"} ${1-} }
	asn phones { numbers = {"${2-AS64999}"} kind = mobile }
	policy all { networks = {} ${3-} }
	EOF
}

# The databases that are in use: CITY ASN
use_databases()
{
	local pair

	for pair in "$1:places" "$2:systems"; do
		cp "$GEO/${pair%:*}.mmdb" "$GEO/new"
		mv "$GEO/new" "$GEO/${pair#*:}.mmdb"
	done
}

# Nobody was ever here: [NETWORK] [AS] [POLICY] for the configuration.
fresh()
{
	fg_stop
	fg_forget
	journeys_conf "$@" | sed 's/ networks = {}//' | fg_conf
	want fg_start
}

found()
{
	fg_last '.findings[] | tojson' | grep -F "\"$1\"" | jq -r .text
}

# What the last decision has found, in one line.
codes()
{
	fg_last '[.findings[] | .code + (if .grade then ":" + .grade else ""
	    end)] | join(" ")'
}

# USER FROM TO: nobody can have come so fast.
too_fast()
{
	want came "$1" "$2"
	want_not came "$1" "$3"
	want_eq "deny geo.travel" "$(fg_last '.verdict + " " + .decided.finding')"
}

# USER FROM TO: no journey, or one that can be.
no_journey()
{
	want came "$1" "$2"
	want came "$1" "$3"
	want_not grep -q travel <<<"$(codes)"
}

# ---- found -----------------------------------------------------------------

# Both ends, and how it was reckoned, stand in the evidence.
found_with_both_ends()
{
	local first text

	fresh
	want came alice "$LONDON"
	first=$(fg_last .ref)
	no_line travel <(codes)		# the first one of all
	want_not came alice "$LINKOPING"
	text=$(found geo.travel)
	echo "$text"
	want grep -Eq '^11[0-9]{2} km in [0-9]+ s, [0-9]+ km/h where 900 is possible' \
	    <<<"$text"
	want grep -q "(12[0-9][0-9] km less 10 and 76 of doubt)" <<<"$text"
	want grep -q "from 81.2.69.142 (GB, AS20712) in $first to 89.160.20.112 (SE, AS64500)" \
	    <<<"$text"
	want grep -q "; London to Link" <<<"$text"
	want_eq "$first $LONDON London" \
	    "$(fg_last '.last | .ref + " " + .address + " " + .city')"
	want test "$(fg_last .last.ago_s)" -le 60
	want grep -q '^next: ask the person which of the two was theirs' \
	    <<<"$(farmgatectl explain "$(fg_last .ref)")"
}

# Somebody else's login is not theirs, and what is refused is no end.
whose_it_is()
{
	fresh
	want came alice "$LONDON"
	want came bob "$LINKOPING"
	want_not came alice "$LINKOPING"
	want came alice "$LONDON"
	want came bob "$LINKOPING"
}

# Two accounts of one person are one traveller.
by_person()
{
	fresh
	printf 'user,accounts\nalice,bob\n' |
	    want farmgatectl inventory import - >/dev/null
	too_fast alice "$LONDON" "$LINKOPING"
	want_not came bob "$LINKOPING"
	want_eq alice "$(fg_last .person.user)"
}

across_a_restart()
{
	fresh
	want came alice "$LONDON"
	want fg_restart
	want_not came alice "$LINKOPING"
	want grep -q '(GB, AS20712)' <<<"$(found geo.travel)"
	fg_stop KILL
	want fg_start
	want_not came alice "$LINKOPING"
}

# Accuracy that is not given is assumed, and said to be.
unsure_places()
{
	fresh
	too_fast alice "$LINKOPING" "$PARIS"
	want grep -q 'and 200 (assumed) of doubt' <<<"$(found geo.travel)"
	fresh
	too_fast alice "$LINKOPING" "$KASSEL"
	want grep -q 'less 76 and 200 of doubt' <<<"$(found geo.travel)"
}

# As shipped it is recorded only.
logged_as_shipped()
{
	fresh
	sed -i 's/, "geo.travel = deny"//' "$FG_CONF"
	want farmgatectl reload
	want came alice "$LONDON"
	want came alice "$LINKOPING"
	want grep -q 'geo\.travel' <<<"$(codes)"
	want_eq allow "$(fg_last .verdict)"
	# It was in: the way back is another one.
	want came alice "$LONDON"
	want grep -q 'from 89.160.20.112 .* to 81.2.69.142' \
	    <<<"$(found geo.travel)"
}

# ---- not found -------------------------------------------------------------

# One that only asked was nowhere.
without_a_session()
{
	fresh
	want gate gate alice "$LONDON"
	want came alice "$LINKOPING"
	want_eq null "$(fg_last .last)"
	want_not gate gate alice "$LONDON"
	want came alice "$LINKOPING"
}

same_address()
{
	fresh
	no_journey alice "$LONDON" "$LONDON"
}

# Neither an end without coordinates nor one without any entry.
missing_points()
{
	local address

	for address in 9.2.0.1 9.3.0.1 9.7.0.1 9.12.0.1 8.8.8.8 10.1.2.3; do
		fresh
		no_journey alice "$LONDON" "$address"
		no_journey alice "$address" "$LONDON"
	done
}

# One line with two families, of which the database knows two places.
dual_stack()
{
	fresh
	no_journey alice "$LONDON" "$KASSEL"
	no_journey alice "$KASSEL" "$LONDON"
	fresh
	too_fast alice "$LINKOPING" "$KASSEL"	# another system's
}

# Two exits of one network that has a name here.
one_network()
{
	fresh
	no_journey alice 81.2.69.200 89.160.20.200
	too_fast alice 89.160.20.200 81.2.69.201
}

trusted_networks()
{
	local trust

	for trust in place bastion; do
		fresh "trust = $trust"
		no_journey alice "$LONDON" "$LINKOPING"
		no_journey alice "$LINKOPING" "$LONDON"
	done
	fresh 'label = seen'
	too_fast alice "$LONDON" "$LINKOPING"
}

# The place of a phone is that of its operator's gateway.
mobile_networks()
{
	fresh 'label = seen' AS64500
	no_journey alice "$LONDON" "$LINKOPING"
	no_journey alice "$LINKOPING" "$LONDON"
}

# What is near is no journey, and travel_floor says what is near.
near_places()
{
	fresh
	too_fast alice "$LONDON" "$PARIS"	# 134 km without the doubt
	fresh
	sed -i '1i travel_floor = 150km' "$FG_CONF"
	want farmgatectl reload
	no_journey alice "$LONDON" "$PARIS"
	sed -i '1s/.*/missing_accuracy = 300km/' "$FG_CONF"
	want farmgatectl reload
	no_journey alice "$PARIS" "$LONDON"
}

# The address has not moved: the database has.
database_is_replaced()
{
	fresh
	want came alice "$LONDON"
	want_not came alice "$LINKOPING"
	use_databases citymoved asndual
	want farmgatectl reload
	want came alice "$LINKOPING"
	want_not grep -q travel <<<"$(codes)"
	use_databases city asndual
	want farmgatectl reload
	want_not came alice "$LONDON"
}

# A program is at many places at once.
service_accounts()
{
	fresh
	printf 'user,kind,networks\nbob,service,exits gateway\n' |
	    want farmgatectl inventory import - >/dev/null
	no_journey bob 81.2.69.200 "$LINKOPING"
}

exception()
{
	fresh
	too_fast alice "$LONDON" "$LINKOPING"
	want farmgatectl except add alice --finding geo.travel --until +1h \
	    --reason "phone and laptop" >/dev/null
	want came alice "$LINKOPING"
	want_eq log "$(fg_last '.findings[] | select(.code == "geo.travel") |
	    .action')"
	want_eq 1 "$(fg_last '[.findings[] | select(.exception)] | length')"
	want came bob "$LONDON"
	want_not came bob "$LINKOPING"
}

# ---- autonomous systems ----------------------------------------------------

# USER ADDRESS: net.asn:new has counted so many before, or nothing.
asn_new()
{
	want came "$1" "$2"
	found net.asn | sed -n 's/.*is new for [a-z]*: \([0-9]*\) .*/\1/p'
}

# All logins so far were so many days earlier: [DAYS]
earlier()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups \
	    python3 - /var/lib/farmgate/farmgate.db "${1-1}" <<-'EOF'
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1], isolation_level=None)
	db.execute("UPDATE history SET at_s = at_s - 86400 * ?", (sys.argv[2],))
	EOF
}

# The first ones are told, and trusted only when they were on enough days,
# however many there were on one.
learning()
{
	fresh
	sed -i 's/, "geo.travel = deny"//;1i asn_learning = 2' "$FG_CONF"
	want farmgatectl reload
	want gate gate alice "$LONDON"		# opens no session
	want_eq 0 "$(asn_new alice "$LONDON" | tail -n 1)"
	want_eq net.asn:new "$(codes)"
	want earlier 5
	want_eq 1 "$(asn_new alice "$LONDON" | tail -n 1)"
	want_eq "" "$(asn_new alice "$LONDON" | grep -x '[0-9]*')"
	want_eq "" "$(codes)"
	want_eq 2 "$(fg_last .asn.days)"
	want farmgatectl explain "$(fg_last .ref)" >"$FG_WORK/why"
	want_line 'AS20712.*, earlier logins on 2 days' "$FG_WORK/why"
	want_eq 0 "$(asn_new bob "$LONDON" | tail -n 1)"
	want_eq 1 "$(asn_new bob "$LONDON" | tail -n 1)"
	want_eq 1 "$(asn_new bob "$LONDON" | tail -n 1)"
	want_eq net.asn:new "$(codes)"
	want farmgatectl test --user bob --from "$LONDON" >"$FG_WORK/why"
	want_line 'is new for bob: 1 day with logins from there before, 2 make' \
	    "$FG_WORK/why"
	want_eq 0 "$(asn_new alice "$LINKOPING" | tail -n 1)"
	want_eq "" "$(asn_new alice "$LONDON" | grep -x '[0-9]*')"
	# the same system by its other family
	want_eq "" "$(asn_new alice "$KASSEL" | grep -x '[0-9]*')"
	# by a clock that was wrong, those of days to come
	want earlier -3
	want_eq 1 "$(asn_new alice "$LONDON" | tail -n 1)"
}

# Who is refused for being new stays new.
new_is_not_learnt_from_refusals()
{
	local i

	fresh
	sed -i 's/"geo.travel = deny"/"net.asn:new = deny"/' "$FG_CONF"
	want farmgatectl reload
	for i in 1 2 3 4; do
		want_not came alice "$LONDON"
	done
	want_eq 0 "$(fg_last .asn.days)"
	want farmgatectl except add alice --finding net.asn:new --until +1h \
	    --reason "first day" >/dev/null
	for i in 1 2 3; do
		want came alice "$LONDON"
		want earlier
	done
	want farmgatectl except remove \
	    "$(farmgatectl except list --json | jq .id)" >/dev/null
	want came alice "$LONDON"
}

setup_gate
perl "$FG_TOP/tests/fixtures/mmdb.pl" "$GEO"
use_databases city asndual
fg_pam gate

run "an impossible journey is found, with both its ends" found_with_both_ends
run "a journey is its traveller's" whose_it_is
run "two accounts of a person are one traveller" by_person
run "a journey is found across a restart and a crash" across_a_restart
run "what databases are not sure of is taken off" unsure_places
run "a journey is recorded only, as shipped" logged_as_shipped
run "a login without a session was nowhere" without_a_session
run "GEO-09 the same address is no journey" same_address
run "GEO-09 missing coordinates are no journey" missing_points
run "GEO-09 both families of one system are no journey" dual_stack
run "GEO-09 two exits of one named network are no journey" one_network
run "GEO-09 a trusted network is no end of a journey" trusted_networks
run "GEO-09 a mobile network is no end of a journey" mobile_networks
run "GEO-09 what is near is no journey" near_places
run "GEO-09 a database that was replaced is no journey" database_is_replaced
run "GEO-09 a service account does not travel" service_accounts
run "GEO-09 an exception lets somebody travel" exception
run "net.asn:new is told until it is known" learning
run "refusals do not make a system known" new_is_not_learnt_from_refusals
finish
