#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgate-attest as the helper of ssh and what runs ssh: a real sshd asks for a
# statement, others stand for the daemons of the jump host and of the laptop. What
# is no challenge is asked as if there were no helper; what only looks like one is
# answered to nobody.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"

LIB=$FG_TOP/tests/lib
HELPER=$FG_BIN/farmgate-attest
CFG=$FG_WORK/ssh_config
OUT=$FG_WORK/out
ASKED=$FG_WORK/asked		# what the laptop was asked
ANSWERED=$FG_WORK/answered	# what became of the jump host's prompts
HEARD=$FG_WORK/heard		# what the hostile server was told
export PYTHONPATH=$LIB
PIDS=()

# ---- the parties ------------------------------------------------------------

# COMMAND...: until the end of the script.
background()
{
	"$@" >>"$FG_WORK/daemon.log" 2>&1 </dev/null &
	PIDS+=($!)
}

end_all()
{
	[ ${#PIDS[@]} -eq 0 ] || kill "${PIDS[@]}" 2>/dev/null
	fg_sshd_stop
}

# Of the jump host: the gate asks behind the first factor, TEXT in front of it.
jump_pam()
{
	{
		echo "auth required ${1:-pam_permit.so}"
		[ -z "${2:-}" ] ||
		    echo "auth optional pam_echo.so file=$FG_WORK/text"
		echo "auth required $FG_MODULE"
		echo "auth required pam_permit.so"
		echo "account required $FG_MODULE"
		echo "session required $FG_MODULE"
	} >/etc/pam.d/sshd
	printf '%s' "${2:-}" >"$FG_WORK/text"
}

# What the jump host asks, a line each; the laptop answers.
asks()
{
	printf '%s\n' "$@" >"$FG_WORK/prompts"
	echo answer >"$FG_WORK/mode"
	: >"$ASKED"
	: >"$ANSWERED"
	: >"$HEARD"
}

# The options of fg.sh's clients as a file, which ssh hands on to its own ssh.
client_config()
{
	echo "Host *"
	fg_ssh_options publickey,keyboard-interactive 127.0.0.1 |
	    sed -n 's/^\([A-Z][A-Za-z]*\)=\(.*\)/\1 \2/p' |
	    grep -v '^\(BindAddress\|KexAlgorithms\)'
	echo "User alice"
	echo "IdentityFile $FG_KEYS/alice"
}

parties()
{
	fg_install
	asks TOKEN
	jump_pam
	background python3 "$LIB/asking.py" /run/farmgate/policy.sock \
	    "$ANSWERED" "$FG_WORK/prompts"
	background python3 "$LIB/witness.py" /run/farmgate/witness.sock \
	    "$ASKED" "$FG_WORK/mode"
	fg_until 5 test -S /run/farmgate/witness.sock
	fg_until 5 test -S /run/farmgate/policy.sock
	fg_sshd_start - < <(echo AuthenticationMethods \
	    publickey,keyboard-interactive:pam)
	client_config >"$CFG"
	background python3 "$LIB/hostile.py" 2022 "$FG_KEYS/host" \
	    "$FG_WORK/script" "$HEARD"
	fg_until 5 eval 'ss -Hltn "sport = :2022" | grep -q .'
	echo '127.0.0.1 evil.example.org' >>/etc/hosts
}

# COMMAND...: with the helper, and nobody to be asked.
alone()
{
	env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    setsid -w timeout 60 "$@" </dev/null
}

# [PROMPT ANSWER]... -- COMMAND...: with the helper, at a terminal.
typed()
{
	env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    python3 "$LIB/type.py" "$@"
}

# COUNT [HOST]: the laptop was asked that often, for alice at that host.
laptop_was_asked()
{
	want_eq "$1" "$(wc -l <"$ASKED")"
	[ "$1" -eq 0 ] ||
	    want_eq "alice ${2:-127.0.0.1}" "$(sort -u "$ASKED")"
}

# ---- without anybody at a terminal --------------------------------------------

CONV_14_ssh()
{
	asks TOKEN
	want alone ssh -F "$CFG" 127.0.0.1 'echo $USER' >"$OUT" 2>"$OUT.err"
	want_eq alice "$(cat "$OUT")"
	laptop_was_asked 1
	want_eq "alice right" "$(cat "$ANSWERED")"
	want_line '^farmgate-attest: a statement of this laptop goes to 127\.0\.0\.1, for alice$' \
	    "$OUT.err"
}

CONV_14_scp_and_sftp()
{
	local copy=$FG_WORK/copy

	asks TOKEN
	want alone scp -F "$CFG" 127.0.0.1:/etc/hostname "$copy"
	want cmp /etc/hostname "$copy"
	want alone scp -O -F "$CFG" "$copy" 127.0.0.1:copied
	want cmp /etc/hostname "$FG_WORK/home/alice/copied"
	echo pwd >"$FG_WORK/batch"
	want alone sftp -F "$CFG" -o BatchMode=no -b "$FG_WORK/batch" \
	    127.0.0.1 >"$OUT"
	want_line 'Remote working directory' "$OUT"
	laptop_was_asked 3
}

CONV_14_rsync_and_git()
{
	asks TOKEN
	want alone rsync -e "ssh -F $CFG" 127.0.0.1:/etc/hostname \
	    "$FG_WORK/synced"
	want cmp /etc/hostname "$FG_WORK/synced"
	laptop_was_asked 1
	setpriv --reuid alice --regid alice --clear-groups \
	    env HOME="$FG_WORK/home/alice" git init -q --bare \
	    "$FG_WORK/home/alice/r.git"
	want env GIT_SSH_COMMAND="ssh -F $CFG" bash -c \
	    "$(declare -f alone); HELPER=$HELPER alone git clone -q \
	    ssh://127.0.0.1$FG_WORK/home/alice/r.git $FG_WORK/cloned" >"$OUT" 2>&1
	want test -d "$FG_WORK/cloned/.git"
	laptop_was_asked 2
}

CONV_14_a_jump_host_and_what_is_behind_it()
{
	asks TOKEN
	want alone ssh -F "$CFG" -J jumphost localhost 'echo $USER' >"$OUT"
	want_eq alice "$(cat "$OUT")"
	want_eq "alice jumphost,alice localhost" "$(paste -sd, "$ASKED")"
	want_eq "alice right" "$(sort -u "$ANSWERED")"
}

CONV_14_who_asks_nobody_fails_at_once()
{
	asks TOKEN
	want_rc 255 alone ssh -F "$CFG" -o BatchMode=yes 127.0.0.1 true \
	    >"$OUT" 2>&1
	want_line 'Permission denied \(.*keyboard-interactive' "$OUT"
	want_rc 255 alone ssh -F "$CFG" -o KbdInteractiveAuthentication=no \
	    127.0.0.1 true >"$OUT" 2>&1
	want_line 'Permission denied \(.*keyboard-interactive' "$OUT"
	laptop_was_asked 0
}

# What is shared is asked once.
a_shared_connection_is_asked_once()
{
	local path=$FG_WORK/mux

	asks TOKEN
	want alone ssh -F "$CFG" -M -S "$path" -f -N 127.0.0.1
	want alone ssh -F "$CFG" -S "$path" 127.0.0.1 true
	want alone scp -F "$CFG" -o ControlPath="$path" \
	    127.0.0.1:/etc/hostname "$FG_WORK/copy"
	want ssh -F "$CFG" -S "$path" -O exit 127.0.0.1
	laptop_was_asked 1
}

# ---- where ssh puts what ------------------------------------------------------

# With a program in the helper's place that writes down what it is given.
CONV_15_the_prefix_is_first_and_information_behind_it()
{
	asks TOKEN
	jump_pam pam_permit.so $'Welcome (to) all,\nand mind the gap.\n'
	printf '#!/bin/sh\nprintf "%%s" "$1" >%s\nexec %s "$1"\n' \
	    "$FG_WORK/given" "$HELPER" >"$FG_BIN/given"
	chmod 0755 "$FG_BIN/given"
	HELPER=$FG_BIN/given want_not alone ssh -F "$CFG" 127.0.0.1 true
	want_eq "(alice@127.0.0.1) Welcome (to) all," \
	    "$(head -n 1 "$FG_WORK/given")"
	want_line '^farmgate-challenge-v1\.[A-Za-z0-9_-]{43}: $' \
	    <(tail -n 1 "$FG_WORK/given"; echo)
	# There ssh's prefix might end, too.
	laptop_was_asked 0
	jump_pam pam_permit.so $'Welcome (all),\nand mind the gap.\n'
	want alone ssh -F "$CFG" 127.0.0.1 true
	laptop_was_asked 1
	jump_pam
}

# ---- what a hostile server may try -------------------------------------------

# NAME INSTRUCTIONS PROMPT...: what it says, as JSON's strings without quotes.
hostile_says()
{
	local name=$1 instructions=$2 prompts

	shift 2
	prompts=$(printf '"%s",' "$@")
	asks TOKEN
	echo "{\"name\": \"$name\", \"instructions\": \"$instructions\"," \
	    "\"prompts\": [${prompts%,}]}" >"$FG_WORK/script"
	sed "s/^User .*/User \"${LOGIN:-alice}\"/" "$CFG" >"$CFG.hostile"
	want_rc 255 alone ssh -F "$CFG.hostile" -p 2022 \
	    -o PreferredAuthentications=keyboard-interactive \
	    evil.example.org true >"$OUT" 2>&1
}

# It gets nothing but that nobody answered.
DEV_07_a_forged_prefix_gets_nothing()
{
	local prompt

	for prompt in '(alice@jumphost) TOKEN: ' \
	    '\n(alice@jumphost) TOKEN: ' '\r(alice@jumphost) TOKEN: ' \
	    'Hello.\n\n(alice@jumphost) TOKEN: ' \
	    '\r                             \r(alice@jumphost) TOKEN: ' \
	    '\u001b[2K(alice@jumphost) TOKEN: ' \
	    '\b\b\b\b\b\b\b\b(alice@jumphost) TOKEN: ' \
	    'TOKEN: (alice@jumphost) ' 'TOKEN (alice@jumphost) : ' \
	    'TOKEN: TOKEN: ' 'xTOKEN: ' 'TOKENx: '; do
		hostile_says "" "" "$prompt"
		laptop_was_asked 0
		want_line "^farmgate-attest: no statement of this laptop: a server asks for one, and " \
		    "$OUT"
		want_eq "answer:" "$(sed 's/ *$//' "$HEARD" | sort -u)"
	done
}

# What stands outside of the prompt comes to the user and not to the helper.
DEV_07_names_and_instructions_are_no_prefix()
{
	hostile_says '(alice@jumphost) ' '(alice@jumphost) ' 'TOKEN: '
	want_line 'alice@jumphost' "$OUT"
	laptop_was_asked 1 evil.example.org
	want_eq "answer:" "$(sed 's/ *$//' "$HEARD" | sort -u)"
	hostile_says '(alice@jumphost) TOKEN: ' 'TOKEN' 'Password: '
	laptop_was_asked 0
}

# A challenge of the jump host's, passed on: the laptop knows who it is from.
DEV_07_a_passed_on_challenge_is_refused()
{
	hostile_says "" "" 'TOKEN: '
	laptop_was_asked 1 evil.example.org
	want_line 'no statement of this laptop for evil\.example\.org: this laptop knows the jump host that asks by another name than that; if you did not choose another' \
	    "$OUT"
	want_eq "answer:" "$(sed 's/ *$//' "$HEARD" | sort -u)"
}

# Several prompts in one question: each is its own.
DEV_07_of_several_prompts_none_forges()
{
	hostile_says "" "" 'Password: ' '(alice@jumphost) TOKEN: ' \
	    '(alice@jumphost) '
	laptop_was_asked 0
	want_eq "answer:" "$(sed 's/ *$//' "$HEARD" | sort -u)"
}

# As behind a link that somebody clicked: ssh looks at such names on its command
# line only, and not always has.
DEV_07_a_user_that_looks_like_a_prefix_gets_nothing()
{
	local user

	for user in 'alice@jumphost) ' 'alice@jumphost) x' \
	    '(alice@jumphost) ' 'alice@jumphost)'; do
		LOGIN=$user hostile_says "" "" 'TOKEN: '
		laptop_was_asked 0
		want_eq "answer:" "$(sed 's/ *$//' "$HEARD" | sort -u)"
		want_rc 1 alone "$HELPER" "($user@evil.example.org) $(word): "
		laptop_was_asked 0
	done
}

# A token of the jump host's.
word()
{
	python3 -c 'import statement; print(statement.token(b"J" * 16))'
}

# The hostile host's own PAM cannot either.
DEV_07_sshds_information_is_no_prefix()
{
	asks '(alice@jumphost) TOKEN'
	want_not alone ssh -F "$CFG" 127.0.0.1 true >"$OUT" 2>&1
	laptop_was_asked 0
	asks TOKEN
	jump_pam pam_permit.so $'\n(alice@jumphost) '
	want_not alone ssh -F "$CFG" 127.0.0.1 true >"$OUT" 2>&1
	laptop_was_asked 0
	jump_pam
}

# ---- when there is no statement ----------------------------------------------

# PATTERN: that is said, and nothing else is.
says_why()
{
	want_line "^farmgate-attest: no statement of this laptop for 127\.0\.0\.1: .*$1" \
	    "$OUT"
	want_eq 1 "$(grep -c '^farmgate-attest: ' "$OUT")"
}

# MODE PATTERN: the laptop does that.
fails_with()
{
	asks TOKEN
	echo "$1" >"$FG_WORK/mode"
	want_rc 1 alone "$HELPER" "(alice@127.0.0.1) $(word): " \
	    >"$OUT.said" 2>"$OUT"
	want_eq "" "$(cat "$OUT.said")"
	[ "${3:-}" = again ] || laptop_was_asked 1
	says_why "$2"
}

# It may yet have its turn.
is_asked_again()
{
	fails_with "$@" again
	want test "$(wc -l <"$ASKED")" -gt 10
}

# The same, and the jump host lets nobody in.
through_ssh()
{
	asks TOKEN
	echo "$1" >"$FG_WORK/mode"
	want_not alone ssh -F "$CFG" 127.0.0.1 true >"$OUT" 2>&1
	says_why "$2"
	want_eq "alice wrong" "$(cat "$ANSWERED")"
}

each_failure_has_its_words()
{
	through_ssh 9 'by another name than that; if you did not choose'
	fails_with 2 'refuses; ask your administrator'
	is_asked_again 4 'not answered in time'
	fails_with 6 'being stopped'
	fails_with 7 'no device key that can be used; farmgatectl status'
	fails_with 8 'does not know the jump host'
	fails_with 9 'by another name than that; if you did not choose'
	fails_with 99 'cannot be asked'
	is_asked_again close 'hung up'
	fails_with other 'cannot be asked'
	fails_with long 'cannot be asked'
	fails_with lines 'cannot be asked'
}

silence_ends()
{
	fails_with hang 'not answered in time'
}

nobody_there()
{
	want_rc 1 alone "$HELPER" -S "$FG_WORK/nowhere" \
	    "(alice@jumphost) $(word): " >"$OUT" 2>"$OUT.err"
	want_eq "" "$(cat "$OUT")"
	want_line 'Farmgate does not run on this laptop' "$OUT.err"
}

somebody_else_there()
{
	local dir=$FG_WORK/home/bob/run pid

	asks TOKEN
	install -d -o bob "$dir"
	: >"$FG_WORK/bobs"
	chmod 0666 "$FG_WORK/bobs"
	setpriv --reuid bob --regid bob --clear-groups python3 \
	    "$LIB/witness.py" "$dir/witness.sock" "$FG_WORK/bobs" \
	    "$FG_WORK/mode" >/dev/null 2>&1 </dev/null &
	pid=$!
	want fg_until 5 test -S "$dir/witness.sock"
	want_rc 1 alone "$HELPER" -S "$dir" "(alice@jumphost) $(word): " \
	    >"$OUT" 2>"$OUT.err"
	want_line 'somebody else than root listens' "$OUT.err"
	want_eq "" "$(cat "$OUT" "$FG_WORK/bobs")"
	kill "$pid"
	wait "$pid" 2>/dev/null
}

# For whoever runs ssh: it needs no privilege.
any_user_may_ask()
{
	asks TOKEN
	want alone setpriv --reuid carol --regid carol --clear-groups \
	    "$HELPER" "(carol@jumphost) $(word): " >"$OUT" 2>"$OUT.err"
	want_eq 1001 "$(wc -c <"$OUT")"
	want_eq "carol jumphost" "$(cat "$ASKED")"
}

# ---- at a terminal -----------------------------------------------------------

passwords_and_codes_are_typed()
{
	asks CODE TOKEN
	jump_pam pam_unix.so
	want typed 'Password: ' alice-pw 'One-time code: ' 123456 -- \
	    ssh -F "$CFG" 127.0.0.1 'echo in as $USER' >"$OUT"
	want_line '^in as alice' "$OUT"
	want_line '^\(alice@127\.0\.0\.1\) Password: ' "$OUT"
	want_line 'a statement of this laptop goes to 127\.0\.0\.1, for alice' \
	    "$OUT"
	no_line 'alice-pw|123456' "$OUT"
	want_eq "alice right,alice right" "$(paste -sd, "$ANSWERED")"
	asks CODE TOKEN
	want_not typed 'Password: ' alice-pw 'One-time code: ' 654321 -- \
	    ssh -F "$CFG" 127.0.0.1 true >"$OUT"
	laptop_was_asked 0
	jump_pam
}

the_methods_password_and_sshpass()
{
	fg_sshd_stop
	fg_sshd_start
	asks
	: >"$FG_WORK/prompts"
	printf 'auth required pam_unix.so\naccount required pam_permit.so\n%s' \
	    $'session required pam_permit.so\n' >/etc/pam.d/sshd
	want typed "password: " alice-pw -- ssh -F "$CFG" \
	    -o PreferredAuthentications=password 127.0.0.1 'echo $USER' >"$OUT"
	want_line '^alice' "$OUT"
	no_line 'alice-pw' "$OUT"
	want env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    SSHPASS=alice-pw sshpass -e ssh -F "$CFG" \
	    -o PreferredAuthentications=password 127.0.0.1 'echo $USER' >"$OUT"
	want_eq alice "$(cat "$OUT")"
	fg_sshd_stop
	fg_sshd_start - < <(echo AuthenticationMethods \
	    publickey,keyboard-interactive:pam)
	jump_pam
}

host_keys_are_confirmed()
{
	local known=$FG_WORK/known

	asks TOKEN
	rm -f "$known"
	want_rc 255 typed 'fingerprint])? ' no -- ssh -F "$CFG" \
	    -o StrictHostKeyChecking=ask -o UserKnownHostsFile="$known" \
	    127.0.0.1 true >"$OUT"
	want_not test -s "$known"
	want typed 'fingerprint])? ' what 'fingerprint: ' yes -- ssh -F "$CFG" \
	    -o StrictHostKeyChecking=ask -o UserKnownHostsFile="$known" \
	    127.0.0.1 'echo $USER' >"$OUT"
	want_line 'fingerprint is SHA256:' "$OUT"
	want_line 'fingerprint\]\)\? what' "$OUT"
	want_line '^alice' "$OUT"
	want test -s "$known"
}

passphrases_are_typed()
{
	local key=$FG_WORK/locked

	asks TOKEN
	rm -f "$key" "$key.pub"
	want typed 'no passphrase): ' key-pw 'again: ' key-pw -- \
	    ssh-keygen -q -t ed25519 -f "$key" >"$OUT"
	no_line 'key-pw' "$OUT"
	cat "$key.pub" >>"$FG_WORK/home/alice/.ssh/authorized_keys"
	sed "s,^IdentityFile .*,IdentityFile $key," "$CFG" >"$CFG.locked"
	want typed "locked': " key-pw -- ssh -F "$CFG.locked" 127.0.0.1 \
	    'echo $USER' >"$OUT"
	want_line '^alice' "$OUT"
	no_line 'key-pw' "$OUT"
	laptop_was_asked 1
}

# An agent asks nobody at a terminal: it has a program for that, or none.
what_is_asked_of_a_program()
{
	local next=$FG_BIN/next

	printf '#!/bin/sh\necho "next: $1 $SSH_ASKPASS_PROMPT"\n' >"$next"
	chmod 0755 "$next"
	export FARMGATE_ASKPASS_NEXT=$next
	want_eq "next: Password:  " "$(alone "$HELPER" 'Password: ')"
	want_eq "next: Sure? confirm" \
	    "$(SSH_ASKPASS_PROMPT=confirm alone "$HELPER" 'Sure?')"
	# Where there is a terminal it comes second,
	want typed 'Password: ' typed-pw -- "$HELPER" 'Password: ' >"$OUT"
	want_line '^typed-pw' "$OUT"
	# but for what ssh has a program for in any case.
	want env DISPLAY=:9 SSH_ASKPASS_PROMPT=confirm \
	    python3 "$LIB/type.py" -- "$HELPER" 'Sure?' >"$OUT"
	want_line '^next: Sure\? confirm' "$OUT"
	want env FARMGATE_ASKPASS_REQUIRE=force \
	    python3 "$LIB/type.py" -- "$HELPER" 'Password: ' >"$OUT"
	want_line '^next: Password:' "$OUT"
	want_rc 1 env FARMGATE_ASKPASS_REQUIRE=never setsid -w "$HELPER" \
	    'Password: ' >"$OUT" 2>&1 </dev/null
	unset FARMGATE_ASKPASS_NEXT
}

# A challenge is never any other program's.
a_challenge_is_not_passed_on()
{
	asks TOKEN
	want_rc 1 env FARMGATE_ASKPASS_NEXT="$FG_BIN/next" \
	    FARMGATE_ASKPASS_REQUIRE=force setsid -w "$HELPER" \
	    "Password: $(word)" >"$OUT" 2>&1 </dev/null
	no_line '^next:' "$OUT"
}

nobody_to_ask_is_said()
{
	local next

	ln -sf "$HELPER" "$FG_BIN/itself"
	for next in '' none "$HELPER" "$FG_BIN/itself" /nonexistent/next; do
		want_rc 1 env FARMGATE_ASKPASS_NEXT="$next" \
		    setsid -w timeout 10 "$HELPER" 'Password: ' >"$OUT" \
		    2>&1 </dev/null
		want_line 'nobody can be asked' "$OUT"
	done
}

# ---- setting it up -----------------------------------------------------------

SHELL_FILE=/etc/profile.d/farmgate-attest.sh
MANAGER_FILE=/etc/environment.d/60-farmgate-attest.conf

# What a login shell has, and a session of systemd's, as they begin.
in_a_shell()
{
	env -i PATH="$PATH" HOME=/ "${@:2}" sh -c \
	    ". $SHELL_FILE; echo \"\${$1-unset}\""
}

setup_puts_it_into_sessions()
{
	local generator=/usr/lib/systemd/user-environment-generators
	generator=$generator/30-systemd-environment-d-generator

	want farmgate-attest setup >"$OUT"
	want_line '^Not covered: ' "$OUT"
	want_eq "644 0" "$(stat -c '%a %u' $SHELL_FILE)"
	want_eq "644 0" "$(stat -c '%a %u' $MANAGER_FILE)"
	want_eq "$HELPER" "$(in_a_shell SSH_ASKPASS)"
	want_eq force "$(in_a_shell SSH_ASKPASS_REQUIRE)"
	want_eq "" "$(in_a_shell FARMGATE_ASKPASS_NEXT)"
	want_eq /usr/bin/other "$(in_a_shell FARMGATE_ASKPASS_NEXT \
	    SSH_ASKPASS=/usr/bin/other)"
	want_eq prefer "$(in_a_shell FARMGATE_ASKPASS_REQUIRE \
	    SSH_ASKPASS=/usr/bin/other SSH_ASKPASS_REQUIRE=prefer)"
	# A second time changes nothing.
	want_eq /usr/bin/other "$(in_a_shell FARMGATE_ASKPASS_NEXT \
	    SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    FARMGATE_ASKPASS_NEXT=/usr/bin/other)"
	want farmgate-attest setup >"$OUT"
	[ -x "$generator" ] || return 0
	want_eq "SSH_ASKPASS=$HELPER" "$("$generator" |
	    grep '^SSH_ASKPASS=')"
	want_eq "FARMGATE_ASKPASS_NEXT=/usr/bin/other" \
	    "$(SSH_ASKPASS=/usr/bin/other "$generator" |
	    grep '^FARMGATE_ASKPASS_NEXT=')"
}

