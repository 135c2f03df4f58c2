#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The outage rehearsal: what farmgatectl test --fault says of each service is
# what it really does once that fault is made: a daemon that is killed or
# stopped, databases removed and old ones, a locked store and a spoilt one, a
# full disk, a scanner that keeps dying.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

GB=81.2.69.142		# an address that the databases know
STATE=/var/lib/farmgate
DB=$STATE/farmgate.db
TABLE=$FG_WORK/table
ROWS=$FG_WORK/rows

conf()
{
	cat <<-EOF
	mode = enforce
	audit = "$FG_WORK/log/audit.jsonl"
	database country { files = "$FG_WORK/geo/country.mmdb" max_age = 30d }
	network near { cidr = {"127.0.0.2/32"} place = "NO" }
	policy staff {
		users = {"@staff"}
		countries = {"GB", "NO"}
		actions = {
			"geo.country = deny",
			"geo.unknown:no_database = deny",
			"geo.stale = deny",
		}
	}
	policy carol {
		users = {"carol"}
		mode = observe
		actions = {"geo.unknown:no_database = deny", "remote.unknown = deny"}
		on_failure = {"store_unusable = deny", "history_unknown = deny"}
	}
	policy dave {
		users = {"dave"}
		services = {"cockpit", "gdm-password", "sudo-i"}
		actions = {"remote.unknown:blind = deny"}
	}
	policy local {
		services = {"sudo"}
		on_failure = {"audit_unwritable = deny"}
		actions = {"remote.unknown = deny"}
	}
	EOF
}

# sshd, which refuses without the daemon; cockpit, which does not; su, which
# observes; sudo, sudo-i and gdm-password; and login, which observes.
stacks()
{
	rm -f /etc/pam.d/{sshd,sudo,sudo-i,su,su-l,runuser,runuser-l,login,gdm-password}
	fg_pam sshd on_error=deny timeout=1
	fg_pam cockpit on_error=allow timeout=1
	fg_pam su observe on_error=allow timeout=1
	fg_pam sudo timeout=1
	fg_pam sudo-i timeout=1
	fg_pam gdm-password timeout=1
	fg_pam login observe timeout=1
}

# Who tries: SERVICE USER FROM.
tries()
{
	cat <<-EOF
	sshd alice $GB
	sshd carol $GB
	sshd dave $GB
	sshd alice 127.0.0.2
	cockpit bob $GB
	cockpit carol $GB
	su alice local
	sudo alice local
	sudo dave local
	login bob console
	cockpit dave $GB
	gdm-password dave console
	sudo-i dave local
	EOF
}

# Whether pamtester gets through account and session.
gets_in()
{
	local rhost=()

	case $3 in
	local|console) ;;
	*) rhost=(-I "rhost=$3") ;;
	esac
	pamtester "${rhost[@]}" "$1" "$2" acct_mgmt open_session >/dev/null 2>&1
}

# What the table says of each of them with each fault: allow, deny or observed.
# Nothing of it is there yet.
foretell()
{
	local service user from

	tries | while read -r service user from; do
		farmgatectl test --json --fault all --service "$service" \
		    --user "$user" --from "$from" |
		    jq -r --arg from "$from" '.rows[] |
			"\(.fault) \(.service) \(.subject) \($from) \(.result)"'
	done >"$TABLE"
	want_eq "$(($(tries | wc -l) * $(cut -d' ' -f1 "$TABLE" | sort -u |
	    wc -l)))" "$(grep -cE ' (allow|deny|observed)$' "$TABLE")"
}

# FAULT RESULTS: each of them, while it is there; and how many there are of each
# result, so that the table says something.
comes_true()
{
	local fault service user from said

	while read -r fault service user from said; do
		[ "$fault" = "$1" ] || continue
		echo "$1: $service $user $from: $said"
		if [ "$said" = deny ]; then
			want_not gets_in "$service" "$user" "$from"
		else
			want gets_in "$service" "$user" "$from"
		fi
	done <"$TABLE"
	want_eq "$2" "$(grep "^$1 " "$TABLE" | cut -d' ' -f5 | sort | uniq -c |
	    awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }')"
}

database()
{
	"$FG_TOP/conf/geodata-convert" country ${1:+-e "$1"} \
	    "$FG_WORK/geo/new" "$FG_WORK/geo/ranges" &&
	mv "$FG_WORK/geo/new" "$FG_WORK/geo/country.mmdb"
}

# Without any fault, to know what one changes.
nothing_wrong()
{
	local service user from

	tries | while read -r service user from; do
		gets_in "$service" "$user" "$from" && echo "$service $user"
	done >"$TABLE.none"
	want_eq 12 "$(wc -l <"$TABLE.none")"
	no_line 'sshd dave' "$TABLE.none"
}

daemon_down()
{
	fg_stop
	comes_true daemon-down "4 allow, 8 deny, 1 observed"
	fg_start
}

