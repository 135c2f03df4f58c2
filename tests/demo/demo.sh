#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Real logins, decided, recorded and explained, on a private copy of this
# machine that is gone afterwards. Needs root, a built tree and the country
# database of farmgate-geodata; `make demo' sees to all three. Each step knows
# what it must show: if it shows anything else, the demo says so and fails.

FG_QUIET=
. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/sessions.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/demo/laptop.sh"
. "$FG_TOP/tests/demo/audit.sh"

GEO=/var/lib/geo
AT_ONCE=ignore
ABROAD=deny
DEVICE=
UNEXPECTED=0
STEP=0
HEAD=
FG_SSHD_OPTIONS=	# to the system log, which is looked at in the end

if [ -t 1 ] && [ "$TERM" != dumb ]; then
	bold=$'\033[1m' dim=$'\033[2m' red=$'\033[31m' green=$'\033[32m'
	yellow=$'\033[33m' plain=$'\033[0m'
else
	bold='' dim='' red='' green='' yellow='' plain=''
fi

# How it is told ----------------------------------------------------------

step()
{
	STEP=$((STEP + 1))
	printf '\n%s%d. %s%s\n' "$bold" "$STEP" "$1" "$plain"
	shift
	[ $# -eq 0 ] || printf '   %s\n' "$@"
}

command_line()
{
	printf '   %s$ %s%s\n' "$dim" "$*" "$plain"
}

# ARGUMENT...: as they are typed.
quoted()
{
	local a

	for a; do
		case $a in
		*[!A-Za-z0-9_./:=+@%,-]*) printf ' "%s"' "$a" ;;
		*)	printf ' %s' "$a" ;;
		esac
	done
}

indent()
{
	sed "s/^/     ${1:-}/"
}

# Lines that are longer than a terminal is wide, cut where it shows.
shorten()
{
	sed -E 's/^(.{73}).{4,}$/\1.../'
}

# As wide as the rows are, with as much of a key as tells it apart.
short_keys()
{
	sed -E 's/ (SHA256:.{8}).*/ \1.../'
}

# COMMAND...: it must succeed, as the tests' parts that are used here have it.
want()
{
	"$@" || expect "\`$*'" done "not done"
}

# WHAT EXPECTED ACTUAL
expect()
{
	[ "$2" != "$3" ] || return 0
	UNEXPECTED=$((UNEXPECTED + 1))
	printf '   %sUNEXPECTED: %s should be %s and is %s%s\n' "$red" "$1" \
	    "$2" "$3" "$plain"
}

table_head()
{
	printf '   %s%-6s %-20s %-7s %-30s %-18s %s%s\n' "$bold" USER ORIGIN \
	    PLACE FINDINGS VERDICT REFERENCE "$plain"
}

