#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The inventory of assets, from files to the store and out of it: what is taken
# for one, what is wrong in it, what it changes and whom it would refuse. Memory
# does not grow with the file; with LONG=1 that is a million assets.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/approvals.sh"

CSV=$FG_WORK/assets.csv
FIXTURES=$FG_TOP/tests/fixtures/assets
STATE=/var/lib/farmgate

assets()
{
	cat <<-'EOF'
	asset_tag,user,model,status,serial,macs,ssh_keys,shipped_to
	LT-1,alice,Latitude,,7EXMPL1,00:00:5e:00:53:01,alice-laptop,"1 Example Street, Springfield, US"
	LT-2,bob,ThinkPad,,PF-EXMP2,,,"1 EXAMPLE Street, Springfield, US"
	LT-3,carol,ThinkPad,stock,PF-EXMP3,,,
	EOF
}

people()
{
	printf 'user,name,accounts\n'
	printf '%s\n' 'alice,Alice,' 'bob,Bob,' 'carol,Carol,' \
	    'd.example,Dave,dave'
}

# STATUS ARGUMENT...: of $CSV; what is said is in $OUT.
import()
{
	local status=$1

	shift
	says "$status" inventory import "$@" "$CSV"
}

# The assets, and nothing else.
import_all()
{
	assets >"$CSV"
	farmgatectl inventory import "$CSV" >/dev/null 2>&1
}

exported()
{
	farmgatectl inventory export --assets
}

generation()
{
	fg_status .assets.generation
}

# ---- what it is of ----------------------------------------------------------

nothing_is_there_before()
{
	want_eq 0 "$(fg_status .assets.assets)"
	want_eq null "$(fg_status .assets.since)"
	says 0 status
	want_line '^assets +no inventory$' "$OUT"
	for command in 'export --assets' 'export --assets --json' \
	    'asset LT-1' check 'check --json'; do
		# shellcheck disable=SC2086 # words
		says 1 inventory $command
		want_eq 'farmgatectl: there is no inventory of assets: farmgat'\
'ectl inventory import' "$(cat "$OUT")"
	done
	# of a person it is no complaint
	says 0 person alice --from 127.0.0.2
	no_line 'no inventory of assets' "$OUT"
}

dry_run_changes_nothing()
{
	local n

	n=$(fg_events assets)
	assets >"$CSV"
	import 0 --dry-run
	want_line '^added +LT-1$' "$OUT"
	want_line '^dry run, nothing is changed: assets 3: 3 added, 0 changed' \
	    "$OUT"
	want_eq 0 "$(fg_status .assets.assets)"
	want_eq "$n" "$(fg_events assets)"
}

import_is_in_force_and_on_record()
{
	assets >"$CSV"
	import 0
	want_line '^imported: assets 3: 3 added, 0 changed, 0 removed, sha256' \
	    "$OUT"
	want_eq 3 "$(fg_status .assets.assets)"
	want test "$(fg_status .assets.since)" -gt 1700000000
	says 0 status
	want_line '^assets +3, imported 20' "$OUT"
	want_eq 'import true 3 3 0 0 0' "$(fg_last_of assets '"\(.action) \(.ok)
\(.assets) \(.added) \(.changed) \(.removed) \(.errors)"' | xargs)"
	want_eq 0 "$(fg_last_of assets .by.uid)"
	want_eq "$(sha256sum <"$CSV" | cut -d' ' -f1)" \
	    "$(fg_last_of assets .sha256)"
	want_eq "$(stat -c %s "$CSV")" "$(fg_last_of assets .bytes)"
	want_eq "$CSV" "$(fg_last_of assets .file)"
	want_eq 0 "$(find $STATE -name 'import*' | wc -l)"
}

