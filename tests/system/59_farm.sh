#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Many people behind one address: the finding at a login, the networks where
# that is as it should be, and the view over all of them, of this machine and
# of what several have exported.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

GEO=$FG_WORK/geo
FARM=8.8.8.8			# public, of nobody in particular
OFFICE=203.0.113.9

# [NETWORK] [LINE]: of the office, and outside of all sections.
farm_conf()
{
	cat <<-EOF
	mode = enforce
	actions = {"geo.unknown = log", "session.shared_source = deny"}
	${2-}
	database country { files = "$GEO/country.mmdb" }
	database asn { files = {"$GEO/asndual.mmdb"} }
	asn phones { numbers = {"AS64500"} kind = mobile }
	network office { cidr = {"203.0.113.0/24"} place = "NO" ${1-} }
	network tunnel { cidr = {"127.0.0.0/8", "::1"} place = "NO" }
	policy all { }
	EOF
}

# Nobody was ever here: [NETWORK] [LINE] for the configuration.
fresh()
{
	fg_stop
	fg_forget
	farm_conf "$@" | fg_conf
	want fg_start
}

# USER ADDRESS: refused for who else was there; why is in $TEXT.
too_many()
{
	want_not came "$1" "$2"
	want_eq session.shared_source "$(fg_last .decided.finding)"
	TEXT=$(fg_last '.findings[] | tojson' | grep shared_source | jq -r .text)
	echo "$TEXT"
}

# ---- at a login ------------------------------------------------------------

