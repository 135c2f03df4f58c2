#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgatectl readiness after real logins: who would have been refused, what a
# mended configuration and an imported inventory settle, and (SSH-17) logins by
# a real sshd that the gate has never seen.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"

JSON=$FG_WORK/readiness.json

# STATUS ARGUMENT...: the report is in $JSON.
readiness()
{
	want_rc "$1" farmgatectl readiness --json "${@:2}" >"$JSON"
	jq -c '.items[], .notes[]' "$JSON"
}

# KIND FILTER: of each item of this kind.
items()
{
	jq -r ".items[] | select(.kind == \"$1\") | $2" "$JSON"
}

notes()
{
	jq -r ".notes[] | select(.kind == \"$1\") | $2" "$JSON"
}

nothing_was_observed()
{
	readiness 1
	want_eq 1 "$(items period .text | grep -c '^no login was decided')"
	want_eq 1 "$(notes inventory .text | wc -l)"
	want_eq 1 "$(notes factors .text | wc -l)"
}

# alice is staff, and far away; carol may come from Norway only.
who_would_have_been_refused()
{
	want fg_ssh key alice 127.0.0.2 true
	want fg_ssh key alice 127.0.0.3 true
	want fg_ssh key alice 127.0.0.3 true
	want fg_ssh key carol 127.0.0.4 true
	want pamtester sudo dave acct_mgmt
	want gate sudo carol 127.0.0.3	# an address makes it a remote one
	readiness 1
	want_eq "alice sshd geo.country 2 BR,network far" \
	    "$(items observed 'select(.user == "alice") | "\(.user) \(.service) \(.reasons) \(.logins) \(.from | join(","))"')"
	want_eq "$(fg_of_event decision |
	    jq -r 'select(.user == "alice").ref' | tail -n 1)" \
	    "$(items observed 'select(.user == "alice") | .ref')"
	want_eq "sshd net.listed:vpn
sudo geo.country" \
	    "$(items observed 'select(.user == "carol") | "\(.service) \(.reasons)"' | sort)"
	want_eq 1 "$(items period .text | grep -c 'of 1 day only')"
	want_eq 0 "$(items login .text | wc -l)"
	want_eq "$(jq '.items | length' "$JSON")" "$(jq .count "$JSON")"
	want farmgatectl explain "$(items observed .ref | head -n 1)"
	# each item's line, its remedy, and their number
	want_rc 1 farmgatectl readiness >"$OUT"
	want_eq "$(jq .count "$JSON")" "$(grep -c '^[0-9]*\. ' "$OUT")"
	want_line '^[0-9]* items; not ready$' "$OUT"
	want_line '^   fix: .*farmgatectl reload$' "$OUT"
}

service_alone()
{
	readiness 1 sudo
	want_eq "carol sudo" "$(items observed '"\(.user) \(.service)"')"
	readiness 1 login
	want_eq 1 "$(items period .text | grep -c 'no login was decided')"
}

# SED METHOD...: with that change of the configuration alice lacks these.
lacks()
{
	setup_conf | sed "s/enforce/observe/; $1" | fg_conf
	want farmgatectl reload
	readiness 1
	want_eq "${*:2}" \
	    "$(items factor '"\(.person) \(.method)"' | xargs)"
}

# Whatever it is that asks for it: an action, a policy, the file.
who_could_not_answer()
{
	local country='0,/"geo.country = deny"/s//"geo.country = challenge'

	lacks ''
	lacks "$country totp\"/" alice totp
	want_eq 'farmgatectl totp enrol alice' "$(items factor .fix)"
	lacks "$country all totp serial\"/" alice totp alice serial
	want_eq 1 "$(items factor .text | grep -c 'serial number, and none')"
	lacks "$country any totp approval\"/"
	lacks "$country\"/; s/^policy staff {/& step_up = {\"totp\"}/" alice totp
	lacks "$country\"/; 1i step_up = {\"totp\"}" alice totp
	lacks "$country delegate\"/"
	want_eq 1 "$(notes factors .text | grep -c 'handed over to knows')"
	enrol_quickly alice
	lacks "$country totp\"/"
	lacks "$country all totp serial\"/" alice serial
}

# BR is right for alice, and the list is of no matter for carol.
what_is_mended_is_settled()
{
	setup_conf | sed 's/enforce/observe/
	    s/"NO", "SE", "GB"/"NO", "SE", "GB", "BR"/
	    s/net.listed:vpn = deny/net.listed:vpn = log/' | fg_conf
	want farmgatectl reload
	readiness 1
	want_eq sudo "$(items observed .service)"
	want_eq 1 "$(notes settled .text | grep -c '^2 reasons')"
}

# alice is in it; carol is not, whatever the records of her logins say.
who_is_in_no_entry()
{
	want farmgatectl inventory import - < <(printf 'user\nalice\n')
	readiness 1
	want_eq 0 "$(notes inventory .text | wc -l)"
	want_eq "carol 2" "$(items account '"\(.user) \(.logins)"')"
	want farmgatectl inventory import - < <(printf 'user\nalice\ncarol\n')
	readiness 1
	want_eq 0 "$(items account .user | wc -l)"
}