# By the line of the columns alone, whatever a spreadsheet puts in front.
an_asset_tag_tells_it_from_people()
{
	local before

	before=$(exported)
	{ printf '\357\273\277sep=;\r\n'; assets | tr , ';' | sed 's/"//g; s/$/\r/;
	    s/; Spring/, Spring/; s/; US/, US/'; } >"$CSV"
	import 0 --dry-run
	want_line 'assets 3: 0 added, 0 changed, 0 removed' "$OUT"
	{ printf '\n\nASSET_TAG\tUser\nLT-9\talice\n'; } >"$CSV"
	import 0 --dry-run
	want_line '^added +LT-9$' "$OUT"
	printf 'Asset-Tag,User\nLT-9,alice\n' >"$CSV"
	import 0 --dry-run
	want_line '^added +LT-9$' "$OUT"
	printf 'Tag,user\nLT-9,alice\n' >"$CSV"
	import 0 --dry-run --map Tag=asset_tag
	want_line '^added +LT-9$' "$OUT"
	# what stands below is no name of a column
	printf 'user,name\nalice,asset_tag\nasset_tag,Bob\n' >"$CSV"
	import 0 --dry-run
	want_line 'people 2: ' "$OUT"
	# one whose tags are to be left out is none
	printf 'asset_tag,user\nLT-9,alice\n' >"$CSV"
	import 0 --dry-run --map asset_tag=
	want_line 'people 1: ' "$OUT"
	want_eq "$before" "$(exported)"
}

standard_input_does_as_well()
{
	assets | cat | want farmgatectl inventory import - >"$OUT"
	want_line 'assets 3: 0 added' "$OUT"
	# from where it is
	{ echo "a line before"; assets; } >"$CSV"
	{ read -r _; farmgatectl inventory import --json - >"$OUT"; } <"$CSV"
	want_eq 3 "$(jq -s 'last | .assets' "$OUT")"
	want_eq 'standard input' "$(fg_last_of assets .file)"
}

what_it_has_no_sense_for_is_refused()
{
	assets >"$CSV"
	import 2 --kill
	want_line 'a file of assets, which has no sessions to end' "$OUT"
	import 2 --map 'model=modell'
	want_line 'no field modell' "$OUT"
	says 2 inventory export --assets --csv --json
	says 2 inventory asset
	want_line 'one asset.s tag or one user is needed' "$OUT"
	says 2 inventory check LT-1
}

# ---- what it changes --------------------------------------------------------

changes_are_named_with_their_fields()
{
	{
		assets | sed '/^LT-2/d; s/Latitude,,/Precision,lost,/;
		    s/EXMPL1/EXMPL9/; s/,alice-laptop/,alice-laptop host-1/'
		echo 'LT-4,dave,,,,,,'
	} >"$CSV"
	import 0 --dry-run
	want_line '^changed  LT-1: status issued -> lost, model serial ssh_keys$' \
	    "$OUT"
	want_line '^removed  LT-2$' "$OUT"
	want_line '^added    LT-4$' "$OUT"
	want_line '3: 1 added, 1 changed, 1 removed' "$OUT"
	import 0 --dry-run --json
	want_eq 'changed model status serial ssh_keys' "$(jq -r 'select(.asset ==
	    "LT-1") | .change + " " + .fields' "$OUT")"
	want_eq '{"status":"issued"} {"status":"lost"}' "$(jq -r 'select(.asset ==
	    "LT-1") | "\(.old | tojson) \(.new | tojson)"' "$OUT")"
	want_eq '1 1 1 true true' "$(jq -rs 'last | "\(.added) \(.changed)
\(.removed) \(.dry_run) \(.ok)"' "$OUT" | xargs)"
}

# SED-EXPRESSION: the assets, changed by it.
changed()
{
	assets | sed "$1" >"$CSV"
}

what_was_lost_does_not_come_back_by_itself()
{
	local before

	changed 's/Latitude,,/Latitude,lost,/; s/,stock,/,retired,/'
	import 0
	want_line '^changed  LT-1: status issued -> lost$' "$OUT"
	before=$(exported)
	changed 's/alice,/,/'
	import 1 --dry-run
	want_line '^changed  LT-1: user alice -> nobody, status lost -> issued$' \
	    "$OUT"
	want_line '^changed  LT-3: status retired -> stock$' "$OUT"
	want_line 'csv: 2 assets are lost or retired, and would be issued or in stock again: LT-1 LT-3; keep the status, or give --restore$' \
	    "$OUT"
	import 1
	want_line 'not imported: 1 error; the inventory stays as it was' "$OUT"
	want_eq 'false 1 null' "$(fg_last_of assets \
	    '"\(.ok) \(.errors) \(.restored)"')"
	want grep -q '^2 assets are lost' <<<"$(fg_last_of assets .problem)"
	want_eq "$before" "$(exported)"
	# one that is in no line is not given back, and an other change does not
	changed '/^LT-1/d; s/,stock,/,lost,/; s/PF-EXMP3/PF-EXMP4/'
	import 0 --dry-run
	want_line '^changed  LT-3: status retired -> lost, serial$' "$OUT"
	changed 's/,stock,/,retired,/'
	import 1 --dry-run --json
	want_eq 'lost issued' "$(jq -r 'select(.asset == "LT-1") |
	    "\(.old.status) \(.new.status)"' "$OUT")"
	want_eq 'false 1' "$(jq -rs 'last | "\(.ok) \(.errors)"' "$OUT")"
	changed ''
	import 0 --restore
	want_line '^2 assets were lost or retired, and are not any more$' "$OUT"
	want_eq 'true 2 LT-1 LT-3' "$(fg_last_of assets \
	    '"\(.ok) \(.restored) \(.restored_names | join(" "))"')"
	says 0 inventory asset LT-1
	want_line '^  status +issued$' "$OUT"
}

