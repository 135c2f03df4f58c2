#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is plugged in and belongs to this machine, and the help desk's own
# sessions. The devices are files in the place of /sys, with what the kernel has
# of a keyboard, a mouse, a monitor and an IP-KVM.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/lib/plugged.sh"

LIST=$FG_WORK/list.jsonl
TOOL=$FG_WORK/rustdesk
TOOL_PID=

# [LINE...]: what these tests look at is denied.
machine_conf()
{
	{
		setup_conf
		echo 'actions = {"device.new_input = deny",' \
		    '"remote.tool:running = deny"}'
		printf '%s\n' "$@"
	} | fg_conf
}

catalogue()
{
	fg_catalogue_entry these <<-EOF2
	tool rustdesk {
		title = "RustDesk"
		kind = rmm
		exe = {"$TOOL"}
		source = "these tests"
	}
	usb pikvm {
		title = "PiKVM"
		kind = ip-kvm
		manufacturer = "PiKVM"
		source = "these tests"
	}
	hypervisor example-vm {
		title = "Example's machines"
		dmi = {"Example"}
		source = "these tests"
	}
	EOF2
}

# As the firmware of such a machine has it; before the daemon starts.
be_virtual()
{
	mkdir -p /sys/class/dmi/id
	echo "Example machines" >/sys/class/dmi/id/sys_vendor
}

# KIND: the sign's lines, as scan prints them.
scanned()
{
	says 0 scan
	grep -A 1 -E "^[^ ]+ +[^ ]* +$1 " "$OUT" >"$OUT.kind"
}

# STATE: the kinds of devices with that state, as show has them.
shown()
{
	farmgatectl baseline show --json 2>/dev/null |
	    jq -r "select(.state == \"$1\") | .kind" | sort | paste -sd' '
}

# KIND: the name of the one that is plugged in.
name_of()
{
	farmgatectl baseline show --json 2>/dev/null |
	    jq -r "select(.kind == \"$1\" and .state != \"missing\") | .what" |
	    head -n 1
}

# A member of the last line.
summary()
{
	farmgatectl baseline show --json 2>/dev/null | tail -n 1 | jq -r "$1"
}

# The findings of a login now, by what is there now.
found()
{
	farmgatectl baseline show >/dev/null 2>&1
	gate sshd alice 127.0.0.2 >/dev/null 2>&1
	fg_last '.verdict + ":" + ([.findings[].code |
	    select(startswith("device.new") or startswith("remote.tool"))] |
	    join(","))'
}

# ---- the baseline -----------------------------------------------------------

before_anything_is_learned()
{
	plug_keyboard
	says 0 scan
	want_not grep '^not everything was looked at' "$OUT"
	want_eq "no known sign of remote control but what is approved, of the \
baseline, or no finding here" "$(tail -n 1 "$OUT")"
	says 0 baseline show
	want_line '^external +keyboard +usb 046d:c31c .*Logitech USB Keyboard"' \
	    "$OUT"
	want_line '^no baseline was learned' "$OUT"
	want_eq false "$(summary .learned)"
	want_eq allow: "$(found)"
	want_line '^machine +no asset; no baseline; support in force 0$' \
	    <(farmgatectl status)
	want_eq '{"baseline":{"learned":false,"devices":0},"support":0}' \
	    "$(farmgatectl status --json | jq -c .machine)"
	scanned keyboard
	want_line '^- +- +keyboard +[a-z]+ +usb 046d:c31c ' "$OUT.kind"
	want_line ', no finding: no baseline$' "$OUT.kind"
	want_eq "[null,null]" "$(farmgatectl scan --json | jq -c '.signs[] |
	    select(.kind == "keyboard") | [.finding, .baseline]')"
	says 2 baseline accept "$(name_of keyboard)"
	want_line 'no baseline to add to; learn it first' "$OUT"
}

a_dry_run_learns_nothing()
{
	says 0 baseline learn --dry-run
	want_line '^learned +keyboard +usb 046d:c31c ' "$OUT"
	want_line '^dry run, nothing is changed: 1 device$' "$OUT"
	want_eq false "$(summary .learned)"
	want_eq 0 "$(fg_events baseline)"
}

