#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Enrolled laptops that are asked at each login say where they are: several
# people at one site, or with one laptop, are found, listed by farm, and a
# session has its laptop as its device.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/sessions.sh"

NEAR=127.0.0.2
HOME_GATEWAY="gateway 02:00:5e:00:00:01"
FARM_GATEWAY="gateway 02:00:5e:00:00:02"
HOST=	# the jump host's key

# [NETWORK] [ACTION] [LINE...]: of the network near, and what is done.
site_conf()
{
	local network=${1-} action=${2:-log}

	shift $(($# < 2 ? $# : 2))
	{
		printf '%s\n' "$@"
		cat <<-EOF2
		step_up = {"device", "approval"}
		shared_people = "1"
		actions = {"device.unenrolled:unattested = challenge device",
			"device.unissued = log", "device.mismatch = log",
			"session.shared_source = ignore",
			"session.shared_site = $action",
			"session.shared_device = $action"}
		EOF2
		setup_conf | sed "s|^network near .*}\$|network near { cidr = {\"$NEAR/32\"} place = \"NO\" $network }|"
	} | fg_conf
}

# Nobody has said anything yet: as above.
fresh()
{
	site_conf "$@"
	want farmgatectl reload >/dev/null
	python3 - /var/lib/farmgate/farmgate.db <<-'EOF2'
	import sqlite3, sys
	with sqlite3.connect(sys.argv[1], timeout=10) as db:
	    db.execute("DELETE FROM site")
	EOF2
}

# What ssh is asked: the password, and the laptop, which is that of $LAPTOP at
# $PLACE.
laptop_program()
{
	cat >"$FG_BIN/answer" <<-EOF2
	#!/bin/sh
	user=\${1#*\(} user=\${user%%@*}
	case \$1 in
	*farmgate-challenge-v1.*)
		token=\$(printf '%s\n' "\$1" |
		    grep -o 'farmgate-challenge-v1\.[A-Za-z0-9_-]*')
		exec laptop say "$FG_WORK/\$LAPTOP" "$HOST" "\$token" \\
		    "\$user" \$PLACE ;;
	*)	echo "\$user-pw" ;;
	esac
	EOF2
	chmod 0755 "$FG_BIN/answer"
}

# TAG: with a key of its own.
enrol()
{
	statement device >"$FG_WORK/$1"
	want farmgatectl enrol add --yes "$(laptop code "$FG_WORK/$1" "$1")" \
	    >/dev/null
}

# USER TAG [PLACE]: by ssh with that laptop, from there.
comes()
{
	LAPTOP=$2 PLACE=${3-} asked "$1" "$NEAR" -- 'echo in' >"$OUT" 2>&1
	grep -qx in "$OUT"
}

# FILTER: of the record of the last login's step-up.
said()
{
	auth_record . | jq -rc "$1"
}

# CODE: the evidence of the last one, or nothing.
evidence()
{
	said ".findings[] | select(.code == \"$1\").text"
}

people_meet_behind_a_gateway()
{
	fresh
	want comes alice LT-1 "$FARM_GATEWAY"
	want_eq '' "$(evidence session.shared_site)"
	want_eq null "$(said .attested.site_people)"
	want comes alice LT-1 "$FARM_GATEWAY"
	want_eq '' "$(evidence session.shared_site)"
	want comes bob LT-2 "$FARM_GATEWAY beside CNK1234"
	want_eq '2 people had laptops behind one gateway within 30 d, and 1 may: bob, alice' \
	    "$(evidence session.shared_site)"
	want_eq 1 "$(said .attested.site_people)"
	want comes carol LT-3 "$HOME_GATEWAY beside CNK1234"
	want_eq '2 people had laptops beside one monitor or input within 30 d, and 1 may: carol, bob' \
	    "$(evidence session.shared_site)"
	want_eq '1 1' "$(said '.attested | "\(.site_people) \(.beside)"')"
	want comes carol LT-3
	want_eq '' "$(evidence session.shared_site)"
}

# What is known of it beside people's own: digests that no other host has.
what_is_kept()
{
	want_eq "1 $(laptop_digest)" "$(kept "SELECT DISTINCT kind || ' ' || name
	    FROM site WHERE person = 'alice' AND kind = 1")"
	want_eq "$NEAR" "$(kept "SELECT DISTINCT addr FROM site")"
	want_eq '' "$(kept "SELECT name FROM site WHERE name LIKE '%CNK1234%' OR
	    name LIKE '%5e:00:00:02' OR name LIKE '%5e000002'")"
}

# QUERY
kept()
{
	python3 - /var/lib/farmgate/farmgate.db "$1" <<-'EOF2'
	import sqlite3, sys
	db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
	for row in db.execute(sys.argv[2]):
	    print(*row)
	EOF2
}

# As the one row of that kind that bob and alice have.
laptop_digest()
{
	kept "SELECT name FROM site WHERE kind = 1 GROUP BY name
	    HAVING count(*) = 2"
}

people_meet_with_a_laptop()
{
	fresh
	want comes alice LT-1
	want comes bob LT-1
	want_eq '2 people came with LT-1 within 30 d, and 1 may: bob, alice' \
	    "$(evidence session.shared_device)"
	want_eq 1 "$(said .attested.device_people)"
	want_eq '' "$(evidence session.shared_site)"
}

farm_joins_them()
{
	fresh
	want comes alice LT-1 "$FARM_GATEWAY"
	want comes bob LT-2 "$FARM_GATEWAY"
	want comes carol LT-2
	says 0 farm
	want_line '^1\. 3 people, ' "$OUT"
	want_line '^    gateway +[0-9a-f]{16} +last 20' "$OUT"
	want_line '^      alice bob$' "$OUT"
	want_line '^    device +LT-2 +last 20' "$OUT"
	want_line '^      bob carol$' "$OUT"
}

# Whoever sits behind a farm has both the laptop and the password.
a_site_may_be_refused()
{
	fresh '' deny
	want comes alice LT-1 "$FARM_GATEWAY"
	want_not comes bob LT-2 "$FARM_GATEWAY"
	want_eq session.shared_site "$(said .decided.finding)"
	farmgatectl explain "$(said .ref)" >"$OUT"
	cat "$OUT"
	want_line '^  attested   LT-2, issued to the person.*; 1 other at its site$' \
	    "$OUT"
	want_line '^next: see farmgatectl farm; .*shared_until' "$OUT"
	want comes bob LT-2 "$HOME_GATEWAY"
	want_not comes carol LT-1
	want_eq session.shared_device "$(said .decided.finding)"
	# And nobody answers for it but a second person.
	fresh '' 'challenge approval' 'step_up_time = "20s"'
	want comes alice LT-1 "$FARM_GATEWAY"
	want_not comes bob LT-2 "$FARM_GATEWAY"
	want_eq 'device approval' "$(said '.step_up[].method' | xargs)"
	want_eq 'passed deny' "$(said '"\(.step_up[0].result) \(.verdict)"')"
}

networks_excuse_a_site()
{
	fresh 'shared = "an office" shared_until = "2999-12-31"' deny
	want comes alice LT-1 "$FARM_GATEWAY beside CNK1234"
	want comes bob LT-2 "$FARM_GATEWAY beside CNK1234"
	want_not comes carol LT-2	# but no laptop
	fresh 'trust = "bastion"' deny
	want comes alice LT-1 "$FARM_GATEWAY beside CNK1234"
	want comes bob LT-2 "$FARM_GATEWAY"
	want_not comes bob LT-2 "$FARM_GATEWAY beside CNK1234"
}

# USER TAG: a session that stays.
stays()
{
	rm -f "$FG_WORK/in"
	LAPTOP=$2 asked "$1" "$NEAR" -- "echo \$FARMGATE_REF; $STAY" \
	    >"$FG_WORK/in" 2>/dev/null &
	want fg_until 10 test -s "$FG_WORK/in"
	REF=$(head -n 1 "$FG_WORK/in")
}

a_session_has_its_laptop()
{
	site_conf
	sed -i 's/users = {"@staff"}/& places = {"device"}/
	    s/"session.shared_site = log"/&, "session.places = deny"/' \
	    "$FG_CONF"
	want farmgatectl reload
	stays alice LT-1
	want_eq LT-1 "$(of_session "$REF" .device)"
	farmgatectl sessions >"$OUT"
	cat "$OUT"
	want_line '^PERSON +SERVICE +FROM +PLACE +DEVICE +AGE ' "$OUT"
	want_line "^alice .* LT-1 .* open +$REF" "$OUT"
	want comes alice LT-1
	want_not comes alice LT-4
	want_eq session.places "$(said .decided.finding)"
	want_line 'from 127\.0\.0\.2 .* with LT-4, and in as well: .* with LT-1' \
	    <(evidence session.places)
	want fg_restart
	want_eq LT-1 "$(of_session "$REF" .device)"
	want_not comes alice LT-4
	want_eq session.places "$(said .decided.finding)"
	want comes bob LT-2	# another person
	want close_all
	want comes alice LT-4
}

# Who cannot be told from others is an error, and no absence.
what_cannot_be_kept_is_said()
{
	fresh '' log 'on_failure = {"history_unknown = deny"}'
	want comes alice LT-1 "$FARM_GATEWAY"
	kept_badly 'kind || 7'
	want_not comes bob LT-2 "$FARM_GATEWAY"
	want_eq 'history_unknown null' "$(said \
	    '"\(.decided.failure) \(.attested.site_people)"')"
	kept_badly 1
	want comes bob LT-2 "$FARM_GATEWAY"
}

# VALUE: of the kind of all rows.
kept_badly()
{
	python3 - /var/lib/farmgate/farmgate.db "$1" <<-'EOF2'
	import sqlite3, sys
	with sqlite3.connect(sys.argv[1], timeout=10) as db:
	    db.execute("UPDATE site SET person = CASE WHEN ? = '1' THEN 'alice'"
	               " ELSE x'00' END WHERE kind = 1", (sys.argv[2],))
	EOF2
}

setup_gate
site_conf
asking_pam sshd
want_daemon
HOST=$(farmgatectl enrol host --json 2>/dev/null | jq -r .key)
laptop_program
fg_sshd_start || echo "FAIL sshd starts"
printf '%s\n' user,accounts alice, bob, carol, |
    farmgatectl inventory import - >/dev/null
printf '%s\n' asset_tag,user,status LT-1,alice,issued LT-2,bob,issued \
    LT-3,carol,issued LT-4,alice,issued >"$FG_WORK/assets.csv"
farmgatectl inventory import "$FG_WORK/assets.csv" >/dev/null
for tag in LT-1 LT-2 LT-3 LT-4; do
	enrol "$tag" >/dev/null
done

run "people's laptops are behind one gateway, or beside one monitor" \
    people_meet_behind_a_gateway
run "what is kept of it is no serial number" what_is_kept
run "people come with one laptop" people_meet_with_a_laptop
run "farm joins people by it" farm_joins_them
run "a site may be refused, and a second person alone answers for it" \
    a_site_may_be_refused
run "a shared network excuses a site, and a bastion a gateway" \
    networks_excuse_a_site
run "a session has its laptop, also after a restart" a_session_has_its_laptop
run "what cannot be read is a failure of its own" what_cannot_be_kept_is_said
finish
