#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Enrolling a laptop at a jump host, both played by this machine: its key, the
# line that it is enrolled by, what an administrator is shown, and the end of it.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/lib/plugged.sh"
. "$FG_TOP/tests/lib/laptop.sh"

KEY=/etc/farmgate/device.key
HOST_KEY=/var/lib/farmgate/host.key
CODE=		# the laptop's line
DAY=86400

# [LINE...]
enrol_conf()
{
	{
		printf '%s\n' "$@"
		setup_conf
	} | fg_conf
	want farmgatectl reload >/dev/null
}

# A laptop with another key than before, and its line.
new_laptop()
{
	rm -f "$KEY"
	want farmgatectl enrol init >/dev/null
	CODE=$(farmgatectl enrol request "$@" 2>/dev/null)
}

public_key()
{
	farmgatectl enrol init 2>/dev/null | sed -n 's/.* is \(ed25519:.*\)/\1/p'
}

# FILTER: of each enrolment, as a list of lines.
listed()
{
	farmgatectl device list --json | jq -r "$1"
}

# ANSWER ARGUMENT...: somebody types it at a terminal.
typed()
{
	local answer=$1

	shift
	python3 "$FG_TOP/tests/lib/type.py" "Enrol it? [y/N] " "$answer" -- \
	    farmgatectl enrol add "$@" >"$OUT" 2>&1
}

# LINE...: the inventory of assets, whatever it was before.
assets()
{
	printf '%s\n' "$@" >"$FG_WORK/assets.csv"
	want farmgatectl inventory import --restore "$FG_WORK/assets.csv" >/dev/null
}

nobody_is_enrolled()
{
	want_eq none "$(farmgatectl device list)"
}

# ---- the laptop's key -------------------------------------------------------

init_makes_it()
{
	says 0 enrol init
	want_line "^made $KEY, whose public key is ed25519:[A-Za-z0-9+/]{43}=\$" \
	    "$OUT"
	want_line '^next, .*systemctl restart farmgate-policyd.service$' "$OUT"
	want_line 'farmgatectl enrol request' "$OUT"
	want_eq "600 root root 76" "$(stat -c '%a %U %G %s' "$KEY")"
	want_line '^farmgate-device-secret ed25519:[A-Za-z0-9+/]{43}=$' "$KEY"
	want_eq "" "$(find /etc/farmgate -name 'device.key?*')"
}

init_keeps_what_is_there()
{
	local before

	before=$(cat "$KEY")
	says 2 enrol init
	want_line "$KEY is there, .*--replace makes another one\$" "$OUT"
	want_eq "$before" "$(cat "$KEY")"
	want_eq "" "$(find /etc/farmgate -name 'device.key?*')"
	says 2 enrol init --replace
	want_line 'this is no terminal to ask on; give --yes$' "$OUT"
	want_line 'refuse the user of this laptop; with' "$OUT"
	want_line '^farmgatectl enrol add --now there it counts at once' "$OUT"
	want_rc 1 python3 "$FG_TOP/tests/lib/type.py" \
	    "Make another one? [y/N] " n -- farmgatectl enrol init --replace \
	    >"$OUT" 2>&1
	want_line 'nothing was made' "$OUT"
	want_eq "$before" "$(cat "$KEY")"
	says 0 enrol init --replace --yes
	want_line 'have it enrolled anew' "$OUT"
	want_not test "$before" = "$(cat "$KEY")"
	want_eq "600 root root 76" "$(stat -c '%a %U %G %s' "$KEY")"
}

# Neither through a link nor where others could put another one.
init_is_careful()
{
	local before

	before=$(cat "$KEY")
	mv "$KEY" "$FG_WORK/kept"
	ln -s "$FG_WORK/elsewhere" "$KEY"
	says 2 enrol init
	want_not test -e "$FG_WORK/elsewhere"
	rm "$KEY"
	chmod 0777 /etc/farmgate
	says 2 enrol init
	want_not test -e "$KEY"
	want_eq "" "$(find /etc/farmgate -name 'device.key*')"
	chmod 0755 /etc/farmgate
	mv "$FG_WORK/kept" "$KEY"
	want_eq "$before" "$(cat "$KEY")"
}

