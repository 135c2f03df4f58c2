#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# SSH keys that are bound to laptops, through a real sshd: the person's own,
# somebody else's, a lost one's, certificates and tokens. sshd says which key it
# was when the session opens, and before that only of those before the last.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/codes.sh"
. "$FG_TOP/tests/lib/approvals.sh"
. "$FG_TOP/tests/lib/hooks.sh"

SOFT_TOKEN=$FG_TOP/tests/lib/u2f.py
SK_HELPER=/usr/lib/openssh/ssh-sk-helper
ADDED="other lost spare cert byname untrusted eve robot"

fingerprint()
{
	ssh-keygen -lf "$FG_KEYS/$1.pub" | cut -d' ' -f2
}

# [LINE...]: at its head.
conf()
{
	printf '%s\n' "$@"
	cat <<-EOF
	mode = enforce
	help = "Call extension 100."
	authorities = {"$(fingerprint ca)"}
	network near { cidr = {"127.0.0.2/32"} place = "NO" }
	policy all { countries = {"NO"} }
	EOF
}

reconf()
{
	conf "$@" | fg_conf
	want farmgatectl reload >/dev/null
}

# NAME UID: an account without a password of ours.
account()
{
	local home=$FG_WORK/home/$1

	echo "$1:x:$2:$2::$home:/bin/bash" >>/etc/passwd
	echo "$1:x:$2:" >>/etc/group
	echo "$1:$(perl -e 'print crypt($ARGV[0], "\$6\$x")' "$1-pw"):19000::::::" \
	    >>/etc/shadow
	install -d -m 0700 -o "$1" -g "$1" "$home" "$home/.ssh"
}

# USER KEY...: these get in there.
authorize()
{
	local user=$1 key

	shift
	for key in "$@"; do
		cat "$FG_KEYS/$key.pub"
	done >"$FG_WORK/authorized"
	for key in ca otherca; do
		echo "cert-authority $(cat "$FG_KEYS/$key.pub")"
	done >>"$FG_WORK/authorized"
	install -m 0600 -o "$user" -g "$user" "$FG_WORK/authorized" \
	    "$FG_WORK/home/$user/.ssh/authorized_keys"
}

# KEY ID PRINCIPALS AUTHORITY
certify()
{
	ssh-keygen -q -s "$FG_KEYS/$4" -I "$2" -n "$3" "$FG_KEYS/$1.pub"
}

# One of which a test says what it proves.
soft_token()
{
	cc -shared -fPIC -o "$FG_BIN/soft_sk.so" "$FG_TOP/tests/lib/soft_sk.c" \
	    -lsodium
	: >"$FG_KEYS/soft.pub"
	[ ! -x "$SK_HELPER" ] || ssh-keygen -q -t ed25519-sk -N '' -C soft \
	    -w "$FG_BIN/soft_sk.so" -f "$FG_KEYS/soft"
}

all_keys()
{
	local name

	fg_keys
	account deploy 4220
	account robot 4221
	for name in $ADDED ca otherca; do
		ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$FG_KEYS/$name"
	done
	certify cert alice-t14 alice ca
	certify byname other-id alice,laptop-7 ca
	certify untrusted alice-t14 alice,laptop-7 otherca
	python3 "$SOFT_TOKEN" ssh alice >"$FG_KEYS/token"
	chmod 0600 "$FG_KEYS/token"
	ssh-keygen -y -f "$FG_KEYS/token" >"$FG_KEYS/token.pub"
	soft_token
	authorize alice alice other bob token soft
	authorize bob bob
	authorize carol carol lost
	authorize dave dave
	authorize deploy eve bob
	authorize robot robot lost
}

# A key of a type that is not known here, and its fingerprint.
later_key()
{
	perl -MMIME::Base64 -e '$t = "ssh-mldsa44\@openssh.com";
	    print "$t ", encode_base64(pack("N/a*N/a*", $t, "k" x 1312), "")'
}

later_print()
{
	later_key | cut -d' ' -f2 | base64 -d | openssl dgst -sha256 -binary |
	    base64 | sed 's/^/SHA256:/; s/=$//'
}

