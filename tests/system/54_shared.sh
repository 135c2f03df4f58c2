#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# An account that several people use, through a real sshd: the person is whose
# key or certificate it is. sshd says which that was only when the session is
# opened, so the account phase knows the account alone, and the session is
# where a stranger or somebody dismissed is stopped: before their command.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

HOME_OF=$FG_WORK/home/deploy

# [CA]: the certificates of that authority say whose they are.
conf()
{
	[ -z "${1:-}" ] || echo "authorities = {\"$(fingerprint "$1")\"}"
	cat <<-EOF
	mode = enforce
	help = "Call extension 100."
	network near { cidr = {"127.0.0.2/32"} place = "NO" }
	network far { cidr = {"127.0.0.3/32"} place = "BR" }
	policy all {
		actions = {
			"geo.country = deny"
		}
	}
	EOF
}

fingerprint()
{
	ssh-keygen -lf "$FG_KEYS/$1.pub" | cut -d' ' -f2
}

# The account, and keys of eve, who has two, frank, heidi, gone and stranger;
# two authorities, and a certificate of each with eve's name in it, for keys
# that are nobody's.
shared_account()
{
	local who

	echo "deploy:x:4220:4220::$HOME_OF:/bin/bash" >>/etc/passwd
	echo 'deploy:x:4220:' >>/etc/group
	echo "deploy:$(perl -e 'print crypt("deploy-pw", "\$6\$x")'):19000::::::" \
	    >>/etc/shadow
	install -d -m 0700 -o deploy -g deploy "$HOME_OF" "$HOME_OF/.ssh"
	fg_keys
	for who in eve eves2nd frank heidi gone stranger ca otherca signed \
	    othersigned; do
		ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$FG_KEYS/$who"
	done
	ssh-keygen -q -s "$FG_KEYS/ca" -I eve-laptop -n deploy \
	    "$FG_KEYS/signed.pub"
	ssh-keygen -q -s "$FG_KEYS/otherca" -I eve-laptop -n deploy \
	    "$FG_KEYS/othersigned.pub"
	for who in eve eves2nd frank heidi gone stranger; do
		cat "$FG_KEYS/$who.pub"
	done >"$FG_WORK/authorized"
	for who in ca otherca; do
		echo "cert-authority $(cat "$FG_KEYS/$who.pub")"
	done >>"$FG_WORK/authorized"
	install -m 0600 -o deploy -g deploy "$FG_WORK/authorized" \
	    "$HOME_OF/.ssh/authorized_keys"
}

# [STATUS]: of the shared entry.
people()
{
	cat <<-EOF
	user,kind,countries,keys,status
	deploy,shared,,,${1:-active}
	eve,,NO,$(fingerprint eve) $(fingerprint eves2nd) eve-laptop,active
	frank,,BR,$(fingerprint frank),active
	heidi,,,$(fingerprint heidi),active
	gone,,,$(fingerprint gone),revoked
	EOF
}

import()
{
	people "$@" | farmgatectl inventory import --restore - >"$OUT" 2>&1 ||
	    { cat "$OUT"; return 1; }
}

