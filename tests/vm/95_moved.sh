# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The laptop started with another serial number, then with another TPM, and its
# disk in another laptop of the same model, which somebody else has: everything
# on it is as it was, and the machine is not. What becomes of that is as shipped.

# TPM SERIAL BOARD UUID: the disk is put into that one.
into()
{
	want vm_switch_off
	VM_TPM=$1 VM_SERIAL=$2 VM_BOARD=$3 VM_UUID=$4
	want vm_switch_on
	want vm_until 600 vm_is_up
	want_eq "$2" "$(there cat /sys/class/dmi/id/product_serial)"
}

as_shipped()
{
	want set_conf 'asset = "LT-0042"'
	want there farmgatectl reload
}

# What a sticker or a firmware's menu changes is told, and lets in.
another_serial()
{
	into "$VM_TPM" PF4Z9Q1T "$VM_BOARD" "$VM_UUID"
	want login_seen alice true
	want_eq "allow alice sshd account address" "$(said)"
	found device.mismatch:weak >"$OUT"
	cat "$OUT"
	want_line '^LT-0042: differ: serial, chassis; agree: tpm, board, uuid' \
	    "$OUT"
}

another_tpm()
{
	into tpm-2 "${own[@]:1}"
	refused strong \
	    '^LT-0042: differ: tpm; agree: board, uuid, serial, chassis'
}

moved()
{
	into tpm-2 PF4Z9Q1T L1HF36901XY 7d0c3b1e-3f5e-11ee-9b1c-f8a2cf1d7c44
	refused strong \
	    '^LT-0042: differ: tpm, board, uuid, serial, chassis; 100 % of'
}

# What another TPM has sealed it cannot open.
has_no_key()
{
	there 'for i in 1 2 3 4 5; do
	    farmgatectl status && break
	    [ $? -eq 2 ] || break
	done' >"$OUT" || :
	cat "$OUT"
	want_line 'DEGRADED' "$OUT"
	want_line '/etc/farmgate/device.key' "$OUT"
	no_line 'device key ed25519:' "$OUT"
}

put_back()
{
	into "$@"
	want is_issued
	there farmgatectl status >"$OUT"
	cat "$OUT"
	want_line 'device key ed25519:' "$OUT"
	no_line DEGRADED "$OUT"
}

own=("$VM_TPM" "$VM_SERIAL" "$VM_BOARD" "$VM_UUID")
run "what is shipped decides from here on" as_shipped
run "DEV-04 started with another serial number it says so, and lets alice in" \
    another_serial
run "DEV-04 started with another TPM it refuses her" another_tpm
run "there the device key, which the first one's TPM has sealed, is none" \
    has_no_key
run "the disk in another laptop lets nobody in" moved
run "back where it belongs it lets alice in, and its key is there" \
    put_back "${own[@]}"
