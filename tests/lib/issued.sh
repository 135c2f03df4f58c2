# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# An issued laptop beside the jump host, on the same machine: a mount namespace
# with folders of its own in the place of /etc/farmgate, /run/farmgate and the
# daemon's, and with what the kernel says of another machine in /sys. Sourced
# behind plugged.sh and laptop.sh.

LAPTOP_PID=		# of who keeps the namespace
LAPTOP_DAEMON=
LAPTOP_WORK=$FG_WORK/laptop

# COMMAND...: on the laptop.
on_laptop()
{
	nsenter -t "$LAPTOP_PID" -m -- "$@"
}

# SERIAL BOARD DISK: what its kernel says of it, in a /sys of its own.
laptop_hardware()
{
	on_laptop bash -s -- "$FG_TOP" "$@" <<-'EOF'
	export FG_WORK=/run/laptop-hardware
	. "$1/tests/lib/plugged.sh"
	. "$1/tests/lib/laptop.sh"
	if [ -d "$FG_WORK" ]; then
		rm -rf "$DMI" "$PCI" /sys/block /sys/class/net /sys/class/dmi
	else
		mkdir -p "$FG_WORK"
		plugged_begin
	fi
	SERIAL=$2 DISK=$4
	be_laptop
	rm -f "$DMI/board_serial" "$DMI/product_uuid"
	echo "$3" >"$DMI/board_serial"
	chmod 0400 "$DMI/board_serial"
	EOF
}

laptop_begin()
{
	local folder

	for folder in etc/farmgate var/lib/farmgate var/log/farmgate; do
		mkdir -p "$LAPTOP_WORK/$folder"
		chown --reference="/$folder" "$LAPTOP_WORK/$folder"
		chmod --reference="/$folder" "$LAPTOP_WORK/$folder"
	done
	mkdir -p "$LAPTOP_WORK/etc/farmgate/catalogue"
	unshare -m --propagation private bash -c '
		for folder in etc/farmgate var/lib/farmgate var/log/farmgate; do
			mount --bind "$1/$folder" "/$folder" || exit
		done
		mount -t tmpfs -o mode=0755 tmpfs /run/farmgate || exit
		: >"$1/ready"
		exec sleep infinity' - "$LAPTOP_WORK" </dev/null &
	LAPTOP_PID=$!
	fg_until 5 test -e "$LAPTOP_WORK/ready"
}

# The daemon there, with a configuration from stdin.
laptop_start()
{
	local log=$LAPTOP_WORK/daemon.log

	cat >"$LAPTOP_WORK/etc/farmgate/farmgate.conf"
	chmod 0644 "$LAPTOP_WORK/etc/farmgate/farmgate.conf"
	# no function, so that the process is the daemon itself
	nsenter -t "$LAPTOP_PID" -m -- setsid farmgate-policyd -w -F kill \
	    >"$log" 2>&1 </dev/null &
	LAPTOP_DAEMON=$!
	fg_until 10 grep -q 'ready: ' "$log" || {
		cat "$log"
		return 1
	}
}

laptop_stop()
{
	[ -n "$LAPTOP_DAEMON" ] || return 0
	kill "$LAPTOP_DAEMON" 2>/dev/null
	wait "$LAPTOP_DAEMON" 2>/dev/null
	LAPTOP_DAEMON=
}

laptop_end()
{
	laptop_stop
	[ -z "$LAPTOP_PID" ] || kill "$LAPTOP_PID" 2>/dev/null
	LAPTOP_PID=
}

# USER: a file of their ssh, which comes from 127.0.0.2 to the host jumphost, and
# their key.
laptop_user()
{
	local home=$FG_WORK/home/$1

	{
		echo "Host jumphost"
		fg_ssh_options publickey,keyboard-interactive 127.0.0.2 |
		    sed -n 's/^\([A-Z][A-Za-z]*\)=\(.*\)/\1 \2/p' |
		    grep -v '^KexAlgorithms'
		echo "IdentityFile $home/.ssh/id"
	} >"$home/.ssh/config"
	install -m 0600 "$FG_KEYS/$1" "$home/.ssh/id"
	chown "$1:" "$home/.ssh/config" "$home/.ssh/id"
}
