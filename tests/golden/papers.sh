#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is made for auditors out of a log: reviews, exports, bundles, dossiers.
# The log is papers.jsonl, sealed, in two files.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
log=$dir/log/audit.jsonl
out=$dir/out
ecs_fields=$PWD/build/tools/npm/node_modules/@elastic/ecs
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/logged

mkdir "$dir/log"
python3 tests/golden/audit_log.py compose "$log" tests/golden/papers.jsonl 27

# STATUS ARGUMENT...: its output is in $out, complaints too.
audit()
{
	local rc=0 status=$1

	shift
	"$ctl" audit "$@" --file "$log" >"$out" 2>&1 || rc=$?
	cat "$out"
	want_eq "$status" "$rc"
}

a_review_needs_a_decision_and_a_word_for_it()
{
	audit 1 review --disposition expected AAAA9999
	want_line 'no decision AAAA-9999 is in the audit log; .*--force' "$out"
	# the reference of a request, or of nothing but an event
	audit 1 review --disposition expected BBBB-0001
	audit 2 review --disposition false_postive AAAA0003
	want_line 'did you mean "false_positive"' "$out"
	audit 2 review AAAA0003
	want_line 'review: --disposition is needed' "$out"
	audit 2 review --disposition expected --note "$(printf 'x%.0s' {1..1025})" \
	    AAAA0003
	# without a daemon nothing is recorded; a break-glass login can be reviewed
	want_rc 2 "$ctl" -S "$dir" audit review --disposition expected --file "$log" \
	    MAAAA000C
}

the_last_review_is_shown_with_its_decision()
{
	audit 0 --ref aaaa0003
	want_eq "7 21 22" "$(jq .seq "$out" | xargs)"
	"$ctl" explain --file "$log.1-26" AAAA0003 >"$out"
	want_line '^  reviewed   expected by .* as root, SEC-42: conference' "$out"
	want_line '^  replaced   by record 22$' "$out"
	want_eq 1 "$(grep -c '^  replaced' "$out")"
}

# FORMAT [CHANGE...]: each record is valid, and each of these changes is refused.
valid()
{
	local format=$1

	shift
	audit 0 export --format "$format"
	cp "$out" "$dir/$format"
	want_eq "47 valid" "$(python3 tests/lib/valid.py \
	    "tests/golden/$format.schema.json" "$@" <"$dir/$format" 2>&1)"
}

every_record_is_exported_in_the_schema()
{
	valid ocsf surprise=1 metadata.version='"1.4.0"' type_uid=300203 \
	    time=1767225607 user.nick='"al"' src_endpoint.ip='"somewhere"' \
	    class_uid=3002 severity_id= observables='[{"name": "x"}]'
	valid ecs surprise=1 event.category='["login"]' event.type='["denied"]' \
	    source.country='"NO"' ecs.version= farmgate.findings='[1]' \
	    event.duration='"1"' user.nick='"al"' farmgate.record.person='"al"' \
	    farmgate.record=
}

# The events that farmgate-audit(5) has, which is all that the source has.
the_log_has_one_record_of_every_event_at_least()
{
	want_eq "$(sed -n '/^\.Ss Events/,/^\.Ss Members of a/s/^\.It Cm //p' \
	    man/farmgate-audit.5 | sed 's/ , \(Cm \)*/\n/g' | sort)" \
	    "$(jq -r .event tests/golden/papers.jsonl | sort -u)"
}

# Each member is a field of ECS, with what may be in it.
the_fields_are_those_that_elastic_publishes()
{
	want_eq "47 valid" "$(node tests/lib/ecs_fields.js "$ecs_fields" \
	    <"$dir/ecs")"
	jq -c '.event.outcome = "denied"' "$dir/ecs" >"$dir/wrong"
	want_eq 'line 1: event.outcome: denied is none of its words' \
	    "$(node tests/lib/ecs_fields.js "$ecs_fields" <"$dir/wrong")"
	jq -c '.source.town = "Oslo"' "$dir/ecs" >"$dir/wrong"
	want_eq 'line 1: source.town: is no field' \
	    "$(node tests/lib/ecs_fields.js "$ecs_fields" <"$dir/wrong")"
}

# FORMAT FILTER: what jq makes of it, on one line.
said()
{
	jq -r "$2" "$dir/$1" | xargs
}