whoever_is_forgotten_is_told_of()
{
	changed 's/alice//; s/bob//; s/carol//'
	import 0 --dry-run
	want_line '^changed  LT-2: user bob -> nobody$' "$OUT"
	# what is in stock is nobody's on purpose
	want_line 'warning: 2 assets had a user and have none now: anybody may log in with them \(device.unissued finds nothing\)$' \
	    "$OUT"
	changed 's/bob/alice carol/'
	import 0 --dry-run
	want_line '^changed  LT-2: user bob -> alice carol$' "$OUT"
	no_line 'had a user' "$OUT"
}

# Of an import itself the first ones, of a dry run all.
many_changes_are_cut_short()
{
	{ echo asset_tag; seq -f LT-1%03g 30; } >"$CSV"
	import 0 --dry-run
	want_eq 30 "$(grep -c '^added' "$OUT")"
	import 0
	want_eq 20 "$(grep -cE '^(added|changed|removed)' "$OUT")"
	want_line '^\.\.\. and 13 more$' "$OUT"
	want import_all
}

an_export_is_read_back_to_the_byte()
{
	exported >"$FG_WORK/export"
	want_eq export "$(fg_last_of assets .action)"
	cp "$FG_WORK/export" "$CSV"
	import 0
	want_line '0 added, 0 changed, 0 removed' "$OUT"
	exported | want cmp - "$FG_WORK/export"
	import 0 --dry-run
	want_line '0 added, 0 changed, 0 removed' "$OUT"
	says 0 inventory export --assets --json
	want_eq 'LT-1 LT-2 LT-3' "$(jq -r .asset_tag "$OUT" | xargs)"
	# what a spreadsheet makes of quotes, commas, semicolons and blanks
	cat >"$CSV" <<-'EOF'
	asset_tag,user,vendor,model,disk_serials,location,shipped_to
	A"1,alice bob,"Ex, Inc.","Twin ""Pro"" 14;15","S1 EXMPL A1;S2EXMPLB2","59.91,10.75","12 Example Street; ""B"", Köln, DE"
	EOF
	sed -i 's/^A"1/"A""1"/' "$CSV"
	import 0
	exported >"$FG_WORK/export"
	cp "$FG_WORK/export" "$CSV"
	import 0 --dry-run
	want_line '0 added, 0 changed, 0 removed' "$OUT"
	import 0
	exported | want cmp - "$FG_WORK/export"
	want import_all
}

other_inventories_are_mapped()
{
	cp "$FIXTURES/snipe-it.csv" "$CSV"
	import 1 --map 'Asset Tag=asset_tag'
	want_line 'column "Manufacturer" is unknown; did you mean vendor\?' "$OUT"
	import 0 --dry-run \
	    --map Manufacturer=vendor --map 'MAC Address=macs' \
	    --map Username=user --map 'Checked Out To='
	want_line 'assets 6: 6 added, 0 changed, 3 removed' "$OUT"
	want_line 'csv:5: warning: "MAC Address" \(macs\): "02:00:5e:' "$OUT"
	want_line 'csv:6: warning: Serial' "$OUT"
	cp "$FIXTURES/fleet.csv" "$CSV"
	import 0 --dry-run --map hostname=asset_tag \
	    --map hardware_vendor=vendor --map hardware_model=model \
	    --map hardware_serial=serial --map primary_mac=macs --map status=
	want_line 'assets 3: 3 added' "$OUT"
	want_line 'csv:4: warning: .*"Not Specified" .*; it is left out$' "$OUT"
}

# ---- what is wrong ----------------------------------------------------------

wrong_lines_refuse_all()
{
	local before

	before=$(generation)
	{
		assets
		echo 'LT-4,dave,,perhaps,,,,'
		echo 'LT-5,dave,,,,,,'
		echo 'LT-1,dave,,,,,,'
		echo 'LT 6,dave,,,,,,'
		echo '=LT-7,dave,,,,,,'
		echo 'LT-8,dave,,,,00:11,,'
		echo 'LT-9,dave,,'
	} >"$CSV"
	import 1
	want_line 'assets\.csv:5: status: "perhaps" is no status; write' "$OUT"
	no_line 'assets\.csv:6: ' "$OUT"
	want_line 'assets\.csv:7: LT-1 is in the file already, in line 2; ' "$OUT"
	want_line 'assets\.csv:8: asset_tag: "LT 6" has a blank' "$OUT"
	want_line 'assets\.csv:9: asset_tag: "=LT-7" begins' "$OUT"
	want_line 'assets\.csv:10: macs: "00:11" has what is no MAC' "$OUT"
	want_line 'assets\.csv:11: the line has 4 columns' "$OUT"
	want_line 'not imported: 6 errors; the inventory stays' "$OUT"
	want_eq "$before" "$(generation)"
	want_eq 'false 6' "$(fg_last_of assets '"\(.ok) \(.errors)"')"
	want_eq 'status: "perhaps" is no status; write issued, stock, lost or '\
'retired, or leave it empty' "$(fg_last_of assets .problem)"
	import 1 --json
	want_eq 6 "$(jq -s 'map(select(.error)) | length' "$OUT")"
	want_eq false "$(jq -s 'last | .ok' "$OUT")"
}

