#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Break-glass with a real sshd, sudo and login, whatever has failed: who is
# listed gets in and it is loud, nobody else does, and each use is recorded and
# counted once. PKG-03, SVC-03

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

STATE=/var/lib/farmgate
MARK=$STATE/breakglass.json
LOG=/run/farmgate/breakglass.log
HOOKS=/etc/farmgate/hooks

# What carol may do otherwise she may not by it: she is never listed.
entries()
{
	cat >/etc/farmgate/breakglass <<-'EOF'
	# who mends the gate
	alice sshd  127.0.0.2
	alice sudo  local
	alice login console
	bob   sshd  127.0.0.3
	EOF
}

sudoers()
{
	printf 'root ALL=(ALL) ALL\nalice ALL=(ALL) NOPASSWD: ALL\nbob ALL=(ALL) NOPASSWD: ALL\n' |
	    fg_sudoers
}

pam()
{
	local service

	for service in sshd sudo login; do
		fg_pam "$service" timeout=300ms
	done
}

# REASON: alice gets in from her network, loudly; from elsewhere she does not,
# and neither do others.
lets_in_who_is_listed()
{
	local ref alerts

	alerts=$(grep -c breakglass=1 "$FG_SYSLOG")
	ref=$(fg_ssh key alice 127.0.0.2 'echo $FARMGATE_REF' 2>"$FG_WORK/err")
	want test -n "$ref"
	want_line "break-glass.* Reference $ref\.$" "$FG_WORK/err"
	# authpriv's alert
	want_line "<81>.*breakglass=1 entry=/etc/farmgate/breakglass:2 ref=$ref verdict=allow would=deny phase=account user=alice service=sshd rhost=127.0.0.2 reason=$1" \
	    "$FG_SYSLOG"
	want_line "breakglass=1 .*ref=$ref .*phase=session .* reason=$1" \
	    "$FG_SYSLOG"
	want_line "\"ref\":\"$ref\",\"phase\":\"account\",\"user\":\"alice\"" \
	    "$LOG"
	want_eq 2 "$(($(grep -c breakglass=1 "$FG_SYSLOG") - alerts))"
	want_not fg_ssh key alice 127.0.0.3 true
	want_not fg_ssh key bob 127.0.0.2 true
	want_not fg_ssh key carol 127.0.0.2 true
	REF=$ref
}

# COUNT: status says how often, and the last one; each is recorded once.
is_counted()
{
	says 0 status
	want_line "^breakglass +BREAK-GLASS used $1 times? since 20.*, last 20" \
	    "$OUT"
	want_eq "$1 0" "$(fg_status '.breakglass | "\(.count) \(.waiting)"')"
	want_eq "$1" "$(fg_events breakglass)"
	want_eq "$1" "$(fg_of_event breakglass | jq -r .ref | sort -u | wc -l)"
}

nobody_yet()
{
	want test ! -e "$LOG"
	says 0 status
	no_line 'breakglass|BREAK-GLASS' "$OUT"
	want_eq null "$(fg_status .breakglass)"
}

a_daemon_that_works()
{
	want_not fg_ssh key bob 127.0.0.3 true	# whom a rule keeps out
	want fg_ssh key alice 127.0.0.2 true
	want_eq 0 "$(grep -c breakglass=1 "$FG_SYSLOG")"
	nobody_yet
}

killed()
{
	fg_stop KILL
	lets_in_who_is_listed daemon_unreachable
	want_eq root "$(fg_ssh key alice 127.0.0.2 'sudo -n id -un')"
	want_line 'breakglass=1 .*:3 .*phase=account user=alice service=sudo' \
	    "$FG_SYSLOG"
	want_line 'breakglass=1 .*:3 .*phase=session user=root service=sudo' \
	    "$FG_SYSLOG"
	want fg_start
	is_counted 3
	want_eq "alice alice sudo local daemon_unreachable" "$(fg_last_of \
	    breakglass '"\(.user) \(.target) \(.service) \(.from) \(.reason)"')"
	want_line '^ +alice by sudo from local, daemon_unreachable, ' "$OUT"
	says 0 explain "$REF"
	want_line "^breakglass  $REF  20" "$OUT"
	want_line '^  entry +/etc/farmgate/breakglass:2$' "$OUT"
}

# ARG...: alice's sudo under strace, which stops it where she could.
alices_sudo()
{
	strace -f -o "$FG_WORK/trace" -u alice "$@" sudo -n id -un
}

