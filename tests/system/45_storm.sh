#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A storm of processes at the policy socket; the cases are in 45_storm.py.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

# Carol's policy is found before any group counts.
storm_conf()
{
	cat <<-EOF
	mode = enforce
	network near { cidr = {"127.0.0.2/32"} place = "NO" }
	network far { cidr = {"127.0.0.3/32"} place = "BR" }
	policy carol {
		users = {"carol"}
		countries = {"NO"}
		actions = {"geo.country = deny"}
	}
	policy staff {
		users = {"@staff"}
		countries = {"NO"}
		actions = {"geo.country = deny"}
	}
	EOF
}

setup_gate
storm_conf | fg_conf
fg_pam sshd-nogroups nogroups
cp "$(command -v sleep)" "$FG_BIN/decoy"
want_daemon
python3 "$FG_TOP/tests/system/45_storm.py" "$FG_PID" "$FG_BIN/decoy" ||
    T_FAILED=1
finish
