# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the scripts of check-deb share. Each runs as root in a Debian that has
# never had the package, with the packages and alice, who may use sudo; fg.sh
# has the daemon, a private sshd and its clients.

[ -n "${FG_DEBIAN:-}" ] || {
	echo "run by: tests/deb/check.sh $(basename "$0" .sh)" >&2
	exit 2
}
. "$FG_TOP/tests/lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
FG_BIN=$FG_WORK/bin
DEB=$(echo "$FG_TOP/build/deb"/farmgate_*.deb)
DEB_NEXT=$FG_TOP/build/deb/next.deb
MODULE=$(echo /usr/lib/*/security)/pam_farmgate.so

mkdir -p "$FG_BIN" "$FG_WORK/home/root/.ssh"
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/quick

# People by the Debian way; their homes are where fg.sh puts their keys.
users()
{
	local u

	for u in alice bob carol dave; do
		useradd -m -b "$FG_WORK/home" -s /bin/bash "$u"
	done
	echo 'alice ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/alice
	fg_keys
	ssh-keygen -q -t ed25519 -N '' -C root -f "$FG_KEYS/root"
	cp "$FG_KEYS/root.pub" "$FG_WORK/home/root/.ssh/authorized_keys"
}

# Install the package as an administrator does who was handed a file; what it
# needs comes from apt's cache, as there is no network.
install_package()
{
	dpkg -i "$DEB" || apt_get -f install
}

apt_get()
{
	apt-get -q -y -o Dpkg::Use-Pty=0 -o APT::Install-Recommends=false \
	    -o APT::Sandbox::User=root "$@"
}

version()
{
	dpkg-query -W -f '${Status} ${Version}' farmgate
}

stacks()
{
	(cd /etc && find pam.d pam.conf -printf '%p %M %U %G %l ' \
	    \( -type f -exec sha256sum {} \; -o -printf '\n' \) 2>/dev/null |
	    sort)
}

# Remembers the stacks; want_same_stacks compares.
note_stacks()
{
	stacks >"$FG_WORK/stacks"
}

want_same_stacks()
{
	want test -s "$FG_WORK/stacks"
	stacks >"$FG_WORK/stacks.now"
	want_eq "" "$(diff "$FG_WORK/stacks" "$FG_WORK/stacks.now")"
}

# Root's and another's way in, by the sshd that is running, and to root.
want_logins()
{
	want_eq root "$(fg_ssh key root 127.0.0.1 id -un)"
	want_eq alice "$(fg_ssh key alice 127.0.0.1 id -un)"
	want_eq root "$(fg_ssh key alice 127.0.0.1 sudo -n id -un)"
	want_eq bob "$(su bob -c 'id -un')"
}

# SERVICE: the lines that an administrator writes into it by hand, as
# pam_farmgate(8) has them.
name_module()
{
	sed -i -e '/^@include common-account/i account required pam_farmgate.so' \
	    -e '/^@include common-session/i session required pam_farmgate.so' \
	    "/etc/pam.d/$1"
}

unname_module()
{
	sed -i '/pam_farmgate/d' "/etc/pam.d/$1"
}

# Enforces, and lets in who comes from this machine.
enforcing_conf()
{
	fg_conf <<-'EOF'
	mode = "enforce"
	network near { cidr = {"127.0.0.0/8"} place = "NO" }
	policy all { networks = {"near"} }
	EOF
}
