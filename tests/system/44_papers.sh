#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What auditors get from a running daemon: reviews in its chain, and the work
# papers of a time with the configurations that it has kept.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

out=$FG_WORK/out
policies=/var/lib/farmgate/policies
anchors=/var/log/farmgate/anchors

hash_of()
{
	sha256sum "$1" | cut -d' ' -f1
}

# The reference of a login that was refused just now.
refused()
{
	want_not gate gate alice 127.0.0.3 >&2
	fg_last .ref
}

a_review_is_a_record_of_who_makes_it()
{
	local ref

	ref=$(refused)
	want farmgatectl audit review --disposition expected --ticket SEC-1 \
	    --note $'on a trip\e[2J' "$(tr -d - <<<"${ref,,}")" >"$out"
	want_line "^reviewed: $ref is expected, by " "$out"
	want_eq "$ref expected SEC-1 0 number" "$(fg_last_of review \
	    '[.of, .disposition, .ticket, .by.uid, (.by.pid | type)] |
	    join(" ")')"
	want farmgatectl audit review --disposition true_positive --json "$ref" \
	    >"$out"
	want_eq "true_positive" "$(jq -r .disposition "$out")"
	farmgatectl explain "$ref" >"$out"
	want_line '^  reviewed   true_positive by ' "$out"
	want_line '^  note       on a trip\\x1b\[2J$' "$out"
	want_eq 3 "$(farmgatectl audit --ref "$ref" | wc -l)"
	want farmgatectl audit verify
}

what_nobody_decided_is_not_reviewed()
{
	local before

	before=$(fg_events review)
	want_rc 1 farmgatectl audit review --disposition unclear 0000-0000
	# somebody else's reference, and a member of nothing
	want_rc 2 farmgatectl audit review --disposition fine 0000-0000
	want_eq "$before" "$(fg_events review)"
	want farmgatectl audit review --disposition unclear --force 0000-0000
	want_eq true "$(fg_last_of review .unseen)"
	want_rc 2 setpriv --reuid alice --clear-groups \
	    farmgatectl audit review --disposition unclear --force 0000-0000
	want_eq "$((before + 1))" "$(fg_events review)"
}

each_configuration_in_force_is_kept()
{
	local first second

	first=$(hash_of "$FG_CONF")
	want cmp "$policies/$first.conf" "$FG_CONF"
	sed -i 's/extension 100/extension 200/' "$FG_CONF"
	second=$(hash_of "$FG_CONF")
	want farmgatectl reload
	want cmp "$policies/$second.conf" "$FG_CONF"
	# what was spoilt meanwhile is right again, within the sandbox too
	sed -i 's/extension/extortion/' "$policies/$second.conf"
	want farmgatectl reload
	want cmp "$policies/$second.conf" "$FG_CONF"
	# one that is refused never was in force
	cp "$FG_CONF" "$FG_WORK/right"
	echo nonsense >>"$FG_CONF"
	want_not farmgatectl reload
	cp "$FG_WORK/right" "$FG_CONF"
	want_eq "farmgate 700 2" "$(stat -c '%U %a' "$policies") $(find \
	    "$policies" -type f | wc -l)"
}

papers_of_a_running_daemon_are_whole()
{
	refused >/dev/null
	# its end makes an anchor of all
	want fg_restart
	want_eq 2 "$(find "$policies" -type f | wc -l)"
	# another machine's, as a log that several send theirs to has them
	python3 "$FG_TOP/tests/golden/audit_log.py" anchor "$FG_AUDIT" other 3 \
	    >"$FG_WORK/others"
	want_line 'host=gate' "$FG_WORK/others"
	want farmgatectl audit bundle --since 1d --output "$FG_WORK/p.tar.gz" \
	    --anchors "$FG_WORK/others" >"$out"
	cat "$out"
	want_line ', 2 configurations$' "$out"
	mkdir "$FG_WORK/x"
	want tar xzf "$FG_WORK/p.tar.gz" -C "$FG_WORK/x"
	cd "$FG_WORK/x/farmgate-audit" || return
	want python3 audit-verify.py --anchors anchors --key \
	    "$(fg_status .audit.audit_key)" audit.jsonl
	no_line 'host=gate' anchors
	want_eq "" "$(for f in policies/*; do
		[ "policies/$(hash_of "$f").conf" = "$f" ] || echo "$f"
	done)"
	want_eq 0 "$(jq '.policies_missing | length' MANIFEST.json)"
	want_eq "$(fg_events review)" "$(wc -l <reviews.jsonl)"
	want_line '"event":"reload"' control.jsonl
	want_line '"event":"decision"' audit.jsonl
	cd "$FG_WORK" || return
}

a_text_that_was_changed_is_none()
{
	local file

	file=$(find "$policies" -type f | head -n 1)
	echo '# more' >>"$file"
	want_rc 1 farmgatectl audit bundle --since 1d \
	    --output "$FG_WORK/q.tar" >"$out" 2>&1
	want_line 'of 2 configurations .* the text of 1 is not known' "$out"
}

