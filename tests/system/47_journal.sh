#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Decisions in the journal of a real systemd-journald, with fields of their
# own, as the service manager would have started the daemon.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

JOURNALD=/lib/systemd/systemd-journald
ENTRY=$FG_WORK/entry
JOURNALD_PID=

journald_start()
{
	mkdir -p /run/systemd/journal /run/log/journal
	rm -f /run/systemd/journal/{socket,stdout}
	[ -s /etc/machine-id ] ||
	    tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
	SYSTEMD_LOG_TARGET=console "$JOURNALD" >>"$FG_WORK/journald.log" 2>&1 \
	    </dev/null &
	JOURNALD_PID=$!
	fg_until 5 test -S /run/systemd/journal/stdout
}

journald_stop()
{
	kill -KILL "$JOURNALD_PID"
	wait "$JOURNALD_PID" 2>/dev/null
}

# COMMAND...: as the service manager starts it. systemd-cat is silent about
# JOURNAL_STREAM in some versions.
with_journal()
{
	# shellcheck disable=SC2016 # expanded there
	exec setsid systemd-cat sh -c \
	    'JOURNAL_STREAM=$(stat -Lc %d:%i /proc/$$/fd/2) exec "$@"' sh "$@"
}

# The daemon, with the journal as its standard error.
daemon_start()
{
	fg_stop
	with_journal farmgate-policyd -c "$FG_CONF" -r /run/farmgate \
	    -u farmgate -s farmgate-scan -F kill </dev/null &
	FG_PID=$!
	want fg_until 10 farmgatectl status
}

# MATCH...: entries of it, as JSON. It has what it was sent a moment later.
journal()
{
	journalctl -D /run/log/journal/* -o json "$@"
}

has_entry()
{
	[ -n "$(journal "$@")" ]
}

# MATCH...: one entry, in $ENTRY; its fields are asked for by field.
one_entry()
{
	want fg_until 5 has_entry "$@"
	journal "$@" >"$ENTRY"
	want_eq 1 "$(wc -l <"$ENTRY")"
}

field()
{
	jq -r ".$1" "$ENTRY"
}

allowed()
{
	want gate gate alice 127.0.0.2
	one_entry FARMGATE_USER=alice FARMGATE_VERDICT=allow
	want_eq 6 "$(field PRIORITY)"
	want_eq 10 "$(field SYSLOG_FACILITY)"
	want_eq farmgate-policyd "$(field SYSLOG_IDENTIFIER)"
	want_eq "$FG_PID" "$(field _PID)"
	want_eq gate "$(field FARMGATE_SERVICE)"
	want_eq account "$(field FARMGATE_PHASE)"
	want_eq staff "$(field FARMGATE_POLICY)"
	want_eq enforce "$(field FARMGATE_MODE)"
	want_eq NO "$(field FARMGATE_COUNTRY)"
	want_eq "$(sha256sum <"$FG_CONF" | cut -d' ' -f1)" \
	    "$(field FARMGATE_CONFIG_SHA256)"
	# and no second line of it on standard error
	journal | jq -r .MESSAGE >"$FG_WORK/messages"
	want_eq 1 "$(grep -c "^ref=$(field FARMGATE_REF) " "$FG_WORK/messages")"
}

denied()
{
	local ref

	want_not gate gate alice 127.0.0.3
	ref=$(fg_of_event decision | tail -n 1 | jq -r .ref)
	one_entry "FARMGATE_REF=$ref"
	want_eq 4 "$(field PRIORITY)"
	want_eq deny "$(field FARMGATE_VERDICT)"
	want_eq BR "$(field FARMGATE_COUNTRY)"
	want_eq geo.country,session.places "$(field FARMGATE_REASON)"
	want_eq geo.country,session.places \
	    "$(field 'FARMGATE_FINDING | join(",")')"
	want_eq 127.0.0.3 "$(field FARMGATE_RHOST)"
	field MESSAGE >"$OUT"
	want_line "^ref=$ref verdict=deny would=deny phase=account user=alice " \
	    "$OUT"
	# all of them by the number of the message
	want_eq 2 "$(journal "MESSAGE_ID=$(field MESSAGE_ID)" | wc -l)"
	want grep -Fq "$(field MESSAGE_ID)" "$FG_TOP/man/farmgate-audit.5"
}

hostile()
{
	want_not gate gate alice $'127.0.0.9\nFARMGATE_FORGED=1\e[2J'
	one_entry 'FARMGATE_RHOST=127.0.0.9\x0aFARMGATE_FORGED\x3d1\x1b\x5b2J'
	want_not has_entry FARMGATE_FORGED=1
	want_not gate gate 'Passw0rd!' 127.0.0.2
	one_entry FARMGATE_VERDICT=deny FARMGATE_RHOST=127.0.0.2
	want_eq null "$(field FARMGATE_USER)"
	want_not grep -rqaF 'Passw0rd!' /run/log/journal
}

# The allow's line is for standard error then, which is nobody's either.
unheard()
{
	journald_stop
	want gate gate alice 127.0.0.2
	want_not gate gate alice 127.0.0.3
	want fg_alive "$FG_PID"
	want journald_start
	want gate gate bob 127.0.0.2
	one_entry FARMGATE_USER=bob
}

# By hand, and by other service managers.
elsewhere()
{
	want fg_restart
	want gate gate alice 127.0.0.2
	want_line 'verdict=allow .* user=alice ' "$FG_WORK/daemon.log"
	JOURNAL_STREAM=1:2 fg_restart
	want gate gate alice 127.0.0.2
	want_line 'verdict=allow .* user=alice ' "$FG_WORK/daemon.log"
	want_eq 1 "$(journal FARMGATE_USER=alice FARMGATE_VERDICT=allow |
	    wc -l)"
}

if ! [ -x "$JOURNALD" ] || ! command -v systemd-cat >/dev/null; then
	echo "SKIP AUD-03 entries of the journal: no systemd-journald here"
	exit 0
fi
setup_gate
fg_pam gate
journald_start || {
	echo "FAIL systemd-journald starts"
	sed 's/^/    | /' "$FG_WORK/journald.log"
	exit 1
}
run "AUD-03 the daemon starts with the journal as its log" daemon_start
run "AUD-03 an allow is one entry, with fields of its own" allowed
run "AUD-03 a denial is one, found by the reference of its record" denied
run "AUD-06, AUD-10 other people's bytes make no fields, and no password is there" \
    hostile
run "AUD-03 no login waits for a journal that is gone" unheard
run "AUD-03 where standard error is not the journal's, lines go there" elsewhere
finish
