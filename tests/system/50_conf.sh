#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The configuration at start and at reload: a bad one never starts a daemon,
# never replaces a good one, and is told with its line.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

ten_errors()
{
	cat <<-'EOF'
	mode = strict
	help = "x"
	database country { files = "/nonexistent/country.mmdb" }
	network n { cidr = {"300.1.1.1/8"} }
	network m { cidr = {"localhost"} }
	network o { cidr = {"127.0.0.0/33"} place = "XQ" }
	policy a { users = {"alice"} actions = {"geo.nonsense = deny"} }
	policy b { users = {"bob"} actions = {"geo.country = perhaps"} }
	policy c { networks = {"nowhere"} }
	policy d { users = {"dave"} actions = {"geo.country = challenge"} }
	policy e { users = {"dave"} countries = {"Norway"} }
	EOF
}

# The daemon must not start with the present file: PATTERN of what it says.
refused_at_start()
{
	local rc=0

	fg_stop
	fg_start || rc=1
	want_eq 1 "$rc"
	fg_stop
	want test "$FG_RC" -eq 1
	want_line "$1" "$FG_WORK/daemon.log"
}

bad_at_start()
{
	local n

	ten_errors | fg_conf
	refused_at_start 'farmgate\.conf:[0-9]+: '
	n=$(grep -Eo 'farmgate\.conf:[0-9]+' "$FG_WORK/daemon.log" | sort -u |
	    wc -l)
	echo "$n lines named"
	want test "$n" -ge 8
	want_not gate gate alice 127.0.0.2
	setup_conf | fg_conf
	fg_start
}

bad_at_reload()
{
	local hash out

	hash=$(farmgatectl status --json | jq -r .config.sha256)
	want test "${#hash}" -eq 64
	ten_errors | fg_conf
	out=$(farmgatectl reload 2>&1)
	want test $? -ne 0
	echo "$out"
	want grep -Eq 'farmgate\.conf:[0-9]+' <<<"$out"
	want_eq "$hash" "$(farmgatectl status --json | jq -r .config.sha256)"
	want gate gate alice 127.0.0.2
	want_not gate gate alice 127.0.0.3
	want_eq false "$(fg_last_of reload .ok)"
	kill -HUP "$FG_PID"
	want fg_until 3 grep -q 'the old policy stays' "$FG_WORK/daemon.log"
	want gate gate alice 127.0.0.2
	setup_conf | fg_conf
	want farmgatectl reload
}

good_reload()
{
	setup_conf | sed 's/"NO", "SE", "GB"/"BR"/' | fg_conf
	want farmgatectl reload
	want_not gate gate alice 127.0.0.2
	want gate gate alice 127.0.0.3
	setup_conf | fg_conf
	want farmgatectl reload
	want gate gate alice 127.0.0.2
}

warning_at_reload()
{
	{
		setup_conf
		echo 'scan { contained = "yes" approved = {"no-such-entry"} }'
	} | fg_conf
	want farmgatectl reload 2>"$FG_WORK/out"
	cat "$FG_WORK/out"
	want_line '^farmgatectl: /etc/farmgate/farmgate.conf:[0-9]+: warning: no-such-entry is approved and not in the catalogue' \
	    "$FG_WORK/out"
	want_eq 1 "$(grep -o 'warning:' "$FG_WORK/out" | wc -l)"
	setup_conf | fg_conf
	want farmgatectl reload
}

observe_reload()
{
	setup_conf | sed 's/^mode = enforce/mode = observe/' | fg_conf
	want farmgatectl reload
	want gate gate alice 127.0.0.3
	want_eq allow "$(fg_last .verdict)"
	want_eq deny "$(fg_last .would)"
	setup_conf | fg_conf
	want farmgatectl reload
	want_not gate gate alice 127.0.0.3
}

hash_of()
{
	sha256sum "$1" | cut -d' ' -f1
}

# Whoever makes the gate let in what it could not judge is on record, with what
# was in force before and behind.
weakening_is_on_record()
{
	local strict weak

	setup_conf >"$FG_WORK/strict"
	echo 'on_failure = {"audit_unwritable = deny"}' >>"$FG_WORK/strict"
	sed 's/unwritable = deny/unwritable = allow/' "$FG_WORK/strict" \
	    >"$FG_WORK/weak"
	fg_conf <"$FG_WORK/strict"
	strict=$(hash_of "$FG_CONF")
	want farmgatectl reload
	fg_conf <"$FG_WORK/weak"
	weak=$(hash_of "$FG_CONF")
	want farmgatectl reload
	want_eq "true 0 $strict $weak" "$(fg_last_of reload \
	    '"\(.ok) \(.by.uid) \(.old_sha256) \(.sha256)"')"
	want_eq "$(cat /proc/self/loginuid)" \
	    "$(fg_last_of reload '.by.loginuid // 4294967295')"
	# And by which of them each login was decided.
	want gate gate alice 127.0.0.2
	want_eq "$weak" "$(fg_last .config.sha256)"
	# That of a signal has no name, and is no less on record.
	fg_conf <"$FG_WORK/strict"
	kill -HUP "$FG_PID"
	want fg_until 5 eval '[ "$(fg_last_of reload .sha256)" = "$strict" ]'
	want_eq "SIGHUP $weak" \
	    "$(fg_last_of reload '"\(.by.signal) \(.old_sha256)"')"
	setup_conf | fg_conf
	want farmgatectl reload
}

