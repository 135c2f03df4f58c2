#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# One-time codes from the administrator's side: enrolled, verified, listed,
# removed; through restarts; and the seed is nowhere but on the terminal.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"

STATE=/var/lib/farmgate
KEY=$STATE/totp.key
SHOWN=$FG_WORK/shown		# what enrol has printed
SEED=$FG_WORK/seed		# in base 32
SEEDS=$FG_WORK/seeds		# all that there ever was

# USER [OPTION]...: enrol as a person would, who types TYPED if it is set, else
# the right code. BY=COMMAND runs it.
enrol()
{
	local rc=0 typed in=$FG_WORK/in

	early_in_a_step
	rm -f "$in" "$SHOWN"
	mkfifo "$in"
	# shellcheck disable=SC2086
	${BY:-} farmgatectl totp enrol "$@" <"$in" >"$SHOWN" 2>&1 &
	typed=$!
	exec 8>"$in"
	if fg_until 5 grep -q '^secret: ' "$SHOWN"; then
		sed -n 's/^secret: //p' "$SHOWN" | tee "$SEED" >>"$SEEDS"
		printf '%b\n' "${TYPED:-$(code "$(cat "$SEED")" 0 $HOW)}" >&8
	fi
	exec 8>&-
	wait "$typed" || rc=$?
	cat "$SHOWN"
	return "$rc"
}

# ---- the key ----------------------------------------------------------------

key_is_the_daemons()
{
	want_eq "600 farmgate farmgate 32" "$(stat -c '%a %U %G %s' "$KEY")"
	want test ! -e "$KEY.new"
	says 0 totp list
	want_line '^none$' "$OUT"
}

# ---- enrolment --------------------------------------------------------------

enrolled()
{
	local seed

	want enrol alice
	seed=$(cat "$SEED")
	want_eq 32 "${#seed}"
	want_line "^otpauth://totp/Farmgate%20[^ ]*:alice\?secret=$seed&issuer=Farmgate%20[^ ]*&algorithm=SHA1&digits=6&period=30\$" \
	    "$SHOWN"
	want_line "warning: this user is in nobody's entry" "$SHOWN"
	no_line 'has no account' "$SHOWN"
	want_line 'enrolled: alice +active +sha1 +6 .*left: 10$' "$SHOWN"
	no_line 'older one' "$SHOWN"
	want_eq 10 "$(grep -cE '^  [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$' "$SHOWN")"
	grep -E '^  [0-9A-Z]{4}-' "$SHOWN" | tr -d ' ' >>"$SEEDS"
	# Its output is no terminal.
	no_line '█' "$SHOWN"
	want_eq "enrol alice sha1 6 0,verify alice sha1 6 0" "$(jq -r \
	    'select(.event == "totp") | [.action, .user, .algorithm, .digits,
	    .by.uid] | map(tostring) | join(" ")' "$FG_AUDIT" | paste -sd,)"
	says 0 totp list
	want_line '^alice +active +sha1 +6 .* by root, used 20.*, recovery codes left: 10$' \
	    "$OUT"
}

# Behind sudo it is known who; of a number without a name the number is.
who_has_done_it_is_named()
{
	BY="by_sudo_of bob" want enrol carol
	says 0 totp list
	want_line '^carol +active .* by bob as root, ' "$OUT"
	(
		echo 4299 >/proc/self/loginuid
		enrol carol --replace
	)
	says 0 totp list
	want_line '^carol +active .* by uid 4299 as root, ' "$OUT"
	want farmgatectl totp remove carol >/dev/null
}

# It may be a slip of the fingers, or an account of another host.
a_name_of_nobody_is_warned_of()
{
	want_rc 1 enrol_without_a_code alcie
	want_line "warning: this user is in nobody's entry" "$SHOWN"
	want_line 'warning: and this host has no account alcie' "$SHOWN"
	says 0 except add alcie --finding geo.country --until +1h --reason x
	want_line 'warning: and this host has no account alcie' "$OUT"
	want_line ' by root: x$' "$OUT"
	says 0 except list
	want_line ' by root: x$' "$OUT"
	want farmgatectl except remove "$(farmgatectl except list --json |
	    jq .id)" >/dev/null
}

