#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Whether the time of a refusal tells what was wrong with an answer: the code,
# the user, or nothing but the policy. It prints, and judges nothing. Usage:
# tests/bench/prove.sh [-j JOBS] [-n SAMPLES] [-s SEED] [-S SAMPLES]: samples of
# each case by PAM alone (-n, 200), and through sshd (-S, 200); 0 leaves a part
# out. So many at once (-j, 4), in an order that the seed gives.
# Environment: BUILD (default build).

. "$(dirname "$0")/bench.sh"

# What an answer changes in the store has to be on a disk.
[ -n "${FG_PRIVATE:-}" ] || on_private_machine prove.sh "$@"

. "$FG_TOP/tests/lib/fg.sh"

PATH=$FG_BUILD:$PATH
FG_MODULE=$FG_BUILD/pam_farmgate.so

# Where somebody comes from says what is done about them: see prove.py.
gate_conf()
{
	cat >/etc/farmgate/farmgate.conf <<-END
	mode = "enforce"
	help = "Call the help desk"
	audit = "$FG_AUDIT"
	state = "/var/lib/farmgate"
	step_up = { "totp" }
	$(gate_looks)
	network "abroad" {
	    cidr = { "127.10.0.0/16", "127.12.0.0/15" }
	    place = "BR"
	}
	network "refused" {
	    cidr = { "127.11.0.0/16" }
	    place = "BR"
	    label = "refused"
	}
	network "both" {
	    cidr = { "127.14.0.0/15" }
	    place = "NO"
	    label = "both"
	}
	policy "everybody" {
	    countries = { "NO" }
	    actions = {
	        "geo.country = challenge",
	        "net.listed:refused = deny",
	        "net.listed:both = challenge all totp serial",
	    }
	}
	END
}

# NAME COUNT: people who are on this machine and nowhere else.
accounts()
{
	seq -f "$1%.0f:x:4300:4300::/nonexistent:/bin/bash" 0 $(($2 - 1)) \
	    >>/etc/passwd
}

# Nothing is asked but what the gate asks.
stack_file()
{
	printf '%s\n' "auth required $bench/pam_nodelay.so" \
	    "auth required $FG_MODULE" "account required $FG_MODULE" \
	    >/etc/pam.d/sshd
	echo 'auth required pam_deny.so' >/etc/pam.d/other
}

# WHY: of how many answers that was recorded, this time.
answers()
{
	tail -n +$((seen + 1)) "$FG_AUDIT" | grep -c "\"why\":\"$1\"" || :
}

# HOW FIRST COUNT: what was measured was what it is called.
measure()
{
	seen=$(wc -l <"$FG_AUDIT")
	/usr/bin/python3 "$FG_TOP/tests/bench/prove.py" "$@" "$jobs" "$seed" \
	    <"$FG_WORK/seeds"
	echo "records:  right, and refused:" \
	    "$(answers 'right, and refused in any case')," \
	    "right: $(answers 'a one-time code')," \
	    "wrong: $(answers 'wrong code')," \
	    "not enrolled: $(answers 'not enrolled')," \
	    "unusable: $(answers 'too long, or no text')"
}

jobs=4 samples=200 samples_ssh=200 seed=1
while getopts j:n:s:S: opt; do
	case $opt in
	j)	jobs=$OPTARG ;;
	n)	samples=$OPTARG ;;
	s)	seed=$OPTARG ;;
	S)	samples_ssh=$OPTARG ;;
	*)	exit 2 ;;
	esac
done
shift $((OPTIND - 1))
people=$((samples + samples_ssh))
[ "$people" -gt 0 ] || exit 0

bench_machine "$1"
mount --bind "$1/lib" /var/lib
for name in e d s m; do
	accounts "$name" "$people"
done
stack_file
gate_conf
gate_start farmgate /run/farmgate
/usr/bin/python3 "$FG_TOP/tests/bench/prove.py" enrol "$people" \
    >"$FG_WORK/seeds"
printf '\nFrom an answer to what it leads to, without the delay of libpam\n'
echo '"compared" is the difference of the medians, to the first line of a table'
if [ "$samples" -gt 0 ]; then
	printf '\nBy PAM alone\n'
	measure pam 0 "$samples"
fi
if [ "$samples_ssh" -gt 0 ]; then
	fg_sshd_start || die "$(cat "$FG_WORK/sshd.log")"
	printf '\nThrough sshd, keyboard-interactive\n'
	measure ssh "$samples" "$samples_ssh"
	fg_sshd_stop
fi
