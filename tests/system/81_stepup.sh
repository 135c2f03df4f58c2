#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Step-up with a one-time code through a real sshd and a real sudo: who is asked
# and who is not, what a wrong answer costs, and what nobody learns by it.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"

# alice and bob may prove an unexpected country, carol's is refused.
stepup_conf()
{
	echo 'step_up = {"totp"}'
	setup_conf | sed '0,/"geo.country = deny"/s//"geo.country = challenge"/'
}

auth_records()
{
	fg_of_event decision | grep -c '"phase":"auth"'
}

# ---- who is asked -----------------------------------------------------------

expected_is_not_asked()
{
	want asked alice 127.0.0.2 alice-pw
	want_eq 'Password:' "$(prompts | tr -d ' ')"
	want_eq 0 "$(auth_records)"
}

asked_in_another_country()
{
	local ref

	want asked alice 127.0.0.3 alice-pw "$(fresh_code alice)" -- \
	    'echo $FARMGATE_REF' >"$OUT"
	want_eq "Password: ,One-time code: " "$(prompts | paste -sd,)"
	ref=$(auth_record .ref)
	want_eq "allow totp passed" "$(auth_record \
	    '.verdict + " " + (.step_up[] | .method + " " + .result)')"
	want_eq "log true" "$(auth_record '.findings[] |
	    select(.code == "geo.country") | .action + " " + (.proved | tostring)')"
	want_eq allow "$(fg_last .verdict)"
	want_eq "$ref totp" "$(fg_last '.proof.ref + " " + .proof.methods[0]')"
	want_eq "$(fg_last .ref)" "$(tail -n 1 "$OUT")"
	says 0 explain "$ref"
	want_line 'totp' "$OUT"
}

wrong_twice_then_right()
{
	local right

	right=$(fresh_code alice)
	SSH_MORE="-o NumberOfPasswordPrompts=3" want asked alice 127.0.0.3 \
	    alice-pw 000000 alice-pw 111111 alice-pw "$right"
	want_eq 3 "$(prompts | grep -c '^One-time code: $')"
	want_eq "deny deny allow" "$(fg_of_event decision |
	    jq -r 'select(.phase == "auth") | .verdict' | tail -n 3 | xargs)"
	# Replayed.
	want_not asked alice 127.0.0.3 alice-pw "$right"
	want_eq "challenge.failed totp: this code, or a later one, was used before" \
	    "$(auth_record '.findings[-1] | .code + " " + .text')"
	want farmgatectl stepup forget alice >/dev/null
}

# The first factor comes first: a stranger locks nobody out.
OTP_08_stranger_is_not_asked()
{
	local n

	n=$(auth_records)
	want_not asked alice 127.0.0.3 wrong-pw 000000
	want_eq "Password: " "$(prompts)"
	want_not asked nosuchuser 127.0.0.3 wrong-pw 000000
	want_eq "Password: " "$(prompts)"
	want_eq "$n" "$(auth_records)"
}

after_a_key()
{
	fg_sshd_stop
	fg_sshd_start - < <(echo AuthenticationMethods \
	    publickey,keyboard-interactive:pam)
	METHODS=publickey,keyboard-interactive \
	    want asked alice 127.0.0.3 alice-pw "$(fresh_code alice)"
	want_eq "publickey" "$(auth_record 'if .key then "publickey" else "" end')"
	fg_sshd_stop
	fg_sshd_start
}

programs_too()
{
	local copy=$FG_WORK/copy

	rm -f "$copy"
	: >"$FG_WORK/prompts"
	printf '%s\n' alice-pw "$(fresh_code alice)" >"$FG_WORK/answers"
	mapfile -t options < <(fg_ssh_options keyboard-interactive 127.0.0.3)
	options=("${options[@]/-o Port=*/}")
	want env SSH_ASKPASS="$FG_BIN/answer" SSH_ASKPASS_REQUIRE=force \
	    scp -q "${options[@]}" "alice@127.0.0.1:/etc/hostname" "$copy"
	want cmp /etc/hostname "$copy"
	printf '%s\n' alice-pw "$(fresh_code alice)" >"$FG_WORK/answers"
	want env SSH_ASKPASS="$FG_BIN/answer" SSH_ASKPASS_REQUIRE=force \
	    sftp -q "${options[@]}" -o BatchMode=no -b <(echo pwd) \
	    alice@127.0.0.1 >"$OUT"
	want_line 'Remote working directory' "$OUT"
}