# The first code was spent by it: the watermark is its step, or a later one.
first_code_is_spent()
{
	want test "$(sqlite "SELECT last_step FROM totp")" -ge \
	    $(($(date +%s) / 30 - 3))
}

sqlite()
{
	python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(*row)' \
	    "$STATE/farmgate.db" "$1"
}

not_twice()
{
	says 2 totp enrol alice </dev/null
	want_line 'alice is enrolled already; with --replace' "$OUT"
	no_line 'otpauth|secret' "$OUT"
}

every_kind()
{
	local algorithm digits

	for algorithm in sha1 sha256 sha512; do
		for digits in 6 8; do
			HOW="$algorithm $digits"
			want enrol bob --replace --algorithm "$algorithm" \
			    --digits "$digits"
			want_line "enrolled: bob +active +$algorithm +$digits " \
			    "$SHOWN"
		done
	done
	HOW=
	want farmgatectl totp remove bob >/dev/null
}

# USER [OPTION]...: nobody types anything.
enrol_without_a_code()
{
	local rc=0

	farmgatectl totp enrol "$@" </dev/null >"$SHOWN" 2>&1 || rc=$?
	sed -n 's/^secret: //p' "$SHOWN" >>"$SEEDS"
	return "$rc"
}

# USER [OPTION]...: its terminal is gone before anybody types anything.
enrol_broken_off()
{
	local enrolling in=$FG_WORK/in

	rm -f "$in" "$SHOWN"
	mkfifo "$in"
	farmgatectl totp enrol "$@" <"$in" >"$SHOWN" 2>&1 &
	enrolling=$!
	exec 8>"$in"
	want fg_until 5 grep -q secret "$SHOWN"
	kill -KILL "$enrolling"
	wait "$enrolling" 2>/dev/null
	exec 8>&-
}

# What nobody can complete is not left behind.
wrong_codes()
{
	TYPED='000000\n12345\n1234567\n111111'
	want_rc 1 enrol carol
	TYPED=
	want_eq 3 "$(grep -c 'this is not the code of now' "$SHOWN")"
	want_line 'no code of carol was right' "$SHOWN"
	no_line 'recovery codes' "$SHOWN"
	want_rc 1 enrol_without_a_code carol
	want_line 'no code of carol was given, so nothing was enrolled' \
	    "$SHOWN"
	no_line 'was right' "$SHOWN"
	want_line 'to begin anew: farmgatectl totp enrol carol$' "$SHOWN"
	says 0 totp list
	no_line '^carol' "$OUT"
	says 1 totp remove carol
}

# A program reads the secret and writes the code, each on a pipe of its own.
over_pipes()
{
	local reply=$FG_WORK/in secret

	early_in_a_step
	rm -f "$reply"
	mkfifo "$reply"
	exec 7< <(farmgatectl totp enrol carol --json <"$reply" 2>/dev/null)
	exec 8>"$reply"
	want read -r -t 10 secret <&7
	jq -r .secret <<<"$secret" | tee "$SEED" >>"$SEEDS"
	code "$(cat "$SEED")" >&8
	exec 8>&-
	want_eq active "$(jq -r .state <&7)"
	exec 7<&-
	want farmgatectl totp remove carol >/dev/null
}

# A new one that was not verified leaves the old one as it was.
replaced_when_verified()
{
	local before

	before=$(sqlite "SELECT sealed FROM totp WHERE person = 'alice'")
	TYPED='000000'
	want_rc 1 enrol alice --replace
	TYPED=
	want_line 'counts as ever; .*: farmgatectl totp enrol --replace alice$' \
	    "$SHOWN"
	want_eq 1 "$(sqlite "SELECT count(*) FROM totp WHERE person = 'alice'")"
	want_eq "$before" "$(sqlite "SELECT sealed FROM totp
	    WHERE person = 'alice' AND active = 1")"
	want enrol alice --replace
	want_eq 1 "$(sqlite "SELECT count(*) FROM totp WHERE person = 'alice'")"
	want test "$before" != "$(sqlite "SELECT sealed FROM totp
	    WHERE person = 'alice'")"
}

# ---- restarts ---------------------------------------------------------------