# ssh asks as ever once the program is gone.
without_the_program_the_shell_has_nothing()
{
	mv "$HELPER" "$HELPER.away"
	want_eq unset "$(in_a_shell SSH_ASKPASS)"
	mv "$HELPER.away" "$HELPER"
}

setup_takes_it_out_again()
{
	want farmgate-attest setup --remove >"$OUT"
	want_not test -e $SHELL_FILE
	want_not test -e $MANAGER_FILE
	want farmgate-attest setup --remove >"$OUT"
	no_line '^removed' "$OUT"
}

setup_leaves_other_files_alone()
{
	local file

	for file in $SHELL_FILE $MANAGER_FILE; do
		mkdir -p "${file%/*}" # of the private machine
		echo "# somebody's" >"$file"
		want_rc 1 farmgate-attest setup >"$OUT" 2>&1
		want_line "$file: somebody else's file" "$OUT"
		want_rc 1 farmgate-attest setup --remove >"$OUT" 2>&1
		want_eq "# somebody's" "$(cat "$file")"
		rm "$file"
		want farmgate-attest setup --remove >"$OUT"
	done
}

setup_for_one_user()
{
	local home=$FG_WORK/home/bob

	want_rc 1 setpriv --reuid bob --regid bob --clear-groups \
	    farmgate-attest setup >"$OUT" 2>&1
	want_line 'only root can do that for everybody' "$OUT"
	want setpriv --reuid bob --regid bob --clear-groups env HOME="$home" \
	    farmgate-attest setup --user >"$OUT"
	sed -n 's/^	//p' "$OUT" | grep farmgate-attest.sh >"$FG_WORK/profile"
	want_eq 1 "$(wc -l <"$FG_WORK/profile")"
	want_eq "$HELPER" "$(env -i PATH="$PATH" sh -c \
	    ". $FG_WORK/profile; echo \$SSH_ASKPASS")"
	want_line "^SSH_ASKPASS=$HELPER$" \
	    "$home/.config/environment.d/60-farmgate-attest.conf"
	want setpriv --reuid bob --regid bob --clear-groups env HOME="$home" \
	    farmgate-attest setup --user --remove >"$OUT"
	want_line '^If ~/\.profile has a line that reads .* take it out' "$OUT"
	want_eq "here" "$(env -i PATH="$PATH" dash -ec \
	    ". $FG_WORK/profile; echo here")"
	want_eq "" "$(find "$home/.config" -mindepth 1)"
}

