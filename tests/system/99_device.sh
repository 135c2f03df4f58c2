#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What identifies this machine: files in the place of /sys, as the kernel has
# them of a laptop in a dock. Its serial numbers are root's alone to read, and
# neither the scanner nor a record has them.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/lib/plugged.sh"
. "$FG_TOP/tests/lib/laptop.sh"

# [LINE...]
device_conf()
{
	{
		printf '%s\n' "$@"
		setup_conf
	} | fg_conf
}

# FILTER: of what it says as JSON.
shown()
{
	farmgatectl device show --json 2>/dev/null | jq -c "$1"
}

# ---- what is shown ----------------------------------------------------------

it_is_shown()
{
	says 0 device show
	want_line '^no asset tag: asset in farmgate.conf$' "$OUT"
	want_line '^vendor +LENOVO$' "$OUT"
	want_line '^model +20XW004AGE$' "$OUT"
	want_line '^tpm +(none|not read: this build reads no TPM)$' "$OUT"
	want_line '^KIND +VALUE +SOURCE +NOTE$' "$OUT"
	want_line '^board +L1HF16B00XY +board_serial$' "$OUT"
	want_line "^disk +$DISK +nvme0n1\$" "$OUT"
	want_line '^uuid +2c4f9e4c-3a51-11b2-a85c-8d1f2e3b4c5d +product_uuid$' \
	    "$OUT"
	want_line "^serial +$SERIAL +product_serial\$" "$OUT"
	want_line '^chassis +Not Available +chassis_serial +no ID: it is what' \
	    "$OUT"
	want_line '^mac +8c:16:45:0a:1b:2c +enp0s31f6$' "$OUT"
	want_line '^mac +f8:94:c2:11:22:33 +wlp0s20f3$' "$OUT"
	want_line "^machine-id $MACHINE_ID, .*: it is not compared\$" "$OUT"
	want_line '^these are claims: ' "$OUT"
}

what_is_plugged_in_is_left_out()
{
	says 0 device show
	no_line 'enx|48:2a:e3' "$OUT"
	want_eq 7 "$(shown '.ids | length')"
}

as_json()
{
	want_eq '["asset","vendor","model","taken","tpm","ids","unread","more",
"machine_id"]' "$(shown keys_unsorted | sed 's/"more",/&\n/')"
	want_eq '[null,"LENOVO","20XW004AGE",[],false]' \
	    "$(shown '[.asset, .vendor, .model, .unread, .more]')"
	want_eq "\"$MACHINE_ID\"" "$(shown .machine_id)"
	want_eq '{"kind":"disk","value":"'"$DISK"'","where":"nvme0n1",
"counts":true,"why":null}' "$(shown '.ids[1]' | sed 's/"nvme0n1",/&\n/')"
	want_eq '["chassis","Not Available",false,"string"]' \
	    "$(shown '.ids[] | select(.counts | not) |
	    [.kind, .value, .counts, (.why | type)]')"
	want_eq true "$(shown ".taken <= $(date +%s)")"
}

an_asset_is_named()
{
	device_conf 'asset = "LT-0042"'
	want farmgatectl reload
	says 0 device show
	want_line '^asset +LT-0042$' "$OUT"
	no_line '^no asset tag' "$OUT"
	want_eq '"LT-0042"' "$(shown .asset)"
	device_conf
	want farmgatectl reload
}

# ---- when and by whom it is read --------------------------------------------

# A look at /sys would need root by now.
it_is_of_the_start()
{
	disk 0000:3d:00.0 nvme0n1 S5GXNX0T654321
	want farmgatectl reload
	want_eq "\"$DISK\"" "$(shown '.ids[1].value')"
	want fg_restart
	want_eq '"S5GXNX0T654321"' "$(shown '.ids[1].value')"
	disk 0000:3d:00.0 nvme0n1 "$DISK"
	want fg_restart
	want_eq "\"$DISK\"" "$(shown '.ids[1].value')"
}

