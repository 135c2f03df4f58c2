#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A jump host from the package to enforcing and back, with all that can break
# on the way: whoever is to get in does, and at the end each stack is what it
# was before.

. "$(dirname "$0")/lib.sh"
users
note_stacks
fg_sshd_start

OUT=$FG_WORK/out

# USER FROM COMMAND...: by ssh; what was said is in $OUT.
ssh_as()
{
	local user=$1 from=$2 rc=0

	shift 2
	fg_ssh key "$user" "$from" "$@" >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	return "$rc"
}

# ARGUMENT...: as alice does it, over ssh and sudo, with no terminal.
as_alice()
{
	ssh_as alice 127.0.0.2 sudo -n farmgatectl "$@"
}

# 127.0.0.2 is the office, 127.0.0.3 is abroad.
conf()
{
	fg_conf <<-EOT
	mode = "$1"
	help = "Call extension 100."
	network office { cidr = {"127.0.0.2/32"} place = "NO" }
	network abroad { cidr = {"127.0.0.3/32"} place = "BR" }
	policy operators { users = {"root", "alice"} networks = {"office"} }
	policy staff {
		countries = {"NO"}
		actions = {"geo.country = deny"}
	}
	EOT
}

installed()
{
	want install_package
	conf observe
	want farmgatectl check
	want fg_start
	want_logins
	want_same_stacks
}

observed()
{
	want as_alice enable --yes --observe sshd sudo sudo-i
	want_line '^\+account required pam_farmgate.so observe on_error=allow$' \
	    "$OUT"
	want_line 'sshd: alice with the change: passes' "$OUT"
	want as_alice confirm
	want_line '^sudo: confirmed$' "$OUT"
	want farmgatectl check-pam
	want ssh_as bob 127.0.0.2 true
	want_eq "allow allow" "$(fg_last '"\(.verdict) \(.would)"')"
	want ssh_as bob 127.0.0.3 true
	want_eq "allow deny" "$(fg_last '"\(.verdict) \(.would)"')"
	want_logins
	want_eq "alice sudo" "$(fg_last '"\(.user) \(.service)"')"
}

# Nobody is refused for a daemon that is not there.
observing_needs_no_daemon()
{
	fg_stop KILL
	want ssh_as bob 127.0.0.3 true
	want_logins
	want fg_start
}

not_ready_is_not_enforced()
{
	local n

	want_rc 1 farmgatectl readiness >"$OUT"
	cat "$OUT"
	want_line 'bob' "$OUT"
	n=$(sed -n 's/^\([0-9]*\) items\{0,1\};.*/\1/p' "$OUT")
	want test "$n" -gt 0
	conf enforce
	want farmgatectl reload
	want_not as_alice enable --yes --from 127.0.0.2 sshd sudo sudo-i
	want_line "accept $n" "$OUT"
	want_line 'observe' <(grep pam_farmgate /etc/pam.d/sshd)
	want as_alice enable --yes --from 127.0.0.2 --accept "$n" \
	    sshd sudo sudo-i
	want as_alice confirm
	want_line 'on_error=deny' <(grep pam_farmgate /etc/pam.d/sshd)
}

enforced()
{
	want ssh_as bob 127.0.0.2 true
	want_not ssh_as bob 127.0.0.3 true
	want_line 'Access denied. Reference .*Call extension 100' "$OUT"
	# what else is found of such a machine, and recorded, comes behind it
	want_eq "deny geo.country" \
	    "$(fg_last '"\(.verdict) \(.reason)"' | cut -d, -f1)"
	want ssh_as alice 127.0.0.2 sudo -n true
}

# ---- break-glass -----------------------------------------------------------

# Root from the office, and alice to become root.
breakglass()
{
	cat >/etc/farmgate/breakglass <<-'EOT'
	# user	service	from
	root	sshd	127.0.0.2
	alice	sshd	127.0.0.2
	alice	sudo	local
	EOT
	chmod 0644 /etc/farmgate/breakglass
	want farmgatectl check
}

# WHAT IT WAS: who is named gets in and becomes root, and nobody else does.
# N: so many uses of break-glass are in the log, which another process writes.
has_said()
{
	local i

	for i in {1..100}; do
		[ "$(grep -c 'breakglass=1' "$FG_SYSLOG")" -lt "$1" ] || return 0
		sleep 0.1
	done
	return 1
}