people()
{
	farmgatectl inventory import - <<-EOF
	user,kind,networks,keys,home
	alice,,,,"59.9139,10.7522"
	bob,,,$(fingerprint bob),
	carol,,,,
	dave,,,,
	eve,,,$(fingerprint eve),
	deploy,shared,,,
	robot,service,near,,
	EOF
}

assets()
{
	farmgatectl inventory import - <<-EOF
	asset_tag,user,status,ssh_keys
	LT-1,alice,,$(fingerprint alice) $(fingerprint token) $(fingerprint soft) $(later_print)
	LT-2,bob,,$(fingerprint bob)
	LT-3,carol,lost,$(fingerprint lost)
	LT-5,carol,,$(fingerprint carol)
	LT-6,eve,,$(fingerprint eve)
	LT-7,alice,,alice-t14 principal:laptop-7
	EOF
}

# USER KEY[,KEY] ARGUMENT...: log in with these keys; what is said goes to stdout.
with()
{
	local user=$1 options key

	mapfile -t options < <(fg_ssh_options key 127.0.0.2)
	for key in ${2//,/ }; do
		options+=(-i "$FG_KEYS/$key")
	done
	shift 2
	timeout 60 ssh "${options[@]}" -o BatchMode=yes -l "$user" 127.0.0.1 \
	    "$@" </dev/null 2> >(grep -v '^Warning: Permanently added')
}

# TAG: the last session was by a key of that asset, which explain tells.
was_by()
{
	want_eq "known $1 own" "$(fg_last_of open '.bound |
	    "\(.state) \(.asset) \(.issued)"')"
	want farmgatectl explain "$(fg_last_of open .ref)" >"$OUT"
	want_line "^  key of     $1, issued to the person\$" "$OUT"
}

# USER KEY TAG: in, by a key of that asset.
gets_in_by()
{
	local out

	out=$(with "$1" "$2" 'echo inside')
	want_eq "0 inside" "$? $(tail -n 1 <<<"$out")"
	was_by "$3"
}

# USER KEY REASON [TEXT]: refused as the session opens, and no command was run.
is_refused_for()
{
	local out home=$FG_WORK/home/$1

	out=$(with "$1" "$2" 'echo inside; touch ran')
	want_eq 254 $?
	want_not grep -q inside <<<"$out"
	want_not test -e "$home/ran"
	want grep -q "Reference $(fg_last .ref)" <<<"$out"
	want_eq "deny session $3" "$(fg_last \
	    '"\(.verdict) \(.phase) \(.reason)"')"
	[ -z "${4:-}" ] || want_eq "$4" "$(fg_last \
	    '[.findings[] | select(.action == "deny").text] | join("; ")')"
	want farmgatectl explain "$(fg_last .ref)" >"$OUT"
	want_line '^next: ' "$OUT"
}

# ---- plain keys -------------------------------------------------------------

own_key()
{
	gets_in_by alice alice LT-1
	gets_in_by bob bob LT-2
	want_eq '2 2' "$(with alice alice true >/dev/null
	    fg_last_of open '.bound | "\(.assets) \(.with_keys)"')"
}

SSH_07_unbound_key()
{
	is_refused_for alice other device.key \
	    "$(fingerprint other) is bound to no asset"
	want_line '^  key of     no asset; the person has 2, 2 with keys$' "$OUT"
	want_eq 'unknown null' "$(fg_last '.bound | "\(.state) \(.asset)"')"
}

# REFERENCE: the program was run for it.
told_of()
{
	grep -rqs --exclude='*.new' "^FARMGATE_REF=$1\$" "$TOLD"
}

