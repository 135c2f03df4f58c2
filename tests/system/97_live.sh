#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What comes to be while a session is open: it is found, recorded for whom it
# counts, told, and where the policy says so the session is ended.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

TOOLS=/run/farmgate-test/tools
TOLD=$FG_WORK/told
TOOL_PID=

# MODE [RULE]: of while_open.
conf()
{
	local rules=${2:+while_open = \{\"$2\"\}}

	fg_conf <<-EOF
	mode = "$1"
	terminate = "yes"
	$rules
	scan {
		interval = "2s"
		contained = "yes"
	}
	network here {
		cidr = {"127.0.0.0/8"}
		place = "NO"
	}
	policy quiet {
		users = {"bob"}
		actions = {"remote.tool = log"}
		while_open = {"remote.tool = ignore"}
	}
	policy all {
		actions = {"remote.tool = log"}
	}
	EOF
}

# NAME: a program of that name in its own place, which no user can write to.
tool()
{
	mkdir -p "$TOOLS"
	install -m 0755 "$(command -v sleep)" "$TOOLS/$1"
}

# USER NAME: it runs; $TOOL_PID.
tool_start()
{
	setpriv --reuid "$1" --regid "$1" --clear-groups "$TOOLS/$2" 300 &
	TOOL_PID=$!
}

tool_stop()
{
	[ -n "$TOOL_PID" ] || return 0
	kill "$TOOL_PID" 2>/dev/null
	wait "$TOOL_PID" 2>/dev/null
	TOOL_PID=
}

# REF FILTER: of the session's live records.
live()
{
	jq -r "select(.event == \"live\" and .ref == \"$1\") | $2" "$FG_AUDIT"
}

has_live()
{
	[ -n "$(live "$1" .ref)" ]
}

# It would have been ended.
has_would()
{
	[ "$(live "$1" .would | tail -n 1)" = terminate ]
}

fresh()
{
	tool_stop
	fg_restart || return 1
}

new_sign_is_recorded_for_its_own_session()
{
	local own other

	conf enforce
	want fresh
	open_session alice 127.0.0.2
	own=$REF
	open_session carol 127.0.0.3
	other=$REF
	tool_start alice anydesk
	want fg_until 8 has_live "$own"
	want_eq alert "$(live "$own" .action)"
	want_eq remote.tool:running:alert "$(live "$own" \
	    '.findings[] | "\(.code):\(.grade):\(.action)"')"
	want_line "$TOOLS/anydesk, pid $TOOL_PID" <(live "$own" '.findings[].text')
	want_line "session $own: remote.tool:running while it is open" \
	    "$FG_WORK/daemon.log"
	want_line 'findings +remote.tool:running = alert: anydesk:' \
	    <(farmgatectl explain "$own")
	# nobody else's session is told of another user's program
	sleep 3
	want_not has_live "$other"
	# and once is enough
	want_eq 1 "$(live "$own" .ref | wc -l)"
	want fg_alive "$LEADER"
	# nor does who starts it again and again fill the log
	tool_stop
	sleep 3
	tool_start alice anydesk
	sleep 4
	want_eq 1 "$(live "$own" .ref | wc -l)"
	close_all
}

roots_programs_are_everybodys()
{
	local first second

	conf enforce
	want fresh
	open_session alice 127.0.0.2
	first=$REF
	open_session carol 127.0.0.3
	second=$REF
	"$TOOLS/anydesk" 300 &
	TOOL_PID=$!
	want fg_until 8 has_live "$first"
	want fg_until 8 has_live "$second"
	close_all
}

what_was_there_before_is_not_new()
{
	conf enforce
	want fresh
	tool_start alice anydesk
	sleep 1.5 # the last look is of before that
	open_session alice 127.0.0.2
	want_line '^remote.tool:running$' <(fg_of_ref decision "$REF" '.findings[] | .code + ":" + .grade')
	sleep 5
	want_not has_live "$REF"
	close_all
}

policy_of_the_session_comes_first()
{
	conf enforce "remote.tool = terminate"
	want fresh
	open_session bob 127.0.0.2
	tool_start bob anydesk
	sleep 5
	want_not has_live "$REF"
	want fg_alive "$LEADER"
	close_all
}

session_is_ended()
{
	conf enforce "remote.tool:running = terminate"
	want fresh
	open_session alice 127.0.0.2
	tool_start alice anydesk
	want fg_until 8 has_live "$REF"
	want_eq terminate "$(live "$REF" .action)"
	want fg_until 8 no_session "$REF"
	want_eq terminated "$(how "$REF")"
	want fg_until 3 fg_ended "$LEADER"
	wait "$CLIENT"
}

observing_ends_no_session()
{
	conf observe "remote.tool = terminate"
	want fresh
	open_session alice 127.0.0.2
	tool_start alice anydesk
	want fg_until 8 has_live "$REF"
	want_eq "alert terminate" "$(live "$REF" '"\(.action) \(.would)"')"
	sleep 3
	want fg_alive "$LEADER"
	close_all
}

# Also by a daemon that did not see it open.
line_that_observes_ends_no_session()
{
	conf enforce "remote.tool = terminate"
	want fresh
	sed -i '/^session.*pam_farmgate/s/$/ observe/' /etc/pam.d/sshd
	open_session alice 127.0.0.2
	sessions_pam
	want fg_restart
	want fg_until 8 has_live "$REF" # by the first look: it is installed
	tool_start alice anydesk
	want fg_until 8 has_would "$REF"
	want_eq alert "$(live "$REF" .action | sort -u)"
	sleep 3
	want fg_alive "$LEADER"
	close_all
}

# What is there when the daemon starts may have been let in by somebody.
restart_ends_no_session()
{
	conf enforce "remote.tool = terminate"
	want fresh
	tool_start alice anydesk
	open_session alice 127.0.0.2
	want fg_restart
	want fg_until 8 has_live "$REF"
	want_eq alert "$(live "$REF" .action | tail -n 1)"
	sleep 3
	want fg_alive "$LEADER"
	close_all
}

bad_rules_are_refused()
{
	fg_conf <<-'EOF'
	mode = "enforce"
	while_open = {"geo.country = alert", "remote.tool = deny",
	    "remote.kvm = terminate", "remote.tool = alert"}
	scan {
		interval = "1s"
		scope = "everywhere"
		max_age = "2m"
	}
	policy all {
		actions = {"device.virtual = deny"}
		while_open = {"remote.kvm = terminate",
		    "remote.tunnel = terminate"}
	}
	EOF
	want_rc 1 farmgatectl check "$FG_CONF" 2>"$FG_WORK/err"
	want_line ':2: geo.country is not looked for while a session is open' \
	    "$FG_WORK/err"
	want_line ':2: "deny" is nothing to do to an open session' "$FG_WORK/err"
	want_line ':3: remote.kvm = terminate, and the daemon may not end' \
	    "$FG_WORK/err"
	want_eq 1 "$(grep -c 'may not end sessions' "$FG_WORK/err")"
	want_line ':3: remote.tool is in line 2 already' "$FG_WORK/err"
	want_line ':5: "1s" is out of bounds' "$FG_WORK/err"
	want_line ':6: unknown scope "everywhere"' "$FG_WORK/err"
	want_line ':7: "2m" is out of bounds' "$FG_WORK/err"
	want_line ':10: device.virtual is found of issued machines alone' \
	    "$FG_WORK/err"
}

hook_is_run()
{
	local pid

	mkdir -p "$TOLD" /etc/farmgate/hooks
	chown farmgate-hooks "$TOLD"
	cat >/etc/farmgate/hooks/live <<-EOF
	#!/bin/sh
	{ env; cat; } >$TOLD/new
	mv $TOLD/new $TOLD/run
	EOF
	chmod 0755 /etc/farmgate/hooks/live
	farmgate-hooks >"$FG_WORK/hooks.log" 2>&1 </dev/null &
	pid=$!
	want fg_until 5 grep -q 'ready: ' "$FG_WORK/hooks.log"
	conf enforce "remote.tool = hook"
	want fresh
	open_session alice 127.0.0.2
	tool_start alice anydesk
	want fg_until 8 test -s "$TOLD/run"
	want_line '^FARMGATE_EVENT=live$' "$TOLD/run"
	want_line "^FARMGATE_REF=$REF\$" "$TOLD/run"
	want_line '^FARMGATE_USER=alice$' "$TOLD/run"
	want_line '^FARMGATE_FINDINGS=remote.tool:running$' "$TOLD/run"
	want_line '^FARMGATE_ACTION=hook$' "$TOLD/run"
	want_line '^FARMGATE_SEEN=anydesk:' "$TOLD/run"
	want_line '^FARMGATE_ADDRESS=127.0.0.2$' "$TOLD/run"
	want fg_alive "$LEADER"
	kill "$pid"
	wait "$pid"
	close_all
}

# A session of before the daemon's start keeps the policy it was opened under.
restart_keeps_the_policy()
{
	conf enforce "remote.tool = terminate"
	want fresh
	open_session bob 127.0.0.2
	want fg_restart
	tool_start bob anydesk
	sleep 5
	want_not has_live "$REF"
	want fg_alive "$LEADER"
	close_all
}

reload_shortens_the_interval()
{
	conf enforce
	sed -i 's/interval = "2s"/interval = "3600s"/' "$FG_CONF"
	want fresh
	sleep 1 # nobody is there to be looked at for
	open_session alice 127.0.0.2
	conf enforce
	want farmgatectl reload
	tool_start alice anydesk
	want fg_until 8 has_live "$REF"
	close_all
}

scan_follows()
{
	local pid

	conf enforce
	want fresh
	farmgatectl scan --watch >"$FG_WORK/watch" &
	pid=$!
	want fg_until 5 grep -q '^taken ' "$FG_WORK/watch"
	tool_start alice anydesk
	want fg_until 8 grep -q ' new      remote.tool .*anydesk' "$FG_WORK/watch"
	tool_stop
	want fg_until 8 grep -q ' gone     remote.tool .*anydesk' "$FG_WORK/watch"
	kill "$pid"
	wait "$pid"
	want_eq installed "$(farmgatectl scan --json |
	    jq -r '.signs[] | select(.entry == "anydesk") | .grade')"
	want_line '^remote.tool +installed +rmm +root +anydesk' \
	    <(farmgatectl scan)
}

# One user may have so many signs, and no more.
what_finds_no_room_is_said()
{
	local i pids=

	conf enforce
	for i in {1..40}; do
		tool "many$i"
		echo "tool \"many$i\" { title = \"Many\" kind = \"rmm\"" \
		    "exe = {\"$TOOLS/many$i\"} source = \"these tests\" }"
	done | fg_catalogue_entry many
	want farmgatectl reload
	for i in {1..40}; do
		tool_start alice "many$i"
		pids="$pids $TOOL_PID"
	done
	TOOL_PID=
	want fg_until 5 eval 'farmgatectl scan | grep -q "found no room"'
	farmgatectl scan >"$FG_WORK/out"
	want_line '^more signs of alice found no room$' "$FG_WORK/out"
	want_eq "[$(id -u alice)] false" "$(farmgatectl scan --json |
	    jq -r '"\(.lost_uids) \(.whole)"')"
	kill $pids
	wait $pids 2>/dev/null
	rm /etc/farmgate/catalogue/many.conf "$TOOLS"/many*
	want farmgatectl reload
}

