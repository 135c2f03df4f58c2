#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Runs once as root in the disk's tree: makes a laptop of it, with people, and
# installs Farmgate's package. Its sshd is the door that the gate is to guard;
# the other door is the tests' own, past PAM, so that what they ask of the
# machine is never in what they look at.

set -eu
umask 022

echo laptop >/etc/hostname
printf '127.0.0.1 localhost laptop\n' >/etc/hosts
echo '/dev/vda / ext4 defaults,noatime 0 0' >/etc/fstab
: >/etc/default/locale
rm -f /etc/resolv.conf
cat >/etc/network/interfaces <<-'END'
	auto lo
	iface lo inet loopback
	auto eth0
	iface eth0 inet static
		address 10.0.2.15/24
END

# People --------------------------------------------------------------------

for name in alice carol; do
	useradd -m -s /bin/bash "$name"
	echo "$name:$name-pw" | chpasswd
	install -d -m 0700 -o "$name" -g "$name" "/home/$name/.ssh"
	install -m 0600 -o "$name" -g "$name" "/keys/$name.pub" \
	    "/home/$name/.ssh/authorized_keys"
done
echo 'carol ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/carol

# Doors ---------------------------------------------------------------------

rm -f /etc/ssh/ssh_host_*
install -m 0600 /keys/host /etc/ssh/ssh_host_ed25519_key
install -m 0644 /keys/host.pub /etc/ssh/ssh_host_ed25519_key.pub
cat >/etc/ssh/sshd_config.d/laptop.conf <<-'END'
	HostKey /etc/ssh/ssh_host_ed25519_key
	UseDNS no
	PrintLastLog no
	PrintMotd no
END
install -d -m 0755 /etc/check-vm
install -m 0644 /keys/control.pub /etc/check-vm/authorized_keys
cat >/etc/check-vm/sshd_config <<-'END'
	Port 2222
	HostKey /etc/ssh/ssh_host_ed25519_key
	PidFile none
	UsePAM no
	UseDNS no
	PrintLastLog no
	PrintMotd no
	PermitRootLogin prohibit-password
	PasswordAuthentication no
	AuthorizedKeysFile /etc/check-vm/authorized_keys
END
cat >/etc/systemd/system/check-vm.service <<-'END'
	[Unit]
	Description=The other door, of the tests
	After=network.target ssh.service
	[Service]
	RuntimeDirectory=sshd
	RuntimeDirectoryPreserve=yes
	ExecStart=/usr/sbin/sshd -D -f /etc/check-vm/sshd_config
	[Install]
	WantedBy=multi-user.target
END
systemctl --quiet enable check-vm.service

# What a laptop does in its spare time takes the tests' time.
systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
    systemd-tmpfiles-clean.timer serial-getty@ttyS0.service \
    systemd-networkd-wait-online.service systemd-pcrphase.service \
    systemd-pcrphase-sysinit.service

# The gate, as Debian's administrators install it ---------------------------

dpkg -i /farmgate.deb