# Of the connection's fate: it stays, until the client ends it, and is no
# session; nothing comes through it, and somebody is told.
SSH_07_nothing_is_forwarded()
{
	local out client

	out=$(with alice other -W "127.0.0.1:$FG_PORT")
	want_not test $? -eq 0
	want_not grep -q '^SSH-2.0' <<<"$out"
	out=$(with alice alice -W "127.0.0.1:$FG_PORT" | head -c 7)
	want_eq SSH-2.0 "$out"
	with alice other -N -L "127.0.0.1:2201:127.0.0.1:$FG_PORT" \
	    >"$OUT" &
	client=$!
	want fg_until 5 eval 'ss -Hltn "sport = :2201" | grep -q .'
	want_not grep -q SSH-2.0 < <(timeout 5 bash -c \
	    'exec 3<>/dev/tcp/127.0.0.1/2201; head -c 7 <&3' 2>&1)
	want kill -0 "$client"
	want_eq 0 "$(fg_status .sessions)"
	want_eq deny "$(fg_last .verdict)"
	want fg_until 5 told_of "$(fg_last .ref)"
	want_eq "new_device alice deny session device.key" "$(said EVENT) \
$(said USER) $(said VERDICT) $(fg_last .phase) $(said FINDINGS)"
	pkill -P "$client"
	wait "$client"
	with alice other -N -o ExitOnForwardFailure=yes \
	    -R "127.0.0.1:2202:127.0.0.1:$FG_PORT" >"$OUT"
	want_eq 255 $?
	want_line 'remote port forwarding failed' "$OUT"
}

SSH_07_no_sftp()
{
	local options key

	mapfile -t options < <(fg_ssh_options key 127.0.0.2)
	for key in other alice; do
		echo "get /etc/hostname $FG_WORK/got-$key" |
		    sftp -q "${options[@]}" -i "$FG_KEYS/$key" -b - \
		    alice@127.0.0.1 >"$OUT" 2>&1
	done
	want test -s "$FG_WORK/got-alice"
	want test ! -e "$FG_WORK/got-other"
}

somebody_elses_laptop()
{
	is_refused_for alice bob device.key,device.unissued \
	    "$(fingerprint bob) is bound to LT-2, which is not issued to them; the SSH key's asset LT-2 was issued to bob"
	want_line '^  key of     LT-2, issued to bob$' "$OUT"
	want_eq 'LT-2 others bob' "$(fg_last '.bound |
	    "\(.asset) \(.issued) \(.to)"')"
}

lost_laptop()
{
	gets_in_by carol carol LT-5
	is_refused_for carol lost device.key,device.unissued \
	    "$(fingerprint lost) is bound to LT-3, which is not issued to them; the SSH key's asset LT-3 is lost"
	want_line '^  key of     LT-3, lost$' "$OUT"
	want_eq 'LT-3 nobodys lost' "$(fg_last '.bound |
	    "\(.asset) \(.issued) \(.status)"')"
}

# Without a key it could be anybody who knows the password.
password()
{
	local out

	out=$(fg_ssh password alice 127.0.0.2 'echo inside' 2>&1)
	want_eq 254 $?
	want_not grep -q inside <<<"$out"
	want_eq 'session device.key' "$(fg_last '"\(.phase) \(.reason)"')"
	want_eq 'no key was used' "$(fg_last \
	    '.findings[] | select(.code == "device.key").text')"
	out=$(fg_ssh kbdint alice 127.0.0.2 'echo inside' 2>&1)
	want_eq 254 $?
	# who has no bound keys has no such rule
	out=$(fg_ssh password dave 127.0.0.2 'echo inside' 2>&1)
	want_eq '0 inside' "$? $out"
	want_eq 'device.unenrolled:key log no asset was issued to the person' \
	    "$(fg_last_of open '.findings[] | "\(.code):\(.grade) \(.action) \(.text)"')"
	want with dave dave true
}

# Somebody without an entry has no assets; services and shared accounts have
# none either. A lost laptop's key is nobody's all the same.
service_and_shared_accounts()
{
	local out

	out=$(with robot robot 'echo inside')
	want_eq '0 inside' "$? $out"
	want_eq '[]' "$(fg_last '[.findings[] | select(.code |
	    startswith("device."))]' | jq -c .)"
	is_refused_for robot lost device.unissued \
	    "the SSH key's asset LT-3 is lost"
	gets_in_by deploy eve LT-6
	gets_in_by deploy bob LT-2
	want_eq bob "$(fg_last_of open .person.user)"
}

# ---- certificates, tokens, and what cannot be read ---------------------------

