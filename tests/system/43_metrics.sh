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
	buckets = {}
	text = open(sys.argv[1]).read()
	if not text.endswith("\n"):
	    sys.exit("no newline at the end")
	for line in text.splitlines():
	    if m := re.fullmatch(rf"# (HELP|TYPE) ({name}) (.+)", line):
	        if m[2] in told.setdefault(m[1], {}):
	            sys.exit(f"told twice: {line}")
	        told[m[1]][m[2]] = m[3]
	        if m[1] == "TYPE" and m[3] not in (
	                "gauge", "counter", "histogram"):
	            sys.exit(f"no type: {line}")
	        continue
	    m = sample.fullmatch(line)
	    if m is None:
	        sys.exit(f"no sample: {line}")
	    of = re.sub("_(bucket|sum|count)$", "", m[1])
	    if told["TYPE"].get(of) != "histogram":
	        of = m[1]
	    elif m[1].endswith("_bucket"):
	        le = float(re.search('le="([^"]+)"', m[2])[1])
	        buckets.setdefault(of, []).append((le, int(m[4])))
	    elif m[1].endswith("_count") and buckets[of][-1] != (
	            float("inf"), int(m[4])):
	        sys.exit(f"+Inf is another one: {line}")
	    if of not in told["HELP"] or of not in told["TYPE"]:
	        sys.exit(f"not told before: {line}")
	    key = (m[1], m[2])
	    if key in seen:
	        sys.exit(f"twice: {line}")
	    seen.add(key)
	    print(line)
	for of, bs in buckets.items():
	    if bs != sorted(bs) or [n for _, n in bs] != sorted(
	            n for _, n in bs):
	        sys.exit(f"{of} does not rise")
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
	want_eq "$(jq '.decisions | .allow + .deny' "$FG_WORK/status")" \
	    "$(value_of farmgate_decision_duration_seconds_count)"
	want_eq 1 "$(value_of 'farmgate_socket_reachable{socket="policy.sock"}')"
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

# Is it healthy: what is on one page, and how old that is.
status_says_how_it_is()
{
	says 0 status
	want_line '^state +healthy$' "$OUT"
	want_line '^latency us p50 [0-9]+, p90 [0-9]+, p99 [0-9]+$' "$OUT"
	want_line 'Farmgate-Country, built .*; [0-9]+ (second|minute)s? old$' "$OUT"
	want_line '^sockets +policy.sock, control.sock, audit.sock$' "$OUT"
	# Nobody can knock at a door that is not there.
	mv /run/farmgate/policy.sock /run/farmgate/policy.away
	says 1 status
	want_line '^state +DEGRADED$' "$OUT"
	want_line '^sockets +policy.sock IS GONE, nobody finds it; restart' "$OUT"
	taken
	want_eq 0 "$(value_of farmgate_healthy)"
	want_eq 0 "$(value_of 'farmgate_socket_reachable{socket="policy.sock"}')"
	mv /run/farmgate/policy.away /run/farmgate/policy.sock
	says 0 status
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

# One that answers the first question only, as one that ends does.
what_is_missing_is_no_success()
{
	mkdir -m 0755 "$FG_WORK/once"
	python3 - /run/farmgate/control.sock "$FG_WORK/once/control.sock" \
	    <<-'EOF' &
	import os, socket, sys, threading
	server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
	server.bind(sys.argv[2] + ".new")
	server.listen()
	os.rename(sys.argv[2] + ".new", sys.argv[2])
	here, _ = server.accept()
	server.close()
	there = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
	there.connect(sys.argv[1])
	def pump(a, b):
	    while data := a.recv(65536):
	        b.sendall(data)
	    b.shutdown(socket.SHUT_WR)
	threading.Thread(target=pump, args=(here, there)).start()
	pump(there, here)
	EOF
	want fg_until 5 test -S "$FG_WORK/once/control.sock"
	want_rc 2 farmgatectl -S "$FG_WORK/once" metrics \
	    --textfile "$FG_WORK/x.prom"
	want read_metrics "$FG_WORK/x.prom" >"$OUT"
	want_line '^farmgate_up 1$' "$OUT"
	no_line '^farmgate_rule_' "$OUT"
	want farmgatectl metrics --textfile "$FG_WORK/x.prom"
	want_line '^farmgate_rule_fired_total' "$FG_WORK/x.prom"
}

# As many holds as there may be, with reasons as long, and networks of a kind
# that status lists: none of it hides the rest.
long_lists_hide_nothing()
{
	local i reason

	printf -v reason 'legal hold %0189d' 0
	for i in $(seq 64); do
		want farmgatectl hold add --reason "$reason" \
		    "case-$(printf %055d "$i")" >/dev/null
	done
	{
		setup_conf
		for i in $(seq 200); do
			echo "network anonymizer-$i { kind = vpn" \
			    "cidr = {\"198.18.$i.0/24\"} }"
		done
	} | fg_conf
	want farmgatectl reload
	want farmgatectl status --json >"$FG_WORK/status"
	want_eq "64 200 false" "$(jq -r '"\((.holds | length) + .more.holds) \(
	    (.anonymizer_coverage | length) + .more.anonymizer_coverage) \(
	    .degraded)"' "$FG_WORK/status")"
	want jq -e '(.holds | length) > 4 and .audit.seq > 0 and
	    (.anonymizer_coverage | length) > 4 and .more.warnings == null' \
	    "$FG_WORK/status"
	says 0 status
	want_line '^state +healthy$' "$OUT"
	want_line '^ +and [0-9]+ more, for which the report has no room$' "$OUT"
	taken
	want_eq 1 "$(value_of farmgate_up)"
	want_eq 1 "$(value_of farmgate_healthy)"
	want_eq 64 "$(farmgatectl hold list --json | wc -l)"
	for i in $(seq 64); do
		farmgatectl hold remove "case-$(printf %055d "$i")" >/dev/null
	done
	setup_conf | fg_conf
	want farmgatectl reload
	want_eq null "$(fg_status .more)"
}

setup_gate
setup_conf | fg_conf
want_daemon

run "metrics says what status says" it_says_what_status_says
run "of what is missing it says so" what_is_missing_is_no_success
run "rules are counted since they were loaded" rules_are_counted
run "what is degraded is told" what_is_degraded_is_told
run "status says whether it is healthy" status_says_how_it_is
run "the names in it are escaped" names_are_escaped
run "long lists hide nothing else" long_lists_hide_nothing
run "a file is written at once, for others to read" a_file_is_written_at_once
run "without a daemon it says that it is down" without_a_daemon_it_is_down
finish
