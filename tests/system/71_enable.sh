#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The gate put into stacks and taken out of them: shown, proved and confirmed,
# and every other byte as it was.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/rollout.sh"

# ---- what is written -------------------------------------------------------

shown_and_not_written()
{
	enables 0 --observe --dry-run sshd sudo
	want_line '^\+account required pam_farmgate.so observe on_error=allow$' \
	    "$OUT"
	want_line '^--- /etc/pam.d/sudo$' "$OUT"
	as_it_was
	want test ! -e "$FOLDER/pending"
}

# To root, and also without a daemon.
status_tells_of_it()
{
	says 0 status
	want_line '^rollout +sshd: waits to be confirmed$' "$OUT"
	want_line '^ +sudo: waits to be confirmed$' "$OUT"
	want_line '^ +taken back in [1-9][0-9]* s without farmgatectl confirm$' \
	    "$OUT"
	says 0 status --json
	want_eq "sshd sudo" "$(jq -r '.rollout.services | join(" ")' "$OUT")"
	says 2 -S "$FG_WORK/nowhere" status
	want_line '^rollout +sshd: waits to be confirmed$' "$OUT"
	runuser -u carol -- "$FG_BIN/farmgatectl" status >"$OUT" 2>&1
	no_line rollout "$OUT"
}

written_in_its_place()
{
	enables 0 --observe sshd sudo
	want_line 'sshd: root with the change: passes' "$OUT"
	want_line 'sshd: alice with the change: passes' "$OUT"
	want_line 'sudo: alice with the change: passes' "$OUT"
	want_line 'farmgatectl confirm$' "$OUT"
	want_eq "# of the ssh server
@include common-auth

# farmgate begin: farmgatectl disable takes this out
account required pam_farmgate.so observe on_error=allow
# farmgate end
account    required     pam_nologin.so
@include common-account
session    optional     pam_keyinit.so force \\
	revoke
session    required     pam_loginuid.so
# farmgate begin: farmgatectl disable takes this out
session required pam_farmgate.so observe on_error=allow
# farmgate end
session    optional     pam_motd.so noupdate
@include common-session
session    required     pam_env.so # user_readenv=1
@include common-password" "$(cat "$PAM/sshd")"
	want_eq 3 "$(grep -n '^# farmgate begin' "$PAM/sudo" | head -n 1 |
	    cut -d: -f1)"
	want_eq 640 "$(stat -c %a "$PAM/sudo")"
	status_tells_of_it
	says 0 confirm
	want_line '^sshd: confirmed$' "$OUT"
	want fg_until 5 eval '[ -z "$(guard)" ]'
	says 0 status
	no_line rollout "$OUT"
	says 1 confirm
	want_line 'nothing waits to be confirmed' "$OUT"
}

observed_by_a_real_login()
{
	want fg_ssh key alice 127.0.0.2 true
	want_eq "allow allow sshd" "$(fg_last '"\(.verdict) \(.would) \(.service)"')"
	want fg_ssh key alice 127.0.0.3 true
	want_eq "allow deny" "$(fg_last '"\(.verdict) \(.would)"')"
	fg_stop
	want fg_ssh key alice 127.0.0.3 true
	want_daemon
}

mode_is_changed_in_place()
{
	sed -i 's/^account required pam_farmgate.so.*/& timeout=5/' "$PAM/sshd"
	cp "$PAM/sshd" "$FG_WORK/observing"
	enables 1 sshd
	want_line 'nothing was written; .*--accept [1-9]' "$OUT"
	want cmp "$FG_WORK/observing" "$PAM/sshd"
	enforces 0 sshd
	want_line '^-account required pam_farmgate.so observe on_error=allow timeout=5$' \
	    "$OUT"
	want_line '^\+account required pam_farmgate.so on_error=deny timeout=5$' \
	    "$OUT"
	want fg_ssh key alice 127.0.0.2 true
	want_not fg_ssh key alice 127.0.0.3 true
	says 0 rollback
	want_line '^sshd: as it was before$' "$OUT"
	want cmp "$FG_WORK/observing" "$PAM/sshd"
	enables 0 --observe sshd
	want_line 'nothing to do' "$OUT"
	want test ! -e "$FOLDER/pending"
}

disabled_down_to_the_byte()
{
	says 2 disable sshd
	want_line 'give --yes' "$OUT"
	says 0 disable --yes sshd sudo
	want_line '^-account required pam_farmgate.so' "$OUT"
	as_it_was
	says 0 disable --yes sshd
	want_line 'not enabled there' "$OUT"
}

