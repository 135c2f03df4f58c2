#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The daemon killed while logins storm in; the cases are in 58_killed.py.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

setup_gate
setup_conf | sed 's/@staff/alice", "bob/' | fg_conf
# Nothing of it may be left, and killing it takes its workers along.
python3 "$FG_TOP/tests/system/58_killed.py" "$FG_CONF" || T_FAILED=1
run "no sanitizer has found anything in the daemon" no_sanitizer_report
finish
