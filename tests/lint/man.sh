#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The manual pages against the tables of the source: what one has and the
# other has not is a failure, in both directions. The worked examples of
# farmgate-audit(5) and farmgate-auditor(7) are run.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
. tests/lib/members.sh
. tests/lib/options.sh

WORK=$(mktemp -d)
export T_LOG=$WORK/log
trap 'rm -rf "$WORK"' EXIT

# SOURCE PAGE: two sorted lists on the files of these names in $WORK.
want_same()
{
	want test -s "$WORK/$1"
	want_eq "" "$(diff "$WORK/$1" "$WORK/$2")"
}

# MACRO PAGE: the names that items with that macro define, one a line.
items()
{
	sed -n "s/^\.It $1 //p" "$2" |
	    sed 's/ , \([A-Z][a-z] \)*/\n/g' | sed 's/ .*//' | grep '^[a-zA-Z]'
}

pages_are_clean()
{
	local page

	for page in man/*.[1-8]; do
		want_eq "" "$(mandoc -Tlint -Wwarning "$page" 2>&1)"
		want_line '^\.\\" SPDX-License-Identifier: ' "$page"
		want_line '^\.Sh SECURITY CONSIDERATIONS' "$page"
		# a quotation in another one: each needs a line of its own
		no_line '^\..*\<[DSQ][ql]\>.*\<[DSQ][ql]\>' "$page"
	done
}

references_lead_somewhere()
{
	local name section

	grep -ho '^\.Xr [a-z_.-]* [1-8]' man/*.[1-8] | sort -u |
	    while read -r _ name section; do
		case $name in
		*farmgate*) echo "$name.$section" ;;
		esac
	done >"$WORK/xr"
	want test -s "$WORK/xr"
	while read -r name; do
		want test -f "man/$name"
	done <"$WORK/xr"
}

# KIND: the services that the source has for it, lockers with the nested ones.
source_services()
{
	sed -n "/ $1\[\] = {/,/NULL }/p" policyd/conf/conf_services.c
	[ "$1" != nested ] ||
	    sed -n '/^#define LOCKERS/,/^$/p' policyd/conf/conf_services.c
}

services_are_documented()
{
	local kind

	for kind in remote nested console exempt; do
		source_services "$kind" | grep -o '"[^"]*"' | tr -d '"' |
		    sort >"$WORK/source"
		sed -n "/^\.It Ic $kind No = Brq Qo Ar service/,/^\.[IE][tl]/p" \
		    man/farmgate.conf.5 | sed -n '/^Shipped:/,/^\./p' |
		    sed '/^Shipped:/d; /^\./d; s/[,.] */\n/g' |
		    tr ' ' '\n' | grep . | sort >"$WORK/page"
		want_same source page
	done
}

commands_are_documented()
{
	sed -n '/commands\[\] = {/,/^};/s/^\t{ "\([a-z-]*\)", cmd_.*/\1/p' \
	    ctl/farmgatectl.c | sort >"$WORK/source"
	items Cm man/farmgatectl.8 | sort -u >"$WORK/page"
	want_same source page
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Cm \([a-z-]*\).*/\1/p' \
	    man/farmgatectl.8 | sort -u >"$WORK/page"
	want_same source page
}

# Below each command of the synopsis the options of its own usage.
audit_synopsis_is_whole()
{
	local command

	for command in verify reconcile review bundle; do
		"${BUILD:-build}/farmgatectl" audit $command --help |
		    grep -o -- '--[a-z-]*' | sort -u >"$WORK/source"
		sed '/^\.Sh DESCRIPTION/q' man/farmgatectl.8 |
		    sed -n "/^\.Cm audit Cm $command$/,/^\.Nm$/p" |
		    grep -o 'Fl -[a-z-]*' | sed 's/Fl /-/' | sort -u >"$WORK/page"
		want_same source page
	done
}

