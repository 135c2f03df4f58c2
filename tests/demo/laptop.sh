# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The demo's step about issued laptops: one with a daemon, folders and hardware
# of its own, beside the jump host. Sourced by demo.sh.

. "$FG_TOP/tests/lib/plugged.sh"
. "$FG_TOP/tests/lib/laptop.sh"
. "$FG_TOP/tests/lib/issued.sh"
. "$FG_TOP/tests/lib/tree.sh"
. "$FG_TOP/tests/lib/started.sh"
. "$FG_TOP/tests/lib/scope.sh"
. "$FG_TOP/tests/lib/desktop.sh"
. "$FG_TOP/tests/lib/remote_vnc.sh"
. "$FG_TOP/tests/lib/steered.sh"

ISSUED=(PF1ISSUED L1HF00000A1 S5GXNX0T000001)

demo_assets()
{
	cat <<-EOT
	asset_tag,user,serial,board_serial,disk_serials
	LT-0042,alice,PF1ISSUED,L1HF00000A1,S5GXNX0T000001
	LT-0043,bob,PF2ISSUED,L1HF00000B2,S5GXNX0T000002
	EOT
}

laptop_conf()
{
	cat <<-EOT
	mode = enforce
	asset = "LT-0042"
	$(demo_machine)
	$(farmgatectl enrol host --name jumphost 2>/dev/null)
	EOT
}

# Its daemon, begun anew: what the machine is, is read then.
laptop_restart()
{
	laptop_stop
	# not in a subshell, which would keep whose daemon it is to itself
	laptop_start < <(laptop_conf) >"$FG_WORK/laptop.started" ||
	    expect "the laptop's daemon" running "not: $(cat "$FG_WORK/laptop.started")"
}

# ARGUMENT...: farmgatectl there.
laptop_control()
{
	local out rc=0

	command_line "farmgatectl$(quoted "$@")   # on the laptop"
	out=$(on_laptop farmgatectl "$@" 2>&1) || rc=$?
	shorten <<<"$out" | indent
	expect "the exit status" 0 "$rc"
}

# Whose key it is logs in by it, and the gate asks behind that.
ask_laptops()
{
	cat >/etc/pam.d/sshd <<-EOT
	auth     required pam_permit.so
	auth     required $FG_MODULE
	account  required $FG_MODULE
	session  required pam_loginuid.so
	session  required $FG_MODULE
	EOT
	fg_sshd_stop
	fg_sshd_start - < <(echo AuthenticationMethods \
	    publickey,keyboard-interactive:pam)
	DEVICE=yes
	demo_conf | fg_conf
	command_line "grep device farmgate.conf"
	grep device "$FG_CONF" | indent
	command_line "farmgatectl reload"
	farmgatectl reload | shorten | indent
}

ask_no_laptops()
{
	sessions_pam
	fg_sshd_stop
	fg_sshd_start
	DEVICE=
	echo "   from here on nobody is asked any more:"
	reload enforce
}

# USER VERDICT WHY [ASKPASS WHERE]: ssh on the laptop, at a terminal.
from_laptop()
{
	local program=${4:-$FG_BIN/farmgate-attest}
	local out rc=0 want=0
	local run='echo "$(id -un) is in, on $(hostname)"'

	command_line "ssh $1@jumphost   # on the ${5:-laptop}"
	run=$(printf '%q ' ssh -F "$FG_WORK/home/$1/.ssh/config" \
	    "$1@jumphost" "$run")
	out=$(on_laptop setpriv --reuid "$1" --regid "$1" --clear-groups \
	    env "HOME=$FG_WORK/home/$1" SSH_ASKPASS="$program" \
	    SSH_ASKPASS_REQUIRE=force setsid -w \
	    timeout 60 script -qec "$run" /dev/null </dev/null 2>&1) || rc=$?
	tr -d '\r' <<<"$out" |
	    grep -Ev '^$|^Warning: |Permission denied|^Connection closed' |
	    fold -s -w 70 | sed 's/ $//' | indent
	[ "$2" != deny ] || want=255
	expect "the exit status of ssh" "$want" "$rc"
	[ "$HEAD" = "$STEP" ] || table_head
	HEAD=$STEP
	row "$2" NO "$3"
}

