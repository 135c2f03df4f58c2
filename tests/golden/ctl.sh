#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl without a daemon, or with one that talks rubbish: what explain
# makes of audit files of every kind, and the exit status of every refusal.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
golden=tests/golden/audit_chain.jsonl
COMMANDS="status metrics reload explain audit report replay test readiness \
inventory except bypass totp stepup verify baseline support hold approvals \
approve refuse person sessions scan dossier \
device enrol farm catalogue revoke unrevoke bundle \
enable confirm rollback disable check check-pam check-sshd dump policy \
version help"

# STATUS ARGUMENT...: its output is in $out.
says()
{
	local rc=0 status=$1

	shift
	"$ctl" "$@" >"$out" 2>&1 || rc=$?
	cat "$out"
	want_eq "$status" "$rc"
}

# Build a chained audit file from bodies without prev and hash, one a line.
chain()
{
	python3 -c '
import hashlib, sys
prev = "0" * 64
for line in sys.stdin.buffer.read().splitlines():
    body = line[:-1] + b",\"prev\":\"" + prev.encode() + b"\""
    prev = hashlib.sha256(body + b"}").hexdigest()
    sys.stdout.buffer.write(body + b",\"hash\":\"" + prev.encode() + b"\"}\n")
'
}

misuse_is_told_with_the_usage()
{
	local c

	says 2
	want_line '^usage: farmgatectl ' "$out"
	says 2 frobnicate
	want_line 'unknown command frobnicate; farmgatectl help lists them$' \
	    "$out"
	want_eq 1 "$(wc -l <"$out")"
	says 2 aprove
	want_line 'unknown command aprove; did you mean "approve"\?$' "$out"
	says 2 step-up list
	want_line 'unknown command step-up; did you mean "stepup"\?$' "$out"
	says 2 -x status
	want_line 'unknown option -x' "$out"
	says 2 -S
	want_line 'option -S needs a value' "$out"
	says 2 status --verbose
	want_line 'unknown option --verbose' "$out"
	want_line '^usage: farmgatectl status' "$out"
	for c in check dump; do
		says 2 "$c" --nonsense
		want_line "$c: unknown option --nonsense$" "$out"
	done
	says 2 status now
	says 2 reload now
	says 2 help me
	says 2 explain
	says 2 explain --file
	want_line 'option --file needs a value' "$out"
	says 2 explain 7F3K-Q2MN 7F3K-Q2MN
	says 2 explain --config /nonexistent 7F3K-Q2MN
	want_line 'explain: /nonexistent: No such file' "$out"
	says 2 "$(printf 'a\nb\033[2J')"
	want_line 'unknown command a.x0ab.x1b\[2J;' "$out"
}

help_names_every_command()
{
	local c

	says 0 help
	for c in $COMMANDS; do
		want_line "^  $c " "$out"
	done
	want_eq "$(wc -w <<<"$COMMANDS")" "$(grep -c '^  [a-z]' "$out")"
	want_eq "$(cat "$out")" "$("$ctl" --help)"
	want_eq "$(cat "$out")" "$("$ctl" -h 2>&1)"
	for c in $COMMANDS; do
		says 0 "$c" --help
		want_line "^usage: farmgatectl $c" "$out"
		want_eq "$(cat "$out")" "$("$ctl" -S / "$c" -h)"
	done
	for c in 'inventory import' 'except add' 'except remove' \
	    'inventory suggest' 'person alice'; do
		# shellcheck disable=SC2086 # two words
		says 0 $c --help
		want_line "^usage: farmgatectl ${c% *} " "$out"
		# shellcheck disable=SC2086
		want_eq "$(cat "$out")" "$("$ctl" $c -h)"
	done
	# Each form has a line of its own, and a subcommand has its own alone.
	says 0 bundle --help
	want_eq 5 "$(grep -Ec '^(usage:|      ) farmgatectl bundle [a-z]' "$out")"
	want_eq 5 "$(wc -l <"$out")"
	says 0 bundle forget --help
	want_eq 'usage: farmgatectl bundle forget [--restore] [--json]' \
	    "$(cat "$out")"
	says 0 inventory export --help
	want_eq 'usage: farmgatectl inventory export [--assets] [--csv | --json]' \
	    "$(cat "$out")"
	says 0 revoke --help
	want_eq 2 "$(wc -l <"$out")"
	says 2 except add alice --reason --help
	says 2 except
	want_line 'except: what. Write add, list or remove$' "$out"
	says 2 inventory
	want_line 'Write import, export, show, suggest, accept, asset or check$' "$out"
	says 0 version
	want_line '^farmgatectl [0-9]' "$out"
	want_eq "$(cat "$out")" "$("$ctl" --version)"
	want_eq '' "$("$ctl" --help 2>&1 >"$out")"
	says 2 --helpful
	want_line 'unknown option --helpful$' "$out"
	says 2 --help=me
	says 2 --version=1
}

