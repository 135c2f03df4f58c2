#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A laptop that jump hosts ask how it is: with a device key and without, with a
# tool of remote control in use and none, and what a jump host hears of that.
# What anybody may do at the socket is in 99_witness.py.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/tree.sh"
. "$FG_TOP/tests/lib/started.sh"
. "$FG_TOP/tests/lib/scope.sh"
. "$FG_TOP/tests/lib/desktop.sh"
. "$FG_TOP/tests/lib/elsewhere.sh"
. "$FG_TOP/tests/lib/remote_vnc.sh"
. "$FG_TOP/tests/lib/evidence.sh"

KEY=/etc/farmgate/device.key
HOST=jump.example.org
LENGTH=934			# of every answer
TOOLS=/run/farmgate-test/tools
ASK=$FG_WORK/ask		# where every user may read it
STATED=$FG_WORK/stated

# Whom the scanner could not look at is refused: the storm shows by that.
witness_conf()
{
	setup_conf | sed '/^policy staff/,/^}/s/"geo.country = deny"/&,\
	    "remote.unknown = deny"/'
	cat <<-EOF
	catalogue = {"/etc/farmgate/catalogue"}
	jumphost bastion {
		names = {"$HOST", "127.0.0.9"}
		key = "$(statement key bastion)"
	}
	jumphost other {
		names = {"other.example.org"}
		key = "$(statement key other)"
	}
	EOF
}

# Two programs that others reach this machine by: one that is in use as long as
# it runs, and one that makes a session of its own.
tools()
{
	mkdir -p "$TOOLS"
	install -m 0755 "$(command -v sleep)" "$TOOLS/deskhelp"
	install -m 0755 "$(command -v bash)" "$TOOLS/steershell"
	fg_catalogue_entry own <<-EOF
	tool deskhelp {
		title = "A help desk that nobody has"
		kind = rmm
		exe = {"$TOOLS/deskhel*"}
		active = {"running"}
		steers = none
		source = "these tests"
	}
	tool steershell {
		title = "A shell for others"
		kind = terminal-share
		exe = {"$TOOLS/steershel*"}
		steers = own
		source = "these tests"
	}
	EOF
}

new_key()
{
	rm -rf "$KEY"
	statement device >"$KEY"
	chmod 0600 "$KEY"
	chown root:root "$KEY"
}

# HOST USER [COMMAND...]: the user asks for that jump host, by the command; the
# answer is in $FG_WORK/answer. Nobody here asks more often than they may.
ask()
{
	local host=$1 user=$2

	shift 2
	T=$(statement token "$host")
	as_user "$user" "$@" python3 "$ASK/ask_witness.py" "$T" alice "$HOST" \
	    >"$FG_WORK/answer" || return 1
	[ "$(head -c 5 "$FG_WORK/answer")" != fail ] ||
	    cat "$FG_WORK/answer"
}

# The same, and what is stated; each answer is as long as any other.
stated()
{
	want ask "$@"
	want_eq "$((LENGTH + 1))" "$(stat -c %s "$FG_WORK/answer")"
	statement open "$1" "$T" alice <"$FG_WORK/answer" >"$STATED" || {
		cat "$FG_WORK/answer"
		want false
	}
}

# FILTER: a member of that.
of_it()
{
	jq -r "$1" "$STATED"
}

findings()
{
	of_it '.findings | join(", ")'
}

flag()
{
	[ $(($(of_it .flags) & $1)) -ne 0 ]
}

REMOTE=1 PARTIAL=4		# of STATEMENT's

# NUMBER: a question ends with this failure.
fails()
{
	want ask bastion alice
	want_eq "fail $1" "$(cat "$FG_WORK/answer")"
}

checks_warn()
{
	farmgatectl check "$FG_CONF" >"$OUT" 2>&1
	cat "$OUT"
	want_line "$1" "$OUT"
}

without_a_key()
{
	rm -f "$KEY"
	want fg_restart -w
	fails 7
	says 1 status
	want_line '^DEGRADED +the device key: there is none, .*: farmgatectl enrol init$' \
	    "$OUT"
	want_line '^jump hosts +no device key$' "$OUT"
	want_line '^ +answers 0 jump hosts$' "$OUT"
	checks_warn "^$FG_CONF:[0-9]+: warning: jumphost bastion is not \
answered, as this machine has no device key; make one with farmgatectl enrol"
	want gate gate alice 127.0.0.2
	want_eq 0 "$(fg_events witness)"
}