it_is_root_alone()
{
	want_rc 2 by carol farmgatectl enrol init >"$OUT" 2>&1
	want_line "root's alone; use sudo" "$OUT"
	want_rc 2 by carol farmgatectl enrol request >"$OUT" 2>&1
	want_line "root's alone; use sudo" "$OUT"
	want_rc 1 by carol cat "$KEY" >"$OUT" 2>&1
}

# ---- its line ---------------------------------------------------------------

request_is_one_line()
{
	says 0 enrol request
	want_line 'warning: the daemon .*: systemctl restart' "$OUT"
	want fg_restart
	farmgatectl enrol request >"$OUT" 2>"$FG_WORK/err"
	want_eq 0 $?
	want_eq 1 "$(wc -l <"$OUT")"
	want_line '^farmgate-device-v1\.[A-Za-z0-9_-]+$' "$OUT"
	want_eq "" "$(cat "$FG_WORK/err")"
	want_eq "$(cat "$OUT")" "$(farmgatectl enrol request)"
	# it has no serial number, and no secret
	base64 -d <<<"$(sed 's/.*\.//; y,_-,/+,' "$OUT")===" 2>/dev/null \
	    >"$FG_WORK/bytes"
	want grep -qa LT-0042 "$FG_WORK/bytes"
	want_not grep -qaE "$SERIAL|$DISK" "$FG_WORK/bytes"
	want_not grep -qF "$(sed 's/.*://' "$KEY" | base64 -d | od -An -v -tx1 -N 16 |
	    tr -d ' \n')" \
	    <(od -An -v -tx1 "$FG_WORK/bytes" | tr -d ' \n')
}

request_needs_its_key()
{
	local mode

	for mode in 0640 0604 0666; do
		chmod "$mode" "$KEY"
		says 2 enrol request
		no_line '^farmgate-device' "$OUT"
	done
	chmod 0600 "$KEY"
	mv "$KEY" "$FG_WORK/kept"
	says 2 enrol request
	want_line 'there is no device key; make one with farmgatectl enrol init' \
	    "$OUT"
	echo "farmgate-bundle-secret $(cut -d' ' -f2 "$FG_WORK/kept")" >"$KEY"
	chmod 0600 "$KEY"
	says 2 enrol request
	want_line 'this is no device key' "$OUT"
	mv "$FG_WORK/kept" "$KEY"
	says 0 enrol request
}

# Where nothing says it, whoever enrols the laptop does.
request_names_the_asset()
{
	enrol_conf
	says 0 enrol request
	want_line '^farmgatectl: warning: there is no asset in ' "$OUT"
	want_rc 2 farmgatectl enrol add "$(grep ^farmgate-device "$OUT")" \
	    --yes >"$FG_WORK/err" 2>&1
	want_line 'says no tag of its own.*--asset$' "$FG_WORK/err"
	says 2 enrol request --asset 'LT 42'
	want_line 'LT 42 is no tag of an asset' "$OUT"
	says 0 enrol request --asset LT-0042
	enrol_conf 'asset = "LT-0042"'
	want_eq "$(cat "$OUT")" "$(farmgatectl enrol request)"
	nobody_is_enrolled
}

# ---- the jump host's key ----------------------------------------------------

host_key_is_made_when_it_is_asked_for()
{
	want_not test -e "$HOST_KEY"
	want_rc 2 by alice farmgatectl enrol host >/dev/null 2>&1
	want_not test -e "$HOST_KEY"
	farmgatectl enrol host --name jump.example.org --name 10.0.0.5 \
	    >"$OUT" 2>/dev/null
	want_eq '# This goes into /etc/farmgate/farmgate.conf of each laptop; names are what
# people there type behind ssh.
jumphost jump {
	names = {"jump.example.org", "10.0.0.5"}
	key = "KEY"
}' "$(sed -E 's,x25519:[A-Za-z0-9+/]{43}=,KEY,' "$OUT")"
	want_eq "600 farmgate" "$(stat -c '%a %U' "$HOST_KEY")"
	want_eq "host $(grep -o 'x25519:[^"]*' "$OUT")" \
	    "$(fg_last_of enrolment '.action + " " + .key')"
	want_not test -e "$HOST_KEY.new"
}

