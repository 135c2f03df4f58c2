#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A machine that is said to be an issued laptop: whose logins it takes over ssh,
# at its console and in sudo, and what becomes of other hardware.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/lib/plugged.sh"
. "$FG_TOP/tests/lib/laptop.sh"

LOGIN=$FG_TOP/tests/lib/login.py
WITHIN="--from 127.0.0.2"

# [LINE...]: at its head.
conf()
{
	printf '%s\n' "$@"
	cat <<-'EOF'
	mode = enforce
	help = "Call extension 100."
	network near { cidr = {"127.0.0.2/32"} place = "NO" }
	policy maintainers {
		users = {"root", "dave"}
		actions = {"device.unissued = log"}
	}
	policy all { countries = {"NO"} }
	EOF
}

# TAG [LINE...]
be()
{
	conf "asset = \"$1\"" "${@:2}" | fg_conf
	want farmgatectl reload >/dev/null
}

# The rest of it follows at the next start.
reread()
{
	want fg_restart
}

people()
{
	farmgatectl inventory import - <<-'EOF'
	user,kind,networks
	alice,,
	bob,,
	carol,,
	dave,,
	robot,service,near
	EOF
}

# [STATUS]: of LT-1, whatever it was before.
assets()
{
	farmgatectl inventory import --restore - <<-EOF
	asset_tag,user,form,status,serial,uuid,board_serial,disk_serials,macs
	LT-1,alice,,${1:-},$SERIAL,2c4f9e4c-3a51-11b2-a85c-8d1f2e3b4c5d,L1HF16B00XY,$DISK,8c:16:45:0a:1b:2c f8:94:c2:11:22:33
	LT-2,bob,,,PF9OTHER1,,L1HF99Z00XY,,
	LT-3,,,,,,,,
	LT-4,zoe,,,,,,,
	VM-7,carol,virtual,,,,,,
	EOF
}

imported()
{
	"$@" >"$OUT" 2>&1 || cat "$OUT"
}

# USER: over ssh, at the console, and in sudo.
over_ssh()
{
	fg_ssh key "$1" 127.0.0.2 true >/dev/null 2>&1
}

at_console()
{
	python3 "$LOGIN" "$1" "$1-pw" >/dev/null 2>&1
}

in_sudo()
{
	by "$1" sudo -n true >/dev/null 2>&1
}

# FILTER: of the finding with this code in the last decision.
found()
{
	fg_last ".findings[] | select(.code == \"$1\") |
	    \"\\(.grade // \"\") \\(.action) \\(.text)\""
}

asset()
{
	fg_last '.device | "\(.state) \(.asset) \(.issued)"'
}

gets_in()
{
	want over_ssh "$1"
	want at_console "$1"
	want in_sudo "$1"
}

# USER TEXT: refused everywhere, with that in the record.
is_kept_out()
{
	local way

	for way in over_ssh at_console in_sudo; do
		want_not "$way" "$1"
		want_eq "deny $1" "$(fg_last '"\(.verdict) \(.user)"')"
		want_eq " deny $2" "$(found device.unissued)"
	done
}

# ---- whose it is ------------------------------------------------------------

own_laptop()
{
	gets_in alice
	want over_ssh alice
	want_eq 'known LT-1 own' "$(asset)"
	want_eq '["board","disk","uuid","serial","mac"] 0' "$(fg_last .device |
	    jq -r '"\(.agree | tojson) \(.differs)"')"
	# this machine may be a virtual one, which its processor says
	want_eq '' "$(fg_last '.findings[].code |
	    select(startswith("device.") and . != "device.virtual")')"
	says 0 explain "$(fg_last .ref)"
	want_line '^  asset      LT-1, issued to the person; agree: board, disk' \
	    "$OUT"
	# shellcheck disable=SC2086 # words
	{
		says 0 person alice $WITHIN
		want_line '^  asset      LT-1, issued to the person; agree: ' \
		    "$OUT"
		says 0 test --user alice $WITHIN
		want_line '^  asset      LT-1, issued to the person; agree: ' \
		    "$OUT"
	}
}