# PATTERN COMMAND ARGUMENT...: misused, and told so with the usage.
misused()
{
	local pattern=$1

	shift
	says 2 "$@"
	want_line "^farmgatectl: $pattern" "$out"
	want_line "^usage: farmgatectl $1 " "$out"
}

sessions_and_revocations_are_asked_for_rightly()
{
	local at

	misused 'sessions: unknown option --all' sessions --all
	misused 'sessions: unexpected argument bob' sessions alice bob
	misused 'farm: option --since needs a value' farm --since
	for at in 30 0d -1d 30h d x 99999d 12345678d ''; do
		misused "farm: --since $at is no time; write days" \
		    farm --since "$at"
	done
	misused 'farm: --export goes with --since alone' farm --export "$golden"
	misused 'farm: --export goes with --since alone' farm --export --json
	misused 'farm: unknown option --sinc.*' farm --sinces 3d
	misused 'revoke: one user is needed' revoke
	misused 'revoke: one user is needed' revoke alice bob
	misused 'revoke: one user is needed' revoke --kill
	misused 'revoke: option --at needs a value' revoke alice --at
	misused 'revoke: unknown option --until' revoke alice --until +8h
	for at in "alice" "--kill" "--at now" "--reason x"; do
		# shellcheck disable=SC2086 # words
		misused 'revoke: --list goes with --json alone' revoke --list $at
	done
	for at in tomorrow 8h + +8 2026-02-30; do
		misused "revoke: --at [^ ]* is no time; write now" \
		    revoke alice --at "$at"
	done
	misused 'unrevoke: one user is needed' unrevoke
	misused 'unrevoke: one user is needed' unrevoke alice bob
	misused 'unrevoke: unknown option --kill' unrevoke --kill alice
	misused 'inventory export: --csv or --json, not both' \
	    inventory export --json --csv
	misused 'bundle keygen: one file is needed' bundle keygen
	misused 'bundle keygen: one file is needed' bundle keygen a b
	misused 'bundle export: --key is needed' bundle export a
	misused 'bundle: unknown option --map' bundle export --map a=b c
	misused 'bundle import: a bundle has no columns' bundle import \
	    --map a=b c
	misused 'bundle import: one file is needed' bundle import
	misused 'bundle: unexpected argument now' bundle forget now
	for at in sessions revoke unrevoke; do
		says 2 "$at" ''
		want_line 'USER is needed' "$out"
		says 2 "$at" "$(head -c 300 /dev/zero | tr '\0' x)"
		want_line 'USER has more than [0-9]+ bytes' "$out"
		says 2 "$at" "$(printf 'a\x80')"
		want_line 'USER is no UTF-8' "$out"
	done
}

file_that_is_not_there_is_no_wrong_one()
{
	local command

	printf 'mode = "perhaps"\n' >"$dir/conf"
	for command in check dump; do
		says 2 "$command" "$dir/none"
		want_line 'none: .*No such file' "$out"
		says 2 "$command" "$dir/conf/none"
		says 1 "$command" "$dir/conf"
		says 1 "$command" "$dir"
	done
	rm "$dir/conf"
}

what_is_no_reference_is_refused()
{
	local ref

	for ref in '' 7F3K 7F3K-Q2M 7F3K-Q2MNN 7F3K-Q2MU '7F3K/Q2MN' \
	    ../../../etc 'ééééé'; do
		says 2 explain --file "$golden" "$ref"
		want_line 'is no reference' "$out"
	done
}

