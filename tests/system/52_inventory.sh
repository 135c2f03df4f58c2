#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The administrator's side: people into the store and out of it, exceptions,
# and what would become of a login now. A wrong file changes nothing, whoever
# is slow or gone blocks nobody, and every change is on record.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

CSV=$FG_WORK/people.csv

people()
{
	cat <<-EOF
	user,name,countries,hours,zone,status
	alice,Alice,NO SE,,,active
	bob,Bob,NO,,,active
	EOF
}

empty_store_is_told()
{
	want_eq open "$(fg_status .store.state)"
	want_eq 0 "$(fg_status .inventory.people)"
	want_eq null "$(fg_status .inventory.since)"
	says 0 inventory export
	want_eq 1 "$(wc -l <"$OUT")"
	says 1 inventory show alice
	want_line 'alice is in nobody.s entry' "$OUT"
}

dry_run_changes_nothing()
{
	local n

	n=$(fg_events inventory)
	people >"$CSV"
	says 0 inventory import --dry-run "$CSV"
	want_line '^added +alice$' "$OUT"
	want_line 'dry run, nothing is changed: people 2: 2 added' "$OUT"
	want_eq 0 "$(fg_status .inventory.people)"
	want_eq "$n" "$(fg_events inventory)"
}

import_is_in_force_and_on_record()
{
	people >"$CSV"
	says 0 inventory import "$CSV"
	want_line '^imported: people 2: 2 added, 0 changed, 0 removed' "$OUT"
	want_eq 2 "$(fg_status .inventory.people)"
	want test "$(fg_status .inventory.since)" -gt 1700000000
	want_eq import "$(fg_last_of inventory .action)"
	want_eq true "$(fg_last_of inventory .ok)"
	want_eq 2 "$(fg_last_of inventory .added)"
	want_eq 0 "$(fg_last_of inventory .by.uid)"
	want_eq "$(sha256sum <"$CSV" | cut -d' ' -f1)" \
	    "$(fg_last_of inventory .sha256)"
	want_eq "$(stat -c %s "$CSV")" "$(fg_last_of inventory .bytes)"
	says 0 inventory show alice
	want_line 'countries +NO SE' "$OUT"
	says 0 inventory show --json bob
	want_eq bob "$(jq -r .user "$OUT")"
	want_eq 0 "$(find /var/lib/farmgate -name 'import*' | wc -l)"
}

changes_are_counted()
{
	{
		people | sed 's/NO SE/NO/;/^bob/d'
		echo 'carol,Carol,NO,,,active'
	} >"$CSV"
	says 0 inventory import "$CSV"
	want_line '^added +carol$' "$OUT"
	want_line '^changed +alice: [a-z ]+$' "$OUT"
	want_line '^removed +bob$' "$OUT"
	want_line '1 added, 1 changed, 1 removed' "$OUT"
	people >"$CSV"
	says 0 inventory import - <"$CSV"
	people | cat | want farmgatectl inventory import --json -
	want_eq 2 "$(fg_status .inventory.people)"
}

wrong_lines_change_nothing()
{
	local generation

	generation=$(fg_status .inventory.generation)
	{
		people
		echo 'dave,Dave,XX,,,active'
		echo 'erin,Erin,NO,,,active'
		echo 'frank,Frank,NO,,,perhaps'
		echo 'alice,Alice,NO,,,active'
	} >"$CSV"
	says 1 inventory import "$CSV"
	want_line 'people\.csv:4: ' "$OUT"
	want_line 'people\.csv:6: ' "$OUT"
	want_line 'people\.csv:7: ' "$OUT"
	no_line 'people\.csv:5: ' "$OUT"
	want_line 'not imported: 3 errors' "$OUT"
	want_eq "$generation" "$(fg_status .inventory.generation)"
	want_eq false "$(fg_last_of inventory .ok)"
	want_eq 3 "$(fg_last_of inventory .errors)"
	says 1 inventory import --json "$CSV"
	want_eq 3 "$(jq -s 'map(select(.line)) | length' "$OUT")"
	want_eq false "$(jq -s 'last | .ok' "$OUT")"
}