only_the_named()
{
	local said

	said=$(grep -c 'breakglass=1' "$FG_SYSLOG")
	want ssh_as root 127.0.0.2 true
	want_not ssh_as root 127.0.0.3 true
	want ssh_as alice 127.0.0.2 sudo -n id -u
	want_line '^0$' "$OUT"
	want_not ssh_as bob 127.0.0.2 true
	want has_said "$((said + 3))"
}

daemon_is_dead()
{
	breakglass
	fg_stop KILL
	only_the_named
	want fg_start
	want_line 'BREAK-GLASS' <(farmgatectl status)
	want test "$(fg_events breakglass)" -ge 3
}

daemon_hangs()
{
	kill -STOP "$FG_PID"
	only_the_named
	kill -CONT "$FG_PID"
	want fg_until 5 farmgatectl status
}

configuration_is_broken()
{
	local was

	was=$(cat "$FG_CONF")
	echo 'policy {' >>"$FG_CONF"
	want_not farmgatectl reload
	want ssh_as bob 127.0.0.2 true		# the old one holds
	fg_stop
	want_not fg_start
	only_the_named
	echo "$was" | fg_conf
	want fg_start
}

# The file system of the log has no room left.
disk_is_full()
{
	fg_stop
	cp -a /var/log/farmgate "$FG_WORK/log"
	mount -t tmpfs -o size=256k tmpfs /var/log/farmgate
	chown farmgate:adm /var/log/farmgate
	chmod 2750 /var/log/farmgate
	cp -a "$FG_WORK/log/." /var/log/farmgate
	want fg_start
	dd if=/dev/zero of=/var/log/farmgate/fill bs=4k 2>/dev/null
	while echo >>/var/log/farmgate/fill; do :; done 2>/dev/null
	want_not ssh_as bob 127.0.0.3 true
	only_the_named
	fg_stop
	umount /var/log/farmgate
	want fg_start
	want ssh_as bob 127.0.0.2 true
}

# ---- the way back ----------------------------------------------------------

nobody_confirms()
{
	cp -a /etc/pam.d "$FG_WORK/enforcing"
	want as_alice enable --yes --observe --confirm-within 5s sshd sudo
	want_line 'observe' <(grep pam_farmgate /etc/pam.d/sshd)
	want fg_until 15 diff -r "$FG_WORK/enforcing" /etc/pam.d
	want_not as_alice confirm
	want_not ssh_as bob 127.0.0.3 true
}

# What the units do when the machine is started anew.
nobody_can_confirm()
{
	want as_alice enable --yes --observe --confirm-within 1h sshd
	sed -i 's/"boot_id":"..../"boot_id":"0000/' \
	    /var/lib/farmgate-rollout/pending
	want farmgatectl rollback --wait
	want diff -r "$FG_WORK/enforcing" /etc/pam.d
}

disabled()
{
	fg_stop
	want ssh_as alice 127.0.0.2 sudo -n farmgatectl disable --yes --all
	want_same_stacks
	want_logins
}

# As it is, enabled and enforcing, the package can go as well.
purged()
{
	want fg_start
	want farmgatectl enable --yes --observe sshd sudo
	want farmgatectl confirm
	fg_stop
	want apt_get purge farmgate
	want_same_stacks
	want_logins
	want_eq "" "$(find /etc /usr /var/lib -name '*farmgate*' \
	    ! -path '/var/lib/dpkg/*' ! -path '/usr/share/doc/*' 2>/dev/null)"
}

python3 "$FG_TOP/tests/lib/syslog.py" /dev/log "$FG_SYSLOG" &
FG_SYSLOG_PID=$!
fg_until 5 test -S /dev/log
: >>"$FG_SYSLOG"

run "PKG-01 installing enforces nothing" installed
run "PKG-02 sshd and sudo are enabled to observe, from an ssh session" observed
run "PKG-02 who is only observed needs no daemon" observing_needs_no_daemon
run "what is not ready is enforced only if that is accepted" \
    not_ready_is_not_enforced
run "enforcing refuses from abroad, and nobody else" enforced
run "PKG-03 the daemon is killed" daemon_is_dead
run "PKG-03 the daemon hangs" daemon_hangs
run "PKG-03 the configuration is broken" configuration_is_broken
run "PKG-03 the disk is full" disk_is_full
run "what nobody confirms is taken back" nobody_confirms
run "what nobody can confirm is taken back at the next start" \
    nobody_can_confirm
run "disabled while the daemon is down, each stack is as it was" disabled
run "SVC-08 purged while it is enabled, each stack is as it was" purged
finish