daemon_hang()
{
	kill -STOP "$FG_PID"
	comes_true daemon-hang "4 allow, 8 deny, 1 observed"
	kill -CONT "$FG_PID"
}

geo_missing()
{
	mv "$FG_WORK/geo/country.mmdb" "$FG_WORK/geo/away"
	fg_restart
	comes_true geo-missing "8 allow, 3 deny, 2 observed"
	mv "$FG_WORK/geo/away" "$FG_WORK/geo/country.mmdb"
	fg_restart
}

geo_stale()
{
	database 1700000000
	want farmgatectl reload
	comes_true geo-stale "10 allow, 3 deny"
	database
	want farmgatectl reload
}

# What is in it can be read all the same.
store_busy()
{
	lock_store "$DB"
	comes_true store-busy "12 allow, 1 deny"
	unlock_store
}

audit_full()
{
	head -c 200k /dev/zero >"$FG_WORK/log/fill" 2>/dev/null
	# a short record may still fit where a longer one did not
	fg_until 10 eval '! gets_in sshd alice "$GB" && ! gets_in sshd alice "$GB" &&
	    ! gets_in sudo dave local'
	comes_true audit-full "5 allow, 6 deny, 2 observed"
	rm "$FG_WORK/log/fill"
	want fg_until 5 gets_in sshd alice "$GB"
}

scanner_lost()
{
	for _ in 1 2 3 4; do
		[ -n "$(fg_scanner)" ] || break
		kill -KILL "$(fg_scanner)"
		fg_until 5 eval '! fg_alive "$FG_PID" || ! fg_scanner' || break
		fg_alive "$FG_PID" || { fg_stop; fg_start; }
	done
	want_eq degraded "$(fg_status .scanner.state)"
	comes_true scanner-lost "6 allow, 5 deny, 2 observed"
	fg_stop
	rm -f "$STATE/scanner.deaths"
	fg_start
}

# The last two spoil the store for good.
history_lost()
{
	setpriv --reuid farmgate --regid farmgate --clear-groups python3 -c '
import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("DROP TABLE history")' "$DB"
	comes_true history-lost "10 allow, 1 deny, 2 observed"
	want_line history_unknown "$FG_SYSLOG"
}

store_lost()
{
	fg_stop
	head -c 8192 /dev/urandom |
	    dd of="$DB" conv=notrunc status=none
	fg_start
	comes_true store-lost "6 allow, 5 deny, 2 observed"
	want_line store_unusable "$FG_SYSLOG"
}

# The rows of policies are those of the logins that are theirs.
rows_of_policies()
{
	farmgatectl test --json --fault all >"$ROWS"
	want_eq 'deny shipped default: audit_unwritable = deny' \
	    "$(jq -r '.rows[] | select(.service == "sshd" and
		.subject == "policy staff" and .fault == "audit-full") |
		"\(.result) \(.by)"' "$ROWS")"
	want_eq 'observed farmgate.conf:17: geo.unknown:no_database = deny' \
	    "$(jq -r '.rows[] | select(.service == "cockpit" and
		.subject == "policy carol" and .fault == "geo-missing") |
		"\(.result) \(.by)"' "$ROWS")"
	want_eq 'deny shipped default: no_policy = deny' \
	    "$(jq -r '.rows[] | select(.service == "sshd" and
		.subject == "no policy" and .fault == "store-busy") |
		"\(.result) \(.by)"' "$ROWS")"
	want_eq 'deny /etc/pam.d/sshd:3: on_error=deny' \
	    "$(jq -r '.rows[] | select(.service == "sshd" and
		.fault == "daemon-down") | "\(.result) \(.by)"' "$ROWS")"
	want_eq '["cockpit","gdm-password","login","sshd","su","sudo","sudo-i"]' \
	    "$(jq -c '[.rows[].service] | unique' "$ROWS")"
	want farmgatectl test --fault all >"$OUT"
	want_eq "$(jq '.rows | length' "$ROWS")" "$(($(wc -l <"$OUT") - 1))"
}

setup_gate
stacks
database
install -d -m 0755 "$FG_WORK/log"
mount -t tmpfs -o size=256k,mode=0755 tmpfs "$FG_WORK/log"
chown farmgate:adm "$FG_WORK/log"
conf | fg_conf
want_daemon
farmgatectl inventory import - < <(printf 'user\nalice\nbob\ncarol\ndave\n') \
    >/dev/null
run "without a fault all but one get in" nothing_wrong
run "what the faults come to is told" foretell
run "each row of a policy names its rule" rows_of_policies
run "a daemon that is down does what the table says" daemon_down
run "a daemon that hangs does what the table says" daemon_hang
run "a missing database does what the table says" geo_missing
run "an old database does what the table says" geo_stale
run "a locked store does what the table says" store_busy
run "a full disk of the audit log does what the table says" audit_full
run "a lost scanner does what the table says" scanner_lost
run "a lost history does what the table says" history_lost
run "a lost store does what the table says" store_lost
umount "$FG_WORK/log"
finish