what_is_there_is_learned()
{
	local name

	name=$(name_of keyboard)
	want by_sudo_of bob farmgatectl baseline learn >"$OUT" 2>&1
	want_line '^learned: 1 device; ' "$OUT"
	want_eq '[null,true]' "$(farmgatectl scan --json | jq -c '.signs[] |
	    select(.kind == "keyboard") | [.finding, .baseline]')"
	want_eq null "$(farmgatectl scan --json | jq -c '.signs[] |
	    select(.kind == "hypervisor") | .since')"
	want_eq "learn keyboard $name $(id -u bob)" \
	    "$(fg_last_of baseline '.action + " " + (.devices | join(",")) +
	    " " + (.by.loginuid | tostring)')"
	says 0 baseline show
	want_line '^present +keyboard +usb 046d:c31c ' "$OUT"
	want_line '^baseline of 1 device, learned .* by bob as root: 0 missing, 0 new$' \
	    "$OUT"
}

what_is_plugged_in_later_is_new()
{
	plug_mouse
	plug_monitor HDMI-A-1 "DELL U2415"
	want_eq present "$(farmgatectl baseline show --json |
	    jq -r 'select(.kind == "keyboard") | .state')"
	want_eq "monitor pointer" "$(shown new)"
	want_eq 2 "$(summary .new)"
	want_eq deny:device.new_input,device.new_input "$(found)"
	unplug_keyboard
	want_eq keyboard "$(shown missing)"
	scanned pointer
	want_line '^device.new_input +- +pointer +[a-z]+ +usb 046d:c077 ' \
	    "$OUT.kind"
	want_line ', not in the baseline$' "$OUT.kind"
}

single_devices_are_accepted()
{
	local mouse

	mouse=$(name_of pointer)
	says 1 baseline accept "$mouse" "${mouse}x"
	want_line 'is not plugged in; did you mean "usb 046d:c077 ' "$OUT"
	want_eq "monitor pointer" "$(shown new)"
	says 0 baseline accept "$mouse"
	want_line '^accepted: pointer usb 046d:c077 .*USB Optical Mouse"' "$OUT"
	want_eq "accept pointer $mouse" "$(fg_last_of baseline \
	    '.action + " " + (.devices | join(","))')"
	want_eq monitor "$(shown new)"
	scanned pointer
	want_line ', of the baseline$' "$OUT.kind"
	says 0 baseline accept "$mouse"
	want_line '^in the baseline already$' "$OUT"
	says 2 baseline accept
	says 1 baseline accept nothing-like-it
	want_line 'baseline show lists what is' "$OUT"
}

# The same identifiers and strings, and a keyboard now.
a_mouse_that_becomes_a_keyboard_is_new()
{
	want_eq monitor "$(shown new)"
	mouse_types
	want_eq "keyboard monitor" "$(shown new)"
	want_eq deny:device.new_input,device.new_input "$(found)"
	want_eq "$(name_of pointer)" "$(name_of keyboard)"
	unplug_mouse
	plug_mouse
	want_eq monitor "$(shown new)"
}

another_serial_number_is_another_device()
{
	unplug_mouse
	plug_mouse 0002
	want_eq "monitor pointer" "$(shown new)"
	unplug_mouse
	plug_mouse
	want_eq monitor "$(shown new)"
}

nothing_is_learned_beside_a_kvm()
{
	local records

	records=$(fg_events baseline)
	plug_kvm
	says 2 baseline learn
	want_line 'there is pikvm, of kind ip-kvm .*, and nothing is learned' \
	    "$OUT"
	says 2 baseline accept "$(name_of monitor)"
	want_line 'there is pikvm, of kind ip-kvm' "$OUT"
	farmgatectl baseline show --json >"$LIST"
	says 2 baseline learn --from "$LIST"
	want_line 'there is pikvm, of kind ip-kvm' "$OUT"
	says 0 baseline show
	want_line '^catalogue +ip-kvm +pikvm ' "$OUT"
	want_eq "$records" "$(fg_events baseline)"
	unplug_kvm
	says 0 baseline learn --dry-run
}

# Unless that is how its administrators reach it.
an_approved_kvm_is_none()
{
	machine_conf 'scan { contained = yes approved = {"pikvm"} }'
	says 0 reload
	plug_kvm
	says 0 baseline learn --dry-run
	want_eq '[null,true]' "$(farmgatectl scan --json | jq -c '.signs[] |
	    select(.kind == "ip-kvm") | [.finding, .approved]')"
	unplug_kvm
	machine_conf
	says 0 reload
}

what_was_before_is_replaced()
{
	want_eq deny:device.new_input "$(found)"
	says 0 baseline learn
	want_eq allow: "$(found)"
	want_eq "monitor pointer" "$(shown present)"
	want_eq "" "$(shown missing)"
	unplug_all
	says 0 baseline learn
	want_line '^learned: 0 devices; ' "$OUT"
	want_eq true "$(summary .learned)"
	plug_mouse
	want_eq pointer "$(shown new)"
}

