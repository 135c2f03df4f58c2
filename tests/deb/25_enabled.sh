#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What farmgatectl has written into the stacks is taken out with the package,
# byte for byte; what somebody has written beside it holds the package back.

. "$(dirname "$0")/lib.sh"
users
note_stacks
fg_sshd_start

enables()
{
	want enforcing_conf
	want fg_restart
	want farmgatectl enable --observe --yes --from 127.0.0.1 sshd sudo
	want grep -q pam_farmgate /etc/pam.d/sshd
	want grep -q pam_farmgate /etc/pam.d/sudo
	want_logins
	want_eq allow "$(fg_last .verdict)"
}

stays_for_the_other_line()
{
	want install_package
	want enables
	want farmgatectl confirm
	want name_module su
	want_not dpkg -r farmgate >"$FG_WORK/said" 2>&1
	cat "$FG_WORK/said"
	want_line 'take pam_farmgate out of /etc/pam.d/su first' \
	    "$FG_WORK/said"
	want test -e "$MODULE"
	want_logins
	# Nor has it opened the gate.
	want grep -q pam_farmgate /etc/pam.d/sshd
	want grep -q pam_farmgate /etc/pam.d/sudo
}

goes_with_its_lines()
{
	want unname_module su
	want dpkg -r farmgate
	want_not test -e "$MODULE"
	want_same_stacks
	want_logins
	fg_stop
}

# Nobody has confirmed it yet.
goes_while_a_change_waits()
{
	want dpkg -i "$DEB"
	want enables
	want test -e /var/lib/farmgate-rollout/pending
	fg_stop
	want dpkg -P farmgate
	want_same_stacks
	want_logins
	want_not test -e /var/lib/farmgate-rollout
}

run "PKG-01 a line by hand holds the package, and is named" \
    stays_for_the_other_line
run "PKG-01 what was enabled goes with the package" goes_with_its_lines
run "PKG-01 so it does while a change waits to be confirmed" \
    goes_while_a_change_waits
finish
