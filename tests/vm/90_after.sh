# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is left of it all.

# A system call that the filter forgot, or memory that was not there, would
# have started the daemon anew. 1326 is the kernel's record of the former.
one_daemon()
{
	want_eq 0 "$(there systemctl show --value -p NRestarts \
	    farmgate-policyd)"
	want_eq running "$(there systemctl is-system-running)"
	there farmgatectl status >"$OUT"
	cat "$OUT"
	want_line '^state +healthy$' "$OUT"
	want_line '^scanner +running, coverage full' "$OUT"
	want_eq "" "$(there 'dmesg | grep -E "type=1326|segfault|oom-kill"')"
}

whole_log()
{
	there cat "$AUDIT" >"$OUT"
	want python3 "$top/conf/audit-verify.py" "$OUT"
}

run "PRV-04 Debian's kernel, C library and systemd let the daemon work" \
    one_daemon
run "the audit log of all this is whole" whole_log