namespace_is_said()
{
	fg_conf <<-'EOF'
	mode = "enforce"
	scan {
		interval = "2s"
	}
	policy all {
		countries = {"NO"}
		actions = {"remote.unknown = deny"}
	}
	network here {
		cidr = {"127.0.0.0/8"}
		place = "NO"
	}
	EOF
	want fg_restart
	want_not came alice 127.0.0.2
	want_line '^coverage: only this pid namespace$' <(farmgatectl scan)
	want_line '^scanner +running, coverage only this pid namespace, ' \
	    <(farmgatectl status)
	want_eq false "$(farmgatectl scan --json | jq .whole)"
	want_eq "the whole machine is not seen: only this pid namespace" \
	    "$(fg_last '.findings[] | select(.code == "remote.unknown") | .text')"
	# it is seen, only not as a whole
	sed -i 's/unknown = deny/unknown:blind = deny/' "$FG_CONF"
	want farmgatectl reload
	want came alice 127.0.0.2
	want_eq partial \
	    "$(fg_last '.findings[] | select(.code == "remote.unknown") | .grade')"
	sed -i 's/unknown:blind = deny/unknown = deny/' "$FG_CONF"
	sed -i 's/interval = "2s"/contained = "yes"/' "$FG_CONF"
	want farmgatectl reload
	want came alice 127.0.0.2
	want_line ' coverage only this pid namespace \(accepted by contained\), ' \
	    <(farmgatectl status)
	want_eq true "$(farmgatectl status --json | jq .scanner.accepted)"
}