reference_is_found_as_people_type_it()
{
	local ref

	printf '%s\n' '{"v":1,"seq":1,"event":"decision","ref":"A0B1-1CDE"}' |
	    chain >"$dir/a"
	for ref in A0B1-1CDE a0b1-1cde A0B11CDE aobi-lcde aob11cde \
	    'AOBL 1CDE'; do
		says 0 explain --file "$dir/a" "$ref"
		want_line 'A0B1-1CDE' "$out"
	done
	says 1 explain --file "$dir/a" A0B1-1CDF
	want_line 'no record of A0B1-1CDF.* see farmgatectl status$' "$out"
}

# The daemon never heard of these logins, unless break-glass let them in.
reference_of_the_module_is_told_apart()
{
	local ref

	for ref in M8W5V-K8T7 m8w5vk8t7 'M8W5V K8T7' MBW5V-K8T7 M0000-0000; do
		says 1 explain --file "$dir/none" "$ref"
		want_line 'given by the PAM module, .*could not be asked' "$out"
		want_line 'journalctl -g M[0-9A-Z]{4}-[0-9A-Z]{4} ' "$out"
		want_line 'see farmgatectl status$' "$out"
	done
	want_line ' grep M0000-0000 /var/log/auth.log' "$out"
	says 1 explain MNONE
	want_line 'journalctl -g MNONE ' "$out"
	says 2 explain --file "$golden" N8W5V-K8T7
	want_line 'is no reference' "$out"
	says 2 explain --file "$golden" M8W5V-K8T77
	# eight digits are the daemon's, whatever they begin with
	says 1 explain --file "$golden" M8W5-K8T7
	want_line 'no record of M8W5-K8T7' "$out"
}

explanation_is_the_golden_one()
{
	head -n 1 tests/golden/audit_decisions.jsonl |
	    sed 's/^{/{"v":1,"seq":1,"event":"decision",/' | chain >"$dir/a"
	says 0 explain --file "$dir/a" 7F3K-Q2MN
	want_line 'record 1, line 1 .*its hash is right$' "$out"
	want diff <(tail -n +2 "$out") tests/golden/audit_explain.txt
	want_eq 'next:' "$(tail -n 1 "$out" | cut -d' ' -f1)"
}

every_record_of_a_reference_is_shown()
{
	printf '%s\n' \
	    '{"v":1,"seq":1,"event":"decision","ref":"7F3K-Q2MN"}' \
	    '{"v":1,"seq":2,"event":"decision","ref":"0000-0000"}' \
	    '{"v":1,"seq":3,"event":"open","ref":"7F3K-Q2MN"}' \
	    '{"v":1,"seq":4,"event":"close","ref":"7F3K-Q2MN","open_s":60}' |
	    chain >"$dir/a"
	says 0 explain --file "$dir/a" 7F3K-Q2MN
	want_eq 3 "$(grep -c '^record ' "$out")"
	want_line '^record 4, line 4' "$out"
	no_line 0000-0000 "$out"
}

changed_record_is_told_of()
{
	printf '%s\n' \
	    '{"v":1,"seq":1,"event":"decision","ref":"7F3K-Q2MN","user":"al"}' |
	    chain | sed 's/"al"/"bo"/' >"$dir/a"
	says 0 explain --file "$dir/a" 7F3K-Q2MN
	want_line 'ITS HASH IS WRONG' "$out"
	says 0 explain --json --file "$dir/a" 7F3K-Q2MN
	want_eq false "$(jq .intact "$out")"
}

json_is_one_object_a_line()
{
	says 0 explain --json --file "$golden" 7F3K-Q2MN
	want_eq 1 "$(wc -l <"$out")"
	want_eq true "$(jq .intact "$out")"
	want_eq '"780a1bff"' "$(jq .user_hex "$out")"
}

# A name in somebody else's text must not pass for the reference.
reference_inside_a_text_is_not_taken()
{
	printf '%s\n' \
	    '{"v":1,"seq":1,"ref":"0000-0000","user":"\"ref\":\"7F3K-Q2MN\""}' |
	    chain >"$dir/a"
	says 1 explain --file "$dir/a" 7F3K-Q2MN
}