laptop_is_there()
{
	! steered_have || steered_prepare
	laptop_begin
	laptop_hardware "${ISSUED[@]}"
	cp /etc/farmgate/catalogue/*.conf "$LAPTOP_WORK/etc/farmgate/catalogue"
	laptop_user alice
	laptop_user bob
}

laptop_is_enrolled()
{
	local code=/etc/farmgate/LT-0042

	demo_assets >/etc/farmgate/assets.csv
	command_line "cat assets.csv"
	indent </etc/farmgate/assets.csv
	control inventory import /etc/farmgate/assets.csv
	FIT="fold -s -w 70" control enrol host --name jumphost
	laptop_control enrol init
	laptop_restart
	command_line "grep asset farmgate.conf   # on the laptop, beside that section"
	grep asset "$LAPTOP_WORK/etc/farmgate/farmgate.conf" | indent
	command_line "farmgatectl enrol request   # on the laptop"
	on_laptop farmgatectl enrol request >"$code"
	shorten <"$code" | indent
	control enrol add --yes "$code"
}

# SERIAL BOARD DISK: another machine with everything else of it.
laptop_becomes()
{
	laptop_stop
	laptop_hardware "$@"
	laptop_restart
}

# The jump host's own scanner, on the same machine, is not to see it: it has a
# catalogue of its own that does not know x11vnc.
laptop_is_steered()
{
	steered_have || {
		echo "   (not shown: $STEERED_LACKS)"
		return 0
	}
	want steered_begin
	command_line "ss -tnp state established   # on the laptop: x11vnc, and who looks"
	ss -Htnp state established "sport = :$VNC_PORT" |
	    awk '{ print $3, "<-", $4, $5 }' | shorten | indent
	command_line "ssh alice@jumphost   # typed by who looks, in her terminal"
	steered_run viewer_types "ssh alice@jumphost hostname"
	expect "the exit status of ssh" 255 "$STEERED_RC"
	grep -Ev '^$|^Warning: |Permission denied|^Connection closed' \
	    "$FG_WORK/steered" | fold -s -w 70 | sed 's/ $//' | indent
	row deny NO remote.session
	command_line "farmgatectl explain $(fg_last .ref)   # what the laptop has said"
	farmgatectl explain "$(fg_last .ref)" |
	    sed -n '/^  attested/p;/^  findings/,/^  step-up/p' | indent
	expect "the tool in the audit" "x11vnc: attested by LT-0042" \
	    "$(fg_last '[.findings[] | select(.code == "remote.desktop").text][0]')"
	steered_end
}

show_laptop()
{
	step "Issued laptops: the jump host asks the laptop what it is" \
	    "A second daemon stands for a laptop, with folders and hardware of its" \
	    "own. ssh there has farmgate-attest answer for it, signed and sealed."
	laptop_is_there
	mv /etc/farmgate/catalogue/vnc.conf "$FG_WORK"
	ask_laptops
	laptop_is_enrolled
	echo "   her own laptop:"
	from_laptop alice allow policy
	echo "   a machine that has nothing to say:"
	from_laptop alice deny challenge.failed /bin/false "other machine"
	echo "   somebody steers hers by x11vnc, which its own catalogue knows:"
	laptop_is_steered
	echo "   the same laptop in other hands:"
	from_laptop bob deny device.unissued
	echo "   its key, copied to another machine:"
	laptop_becomes PF9COPIED L1HF00000Z9 S5GXNX0T000009
	from_laptop alice deny device.mismatch:strong
	because device.mismatch
	echo "   and by that the first one is found to have a double:"
	laptop_becomes "${ISSUED[@]}"
	from_laptop alice deny device.clone
	because device.clone
	laptop_end
	mv "$FG_WORK/vnc.conf" /etc/farmgate/catalogue
	ask_no_laptops
}