# Everything was looked at, and there are rows.
that_nothing_else_is_there_is_said()
{
	machine_conf 'scan { contained = yes approved = {"example-vm"} }'
	says 0 reload
	says 0 scan
	want_line '^device.new_input +- +pointer ' "$OUT"
	no_line '^no known sign' "$OUT"
	says 0 baseline accept "$(name_of pointer)"
	says 0 scan
	want_eq "no known sign of remote control but what is approved or of \
the baseline" "$(tail -n 1 "$OUT")"
	hide_usb
	plugged_settle
	says 0 scan
	no_line '^no known sign' "$OUT"
	unhide_usb
	machine_conf
	says 0 reload
}

# ---- from another machine ---------------------------------------------------

another_machines_list_is_learned()
{
	plug_keyboard
	plug_monitor HDMI-A-1 "DELL U2415"
	says 0 baseline learn
	farmgatectl baseline show --json >"$LIST"
	unplug_all
	says 0 baseline learn
	says 0 baseline learn --from "$LIST" --dry-run
	want_line '^dry run, nothing is changed: 3 devices$' "$OUT"
	want_eq 0 "$(summary .devices)"
	says 0 baseline learn --from "$LIST"
	want_line '^learned: 3 devices; ' "$OUT"
	want_eq "$LIST 3" "$(fg_last_of baseline \
	    '.file + " " + (.devices | length | tostring)')"
	want_eq "keyboard monitor pointer" "$(shown missing)"
	plug_keyboard
	want_eq "keyboard" "$(shown present)"
	says 0 baseline show
	want_line " from $LIST: 2 missing, 0 new\$" "$OUT"
	farmgatectl baseline learn --from - <"$LIST" >"$OUT" 2>&1
	says 0 baseline show
	want_line ' from standard input: ' "$OUT"
}

# TEXT WHY: a list that is none.
refused_list()
{
	printf '%s\n' "$1" >"$FG_WORK/bad"
	says 2 baseline learn --from "$FG_WORK/bad"
	want_line "$2" "$OUT"
}

a_list_that_is_cut_or_none_is_refused()
{
	local records last

	records=$(fg_events baseline)
	last=$(tail -n 1 "$LIST")
	refused_list "" 'is nothing that farmgatectl baseline show --json prints'
	refused_list "$(head -n 2 "$LIST")" 'has no end'
	refused_list "$(head -n 2 "$LIST"; echo "$last")" 'has 2 of 3 devices'
	refused_list "$(head -c 100 "$LIST")" 'is nothing that'
	refused_list "$(cat "$LIST"; echo "$last")" 'is nothing that'
	refused_list '{"learned":false,"devices":0}' 'a machine that has no'
	refused_list '{"state":"present","kind":"ip-kvm","what":"x"}
	{"learned":true,"devices":1}' 'kind is none of'
	refused_list '{"state":"present","kind":"keyboard","what":"\u001b"}
	{"learned":true,"devices":1}' 'what is none that'
	says 2 baseline learn --from /nonexistent
	want_line 'No such file' "$OUT"
	want_eq "$records" "$(fg_events baseline)"
	want_eq 3 "$(summary .devices)"
}

# ---- what cannot be seen ----------------------------------------------------

what_cannot_be_looked_at_is_not_learned()
{
	local records

	records=$(fg_events baseline)
	hide_usb
	says 2 baseline learn
	want_line 'not all USB devices could be looked at' "$OUT"
	says 0 scan
	want_line '^not everything was looked at' "$OUT"
	says 2 baseline accept x
	want_eq "keyboard pointer" "$(shown learned)"
	want_eq monitor "$(shown missing)"
	says 0 baseline show
	want_line 'warning: USB devices could not be looked at in full' "$OUT"
	want_eq "$records" "$(fg_events baseline)"
	unhide_usb
	says 0 baseline learn --dry-run
}

# CONDITION: of one line of the watch.
watched()
{
	jq -e "$1" "$FG_WORK/watch.json" 2>/dev/null | grep -q true
}

