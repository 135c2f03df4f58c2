#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The TPM of a laptop, which swtpm plays: a socket in the place of the device.
# Its endorsement key is shown, a device key is sealed by it, and whatever it
# does keeps no daemon from starting.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/lib/plugged.sh"
. "$FG_TOP/tests/lib/laptop.sh"

DEVICE=/dev/tpmrm0
KEY=/etc/farmgate/device.key
TPM=$FG_WORK/tpm		# where this one has its state
TPM_PID=
EK=				# the digest of its key
PUBLIC=				# the device key that it has sealed

# NAME: switch one on, with the state that it has, or none.
tpm_on()
{
	mkdir -p "$TPM/$1"
	swtpm socket --tpm2 --tpmstate "dir=$TPM/$1" \
	    --server "type=unixio,path=$DEVICE" \
	    --ctrl "type=unixio,path=$DEVICE.ctrl" \
	    --flags not-need-init,startup-clear >/dev/null 2>&1 </dev/null &
	TPM_PID=$!
	fg_until 5 test -S "$DEVICE"
}

tpm_off()
{
	[ -z "$TPM_PID" ] || { kill "$TPM_PID"; wait "$TPM_PID"; } 2>/dev/null
	TPM_PID=
	rm -f "$DEVICE" "$DEVICE.ctrl"
}

# What farmgate-assets(5) says of how to come by it.
ek_by_tools()
{
	export TPM2TOOLS_TCTI=swtpm:path=$DEVICE
	tpm2_createek -G rsa -c "$TPM/ek.ctx" -u "$TPM/ek.pem" -f pem &&
	    openssl rsa -pubin -in "$TPM/ek.pem" -RSAPublicKey_out \
		-outform der 2>/dev/null | sha256sum | cut -d' ' -f1
	tpm2_flushcontext -t
}

# FILTER: of what it says as JSON.
shown()
{
	farmgatectl device show --json 2>/dev/null | jq -c "$1"
}

# The machine has one, by what the kernel says.
kernel_has_one()
{
	mkdir -p /sys/class/tpmrm/tpmrm0
}

# ---- the endorsement key ----------------------------------------------------

its_key_is_shown()
{
	tpm_on first
	EK=$(ek_by_tools)
	want_eq 64 "${#EK}"
	want fg_restart
	says 0 device show
	want_line '^tpm +read$' "$OUT"
	want_line "^tpm +$EK +tpmrm0\$" "$OUT"
	want_eq '{"state":"read","why":null} []' \
	    "$(shown .tpm) $(shown .unread)"
	want_eq '{"kind":"tpm","value":"'"$EK"'","where":"tpmrm0",
"counts":true,"why":null}' "$(shown '.ids[0]' | sed 's/"tpmrm0",/&\n/')"
	no_line 'tpm:|tss2|esys' "$FG_WORK/daemon.log"
}

# The one entry is who listens.
nobody_keeps_it_open()
{
	want_eq 1 "$(grep -c "$DEVICE\$" /proc/net/unix)"
	want_eq "$(fg_scanner)" "$(pgrep -P "$FG_PID")"
	want_eq "" "$(find "/proc/$FG_PID/fd" "/proc/$(fg_scanner)/fd" \
	    -lname '*tpm*')"
}

# Whoever enrols the laptop compares it.
a_jump_host_hears_of_it()
{
	printf '%s\n' asset_tag,user,tpm_ek "LT-0042,alice,SHA256:$EK" \
	    "LT-0043,bob,$(echo x | sha256sum | cut -c1-64)" \
	    >"$FG_WORK/assets.csv"
	want farmgatectl inventory import "$FG_WORK/assets.csv" >/dev/null
	says 0 enrol init
	want_line '^there is a TPM; enrol init --replace --tpm keeps the key in it' "$OUT"
	says 2 enrol add "$(farmgatectl enrol request --asset LT-0042)" \
	    </dev/null
	want_line '^  tpm +agree$' "$OUT"
	says 2 enrol add "$(farmgatectl enrol request --asset LT-0043)" \
	    </dev/null
	want_line '^  tpm +differ$' "$OUT"
	rm "$KEY"
}

# ---- a sealed key -----------------------------------------------------------

# STATUS: what the daemon thinks of the device key.
status()
{
	want fg_restart
	says "$1" status
}

a_key_is_sealed()
{
	says 0 enrol init --tpm
	PUBLIC=$(sed -n 's/^made .* is \(ed25519:.*\)$/\1/p' "$OUT")
	want_line "^only this machine's TPM opens it; .*farmgate-laptop" "$OUT"
	no_line '^there is a TPM' "$OUT"
	want_eq "600 root root" "$(stat -c '%a %U %G' "$KEY")"
	want_line '^farmgate-device-tpm2 [A-Za-z0-9+/]+=*$' "$KEY"
	want_eq 1 "$(wc -l <"$KEY")"
	status 0
	want grep -qF "device key $PUBLIC" "$OUT"
	want farmgatectl enrol request --asset LT-0042 >/dev/null
	want_eq 1 "$(grep -c "$DEVICE\$" /proc/net/unix)"
}