events_become_what_the_manual_says()
{
	want_eq "7 2 3 300201 AAAA-0003 US 15169 alice.a" "$(said ocsf \
	    'select(.metadata.sequence == 7) | .metadata.sequence, .status_id,
	    .severity_id, .type_uid, .session.uid,
	    .src_endpoint.location.country,
	    .src_endpoint.autonomous_system.number, .user.uid_alt')"
	want_eq "1767225607000" "$(said ocsf \
	    'select(.metadata.sequence == 7) | .time')"
	# would have been refused; break-glass; live
	want_eq "1 2 1 4 0 4" "$(said ocsf 'select(.metadata.sequence |
	    IN(10, 18, 19)) | .status_id, .severity_id' |
	    awk '{ print $1, $2, $5, $6, $3, $4 }')"
	want_eq "true OTP false OTP" "$(said ocsf 'select(.type_uid == 300206) |
	    .is_mfa, .auth_factors[].factor_type')"
	want_eq "invalid user" "$(said ocsf \
	    'select(.metadata.sequence == 15) | .user.name')"
	want_eq "300202 3600000 300202 60000" "$(said ocsf \
	    'select(.activity_id == 2) | .type_uid, .duration')"
	want_eq "0" "$(said ocsf 'select(.metadata.event_code == "reload") |
	    .class_uid')"
	want_eq "authentication start failure login geo.country GB" "$(said ecs \
	    'select(.event.sequence | IN(7, 3)) | if .event.sequence == 7 then
	    .event.category[], .event.type[], .event.outcome, .event.action,
	    .farmgate.findings[1] else empty end') $(said ecs \
	    'select(.event.sequence == 3) | .source.geo.country_iso_code')"
	want_eq "host/info database/access iam/user iam/user \
configuration/change authentication/info" "$(said ecs 'select(.event.code |
	    IN("person", "hold", "read", "stepup", "recovered")) |
	    "\(.event.category[])/\(.event.type[])"')"
	want_eq "1000 0 bob revocation-revoke" "$(said ecs \
	    'select(.event.code == "revocation") | .user.id, .user.effective.id,
	    .user.target.name, .event.action')"
	want_eq "expected SEC-42 AAAA-0003" "$(said ecs \
	    'select(.event.sequence == 22) | .farmgate.record.review.disposition,
	    .farmgate.record.review.ticket, .farmgate.ref')"
	# a member "person", and an event of that name
	want_eq "alice.a export forget" "$(said ecs 'select(.event.sequence == 3 or
	    .event.code == "person") |
	    .farmgate.person // .farmgate.record.person.action')"
	# nothing of a record is lost
	want_eq "$(jq -c '.decided, .peer' "$log" "$log.1-26")" \
	    "$(jq -c '.unmapped | .decided, .peer' <(tail -n +27 "$dir/ocsf") \
	    <(head -n 26 "$dir/ocsf"))"
}

a_table_is_safe_to_open()
{
	audit 0 export --format csv
	want_eq "48 44 44" "$(python3 - "$out" <<-'END'
	import csv, sys
	rows = list(csv.reader(open(sys.argv[1], newline="")))
	print(len(rows), min(map(len, rows)), max(map(len, rows)))
	END
	)"
	want_eq "'=HYPERLINK(\"http://x/\",\"a\"),b '-1+1" "$(python3 - "$out" \
	    <<-'END'
	import csv, sys
	for row in csv.DictReader(open(sys.argv[1], newline="")):
	    if row["seq"] == "16":
	        print(row["user"], row["ruser"])
	END
	)"
	no_line '(^|,)"?[-+=@]' "$out"
	audit 0 export --format csv --event read --limit 1
	want_line ',sessions.list,carol.?$' "$out"
}

a_decision_without_a_verdict_is_no_success()
{
	sed 's/"verdict":"allow"/"verdict":"none"/' "$log.1-26" >"$dir/odd"
	want_rc 0 "$ctl" audit export --format ecs --file "$dir/odd" \
	    --event decision >"$out"
	want_eq "none unknown" "$(jq -r 'select(.farmgate.verdict == "none") |
	    "none \(.event.outcome)"' "$out" | sort -u)"
}