# ---- who cannot be ----------------------------------------------------------

CONV_04_a_key_alone_is_told_how()
{
	want_rc 255 fg_ssh key alice 127.0.0.3 true >"$OUT" 2>&1
	want fg_until 3 grep -q 'Access denied' "$OUT"
	want_eq 1 "$(grep -c 'Access denied' "$OUT")"
	want_line 'Access denied\. Reference .*keyboard-interactive' "$OUT"
	want_eq "challenge.impossible" "$(fg_last .decided.finding)"
	want_eq "geo.country challenge.impossible" \
	    "$(fg_last '[.findings[].code] | map(select(. != "remote.unknown")) | join(" ")')"
}

# sshd answers each hidden prompt with the password, and no visible one.
CONV_05_a_password_is_no_answer()
{
	local n

	n=$(auth_records)
	want_not fg_ssh password alice 127.0.0.3 true >"$OUT" 2>&1
	want_eq challenge.impossible "$(fg_last .decided.finding)"
	want_eq "$n" "$(auth_records)"
	want_eq '' "$(grep -rl -e alice-pw /var/log/farmgate \
	    "$FG_WORK/daemon.log")"
}

odd_answers_are_wrong_ones()
{
	local answer n

	for answer in ' ' 12345 1234567 '12 3456' '１２３４５６' \
	    "$(printf '123456\033')" "$(head -c 1025 /dev/zero | tr '\0' 1)" \
	    "$(head -c 20000 /dev/zero | tr '\0' 1)"; do
		n=$(auth_records)
		want_not asked alice 127.0.0.3 alice-pw "$answer"
		want_eq $((n + 1)) "$(auth_records)"
		want_eq "deny challenge.failed" \
		    "$(auth_record '.verdict + " " + .decided.finding')"
		want farmgatectl stepup forget alice >/dev/null
		want farmgatectl stepup forget 127.0.0.3 >/dev/null
	done
}

# Without a terminal ssh answers with nothing, as often as it is asked.
CONV_16_nothing_is_no_guess()
{
	local n options

	fg_sshd_stop
	fg_sshd_start - < <(echo AuthenticationMethods \
	    publickey,keyboard-interactive:pam)
	sed -i 's/^auth.*pam_unix.so$/auth required pam_permit.so/' \
	    /etc/pam.d/sshd
	farmgatectl stepup forget alice
	farmgatectl stepup forget 127.0.0.3
	n=$(auth_records)
	mapfile -t options < <(fg_ssh_options publickey,keyboard-interactive \
	    127.0.0.3)
	want_not env -u SSH_ASKPASS -u DISPLAY setsid -w ssh \
	    -o NumberOfPasswordPrompts=3 "${options[@]}" -i "$FG_KEYS/alice" \
	    -l alice 127.0.0.1 true </dev/null
	want_eq $((n + 3)) "$(auth_records)"
	want_eq "challenge.failed totp: nobody has answered" \
	    "$(auth_record '.findings[-1] | .code + " " + .text')"
	want_eq none "$(farmgatectl stepup list)"
	asking_pam sshd
	fg_sshd_stop
	fg_sshd_start
}

# sshd tries an empty password by itself, before anybody was asked for one.
CONV_17_the_method_none_counts_nothing()
{
	fg_sshd_stop
	fg_sshd_start - < <(echo PermitEmptyPasswords yes)
	sed -i 's/pam_unix.so$/pam_unix.so nullok/' /etc/pam.d/sshd
	sed -i 's/^alice:[^:]*/alice:/' /etc/shadow
	want_not fg_ssh kbdint alice 127.0.0.3 true >"$OUT" 2>&1
	want_eq challenge.impossible "$(fg_last .decided.finding)"
	want_eq none "$(farmgatectl stepup list)"
	cp "$FG_WORK/shadow" /etc/shadow
	asking_pam sshd
	fg_sshd_stop
	fg_sshd_start
}

# ---- what nobody learns -----------------------------------------------------

# USER FROM ANSWER...: what such a login shows, without its reference.
shown_to()
{
	asked "$@" 2>&1 | sed -E 's/[0-9A-Z]{4}-[0-9A-Z]{4}/REF/; s/\r//
	    s/(alice|bob|carol)/USER/g'
	prompts
}