three_people()
{
	fresh
	want came alice "$FARM"
	want came alice "$FARM"
	want came bob "$FARM"
	too_many carol "$FARM"
	want grep -Eq "^3 people came from $FARM within 30 d, and 2 may: carol, (alice, bob|bob, alice)$" \
	    <<<"$TEXT"
	want_eq "alice bob" "$(fg_last '[.sharers[].user] | sort | join(" ")')"
	# Who is refused was not there, and who was there still may.
	want came alice "$FARM"
	want came carol 8.8.8.9
	want grep -q '^next: .*shared' \
	    <<<"$(farmgatectl explain "$(jq -r 'select(.verdict == "deny") |
	    .ref' "$FG_AUDIT" | tail -n 1)")"
}

# A login alone is nobody's presence: a session has to follow.
sessions_count()
{
	fresh
	want gate gate alice "$FARM"
	want gate gate bob "$FARM"
	want came carol "$FARM"
}

# One person with two accounts is one.
people_count()
{
	fresh
	printf 'user,accounts\nalice,bob\ncarol,\n' |
	    want farmgatectl inventory import - >/dev/null
	want came alice "$FARM"
	want came bob "$FARM"
	want came carol "$FARM"
	want came bob "$FARM"
	too_many dave "$FARM"
	want grep -q '^3 people' <<<"$TEXT"
}

as_many_as_may()
{
	fresh '' 'shared_people = 3'
	want came alice "$FARM"
	want came bob "$FARM"
	want came carol "$FARM"
	too_many dave "$FARM"
	want grep -q '^4 people .* and 3 may' <<<"$TEXT"
}

# A household has one /64, and each device many addresses of it.
ipv6()
{
	fresh
	want came alice 2a00:1:2:3::1
	want came bob 2a00:1:2:3:ffff:ffff:ffff:ffff
	want came carol 2a00:1:2:4::1
	too_many dave 2a00:1:2:3:a::1
	want grep -q '^3 people came from 2a00:1:2:3:a::1 or its /64' <<<"$TEXT"
}

# USER ADDRESS...: come one after the other, as they may.
all_may()
{
	local user address=$1

	for user in alice bob carol dave; do
		want came "$user" "$address"
		want_not grep -q shared_source <<<"$(fg_last .reason)"
	done
}

excused()
{
	fresh "shared = \"head office\" shared_until = \"$(date -u +%F)\""
	all_may "$OFFICE"
	fresh 'trust = bastion'
	all_may "$OFFICE"
	fresh
	all_may 127.0.0.9
	all_may 89.160.20.112	# of a mobile network
}

# An excuse ends by itself, which is told before and afterwards.
expired()
{
	local day

	day=$(date -u -d yesterday +%F)
	fresh "shared = \"head office\" shared_until = \"$day\""
	want came alice "$OFFICE"
	want came bob "$OFFICE"
	too_many carol "$OFFICE"
	want grep -q "(network office was shared until $day): carol" <<<"$TEXT"
	says 0 check
	want_line "warning: .*network office.*$day" "$OUT"
	says 1 status
	want_line "warning: .*network office.*$day" "$OUT"
	# The trust of somebody else's network does not stand in for it.
	farm_conf 'trust = place' | fg_conf
	want farmgatectl reload
	too_many carol "$OFFICE"
}

# ---- the view --------------------------------------------------------------

# People of two addresses, of the office and of a household, and a loner.
crowd()
{
	local user

	fresh "shared = \"head office\" shared_until = \"2999-12-31\""
	sed -i 's/"session.shared_source = deny"/"session.shared_source = log"/' \
	    "$FG_CONF"
	want farmgatectl reload
	for user in alice bob carol dave; do
		want came "$user" "$OFFICE"
	done
	for user in alice bob carol carol; do
		want came "$user" "$FARM"
	done
	want came carol 81.2.69.142
	want came dave 81.2.69.142
	want came alice 2a00:1:2:3::1
	want came alice 89.160.20.112	# of a mobile network
	want came dave 89.160.20.112
} >/dev/null

here()
{
	crowd
	says 0 farm
	want_line '^1\. 4 people, 2 sources$' "$OUT"
	want_line "^    address +$FARM +US  4 logins, last 20" "$OUT"
	want_line '^      alice bob carol$' "$OUT"
	want_line '^    address +81\.2\.69\.142 +GB AS20712  2 logins, last 20' "$OUT"
	want_line '^      carol dave$' "$OUT"
	want_line '^2\. 4 people, 1 source, excused: head office$' "$OUT"
	want_line "^    address +$OFFICE +NO  4 logins, last 20" "$OUT"
	want_line '^3\. 2 people, 1 source, excused: a provider.s gateway$' "$OUT"
	no_line '2a00' "$OUT"
	says 0 farm --json
	want_eq '4 false 4 true 2 true' \
	    "$(jq -r '[.people, .excused] | join(" ")' "$OUT" | xargs)"
	want_eq 6 "$(head -n 1 "$OUT" | jq '[.logins[].logins] | add')"
}

# What is asked for later is shown again, and a new name of a network counts.
configuration_counts()
{
	farm_conf | fg_conf
	want farmgatectl reload
	says 0 farm
	want_line '^1\. 4 people, 3 sources$' "$OUT"
	no_line 'excused: head office' "$OUT"
	farm_conf 'trust = bastion' | fg_conf
	want farmgatectl reload
	says 0 farm
	want_line 'excused: bastion$' "$OUT"
}

# KIND NAME PERSON ADDRESS: an enrolled laptop of theirs has said so.
said()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups python3 - \
	    /var/lib/farmgate/farmgate.db "$@" <<-'EOF'
	import sqlite3, sys, time
	db = sqlite3.connect(sys.argv[1], timeout=10)
	with db:
	    db.execute("INSERT INTO site (kind, name, person, addr, last_s)"
	               " VALUES (?, ?, ?, ?, ?)", sys.argv[2:] + [time.time_ns()
	               // 1000000000])
	EOF
}

G1=0123456789abcdef G2=fedcba9876543210 P1=00000000000000aa
KEY=ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=

# What laptops have said ties people together as addresses do: by what they
# share, which is the first column.
laptops()
{
	fresh "shared = \"head office\" shared_until = \"2999-12-31\""
	want came alice "$FARM"
	want came bob "$FARM"
	want said 1 "$G1" bob "$FARM"
	want said 1 "$G1" carol "$FARM"
	want said 2 "$P1" carol "$FARM"
	want said 2 "$P1" dave ''
	want said 1 "$G2" erin "$OFFICE"
	want said 1 "$G2" frank "$OFFICE"
	want said 2 "$G2" erin "$OFFICE"
	want said 2 "$G2" frank "$OFFICE"
	want said 3 "$KEY" erin "$OFFICE"
	want said 3 "$KEY" grace "$OFFICE"
	says 0 farm
	want_line '^1\. 4 people, 3 sources$' "$OUT"
	want_line "^    address +$FARM +US  2 logins, last 20" "$OUT"
	want_line "^    gateway +$G1 +last 20" "$OUT"
	want_line "^    peripheral +$P1 +last 20" "$OUT"
	want_line '^2\. 2 people, 1 source$' "$OUT"
	want_line "^    device +$KEY last 20" "$OUT"
	want_line '^      erin grace$' "$OUT"
	want_line '^3\. 2 people, 1 source, excused: head office$' "$OUT"
	want_line '^4\. 2 people, 1 source, excused: head office$' "$OUT"
	says 0 farm --json
	want_eq 'address gateway peripheral' "$(head -n 1 "$OUT" |
	    jq -r '.logins[].why' | uniq | xargs)"
	want_eq "$G1 $G1" "$(head -n 1 "$OUT" | jq -r \
	    '.logins[] | select(.why == "gateway").source' | xargs)"
}

# A bastion hides whose gateway it is, and no monitor.
bastions_excuse_a_gateway()
{
	farm_conf 'trust = bastion' | fg_conf
	want farmgatectl reload
	says 0 farm
	want_line '^2\. 3 people, 2 sources$' "$OUT"
	want_line '^3\. 2 people, 1 source, excused: bastion$' "$OUT"
	want_eq "peripheral device gateway" "$(farmgatectl farm --json |
	    jq -r '.logins[] | select(.person == "erin").why' | xargs)"
}

