#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is left of secrets in memory when they have served: in all of that of the
# daemon and of its scanner, in a core of the daemon, which has its registers
# too, and in the process of a login.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"

SECRETS=$FG_WORK/secrets	# all that there ever were
CORE=$FG_WORK/core
# Eight digits, as six are somewhere by chance, and words of which something is
# left when free(3) has written its own over the beginning.
SERIAL="PF-3ABC 7Z99 QQ"
WRONG_SERIAL="PF-9XYZ 2K88 WW"
WRONG_CODE=no-code-of-hers-but-what-somebody-types-at-the-wrong-prompt
SENTENCE=$(seq -s- 4000001 4000055)	# as a whole sentence may be

# From Brazil a code and the serial number, by the VPN an approval.
remains_conf()
{
	local asked='"geo.country = challenge all totp serial"'

	asked="$asked, \"net.listed:vpn = challenge approval\""
	echo 'step_up = {"totp"}'
	setup_conf | sed "0,/\"geo.country = deny\"/s//$asked/"
}

# TEXT...: are secrets from here on.
secret()
{
	printf '%s\n' "$@" >>"$SECRETS"
}

# A serial number is one also as it is compared.
secret_serial()
{
	secret "$1" "$(tr -d ' -' <<<"$1")"
}

# NAME: the number that a prompt of that login has shown, as it is in a prompt
# and in a command. The three digits alone are anywhere.
secret_number()
{
	secret "the number $(number "$1") to" "\"number\":\"$(number "$1")\""
}

take_core()
{
	rm -f "$CORE".*
	want gcore -o "$CORE" "$FG_PID" >"$FG_WORK/gcore" 2>&1
}

# [FILE] PID [CORE]: how often what is in the file, or a secret, is there.
remains()
{
	local file=$SECRETS

	[ ! -f "$1" ] || { file=$1; shift; }
	python3 "$FG_TOP/tests/lib/remains.py" "$file" "$@"
}

nothing_is_left()
{
	take_core
	want_eq 0 "$(remains "$FG_PID" "$CORE.$FG_PID")"
	want_eq 0 "$(remains "$(fg_scanner)")"
}

# ---- where one looks --------------------------------------------------------

what_is_there_is_found()
{
	echo "$FG_AUDIT" >"$FG_WORK/there"
	take_core
	remains "$FG_WORK/there" "$FG_PID" "$CORE.$FG_PID" 2>"$OUT"
	want_line '\[heap\]: text' "$OUT"
	want_line "^$CORE\.$FG_PID: text" "$OUT"
}

no_core_by_itself()
{
	want_eq "root root" "$(stat -c '%U %G' "/proc/$FG_PID/mem")"
	want_eq "root root" "$(stat -c '%U %G' "/proc/$(fg_scanner)/mem")"
}

# All of the key is on one page, and nothing of that is in a core.
the_key_has_a_place_of_its_own()
{
	local key=$FG_WORK/key

	od -An -tx1 -v /var/lib/farmgate/totp.key | tr -d ' \n' |
	    sed 's/^/hex:/' >"$key"
	take_core
	want test "$(remains "$key" "$FG_PID" 2>"$FG_WORK/where")" -gt 0
	want_eq 1 "$(cut -d' ' -f1 "$FG_WORK/where" | sort -u | wc -l)"
	want_eq 4096 "$(python3 -c 'import sys
a, b = sys.argv[1].split("-"); print(int(b, 16) - int(a, 16))' \
	    "$(sed -n '1s/ .*//p' "$FG_WORK/where")")"
	remains "$key" "$FG_PID" "$CORE.$FG_PID" 2>&1 | grep -F "$CORE" >"$OUT"
	want_eq "" "$(cat "$OUT")"
	want_eq 0 "$(remains "$key" "$(fg_scanner)")"
}

# ---- what administrators are told, and type ---------------------------------

after_an_enrolment()
{
	echo "$WRONG_CODE" | farmgatectl totp enrol alice >"$OUT" 2>&1
	secret "$WRONG_CODE" "$(sed -n 's/^secret: //p' "$OUT")"
	enrol_quickly alice 8
	secret "$(cat "$FG_WORK/seed-alice")" \
	    "$(code "$(cat "$FG_WORK/seed-alice")" 0 sha1 8)"
	grep -oE '[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$' "$FG_WORK/enrolled" |
	    tee "$FG_WORK/recovery" >>"$SECRETS"
	want_eq 10 "$(wc -l <"$FG_WORK/recovery")"
	nothing_is_left
}

after_a_verification()
{
	secret_serial "$SERIAL"
	want by_sudo_of bob farmgatectl verify alice LT-0042 <<<"$SERIAL"
	nothing_is_left
}

# ---- what people type -------------------------------------------------------

after_a_login()
{
	local right

	right=$(fresh_code alice 8)
	secret "$right"
	want asked alice 127.0.0.3 alice-pw "$right" "$SERIAL"
	nothing_is_left
}

