#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# People and revocations that one host signs and another one imports: what
# comes into force, which bundles are taken and which are not, and who comes
# back. All hosts are this one, each with a state folder and an audit log of
# its own.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

STATE=/var/lib/farmgate
KEY=$FG_WORK/bundle.key
HOST=hub

# KEY [LINE...]: the configuration, with the public key that is believed.
bundle_conf()
{
	[ -z "$1" ] || echo "bundle_keys = {\"$1\"}"
	shift
	printf '%s\n' 'terminate = "yes"' "$@"
	setup_conf | sed 's/"@staff"/"@staff", "carol", "dave"/;/^policy carol/,$d'
}

# HOST: go on as that one.
as()
{
	local dir kept

	[ "$1" != "$HOST" ] || return 0
	want close_all
	fg_stop
	for dir in "$STATE" "${FG_AUDIT%/*}"; do
		kept=$FG_WORK/hosts$dir
		mkdir -p "$kept"
		rm -rf "$kept/$HOST"
		cp -a "$dir" "$kept/$HOST"
		find "$dir" -mindepth 1 -delete
		[ ! -d "$kept/$1" ] || cp -a "$kept/$1/." "$dir"
	done
	HOST=$1
	want fg_start
}

# LINE...: the hub's people.
people()
{
	printf '%s\n' user,status "$@" >"$FG_WORK/people.csv"
	want farmgatectl inventory import --restore "$FG_WORK/people.csv" \
	    >/dev/null
}