# SSH-17: sshd's own record has them, and the audit log has not.
logins_that_the_gate_has_not_seen()
{
	want fg_ssh key alice 127.0.0.2 -tt true
	readiness 1
	want_eq 0 "$(items login .user | wc -l)"
	want test -s /var/log/wtmp
	sed -i '/pam_farmgate/d' /etc/pam.d/sshd
	want fg_ssh key bob 127.0.0.2 -tt true
	fg_pam sshd
	readiness 1
	want_eq "bob 1" "$(items login '"\(.user) \(.logins)"')"
	want_eq 1 "$(items login .fix | grep -c 'farmgatectl check-sshd$')"
	readiness 1 sudo
	want_eq 0 "$(items login .user | wc -l)"
	: >/var/log/wtmp
}

trouble_of_the_daemon_is_an_item()
{
	readiness 1
	want_eq 0 "$(items status .text | wc -l)"
	mv "$FG_WORK/geo/country.mmdb" "$FG_WORK/geo/away"
	fg_restart
	readiness 1
	want_eq 1 "$(items status .text | grep -c 'country.mmdb')"
	mv "$FG_WORK/geo/away" "$FG_WORK/geo/country.mmdb"
	echo 'nonsense' | fg_conf
	readiness 1
	want_eq 1 "$(items config .text | grep -c 'farmgate.conf:1: ')"
	setup_conf | fg_conf
	fg_stop
	readiness 1
	want_eq 1 "$(items daemon .text | wc -l)"
	want fg_start
}

# Where it enforces there is nothing to be surprised by.
refused_for_real_is_a_note()
{
	want_not fg_ssh key bob 127.0.0.3 true
	readiness 1
	want_eq 0 "$(items observed 'select(.user == "bob")' | wc -l)"
	want_eq "bob geo.country" "$(notes refused '"\(.user) \(.reasons)"')"
}

# The sshd that is installed where one is looked for, with its own configuration.
sshd_that_never_asks_is_an_item()
{
	printf 'HostKey %s\nUsePAM no\n' "$FG_KEYS/host" >/etc/ssh/sshd_config
	readiness 1
	want_eq 1 "$(items sshd .text | grep -c UsePAM)"
	readiness 1 sudo
	want_eq 0 "$(items sshd .text | wc -l)"
	printf 'HostKey %s\nUsePAM yes\nKbdInteractiveAuthentication no\n' \
	    "$FG_KEYS/host" >/etc/ssh/sshd_config
	readiness 1
	want_eq 0 "$(items sshd .text | wc -l)"
	want_eq 1 "$(notes sshd .text | grep -c KbdInteractive)"
}

# Without anything against it, the exit status says so.
nothing_against_it()
{
	local day week

	day=$(date -u -d '1 day ago' +%FT%TZ) week=$(date -u -d '9 days ago' +%FT%TZ)
	for at in "$week" "$day"; do
		printf '{"ts":"%s","event":"decision","ref":"A","user":"alice","service":"sshd","kind":"remote","verdict":"allow","would":"allow"}\n' "$at"
	done >"$FG_WORK/good"
	readiness 0 --audit "$FG_WORK/good" sshd
	want_eq true "$(jq .ready "$JSON")"
	want_rc 0 farmgatectl readiness --audit "$FG_WORK/good" sshd >"$OUT"
	want_line '^0 items; ready$' "$OUT"
}

setup_gate
setup_conf | sed 's/enforce/observe/' | fg_conf
: >/var/log/wtmp
want_daemon
fg_sshd_start || exit 1
if [ ! -x /usr/sbin/sshd ]; then
	mount -t tmpfs -o mode=0755 tmpfs /usr/local/sbin
	install -m 0755 "$(fg_sshd_program)" /usr/local/sbin/sshd
fi
mkdir -p /etc/ssh
printf 'HostKey %s\nUsePAM yes\n' "$FG_KEYS/host" >/etc/ssh/sshd_config
run "without a login nothing was observed" nothing_was_observed
run "who would have been refused is an item, with its reason and place" \
    who_would_have_been_refused
run "a service can be asked for alone" service_alone
run "who would be asked for what they do not have is an item" \
    who_could_not_answer
run "what is mended since then is settled" what_is_mended_is_settled
run "accounts in no entry of the inventory are items" who_is_in_no_entry
run "SSH-17 logins that the gate has not seen are items" \
    logins_that_the_gate_has_not_seen
run "trouble of the daemon is an item" trouble_of_the_daemon_is_an_item
run "who is refused for real is a note" refused_for_real_is_a_note
run "an sshd that never asks the gate is an item" \
    sshd_that_never_asks_is_an_item
run "with nothing against it the exit status is 0" nothing_against_it
fg_sshd_stop
finish