somebody_elses_laptop()
{
	is_kept_out bob 'LT-1 was issued to alice'
	want_not over_ssh bob
	says 0 explain "$(fg_last .ref)"
	want_line '^  asset      LT-1, issued to alice; agree: ' "$OUT"
	want_line '^next: .*needs "device.unissued = log"' "$OUT"
	# shellcheck disable=SC2086 # words
	{
		says 1 person bob $WITHIN
		want_line '^bob from 127.0.0.2, now: deny' "$OUT"
		want_line 'LT-1 was issued to alice' "$OUT"
		says 1 test --user bob $WITHIN
		want_line 'LT-1 was issued to alice' "$OUT"
		says 1 test --user bob --service login --from console
		want_line 'LT-1 was issued to alice' "$OUT"
		says 0 test --user alice --service login --from console
	}
}

who_maintains_it()
{
	gets_in dave
	want over_ssh dave
	want_eq ' log LT-1 was issued to alice' "$(found device.unissued)"
	# and whose session sudo is in, is who it counts for
	want_eq root "$(fg_ssh key dave 127.0.0.2 'sudo -n id -un')"
	want_eq 'sudo LT-1 others' "$(fg_last \
	    '"\(.service) \(.device.asset) \(.device.issued)"')"
}

root_and_services()
{
	want pamtester login root acct_mgmt
	want_eq 'root none' "$(fg_last '"\(.user) \(.device.issued)"')"
	want pamtester -I rhost=127.0.0.2 sshd robot acct_mgmt
	want_eq 'robot none' "$(fg_last '"\(.user) \(.device.issued)"')"
}

# STATUS: nobody in the inventory may, and root gets it ready.
not_issued()
{
	imported assets "$1"
	want_line "warning: this machine is LT-1, which is $1: " "$OUT"
	is_kept_out alice "LT-1 is $1"
	is_kept_out bob "LT-1 is $1"
	want over_ssh dave
	want pamtester login root acct_mgmt
	want_eq "none $1" "$(fg_last '"\(.device.issued) \(.device.status)"')"
	want pamtester -I rhost=127.0.0.2 sshd robot acct_mgmt
	says 0 status
	want_line "^machine +asset LT-1, $1; " "$OUT"
	imported assets
	want over_ssh alice
}

nobodys()
{
	be LT-3
	want over_ssh alice
	want over_ssh bob
	want_eq 'known LT-3 none' "$(asset)"
	be LT-1
}

# As the import has said.
strangers()
{
	imported assets
	want_line ':5: warning: user: "zoe" is no user in the inventory of people: LT-4 then counts as somebody else.s, and people of the inventory who are not in its line are refused \(device.unissued = deny in policy all\)$' \
	    "$OUT"
	be LT-4
	is_kept_out alice 'LT-4 was issued to zoe'
	want over_ssh dave
	be LT-1
}

in_no_inventory()
{
	be LT-9
	gets_in alice
	gets_in bob
	want_eq unknown "$(fg_last .device.state)"
	want_eq 'asset log this machine is said to be LT-9, which is in no '\
'inventory' "$(found device.unenrolled)"
	says 0 explain "$(fg_last .ref)"
	want_line '^  asset      LT-9, which is in no inventory' "$OUT"
	# shellcheck disable=SC2086 # words
	says 0 test --user alice $WITHIN
	want_line 'said to be LT-9, which is in no inventory' "$OUT"
	be LT-9 'actions = {"device.unenrolled:asset = deny"}'
	want_not over_ssh alice
	be LT-1
}

# ---- other hardware ---------------------------------------------------------

# NAME VALUE: what the firmware says from now on.
dmi()
{
	rm -f "$DMI/$1"
	echo "$2" >"$DMI/$1"
}

