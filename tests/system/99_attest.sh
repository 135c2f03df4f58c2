#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A laptop and a jump host, each with a daemon of its own and a real ssh between
# them: who is let in by what the laptop says of itself, and who is not. The
# jump host knows nothing of the tools that are looked for on the laptop.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/plugged.sh"
. "$FG_TOP/tests/lib/laptop.sh"
. "$FG_TOP/tests/lib/issued.sh"
. "$FG_TOP/tests/lib/tree.sh"
. "$FG_TOP/tests/lib/started.sh"
. "$FG_TOP/tests/lib/scope.sh"
. "$FG_TOP/tests/lib/desktop.sh"
. "$FG_TOP/tests/lib/remote_vnc.sh"
. "$FG_TOP/tests/lib/steered.sh"

HELPER=$FG_BIN/farmgate-attest
CFG=$FG_WORK/ssh_config
TOOLS=/run/farmgate-test/tools
SERIAL=PF1ISSUED BOARD=L1HF00000A1 DISK=S5GXNX0T000001
TOOL=

jump_conf()
{
	cat <<-EOF
	mode = enforce
	help = "Call extension 100."
	step_up = {"device"}
	network here { cidr = {"127.0.0.0/8"} place = "NO" }
	policy all {
		services = {"sshd"}
		actions = {"device.unenrolled:unattested = challenge device", $*
		    "remote.unknown:partial = ignore", "device.virtual = ignore"}
	}
	EOF
}

laptop_conf()
{
	cat <<-EOF
	mode = enforce
	asset = "LT-1"
	catalogue = {"/etc/farmgate/catalogue"}
	scan { contained = "yes" }
	EOF
	farmgatectl enrol host --name 127.0.0.1 --name jumphost
}

