#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Whatever becomes of the package, who could log in can still do so: by a
# failed installation, over upgrades and back, while it is removed and gone.

. "$(dirname "$0")/lib.sh"
users
note_stacks
fg_sshd_start

# What the package calls first fails: its users cannot be made.
break_postinst()
{
	dpkg-divert --quiet --local --rename --add /usr/bin/systemd-sysusers
	printf '#!/bin/sh\nexit 1\n' >/usr/bin/systemd-sysusers
	chmod 0755 /usr/bin/systemd-sysusers
}

mend_postinst()
{
	rm /usr/bin/systemd-sysusers
	dpkg-divert --quiet --local --rename --remove /usr/bin/systemd-sysusers
}

fails_at_first()
{
	want break_postinst
	want_not install_package
	want_eq "install ok half-configured" \
	    "$(dpkg-query -W -f '${Status}' farmgate)"
	want_same_stacks
	want_logins
	want mend_postinst
	want dpkg --configure -a
	want_eq "install ok installed $(dpkg-deb -f "$DEB" Version)" \
	    "$(version)"
	want_logins
}

# Again, up, down.
up_and_down()
{
	local deb

	for deb in "$DEB" "$DEB_NEXT" "$DEB"; do
		want dpkg -i "$deb"
		want_eq "install ok installed $(dpkg-deb -f "$deb" Version)" \
		    "$(version)"
		want_same_stacks
		want_logins
	done
}

# Now with a gate that decides.
gate_is_in_use()
{
	want enforcing_conf
	want fg_start
	want name_module sshd
	want_logins
	want_eq allow "$(fg_last .verdict)"
}

# A login after the other, into $FG_WORK/got, until there is $FG_WORK/stop.
keep_logging_in()
{
	rm -f "$FG_WORK/stop"
	until [ -e "$FG_WORK/stop" ]; do
		fg_ssh key alice 127.0.0.1 id -un || echo refused
	done >"$FG_WORK/got" 2>&1
}

# What stays open while the module is exchanged; sudo is asked there afterwards.
hold_session()
{
	fg_ssh key alice 127.0.0.1 "touch ~/in
	    until [ -e ~/go ]; do sleep 0.1; done; sudo -n id -un"
}

# The monitor of a session is a child of the sshd, and has the module mapped.
mapped_in()
{
	local pid

	pgrep -P "$FG_SSHD_PID" | while read -r pid; do
		grep pam_farmgate "/proc/$pid/maps"
	done | sort -u
}

replaced_under_sessions()
{
	local held logins before

	before=$(stat -c %i "$MODULE")
	hold_session >"$FG_WORK/held" 2>&1 &
	held=$!
	want fg_until 10 test -e "$FG_WORK/home/alice/in"
	# Those of the logins before may be ending yet.
	want fg_until 5 eval '[ "$(fg_status .sessions)" -eq 1 ]'
	mapped_in >"$FG_WORK/maps"
	want_line "$MODULE\$" "$FG_WORK/maps"
	keep_logging_in &
	logins=$!
	want dpkg -i "$DEB_NEXT"
	touch "$FG_WORK/stop"
	wait "$logins"
	want_eq alice "$(sort -u "$FG_WORK/got")"
	want test "$(wc -l <"$FG_WORK/got")" -ge 2
	want test "$before" != "$(stat -c %i "$MODULE")"
	mapped_in >"$FG_WORK/maps"
	want_line 'pam_farmgate\.so.* \(deleted\)$' "$FG_WORK/maps"
	touch "$FG_WORK/home/alice/go"
	want wait "$held"
	want_eq root "$(cat "$FG_WORK/held")"
	want fg_no_sessions
}

# The administrator's file is not the package's to change.
keeps_the_configuration()
{
	want dpkg -i "$DEB"
	want grep -q 'policy all' "$FG_CONF"
	want fg_restart
	want_logins
	want_eq allow "$(fg_last .verdict)"
}

fails_while_in_use()
{
	want break_postinst
	want_not dpkg -i "$DEB_NEXT"
	want_logins
	want_eq allow "$(fg_last .verdict)"
	want mend_postinst
	want dpkg --configure -a
	want_logins
}

# A stack that names a missing module refuses everybody.
stays_while_named()
{
	want_not dpkg -r farmgate >"$FG_WORK/said" 2>&1
	cat "$FG_WORK/said"
	want_line 'take pam_farmgate out of /etc/pam.d/sshd' "$FG_WORK/said"
	want test -e "$MODULE"
	want_logins
	want_eq allow "$(fg_last .verdict)"
	want_not dpkg -P farmgate
	want_logins
}

goes_when_not_named()
{
	want unname_module sshd
	want_same_stacks
	cp /etc/pam.d/sshd /etc/pam.d/sshd.dpkg-old
	echo 'account required pam_farmgate.so' >>/etc/pam.d/sshd.dpkg-old
	want dpkg -r farmgate
	rm /etc/pam.d/sshd.dpkg-old
	want_not test -e "$MODULE"
	want test -e "$FG_CONF"
	want_same_stacks
	want_logins
	fg_stop
	want dpkg -i "$DEB"
	want_logins
	want dpkg -P farmgate
	want_not test -e "$FG_CONF"
	want_same_stacks
	want_logins
}

run "PKG-01 a postinst that fails leaves everybody in" fails_at_first
run "PKG-01 so do the same, a higher and a lower version" up_and_down
run "PKG-05 a gate that decides is put in place" gate_is_in_use
run "PKG-05 sessions and logins go on while the library is replaced" \
    replaced_under_sessions
run "PKG-05 the administrator's configuration stays" keeps_the_configuration
run "PKG-01 a postinst that fails leaves the gate at work" fails_while_in_use
run "PKG-01 the package stays while a stack names its module" stays_while_named
run "PKG-01 it is removed and purged, and everybody can log in" \
    goes_when_not_named
finish