# A laptop is one everywhere; a site is this host's.
laptops_of_two_machines()
{
	want farmgatectl farm --export >"$FG_WORK/first"
	want_eq 12 "$(wc -l <"$FG_WORK/first")"
	sed 's/jumphost/otherhost/; s/"grace"/"heidi"/' "$FG_WORK/first" |
	    grep -E '"device"' >"$FG_WORK/second"
	says 0 farm "$FG_WORK/first" "$FG_WORK/second"
	want_line '^2\. 4 people, 2 sources, on 2 machines$' "$OUT"
	want_line '^      erin grace heidi$' "$OUT"
	# An older one has nothing but addresses, and says no more.
	grep -v '"why"' "$FG_WORK/first" >"$FG_WORK/older"
	want_eq 2 "$(wc -l <"$FG_WORK/older")"
	says 0 farm "$FG_WORK/older"
	want_line '^1\. 2 people, 1 source$' "$OUT"
}

# The other machine is this one under another name, with others on it.
two_machines()
{
	want farmgatectl farm --export >"$FG_WORK/first"
	want_eq jumphost "$(jq -r .host "$FG_WORK/first" | sort -u)"
	want_eq 12 "$(wc -l <"$FG_WORK/first")"
	want grep -q '"source":"2a00:1:2:3::"' "$FG_WORK/first"
	fresh
	want hostname otherhost
	want came dave "$FARM" >/dev/null
	want came dave 2a00:1:2:3::2 >/dev/null
	says 0 farm
	want_line '^no two people came from one place, or with one laptop$' "$OUT"
	want farmgatectl farm --export >"$FG_WORK/second"
	hostname jumphost
	want_eq otherhost "$(jq -r .host "$FG_WORK/second" | sort -u)"
	fg_stop
	says 0 farm "$FG_WORK/first" "$FG_WORK/second"
	want_line '^1\. 4 people, 3 sources, on 2 machines$' "$OUT"
	want_line '^    address +2a00:1:2:3:: ' "$OUT"
	want_line '^      alice bob carol dave$' "$OUT"
	says 0 farm --since 1d --json "$FG_WORK/second" "$FG_WORK/first"
	want_eq 2 "$(head -n 1 "$OUT" | jq .hosts)"
	# An export that is named twice says nothing more.
	says 0 farm "$FG_WORK/first" "$FG_WORK/second"
	cp "$OUT" "$FG_WORK/once"
	says 0 farm "$FG_WORK/first" "$FG_WORK/second" "$FG_WORK/first"
	want diff "$FG_WORK/once" "$OUT"
	# One of them excuses the address, and hides nothing of the other's.
	jq -c '.excused = "trust me"' "$FG_WORK/second" >"$FG_WORK/excusing"
	says 0 farm "$FG_WORK/first" "$FG_WORK/excusing"
	want_line '^1\. 4 people, 3 sources, on 2 machines$' "$OUT"
	want_line "^    address +$FARM .*, excused on otherhost only$" "$OUT"
	jq -c '.logins = -1' "$FG_WORK/second" >"$FG_WORK/negative"
	says 2 farm "$FG_WORK/negative"
	want_line 'negative:1: no line of' "$OUT"
	want fg_start
}

