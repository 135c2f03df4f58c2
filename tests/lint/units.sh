#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The services' confinement, as the service manager's own tool judges it. What
# a service gains by a line that goes missing shows here. And the sockets, by
# whom they let in.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

T_LOG=$(mktemp)
WORK=$(mktemp -d)
trap 'rm -rf "$T_LOG" "$WORK"' EXIT
name="PRV-05 no service is more exposed than 2.2 of 10"
tpm="PRV-05 a service that may use the TPM sees no other device"

judged()
{
	systemd-analyze security --no-pager --offline=true --threshold=22 "$1"
}

little_exposed()
{
	local unit

	for unit in conf/*.service; do
		want judged "$PWD/$unit"
	done
}

# The drop-in takes nothing back that the unit has given up.
one_more_device()
{
	local unit=$WORK/farmgate-policyd.service

	cp conf/farmgate-policyd.service "$WORK"
	mkdir "$unit.d"
	cp conf/farmgate-policyd-tpm.conf "$unit.d/tpm.conf"
	want judged "$unit" >"$WORK/out"
	cat "$WORK/out"
	want_line 'DeviceAllow= .* char-rtc:r /dev/tpmrm0:rw ' "$WORK/out"
	want_line 'PrivateDevices= .*has no access to hardware' "$WORK/out"
	want_eq "BindPaths DeviceAllow SupplementaryGroups" \
	    "$(sed -n 's/^\([A-Z][A-Za-z]*\)=.*/\1/p' \
	    conf/farmgate-policyd-tpm.conf | paste -sd' ')"
}

# Those of the protocol; what the daemon binds by itself has the same modes.
sockets_are_those_of_the_protocol()
{
	local unit name mode n=0

	for unit in conf/*.socket; do
		name=$(sed -n 's|^ListenSequentialPacket=||p' "$unit")
		[ -n "$name" ] || continue
		mode=$(sed -n 's/^SocketMode=//p' "$unit")
		want_line "^    $name +mode $mode\\>" proto/PROTOCOL
		want_line "^FileDescriptorName=$(basename "$name" .sock)\$" \
		    "$unit"
		want_line '^Service=farmgate-policyd.service$' "$unit"
		want_line "^After=(.* )?$(basename "$unit")( |\$)" \
		    conf/farmgate-policyd.service
		n=$((n + 1))
	done
	want_eq "$(grep -c '^    /run/farmgate/.* mode ' proto/PROTOCOL)" "$n"
}

run "IPC-01 the units' sockets let in whom the protocol says" \
    sockets_are_those_of_the_protocol
if ! command -v systemd-analyze >/dev/null; then
	skip "$name" "systemd-analyze is not installed"
	skip "$tpm" "systemd-analyze is not installed"
else
	run "$name" little_exposed
	run "$tpm" one_more_device
fi
finish
