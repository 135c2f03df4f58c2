#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl test: what it answers without a daemon, its exit statuses, and
# that what it prints is the record of the decision. Networks with a place
# stand for the databases; there is no store, whatever this machine has.

set -u
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/farmgate-whatif-XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
export FG_WORK=$work
. "$top/tests/lib/check.sh"
ctl=$(cd "$top" && realpath "${BUILD:-build}/farmgatectl")
out=$work/out

cat >"$work/farmgate.conf" <<-END
network berlin { cidr = {"198.51.100.0/24"} place = "DE" }
network paris { cidr = {"203.0.113.0/24"} place = "FR" }
network list { cidr = {"203.0.113.128/25"} label = "listed" }
policy staff {
	users = {"root"}
	countries = {"DE"}
	actions = {"geo.country = deny"}
}
state = "$work/state"
catalogue = {"$work/catalogue"}
END
mkdir "$work/catalogue"
install -m 0644 "$top"/conf/catalogue/*.conf "$work/catalogue"
sed 's/^network berlin/mode = "observe"\n&/' "$work/farmgate.conf" \
    >"$work/observe.conf"
printf 'policy staff { users = {"@%s"} }\nstate = "%s"\n' "$(id -gn root)" \
    "$work/state" >"$work/group.conf"
chmod 0755 "$work" # also for the user who reads the store in root's place
chmod 0644 "$work"/*.conf

# STATUS ARGUMENT...: of farmgatectl test; what it prints goes to $out.
answers()
{
	local status=$1

	shift
	want_rc "$status" "$ctl" test --config "$work/farmgate.conf" "$@" \
	    >"$out" 2>&1
}

allowed()
{
	answers 0 --user root --from 198.51.100.7
	want_line '^allow ' "$out"
	want_line 'DE' "$out"
	want_line 'farmgate.conf:4: policy staff' "$out"
	want_eq 'next: nothing to fix: the login is allowed' \
	    "$(grep '^next: ' "$out")"
	want_line '^this machine is not looked at; farmgatectl person does$' \
	    "$out"
}

denied()
{
	answers 1 --user root --from 203.0.113.200
	want_line '^deny ' "$out"
	want_line 'farmgate.conf:7: geo.country = deny' "$out"
	want_line 'net.listed:listed = log' "$out"
	want_line '^next: .*farmgatectl reload' "$out"
}

# CONFIGURATION-LINE...: whether a login out of a tunnel is let in with it.
tunnel()
{
	local status=$1

	shift
	printf '%s\n' 'network paris { cidr = {"203.0.113.0/24"} place = "FR" }' \
	    'policy all { countries = {"DE"} }' \
	    'actions = {"geo.unknown:loopback = deny"}' \
	    "state = \"$work/state\"" "$@" >"$work/tunnel.conf"
	chmod 0644 "$work/tunnel.conf"
	want_rc "$status" "$ctl" test --config "$work/tunnel.conf" \
	    --user root --from 127.0.0.9 >"$out" 2>&1
}

# What is advised lets in, and what would not is not advised.
advice_helps()
{
	tunnel 1
	want_line '^next: .* as a network with a place; then run' "$out"
	tunnel 1 'network mine { cidr = {"127.0.0.9"} label = "mine" }'
	want_line 'decided .*geo\.unknown:loopback = deny' "$out"
	no_line '^next: .*label' "$out"
	tunnel 0 'network mine { cidr = {"127.0.0.9"} place = "DE" }'
}

observed()
{
	want_rc 0 "$ctl" test --config "$work/observe.conf" --user root \
	    --from 203.0.113.7 >"$out" 2>&1
	want_line 'geo.country = deny' "$out"
}

as_json()
{
	answers 1 --user root --from ::ffff:203.0.113.7 --json \
	    --at 2026-03-01T00:30:00+01:00
	want python3 - "$out" <<-END
		import json, sys
		lines = open(sys.argv[1]).read().splitlines()
		assert len(lines) == 1, lines
		r = json.loads(lines[0])
		assert r["verdict"] == "deny", r
		assert r["ts"] == "2026-02-28T23:30:00Z", r
		assert r["origin"]["address"] == "203.0.113.7", r
		assert r["place"]["country"] == "FR", r
		assert r["findings"][0]["code"] == "geo.country", r
		assert r["decided"]["line"] == 7, r
		assert r["groups"] == "known", r
		assert r["scanned"] is False, r
	END
}

no_address()
{
	local from

	for from in client.example 127.1 203.0.113.7.; do
		answers 2 --user root --from "$from"
		want_line "--from $from is no address; give one in numbers" \
		    "$out"
		answers 2 --user root --from "$from" --service sudo
	done
}

kinds()
{
	answers 0 --user root --from console --service login
	answers 0 --user root --from local --service sudo
	answers 0 --user root --from console --service sudo
	answers 0 --user nobody --from console --service login
	want_line 'no_policy = allow' "$out"
	answers 1 --user nobody --from 198.51.100.7
	want_line 'no_policy = deny' "$out"
	answers 1 --user root --from 203.0.113.7 --service sudo
	want_line 'sudo .nested' "$out"
	answers 1 --user root --from 203.0.113.7 --service login
	want_line 'login .remote' "$out"
	answers 0 --user root --from 203.0.113.7 --service cron
	want_line '^exempt ' "$out"
	answers 2 --user root --from console
	want_line 'not for sshd, a service of kind remote' "$out"
	answers 2 --user root --from local --service unlisted
	answers 2 --user root --from local --service login
	want_line 'not for login, a service of kind console' "$out"
	answers 2 --user root --from local --service cron
	answers 2 --user root --from console --service cron
}

groups()
{
	want_rc 0 "$ctl" test --config "$work/group.conf" --user root \
	    --from 198.51.100.7 >"$out" 2>&1
	want_rc 1 "$ctl" test --config "$work/group.conf" --user nobody \
	    --from 198.51.100.7 >"$out" 2>&1
}

no_such_user()
{
	answers 1 --user no-such-user --from 198.51.100.7
	want_line 'no-such-user has no passwd entry' "$out"
}

misused()
{
	local args

	for args in "" "--user root" "--from 1.2.3.4" "--user root --from" \
	    "--user root --from 1.2.3.4 more" \
	    "--user root --from 1.2.3.4 --bogus" \
	    "--user root --from 1.2.3.4 --json=1" \
	    "--user root --from 1.2.3.4 --at 2026-02-30T00:00:00Z" \
	    "--user root --from 1.2.3.4 --at 2026-02-28T24:00:00Z" \
	    "--user root --from 1.2.3.4 --at 2026-02-28T00:00:00" \
	    "--user root --from 1.2.3.4 --at 2026-02-28T00:00:00Zx" \
	    "--user root --from 1.2.3.4 --at 2026-02-28T00:00:00+2500" \
	    "--user root --from 1.2.3.4 --at tomorrow" \
	    "--user root --from $(printf '1%.0s' $(seq 300))"; do
		# shellcheck disable=SC2086 # the words are arguments
		answers 2 $args
		want_line '^farmgatectl: test: ' "$out"
	done
	answers 2 --user "" --from 1.2.3.4
	answers 2 --user root --from 1.2.3.4 --service ""
}

broken()
{
	echo 'mode = "perhaps"' >"$work/broken.conf"
	chmod 0644 "$work/broken.conf"
	want_rc 2 "$ctl" test --config "$work/broken.conf" --user root \
	    --from 1.2.3.4 >"$out" 2>&1
	want_line 'broken.conf:1: ' "$out"
	want_rc 2 "$ctl" test --config "$work/none.conf" --user root \
	    --from 1.2.3.4 >"$out" 2>&1
	want_line 'none.conf: ' "$out"
}

hostile()
{
	local name

	name=$(printf 'a\nb\033[2J')
	answers 1 --user "$name" --from 203.0.113.7
	want_line 'a.x0ab.x1b.x5b2J|a.x0ab.x1b\[2J' "$out"
	no_line "$(printf '\033')" "$out"
	answers 2 --user "$name" --from "$(printf '\033]0;')"
	want_line 'from .x1b]0; is no address' "$out"
	no_line "$(printf '\033')" "$out"
}

# A public address is looked up; whoever may not look gets no answer.
database_of_others()
{
	local conf=$work/secret.conf as_nobody=(setpriv --reuid 65534
	    --regid 65534 --clear-groups)

	chmod 0755 "$work"
	mkdir "$work/geo"
	echo x >"$work/geo/country.mmdb"
	chmod 0700 "$work/geo"
	{
		printf 'database country { files = "%s" }\n' \
		    "$work/geo/country.mmdb"
		cat "$work/farmgate.conf"
	} >"$conf"
	cp "$ctl" "$work/ctl"
	chmod 0755 "$work/ctl"
	want_rc 2 "${as_nobody[@]}" "$work/ctl" test --config "$conf" \
	    --user root --from 8.8.8.8 >"$out" 2>&1
	want_line 'cannot answer: .*country.mmdb: not readable for you; use sudo' \
	    "$out"
	no_line '^(allow|deny) ' "$out"
	# what no database has a say in is answered all the same
	want_rc 1 "${as_nobody[@]}" "$work/ctl" test --config "$conf" \
	    --user root --from 203.0.113.7 >"$out" 2>&1
	want_rc 0 "${as_nobody[@]}" "$work/ctl" test --config "$conf" \
	    --user root --from 10.0.0.1 >"$out" 2>&1
	want_rc 0 "${as_nobody[@]}" "$work/ctl" test --config "$conf" \
	    --user root --from 8.8.8.8 --service cron >"$out" 2>&1
	want_rc 0 "${as_nobody[@]}" "$work/ctl" check "$conf" >"$out" 2>&1
	want_line 'not tested whether .*country.mmdb can be used: .* use sudo' \
	    "$out"
	no_line 'let in from every country' "$out"
}

database_that_is_missing()
{
	rm -rf "$work/geo"
	{
		printf 'database country { files = "%s" }\n' \
		    "$work/geo/country.mmdb"
		cat "$work/farmgate.conf"
	} >"$work/missing.conf"
	chmod 0644 "$work/missing.conf"
	want_rc 0 "$ctl" test --config "$work/missing.conf" --user root \
	    --from 8.8.8.8 >"$out" 2>&1
	want_line 'country.mmdb: cannot be read: No such file' "$out"
	want_line '^  place  *the country was not checked: ' "$out"
	want_line 'geo.unknown:no_database = log' "$out"
}

run "what is allowed is explained by its policy, exit status 0" allowed
run "what is denied is explained by its line, exit status 1" denied
run "what is advised for a tunnel lets it in" advice_helps
run "what is only observed is allowed, exit status 0" observed
run "the report as JSON is one record with the time that was asked" as_json
run "IN-03 a name is no address" no_address
run "every kind of service is asked from where it can be used" kinds
run "Unix groups are looked up" groups
run "a user who does not exist is told so" no_such_user
if [ "$(id -u)" -eq 0 ]; then
	run "a database that the caller may not read is no reason to allow" \
	    database_of_others
else
	skip "a database that the caller may not read is no reason to allow" \
	    "needs root"
fi
run "a missing database is said in the result" database_that_is_missing
run "misuse has exit status 2 and says what is wrong" misused
run "a broken configuration has exit status 2 and names its line" broken
run "what was typed cannot drive the terminal" hostile
finish