# As PrivateNetwork= of a unit has it: the kernel tells of no other's sockets,
# and nothing in the configuration accepts that.
network_is_said()
{
	FG_UNDER="unshare --net"
	want fg_restart
	FG_UNDER=
	want_not came alice 127.0.0.2
	want_eq "the whole machine is not seen: only this network namespace" \
	    "$(fg_last '.findings[] | select(.code == "remote.unknown") | .text')"
	want_eq null "$(farmgatectl status --json | jq .scanner.accepted)"
	want_eq false "$(farmgatectl scan --json | jq .whole)"
	want fg_restart
	want came alice 127.0.0.2
}

setup_gate
fg_pam gate
sessions_pam
tool anydesk
conf enforce
fg_catalogue_entry live <<EOF
tool "anydesk" {
	title = "AnyDesk"
	kind = "rmm"
	exe = {"$TOOLS/anydesk"}
	source = "these tests"
}
EOF
want_daemon
fg_sshd_start

run "RCD-07 a scanner in a namespace of its own says so" namespace_is_said
run "RCD-07 one in a network of its own says so" network_is_said
run "RCD-04 what a session's user starts is found and recorded for it" \
    new_sign_is_recorded_for_its_own_session
run "RCD-04 what root starts is found for every session" \
    roots_programs_are_everybodys
run "RCD-04 what the login was decided by is not found again" \
    what_was_there_before_is_not_new
run "the rules of the session's own policy come first" \
    policy_of_the_session_comes_first
run "RCD-04 the session is ended where the policy says so" session_is_ended
run "what is only observed ends no session" observing_ends_no_session
run "what a PAM line only observes ends no session" \
    line_that_observes_ends_no_session
run "what is there when the daemon starts ends no session" \
    restart_ends_no_session
run "a session keeps its policy over the daemon's restart" \
    restart_keeps_the_policy
run "rules that cannot be carried out are refused with the line" \
    bad_rules_are_refused
run "the hook is told of it" hook_is_run
run "a shorter interval holds from the reload on" \
    reload_shortens_the_interval
run "scan follows what comes and goes" scan_follows
run "what finds no room in a look is said" what_finds_no_room_is_said
finish