# An ssh before OpenSSH 8.5 leaves it to the server who it is.
setup_needs_an_ssh_that_says_who_asks()
{
	mkdir -p "$FG_WORK/old"
	printf '#!/bin/sh\necho OpenSSH_8.4p1 Debian-5+deb11u3, x >&2\n' \
	    >"$FG_WORK/old/ssh"
	chmod 0755 "$FG_WORK/old/ssh"
	want_rc 1 env PATH="$FG_WORK/old:$PATH" farmgate-attest setup \
	    >"$OUT" 2>&1
	want_line 'ssh is OpenSSH_8\.4p1.*8\.5 or newer is needed' "$OUT"
	want_not test -e $SHELL_FILE
	want_rc 1 env PATH="$FG_WORK/old:$PATH" farmgate-attest check \
	    >"$OUT" 2>&1
	want_line '^PROBLEM  ssh is OpenSSH_8\.4p1' "$OUT"
}

check_says_what_is_amiss()
{
	asks TOKEN
	want env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    farmgate-attest check 127.0.0.1 >"$OUT"
	no_line PROBLEM "$OUT"
	want_line '^ok       this laptop answers$' "$OUT"
	want_line '^ok       ssh calls it 127\.0\.0\.1, as a jump host in' "$OUT"
	want_eq "check check
check 127.0.0.1" "$(cat "$ASKED")"
	want_rc 1 env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    farmgate-attest check other.example.org >"$OUT"
	want_line '^ok       this laptop answers$' "$OUT"
	want_line '^PROBLEM  farmgate\.conf of this laptop has no jump host of the name other\.example\.org; ssh has to be told the name that stands there$' \
	    "$OUT"
	want_rc 1 env -u SSH_ASKPASS farmgate-attest check >"$OUT"
	want_line '^PROBLEM  .*SSH_ASKPASS is not set' "$OUT"
	want_rc 1 env SSH_ASKPASS="$HELPER" farmgate-attest check >"$OUT"
	want_line '^PROBLEM  .*SSH_ASKPASS_REQUIRE is not set, not force' "$OUT"
	want_rc 1 env SSH_ASKPASS=/usr/bin/other SSH_ASKPASS_REQUIRE=force \
	    farmgate-attest check >"$OUT"
	want_line '^PROBLEM  .*SSH_ASKPASS is /usr/bin/other' "$OUT"
	echo 7 >"$FG_WORK/mode"
	want_rc 1 env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    farmgate-attest check >"$OUT"
	want_line '^PROBLEM  this laptop has no device key that can be used; farmgatectl status says why' \
	    "$OUT"
	want_rc 1 env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    farmgate-attest -S "$FG_WORK/nowhere" check >"$OUT"
	want_line '^PROBLEM  Farmgate does not run.* systemctl enable farmgate-witness\.socket && systemctl restart farmgate-policyd\.service$' \
	    "$OUT"
	echo answer >"$FG_WORK/mode"
	printf 'Host quiet\n BatchMode yes\n HostName 192.0.2.1\n' \
	    >/etc/ssh/ssh_config
	want_rc 1 env SSH_ASKPASS="$HELPER" SSH_ASKPASS_REQUIRE=force \
	    farmgate-attest check quiet >"$OUT"
	want_line '^PROBLEM  BatchMode is set' "$OUT"
	want_line '^PROBLEM  .* has no jump host of the name 192\.0\.2\.1;' \
	    "$OUT"
}

