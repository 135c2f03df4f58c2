# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The laptop of check-vm, as a virtual machine: what it is made of, its start
# and its end, and the ways into it. Nothing can reach it but from this
# machine's own loopback, and it can reach nothing.
#
# VM_DIR	disk, sockets, logs and the TPM's state of this run; and which
#		processes are the machine, machine.pid, and its TPM, tpm.pid

VM=$top/build/vm
VM_DIR=

# What stands in its firmware, as in a laptop's, and which TPM it has.
VM_VENDOR=LENOVO
VM_PRODUCT=21HMS00T00
VM_SERIAL=PF3X7K2M
VM_BOARD=L1HF36900AB
VM_UUID=1c2f0f4c-3f5d-11ee-8a7e-f8a2cf1d5b10
VM_TPM=tpm

# Its arguments, one a line. 10.0.2.2 is this machine, as the laptop sees it;
# qemu finds free ports of the loopback by itself.
vm_hardware()
{
	local kernel="root=/dev/vda rw fsck.mode=skip net.ifnames=0"
	local maker="manufacturer=$VM_VENDOR" model="ThinkPad T14 Gen 4"
	local system="$maker,product=$VM_PRODUCT,version=$model,family=$model"
	local net=user,id=net,restrict=on,ipv6=off

	system="$system,serial=$VM_SERIAL,uuid=$VM_UUID"
	net="$net,hostfwd=tcp:127.0.0.1:0-:22,hostfwd=tcp:127.0.0.1:0-:2222"
	kernel="$kernel console=tty0 console=ttyS0 quiet loglevel=4"
	kernel="$kernel mitigations=off systemd.show_status=0"
	printf '%s\n' -name laptop -machine q35,accel=tcg -cpu qemu64 -smp 2 \
	    -m 1024 -nodefaults -no-user-config -display none -no-reboot \
	    -device VGA,edid=on,xres=1280,yres=800 \
	    -device qemu-xhci -device virtio-rng-pci \
	    -smbios "type=0,vendor=$VM_VENDOR,version=N3XET42W (1.17 )" \
	    -smbios "type=1,$system" \
	    -smbios "type=2,$maker,product=$VM_PRODUCT,serial=$VM_BOARD" \
	    -smbios "type=3,$maker,serial=$VM_SERIAL" \
	    -chardev "socket,id=tpm,path=$VM_DIR/$VM_TPM.sock" \
	    -tpmdev emulator,id=tpm,chardev=tpm -device tpm-tis,tpmdev=tpm \
	    -netdev "$net" -device virtio-net-pci,netdev=net,romfile= \
	    -drive "file=$VM_DIR/disk,format=qcow2,if=virtio,cache=unsafe" \
	    -chardev "file,id=console,path=$VM_DIR/console.log" \
	    -serial chardev:console \
	    -chardev "socket,id=monitor,path=$VM_DIR/monitor.sock,server=on,wait=off" \
	    -mon chardev=monitor,mode=readline \
	    -kernel "$VM/vmlinuz" -initrd "$VM/initrd" -append "$kernel"
}

# COMMAND...: of qemu's monitor; its answers on stdout.
vm_monitor()
{
	python3 "$top/tests/vm/monitor.py" "$VM_DIR/monitor.sock" "$@"
}

# PORT: of the laptop; the port of 127.0.0.1 that leads there.
vm_forwarded()
{
	vm_monitor 'info usernet' |
	    awk -v port="$1" '/HOST_FORWARD/ && $6 == port { print $4 }'
}

# Who can log in, and the other door, for every client: also for one by hand.
vm_ssh_config()
{
	local name

	cat <<-EOF
	Host control
	    Port $(vm_forwarded 2222)
	    User root
	    ControlMaster auto
	    ControlPath $VM_DIR/control
	    ControlPersist yes
	Host *
	    Port $(vm_forwarded 22)
	    HostName 127.0.0.1
	    IdentityFile $VM/keys/%n
	    IdentitiesOnly yes
	    BatchMode yes
	    ConnectTimeout 60
	    KexAlgorithms curve25519-sha256
	    LogLevel INFO
	    UserKnownHostsFile $VM_DIR/known_hosts
	    GlobalKnownHostsFile $VM_DIR/known_hosts
	    HostKeyAlias laptop
	    UpdateHostKeys no
	EOF
	for name in alice carol; do
		printf 'Host %s\n    User %s\n' "$name" "$name"
	done
}