other_shapes_come_back()
{
	enforces 0 vlock
	want_line '^account required pam_farmgate.so on_error=allow$' \
	    "$PAM/vlock"
	want_line '^account include other$' "$PAM/vlock"
	no_line '^session' "$PAM/vlock"
	says 0 confirm
	says 0 disable --all --yes
	as_it_was
	printf '\n-account\trequired pam_permit.so\n\tsession required pam_permit.so\n#' \
	    >"$PAM/odd"
	cp -a "$PAM/odd" "$FG_WORK/was"
	enables 0 --observe odd
	says 0 disable --yes odd
	as_it_was
	rm "$PAM/odd" "$FG_WORK/was/odd"
}

record_is_kept()
{
	want_eq "enable observe sshd,sudo" "$(fg_of_event rollout |
	    jq -r 'select(.mode == "observe") |
		"\(.action) \(.mode) \(.services | join(","))"' | head -n 1)"
	want_eq 0 "$(fg_last_of rollout .by.uid)"
	want_line 'gate: enable service=sshd mode=enforce by=alice' "$FG_SYSLOG"
	want_line 'gate: disable service=sudo by=' "$FG_SYSLOG"
	fg_of_event rollout | jq -r .action | sort | uniq -c >"$OUT"
	want_line '[1-9] rollback' "$OUT"
	want_line '[1-9] confirm' "$OUT"
}

# With step-up configured, also where the gate was enabled before.
asks_where_there_is_step_up()
{
	local service

	enables 0 --observe sshd sudo
	says 0 confirm
	cp "$FG_CONF" "$FG_WORK/conf"
	{ echo 'step_up = {"totp"}'; cat "$FG_WORK/conf"; } | fg_conf
	enables 0 --observe sshd sudo
	want_line '^\+auth required pam_farmgate.so observe on_error=allow$' \
	    "$OUT"
	says 0 confirm
	for service in sshd sudo; do
		want_eq "account auth session" "$(grep -o \
		    '^[a-z]* required pam_farmgate' "$PAM/$service" |
		    cut -d' ' -f1 | sort | xargs)"
		# Behind the first factor.
		want_eq "@include auth" "$(grep -oE \
		    '^(auth required pam_farmgate|@include common-auth)' \
		    "$PAM/$service" | cut -d' ' -f1 | xargs)"
	done
	says 0 check-pam sshd sudo
	no_line 'not-asked|stands-in' "$OUT"
	want fg_ssh password alice 127.0.0.2 true
	says 0 disable --all --yes
	as_it_was
	# At once, in a file that has none.
	enables 0 --observe sshd vlock
	want_eq 1 "$(grep -c '^+auth required pam_farmgate' "$OUT")"
	no_line 'nothing can be asked' "$OUT"
	says 0 rollback
	fg_conf <"$FG_WORK/conf"
	as_it_was
}

# What is asked by another module takes lines that enable does not write.
delegating_is_warned_of()
{
	cp "$FG_CONF" "$FG_WORK/conf"
	{
		echo 'policy tokens { services = {"sshd"}'
		echo 'actions = {"time.hours = challenge delegate"} }'
		cat "$FG_WORK/conf"
	} | fg_conf
	enables 0 --observe sshd sudo
	want_line 'warning: .* the method delegate, .* by sshd is refused; .* pam_farmgate\(8\)' \
	    "$OUT"
	no_line 'by sudo is refused' "$OUT"
	says 0 confirm
	says 0 check-pam sshd sudo
	want_line '^.*/sshd:[0-9]+: warning: .*\(no-delegate\)' "$OUT"
	no_line 'sudo:.*no-delegate' "$OUT"
	says 0 disable --all --yes
	fg_conf <"$FG_WORK/conf"
	as_it_was
}

# ---- what is refused -------------------------------------------------------

# PATTERN ARGUMENT...
refused()
{
	local pattern=$1

	shift
	enables 2 "$@"
	want_line "$pattern" "$OUT"
	as_it_was
}

mistakes_are_refused()
{
	refused 'part of every service that includes it' --observe common-auth
	refused 'part of every service' --observe other
	refused "no service's name" --observe ../sshd
	refused 'no service.s name' --observe .hidden
	refused 'there is no /etc/pam.d/nosuch' --observe nosuch
	refused 'exempt service' --observe cron
	refused 'named twice' --observe sshd sshd
	refused 'from 5s to 24h' --confirm-within 1s sshd
	refused 'neither deny nor allow' --on-error maybe sshd
	refused 'is no address' --from localhost sshd
	refused 'a service is needed' --observe
	refused 'does not go with it' --observe --on-error deny sshd
}

not_for_others()
{
	want_rc 2 setpriv --reuid 4201 --clear-groups \
	    "$FG_BIN/farmgatectl" enable --yes --observe sshd >"$OUT" 2>&1
	want_line 'only root changes PAM stacks' "$OUT"
	as_it_was
}