usage_is_told()
{
	want_rc 2 farmgate-attest >"$OUT" 2>&1
	want_line '^usage: farmgate-attest' "$OUT"
	want_rc 2 farmgate-attest one two >"$OUT" 2>&1
	want_rc 2 python3 "$LIB/type.py" -- farmgate-attest chek >"$OUT"
	want_line '^usage: farmgate-attest' "$OUT"
	want python3 "$LIB/type.py" chek word -- env \
	    SSH_ASKPASS_PROMPT=entry farmgate-attest chek >"$OUT"
	no_line '^usage' "$OUT"
	want_rc 2 farmgate-attest -x y z >"$OUT" 2>&1
	want_rc 2 farmgate-attest setup --everything >"$OUT" 2>&1
	want_rc 2 farmgate-attest check --now >"$OUT" 2>&1
	want_rc 2 farmgate-attest check one two >"$OUT" 2>&1
	want farmgate-attest --help >"$OUT"
	want farmgate-attest --version >"$OUT"
	want_line '^farmgate-attest [0-9]' "$OUT"
}

it_links_the_c_library_alone()
{
	local plain=$FG_TOP/build/farmgate-attest

	want_eq "libc.so.6" "$(readelf -d "$plain" |
	    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | xargs)"
}

trap end_all EXIT
parties || echo "FAIL the parties are there"