# The line of the first one, also where records have several.
the_second_of_a_key_is_told()
{
	local key=ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=

	printf '%s\n' asset_tag,user,device_key,model '' 'LT-1,,,"a' 'b"' \
	    "LT-2,,$key," "LT-3,,$key," 'LT-2,,,' >"$CSV"
	sed -i 's/,"a$/,/; /^b"$/d' "$CSV"
	import 1
	want_line "csv:5: LT-3 has the device_key of LT-2 in line 4; a key " "$OUT"
	want_line 'csv:6: LT-2 is in the file already, in line 4; an ' "$OUT"
}

tags_that_differ_in_case_are_warned_of()
{
	{ assets; echo 'lt-2,,,,,,,'; } >"$CSV"
	import 0 --dry-run
	want_line 'csv:5: warning: lt-2 and LT-2 differ in upper and lower case alone' \
	    "$OUT"
}

nothing_at_all_is_refused()
{
	local before

	before=$(generation)
	assets | head -n 1 >"$CSV"
	import 1
	want_line 'there is no asset in the file' "$OUT"
	{ assets | head -n 2; printf 'LT-4,"dave,,,\n'; } >"$CSV"
	import 1
	want_line 'assets\.csv:3: a quote begins here that never ends' "$OUT"
	{ echo 'asset_tag,asset_tag'; echo 'a,b'; } >"$CSV"
	import 1
	want_line 'asset_tag is there twice' "$OUT"
	head -c 100000 /dev/urandom >"$CSV"
	sed -i '1s/.*/asset_tag,serial/' "$CSV"
	import 1
	want_eq "$before" "$(generation)"
}

what_identifies_nothing_is_warned_of()
{
	cat >"$CSV" <<-'EOF'
	asset_tag,user,serial,macs,uuid
	LT-1,alice,To be filled by O.E.M.,52:54:00:12:34:56,
	LT-2,bob,PF-EXMP2,,00000000-0000-0000-0000-000000000000
	LT-3,carol,pf-exmp2,,
	EOF
	import 0 --dry-run
	want_line 'csv:2: warning: serial: "To be filled by O.E.M." ' "$OUT"
	want_line 'csv:2: warning: macs: "52:54:00:12:34:56" ' "$OUT"
	want_line 'csv:3: warning: uuid: "00000000-' "$OUT"
	want_line 'csv:4: warning: LT-3 has the same serial as LT-2; ' "$OUT"
	want_line '^warnings 5$' "$OUT"
	{ echo asset_tag,serial; seq -f 'LT-%g,N/A' 150; } >"$CSV"
	import 0 --dry-run
	want_eq 100 "$(grep -c 'warning: serial' "$OUT")"
	want_line '^warnings 152, of which these are the first$' "$OUT"
}

# ---- whom it would refuse ---------------------------------------------------

# LINE...: at the head of the configuration.
machine_conf()
{
	{ printf '%s\n' "$@"; setup_conf; } | fg_conf
	want farmgatectl reload >/dev/null
}

people_are_told_from_strangers()
{
	assets >"$CSV"
	import 0 --dry-run
	want_line 'warning: there is no inventory of people' "$OUT"
	people | want farmgatectl inventory import - >/dev/null
	{ assets; echo 'LT-4,dave zoe,,,,,,'; } >"$CSV"
	import 0 --dry-run
	no_line 'no inventory of people' "$OUT"
	want_line 'csv:5: warning: user: "dave" is an account of d.example, ' \
	    "$OUT"
	want_line 'csv:5: warning: user: "zoe" is no user in the inventory of people: LT-4 then counts as somebody else.s, .* are refused \(device.unissued = deny in policy staff\)$' \
	    "$OUT"
	no_line 'warning: user: "(alice|bob|carol)"' "$OUT"
	want_line 'warning: assets of people with ssh_keys: 1; .* are refused \(device.key = deny in policy staff\)$' "$OUT"
}

this_machine_is_told_of()
{
	machine_conf 'asset = "LT-2"'
	assets >"$CSV"
	import 0 --dry-run
	want_line 'warning: this machine is LT-2, issued to bob: other people of the inventory are refused \(device.unissued = deny in policy staff\); who maintains it, and root for their sudo, needs a policy with device.unissued = log$' \
	    "$OUT"
	machine_conf 'asset = "LT-3"'
	import 0 --dry-run
	want_line 'this machine is LT-3, which is stock: all people of the inv' \
	    "$OUT"
	machine_conf 'asset = "LT-7"'
	import 0 --dry-run
	want_line 'this machine is LT-7 .*, which is in no line .*: device\.unenr' \
	    "$OUT"
	# only what is more than recorded
	machine_conf 'asset = "LT-2"' \
	    'actions = {"device.unissued = log", "device.key = log"}'
	import 0 --dry-run
	no_line 'warning: (this machine|assets of people)' "$OUT"
	machine_conf 'asset = "LT-2"' \
	    'actions = {"device.mismatch = deny", "device.unenrolled = deny"}'
	assets | sed 's/^LT-2.*/&\nLT-8,,,,,,,/; s/PF-EXMP2/PF-OTHER1/' >"$CSV"
	import 0 --dry-run
	want_line 'this machine is LT-2 and shows none, or too few, of its IDs: all logins are refused \(device.mismatch:weak = deny in policy staff\)' \
	    "$OUT"
	machine_conf 'asset = "LT-7"' 'actions = {"device.unenrolled = deny"}'
	import 0 --dry-run
	want_line 'which is in no line .*: all logins are refused \(device.unen' \
	    "$OUT"
	machine_conf 'asset = "LT-2"'
	sed -i 's/^mode = enforce/mode = observe/' "$FG_CONF"
	want farmgatectl reload >/dev/null
	import 0 --dry-run
	want_line 'would be refused \(device.unissued = deny in policy' "$OUT"
	machine_conf
}