# WHAT: the key is refused in these words, and logins go on.
refused_key()
{
	want fg_restart -w
	fails 7
	want_line "device key: $KEY: .*$1" "$FG_WORK/daemon.log"
	says 1 status
	want_line "^DEGRADED +the device key: $KEY: .*$1" "$OUT"
	no_line 'device key ed25519' "$OUT"
	checks_warn "jumphost bastion is not answered: $KEY: .*$1"
	want gate gate alice 127.0.0.2
}

with_a_bad_key()
{
	new_key
	chmod 0644 "$KEY"
	refused_key 'others can read this key; make a new one with farmgatectl enrol init --replace'
	chmod 0600 "$KEY"
	chown alice "$KEY"
	refused_key 'belongs to another user'
	mv "$KEY" "$KEY.real"
	ln -s device.key.real "$KEY"
	refused_key 'is a symbolic link'
	rm "$KEY" "$KEY.real"
	echo 'ed25519:nothing' >"$KEY"
	chmod 0600 "$KEY"
	refused_key 'this is no device key'
	want_eq 0 "$(fg_events witness)"
}

# Whoever has the key is this machine.
with_a_key()
{
	local key

	new_key
	want fg_restart -w
	key=$(statement public "$KEY")
	says 0 status
	want_line "^jump hosts +device key ${key//+/[+]}$" "$OUT"
	want_line '^ +answers 2 jump hosts$' "$OUT"
	farmgatectl check "$FG_CONF" >"$OUT" 2>&1
	no_line 'jumphost' "$OUT"
	stated bastion alice
	want_eq "$key" "$(of_it .device_key)"
	want_eq "" "$(findings)"
	want_not flag $REMOTE
	want_not flag $PARTIAL
	want test $(($(date +%s) - $(of_it .at))) -lt 60
	want_eq "$(farmgatectl status --json | jq -r .version)" \
	    "$(of_it .release)"
}

# The daemon may not read the file, and yet sees that it is another one.
another_key_needs_a_restart()
{
	local before

	before=$(statement public "$KEY")
	says 0 status
	want farmgatectl enrol init --replace --yes >/dev/null
	says 1 status
	want_line "^DEGRADED +the device key: $KEY is another one than at the daemon's start: systemctl restart farmgate-policyd.service\$" \
	    "$OUT"
	want_line "device key ${before//+/[+]}$" "$OUT"
	farmgatectl enrol request >"$OUT" 2>"$FG_WORK/err"
	want_line "the daemon signs with another key.*systemctl restart" \
	    "$FG_WORK/err"
	want_line '^farmgate-device-v1\.' "$OUT"
	want fg_restart -w
	says 0 status
	farmgatectl enrol request >"$OUT" 2>&1
	no_line "another key" "$OUT"
}

# It looks at what others control.
scanner_has_no_key()
{
	want python3 - "$FG_PID" "$(fg_scanner)" "$KEY" <<-'EOF'
	import base64, sys
	digits = open(sys.argv[3]).read().split("ed25519:")[1].strip()
	secret = base64.b64decode(digits)
	def has(pid):
	    n = 0
	    with open("/proc/%s/maps" % pid) as maps, \
	            open("/proc/%s/mem" % pid, "rb", 0) as mem:
	        for line in maps:
	            where, mode = line.split()[:2]
	            if not mode.startswith("rw"):
	                continue
	            start, end = (int(x, 16) for x in where.split("-"))
	            if end - start > 1 << 28:
	                continue        # a sanitizer's own
	            try:
	                mem.seek(start)
	                data = mem.read(end - start)
	            except OSError:
	                continue
	            n += data.count(secret) + data.count(digits.encode())
	    return n
	print("decider", has(sys.argv[1]), "scanner", has(sys.argv[2]))
	sys.exit(0 if has(sys.argv[1]) == 1 and has(sys.argv[2]) == 0 else 1)
	EOF
}

# USER: deskhelp is in use as that user.
deskhelp()
{
	start_as deskhelp "$1" "$TOOLS/deskhelp" 300
	want sees deskhelp active
}