it_stays_the_same()
{
	cp "$OUT" "$FG_WORK/section"
	farmgatectl enrol host --name jump.example.org --name 10.0.0.5 \
	    >"$OUT" 2>/dev/null
	want cmp "$OUT" "$FG_WORK/section"
	want fg_restart
	want_eq "$(grep -o 'x25519:[^"]*' "$OUT")" \
	    "$(farmgatectl enrol host --json | jq -r .key)"
	want_eq 1 "$(fg_events enrolment)"
}

# By the short one and by all of it, where it has more.
its_own_names_are_both()
{
	local name=Gate-One.Example.org

	want unshare --uts bash -c 'hostname "$1"; exec farmgatectl enrol host' \
	    - "$name" >"$OUT"
	want_line '^jumphost gate-one \{$' "$OUT"
	want_line '^	names = \{"gate-one", "gate-one\.example\.org"\}$' "$OUT"
	echo "192.0.2.7 gate-two.example.org gate-two" >>/etc/hosts
	want unshare --uts bash -c 'hostname gate-two; exec farmgatectl enrol host' \
	    >"$OUT"
	want_line '^	names = \{"gate-two", "gate-two\.example\.org"\}$' "$OUT"
}

laptops_take_the_section()
{
	{
		cat "$FG_WORK/section"
		setup_conf
	} >"$FG_WORK/laptop.conf"
	says 0 check "$FG_WORK/laptop.conf"
	farmgatectl enrol host --name 10.0.0.5 2>/dev/null |
	    want grep -q '^jumphost jumphost {$'
	says 0 enrol host --name 10.0.0.5 --name JUMP.Example.org. \
	    --name jump.example.org
	want_line '^jumphost jump \{$' "$OUT"
	want_line '^	names = \{"10\.0\.0\.5", "jump\.example\.org"\}$' "$OUT"
	says 2 enrol host --name jump:22
	says 2 enrol host --name 'a" b'
	want_line "is no host's name" "$OUT"
}

# ---- without an inventory ---------------------------------------------------

somebody_says_yes()
{
	CODE=$(farmgatectl enrol request)
	says 2 enrol add "$CODE"
	want_line 'this is no terminal to ask on; give --yes' "$OUT"
	want_rc 1 typed n "$CODE"
	want_line 'nothing was enrolled' "$OUT"
	nobody_is_enrolled
	want_eq 1 "$(fg_events enrolment)"
	want typed y "$CODE"
	want_line '^asset +LT-0042, without an inventory of assets' "$OUT"
	want_line '^hardware +not compared' "$OUT"
	want_line '^enrolled: LT-0042' "$OUT"
	want_eq "LT-0042 enrolled 1 false" \
	    "$(listed '"\(.asset) \(.state) \(.machines) \(.clone)"')"
	want_eq "add LT-0042 nothing false" "$(fg_last_of enrolment \
	    '"\(.action) \(.asset) \(.grade) \(.before)"')"
	want_eq "$(listed .key)" "$(fg_last_of enrolment .key)"
	says 0 device list
	want_line '^LT-0042 +enrolled +ed25519:' "$OUT"
	want_line ' by root, not seen yet$' "$OUT"
	says 0 status
	want_line '^laptops +1 enrolled, 0 pending, 0 revoked$' "$OUT"
}

once_and_no_more()
{
	says 2 enrol add "$CODE" --yes
	want_line 'this key is enrolled already, as that of LT-0042' "$OUT"
	says 2 enrol add "$CODE" --yes --asset LT-0043
	want_line 'this key is enrolled already, as that of LT-0042' "$OUT"
	want_eq 1 "$(listed .key | wc -l)"
}