# PID TEXT: whether it has that in its memory, by more than this command line.
knows()
{
	python3 - "$1" "$2" <<-'EOF'
	import sys
	text = sys.argv[2].encode()
	mem = open(f"/proc/{sys.argv[1]}/mem", "rb", 0)
	for line in open(f"/proc/{sys.argv[1]}/maps"):
	    where, mode = line.split()[:2]
	    first, last = (int(n, 16) for n in where.split("-"))
	    if "r" not in mode or "[v" in line:
	        continue
	    if last - first > 1 << 30:  # a sanitizer's shadow of the rest
	        continue
	    try:
	        mem.seek(first)
	        if text in mem.read(last - first):
	            sys.exit(0)
	    except OSError:
	        pass
	sys.exit(1)
	EOF
}

the_scanner_has_no_serial_numbers()
{
	local number

	farmgatectl scan >/dev/null 2>&1
	for number in "$SERIAL" "$DISK" L1HF16B00XY; do
		want knows "$FG_PID" "$number"
		want_not knows "$(fg_scanner)" "$number"
	done
	# and can be searched
	want knows "$(fg_scanner)" /proc
}

they_are_in_no_record()
{
	local number

	farmgatectl device show >/dev/null
	gate sshd alice 127.0.0.2 >/dev/null 2>&1
	fg_stop
	want fg_start
	for number in "$SERIAL" "$DISK" L1HF16B00XY 2c4f9e4c "$MACHINE_ID" \
	    8c:16:45; do
		no_line "$number" "$FG_AUDIT"
		no_line "$number" "$FG_SYSLOG"
		no_line "$number" "$FG_WORK/daemon.log"
		no_line "$number" "$FG_WORK/daemon.log.old"
	done
	want test -s "$FG_AUDIT"
}

who_may_ask()
{
	want_rc 0 by carol farmgatectl device show >"$OUT" 2>&1
	want_line "$SERIAL" "$OUT"
	want_rc 2 by alice farmgatectl device show >"$OUT" 2>&1
	want_line 'farmgate-admin' "$OUT"
	no_line "$SERIAL" "$OUT"
}

# ---- what is not there ------------------------------------------------------

# Nobody writes to it, and the daemon starts all the same.
what_cannot_be_read_is_said()
{
	rm "$DMI/product_serial"
	mkfifo "$DMI/product_serial"
	want fg_restart
	says 0 device show
	want_line '^serial +- +- +could not be read' "$OUT"
	no_line "$SERIAL" "$OUT"
	want_eq '["serial"]' "$(shown .unread)"
	want_eq 6 "$(shown '.ids | length')"
}

a_machine_that_shows_nothing()
{
	rm -rf /sys/class/dmi /sys/class/net /sys/block
	rm /etc/machine-id
	want fg_restart
	says 0 device show
	want_line '^vendor +-$' "$OUT"
	want_line '^this machine shows nothing that identifies it$' "$OUT"
	want_line '^machine-id -, ' "$OUT"
	want_eq '[null,null,[],[],null]' \
	    "$(shown '[.vendor, .model, .ids, .unread, .machine_id]')"
}

it_takes_nothing_else()
{
	says 2 device
	want_line '^usage: farmgatectl device show ' "$OUT"
	says 2 device recall
	want_line 'there is no device recall' "$OUT"
	says 2 device show LT-0042
	want_line 'unexpected argument LT-0042' "$OUT"
	says 2 device show --all
	want_line 'unknown option --all' "$OUT"
}

plugged_begin
be_laptop
setup_gate
device_conf
want_daemon

run "what identifies the machine is shown" it_is_shown
run "what is plugged in is no part of it" what_is_plugged_in_is_left_out
run "it is shown as JSON" as_json
run "the asset that it is said to be is shown" an_asset_is_named
run "it is read at the start" it_is_of_the_start
run "the scanner has none of the serial numbers" \
    the_scanner_has_no_serial_numbers
run "serial numbers are in no record and no log" they_are_in_no_record
run "only administrators may ask" who_may_ask
run "what cannot be read is no absence" what_cannot_be_read_is_said
run "a machine may show nothing" a_machine_that_shows_nothing
run "it takes no other arguments" it_takes_nothing_else
finish
