#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A challenge in services that are not sshd or sudo, by Debian's own programs:
# some can ask for a code, and the others refuse, at once and without holding
# anybody back.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/front_ends.sh"

HINT='Nobody could be asked: log in with a program that can ask'

# [METHOD]: alice and bob may prove an unexpected country, and that there is no
# address but in imap; carol's is refused.
front_conf()
{
	echo "step_up = {\"${1:-totp}\"}"
	setup_conf | sed '0,/"geo.country = deny"/s//"geo.country = challenge",\
	    "geo.unknown:no_address = challenge"/
	/^policy staff/i \
	policy imap {\
		users = {"@staff"}\
		services = {"imap"}\
		actions = {"geo.unknown:no_address = log"}\
	}'
}

reload_front()
{
	front_conf "$@" | fg_conf
	want farmgatectl reload >/dev/null
}

# Nobody has answered wrongly since the last forgotten().
nobody_is_held()
{
	want_eq none "$(farmgatectl stepup list)"
}

# [NAME]...
forgotten()
{
	local name

	for name in "$@" alice bob 127.0.0.3 no_address; do
		farmgatectl stepup forget "$name" >/dev/null 2>&1
	done
	nobody_is_held
}

# SERVICE PHASE FINDING of the last decision, which was a denial.
denied()
{
	want_eq "deny $*" "$(fg_last '[.verdict, .service, .phase,
	    .decided.finding] | map(tostring) | join(" ")')"
}

# SERVICE PHASE COMMAND...: is refused as one that can ask nobody: by the line
# that asks, and twice so, and by account alone; and nobody is held back.
cannot_ask()
{
	local service=$1 phase=$2 i

	shift 2
	asking_pam "$service"
	for i in 1 2; do
		want_rc 1 "$@"
		denied "$service" "$phase" challenge.impossible
	done
	fg_pam "$service"
	want_rc 1 "$@"
	denied "$service" account challenge.impossible
	nobody_is_held
}

# ---- a name and a password ----------------------------------------------

vsftpd_cannot_ask()
{
	asking_pam vsftpd
	want ftp_start "$1"
	want ftp 127.0.0.2
	cannot_ask vsftpd account ftp 127.0.0.3
	want_eq "530 Login incorrect." "$(ftp 127.0.0.3)"
	crew_ends
}

saslauthd_cannot_ask()
{
	asking_pam imap
	want sasl_start "$1" 2
	want sasl imap alice
	cannot_ask smtp auth sasl smtp alice
	# Each of its processes has been asked, and lives.
	want sasl imap alice
	want sasl imap alice
	# It is not asked until somebody has approved.
	reload_front approval
	cannot_ask smtp auth sasl smtp alice
	reload_front
	crew_ends
}

mail_from_afar()
{
	local rc=0

	dovecot 127.0.0.3 "$@" || rc=$?
	return $((rc == 77 ? 1 : rc))	# refused
}

dovecot_cannot_ask()
{
	asking_pam dovecot
	want dovecot_start "$1"
	want dovecot 127.0.0.2
	cannot_ask dovecot auth mail_from_afar
	cannot_ask dovecot auth mail_from_afar Alice
	want_eq "totp error" "$(auth_record '.step_up[] |
	    .method + " " + .result')"
	reload_front approval
	cannot_ask dovecot auth mail_from_afar
	reload_front
	crew_ends
}

# It says so, and exits with 0.
xrdp_lets_in()
{
	local said

	said=$(xrdp)
	echo "$said"
	! grep -q 'Connection denied' <<<"$said"
}

xrdp_cannot_ask()
{
	asking_pam xrdp-sesman
	want xrdp_start "$1"
	cannot_ask xrdp-sesman account xrdp_lets_in
	want_line 'PAM: Access denied\. Reference .*keyboard-interactive' \
	    "$CREW/sesman.log"
	crew_ends
}

# ---- what is asked is shown ---------------------------------------------

# COMMAND...: one that can ask lets in with a right code, and with nothing else;
# the answers go behind it.
asks_for_a_code()
{
	local service=$1

	shift
	asking_pam "$service"
	want_eq 'One-time code:' "$("$@" | grep '^One' | sed 's/ *$//')"
	nobody_is_held
	want_rc 1 "$@" 000000
	denied "$service" auth challenge.failed
	want_line '^alice +1 wrong' <(farmgatectl stepup list)
	want_rc 1 "$@" ''
	denied "$service" auth challenge.failed
	want_rc 1 "$@" alice
	denied "$service" auth challenge.impossible
	# What is no guess has not counted.
	want_line '^alice +1 wrong' <(farmgatectl stepup list)
	want "$@" "$(fresh_code alice)"
	want_eq "allow $service" "$(fg_last '.verdict + " " + .service')"
	forgotten
	fg_pam "$service"
	want_rc 1 "$@"
	denied "$service" account challenge.impossible
	asking_pam "$service"
}

# Without a bridge it ends when the session is open.
cockpit()
{
	local before rc=0

	before=$(fg_events open)
	front_end cockpit "$(fg_program usr/lib/cockpit/cockpit-session)" \
	    "$@" || rc=$?
	[ "$(fg_events open)" -eq "$before" ] || rc=0
	return "$rc"
}

cockpit_asks()
{
	asking_pam cockpit
	want cockpit 127.0.0.2
	asks_for_a_code cockpit cockpit 127.0.0.3
	# What the page shows.
	want_line "\"authentication-failed\".*Access denied\. .*$HINT" \
	    <(cockpit 127.0.0.3 alice)
}

AUTH_PAM_TOOL=usr/lib/mysql/plugin/auth_pam_tool_dir/auth_pam_tool

