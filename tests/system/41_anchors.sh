#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The audit log is anchored elsewhere, as others can check, and no login waits
# for that or is refused without it. It is rotated, and stays one chain, whatever
# becomes of the daemon. AUD-02, AUD-03, AUD-07.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

STATE=/var/lib/farmgate
DISK=$FG_WORK/disk
ANCHORS=$DISK/anchors
WHOLE=$FG_WORK/whole.jsonl
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
	want_line 'anchored up to record [0-9]+, 20.*; [0-9]+ seconds? old$' "$FG_WORK/status"
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

# SECONDS: so far ahead the daemon's clock is from now on.
ahead()
{
	python3 -c 'import sys; open(sys.argv[2], "r+b").write(
	    int(sys.argv[1]).to_bytes(8, sys.byteorder))' "$1" "$FG_WORK/ahead"
}

# Blanks are escaped for who reads them from a shell.
is_told()
{
	grep -qsF "FARMGATE_PROBLEM=$ANCHORS:\\x20No\\x20space" "$FG_WORK/late"
}

# Records that have no anchor for five minutes: everybody is told, once, and once
# when it is over.
late_anchors_are_told()
{
	local hooks seq

	want cc -shared -fPIC -o "$FG_WORK/ahead.so" "$FG_TOP/tests/lib/ahead.c"
	printf '#!/bin/sh\nenv | grep FARMGATE_ >>%s\n' "$FG_WORK/late" \
	    >"$HOOKS/anchor"
	chmod 0755 "$HOOKS/anchor"
	install -m 0666 /dev/null "$FG_WORK/late"
	farmgate-hooks -t 5 >"$FG_WORK/hooks.log" 2>&1 </dev/null &
	hooks=$!
	want fg_until 5 grep -q 'ready: ' "$FG_WORK/hooks.log"
	head -c 8 /dev/zero >"$FG_WORK/ahead"
	fg_stop
	truncate -s %4096 "$ANCHORS"
	dd if=/dev/zero of="$DISK/full" bs=4k 2>/dev/null
	AHEAD=$FG_WORK/ahead LD_PRELOAD=$FG_WORK/ahead.so fg_start
	want logins 1
	ahead 61
	want fg_until 5 eval 'fg_status .audit.anchor_problem | grep -q space'
	want logins 1
	ahead 280
	want farmgatectl status
	want_eq null "$(fg_status .audit.anchor_late)"
	want_not is_told
	want logins 1
	ahead 400
	want fg_until 5 eval '[ "$(fg_status .audit.anchor_late)" = true ]'
	want fg_until 5 is_told
	want_line '^<2>audit: records have had no anchor for more than 5 minutes: .*No space left' \
	    "$FG_WORK/daemon.log"
	want_rc 1 farmgatectl status >"$FG_WORK/status"
	want_line "^DEGRADED +the last anchor: $ANCHORS: No space left" \
	    "$FG_WORK/status"
	# it is tried again, and not told again
	want logins 1
	seq=$(head_is)
	ahead 500
	want_rc 1 farmgatectl status
	want fg_until 5 anchored "$seq" "$FG_WORK/daemon.log"
	want_eq 1 "$(grep -c 'no anchor for more' "$FG_WORK/daemon.log")"
	want_eq 1 "$(grep -c FARMGATE_PROBLEM "$FG_WORK/late")"
	rm -f "$DISK/full"
	ahead 600
	want fg_until 5 farmgatectl status
	want_line 'audit: it is anchored again' "$FG_WORK/daemon.log"
	want_eq null "$(fg_status .audit.anchor_late)"
	kill "$hooks"
	wait "$hooks"
	rm -f "$HOOKS/anchor" /run/farmgate/hooks.sock
	fg_restart
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

# All files of the log in their order, as one: $WHOLE.
whole_log()
{
	local f

	: >"$WHOLE"
	for f in $(printf '%s\n' "$FG_AUDIT".*-* | sort -t. -k3n); do
		case $f in
		*.zst) python3 "$FG_TOP/tests/lib/unzstd.py" "$f" >>"$WHOLE" ||
			return 1 ;;
		*.new) ;;
		*-*) [ ! -e "$f" ] || [ -e "$f.zst" ] || cat "$f" >>"$WHOLE" ;;
		esac
	done
	cat "$FG_AUDIT" >>"$WHOLE"
}

want_whole()
{
	want whole_log
	want python3 "$FG_TOP/conf/audit-verify.py" "$WHOLE"
}

plain_files()
{
	find "${FG_AUDIT%/*}" -name 'audit.jsonl.*-*' ! -name '*.zst'
}

packed_files()
{
	find "${FG_AUDIT%/*}" -name 'audit.jsonl.*-*.zst'
}

# COMMAND...: prints nothing.
silent()
{
	[ -z "$("$@")" ]
}