what_is_exported_can_be_narrowed_down()
{
	audit 0 export --format ecs --user bob --verdict would-deny --host gate7
	want_eq "10 gate7" \
	    "$(jq -r '"\(.event.sequence) \(.host.name)"' "$out")"
	# whatever the file's own time is
	touch -d 2020-01-01 "$log.1-26"
	audit 0 --since 2026-01-01T00:00:25Z
	want_eq "25 26 27" "$(jq .seq "$out" | head -n 3 | xargs)"
	audit 0 --from 203.0.113.77
	want_eq "19 breakglass" "$(jq -r '"\(.seq) \(.event)"' "$out")"
	audit 1 export --format ocsf --user nobody-of-that-name
	audit 2 export --format xml
	want_line 'write ocsf, ecs or csv' "$out"
	audit 2 export
	audit 0 export --format csv --limit 3 --output "$dir/table"
	want_eq "4 600" "$(wc -l <"$dir/table") $(stat -c %a "$dir/table")"
	# one that cannot be made whole leaves what was there
	want_rc 2 "$ctl" audit export --format csv --file "$dir/none" \
	    --output "$dir/table"
	want_eq "4 1" "$(wc -l <"$dir/table") $(find "$dir" -name 'table*' | wc -l)"
	audit 2 export --format csv --follow --output "$dir/table"
}

# NAME [ARGUMENT...]: the papers of records 10 to 28 as NAME. There is no daemon,
# and so no text of a configuration: that is no whole bundle.
papers()
{
	local name=$1

	shift
	want_rc 1 "$ctl" -S "$dir" audit bundle --file "$log" --host gate \
	    --since 2026-01-01T00:00:10Z --until 2026-01-01T00:00:29Z \
	    --output "$dir/$name" "$@" >"$out" 2>&1
	cat "$out"
}

# Of $dir/x: what its own verifier says.
verifies()
{
	(cd "$dir/x/farmgate-audit" && python3 audit-verify.py --piece "$@" \
	    audit.jsonl)
}

papers_verify_elsewhere()
{
	local key

	key=$(python3 tests/golden/audit_log.py key seed)
	{
		echo 'Jan  1 farmgate: audit: of no record at all'
		python3 tests/golden/audit_log.py anchor "$log.1-26" seed 3 10 26 |
		    sed 's/^/Jan  1 gate farmgate-policyd: audit: /'
	} >"$dir/journal"
	papers one.tar.gz --anchors "$dir/journal"
	want_line 'records 10 to 28, 2 anchors, 0 configurations' "$out"
	want_line 'of 2 configurations .* the text of 2 is not known' "$out"
	want_eq 600 "$(stat -c %a "$dir/one.tar.gz")"
	papers two.tar.gz --anchors "$dir/journal"
	want cmp "$dir/one.tar.gz" "$dir/two.tar.gz"
	papers three.tar --anchors "$dir/journal"
	want cmp <(gunzip -c "$dir/one.tar.gz") "$dir/three.tar"
	mkdir "$dir/x"
	want tar xf "$dir/three.tar" -C "$dir/x"
	want_eq "$(tar tf "$dir/three.tar")" \
	    "$(tar tf "$dir/three.tar" | LC_ALL=C sort)"
	verifies --anchors anchors --key "$key" >"$out"
	want_line '^ok 28 [0-9a-f]* continues 9 [0-9a-f]*$' "$out"
	want_eq "anchored 10 26 $key" "$(tail -n 1 "$out")"
	want cmp "$dir/x/farmgate-audit/audit-verify.py" conf/audit-verify.py
	want_not verifies --anchors anchors --key "${key%?=}A="
	want_not verifies --anchors <(sed 's/at=1/at=2/' \
	    "$dir/x/farmgate-audit/anchors")
	sed -i 's/"alice"/"mallory"/' "$dir/x/farmgate-audit/audit.jsonl"
	want_not verifies
}