status_knows_this_machine()
{
	machine_conf 'asset = "LT-2"'
	says 0 status
	want_line '^machine +asset LT-2, issued to bob; ' "$OUT"
	want_eq 'true issued bob' "$(fg_status '.machine |
	    "\(.known) \(.status) \(.users | join(" "))"')"
	machine_conf 'asset = "LT-3"'
	says 0 status
	want_line '^machine +asset LT-3, stock; ' "$OUT"
	machine_conf 'asset = "LT-7"'
	says 0 status
	want_line '^machine +asset LT-7, IN NO LINE of the inventory' "$OUT"
	want_eq false "$(fg_status .machine.known)"
	machine_conf
	want_eq null "$(fg_status .machine.known)"
}

# The tag may come after the assets.
a_reload_tells_as_well()
{
	{ echo 'asset = "LT-2"'; setup_conf; } | fg_conf
	says 0 reload
	want_line 'this machine is LT-2, issued to bob: other people of the inv' \
	    "$OUT"
	{ echo 'asset = "LT-7"'; setup_conf; } | fg_conf
	says 0 reload
	want_line 'this machine is LT-7 .*, which is in no line' "$OUT"
	setup_conf | fg_conf
	says 0 reload
	no_line 'this machine' "$OUT"
}

# ---- what is there ----------------------------------------------------------

one_asset_is_shown()
{
	says 0 inventory asset LT-1
	want_line '^  asset_tag +LT-1$' "$OUT"
	want_line '^  user +alice$' "$OUT"
	want_line '^  serial +7EXMPL1$' "$OUT"
	want_line '^  status +issued$' "$OUT"
	no_line 'LT-2|uuid' "$OUT"
	says 0 inventory asset --json bob
	want_eq LT-2 "$(jq -r .asset_tag "$OUT")"
	says 1 inventory asset zoe
	no_line 'did you mean' "$OUT"
	says 1 inventory asset lt-1
	want_line "is called lt-1, or is this person's; did you mean LT-1\?$" "$OUT"
	says 1 inventory asset --json LT-7
	want_eq '' "$(grep -v '^farmgatectl:' "$OUT")"
	says 1 inventory asset "$(printf 'a\033[2J')"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$OUT")"
}

addresses_of_several_are_told()
{
	says 0 inventory check
	want_line '^PEOPLE +ASSETS +SHIPPED TO$' "$OUT"
	want_line '^2 +2 +1 Example Street, Springfield, US: LT-1 LT-2$' "$OUT"
	want_eq 2 "$(wc -l <"$OUT")"
	says 0 inventory check --json
	want_eq '2 2' "$(jq -r '"\(.people) \(.assets)"' "$OUT")"
}

# One person's count too: a farm's laptops may all be in one name.
addresses_of_one_person_are_told()
{
	{ assets; echo 'LT-4,alice,,,,,,"7 Example Road, Springfield, US"'
	echo 'LT-5,alice,,,,,,"7 Example Road, Springfield, US"'; } >"$CSV"
	import 0
	says 0 inventory check
	want_line '^1 +2 +7 Example Road, Springfield, US: LT-4 LT-5$' "$OUT"
	want_line '^2 +2 +1 Example Street, Springfield, US: LT-1 LT-2$' "$OUT"
	want_eq 3 "$(wc -l <"$OUT")"
	want import_all
}

