#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Administrators are told by a program of their own that a login waits for
# approval. What that program does, or does not, no login waits for.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/lib/hooks.sh"

# USER [COUNT] [TEXT]: events, sent as that user.
send_as()
{
	setpriv --reuid "$1" --regid "$1" --clear-groups \
	    python3 - "$SOCK" "${2:-1}" "${3:-}" <<-'EOF'
	import socket, sys
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.connect(sys.argv[1])
	for n in range(int(sys.argv[2])):
	    s.send((sys.argv[3] or
	        '{"event":"approval","since":%d}' % n).encode())
	EOF
}

# What waits is refused, so that who waits for it need not wait out its time.
ends()
{
	by carol farmgatectl refuse "$REF" >/dev/null
	presses_enter "$1"
	wait "$CLIENT"
	fg_until 5 eval '[ "$(farmgatectl approvals)" = none ]'
}

# ---- tests ------------------------------------------------------------------

tells_who_waits()
{
	local said

	telling_hook
	begins alice 127.0.0.3
	want fg_until 5 runs
	said=$(echo "$TOLD"/*)
	want_line "^FARMGATE_REF=$REF\$" "$said"
	for line in EVENT=approval HOST=jumphost USER=alice PERSON=alice \
	    SERVICE=sshd ADDRESS=127.0.0.3 COUNTRY=BR NETWORK=far \
	    FINDINGS=geo.country LOST=0; do
		want_line "^FARMGATE_$line\$" "$said"
	done
	want_line '^FARMGATE_LEFT_S=([1-5][0-9]|60)$' "$said"
	want_eq "approval $REF alice" "$(grep '^{' "$said" |
	    jq -r '[.event, .ref, .user] | join(" ")')"
	want_eq "BR is not among the countries of policy staff" \
	    "$(grep '^{' "$said" | jq -r '.findings[0].text' | head -c 46)"
	# The number is the user's alone.
	want_not grep -qwF "$(number alice)" "$said"
	want_eq "1 0" "$(fg_status '.hooks | "\(.told) \(.lost)"')"
	ends alice
}

runs_as_nobody_of_importance()
{
	hook <<-EOF
	{ id; grep -E '^(NoNewPrivs|Cap(Eff|Bnd))' /proc/self/status
	env | grep -v FARMGATE | cut -d= -f1 | sort | xargs
	ls -l /proc/self/fd | grep -c /; pwd; umask; } >$TOLD/x.new 2>&1
	mv $TOLD/x.new $TOLD/x
	EOF
	want send_as farmgate
	want fg_until 5 runs
	want_line '^uid=4216\(farmgate-hooks\) gid=4216\(farmgate-hooks\) groups=4216' \
	    "$TOLD/x"
	want_line '^NoNewPrivs:	1$' "$TOLD/x"
	want_eq 2 "$(grep -c '^Cap.*0000000000000000$' "$TOLD/x")"
	want_line '^PATH PWD( _)?$|^PATH PWD SHLVL _$' "$TOLD/x"
	want_line '^/$' "$TOLD/x"
	want_line '^0077$' "$TOLD/x"
	want_eq "4216" "$(stat -c %u "/proc/$HOOKS_PID")"
}

only_the_daemon_is_heard()
{
	telling_hook
	want_eq "620 root:farmgate" "$(stat -c '%a %U:%G' "$SOCK")"
	want_not send_as alice
	want_not send_as farmgate-hooks
	# What is none of its events does it no harm.
	want send_as farmgate 1 '{"event":"../../../bin/sh"}'
	want send_as farmgate 1 '{'
	want send_as farmgate 1 "{\"event\":\"approval\",\"x\":\"$(
	    head -c 20000 /dev/zero | tr '\0' x)\"}"
	want fg_until 5 eval '[ "$(grep -c "cannot be used" "$LOG")" -ge 3 ]'
	want_not runs
	want send_as farmgate 1 '{"event":"approval","user":"$(id) \u001b[2J\nx"}'
	want fg_until 5 runs
	want_line '^FARMGATE_USER=\\x24\\x28id\\x29\\x20\\x1b\\x5b2J\\x0ax$' \
	    "$TOLD"/*
}

others_cannot_write_it()
{
	telling_hook
	chmod 0775 "$HOOKS/approval"
	want send_as farmgate
	want fg_until 5 grep -q 'can be written by others.*it is not run' "$LOG"
	chmod 0755 "$HOOKS/approval"
	chown farmgate-hooks "$HOOKS/approval"
	want send_as farmgate
	want fg_until 5 grep -q 'belongs to another user.*it is not run' "$LOG"
	want_not runs
}

its_end_is_told()
{
	echo 'exit 3' | hook
	want send_as farmgate
	want fg_until 5 grep -q 'has failed with status 3' "$LOG"
	echo 'kill -SEGV $$' | hook
	want send_as farmgate
	want fg_until 5 grep -q 'was ended by signal 11' "$LOG"
	printf '#!/no/such/program\n' >"$HOOKS/approval"
	want send_as farmgate
	want fg_until 5 grep -q 'has failed with status 127' "$LOG"
	want_line 'approval: No such file' "$LOG"
	rm "$HOOKS/approval"
	want send_as farmgate
	telling_hook
	want send_as farmgate
	want fg_until 5 runs
}

# ALT-04, with what it has started.
ends_one_that_hangs()
{
	hook <<-EOF
	trap '' TERM
	sleep 1000 & echo \$! >$TOLD/child; echo \$\$ >$TOLD/leader
	while :; do sleep 1000; done
	EOF
	want send_as farmgate
	want fg_until 15 grep -q 'was ended by signal 9' "$LOG"
	want_line 'has run for 2 s; it has to end' "$LOG"
	want fg_until 3 fg_ended "$(cat "$TOLD/child")"
	# Nor does one leave anybody behind.
	echo "sleep 1000 & echo \$! >$TOLD/child" | hook
	: >"$LOG"
	want send_as farmgate
	want fg_until 5 grep -q 'is done' "$LOG"
	want fg_until 3 fg_ended "$(cat "$TOLD/child")"
}

# ALT-01
is_not_flooded()
{
	hooks_stop
	hooks_start -m 19
	telling_hook
	want send_as farmgate 100
	want fg_until 5 runs 10
	want_not runs 12
	want fg_until 15 grep -q 'events before this one came to no program' \
	    "$LOG"
	want fg_until 5 eval 'grep -hq "^FARMGATE_LOST=[1-9]" "$TOLD"/*'
}

# A program for what has none of its own, and one for refused logins.
tells_each_class()
{
	telling_hook default
	telling_hook denied
	want_not gate sshd carol 127.0.0.3
	want fg_until 5 runs
	want_eq "denied carol 127.0.0.3 127.0.0.0/24 1 1 deny geo.country,challenge.impossible" \
	    "$(said EVENT) $(said USER) $(said ADDRESS) $(said SOURCE) $(
	    said COUNT) $(said SOURCES) $(said VERDICT) $(said FINDINGS)"
	want_eq "$(said REF)" "$(grep -h '^{' "$TOLD"/* | jq -r '.refs[]')"
	rm -f "$TOLD"/*
	want by carol farmgatectl revoke bob --reason "left the company"
	want_not gate sshd bob 127.0.0.2
	want fg_until 5 runs
	want_eq "revoked_login bob" "$(said EVENT) $(said USER)"
	want by carol farmgatectl unrevoke bob
	rm -f "$TOLD"/*
	# What is no line of the log any more is damage.
	truncate -s -20 /var/log/farmgate/audit.jsonl
	want_not gate sshd carol 127.0.0.3
	want fg_until 5 runs 2
	want_eq "chain_broken denied" "$(cat "$TOLD"/* |
	    sed -n 's/^FARMGATE_EVENT=//p' | sort | xargs)"
	says 1 status
	want_line '^ +denied: events 2, runs 2, failed 0; last .* well$' "$OUT"
	want_line '^ +chain_broken: events 1, runs 1,' "$OUT"
	farmgatectl metrics >"$OUT"
	want_line '^farmgate_hook_runs_total{event="denied",result="done"} 2$' \
	    "$OUT"
	want fg_restart
}

# COUNT SOURCES: refused logins of as many names.
refuses()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups \
	    python3 - "$SOCK" "$@" <<-'EOF'
	import json, socket, sys
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.connect(sys.argv[1])
	for n in range(int(sys.argv[2])):
	    a = n % int(sys.argv[3])
	    s.send(json.dumps({"event": "denied", "user": "name%d" % n,
	        "at": 1 + n, "address": "10.%d.%d.1" % (a >> 8, a & 255)})
	        .encode())
	EOF
}

# How many events the runs stand for, or FILTER of all of them.
told_of()
{
	cat "$TOLD"/* | grep '^{' | jq -s "${1:-map(.count) | add}"
}

# ALT-01
is_heard_through_noise()
{
	hooks_stop
	hooks_start -m 19
	telling_hook default
	rm -f "$HOOKS/denied"
	want refuses 10000 5000
	want send_as farmgate 1 '{"event":"breakglass","user":"alice"}'
	want fg_until 2 eval 'told_of | grep -q . &&
	    grep -qs "^FARMGATE_EVENT=breakglass$" -r "$TOLD"'
	# Ten at once, and the next one stands for all the others.
	want fg_until 10 eval '[ "$(told_of)" -eq 10001 ]'
	want [ "$(told_of length)" -le 12 ]
	want_eq 10000 "$(told_of 'map(.last // 0) | max')"
	want [ "$(told_of 'map(.sources) | max')" -gt 1000 ]
}

# As many events as the kernel keeps.
fill_socket()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups \
	    python3 - "$SOCK" <<-'EOT'
	import socket, sys
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.setblocking(False)
	s.connect(sys.argv[1])
	try:
	    while True:
	        s.send(b"{}")
	except BlockingIOError:
	    pass
	EOT
}

# ALT-02
no_login_waits_for_it()
{
	hooks_stop
	rm -f "$HOOKS/default"
	hooks_start
	telling_hook
	kill -STOP "$HOOKS_PID"
	fill_socket
	begins alice 127.0.0.3
	want test -n "$REF"
	want fg_until 5 eval '[ "$(fg_status .hooks.waiting)" -ge 1 ]'
	want_eq 0 "$(fg_status .hooks.lost)"
	ends alice
	says 0 status
	want_line '^hooks +events told [0-9]+, lost 0, waiting [1-9]' "$OUT"
	kill -CONT "$HOOKS_PID"
	want fg_until 5 eval '[ "$(fg_status .hooks.waiting)" -eq 0 ]'
	hooks_stop
	rm "$SOCK"
	begins bob 127.0.0.3
	want test -n "$REF"
	ends bob
	says 0 status
	want_line '^hooks +events told [0-9]+, lost 1$' "$OUT"
	want_line 'nobody listens at hooks.sock; systemctl' "$OUT"
}

# URL TEXT: the web hook of the manual, and what is said of its end.
web_hook_meets()
{
	: >"$LOG"
	hook <<-EOF
	exec curl --silent --show-error --fail --max-time 20 --json @- $1
	EOF
	want send_as farmgate
	want timeout 2 pamtester -I rhost=127.0.0.2 sshd alice acct_mgmt
	want fg_until 8 grep -q "$2" "$LOG"
	cat "$LOG"
}

# ALT-02: what is at the other end of it. Whether a server does not answer or a
# name server, the program hangs.
no_sink_is_in_the_way()
{
	local lost sink

	hooks_stop
	hooks_start
	lost=$(fg_status .hooks.lost)
	python3 "$FG_TOP/tests/lib/web_sink.py" 8500 8501 &
	sink=$!
	want fg_until 5 eval 'ss -Hltn "sport = :8500" | grep -q .'
	web_hook_meets http://127.0.0.1:8500/ 'has failed with status 22'
	web_hook_meets https://127.0.0.1:8500/ 'has failed with status 35'
	web_hook_meets http://127.0.0.1:8502/ 'has failed with status 7'
	web_hook_meets http://127.0.0.1:8501/ 'was ended by signal'
	want_line 'has run for 2 s; it has to end' "$LOG"
	want_eq "$lost" "$(fg_status .hooks.lost)"
	kill "$sink"
	wait "$sink"
	hooks_stop
}

mail_sink()
{
	python3 "$FG_TOP/tests/lib/mail_sink.py" 2525 "$FG_WORK/mail" &
	sink=$!
	want fg_until 5 eval 'ss -Hltn "sport = :2525" | grep -q .'
}

# The one that is shipped, with its addresses as of here.
mails()
{
	local sink

	hooks_start
	sed 's|smtp://localhost|smtp://127.0.0.1:2525|' \
	    "$FG_TOP/conf/approval.example" | sed 1d | hook
	mail_sink
	begins alice 127.0.0.3
	want wait "$sink"
	want_line '^MAIL FROM:<farmgate@jumphost>' "$FG_WORK/mail"
	want_line '^RCPT TO:<admins@example.com>' "$FG_WORK/mail"
	want_line "^Subject: alice@jumphost waits for approval \($REF\)\$" \
	    "$FG_WORK/mail"
	want_line '^Date: [A-Z][a-z][a-z], ' "$FG_WORK/mail"
	want_line '^alice wants to log in to jumphost by sshd,$' "$FG_WORK/mail"
	want_line '^from 127.0.0.3 BR, against which speaks:$' "$FG_WORK/mail"
	want_line "^    farmgatectl refuse $REF\$" "$FG_WORK/mail"
	want_line "^    farmgatectl approve $REF\$" "$FG_WORK/mail"
	want fg_until 5 grep -q 'is done' "$LOG"
	ends alice
	# Who becomes somebody else is the one to call.
	mail_sink
	want send_as farmgate 1 '{"event":"approval","ref":"7F3K-Q2MN",
	    "user":"bob","ruser":"alice","service":"su","kind":"nested",
	    "from":"address","address":"192.0.2.7","left_s":60,"findings":[]}'
	want wait "$sink"
	want_line '^Subject: alice@jumphost waits' "$FG_WORK/mail"
	want_line '^alice wants to become bob on jumphost by su,$' \
	    "$FG_WORK/mail"
	want_line '^from 192.0.2.7, against which' "$FG_WORK/mail"
	want_line '^Call alice, at a number' "$FG_WORK/mail"
	# The one for all the others; what is missing makes no line.
	sed 's|smtp://localhost|smtp://127.0.0.1:2525|' \
	    "$FG_TOP/conf/alert.example" | sed 1d | hook default
	mail_sink
	want send_as farmgate 1 '{"event":"new_device","ref":"7F3K-Q2MN",
	    "user":"bob\r\nBcc: x@example.com","at":1796000000,
	    "address":"192.0.2.7","findings":[{"code":"device.clone"}]}'
	want wait "$sink"
	want_line '^Subject: new_device at jumphost \(bob\\x0d\\x0aBcc:' \
	    "$FG_WORK/mail"
	no_line '^Bcc|^country|^problem' "$FG_WORK/mail"
	want_line '^from: 192.0.2.0/24$' "$FG_WORK/mail"
	want_line '^findings: device.clone$' "$FG_WORK/mail"
	want_line '^see farmgatectl explain 7F3K-Q2MN$' "$FG_WORK/mail"
	rm -f "$HOOKS/default"
}

check_knows_them()
{
	telling_hook
	says 0 check
	no_line 'hooks' "$OUT"
	cp -p "$HOOKS/approval" "$HOOKS/approval~"
	cp -p "$HOOKS/approval" "$HOOKS/denial"
	chmod 0775 "$HOOKS/approval"
	says 0 check
	want_line 'hooks/approval: warning: it can be written by others' "$OUT"
	want_line 'hooks/approval~: warning: no event has this name.*: approval, live, anchor, denied, .*, default$' \
	    "$OUT"
	want_line 'hooks/denial: warning: no event has this name' "$OUT"
	rm "$HOOKS/approval~" "$HOOKS/denial"
	chmod 0755 "$HOOKS/approval"
	hooks_stop
	rm "$SOCK"
	says 0 check
	want_line 'hooks: warning: there is no .*hooks.sock, so no hook is run' \
	    "$OUT"
}

# A rule that runs what is not there, or what nobody may run.
check_knows_who_needs_them()
{
	cp -p "$FG_CONF" "$FG_WORK/kept"
	echo 'while_open = {"remote.kvm = alert", "remote.tool = hook"}' \
	    >>"$FG_CONF"
	says 0 check
	want_line "^$FG_CONF:$(wc -l <"$FG_CONF"): warning: remote.tool = hook runs .*/hooks/live, and there is none; put a program there" \
	    "$OUT"
	printf '#!/bin/sh\n' >"$HOOKS/live"
	chmod 0644 "$HOOKS/live"
	says 0 check
	want_line 'hooks/live: warning: it is not for everybody to read and execute; chmod 0755 it; until then it is not run' \
	    "$OUT"
	no_line 'there is none' "$OUT"
	chmod 0755 "$HOOKS/live"
	says 0 check
	no_line 'hooks/live|= hook' "$OUT"
	rm "$HOOKS/live"
	mv "$FG_WORK/kept" "$FG_CONF"
	says 0 check
	no_line '= hook' "$OUT"
}

starts_only_as_it_should()
{
	want_rc 2 farmgate-hooks -x 2>"$OUT"
	want_line '^usage: farmgate-hooks' "$OUT"
	want_rc 2 farmgate-hooks -t 0 2>/dev/null
	want_not setpriv --reuid farmgate-hooks --regid farmgate-hooks \
	    --clear-groups farmgate-hooks 2>"$OUT"
	want_line 'start it as root, or with farmgate-hooks.socket' "$OUT"
	want_not farmgate-hooks -u root 2>/dev/null
	rm "$SOCK"
	: >"$SOCK"
	want_not timeout 5 farmgate-hooks 2>"$OUT"
	want_line 'hooks.sock is in the way; remove it' "$OUT"
	rm "$SOCK"
}

# As a service manager does: the socket is there first, and the user.
takes_a_passed_socket()
{
	telling_hook
	python3 - "$FG_BIN/farmgate-hooks" "$SOCK" >"$LOG" 2>&1 <<-'EOF' &
	import os, socket, sys
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.bind(sys.argv[2])
	os.chown(sys.argv[2], 0, 4211)
	os.chmod(sys.argv[2], 0o620)
	os.dup2(s.fileno(), 3)
	os.set_inheritable(3, True)
	os.setgroups([])
	os.setresgid(4216, 4216, 4216)
	os.setresuid(4216, 4216, 4216)
	os.execve(sys.argv[1], [sys.argv[1]], {"LISTEN_PID": str(os.getpid()),
	    "LISTEN_FDS": "1", "LISTEN_FDNAMES": "hooks"})
	EOF
	HOOKS_PID=$!
	want fg_until 5 grep -q 'ready: ' "$LOG"
	want send_as farmgate
	want fg_until 5 runs
	hooks_stop
}

setup_gate
{
	echo 'step_up = {"approval"}'
	echo 'step_up_time = "60s"'
	setup_conf | sed 's/"geo.country = deny"/"geo.country = challenge"/'
} | fg_conf
fg_pam sshd
asking_pam sshd
waiting_program
hooks_prepare
want_daemon
fg_sshd_start || echo "FAIL sshd starts"
hooks_start

# Whoever has put a link there does not have its target opened to all.
its_folder_is_no_link()
{
	local folder=$FG_WORK/hooks-status

	install -d -m 0700 "$FG_WORK/roots"
	ln -s roots "$folder"
	hooks_stop
	hooks_start -s "$folder"
	want_eq '700 0' "$(stat -c '%a %u' "$FG_WORK/roots")"
	want_line 'hooks-status: .*status will not say how hooks end' "$LOG"
	rm "$folder"
	hooks_stop
	hooks_start -s "$folder"
	want_eq '755 farmgate-hooks' "$(stat -c '%a %U' "$folder")"
	hooks_stop
	hooks_start
}

run "a hook is told who waits for an approval" tells_who_waits
run "a hook runs as nobody of importance" runs_as_nobody_of_importance
run "ALT-03 strangers' bytes are words, of the daemon alone" \
    only_the_daemon_is_heard
run "a hook that others can write is not run" others_cannot_write_it
run "ALT-04 how a hook ends is told" its_end_is_told
run "ALT-04 a hook that hangs is ended with all it has started" \
    ends_one_that_hangs
run "ALT-01 a hook is not run for each event of a flood" is_not_flooded
run "a program of each event is told, and the default one" tells_each_class
run "ALT-01 noise is one event, and what is critical is heard" \
    is_heard_through_noise
run "ALT-02 no login waits for the hook service" no_login_waits_for_it
if command -v curl >/dev/null; then
	run "ALT-02 what is at the other end of a hook is in nobody's way" \
	    no_sink_is_in_the_way
	run "ALT-03 the hooks that are shipped send a mail" mails
else
	skip "ALT-02 what is at the other end of a hook is in nobody's way" \
	    "no curl"
	skip "ALT-03 the hooks that are shipped send a mail" "no curl"
fi
run "the folder of the hooks' status is made, and no link's" \
    its_folder_is_no_link
run "check knows hooks that are never run" check_knows_them
run "check knows of a rule whose hook is not there" check_knows_who_needs_them
run "the service starts only as it should" starts_only_as_it_should
run "the service takes a socket that is passed" takes_a_passed_socket
hooks_stop
finish