tools()
{
	mkdir -p "$TOOLS"
	install -m 0755 "$(command -v sleep)" "$TOOLS/deskhelp"
	install -m 0755 "$(command -v bash)" "$TOOLS/steershell"
	cat >"$LAPTOP_WORK/etc/farmgate/catalogue/own.conf" <<-EOF
	tool deskhelp {
		title = "A help desk that nobody has"
		kind = rmm
		exe = {"$TOOLS/deskhel*"}
		active = {"running"}
		steers = none
		source = "these tests"
	}
	tool steershell {
		title = "A shell for others"
		kind = terminal-share
		exe = {"$TOOLS/steershel*"}
		steers = own
		source = "these tests"
	}
	EOF
	cp "$FG_TOP/conf/catalogue/vnc.conf" \
	    "$LAPTOP_WORK/etc/farmgate/catalogue"
	chmod 0644 "$LAPTOP_WORK"/etc/farmgate/catalogue/*.conf
}

# USER: the options of ssh, as a file.
client_config()
{
	echo "Host *"
	fg_ssh_options publickey,keyboard-interactive 127.0.0.1 |
	    sed -n 's/^\([A-Z][A-Za-z]*\)=\(.*\)/\1 \2/p' |
	    grep -v '^\(BindAddress\|KexAlgorithms\)'
	echo "User $1"
	echo "IdentityFile $FG_KEYS/$1"
}

# USER [COMMAND...]: ssh from the laptop, with the helper, run by the command.
from_laptop()
{
	local user=$1

	shift
	client_config "$user" >"$CFG"
	on_laptop env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    setsid -w timeout 60 "$@" ssh -F "$CFG" 127.0.0.1 'echo in as $USER' \
	    </dev/null >"$OUT" 2>&1
}

gets_in()
{
	want from_laptop "$@"
	want_line "^in as $1\$" "$OUT"
}

# REASON USER [COMMAND...]
is_refused()
{
	local reason=$1

	shift
	want_not from_laptop "$@"
	want_not grep -q '^in as' "$OUT"
	want_line 'Call extension 100' "$OUT"
	want_eq "$reason" "$(fg_last .reason)"
}

# Of the last decision: texts of a finding.
says_of()
{
	fg_last "[.findings[] | select(.code == \"$1\") | .text][0]"
}

assets()
{
	printf 'asset_tag,user,serial,board_serial,disk_serials\n%s\n%s\n' \
	    "LT-1,alice,$SERIAL,$BOARD,$DISK" \
	    "LT-2,bob,PF2ISSUED,L1HF00000B2,S5GXNX0T000002" >"$FG_WORK/assets.csv"
	want farmgatectl inventory import "$FG_WORK/assets.csv"
}

# The key is the first factor, and behind it the gate asks.
jump_pam()
{
	cat >/etc/pam.d/sshd <<-EOF
	auth required pam_permit.so
	auth required $FG_MODULE
	account required $FG_MODULE
	session required $FG_MODULE
	EOF
}

begin()
{
	fg_install
	fg_private_pam
	jump_pam
	jump_conf | fg_conf
	want_daemon
	fg_sshd_start - < <(echo AuthenticationMethods \
	    publickey,keyboard-interactive:pam)
	! steered_have || steered_prepare
	laptop_begin
	laptop_hardware "$SERIAL" "$BOARD" "$DISK"
	tools
}

end_all()
{
	[ -z "$TOOL" ] || kill "$TOOL" 2>/dev/null
	stop_all
	scope_done
	laptop_end
	fg_sshd_stop
}

# ---- the beginning ----------------------------------------------------------

it_is_enrolled()
{
	local code

	printf 'user\nalice\nbob\n' >"$FG_WORK/people.csv"
	people_make_assets_somebodys
	want farmgatectl inventory import "$FG_WORK/people.csv"
	assets
	laptop_start < <(laptop_conf)
	want on_laptop farmgatectl enrol init
	code=$(on_laptop farmgatectl enrol request)
	laptop_stop
	laptop_start < <(laptop_conf)
	want farmgatectl enrol add --yes "$code"
	want farmgatectl device list
	want_eq LT-1 "$(farmgatectl device list --json | jq -r .asset)"
	# one that is in no line any more goes on to be let in
	sed -i.kept /^LT-1/d "$FG_WORK/assets.csv"
	want farmgatectl inventory import --dry-run "$FG_WORK/assets.csv" \
	    >"$OUT" 2>&1
	want_line 'LT-1 is in no line any more.*device revoke LT-1' "$OUT"
}

people_make_assets_somebodys()
{
	farmgatectl inventory import --dry-run "$FG_WORK/people.csv" \
	    >"$OUT" 2>&1
	want_not grep -q 'another key' "$OUT"
	printf 'asset_tag,user,ssh_keys\nLT-1,alice,SHA256:%043d\n' 0 \
	    >"$FG_WORK/keyed.csv"
	want farmgatectl inventory import "$FG_WORK/keyed.csv"
	farmgatectl inventory import --dry-run "$FG_WORK/people.csv" \
	    >"$OUT" 2>&1
	want_line 'logins over ssh with another key, or with none' "$OUT"
}

an_enrolled_laptop_is_let_in()
{
	local version

	gets_in alice
	want_eq allow "$(fg_last .verdict)"
	want_eq none "$(fg_last .reason)"
	want_eq LT-1 "$(fg_last .attested.asset)"
	want_eq own "$(fg_last .attested.issued)"
	# of a card, which the inventory lacks, its enrolment has told
	want_eq '["board","disk","serial"]' \
	    "$(fg_last '.attested.agree - ["mac"] | tojson')"
	want_not grep -q "$SERIAL" "$FG_AUDIT"
	# what runs there, and when by its clock, which is this machine's
	version=$(fg_status .version)
	want_not test "$version" = null
	want_eq "$version" "$(fg_last .attested.release)"
	want_eq true "$(fg_last "$(date +%s) - .attested.at | . >= 0 and . < 60")"
	want farmgatectl explain "$(fg_last .ref)" >"$OUT"
	want_line 'attested +LT-1, issued to the person; agree: board, disk, serial' \
	    "$OUT"
	want_line "; release $version, at 20.*Z by its clock\$" "$OUT"
}

without_the_helper_nobody_is()
{
	client_config alice >"$CFG"
	want_not on_laptop env -u SSH_ASKPASS setsid -w timeout 60 \
	    ssh -F "$CFG" 127.0.0.1 true </dev/null >"$OUT" 2>&1
	want_eq deny "$(fg_last .verdict)"
	want_line 'challenge.failed' <(fg_last .reason)
	want_line device.unenrolled:unattested <(fg_last .reason)
}

# ---- what it has found ------------------------------------------------------

a_steered_laptop_is_refused()
{
	"$TOOLS/deskhelp" 1000 </dev/null >/dev/null 2>&1 &
	TOOL=$!
	is_refused remote.tool:active alice
	want_eq "deskhelp: attested by LT-1" "$(says_of remote.tool)"
	kill "$TOOL"
	wait "$TOOL" 2>/dev/null
	TOOL=
	sleep 1.2		# an older look counts that long
	gets_in alice
}

ssh_that_others_type_is_refused()
{
	is_refused remote.session,remote.tunnel:running alice \
	    "$TOOLS/steershell" -c '"$@"; exit $?' -
	want_line 'in a session there that others have in their hands' \
	    <(says_of remote.session)
}

# By who looks at her desktop, into a terminal of hers.
ssh_through_x11vnc_is_refused()
{
	laptop_user alice
	want steered_begin
	want steered_run viewer_types "ssh jumphost echo in as alice"
	want_eq 255 "$STEERED_RC"
	want_line 'Call extension 100' "$FG_WORK/steered"
	no_line '^in as' "$FG_WORK/steered"
	want_eq "deny remote.session" \
	    "$(fg_last '"\(.verdict) \(.decided.finding)"')"
	want_eq "x11vnc: attested by LT-1" "$(says_of remote.desktop)"
	want_line 'in a session there that others have in their hands' \
	    <(says_of remote.session)
	# the same, typed while nobody looks any more
	want viewer_disconnect
	sleep 1.2
	want steered_run alice_types "ssh jumphost echo in as alice"
	want_eq 0 "$STEERED_RC"
	want_line '^in as alice' "$FG_WORK/steered"
	want_eq allow "$(fg_last .verdict)"
	steered_end
}

# ---- whose it is ------------------------------------------------------------

somebody_elses_laptop_is_refused()
{
	is_refused device.unissued bob
	want_eq "the laptop LT-1 was issued to alice" \
	    "$(says_of device.unissued)"
}

other_hardware_with_its_key_is_refused()
{
	laptop_stop
	laptop_hardware PF9COPIED L1HF00000Z9 S5GXNX0T000009
	laptop_start < <(laptop_conf)
	is_refused device.mismatch:strong alice
	want_line 'differ: board, disk, serial' <(says_of device.mismatch)
	# and with the first one again it is known that there are two
	laptop_stop
	laptop_hardware "$SERIAL" "$BOARD" "$DISK"
	laptop_start < <(laptop_conf)
	is_refused device.clone alice
	want_line 'is the key of LT-1, and another machine has it' \
	    <(says_of device.clone)
}

a_revoked_one_is_refused()
{
	local code open

	# what was copied is enrolled anew first
	want farmgatectl device remove LT-1
	laptop_stop
	want on_laptop farmgatectl enrol init --replace --yes
	code=$(on_laptop farmgatectl enrol request)
	laptop_start < <(laptop_conf)
	want farmgatectl enrol add --yes "$code"
	gets_in alice
	on_laptop env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    setsid -w timeout 60 ssh -F "$CFG" 127.0.0.1 \
	    'echo in as $USER; exec sleep 30' </dev/null >"$OUT.open" 2>&1 &
	open=$!
	want fg_until 20 grep -q '^in as alice$' "$OUT.open"
	want farmgatectl device revoke LT-1 --reason "lost on a train" >"$OUT"
	want_line '^sessions that are open with it stay open; end the process' \
	    "$OUT"
	want_line '^  alice +sshd .* LT-1 ' "$OUT"
	want_line '^    its process is [1-9][0-9]*$' "$OUT"
	want_line '^mark LT-1 lost in the inventory as well$' "$OUT"
	kill "$open" 2>/dev/null
	farmgatectl person --service sshd --from 127.0.0.1 alice >"$OUT" 2>&1
	want_line 'their laptop LT-1 was revoked: lost on a train;' "$OUT"
	want_not from_laptop alice
	want_line 'challenge.failed' <(fg_last .reason)
	want_line 'the laptop was revoked' \
	    <(fg_last '[.findings[].text] | join(" ")')
}

# sudo on the jump host asks no laptop.
nobody_else_is_asked()
{
	want pamtester sudo alice acct_mgmt
	want_not grep -q unattested <(fg_last .reason)
}

begin
trap end_all EXIT
run "a laptop is enrolled" it_is_enrolled
run "CONV-14 an enrolled laptop is let in" an_enrolled_laptop_is_let_in
run "without the helper nobody is" without_the_helper_nobody_is
run "a laptop that is steered is refused, and the tool named" \
    a_steered_laptop_is_refused
run "ssh that others type is refused" ssh_that_others_type_is_refused
if steered_have; then
	run "ssh typed through x11vnc is refused, and x11vnc named" \
	    ssh_through_x11vnc_is_refused
else
	skip "ssh typed through x11vnc is refused, and x11vnc named" \
	    "$STEERED_LACKS"
fi
run "DEV-04 somebody else's laptop is refused" \
    somebody_elses_laptop_is_refused
run "DEV-04 its key on other hardware is refused, and found out" \
    other_hardware_with_its_key_is_refused
run "DEV-04 a revoked one is refused" a_revoked_one_is_refused
run "services that ask no laptop do not miss one" nobody_else_is_asked
finish