run "CONV-14 ssh has a statement without anybody at a terminal" CONV_14_ssh
run "CONV-14 scp and sftp do, too" CONV_14_scp_and_sftp
run "CONV-14 rsync and git do, too" CONV_14_rsync_and_git
run "CONV-14 a jump host and what is behind it each have their own" \
    CONV_14_a_jump_host_and_what_is_behind_it
run "CONV-14 who lets ssh ask nobody fails at once" \
    CONV_14_who_asks_nobody_fails_at_once
run "a shared connection is asked once" a_shared_connection_is_asked_once
run "CONV-15 ssh's prefix is first, sshd's information behind it" \
    CONV_15_the_prefix_is_first_and_information_behind_it
run "DEV-07 a forged prefix in a prompt gets nothing" \
    DEV_07_a_forged_prefix_gets_nothing
run "DEV-07 names and instructions are no prefix" \
    DEV_07_names_and_instructions_are_no_prefix
run "DEV-07 a challenge that is passed on is refused" \
    DEV_07_a_passed_on_challenge_is_refused
run "DEV-07 of several prompts none forges another's" \
    DEV_07_of_several_prompts_none_forges
run "DEV-07 a user that looks like a prefix gets nothing" \
    DEV_07_a_user_that_looks_like_a_prefix_gets_nothing