command_options_are_documented()
{
	options_in ctl/*.c ctl/*/*.c | tr -d = | sort -u >"$WORK/source"
	grep -o 'Fl -[a-z-]*' man/farmgatectl.8 | cut -c5- | sort -u \
	    >"$WORK/page"
	want_same source page
	sed -n '/commands\[\] = {/,/^};/p;/usage: /,/;/p' ctl/farmgatectl.c |
	    grep -o -- '--[a-z-]*' | cut -c3- | sort -u >"$WORK/usage"
	want_same source usage
}

# The table of checks of an sshd: its list begins behind that line.
checks_of_sshd_are_documented()
{
	sed -n 's/^\t{ "\([a-z-]*\)", look_.*/\1/p' ctl/sshd/look.c |
	    sort >"$WORK/source"
	sed -n '/^The checks are:/,/^\.El/p' man/farmgatectl.8 >"$WORK/list"
	items Sy "$WORK/list" | sort >"$WORK/page"
	want_same source page
}

# SOURCE PAGE
options_of()
{
	grep -o 'getopt(argc, argv, "[^"]*"' "$1" |
	    cut -d'"' -f2 | tr -d ':+' | fold -w1 | sort >"$WORK/source"
	items Fl "$2" | cut -c1 | sort >"$WORK/page"
	want_same source page
}

daemon_options_are_documented()
{
	options_of policyd/options.c man/farmgate-policyd.8
	options_of policyd/hooks/hooks.c man/farmgate-hooks.8
}

