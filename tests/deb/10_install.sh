#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What a machine has when the package was installed, and that nothing of it
# decides about anybody.

. "$(dirname "$0")/lib.sh"
users
note_stacks

installs()
{
	want fg_sshd_start
	want_logins
	want_not dpkg -i "$DEB"		# lacks libraries
	want_same_stacks
	want_logins
	want apt_get -f install
	want_eq "install ok installed $(dpkg-deb -f "$DEB" Version)" \
	    "$(version)"
	want_same_stacks
	want_logins
}

# Owners, modes and places of FACTS 4.6 and of the manual.
has_its_modes()
{
	local mode owner path

	while read -r mode owner path; do
		# shellcheck disable=SC2086 # a pattern
		want_eq "$mode $owner" "$(stat -c '%a %U:%G' $path)"
	done <<-'EOT'
	644 root:root /usr/lib/*/security/pam_farmgate.so
	755 root:root /etc/farmgate
	755 root:root /etc/farmgate/hooks
	644 root:root /etc/farmgate/farmgate.conf
	755 root:root /run/farmgate
	700 farmgate:farmgate /var/lib/farmgate
	755 farmgate-geo:farmgate-geo /var/lib/farmgate-geo
	2750 farmgate:adm /var/log/farmgate
	755 root:root /usr/sbin/farmgate-policyd
	755 root:root /usr/sbin/farmgate-hooks
	755 root:root /usr/sbin/farmgatectl
	755 root:root /usr/sbin/farmgate-geodata
	755 root:root /usr/bin/farmgate-attest
	755 root:root /usr/lib/farmgate/geodata-convert
	644 root:root /usr/share/farmgate/asn-hosting.list
	644 root:root /usr/share/farmgate/farmgate-policyd-tpm.conf
	755 root:root /etc/farmgate/catalogue
	644 root:root /usr/share/farmgate/catalogue/rmm.conf
	644 root:root /usr/lib/sysusers.d/farmgate.conf
	644 root:root /usr/lib/tmpfiles.d/farmgate.conf
	644 root:root /usr/share/bash-completion/completions/farmgatectl
	644 root:root /usr/share/zsh/vendor-completions/_farmgatectl
	EOT
}

# Nothing of the package's is writable for others, set-uid or not root's.
has_no_other_modes()
{
	local file

	dpkg -L farmgate >"$FG_WORK/files"
	want grep -q pam_farmgate.so "$FG_WORK/files"
	while read -r file; do
		find "$file" -maxdepth 0 ! -type l \
		    \( -perm /7022 -o ! -user root -o ! -group root \)
	done <"$FG_WORK/files" >"$FG_WORK/odd"
	want_eq "" "$(cat "$FG_WORK/odd")"
}

has_its_users()
{
	local name

	for name in farmgate farmgate-scan farmgate-geo farmgate-hooks; do
		want_eq "/usr/sbin/nologin" \
		    "$(getent passwd "$name" | cut -d: -f7)"
		want_eq "$name" "$(id -Gn "$name")"
	done
	want_eq 4 "$(getent passwd farmgate farmgate-scan farmgate-geo \
	    farmgate-hooks | cut -d: -f3 | sort -u | wc -l)"
	want getent group farmgate-admin
	want_eq "" "$(getent group farmgate-admin | cut -d: -f4)"
	want_eq "" "$(getent group farmgate-audit | cut -d: -f4 || echo none)"
}

# The geo data's service is the timer's to start; the others at each boot, but
# for what only laptops have.
has_its_units()
{
	want_eq "$(cd "$FG_TOP/conf" && grep -l '^\[Install\]' -- *.service \
	    *.socket *.timer *.path 2>/dev/null | grep -v witness | sort)" \
	    "$(find /etc/systemd/system -name 'farmgate*' -printf '%f\n' |
	    sort -u)"
	for unit in /lib/systemd/system/farmgate*; do
		want systemd-analyze verify --man=no "$unit"
	done
	for unit in /lib/systemd/system/farmgate*.service; do
		want systemd-analyze security --no-pager --offline=true \
		    --threshold=22 "$unit"
	done
}

# The configuration is the administrator's, and observes.
observes()
{
	want_line ' /etc/farmgate/farmgate.conf$' <(dpkg-query -W \
	    -f '${Conffiles}\n' farmgate | sed 's/ [0-9a-f]*$//')
	want farmgatectl check
	want_line '^mode = "observe"' <(farmgatectl dump)
	want cmp /etc/farmgate/farmgate.conf \
	    /usr/share/doc/farmgate/farmgate.conf
	want_not test -e /etc/farmgate/breakglass
	no_line pam_farmgate <(cat /etc/pam.d/*)
}

runs()
{
	want fg_start
	want_eq observe "$(fg_status .mode)"
	want_same_stacks
	want_logins
	want_eq 0 "$(fg_records)"
	fg_stop
	want_logins
}

run "PKG-01 who could log in can still do so when it is installed" installs
run "PKG-07 files and folders have their owners and modes" has_its_modes
run "PKG-07 no file is writable for others, or not root's" has_no_other_modes
run "PKG-07 the users are there, apart from each other" has_its_users
run "PRV-05 the units are enabled, valid and confined" has_its_units
run "PKG-01 nothing is enforced, and no stack names the module" observes
run "PKG-01 the daemon runs, and is asked by nobody" runs
finish