through_a_restart()
{
	local sum

	sum=$(sha256sum "$KEY")
	early_in_a_step
	enrol_broken_off bob --json
	jq -rR 'fromjson? | .secret' "$SHOWN" >>"$SEEDS"
	want fg_restart
	want_eq "$sum" "$(sha256sum "$KEY")"
	says 0 totp list
	want_line '^bob +waiting' "$OUT"
	want_line '^alice +active' "$OUT"
	want enrol bob
	says 0 totp list
	want_line '^bob +active' "$OUT"
	no_line '^bob +waiting' "$OUT"
}

# Ten minutes later.
too_late()
{
	want farmgatectl totp remove bob >/dev/null
	enrol_broken_off bob
	sed -n 's/^secret: //p' "$SHOWN" >>"$SEEDS"
	fg_stop
	setpriv --reuid farmgate --regid farmgate --clear-groups python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE totp SET made_s = made_s - 601 WHERE active = 0")
db.commit()' "$STATE/farmgate.db"
	want fg_start
	says 0 totp list
	want_line '^bob +expired' "$OUT"
	no_line '^bob +waiting' "$OUT"
}

# ---- afterwards -------------------------------------------------------------

new_recovery_codes()
{
	says 0 totp recovery alice
	want_line '^alice +active .*, recovery codes left: 10$' "$OUT"
	want_line '^they take the place of 10 older ones, which count no more$' \
	    "$OUT"
	want_eq 10 "$(grep -cE '^  [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$' "$OUT")"
	grep -E '^  [0-9A-Z]{4}-' "$OUT" | tr -d ' ' >>"$SEEDS"
	want_eq "recovery alice" "$(fg_last_of totp '.action + " " + .user')"
	want_eq 10 "$(sqlite "SELECT count(*) FROM recovery
	    WHERE person = 'alice'")"
	says 2 totp recovery bob
	want_line 'waits for its first code' "$OUT"
	says 1 totp recovery nobody
	want_line 'nobody is not enrolled' "$OUT"
}

reset()
{
	fg_stop
	setpriv --reuid farmgate --regid farmgate --clear-groups python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE totp SET last_step = last_step + 1000")
db.commit()' "$STATE/farmgate.db"
	want fg_start
	says 0 totp reset alice
	want_line '^from the next one on their codes are accepted again$' "$OUT"
	want_eq "reset alice" "$(fg_last_of totp '.action + " " + .user')"
	want test "$(sqlite "SELECT last_step FROM totp
	    WHERE person = 'alice'")" -le $(($(date +%s) / 30))
}

removed()
{
	says 0 totp remove bob --json
	want_eq "bob removed" "$(jq -r '.user + " " + .state' "$OUT")"
	want_eq "remove bob" "$(fg_last_of totp '.action + " " + .user')"
	says 1 totp remove bob
	says 0 totp list --json
	want_eq "alice active 10" \
	    "$(jq -r '[.user, .state, .recovery] | map(tostring) | join(" ")' "$OUT")"
}

# Whichever account was named, they are one person's.
of_a_person()
{
	printf 'user,accounts,status\nolivia,dave,active\n' |
	    want farmgatectl inventory import - >/dev/null
	want enrol dave
	no_line warning "$SHOWN"
	want_line 'enrolled: olivia +active' "$SHOWN"
	says 2 totp enrol olivia </dev/null
	by_sudo_of bob farmgatectl totp remove dave >"$OUT"
	want_line '^olivia +removed .* by root, removed by bob as root$' "$OUT"
	# Who was enrolled before they were in the inventory is found still.
	says 0 totp recovery alice
	grep -E '^  [0-9A-Z]{4}-' "$OUT" | tr -d ' ' >>"$SEEDS"
}

# LINE...: the inventory is these.
imports()
{
	printf '%s\n' user,accounts,status "$@" |
	    farmgatectl inventory import --restore - >"$OUT" 2>&1
}