# With one letter, with more, the commands, and what it finds in its environment.
attest_is_documented()
{
	options_of attest/attest.c man/farmgate-attest.1
	{
		sed -n 's/^\t\t{ "\([a-z-]*\)", no_argument.*/\1/p' attest/*.c
		grep -o 'strcmp(argv\[0\], "--[a-z]*"' attest/attest.c |
		    cut -d'"' -f2 | cut -c3-
	} | sort >"$WORK/source"
	grep -o 'Fl -[a-z]*' man/farmgate-attest.1 | cut -c5- | sort -u \
	    >"$WORK/page"
	want_same source page
	grep -o 'strcmp(argv\[0\], "[a-z]*"' attest/attest.c | cut -d'"' -f2 |
	    sort >"$WORK/source"
	items Cm man/farmgate-attest.1 | sort >"$WORK/page"
	want_same source page
	{
		sed -n 's/^#define ATTEST_[A-Z]*_ENV[[:space:]]*"\(.*\)"/\1/p' \
		    attest/attest.h
		echo SSH_ASKPASS_PROMPT
	} | sort >"$WORK/source"
	items Ev man/farmgate-attest.1 | sort >"$WORK/page"
	want_same source page
}

# The events, and what their programs find in their environment.
events_of_hooks_are_documented()
{
	grep -o '{ "[a-z_]*", HOOK' policyd/hooks/hook_class.c | cut -d'"' -f2 |
	    grep -v none | sort >"$WORK/source"
	items Cm man/farmgate-hooks.8 | sort >"$WORK/page"
	want_same source page
	grep -oh '"FARMGATE_[A-Z_]*"' policyd/hooks/hook_event.c | tr -d '"' |
	    sort >"$WORK/source"
	sed -n 's/^\.It Ev //p' man/farmgate-hooks.8 | sed 's/ , /\n/g' |
	    sort >"$WORK/page"
	want_same source page
}

# The script's own usage says them all, too.
geodata_options_are_documented()
{
	sed -n '/^while \[/,/^done/p' conf/farmgate-geodata |
	    grep -oE '(^[[:space:]]|\|)--[a-z-]+' | sed 's/.*--//' |
	    sort >"$WORK/source"
	grep -o 'Fl -[a-z-]*' man/farmgate-geodata.8 | cut -c5- | sort -u \
	    >"$WORK/page"
	want_same source page
	{ echo help; sed -n '/^usage()/,/^}/p' conf/farmgate-geodata |
	    grep -o -- '--[a-z-]*' | cut -c3-; } | sort -u >"$WORK/usage"
	want_same source usage
}

audit_members_are_documented()
{
	members | sort -u >"$WORK/source"
	{
		items Va man/farmgate-audit.5
		grep '^\.Va ' man/farmgate-audit.5 | cut -d' ' -f2
	} | sort -u >"$WORK/page"
	want_same source page
}

# But for what every entry has.
journal_fields_are_documented()
{
	grep -oE '"[A-Z_0-9]+",' policyd/request/request_log.c | tr -d '", ' |
	    grep -vx MESSAGE | grep -vx SYSLOG_IDENTIFIER |
	    sort -u >"$WORK/source"
	{
		items Ev man/farmgate-audit.5
		sed -n 's/^\.Ev //p' man/farmgate-audit.5
	} | sort -u >"$WORK/page"
	want_same source page
}

audit_events_are_documented()
{
	sed -n 's/^\t\[AUDIT_[A-Z]*\] = "\([a-z]*\)",$/\1/p' \
	    policyd/audit/audit_event.c | sort >"$WORK/source"
	items Cm man/farmgate-audit.5 | sort -u >"$WORK/page"
	want_same source page
}

findings_are_documented()
{
	sed -n 's/^\t\[FINDING_[A-Z_]*\] = { "\([a-z_.]*\)".*/\1/p' \
	    policyd/finding.c | sort >"$WORK/source"
	grep -oE '\<(geo|net|session|remote|device|time|person|challenge)\.[a-z_]+' \
	    man/farmgate.conf.5 | sort -u >"$WORK/page"
	want_same source page
}

failures_are_documented()
{
	local name

	sed -n 's/^\t\[FAILURE_[A-Z_]*\] = { "\([a-z_]*\)".*/\1/p' \
	    policyd/failure.c >"$WORK/source"
	want test -s "$WORK/source"
	while read -r name; do
		want_line "\\b$name\\b" man/farmgate.conf.5
	done <"$WORK/source"
}

# NAME HEADER: a number that the source defines.
limit()
{
	sed -n "s/^#define $1[ \t]*\([0-9]*\)u.*/\1/p" "$2"
}

# PAGE TEXT: it has that, however its lines are broken.
page_says()
{
	want grep -qF "$2" <<<"$(tr '\n' ' ' <"man/$1")"
}

limits_of_step_up_are_documented()
{
	local pending approvals waiting

	approvals=policyd/stepup/approvals.h
	pending=policyd/request/request_prove.h
	waiting=$(limit LOOK_PENDING ctl/sshd/look.h)
	want_eq 1 "$(limit APPROVALS_PERSON_MAX $approvals)"
	page_says farmgate.conf.5 "One login of a person can wait for that at \
a time, $(limit APPROVALS_SOURCE_MAX $approvals) from an address and \
$(limit APPROVALS_MAX $approvals) in all"
	page_says farmgate.conf.5 "At a time \
$(limit PROVE_PENDING_PERSON_MAX $pending) logins of a person can be asked, \
by whatever method, $(limit PROVE_PENDING_SOURCE_MAX $pending) from an \
address and $(limit PROVE_PENDING_MAX $pending) in all"
	page_says farmgatectl.8 "of these $waiting are taken to wait"
	page_says farmgatectl.8 "connections below $((3 * waiting))."
}

limits_of_witness_are_documented()
{
	local pace=policyd/witness/pace.h conn=policyd/conn.h

	page_says farmgate-policyd.8 "at a time \
$(limit CONN_WITNESS_MAX $conn) connections are open, \
$(limit CONN_WITNESS_UID_MAX $conn) of one user's, and \
$(limit WITNESS_WORKING_MAX policyd/request/request_witness.h) are worked at; \
a user has $(limit PACE_UID_BURST $pace) answers at once and then one a \
second, whatever others do."
	page_says farmgate-policyd.8 "users with a uid of \
$(limit PACE_SHARED_UID $pace) or more together have \
$(limit PACE_BURST $pace) and then one in half a second"
	want_line '^#define PACE_UID_MS	1000$' $pace
	want_line '^#define PACE_MS		500$' $pace
	page_says farmgate.conf.5 "At most $(limit CONF_JUMPHOSTS_MAX \
	    policyd/conf/conf_parts.h) sections are possible."
	page_says farmgate.conf.5 "at most $(limit CONF_JUMPHOST_NAMES_MAX \
	    policyd/conf/conf_parts.h) are possible."
}

configuration_keys_are_documented()
{
	sed -n 's/^\t{ "\([a-z_]*\)", CONF_KEY_.*/\1/p' policyd/conf/conf_schema.c |
	    sort -u >"$WORK/source"
	{
		items Ic man/farmgate.conf.5
		sed -n 's/^\.Ss \([a-z]*\) .*{ \.\.\. }$/\1/p' man/farmgate.conf.5
	} | sort -u >"$WORK/page"
	want_same source page
}

# NAME FILE: the first strings of a table's rows.
first_strings()
{
	sed -n "/ $1\[\] = {/,/^};/s/^\t{ \"\([a-z_]*\)\".*/\1/p" "$2"
}

# Sections, keys, kinds, and how a tool is in use.
catalogue_is_documented()
{
	local page=man/farmgate-catalogue.5 room=policyd/catalogue kind

	sed -n 's/^\t{ "\([a-z_]*\)", CONF_KEY_[SL][TI].*/\1/p' \
	    $room/catalogue_schema.c | sort -u >"$WORK/source"
	items Ic $page | sort -u >"$WORK/page"
	want_same source page
	first_strings sections $room/catalogue_schema.c | sort >"$WORK/source"
	sed -n 's/^\.Ss \([a-z]*\) .*{ \.\.\. }$/\1/p' $page |
	    sort >"$WORK/page"
	want_same source page
	for kind in $(sed -n 's/^\t\[ENTRY_[A-Z_]*\] = "\(.*\)",/\1/p' \
	    policyd/scanner/entry.c); do
		case $kind in
		none|hidden|hypervisor|keyboard|pointer|other-input|monitor)
			;;
		*)	echo "$kind" ;;
		esac
	done | sort >"$WORK/source"
	sed -n '/^\.It Em kind/,/^\.El/s/^\.It Cm \([a-z-]*\) Ta.*/\1/p' $page |
	    sort >"$WORK/page"
	want_same source page
	first_strings active_words $room/catalogue_tool.c | sort >"$WORK/source"
	sed -n '/^\.It Ic active No/,/^\.El/s/^\.It Cm //p' $page |
	    sort >"$WORK/page"
	want_same source page
	page_says farmgate-catalogue.5 "a folder \
$(limit CATALOGUE_FILES_MAX $room/catalogue.h) files; a catalogue has at most \
$(limit RULE_ENTRIES_MAX policyd/scanner/rule.h) entries and \
$(limit RULE_RULES_MAX policyd/scanner/rule.h) signs"
	page_says farmgate-catalogue.5 "in at most \
$(limit CATALOGUE_TITLE_MAX $room/catalogue_parts.h) bytes"
	page_says farmgate-catalogue.5 "Both have at most \
$(limit CATALOGUE_TEXT_MAX $room/catalogue_parts.h) bytes"
}