# KEY[,KEY] FROM COMMAND...: as deploy.
by()
{
	local key options

	mapfile -t options < <(fg_ssh_options key "$2")
	for key in ${1//,/ }; do
		options+=(-i "$FG_KEYS/$key")
	done
	shift 2
	ssh "${options[@]}" -o BatchMode=yes -l deploy 127.0.0.1 "$@" \
	    </dev/null 2>&1
}

# KEY FROM: in, with a command.
gets_in()
{
	local out

	out=$(by "$1" "$2" 'echo inside; touch ran')
	want_eq 0 $?
	want grep -q '^inside$' <<<"$out"
	want rm "$HOME_OF/ran"
}

# KEY FROM: its session is refused, and the command not run.
is_refused()
{
	local out

	out=$(by "$1" "$2" 'echo inside; touch ran')
	want_eq 254 $?
	echo "$out"
	want_not grep -q inside <<<"$out"
	want_not test -e "$HOME_OF/ran"
	want_eq deny "$(fg_last .verdict)"
	want_eq session "$(fg_last .phase)"
	want_eq deploy "$(fg_last .user)"
	want grep -q "Reference $(fg_last .ref)" <<<"$out"
}

# PERSON KEY: the last session is theirs, by audit and explain.
is_of()
{
	want_eq "$1" "$(fg_last_of open .person.user)"
	want_eq true "$(fg_last_of open .person.shared)"
	want_eq deploy "$(fg_last_of open .user)"
	want_eq "$(fingerprint "$2")" "$(fg_last_of open .key.fingerprint)"
	want farmgatectl explain "$(fg_last_of open .ref)" >"$OUT"
	want_line "^  person +$1 \\(person\\)" "$OUT"
	want grep -Fq "  key        $(fingerprint "$2")" "$OUT"
}

person_is_whose_key_it_is()
{
	want gets_in eve 127.0.0.2
	is_of eve eve
	# what the account phase knew is in the decision, under one reference
	want_eq allow "$(fg_last .verdict)"
	want_eq deploy "$(fg_last .person.user)"
	want_eq "$(fg_last_of open .ref)" "$(fg_last .ref)"
	want gets_in frank 127.0.0.3
	is_of frank frank
}

# STATUS ARGUMENT...: what farmgatectl person says is in $OUT.
person()
{
	want_rc "$1" farmgatectl person --service sshd "${@:2}" >"$OUT"
}

# The decision of the account phase does not know whose login it is.
persons_logins_are_shown()
{
	local ref

	want gets_in eve 127.0.0.2
	ref=$(fg_last .ref)
	want is_refused eve 127.0.0.3
	want gets_in frank 127.0.0.3
	person 0 eve --from 127.0.0.2
	want_line "  allow  $ref sshd +127\.0\.0\.2 +NO none as deploy$" "$OUT"
	want_line '  deny .* sshd +127\.0\.0\.3 +BR geo\.country as deploy$' \
	    "$OUT"
	no_line "$(fg_last .ref)" "$OUT"
	# from where the last one came
	person 1 eve
	want_line '^eve from 127.0.0.3, now: deny' "$OUT"
	person 0 eve --from 127.0.0.2 --json
	want_eq "open $ref allow 127.0.0.2" "$(jq -r '.last[-2] |
	    "\(.event) \(.ref) \(.decision.verdict) \(.decision.origin.address)"' \
	    "$OUT")"
	want_eq "decision deny" "$(jq -r '.last[-1] | "\(.event) \(.verdict)"' \
	    "$OUT")"
	# the account's own decisions are those of all, each of them once
	person 0 deploy --from 127.0.0.2 --json
	want_eq "$(fg_last .ref)" "$(jq -r '.last[-1].ref' "$OUT")"
	want_eq 5 "$(jq -r '.last[].ref' "$OUT" | sort -u | wc -l)"
	want_eq decision "$(jq -r '.last[].event' "$OUT" | sort -u)"
}

own_countries_apply()
{
	want is_refused frank 127.0.0.2
	want_eq geo.country "$(fg_last .reason)"
	want_eq frank "$(fg_last .person.user)"
	want_eq 'NO is not among the countries of frank' \
	    "$(fg_last '.findings[0].text')"
	want farmgatectl explain "$(fg_last .ref)" >"$OUT"
	want_line '^  person +frank' "$OUT"
	want_line '^next: .*countries in the inventory' "$OUT"
	want is_refused eve 127.0.0.3
	want_eq eve "$(fg_last .person.user)"
}

key_of_nobody_is_refused()
{
	want is_refused stranger 127.0.0.2
	want_eq person.unknown:shared "$(fg_last .reason)"
	want_eq "$(fingerprint stranger)" "$(fg_last .key.fingerprint)"
	want_eq 'known true deploy' "$(fg_last \
	    '.person | "\(.state) \(.nobody) \(.user)"')"
	want farmgatectl explain "$(fg_last .ref)" >"$OUT"
	want_line '^  person +deploy \(shared\), by nobody who is known' "$OUT"
	want grep -Fq "  key        $(fingerprint stranger)" "$OUT"
	want_line '^next: put the key under keys of the person who uses it' \
	    "$OUT"
}

# Who knows the account's password may be anybody.
password_is_nobodys()
{
	local out

	out=$(fg_ssh password deploy 127.0.0.2 'echo inside; touch ran' 2>&1)
	want_eq 254 $?
	want_not grep -q inside <<<"$out"
	want_not test -e "$HOME_OF/ran"
	want_eq 'session person.unknown:shared' \
	    "$(fg_last '.phase + " " + .reason')"
	want_eq 'no key says who it is, and the account is shared' \
	    "$(fg_last '.findings[0].text')"
}

# What names a key has to come from where sshd's other word does.
key_without_a_connection_is_none()
{
	want python3 - "$FG_TOP/tests/lib" \
	    "$(cut -d' ' -f1,2 "$FG_KEYS/eve.pub")" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	def opens(ssh):
	    with Client() as c:
	        return c.login(phase=2, uid=4220, user="deploy", ssh=ssh,
	                       auth="publickey %s\n" % sys.argv[2])
	v, _, _, reason, _ = opens("127.0.0.2 50000 127.0.0.1 22")
	assert v == ALLOW, reason
	v, _, _, reason, _ = opens("")
	assert v == DENY and reason == "person.unknown:shared", reason
	EOF
}

whoever_is_dismissed_is_refused()
{
	want is_refused gone 127.0.0.2
	want_eq person.revoked "$(fg_last .reason)"
	want_eq gone "$(fg_last .person.user)"
	want farmgatectl explain "$(fg_last .ref)" >"$OUT"
	want_line '^  person +gone' "$OUT"
}

# It stays connected and opens nothing.
forwarding_is_refused_as_well()
{
	local out

	out=$(by stranger 127.0.0.2 -W "127.0.0.1:$FG_PORT")
	want_not test $? -eq 0
	echo "$out"
	want_not grep -q '^SSH-2.0' <<<"$out"
	want_eq deny "$(fg_last .verdict)"
	out=$(by eve 127.0.0.2 -W "127.0.0.1:$FG_PORT")
	want grep -q '^SSH-2.0' <<<"$out"
}

# Any authority that the account's own file names could have written that id.
certificate_of_no_authority_is_a_key()
{
	want is_refused signed 127.0.0.2
	want_eq person.unknown:shared "$(fg_last .reason)"
	want_eq null "$(fg_last .key.id)"
	want_eq "$(fingerprint signed)" "$(fg_last .key.fingerprint)"
}

certificate_of_an_authority_says_whose_it_is()
{
	conf ca | fg_conf
	want farmgatectl reload
	want gets_in signed 127.0.0.2
	is_of eve signed
	want_eq eve-laptop "$(fg_last_of open .key.id)"
	want is_refused signed 127.0.0.3
	want_eq eve "$(fg_last .person.user)"
	want is_refused othersigned 127.0.0.2
	want_eq person.unknown:shared "$(fg_last .reason)"
	conf | fg_conf
	want farmgatectl reload
	want is_refused signed 127.0.0.2
}

# Then it is not the session that ends it.
account_that_is_revoked_is_nobodys()
{
	local out

	want import revoked
	out=$(by eve 127.0.0.2 echo inside)
	want_eq 255 $?
	want_not grep -q inside <<<"$out"
	want_eq account "$(fg_last .phase)"
	want_eq person.revoked "$(fg_last .reason)"
	want import
	want gets_in eve 127.0.0.2
}

# FIRST SECOND: the last session was eve's, by these two keys.
is_by_both()
{
	is_of eve "$1"
	want_eq "$(fingerprint "$2")" "$(fg_last_of open '.key.also[].fingerprint')"
	want_eq null "$(fg_last_of open .key.more)"
	want grep -Fq "  also       $(fingerprint "$2")" "$OUT"
}

# What sshd tells of the second key, it tells the session alone.
both_keys_are_recorded()
{
	local client ref

	want gets_in eve,eves2nd 127.0.0.2
	is_by_both eve eves2nd
	want gets_in eves2nd,eve 127.0.0.2
	is_by_both eves2nd eve
	want_eq "$(fingerprint eves2nd) null" \
	    "$(fg_last '.key | "\(.fingerprint) \(.also)"')"
	by eve,eves2nd 127.0.0.2 'echo $FARMGATE_REF; exec sleep 30' >"$OUT" &
	client=$!
	want fg_until 5 grep -q '^[0-9A-Z]*-' "$OUT"
	ref=$(grep '^[0-9A-Z]*-' "$OUT")
	farmgatectl sessions deploy >"$OUT"
	want grep -Fq "$ref $(fingerprint eve) +1" "$OUT"
	want_eq "$(fingerprint eve) 1" "$(farmgatectl sessions --json |
	    jq -r '"\(.key) \(.more_keys)"')"
	fg_restart
	want_eq "$(fingerprint eve) 1" "$(farmgatectl sessions --json |
	    jq -r '"\(.key) \(.more_keys)"')"
	fg_ssh_end "$client"
	want fg_no_sessions
}