another_board()
{
	dmi board_serial L1HF77Y00XY
	reread
	want over_ssh alice
	want_eq 'weak log LT-1: differ: board; agree: disk, uuid, serial, mac; '\
'30 % of the weight' "$(found device.mismatch)"
	says 0 explain "$(fg_last .ref)"
	want_line '; agree: disk, uuid, serial, mac; differ: board$' "$OUT"
	# shellcheck disable=SC2086 # words
	says 0 test --user alice $WITHIN
	want_line 'device.mismatch:weak' "$OUT"
	be LT-1 'actions = {"device.mismatch:weak = deny"}'
	want_not over_ssh alice
	want_not at_console alice
	want_not in_sudo alice
	be LT-1
}

# With the serial number of the one that was issued.
another_machine()
{
	local service

	dmi product_uuid 99999e4c-3a51-11b2-a85c-8d1f2e3b4c5d
	disk 0000:3d:00.0 nvme0n1 S5GXNX0T654321
	card "$PCI/0000:00:1f.6" enp0s31f6 8c:16:45:0a:99:99
	card "$PCI/0000:00:14.3" wlp0s20f3 f8:94:c2:11:99:99
	reread
	for service in over_ssh at_console in_sudo; do
		want_not "$service" alice
		want_eq 'strong deny LT-1: differ: board, disk, uuid, mac; '\
'agree: serial; 84 % of the weight' "$(found device.mismatch)"
	done
	says 0 explain "$(fg_last .ref)"
	want_line '^next: farmgatectl device show, run on that machine' "$OUT"
	# shellcheck disable=SC2086 # words
	{
		says 1 person alice $WITHIN
		want_line 'device.mismatch:strong' "$OUT"
		says 1 test --user alice $WITHIN
		want_line 'device.mismatch:strong' "$OUT"
	}
	# root as well: it is another machine, whoever comes
	want_not pamtester login root acct_mgmt
	imported assets
	want_line 'this machine is LT-1 and shows other IDs \(board, disk, uuid, mac\): all logins are refused \(device.mismatch:strong = deny in policy maintainers\)' \
	    "$OUT"
}

# A laptop that was mixed up with another one says whose it is.
the_other_one()
{
	dmi product_serial PF9OTHER1
	dmi board_serial L1HF99Z00XY
	reread
	want_not over_ssh alice
	want_eq LT-2 "$(fg_last .device.twin)"
	want grep -q '; what it shows is of LT-2$' \
	    <<<"$(found device.mismatch)"
	says 0 explain "$(fg_last .ref)"
	want_line '; what it shows is of LT-2$' "$OUT"
	be LT-2
	want over_ssh bob
	want_not over_ssh alice
	be LT-1
	rm -rf /sys/class/dmi /sys/class/net /sys/block "$DMI" "$PCI"
	be_laptop
	reread
	want over_ssh alice
	want_eq '' "$(found device.mismatch)"
}

parts_that_are_exchanged()
{
	disk 0000:3d:00.0 nvme0n1 S5GXNX0T654321
	reread
	want over_ssh alice
	want_eq '' "$(found device.mismatch)"
	want_eq '["disk"]' "$(fg_last .device | jq -c .differ)"
	disk 0000:3d:00.0 nvme0n1 "$DISK"
}

what_could_not_be_read()
{
	rm "$DMI/product_serial"
	mkfifo "$DMI/product_serial"
	reread
	want over_ssh alice
	want_eq '' "$(found device.mismatch)"
	want_eq '["serial"]' "$(fg_last .device | jq -c .unread)"
	says 0 explain "$(fg_last .ref)"
	want_line '; unread: serial$' "$OUT"
	dmi product_serial "$SERIAL"
}

# Nothing is no agreement.
what_shows_nothing()
{
	rm -rf /sys/class/dmi /sys/class/net /sys/block
	reread
	want over_ssh alice
	want_eq 'weak log LT-1: absent: board, disk, uuid, serial, mac; 0 % of '\
'the weight' "$(found device.mismatch)"
	rm -rf "$DMI" "$PCI"
	be_laptop
	reread
}

# ---- a virtual machine ------------------------------------------------------

