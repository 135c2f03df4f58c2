#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The audit log is anchored elsewhere, as others can check, and no login waits
# for that or is refused without it. AUD-02, AUD-03.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

STATE=/var/lib/farmgate
DISK=$FG_WORK/disk
ANCHORS=$DISK/anchors
HOOKS=/etc/farmgate/hooks
KEY=

# N: logins, each a record.
logins()
{
	python3 - "$FG_TOP/tests/lib" "$1" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	for i in range(int(sys.argv[2])):
	    with Client() as c:
	        assert c.login(rhost="8.8.8.8")[0] == DENY
	EOF
}

head_is()
{
	tail -n 1 "$FG_AUDIT" | jq -r .seq
}

# FILE: what of it are anchors of this log.
anchors_in()
{
	python3 "$FG_TOP/tests/lib/anchors.py" "$FG_AUDIT" "$KEY" <"$1"
}

# SEQ FILE: the last anchor in it is of that record or a later one.
anchored()
{
	local last

	last=$(anchors_in "$2") || return 1
	[ "${last##* }" -ge "$1" ]
}

key_is_made()
{
	KEY=$(fg_last_of start .audit_key)
	want_line '^ed25519:.{44}$' <(echo "$KEY")
	want_eq "$KEY" "$(fg_status .audit.audit_key)"
	want_eq '600 farmgate' "$(stat -c '%a %U' "$STATE/audit.key")"
	want grep -qF "audit key: made, anchors are signed by $KEY" \
	    "$FG_WORK/daemon.log"
	fg_restart
	want_eq "$KEY" "$(fg_last_of start .audit_key)"
	no_line 'audit key: made' "$FG_WORK/daemon.log"
	no_line 'farmgate-audit-secret' "$FG_WORK/daemon.log"
}

# The end is anchored as well, whatever was before it.
end_is_anchored()
{
	local seq

	fg_stop
	seq=$(head_is)
	want_eq stop "$(fg_last_of stop .event)"
	want anchors_in "$ANCHORS"
	want_eq "$seq" "$(anchors_in "$ANCHORS" | cut -d' ' -f3)"
	want_eq "$seq" "$(anchors_in "$FG_WORK/daemon.log" | cut -d' ' -f3)"
	want_eq '640 farmgate' "$(stat -c '%a %U' "$ANCHORS")"
	fg_start
}

many_records_are_anchored_soon()
{
	local seq before

	before=$(head_is)
	want logins 70
	seq=$((before + 64))
	want fg_until 5 anchored "$seq" "$ANCHORS"
	want fg_until 5 anchored "$seq" "$FG_WORK/daemon.log"
	want test "$(fg_status .audit.anchored)" -ge "$seq"
	want farmgatectl status >"$FG_WORK/status"
	want_line 'anchored up to record [0-9]+, 20' "$FG_WORK/status"
	want_line "anchors kept in $ANCHORS" "$FG_WORK/status"
}

# Each of two thousand records has one within a second or two, not each its own.
a_storm_makes_few()
{
	local before n

	before=$(anchors_in "$ANCHORS" | cut -d' ' -f2)
	want logins 600
	want fg_until 5 anchored "$(($(head_is) - 64))" "$ANCHORS"
	n=$(($(anchors_in "$ANCHORS" | cut -d' ' -f2) - before))
	echo "$n anchors"
	want test "$n" -ge 1 -a "$n" -le 20
}

a_log_written_anew_shows()
{
	cp "$FG_AUDIT" "$FG_WORK/saved"
	sed -i '2,$s/"prev":"[0-9a-f]/"prev":"x/;s/"hash":"[0-9a-f]/"hash":"0/' \
	    "$FG_WORK/saved"
	want_not python3 "$FG_TOP/tests/lib/anchors.py" "$FG_WORK/saved" \
	    "$KEY" <"$ANCHORS"
}

a_file_that_is_gone_is_made_anew()
{
	mv "$ANCHORS" "$ANCHORS.1"
	want logins 64
	want fg_until 5 anchored "$(($(head_is) - 10))" "$ANCHORS"
	want anchors_in "$ANCHORS.1"
	rm -f "$ANCHORS.1"
}