# What they have stays, so that one mistake does not cost everybody theirs; and
# nobody has it again without a word.
who_leaves_and_who_comes_back()
{
	local kept='one-time codes or a verification'

	says 0 totp list
	want_line '^alice +active .*, not in the inventory$' "$OUT"
	want_eq "false" "$(farmgatectl totp list --json |
	    jq 'select(.user == "alice").known')"
	want imports alice,, olivia,dave,active
	want_line "alice will be let in again or for the first time, with $kept" \
	    "$OUT"
	says 0 totp list
	no_line 'not in the inventory' "$OUT"
	want imports alice,, olivia,dave,active
	no_line "$kept" "$OUT"
	want imports alice,,revoked olivia,dave,active
	want_line "alice will be kept out or in no entry, and $kept stay" "$OUT"
	want imports olivia,dave,active
	no_line "$kept" "$OUT"
	want imports alice,, olivia,dave,active
	want_line "alice will be let in again" "$OUT"
	want imports olivia,dave,active
	want_line "alice will be kept out or in no entry" "$OUT"
	want farmgatectl revoke alice >/dev/null
	says 0 unrevoke alice
	want_line "warning: alice has $kept from before, which count again" \
	    "$OUT"
	want farmgatectl revoke bob >/dev/null
	says 0 unrevoke bob
	no_line "$kept" "$OUT"
}

what_is_wrong_is_refused()
{
	says 2 totp enrol alice --algorithm md5 --replace </dev/null
	want_line 'there is no algorithm md5' "$OUT"
	says 2 totp enrol alice --digits 7 --replace </dev/null
	want_line 'codes have 6 digits, or 8' "$OUT"
	says 2 totp enrol </dev/null
	says 2 totp
	says 2 totp enrol "$(printf 'a%.0s' {1..257})" </dev/null
	says 2 totp lits
	want_line 'did you mean "list"' "$OUT"
}

others_may_not()
{
	want_not runuser -u alice -- farmgatectl totp enrol alice \
	    </dev/null >"$OUT" 2>&1
	no_line 'otpauth|secret' "$OUT"
	want_not runuser -u alice -- farmgatectl totp list >"$OUT" 2>&1
}

# ---- the picture ------------------------------------------------------------

on_a_terminal()
{
	want_rc 1 python3 "$FG_TOP/tests/lib/type.py" \
	    shows: 000000 shows: 000000 shows: 000000 -- \
	    sh -c "stty cols 120; exec farmgatectl totp enrol carol" >"$OUT"
	sed -n 's/^secret: \([A-Z2-7]*\).*/\1/p' "$OUT" >>"$SEEDS"
	want_line '█▀' "$OUT"
	want_line '^otpauth://totp/' "$OUT"
	want_rc 1 python3 "$FG_TOP/tests/lib/type.py" \
	    shows: 000000 shows: 000000 shows: 000000 -- \
	    sh -c "stty cols 40; exec farmgatectl totp enrol carol" >"$OUT"
	sed -n 's/^secret: \([A-Z2-7]*\).*/\1/p' "$OUT" >>"$SEEDS"
	no_line '█' "$OUT"
	want_line 'the terminal is too narrow' "$OUT"
	want_rc 1 python3 "$FG_TOP/tests/lib/type.py" \
	    shows: 000000 shows: 000000 shows: 000000 -- \
	    sh -c "stty cols 120; exec farmgatectl totp enrol --no-qr carol" \
	    >"$OUT"
	sed -n 's/^secret: \([A-Z2-7]*\).*/\1/p' "$OUT" >>"$SEEDS"
	no_line '█' "$OUT"
	want_line '^otpauth://totp/' "$OUT"
}

# ---- where no seed is -------------------------------------------------------

# All that was shown, as it was and as bytes.
secrets()
{
	sort -u "$SEEDS" | grep .
}

nothing_is_written_anywhere()
{
	farmgatectl status --json >"$FG_WORK/status" 2>&1
	farmgatectl totp list --json >"$FG_WORK/list"
	want test "$(secrets | wc -l)" -gt 30
	want_eq "" "$(secrets | grep -rlaFf - "$STATE" /var/log/farmgate \
	    "$FG_WORK"/daemon.log* "$FG_WORK/status" "$FG_WORK/list" \
	    "$FG_WORK"/syslog* 2>/dev/null)"
	want_eq "" "$(grep -laF otpauth "$FG_AUDIT" "$FG_WORK"/daemon.log*)"
	no_line '"(uri|secret|recovery)":' "$FG_AUDIT"
	# Nor as bytes: what the seeds decode to.
	want_eq 0 "$(python3 - "$SEEDS" "$STATE" <<-'EOF'
	import base64, os, sys
	seeds = {l.strip() for l in open(sys.argv[1])}
	raw = [base64.b32decode(s + "=" * (-len(s) % 8)) for s in seeds
	       if len(s) in (32, 52, 103)]
	assert len(raw) > 5
	found = 0
	for name in os.listdir(sys.argv[2]):
	    path = os.path.join(sys.argv[2], name)
	    if os.path.isfile(path):
	        data = open(path, "rb").read()
	        found += sum(data.count(r) for r in raw)
	print(found)
	EOF
	)"
}