# NAME PATTERN: why it is no key while that one is on.
not_opened()
{
	tpm_off
	[ "$1" = none ] || tpm_on "$1"
	status 1
	want_line "^DEGRADED +the device key: $KEY: .*$2" "$OUT"
	want_not grep -qF "$PUBLIC" "$OUT"
	want_line "device key: $KEY: .*$2" "$FG_WORK/daemon.log"
	says 2 enrol request --asset LT-0042
	want_line "^farmgatectl: enrol: $KEY: .*$2" "$OUT"
}

another_tpm_does_not_open_it()
{
	cp "$KEY" "$KEY.copy"
	not_opened second 'another TPM.*make a new one'
	not_opened none 'shows no TPM.*farmgate-laptop\(7\)'
	want_eq "" "$(diff "$KEY" "$KEY.copy")"
	rm "$KEY.copy"
}

the_same_one_opens_it_again()
{
	tpm_off
	tpm_on first
	status 0
	want grep -qF "device key $PUBLIC" "$OUT"
	no_line 'DEGRADED' "$OUT"
}

# What it says is what it was; it is not sealed anew.
init_leaves_it_alone()
{
	cp "$KEY" "$KEY.copy"
	says 2 enrol init --tpm
	want_line "$KEY is there, " "$OUT"
	want_eq "" "$(diff "$KEY" "$KEY.copy")"
	says 0 enrol init --tpm --replace --yes
	want_not diff -q "$KEY" "$KEY.copy"
	want_eq "" "$(find /etc/farmgate -name 'device.key.*' ! -name '*.copy')"
	mv "$KEY.copy" "$KEY"
}

without_one_nothing_is_sealed()
{
	tpm_off
	rm -f "$KEY"
	says 2 enrol init --tpm
	want_line '--tpm: this machine shows no TPM 2.0; without it ' "$OUT"
	want_eq "" "$(find /etc/farmgate -name 'device.key*')"
	says 0 enrol init
	no_line '^there is a TPM' "$OUT"
	rm "$KEY"
}

a_sealed_key_that_is_damaged_is_none()
{
	echo farmgate-device-tpm2 AQID >"$KEY"
	chmod 0600 "$KEY"
	not_opened first 'makes no sense.*make a new one'
	rm "$KEY"
	status 0
}

the_key_is_in_no_record()
{
	local log

	for log in "$FG_AUDIT" "$FG_SYSLOG" "$FG_WORK/daemon.log" \
	    "$FG_WORK/daemon.log.old"; do
		no_line "$EK|farmgate-device-tpm2" "$log"
	done
}

# ---- one that is not there, or does not answer ------------------------------

one_that_the_service_may_not_use_is_not_absent()
{
	tpm_off
	want fg_restart
	says 0 device show
	want_line '^tpm +none$' "$OUT"
	want_eq '{"state":"none","why":null} []' \
	    "$(shown .tpm) $(shown .unread)"
	kernel_has_one
	want fg_restart
	says 0 device show
	want_line '^tpm +not read: there is one, .*farmgate-laptop\(7\)' "$OUT"
	want_eq '"hidden" ["tpm"]' "$(shown .tpm.state) $(shown .unread)"
	no_line 'tpm:' "$FG_WORK/daemon.log"
}

# Who listens there takes what it is told and says nothing.
one_that_hangs_keeps_nobody_waiting_for_ever()
{
	python3 - "$DEVICE" <<-'EOF' &
	import socket, sys, time
	s = socket.socket(socket.AF_UNIX)
	s.bind(sys.argv[1])
	s.listen()
	held = []
	while True:
	    held.append(s.accept())
	EOF
	TPM_PID=$!
	want fg_until 5 test -S "$DEVICE"
	fg_restart
	want fg_until 60 grep -q 'ready: ' "$FG_WORK/daemon.log"
	want_line 'tpm: it did not answer in time' "$FG_WORK/daemon.log"
	says 0 device show
	want_line '^tpm +not read: it did not answer in time$' "$OUT"
	want_eq '"late" ["tpm"]' "$(shown .tpm.state) $(shown .unread)"
	want_eq "$(fg_scanner)" "$(pgrep -P "$FG_PID")"
	tpm_off
}

plugged_begin
be_laptop
setup_gate
want_daemon

have_all()
{
	local program

	for program; do
		command -v "$program" >/dev/null || return 1
	done
}

if ! have_all swtpm tpm2_createek openssl; then
	skip "the TPM of a laptop" "swtpm, tpm2-tools or openssl is missing"
elif [ "$(shown .tpm.state)" = '"unbuilt"' ]; then
	skip "the TPM of a laptop" "this build reads no TPM"
else
	run "the digest of its endorsement key is shown" its_key_is_shown
	run "nobody keeps it open" nobody_keeps_it_open
	run "a jump host compares it with the inventory" \
	    a_jump_host_hears_of_it
	run "a device key is sealed, and opened at the start" a_key_is_sealed
	run "another TPM does not open it, and that is said" \
	    another_tpm_does_not_open_it
	run "the same TPM opens it again" the_same_one_opens_it_again
	run "a sealed key that is there stays" init_leaves_it_alone
	run "without a TPM nothing is sealed" without_one_nothing_is_sealed
	run "a sealed key that is damaged is none" \
	    a_sealed_key_that_is_damaged_is_none
	run "neither key is in a record or a log" the_key_is_in_no_record
	run "one that the service may not use is not absent" \
	    one_that_the_service_may_not_use_is_not_absent
	run "one that hangs keeps no daemon from starting" \
	    one_that_hangs_keeps_nobody_waiting_for_ever
fi
finish