# A request that is under way ends with what it began with.
reload_under_way()
{
	python3 - "$FG_TOP/tests/lib" <<-'EOF' &
	import sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	with Client() as c:
	    c.send(LOGIN, login_body(rhost="127.0.0.2"))
	    kind, _, body = c.recv()
	    assert kind == NEED, kind
	    asked = need(body)
	    open("/run/farmgate-test/asked", "w").close()
	    time.sleep(1)
	    c.send(GROUPS, groups_body(asked, ("staff",)))
	    kind, _, body = c.recv()
	    assert kind == VERDICT and verdict(body)[0] == ALLOW, body
	EOF
	local client=$!
	want fg_until 5 test -e "$FG_WORK/asked"
	setup_conf | sed 's/"NO", "SE", "GB"/"BR"/' | fg_conf
	want farmgatectl reload
	want wait "$client"
	want_not gate gate alice 127.0.0.2
	rm -f "$FG_WORK/asked"
	setup_conf | fg_conf
	want farmgatectl reload
}

# Each gets an answer, and the daemon is not kept from logins by parsing.
reloads_at_once()
{
	local i n pids=()

	sleep 1
	n=$(grep -c ' is in force, ' "$FG_WORK/daemon.log")
	for i in $(seq 20); do
		farmgatectl reload >/dev/null 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		want wait "$i"
	done
	n=$(($(grep -c ' is in force, ' "$FG_WORK/daemon.log") - n))
	echo "20 asked, $n carried out"
	want test "$n" -ge 1
	want test "$n" -le 3
	want_eq 20 "$(fg_of_event reload | tail -n 20 | jq -rs \
	    'map(select(.ok)) | map(.by.pid) | unique | length')"
}

reload_storm()
{
	local i good bad=0 rc

	python3 - "$FG_TOP/tests/lib" >"$FG_WORK/storm" 2>&1 <<-'EOF' &
	import sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	import os
	n = 0
	while not os.path.exists("/run/farmgate-test/enough"):
	    with Client() as c:
	        assert c.login(rhost="127.0.0.2")[0] == ALLOW
	    with Client() as c:
	        assert c.login(rhost="8.8.8.8")[0] == DENY
	    n += 2
	print(n, "logins")
	EOF
	local client=$!
	for i in 1 2 3 4 5 6 7 8 9 10; do
		{ cat "$FG_WORK/good"; echo "# $i"; } >"$FG_CONF.new"
		mv "$FG_CONF.new" "$FG_CONF"
		want farmgatectl reload
		ten_errors >"$FG_CONF.new"
		mv "$FG_CONF.new" "$FG_CONF"
		want_not farmgatectl reload
	done
	: >"$FG_WORK/enough"
	want wait "$client"
	cat "$FG_WORK/storm"
	setup_conf | fg_conf
	want farmgatectl reload
}

# FILE-MAKING COMMAND: the daemon refuses such a file, at once.
unsafe_file()
{
	local start=$SECONDS rc=0

	fg_stop
	rm -rf "$FG_CONF"
	"$@"
	fg_start || rc=1
	want_eq 1 "$rc"
	cat "$FG_WORK/daemon.log"
	want test $((SECONDS - start)) -lt 5
	want test -s "$FG_WORK/daemon.log"
	fg_stop
	rm -rf "$FG_CONF"
	setup_conf | fg_conf
}

unsafe_files()
{
	local write

	unsafe_file true
	unsafe_file ln -s /etc/passwd "$FG_CONF"
	unsafe_file mkfifo "$FG_CONF"
	unsafe_file mkdir "$FG_CONF"
	unsafe_file ln -s /dev/zero "$FG_CONF"
	unsafe_file truncate -s 1G "$FG_CONF"
	unsafe_file truncate -s 0 "$FG_CONF.x"
	for write in 'chown alice' 'chmod 0666' 'chmod 0664'; do
		unsafe_file sh -c "cp '$FG_WORK/good' '$FG_CONF'; $write '$FG_CONF'"
	done
	unsafe_file sh -c "head -c 3000 /dev/urandom >'$FG_CONF'"
	unsafe_file sh -c "echo 'include(\"$FG_WORK/good\")' >'$FG_CONF'"
	unsafe_file sh -c "echo 'policy \"' >'$FG_CONF'"
	unsafe_file sh -c "echo '=' >'$FG_CONF'"
	unsafe_file sh -c "yes 'policy {' | head -n 10000 >'$FG_CONF'"
	unsafe_file sh -c "cp '$FG_WORK/good' '$FG_CONF'; printf 'a\\0b' >>'$FG_CONF'"
	chmod 0777 /etc/farmgate
	unsafe_file cp "$FG_WORK/good" "$FG_CONF"
	chmod 0755 /etc/farmgate
	fg_start
	want fg_alive "$FG_PID"
}