columns_of_people_are_documented()
{
	sed -n '/person_fields\[\] = {/,/};/p' policyd/people/person.c |
	    grep -o '"[a-z_]*"' | tr -d '"' | sort >"$WORK/source"
	items Va man/farmgate-people.5 | sort >"$WORK/page"
	want_same source page
}

columns_of_assets_are_documented()
{
	sed -n '/asset_fields\[\] = {/,/};/p' policyd/device/asset.c |
	    grep -o '"[a-z_]*"' | tr -d '"' | sort >"$WORK/source"
	items Va man/farmgate-assets.5 | sort >"$WORK/page"
	want_same source page
}

# Each word with its status, which is the item that it stands in.
statuses_of_assets_are_documented()
{
	sed -n 's/^\t{ "\(.*\)", ASSET_\([A-Z]*\) },$/\2 \1/p' \
	    policyd/device/asset_status.c | tr A-Z a-z | sort >"$WORK/source"
	sed -n '/^\.It Va status/,/^\.It Va serial/p' man/farmgate-assets.5 |
	    awk '$1 == ".It" && $2 == "Cm" { status = $3; print $3, $3 }
		$1 == ".Ql" && status != "" {
			sub(/^\.Ql /, "")
			sub(/ [,.]$/, "")
			print status, $0
		}' | sort >"$WORK/page"
	want_same source page
}