# The disk of the anchors is full: logins go on, it is said, and tried again.
a_full_disk_is_in_nobodys_way()
{
	truncate -s %4096 "$ANCHORS" # what is left of its last block
	dd if=/dev/zero of="$DISK/full" bs=4k 2>/dev/null
	want logins 64
	want fg_until 5 eval 'fg_status .audit.anchor_problem | grep -q space'
	want gate gate alice 127.0.0.2
	want farmgatectl status >"$FG_WORK/status"
	want_line "the last anchor: $ANCHORS: No space left" "$FG_WORK/status"
	# the journal has them all the same
	want fg_until 5 anchored "$(($(head_is) - 10))" "$FG_WORK/daemon.log"
	rm -f "$DISK/full"
	want logins 64
	want fg_until 5 eval '[ "$(fg_status .audit.anchor_problem)" = null ]'
	grep -a 'sig=.*==$' "$ANCHORS" >"$FG_WORK/whole"
	want anchored "$(($(head_is) - 10))" "$FG_WORK/whole"
}

hooks_are_told()
{
	mkdir -p "$HOOKS" "$FG_WORK/told"
	chmod 0777 "$FG_WORK/told"
	printf '#!/bin/sh\nenv >%s.new\ncat >>%s.new\nmv %s.new %s\n' \
	    "$FG_WORK/told/it" "$FG_WORK/told/it" "$FG_WORK/told/it" \
	    "$FG_WORK/told/it" >"$HOOKS/anchor"
	chmod 0755 "$HOOKS/anchor"
	want_eq 0 "$(fg_status .hooks.lost)"
	farmgate-hooks -t 5 >"$FG_WORK/hooks.log" 2>&1 </dev/null &
	local hooks=$!
	want fg_until 5 grep -q 'ready: ' "$FG_WORK/hooks.log"
	want logins 64
	want fg_until 5 test -e "$FG_WORK/told/it"
	want_line '^FARMGATE_EVENT=anchor$' "$FG_WORK/told/it"
	want_line '^FARMGATE_SEQ=[0-9]+$' "$FG_WORK/told/it"
	want_line '^FARMGATE_HASH=[0-9a-f]{64}$' "$FG_WORK/told/it"
	tail -n 1 "$FG_WORK/told/it" | jq -r .anchor >"$FG_WORK/anchor"
	want_line '^ok 1 ' <(anchors_in "$FG_WORK/anchor")
	kill "$hooks"
	wait "$hooks"
	rm -f "$HOOKS/anchor" /run/farmgate/hooks.sock
}

# What was opened at the start stays.
another_file_wants_a_restart()
{
	sed -i "s|^anchors = .*|anchors = \"$DISK/other\"|" "$FG_CONF"
	want_not farmgatectl reload >"$FG_WORK/out" 2>&1
	want_line "anchors changed to $DISK/other; restart needed" \
	    "$FG_WORK/out"
	sed -i "s|^anchors = .*|anchors = \"$FG_AUDIT\"|" "$FG_CONF"
	want_not farmgatectl check >"$FG_WORK/out" 2>&1
	want_line 'anchors and audit are one file' "$FG_WORK/out"
	sed -i "s|^anchors = .*|anchors = \"$ANCHORS\"|" "$FG_CONF"
	want farmgatectl reload
}

# A key that others may have read signs nothing, and no login minds.
a_spoilt_key_is_said()
{
	fg_stop
	chmod 0644 "$STATE/audit.key"
	fg_start
	want gate gate alice 127.0.0.2
	want_line '^<2>audit key: .*audit.key can be used by others' \
	    "$FG_WORK/daemon.log"
	want_eq null "$(fg_last_of start .audit_key)"
	want_line 'audit.key can be used by others' \
	    <(fg_status .audit.anchor_problem)
	fg_stop
	chmod 0600 "$STATE/audit.key"
	fg_start
	want_eq "$KEY" "$(fg_last_of start .audit_key)"
}

setup_gate
mkdir -p "$DISK"
mount -t tmpfs -o size=256k,mode=0755 tmpfs "$DISK"
chown farmgate "$DISK"
{
	echo "anchors = \"$ANCHORS\""
	setup_conf
} | fg_conf
fg_pam gate
want_daemon

run "AUD-03 the key is made at the first start, and told" key_is_made
run "AUD-03 the last record of all is anchored" end_is_anchored
run "AUD-03 sixty-four records are anchored at once" \
    many_records_are_anchored_soon
run "AUD-03 a storm of records makes few anchors" a_storm_makes_few
run "AUD-02 a log that was written anew has none of them" \
    a_log_written_anew_shows
run "AUD-03 a file that was taken away is made anew" \
    a_file_that_is_gone_is_made_anew
run "AUD-03 anchors on a full disk are in nobody's way, and said" \
    a_full_disk_is_in_nobodys_way
run "AUD-03 hooks are told" hooks_are_told
run "AUD-03 another file wants a restart" another_file_wants_a_restart
run "AUD-03 a key that others could read signs nothing" a_spoilt_key_is_said
finish