SSH_05_certificates()
{
	gets_in_by alice cert LT-7
	want_eq alice-t14 "$(fg_last_of open .key.id)"
	gets_in_by alice byname LT-7
	is_refused_for alice untrusted device.key \
	    "$(fingerprint untrusted) is bound to no asset"
	want_eq null "$(fg_last .key.id)"
	# none is believed where none is named
	conf | sed /^authorities/d | fg_conf
	want farmgatectl reload >/dev/null
	is_refused_for alice cert device.key
	is_refused_for alice byname device.key
	reconf
}

# At the client, whose /sys is not the daemon's, which it has open.
SSH_05_tokens()
{
	local token out

	mount -t tmpfs tmpfs /sys
	python3 "$SOFT_TOKEN" plug alice &
	token=$!
	want fg_until 5 test -e /dev/hidraw0
	echo "$FG_BIN/hidraw.so" >/etc/ld.so.preload
	out=$(with alice token 'echo inside')
	want_eq "0 inside" "$? $out"
	rm /etc/ld.so.preload # a sanitized program would not start with it
	kill "$token" 2>/dev/null
	wait "$token"
	umount /sys
	was_by LT-1
	want_eq "$(fingerprint token)" "$(fg_last_of open .key.fingerprint)"
}

# A type of a later sshd is bound as any other is, and another one of it is not.
SSH_05_keys_of_another_type()
{
	want python3 - "$FG_TOP/tests/lib" "$(later_key)" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	def opens(key):
	    with Client() as c:
	        return c.login(phase=2, uid=4201, user="alice",
	                       ssh="127.0.0.2 50000 127.0.0.1 22",
	                       auth="publickey %s\n" % key)[::3][:2]
	assert opens(sys.argv[2])[0] == ALLOW
	got = opens(sys.argv[2].replace("a2tr", "a2ts", 1))
	assert got == (DENY, "device.key"), got
	EOF
	want_eq "LT-1 $(later_print)" "$(fg_last_of open \
	    '"\(.bound.asset) \(.key.fingerprint)"')"
	want_line '^SHA256:[A-Za-z0-9+/]{43} is bound to no asset$' <(fg_last \
	    '.findings[] | select(.code == "device.key").text')
}

# PROVED: alice logs in by the token that proves this: 1 a touch, 4 its PIN.
by_token()
{
	SOFT_SK_FLAGS=$1 with alice soft \
	    -o "SecurityKeyProvider=$FG_BIN/soft_sk.so" 'echo inside'
}

gets_in_by_token()
{
	local out

	out=$(by_token "$1")
	want_eq "0 inside" "$? $out"
	was_by LT-1
	want_eq "$(fingerprint soft)" "$(fg_last_of open .key.fingerprint)"
}

# PROVED WHY: sshd refuses it, and the gate is not even asked.
token_is_refused()
{
	local n said

	n=$(fg_records)
	said=$(wc -l <"$FG_WORK/sshd.log")
	want_not grep -q inside < <(by_token "$1")
	want_eq "$n" "$(fg_records)"
	want_line "$2 requirement not met" \
	    <(tail -n "+$((said + 1))" "$FG_WORK/sshd.log")
}

TOUCH='user presence .authenticator touch.'
PIN='user verification'

# The owner of a key may have it excused, which sshd by itself goes by.
DEV_09_touch()
{
	gets_in_by_token 1
	token_is_refused 0 "$TOUCH"
	token_is_refused 4 "$TOUCH"
	excuse_soft
	gets_in_by_token 0
	authorize alice alice other bob token soft
}

# Its line no longer wants a touch.
excuse_soft()
{
	sed -i '/ soft$/s/^/no-touch-required /' \
	    "$FG_WORK/home/alice/.ssh/authorized_keys"
}

DEV_09_pin()
{
	token_is_refused 1 "$PIN"
	gets_in_by_token 5
	gets_in_by alice alice LT-1 # no token has no PIN
}

DEV_09_no_excuse()
{
	excuse_soft
	token_is_refused 0 "$TOUCH"
	gets_in_by_token 1
	authorize alice alice other bob token soft
}

