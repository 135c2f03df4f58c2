#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The package under the real service manager, which is started as in a
# container: in processes, mounts and a control group of its own, with the
# kernel's settings read-only and without the capabilities to change the clock
# or the kernel. An upgrade starts the daemon anew while logins wait at its
# sockets.

case ${1:-} in
--in-group)	# FOLDER: in that control group, as the first process
	echo 0 >"$2/cgroup.procs"
	exec unshare --cgroup "$0" --boot
	;;
--boot)
	set -e
	umount "$FG_WORK/cgroup"
	mount -t proc proc /proc
	mount --bind /proc/sys /proc/sys
	mount -o remount,bind,ro /proc/sys
	mount -t sysfs -o ro sysfs /sys
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	exec env -i container=check setpriv \
	    --bounding-set=-sys_time,-sys_module,-sys_rawio,-syslog \
	    /lib/systemd/systemd --unit=multi-user.target
	;;
esac
. "$(dirname "$0")/lib.sh"
group="" manager=""

# The service manager's own end of what it started.
end_manager()
{
	[ -z "$manager" ] || kill -9 "$manager" 2>/dev/null
	[ -z "$group" ] || fg_until 10 eval \
	    'find "$group" -depth -type d -exec rmdir {} + && [ ! -d "$group" ]'
}

start_manager()
{
	mkdir "$FG_WORK/cgroup"
	mount -t cgroup2 cgroup2 "$FG_WORK/cgroup" || return 1
	group=$(mktemp -d "$FG_WORK/cgroup/farmgate.XXXXXX") || return 1
	trap end_manager EXIT
	systemctl --quiet mask systemd-udevd.service getty@tty1.service \
	    systemd-networkd.service console-getty.service
	unshare --pid --mount --fork --kill-child --propagation private \
	    "$0" --in-group "$group" >"$FG_WORK/manager.log" 2>&1 &
	manager=$!
	fg_until 60 is_up
}

# COMMAND...: as an administrator of the machine that it manages.
there()
{
	nsenter -t "$(pgrep -o -P "$manager")" --mount --pid --cgroup \
	    --root --wd env -C / "$@"
}

is_up()
{
	there systemctl is-system-running | grep -Eqx 'running|degraded'
}

# UNIT PROPERTY
shown()
{
	there systemctl show --value -p "$2" "$1"
}

starts_by_itself()
{
	local unit

	want_logins
	there dpkg -i "$DEB"
	want there apt-get -q -y -o APT::Install-Recommends=false \
	    -o APT::Sandbox::User=root -f install
	want_eq "install ok installed $(dpkg-deb -f "$DEB" Version)" \
	    "$(version)"
	for unit in $(cd "$FG_TOP/conf" && ls -- *.socket *.timer *.path \
	    farmgate-policyd.service 2>/dev/null | grep -v witness); do
		want_eq active "$(shown "$unit" ActiveState)"
	done
	want_eq inactive "$(shown farmgate-witness.socket ActiveState)"
	want_eq inactive "$(shown farmgate-geodata.service ActiveState)"
	want_eq inactive "$(shown farmgate-hooks.service ActiveState)"
	want_eq "600 root:root" "$(stat -c '%a %U:%G' /run/farmgate/policy.sock)"
	want_eq "620 root:farmgate" \
	    "$(stat -c '%a %U:%G' /run/farmgate/hooks.sock)"
	want_eq "660 root:farmgate-admin" \
	    "$(stat -c '%a %U:%G' /run/farmgate/control.sock)"
	want_eq "660 root:farmgate-audit" \
	    "$(stat -c '%a %U:%G' /run/farmgate/audit.sock)"
	want_logins
	want_eq 0 "$(fg_records)"
}

decides()
{
	want enforcing_conf
	want there farmgatectl reload
	want name_module sshd
	want_logins
	want_eq allow "$(fg_last .verdict)"
}

has_witness()
{
	there farmgatectl status --json | jq -r .witness.socket
}

# It comes with each start of the daemon, from the next one on, and to the end of
# the package.
answers_as_a_laptop()
{
	want test ! -e /run/farmgate/witness.sock
	want there systemctl enable farmgate-witness.socket
	want there systemctl restart farmgate-policyd.service
	want_eq active "$(shown farmgate-witness.socket ActiveState)"
	want_eq "666 root:root" "$(stat -c '%a %U:%G' /run/farmgate/witness.sock)"
	want_eq true "$(has_witness)"
	want_logins
	want there systemctl stop farmgate-witness.socket
	want there systemctl restart farmgate-policyd.service
	want_eq true "$(has_witness)"
	want_logins
}

# One login after the other meanwhile, each of which gets its answer.
restarted_behind_sockets()
{
	local before since logins

	before=$(shown farmgate-policyd.service MainPID)
	since=$(shown farmgate-policy.socket ActiveEnterTimestampMonotonic)
	(until [ -e "$FG_WORK/stop" ]; do
		fg_ssh key alice 127.0.0.1 id -un || echo refused
	done) >"$FG_WORK/got" 2>&1 &
	logins=$!
	want there dpkg -i "$DEB_NEXT"
	touch "$FG_WORK/stop"
	wait "$logins"
	want_eq alice "$(sort -u "$FG_WORK/got")"
	want test "$(wc -l <"$FG_WORK/got")" -ge 2
	want_eq active "$(shown farmgate-policyd.service ActiveState)"
	want test "$before" != "$(shown farmgate-policyd.service MainPID)"
	want_eq "$since" \
	    "$(shown farmgate-policy.socket ActiveEnterTimestampMonotonic)"
	want_logins
	want_eq allow "$(fg_last .verdict)"
}

# Who was told that it cannot be removed has all of it still.
stays_whole()
{
	want_not there dpkg -r farmgate
	want_eq active "$(shown farmgate-policyd.service ActiveState)"
	want_eq active "$(shown farmgate-policy.socket ActiveState)"
	want_logins
	want_eq allow "$(fg_last .verdict)"
}

nothing_is_left()
{
	want unname_module sshd
	want there dpkg -P farmgate
	want_eq "" "$(there systemctl list-units --all --plain --no-legend \
	    'farmgate*')"
	want_eq "" "$(there systemctl list-unit-files --plain --no-legend \
	    'farmgate*')"
	want_not test -e /run/farmgate
	want_eq "" "$(there pgrep farmgate)"
	want_logins
}

users
cp -r "$FG_WORK/home/root/.ssh" /root/
if ! start_manager; then
	skip "PKG-01 the package under a service manager" \
	    "systemd cannot be started here: $(tail -n 1 "$FG_WORK/manager.log")"
	finish
fi
run "PKG-01 the units start when it is installed" starts_by_itself
run "PKG-05 a gate that decides is put in place" decides
run "a laptop's socket comes with the daemon's next start" answers_as_a_laptop
run "PKG-05 an upgrade starts the daemon anew, and logins wait" \
    restarted_behind_sockets
run "PKG-01 a removal that is refused stops nothing" stays_whole
run "PKG-01 a purge leaves no unit, socket or process" nothing_is_left
finish
