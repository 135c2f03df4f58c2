#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl test --fault over given stacks and a given configuration: the
# whole table, whom break-glass lets in, stacks in which the gate has no say,
# and what is no question.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=$(realpath "${BUILD:-build}/farmgatectl")
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
chmod 0755 "$dir"
mkdir "$dir/pam.d"

cat >"$dir/farmgate.conf" <<END
mode = "enforce"
state = "$dir/state"
bundle_keys = {"ed25519:3p+fAfrP+iYuFndJIk11HLH55beItPDNmWpPemBqGiQ="}
database country { files = {"$dir/country.mmdb"} }
network office { cidr = {"198.51.100.0/24"} place = "DE" }
policy operators {
	users = {"root"}
	networks = {"office"}
	on_failure = {"audit_unwritable = allow"}
}
policy staff {
	services = {"sshd", "cockpit"}
	countries = {"DE"}
	actions = {"geo.unknown:no_database = deny"}
	on_failure = {"bundle_stale = deny"}
}
policy trial {
	services = {"sudo"}
	mode = "observe"
	actions = {"remote.unknown = deny"}
}
END
cat >"$dir/glass" <<END
# a line that is none lets in nobody
root *
root * console
ops sshd 192.0.2.0/24
ops sshd 2001:db8::1
bob su local
END
chmod 0644 "$dir/farmgate.conf" "$dir/glass"

# SERVICE: of the lines on standard input.
stack()
{
	cat >"$dir/pam.d/$1"
}

stack sshd <<END
auth required pam_unix.so
@include accounts
session required pam_farmgate.so on_error=deny breakglass=$dir/glass
END
stack accounts <<END
account required pam_unix.so
account required pam_farmgate.so on_error=deny breakglass=$dir/glass
END
stack sudo <<END
account required pam_permit.so
account required pam_farmgate.so observe
END
stack cron <<END
account required pam_farmgate.so on_error=allow
END
stack ftp <<END
account required pam_unix.so
END
echo 'account required pam_farmgate.so' | stack sshd.bak
rm -f "$dir/pam.d/accounts.bak"

# STATUS ARGUMENT...: of the rehearsal; its output is in $out.
says()
{
	local rc=0 status=$1

	shift
	"$ctl" test --config "$dir/farmgate.conf" --confdir "$dir/pam.d" "$@" \
	    >"$dir/raw" 2>&1 || rc=$?
	sed "s,$dir,/DIR,g" "$dir/raw" >"$out"
	cat "$out"
	want_eq "$status" "$rc"
}

# FILTER: of the rows, as JSON.
rows()
{
	jq -r ".rows[] | $1" "$dir/raw"
}

whole_table()
{
	mv "$dir/pam.d/accounts" "$dir/accounts"
	cp "$dir/accounts" "$dir/pam.d/common-accounts"
	sed -i 's/@include accounts/@include common-accounts/' "$dir/pam.d/sshd"
	says 0 --fault all
	want diff tests/golden/rehearsal.txt "$out"
}

json_has_the_same_rows()
{
	says 0 --fault all --json
	want_eq 1 "$(wc -l <"$dir/raw")"
	want_eq "$(($(wc -l <tests/golden/rehearsal.txt) - 1))" \
	    "$(rows .fault | wc -l)"
	says 0 --fault daemon-down --service sshd --json
	want_eq "sshd everybody daemon-down deny root console, ops 192.0.2.0/24, ops 2001:db8::1" \
	    "$(rows '"\(.service) \(.subject) \(.fault) \(.result) \(.breakglass)"')"
}

one_login()
{
	says 0 --fault audit-full --service sshd --user root \
	    --from 198.51.100.7 --json
	want_eq "root allow farmgate.conf:9: audit_unwritable = allow" \
	    "$(rows '"\(.subject) \(.result) \(.by)"')"
	says 0 --fault all --service sshd --user root --from 8.8.8.8 --json
	want_eq deny "$(rows 'select(.fault == "geo-missing").result')"
	want_eq "root console" \
	    "$(rows 'select(.fault == "daemon-hang").breakglass')"
	# who is abroad stays out, whatever fails beside that
	says 0 --fault store-lost --service sshd --user root --from 8.8.8.8 \
	    --json
	want_eq null "$(rows .breakglass)"
}

# What a policy that names the grade says of everybody, it says of each.
blind_is_a_rule_of_its_own()
{
	cp "$dir/farmgate.conf" "$dir/kept"
	sed -i 's/"remote.unknown = deny"/"remote.unknown:blind = deny"/
	    s/mode = "observe"//' "$dir/farmgate.conf"
	sed -i 's/ observe$//' "$dir/pam.d/sudo"
	says 0 --fault scanner-lost --service sudo --json
	want_line '^policy trial deny farmgate.conf:20: remote.unknown:blind' \
	    <(rows '"\(.subject) \(.result) \(.by)"')
	says 0 --fault scanner-lost --service sudo --user bin --from local \
	    --json
	want_eq 'deny farmgate.conf:20: remote.unknown:blind = deny' \
	    "$(rows '"\(.result) \(.by)"')"
	says 0 --fault scanner-lost --service sudo --user root --from \
	    198.51.100.7 --json
	want_eq deny "$(rows .result)"
	mv "$dir/kept" "$dir/farmgate.conf"
	sed -i 's/pam_farmgate.so$/& observe/' "$dir/pam.d/sudo"
}

