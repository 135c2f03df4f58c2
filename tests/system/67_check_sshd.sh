#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl check-sshd with the real sshd: what it finds in configurations
# with Match blocks, that the sshd it runs gets and keeps nothing of the
# caller's, and that what it warns of is so.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

CONFIG=$FG_WORK/config
SSHD=$(fg_sshd_program)

# Configure an sshd of which there is nothing to say but what stdin adds; that
# comes first and so wins.
config()
{
	{
		cat
		cat <<-EOF
		HostKey $FG_KEYS/host
		UsePAM yes
		KbdInteractiveAuthentication yes
		PasswordAuthentication no
		PermitRootLogin no
		MaxStartups 30:30:100
		MaxSessions 1
		AuthenticationMethods publickey,keyboard-interactive:pam
		EOF
	} >"$CONFIG"
}

# The same with Match blocks, which have to come last, on stdin.
matching()
{
	local blocks

	blocks=$(cat)
	config </dev/null
	printf '%s\n' "$blocks" >>"$CONFIG"
}

# STATUS ARGUMENT...
checked()
{
	local status=$1

	shift
	says "$status" check-sshd --sshd "$SSHD" -f "$CONFIG" "$@"
}

good()
{
	config </dev/null
	checked 0
	want_line '0 errors, 0 warnings, 0 notes for root, carol from 192' "$OUT"
	want_eq 1 "$(wc -l <"$OUT")"
}

no_pam()
{
	config <<<'UsePAM no'
	checked 1
	want_line '^error: use-pam: UsePAM no: .*; write UsePAM yes$' "$OUT"
}

# What other commands and services name is not sshd's.
stack_without_the_gate()
{
	config </dev/null
	cp /etc/pam.d/sshd "$FG_WORK/pam"
	sed -i '/^account.*pam_farmgate/d' /etc/pam.d/sshd
	want_line 'session.*pam_farmgate' /etc/pam.d/sshd
	checked 1
	want_line '^error: pam-service: no gate in /etc/pam.d/sshd: ' "$OUT"
	want_line '; run farmgatectl enable --observe sshd$' "$OUT"
	sed -i 's/^session/#&/' /etc/pam.d/sshd
	checked 1
	echo "account required $FG_MODULE" >/etc/pam.d/common-gate
	echo '@include common-gate' >>/etc/pam.d/sshd
	checked 0
	rm /etc/pam.d/sshd
	checked 1
	want_line '^error: pam-service: no /etc/pam.d/sshd: ' "$OUT"
	cp "$FG_WORK/pam" /etc/pam.d/sshd
	checked 0
}

# As long as sshd goes by its own name, so does the check.
service_is_the_programs_name()
{
	config </dev/null
	ln -sf "$SSHD" "$FG_WORK/bin/jump"
	says 1 check-sshd --sshd "$FG_WORK/bin/jump" -f "$CONFIG"
	want_line '^error: pam-service: no /etc/pam.d/jump: ' "$OUT"
	fg_pam jump
	says 0 check-sshd --sshd "$FG_WORK/bin/jump" -f "$CONFIG" --json
	want_eq jump "$(jq -r .service "$OUT")"
}

users_of_match_blocks()
{
	matching <<-'EOF'
	Match User root
	    PermitRootLogin prohibit-password
	Match Group staff Address 203.0.113.0/24
	    AuthenticationMethods publickey
	Match Address 198.51.100.0/24
	    KbdInteractiveAuthentication no
	EOF
	checked 0
	want_line '^warning: root-login, for root: PermitRootLogin pr' "$OUT"
	want_line ': 0 errors, 1 warning, 0 notes' "$OUT"
	checked 0 --user alice --user carol --from 203.0.113.9 --from 192.0.2.9
	want_line '^warning: authentication-methods, for alice from 203.0.113.9: ' \
	    "$OUT"
	want_line ': 0 errors, 1 warning, 0 notes for alice, carol from 203' \
	    "$OUT"
	checked 0 --user alice --user carol --from 198.51.100.1 --from 2001:db8::1
	want_line '^warning: keyboard-interactive, from 198.51.100.1: ' "$OUT"
	checked 0 --user bob --user alice --user carol --from 203.0.113.9
	want_line 'methods, for bob from 203.0.113.9, alice from 203' "$OUT"
	checked 0 --json --user alice --user carol --from 203.0.113.9
	want_eq '[{"user":"alice","from":"203.0.113.9"}]' \
	    "$(jq -c '.findings[0].cases' "$OUT")"
}

