# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Somebody plugs a PiKVM into the laptop while alice is at work over ssh.

SESSION=
PLUGGED=

# USER: in a session that stays open, until leave.
come()
{
	ssh -F "$VM_DIR/ssh_config" "$1" sleep 3000 </dev/null \
	    >"$VM_DIR/session" 2>&1 &
	SESSION=$!
	there_until 20 eval "farmgatectl sessions | grep -q '$1.*sshd'"
}

leave()
{
	there pkill -x sleep
	wait "$SESSION"
	there_until 20 eval 'farmgatectl sessions | grep -q none'
}

# NUMBER: what was found while a session was open, behind so many records.
live()
{
	since "$1" 'select(.event == "live") | .user as $u | .action as $a |
	    .findings[] | "\($u) \(.code):\(.grade // "-") \($a)"'
}

# NUMBER PATTERN SECONDS: until that was found.
live_within()
{
	local end=$((SECONDS + $3))

	until live "$1" | grep -q "$2"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}

# DEVICE: plug it in; by the laptop's clock, in seconds, it was at $PLUGGED.
plug()
{
	PLUGGED=$(there "gadget plug $1 && date +%s.%N")
}

# NUMBER: how long after that the KVM was found, in tenths of a second.
took()
{
	since "$1" 'select(.event == "live" and
	    any(.findings[]; .code == "remote.kvm")) | .ts' | head -n 1 |
	    python3 -c 'import datetime, sys
t = datetime.datetime.fromisoformat(sys.stdin.read().strip()[:-1] + "+00:00")
print(round((t.timestamp() - float(sys.argv[1])) * 10))' "$PLUGGED"
}

scan()
{
	there farmgatectl scan "$@" >"$OUT"
	cat "$OUT"
}

# What belongs to the laptop is learned before it is shipped: nothing.
nothing_yet()
{
	want there farmgatectl baseline learn
	want scan
	no_line '^remote\.' "$OUT"
	no_line 'could not look' "$OUT"
	want login_seen alice true
	want_eq "" "$(found_remote)"
	want_eq "" "$(found device.new_input)"
}

# A finding on an open session comes by the kernel's word, not by the clock:
# the looks between are set a minute apart.
found_while_open()
{
	local n tenths

	want set_conf 'scan { interval = "60s" }'
	want there farmgatectl reload
	want come alice
	n=$(count)
	want plug pikvm
	want live_within "$n" '^alice remote.kvm:identity alert$' 30
	live "$n"
	tenths=$(took "$n")
	want test "$tenths" -le 150
	want_line 'PiKVM Composite Device' \
	    <(since "$n" 'select(.event == "live") | .findings[].text')
	want kill -0 "$SESSION"
	printf "%d.%d" $((tenths / 10)) $((tenths % 10)) >"$VM_DIR/took"
}

scan_shows_it()
{
	want scan
	want_line 'remote\.kvm +identity +ip-kvm +machine +pikvm' "$OUT"
	want_line 'PiKVM Composite Device.*CAFEBABE.*by identity' "$OUT"
	want_not there farmgatectl baseline learn
	want scan --json
	want jq -e . "$OUT"
}

refused_over_ssh()
{
	want_not login_seen alice true
	want_line 'Access denied. Reference .*Call extension 100' "$OUT"
	want_eq "deny alice sshd account address" "$(said)"
	want_eq 1 "$(last .reason | grep -c remote.kvm:identity)"
	found remote.kvm:identity >"$OUT"
	cat "$OUT"
	want_line 'PiKVM Composite Device.*CAFEBABE' "$OUT"
}

explained()
{
	there farmgatectl explain "$(last .ref)" >"$OUT"
	cat "$OUT"
	want_line 'remote\.kvm:identity = deny' "$OUT"
	want_line 'PiKVM Composite Device.*CAFEBABE' "$OUT"
	want_line '^next: have somebody look at what is plugged' "$OUT"
}

# Whoever drives the laptop by the KVM sits at its console, as it seems: they
# type, by its keyboard, the right name and the right password.
refused_at_the_seat()
{
	local n tries=0

	while :; do
		n=$(count)
		want sit_down plugged
		want there_until 60 eval "tail -n +$((n + 1)) $AUDIT |
		    grep -q '\"event\":\"decision\".*\"service\":\"login\"'"
		tries=$((tries + 1))
		[ "$tries" -lt 5 ] && [ -n "$(found remote.unknown)" ] || break
	done
	want_eq "deny alice login account console" "$(said)"
	want_eq 1 "$(last .reason | grep -c remote.kvm:identity)"
	want_eq "" "$(there pgrep -u alice -t tty1)"
}

