#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl metrics, beside what status says, by a reader that is as strict as
# the format is.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

PROM=$FG_WORK/farmgate.prom

# FILE: each name has its HELP and its TYPE once, before its values, and each
# value is one line; what is read is NAME{LABELS} VALUE.
read_metrics()
{
	python3 - "$1" <<-'EOF'
	import re, sys
	told, seen = {}, set()
	name = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
	value = r"(?:[^\\\"\n]|\\[\\\"n])*"
	sample = re.compile(
	    rf'({name})(\{{({name}="{value}"(?:,{name}="{value}")*)\}})? '
	    r'(-?\d+(?:\.\d+)?)')
	text = open(sys.argv[1]).read()
	if not text.endswith("\n"):
	    sys.exit("no newline at the end")
	for line in text.splitlines():
	    if m := re.fullmatch(rf"# (HELP|TYPE) ({name}) (.+)", line):
	        if m[2] in told.setdefault(m[1], {}):
	            sys.exit(f"told twice: {line}")
	        told[m[1]][m[2]] = m[3]
	        if m[1] == "TYPE" and m[3] not in ("gauge", "counter"):
	            sys.exit(f"no type: {line}")
	        continue
	    m = sample.fullmatch(line)
	    if m is None:
	        sys.exit(f"no sample: {line}")
	    if m[1] not in told["HELP"] or m[1] not in told["TYPE"]:
	        sys.exit(f"not told before: {line}")
	    key = (m[1], m[2])
	    if key in seen:
	        sys.exit(f"twice: {line}")
	    seen.add(key)
	    print(line)
	EOF
}

# NAME[{LABELS}]: its value, of what was read.
value_of()
{
	awk -v name="$1" '$1 == name { print $2 }' "$OUT"
}

taken()
{
	farmgatectl metrics >"$PROM"
	want read_metrics "$PROM" >"$OUT"
	cat "$OUT"
}

it_says_what_status_says()
{
	want gate sshd alice 127.0.0.2
	want_not gate sshd alice 127.0.0.3
	taken
	farmgatectl status --json >"$FG_WORK/status"
	for pair in farmgate_people=.inventory.people \
	    farmgate_exceptions=.inventory.exceptions \
	    farmgate_policies=.config.policies \
	    'farmgate_decisions_total{verdict="allow"}=.decisions.allow' \
	    'farmgate_decisions_total{verdict="deny"}=.decisions.deny' \
	    farmgate_sessions=.sessions farmgate_audit_sequence=.audit.seq \
	    farmgate_start_time_seconds=.since; do
		want_eq "${pair##*=} $(jq "${pair##*=}" "$FG_WORK/status")" \
		    "${pair##*=} $(value_of "${pair%=*}")"
	done
	want_eq 1 "$(value_of farmgate_up)"
	want_eq 1 "$(value_of farmgate_enforcing)"
	want_eq 1 "$(value_of farmgate_scanner_running)"
	want_eq "$(jq '.databases[0].build' "$FG_WORK/status")" "$(value_of \
	    "farmgate_database_build_timestamp_seconds{kind=\"country\",\
path=\"$FG_WORK/geo/country.mmdb\"}")"
}

# RULE: what counters say of it, "fired against blind".
counted()
{
	farmgatectl policy counters --json | jq -r --arg finding "$1" \
	    'select(.policy == "staff" and .finding == $finding) |
	    "\(.fired) \(.against) \(.blind)"'
}

# Since the configuration was loaded, and anew with the next one.
rules_are_counted()
{
	want farmgatectl reload
	want_eq "0 0 0" "$(counted geo.country)"
	want gate sshd alice 127.0.0.2
	want_not gate sshd alice 127.0.0.3
	want_not gate sshd bob 127.0.0.3
	want_eq "2 2 0" "$(counted geo.country)"
	want_eq "3 2 0" "$(farmgatectl policy counters --json | jq -r \
	    'select(.policy == "staff" and .since) |
	    "\(.logins) \(.denied) \(.observed)"')"
	want_eq "$(fg_status .config.sha256)" \
	    "$(farmgatectl policy counters --json | jq -rs '.[0].sha256')"
	says 0 policy counters
	want_line '^policy staff, line [0-9]+, enforce: logins 3, denied 2, observed 0 since ' \
	    "$OUT"
	want_line '^  geo.country +deny +fired 2, against 2, blind 0  line [0-9]+$' \
	    "$OUT"
	taken
	want_eq 3 "$(value_of 'farmgate_policy_logins_total{policy="staff"}')"
	want_eq 2 "$(value_of "farmgate_rule_fired_total{policy=\"staff\",\
rule=\"geo.country\",line=\"$(sed -n '/geo.country = deny/=' "$FG_CONF" |
	    head -n 1)\"}")"
	want farmgatectl reload
	want_eq "0 0 0" "$(counted geo.country)"
}

what_is_degraded_is_told()
{
	want_eq 1 "$(value_of farmgate_healthy)"
	echo 'no such thing' >>"$FG_CONF"
	want_not farmgatectl reload
	taken
	want_eq 0 "$(value_of farmgate_healthy)"
	want [ "$(value_of farmgate_config_refused_timestamp_seconds)" -gt 0 ]
	sed -i '$d' "$FG_CONF"
	want farmgatectl reload
	taken
	want_eq 1 "$(value_of farmgate_healthy)"
	want_eq "" "$(value_of farmgate_config_refused_timestamp_seconds)"
}

# A name of the user's own, as a path may be.
names_are_escaped()
{
	local path="$FG_WORK/geo/a\"b\\c.mmdb"

	cp "$FG_WORK/geo/country.mmdb" "$path"
	sed -i 's|country.mmdb|a\\"b\\\\c.mmdb|' "$FG_CONF"
	want farmgatectl reload
	taken
	want_line 'path=".*/a\\"b\\\\+c.mmdb"' "$OUT"
	setup_conf | fg_conf
	want farmgatectl reload
}

a_file_is_written_at_once()
{
	want farmgatectl metrics --textfile "$FG_WORK/x.prom"
	want_eq 644 "$(stat -c %a "$FG_WORK/x.prom")"
	want read_metrics "$FG_WORK/x.prom" >"$OUT"
	want_eq 1 "$(value_of farmgate_up)"
	want_eq "$FG_WORK/x.prom" "$(echo "$FG_WORK"/x.prom*)"
	want_not farmgatectl metrics --textfile "$FG_WORK/none/x.prom" 2>"$OUT"
	want_line 'metrics: .*/none/x.prom: No such file' "$OUT"
}

without_a_daemon_it_is_down()
{
	local rc=0

	fg_stop
	farmgatectl metrics --textfile "$FG_WORK/x.prom" || rc=$?
	want_eq 2 "$rc"
	want read_metrics "$FG_WORK/x.prom" >"$OUT"
	want_eq "farmgate_up 0" "$(cat "$OUT")"
	want fg_start
}

setup_gate
setup_conf | fg_conf
want_daemon

run "metrics says what status says" it_says_what_status_says
run "rules are counted since they were loaded" rules_are_counted
run "what is degraded is told" what_is_degraded_is_told
run "the names in it are escaped" names_are_escaped
run "a file is written at once, for others to read" a_file_is_written_at_once
run "without a daemon it says that it is down" without_a_daemon_it_is_down
finish
