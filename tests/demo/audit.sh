# SPDX-License-Identifier: BSD-2-Clause
#
# What auditors and operators do with what was recorded: is it whole, what would
# another policy have done, has somebody gone by the gate, and the report. Part
# of demo.sh, whose descriptor 7, if it has one, is for the report.

AUTH_LOG=$FG_WORK/auth.log

# The system log as rsyslog writes it to auth.log.
auth_log()
{
	jq -r . "$FG_SYSLOG" | sed -nE 's/^<[0-9]+>(.{15}) (.*)/\1 jumphost \2/p' \
	    >"$AUTH_LOG"
}

# STATUS LINES ARGUMENT...: a command of farmgatectl that may find something, and
# as many lines of what it says.
finds()
{
	local status=$1 lines=$2 out rc=0

	shift 2
	command_line "farmgatectl$(quoted "$@")"
	out=$(farmgatectl "$@" 2>&1) || rc=$?
	head -n "$lines" <<<"$out" | shorten | indent
	[ "$(wc -l <<<"$out")" -le "$lines" ] || echo "     ..."
	expect "the exit status" "$status" "$rc"
	SAID_LAST=$out
}

# PATTERN WHAT: it must be in what was said last.
must_say()
{
	grep -Eq "$1" <<<"$SAID_LAST" || expect "$2" said "not said"
}

show_verify()
{
	local copy=$FG_WORK/copy.jsonl line

	step "For auditors: is the record whole?" \
	    "And what if somebody makes a refusal an acceptance, in a copy?"
	finds 0 4 audit verify
	must_say '^intact: ' "that it is intact"
	line=$(grep -n '"verdict":"deny"' "$FG_AUDIT" | head -n 1 | cut -d: -f1)
	command_line "sed '${line}s/\"verdict\":\"deny\"/\"verdict\":\"allow\"/' audit.jsonl >copy.jsonl"
	sed "${line}s/\"verdict\":\"deny\"/\"verdict\":\"allow\"/" "$FG_AUDIT" >"$copy"
	finds 1 2 audit verify --file "$copy"
	must_say "^NOT INTACT: .*, line $line, .* its hash is wrong" \
	    "which line was changed"
}

show_replay()
{
	local accepted='sshd\[[0-9]+\]: Accepted .* for '
	local candidate=/etc/farmgate/candidate.conf

	step "What would another policy have done? Replayed on sshd's own log" \
	    "By the candidate the network in Malmo is a VPN's."
	auth_log
	command_line "grep -cE '$accepted' auth.log"
	grep -cE "$accepted" "$AUTH_LOG" | indent
	command_line "sed '/^network malmo /s/ }\$/ label = \"vpn\" }/' farmgate.conf >candidate.conf"
	sed '/^network malmo /s/ }$/ label = "vpn" }/' "$FG_CONF" >"$candidate"
	command_line "farmgatectl policy diff farmgate.conf candidate.conf"
	farmgatectl policy diff "$FG_CONF" "$candidate" | shorten | indent
	finds 1 40 replay --config "$candidate" --against "$FG_CONF" "$AUTH_LOG"
	must_say 'net\.listed' "what it would refuse them for"
	must_say 'alice' "whom that concerns"
}

show_reconcile()
{
	step "Has somebody gone by the gate?" \
	    "For one login its lines are taken out of /etc/pam.d/sshd:"
	sed -i.kept '/pam_farmgate/d' /etc/pam.d/sshd
	login key alice 127.0.0.3 allow
	mv /etc/pam.d/sshd.kept /etc/pam.d/sshd
	auth_log
	finds 1 20 audit reconcile "$AUTH_LOG"
	must_say 'no record .* alice from 127\.0\.0\.3' \
	    "the login without a record"
}

show_report()
{
	step "The report of all this, as text and as one page of HTML"
	finds 0 44 report --since 1d --seed 1
	command_line "farmgatectl report --since 1d --seed 1 --html report.html"
	farmgatectl report --since 1d --seed 1 --html "$FG_WORK/report.html"
	expect "the exit status" 0 $?
	{ cat "$FG_WORK/report.html" >&7; } 2>/dev/null &&
	    echo "     after the demo it is in build/demo/report.html"
}