# Certificates of another type, and lines that are none.
SSH_05_keys_that_cannot_be_told()
{
	want python3 - "$FG_TOP/tests/lib" \
	    "$(cut -d' ' -f1,2 "$FG_KEYS/alice.pub")" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	def opens(auth, ssh="127.0.0.2 50000 127.0.0.1 22"):
	    with Client() as c:
	        return c.login(phase=2, uid=4201, user="alice", ssh=ssh,
	                       auth=auth)[::3][:2]
	own = "publickey %s\n" % sys.argv[2]
	def refused(auth):
	    got = opens(auth)
	    assert got == (DENY, "device.key"), (auth, got)
	assert opens(own)[0] == ALLOW
	refused("publickey ssh-mldsa44-cert-v01@openssh.com " +
	    "AAAAIHNzaC1tbGRzYTQ0LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAAA==\n")
	refused("publickey ssh-mldsa44@openssh.com AAAAE3NzaC1tbGRzYQ==\n")
	refused("publickey ssh-ed25519 AAAA\n")
	refused("publickey ssh-ed25519\n")
	refused("publickey \n")
	refused("publickey ssh-ed25519-cert-v01@openssh.com " + "A" * 4000 + "\n")
	refused("password\n")
	refused("")
	# beside one that is theirs it takes nothing away
	assert opens("publickey ssh-new AAAA\n" + own)[0] == ALLOW
	# a key without sshd's other word is none, and no login by ssh
	assert opens(own, ssh="")[1] != "device.key"
	EOF
	want_eq 'the key cannot be told' "$(fg_of_event decision | jq -r \
	    '.findings[] | select(.code == "device.key").text' | sed -n 1,200p |
	    grep -m 1 'cannot be told')"
}

# ADDRESS: alice, with the key of her laptop.
comes_from()
{
	want python3 - "$FG_TOP/tests/lib" "$1" \
	    "$(cut -d' ' -f1,2 "$FG_KEYS/alice.pub")" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	from wire import *
	with Client() as c:
	    c.login(phase=2, uid=4201, user="alice", rhost=sys.argv[2],
	            ssh=sys.argv[2] + " 50000 127.0.0.1 22",
	            auth="publickey %s\n" % sys.argv[3])
	EOF
}

