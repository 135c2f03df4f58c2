#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Sessions through a real sshd: who is in, how many, from how many places, what
# is left of them, and that a restart of the daemon finds them again.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/sessions.sh"

BOOT_ID=/proc/sys/kernel/random/boot_id

# Rules for alice in front of the others.
sessions_conf()
{
	setup_conf | sed "/^policy staff/i\\
policy alice { users = {\"alice\"} countries = {\"NO\", \"BR\"} $* }"
}

reload_with()
{
	sessions_conf "$@" | fg_conf
	want farmgatectl reload
}

# ---- who is in -------------------------------------------------------------

listed()
{
	local method out=$FG_WORK/list

	for method in key password kbdint; do
		fg_ssh "$method" alice 127.0.0.2 \
		    "echo \$FARMGATE_REF; $STAY" >"$FG_WORK/$method" 2>&1 &
		want fg_until 5 test -s "$FG_WORK/$method"
		REF=$(head -n 1 "$FG_WORK/$method")
		want_eq open "$(of_session "$REF" .state)"
		want_eq alice "$(of_session "$REF" .person)"
		want_eq sshd "$(of_session "$REF" .service)"
		want_eq 127.0.0.2 "$(of_session "$REF" .address)"
		want_eq NO "$(of_session "$REF" .country)"
		want_eq near "$(of_session "$REF" .network)"
		want test "$(of_session "$REF" .age_s)" -lt 60
		want test -d "/proc/$(of_session "$REF" .pid)"
	done
	REF=$(head -n 1 "$FG_WORK/key")
	want_eq "$(ssh-keygen -lf "$FG_KEYS/alice.pub" | cut -d' ' -f2)" \
	    "$(of_session "$REF" .key)"
	want farmgatectl sessions >"$out"
	cat "$out"
	want_eq 4 "$(wc -l <"$out")"
	want_line '^PERSON .*REFERENCE' "$out"
	want_line "^alice +sshd +127\.0\.0\.2 +NO near +- +[0-9]+m[0-9]+s +open +$REF SHA256:" "$out"
	want_eq "" "$(farmgatectl sessions --json bob)"
	want close_all
	want_eq none "$(farmgatectl sessions)"
}

# ---- how many --------------------------------------------------------------

# PID...: so many of these clients still run.
running()
{
	jobs -r -p | grep -cxF "$(printf '%s\n' "$@")"
}

# Fifty at once, of which three may be in.
limited()
{
	local i in pids=()

	reload_with 'max_sessions = "3" actions = {"session.limit = deny"}'
	rm -f "$FG_WORK"/in.*
	for i in $(seq 50); do
		fg_ssh key alice 127.0.0.2 "echo in; $STAY" \
		    >"$FG_WORK/in.$i" 2>/dev/null &
		pids+=($!)
	done
	want fg_until 30 eval '[ "$(running "${pids[@]}")" -le 3 ]'
	# Who is in says so in a moment.
	fg_until 10 eval '[ "$(grep -lx in "$FG_WORK"/in.* | wc -l)" -ge 3 ]'
	in=$(grep -lx in "$FG_WORK"/in.* | wc -l)
	echo "$in in, $(fg_status .sessions) sessions"
	want_eq 3 "$in"
	want_eq 3 "$(fg_status .sessions)"
	want_rc 255 fg_ssh key alice 127.0.0.2 true
	want grep -q 'session.limit' <<<"$(fg_last '[.findings[].code] | join(" ")')"
	want fg_ssh key bob 127.0.0.2 true	# another person
	want close_all
	want fg_ssh key alice 127.0.0.2 true
}

# The other end is named where the decision is explained.
places()
{
	local first out=$FG_WORK/why

	reload_with 'actions = {"session.places = deny"}'
	open_session alice 127.0.0.2
	first=$REF
	want fg_ssh key alice 127.0.0.2 true	# the same place
	want fg_until 5 eval '[ "$(fg_status .sessions)" -eq 1 ]'
	want_rc 255 fg_ssh key alice 127.0.0.3 true
	want_eq deny "$(fg_last .verdict)"
	farmgatectl explain "$(fg_last .ref)" >"$out"
	cat "$out"
	want_line 'session\.places' "$out"
	want_line "$first" "$out"
	want_line '127\.0\.0\.2' "$out"
	want_line '127\.0\.0\.3' "$out"
	fg_ssh_end "$CLIENT"
	want fg_no_sessions
	want fg_ssh key alice 127.0.0.3 true	# nobody is there any more
	want fg_no_sessions
}

# KEY COMMAND: alice with that key.
with_key()
{
	local options

	mapfile -t options < <(fg_ssh_options key 127.0.0.2)
	ssh "${options[@]}" -o BatchMode=yes -i "$FG_KEYS/$1" -l alice \
	    127.0.0.1 "$2" </dev/null
}

# Where nothing is known of laptops a key is one. sshd names it when the session
# opens, which is soon enough: nothing is run.
devices()
{
	local first keys=$FG_WORK/home/alice/.ssh/authorized_keys

	cat "$FG_KEYS/dave.pub" >>"$keys"
	reload_with 'places = {"device"} actions = {"session.places = deny"}'
	open_session alice 127.0.0.2
	first=$REF
	want_eq "$(of_session "$first" .key)" "$(of_session "$first" .device)"
	want with_key alice true
	want fg_ssh password alice 127.0.0.2 true	# of no device
	want_rc 254 with_key dave 'touch ran'
	want_not test -e "$FG_WORK/home/alice/ran"
	want_eq "deny session.places" \
	    "$(fg_last '"\(.verdict) \(.decided.finding)"')"
	want_eq "$(of_session "$first" .device)" \
	    "$(fg_last '.sessions.places[].device // empty')"
	farmgatectl explain "$(fg_last .ref)" >"$OUT"
	cat "$OUT"
	want_line 'from 127\.0\.0\.2 .* with SHA256:.*in as well: ' "$OUT"
	# The store has it.
	want fg_restart
	want_eq "$(of_session "$first" .key)" "$(of_session "$first" .device)"
	want_rc 254 with_key dave 'touch ran'
	want with_key alice true
	close_all
	want with_key dave true
	want fg_no_sessions
	sed -i '$d' "$keys"
}

# A login that fails behind the gate does not take a place for long.
failed_login()
{
	reload_with 'max_sessions = "1" actions = {"session.limit = deny"}'
	sed -i 's/^session  required pam_loginuid.so/account  required pam_deny.so\n&/' \
	    /etc/pam.d/sshd
	want_rc 255 fg_ssh key alice 127.0.0.2 true
	want_eq allow "$(fg_last .verdict)"
	sessions_pam
	want_eq reserved "$(of_session "$(fg_last .ref)" .state)"
	want fg_until 12 eval '[ "$(farmgatectl sessions)" = none ]'
	want fg_ssh key alice 127.0.0.2 true
	want fg_no_sessions
	reload_with ''
}

# ---- what is left of them --------------------------------------------------

# The monitor is killed: its processes live on, and are still seen.
orphan()
{
	local out=$FG_WORK/home/alice/pid

	rm -f "$out"
	open_session alice 127.0.0.2 "echo \$\$ >$out; $STAY"
	want fg_until 5 test -s "$out"
	kill -KILL "$LEADER"
	want fg_until 5 eval '[ "$(of_session "$REF" .state)" = orphan ]'
	want_eq 1 "$(fg_status .sessions)"
	want_eq orphan "$(fg_of_ref left "$REF" .state)"
	want grep -q "session $REF: its leading process was killed" \
	    "$FG_WORK/daemon.log"
	kill -KILL "$(cat "$out")"
	want fg_until 15 no_session "$REF"
	want_eq gone "$(how "$REF")"
	fg_ssh_end "$CLIENT"
}

# What outlives a session that was closed, and sudo inside of it.
# A real client of mosh's; its server begins when that has come.
mosh_comes()
{
	local port key

	read -r _ _ port key <<<"$(grep '^MOSH CONNECT' "$1/mosh")"
	sleep 20 | MOSH_KEY=$key LC_ALL=C.UTF-8 TERM=xterm script -qfec \
	    "stty rows 24 cols 80; mosh-client 127.0.0.1 $port" /dev/null \
	    >/dev/null 2>&1 &
}

# BEGIN [CONNECT]: how alice has her shell begin what goes on without her
# connection, and what is done then. It runs ./stay, which asks for sudo when it
# may.
detached()
{
	local home=$FG_WORK/home/alice

	rm -f "$home/pid" "$home/go" "$home/done"
	cat >"$home/stay" <<-'EOF'
	#!/bin/sh
	cd && echo $$ >pid
	while ! test -e go; do sleep 0.1; done
	sudo -n true; touch done; exec sleep 60
	EOF
	chmod 755 "$home/stay"
	open_session alice 127.0.0.2 "$1
	    sleep 0.5"
	want fg_until 10 eval '[ "$(of_session "$REF" .state)" = detached ]'
	[ -z "${2:-}" ] || "$2" "$home"
	touch "$home/go"
	want fg_until 5 test -e "$home/done"
	want_eq sudo "$(fg_last .service)"
	want_eq 127.0.0.2 "$(fg_last .origin.address)"
	want_eq "$REF" "$(fg_last .origin.inherited)"
	kill -KILL "$(cat "$home/pid")"
	want fg_until 15 no_session "$REF"
	want_eq closed "$(how "$REF")"
	wait "$CLIENT"
}

client_killed()
{
	open_session alice 127.0.0.2
	fg_ssh_end "$CLIENT"
	want fg_until 10 no_session "$REF"
	want_eq closed "$(how "$REF")"
}

# The listener goes, as in an upgrade of openssh; sessions stay.
listener_restarted()
{
	open_session alice 127.0.0.2
	fg_sshd_stop
	want_eq open "$(of_session "$REF" .state)"
	want fg_sshd_start
	want_eq open "$(of_session "$REF" .state)"
	fg_ssh_end "$CLIENT"
	want fg_until 10 no_session "$REF"
	want_eq closed "$(how "$REF")"
}

# ---- a daemon that comes back ----------------------------------------------

restarted()
{
	local refs=() clients=() i gone

	reload_with ''
	for i in $(seq 10); do
		open_session alice 127.0.0.2
		refs+=("$REF") clients+=("$CLIENT")
	done
	gone=${refs[9]}
	fg_stop "$1"
	fg_ssh_end "${clients[9]}"
	want fg_until 10 eval "! fg_alive $LEADER"	# it ends while nobody looks
	want fg_start
	want fg_until 5 eval '[ "$(how "$gone")" = lost_during_restart ]'
	want_eq 9 "$(fg_status .sessions)"
	for i in $(seq 0 8); do
		want_eq open "$(of_session "${refs[$i]}" .state)"
		want_eq 127.0.0.2 "$(of_session "${refs[$i]}" .address)"
	done
	want close_all
	want_eq 1 "$(grep -c "\"event\":\"close\",\"ref\":\"${refs[0]}\"" \
	    "$FG_AUDIT")"
}

# sudo in a session that an earlier daemon has seen open.
inherits_after_restart()
{
	local client go=$FG_WORK/home/alice/go

	rm -f "$go" "$FG_WORK/out"
	fg_ssh key alice 127.0.0.2 'echo $FARMGATE_REF
	    while ! test -e go; do sleep 0.1; done; sudo -n id -un' \
	    >"$FG_WORK/out" 2>&1 &
	client=$!
	want fg_until 5 test -s "$FG_WORK/out"
	fg_restart
	touch "$go"
	wait "$client"
	want_eq root "$(tail -n 1 "$FG_WORK/out")"
	want_eq 127.0.0.2 "$(fg_last .origin.address)"
	want_eq "$(head -n 1 "$FG_WORK/out")" "$(fg_last .origin.inherited)"
	rm -f "$go"
}

# Another boot of the machine, as the daemon sees it.
rebooted()
{
	open_session alice 127.0.0.2
	fg_stop
	echo 11111111-2222-3333-4444-555555555555 >"$FG_WORK/boot_id"
	want mount --bind "$FG_WORK/boot_id" "$BOOT_ID"
	want fg_start
	want_eq reboot "$(how "$REF")"
	want_eq 0 "$(fg_status .sessions)"
	fg_stop
	umount "$BOOT_ID"
	want fg_start
	fg_ssh_end "$CLIENT"
}

setup_gate
sessions_pam
printf 'root ALL=(ALL) ALL\nalice ALL=(ALL) NOPASSWD: ALL\n' | fg_sudoers
sessions_conf | fg_conf
want_daemon
fg_sshd_start

run "sessions: each method's session is listed with who, where and key" listed
run "DB-09 of fifty logins at once as many get in as may" limited
run "session.places names both ends" places
run "a key is a device, and two of them are two places" devices
run "a login that fails later gives its seat back" failed_login
run "SSH-10 a session whose monitor was killed is an orphan while it lives" orphan
run "IN-14 what a closed session has left is seen and inherited from" \
    detached 'setsid ./stay >/dev/null 2>&1 </dev/null &'
run "IN-14 so is what tmux goes on with" \
    detached 'tmux -L stay new-session -d ./stay'
run "IN-14 so is what mosh goes on with" \
    detached 'LC_ALL=C.UTF-8 mosh-server new -i 127.0.0.1 -- ./stay >mosh' \
    mosh_comes
run "SSH-11 a session ends with its client" client_killed
run "SSH-12 sessions outlive their listener" listener_restarted
run "DMN-02 a restart finds sessions again, and those that ended meanwhile" restarted TERM
run "DMN-02 so does one after a crash" restarted KILL
run "IN-13 sudo in an earlier session has its origin after a restart" inherits_after_restart
run "DMN-03 a reboot ends all sessions" rebooted
finish