# What nobody can look at is not gone, and that nobody can is told.
what_cannot_be_looked_at_is_not_gone()
{
	local pids

	unplug_mouse
	plug_kvm
	farmgatectl scan --watch >"$FG_WORK/watch" &
	pids=$!
	farmgatectl scan --watch --json >"$FG_WORK/watch.json" &
	pids="$pids $!"
	want fg_until 5 grep -q '^taken ' "$FG_WORK/watch"
	want fg_until 5 test -s "$FG_WORK/watch.json"
	hide_usb
	want fg_until 8 grep -q ' coverage usb: could not look$' \
	    "$FG_WORK/watch"
	want fg_until 8 watched '.change == "coverage" and .whole == false and
	    .outdated == false and .coverage.usb == "failed"'
	unhide_usb
	want fg_until 8 grep -q ' coverage usb: full$' "$FG_WORK/watch"
	want fg_until 8 watched '.change == "coverage" and .whole and
	    .coverage.usb == "full"'
	plug_mouse
	want fg_until 8 grep -qE ' new +- .* pointer ' "$FG_WORK/watch"
	no_line ' (new|gone) .*(pikvm|keyboard)' "$FG_WORK/watch"
	no_line '"change":"(new|gone)".*(pikvm|keyboard)' "$FG_WORK/watch.json"
	# It goes while nobody sees it: that is told when it can be seen.
	hide_usb
	want fg_until 8 eval \
	    '[ "$(grep -c " usb: could not" "$FG_WORK/watch")" = 2 ]'
	rm "$PLUGGED.away/1-3"
	unhide_usb
	unplug_kvm
	want fg_until 8 grep -qE ' gone +remote.kvm .*pikvm' "$FG_WORK/watch"
	want fg_until 8 watched '.change == "gone" and
	    .sign.kind == "ip-kvm"'
	# shellcheck disable=SC2086 # pids
	kill $pids
	# shellcheck disable=SC2086
	wait $pids
	cat "$FG_WORK/watch"
}

# Without it an IP-KVM is a keyboard like others.
nothing_is_learned_without_a_catalogue()
{
	local folder

	for folder in '"/nonexistent"' '"/nonexistent", "/nonexistent/2"' \
	    '"/etc/farmgate/catalogue", "/etc/farmgate/half"'; do
		sed -i "s|^catalogue.*|catalogue = {$folder}|" "$FG_CONF"
		mkdir -p /etc/farmgate/half
		echo 'tool "half" {' >/etc/farmgate/half/half.conf
		want fg_restart
		says 2 baseline learn
		want_line 'catalogue.*nothing is learned.*catalogue check' \
		    "$OUT"
		says 2 baseline learn --dry-run
		says 2 baseline accept x
		want_line 'catalogue.*nothing is learned' "$OUT"
	done
	rm -r /etc/farmgate/half
	machine_conf
	want fg_restart
	says 0 baseline learn --dry-run
}

# Without a record nothing is learned.
nothing_is_learned_without_a_record()
{
	local before

	before=$(summary .devices)
	mv "$FG_AUDIT" "$FG_AUDIT.kept"
	mkdir "$FG_AUDIT"
	sleep 1.2 # until it looks
	says 2 baseline learn
	want_line 'the baseline stays as it was' "$OUT"
	says 2 support add LT-0042 --tool rustdesk --until +1h --reason x
	want_line 'so nothing is permitted' "$OUT"
	rmdir "$FG_AUDIT"
	mv "$FG_AUDIT.kept" "$FG_AUDIT"
	want_eq "$before" "$(summary .devices)"
	want_eq none "$(farmgatectl support list --all)"
	want fg_until 5 farmgatectl baseline learn
}

a_baseline_that_is_lost_is_missed()
{
	unplug_all
	plug_keyboard
	says 0 baseline learn
	fg_stop
	rm -f /var/lib/farmgate/farmgate.db /var/lib/farmgate/farmgate.db-*
	rm -f "$FG_AUDIT"
	want fg_start
	says 0 baseline show
	want_line '^the baseline was lost' "$OUT"
	want_line '^machine .*; baseline LOST: farmgatectl baseline learn;' \
	    <(farmgatectl status)
	want_eq keyboard "$(shown new)"
	want_eq deny:device.new_input "$(found)"
	says 0 baseline learn
	want_eq "" "$(shown new)"
}

# ---- the help desk ----------------------------------------------------------

tool_start()
{
	cp /bin/sleep "$TOOL"
	"$TOOL" 1000 &
	TOOL_PID=$!
}

tool_stop()
{
	kill "$TOOL_PID"
	wait "$TOOL_PID" 2>/dev/null
	true
}