# A key says where the laptop is. It is at home in Oslo, and comes from London.
far_from_home()
{
	mkdir "$FG_WORK/geo"
	perl "$FG_TOP/tests/fixtures/mmdb.pl" "$FG_WORK/geo"
	conf 'actions = {"device.place = deny"}' \
	    "database city { files = {\"$FG_WORK/geo/city.mmdb\"} }" |
	    sed 's/countries = {"NO"}/countries = {"NO", "GB"}/' | fg_conf
	want fg_restart
	comes_from 81.2.69.142
	want_eq 'deny device.place' "$(fg_last '"\(.verdict) \(.reason)"')"
	want grep -q "^LT-1 is used 1[0-9]* km from the person's home$" \
	    <<<"$(fg_last '.findings[] | select(.code == "device.place").text')"
	# as shipped it is recorded
	sed -i '/^actions/d' "$FG_CONF"
	want farmgatectl reload >/dev/null
	comes_from 81.2.69.142
	want_eq 'allow log' "$(fg_last_of open '"\(.verdict // "allow") " +
	    (.findings[] | select(.code == "device.place").action)')"
	reconf
}

# ---- more than a key --------------------------------------------------------

# LINE COMMAND...: with an sshd that has this line.
with_sshd()
{
	fg_sshd_stop
	want fg_sshd_start - <<<"$1"
	"${@:2}"
	fg_sshd_stop
	want fg_sshd_start
}

# METHODS COMMAND...: with an sshd that demands these.
with_methods()
{
	with_sshd "AuthenticationMethods $1" "${@:2}"
}

# sshd tells account of the first alone, so that it has to be the bound one.
SSH_06_two_keys()
{
	local out

	out=$(with alice alice,other 'echo inside')
	want_eq '0 inside' "$? $out"
	want_eq 'LT-1 own' "$(fg_last_of open '.bound |
	    "\(.asset) \(.issued)"')"
	want_eq "$(fingerprint alice) $(fingerprint other)" \
	    "$(fg_last_of open \
	    '.key | "\(.fingerprint) \(.also[].fingerprint)"')"
	out=$(with alice other,alice 'echo inside')
	want_eq 255 $?
	want_not grep -q inside <<<"$out"
	want_eq 'account device.key' "$(fg_last '"\(.phase) \(.reason)"')"
	# a lost one's beside the own is the lost one's
	out=$(with carol carol,lost 'echo inside')
	want_eq 254 $?
	want_eq 'LT-3 lost' "$(fg_last '.bound | "\(.asset) \(.status)"')"
}

# Two keys change their files, which have the names of users.
swap()
{
	local suffix

	for suffix in "" .pub; do
		mv "$FG_KEYS/$1$suffix" "$FG_KEYS/swapped"
		mv "$FG_KEYS/$2$suffix" "$FG_KEYS/$1$suffix"
		mv "$FG_KEYS/swapped" "$FG_KEYS/$2$suffix"
	done
}

# Known in time: it is a challenge, and no refusal.
known_in_time()
{
	reconf 'step_up = {"approval"}' 'step_up_time = "60s"'
	swap alice other
	METHODS=publickey,keyboard-interactive begins alice 127.0.0.2
	want_eq "$(fingerprint alice) is bound to no asset" \
	    "$(farmgatectl approvals --json | jq -r '.findings[] |
	    select(.code == "device.key").text')"
	want_rc 0 by carol farmgatectl approve "$REF" "$(number alice)" \
	    >"$OUT" 2>&1
	presses_enter alice
	want wait "$CLIENT"
	want_line '^welcome' "$FG_WORK/got-alice"
	want_eq 'allow approval' "$(fg_last '.verdict + " " +
	    (.proof.methods | join(" "))')"
	METHODS=publickey,keyboard-interactive begins alice 127.0.0.2
	want_rc 0 by carol farmgatectl refuse "$REF" >"$OUT" 2>&1
	presses_enter alice
	want_not wait "$CLIENT"
	no_line '^welcome' "$FG_WORK/got-alice"
	farmgatectl stepup forget alice >/dev/null 2>&1
	farmgatectl stepup forget 127.0.0.2 >/dev/null 2>&1
	# with the own one nobody is asked for what is refused
	swap alice other
	: >"$FG_WORK/prompts-alice"
	FG_NAME=alice METHODS=publickey,keyboard-interactive \
	    want asked alice 127.0.0.2 alice-pw -- 'echo inside' >"$OUT"
	want_line '^inside' "$OUT"
	want_line 'Password' "$FG_WORK/prompts-alice"
	no_line approval "$FG_WORK/prompts-alice"
}

# By key alone it is known too late for anybody to be asked.
too_late_to_ask()
{
	reconf 'step_up = {"approval"}'
	is_refused_for alice other device.key,challenge.impossible
	want_line 'AuthenticationMethods publickey,keyboard-interactive:pam' \
	    "$OUT"
	want_eq none "$(farmgatectl approvals)"
	reconf
}

recorded_only()
{
	local out

	reconf 'actions = {"device.key = log", "device.unissued = log"}'
	out=$(with alice other 'echo inside')
	want_eq '0 inside' "$? $out"
	want_eq log "$(fg_last_of open '.findings[] |
	    select(.code == "device.key").action')"
	want farmgatectl explain "$(fg_last_of open .ref)" >"$OUT"
	want_line '^  key of     no asset; the person has 2, 2 with keys' "$OUT"
	out=$(with alice bob 'echo inside')
	want_eq '0 inside' "$? $out"
	reconf
}

# What account allowed and the session would not is a decision of its own, for
# whoever wants to know before enforcing.
observed()
{
	local out n

	sed -i 's/^mode = enforce/mode = observe/' "$FG_CONF"
	want farmgatectl reload >/dev/null
	n=$(fg_records)
	out=$(with alice bob 'echo inside')
	want_eq '0 inside' "$? $out"
	want_eq 'session allow deny device.key,device.unissued' "$(fg_last \
	    '"\(.phase) \(.verdict) \(.would) \(.reason)"')"
	want_eq "$(fg_last_of open .ref)" "$(fg_last .ref)"
	want_eq $((n + 2)) "$(fg_records)"
	out=$(with alice alice 'echo inside')
	want_eq '0 inside' "$? $out"
	want_eq $((n + 3)) "$(fg_records)"
	farmgatectl readiness sshd >"$OUT" 2>&1
	want_line 'device.key, device.unissued' "$OUT"
	says 0 explain "$(fg_last .ref)"
	reconf
}

exception_counts()
{
	want farmgatectl except add alice --finding device.key --until +1h \
	    --reason "new laptop" >/dev/null
	want_eq inside "$(with alice other 'echo inside')"
	want farmgatectl except remove "$(fg_last_of exception .id)" >/dev/null
	is_refused_for alice other device.key
}

# What somebody would get is said without a key, and that it is.
what_if()
{
	says 0 person alice --from 127.0.0.2
	want_line '^alice from 127.0.0.2, now: allow' "$OUT"
	want_line '^the SSH key is not known: 2 of their assets have ssh_keys' \
	    "$OUT"
	want_line '^  LT-1 +issued, ssh_keys [34]$' "$OUT"
	says 0 test --user alice --from 127.0.0.2
	want_line '^the SSH key is not known: 2 of their assets have' "$OUT"
	says 0 test --user carol --from 127.0.0.2
	want_line '^the SSH key is not known: 1 of their assets has' "$OUT"
	says 0 test --user dave --from 127.0.0.2
	no_line 'SSH key' "$OUT"
	says 0 test --user alice --from 127.0.0.2 --json
	want_eq 2 "$(jq .keyed "$OUT")"
	says 0 test --service login --user alice --from console
	no_line 'SSH key' "$OUT"
}

fg_install
all_keys
cc -shared -fPIC -o "$FG_BIN/hidraw.so" "$FG_TOP/tests/lib/hidraw.c"
conf | fg_conf
fg_private_pam
asking_pam sshd
waiting_program
want_daemon
hooks_prepare
hooks_start
telling_hook new_device
fg_sshd_start || exit 1
people >"$OUT" 2>&1 || { cat "$OUT"; exit 1; }
assets >"$OUT" 2>&1 || { cat "$OUT"; exit 1; }

run "a key of the person's own laptop lets them in" own_key
run "SSH-07 a key that is bound to nothing is refused, and runs nothing" \
    SSH_07_unbound_key
run "SSH-07 nor is anything forwarded" SSH_07_nothing_is_forwarded
run "SSH-07 nor any file sent" SSH_07_no_sftp
run "a key of somebody else's laptop is refused, and theirs is named" \
    somebody_elses_laptop
run "a key of a lost laptop is refused" lost_laptop
run "a password is no key" password
run "services and shared accounts have no laptops" service_and_shared_accounts
run "SSH-05 a certificate is bound by its id, or a principal" \
    SSH_05_certificates
run "SSH-05 a key of another type is bound as any other is" \
    SSH_05_keys_of_another_type
run "SSH-05 a key that cannot be told is bound to nothing" \
    SSH_05_keys_that_cannot_be_told
run "a laptop that is used far from its person's home is found" far_from_home
run "what is only recorded lets in" recorded_only
run "what is only observed is known before it is enforced" observed
run "an exception lets in" exception_counts
run "too late to ask anybody is a refusal" too_late_to_ask
run "SSH-06 of two keys the first has to be bound" \
    with_methods publickey,publickey SSH_06_two_keys
run "known in time it waits for a second person" \
    with_methods publickey,keyboard-interactive known_in_time
run "what somebody would get says that the key is not known" what_if
if [ -x "$SK_HELPER" ]; then
	run "SSH-05 a key on a token is a key" SSH_05_tokens
	run "DEV-09 a token that nobody touched is refused" DEV_09_touch
	run "DEV-09 touched it is refused where its PIN is wanted" \
	    with_sshd "PubkeyAuthOptions verify-required" DEV_09_pin
	run "DEV-09 no key is excused from the touch where all want it" \
	    with_sshd "PubkeyAuthOptions touch-required" DEV_09_no_excuse
else
	skip "SSH-05 a key on a token is a key" "there is no ssh-sk-helper"
	skip "DEV-09 a token without its touch or PIN" \
	    "there is no ssh-sk-helper"
fi
hooks_stop
fg_sshd_stop
finish