# The daemon works and would let her in, but is asked when it is too late.
stopped_by_its_user()
{
	local alerts

	if ! command -v strace >/dev/null; then
		echo "no strace"
		return 1
	fi
	alerts=$(grep -c breakglass=1 "$FG_SYSLOG")
	want_eq root "$(alices_sudo -e trace=sendto)"
	want_not alices_sudo -e trace=sendto \
	    -e inject=sendto:delay_enter=400ms
	want_line 'verdict=deny .*user=alice service=sudo .*reason=timeout' \
	    "$FG_SYSLOG"
	want_eq "$alerts" "$(grep -c breakglass=1 "$FG_SYSLOG")"
}

# bob may come from .3 by the file, and may not use sudo by it.
only_what_is_listed()
{
	fg_stop
	want_eq bob "$(fg_ssh key bob 127.0.0.3 'id -un; sudo -n id -un')"
	want_not gate login bob ''
	want fg_start
	is_counted 4
}

at_the_console()
{
	fg_stop
	want python3 "$FG_TOP/tests/lib/login.py" alice alice-pw
	want_line 'breakglass=1 .*:4 .*user=alice service=login rhost=- ' \
	    "$FG_SYSLOG"
	want_not python3 "$FG_TOP/tests/lib/login.py" bob bob-pw
	want_not python3 "$FG_TOP/tests/lib/login.py" alice alice-pw \
	    -h 127.0.0.9
	want fg_start
	is_counted 5
	want_eq console "$(fg_last_of breakglass .from)"
}

restarts_record_nothing_twice()
{
	fg_restart
	is_counted 5
	fg_stop KILL
	want fg_start
	is_counted 5
}

# The mark in front of a record, as a crash leaves it: behind the record, which
# is the last one, and before it.
crashed_in_between()
{
	local seq size

	fg_stop
	fg_ssh key alice 127.0.0.2 true
	want fg_start
	is_counted 6
	fg_stop KILL
	size=$(stat -c %s "$LOG")
	seq=$(fg_last_of breakglass .seq)
	# all behind the record is of later
	head -n "$seq" "$FG_AUDIT" >"$FG_WORK/audit"
	want_eq "$seq" "$(tail -n 1 "$FG_WORK/audit" | jq .seq)"
	cat "$FG_WORK/audit" >"$FG_AUDIT"
	before_the_last_line "$seq"
	want fg_start
	is_counted 6
	want_eq "$size" "$(jq .offset "$MARK")"
	fg_stop KILL
	before_the_last_line 1000000
	want fg_start
	want_eq 6 "$(fg_status .breakglass.count)"
	want_eq 7 "$(fg_events breakglass)"
}

# SEQ: the mark as it was before the last use was recorded.
before_the_last_line()
{
	local offset

	# its session has a line, too
	offset=$(head -n -2 "$LOG" | wc -c)
	jq -c --argjson o "$offset" --argjson s "$1" \
	    '.offset = $o | .pending = $s | .count -= 1' "$MARK" \
	    >"$FG_WORK/mark"
	cat "$FG_WORK/mark" >"$MARK"
}

# A reboot takes the log along, and not what was counted.
after_a_reboot()
{
	fg_stop
	rm -f "$LOG"
	want fg_start
	want_eq 6 "$(fg_status .breakglass.count)"
	fg_stop
	fg_ssh key alice 127.0.0.2 true
	want fg_start
	want_eq 7 "$(fg_status .breakglass.count)"
	want_eq 8 "$(fg_events breakglass)"
}

# After a month nobody is told any more, and the next use is the first one.
a_month_later()
{
	fg_stop
	jq -c '.last_at -= 31 * 86400 | .since -= 31 * 86400' "$MARK" \
	    >"$FG_WORK/mark"
	cat "$FG_WORK/mark" >"$MARK"
	want fg_start
	want_eq null "$(fg_status .breakglass)"
	fg_stop
	fg_ssh key alice 127.0.0.2 true
	want fg_start
	want_eq 1 "$(fg_status .breakglass.count)"
}

hung()
{
	kill -STOP "$FG_PID"
	lets_in_who_is_listed timeout
	kill -CONT "$FG_PID"
	want fg_until 5 eval '[ "$(fg_status .breakglass.count)" -eq 2 ]'
	want gate gate alice 127.0.0.2
}

broken_configuration()
{
	fg_stop
	echo 'policy {' | fg_conf
	want_not fg_start
	FG_PID=
	lets_in_who_is_listed daemon_unreachable
	setup_conf | fg_conf
	want fg_start
	want_eq 3 "$(fg_status .breakglass.count)"
}