# sshd refuses to say anything if a Match block asks for what it is not told.
every_kind_of_match_block()
{
	matching <<-'EOF'
	Match LocalPort 22
	    MaxSessions 2
	Match LocalAddress 127.0.0.1,::1
	    PermitEmptyPasswords yes
	Match Host 192.0.2.1
	    GSSAPIAuthentication yes
	Match RDomain x
	    ExposeAuthInfo yes
	Match all
	    HostbasedAuthentication yes
	EOF
	checked 0 --from 192.0.2.1 --from 2001:db8::1
	want_line '^note: max-sessions: MaxSessions 2: ' "$OUT"
	want_line '^warning: empty-passwords: ' "$OUT"
	want_line '^note: gssapi, from 192.0.2.1: ' "$OUT"
	want_line '^note: hostbased: ' "$OUT"
	no_line 'expose-auth-info' "$OUT"
	matching <<-'EOF'
	Match LocalPort 22
	    MaxSessions 2
	Match LocalPort 2022
	    MaxSessions 3
	Match LocalAddress 127.0.0.9
	    MaxSessions 4
	EOF
	sed -i '1i Port 2022' "$CONFIG"
	checked 0
	want_line '^note: max-sessions: MaxSessions 3: ' "$OUT"
	sed -i '1i ListenAddress 127.0.0.9' "$CONFIG"
	sed -i '/Match LocalPort 2022/,+1d' "$CONFIG"
	checked 0
	want_line '^note: max-sessions: MaxSessions 4: ' "$OUT"
}

people_and_places_are_chosen()
{
	fg_conf <"$FG_WORK/stepup.conf"
	config </dev/null
	SUDO_UID=4201 SSH_CONNECTION='127.0.0.9 50000 127.0.0.1 22' checked 0
	want_line ' for root, alice from 192.0.2.1, 127.0.0.9, 127.0.0.2, 127.0.0.3, 127.0.0.4$' \
	    "$OUT"
	SUDO_UID=999999 checked 0
	want_line ' for root, carol from 192.0.2.1, 127.0.0.2, ' "$OUT"
	echo 'mode = "perhaps"' | fg_conf
	checked 0
	want_line 'farmgate.conf cannot be used, and .* farmgatectl check' "$OUT"
	want_line ' from 192.0.2.1$' "$OUT"
	checked 2 --config "$FG_CONF"
	fg_conf <"$FG_WORK/stepup.conf"
}

# What sshd says is passed on, with what helps, and escaped.
sshd_that_cannot_answer()
{
	config <<<'UsePAMs yes'
	checked 2
	want_line "$CONFIG: line 1: Bad configuration option: UsePAMs" "$OUT"
	config <<<"$(printf 'Port \033[2J')"
	checked 2
	no_line $'\033' "$OUT"
	config </dev/null
	sed -i 's/^HostKey.*/HostKey none/' "$CONFIG"
	checked 2
	want_line 'no hostkeys available.*; make some: ssh-keygen -A$' "$OUT"
	says 2 check-sshd --sshd "$SSHD" -f "$FG_WORK/nowhere"
	want_line 'nowhere: No such file' "$OUT"
	says 2 check-sshd --sshd "$FG_WORK/nowhere"
	want_line 'nowhere: cannot be run: No such file' "$OUT"
	says 2 check-sshd --sshd /bin/true
	want_line 'true: it does not print with -T what an sshd' "$OUT"
	config </dev/null
	chmod 0644 "$CONFIG"
	want_rc 2 setpriv --reuid alice --regid alice --clear-groups \
	    farmgatectl check-sshd --sshd "$SSHD" -f "$CONFIG" \
	    >"$OUT" 2>&1
	want_line 'as root alone: use sudo$' "$OUT"
}

# NAME: a program in sshd's place, from stdin.
program()
{
	cat >"$FG_BIN/$1"
	chmod 0755 "$FG_BIN/$1"
	echo "$FG_BIN/$1"
}

# Nothing of the caller's: environment, descriptors, standard input, terminal.
program_gets_nothing()
{
	local said=$FG_WORK/said program

	program=$(program bare <<-EOF
	#!/bin/bash
	{ tr '\0' '\n' </proc/\$\$/environ; ls -l /proc/\$\$/fd; cat; } >$said
	exec $SSHD "\$@"
	EOF
	)
	config </dev/null
	fg_pam bare
	says 0 check-sshd --sshd "$program" -f "$CONFIG" 7</etc/passwd \
	    <<<"not for it"
	want_eq 'PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C' \
	    "$(grep = "$said" | tr '\n' ' ' | sed 's/ $//')"
	no_line 'passwd|socket|not for it' "$said"
	want_line ' 0 -> /dev/null$' "$said"
}

program_that_prints_without_end()
{
	local program

	program=$(program endless <<<$'#!/bin/bash\nexec yes usepam yes')
	says 2 check-sshd --sshd "$program"
	want_line 'endless: ended by signal 25$' "$OUT"
}

# Whoever ends the check ends what it runs.
program_that_never_ends()
{
	local program pid

	program=$(program waits <<-EOF
	#!/bin/bash
	echo \$\$ >$FG_WORK/waits.pid
	exec sleep 60
	EOF
	)
	farmgatectl check-sshd --sshd "$program" >"$OUT" 2>&1 &
	pid=$!
	want fg_until 5 test -s "$FG_WORK/waits.pid"
	want fg_alive "$(cat "$FG_WORK/waits.pid")"
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	want fg_until 5 eval '! fg_alive "$(cat "$FG_WORK/waits.pid")"'
}

