# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The laptop's disk in another laptop of the same model, which somebody else
# has: everything on it is as it was, and the machine is not.

# TPM SERIAL BOARD UUID: the disk is put into that one.
into()
{
	want vm_switch_off
	VM_TPM=$1 VM_SERIAL=$2 VM_BOARD=$3 VM_UUID=$4
	want vm_switch_on
	want vm_until 600 vm_is_up
	want_eq "$2" "$(there cat /sys/class/dmi/id/product_serial)"
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
run "the disk in another laptop lets nobody in" moved
run "there the device key, which the first one's TPM has sealed, is none" \
    has_no_key
run "back where it belongs it lets alice in, and its key is there" \
    put_back "${own[@]}"