a_tool_in_use()
{
	deskhelp alice
	stated bastion alice
	want_eq 'remote.tool:active deskhelp' "$(findings)"
	want_not flag $REMOTE
	want_eq remote.tool:active "$(fg_last_of witness \
	    '.findings[] | "\(.code):\(.grade)"')"
	want_eq 'bastion alice 4201' "$(fg_last_of witness \
	    '"\(.jumphost) \(.user) \(.by.uid)"')"
	# what another user runs is no matter of theirs
	stated bastion bob
	want_eq "" "$(findings)"
	stop deskhelp
	want sees deskhelp nothing
	deskhelp root
	stated bastion bob
	want_eq 'remote.tool:active deskhelp' "$(findings)"
	stop deskhelp
	want sees deskhelp nothing
	stated bastion alice
	want_eq "" "$(findings)"
}

in_a_session_of_others()
{
	stated bastion alice "$TOOLS/steershell" -c '"$@"; exit $?' -
	want_line '(^|, )remote\.session(,|$)' <(findings)
	want flag $REMOTE
	want_eq true "$(fg_last_of witness '.stated | any(. == "remote")')"
	stated bastion alice bash -c '"$@"; exit $?' -
	no_line 'remote\.session' <(findings)
	want_not flag $REMOTE
}

# In no record and no log.
nothing_told_to_others()
{
	local word

	for word in "$(of_it '.gateway[0]')" "$(tail -c +30 "$KEY")"; do
		want_not grep -qF -- "$word" "$FG_AUDIT" "$FG_WORK/daemon.log"
	done
	want_eq "" "$(fg_of_event witness | jq -r 'keys - ["v", "seq", "ts",
	    "event", "jumphost", "user", "findings", "stated", "by", "prev",
	    "hash"] | .[]')"
}

# By what the jump host alone can compare.
at_a_site()
{
	local here mac=3c:37:12:01:02:03

	stated bastion alice
	want_eq 0000000000000000 "$(of_it '.gateway[0]')"
	ip link add up0 type veth peer name peer0 &&
	    ip address add 198.51.100.2/24 dev up0 &&
	    ip link set up0 up && ip link set peer0 up &&
	    ip route add default via 198.51.100.1 &&
	    ip neighbour add 198.51.100.1 lladdr "$mac" dev up0 nud permanent
	sleep 1.1 # a look is so old at most
	stated bastion bob
	here=$(statement site bastion "$mac")
	want_eq "$here" "$(of_it '.gateway[0]')"
	want_not test "$here" = "$(statement site other "$mac")"
	nothing_told_to_others
	ip link delete up0
}

# What nobody could look at is not clean.
a_scanner_that_hangs()
{
	local scanner

	scanner=$(fg_scanner)
	sleep 1.1
	kill -STOP "$scanner"
	want ask bastion alice
	kill -CONT "$scanner"
	want statement open bastion "$T" alice <"$FG_WORK/answer" >"$STATED"
	want_eq "$((LENGTH + 1))" "$(stat -c %s "$FG_WORK/answer")"
	want flag $PARTIAL
	want_eq 'remote.unknown:partial' "$(findings)"
	want fg_alive "$FG_PID"
}

# The pinned hosts are those of the configuration that is in force.
another_configuration()
{
	cp "$FG_CONF" "$FG_WORK/conf"
	sed -i '/^jumphost bastion/,/^}/d' "$FG_CONF"
	says 0 reload
	fails 8
	sed "s/\"$HOST\"/\"new.example.org\"/" "$FG_WORK/conf" >"$FG_CONF"
	says 0 reload
	fails 9
	want_line "uid $(id -u alice): the challenge of jumphost bastion has \
come from $HOST\$" "$FG_WORK/daemon.log"
	cp "$FG_WORK/conf" "$FG_CONF"
	says 0 reload
	stated bastion alice
}

# farmgate-attest, as ssh calls it.
helper()
{
	[ -x "$FG_BIN/farmgate-attest" ] || return 0
	T=$(statement token bastion)
	want as_user alice "$FG_BIN/farmgate-attest" "(alice@$HOST) $T: " \
	    >"$FG_WORK/answer"
	want statement open bastion "$T" alice <"$FG_WORK/answer" >"$STATED"
	want_not as_user alice "$FG_BIN/farmgate-attest" \
	    "(alice@evil.example.org) $(statement token bastion): " \
	    >"$FG_WORK/answer"
	want_eq "" "$(cat "$FG_WORK/answer")"
}