# The daemon answers, and cannot say who was dismissed.
corrupt_store()
{
	printf 'user,countries\nalice,NO\nbob,NO\n' >"$FG_WORK/people.csv"
	says 0 inventory import "$FG_WORK/people.csv"
	fg_stop
	head -c 65536 /dev/urandom >"$FG_WORK/noise"
	cat "$FG_WORK/noise" >"$STATE/farmgate.db"
	want fg_start
	lets_in_who_is_listed store_unusable
	want_eq "deny store_unusable" "$(fg_of_ref decision "$REF" \
	    'select(.phase == "account") | "\(.verdict) \(.reason)"')"
	want_eq 4 "$(fg_status .breakglass.count)"
	says 1 status	# for the store
	says 0 inventory import "$FG_WORK/people.csv"
	says 0 status
}

small_disk()
{
	fg_stop
	mkdir "$FG_WORK/small"
	mount -t tmpfs -o size=64k,mode=0755 tmpfs "$FG_WORK/small"
	install -d -m 0750 -o farmgate -g adm "$FG_WORK/small/log"
	FG_AUDIT=$FG_WORK/small/log/audit.jsonl
	{
		setup_conf
		echo "audit = \"$FG_AUDIT\""
	} | fg_conf
	want fg_start
	says 0 revoke bob --reason left
}

# Until no record of a login fits any more.
fill_disk()
{
	local i denied=0

	head -c 65536 /dev/zero >"$FG_WORK/small/fill" 2>/dev/null
	for i in {1..24}; do
		if gate gate alice 127.0.0.2; then
			denied=0
		else
			denied=$((denied + 1))
		fi
		[ "$denied" -lt 3 ] || return 0
	done
	return 1
}

# Who was dismissed is found all the same: bob is listed.
full_disk()
{
	small_disk
	want fill_disk
	lets_in_who_is_listed audit_unwritable
	want_not fg_ssh key bob 127.0.0.3 true
	want_line 'verdict=deny .*user=bob .*reason=person.revoked' "$FG_SYSLOG"
}

# What the hook for break-glass is told of: references, to $FG_WORK/events.
hooks_listen()
{
	mkdir -p "$HOOKS"
	install -m 0666 /dev/null "$FG_WORK/events"
	cat >"$HOOKS/breakglass" <<-EOF
	#!/bin/sh
	jq -r '.refs[]' >>$FG_WORK/events
	EOF
	chmod 0755 "$HOOKS/breakglass"
	farmgate-hooks -t 5 >"$FG_WORK/hooks.log" 2>&1 </dev/null &
	HOOKS_PID=$!
	want fg_until 5 grep -q 'ready: ' "$FG_WORK/hooks.log"
}

hooks_end()
{
	kill "$HOOKS_PID"
	wait "$HOOKS_PID" 2>/dev/null
	no_line '^<[0-4]>' "$FG_WORK/hooks.log"
	rm -f /run/farmgate/hooks.sock "$HOOKS/breakglass"
}

# REF...: these and no others, in their order.
hooks_were_told()
{
	[ "$(paste -sd' ' "$FG_WORK/events")" = "$*" ]
}

# The record of a use is short, and may still fit: then nothing does. Who is to
# hear of it hears of it all the same, once; a daemon that begins anew says it
# again with the record.
no_record_at_all()
{
	local uses ref

	hooks_listen
	fg_status .breakglass >"$FG_WORK/before"
	uses=$(fg_events breakglass)
	mount -o remount,ro "$FG_WORK/small"
	ref=$(fg_ssh key alice 127.0.0.2 'echo $FARMGATE_REF')
	says 1 status
	want_line '^DEGRADED +uses of break-glass that are not in the audit' \
	    "$OUT"
	want_line '^DEGRADED +the log of break-glass: the audit log: (No space|Read-only)' \
	    "$OUT"
	want_eq "$uses" "$(fg_events breakglass)"
	says 1 status
	want fg_until 5 hooks_were_told "$REF" "$ref"
	says 1 status	# which looks again
	want fg_until 5 grep -q 'breakglass: pid' "$FG_WORK/hooks.log"
	want hooks_were_told "$REF" "$ref"
	hooks_end
	fg_stop
	mount -o remount,rw "$FG_WORK/small"
	rm -f "$FG_WORK/small/fill"
	want fg_start
	want_eq 0 "$(fg_status .breakglass.waiting)"
	want_eq 2 "$(fg_events breakglass)"	# and that of the full disk
	want_eq 6 "$(fg_status .breakglass.count)"
	want_eq audit_unwritable "$(fg_last_of breakglass .reason)"
	want python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT"
	fg_restart
	want_eq "6 0" "$(fg_status '.breakglass | "\(.count) \(.waiting)"')"
	want_eq 2 "$(fg_events breakglass)"
}