# Serials and times of revocations are in seconds.
next_second()
{
	local now=$EPOCHSECONDS left

	left=$((1000000 - 10#${EPOCHREALTIME#*[.,]}))
	sleep "$((left / 1000000)).$(printf %06d $((left % 1000000)))"
	while [ "$EPOCHSECONDS" -eq "$now" ]; do
		sleep 0.01
	done
}

# FILE: a bundle of the hub's.
makes()
{
	says 0 bundle export --key "$KEY" "$FG_WORK/$1"
}

takes()
{
	says 0 bundle import "$@"
}

serial_of()
{
	head -n 1 "$1" | jq .serial
}

# WHAT FILE [ARGUMENT...]: it is refused with that, and nothing has changed.
refuses()
{
	local before what=$1 file=$2

	shift 2
	before=$(fg_status '.bundle, .inventory.generation')
	says 1 bundle import "$@" "$file"
	want_line "$what" "$OUT"
	want_line 'not imported: .* the inventory stays as it was' "$OUT"
	want_eq "$before" "$(fg_status '.bundle, .inventory.generation')"
}

allowed()
{
	want gate gate "$1" 127.0.0.2
}

revoked()
{
	want_not gate gate "$1" 127.0.0.2
	want_line '^person\.revoked(,|$)' <(fg_last .reason)
}

# ---- keys ------------------------------------------------------------------

keys_are_secret()
{
	local public

	public=$(umask 0; farmgatectl bundle keygen "$KEY")
	want_line '^ed25519:[A-Za-z0-9+/]{43}=$' <(echo "$public")
	want_eq 600 "$(stat -c %a "$KEY")"
	want_eq "$public" "$(farmgatectl bundle public "$KEY")"
	says 2 bundle keygen "$KEY"
	want_line 'a key is never written over' "$OUT"
	want_eq "$public" "$(farmgatectl bundle public "$KEY")"

	cp -p "$KEY" "$FG_WORK/open.key"
	chmod 0640 "$FG_WORK/open.key"
	says 2 bundle export --key "$FG_WORK/open.key" "$FG_WORK/x"
	want_line 'others can read this key; make a new one' "$OUT"
	install -m 0600 /dev/null "$FG_WORK/no.key"
	says 2 bundle public "$FG_WORK/no.key"
	want_line 'this is no secret key' "$OUT"
	ln -s "$KEY" "$FG_WORK/link.key"
	says 2 bundle public "$FG_WORK/link.key"
	says 2 bundle export "$FG_WORK/x"
	want_line '--key is needed' "$OUT"
	want test ! -e "$FG_WORK/x"
}

# ---- to sign ---------------------------------------------------------------

nothing_is_signed_without_people()
{
	says 2 bundle export --key "$KEY" "$FG_WORK/x"
	want_line 'there is no inventory here' "$OUT"
	want_eq "" "$(ls "$FG_WORK"/x* 2>/dev/null)"
}

# What the page says of the signature, done by somebody else's program.
openssl_agrees()
{
	local file=$1 dir=$FG_WORK/seal

	mkdir -p "$dir"
	head -n -1 "$file" >"$dir/signed"
	tail -n 1 "$file" | jq -r .signature | base64 -d >"$dir/signature"
	{
		printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'
		tail -n 1 "$file" | jq -r .key | cut -d: -f2 | base64 -d
	} >"$dir/public"
	printf 'farmgate bundle 1\n%s' \
	    "$(sha256sum "$dir/signed" | cut -d' ' -f1)" >"$dir/statement"
	openssl pkeyutl -verify -rawin -pubin -keyform DER \
	    -inkey "$dir/public" -in "$dir/statement" \
	    -sigfile "$dir/signature"
}

the_hub_signs()
{
	local file=$FG_WORK/1.bundle serial

	people alice, bob, carol,revoked dave,
	want farmgatectl revoke bob --reason "left" >/dev/null
	makes 1.bundle
	want_line ': people 4, revocations 1, given back 0$' "$OUT"
	want_eq 600 "$(stat -c %a "$file")"
	want_eq "$(jq -r '.key // empty' "$file")" \
	    "$(farmgatectl bundle public "$KEY")"
	want_eq 'alice bob carol dave' \
	    "$(jq -r '.person.user // empty' "$file" | xargs)"
	want_eq 'bob left' "$(jq -r \
	    '.revocation // empty | .user + " " + .reason' "$file")"
	want openssl_agrees "$file"
	serial=$(serial_of "$file")
	want test "$serial" -ge "$(($(date +%s) - 60))"
	want_eq "export $serial 0" \
	    "$(fg_last_of bundle '"\(.action) \(.serial) \(.by.uid)"')"
	next_second
	makes 2.bundle
	want test "$(serial_of "$FG_WORK/2.bundle")" -gt "$serial"
	# one that cannot be written leaves what was there
	says 2 bundle export --key "$KEY" "$FG_WORK/none/x"
	want_eq "" "$(find "$FG_WORK" -name '*.bundle.*')"
}

# ---- to import -------------------------------------------------------------

another_host_takes_it()
{
	as other
	want_eq null "$(fg_status .bundle.serial)"
	says 1 status
	want_line 'DEGRADED .*bundle_keys is set, and none is in force' "$OUT"
	takes --dry-run "$FG_WORK/1.bundle"
	want_line '^dry run, nothing is changed: people 4: 4 added' "$OUT"
	want_eq null "$(fg_status .bundle.serial)"
	takes "$FG_WORK/1.bundle"
	want_line '^imported: people 4: 4 added' "$OUT"
	want_eq "4 1 true" "$(fg_status '.inventory.people, .bundle.revocations,
	    .bundle.people' | xargs)"
	want_eq "$(serial_of "$FG_WORK/1.bundle")" \
	    "$(fg_status .bundle.serial)"
	want_eq "import true 4 1" "$(fg_last_of bundle \
	    '"\(.action) \(.ok) \(.people) \(.revocations)"')"
	allowed alice
	want_eq "$(serial_of "$FG_WORK/1.bundle")" \
	    "$(fg_last .bundle.serial)"
	revoked bob
	revoked carol
	farmgatectl revoke --list >"$OUT"
	want_line '^bob +in force .* by a bundle: left$' "$OUT"
	says 1 unrevoke bob
	want_line 'unrevoke on the host that signs it' "$OUT"
	revoked bob
	# and it stays, whatever happens to the daemon
	fg_restart
	revoked bob
	want_line '^bundle +serial ' <(farmgatectl status)
}

only_newer_ones_are_taken()
{
	as other
	takes "$FG_WORK/2.bundle"
	refuses 'one of serial [0-9]+ was imported, and this is of [0-9]+' \
	    "$FG_WORK/1.bundle"
	takes "$FG_WORK/2.bundle"	# once more
	# also when the store is lost: the serial is not
	fg_stop
	rm -f "$STATE"/farmgate.db "$STATE"/farmgate.db-*
	fg_start
	refuses 'one of serial [0-9]+ was imported' "$FG_WORK/1.bundle"
	# nor is what this host had revoked itself in any bundle
	takes "$FG_WORK/2.bundle"
	want_not gate gate alice 127.0.0.2
	want_eq store_unusable "$(fg_last .reason)"
	says 1 status
	says 0 inventory accept
	revoked bob
	allowed alice
}

# One's own revocations, and people of a later inventory.
what_is_ones_own_stays()
{
	as other
	want farmgatectl revoke dave --reason here >/dev/null
	takes "$FG_WORK/2.bundle"
	revoked dave
	want farmgatectl unrevoke dave >/dev/null
	allowed dave
	want farmgatectl revoke bob --reason here >/dev/null
	says 0 unrevoke bob
	want_line 'warning: access stays revoked by the bundle' "$OUT"
	revoked bob
	printf '%s\n' user alice bob dave carol >"$FG_WORK/own.csv"
	want farmgatectl inventory import --restore "$FG_WORK/own.csv" \
	    >/dev/null
	revoked bob
	allowed carol
	want_eq false "$(fg_status .bundle.people)"
	want_line 'the people are of a later inventory' \
	    <(farmgatectl status)
	takes "$FG_WORK/2.bundle"
	revoked carol
}

# Not one byte of it.
what_was_changed_is_refused()
{
	local bad=$FG_WORK/bad.bundle good=$FG_WORK/3.bundle

	as hub
	makes 3.bundle
	as other
	sed '2s/alice/alicf/' "$good" >"$bad"
	refuses 'it is not what was signed' "$bad"
	sed '/revocation/d' "$good" >"$bad"
	refuses 'it is not what was signed' "$bad"
	head -n -1 "$good" >"$bad"
	refuses 'its last line is no signature' "$bad"
	head -c 100 "$good" >"$bad"
	refuses 'its last line is no signature' "$bad"
	{ cat "$good"; echo; } >"$bad"
	refuses 'its last line is no signature' "$bad"
	: >"$bad"
	refuses 'its last line is no signature' "$bad"
	cp "$FG_WORK/own.csv" "$bad"
	refuses 'its last line is no signature' "$bad"
	# an inventory is no bundle, and a bundle no inventory
	says 1 inventory import "$good"
	takes "$good"
}

only_keys_that_are_named_are_believed()
{
	local other

	other=$(farmgatectl bundle keygen "$FG_WORK/other.key")
	as hub
	says 0 bundle export --key "$FG_WORK/other.key" "$FG_WORK/o.bundle"
	as other
	# base64 has a plus that means something in a pattern
	refuses "it is signed by ${other//+/[+]}, which is not in bundle_keys" \
	    "$FG_WORK/o.bundle"
	# somebody else's name on it makes it nobody's
	sed "\$s|$other|$(farmgatectl bundle public "$KEY")|" \
	    "$FG_WORK/o.bundle" >"$FG_WORK/bad.bundle"
	refuses 'it is not what was signed' "$FG_WORK/bad.bundle"
	bundle_conf "$other" | fg_conf
	want farmgatectl reload >/dev/null
	says 1 status
	want_line 'DEGRADED .* is not in bundle_keys any more' "$OUT"
	takes "$FG_WORK/o.bundle"
	says 0 status
	no_line DEGRADED "$OUT"
	bundle_conf "" | fg_conf
	want farmgatectl reload >/dev/null
	refuses 'no bundle is taken here; write the public key' \
	    "$FG_WORK/o.bundle"
	bundle_conf "$(farmgatectl bundle public "$KEY")" | fg_conf
	want farmgatectl reload >/dev/null
	as hub
	makes 4.bundle
	as other
	takes "$FG_WORK/4.bundle"
}

# ---- who comes back --------------------------------------------------------

what_is_given_back_on_purpose_comes_back()
{
	as hub
	want farmgatectl unrevoke bob >/dev/null
	people alice, bob, carol, dave,		# carol's status as well
	next_second
	makes 5.bundle
	want_line 'revocations 0, given back 2$' "$OUT"
	as other
	takes "$FG_WORK/5.bundle"
	want_line '^restored bob$' "$OUT"
	want_line '^restored carol$' "$OUT"
	want_line '^access came back of 2 accounts$' "$OUT"
	want_eq 2 "$(fg_last_of bundle .restored)"
	allowed bob
	allowed carol
}

# A hub that is begun anew knows nothing of whom it had revoked.
silence_gives_nobody_back()
{
	as hub
	want farmgatectl revoke bob >/dev/null
	people alice, bob, carol,revoked dave,
	next_second
	makes 6.bundle
	as other
	takes "$FG_WORK/6.bundle"
	revoked bob
	as new
	people alice, bob, dave,
	next_second
	makes 7.bundle
	want test "$(serial_of "$FG_WORK/7.bundle")" -gt \
	    "$(serial_of "$FG_WORK/6.bundle")"
	as other
	takes --dry-run "$FG_WORK/7.bundle"
	want_line '^kept out bob$' "$OUT"
	want_line '^kept out carol$' "$OUT"
	# they stay out, and whom the new hub dismisses is out as well
	as new
	want farmgatectl revoke dave >/dev/null
	next_second
	makes 7.bundle
	as other
	takes "$FG_WORK/7.bundle"
	want_line '^kept out bob$' "$OUT"
	want_line 'warning: access of 2 names was taken back' "$OUT"
	want_eq 2 "$(fg_last_of bundle .kept_out)"
	revoked bob
	revoked carol
	revoked dave
	takes "$FG_WORK/7.bundle"
	revoked bob
	takes --restore "$FG_WORK/7.bundle"
	want_line '^restored bob$' "$OUT"
	want_eq 'bob carol' "$(fg_last_of bundle '.restored_names | join(" ")')"
	allowed bob
}

# The new one may not know them, and says all the same that they may come.
a_new_hub_gives_back()
{
	as hub
	next_second
	makes 7b.bundle
	as other
	takes "$FG_WORK/7b.bundle"
	revoked bob
	says 1 unrevoke bob
	as new
	says 0 unrevoke bob
	want_line 'warning: not revoked here; the next bundle says' "$OUT"
	want_eq "unrevoke bob bob" "$(fg_last_of revocation \
	    '.action + " " + .user + " " + .accounts[0]')"
	next_second
	makes 7c.bundle
	want_line 'given back 1$' "$OUT"
	as other
	takes "$FG_WORK/7c.bundle"
	want_line '^restored bob$' "$OUT"
	want_line '^kept out carol$' "$OUT"
	allowed bob
	revoked carol
	# who is in no entry as well
	as new
	says 0 unrevoke carol
	next_second
	makes 7d.bundle
	as other
	takes "$FG_WORK/7d.bundle"
	allowed carol
}

# An end that was put off before it came, in a bundle that comes after it.
an_end_that_is_put_off_is_no_silence()
{
	local until later

	until=$(date -u -d 'now + 6 seconds' +%FT%TZ)
	later=$(date -u -d 'now + 2 days' +%FT%TZ)
	as ends
	printf '%s\n' user,valid_until "alice,$until" bob, >"$FG_WORK/ends.csv"
	want farmgatectl inventory import "$FG_WORK/ends.csv" >/dev/null
	makes end.bundle
	sed -i "s/$until/$later/" "$FG_WORK/ends.csv"
	next_second
	want farmgatectl inventory import "$FG_WORK/ends.csv" >/dev/null
	makes off.bundle
	as spoke
	takes "$FG_WORK/end.bundle"
	want fg_until 10 eval "[ $(date -d "$until" +%s) -lt \$(date +%s) ]"
	revoked alice
	takes "$FG_WORK/off.bundle"
	want_line '^restored alice$' "$OUT"
	allowed alice
}

a_lost_store_signs_nothing()
{
	as hub
	fg_stop
	rm -f "$STATE"/farmgate.db "$STATE"/farmgate.db-*
	fg_start
	says 2 bundle export --key "$KEY" "$FG_WORK/x"
	want_line 'people and revocations were lost here' "$OUT"
	want test ! -e "$FG_WORK/x"
	people alice, bob,revoked carol, dave,
	next_second
	makes 8.bundle
}

# ---- old ones --------------------------------------------------------------

old_ones_are_stale()
{
	local key

	key=$(farmgatectl bundle public "$KEY")

	as other
	takes "$FG_WORK/8.bundle"
	revoked bob
	sleep 2.1
	bundle_conf "$key" 'bundle_max_age = 1s' | fg_conf
	want farmgatectl reload >/dev/null
	says 1 status
	want_line 'DEGRADED .*it is older than bundle_max_age' "$OUT"
	allowed alice
	want_eq true "$(fg_last .bundle.stale)"
	want_line 'bundle +serial .*, stale$' \
	    <(farmgatectl explain "$(fg_last .ref)")
	revoked bob
	refuses 'it was made [0-9]+ s ago, and bundle_max_age is 1 s' \
	    "$FG_WORK/8.bundle"
	bundle_conf "$key" 'bundle_max_age = 1s' \
	    'on_failure = {"bundle_stale = deny"}' | fg_conf
	want farmgatectl reload >/dev/null
	want_not gate gate alice 127.0.0.2
	want_line 'bundle_stale' \
	    <(farmgatectl explain "$(fg_last .ref)")
	bundle_conf "$key" | fg_conf
	want farmgatectl reload >/dev/null
	allowed alice
}

forgetting_is_on_purpose()
{
	as other
	as hub
	want farmgatectl revoke dave >/dev/null
	next_second
	makes 9.bundle
	as other
	takes "$FG_WORK/9.bundle"
	revoked dave
	says 2 bundle forget
	want_line 'it revokes the access of 1 names, which would come back' \
	    "$OUT"
	revoked dave
	says 0 bundle forget --restore
	want_eq "forget $(serial_of "$FG_WORK/9.bundle") 1" \
	    "$(fg_last_of bundle '"\(.action) \(.serial) \(.revocations)"')"
	allowed dave
	revoked bob		# by the people, who stay
	want_eq null "$(fg_status .bundle.serial)"
	refuses 'one of serial [0-9]+ was imported' "$FG_WORK/8.bundle"
	takes "$FG_WORK/9.bundle"
	revoked dave
}

# Nothing that is not done is on record as done.
what_is_not_there_is_not_forgotten()
{
	local ahead=$(($(date +%s) + 3600)) n

	as third
	n=$(fg_events bundle)
	says 2 bundle forget
	want_line 'there is nothing to forget' "$OUT"
	says 2 bundle forget --restore
	want_eq "$n" "$(fg_events bundle)"
	echo "$ahead $(printf '%064d' 0)" | install -o farmgate -g farmgate \
	    -m 0600 /dev/stdin "$STATE/farmgate.db.serial"
	says 0 bundle forget
	want_line "^no bundle was in force; forgotten: serial $ahead, which" \
	    "$OUT"
	want_eq "forget $ahead null 0" "$(fg_last_of bundle \
	    '"\(.action) \(.serial) \(.made) \(.revocations)"')"
	says 2 bundle forget
	echo rubbish >"$STATE/farmgate.db.serial"
	says 0 bundle forget --json
	want_eq 'false 0' "$(jq -r '"\(.in_force) \(.serial)"' "$OUT")"
	want_eq "forget null" "$(fg_last_of bundle '"\(.action) \(.serial)"')"
	says 2 bundle forget
}

# ---- what is open ----------------------------------------------------------

is_open()
{
	[ "$(of_session "$1" .state)" = open ]
}

sessions_are_ended()
{
	local alice carol

	as hub
	want farmgatectl revoke alice >/dev/null
	next_second
	makes 10.bundle
	as other
	open_session alice 127.0.0.2
	alice=$REF
	open_session carol 127.0.0.2
	carol=$REF
	takes --dry-run "$FG_WORK/10.bundle"
	want_line "$alice" "$OUT"
	want_line 'access was taken back' "$OUT"
	no_line "$carol" "$OUT"
	want is_open "$alice"
	takes --kill "$FG_WORK/10.bundle"
	want_line "$alice" "$OUT"
	want fg_until 5 no_session "$alice"
	want is_open "$carol"
	revoked alice
}

# In each bundle since the last import there may be somebody whose jobs go on.
whom_it_revokes_is_said()
{
	as hub
	people alice, bob, carol, dave,
	want farmgatectl revoke alice --reason "left" >/dev/null
	want farmgatectl revoke dave --reason "left" >/dev/null
	want farmgatectl revoke carol --at +8h >/dev/null
	next_second
	makes 11.bundle
	as fourth
	people alice, bob, carol, dave,
	want farmgatectl revoke dave --reason here >/dev/null
	takes --dry-run "$FG_WORK/11.bundle"
	want_line '^revoked  alice$' "$OUT"
	want_line 'revocations 3, 2 new$' "$OUT"
	takes "$FG_WORK/11.bundle"
	want_line '^revoked  alice$' "$OUT"
	want_line '^revoked  carol, from 20[0-9-]+ [0-9:]+ [+0-9]+$' "$OUT"
	no_line '^revoked  dave' "$OUT"
	want_line "^bundle: serial $(serial_of "$FG_WORK/11.bundle"), made 20.*: revocations 3, 2 new$" \
	    "$OUT"
	want_line '^  keys: .*/alice/\.ssh/authorized_keys$' "$OUT"
	no_line '/(bob|carol|dave)/\.ssh' "$OUT"
	want_eq "3 2" "$(fg_last_of bundle '"\(.revocations) \(.revoked)"')"
	takes --json "$FG_WORK/11.bundle"	# once more
	want_eq "0 null" "$(tail -n 1 "$OUT" |
	    jq -r '"\(.revoked) \(.remains)"')"
	# Where nobody is refused yet, that is said.
	as fifth
	bundle_conf "$(farmgatectl bundle public "$KEY")" |
	    sed 's/^mode = .*/mode = observe/' | fg_conf
	want farmgatectl reload >/dev/null
	takes "$FG_WORK/11.bundle"
	want_line 'mode is "observe"' "$OUT"
	bundle_conf "$(farmgatectl bundle public "$KEY")" | fg_conf
	want farmgatectl reload >/dev/null
}

# ---- as large as they come -------------------------------------------------

many_people()
{
	python3 - <<-'EOP'
	print("user,name,countries,home,radius,hours,zone,status")
	print("alice,,NO,,,,,active\nbob,,NO,,,,,revoked")
	for n in range(2, 20000):
	    print("user%07d,Name %d,NO SE,\"59.91,10.75\",100km,"
	          "mon-fri 08:00-18:00,Europe/Oslo,active" % (n, n))
	EOP
}

many_people_are_carried()
{
	as large
	many_people >"$FG_WORK/many.csv"
	want farmgatectl inventory import "$FG_WORK/many.csv" >/dev/null
	want farmgatectl inventory export >"$FG_WORK/here.csv"
	makes many.bundle
	as away
	takes "$FG_WORK/many.bundle"
	want_line '^imported: people 20000: ' "$OUT"
	want farmgatectl inventory export >"$FG_WORK/there.csv"
	want cmp "$FG_WORK/here.csv" "$FG_WORK/there.csv"
}

setup_gate
sessions_pam
bundle_conf "" | fg_conf
fg_pam gate
want_daemon
fg_sshd_start

run "a secret key stays one" keys_are_secret
bundle_conf "$(farmgatectl bundle public "$KEY")" | fg_conf
want farmgatectl reload >/dev/null
run "nothing is signed without people" nothing_is_signed_without_people
run "a bundle has the people, the revocations and a signature" the_hub_signs
run "another host takes it as a whole" another_host_takes_it
run "an older one is refused, also when the store was lost" \
    only_newer_ones_are_taken
run "what is revoked and imported on the host itself is its own" \
    what_is_ones_own_stays
run "what was changed on its way is refused" what_was_changed_is_refused
run "only keys that are named are believed" \
    only_keys_that_are_named_are_believed
run "what the hub gives back on purpose comes back" \
    what_is_given_back_on_purpose_comes_back
run "its silence gives nobody's access back" silence_gives_nobody_back
run "a new hub gives back what it has not taken" a_new_hub_gives_back
run "an end that was put off is no silence" \
    an_end_that_is_put_off_is_no_silence
run "a hub whose store was lost signs nothing" a_lost_store_signs_nothing
run "an old one is stale, and a failure with an action" old_ones_are_stale
run "a bundle is forgotten on purpose only" forgetting_is_on_purpose
run "what is not there is not forgotten" what_is_not_there_is_not_forgotten
run "open sessions of whom it keeps out are listed and ended" \
    sessions_are_ended
run "whom it revokes is said, with what is left of them" \
    whom_it_revokes_is_said
run "twenty thousand people arrive as they were" many_people_are_carried
finish
