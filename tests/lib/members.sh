# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Which members the daemon sets in records of the audit log, by its sources; for
# tests of manual pages.

# Every member that the daemon sets in a record; a call may be two lines.
members()
{
	{
		cat policyd/record/record.c policyd/record/record_facts.c \
		    policyd/record/record_device.c policyd/record/record_witness.c \
		    policyd/audit/audit.c policyd/audit/audit_chain.c \
		    policyd/audit/audit_rotate.c policyd/audit/tombstone.c \
		    policyd/control/control_record.c policyd/control/control_read.c \
		    policyd/control/control_named.c
		sed -n '/^change_json/,/^}/p; /^person_change_json/,/^}/p' \
		    policyd/control/control_import_change.c
		sed -n '/^reload_record/,/^}/p' policyd/reload/reload.c
		cat policyd/reload/reload_asked.c
		sed '/^run_hook/,/^}/d' policyd/live/live_tell.c
		cat policyd/live/live_end.c
		sed -n '/^daemon_record_life/,/^}/p' policyd/daemon_audit.c
		sed -n '/^anchors_set_key/,/^}/p' policyd/anchors.c
		echo 'json_set_string(sealed, "hash")'
	} | tr '\n' ' ' |
	    grep -oE '(json_set|set)_[a-z]+\([a-z_]+,[[:space:]]*"[a-z0-9_]+"' |
	    grep -o '"[a-z0-9_]*"' | tr -d '"'
}