# Stockholm is 416 km from Oslo, and Gothenburg 254 km.
what_is_far_from_home_is_told()
{
	cat >"$FG_WORK/people.csv" <<-EOF
	user,home,radius
	alice,"59.9139,10.7522",
	bob,"59.9139,10.7522",300km
	carol,,
	EOF
	says 0 inventory import "$FG_WORK/people.csv"
	cat >"$CSV" <<-EOF
	asset_tag,user,status,location,shipped_to
	LT-1,alice,,"59.3293,18.0686","57.7089,11.9746"
	LT-2,alice bob,,"57.7089,11.9746",
	LT-3,alice bob,,"59.9139,10.7522","59.3293,18.0686"
	LT-4,alice,stock,"59.3293,18.0686",
	LT-5,carol,,"59.3293,18.0686",
	LT-6,zoe,,"59.3293,18.0686",
	LT-7,alice,,,"12 Example Street, Springfield, US"
	LT-8,alice,,"60.3913,11.5","60.3913,11.5"
	EOF
	import 0
	says 0 inventory check
	want_line '^KM +ASSET +USER +FAR FROM HOME$' "$OUT"
	want_line '^416 +LT-1 +alice +kept at 59.3293,18.0686$' "$OUT"
	want_line '^25[0-9] +LT-2 +alice +kept at 57.7089,11.9746$' "$OUT"
	want_line '^416 +LT-3 +alice +sent to 59.3293,18.0686$' "$OUT"
	want_line '^416 +LT-3 +bob +sent to 59.3293,18.0686$' "$OUT"
	want_eq 5 "$(wc -l <"$OUT")"
	says 0 inventory check --json
	want_eq '416 LT-1 alice kept 59.3293,18.0686' "$(head -n 1 "$OUT" |
	    jq -r '"\(.km) \(.asset) \(.user) \(.why) \(.place)"')"
	want_eq 4 "$(wc -l <"$OUT")"
	people >"$FG_WORK/people.csv"
	says 0 inventory import "$FG_WORK/people.csv"
	want import_all
}

a_persons_assets_are_shown()
{
	says 0 person alice --from 127.0.0.2
	want_line '^  LT-1 +issued, ssh_keys 1$' "$OUT"
	want_line '^the SSH key is not known: 1 of their assets has' "$OUT"
	says 0 person alice --from 127.0.0.2 --json
	want_eq '[{"asset":"LT-1","status":"issued","keys":1}]' \
	    "$(jq -c .assets "$OUT")"
	says 0 person bob --from 127.0.0.2
	want_line '^  LT-2 +issued, ssh_keys 0$' "$OUT"
	no_line 'SSH key' "$OUT"
	says 0 test --user alice --from 127.0.0.2
	want_line '^the SSH key is not known: 1 of their assets has' "$OUT"
	says 0 test --user bob --from 127.0.0.2
	no_line 'SSH key' "$OUT"
}

who_may()
{
	assets >"$CSV"
	chmod 0644 "$CSV"
	want_rc 0 by carol farmgatectl inventory import "$CSV" >"$OUT" 2>&1
	want_eq '4203 4203' "$(fg_last_of assets '"\(.by.uid) \(.by.loginuid)"')"
	want_rc 0 by carol farmgatectl inventory asset LT-1 >"$OUT" 2>&1
	for command in "import $CSV" "export --assets" "asset LT-1" check; do
		# shellcheck disable=SC2086 # words
		want_rc 2 by alice farmgatectl inventory $command \
		    >"$OUT" 2>&1
		want_line 'farmgate-admin' "$OUT"
		no_line 'EXMPL' "$OUT"
	done
}

# Neither import knows anything of the other's.
people_and_assets_are_apart()
{
	local people assets

	assets=$(generation)
	people | want farmgatectl inventory import - >/dev/null
	want_eq "$assets" "$(generation)"
	want_eq 3 "$(fg_status .assets.assets)"
	people=$(fg_status .inventory.generation)
	want farmgatectl except add alice --finding geo.country --until +1h \
	    --reason x >/dev/null
	assets >"$CSV"
	import 0
	want_not test "$(generation)" = "$assets"
	want_eq "$people" "$(fg_status .inventory.generation)"
	want_eq 4 "$(fg_status .inventory.people)"
	want_eq 1 "$(fg_status .inventory.exceptions)"
	want farmgatectl except remove "$(fg_last_of exception .id)" >/dev/null
	want fg_restart
	want_eq 3 "$(fg_status .assets.assets)"
	want_eq 4 "$(fg_status .inventory.people)"
}

# ---- while it is at work ----------------------------------------------------

# NUMBER: so many assets of somebody each, in the columns of a large inventory.
many()
{
	python3 - "$1" <<-'EOF'
	import sys
	print("asset_tag,user,vendor,model,serial,uuid,board_serial,disk_serials,"
	      "macs,ssh_keys,shipped_to")
	for n in range(1, int(sys.argv[1]) + 1):
	    print("LT-%07d,user%06d,Lenovo,ThinkPad T14,PF%07dX,%08x-7dec-11d0-"
	          "a765-00a0c91e6bf6,L1HF%07dZ,S4EV%07dQ,8c:16:45:%02x:%02x:%02x,"
	          "host-%d,\"%d Example Street, Springfield, US\"" % (n, n, n,
	          n + 0x10000000, n, n, n >> 16, n >> 8 & 255, n & 255, n, n))
	EOF
}

worker()
{
	pgrep -n -P "$FG_PID" | grep -vx "$SCANNER"
}

