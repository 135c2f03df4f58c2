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

# USER [COMMAND...]: log in over ssh; what was said is in $OUT.
login()
{
	local rc=0

	vm_login "$@" >"$OUT" 2>&1 || rc=$?
	cat "$OUT"
	return "$rc"
}