nobody_at_all_is_refused()
{
	people | head -n 1 >"$CSV"
	says 1 inventory import "$CSV"
	want_line 'no person in the file' "$OUT"
	: >"$CSV"
	says 1 inventory import "$CSV"
	says 1 inventory import /dev/null
	want_eq 2 "$(fg_status .inventory.people)"
}

columns_are_mapped()
{
	printf 'Login name,Where,Shoe size\nalice,NO,43\nbob,NO,40\n' >"$CSV"
	says 1 inventory import "$CSV"
	want_line 'Shoe size' "$OUT"
	says 0 inventory import --map 'Login name=user' --map Where=countries \
	    --map 'Shoe size=' "$CSV"
	says 2 inventory import --map 'Where=countrys' "$CSV"
	want_line 'no field countrys' "$OUT"
	says 2 inventory import --map Where "$CSV"
	want_line 'a column and a field are needed' "$OUT"
}

export_is_read_back()
{
	people >"$CSV"
	want farmgatectl inventory import "$CSV"
	want farmgatectl inventory export >"$FG_WORK/export"
	says 0 inventory import --dry-run "$FG_WORK/export"
	want_line '0 added, 0 changed, 0 removed' "$OUT"
	want_eq export "$(fg_last_of inventory .action)"
	says 0 inventory export --json
	want_eq 'alice bob' "$(jq -r .user "$OUT" | xargs)"
}

# The daemon's sandbox lets it read the rules of zones and the list of cities.
zones_and_cities_are_known()
{
	mkdir -p /var/lib/farmgate-geo
	printf 'NO\tOslo\t59.91\t10.75\t700000\n' \
	    >/var/lib/farmgate-geo/cities.tsv
	want fg_restart
	{
		echo 'user,hours,zone,home,radius'
		echo 'alice,Mon-Fri 08:00-18:00,Europe/Oslo,"Oslo, NO",50km'
		echo 'bob,Mon-Fri 08:00-18:00,Europe/Olso,"Oslo, NO",50km'
		echo 'carol,,,"Olso, NO",50km'
	} >"$CSV"
	says 1 inventory import "$CSV"
	no_line 'people\.csv:2' "$OUT"
	want_line 'people\.csv:3: .*zone' "$OUT"
	want_line 'people\.csv:4: .*home' "$OUT"
	sed -i '/^bob/d;/^carol/d' "$CSV"
	says 0 inventory import --dry-run "$CSV"
	want_line '^changed +alice' "$OUT"
	# One that cannot be used is not as none: what to do is said.
	chmod 0666 /var/lib/farmgate-geo/cities.tsv
	says 1 inventory import --dry-run "$CSV"
	want_line 'cities\.tsv can be written by others; take the right away' \
	    "$OUT"
	chmod 0644 /var/lib/farmgate-geo/cities.tsv
	echo 'Oslo, NO' >>/var/lib/farmgate-geo/cities.tsv
	says 1 inventory import --dry-run "$CSV"
	want_line 'cities\.tsv has a line .*; run farmgate-geodata' "$OUT"
	sed -i '$d' /var/lib/farmgate-geo/cities.tsv
	says 0 inventory import --dry-run "$CSV"
}

unknown_network_is_warned_of()
{
	{
		echo 'user,kind,networks'
		echo 'alice,person,'
		echo 'robot,service,nowhere near'
	} >"$CSV"
	says 0 inventory import --dry-run "$CSV"
	want_line 'people\.csv:3: warning: .* no network nowhere' "$OUT"
	no_line 'network near' "$OUT"
}