papers_have_what_they_say()
{
	cd "$dir/x/farmgate-audit" || return
	want_eq "gate 10 28 2 26 0 0 2" "$(jq -r '[.host, .first, .last,
	    .anchors, .anchored, .foreign_lines, .breaks,
	    (.policies_missing | length)] | join(" ")' MANIFEST.json)"
	want_eq "$(jq -r '.files[] | select(.name != "audit.jsonl") |
	    .sha256 + "  " + .name' MANIFEST.json)" \
	    "$(jq -r '.files[].name | select(. != "audit.jsonl")' \
	    MANIFEST.json | xargs sha256sum)"
	want_eq "11 20 21 22 23 24 25 26" "$(jq .seq control.jsonl | xargs)"
	want_eq "8 1000" "$(python3 - control.csv <<-'END'
	import csv, sys
	rows = list(csv.DictReader(open(sys.argv[1], newline="")))
	print(len(rows), *{row["by_loginuid"] for row in rows})
	END
	)"
	# made before, and in force
	want_eq "8" "$(jq .seq exceptions.jsonl)"
	want_eq "20" "$(jq .seq approvals.jsonl)"
	want_eq "21 22 23" "$(jq .seq reviews.jsonl | xargs)"
	want_eq "24" "$(jq .seq revocations.jsonl)"
	cd "$OLDPWD" || return
}

# Reviews 21 to 23 are of decisions 7 and 10, and the last record is 9 or 10.
papers_have_later_reviews()
{
	local to last reviews

	while read -r to reviews; do
		last=$((10#$to - 1))
		want_rc 1 "$ctl" -S "$dir" audit bundle --file "$log" \
		    --host gate --since 2026-01-01T00:00:03Z \
		    --until "2026-01-01T00:00:${to}Z" --output "$dir/l.tar" \
		    >"$out" 2>&1
		want_eq "$last" "$(tar xOf "$dir/l.tar" \
		    farmgate-audit/audit.jsonl | tail -n 1 | jq .seq)"
		want_eq "$reviews" "$(tar xOf "$dir/l.tar" \
		    farmgate-audit/reviews.jsonl | jq .seq | xargs)"
	done <<-END
	07
	10 21 22
	11 21 22 23
	22 21 22 23
	END
}

papers_that_cannot_be_whole_say_so()
{
	papers none.tar
	want_line 'no anchors of these records are known' "$out"
	want_rc 2 "$ctl" audit bundle --file "$log" --output "$dir/a.tar"
	want_rc 2 "$ctl" audit bundle --file "$log" --since 1d \
	    --output "$dir/a.zip"
	want_rc 1 "$ctl" audit bundle --file "$log" --since 2020-01-01 \
	    --until 2020-01-02 --output "$dir/a.tar"
	want test ! -e "$dir/a.tar"
	cp -r "$dir/log" "$dir/kept"
	sed -i 15d "$log.1-26"
	echo nonsense >>"$log.1-26"
	sed -i '16s|"sha256":"[0-9a-f]\{8\}|"sha256":"../../..|' "$log.1-26"
	want grep -q '"sha256":"\.\./' "$log.1-26"
	papers broken.tar
	want_line 'warning: the log is not intact at that time' "$out"
	want_eq "1 1" "$(tar xOf "$dir/broken.tar" farmgate-audit/MANIFEST.json |
	    jq -r '"\(.foreign_lines) \(.breaks)"')"
	want_eq "" "$(tar xOf "$dir/broken.tar" farmgate-audit/MANIFEST.json |
	    jq -r '.policies_missing[] | select(test("^[0-9a-f]{64}$") | not)')"
	rm -r "$dir/log"
	mv "$dir/kept" "$dir/log"
	want_eq "" "$(find "$dir" -name '*.tar.*' ! -name '*.tar.gz')"
}

# STATUS ARGUMENT...: of the log alone.
dossier()
{
	local rc=0 status=$1

	shift
	"$ctl" -S "$dir" dossier --since 2026-01-01T00:00:00Z \
	    --until 2026-01-01T00:01:00Z --file "$log" "$@" \
	    >"$out" 2>"$dir/err" || rc=$?
	cat "$out" "$dir/err"
	want_eq "$status" "$rc"
}