# The administrator's own lines are not ours to judge.
lines_by_hand_are_left()
{
	sed -i '1i account required pam_farmgate.so observe' "$PAM/sudo"
	cp -a "$PAM/sudo" "$FG_WORK/was"
	refused '/etc/pam.d/sudo:1: the gate has a line here' --observe sudo
	enables 0 --observe sshd
	says 2 disable --all --yes
	want_line '/etc/pam.d/sudo: the gate has a line here that enable did not' \
	    "$OUT"
	as_it_was
	sed -i 1d "$PAM/sudo"
	cp -a "$PAM/sudo" "$FG_WORK/was"
}

links_and_others_files_are_refused()
{
	ln -s sshd "$PAM/linked"
	enables 2 --observe linked
	want_line '/etc/pam.d/linked: ' "$OUT"
	rm "$PAM/linked"
	chmod 0666 "$PAM/sudo"
	enables 2 --observe sudo
	want_line '/etc/pam.d/sudo: ' "$OUT"
	chmod 0640 "$PAM/sudo"
	as_it_was
}

who_would_be_kept_out_stops_it()
{
	local n

	n=$(items sshd)
	SSH_CONNECTION='127.0.0.3 50000 127.0.0.1 22' SUDO_UID=4201 \
	    says 1 enable --accept "$n" --yes sshd
	want_line 'root would not get in by sshd any more; nothing was written' \
	    "$OUT"
	SSH_CONNECTION='127.0.0.3 50000 127.0.0.1 22' SUDO_UID=4201 \
	    says 1 enable --accept "$n" --yes --skip-root sshd
	want_line 'alice would not get in by sshd any more; nothing was written' \
	    "$OUT"
	as_it_was
	SUDO_UID=4201 says 2 enable --accept "$n" --yes sshd
	want_line 'give --from ADDRESS' "$OUT"
	SUDO_UID=4201 says 0 enable --accept "$n" --yes --from 127.0.0.2 sshd
	says 0 rollback
	fg_stop
	enforces 2 sshd
	want_line 'control.sock: ' "$OUT"
	as_it_was
	want_daemon
}

# A daemon that lets everybody in proves of nobody that they get in.
observing_daemon_proves_nothing()
{
	sed -i 's/^mode = enforce/mode = observe/' "$FG_CONF"
	want farmgatectl reload
	enforces 2 sshd
	want_line 'the daemon observes, so nothing would be proved' "$OUT"
	as_it_was
	sed -i 's/^mode = observe/mode = enforce/' "$FG_CONF"
	want farmgatectl reload
}

# What was only tried is no login.
proofs_are_no_logins()
{
	local before

	before=$(farmgatectl readiness sshd 2>/dev/null)
	enables 0 --observe --from 127.0.0.3 sshd
	says 0 rollback
	want_eq "allow deny farmgatectl" "$(fg_of_event decision | tail -n 3 |
	    jq -r 'select(.service == "sshd" and .user == "root") |
		"\(.verdict) \(.would) \(.tty)"')"
	want_eq "$before" "$(farmgatectl readiness sshd 2>/dev/null)"
}

# Whom the stack keeps out anyway proves nothing.
nobody_proves_it()
{
	usermod -e 1 root
	usermod -e 1 alice
	enables 2 --observe sshd
	want_line 'it is not proved that anybody gets in by sshd' "$OUT"
	usermod -e '' alice
	usermod -e '' root
	as_it_was
}

setup_rollout

run "enable shows what it would write, and writes nothing" \
    shown_and_not_written
run "PKG-02 enable --observe writes blocks where they belong" \
    written_in_its_place
run "PKG-02 what is enabled to observe decides, and refuses nobody" \
    observed_by_a_real_login
run "the mode is changed in its place, and goes back to what it was" \
    mode_is_changed_in_place
run "disable leaves every byte, owner and mode as it was" \
    disabled_down_to_the_byte
run "with step-up it puts a line behind the first factor" \
    asks_where_there_is_step_up
run "where a challenge is delegated it warns of the lines that it lacks" \
    delegating_is_warned_of
run "SVC-06 lockers, files without a newline, stacks that lean on other" \
    other_shapes_come_back
run "who did what is in the audit log and the system log" record_is_kept
run "services that cannot be enabled are refused" mistakes_are_refused
run "only root may" not_for_others
run "lines that were written by hand are left, and named" \
    lines_by_hand_are_left
run "links, and files that others may write, are refused" \
    links_and_others_files_are_refused
run "nothing is written that keeps root or the administrator out" \
    who_would_be_kept_out_stops_it
run "an observing daemon proves nothing" observing_daemon_proves_nothing
run "what enable tries is no login for readiness" proofs_are_no_logins
run "a proof by nobody is none" nobody_proves_it
finish