exception_comes_and_goes()
{
	local id

	people >"$CSV"
	want farmgatectl inventory import "$CSV"
	says 0 except list
	want_line '^none$' "$OUT"
	says 0 except add alice --finding geo.country --country BR \
	    --until +8h --reason "a conference" --json
	id=$(jq .id "$OUT")
	want_eq 'geo.country' "$(jq -r .finding "$OUT")"
	want_eq 28800 "$(jq '.until - .from' "$OUT")"
	want_eq add "$(fg_last_of exception .action)"
	want_eq alice "$(fg_last_of exception .user)"
	want_eq "$id" "$(fg_last_of exception .id)"
	want_eq 0 "$(fg_last_of exception .by.uid)"
	want_eq 1 "$(fg_status .inventory.exceptions)"
	says 0 except list alice
	want_line "^$id +alice +geo.country +BR +in force .*a conference" "$OUT"
	says 0 except list bob
	want_line '^none$' "$OUT"
	says 0 except remove "$id"
	want_line "^removed: $id .* removed .* by root, removed by root: a conf" \
	    "$OUT"
	no_line 'in force' "$OUT"
	want_eq remove "$(fg_last_of exception .action)"
	says 1 except remove "$id"
	want_line "no exception $id" "$OUT"
	want_eq 0 "$(fg_status .inventory.exceptions)"
}

exception_of_a_later_day_waits()
{
	says 0 except add bob --finding net.listed:vpn --from 2099-03-01 \
	    --until 2099-03-02 --reason later
	want_line 'later' "$OUT"
	says 0 except list --json bob
	want_eq later "$(jq -r .state "$OUT")"
	want_eq 172800 "$(jq '.until - .from' "$OUT")"
	want farmgatectl except remove "$(jq .id "$OUT")"
}

# FIX ARGUMENT...: refused, and told how to mend it.
not_added()
{
	local fix=$1

	shift
	says 2 except add "$@"
	want_line "$fix" "$OUT"
}

wrong_exceptions_are_refused()
{
	local n rest="--until +1h --reason x"

	n=$(fg_events exception)
	# shellcheck disable=SC2086 # words
	{
		not_added 'did you mean "geo.country"' alice \
		    --finding geo.contry $rest
		not_added 'takes no exception; change status' alice \
		    --finding person.revoked $rest
		not_added 'takes no exception' alice --finding device.clone $rest
		not_added 'for the finding that is challenged' alice \
		    --finding challenge.failed $rest
		not_added 'no grade' alice --finding geo.country:x $rest
		not_added 'did you mean "no_address"' alice \
		    --finding geo.unknown:no_adress $rest
		not_added 'two letters' alice --finding geo.country \
		    --country Norway $rest
		not_added 'did you mean "GB"' alice --finding geo.country \
		    --country UK $rest
		not_added 'did you mean "JP"' alice --finding geo.country \
		    --country jp $rest
		not_added '--finding is needed' alice $rest
		not_added 'USER' '' --finding geo.country $rest
	}
	not_added '--until is needed' alice --finding geo.country --reason x
	not_added '--reason is needed' alice --finding geo.country --until +1h
	not_added 'at most 366 days' alice --finding geo.country \
	    --until +53w --reason x
	not_added 'is over already' alice --finding geo.country \
	    --until 2020-01-01 --reason x
	not_added 'is no time' alice --finding geo.country \
	    --until tomorrow --reason x
	not_added 'after from' alice --finding geo.country \
	    --from 2099-03-05 --until 2099-03-01 --reason x
	not_added 'more than 200 bytes' alice --finding geo.country --until +1h \
	    --reason "$(head -c 300 /dev/zero | tr '\0' x)"
	want_eq "$n" "$(fg_events exception)"
}

there_are_not_more_than_are_looked_at()
{
	local i

	for i in $(seq 16); do
		farmgatectl except add bob --finding geo.country --until +1h \
		    --reason "$i" >/dev/null || break
	done
	want_eq 16 "$i"
	not_added 'bob has 16 exceptions' bob --finding geo.country \
	    --until +1h --reason x
	farmgatectl except list --json bob | jq .id | while read -r i; do
		farmgatectl except remove "$i" >/dev/null
	done
	want_eq 0 "$(fg_status .inventory.exceptions)"
}