run "DEV-07 sshd's prompts and information are no prefix" \
    DEV_07_sshds_information_is_no_prefix
run "each failure has words of its own, and no answer" \
    each_failure_has_its_words
run "a laptop that is silent is not waited for" silence_ends
run "where nobody listens, that is said" nobody_there
run "where somebody else than root listens, nothing is asked" \
    somebody_else_there
run "any user may ask" any_user_may_ask
run "passwords and codes are typed as without it" \
    passwords_and_codes_are_typed
run "the method password, and sshpass, work as without it" \
    the_methods_password_and_sshpass
run "host keys are confirmed as without it" host_keys_are_confirmed
run "passphrases are typed as without it" passphrases_are_typed
run "where there is no terminal another program asks" \
    what_is_asked_of_a_program
run "a challenge is not passed on to it" a_challenge_is_not_passed_on
run "where there is neither, that is said" nobody_to_ask_is_said
run "setup puts it into sessions" setup_puts_it_into_sessions
run "a shell without the program has nothing of it" \
    without_the_program_the_shell_has_nothing
run "setup takes it out again" setup_takes_it_out_again
run "setup leaves other files alone" setup_leaves_other_files_alone
run "setup for one user is in their home" setup_for_one_user
run "setup needs an ssh that says who asks" \
    setup_needs_an_ssh_that_says_who_asks
run "check says what is amiss" check_says_what_is_amiss
run "usage is told" usage_is_told
run "it links the C library alone" it_links_the_c_library_alone
python3 "$LIB/prompted.py" "$HELPER" || T_FAILED=$((T_FAILED + 1))
finish