# The digest of its TPM's key, as farmgate-assets(5) has it, by a TPM that has a
# copy of that one's state.
vm_ek()
{
	local copy=$VM_DIR/ek pid

	cp -r "$VM_DIR/$VM_TPM" "$copy"
	swtpm socket --tpm2 --tpmstate "dir=$copy" \
	    --server "type=unixio,path=$copy/sock" \
	    --ctrl "type=unixio,path=$copy/sock.ctrl" \
	    --flags not-need-init,startup-clear >"$copy/log" 2>&1 </dev/null &
	pid=$!
	vm_until 10 test -S "$copy/sock"
	TPM2TOOLS_TCTI=swtpm:path=$copy/sock tpm2_createek -G rsa \
	    -c "$copy/ek.ctx" -u "$copy/ek.pem" -f pem
	openssl rsa -pubin -in "$copy/ek.pem" -RSAPublicKey_out -outform der \
	    2>"$copy/log" | sha256sum | cut -d' ' -f1
	kill "$pid"
	wait "$pid" 2>/dev/null || :
	rm -rf "$copy"
}

# Start it, not waiting until it is up. Fails if it does not run. What it writes
# on its disk stays until vm_stop.
vm_start()
{
	VM_DIR=$(mktemp -d)
	qemu-img create -q -f qcow2 -b "$VM/disk" -F raw "$VM_DIR/disk" &&
		vm_switch_on
}

# Its disk, in what is said above by now.
vm_switch_on()
{
	local hardware

	mkdir -p "$VM_DIR/$VM_TPM"
	swtpm socket --tpm2 --tpmstate "dir=$VM_DIR/$VM_TPM" \
	    --ctrl "type=unixio,path=$VM_DIR/$VM_TPM.sock" \
	    >>"$VM_DIR/tpm.log" 2>&1 </dev/null &
	echo $! >"$VM_DIR/tpm.pid"
	vm_until 10 test -S "$VM_DIR/$VM_TPM.sock" || return 1
	mapfile -t hardware < <(vm_hardware)
	qemu-system-x86_64 "${hardware[@]}" \
	    >>"$VM_DIR/qemu.log" 2>&1 </dev/null &
	echo $! >"$VM_DIR/machine.pid"
	vm_until 20 vm_monitor 'info status' || return 1
	vm_ssh_config >"$VM_DIR/ssh_config"
	sed 's/^/laptop /' "$VM/keys/host.pub" >"$VM_DIR/known_hosts"
}

# As by its button.
vm_switch_off()
{
	there systemctl poweroff || :
	vm_until 120 vm_is_off machine && vm_end
}

# End both, whatever state they are in, and the client of the other door.
vm_end()
{
	local part

	[ ! -S "$VM_DIR/control" ] ||
	    ssh -F "$VM_DIR/ssh_config" -O exit control 2>/dev/null || :
	for part in machine tpm; do
		vm_is_off "$part" || {
			kill "$(cat "$VM_DIR/$part.pid")" 2>/dev/null || :
			vm_until 20 vm_is_off "$part" || :
		}
		rm -f "$VM_DIR/$part.pid"
	done
	rm -f "$VM_DIR"/*.sock
}

vm_stop()
{
	[ -n "$VM_DIR" ] || return 0
	vm_end
	rm -rf "$VM_DIR"
	VM_DIR=
}

# PART: the machine, or its TPM.
vm_is_off()
{
	! kill -0 "$(cat "$VM_DIR/$1.pid" 2>/dev/null)" 2>/dev/null
}

# SECONDS COMMAND...: until it succeeds, at most that long, and no longer than
# the machine runs.
vm_until()
{
	local end=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		[ ! -f "$VM_DIR/machine.pid" ] || ! vm_is_off machine ||
			return 1
		sleep 0.2
	done
}

# USER [SSH-ARGUMENT...]: log in by the door that the gate guards.
vm_login()
{
	ssh -F "$VM_DIR/ssh_config" "$@" </dev/null
}

# COMMAND...: by a shell of root's in the laptop, past the gate.
there()
{
	ssh -F "$VM_DIR/ssh_config" control "$@" </dev/null
}

vm_is_up()
{
	there systemctl is-system-running | grep -Eqx 'running|degraded'
}