# Left by a newer version: nobody is held up, and it can be taken away.
exception_of_another_version()
{
	local id

	want farmgatectl except add bob --finding geo.country --until +1h \
	    --reason x
	id=$(fg_last_of exception .id)
	fg_stop
	want setpriv --reuid=farmgate --regid=farmgate --clear-groups \
	    python3 -c 'import sqlite3
db = sqlite3.connect("/var/lib/farmgate/farmgate.db")
db.execute("UPDATE exception SET finding = \"geo.moon\", grade = \"dark\"")
db.commit()
db.close()'
	want fg_start
	want_eq open "$(fg_status .store.state)"
	want_eq null "$(fg_status .store.problem)"
	want gate gate alice 127.0.0.2
	want gate gate bob 127.0.0.2
	want_not gate gate bob 127.0.0.3
	says 0 except list
	want_line "^$id +bob +geo.moon:dark +any +unknown " "$OUT"
	says 0 except remove "$id"
	want_line 'geo.moon:dark' "$OUT"
	want_eq geo.moon "$(fg_last_of exception .code)"
	want_eq 0 "$(fg_status .inventory.exceptions)"
}

mistyped_words_are_mended()
{
	says 2 inventory imprt
	want_line 'did you mean "import"' "$OUT"
	says 2 except
	want_line '^usage: farmgatectl except' "$OUT"
	says 2 except remove one
	says 2 inventory import
	says 2 inventory import "$FG_WORK/none.csv"
	want_line 'No such file' "$OUT"
	says 2 inventory import "$FG_WORK"
	want_line 'Is a directory' "$OUT"
	says 2 inventory show
	says 2 inventory export x
}

hostile_bytes_are_escaped()
{
	says 2 inventory show "$(printf 'a\x80b')"
	want_line 'no UTF-8' "$OUT"
	printf 'user,name\nalice,A\001B\n' >"$CSV"
	says 1 inventory import "$CSV"
	want_line 'people.csv:2: name: "A.x01B" ' "$OUT"
	says 1 inventory show "$(printf 'a\033[2J\u202eb')"
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$OUT")"
	says 0 except add alice --finding geo.country --until +1h \
	    --reason "$(printf 'x\033]0;y\007')"
	says 0 except list
	want_eq '' "$(LC_ALL=C tr -d '\n\040-\176' <"$OUT")"
	want farmgatectl except remove "$(farmgatectl except list --json | jq .id)"
}

members_of_the_group_may_and_others_may_not()
{
	want runuser -u carol -- "$FG_BIN/farmgatectl" inventory show alice
	want runuser -u carol -- "$FG_BIN/farmgatectl" except add alice \
	    --finding geo.country --until +1h --reason x
	want_eq 4203 "$(fg_last_of exception .by.uid)"
	want farmgatectl except remove "$(fg_last_of exception .id)"
	want_not runuser -u dave -- "$FG_BIN/farmgatectl" inventory export
}

person_is_told()
{
	people >"$CSV"
	want farmgatectl inventory import "$CSV"
	says 2 person alice
	want_line 'say from where with --from' "$OUT"
	says 0 person alice --from 127.0.0.2
	want_line '^alice from 127.0.0.2, now: allow' "$OUT"
	want_line '^  countries +NO SE' "$OUT"
	says 1 person --json --from 127.0.0.3 alice
	want_eq deny "$(jq -r .decision.verdict "$OUT")"
	want_eq alice "$(jq -r .entry.user "$OUT")"
	want_eq 0 "$(jq '.exceptions | length' "$OUT")"
	want gate gate alice 127.0.0.2
	says 0 person alice
	want_line '^alice from 127.0.0.2, now: allow' "$OUT"
	want_line 'allow +[0-9A-Z]{4}-[0-9A-Z]{4} +gate +127.0.0.2' "$OUT"
	fg_pam watched observe
	want gate watched alice 127.0.0.3
	says 1 person alice
	want_line ' allow \(would deny\) +[0-9A-Z-]{9} +watched +127.0.0.3' "$OUT"
	want_line ' allow +[0-9A-Z-]{9} +gate +127.0.0.2' "$OUT"
	# the place of the log is what root wrote, not what the daemon says
	{ echo 'audit = "/var/log/farmgate/none"'; setup_conf; } | fg_conf
	says 0 person alice --from 127.0.0.2
	want_line 'farmgate/none: No such file .* logins are not known' "$OUT"
	want_line '^  not known$' "$OUT"
	no_line 'none on record' "$OUT"
	want_eq false "$(farmgatectl person alice --from 127.0.0.2 --json \
	    2>/dev/null | jq 'has("last")')"
	setup_conf | fg_conf
	says 2 person alice --from nowhere
	says 1 person --service sshd zoe --from 127.0.0.2
	want_line 'has no passwd entry here' "$OUT"
	want_line "in nobody's entry" "$OUT"
}