# Where they have a name, they are remembered like others.
loopback_is_excused()
{
	fresh
	all_may 127.0.0.9
	all_may ::1
	want came alice "$FARM"
	want came bob "$FARM"
	says 0 farm
	want_line '^1\. 2 people, 1 source$' "$OUT"
	want_line '^2\. 4 people, 1 source, excused: the machine itself$' "$OUT"
	want_line '^    address +:: +NO ' "$OUT"
	want_line '^3\. 4 people, 1 source, excused: the machine itself$' "$OUT"
	want_line '^    address +127\.0\.0\.9 +NO ' "$OUT"
	want_eq 'false true true' \
	    "$(farmgatectl farm --json | jq .excused | xargs)"
}

nothing_yet()
{
	fresh
	says 0 farm
	want_line '^no two people came from one place, or with one laptop$' "$OUT"
	says 0 farm --json
	want test ! -s "$OUT"
	says 0 farm --export
	want test ! -s "$OUT"
}

# A name in the history is whatever PAM was given.
hostile_names()
{
	local name

	fresh
	sed -i 's/pam_unix/pam_permit/' /etc/pam.d/gate
	for name in "$(printf 'a\033[2J\u202e')" "$(printf 'b\xff\n')"; do
		echo "$name:x:4201:4201::/:/bin/sh" | head -n 1 >>/etc/passwd
		want came "$name" "$FARM"
	done
	says 0 farm
	want_line '^1\. 2 people, 1 source$' "$OUT"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$OUT")"
	says 0 farm --export
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$OUT")"
}

setup_gate
perl "$FG_TOP/tests/fixtures/mmdb.pl" "$GEO"
setup_database
fg_pam gate

run "three people behind one address are found" three_people
run "only logins with a session count" sessions_count
run "people are counted, and not accounts" people_count
run "as many may come as shared_people says" as_many_as_may
run "an IPv6 source is a /64" ipv6
run "offices, bastions, phones and this machine are excused" excused
run "an excuse that has ended counts no more" expired
run "farm shows who meets where" here
run "farm goes by the configuration of now" configuration_counts
run "farm puts exports of two machines together" two_machines
run "farm joins people by what laptops have said" laptops
run "a bastion excuses a gateway alone" bastions_excuse_a_gateway
run "farm knows a laptop on every machine" laptops_of_two_machines
run "farm excuses the machine itself, as a login does" loopback_is_excused
run "farm has nothing to show" nothing_yet
run "farm writes nobody's bytes on the terminal" hostile_names
finish