after_wrong_answers()
{
	secret_serial "$WRONG_SERIAL"
	want_not asked alice 127.0.0.3 alice-pw "$WRONG_CODE" "$WRONG_SERIAL"
	want_not asked alice 127.0.0.3 alice-pw "$(printf '%s\033' "$WRONG_CODE")" ''
	want farmgatectl stepup forget alice >/dev/null
	secret "$SENTENCE"
	want_not asked alice 127.0.0.3 alice-pw "$SENTENCE" "$SENTENCE"
	nothing_is_left
}

after_a_recovery_code()
{
	want asked alice 127.0.0.3 alice-pw "$(head -n 1 "$FG_WORK/recovery")" \
	    "$SERIAL"
	nothing_is_left
}

# ---- the number of an approval ----------------------------------------------

after_an_approval()
{
	begins alice 127.0.0.4
	secret_number alice
	want by carol farmgatectl approve "$REF" "$(number alice)" >"$OUT"
	presses_enter alice
	want wait "$CLIENT"
	nothing_is_left
}

after_one_that_was_given_up()
{
	begins alice 127.0.0.4
	secret_number alice
	fg_ssh_end "$CLIENT"
	want fg_until 10 none_waits
	nothing_is_left
}

# ---- the process of a login -------------------------------------------------

# The line behind the gate's looks at the process that both run in.
looking_pam()
{
	cat >"$FG_BIN/look" <<-EOF
	#!/bin/sh
	exec >$FG_WORK/looked 2>&1
	cat /proc/\$PPID/comm
	/usr/bin/python3 $FG_TOP/tests/lib/remains.py $SECRETS \$PPID
	EOF
	chmod 0755 "$FG_BIN/look"
	printf '%s\n' "auth required $FG_MODULE" \
	    "auth optional pam_exec.so quiet $FG_BIN/look" \
	    "account required pam_permit.so" >/etc/pam.d/imap
}

# Each answer has served when the next one is asked for.
between_two_answers()
{
	local in=$FG_WORK/typing asking

	looking_pam
	secret "$SENTENCE"
	mkfifo "$in"
	pamtester -I rhost=127.0.0.3 imap alice authenticate <"$in" >"$OUT" 2>&1 &
	asking=$!
	exec 8>"$in"
	echo "$SENTENCE" >&8
	want fg_until 5 grep -q 'Serial number' "$OUT"
	nothing_is_left
	want_eq 0 "$(remains "$asking")"
	echo "$SENTENCE" >&8
	exec 8>&-
	want_not wait "$asking"
	want farmgatectl stepup forget alice >/dev/null
}

in_the_module()
{
	local right

	looking_pam
	right=$(fresh_code alice 8)
	secret "$right"
	printf '%s\n' "$right" "$SERIAL" |
	    want pamtester -I rhost=127.0.0.3 imap alice authenticate
	want_eq "pamtester 0" "$(paste -sd' ' "$FG_WORK/looked")"
	secret "$SENTENCE"
	printf '%s\n' "$SENTENCE" "$WRONG_SERIAL" |
	    want_not pamtester -I rhost=127.0.0.3 imap alice authenticate
	want_eq "pamtester 0" "$(paste -sd' ' "$FG_WORK/looked")"
}

# What was shown is in buffers of sshd's own, but nothing that was typed is.
in_an_open_session()
{
	local monitor right typed=$FG_WORK/typed

	right=$(fresh_code alice 8)
	secret "$right"
	grep -v number "$SECRETS" >"$typed"
	asked alice 127.0.0.3 alice-pw "$right" "$SERIAL" -- \
	    "touch $FG_WORK/home/alice/inside; sleep 60" &
	CLIENT=$!
	want fg_until 10 test -e "$FG_WORK/home/alice/inside"
	monitor=$(pgrep -f 'sshd: alice \[priv\]')
	want_eq 0 "$(remains "$typed" "$monitor")"
	fg_ssh_end "$CLIENT"
}

setup_gate
remains_conf | fg_conf
asking_pam sshd
want_daemon
fg_sshd_start || echo "FAIL sshd starts"
if grep -q __asan_init "$FG_BIN/farmgate-policyd"; then
	skip "CONV-19 nothing is left in memory" "ASan keeps what was freed"
	finish
fi

run "whatever is in memory is found there" what_is_there_is_found
run "CONV-19 the daemon leaves no core" no_core_by_itself
run "CONV-19 the key of the seeds is on a page of its own" \
    the_key_has_a_place_of_its_own
answering_program
run "CONV-19 nothing is left of an enrolment" after_an_enrolment
run "CONV-19 nor of a verification" after_a_verification
run "CONV-19 nor of what was typed at a login" after_a_login
run "CONV-19 nor of what was typed wrongly" after_wrong_answers
run "CONV-19 nor of a recovery code" after_a_recovery_code
run "CONV-19 nor of an answer when the next one is awaited" between_two_answers
run "CONV-19 in the process of a login neither" in_the_module
run "CONV-19 nor in sshd's during the session" in_an_open_session
waiting_program
run "CONV-19 nothing is left of an approval's number" after_an_approval
run "CONV-19 nor of one that was given up" after_one_that_was_given_up
finish