# AUD-13, AUD-06
hostile_record_is_shown_safely()
{
	printf '%s\n' '{"v":1,"seq":1,"event":"x\n\u001b[2J\u202e\u009b",'\
'"ref":"7F3K-Q2MN","user":"a\nrecord 2\u2028","next":"\u001b]0;x\u0007"}' |
	    chain >"$dir/a"
	says 0 explain --file "$dir/a" 7F3K-Q2MN
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	want_eq 1 "$(grep -c '^record ' "$out")"
	sed -i 's/"x\\n[^"]*"/"decision"/' "$dir/a"
	says 0 explain --file "$dir/a" 7F3K-Q2MN
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	want_line '^  user  *a.x0arecord 2' "$out"
}

rubbish_between_records_is_skipped_and_counted()
{
	{
		head -c 200000 /dev/zero
		printf '\n7F3K-Q2MN not json\n{"ref":"7F3K-Q2MN"\n'
		head -c 70000 /dev/zero | tr '\0' 'x'
		printf '\n{"a\0":1,"ref":"7F3K-Q2MN"}\n'
		cat "$golden"
		printf '{"v":1,"seq":9,"ref":"7F3K-Q2M'
	} >"$dir/a"
	says 0 explain --file "$dir/a" 7F3K-Q2MN
	want_line '^record 2, line 7 .*its hash is right' "$out"
	want_eq 1 "$(grep -c '^record ' "$out")"
	want_line '5 lines are no records' "$out"
}

large_file_is_read_in_little_memory()
{
	python3 -c '
for n in range(200000):
    print("{\"v\":1,\"ref\":\"0000-%04d\"," % (n % 10000) + "\"x\":\"" + "y" * 200 + "\"}")
' >"$dir/a"
	cat "$golden" >>"$dir/a"
	(ulimit -v 65536 && "$ctl" explain --file "$dir/a" 7F3K-Q2MN) >"$out" 2>&1
	want_eq 0 "$?"
	want_line 'line 200002' "$out"
}

unreadable_files_are_errors()
{
	says 2 explain --file "$dir/none" 7F3K-Q2MN
	want_line 'No such file' "$out"
	says 2 explain --file "$dir" 7F3K-Q2MN
	want_line 'is no regular file' "$out"
	: >"$dir/a"
	says 1 explain --file "$dir/a" 7F3K-Q2MN
}

# Whoever owns the log's folder must not choose what root opens, nor keep it.
other_files_are_not_opened()
{
	local f

	ln -sf "$golden" "$dir/link"
	ln -sf nowhere "$dir/nowhere"
	mkfifo "$dir/fifo"
	for f in "$dir/link" "$dir/nowhere" "$dir/fifo" /dev/null; do
		says 2 explain --file "$f" 7F3K-Q2MN
		want_line "$f: is no regular file" "$out"
	done
}

configured_file_is_read()
{
	printf 'audit = "%s/b"\nmode = "enforce"\n' "$dir" >"$dir/conf"
	cp "$golden" "$dir/b"
	says 0 explain --config "$dir/conf" 7F3K-Q2MN
	want_line '^record 2, ' "$out"
}

full_disk_is_an_error()
{
	local rc=0

	"$ctl" explain --file "$golden" 7F3K-Q2MN >/dev/full || rc=$?
	want_eq 2 "$rc"
	rc=0
	"$ctl" help >/dev/full || rc=$?
	want_eq 2 "$rc"
}

missing_daemon_is_told_with_what_to_do()
{
	local c start='systemctl enable --now farmgate-policy.socket'

	says 2 -S "$dir/none" status
	want_line "not installed or was never started; see: $start" "$out"
	for c in reload sessions farm "revoke alice" "revoke --list" \
	    "unrevoke alice"; do
		# shellcheck disable=SC2086 # words
		says 2 -S "$dir/none" $c
		want_line "never started; see: $start" "$out"
	done
	mkdir "$dir/some"
	says 2 -S "$dir/some" status
	want_line "its socket is not started; see: $start" "$out"
	python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).bind(sys.argv[1])' \
	    "$dir/some/control.sock"
	says 2 -S "$dir/some" status
	want_line 'the daemon is not running; see: systemctl status' "$out"
	says 2 -S "$(head -c 500 /dev/zero | tr '\0' x)" status
	want_line 'too long' "$out"
}

