#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The daemon's sockets against every kind of peer; the cases are in 40_ipc.py.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

squatted()
{
	fg_stop
	rm -rf /run/farmgate
	ln -s /var/log /run/farmgate
	fg_start
	want_not fg_alive "$FG_PID"
	want test ! -e /var/log/policy.sock
	rm -f /run/farmgate
	install -d -o alice /run/farmgate
	fg_start
	want_not fg_alive "$FG_PID"
	rm -rf /run/farmgate
	install -d -m 0755 /run/farmgate
	echo precious >/run/farmgate/policy.sock
	fg_start
	want_not fg_alive "$FG_PID"
	want_eq precious "$(cat /run/farmgate/policy.sock)"
	rm -f /run/farmgate/policy.sock
	fg_restart
	want fg_alive "$FG_PID"
}

# The module must not speak to a listener that is not root's.
impostor()
{
	fg_stop
	rm -f /run/farmgate/policy.sock
	chown alice /run/farmgate
	setpriv --reuid alice --regid alice --clear-groups \
	    python3 "$FG_TOP/tests/lib/rogue.py" allow &
	local rogue=$!
	fg_until 5 test -S /run/farmgate/policy.sock
	fg_pam gate
	want_not pamtester -I rhost=127.0.0.2 gate alice acct_mgmt
	want_line 'reason=peer' "$FG_SYSLOG"
	kill "$rogue"
	wait "$rogue" 2>/dev/null
	rm -f /run/farmgate/policy.sock
	chown root /run/farmgate
	fg_start
}

never_wider()
{
	fg_stop
	rm -f /run/farmgate/*.sock
	python3 "$FG_TOP/tests/lib/modes.py" /run/farmgate 3 \
	    >"$FG_WORK/modes" &
	local watcher=$!
	fg_until 3 test -s "$FG_WORK/modes"
	fg_start -w
	wait "$watcher"
	cat "$FG_WORK/modes"
	want_line '^policy.sock 600 0$' "$FG_WORK/modes"
	want_line '^control.sock 660 4213$' "$FG_WORK/modes"
	want_line '^audit.sock 660 4214$' "$FG_WORK/modes"
	want_line '^witness.sock 666 0$' "$FG_WORK/modes"
	grep -Ev '^watching$|^policy.sock 600 0$' "$FG_WORK/modes" |
	    grep -Ev '^control.sock (600 (0|4213)|660 4213)$' |
	    grep -Ev '^audit.sock (600 (0|4214)|660 4214)$' |
	    grep -Ev '^witness.sock (600|666) 0$' >"$FG_WORK/wider"
	no_line . "$FG_WORK/wider"
	rm /run/farmgate/witness.sock
	fg_restart
	want test ! -e /run/farmgate/witness.sock
}

# A stopped daemon and a backlog that is full: refused as busy, and soon.
full_backlog()
{
	local start took

	kill -STOP "$FG_PID"
	python3 - <<-'EOF' &
	import signal, socket
	held = []
	try:
	    while len(held) < 5000:
	        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
	        s.setblocking(False)
	        s.connect("/run/farmgate/policy.sock")
	        held.append(s)
	except BlockingIOError:
	    pass
	open("/run/farmgate-test/full", "w").write(str(len(held)))
	signal.pause()
	EOF
	local filler=$!
	want fg_until 10 test -s "$FG_WORK/full"
	fg_pam gate
	start=$EPOCHREALTIME
	want_not pamtester -I rhost=127.0.0.2 gate alice acct_mgmt
	took=$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))
	echo "took $took ms with $(cat "$FG_WORK/full") waiting"
	want_line 'verdict=deny .*reason=busy' "$FG_SYSLOG"
	want test "$took" -lt 3500
	kill "$filler"
	wait "$filler" 2>/dev/null
	kill -CONT "$FG_PID"
	want fg_until 10 pamtester -I rhost=127.0.0.2 gate alice acct_mgmt
	want fg_alive "$FG_PID"
}

# The daemon's processor time so far, in hundredths of a second.
ticks()
{
	sed 's/.*) //' "/proc/$FG_PID/stat" | awk '{ print $12 + $13 }'
}

# More connections than descriptors, and new ones again and again.
few_descriptors()
{
	local busy crowd

	fg_pam gate
	fg_stop
	setsid() # by which fg_start starts it
	{
		ulimit -n 40
		exec setsid "$@"
	}
	fg_start
	unset -f setsid
	want_line '^Max open files +40 +40 ' "/proc/$FG_PID/limits"
	python3 - "$FG_TOP/tests/lib" <<-'EOF' &
	import sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	while True:
	    idle = [Client() for _ in range(60)]
	    time.sleep(0.5)
	EOF
	crowd=$!
	want_line 'accepting pauses: Too many open files' "$FG_WORK/daemon.log"
	busy=$(ticks)
	sleep 2
	busy=$(($(ticks) - busy))
	# One that did not rest would take all of them, which are 200.
	echo "$busy ticks in 2 s"
	want test "$busy" -lt 100
	want gate gate alice 127.0.0.2
	want_not gate gate alice 127.0.0.3
	kill "$crowd"
	wait "$crowd"
	want gate gate alice 127.0.0.2
	fg_restart
}

setup_gate
want_daemon
FG_MODULE=$FG_MODULE python3 "$FG_TOP/tests/system/40_ipc.py" "$FG_PID" "$(fg_scanner)" || T_FAILED=1
run "IPC-01 no socket is ever wider than it is in the end" never_wider
run "IPC-09 without descriptors it rests, and serves who waits" few_descriptors
run "IPC-07 a full backlog refuses as busy, and is survived" full_backlog
run "IPC-02 a squatted folder or socket is refused, not followed" squatted
run "IPC-02 the module refuses a listener that is not root's" impostor
finish