# One character at a time, each another one.
every_change_is_refused()
{
	local i c records

	new_laptop
	records=$(fg_events enrolment)
	for ((i = 0; i < ${#CODE}; i++)); do
		c=A
		[ "${CODE:i:1}" != A ] || c=B
		! farmgatectl enrol add --yes "${CODE:0:i}$c${CODE:i+1}" \
		    >"$OUT" 2>&1 || want_eq refused "${CODE:0:i}$c"
	done
	for i in 1 2 3 4 20 100; do
		says 2 enrol add --yes "${CODE:0:${#CODE}-i}"
	done
	says 2 enrol add --yes "${CODE}A"
	says 2 enrol add --yes "farmgate-device-v2.${CODE#*.}"
	want_line 'another version of Farmgate' "$OUT"
	want_eq "$records" "$(fg_events enrolment)"
	want_eq 1 "$(listed .key | wc -l)"
}

it_comes_by_a_file()
{
	says 2 enrol add "$FG_WORK/none"
	want_line 'No such file' "$OUT"
	printf '\n  %s \r\n' "$CODE" >"$FG_WORK/line"
	says 0 enrol add --yes --asset LT-0050 "$FG_WORK/line"
	want_line '^the laptop says that it is LT-0042$' "$OUT"
	want_eq "LT-0042 LT-0050" "$(listed .asset | paste -sd' ')"
	says 0 device remove LT-0050
	printf 'hello\n' | want_rc 2 farmgatectl enrol add --yes - \
	    >"$OUT" 2>&1
	want_line 'standard input has no line of' "$OUT"
	: >"$FG_WORK/line"
	says 2 enrol add --yes "$FG_WORK/line"
	want_line 'has no line' "$OUT"
}

# As a mail brings it, and a terminal breaks it.
what_was_copied_is_put_together()
{
	local n=${#CODE}

	{
		printf '\xef\xbb\xbfHello,\r\n\r\n> root@laptop:~# enrol\r\n'
		printf '> > code:%s\r\n' "${CODE:0:60}"
		printf '> > %s %s\r\n>%s\r\n' "${CODE:60:40}" "${CODE:100:1}" \
		    "${CODE:101}"
		printf -- '-- \r\nAlice\r\n'
	} >"$FG_WORK/line"
	says 0 enrol add --yes --asset LT-0050 "$FG_WORK/line"
	says 0 device remove LT-0050
	says 0 enrol add --yes --asset LT-0050 \
	    "the line: ${CODE:0:50}"$'\n'"${CODE:50}"
	says 0 device remove LT-0050
	says 2 enrol add --yes "${CODE:0:n - 5}"
	want_line "it has $((n - 5)) of $n characters" "$OUT"
	says 2 enrol add --yes "$(listed .key)"
	want_line 'that is a public key; the whole line of farmgatectl enrol request is needed$' \
	    "$OUT"
	listed .key >"$FG_WORK/line"
	says 2 enrol add --yes "$FG_WORK/line"
	want_line 'that is a public key;' "$OUT"
	want_eq LT-0042 "$(listed .asset | paste -sd' ')"
}

# ---- made anew --------------------------------------------------------------

a_new_key_waits()
{
	local from made

	says 0 enrol add --yes "$CODE"
	want_line '^hardware +the same machine, beside what it was enrolled' \
	    "$OUT"
	want_line '^before +it was enrolled by ed25519:' "$OUT"
	want_line '^enrolled: LT-0042, from ' "$OUT"
	want_eq "pending enrolled" "$(listed .state | paste -sd' ')"
	from=$(listed 'select(.state == "pending").from')
	made=$(listed 'select(.state == "pending").made')
	want_eq $((3 * DAY)) $((from - made))
	want_eq "$from" "$(listed 'select(.state == "enrolled").replaced')"
	want_eq "true $from" "$(fg_last_of enrolment '"\(.before) \(.from)"')"
	want fg_restart
	want_eq "pending enrolled" "$(listed .state | paste -sd' ')"
	says 2 enrol add --yes --now "$CODE"
	want_line 'and waits; .* device remove ed25519:[^ ]+ and add it with --now$' \
	    "$OUT"
}

or_counts_at_once()
{
	new_laptop
	says 0 enrol add --yes --now "$CODE"
	want_line 'takes its place at once' "$OUT"
	want_line '^enrolled: LT-0042$' "$OUT"
	want_eq "enrolled replaced replaced" "$(listed .state | paste -sd' ')"
}

# ---- with an inventory ------------------------------------------------------

HEAD=asset_tag,user,serial,uuid,board_serial,disk_serials,macs,status
OURS="$SERIAL,2c4f9e4c-3a51-11b2-a85c-8d1f2e3b4c5d,L1HF16B00XY,$DISK"
OTHER="PF0OTHER,7d444840-9dc0-11d1-b245-5ffdce74fad2,L1OTHER,S0OTHER"

an_asset_is_in_the_inventory()
{
	new_laptop
	assets "$HEAD" "LT-0001,alice,$OURS,8c:16:45:0a:1b:2c,issued"
	says 2 enrol add --yes "$CODE"
	want_line 'LT-0042 is not in the inventory of assets; import it' "$OUT"
	says 0 enrol add --yes --asset LT-0001 "$CODE"
	want_line '^asset +LT-0001, issued to alice$' "$OUT"
	want_line '^the laptop says that it is LT-0042$' "$OUT"
	want_line '^hardware +the same machine, beside the inventory: 0 %' \
	    "$OUT"
	want_line '^  serial +agree$' "$OUT"
	want_eq "same inventory 0 LT-0042 alice" "$(fg_last_of enrolment \
	    '"\(.grade) \(.against) \(.percent) \(.claimed) \(.users[0])"')"
	want_eq alice "$(listed 'select(.asset == "LT-0001").users[0]')"
}

serial_numbers_are_in_no_record()
{
	local number

	for number in "$SERIAL" "$DISK" L1HF16B00XY 2c4f9e4c; do
		no_line "$number" <(grep '"enrolment"' "$FG_AUDIT")
		want_eq "" "$(grep -la "$number" "$OUT")"
	done
}

another_machine_is_somebodys_to_say()
{
	new_laptop
	assets "$HEAD" "LT-0042,bob,$OTHER,00:00:5e:00:53:99,issued"
	says 2 enrol add --yes "$CODE"
	want_line '^hardware +ANOTHER MACHINE' "$OUT"
	want_line '^  board +differ$' "$OUT"
	want_line '--yes is not enough for' "$OUT"
	want_eq "" "$(listed 'select(.state == "pending").key')"
	want typed y "$CODE"
	want_line '^enrolled: LT-0042, from ' "$OUT"
	want_eq strong "$(fg_last_of enrolment .grade)"
	says 0 device remove LT-0042
}

# Nothing differs, and nothing of what is known is there.
what_is_not_shown_is_told()
{
	new_laptop
	assets asset_tag,user,chassis_serial LT-0043,bob,PF0CHASSIS
	says 0 enrol add --yes --asset LT-0043 "$CODE"
	want_line '^hardware +DOES NOT SHOW what is known of it, beside the inve' \
	    "$OUT"
	want_line '^  chassis +absent$' "$OUT"
	want_eq weak "$(fg_last_of enrolment .grade)"
	says 0 device remove --yes LT-0043
}

who_is_lost_is_not_enrolled()
{
	local status

	for status in lost retired; do
		assets "$HEAD" "LT-0042,bob,$OURS,,$status"
		says 2 enrol add --yes "$CODE"
		want_line "LT-0042 is $status by the inventory" "$OUT"
	done
	assets "$HEAD,device_key" \
	    "LT-0042,bob,$OURS,,issued,ed25519:3p+fAfrP+iYuFndJIk11HLH55beItPDNmWpPemBqGiQ="
	says 2 enrol add --yes "$CODE"
	want_line 'has another device_key for LT-0042' "$OUT"
	assets "$HEAD" "LT-0042,bob,$OURS,,issued"
	want_eq "" "$(listed 'select(.asset == "LT-0042").key')"
	says 0 enrol add --yes "$CODE"
}

# Before a login tells it.
another_key_in_the_inventory_is_told()
{
	local other=ed25519:3p+fAfrP+iYuFndJIk11HLH55beItPDNmWpPemBqGiQ=
	local key

	says 0 inventory check
	want_line '^none$' "$OUT"
	key=$(listed 'select(.asset == "LT-0042" and .state == "enrolled").key')
	printf '%s\n' "$HEAD,device_key" "LT-0042,bob,$OURS,,issued,$other" \
	    "LT-0043,bob,${OURS//[!,]},,issued,ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" \
	    >"$FG_WORK/assets.csv"
	says 0 inventory import "$FG_WORK/assets.csv"
	want grep -qF "csv:2: warning: device_key: the key that is enrolled for\
 LT-0042 is another one, $key: " "$OUT"
	no_line 'csv:3: warning: device_key' "$OUT"
	says 0 inventory check
	want_line '^LT-0042: enrolled with another key than the inventory has' \
	    "$OUT"
	want grep -qF "  device_key  $other" "$OUT"
	want grep -qF "  enrolled    $key" "$OUT"
	no_line LT-0043 "$OUT"
	says 0 inventory check --json
	want_eq "LT-0042 $other $key" "$(jq -r \
	    '"\(.asset) \(.device_key) \(.enrolled_key)"' "$OUT")"
	assets "$HEAD,device_key" "LT-0042,bob,$OURS,,issued,$key"
	says 0 inventory check
	want_line '^none$' "$OUT"
	assets "$HEAD" "LT-0042,bob,$OURS,,issued"
}

# ---- the end of one ---------------------------------------------------------

a_stolen_one_is_revoked()
{
	says 2 device revoke LT-0042
	want_line 'reason is needed' "$OUT"
	says 1 device revoke --reason stolen LT-9999
	want_line 'LT-9999 is no key that is enrolled and not revoked' "$OUT"
	new_laptop
	says 0 enrol add --yes --now "$CODE"
	says 0 device revoke --reason 'stolen at the airport' LT-0042
	want_eq 2 "$(grep -c '^revoked: LT-0042 ed25519:' "$OUT")"
	want_line '^mark LT-0042 lost in the inventory as well$' "$OUT"
	no_line 'stay open' "$OUT"
	farmgatectl status >"$OUT" 2>&1
	want_line '^laptops +1 enrolled, 0 pending, 2 revoked$' "$OUT"
	want_eq "revoked revoked" "$(listed \
	    'select(.asset == "LT-0042").state' | paste -sd' ')"
	want_eq "revoke LT-0042 stolen at the airport" "$(fg_last_of enrolment \
	    '"\(.action) \(.asset) \(.reason)"')"
	want_eq enrolled "$(listed 'select(.asset == "LT-0001").state')"
	says 1 device revoke --reason again LT-0042
}

it_never_comes_back()
{
	says 2 enrol add --yes --now "$CODE"
	want_line 'this key was revoked, as that of LT-0042, and is never' \
	    "$OUT"
	want fg_restart
	says 2 enrol add --yes --now "$CODE"
	want_eq "revoked revoked" "$(listed \
	    'select(.asset == "LT-0042").state' | paste -sd' ')"
	new_laptop
	says 0 enrol add --yes "$CODE"
	want_line ', from ' "$OUT"	# after what there was
}

# Who forgets that it was revoked has to say so.
a_revoked_one_is_not_forgotten_by_the_way()
{
	says 2 device remove LT-0042
	want_line '^LT-0042 ed25519:.* was revoked .*: stolen at the airport$' \
	    "$OUT"
	want_line 'can have it enrolled again' "$OUT"
	want_line 'nothing was removed: this is no terminal to ask on; give --yes' \
	    "$OUT"
	want_rc 1 python3 "$FG_TOP/tests/lib/type.py" \
	    "Forget it all the same? [y/N] " n -- \
	    farmgatectl device remove LT-0042 >"$OUT" 2>&1
	says 2 device remove --json LT-0042
	want_line 'nothing was removed: .*; give --yes' "$OUT"
	want_eq 2 "$(listed 'select(.state == "revoked").key' | wc -l)"
}

one_is_removed()
{
	local key

	key=$(listed 'select(.asset == "LT-0001").key')
	says 0 device remove "$key"
	want_eq "removed: LT-0001 $key" "$(cat "$OUT")"
	want_eq "remove LT-0001 $key" "$(fg_last_of enrolment \
	    '"\(.action) \(.asset) \(.key)"')"
	says 1 device remove "$key"
	want_eq "" "$(listed 'select(.asset == "LT-0001").key')"
}

who_may()
{
	local records

	records=$(fg_events enrolment)
	want_rc 2 by alice farmgatectl device list >"$OUT" 2>&1
	want_line farmgate-admin "$OUT"
	want_rc 2 by alice farmgatectl enrol add --yes "$CODE" >"$OUT" 2>&1
	want_rc 2 by alice farmgatectl device revoke --reason x LT-0042 \
	    >"$OUT" 2>&1
	want_rc 2 by alice farmgatectl device remove LT-0042 >"$OUT" 2>&1
	want_eq "$records" "$(fg_events enrolment)"
	want_rc 0 by carol farmgatectl device list >"$OUT" 2>&1
	want_line LT-0042 "$OUT"
	want_rc 0 by carol farmgatectl device remove --yes LT-0042 >"$OUT" 2>&1
	want_eq "$(id -u carol)" "$(fg_last_of enrolment .by.uid)"
	nobody_is_enrolled
}

# ---- what goes wrong --------------------------------------------------------

# Nobody is let in whom no record names.
without_its_record_nothing_is_done()
{
	local folder=${FG_AUDIT%/*}

	mkdir -p "$FG_WORK/read-only"
	mount -t tmpfs -o mode=0755 tmpfs "$FG_WORK/read-only"
	chown farmgate:adm "$FG_WORK/read-only"
	mount -o remount,ro "$FG_WORK/read-only"
	mount --move "$FG_WORK/read-only" "$folder"
	sleep 1.1	# until it looks again
	says 2 enrol add --yes --now "$CODE"
	want_line 'audit log cannot be written, so nothing was changed' "$OUT"
	umount "$folder"
	want fg_until 3 gate sshd alice 127.0.0.2
	nobody_is_enrolled
	says 0 enrol add --yes --now "$CODE"
}

a_host_key_that_is_damaged_is_said()
{
	cp -p "$HOST_KEY" "$FG_WORK/host.kept"
	sed -i 's/x25519:./x25519:*/' "$HOST_KEY"
	chown farmgate "$HOST_KEY"
	want fg_restart
	says 1 status
	want_line '^DEGRADED +laptops cannot be asked: .*host.key is no jump' \
	    "$OUT"
	says 2 enrol host
	want_line 'put it back from a backup' "$OUT"
	want_not cmp -s "$HOST_KEY" "$FG_WORK/host.kept"
	chmod 0640 "$HOST_KEY"
	want fg_restart
	says 2 enrol host
	want_line 'can be used by others than the daemon' "$OUT"
	cp -p "$FG_WORK/host.kept" "$HOST_KEY"
	want fg_restart
	want_eq "$(grep -o 'x25519:[^"]*' "$FG_WORK/section")" \
	    "$(farmgatectl enrol host --json | jq -r .key)"
}

# Who was enrolled is nobody then, and it is said.
a_store_that_was_lost_is_missed()
{
	says 0 enrol request
	fg_stop
	dd if=/dev/urandom of=/var/lib/farmgate/farmgate.db bs=4096 count=4 \
	    conv=notrunc 2>/dev/null
	want fg_start
	says 1 status
	want_line '^DEGRADED +the store: .*enrol the laptops' "$OUT"
	nobody_is_enrolled
	want fg_restart
	says 1 status
	want_line '^DEGRADED +the store: .*was known of assets is lost' "$OUT"
	says 2 enrol add --yes --now "$CODE"
	want_line 'what was known of assets is lost' "$OUT"
	assets "$HEAD" "LT-0042,bob,$OURS,,issued"
	says 1 status
	want_line '^DEGRADED +the store: .*known of enrolled laptops is lost' \
	    "$OUT"
	says 0 enrol add --yes --now "$CODE"
	says 0 status
	want_eq enrolled "$(listed .state)"
}

a_host_key_that_is_missing_is_missed()
{
	mv "$HOST_KEY" "$FG_WORK/host.kept"
	want fg_restart
	says 1 status
	want_line '^DEGRADED +laptops cannot be asked: .*host.key is missing' \
	    "$OUT"
	mv "$FG_WORK/host.kept" "$HOST_KEY"
	want fg_restart
	says 0 status
	rm "$HOST_KEY"
	want fg_restart
	says 1 status
	says 0 enrol host
	says 0 status
}

# Whoever knows that there are none left says so.
that_none_is_left_is_accepted()
{
	fg_stop
	rm /var/lib/farmgate/farmgate.db*
	want fg_start
	says 1 status
	want_line '^DEGRADED' "$OUT"
	says 0 inventory accept
	says 0 status
	nobody_is_enrolled
}

plugged_begin
be_laptop
setup_gate
{ echo 'asset = "LT-0042"'; setup_conf; } | fg_conf
want_daemon

run "a laptop's key is made for root alone" init_makes_it
run "one that is there stays, unless it is to be replaced" \
    init_keeps_what_is_there
run "it is made in a safe place, and through no link" init_is_careful
run "nobody but root makes it or uses it" it_is_root_alone
run "a laptop says in one line what it is" request_is_one_line
run "no line is made without a key that is safe" request_needs_its_key
run "the line names the asset, if anything does" request_names_the_asset
run "a jump host's key is made when it is asked for" \
    host_key_is_made_when_it_is_asked_for
run "it stays the same from then on" it_stays_the_same
run "without a name it is known by its own" its_own_names_are_both
run "laptops take the section that it is told by" laptops_take_the_section
run "somebody says yes at a terminal" somebody_says_yes
run "a key is enrolled once" once_and_no_more
run "every change of the line is refused" every_change_is_refused
run "the line comes by a file, or another asset's name" it_comes_by_a_file
run "what was copied badly is put together, or what is missing is said" \
    what_was_copied_is_put_together
run "a laptop that is made anew waits for three days" a_new_key_waits
run "or it counts at once, if somebody says so" or_counts_at_once
run "an asset has to be in the inventory, where there is one" \
    an_asset_is_in_the_inventory
run "serial numbers are in no record of it" serial_numbers_are_in_no_record
run "another machine's hardware is no script's to say yes to" \
    another_machine_is_somebodys_to_say
run "a laptop that does not show what is known of it is told of" \
    what_is_not_shown_is_told
run "an asset that is lost, or has another key, is not enrolled" \
    who_is_lost_is_not_enrolled
run "another key in the inventory than the enrolled one is told" \
    another_key_in_the_inventory_is_told
run "a stolen laptop is revoked with all its keys" a_stolen_one_is_revoked
run "a revoked key is never enrolled again" it_never_comes_back
run "a revocation is not forgotten by the way" \
    a_revoked_one_is_not_forgotten_by_the_way
run "an enrolment is removed" one_is_removed
run "only administrators may" who_may
run "without its record nobody is enrolled" without_its_record_nothing_is_done
run "a jump host's key that is damaged is said, and stays" \
    a_host_key_that_is_damaged_is_said
run "enrolments that were lost are missed" a_store_that_was_lost_is_missed
run "a jump host's key that is missing is missed" \
    a_host_key_that_is_missing_is_missed
run "that no laptop is left is accepted" that_none_is_left_is_accepted
finish
