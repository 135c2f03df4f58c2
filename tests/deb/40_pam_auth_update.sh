#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# pam-auth-update beside the package: neither disturbs the other, and the
# stacks are as they were in the end.

. "$(dirname "$0")/lib.sh"
users
profile=/usr/share/pam-configs/gate

update()
{
	pam-auth-update --package
}

# The first time it writes what it has not written yet.
want update
note_stacks

nothing_moves()
{
	want install_package
	want_same_stacks
	want update
	want_same_stacks
	want dpkg -i "$DEB_NEXT"
	want update
	want_same_stacks
	want dpkg -r farmgate
	want update
	want_same_stacks
	want dpkg -P farmgate
	want update
	want_same_stacks
}

# Lines that were written by hand survive it, and are taken out without a rest.
lines_survive()
{
	want install_package
	want name_module sshd
	want update
	want grep -q '^account required pam_farmgate' /etc/pam.d/sshd
	want unname_module sshd
	want_same_stacks
}

# An administrator's own profile names the module for all services.
profile_holds_it()
{
	cat >$profile <<-'EOF'
	Name: a gate
	Default: yes
	Priority: 0
	Account-Type: Additional
	Account:
	 required pam_farmgate.so observe
	EOF
	want update
	want grep -q pam_farmgate /etc/pam.d/common-account
	want_not dpkg -r farmgate >"$FG_WORK/said" 2>&1
	want_line 'pam_farmgate out of /etc/pam.d/common-account' \
	    "$FG_WORK/said"
	want test -e "$MODULE"
	want_eq bob "$(su bob -c 'id -un')"
	want pam-auth-update --package --remove gate
	rm $profile
	want update
	want_same_stacks
	want dpkg -r farmgate
	want update
	want_same_stacks
	want_eq bob "$(su bob -c 'id -un')"
	want dpkg -P farmgate
	want_same_stacks
}

run "SVC-08 pam-auth-update moves nothing, before, between and after" \
    nothing_moves
run "SVC-08 lines that were written by hand survive it" lines_survive
run "SVC-08 a profile that names the module holds it" profile_holds_it
finish