# Whoever has alice's shell can take the scan's time; not that of the devices.
not_hidden()
{
	local tries=0

	want there 'su alice -c "for i in \$(seq 1000); do
	    sleep 3001 & done" >/dev/null 2>&1'
	until login alice true || [ -n "$(found remote.kvm:identity)" ] ||
	    [ "$tries" -eq 5 ]; do
		tries=$((tries + 1))
	done
	want_eq "deny alice sshd account address" "$(said)"
	want_eq 1 "$(last .reason | grep -c remote.kvm:identity)"
	want_eq true "$(last '.remote.cut // [] | any(. == "processes")')"
	want there pkill -f "'^sleep 3001$'"
	want there_until 60 eval '! pgrep -f "^sleep 3001$"'
}

allowed_again()
{
	want there gadget unplug
	want leave
	want login_seen alice true
	want_eq "allow alice sshd account address" "$(said)"
	want_eq "" "$(found_remote)"
	want sit_down press
	want seated
	want get_up
}

# It is no old news for a session that was begun while it was unplugged: that
# is how somebody who has seen the refusal goes about it.
unplugged_for_the_login()
{
	local n

	want plug pikvm
	want there_until 20 eval 'farmgatectl scan | grep -q "pikvm"'
	want_not login alice true
	want there gadget unplug
	want there_until 20 eval '! farmgatectl scan | grep -q "pikvm"'
	want come alice
	n=$(count)
	want plug pikvm
	want live_within "$n" '^alice remote.kvm:identity alert$' 30
	want there gadget unplug
	want leave
}

# A program of the administrator's, for what is found while a session is open.
hook()
{
	write_there /etc/farmgate/hooks/live <<-'EOF'
	#!/bin/sh
	id -un
	echo "$FARMGATE_USER $FARMGATE_FINDINGS $FARMGATE_ACTION"
	EOF
	there chmod 0755 /etc/farmgate/hooks/live
}

# As its policy has it, the session is ended, and somebody is told. The daemon is
# a new one, which knows nothing of what was plugged in before.
ended_by_policy()
{
	local n

	want there systemctl restart farmgate-policyd
	want hook
	want set_conf 'while_open = {"remote.kvm:identity = terminate"}'
	want there farmgatectl reload
	want come alice
	n=$(count)
	want plug pikvm
	want live_within "$n" '^alice remote.kvm:identity terminate$' 30
	want vm_until 20 eval '! kill -0 "$SESSION"'
	want there_until 20 eval 'journalctl -u farmgate-hooks |
	    grep -q "alice remote.kvm:identity.* terminate"'
	want there 'journalctl -u farmgate-hooks |
	    grep -q ": farmgate-hooks\$"'
	want there gadget unplug
	want set_conf ""
	want there farmgatectl reload
}

# The identity of an ordinary keyboard, with a mouse that knows the screen and
# a drive behind it: only what it is made of can tell, and it says no more.
disguised()
{
	want there gadget plug disguised
	sleep 2
	want login_seen alice true
	want_eq "allow alice sshd account address" "$(said)"
	want_eq "" "$(found remote.kvm:identity)"
	found remote.kvm:composition >"$OUT"
	cat "$OUT"
	want_line 'keyboard, absolute mouse, disk, "HID Interface" as of Linux on' \
	    "$OUT"
	want_line 'no known identity: "Logitech USB Keyboard"' "$OUT"
	want there gadget unplug
}

ordinary_keyboard()
{
	want there gadget plug keyboard
	sleep 2
	want login_seen alice true
	want_eq "allow alice sshd account address" "$(said)"
	want_eq "" "$(found_remote)"
	found device.new_input >"$OUT"
	cat "$OUT"
	want_line 'Logitech USB Keyboard' "$OUT"
	want there farmgatectl baseline learn
	want login_seen alice true
	want_eq "" "$(found device.new_input)"
	want there gadget unplug
	want there farmgatectl baseline learn
}

run "before: nothing on the laptop is a sign of remote control" nothing_yet
run "with: a PiKVM is found on the session that is open, at once" \
    found_while_open
[ ! -s "$VM_DIR/took" ] ||
    echo "    $(cat "$VM_DIR/took") s after it was plugged in"
run "with: farmgatectl scan shows what it is, and it cannot be learned" \
    scan_shows_it
run "with: alice, who has the right key, is refused over ssh" refused_over_ssh
run "with: the refusal can be explained by its reference" explained
run "with: whoever types alice's password on the KVM's keyboard is refused" \
    refused_at_the_seat
run "RCD-05 with: a thousand processes of hers do not hide the KVM" not_hidden
run "after: unplugged, alice is let in again, over ssh and at the seat" \
    allowed_again
run "after: unplugged for the login alone, it is found on that session" \
    unplugged_for_the_login
run "a policy that ends sessions ends alice's, and the hook is told" \
    ended_by_policy
run "RCD-08 with an ordinary identity only its composition is found" disguised
run "RCD-10 an ordinary keyboard is no KVM, new at first and then known" \
    ordinary_keyboard