# A daemon that does not answer, and a line that would wait for it for long.
grace_time_cuts_the_gate()
{
	local start took rc=0

	fg_pam sshd timeout=30
	want fg_sshd_start - <<<'LoginGraceTime 3'
	says 0 check-sshd --sshd "$SSHD" -f "$FG_WORK/sshd_config"
	want_line 'LoginGraceTime 3: step-up has 0 seconds' "$OUT"
	kill -STOP "$FG_PID"
	start=$EPOCHREALTIME
	fg_ssh key alice 127.0.0.2 true || rc=$?
	took=$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))
	kill -CONT "$FG_PID"
	echo "took $took ms"
	want_eq 255 "$rc"
	want test "$took" -ge 2500 -a "$took" -lt 15000
	want fg_until 5 eval '[ "$(fg_status .decisions.aborted)" -eq 1 ]'
	fg_sshd_stop
	fg_pam sshd
}

# Clients that are asked and do not answer; each tells by a line that it is.
askers()
{
	local user options

	program ask >/dev/null <<-EOF
	#!/bin/sh
	echo asked >>$FG_WORK/asked
	exec sleep 60
	EOF
	: >"$FG_WORK/asked"
	ASKERS=
	for user in alice bob; do
		mapfile -t options < <(fg_ssh_options kbdint 127.0.0.2)
		SSH_ASKPASS=$FG_BIN/ask SSH_ASKPASS_REQUIRE=force \
		    ssh "${options[@]}" -l "$user" 127.0.0.1 true \
		    >/dev/null 2>&1 </dev/null &
		ASKERS="$ASKERS $!"
	done
	fg_until 5 eval '[ "$(wc -l <"$FG_WORK/asked")" -eq 2 ]'
}

who_is_asked_counts()
{
	want fg_sshd_start - <<<'MaxStartups 2'
	says 0 check-sshd --sshd "$SSHD" -f "$FG_WORK/sshd_config"
	want_line 'MaxStartups 2:[0-9:]*: .*, and from 2 of them on' "$OUT"
	want fg_ssh key alice 127.0.0.2 true
	want askers
	want_not fg_ssh key alice 127.0.0.2 true
	want_line 'past MaxStartups|MaxStartups throttling' "$FG_WORK/sshd.log"
	# shellcheck disable=SC2086 # one number each
	kill $ASKERS
	# shellcheck disable=SC2086
	wait $ASKERS 2>/dev/null
	want fg_until 5 fg_ssh key alice 127.0.0.2 true
	fg_sshd_stop
}

# Root's right answer is none, whatever asks for it.
root_is_not_asked()
{
	echo root:root-pw | chpasswd -c SHA512
	fg_pam sshd observe
	want fg_sshd_start - <<<'PermitRootLogin prohibit-password'
	says 0 check-sshd --sshd "$SSHD" -f "$FG_WORK/sshd_config"
	want_line 'for root: PermitRootLogin prohibit-password: root can never' \
	    "$OUT"
	want_not fg_ssh kbdint root 127.0.0.2 true
	fg_sshd_stop
	want fg_sshd_start - <<<'PermitRootLogin yes'
	says 0 check-sshd --sshd "$SSHD" -f "$FG_WORK/sshd_config"
	no_line root-login "$OUT"
	want fg_ssh kbdint root 127.0.0.2 true
	fg_sshd_stop
	fg_pam sshd
}

setup_gate
{
	echo 'step_up = {"totp"}'
	setup_conf
} >"$FG_WORK/stepup.conf"
fg_conf <"$FG_WORK/stepup.conf"
fg_keys

run "PKG-04 of a good sshd nothing is said" good
run "SSH-17 UsePAM no is an error with its remedy" no_pam
run "SSH-17 a stack without the gate is an error" stack_without_the_gate
run "SSH-16 the PAM service is the one that sshd asks" \
    service_is_the_programs_name
run "SSH-15 what holds for some is said of them alone" users_of_match_blocks
run "PKG-04 every kind of Match block can be asked about" \
    every_kind_of_match_block
run "PKG-04 people and places are chosen where nobody names them" \
    people_and_places_are_chosen
run "PKG-04 an sshd that cannot answer is told of with what helps" \
    sshd_that_cannot_answer
run "PKG-04 the sshd that is asked gets nothing of the caller's" \
    program_gets_nothing
run "PKG-04 what prints without end is ended" program_that_prints_without_end
run "PKG-04 what never ends goes with the check" program_that_never_ends

want_daemon
run "SSH-13 LoginGraceTime cuts off a gate that waits, as it is warned" \
    grace_time_cuts_the_gate
run "SSH-14 who is asked counts for MaxStartups, as it is warned" \
    who_is_asked_counts
run "SSH-15 root can answer only with PermitRootLogin yes, as it is warned" \
    root_is_not_asked
finish