# In the order of the dossier.
a_dossier_has_what_the_daemon_knows()
{
	printf 'user,accounts,countries\nalice.a,alice,NO\nbob,bob,NO\n' |
	    want farmgatectl inventory import -
	printf 'asset_tag,user,status\nLT-7,alice.a,issued\nLT-8,bob,issued\n' |
	    want farmgatectl inventory import -
	want farmgatectl except add --finding geo.country --country BR \
	    --until +1d --reason trip alice
	want farmgatectl except add --finding geo.country --country BR \
	    --until +1d --reason other bob
	want gate gate alice 127.0.0.3
	want farmgatectl dossier --json --since 1d alice >"$out"
	want_eq "true alice.a alice.a alice LT-7 alice.a trip 0" "$(jq -r '[.known,
	    .inventory.user, .accounts[], .assets[].asset, .exceptions[].user,
	    .exceptions[].reason, (.revocations | length)] | join(" ")' "$out")"
	want_eq "BR" "$(jq -r '.by_country[].name' "$out")"
	want_eq "$(fg_records)" "$(jq '.let_in + .refused' "$out")"
	want_eq "inventory import 0,assets import 0,exception add 0" "$(jq -r '
	    [.changes[] | "\(.event) \(.action) \(.by_uid)"] | join(",")' \
	    "$out")"
	want_line '"review":{' "$out"
	want farmgatectl dossier alice.a >"$out"
	want_line '^  user        alice.a$' "$out"
	want_line '^  LT-7 ' "$out"
	want_line 'geo.country .* BR .*: trip$' "$out"
	no_line 'bob|LT-8|other' "$out"
	want_rc 1 farmgatectl dossier nobody-at-all
}

# What is in a column is said nowhere.
an_import_says_whom_it_has_changed()
{
	printf 'user,accounts,countries\nalice.a,alice,NO\nbob,bob,NO SE\n' |
	    want farmgatectl inventory import - >"$out"
	want_line '^changed  bob: countries$' "$out"
	want_eq '1 [{"change":"changed","user":"bob","fields":"countries"}]' \
	    "$(fg_last_of inventory '"\(.changed) \(.named | tojson)"')"
	printf 'asset_tag,user,model\nLT-7,alice.a,X\nLT-8,alice.a,X\n' |
	    want farmgatectl inventory import -
	want_eq '[["LT-7","model",[]],["LT-8","user model",["bob","alice.a"]]]' \
	    "$(fg_last_of assets '[.named[] | [.asset, .fields, .users]] |
	    tojson')"
	want farmgatectl dossier --json --since 1d bob >"$out"
	want_eq "bob countries" "$(jq -r '.changes[] |
	    select(.event == "inventory") | .named[] |
	    select(.change == "changed") | "\(.user) \(.fields)"' "$out")"
	want_eq 0 "$(jq .changes "$out" | grep -cE '"(LT-7|NO SE)"')"
	want farmgatectl dossier bob >"$out"
	want_line '^    changed bob: countries$' "$out"
	want_line '^    changed LT-8: user model$' "$out"
	want farmgatectl dossier alice >"$out"
	no_line 'bob' "$out"
	# what is refused has changed nobody
	printf 'user,countries\nbob,NO\ncarol,nowhere\n' |
	    want_rc 1 farmgatectl inventory import - >/dev/null 2>&1
	want_eq "false null" \
	    "$(fg_last_of inventory '"\(.ok) \(.named)"')"
	mkdir "$FG_WORK/y"
	# the text of one configuration is not known any more
	want_rc 1 farmgatectl audit bundle --since 1d \
	    --output "$FG_WORK/r.tar" >/dev/null
	tar xf "$FG_WORK/r.tar" -C "$FG_WORK/y"
	want_line '"user":"bob","fields":"countries"' \
	    "$FG_WORK/y/farmgate-audit/inventory.jsonl"
}

setup_gate
fg_pam gate
echo "anchors = \"$anchors\"" >>"$FG_CONF"
want_daemon
run "AUD review: is a record of who makes it" \
    a_review_is_a_record_of_who_makes_it
run "AUD review: what nobody decided is not reviewed" \
    what_nobody_decided_is_not_reviewed
run "AUD bundle: each configuration in force is kept" \
    each_configuration_in_force_is_kept
run "AUD bundle: papers of a running daemon are whole" \
    papers_of_a_running_daemon_are_whole
run "AUD bundle: a text that was changed is none" \
    a_text_that_was_changed_is_none
run "dossier: has what the daemon knows, and nobody else's" \
    a_dossier_has_what_the_daemon_knows
run "AUD import: says whom it has changed" an_import_says_whom_it_has_changed
fg_stop
finish