CONV_10_all_refusals_are_alike()
{
	local first

	first=$(shown_to alice 127.0.0.3 alice-pw 000000)
	echo "$first"
	want_line 'Access denied. Reference REF' <(echo "$first")
	# bob has no codes, carol is refused whatever she answers.
	want_eq "$first" "$(shown_to bob 127.0.0.3 bob-pw 000000)"
	want_eq "$first" "$(shown_to carol 127.0.0.3 carol-pw 000000)"
	want_eq geo.country "$(auth_record .decided.finding)"
	want farmgatectl stepup forget alice >/dev/null
}

OTP_10_without_codes_nobody_passes()
{
	want_not asked bob 127.0.0.3 bob-pw 000000
	want_eq "totp: not enrolled" \
	    "$(auth_record '.findings[] | select(.code == "challenge.failed").text')"
	want farmgatectl stepup forget bob >/dev/null
}

# ---- too many ---------------------------------------------------------------

OTP_07_too_many_are_held_back()
{
	local i

	farmgatectl stepup forget alice
	for i in 1 2 3 4 5; do
		want_not asked alice 127.0.0.3 alice-pw "00000$i"
	done
	want_not asked alice 127.0.0.3 alice-pw "$(fresh_code alice)"
	want_line 'too many wrong answers' <(auth_record '.findings[-1].text')
	# Neither another connection nor a restart makes it forgotten.
	want fg_restart
	want_not asked alice 127.0.0.3 alice-pw "$(fresh_code alice)"
	says 0 stepup list
	want_line '^alice +5 wrong, .*held back until [^ ]+ [0-9]+:[0-9]+:[0-9]+ ' \
	    "$OUT"
	want_line '^127\.0\.0\.3 +[1-9][0-9]* wrong, the last [^,]*$' "$OUT"
	# At home nobody is asked, and nobody locked out.
	want asked alice 127.0.0.2 alice-pw
	says 0 stepup forget alice
	want_eq "forget alice 0" "$(fg_last_of stepup \
	    '[.action, .user, .by.uid] | map(tostring) | join(" ")')"
	want asked alice 127.0.0.3 alice-pw "$(fresh_code alice)"
}

OTP_02_one_code_lets_one_in()
{
	local i right clients=() passed=0

	right=$(fresh_code alice)
	for i in 1 2 3 4; do
		(
			FG_WORK=$FG_WORK/par$i
			mkdir -p "$FG_WORK"
			FG_BIN=$FG_WORK answering_program
			FG_BIN=$FG_WORK asked alice 127.0.0.3 alice-pw "$right"
		) >/dev/null 2>&1 &
		clients+=($!)
	done
	for i in "${clients[@]}"; do
		! wait "$i" || passed=$((passed + 1))
	done
	want_eq 1 "$passed"
	farmgatectl stepup forget alice >/dev/null 2>&1
	:
}

# ---- what is said of it -----------------------------------------------------

# COMMAND...: of a challenge that alice could pass.
tells_of_her_challenge()
{
	says 1 "$@"
	want_line '(^|now: )challenge' "$OUT"
	want_line '^  challenge  totp \(enrolled\)$' "$OUT"
	want_line '^  then       passed: allow; failed: deny; nobody can be asked: deny$' \
	    "$OUT"
	want_line '^next: they are asked, and let in if they can answer; if the place' \
	    "$OUT"
	says 1 "$@" --json
	want_eq 'deny {"method":"totp","has":true} allow deny' "$(jq -r \
	    '(.decision // .) | [.would, (.challenge | (.asked[] | tojson),
		.passed, .failed)] | join(" ")' "$OUT")"
}

a_challenge_to_come_is_no_denial()
{
	tells_of_her_challenge person --from 127.0.0.3 alice
	tells_of_her_challenge test --from 127.0.0.3 --user alice
	# bob has no codes, and carol is refused.
	says 1 person --from 127.0.0.3 bob
	want_line '^  challenge  totp, which bob has not$' "$OUT"
	want_line '^next: enrol them: farmgatectl totp enrol bob; ' "$OUT"
	says 1 person --from 127.0.0.3 carol
	want_line 'now: deny' "$OUT"
	no_line '^  challenge ' "$OUT"
	says 0 person --from 127.0.0.2 alice
	no_line '^  challenge ' "$OUT"
}