# What was just told is not held in clear, nor is anything of before.
nothing_is_left_in_memory()
{
	HOW='sha512 6'
	want enrol bob --algorithm sha512
	HOW=
	grep -E '^  [0-9A-Z]{4}-' "$SHOWN" | tr -d ' ' >>"$SEEDS"
	want test "$(secrets | wc -l)" -gt 30
	want_eq 0 "$(python3 "$FG_TOP/tests/lib/remains.py" "$SEEDS" "$FG_PID")"
	want farmgatectl totp remove bob >/dev/null
}

# ---- a key that cannot be used ----------------------------------------------

key_of_others_is_refused()
{
	fg_stop
	chmod 0644 "$KEY"
	want fg_start
	want_line "^<2>totp: $KEY can be used by others.*chmod 0600" \
	    "$FG_WORK/daemon.log"
	says 1 status
	want_line "^DEGRADED +one-time codes: $KEY can be used by others" "$OUT"
	says 2 totp enrol bob </dev/null
	want_line "$KEY can be used by others" "$OUT"
	fg_stop
	chmod 0600 "$KEY"
	want fg_start
	says 0 status
}

# Nothing is made in its place as long as somebody is enrolled.
key_is_lost()
{
	fg_stop
	mv "$KEY" "$FG_WORK/kept.key"
	want fg_start
	want test ! -e "$KEY"
	says 1 status
	want_line "one-time codes: $KEY is missing, .*put it back from a backup" \
	    "$OUT"
	says 0 totp remove alice
	want fg_restart
	says 0 status
	want_eq "600 farmgate 32" "$(stat -c '%a %U %s' "$KEY")"
	want_not cmp -s "$KEY" "$FG_WORK/kept.key"
}

HOW=
TYPED=
: >"$SEEDS"
setup_gate
want_daemon

run "the key is made, for the daemon alone" key_is_the_daemons
run "somebody is enrolled, with the first code" enrolled
run "OTP-03 the first code is spent" first_code_is_spent
run "who is enrolled is not enrolled again by accident" not_twice
run "a list names who has done it" who_has_done_it_is_named
run "a name that is nobody's is warned of" a_name_of_nobody_is_warned_of
run "each algorithm, with six digits and with eight" every_kind
run "wrong codes enrol nobody" wrong_codes
run "a program enrols over two pipes" over_pipes
run "an old enrolment counts until the new one is verified" \
    replaced_when_verified
run "enrolments and the key outlive a restart" through_a_restart
run "an enrolment that is not verified in time is worth nothing" too_late
run "OTP-12 recovery codes are replaced" new_recovery_codes
run "OTP-06 the watermark is set back by an administrator" reset
run "codes are removed" removed
run "an enrolment is a person's" of_a_person
run "who comes back does not come back to their codes in silence" \
    who_leaves_and_who_comes_back
run "what is no algorithm, digits or user is refused" what_is_wrong_is_refused
run "who is no administrator enrols nobody" others_may_not
run "a terminal gets a QR code, if it fits" on_a_terminal
run "AUD-10 no seed and no recovery code is in a file" nothing_is_written_anywhere
if grep -q __asan_init "$FG_BIN/farmgate-policyd"; then
	skip "CONV-19 nor in the daemon's memory" "ASan keeps what was freed"
else
	run "CONV-19 nor in the daemon's memory" nothing_is_left_in_memory
fi
run "CFG-10 a key that others could read is refused" key_of_others_is_refused
run "a key that is lost is not replaced in silence" key_is_lost
finish
