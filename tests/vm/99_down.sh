# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The gate is taken down again.

taken_down()
{
	want login carol sudo -n farmgatectl disable --all --yes
	want_eq "" "$(there 'grep -l pam_farmgate /etc/pam.d/*')"
	want login alice true
}

run "the gate is taken down, and alice logs in without it" taken_down
