#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A purge leaves nothing but the logs. What differs besides, for any package,
# is dpkg's and apt's own memory, caches, and the backups that useradd makes of
# the files it changes.

. "$(dirname "$0")/lib.sh"
users

# Names, kinds, owners and modes of all there is; of /etc the contents too.
listing()
{
	find / \( -path /proc -o -path /sys -o -path /dev -o -path /tmp \
	    -o -path "$FG_WORK" -o -path /var/lib/dpkg -o -path /var/lib/apt \
	    -o -path /var/cache -o -path /var/log/apt \) -prune \
	    -o -printf '%y %m %U:%G %p -> %l\n' >"$1"
	find /etc -type f ! -name '*-' -exec sha256sum {} + >>"$1"
	sort -o "$1" "$1"
}

# EVENT...: something to leave behind.
use_it()
{
	want enforcing_conf
	want fg_start
	want name_module sshd
	want fg_sshd_start
	want_logins
	want farmgatectl revoke bob
	want farmgate-attest setup
	want unname_module sshd
	fg_stop
	fg_sshd_stop
	printf 'root * *\n' >/etc/farmgate/breakglass
	install -m 0644 -o farmgate-geo -g farmgate-geo /dev/null \
	    /var/lib/farmgate-geo/country.mmdb
	mkdir -p /var/lib/systemd/timers
	: >/var/lib/systemd/timers/stamp-farmgate-geodata.timer
	usermod -aG farmgate-admin alice
	want test -s /var/log/farmgate/audit.jsonl
	want test -s /var/lib/farmgate/farmgate.db
}

leaves_logs_alone()
{
	mkdir -p /var/lib/systemd/timers
	want fg_sshd_start
	# What libtss2-esys depends on leaves a user, tss, when it is purged.
	want apt_get install tpm-udev
	want apt_get purge tpm-udev
	want apt_get autoremove --purge
	want_logins		# which have left what logins leave
	fg_sshd_stop
	listing "$FG_WORK/before"
	want install_package
	use_it
	want apt_get purge farmgate
	# Also what another package suggests, as systemd does libqrencode4.
	want apt_get autoremove --purge -o APT::AutoRemove::SuggestsImportant=false
	listing "$FG_WORK/after"
	diff "$FG_WORK/before" "$FG_WORK/after" >"$FG_WORK/differ"
	want_eq "> d 2750 0:4 /var/log/farmgate ->
> f 640 0:4 /var/log/farmgate/audit-purged-N.jsonl ->" \
	    "$(grep '^[<>]' "$FG_WORK/differ" |
		sed 's/ $//; s/purged-[0-9]*/purged-N/' |
		grep -vE '^[<>] f [^ ]* 0:[0-9]* /(var/log/dpkg.log|etc/[a-z]+-) ' |
		sort -k 5)"
}

# Each number belongs to somebody.
leaves_nobody()
{
	local name

	for name in farmgate farmgate-scan farmgate-geo farmgate-hooks \
	    farmgate-admin farmgate-audit; do
		want_not getent passwd "$name"
		want_not getent group "$name"
	done
	want_eq "" "$(find / \( -path /proc -o -path "$FG_WORK" \) -prune \
	    -o \( -nouser -o -nogroup \) -print)"
	want_eq "alice" "$(id -Gn alice)"
}

# Who installs it again begins anew, with the old log beside it.
comes_back()
{
	local lines old

	old=$(echo /var/log/farmgate/audit-purged-*.jsonl)
	lines=$(wc -l <"$old")
	want install_package
	want_eq "2750 farmgate:adm" "$(stat -c '%a %U:%G' /var/log/farmgate)"
	want_eq '' "$(find /var/lib/farmgate -type f)"
	want fg_start
	want_eq observe "$(fg_status .mode)"
	want_eq "$lines" "$(wc -l <"$old")"
	want_eq '' "$(fg_status '.store.problem // empty')"
}

run "a purge leaves nothing but the logs" leaves_logs_alone
run "a purge leaves no user, no group and no file of theirs" leaves_nobody
run "the package can be installed again" comes_back
finish