# Whichever is first: what account sees is one of them, and no stranger's.
keys_of_two_people_are_nobodys()
{
	local keys

	for keys in eve,heidi heidi,eve eve,stranger; do
		want is_refused "$keys" 127.0.0.2
		want_eq person.unknown:shared "$(fg_last .reason)"
		want_eq 'the keys are not all of one who shares the account' \
		    "$(fg_last '.findings[0].text')"
		want_eq 'true deploy' \
		    "$(fg_last '.person | "\(.nobody) \(.user)"')"
		want_eq "$(fingerprint "${keys%,*}") $(fingerprint \
		    "${keys#*,}")" "$(fg_last \
		    '.key | "\(.fingerprint) \(.also[].fingerprint)"')"
	done
	want_not by stranger,eve 127.0.0.2 true >"$OUT"
	want_eq 'account person.unknown:shared' \
	    "$(fg_last '.phase + " " + .reason')"
}

# What says nothing of who it is says nothing against the key.
key_and_a_password_are_the_keys()
{
	local options

	mapfile -t options < <(fg_ssh_options publickey,keyboard-interactive \
	    127.0.0.2)
	SSHPASS=deploy-pw want sshpass -e ssh "${options[@]}" -l deploy \
	    -i "$FG_KEYS/eve" 127.0.0.1 'touch ran' </dev/null >"$OUT" 2>&1
	want rm "$HOME_OF/ran"
	is_of eve eve
	want_eq null "$(fg_last_of open .key.also)"
	# here account knows it already
	want_eq eve "$(fg_last .person.user)"
	want_eq "$(fingerprint eve)" "$(fg_last .key.fingerprint)"
}

