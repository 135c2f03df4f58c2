#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Databases and lists of networks while logins run: cut, overwritten, swapped
# and spoilt. What was loaded answers until what came instead is whole, and
# that is noticed without anybody's asking.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

DB=$FG_WORK/geo/country.mmdb
CITY=$FG_WORK/geo/city.mmdb
ASN=$FG_WORK/geo/asn.mmdb
LIST=$FG_WORK/geo/far.txt
COPIES=/var/lib/farmgate/geo

# NAME COUNTRY: a database in which 81.2.69.0/24 is in that country.
make_database()
{
	echo "1359103232,1359103487,$2" >"$FG_WORK/geo/$1.ranges"
	"$FG_TOP/conf/geodata-convert" country "$FG_WORK/geo/$1.mmdb" \
	    "$FG_WORK/geo/$1.ranges"
}

# The same with much between the records and the metadata: still a database,
# and one that takes a while.
make_large()
{
	python3 - "$FG_WORK/geo/good.mmdb" "$FG_WORK/geo/large.mmdb" <<-'EOF'
	import sys
	data = open(sys.argv[1], "rb").read()
	at = data.rindex(b"\xab\xcd\xefMaxMind.com")
	with open(sys.argv[2], "wb") as f:
	    f.write(data[:at] + bytes(120_000_000) + data[at:])
	EOF
}

conf_with_list()
{
	setup_conf | sed "s|^network far.*|network far { files = \"$LIST\" place = \"BR\" }|"
}

reset_data()
{
	cp "$FG_WORK/geo/good.mmdb" "$DB"
	echo 127.0.0.3 >"$LIST"
}

reset_daemon()
{
	fg_stop
	reset_data
	conf_with_list | fg_conf
	fg_start
}

# How often files were found replaced; EXPRESSION over such records.
watch_records()
{
	fg_of_event reload |
	    jq -cs "map(select(.by.watch != null)) | ${1:-length}"
}