# A clock of 1970 is what test can be asked for anyway.
clock_is_that_of_test()
{
	local from rc

	for from in 198.51.100.7 8.8.8.8; do
		says 0 --fault clock-unset --service sshd --user root \
		    --from "$from" --json
		rc=0
		"$ctl" test --config "$dir/farmgate.conf" --user root \
		    --from "$from" --at 1970-01-01T00:00:00Z --json \
		    >"$dir/at" || rc=$?
		want_eq 1 "$rc"
		want_eq "$(jq -r '"\(.verdict) \(.decided.why)"' "$dir/at")" \
		    "$(rows '"\(.result) \(.by)"')"
		rows .breakglass
	done >"$dir/held"
	# without a database more than the clock is against who is elsewhere
	want_eq "root console null" "$(grep -xE 'root console|null' "$dir/held" |
	    tr '\n' ' ' | sed 's/ $//')"
}

# SERVICE LINE...: a stack of these lines.
service()
{
	printf '%s\n' "${@:2}" | stack "$1"
}

# RESULT TEXT: of the daemon that is down, for the service "odd".
without_daemon()
{
	says 0 --fault daemon-down --service odd --json
	want_eq "$1" "$(rows .result)"
	want_line "$2" <(rows .by)
}

stack_has_the_last_word()
{
	local gate=pam_farmgate.so

	service odd "account sufficient pam_permit.so" "account required $gate"
	without_daemon allow 'odd:1: sufficient pam_permit.so: the gate is never asked'
	service odd "account required pam_permit.so" "account optional $gate"
	without_daemon allow 'odd:1: required pam_permit.so decides'
	service odd "account required $gate on_error=allow" \
	    "session required $gate on_error=deny"
	without_daemon deny 'odd:2: on_error=deny'
	service odd "account required $gate observe" \
	    "session required $gate observe"
	without_daemon observed 'odd:1: observe'
	service odd "session required $gate"
	without_daemon deny 'odd:1: no on_error, which is deny'
	service odd "account required pam_deny.so" "account required $gate"
	without_daemon deny 'odd:'
	rm "$dir/pam.d/odd"
}

# libpam makes a denial of a stack in which everybody ignores.
exempt_service_with_nothing_else()
{
	says 0 --fault geo-missing --service cron --json
	want_eq deny "$(rows .result)"
	service cron "account required pam_permit.so" \
	    "account required pam_farmgate.so"
	says 0 --fault geo-missing --service cron --json
	want_eq "exempt everybody services: listed as exempt" \
	    "$(rows '"\(.result) \(.subject) \(.by)"')"
}

no_questions()
{
	says 2 --fault fire
	want_line '^farmgatectl: test: there is no fault fire' "$out"
	says 2 --fault all --user root
	want_line '^farmgatectl: test: --user and --from go together' "$out"
	says 2 --fault all --service ftp
	want_line '^farmgatectl: test: no stack of ftp in .* names the gate' \
	    "$out"
	says 2 --fault all --service nosuch
	want_line 'no stack of nosuch in' "$out"
	says 2 --fault all --confdir "$dir/none"
	want_line 'none: No such file' "$out"
	says 2 --fault all --user root --from example.com
	want_line '--from example.com is no address' "$out"
	says 2 --user root --from 192.0.2.1
	want_line '--confdir goes with --fault' "$out"
	says 2 --fault all --config "$dir/glass"
	want_line '/DIR/glass:' "$out"
}

hostile_stacks_do_no_harm()
{
	service odd "account required $(printf '\033[2J')pam_farmgate.so" \
	    "account required /x/pam_farmgate.so $(printf '\033]0;x\007')"
	cp "$dir/pam.d/odd" "$dir/pam.d/$(printf 'a\033[2J')"
	says 0 --fault daemon-down
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$dir/raw")"
	rm "$dir/pam.d/odd"
}

run "rehearsal: the whole table" whole_table
run "rehearsal: JSON has the same rows" json_has_the_same_rows
run "rehearsal: one login is decided with the fault" one_login
run "rehearsal: a lost scanner is blind for each login" \
    blind_is_a_rule_of_its_own
run "rehearsal: a clock of 1970 is that of test" clock_is_that_of_test
run "rehearsal: the stack has the last word" stack_has_the_last_word
run "rehearsal: an exempt service with nothing else is refused" \
    exempt_service_with_nothing_else
run "rehearsal: what is no question" no_questions
run "rehearsal: hostile stacks do no harm" hostile_stacks_do_no_harm
finish
