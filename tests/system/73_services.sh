#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Services of all kinds, by Debian's own programs where a machine without a
# display can run them; pamtester plays the others.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/front_ends.sh"

# SERVICE USER VERDICT ORIGIN of the last decision.
last_is()
{
	want_eq "$*" "$(fg_last '"\(.service) \(.user) \(.verdict) \(.origin.kind)"')"
}

as_alice()
{
	setpriv --reuid alice --regid alice --init-groups "$@"
}

# COMMAND...: how many ms it took is in $TOOK.
timed()
{
	local rc=0 start=${EPOCHREALTIME/./}

	"$@" || rc=$?
	TOOK=$(((${EPOCHREALTIME/./} - start) / 1000))
	echo "took $TOOK ms"
	return "$rc"
}

# [TYPE-ARGUMENT...] -- PROGRAM...
typing()
{
	python3 "$FG_TOP/tests/lib/type.py" "$@"
}

# The machine itself ------------------------------------------------------

# TERMINAL USER: log in at it, and leave.
login_at()
{
	typing -a "/dev/$1" assword: "$2-pw" \
	    '$ ' 'test "$(tty)" = /dev/'"$1"'; exit $?' -- login "$2"
}

terminals()
{
	local tty

	for tty in tty1 ttyS0; do
		want login_at "$tty" alice
		last_is login alice allow console
		want_eq "/dev/$tty" "$(fg_last .tty)"
		want_not login_at "$tty" carol
		last_is login carol deny console
	done
}

# The policy for the console is one for the seat, not for a network.
terminals_without_daemon()
{
	fg_stop
	: >"$FG_SYSLOG"
	want_not login_at tty1 alice
	want_line 'verdict=deny .*service=login .*daemon_unreachable' \
	    "$FG_SYSLOG"
	fg_pam login on_error=allow
	want login_at ttyS0 alice
	want_line 'verdict=allow .*service=login .*daemon_unreachable' \
	    "$FG_SYSLOG"
	fg_pam login
	fg_start
}

greeter()
{
	local before phases="acct_mgmt open_session close_session"

	before=$(fg_status .sessions)
	fg_pam gdm-launch-environment
	want pamtester gdm-launch-environment gdm $phases
	last_is gdm-launch-environment gdm exempt local
	want_eq "$before" "$(fg_status .sessions)"
	want_eq 0 "$(fg_of_event open | grep -c '"user":"gdm"')"
	fg_pam gdm-autologin
	sed -i 's/^auth.*/auth required pam_permit.so/' /etc/pam.d/gdm-autologin
	want pamtester gdm-autologin alice authenticate $phases
	last_is gdm-autologin alice allow console
	want_not pamtester gdm-autologin carol authenticate $phases
	last_is gdm-autologin carol deny console
}

# Jobs and tools ----------------------------------------------------------

# Debian's at: what alice leaves is run as she, though no policy lets her in.
real_at()
{
	local atd=$1 at=$2 pid done=$FG_WORK/home/alice/at-done

	mount -t tmpfs tmpfs /var/spool
	install -d -m 1770 -o daemon -g daemon /var/spool/cron/atjobs \
	    /var/spool/cron/atspool
	install -m 0600 -o daemon -g daemon /dev/null \
	    /var/spool/cron/atjobs/.SEQ
	: >/etc/at.deny
	install -m 6755 -o daemon -g daemon "$at" "$FG_BIN/at"
	fg_pam atd
	"$atd" -f &
	pid=$!
	want fg_until 5 test -s /run/atd.pid
	want as_alice sh -c "cd && echo 'id -un >$done' | $FG_BIN/at now"
	want fg_until 10 test -s "$done"
	want_eq alice "$(cat "$done")"
	last_is atd alice exempt local
	kill "$pid"
	wait "$pid"
	umount /var/spool
}

change_name()
{
	fg_pam chfn
	want as_alice python3 "$FG_TOP/tests/lib/type.py" assword: alice-pw \
	    -- chfn -r 12 alice
	last_is chfn alice exempt local
	want grep -q '^alice:.*,12,' /etc/passwd
}

# Lockers -----------------------------------------------------------------

# COMMAND...: alice's screen is locked and unlocked.
unlock()
{
	as_alice env USER=alice VLOCK_MESSAGE='Press Enter.' \
	    python3 "$FG_TOP/tests/lib/type.py" Enter. '' assword: alice-pw \
	    -- "$@"
}

# Debian's vlock is set-uid; without that it asks unix_chkpwd, as the lockers
# of X and Wayland do.
real_vlock()
{
	local before

	install -m 4755 "$1" "$FG_BIN/vlock-main"
	install -m 0755 "$1" "$FG_BIN/vlock-plain"
	fg_pam vlock on_error=allow
	before=$(fg_records)
	want unlock vlock-main
	want unlock vlock-plain
	want_eq "$before" "$(fg_records)"
	fg_stop
	want unlock vlock-main
	want unlock vlock-plain
	fg_start
	want_eq 0 "$(fg_status .sessions)"
}