# What stands in the log is root's, but may have been written by a hand.
lines_that_are_none()
{
	printf 'x\n\xff{}\n{"phase":"session","ref":"M1"}\nhalf' >>"$LOG"
	want_eq "9 0" "$(fg_status '.breakglass | "\(.count) \(.waiting)"')"
	want_eq 5 "$(fg_events breakglass)"
	want_eq '"x"' "$(fg_of_event breakglass | jq .line | sed -n 3p)"
	says 0 status
	chmod 0666 "$LOG"
	says 1 status
	want_line 'the log of break-glass: .*unsafe owner' "$OUT"
	chmod 0644 "$LOG"
	says 0 status
}

# What does not fit would be counted nowhere, and that is told before.
nearly_full_log()
{
	head -c 230000 /dev/zero | tr '\0' x >>"$LOG"	# no line yet
	says 1 status
	want_line '^DEGRADED +the log of break-glass: it is full or nearly so' \
	    "$OUT"
	want_eq "9 0" "$(fg_status '.breakglass | "\(.count) \(.waiting)"')"
	rm -f "$LOG"
	says 0 status
	want_eq "9 0" "$(fg_status '.breakglass | "\(.count) \(.waiting)"')"
}

# The daemon's clock alone is wrong; what is signed by others is not looked at.
clock_of_1970()
{
	cat >"$FG_WORK/clock.c" <<-'EOF'
	#define _GNU_SOURCE
	#include <sys/syscall.h>
	#include <time.h>
	#include <unistd.h>

	int
	clock_gettime(clockid_t clock, struct timespec *ts)
	{
		int r = (int)syscall(SYS_clock_gettime, clock, ts);

		if (r == 0 && clock == CLOCK_REALTIME)
			ts->tv_sec %= 86400;
		return r;
	}

	time_t
	time(time_t *ret)
	{
		struct timespec ts;

		(void)clock_gettime(CLOCK_REALTIME, &ts);
		if (ret != NULL)
			*ret = ts.tv_sec;
		return ts.tv_sec;
	}
	EOF
	cc -shared -fPIC -o "$FG_WORK/clock.so" "$FG_WORK/clock.c"
}

never_set()
{
	want clock_of_1970
	fg_stop
	want env LD_PRELOAD="$FG_WORK/clock.so" true
	LD_PRELOAD=$FG_WORK/clock.so fg_start
	want fg_alive "$FG_PID"
	lets_in_who_is_listed clock_unset
	want_eq 1970-01-01 "$(fg_last '.ts[:10]')"
	want_not fg_ssh key bob 127.0.0.3 true	# was dismissed
	want_line 'user=bob .*reason=clock_unset,person.revoked' "$FG_SYSLOG"
	want python3 "$FG_TOP/tests/lib/login.py" carol carol-pw
	want_eq "login carol allow" \
	    "$(fg_last '"\(.service) \(.user) \(.verdict)"')"
	want fg_restart
	want gate gate alice 127.0.0.2
	want_eq 6 "$(fg_events breakglass)"
}

setup_gate
pam
fg_pam gate timeout=300ms
sudoers
entries
want_daemon
fg_sshd_start
run "PKG-03 a daemon that works decides, whoever is listed" a_daemon_that_works
run "PKG-03 a daemon that is dead" killed
run "PKG-03 a sudo that its user stops opens nothing" stopped_by_its_user
run "PKG-03 an entry is of its service and origin alone" only_what_is_listed
run "SVC-03 at the console" at_the_console
run "PKG-03 a restart records nothing twice" restarts_record_nothing_twice
run "PKG-03 nor does a crash in between, and it forgets nothing" crashed_in_between
run "PKG-03 a reboot forgets no use" after_a_reboot
run "PKG-03 uses are shown for a month" a_month_later
run "PKG-03 a daemon that hangs" hung
run "PKG-03 a configuration that is broken" broken_configuration
run "PKG-03 a store that is corrupt" corrupt_store
run "PKG-03 a disk that is full, where who was dismissed stays out" full_disk
run "PKG-03 what cannot be recorded now is recorded later" no_record_at_all
run "PKG-03 lines that are no notes are recorded as they are" lines_that_are_none
run "PKG-03 a log without room is told before it is full" nearly_full_log
if ldd "$FG_BIN/farmgate-policyd" | grep -q libasan; then
	skip "PKG-03 a clock that was never set" "its runtime has to be first"
else
	run "PKG-03 a clock that was never set" never_set
fi
finish