mariadb()
{
	front_end mariadb "$(fg_program $AUTH_PAM_TOOL)" mysql alice-pw "$@"
}

mariadb_asks()
{
	asks_for_a_code mysql mariadb
	want_eq 'Password: One-time code: ' "$(mariadb | tr -d '\n')"
}

# ---- terminals ----------------------------------------------------------

# [PROMPT ANSWER]... [-- COMMAND]: log in as alice from afar, and run it there.
# login says nothing by its exit status.
login_from_afar()
{
	local typed=() in=$FG_WORK/home/alice/in command

	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		typed+=("$1")
		shift
	done
	command=${2:-:}
	rm -f "$in"
	python3 "$FG_TOP/tests/lib/type.py" assword: alice-pw "${typed[@]}" \
	    '$ ' ">~/in; $command; exit" \
	    assword: bob-pw code: "${BOB_CODE:-}" -- login -h 127.0.0.3 alice
	[ -e "$in" ]
}

login_asks()
{
	asking_pam login
	want login_from_afar code: "$(fresh_code alice)"
	want_rc 1 login_from_afar code: 000000
	denied login auth challenge.failed
	forgotten
	want_rc 1 login_from_afar code: alice >"$OUT"
	denied login auth challenge.impossible
	want_line "Access denied\. .*$HINT" "$OUT"
	# The end of what is typed says as little as the name.
	want_rc 1 login_from_afar code: $'\x04' >"$OUT"
	denied login auth challenge.impossible
	want_line "Access denied\. .*$HINT" "$OUT"
	nobody_is_held
	fg_pam login
	want_rc 1 login_from_afar
	denied login account challenge.impossible
	asking_pam login
}

# CODE: alice wants to be bob, where she has logged in from afar.
su_from_afar()
{
	local been=/tmp/bob-was-here

	BOB_CODE=$1 want login_from_afar code: "$(fresh_code alice)" -- \
	    "su -c '>$been' bob"
	[ -e "$been" ]
}

su_asks()
{
	asking_pam su
	want_rc 1 su_from_afar 000000
	denied su auth challenge.failed
	forgotten
	want_rc 1 su_from_afar bob
	denied su auth challenge.impossible
	nobody_is_held
	want su_from_afar "$(fresh_code bob)"
	rm /tmp/bob-was-here
	fg_pam su
	want_rc 1 su_from_afar 000000
	denied su account challenge.impossible
}

# ---- a name is no way around ------------------------------------------------

# Whatever stands against somebody, who gives the name sees the same.
shown_to()
{
	sed "s/alice:alice-pw/$1:$1-pw/" "$FG_TOP/tests/lib/front_end.py" \
	    >"$FG_WORK/as-$1.py"
	timeout 20 python3 "$FG_WORK/as-$1.py" cockpit \
	    "$(fg_program usr/lib/cockpit/cockpit-session)" 127.0.0.3 \
	    "$2" 2>&1 | sed -E 's/[0-9A-Z]{4}-[0-9A-Z]{4}/REF/g'
}

a_name_tells_nothing()
{
	local first

	first=$(shown_to alice alice)
	want_line "$HINT" <(echo "$first")
	farmgatectl totp remove bob >/dev/null
	want_eq "$first" "$(shown_to bob bob)"
	want_eq "$first" "$(shown_to carol carol)" # who is refused anyway
	denied cockpit auth geo.country
	# Held back, too.
	for _ in 1 2 3 4 5; do
		want_rc 1 cockpit 127.0.0.3 000000
	done
	want_eq "$first" "$(shown_to alice alice)"
	forgotten
}

# As an employee's number can be: it is looked at, and it counts.
a_name_like_a_code_is_a_guess()
{
	sed -n 's/^alice:x:[0-9]*/123456:x:4230/p' /etc/passwd >>/etc/passwd
	sed -n 's/^alice:/123456:/p' /etc/shadow >>/etc/shadow
	sed -i '/^staff:/s/$/,123456/' /etc/group
	asking_pam webmin
	want_not gate webmin 123456 127.0.0.3 authenticate \
	    < <(printf 'alice-pw\n123456\n')
	want_eq "deny challenge.failed" \
	    "$(auth_record '.verdict + " " + .decided.finding')"
	want_line '^123456 +1 wrong' <(farmgatectl stepup list)
	forgotten 123456
}

setup_gate
front_conf | fg_conf
sed -i 's/^LOGIN_RETRIES.*/LOGIN_RETRIES 1/' /etc/login.defs
want_daemon
enrol_quickly alice
enrol_quickly bob

run_with usr/sbin/vsftpd "SVC-07 vsftpd refuses what it cannot ask" \
    vsftpd_cannot_ask
run_with usr/sbin/saslauthd \
    "SVC-07 saslauthd refuses what it cannot ask, and lives" \
    saslauthd_cannot_ask
run_with usr/sbin/dovecot \
    "SVC-07 dovecot's answer is none, and no wrong one" dovecot_cannot_ask
run_with usr/sbin/xrdp-sesman "CONV-18 xrdp refuses what it cannot ask" \
    xrdp_cannot_ask
run_with usr/lib/cockpit/cockpit-session "CONV-18 cockpit asks for a code" \
    cockpit_asks
run_with $AUTH_PAM_TOOL "SVC-07 MariaDB asks for a code" mariadb_asks
run "CONV-18 login asks for a code" login_asks
run "CONV-18 su asks for a code" su_asks
run_with usr/lib/cockpit/cockpit-session \
    "CONV-10 who gives the name learns nothing" a_name_tells_nothing
run "a name that could be a code is a guess" a_name_like_a_code_is_a_guess
finish