# It is the live decision: what it says is what a login then gets.
exception_counts_at_once()
{
	want_not gate gate alice 127.0.0.3
	want farmgatectl except add alice --finding geo.country --country BR \
	    --until +1h --reason travel
	says 0 person alice --from 127.0.0.3
	want_line 'travel' "$OUT"
	want gate gate alice 127.0.0.3
	want farmgatectl except remove "$(fg_last_of exception .id)"
	want_not gate gate alice 127.0.0.3
}

export_outlasts_no_reader()
{
	python3 -c '
print("user,name")
for n in range(100000):
    print("user%06d,%s" % (n, "x" * 100))' >"$CSV"
	want farmgatectl inventory import "$CSV" >/dev/null
	want_eq 100000 "$(fg_status .inventory.people)"
	want_eq 100001 "$(farmgatectl inventory export | wc -l)"
	farmgatectl inventory export | head -n 1 >/dev/null
	want fg_until 5 eval '[ "$(pgrep -P $FG_PID | wc -l)" -eq 1 ]'
	want gate gate alice 127.0.0.2
}

# Clients that read nothing, of carol and bob; root is not kept out by them.
nobody_takes_all_workers()
{
	want python3 - "$FG_TOP/tests/lib" <<-'EOF'
	import os, sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	EXPORT = string('{"do":"inventory.export"}')
	LIST = string('{"do":"except.list"}')

	def connect(uid, gid=4213, path=CONTROL):	# farmgate-admin
	    os.setegid(gid)
	    os.seteuid(uid)
	    c = Client(path)
	    os.seteuid(0)
	    os.setegid(0)
	    return c

	def export(uid):
	    c = connect(uid)
	    c.send(19, EXPORT)
	    kind, _, body = c.recv()
	    return c, body if kind == REPORT else b""

	def audit():	# as somebody of farmgate-audit
	    with connect(4204, 4214, CONTROL.replace("control", "audit")) as c:
	        c.send(19, LIST)
	        return c.recv()

	assert b"busy" not in audit()[2]
	kept = []
	for uid, refusal in ((4203, b""), (4203, b""),
	        (4203, b"2 commands of uid 4203 are at work"), (4202, b""),
	        (4202, b"busy with 3 other commands"), (0, b""),
	        (0, b"busy with 4 other commands")):
	    c, body = export(uid)
	    assert refusal in body and (refusal or not body), (uid, body)
	    kept.append(c)
	    if len(kept) == 2:	# one more is for administrators
	        kind, _, body = audit()
	        assert kind == REPORT and b"busy with 2 other" in body, body
	EOF
	want fg_until 15 eval '[ "$(pgrep -P $FG_PID | wc -l)" -eq 1 ]'
}

# Who takes nothing is cut off; meanwhile everybody else is served.
slow_reader_holds_up_nobody()
{
	python3 - "$FG_TOP/tests/lib" <<-'EOF' &
	import sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	with Client(CONTROL, 30) as c:
	    c.send(19, string('{"do":"inventory.export"}'))
	    time.sleep(13)
	    n = 0
	    try:
	        while c.recv()[0] == 20:
	            n += 1
	        raise SystemExit("it was never cut off")
	    except Closed:
	        pass
	    assert 0 < n < 100, n
	EOF
	local client=$! i rss

	sleep 1
	for i in 1 2 3 4 5; do
		want gate gate alice 127.0.0.2
	done
	rss=$(sed -n 's/^VmRSS:\s*\([0-9]*\).*/\1/p' "/proc/$FG_PID/status")
	echo "resident: $rss kB"
	want wait "$client"
	want fg_until 5 eval '[ "$(pgrep -P $FG_PID | wc -l)" -eq 1 ]'
	people >"$CSV"
	want farmgatectl inventory import "$CSV" >/dev/null
}