a_tool_is_permitted_for_a_time()
{
	want_eq none "$(farmgatectl support list)"
	want_eq deny:remote.tool "$(found)"
	want by_sudo_of bob farmgatectl support add LT-0042 --tool rustdesk \
	    --until +1h --reason "ticket 4711" >"$OUT" 2>&1
	want_line 'warning: this machine has no tag .*, so that LT-0042 is taken' \
	    "$OUT"
	want_line '^added: 1 +rustdesk +LT-0042 +in force .* by bob as root: ticket 4711$' \
	    "$OUT"
	want_eq "add 1 LT-0042 rustdesk ticket 4711 $(id -u bob)" \
	    "$(fg_last_of support '[.action, .id, .asset, .tool, .reason,
	    .by.loginuid] | map(tostring) | join(" ")')"
	want_eq 3600 "$(farmgatectl support list --json |
	    jq '.until - .from')"
	want_eq allow:remote.tool "$(found)"
}

# Nobody has issued a machine without a tag.
virtual_is_a_finding_with_a_tag()
{
	scanned hypervisor
	want_line '^- +- +hypervisor +machine +example-vm$' "$OUT.kind"
	want_line ', no finding: no asset$' "$OUT.kind"
	machine_conf 'asset = "LT-0042"'
	says 0 reload
	scanned hypervisor
	want_line '^device.virtual +- +hypervisor ' "$OUT.kind"
	no_line 'no finding' "$OUT.kind"
	machine_conf
	says 0 reload
}

on_this_machine_alone()
{
	machine_conf 'asset = "LT-0042"'
	says 0 reload
	says 2 support add LT-0043 --tool rustdesk --until +1h --reason x
	want_line 'this machine is LT-0042, and not LT-0043' "$OUT"
	says 0 support add LT-0042 --tool rustdesk --until +1h --reason x
	no_line warning "$OUT"
	want_line '^machine +asset LT-0042; baseline of 1 device; support in force 2$' \
	    <(farmgatectl status)
	want_eq '["LT-0042",1,2]' "$(farmgatectl status --json |
	    jq -c '.machine | [.asset, .baseline.devices, .support]')"
	machine_conf 'asset = "LT-0043"'
	says 0 reload
	says 0 support list
	want_line '^1 .* elsewhere ' "$OUT"
	want_eq deny:remote.tool "$(found)"
	machine_conf
	says 0 reload
}

# OPTION... WHY: what is refused, with what it says.
refused_support()
{
	local why=${!#}

	says 2 support add LT-0042 "${@:1:$#-1}"
	want_line "$why" "$OUT"
}

it_has_limits()
{
	local records

	records=$(fg_events support)
	refused_support --tool rustdesk --until +32d --reason x \
	    'at most 31 days'
	refused_support --tool rustdesk --until 2020-01-01 --reason x \
	    'until is over already'
	refused_support --tool rustdesk --until soon --reason x 'is no time'
	refused_support --tool rustdesk --reason x '--until is needed'
	refused_support --tool rustdesk --until +1h '--reason is needed'
	refused_support --tool rustdesk --until +1h \
	    --reason "$(printf '%0201d' 0)" 'more than 200 bytes'
	refused_support --until +1h --reason x '--tool is needed'
	refused_support --tool rustdesc --until +1h --reason x \
	    'the catalogue has no tool rustdesc; did you mean "rustdesk"'
	refused_support --tool xyzzy --until +1h --reason x \
	    'no tool xyzzy; farmgatectl catalogue list'
	refused_support --tool pikvm --until +1h --reason x \
	    'pikvm is of kind ip-kvm, and support is for tools'
	refused_support --tool nothing --until +1h --reason x \
	    'nothing is of kind ordinary'
	says 2 support add --tool rustdesk --until +1h --reason x
	want_line 'one asset is needed' "$OUT"
	says 2 support add "LT 0042" --tool rustdesk --until +1h --reason x
	want_line 'ASSET is no tag; write 1 to 64 characters' "$OUT"
	want_eq "$records" "$(fg_events support)"
}

only_so_many_hold_at_once()
{
	local n

	n=$(farmgatectl support list --json | wc -l)
	while [ "$n" -lt 16 ]; do
		says 0 support add LT-0042 --tool rustdesk --until +1h --reason x
		n=$((n + 1))
	done
	says 2 support add LT-0042 --tool rustdesk --until +1h --reason x
	want_line '16 have not ended' "$OUT"
}

it_is_removed()
{
	local id

	says 0 support remove 1
	want_line '^removed: 1 .* removed .* by bob as root, removed by root: ' \
	    "$OUT"
	want_eq "remove 1" \
	    "$(fg_last_of support '.action + " " + (.id | tostring)')"
	says 1 support remove 1
	want_line 'there is no support 1' "$OUT"
	says 2 support remove
	says 2 support remove x
	for id in $(farmgatectl support list --json | jq .id); do
		want farmgatectl support remove "$id" >/dev/null
	done
	want_eq none "$(farmgatectl support list --all)"
	want_eq deny:remote.tool "$(found)"
}

it_ends_by_itself()
{
	says 0 support add LT-0042 --tool rustdesk --reason x \
	    --until "$(date -d '+2 sec' +%Y-%m-%dT%H:%M:%S%:z)"
	want_eq "in force" "$(farmgatectl support list --json | jq -r .state)"
	want_eq allow:remote.tool "$(found)"
	sleep 2
	want_eq deny:remote.tool "$(found)"
	want_eq none "$(farmgatectl support list)"
	want_eq expired "$(farmgatectl support list --all --json |
	    jq -r .state)"
}