# The arguments are what is left when the entry points are taken away.
module_arguments_are_documented()
{
	sed -n 's/^\t{ "\([a-z_]*\)=*", set_.*/\1/p' pam_module/args.c |
	    sort -u >"$WORK/source"
	items Cm man/pam_farmgate.8 |
	    grep -vxE 'account|auth|password|session' | sort -u >"$WORK/page"
	want_same source page
}

# Every farmgatectl that the pages and the README tell somebody to type: there
# is such a command, and it has these options.
commands_that_are_shown_exist()
{
	local command options option

	sed -e 's/\\(dq/"/g' -e 's/\\-/-/g' man/*.[1-8] README.md conf/farmgate.conf |
	    sed -e ':a' -e '/\(farmgatectl.*\)\\e\{0,1\}$/{N;s/\n//;ba' -e '}' |
	    grep -oE '([`"#$;]|sudo|\.Ic|\.Ql|\.Li|&&|^   ) *farmgatectl [a-z][a-z-]+( [^|&;`.]*)?' |
	    grep -o 'farmgatectl .*' | sort -u >"$WORK/shown"
	want test "$(wc -l <"$WORK/shown")" -gt 50
	while read -r _ command options; do
		want "${BUILD:-build}/farmgatectl" "$command" --help \
		    >"$WORK/help"
		for option in $(echo " $options" |
		    grep -oE ' --[a-z-]+' | sort -u); do
			want_line "[[ ]$option[] =|]|[[ ]$option$" "$WORK/help"
		done
	done <"$WORK/shown"
}

# With their severity; two of them are in no row of the table.
mistakes_are_documented()
{
	{
		sed -n 's/^\t{ "\([a-z-]*\)", SEVERITY_\([A-Z]*\),.*/\1 \2/p' \
		    ctl/pam/stack_check.c
		echo unreadable ERROR
		echo no-gate ERROR
	} | sort >"$WORK/source"
	sed -n '/^\.It Cm check-pam/,/^\.It Cm check-sshd/{
	    s/^\.Pq warning.*/WARNING/p
	    s/^\.It Sy //p
	    }' man/farmgatectl.8 |
	    awk '$1 == "WARNING" { print name, $1; name = ""; next }
		name != "" { print name, "ERROR" }
		{ name = $1 }
		END { print name, "ERROR" }' | grep . |
	    grep -v '^ ' | sort >"$WORK/page"
	want_same source page
}

# EXAMPLE [PAGE]: the literal block that holds this text, of farmgate-audit(5).
example()
{
	awk -v text="$1" '
	    /^\.Bd -literal/ { block = ""; on = 1; next }
	    /^\.Ed/ { if (on && index(block, text)) printf "%s", block; on = 0 }
	    on { block = block $0 "\n" }' "man/${2:-farmgate-audit.5}" |
	    sed 's/\\e/\\/g; s/\\(dq/"/g'
}

