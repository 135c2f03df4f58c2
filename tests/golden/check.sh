#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl check: what it warns of in a configuration that is right. The
# exit status stays 0.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
chmod 0755 "$dir"	# the repository may be closed to others
mkdir "$dir/catalogue"
install -m 0644 conf/catalogue/*.conf "$dir/catalogue"

# The configuration is from stdin.
checks()
{
	{
		echo "audit = \"$dir/log.jsonl\" catalogue = {\"$dir/catalogue\"}"
		cat
	} >"$dir/conf"
	chmod 0644 "$dir/conf"
	want_rc 0 "$ctl" check "$@" "$dir/conf" >"$out" 2>&1
	cat "$out"
}

file_without_a_policy()
{
	checks <<<''
	want_line 'conf: warning: there is no policy, .* will be refused' "$out"
	checks <<<'mode = "observe"'
	want_line 'every remote login would be refused' "$out"
	checks <<<'on_failure = {"no_policy = allow"}'
	no_line 'there is no policy' "$out"
	checks <<<'policy all { }'
	no_line 'warning' "$out"
}

names_that_nobody_has()
{
	checks <<-END
		policy staff { users = {"root",
		"no-such-user", "@no-such-group", "@root"} }
	END
	want_line 'conf:3: warning: there is no user "no-such-user" here' "$out"
	want_line 'conf:3: warning: there is no group "no-such-group" .*inventory' "$out"
	want_eq 2 "$(grep -c warning "$out")"
}

countries_without_a_database()
{
	local db="database country { files = \"$dir/none.mmdb\" }"

	checks <<<"$db policy all { countries = {\"DE\"} }"
	want_line 'let in from every country .*no_database = log; ' "$out"
	want_line 'or deny geo.unknown:no_database$' "$out"
	checks <<-END
		$db
		actions = {"geo.unknown:no_database = deny"}
		policy all { countries = {"DE"} }
	END
	want_line 'conf:4: .* will be refused .*no_database = deny; ' "$out"
	no_line 'let in' "$out"
	checks <<<"mode = \"observe\" $db policy all { countries = {\"DE\"} }"
	want_line 'let in from every country once you enforce ' "$out"
	want_line 'get one with farmgate-geodata' "$out"
	checks <<<"$db policy all { }"
	no_line 'let in|will be refused' "$out"
}

audit_log_that_cannot_be_written()
{
	checks <<<"policy all { }"
	no_line 'cannot write' "$out"
	sed -i 's|^audit.*|audit = "/nonexistent/log.jsonl"|' "$dir/conf"
	want_rc 0 "$ctl" check "$dir/conf" >"$out" 2>&1
	want_line '^/nonexistent: warning: user farmgate cannot write' "$out"
	[ -e /var/log/farmgate ] || {
		echo 'policy all { }' >"$dir/conf"
		want_rc 0 "$ctl" check "$dir/conf" >"$out" 2>&1
		want_line '/farmgate: .*; run systemd-tmpfiles --create$' "$out"
	}
}

audit_log_of_somebody_else()
{
	chmod 0755 "$dir"
	checks -u nobody <<<"policy all { }"
	want_line "^$dir: warning: user nobody cannot write .*denied" "$out"
	mkdir "$dir/sub"
	: >"$dir/sub/log.jsonl"
	chown 65534 "$dir/sub"
	sed -i "s|log.jsonl|sub/log.jsonl|" "$dir/conf"
	want_rc 0 "$ctl" check -u nobody "$dir/conf" >"$out" 2>&1
	want_line 'log.jsonl: warning: user nobody .*; give the file to' "$out"
	chown 65534 "$dir/sub/log.jsonl"
	want_rc 0 "$ctl" check -u nobody "$dir/conf" >"$out" 2>&1
	no_line 'warning' "$out"
}

# By the daemon, or by an ordinary user: it is not for want of a file.
file_that_others_cannot_read()
{
	chmod 0755 "$dir"
	cp "$ctl" "$dir/ctl"
	mkdir -p -m 0700 "$dir/closed"
	echo 'policy all { }' >"$dir/closed/conf"
	want_rc 1 "$ctl" check -u nobody "$dir/closed/conf" >"$out" 2>&1
	want_line 'user nobody cannot open it: .*; keep it in /etc/farmgate' \
	    "$out"
	echo "database country { files = \"$dir/mmdb\" }" >"$dir/conf"
	echo 'policy all { }' >>"$dir/conf"
	: >"$dir/mmdb"
	chmod 0600 "$dir/mmdb" "$dir/conf"
	want_rc 2 setpriv --reuid 65534 --clear-groups "$dir/ctl" check \
	    "$dir/conf" >"$out" 2>&1
	want_line 'conf: cannot be read: .*denied; .*chmod 0644,.* sudo$' "$out"
	chmod 0644 "$dir/conf"
	want_rc 0 setpriv --reuid 65534 --clear-groups "$dir/ctl" check \
	    "$dir/conf" >"$out" 2>&1
	want_line 'mmdb: cannot be read: .*denied; .*chmod o\+r,.* sudo$' "$out"
}

scanner_that_keeps_administrators_out()
{
	checks <<-END
		policy all {
			actions = {"remote.unknown:blind = deny"}
		}
	END
	want_line "^$dir/conf:3: warning: this keeps administrators out while the scanner is lost, at the console and by sudo included, and break-glass does not count then; write a policy for them above, with actions = {\"remote.unknown:blind = log\"}$" \
	    "$out"
	checks <<-END
		policy administrators {
			users = {"root"}
			actions = {"remote.unknown:blind = log"}
		}
		policy all {
			actions = {"remote.unknown:blind = deny"}
		}
	END
	no_line 'warning' "$out"
}

lists_of_systems()
{
	cp conf/asn-hosting.list "$dir/asns"
	chmod 0644 "$dir/asns"
	sed '/^# date: /d' "$dir/asns" >"$dir/undated"
	touch -d 2026-01-01T00:00:00Z "$dir/undated"
	checks <<-END
		database asn { files = "$dir/none.mmdb" }
		asn hosting { files = "$dir/asns" kind = hosting
		max_age = 1d }
		asn undated { files = "$dir/undated" kind = hosting
		max_age = 1d }
		policy all { }
	END
	want_line ', 2 asns \([0-9]+ systems\), 0 of 1 database usable' "$out"
	want_line "conf:3: warning: asn hosting is of $(sed -n \
	    's/^# date: //p' conf/asn-hosting.list) and older" "$out"
	want_line 'conf:5: warning: asn undated is of 2026-01-01 and older' \
	    "$out"
	want_eq "$((2 * $(grep -c '^AS' conf/asn-hosting.list)))" \
	    "$(grep -o '[0-9]* systems' "$out" | cut -d' ' -f1)"
}

# STATUS: the file of break-glass, from stdin, beside a configuration.
checks_breakglass()
{
	cat >"$dir/breakglass"
	chmod "${2:-0600}" "$dir/breakglass"
	printf 'audit = "%s/log.jsonl"\npolicy all { }\n' "$dir" >"$dir/conf"
	chmod 0644 "$dir/conf"
	want_rc "$1" "$ctl" check "$dir/conf" >"$out" 2>&1
	cat "$out"
	rm -f "$dir/breakglass"
}

# COUNT: warnings, but for those of services that this machine has not.
other_warnings()
{
	want_eq "$1" "$(grep 'breakglass:.*warning' "$out" |
	    grep -vc 'there is no /etc/pam.d/sshd here')"
}

entries_of_break_glass()
{
	local line

	checks_breakglass 0 <<<'root sshd 192.0.2.0/24'
	other_warnings 0
	checks_breakglass 1 <<-'END'
		root sshd 192.0.2.0/24
		root sshd
		* sshd any
		root sshd 192.0.2.1/24
	END
	want_line 'breakglass:2: a line has three words: .* lets nobody in' \
	    "$out"
	want_line 'breakglass:3: each user has to be named' "$out"
	want_line 'breakglass:4: the address has bits set behind' "$out"
	no_line ': ok, ' "$out"
	checks_breakglass 0 <<-'END'
		no-such-user sudo local
		root sshd any
		root * 0.0.0.0/0
		root * ::/0
		root * console
		root login any
		root login console
	END
	want_line 'breakglass:1: warning: there is no user "no-such-user"' "$out"
	for line in 2 3 4; do
		want_line "breakglass:$line: warning: this lets root in from" \
		    "$out"
	done
	want_line 'breakglass:5: warning: a remote service that tells no' "$out"
	other_warnings 5
	checks_breakglass 1 0620 <<<'root sshd 192.0.2.0/24'
	want_line 'breakglass: .*others may write it; chown root and chmod 0600' \
	    "$out"
}

# The machine's own: daemon is there everywhere, and is not root.
who_gets_in_and_can_mend_nothing()
{
	checks_breakglass 0 <<-'END'
		root   login console
		daemon sshd  192.0.2.0/24
		daemon sshd  2001:db8::/32
		bin    login console
	END
	want_line 'breakglass:2: warning: this lets daemon in, who may not use sudo then; add: daemon sudo local, and: daemon sudo-i local' \
	    "$out"
	want_line 'breakglass:4: warning: this lets bin in, ' "$out"
	other_warnings 2
	checks_breakglass 0 <<-'END'
		daemon sshd  192.0.2.0/24
		daemon su    local
		bin    login console
		bin    *     local
		sys    su    local
	END
	other_warnings 0
	# a locker makes nobody root
	checks_breakglass 0 <<-'END'
		daemon login console
		daemon i3lock any
	END
	want_line 'breakglass:1: warning: this lets daemon in, ' "$out"
}

entries_that_never_count()
{
	checks_breakglass 0 <<-'END'
		root su    console
		root su    192.0.2.1
		root login local
		root sshd  local
		root no-such-service any
		root su    local
		root login console
		root *     local
	END
	want_line 'breakglass:1: warning: whoever asks by su .*write: root su local' \
	    "$out"
	want_line 'breakglass:2: warning: whoever asks by su ' "$out"
	want_line 'breakglass:3: warning: nobody is .*write console in' "$out"
	want_line 'breakglass:4: warning: nobody is .*write an address in' "$out"
	want_line 'breakglass:5: warning: there is no /etc/pam.d/no-such-service here' \
	    "$out"
	no_line 'breakglass:[678]:' "$out"
}

run "a file without a policy refuses everybody, and is told so" \
    file_without_a_policy
run "users and groups that are not here are named with their line" \
    names_that_nobody_has
run "countries without a database are told with what happens" \
    countries_without_a_database
run "a lost scanner that keeps administrators out is told" \
    scanner_that_keeps_administrators_out
run "lists of autonomous systems are counted, and told when too old" \
    lists_of_systems
run "what others cannot read has a remedy of its own" file_that_others_cannot_read
run "a folder for the audit log that is not there is named" \
    audit_log_that_cannot_be_written
if [ "$(id -u)" -eq 0 ]; then
	run "an audit log that the daemon cannot write is named" \
	    audit_log_of_somebody_else
else
	skip "an audit log that the daemon cannot write is named" "needs root"
fi
run "entries of break-glass that let nobody in are errors, and wide ones warned of" \
    entries_of_break_glass
run "who gets in by break-glass and can mend nothing is warned of" \
    who_gets_in_and_can_mend_nothing
run "entries of break-glass that never count are warned of" \
    entries_that_never_count
finish