# As git and rsync do: more than are answered at once, so that some wait.
helpers_at_once()
{
	local n pids=() failed=0

	[ -x "$FG_BIN/farmgate-attest" ] || return 0
	T=$(statement token bastion)
	for n in {1..20}; do
		as_user alice "$FG_BIN/farmgate-attest" "(alice@$HOST) $T: " \
		    >"$FG_WORK/answer-$n" 2>"$FG_WORK/said-$n" &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n" || failed=$((failed + 1))
	done
	want_eq 0 "$failed"
	sort "$FG_WORK"/said-* | uniq -c
	for n in {1..20}; do
		want statement open bastion "$T" alice \
		    <"$FG_WORK/answer-$n" >"$STATED"
	done
}

a_desktop_that_is_shown()
{
	want x11vnc_start alice 1
	want viewer_connect
	want sees x11vnc active
	stated bastion alice
	want_line '(^|, )remote\.desktop:active x11vnc(,|$)' <(findings)
	stated bastion bob
	no_line 'remote\.desktop' <(findings)
	want viewer_disconnect
	want x11vnc_stop
}

no_socket()
{
	fg_stop
	rm -f /run/farmgate/*.sock
	want fg_start
	want test ! -e /run/farmgate/witness.sock
	says 0 status
	want_line '^ +answers 2 jump hosts, but nobody can ask: ' "$OUT"
	want gate gate alice 127.0.0.2
	fg_stop
}

# Who asks while the daemon is away waits for the next one.
passed_socket()
{
	rm -f /run/farmgate/*.sock
	python3 "$FG_TOP/tests/lib/manager.py" "$FG_CONF" witness \
	    >"$FG_WORK/manager" 2>&1 </dev/null &
	FG_PID=$!
	want fg_until 10 farmgatectl status
	want_eq 666 "$(stat -c %a /run/farmgate/witness.sock)"
	stated bastion alice
	kill -USR1 "$FG_PID"
	stated bastion bob
	fg_stop
	want test ! -e /run/farmgate/witness.sock
}

setup_gate
install -d -m 0755 "$ASK"
install -m 0644 "$FG_TOP/tests/lib/wire.py" \
    "$FG_TOP/tests/lib/ask_witness.py" "$ASK"
witness_conf | fg_conf
fg_pam gate
new_key
fg_start -w || {
	echo "FAIL the daemon starts with witness.sock"
	exit 1
}
python3 "$FG_TOP/tests/system/99_witness.py" "$FG_PID" || T_FAILED=1
fg_stop
fg_forget
tools
run "without a device key nobody is answered" without_a_key
run "a device key that others could have is refused loudly" with_a_bad_key
rm -f "$TOOLS"/*
run "with one the pinned jump hosts are answered" with_a_key
run "another device key than the daemon's is told" another_key_needs_a_restart
run "the scanner never has the device key" scanner_has_no_key
run "where it is only this jump host can compare" at_a_site
run "what could not be looked at is stated so" a_scanner_that_hangs
run "who is pinned follows the configuration" another_configuration
run "the helper that ssh runs is answered, at the right host" helper
run "of many helpers at once each has its turn" helpers_at_once
tools
want fg_restart -w
run "a tool in use is stated to whom it matters" a_tool_in_use
run "who sits in others' session is stated to" in_a_session_of_others
TREES_NEEDED="x x11vnc viewer"
# shellcheck disable=SC2086 # a list
if tree_have $TREES_NEEDED; then
	fg_catalogue
	install_trees $TREES_NEEDED
	want fg_restart -w
	screen_start alice 1 || echo "FAIL alice's screen"
	screen_start dave 2 || echo "FAIL the screen of who looks"
	run "x11vnc that somebody looks through is stated" \
	    a_desktop_that_is_shown
	stop_all
else
	skip "x11vnc that somebody looks through is stated" "$TREE_LACKS"
fi
run "without the socket all is as before" no_socket
run "a socket that the service manager has bound is served" passed_socket
finish