# A shown command goes on in the next line only behind a backslash or a pipe, or
# within quotes: it is typed as it stands. What follows is indented.
commands_are_whole()
{
	awk '/^\.Bd -literal/ { on = 1; next }
	    /^\.Ed/ { on = 0 }
	    !on { shown = 0; next }
	    /^[#$] [a-z]/ { shown = 1; last = ""; quotes = 0 }
	    /^[ \t]/ && shown && quotes % 2 == 0 && last !~ /(\\e|\|)$/ {
		print FILENAME ":" FNR ": " last
	    }
	    !/^([#$] [a-z]|[ \t])/ { shown = 0 }
	    { last = $0; quotes += gsub(/\047/, "&") }' "$@"
}

shown_commands_are_whole()
{
	want_eq "" "$(commands_are_whole man/*.[1-8])"
	printf '%s\n' '.Bd -literal' '# a --b' '  --c' '.Ed' >"$WORK/torn"
	want_eq "$WORK/torn:3: # a --b" "$(commands_are_whole "$WORK/torn")"
}

# cron's PATH has no sbin.
cron_finds_what_it_runs()
{
	grep -h '^\.Dl [0-9]* \* \* \* \* root ' man/*.[1-8] >"$WORK/cron"
	want test -s "$WORK/cron"
	no_line '(^|[^/])\<farmgate' <(sed 's,/usr/sbin/farmgatectl,,g;
	    s,/[a-z/]*farmgate[a-z/.]*,,g' "$WORK/cron")
}

audit_examples_work()
{
	local head

	cp tests/golden/audit_chain.jsonl "$WORK/audit.jsonl"
	head=$(tail -n 1 "$WORK/audit.jsonl" | jq -r .hash)
	example 'import hashlib' >"$WORK/verify"
	want_eq "3 $head" "$(cd "$WORK" && python3 verify)"
	example sha256sum | sed 's/^\$ //' >"$WORK/last"
	want_eq "$head  -
$head" "$(cd "$WORK" && bash ./last)"
	sed -i 's/0\.1\.0/0.1.1/' "$WORK/audit.jsonl"
	want_eq "broken after 0" "$(cd "$WORK" && python3 verify 2>&1)"
	example '@tsv' | sed 's/^\$ //' >"$WORK/denied"
	sed 's/^{/{"ts":"2026-06-01",/' tests/golden/audit_decisions.jsonl \
	    >"$WORK/audit.jsonl"
	want_eq 2 "$(cd "$WORK" && bash ./denied | wc -l)"
}

# EXAMPLE WANTED: what the auditor's block with this text prints, each line with
# a blank for each tab.
auditor_sees()
{
	example "$1" farmgate-auditor.7 | sed 's/^\$ //' >"$WORK/asked"
	want_eq "$2" "$(cd "$WORK" && bash ./asked 2>&1 |
	    tr '\t' ' ' | sed 's, *$,,')"
}

auditor_examples_work()
{
	rm -f "$WORK/all.jsonl"
	cp tests/golden/audit_stepup.jsonl "$WORK/all.jsonl"
	auditor_sees reduce "10 AAAA-0005 bob 192.0.2.2"
	auditor_sees 'proof.methods' "6 AAAA-0001 alice totp+serial
9 AAAA-0004 alice delegate
11 AAAA-0006 bob serial: wrong serial number"
	auditor_sees bypass "14 AAAA-0008 bob geo.country 7
14 AAAA-0008 bob net.asn 3
4 7 bob geo.country 1003 phone lost"
	auditor_sees approval "12 AAAA-0007 approve false bob  no login
13 AAAA-0007 approve true bob 1003
2 totp enrol alice 1003
3 verification add bob 1003
15 stepup forget 192.0.2.9 1003"
	cat >"$WORK/all.jsonl" <<-'EOF'
	{"ts":"1","event":"baseline","action":"learn","devices":["keyboard usb 1","monitor edid 2"],"file":"dock.jsonl","by":{"loginuid":1003}}
	{"ts":"2","event":"baseline","action":"accept","devices":["pointer usb 3"],"by":{"loginuid":1003}}
	{"ts":"3","event":"support","action":"add","id":1,"asset":"LT-0042","tool":"anydesk","until":1767225600,"reason":"ticket 4711","by":{"loginuid":1003}}
	EOF
	auditor_sees todate "1 learn 1003 dock.jsonl keyboard usb 1, monitor edid 2
2 accept 1003  pointer usb 3
3 add 1 LT-0042 anydesk 2026-01-01T00:00:00Z 1003 ticket 4711"
	auditor_sees_changes
	auditor_sees_laptops
}

auditor_sees_changes()
{
	cat >"$WORK/all.jsonl" <<-'EOF'
	{"ts":"1","event":"inventory","named":[{"change":"added","user":"bob"},{"change":"changed","user":"carol","fields":"radius home"}],"by":{"loginuid":1003}}
	{"ts":"2","event":"read","command":"dossier","about":"alice","by":{"uid":4204,"loginuid":4204}}
	{"ts":"3","event":"read","command":"status","by":{"uid":4204,"loginuid":4204}}
	EOF
	auditor_sees named "1 added bob  1003
1 changed carol radius home 1003
2 4204 dossier alice
3 4204 status"
}

auditor_sees_laptops()
{
	cat >"$WORK/all.jsonl" <<-'EOF'
	{"ts":"1","event":"decision","ref":"A","user":"alice","verdict":"deny","attested":{"asset":"LT-0042","issued":"own","agree":["board","disk"]},"findings":[{"code":"remote.tool","grade":"active","action":"deny","text":"x11vnc: attested by LT-0042"}]}
	{"ts":"2","event":"decision","ref":"B","user":"bob","verdict":"deny","attested":{"asset":"LT-0042","issued":"others","to":"alice","differ":["board","disk"]},"findings":[{"code":"device.unissued","action":"deny","text":"the laptop LT-0042 was issued to alice"},{"code":"device.mismatch","grade":"strong","action":"deny","text":"LT-0042: differ: board, disk"}]}
	{"ts":"3","event":"decision","ref":"C","user":"carol","verdict":"allow","findings":[]}
	{"ts":"4","event":"witness","jumphost":"bastion","user":"alice"}
	EOF
	auditor_sees 'attested.issued' "1 A alice deny LT-0042 own
2 B bob deny LT-0042 others board disk
1 A LT-0042 remote.tool active x11vnc: attested by LT-0042"
	auditor_sees witness \
	    '{"ts":"4","event":"witness","jumphost":"bastion","user":"alice"}'
}

run "man: pages are clean" pages_are_clean
run "man: references lead somewhere" references_lead_somewhere
run "man: farmgatectl's commands are documented" commands_are_documented
run "man: the synopsis of audit has all options" audit_synopsis_is_whole
run "man: farmgatectl's options are documented" command_options_are_documented
run "man: farmgatectl's checks of an sshd are documented" \
    checks_of_sshd_are_documented
run "man: the daemons' options are documented" daemon_options_are_documented
run "man: farmgate-attest's options, commands and environment are documented" \
    attest_is_documented
run "man: events of hooks are documented" events_of_hooks_are_documented
run "man: options of farmgate-geodata are documented" \
    geodata_options_are_documented
run "man: members of audit records are documented" \
    audit_members_are_documented
run "man: fields of the journal are documented" journal_fields_are_documented
run "man: audit events are documented" audit_events_are_documented
run "man: findings are documented" findings_are_documented
run "man: mistakes in stacks are documented" mistakes_are_documented
run "man: failures are documented" failures_are_documented
run "man: services whose kind is shipped are documented" services_are_documented
run "man: how many step-ups can wait is documented" \
    limits_of_step_up_are_documented
run "man: the limits of witness.sock are documented" \
    limits_of_witness_are_documented
run "man: keys of the configuration are documented" \
    configuration_keys_are_documented
run "man: the catalogue's form is documented" catalogue_is_documented
run "man: columns of people.csv are documented" \
    columns_of_people_are_documented
run "man: columns of an inventory of assets are documented" \
    columns_of_assets_are_documented
run "man: what a status of an asset is called is documented" \
    statuses_of_assets_are_documented
run "man: arguments of the module are documented" \
    module_arguments_are_documented
run "man: commands that are shown exist, with their options" \
    commands_that_are_shown_exist
run "man: shown commands are whole" shown_commands_are_whole
run "man: lines for cron have programs by their full names" \
    cron_finds_what_it_runs
run "man: examples of farmgate-audit(5) work" audit_examples_work
run "man: examples of farmgate-auditor(7) work" auditor_examples_work
finish