rubbish_on_a_stream_ends_it()
{
	local n

	n=$(fg_events inventory)
	want python3 - "$FG_TOP/tests/lib" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	COMMAND, DATA = 19, 20
	IMPORT = string('{"do":"inventory.import"}')

	def data(b):
	    return struct.pack(">H", len(b)) + b

	def ends(*messages, answer=None):
	    """Ended without a stream, by FAIL or by a REPORT."""
	    with Client(CONTROL) as c:
	        for kind, body in messages:
	            c.send(kind, body)
	        sent = c.sequence
	        try:
	            kind, sequence, body = c.recv()
	        except Closed:
	            kind = None
	        assert kind == answer, (messages, kind)

	ends((DATA, data(b"x")), answer=FAIL)
	ends((COMMAND, string("[]")), answer=FAIL)
	ends((COMMAND, string("")), answer=FAIL)
	ends((COMMAND, string('{"do":"inventory.show"}')), answer=REPORT)
	ends((COMMAND, string('{"do":"nothing"}')), answer=REPORT)
	ends((COMMAND, string('{"do":["inventory.show"]}')), answer=REPORT)
	ends((COMMAND, IMPORT), (DATA, b"\0\5abc"), answer=FAIL)
	ends((COMMAND, IMPORT), (DATA, data(b"x")), (STATUS, b""), answer=FAIL)
	ends((COMMAND, IMPORT), (COMMAND, IMPORT), answer=FAIL)
	# gone in the middle, and nothing of it stays
	with Client(CONTROL) as c:
	    c.send(COMMAND, IMPORT)
	    c.send(DATA, data(b"user\nmallory\n"))
	# not on the other socket
	with Client(POLICY) as c:
	    c.send(COMMAND, IMPORT)
	    assert c.recv()[0] == FAIL
	EOF
	want_eq "$n" "$(fg_events inventory)"
	want_eq 2 "$(fg_status .inventory.people)"
	want fg_until 5 eval '[ "$(pgrep -P $FG_PID | wc -l)" -eq 1 ]'
}

# The limit is told, and what came before it is not kept.
upload_has_a_limit()
{
	want python3 - "$FG_TOP/tests/lib" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	part = struct.pack(">H", 16000) + b"#" * 16000
	with Client(CONTROL, 60) as c:
	    c.send(19, string('{"do":"inventory.import"}'))
	    n = 0
	    try:
	        while n <= 128 * 1024 * 1024 + 100 * 16000:
	            c.send(20, part)
	            n += 16000
	    except (BrokenPipeError, ConnectionError):
	        pass
	    kind, _, body = c.recv()
	    assert kind == REPORT, kind
	    assert b"more than 134217728 bytes" in body, body
	    print(n, "bytes")
	EOF
	want_eq 2 "$(fg_status .inventory.people)"
	want_eq 0 "$(find /var/lib/farmgate -name 'import*' | wc -l)"
}

one_import_at_a_time()
{
	mkfifo "$FG_WORK/hold"
	python3 - "$FG_TOP/tests/lib" "$FG_WORK/hold" <<-'EOF' &
	import sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	with Client(CONTROL) as c:
	    c.send(19, string('{"do":"inventory.import"}'))
	    c.send(20, b"\0\1x")
	    open(sys.argv[2]).read()
	EOF
	local client=$!

	exec 7>"$FG_WORK/hold"
	sleep 0.5
	people >"$CSV"
	says 2 inventory import "$CSV"
	want_line 'another import is under way, by uid 0' "$OUT"
	exec 7>&-
	wait "$client"
	want fg_until 5 farmgatectl inventory import "$CSV"
}

root_does_not_wait_for_an_upload()
{
	mkfifo "$FG_WORK/begun"
	python3 - "$FG_TOP/tests/lib" "$FG_WORK/begun" <<-'EOF' &
	import os, sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	begun = os.open(sys.argv[2], os.O_RDWR)
	os.setgroups([4213])
	os.setresuid(4203, 4203, 4203)
	with Client(CONTROL, 20) as c:
	    c.send(19, string('{"do":"inventory.import"}'))
	    c.send(20, b"\0\1x")
	    with Client(CONTROL) as other:
	        other.send(19, string('{"do":"inventory.import"}'))
	        body = other.recv()[2]
	        assert b"is under way, by uid 4203" in body, body
	    os.write(begun, b"\n")
	    kind, _, body = c.recv()
	    assert kind == REPORT and b"root has begun an import" in body, body
	EOF
	local client=$!

	want read -rt 10 <>"$FG_WORK/begun"
	people >"$CSV"
	says 0 inventory import "$CSV"
	want wait "$client"
}