# KEY VALUE: of the configuration.
configure()
{
	sed -i "/^$1 = /d" "$FG_CONF"
	sed -i "1i $1 = \"$2\"" "$FG_CONF"
	want farmgatectl reload
}

it_is_rotated_by_its_size()
{
	local n

	configure audit_rotate_size 64K
	want logins 300
	want fg_until 10 eval '[ "$(packed_files | wc -l)" -ge 2 ]'
	want fg_until 20 silent plain_files
	want_whole
	want_eq "rotated daemon" \
	    "$(head -n 1 "$FG_AUDIT" | jq -r '"\(.event) \(.by)"')"
	n=$(head -n 1 "$FG_AUDIT" | jq -r .last)
	want test -e "${FG_AUDIT%/*}/$(head -n 1 "$FG_AUDIT" | jq -r .file).zst"
	want_eq '640 farmgate' \
	    "$(stat -c '%a %U' "$(packed_files | head -n 1)")"
	want_line "audit: rotated into $FG_AUDIT.[0-9]+-$n\$" \
	    "$FG_WORK/daemon.log"
	# each new file's first record is anchored
	want python3 "$FG_TOP/tests/lib/anchors.py" "$WHOLE" "$KEY" <"$ANCHORS"
	want_line "seq=$((n + 1)) " "$ANCHORS"
	want farmgatectl status >/dev/null
}

kills_lose_nothing()
{
	local i client

	configure audit_rotate_size 64K
	for i in 1 2 3 4 5 6; do
		python3 - "$FG_TOP/tests/lib" <<-'EOF' &
		import sys, time
		sys.path.insert(0, sys.argv[1])
		from wire import *
		end = time.monotonic() + 1.5
		while time.monotonic() < end:
		    try:
		        with Client() as c:
		            assert c.login(rhost="8.8.8.8")[0] == DENY
		    except (OSError, Closed):
		        time.sleep(0.01)
		EOF
		client=$!
		sleep "0.$((i + 3))"
		fg_stop KILL
		want fg_start
		want wait "$client"
	done
	want fg_until 20 silent plain_files
	want silent find "${FG_AUDIT%/*}" -name '*.new'
	want_whole
}

# What was not compressed is, and what was half done is done anew.
the_next_daemon_compresses()
{
	local f

	configure audit_compress no
	want logins 100
	want fg_until 5 eval 'test -n "$(plain_files)"'
	fg_stop KILL
	f=$(plain_files | head -n 1)
	echo half >"$f.zst.new"
	sed -i '/^audit_compress/d' "$FG_CONF"
	want fg_start
	want fg_until 20 silent plain_files
	want test -e "$f.zst" -a ! -e "$f.zst.new"
	want_whole
}

somebody_else_may_rotate()
{
	configure audit_rotate_size off
	want logins 100
	mv "$FG_AUDIT" "$FG_AUDIT.old"
	sleep 1.1
	want fg_until 5 eval 'gate gate alice 127.0.0.2; test -s "$FG_AUDIT"'
	want_eq "rotated other" \
	    "$(head -n 1 "$FG_AUDIT" | jq -r '"\(.event) \(.by)"')"
	want_line '^<4>audit: .* was renamed and is continued' \
	    "$FG_WORK/daemon.log"
	cat "$FG_AUDIT.old" "$FG_AUDIT" >"$WHOLE"
	want python3 "$FG_TOP/conf/audit-verify.py" "$WHOLE"
	rm -f "$FG_AUDIT.old"
}

# As logrotate's copytruncate does it: that is damage.
a_log_that_is_cut_is_damage()
{
	cp "$FG_AUDIT" "$FG_WORK/copy"
	: >"$FG_AUDIT"
	want gate gate alice 127.0.0.2
	want_eq "recovered true" \
	    "$(head -n 1 "$FG_AUDIT" | jq -r '"\(.event) \(.replaced)"')"
	want_line '^<2>audit: .* was damaged, replaced' "$FG_WORK/daemon.log"
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
if ldd "$FG_BIN/farmgate-policyd" | grep -q libasan; then
	skip "AUD-03 that there is no anchor for long is told" \
	    "its runtime has to be first"
else
	run "AUD-03 that there is no anchor for long is told" \
	    late_anchors_are_told
fi
run "AUD-03 another file wants a restart" another_file_wants_a_restart
run "AUD-03, CFG-10 a key that others could read signs nothing" a_spoilt_key_is_said
run "AUD-07 a log that is large is gone on with in a new file" \
    it_is_rotated_by_its_size
run "AUD-07 kill -9 while it is rotated loses nothing" kills_lose_nothing
run "AUD-07 the next daemon compresses what was not" the_next_daemon_compresses
run "AUD-07 somebody else may rotate it" somebody_else_may_rotate
run "AUD-07 a log that was cut is damage" a_log_that_is_cut_is_damage
finish