observing_says_that_it_would_ask()
{
	stepup_conf | sed 's/^mode = .*/mode = observe/' | fg_conf
	want farmgatectl reload >/dev/null
	want fg_ssh key alice 127.0.0.3 true
	want_eq 'deny {"methods":["totp"],"all":false}' "$(fg_last \
	    '[.would, (.challenge.needs[] | tojson)] | join(" ")')"
	says 0 explain "$(fg_last .ref)"
	want_line '^  mode       observe: enforcing would have asked for totp$' \
	    "$OUT"
	says 0 person alice
	want_line ' allow \(would challenge\) .* 127\.0\.0\.3 ' "$OUT"
	want fg_ssh key carol 127.0.0.3 true
	says 0 explain "$(fg_last .ref)"
	want_line '^  mode       observe: enforcing would be deny$' "$OUT"
	stepup_conf | fg_conf
	want farmgatectl reload >/dev/null
}

# USER ANSWER NEXT: what helps against that, as explain ends with it.
next_is()
{
	want_not asked "$1" 127.0.0.3 "$1-pw" "$2"
	says 0 explain "$(auth_record .ref)"
	want_line "^next: .*$3" "$OUT"
}

what_helps_fits_the_reason()
{
	farmgatectl stepup forget 127.0.0.3 >/dev/null
	next_is alice 000000 'farmgatectl totp enrol alice --replace'
	next_is alice 7F3K-Q2MN-W8XD 'farmgatectl totp recovery alice'
	next_is bob 000000 'farmgatectl totp enrol bob'
	no_line alice <(grep '^next' "$OUT")
	want_not fg_ssh key alice 127.0.0.3 true
	says 0 explain "$(fg_last .ref)"
	want_line '^next: .*keyboard-interactive.*farmgatectl check-pam sshd' \
	    "$OUT"
	no_line 'NOPASSWD' "$OUT"
	farmgatectl stepup forget alice >/dev/null
	farmgatectl stepup forget bob >/dev/null
}

# ---- what becomes of it -----------------------------------------------------

gone_at_the_prompt()
{
	local client

	printf 'alice-pw\n' >"$FG_WORK/answers"
	cat >"$FG_BIN/answer" <<-EOF
	#!/bin/sh
	case \$1 in
	*code*)	touch $FG_WORK/at-prompt; sleep 60 ;;
	*)	echo alice-pw ;;
	esac
	EOF
	rm -f "$FG_WORK/at-prompt"
	asked alice 127.0.0.3 >/dev/null 2>&1 &
	client=$!
	want fg_until 10 test -e "$FG_WORK/at-prompt"
	want_eq 1 "$(fg_status .stepups)"
	want_eq "" "$(farmgatectl stepup | grep alice)"
	fg_ssh_end "$client"
	want fg_until 10 eval '[ "$(fg_status .stepups)" -eq 0 ]'
	want_eq "deny challenge.failed totp: the user went away" \
	    "$(auth_record '.verdict + " " + (.findings[-1] | .code + " " + .text)')"
	# That is no wrong answer.
	want_eq "" "$(farmgatectl stepup | grep alice)"
	answering_program
}

APR_05_a_restart_ends_it_with_a_denial()
{
	local client

	cat >"$FG_BIN/answer" <<-EOF
	#!/bin/sh
	case \$1 in
	*code*)	touch $FG_WORK/at-prompt
		until [ -e $FG_WORK/go ]; do sleep 0.1; done
		echo 000000 ;;
	*)	echo alice-pw ;;
	esac
	EOF
	rm -f "$FG_WORK/at-prompt" "$FG_WORK/go"
	asked alice 127.0.0.3 >"$FG_WORK/got" 2>&1 &
	client=$!
	want fg_until 10 test -e "$FG_WORK/at-prompt"
	want fg_restart
	touch "$FG_WORK/go"
	want_not wait "$client"
	want_eq "deny totp: the daemon was stopped" \
	    "$(auth_record '.verdict + " " + .findings[-1].text')"
	answering_program
}