# The import goes on without whoever began it, and is recorded.
import_outlives_its_client()
{
	local n

	n=$(fg_events inventory)
	want python3 - "$FG_TOP/tests/lib" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	with Client(CONTROL) as c:
	    c.send(19, string('{"do":"inventory.import"}'))
	    text = b"user\n" + b"".join(b"user%05d\n" % n for n in range(20000))
	    while text:
	        c.send(20, struct.pack(">H", len(text[:16000])) + text[:16000])
	        text = text[16000:]
	    c.send(20, b"\0\0")
	EOF
	want fg_until 20 eval "[ \"\$(fg_events inventory)\" -eq $((n + 1)) ]"
	want_eq true "$(fg_last_of inventory .ok)"
	want_eq 20000 "$(fg_last_of inventory .people)"
	want_eq 20000 "$(fg_status .inventory.people)"
	people >"$CSV"
	want farmgatectl inventory import "$CSV" >/dev/null
}

# STATUS ARGUMENT...: import $CSV; what is refused or told of leavers.
leavers_import()
{
	local generation status=$1

	shift
	generation=$(fg_status .inventory.generation)
	says "$status" inventory import "$@" "$CSV"
	[ "$status" -eq 0 ] ||
	    want_eq "$generation" "$(fg_status .inventory.generation)"
}

leavers_stay_out()
{
	local back='was taken back and would come back; keep the line with'

	people | sed '/^bob/s/active/revoked/' >"$CSV"
	leavers_import 0
	want_not gate gate bob 127.0.0.2
	want farmgatectl except add alice --finding geo.country --until +1h \
	    --reason x
	# the line is deleted; all are active; there is no such column
	people | sed /^bob/d >"$CSV"
	leavers_import 1
	want_line "people.csv: access of bob $back status revoked" "$OUT"
	want_line 'not imported: 1 error;' "$OUT"
	want_eq 1 "$(fg_last_of inventory .errors)"
	people >"$CSV"
	leavers_import 1
	want_line "access of bob $back" "$OUT"
	printf 'user\nbob\ncarol\n' >"$CSV"
	leavers_import 1 --dry-run
	want_line "access of bob $back" "$OUT"
	want_line '^added +carol$' "$OUT"
	want_line '^removed +alice$' "$OUT"
	leavers_import 1 --json
	want_eq 0 "$(jq -s 'map(select(.error)) | first | .line' "$OUT")"
	want_not gate gate bob 127.0.0.2
	# only for whoever says so, and with alice her exception goes
	want_eq 1 "$(fg_status .inventory.exceptions)"
	leavers_import 0 --restore
	want_line '^restored bob$' "$OUT"
	want_line '^access came back of 1 account$' "$OUT"
	want_eq 1 "$(fg_last_of inventory .restored)"
	want gate gate bob 127.0.0.2
	says 0 except list
	want_line '^none$' "$OUT"
	people >"$CSV"
	leavers_import 0
	want_eq 0 "$(fg_last_of inventory .restored)"
}

restart_keeps_everything()
{
	want farmgatectl except add alice --finding geo.country --until +1h \
	    --reason kept
	want fg_restart
	want_eq 2 "$(fg_status .inventory.people)"
	want_eq 1 "$(fg_status .inventory.exceptions)"
	want farmgatectl except remove "$(fg_last_of exception .id)"
}