# ---- the ways out -----------------------------------------------------------

# What is shipped refuses in a session as well: sudo is none, and its member of
# the group needs none.
the_shipped_actions_have_a_way_out()
{
	setup_conf | fg_conf
	says 0 reload
	says 0 baseline learn
	plug_kvm
	want_eq deny:device.new_input "$(found)"
	want_line '^remote.kvm:identity' <(fg_last '.findings[] |
	    .code + ":" + .grade')
	by carol farmgatectl support add LT-0042 --tool rustdesk --until +1h \
	    --reason x >"$OUT" 2>&1
	want_eq deny:device.new_input "$(found)"
	want by carol farmgatectl except add alice --finding remote.kvm \
	    --until +1h --reason "ticket 4712" >"$OUT" 2>&1
	cat "$OUT"
	want_eq allow:device.new_input "$(found)"
	unplug_kvm
}

# ---- who may ----------------------------------------------------------------

# Members of the group look, and change things; others do neither.
who_may()
{
	local rc=0

	by carol farmgatectl baseline show >"$OUT" 2>&1 || rc=$?
	want_eq 0 "$rc"
	rc=0
	by alice farmgatectl baseline show >"$OUT" 2>&1 || rc=$?
	want_eq 2 "$rc"
	want_line 'farmgate-admin' "$OUT"
	rc=0
	by alice farmgatectl support list >"$OUT" 2>&1 || rc=$?
	want_eq 2 "$rc"
}

plugged_begin
be_virtual
setup_gate
machine_conf
catalogue
want_daemon

run "before anything is learned nothing is new" before_anything_is_learned
run "a dry run learns nothing" a_dry_run_learns_nothing
run "what is there is learned" what_is_there_is_learned
run "what is plugged in later is new" what_is_plugged_in_later_is_new
run "single devices are accepted" single_devices_are_accepted
run "a mouse that becomes a keyboard is new" \
    a_mouse_that_becomes_a_keyboard_is_new
run "another serial number is another device" \
    another_serial_number_is_another_device
run "nothing is learned beside a KVM" nothing_is_learned_beside_a_kvm
run "a KVM that is approved is none" an_approved_kvm_is_none
run "what was learned before is replaced" what_was_before_is_replaced
run "that nothing else is there is said" that_nothing_else_is_there_is_said
run "another machine's list is learned" another_machines_list_is_learned
run "a list that is cut, or none, is refused" \
    a_list_that_is_cut_or_none_is_refused
run "what cannot be looked at is not learned" \
    what_cannot_be_looked_at_is_not_learned
run "what cannot be looked at is not gone" \
    what_cannot_be_looked_at_is_not_gone
run "nothing is learned without a whole catalogue" \
    nothing_is_learned_without_a_catalogue
run "nothing is learned or permitted without a record" \
    nothing_is_learned_without_a_record
run "a baseline that is lost is missed" a_baseline_that_is_lost_is_missed
tool_start
sleep 1.1 # then no login is decided by a look of before
run "a tool is permitted for a time" a_tool_is_permitted_for_a_time
run "a virtual machine is a finding where there is a tag" \
    virtual_is_a_finding_with_a_tag
run "support is for this machine alone" on_this_machine_alone
run "support has limits" it_has_limits
run "only so many hold at once" only_so_many_hold_at_once
run "support is removed" it_is_removed
run "support ends by itself" it_ends_by_itself
tool_stop
run "beside an IP-KVM somebody can be let in without sudo" \
    the_shipped_actions_have_a_way_out
run "who may ask" who_may
finish