# COUNTRY: what the daemon says of 81.2.69.142 now.
country_is()
{
	gate gate alice 81.2.69.142 >/dev/null 2>&1
	[ "$(tail -n 20 "$FG_AUDIT" | jq -rs 'map(select(.service == "gate")) |
	    last | .place.country')" = "$1" ]
}

is_degraded()
{
	! farmgatectl status >/dev/null
}

# [USER,ADDRESS,REASON...]: these logins, all the time, each for that reason, or
# none to be allowed. By itself: alice from GB, and from the US, which is refused.
start_storm()
{
	[ $# -gt 0 ] || set -- alice,81.2.69.142,none alice,8.8.8.8,geo.country
	rm -f "$FG_WORK/storm.end"
	python3 - "$FG_TOP/tests/lib" "$FG_WORK/storm.end" "$@" \
	    >"$FG_WORK/storm" 2>&1 <<-'EOF' &
	import os, sys, time
	sys.path.insert(0, sys.argv[1])
	from wire import *
	logins = [arg.split(",", 2) for arg in sys.argv[3:]]
	n = slowest = 0
	while not os.path.exists(sys.argv[2]):
	    for user, rhost, why in logins:
	        start = time.monotonic()
	        with Client() as c:
	            v, _, _, reason, _ = c.login(user=user, rhost=rhost)
	            # in from two places, for the first time: that is so
	            found = [r for r in reason.split(",") if r != "net.asn:new"
	                     and not r.startswith("session.")] or ["none"]
	            assert found == [why] and v == (
	                ALLOW if why == "none" else DENY), (
	                user, rhost, v, reason, n)
	        slowest = max(slowest, time.monotonic() - start)
	        n += 1
	    time.sleep(0.02)
	print(n, "logins, the slowest took %.1f ms" % (slowest * 1000))
	EOF
	STORM=$!
}

end_storm()
{
	: >"$FG_WORK/storm.end"
	want wait "$STORM"
	cat "$FG_WORK/storm"
	want_line '^[0-9]+ logins' "$FG_WORK/storm"
	want fg_alive "$FG_PID"
}

copies_are_private()
{
	want_eq '700 farmgate' "$(stat -c '%a %U' "$COPIES")"
	want copies_are 1
	want_eq 0 "$(find "$COPIES" -type f -perm /077 | wc -l)"
	want_eq "$(sha256sum <"$DB" | cut -d' ' -f1).mmdb" \
	    "$(cd "$COPIES" && ls ./*.mmdb | cut -c3-)"
	want grep -q "$COPIES/.*mmdb" "/proc/$FG_PID/maps"
	want_not grep -q "$DB" "/proc/$FG_PID/maps"
}

# The daemon's own copy is taken again, without a look into the original.
copy_is_used_again()
{
	local inode

	inode=$(stat -c %i "$COPIES"/*.mmdb)
	fg_restart
	want_eq "$inode" "$(stat -c %i "$COPIES"/*.mmdb)"
	want gate gate alice 81.2.69.142
	want farmgatectl reload
	want_eq "$inode" "$(stat -c %i "$COPIES"/*.mmdb)"
}

swapped()
{
	local before

	before=$(watch_records)
	cp "$FG_WORK/geo/se.mmdb" "$DB.new"
	mv "$DB.new" "$DB"
	want fg_until 5 country_is SE
	want_eq $((before + 1)) "$(watch_records)"
	want_eq "true $DB" "$(watch_records 'last | "\(.ok) \(.by.watch)"' |
	    tr -d '"')"
	want_not is_degraded
	# the old copy is not kept
	want fg_until 5 copies_are 1
	reset_data
	want fg_until 5 country_is GB
}

copies_are()
{
	[ "$(find "$COPIES" -name '*.mmdb' | wc -l)" -eq "$1" ]
}

# A login that is under way keeps the old copy, which goes when it is over.
swapped_in_a_login()
{
	cp "$FG_WORK/geo/se.mmdb" "$DB.new"
	want python3 - "$FG_TOP/tests/lib" "$DB" "$COPIES" <<-'EOF'
	import os, subprocess, sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	def copies():
	    return sum(f.endswith(".mmdb") for f in os.listdir(sys.argv[3]))
	with Client() as c:
	    c.send(LOGIN, login_body(rhost="81.2.69.142"))
	    kind, _, body = c.recv()
	    assert kind == NEED, kind
	    os.rename(sys.argv[2] + ".new", sys.argv[2])
	    subprocess.run(["farmgatectl", "reload"], check=True)
	    assert copies() == 2, copies()
	    c.send(GROUPS, groups_body(need(body), ("staff",)))
	    kind, _, body = c.recv()
	    assert kind == VERDICT and verdict(body)[0] == ALLOW, body
	EOF
	want fg_until 5 copies_are 1
	reset_data
	want fg_until 5 country_is GB
}

swapped_under_load()
{
	local i

	start_storm
	for i in 1 2 3; do
		cp "$FG_WORK/geo/both.mmdb" "$DB.new"
		mv "$DB.new" "$DB"
		want fg_until 5 eval \
		    '[ "$(fg_status .databases[0].sha256)" = "$BOTH" ]'
		cp "$FG_WORK/geo/good.mmdb" "$DB.new"
		mv "$DB.new" "$DB"
		want fg_until 5 eval \
		    '[ "$(fg_status .databases[0].sha256)" = "$GOOD" ]'
	done
	end_storm
}

# Cut, filled with noise, removed, in place and by another file.
spoilt_under_load()
{
	local errors

	start_storm
	truncate -s 100 "$DB"
	want fg_until 5 is_degraded
	head -c 20000 /dev/urandom >"$DB"
	sleep 3
	: >"$DB"
	sleep 3
	rm -f "$DB"
	sleep 3
	want is_degraded
	want_eq false "$(watch_records 'last | .ok')"
	farmgatectl status >"$FG_WORK/status"
	cat "$FG_WORK/status"
	want_line "^warnings.*$DB" "$FG_WORK/status"
	# told of once each time that it changed, and not at every look
	errors=$(grep -c 'the old policy stays' "$FG_WORK/daemon.log")
	echo "$errors errors"
	want test "$errors" -le 4
	sleep 3
	want_eq "$errors" "$(grep -c 'the old policy stays' \
	    "$FG_WORK/daemon.log")"
	reset_data
	want fg_until 5 eval '! is_degraded'
	end_storm
	want_eq true "$(watch_records 'last | .ok')"
}

# In the city alice is at home, and far from it in the other; bob is refused for
# the autonomous system. What a lost database would let in.
conf_with_all()
{
	conf_with_list | sed 's/^policy staff.*/policy bob { users = "bob"\n\
	    deny_asns = "AS20712" }\n&/'
	cat <<-EOF
	database city { files = "$CITY" }
	database asn { files = "$ASN" }
	actions = {"geo.distance = deny"}
	EOF
}

# FILE: as it was, written over what is there.
put_same()
{
	cp "$1.good" "$1"
}

# FILE: the same answers from other bytes, moved into its place.
put_other()
{
	python3 - "$1.good" "$1.new" <<-'EOF'
	import sys
	data = open(sys.argv[1], "rb").read()
	at = data.rindex(b"\xab\xcd\xefMaxMind.com")
	with open(sys.argv[2], "wb") as f:
	    f.write(data[:at] + bytes(64) + data[at:])
	EOF
	mv "$1.new" "$1"
}

# FILE...: in force as they are now.
are_in_force()
{
	local sums file

	sums=$(fg_status '.databases[].sha256')
	for file in "$@"; do
		grep -qx "$(sha256sum <"$file" | cut -d' ' -f1)" \
		    <<<"$sums" || return 1
	done
}

# COMMAND MEND: each of the files is spoilt by one, and status names them all;
# then they are made whole by the other.
spoil_and_mend()
{
	local file

	echo "--- $1"
	for file in "$DB" "$CITY" "$ASN"; do
		eval "$1"
	done
	want fg_until 5 is_degraded
	farmgatectl status >"$FG_WORK/status"
	for file in "$DB" "$CITY" "$ASN"; do
		want_line "^warnings.*$file|^ +$file: " "$FG_WORK/status"
		"$2" "$file"
	done
	want fg_until 5 are_in_force "$DB" "$CITY" "$ASN"
	want_not is_degraded
}

every_kind_under_load()
{
	local file

	mkdir "$FG_WORK/all"
	perl "$FG_TOP/tests/fixtures/mmdb.pl" "$FG_WORK/all"
	cp "$FG_WORK/all/city.mmdb" "$CITY"
	cp "$FG_WORK/all/asn.mmdb" "$ASN"
	for file in "$DB" "$CITY" "$ASN"; do
		cp "$file" "$file.good"
	done
	printf 'user,home,radius\nalice,"51.5,-0.1",50km\nbob,,\n' \
	    >"$FG_WORK/people.csv"
	want farmgatectl inventory import "$FG_WORK/people.csv"
	conf_with_all | fg_conf
	want farmgatectl reload
	start_storm alice,81.2.69.142,none alice,8.8.8.8,geo.country \
	    alice,89.160.20.1,geo.distance \
	    bob,81.2.69.142,net.asn:denied
	spoil_and_mend 'truncate -s 100 "$file"' put_other
	spoil_and_mend 'head -c "$(stat -c %s "$file")" /dev/urandom >"$file"' \
	    put_same
	spoil_and_mend 'rm -f "$file"' put_other
	end_storm
	reset_data
	conf_with_list | fg_conf
	want farmgatectl reload
}

# A list with a line that is no address changes nothing, a whole one does.
list_replaced()
{
	want_not gate gate alice 127.0.0.3
	echo 'no address' >>"$LIST"
	want fg_until 5 is_degraded
	want_not gate gate alice 127.0.0.3
	want_line 'far.txt' "$FG_WORK/daemon.log"
	want gate gate alice 127.0.0.9
	printf '127.0.0.3\n127.0.0.9\n' >"$LIST"
	want fg_until 5 eval '! is_degraded'
	want_not gate gate alice 127.0.0.9
	reset_data
	want fg_until 5 gate gate alice 127.0.0.9
}

# What an administrator is still writing does not come into force with it.
edited_conf_waits()
{
	local hash before

	hash=$(fg_status .config.sha256)
	before=$(watch_records)
	{ conf_with_list; echo 'mode = nonsense'; } | fg_conf
	cp "$FG_WORK/geo/se.mmdb" "$DB"
	want fg_until 5 country_is SE
	want_eq "$hash" "$(fg_status .config.sha256)"
	want_eq $((before + 1)) "$(watch_records)"
	want_not farmgatectl reload
	conf_with_list | fg_conf
	reset_data
	want farmgatectl reload
	want country_is GB
}

# A reload that finds the original spoilt says so and leaves all as it was.
reload_refused()
{
	truncate -s 100 "$DB"
	want_not farmgatectl reload >"$FG_WORK/out" 2>&1
	cat "$FG_WORK/out"
	want_line "$DB: .*cannot now" "$FG_WORK/out"
	want country_is GB
	reset_data
	want farmgatectl reload
	want_not is_degraded
}

# Everybody who asked is answered, and recorded.
reloads_at_once()
{
	local i n pids=

	n=$(fg_events reload)
	cp "$FG_WORK/geo/se.mmdb" "$DB"
	for i in 1 2 3 4 5 6; do
		farmgatectl reload >"$FG_WORK/out.$i" 2>&1 &
		pids="$pids $!"
	done
	for i in $pids; do
		want wait "$i"
	done
	want country_is SE
	want test "$(fg_events reload)" -ge $((n + 6))
	kill -HUP "$FG_PID"
	want fg_until 5 grep -q '"by":{"signal":"SIGHUP"}' "$FG_AUDIT"
	reset_data
	want farmgatectl reload
}

# The worker's pid, while it works: beside the scanner, with the daemon's name.
worker_of()
{
	pgrep -P "$FG_PID" farmgate-policy
}

# COMMAND that makes the daemon copy a large database; the worker is in WORKER.
# It may be too fast for us: then once more.
catch_worker()
{
	local i

	for i in {1..10}; do
		cp "$FG_WORK/geo/large.mmdb" "$DB.new"
		mv "$DB.new" "$DB"
		"$@" >"$FG_WORK/out" 2>&1 &
		REQUEST=$!
		fg_until 1 worker_of
		WORKER=$(worker_of) && kill -STOP "$WORKER" && return 0
		wait "$REQUEST"
		reset_data
		farmgatectl reload
	done
	return 1
}

worker_killed()
{
	want catch_worker farmgatectl reload
	# it stands still, and nobody waits for it
	want country_is GB
	want farmgatectl status
	kill -KILL "$WORKER"
	want_not wait "$REQUEST"
	cat "$FG_WORK/out"
	want_line 'the worker was killed' "$FG_WORK/out"
	want_line 'the old policy stays' "$FG_WORK/daemon.log"
	want fg_alive "$FG_PID"
	want country_is GB
	want farmgatectl reload
	want country_is GB
	want_eq 0 "$(find "$COPIES" -name '.new*' | wc -l)"
	reset_data
	want farmgatectl reload
}

# The one who asked goes away; the reload is carried out all the same.
asker_gone()
{
	local n

	n=$(fg_events reload)
	want catch_worker farmgatectl reload
	kill -KILL "$REQUEST"
	kill -CONT "$WORKER"
	want fg_until 5 eval '[ "$(fg_events reload)" -gt '"$n"' ]'
	want fg_alive "$FG_PID"
	want fg_until 5 eval '! worker_of'
	reset_data
	want farmgatectl reload
}

# The daemon ends while the worker works: it goes too.
worker_orphaned()
{
	want catch_worker kill -HUP "$FG_PID"
	fg_stop KILL
	want fg_until 3 eval '! fg_alive "$WORKER"'
	reset_daemon
	want catch_worker kill -HUP "$FG_PID"
	fg_stop TERM
	want_eq 0 "$FG_RC"
	want fg_until 3 eval '! fg_alive "$WORKER"'
	reset_daemon
	want country_is GB
}

# Logins while a large database is copied, verified, mapped and let go.
large_under_load()
{
	local i

	start_storm
	for i in 1 2 3; do
		cp "$FG_WORK/geo/large.mmdb" "$DB.new"
		mv "$DB.new" "$DB"
		want farmgatectl reload
		reset_data
		want farmgatectl reload
	done
	end_storm
}

# The state folder on a disk that is full: a start holds the database in
# memory, a reload keeps what there is; with space all is well again.
full_state_folder()
{
	fg_stop
	reset_data
	fg_forget
	mkdir "$FG_WORK/small"
	mount -t tmpfs -o size=512k,mode=0755 tmpfs "$FG_WORK/small"
	install -d -m 0700 -o farmgate "$FG_WORK/small/state"
	{ conf_with_list; echo "state = \"$FG_WORK/small/state\""; } | fg_conf
	fg_start
	want fg_alive "$FG_PID"
	want_not is_degraded
	head -c 524288 /dev/zero >"$FG_WORK/small/fill" 2>/dev/null
	cp "$FG_WORK/geo/se.mmdb" "$DB"
	want_not farmgatectl reload >"$FG_WORK/out" 2>&1
	cat "$FG_WORK/out"
	want_line 'cannot be copied to .*No space left.*make room' "$FG_WORK/out"
	want country_is GB
	want is_degraded
	rm -f "$FG_WORK/small/fill"
	want farmgatectl reload
	want country_is SE
	want_not is_degraded
	fg_stop
	rm -rf "$FG_WORK/small/state/geo"
	head -c 524288 /dev/zero >"$FG_WORK/small/fill" 2>/dev/null
	fg_start
	want fg_alive "$FG_PID"
	want country_is SE
	want is_degraded
	want_line 'is held in memory: .*No space left' "$FG_WORK/daemon.log"
	rm -f "$FG_WORK/small/fill"
	want farmgatectl reload
	want_not is_degraded
	fg_stop
	umount "$FG_WORK/small"
	rmdir "$FG_WORK/small"
	reset_daemon
}

# A folder of copies that is somebody else's is not written to, nor read.
foreign_folder()
{
	fg_stop
	rm -rf "$COPIES"
	install -d -m 0777 "$FG_WORK/theirs"
	ln -s "$FG_WORK/theirs" "$COPIES"
	fg_start
	want fg_alive "$FG_PID"
	want country_is GB
	want is_degraded
	want_line 'has to be a folder of mode 0700' "$FG_WORK/daemon.log"
	want_eq 0 "$(find "$FG_WORK/theirs" -type f | wc -l)"
	rm -f "$COPIES"
	want farmgatectl reload
	want_not is_degraded
}

fg_install
setup_database
make_database se SE
make_database gb GB
cp "$DB" "$FG_WORK/geo/good.mmdb"
# the same answers from other bytes
sed '$a 3232235520,3232235775,FR' "$FG_WORK/geo/ranges" >"$FG_WORK/geo/both.ranges"
"$FG_TOP/conf/geodata-convert" country "$FG_WORK/geo/both.mmdb" \
    "$FG_WORK/geo/both.ranges"
GOOD=$(sha256sum <"$FG_WORK/geo/good.mmdb" | cut -d' ' -f1)
BOTH=$(sha256sum <"$FG_WORK/geo/both.mmdb" | cut -d' ' -f1)
make_large
fg_private_pam
fg_pam gate
reset_data
conf_with_list | fg_conf
want_daemon

run "GEO-01 databases are mapped from copies of the daemon's own" copies_are_private
run "GEO-01 a copy is used again by the next daemon" copy_is_used_again
run "GEO-02 a file moved over is in force within seconds, and recorded" swapped
run "GEO-02 a copy that a login uses goes when that is over" swapped_in_a_login
run "GEO-02 databases change places while logins run" swapped_under_load
run "GEO-03 a database is spoilt in every way while logins run" spoilt_under_load
run "GEO-03 databases of every kind are spoilt and mended while logins run" \
    every_kind_under_load
run "GEO-03 a list of networks is replaced" list_replaced
run "GEO-02 replaced data brings no edited configuration into force" edited_conf_waits
run "GEO-03 a reload with a spoilt database changes nothing" reload_refused
run "CFG-02 reloads at once are all answered and recorded" reloads_at_once
run "DMN-01 a worker that is killed is a reload refused" worker_killed
run "DMN-01 a reload outlives the one who asked" asker_gone
run "GEO-02 a large database comes and goes while logins run" large_under_load
run "DMN-01 a worker ends with its daemon" worker_orphaned
run "DMN-06 a full state folder stops no start and spoils no data" full_state_folder
run "DB-08 copies are not kept in a folder of others" foreign_folder
finish
