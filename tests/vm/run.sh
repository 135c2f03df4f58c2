#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# make check-vm: a laptop, as a virtual machine without hardware's help, with
# Farmgate's package installed in it and its units started by systemd; people
# log in while somebody plugs a KVM in. Of this machine only build/vm is
# written, and no process is left.
#
# Usage: tests/vm/run.sh [STEP...]; all of tests/vm/NN_*.sh by default. With
# --stay as the first the laptop stays on afterwards, and without a step at
# once, for who wants to look by hand, until a key is pressed.

set -u
umask 022
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$top/tests/lib/check.sh"
. "$top/tests/vm/machine.sh"
stay=

die()
{
	echo "check-vm: $*" >&2
	exit 1
}

# What the laptop said last, for the reader of a failure.
run_context()
{
	there journalctl --no-pager -q -n 12 -o short-monotonic \
	    -t farmgate-policyd -t sshd -t login | cut -c1-300 |
	    sed 's/^/    | /'
}

end()
{
	[ -z "$VM_DIR" ] || [ ! -f "$VM_DIR/console.log" ] ||
	    cp "$VM_DIR/console.log" "$VM_DIR/qemu.log" "$VM/"
	vm_stop
}

# A step is part of this shell, and shares what machine.sh and lib.sh have.
steps()
{
	local step

	. "$top/tests/vm/lib.sh"
	for step in "$@"; do
		echo "--- $step"
		. "$top/tests/vm/$step.sh"
	done
	finish
}

by_hand()
{
	cat <<-EOF

	The laptop is on. In another terminal:
	    ssh -F $VM_DIR/ssh_config control        root, past the gate
	    ssh -F $VM_DIR/ssh_config alice          alice, by the gate; carol may use sudo
	in it, as root:
	    gadget plug pikvm; gadget unplug; gadget type TEXT
	    farmgatectl scan --watch
	Press Enter to switch it off.
	EOF
	read -r _ || :
}

[ "$(id -u)" -eq 0 ] || die "needs root"
[ "${1:-}" != --stay ] || { stay=1; shift; }
if [ $# -eq 0 ] && [ -z "$stay" ]; then
	set -- "$top"/tests/vm/[0-9]*.sh
	set -- "${@##*/}"
	set -- "${@%.sh}"
fi
mkdir -p "$VM"
exec 9>"$VM/lock"
flock -n 9 || die "another one runs in this tree"
"$top/tests/vm/image.sh" || exit 1
image_s=$SECONDS
trap end EXIT
vm_start || { cat "$VM_DIR"/*.log >&2; die "the machine does not start"; }
vm_until 600 vm_is_up || {
	tail -n 20 "$VM_DIR/console.log" >&2
	die "the laptop does not come up: see build/vm/console.log"
}
boot_s=$((SECONDS - image_s))
echo "check-vm: the laptop is up"
said=$VM/said
: >"$said"
[ $# -eq 0 ] || (steps "$@") | tee "$said"
[ -z "$stay" ] || by_hand
failed=$(grep -c '^FAIL ' "$said") || :
passed=$(grep -c '^PASS ' "$said") || :
skipped=$(grep -c '^SKIP ' "$said") || :
echo "check-vm: $passed passed, $failed failed, $skipped skipped in $SECONDS s" \
    "(image $image_s s, boot $boot_s s)"
[ "$failed" -eq 0 ] && { [ "$passed" -gt 0 ] || [ -n "$stay" ]; }
