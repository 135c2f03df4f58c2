# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The laptop beside the record of what was issued to alice: by what it has in
# its firmware and its TPM, and by what another one has there.

# COLUMN=VALUE...: the inventory of assets, of what the laptop is and, where it
# is said, of something else.
issue()
{
	local column=(uuid="$VM_UUID" serial="$VM_SERIAL"
	    board_serial="$VM_BOARD" chassis_serial="$VM_SERIAL"
	    tpm_ek="$(vm_ek)") i names= values= word

	for i in "${column[@]}"; do
		for word in "$@"; do
			[ "${i%%=*}" != "${word%%=*}" ] || i=$word
		done
		names=$names,${i%%=*}
		values=$values,${i#*=}
	done
	write_there /root/assets.csv <<-EOF
	asset_tag,user,form$names
	LT-0042,alice,virtual$values
	EOF
	there farmgatectl inventory import /root/assets.csv
}

is_an_asset()
{
	want set_conf 'asset = "LT-0042"' \
	    'actions = {"device.mismatch = deny"}'
	want there farmgatectl reload
}

is_issued()
{
	want issue
	want login_seen alice true
	want_eq "allow alice sshd account address" "$(said)"
	want_eq "" "$(last '.findings[] | select(.code | test("^device")) |
	    .text')"
}

# GRADE TEXT: it is not the one that was issued, as far as that goes.
refused()
{
	want_not login alice true
	want_line 'Call extension 100' "$OUT"
	want_eq "deny alice sshd account address" "$(said)"
	found "device.mismatch:$1" >"$OUT"
	cat "$OUT"
	want_line "$2" "$OUT"
}

other_serial()
{
	want issue serial=PF4Z9Q1T
	refused weak '^LT-0042: differ: serial; agree: tpm, board, '
}

other_tpm()
{
	want issue \
	    tpm_ek=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
	refused strong '^LT-0042: differ: tpm; agree: '
}

run "the laptop is told which asset it is, and to refuse any other" is_an_asset
run "a laptop that shows what was issued lets alice in" is_issued
run "DEV-04 one whose serial number is another than the asset's is refused" \
    other_serial
run "DEV-04 one whose TPM is another than the asset's is refused" other_tpm
run "the laptop is alice's again" is_issued