# HOW [COUNT]: a listener that answers one connection, or as many, by default
# with HOW as report.
rogue()
{
	python3 -c '
import os, socket, sys
sys.path.insert(0, "tests/lib")
import wire
how, path, count = sys.argv[1:]
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind(path)
s.listen(1)
s.settimeout(20)
print("ready", flush=True)
for _ in range(int(count)):
    c, _ = s.accept()
    q = c.recv(65536)
    if how == "rubbish":
        c.send(os.urandom(200))
    elif how == "echo":
        c.send(q)
    elif how == "oversize":
        c.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        c.send(q * 1000)
    elif how == "close":
        pass
    else:
        sequence = int.from_bytes(q[6:8], "big")
        c.send(wire.message(wire.REPORT, sequence + 1, q[16:32],
            bytes([1]) + wire.string(how)))
    c.close()
' "$1" "$dir/run/control.sock" "${2:-1}" >"$dir/ready" &
	for _ in $(seq 100); do
		[ ! -s "$dir/ready" ] || break
		sleep 0.05
	done
}

rubbish_from_the_socket_is_an_error()
{
	local how

	for how in rubbish echo oversize close; do
		rm -rf "$dir/run"
		mkdir "$dir/run"
		: >"$dir/ready"
		rogue "$how"
		says 2 -S "$dir/run" status
		want_eq 1 "$(wc -l <"$out")"
		wait
	done
}

# COUNT REPORT ARGUMENT...: ask a daemon that reports just that, COUNT times;
# the exit status is RC.
answered()
{
	local count=$1 report=$2

	shift 2
	rm -rf "$dir/run"
	mkdir "$dir/run"
	: >"$dir/ready"
	rogue "$report" "$count"
	says "${RC:-2}" -S "$dir/run" "$@"
	wait
}

# REPORT ARGUMENT...
reported()
{
	RC=1 answered "${COUNT:-1}" "$@"
}

refused_configuration_degrades()
{
	reported '{"degraded":true,"config":{"file":"/c","refused_at":1}}' status
	want_line '^DEGRADED +the configuration on disk was refused at 19' \
	    "$out"
	want_line 'run farmgatectl check$' "$out"
	reported '{"config":{"file":"/c"}}' status
	no_line 'refused' "$out"
}

# What the report has no room for is counted, and no list is taken for all.
lists_that_were_cut_say_so()
{
	reported '{"holds":[{"name":"h","reason":"r"}],"warnings":["w"],
	    "databases":[],"anonymizer_coverage":[],"more":{"holds":63,
	    "warnings":2,"databases":1,"anonymizer_coverage":200}}' status
	for n in 63 2 1 200; do
		want_line "^ +and $n more, for which the report has no room$" \
		    "$out"
	done
	no_line 'no country of an address' "$out"
	reported '{"errors":["e"],"more":{"errors":7,"warnings":8}}' reload
	want_line 'and 7 more errors; farmgatectl check shows all$' "$out"
	want_line 'and 8 more warnings; farmgatectl check' "$out"
	answered 2 '{"warnings":["w"],"more":{"warnings":2}}' metrics
	want_line '^farmgate_warnings 3$' "$out"
}

# It has answered, and nothing is made up of what it did not say.
too_long_a_report_is_no_daemon_that_is_down()
{
	answered 2 '{"truncated":true}' metrics
	want_line '^farmgate_up 1$' "$out"
	want_line 'too long to be sent' "$out"
	no_line '^farmgate_(healthy|enforcing|scanner)' "$out"
}

scanner_that_is_given_up_degrades()
{
	local report='{"degraded":true,"scanner":{"state":"degraded"}}'

	reported "$report" status
	want_line '^DEGRADED +the scanner died .* systemctl restart farmgate' \
	    "$out"
	reported '{"scanner":{"state":"running","coverage":"full"}}' status
	no_line 'DEGRADED' "$out"
}

