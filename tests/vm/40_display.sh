# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the laptop's display says of itself, and what the laptop is.

shows()
{
	want there gadget screen pikvm
	sleep 2
	want login_seen alice true
	want_eq "allow alice sshd account address" "$(said)"
	found remote.display:identity >"$OUT"
	cat "$OUT"
	want_line 'PiKVM.*LNX:7773' "$OUT"
	want there gadget screen own
	sleep 2
	want login_seen alice true
	want_eq "" "$(found remote.display:identity)"
}

# Its firmware is a laptop's: its CPU tells.
virtual()
{
	want set_conf 'asset = "LT-0042"'
	want there farmgatectl reload
	want login_seen alice true
	found device.virtual >"$OUT"
	cat "$OUT"
	want_line 'TCGTCGTCGTCG' "$OUT"
	no_line "$VM_VENDOR" "$OUT"
	want set_conf ""
	want there farmgatectl reload
}

run "RCD-09 a display that is a PiKVM's by its EDID is found, and its own not" \
    shows
run "a virtual machine with a laptop's serial numbers is found out" virtual