environment()
{
	fg_stop
	setup_conf | sed 's/extension 100/extension ${SECRET}/' | fg_conf
	SECRET=leaked fg_start
	gate gate alice 127.0.0.3 >"$FG_WORK/out" 2>&1
	cat "$FG_WORK/out" "$FG_WORK/daemon.log"
	want_not grep -q leaked "$FG_WORK/out"
	setup_conf | fg_conf
	fg_restart
}

check_offline()
{
	local out

	fg_stop
	want farmgatectl check
	ten_errors >"$FG_WORK/bad.conf"
	out=$(farmgatectl check "$FG_WORK/bad.conf" 2>&1)
	want test $? -ne 0
	echo "$out"
	want test "$(grep -c 'bad.conf:[0-9]*: ' <<<"$out")" -ge 8
	fg_start
}

# FOLDERS TESTED: in place of the catalogue's; what -t ends with there.
starts_without()
{
	local rc=0

	fg_stop
	setup_conf | fg_conf
	sed -i "s|^catalogue.*|$1|" "$FG_CONF"
	farmgate-policyd -c "$FG_CONF" -t || rc=$?
	want_eq "$2" "$rc"
	want fg_start
	want gate gate alice 127.0.0.2
	want_line '^catalogue .*NOT ALL OF IT' <(farmgatectl status)
	farmgatectl scan >"$FG_WORK/out"
	want_line '^coverage: (there is no|not all of the) catalogue' \
	    "$FG_WORK/out"
	want_line '^not everything was looked at' "$FG_WORK/out"
}

# What is missing or broken there is known before the daemon starts, and locks
# nobody out.
catalogue_at_start()
{
	# nothing is shipped into the folders of these tests
	[ -d /usr/share/farmgate/catalogue ] || starts_without '' 0
	starts_without 'catalogue = {"/nonexistent", "/etc/farmgate/catalogue"}' 1
	starts_without 'catalogue = {"/nonexistent", "/nonexistent/2"}' 1
	echo 'tool "half" {' | fg_catalogue_entry half
	starts_without 'catalogue = {"/etc/farmgate/catalogue"}' 1
	rm /etc/farmgate/catalogue/half.conf
	setup_conf | fg_conf
	fg_restart
}

entries()
{
	farmgatectl status --json | jq -r .catalogue.entries
}

# What is shipped goes missing while the daemon runs.
catalogue_at_reload()
{
	local shipped=/usr/share/farmgate/catalogue

	mount -t tmpfs -o mode=0755 tmpfs /usr/share
	mkdir -p "$shipped"
	install -m 0644 "$FG_TOP"/conf/catalogue/*.conf "$shipped"
	setup_conf | fg_conf
	sed -i '/^catalogue/d' "$FG_CONF"
	want fg_restart
	local before
	before=$(entries)
	want test "$before" -gt 10
	mv "$shipped" "$shipped.gone"
	want_not farmgatectl reload >"$FG_WORK/out" 2>&1
	want_line "$shipped: there is no such folder; the catalogue in memory" \
	    "$FG_WORK/out"
	want_eq "$before" "$(entries)"
	want_eq null "$(farmgatectl status --json | jq .catalogue.partial)"
	mv "$shipped.gone" "$shipped"
	want farmgatectl reload
	setup_conf | fg_conf
	fg_restart
	umount /usr/share
}

setup_gate
cp "$FG_CONF" "$FG_WORK/good"
fg_pam gate
want_daemon

run "CFG-01 a file with ten errors does not start, and all are told" bad_at_start
run "CFG-02 a bad file at reload leaves the old policy in force" bad_at_reload
run "CFG-02 a good file at reload is in force at once" good_reload
run "a warning at reload is called one once" warning_at_reload
run "CFG-02 observe by reload allows and records what it would do" observe_reload
run "CFG-11 who weakens the failure policy is on record" weakening_is_on_record
run "IPC-16 a request under way ends with the policy it began with" reload_under_way
run "many reloads at once are carried out together" reloads_at_once
run "CFG-03 logins during twenty reloads get one policy or the other" reload_storm
run "CFG-04 a file that is not safely root's is refused at once" unsafe_files
run "a catalogue that is missing or broken keeps no daemon down" \
    catalogue_at_start
run "a catalogue that goes missing stays in memory at reload" \
    catalogue_at_reload
run "CFG-05 the environment never enters the configuration" environment
run "CFG-01 check finds the same errors without a daemon" check_offline
finish