only_one_at_a_time()
{
	mkfifo "$FG_WORK/hold"
	python3 - "$FG_TOP/tests/lib" "$FG_WORK/hold" <<-'EOF' &
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	with Client(CONTROL) as c:
	    c.send(19, string('{"do":"asset.import"}'))
	    c.send(20, b"\0\1x")
	    open(sys.argv[2]).read()
	EOF
	local client=$!

	exec 7>"$FG_WORK/hold"
	sleep 0.5
	assets >"$CSV"
	import 2
	want_line 'another import is under way, by uid 0' "$OUT"
	people | farmgatectl inventory import - >"$OUT" 2>&1
	want_line 'another import is under way, by uid 0' "$OUT"
	exec 7>&-
	wait "$client"
	want fg_until 5 farmgatectl inventory import "$CSV"
}

# In the middle of reading, and of writing the new generation.
a_worker_that_is_killed_leaves_the_old_one()
{
	local before n at

	SCANNER=$(fg_scanner)
	before=$(exported)
	generation=$(generation)
	many 60000 >"$CSV"
	for at in 0.3 0.8 1.6; do
		n=$(fg_events assets)
		farmgatectl inventory import "$CSV" >"$OUT" 2>&1 &
		want fg_until 5 worker
		sleep "$at"
		want kill -KILL "$(worker)"
		want_rc 2 wait $!
		want_line 'it was not finished; see journalctl' "$OUT"
		want_eq "$generation" "$(generation)"
		want_eq "$before" "$(exported)"
		want_eq "$((n + 2))" "$(fg_events assets)"
		want_eq 'import false' "$(fg_of_event assets | tail -n 2 |
		    head -n 1 | jq -r '"\(.action) \(.ok)"')"
	done
	want gate gate alice 127.0.0.2
	assets >"$CSV"
	import 0
	want_line '0 added, 0 changed, 0 removed' "$OUT"
	want_eq 0 "$(find $STATE -name '*import*' -o -name '*stage*' | wc -l)"
}

logins_go_on_meanwhile()
{
	many 60000 >"$CSV"
	farmgatectl inventory import "$CSV" >"$OUT" 2>&1 &
	want fg_until 5 worker
	for _ in 1 2 3 4 5; do
		want gate gate alice 127.0.0.2
		want_not gate gate alice 127.0.0.3
	done
	want kill -0 $!
	want wait $!
	want_line '^imported: assets 60000: ' "$OUT"
	want import_all
}

# Into a pipe or a file goes none of it.
progress_is_shown_on_a_terminal()
{
	many 25000 | sed 's/,user[0-9]*,/,,/' >"$CSV"
	echo 'LT-X,,,,N/A,,,,,,' >>"$CSV"
	want script -qec "farmgatectl inventory import --dry-run $CSV" \
	    /dev/null </dev/null >"$OUT"
	tr '\r' '\n' <"$OUT" | sed 's/ *$//' >"$FG_WORK/shown"
	want_line '^read 10000 assets$' "$FG_WORK/shown"
	want_line '^read 20000 assets$' "$FG_WORK/shown"
	no_line '^writing' "$FG_WORK/shown"
	# what is said has a line of its own
	want_line '^farmgatectl: .*csv:25002: warning: ' "$FG_WORK/shown"
	want_line '^dry run, nothing is changed: assets 25001' "$FG_WORK/shown"
	want script -qec "farmgatectl inventory import $CSV" \
	    /dev/null </dev/null >"$OUT"
	tr '\r' '\n' <"$OUT" | sed 's/ *$//' >"$FG_WORK/shown"
	want_line '^writing 25001 assets$' "$FG_WORK/shown"
	want_line '^writing 25001 assets [1-9] %$' "$FG_WORK/shown"
	want_line '^writing 25001 assets 9[0-9] %$' "$FG_WORK/shown"
	farmgatectl inventory import --dry-run "$CSV" >"$OUT" 2>&1
	no_line 'read [0-9]+ assets' "$OUT"
	want import_all
	no_line "$(printf '\r')" "$OUT"
}

# PID: the most memory that it ever had, in kB.
peak()
{
	sed -n 's/^VmHWM:\s*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null
}

# NUMBER: import so many; DAEMON and WORKER are what they had at most, TOOK how
# many seconds it took.
imported_in()
{
	local most=0 now began

	many "$1" >"$CSV"
	farmgatectl inventory import "$CSV" >"$OUT" 2>&1 &
	began=$SECONDS
	while kill -0 $! 2>/dev/null; do
		now=$(peak "$(worker)")
		[ "${now:-0}" -le "$most" ] || most=$now
		sleep 0.05
	done
	want wait $!
	TOOK=$((SECONDS - began))
	WORKER=$most DAEMON=$(peak "$FG_PID")
	echo "$1 assets, $(stat -c %s "$CSV") bytes: daemon $DAEMON kB," \
	    "worker $WORKER kB"
	want_eq "$1" "$(fg_status .assets.assets)"
}