# A wrong code counts though nobody waits for how it ends.
a_wrong_code_counts_at_once()
{
	local i client

	farmgatectl stepup forget alice >/dev/null
	stepup_conf | sed '0,/challenge/s//challenge all totp approval/' | fg_conf
	want farmgatectl reload >/dev/null
	cat >"$FG_BIN/answer" <<-EOF
	#!/bin/sh
	case \$1 in
	*code*)	echo 000000 ;;
	*approval*) touch $FG_WORK/at-prompt; sleep 60 ;;
	*)	echo alice-pw ;;
	esac
	EOF
	for i in 1 2; do
		rm -f "$FG_WORK/at-prompt"
		asked alice 127.0.0.3 >/dev/null 2>&1 &
		client=$!
		want fg_until 10 test -e "$FG_WORK/at-prompt"
		fg_ssh_end "$client"
		want fg_until 10 eval '[ "$(fg_status .stepups)" -eq 0 ]'
	done
	says 0 stepup list
	want_line '^alice +2 wrong' "$OUT"
	answering_program
	farmgatectl stepup forget alice >/dev/null
	stepup_conf | fg_conf
	want farmgatectl reload >/dev/null
}

# Nothing can be proved without a store; account lets in whom it may.
breakglass_is_not_asked()
{
	fg_stop
	mkdir "$FG_WORK/kept"
	mv /var/lib/farmgate/farmgate.db* "$FG_WORK/kept"
	mkdir /var/lib/farmgate/farmgate.db
	install -m 0600 /dev/stdin /etc/farmgate/breakglass <<<'alice sshd any'
	want fg_start
	want asked alice 127.0.0.2 alice-pw
	want_eq 1 "$(prompts | wc -l)"
	want_not asked bob 127.0.0.2 bob-pw
	fg_stop
	rmdir /var/lib/farmgate/farmgate.db
	mv "$FG_WORK"/kept/* /var/lib/farmgate
	rm /etc/farmgate/breakglass
	want fg_start
}

secrets_are_nowhere()
{
	local seed

	seed=$(cat "$FG_WORK/seed-alice")
	want_eq '' "$(grep -rlE -e "$seed|alice-pw" /var/log/farmgate \
	    /var/lib/farmgate "$FG_WORK/daemon.log" "$FG_SYSLOG")"
}

setup_gate
stepup_conf | fg_conf
asking_pam sshd
answering_program
want_daemon
fg_sshd_start || echo "FAIL sshd starts"
enrol_quickly alice
cp -p /etc/shadow "$FG_WORK/shadow"

run "who comes from where they may is asked nothing more" expected_is_not_asked
run "who comes from elsewhere is asked for a code, and passes" \
    asked_in_another_country
run "SSH-20 OTP-02 wrong twice, right once, and not twice" \
    wrong_twice_then_right
run "OTP-08 without the first factor nobody is asked" \
    OTP_08_stranger_is_not_asked
run "SSH-03 a key, and then a code" after_a_key
run "scp and sftp ask as ssh does" programs_too
run "CONV-04 a key alone is told how to log in" CONV_04_a_key_alone_is_told_how
run "CONV-05 a password is no answer, and goes nowhere" \
    CONV_05_a_password_is_no_answer
run "CONV-07 OTP-09 odd answers are wrong ones" odd_answers_are_wrong_ones
run "CONV-16 nothing is no guess" CONV_16_nothing_is_no_guess
run "CONV-17 the method none counts nothing" \
    CONV_17_the_method_none_counts_nothing
run "CONV-10 all refusals are alike" CONV_10_all_refusals_are_alike
run "OTP-10 without codes nobody passes" OTP_10_without_codes_nobody_passes
run "OTP-07 after too many the right one is refused, too" \
    OTP_07_too_many_are_held_back
run "OTP-02 one code lets one in, of several at once" \
    OTP_02_one_code_lets_one_in
run "a challenge to come is no denial" a_challenge_to_come_is_no_denial
run "observing says that it would have asked" observing_says_that_it_would_ask
run "what helps fits the reason" what_helps_fits_the_reason
run "who goes away at the prompt leaves a record" gone_at_the_prompt
run "APR-05 a restart ends a step-up with a denial" \
    APR_05_a_restart_ends_it_with_a_denial
run "a wrong code counts at once" a_wrong_code_counts_at_once
run "who is on the list of break-glass is asked nothing that cannot be proved" \
    breakglass_is_not_asked
run "CONV-19 secrets are in no log and no store" secrets_are_nowhere
finish