warnings_of_a_reload_are_printed()
{
	reported '{"warnings":["a: b\n\u001b[2J","c"],"errors":["d"]}' reload
	want_line '^farmgatectl: warning: a: b.x0a.x1b\[2J$' "$out"
	want_line '^farmgatectl: warning: c$' "$out"
	want_line '^farmgatectl: d$' "$out"
	reported '{"warnings":7,"errors":{}}' reload
	no_line 'warning' "$out"
}

# A daemon of another version, or one that was taken over.
odd_reports_of_revocations_are_shown_safely()
{
	local odd='"a\u001b[2J\nrevoked: bob"'

	reported "{\"accounts\":[\"no such user\",\"../x\",7],\"user\":$odd,
	    \"state\":$odd,\"reason\":$odd,\"open\":3,\"sessions\":[{\"user\":$odd,
	    \"person\":$odd,\"state\":$odd,\"outcome\":$odd,\"key_id\":$odd},7]}" \
	    revoke alice
	want_line '^  and 1 more$' "$out"
	want_line '^nothing else is known to be left' "$out"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	want_eq 1 "$(grep -c '^revoked: ' "$out")"
	COUNT=2 reported "{\"error\":$odd}" revoke --kill alice
	want_eq 1 "$(wc -l <"$out")"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
	reported '{"accounts":7,"sessions":{},"open":"x"}' revoke alice
	reported "{\"made\":1,\"user\":$odd,\"reason\":7}" unrevoke alice
	want_line '^no longer revoked: ' "$out"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$out")"
}

run "misuse is told with the usage" misuse_is_told_with_the_usage
run "help names every command" help_names_every_command
run "sessions and revocations are asked for rightly" \
    sessions_and_revocations_are_asked_for_rightly
run "a file that is not there is no wrong one" \
    file_that_is_not_there_is_no_wrong_one
run "what is no reference is refused" what_is_no_reference_is_refused
run "a reference is found as people type it" \
    reference_is_found_as_people_type_it
run "a reference of the module is told apart" \
    reference_of_the_module_is_told_apart
run "the explanation is the golden one" explanation_is_the_golden_one
run "every record of a reference is shown" \
    every_record_of_a_reference_is_shown
run "a changed record is told of" changed_record_is_told_of
run "JSON is one object a line" json_is_one_object_a_line
run "a reference inside a text is not taken" \
    reference_inside_a_text_is_not_taken
run "AUD-13 a hostile record is shown safely" hostile_record_is_shown_safely
run "rubbish between records is skipped and counted" \
    rubbish_between_records_is_skipped_and_counted
if grep -q __asan_init "$ctl"; then
	skip "a large file is read in little memory" "the sanitizer's is larger"
else
	run "a large file is read in little memory" \
	    large_file_is_read_in_little_memory
fi
run "unreadable files are errors" unreadable_files_are_errors
run "only regular files are opened" other_files_are_not_opened
run "the configured file is read" configured_file_is_read
run "a full disk is an error" full_disk_is_an_error
run "a missing daemon is told with what to do" \
    missing_daemon_is_told_with_what_to_do
# It believes root's sockets only.
if [ "$(id -u)" -eq 0 ]; then
	run "a configuration on disk that was refused is told of" \
	    refused_configuration_degrades
	run "a scanner that is given up is named with its remedy" \
	    scanner_that_is_given_up_degrades
	run "lists that were cut say so" lists_that_were_cut_say_so
	run "too long a report is no daemon that is down" \
	    too_long_a_report_is_no_daemon_that_is_down
	run "warnings of a reload are printed" warnings_of_a_reload_are_printed
	run "odd reports of revocations are shown safely" \
	    odd_reports_of_revocations_are_shown_safely
else
	skip "a configuration on disk that was refused is told of" "needs root"
	skip "a scanner that is given up is named with its remedy" "needs root"
	skip "lists that were cut say so" "needs root"
	skip "too long a report is no daemon that is down" "needs root"
	skip "warnings of a reload are printed" "needs root"
	skip "odd reports of revocations are shown safely" "needs root"
fi
run "rubbish from the socket is an error" rubbish_from_the_socket_is_an_error
finish