# Some ask for the account as well, as root or as the user.
locker_with_account()
{
	local opened

	opened=$(fg_events open)
	fg_pam xscreensaver on_error=allow
	want pamtester xscreensaver alice authenticate acct_mgmt <<<alice-pw
	last_is xscreensaver alice allow local
	: >"$FG_SYSLOG"
	want as_alice pamtester xscreensaver alice authenticate acct_mgmt \
	    <<<alice-pw
	want_line 'xscreensaver.*not root.*not decided' "$FG_SYSLOG"
	fg_stop
	want pamtester xscreensaver alice authenticate acct_mgmt <<<alice-pw
	want_line 'verdict=allow .*service=xscreensaver .*daemon_unreachable' \
	    "$FG_SYSLOG"
	want as_alice pamtester xscreensaver alice authenticate acct_mgmt \
	    <<<alice-pw
	fg_start
	want_eq 0 "$(fg_status .sessions)"
	want_eq "$opened" "$(fg_events open)"
}

# A greeter that unlocks asks as at a login, and opens nothing.
greeter_unlocks()
{
	local opened

	opened=$(fg_events open)
	fg_pam gdm-password
	want pamtester gdm-password alice authenticate acct_mgmt <<<alice-pw
	last_is gdm-password alice allow console
	want_eq 0 "$(fg_status .sessions)"
	want_eq "$opened" "$(fg_events open)"
}

# One prompt, no terminal -------------------------------------------------

ftp_logins()
{
	fg_pam vsftpd timeout=1
	want ftp_start "$1"
	want ftp 127.0.0.2
	last_is vsftpd alice allow address
	want_eq NO "$(fg_last .place.country)"
	fg_no_sessions
	want_eq 0 "$(fg_status .sessions)"
	want_eq "530 Login incorrect." "$(ftp 127.0.0.3)"
	last_is vsftpd alice deny address
	want_eq BR "$(fg_last .place.country)"
}

# COMMAND...: is refused in bounded time by a daemon that stands still, and at
# once by one that is gone; on_error lets it in.
never_hangs()
{
	local service=$1

	shift
	: >"$FG_SYSLOG"
	kill -STOP "$FG_PID"
	want_rc 1 timed "$@"
	want test "$TOOK" -ge 900 -a "$TOOK" -lt 6000
	want_line "verdict=deny .*service=$service .*reason=timeout" \
	    "$FG_SYSLOG"
	kill -CONT "$FG_PID"
	fg_stop
	want_rc 1 timed "$@"
	want_line "verdict=deny .*service=$service .*daemon_unreachable" \
	    "$FG_SYSLOG"
	fg_pam "$service" timeout=1 on_error=allow
	want timed "$@"
	want_line "verdict=allow .*service=$service .*daemon_unreachable" \
	    "$FG_SYSLOG"
	fg_start
}

ftp_never_hangs()
{
	never_hangs vsftpd ftp 127.0.0.2
	crew_ends
}

sasl_logins()
{
	fg_pam smtp timeout=1
	fg_pam unlisted timeout=1
	want sasl_start "$1"
	want sasl smtp alice
	last_is smtp alice allow no_address
	want_not sasl smtp carol
	last_is smtp carol deny no_address
	want_not sasl unlisted alice
	last_is unlisted alice deny no_address
}

sasl_never_hangs()
{
	never_hangs smtp sasl smtp alice
	crew_ends
}

setup_gate
mkdir -p "$CREW"
grep -q '^gdm:' /etc/passwd ||
    echo 'gdm:x:117:117::/var/lib/gdm3:/bin/false' >>/etc/passwd
grep -q '^gdm:' /etc/shadow || echo 'gdm:*:19000:0:99999:7:::' >>/etc/shadow
{
	cat <<-EOF
	policy seat {
		users = {"carol"}
		services = {"login", "gdm-autologin"}
		actions = {"person.unknown = deny"}
	}
	policy mail {
		users = {"@staff"}
		services = {"smtp"}
		actions = {"geo.unknown:no_address = log"}
	}
	EOF
} >"$CREW/policies"
setup_conf | sed "/^policy staff/{
    r $CREW/policies
    N
}" | fg_conf
want_daemon
printf 'user\nalice\nbob\n' >"$CREW/people.csv"
farmgatectl inventory import "$CREW/people.csv" >/dev/null

run "SVC-03 login at tty1 and at a serial line has the console's policy" terminals
run "SVC-03 without a daemon the line of login decides there" \
    terminals_without_daemon
run "SVC-05 gdm's greeter is exempt, a login without a password is decided" \
    greeter
run_with usr/sbin/atd "SVC-04 Debian's at runs its jobs" real_at usr/bin/at
run "SVC-04 a name is changed as without a gate" change_name
run_with usr/sbin/vlock-main \
    "SVC-06 Debian's vlock unlocks with and without a daemon" real_vlock
run "SVC-06 a locker that asks for the account unlocks without a daemon" \
    locker_with_account
run "SVC-06 a greeter that unlocks opens no session" greeter_unlocks
run_with usr/sbin/vsftpd "SVC-07 Debian's vsftpd lets in and says 530" ftp_logins
run_with usr/sbin/vsftpd "SVC-07 vsftpd never hangs" ftp_never_hangs
run_with usr/sbin/saslauthd \
    "SVC-07 saslauthd's services are decided, unlisted ones as remote" sasl_logins
run_with usr/sbin/saslauthd "SVC-07 saslauthd never hangs" sasl_never_hangs
finish