a_dossier_has_all_of_one_person()
{
	# no daemon: what it knows is not known, and that is said
	dossier 2 alice
	want_line '^logins: 5 let in, 2 refused; 0 would have been; 2 asked' \
	    "$out"
	want_line '^  AS20712 Andrews & Arnold Ltd  .* 1  .* 0  2026-01-01' "$out"
	want_line 'refused .* AAAA-0003  net.listed:vpn,geo.country$' "$out"
	want_line '^    reviewed: expected, SEC-42: conference, see HR$' "$out"
	want_line 'proved .* AAAA-0006  net.hosting$' "$out"
	want_line 'breakglass .* MAAAA-000C unreachable$' "$out"
	want_line 'control.sock: No such file' "$dir/err"
	want_eq 1 "$(grep -c 'not known: the daemon' "$out")"
	dossier 2 --json alice
	want_eq "5 2 0 2 false" "$(jq -r '[.let_in, .refused,
	    .would_be_refused, .asked, .known] | join(" ")' "$out")"
	want_eq "DE 1 1" "$(jq -r '.by_country[] | select(.name == "DE") |
	    "\(.name) \(.in) \(.refused)"' "$out")"
	want_eq "geo.country 1 1" "$(jq -r '.by_finding[] |
	    select(.name == "geo.country") | "\(.name) \(.in) \(.refused)"' \
	    "$out")"
	# a login that opens a session with a key that only then is known
	want_eq "SHA256:q0pNbvyyEwWVMRGyBqpTw5Cvo4lzzzzzzzzzzzzzzzz 2" \
	    "$(jq -r '.by_device[] | "\(.name) \(.in)"' "$out")"
	want_eq "approval" "$(jq -r '.changes[].event' "$out" | xargs)"
	# and the review of a refusal is of later than the period
	dossier 2 --json --until 2026-01-01T00:00:10Z alice
	want_eq "2026-01-01T00:00:07.000000Z AAAA-0003 expected" "$(jq -r '
	    [([.events[], .changes[]] | max_by(.ts).ts), (.events[] |
	    select(.review) | .ref, .review.disposition)] | join(" ")' "$out")"
	# by the name of the inventory
	dossier 2 --json alice.a
	want_eq "5 exception approval verification enrolment" "$(jq -r \
	    '"\(.let_in) \([.changes[].event] | join(" "))"' "$out")"
	# and nobody else's
	dossier 2 --json bob
	want_eq "1 1 would_be_refused false_positive revocation" "$(jq -r \
	    '"\(.let_in) \(.would_be_refused) \(.events[].what) \(
	    .events[].review.disposition) \(.changes[].event)"' "$out")"
	dossier 2 '=HYPERLINK("http://x/","a"),b'
	want_line '^logins: 0 let in, 1 refused' "$out"
	want_rc 2 "$ctl" dossier --file "$log"
	# nothing is no word for what could not be read
	no_line 'NOT ALL' "$out"
	dossier 2 --file "$dir/none" alice
	want_line '^NOT ALL OF THE AUDIT LOG COULD BE READ' "$out"
	dossier 2 --file "$dir/none" --json alice
	want_eq false "$(jq .log_whole "$out")"
}

run "AUD review: needs a decision and a word for it" \
    a_review_needs_a_decision_and_a_word_for_it
run "AUD review: the last one is shown with its decision" \
    the_last_review_is_shown_with_its_decision
run "AUD export: the log has one record of every event at least" \
    the_log_has_one_record_of_every_event_at_least
run "AUD export: every record is exported in the schema" \
    every_record_is_exported_in_the_schema
if [ -e "$ecs_fields/package.json" ]; then
	run "AUD export: the fields are those that Elastic publishes" \
	    the_fields_are_those_that_elastic_publishes
else
	skip "AUD export: the fields are those that Elastic publishes" \
	    "npm has no @elastic/ecs here"
fi
run "AUD export: events become what the manual says" \
    events_become_what_the_manual_says
run "AUD export: a decision without a verdict is no success" \
    a_decision_without_a_verdict_is_no_success
run "AUD export: a table is safe to open" a_table_is_safe_to_open
run "AUD export: what is exported can be narrowed down" \
    what_is_exported_can_be_narrowed_down
run "AUD bundle: papers verify elsewhere" papers_verify_elsewhere
run "AUD bundle: papers have what they say" papers_have_what_they_say
run "AUD bundle: papers have later reviews of their decisions" \
    papers_have_later_reviews
run "AUD bundle: papers that cannot be whole say so" \
    papers_that_cannot_be_whole_say_so
run "dossier: has all of one person, and nobody else's" \
    a_dossier_has_all_of_one_person

finish