daemon_decides_without_a_store()
{
	fg_stop
	chmod 0755 /var/lib/farmgate
	want fg_start
	want_eq missing "$(fg_status .store.state)"
	want_eq true "$(fg_status .degraded)"
	says 1 status
	want_line '^DEGRADED +the store' "$OUT"
	want_not gate gate alice 127.0.0.2
	want_eq failure "$(fg_last .decided.by)"
	want_eq error "$(fg_last .person.state)"
	says 2 inventory export
	want_line 'the store is not open: .* chmod 0700 it' "$OUT"
	says 1 person alice --from 127.0.0.2
	want_line 'not known' "$OUT"
	fg_stop
	chmod 0700 /var/lib/farmgate
	want fg_start
	want_eq 2 "$(fg_status .inventory.people)"
}

draft_is_made_of_what_is_known()
{
	{
		echo 'Nov 23 08:00:00 jumphost sshd[77]: Accepted publickey for alice from 192.0.2.7 port 50000 ssh2: ED25519 SHA256:x'
		echo '2026-11-23T08:00:00+00:00 jumphost sshd-session[77]: Accepted password for alice from 2001:db8::1 port 50000 ssh2'
		echo 'Nov 23 08:00:00 jumphost sshd[78]: Invalid user x sshd[1]: Accepted password for carol from 192.0.2.9 port 1'
		echo 'Nov 23 08:00:00 jumphost sshd[78]: Accepted publickey for gone from 192.0.2.9 port 1 ssh2'
		echo 'Nov 23 08:00:00 jumphost sudo[78]: Accepted publickey for dave from 192.0.2.9 port 1 ssh2'
	} >"$FG_WORK/auth"
	says 0 inventory suggest --log "$FG_WORK/auth"
	want_line '^farmgatectl: alice: 2 logins from 2 addresses' "$OUT"
	want_line '^farmgatectl: gone: left out' "$OUT"
	farmgatectl inventory suggest --log "$FG_WORK/auth" 2>/dev/null >"$CSV"
	want_eq 2 "$(wc -l <"$CSV")"
	want_line '^alice,' "$CSV"
	farmgatectl inventory suggest --all --log "$FG_WORK/auth" 2>/dev/null \
	    >"$CSV"
	want_line '^dave,' "$CSV"
	no_line '^(root|daemon|farmgate)' "$CSV"
	says 0 inventory import --dry-run "$CSV"
	want_line 'nothing is changed' "$OUT"
}

setup_gate
want_daemon
fg_pam gate
run "an empty store is told" empty_store_is_told
run "a dry run changes nothing" dry_run_changes_nothing
run "an import is in force and on record" import_is_in_force_and_on_record
run "changes are counted" changes_are_counted
run "wrong lines change nothing" wrong_lines_change_nothing
run "a file with nobody in it is refused" nobody_at_all_is_refused
run "columns are mapped" columns_are_mapped
run "an export is read back" export_is_read_back
run "zones and cities are known" zones_and_cities_are_known
run "an unknown network is warned of" unknown_network_is_warned_of
run "an exception comes and goes" exception_comes_and_goes
run "an exception of a later day waits" exception_of_a_later_day_waits
run "wrong exceptions are refused with the remedy" \
    wrong_exceptions_are_refused
run "there are not more exceptions than are looked at" \
    there_are_not_more_than_are_looked_at
run "mistyped words are mended" mistyped_words_are_mended
run "hostile bytes are escaped" hostile_bytes_are_escaped
run "members of the group may, and others may not" \
    members_of_the_group_may_and_others_may_not
run "a person is told what they would get" person_is_told
run "an exception counts at once" exception_counts_at_once
run "an exception of another version holds up nobody" \
    exception_of_another_version
run "an export ends with its reader" export_outlasts_no_reader
run "nobody takes all workers" nobody_takes_all_workers
run "a slow reader holds up nobody" slow_reader_holds_up_nobody
run "rubbish on a stream ends it" rubbish_on_a_stream_ends_it
run "an upload has a limit" upload_has_a_limit
run "there is one import at a time" one_import_at_a_time
run "root does not wait for somebody's upload" \
    root_does_not_wait_for_an_upload
run "an import outlives its client" import_outlives_its_client
run "whoever was dismissed does not come back by a file" leavers_stay_out
run "a restart keeps everything" restart_keeps_everything
run "DMN-06 the daemon decides without a store" \
    daemon_decides_without_a_store
run "a draft is made of what is known" draft_is_made_of_what_is_known
finish