virtual_machine()
{
	fg_catalogue_entry virtual <<-'EOF'
		hypervisor "example-vm" {
			title = "Example's machines"
			dmi = {"Example"}
			source = "these tests"
		}
	EOF
	dmi sys_vendor "Example machines"
	be LT-1 'actions = {"device.virtual = deny"}'
	reread
	want_not over_ssh alice
	want_eq ' deny' "$(found device.virtual | cut -d' ' -f1-2)"
	want_not at_console alice
	be VM-7 'actions = {"device.virtual = deny"}'
	want over_ssh carol
	want_eq '' "$(found device.virtual)"
	want_eq 'known VM-7 own' "$(asset)"
	be LT-1
	want over_ssh alice
	want_eq ' log' "$(found device.virtual | cut -d' ' -f1-2)"
}

# ---- who asks ---------------------------------------------------------------

# Nothing is left out without a word: as the daemon's user, who may read all but
# the machine's serial numbers.
only_root_knows_what_the_machine_is()
{
	local rc=0

	setpriv --reuid farmgate --regid farmgate --clear-groups \
	    farmgatectl test --user alice --from 127.0.0.2 >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	want_eq 2 "$rc"
	want_line 'what identifies this machine is not readable for you; use s' \
	    "$OUT"
	conf | fg_conf
	want setpriv --reuid farmgate --regid farmgate --clear-groups \
	    farmgatectl test --user alice --from 127.0.0.2 >"$OUT"
	be LT-1
}

known_before_it_is_enforced()
{
	be LT-1
	sed -i 's/^mode = enforce/mode = observe/' "$FG_CONF"
	want farmgatectl reload >/dev/null
	gets_in bob
	farmgatectl readiness >"$OUT" 2>&1
	cat "$OUT"
	want_line '^[0-9]+\. bob: sshd would have refused .*device.unissued' "$OUT"
	want_line '^[0-9]+\. bob: sudo would have refused' "$OUT"
	no_line '^[0-9]+\. (alice|dave): .*device' "$OUT"
	# sudo opens a session of root's, whom the policy does not have
	sed -i 's/users = {"root", "dave"}/users = {"dave"}/' "$FG_CONF"
	want farmgatectl reload >/dev/null
	want in_sudo dave
	want_eq 'session allow deny' "$(fg_last \
	    '"\(.phase) \(.verdict) \(.would)"')"
	farmgatectl readiness >"$OUT" 2>&1
	want_line '^[0-9]+\. dave \(account root\): sudo would have refused' "$OUT"
	be LT-1
}

plugged_begin
be_laptop
fg_install
conf 'asset = "LT-1"' | fg_conf
fg_private_pam
echo 'robot:x:4221:4221::/:/bin/sh' >>/etc/passwd
echo 'robot:*:19000::::::' >>/etc/shadow
echo 'ALL ALL=(ALL) NOPASSWD: ALL' | fg_sudoers
fg_keys
want_daemon
fg_sshd_start || exit 1
imported people
imported assets

run "a laptop takes whom it was issued to" own_laptop
run "and nobody else, over ssh, at its console and in sudo" \
    somebody_elses_laptop
run "who maintains it has a policy" who_maintains_it
run "root and services are not people" root_and_services
run "one in stock takes nobody but root" not_issued stock
run "nor does one that was lost" not_issued lost
run "nor one that is retired" not_issued retired
run "one of nobody's makes no rule" nobodys
run "one of whom nobody knows is somebody else's" strangers
run "one in no inventory is told of" in_no_inventory
run "known before it is enforced" known_before_it_is_enforced
run "another board is weak" another_board
run "another machine is strong" another_machine
run "a laptop that was mixed up says whose it is" the_other_one
run "a disk may be exchanged" parts_that_are_exchanged
run "what could not be read is no other hardware" what_could_not_be_read
run "what shows nothing does not agree" what_shows_nothing
run "only root can say what would be" only_root_knows_what_the_machine_is
run "a virtual machine is one that was issued as such, or found" \
    virtual_machine
fg_sshd_stop
finish