# What the account says of whoever says nothing holds again in a replay.
replayed_with_the_accounts_countries()
{
	local options

	people | sed 's/^deploy,shared,,/deploy,shared,NO,/' |
	    farmgatectl inventory import --restore - >/dev/null
	mapfile -t options < <(fg_ssh_options publickey,keyboard-interactive \
	    127.0.0.3)
	SSHPASS=deploy-pw want_not sshpass -e ssh "${options[@]}" -l deploy \
	    -i "$FG_KEYS/heidi" 127.0.0.1 true </dev/null
	want_eq "heidi geo.country" "$(fg_last '.person.user + " " + .reason')"
	grep -F "\"ref\":\"$(fg_last .ref)\"" "$FG_AUDIT" >"$FG_WORK/one.jsonl"
	says 0 replay --config "$FG_CONF" "$FG_WORK/one.jsonl"
	want_line '^  what happened +0 +0 +1$' "$OUT"
	import
}

# By which key somebody comes is known in the session, where they are refused.
refusals_of_the_session_are_replayed()
{
	want is_refused gone 127.0.0.2
	want_eq "session gone" "$(fg_last '.phase + " " + .person.user')"
	grep -F "\"ref\":\"$(fg_last .ref)\"" "$FG_AUDIT" >"$FG_WORK/one.jsonl"
	says 0 replay --config "$FG_CONF" "$FG_WORK/one.jsonl"
	want_line '^  person\.revoked +0 +0 +1$' "$OUT"
}

# METHODS COMMAND...: with an sshd that demands these.
with_methods()
{
	fg_sshd_stop
	want fg_sshd_start - <<<"AuthenticationMethods $1"
	"${@:2}"
	fg_sshd_stop
	want fg_sshd_start
}

fg_install
conf | fg_conf
fg_private_pam
shared_account
want_daemon
fg_sshd_start || exit 1
import
run "the person is whose key it is" person_is_whose_key_it_is
run "a person's own countries apply to them" own_countries_apply
run "a person's logins by a shared account are shown" persons_logins_are_shown
run "SSH-07 a key of nobody's is refused, and runs nothing" \
    key_of_nobody_is_refused
run "a login without a key is nobody's" password_is_nobodys
run "a key without a connection is none" key_without_a_connection_is_none
run "SSH-07 whoever is dismissed is refused" whoever_is_dismissed_is_refused
run "SSH-07 forwarding is refused as well" forwarding_is_refused_as_well
run "a certificate of no authority of ours is any key" \
    certificate_of_no_authority_is_a_key
run "a certificate of an authority says whose it is" \
    certificate_of_an_authority_says_whose_it_is
run "SSH-06 both keys of a login are recorded" \
    with_methods publickey,publickey both_keys_are_recorded
run "SSH-06 keys of two people are nobody's" \
    with_methods publickey,publickey keys_of_two_people_are_nobodys
run "SSH-06 a key and a password are whose key it is" \
    with_methods publickey,keyboard-interactive key_and_a_password_are_the_keys
run "an account that is revoked is nobody's" account_that_is_revoked_is_nobodys
run "a replay knows whom the session has refused" \
    refusals_of_the_session_are_replayed
run "a replay knows the account's countries" \
    with_methods publickey,keyboard-interactive \
    replayed_with_the_accounts_countries
fg_sshd_stop
finish
