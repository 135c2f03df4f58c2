# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the steps of check-vm share. Commands run in the laptop, by "there";
# what there is to read is read there.

OUT=$VM_DIR/out
AUDIT=/var/log/farmgate/audit.jsonl

# SECONDS COMMAND...: in the laptop, until it succeeds, at most that long.
there_until()
{
	local command s=$1

	shift
	printf -v command '%q ' "$@"
	there "end=\$((\$(date +%s) + $s))
	    until $command >/dev/null 2>&1; do
		[ \$(date +%s) -lt \$end ] || exit 1
		sleep 0.2
	    done"
}

# FILE: in the laptop, from stdin.
write_there()
{
	ssh -F "$VM_DIR/ssh_config" control "cat >$1"
}

# ---- the gate --------------------------------------------------------------

# MORE POLICY: of the configuration, and of its policy. This machine is in Norway,
# and there is no second factor: a challenge is a refusal.
set_conf()
{
	write_there /etc/farmgate/farmgate.conf <<-EOF
	mode = "enforce"
	help = "Call extension 100."
	terminate = "yes"
	network admin { cidr = {"10.0.2.2/32"} place = "NO" }
	policy staff { countries = {"NO"} ${2:-} }
	$1
	EOF
}

# USER [COMMAND...]: log in over ssh; what was said is in $OUT.
login()
{
	local rc=0

	vm_login "$@" >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	return "$rc"
}

# The same, decided by a look that had the time for everything: on a machine
# that is busy one may not have.
login_seen()
{
	local rc tries=0

	while :; do
		rc=0
		login "$@" || rc=$?
		tries=$((tries + 1))
		[ "$tries" -lt 10 ] && [ -n "$(found remote.unknown)" ] ||
		    return "$rc"
		sleep 1
	done
}

# ---- its audit log ---------------------------------------------------------

# EVENT [FILTER]: of the last such record.
last_of()
{
	there "grep -F '\"event\":\"$1\"' $AUDIT | tail -n 1" |
	    jq -rn "(first(inputs) // null) | ${2:-.}"
}

last()
{
	last_of decision "$@"
}

# How many records the log has: since() shows what came behind them.
count()
{
	there "cat $AUDIT 2>/dev/null | wc -l"
}

# NUMBER FILTER: of the records behind so many, each on one line.
since()
{
	there "tail -n +$(($1 + 1)) $AUDIT" | jq -rc "$2"
}

# Of the last decision, in short.
said()
{
	last '"\(.verdict) \(.user) \(.service) \(.phase) \(.origin.kind)"'
}

# CODE[:GRADE]: what the last decision found of it, in words.
found()
{
	local grade=

	case $1 in
	*:*)	grade=${1#*:} ;;
	esac
	last ".findings[] | select(.code == \"${1%:*}\" and
	    (.grade // \"\") == \"$grade\") | .text"
}

# What the last decision found of remote control, if it could look.
found_remote()
{
	last '.findings[] | select(.code | test("^remote")) |
	    select(.code != "remote.unknown") | .text'
}

# ---- the seat --------------------------------------------------------------

# What stands on the screen of the first console.
on_screen()
{
	there_until 30 grep -q -- "$1" /dev/vcs1
}

# TEXT...: keys of the laptop's own keyboard, as qemu names them; "ret" ends it.
press()
{
	local i keys=() word

	for word in "$@"; do
		for ((i = 0; i < ${#word}; i++)); do
			keys+=("sendkey ${word:i:1}")
		done
		keys+=("sendkey ret")
	done
	keys=("${keys[@]/%-/minus}")
	vm_monitor "${keys[@]}"
}

# HOW: by which keyboard: "press", or "plugged", the one on USB.
plugged()
{
	local word

	for word in "$@"; do
		there "gadget type '$word'\$'\\n'"
	done
}

sit_down()
{
	there systemctl restart getty@tty1
	on_screen 'laptop login: ' && "$1" alice && on_screen 'Password: ' &&
	    "$1" alice-pw
}

# Whether alice has a shell at the seat.
seated()
{
	there_until 30 pgrep -u alice -t tty1 bash
}

get_up()
{
	there pkill -HUP -u alice -t tty1 bash
	there_until 30 eval '! pgrep -u alice -t tty1 bash'
}