# VERDICT PLACE WHY: the last decision of the audit trail as a row, and what it
# must be. WHY is what decided: a finding, the name of a combination, or policy,
# against which nothing was found.
row()
{
	local user origin place findings verdict would ref why colour shown

	IFS=$'\t' read -r user origin place findings verdict would ref why \
	    < <(fg_last '[.user,
		(.origin.address // .rhost // .origin.kind) +
		(if .origin.inherited then " (session)" else "" end),
		(.place.country // .origin.class // "-"),
		(([.findings[] | select(.action != "ignore") | .code +
		(if .grade then ":" + .grade else "" end)] | join(" ")) as $f |
		if $f == "" then "-" else $f end),
		.verdict, .would, .ref,
		(.decided | .finding // .combination // .failure // .by)] |
		@tsv')
	shown=$verdict
	colour=$green
	[ "$verdict" = allow ] || colour=$red
	if [ "$verdict" != "$would" ]; then
		shown="$verdict (would $would)"
		colour=$yellow
	fi
	printf '   %-6s %-20s %-7s %-30s %s%-18s%s %s\n' "$user" "$origin" \
	    "$place" "$findings" "$colour" "$shown" "$plain" "$ref"
	expect "the verdict" "$1" "$shown"
	expect "the place" "$2" "$place"
	expect "the reason" "$3" "$why"
}

# What happens ------------------------------------------------------------

# What there is beside countries, where npm was there to get it.
demo_points()
{
	[ -s "$GEO/asn.mmdb" ] || return 0
	cat <<-EOF
	database city { files = {"$GEO/city-ipv4.mmdb", "$GEO/city-ipv6.mmdb"} }
	database asn { files = "$GEO/asn.mmdb" }
	asn hosting { files = "$FG_TOP/conf/asn-hosting.list" kind = "hosting" }

	EOF
}

# A rule for what the databases cannot find would be an error.
demo_moves()
{
	[ ! -s "$GEO/asn.mmdb" ] ||
		printf ',\n    "geo.travel = %s", "net.asn:new = ignore"' \
		    "$AT_ONCE"
}

# What may be on the machine itself; that has process ids of its own here.
demo_machine()
{
	cat <<-EOF
	catalogue = {"/etc/farmgate/catalogue"}
	scan { interval = "2s" contained = "yes" }
	EOF
}

demo_conf()
{
	cat <<-EOF
	mode = ${1:-enforce}
	help = "Call the help desk, extension 100."
	terminate = "yes"
	$([ -z "$DEVICE" ] || echo 'step_up = {"device"}')
	# Ignored up to a later step: the demo comes from everywhere at once.
	actions = {"session.places = $AT_ONCE", "session.shared_source = $AT_ONCE"$(demo_moves)$(demo_device)}
	$(demo_machine)
	while_open = {"remote.tool:active = terminate"}
	database country { files = "$GEO/country.mmdb" }
	$(demo_points)
	# Loopback addresses stand for places: no traffic leaves this machine.
	network oslo { cidr = {"127.0.0.2/32"} place = "NO" }
	network recife { cidr = {"127.0.0.3/32"} place = "BR" }
	network malmo { cidr = {"127.0.0.5/32"} place = "SE" }
	network exit { cidr = {"127.0.0.4/32"} place = "NO" label = "vpn" }
	network vpns { files = "/etc/farmgate/vpns.cidr" kind = "vpn" }

	policy staff {
	    users = {"@staff"}
	    countries = {"NO", "SE"}
	    actions = {"geo.country = $ABROAD", "net.listed:vpn = deny",
	        "time.hours = deny", "remote.tool:active = deny"}
	    $(demo_combination)
	}
	EOF
}

# Whether laptops are asked. The one of the demo is this machine, which may be
# a virtual one.
demo_device()
{
	[ -z "$DEVICE" ] ||
		printf ',\n    "device.unenrolled:unattested = challenge device",\n    "device.virtual = ignore"'
}

# Weak signs that count together.
demo_combination()
{
	[ ! -s "$GEO/asn.mmdb" ] ||
		echo 'combination farm { findings = {"net.hosting", "geo.distance"} action = "deny" }'
}

# USER ADDRESS VERDICT PLACE WHY: a login from a public address, by PAM alone.
from_address()
{
	gate_login "$1" "$2" >/dev/null 2>&1
	row "$3" "$4" "$5"
}

# The same, with a session that is over at once: where they were is remembered.
in_from_address()
{
	gate_login "$1" "$2" open_session close_session >/dev/null 2>&1
	row "$3" "$4" "$5"
}

gate_login()
{
	local user=$1 address=$2

	shift 2
	pamtester -I "rhost=$address" gateway "$user" acct_mgmt "$@"
}

# USER FROM: a session that stays open; $CLIENT is its client, whose last words
# are in $SAID.
stay()
{
	SAID=$FG_WORK/said
	# whose login was before may not be out yet
	fg_until 5 eval '[ "$(fg_status .sessions)" -eq 0 ]'
	command_line "ssh -b $2 $1@jumphost &   # and stays"
	fg_ssh key "$1" "$2" "$STAY" >"$SAID" 2>&1 &
	CLIENT=$!
	fg_until 5 eval '[ "$(fg_status .sessions)" -eq 1 ]'
	expect "the number of sessions" 1 "$(fg_status .sessions)"
}

nobody_is_in()
{
	fg_until 15 eval '[ "$(farmgatectl sessions)" = none ]'
}

# CODE: the evidence for it in the last decision, folded.
because()
{
	command_line "farmgatectl explain $(fg_last .ref)   # the evidence for $1"
	fg_last '.findings[] | tojson' | grep -F "\"$1\"" | jq -r .text |
	    fold -s -w 70 | sed 's/ $//' | indent
}

# METHOD USER FROM VERDICT [PLACE WHY]: a login through sshd, as the user sees
# it. Without the last two the daemon was not there to decide it.
login()
{
	local out rc=0 want=0

	command_line "ssh -b $3 $2@jumphost   # $1"
	out=$(fg_ssh "$1" "$2" "$3" 'echo "$(id -un) is in, on $(hostname)${FARMGATE_REF:+, reference $FARMGATE_REF}"' 2>&1) || rc=$?
	tr -d '\r' <<<"$out" | grep -v '^$' | indent
	[ "$4" != deny ] || want=255
	expect "the exit status of ssh" "$want" "$rc"
	[ -n "${5:-}" ] || return 0
	[ "$HEAD" = "$STEP" ] || table_head
	HEAD=$STEP
	row "$4" "$5" "$6"
}

# The module's own words about the last login.
said()
{
	tail -n 20 "$FG_SYSLOG" | jq -r . | grep -o 'pam_farmgate.*' | tail -n 1 |
	    indent
}

reload()
{
	demo_conf "$1" | fg_conf
	command_line "farmgatectl reload   # mode = $1"
	farmgatectl reload | shorten | indent
}

introduce()
{
	cat <<-EOF
	${bold}Farmgate: real logins, decided by where they come from${plain}

	   All of this happens on a private copy of this machine, with its own
	   network (loopback only), processes, /etc, /run and users. At the end
	   the machine is compared with what it was.
	EOF
}

prepare()
{
	[ -s "$FG_TOP/build/geo/country.mmdb" ] || {
		echo "demo: no country database; run make geodata" >&2
		exit 1
	}
	fg_install
	mkdir -p "$GEO"
	mount --bind "$FG_TOP/build/geo" "$GEO"
	install -m 0644 /dev/stdin /etc/farmgate/vpns.cidr <<-EOF
	# An example of a list as people have them: of a VPN provider's network.
	193.138.218.0/24   # exit addresses
	EOF
	fg_catalogue
	fg_private_pam
	sessions_pam
	fg_pam gateway
	sed -i 's/^auth.*/auth required pam_permit.so/' /etc/pam.d/gateway
	printf 'root ALL=(ALL) ALL\nalice ALL=(ALL) NOPASSWD: ALL\n' | fg_sudoers
}

show_gate()
{
	demo_conf | fg_conf
	step "The gate: one configuration, two processes without root"
	grep -v '^ *$' "$FG_CONF" | indent
	fg_start || {
		echo "demo: the daemon does not start:" >&2
		cat "$FG_WORK/daemon.log" >&2
		exit 1
	}
	command_line "ps -o user,pid,ppid,args -p $FG_PID --ppid $FG_PID"
	ps -o user:14,pid,ppid,args -p "$FG_PID" --ppid "$FG_PID" |
	    shorten | indent
	fg_sshd_start
}

show_countries()
{
	step "Logins from public addresses, placed by a real country database" \
	    "pamtester hands PAM the address of a login; nothing is sent there." \
	    "The database: $(sed -n '/^Licence: /{s///p;q}' "$FG_TOP/build/geo/ATTRIBUTION")" \
	    "(build/geo/ATTRIBUTION)."
	command_line "pamtester -I rhost=ADDRESS gateway alice acct_mgmt"
	table_head
	from_address alice 129.240.2.6 allow NO policy
	from_address alice 130.237.28.40 allow SE policy
	from_address bob 8.8.8.8 deny US geo.country
	from_address alice 2001:4860:4860::8888 deny US geo.country
	from_address alice 200.160.2.3 deny BR geo.country
	from_address bob 133.11.0.1 deny JP geo.country
	from_address alice 175.45.176.1 deny KP geo.country
	from_address alice 10.20.30.40 allow private policy
	from_address alice example.com deny - geo.unknown:no_address
}

# HOUR: now and HOUR hours later, as a time of the day in UTC.
clock_in()
{
	date -u -d "now + $1 hours" +%H:%M
}

# What is usual for whom. Carol works from two hours from now on, for an hour.
demo_people()
{
	cat <<-EOF
	user,groups,countries,home,radius,hours,zone,valid_until
	alice,,NO SE,"59.91,10.75",150km,,Europe/Oslo,
	bob,,NO SE DE,"59.33,18.07",150km,,Europe/Stockholm,
	carol,staff,NO,,,mon-sun 00:00-00:01,,
	dave,staff,NO,,,,,2026-01-31
	EOF
}

# ARGUMENT...: a command of farmgatectl, as it is typed, and what it says; FIT
# makes it fit.
control()
{
	local out rc=0

	command_line "farmgatectl$(quoted "$@")"
	out=$(farmgatectl "$@" 2>&1) || rc=$?
	${FIT:-shorten} <<<"$out" | indent
	expect "the exit status" 0 "$rc"
}

show_people()
{
	step "People: what is usual for whom, and what is not" \
	    "An inventory says who may come from where and when. Nothing of it is" \
	    "required: what is empty makes no rule."
	demo_people | sed "s/00:00-00:01/$(clock_in 2)-$(clock_in 3)/" \
	    >/etc/farmgate/people.csv
	command_line "cat people.csv"
	indent </etc/farmgate/people.csv
	control inventory import /etc/farmgate/people.csv
	table_head
	echo "   at home:"
	from_address alice 129.240.2.6 allow NO policy
	echo "   abroad:"
	from_address alice 133.11.0.1 deny JP geo.country
	echo "   out of hours:"
	from_address carol 129.240.2.6 deny NO time.hours
	echo "   gone since January:"
	from_address dave 129.240.2.6 deny NO person.revoked
	echo "   on a list of VPN exits, though in the right country:"
	from_address alice 193.138.218.10 deny SE net.anonymizer:vpn
	if [ -s "$GEO/asn.mmdb" ]; then
		echo "   in a data centre, and far from home: together too much"
		from_address bob 88.198.0.1 deny DE farm
	fi
	echo "   Alice travels. Exceptions are for one finding, and end by themselves:"
	control except add alice --finding geo.country --country JP \
	    --until +8h --reason "conference in Tokyo"
	table_head
	from_address alice 133.11.0.1 allow JP policy
	from_address alice 8.8.8.8 deny US geo.country
	control person alice --from 133.11.0.1
}

show_sshd()
{
	step "A real sshd: key, password and keyboard-interactive" \
	    "The last thing a refused user sees is a neutral line, the reference" \
	    "to tell the help desk, and the administrator's own words."
	login key alice 127.0.0.2 allow NO policy
	login key alice 127.0.0.3 deny BR geo.country
	DENIED=$(fg_last .ref)
	login password bob 127.0.0.2 allow NO policy
	login password bob 127.0.0.3 deny BR geo.country
	login kbdint alice 127.0.0.2 allow NO policy
	login kbdint alice 127.0.0.4 deny NO net.listed:vpn
}

show_sudo()
{
	local out

	step "sudo inside an ssh session counts from where the session came"
	command_line "ssh -b 127.0.0.2 alice@jumphost sudo id -un"
	out=$(fg_ssh key alice 127.0.0.2 'sudo -n id -un' 2>&1)
	indent <<<"$out"
	expect "the user" root "$out"
	table_head
	row allow NO policy
	expect "the inherited address" 127.0.0.2 "$(fg_last .origin.address)"
}

# The organisation's own tool, as the administrator describes it. None of the
# catalogue's is on every machine: a Python that waits for a call stands in.
desk_help()
{
	cat <<-EOF
	tool "desk-help" {
	    title = "Desk Help"
	    kind = "rmm"
	    exe = {"$1"}
	    listen = {"tcp/7099"}
	    active = {"listen"}
	    steers = "seat"
	    source = "the vendor's manual"
	}
	EOF
}

# PROGRAM: it waits, and then somebody calls.
desk_help_start()
{
	install -m 0755 "$(readlink -f "$(command -v python3)")" "$1"
	"$1" -Ic 'import socket, time
s = socket.create_server(("127.0.0.1", 7099))
calls = []
while True:
    calls.append(s.accept())' &
	HELPER=$!
	fg_until 5 eval 'exec 9<>/dev/tcp/127.0.0.1/7099' 2>/dev/null
	exec 9>&-
}

show_remote()
{
	local program=$FG_WORK/desk-help ref

	step "Remote control: is this machine steered from elsewhere?" \
	    "The shipped catalogue: $(farmgatectl catalogue list --json |
		wc -l) tools and devices. An own one takes no code:"
	desk_help "$program" | tee /etc/farmgate/catalogue/own.conf | indent
	FIT="tail -n 1" control catalogue check
	reload enforce
	desk_help_start "$program"
	# A login may go by a look of the second before.
	fg_until 5 eval 'farmgatectl scan | grep -q desk-help'
	echo "   it runs, and nobody is connected:"
	login key alice 127.0.0.2 allow NO policy
	stay bob 127.0.0.2
	ref=$(fg_last_of open .ref)
	echo "   somebody calls while bob is in:"
	exec 9<>/dev/tcp/127.0.0.1/7099
	show_end
	command_line "farmgatectl explain $ref   # the end of it"
	farmgatectl explain "$ref" | grep -A 1 'remote.tool:active' | indent
	echo "   and who comes now:"
	login key alice 127.0.0.2 deny NO remote.tool:active
	echo "   this machine, as far as the demo's own process numbers go:"
	control scan
	exec 9>&-
	kill "$HELPER"
	wait "$HELPER" 2>/dev/null
	rm /etc/farmgate/catalogue/own.conf "$program"
	echo "   the tool and its entry are taken away again:"
	reload enforce
}

# From now on whoever comes from an unexpected country is asked.
ask_abroad()
{
	ABROAD='challenge any totp approval'
	demo_conf | fg_conf
	command_line "grep geo.country farmgate.conf"
	grep -o '"geo.country = [^"]*"' "$FG_CONF" | indent
	command_line "farmgatectl reload"
	farmgatectl reload | shorten | indent
	asking_pam sshd
	sed -i '0,/^session/s//session  required pam_loginuid.so\n&/' \
	    /etc/pam.d/sshd
	command_line "head -n 2 /etc/pam.d/sshd   # who asks stands behind the password"
	head -n 2 /etc/pam.d/sshd | sed "s|$FG_BIN/||" | indent
}

# What the user sees and types, from the prompts and the answers ("-" for what
# is not shown).
dialogue()
{
	local answer asked

	while IFS= read -r asked; do
		answer=${1-}
		[ $# -eq 0 ] || shift
		[ "$answer" != - ] || answer='********'
		printf '     %s%s%s%s\n' "$asked" "$bold" "$answer" "$plain"
	done < <(prompts)
}

# CODE VERDICT WHY: alice comes from Brazil with her password and this code.
prove()
{
	local rc=0 want=0

	command_line "ssh -b 127.0.0.3 alice@jumphost"
	asked alice 127.0.0.3 alice-pw "$1" -- \
	    'echo "$(id -un) is in, on $(hostname)"' >"$FG_WORK/got" 2>&1 || rc=$?
	dialogue - "$1"
	tr -d '\r' <"$FG_WORK/got" | grep -Ev '^$|^Warning: |Permission denied' |
	    indent
	[ "$2" != deny ] || want=255
	expect "the exit status of ssh" "$want" "$rc"
	[ "$HEAD" = "$STEP" ] || table_head
	HEAD=$STEP
	row "$2" BR "$3"
}

# Programs of the administrators' for what they want to be told at once.
start_hooks()
{
	install -d -m 0755 /etc/farmgate/hooks
	cat >/etc/farmgate/hooks/approval <<-EOF
	#!/bin/sh
	echo "\$FARMGATE_USER@\$FARMGATE_HOST waits: approve \$FARMGATE_REF?" >$FG_WORK/phone/new
	mv $FG_WORK/phone/new $FG_WORK/phone/message
	EOF
	chmod 0755 /etc/farmgate/hooks/approval
	install -d -o farmgate-hooks "$FG_WORK/phone"
	farmgate-hooks 2>"$FG_WORK/hooks.log" &
	FG_HOOKS_PID=$!
	fg_until 5 grep -q ready "$FG_WORK/hooks.log"
}

# Bob has no codes. Carol, who has logged in as well, knows his voice.
approved()
{
	local rc=0

	echo "   Bob has no codes. He telephones Carol, and tells her the number:"
	waiting_program
	start_hooks
	command_line "ssh -b 127.0.0.3 bob@jumphost"
	begins bob 127.0.0.3
	sed -n 's/^([a-z]*@[^)]*) //p' "$FG_WORK/prompts-bob" | fold -s -w 70 |
	    indent
	fg_until 5 test -e "$FG_WORK/phone/message"
	echo "   on Carol's telephone, by the program /etc/farmgate/hooks/approval:"
	indent <"$FG_WORK/phone/message"
	command_line "farmgatectl approvals   # carol, at another terminal"
	by carol farmgatectl approvals | shorten | indent
	command_line "farmgatectl approve $REF $(number bob)"
	by carol farmgatectl approve "$REF" "$(number bob)" | shorten | indent
	presses_enter bob
	wait "$CLIENT" || rc=$?
	kill "$FG_HOOKS_PID"
	expect "the exit status of bob's ssh" 0 "$rc"
	row allow BR policy
}

show_step_up()
{
	local right

	step "Step-up: who comes from an unexpected country has to prove it" \
	    "By a code of the moment, or by a second person who knows the user."
	ask_abroad
	command_line "farmgatectl totp enrol alice   # her phone reads the QR code"
	enrol_quickly alice
	sed -n 's/.*\(enrolled: \)/\1/p' "$FG_WORK/enrolled" | shorten | indent
	answering_program
	right=$(fresh_code alice)
	prove 000000 deny challenge.failed
	prove 111111 deny challenge.failed
	prove "$right" allow policy
	echo "   the same code again:"
	prove "$right" deny challenge.failed
	echo "   a key alone is never asked, and its user is told what to do:"
	login key alice 127.0.0.3 deny BR challenge.impossible
	echo "   at home nobody is asked:"
	login kbdint alice 127.0.0.2 allow NO policy
	approved
	ABROAD=deny
	reload enforce
	sessions_pam
}

show_explain()
{
	step "Why? Every decision has a reference, and every reference an answer"
	command_line "farmgatectl explain $DENIED"
	farmgatectl explain "$DENIED" | indent
	expect "the exit status of explain" 0 "${PIPESTATUS[0]}"
}

show_test()
{
	step "What if? The same decision, without a login"
	command_line "farmgatectl test --user bob --from 200.160.2.3"
	farmgatectl test --user bob --from 200.160.2.3 2>&1 | indent
	expect "what test says" 1 "$(farmgatectl test --user bob \
	    --from 200.160.2.3 2>&1 | grep -c '^deny\b')"
}

# From now on what may happen once, and not everywhere at once, is refused.
refuse_at_once()
{
	AT_ONCE=deny
	demo_conf | fg_conf
	command_line "grep -A 1 ^actions farmgate.conf"
	grep -A 1 '^actions' "$FG_CONF" | indent
	command_line "farmgatectl reload"
	farmgatectl reload | shorten | indent
}

show_places()
{
	step "Sessions: one person at two places" \
	    "Who is in counts until the processes of the session have ended."
	nobody_is_in
	refuse_at_once
	stay alice 127.0.0.2
	FIT=short_keys control sessions
	login key alice 127.0.0.5 deny SE session.places
	because session.places
	fg_ssh_end "$CLIENT"
	nobody_is_in
	echo "   the first session has ended:"
	login key alice 127.0.0.5 allow SE policy
	nobody_is_in
}

show_journey()
{
	[ -s "$GEO/city-ipv4.mmdb" ] || return 0
	step "An impossible journey: Oslo, and Tokyo in the next second" \
	    "The exception for her journey is about the country alone."
	command_line "pamtester -I rhost=ADDRESS gateway alice acct_mgmt open_session"
	table_head
	in_from_address alice 129.240.2.6 allow NO policy
	in_from_address alice 133.11.0.1 deny JP geo.travel
	because geo.travel
}

show_farm()
{
	step "Three people behind one address, as in a laptop farm" \
	    "Carol works at any hour from now on."
	sed -i '/^carol/s/mon-sun [^,]*//' /etc/farmgate/people.csv
	control inventory import /etc/farmgate/people.csv
	table_head
	in_from_address alice 129.240.2.77 allow NO policy
	in_from_address bob 129.240.2.77 allow NO policy
	in_from_address carol 129.240.2.77 deny NO session.shared_source
	because session.shared_source
	echo "   and two of them again, at another address:"
	in_from_address carol 158.36.0.1 allow NO policy
	in_from_address bob 158.36.0.1 allow NO policy
	echo "   all of it at one look, of one machine or of what several export;"
	echo "   the demo's places are loopback addresses, which tie nobody together:"
	control farm
}

# What the client sees when its session is ended from outside.
show_end()
{
	local rc=0

	wait "$CLIENT" || rc=$?
	# by way of a filter, which ends later
	fg_until 3 grep -q closed "$SAID"
	echo "   the client:"
	grep -v '^$' "$SAID" | tr -d '\r' | indent
	expect "the exit status of ssh" 255 "$rc"
}

show_revoke()
{
	step "Out: access taken back, and the open session with it" \
	    "The scanner ends what the kernel ties to the session, and nothing" \
	    "else. What acts without a login is listed."
	stay bob 127.0.0.2
	FIT=short_keys control revoke bob --kill --reason "left the company"
	show_end
	login key bob 127.0.0.2 deny NO person.revoked
	control sessions
}

# Another host, as far as Farmgate goes: a daemon with people, sessions and an
# audit log of its own, and a PAM service that asks it.
branch_conf()
{
	cat <<-EOF
	bundle_keys = {"$1"}
	state = "/var/lib/branch"
	audit = "/var/log/branch/audit.jsonl"
	$(demo_machine)
	database country { files = "$GEO/country.mmdb" }
	policy all { countries = {"NO", "SE"} }
	EOF
}

branch_start()
{
	install -d -m 0700 -o farmgate -g farmgate /var/lib/branch
	install -d -m 2750 -o farmgate -g adm /var/log/branch
	fg_pam branch socket=/run/branch/policy.sock
	sed -i 's/^auth.*/auth required pam_permit.so/' /etc/pam.d/branch
	farmgate-policyd -c /etc/farmgate/branch.conf -r /run/branch \
	    -u farmgate -s farmgate-scan -F kill \
	    >>"$FG_WORK/branch.log" 2>&1 </dev/null &
	BRANCH_PID=$!
	fg_until 10 farmgatectl -S /run/branch sessions
	expect "the second daemon" running \
	    "$(fg_alive "$BRANCH_PID" && echo running)"
}

# VERDICT WHY: bob comes there, from Oslo.
bob_at_branch()
{
	local FG_AUDIT=/var/log/branch/audit.jsonl

	pamtester -I rhost=129.240.2.6 branch bob acct_mgmt >/dev/null 2>&1
	row "$1" NO "$2"
}

show_bundle()
{
	local dir=/etc/farmgate

	step "Out everywhere: a bundle carries it to the other hosts, signed" \
	    "The second host is a daemon with people and records of its own. It" \
	    "believes whom its farmgate.conf names, by this key:"
	control bundle keygen $dir/bundle.key
	branch_conf "$(farmgatectl bundle public $dir/bundle.key)" \
	    >$dir/branch.conf
	control bundle export --key $dir/bundle.key $dir/people.bundle
	command_line "grep ^bundle_keys branch.conf   # on the second host"
	grep '^bundle_keys' $dir/branch.conf | indent
	branch_start
	control -S /run/branch bundle import $dir/people.bundle
	table_head
	bob_at_branch deny person.revoked
	echo "   it was a mistake, and is mended where it was made:"
	control unrevoke bob
	control bundle export --key $dir/bundle.key $dir/people.bundle
	control -S /run/branch bundle import $dir/people.bundle
	table_head
	bob_at_branch allow policy
	kill "$BRANCH_PID"
	wait "$BRANCH_PID" 2>/dev/null
	HEAD=$STEP
	login key bob 127.0.0.2 allow NO policy
}

show_observe()
{
	step "Observe: decide and record everything, refuse nobody"
	AT_ONCE=ignore
	reload observe
	login key alice 127.0.0.3 "allow (would deny)" BR geo.country
	reload enforce
}

show_stopped()
{
	step "Without the daemon the PAM line alone decides: by default, nobody"
	command_line "kill $FG_PID   # the daemon"
	fg_stop
	login key alice 127.0.0.2 deny
	echo "   syslog:"
	said
	echo "   the same with the word observe on the PAM line:"
	fg_pam sshd observe
	login key alice 127.0.0.2 allow
	said
	sessions_pam
	fg_start
}

show_status()
{
	step "How is it?"
	command_line farmgatectl status
	farmgatectl status | grep -v sha256 | shorten | indent
	expect "the exit status of status" 0 "${PIPESTATUS[0]}"
}

closed()
{
	tail -n 1 "$FG_AUDIT" | grep -q '"event":"close"'
}

show_records()
{
	step "What is on record: one line each, chained by SHA-256"
	fg_ssh key bob 127.0.0.2 true 2>/dev/null
	fg_until 3 closed
	command_line "tail -n 4 $FG_AUDIT   # shortened"
	tail -n 4 "$FG_AUDIT" | jq -c '{seq, ts, event, ref, user, verdict, reason,
		hash: (.hash[0:8] + "...")} | del(.[] | nulls)' | indent
	command_line "python3 conf/audit-verify.py $FG_AUDIT   # computes the chain anew"
	python3 "$FG_TOP/conf/audit-verify.py" "$FG_AUDIT" | indent
	expect "the verifier's exit status" 0 "${PIPESTATUS[0]}"
}

show_absent()
{
	step "What is not there yet" \
	    "Device keys that cannot leave a laptop. They are files, which root" \
	    "there can copy, and a copy is found out when both are used."
}

introduce
prepare
show_gate
show_countries
show_people
show_sshd
show_sudo
show_remote
show_explain
show_test
show_step_up
show_places
show_journey
show_farm
show_revoke
show_bundle
show_observe
show_laptop
show_status
show_stopped
show_records
show_verify
show_replay
show_reconcile
show_report
show_absent
echo
if [ "$UNEXPECTED" -gt 0 ]; then
	echo "${red}Not as it should be: $UNEXPECTED, marked above.${plain}"
	exit 1
fi
echo "${bold}Every login ended as it should.${plain}"