# SMALL LARGE: the file has so many times the bytes, the memory a tenth more.
memory_does_not_grow_with_the_file()
{
	local daemon worker

	SCANNER=$(fg_scanner)
	imported_in "$1"
	want test "$WORKER" -gt 0
	daemon=$DAEMON worker=$WORKER
	imported_in "$2"
	want test "$DAEMON" -le $((daemon + daemon / 10))
	want test "$WORKER" -le $((worker + worker / 10))
	want gate gate alice 127.0.0.2
	want test "$(exported | wc -l)" -eq $(($2 + 1))
	want test "$(peak "$FG_PID")" -le $((daemon + daemon / 10))
	echo "$2 assets in $TOOK s: worker $WORKER kB, daemon $DAEMON kB" \
	    >"$FG_WORK/measured"
	want import_all
}

# ---- what becomes of a store ------------------------------------------------

a_lost_inventory_is_no_absence()
{
	machine_conf 'asset = "LT-2"'
	fg_stop
	rm -f $STATE/farmgate.db $STATE/farmgate.db-*
	want fg_start
	says 1 status
	want_line '^DEGRADED +the store: .*what was known of people is lost' \
	    "$OUT"
	people | want farmgatectl inventory import - >/dev/null
	says 1 status
	want_line '^DEGRADED +the store: .*what was known of assets is lost: im' \
	    "$OUT"
	want_not gate gate alice 127.0.0.2
	want_eq 'failure store_unusable null' \
	    "$(fg_last '"\(.decided.by) \(.decided.failure) \(.device)"')"
	says 0 inventory accept
	want gate gate bob 127.0.0.2
	says 0 status
	says 2 inventory accept
	want import_all
	want_not gate gate alice 127.0.0.2
	want_eq 'LT-2 was issued to bob' "$(fg_last '.findings[] |
	    select(.code == "device.unissued").text')"
	machine_conf
}

setup_gate
mkdir -p /var/lib/farmgate-geo
printf 'NO\tOslo\t59.91\t10.75\t700000\n' >/var/lib/farmgate-geo/cities.tsv
want_daemon
fg_pam gate
run "nothing is there before" nothing_is_there_before
run "a dry run changes nothing" dry_run_changes_nothing
run "an import is in force and on record" import_is_in_force_and_on_record
run "an asset_tag tells assets from people" an_asset_tag_tells_it_from_people
run "standard input does as well as a file" standard_input_does_as_well
run "what makes no sense for assets is refused" \
    what_it_has_no_sense_for_is_refused
run "changes are named with their fields" changes_are_named_with_their_fields
run "what was lost does not come back by itself" \
    what_was_lost_does_not_come_back_by_itself
run "assets that nobody has any more are told of" \
    whoever_is_forgotten_is_told_of
run "many changes are cut short" many_changes_are_cut_short
run "an export is read back to the byte" an_export_is_read_back_to_the_byte
run "files of Snipe-IT and Fleet are mapped" other_inventories_are_mapped
run "wrong lines refuse all of a file" wrong_lines_refuse_all
run "the second of a tag or a key is told with the first" \
    the_second_of_a_key_is_told
run "tags that differ in case alone are warned of" \
    tags_that_differ_in_case_are_warned_of
run "a file with no asset in it is refused" nothing_at_all_is_refused
run "what identifies nothing is warned of" what_identifies_nothing_is_warned_of
run "users are told from strangers" people_are_told_from_strangers
run "whom it would refuse on this machine is told" this_machine_is_told_of
run "status knows this machine" status_knows_this_machine
run "a reload tells whom it would refuse as well" a_reload_tells_as_well
run "one asset is shown, or a person's" one_asset_is_shown
run "addresses of several people are told" addresses_of_several_are_told
run "addresses of one person's assets are told" \
    addresses_of_one_person_are_told
run "what is kept or sent far from home is told" what_is_far_from_home_is_told
run "a person's assets are shown with them" a_persons_assets_are_shown
run "members of the group may, and others may not" who_may
run "people and assets are apart" people_and_assets_are_apart
run "there is one import at a time" only_one_at_a_time
run "a worker that is killed leaves the old inventory" \
    a_worker_that_is_killed_leaves_the_old_one
run "logins go on during an import" logins_go_on_meanwhile
run "progress is shown on a terminal" progress_is_shown_on_a_terminal
if grep -q __asan_init "$FG_BIN/farmgate-policyd"; then
	skip "memory does not grow with the file" "the sanitizer's own is in it"
elif [ -z "$LONG" ]; then
	run "memory does not grow with the file" \
	    memory_does_not_grow_with_the_file 40000 120000
else
	run "a million assets take no more memory than a tenth of them" \
	    memory_does_not_grow_with_the_file 100000 1000000
	cat "$FG_WORK/measured"
fi
run "an inventory that was lost is no absence" a_lost_inventory_is_no_absence
finish
