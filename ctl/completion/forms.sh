#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Prints the forms of farmgatectl's commands, one a line, as its own usage has
# them, in words that a shell can go through: the command, a subcommand where
# there is one, options ("--json", or "--at=TIME" where a value follows), and
# what else is named ("USER", "FILE|-"). The completions are made from these.
# Usage: ctl/completion/forms.sh FARMGATECTL

set -eu
export LC_ALL=C

# "help" has a line for each command, indented by two.
commands()
{
	"$1" help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'
}

list=$(commands "$1")
[ -n "$list" ] || { echo "forms: $1 help lists no commands" >&2; exit 1; }
for command in $list; do
	"$1" "$command" --help
done |
# An option's value stands behind it, within the same brackets.
sed -n 's/^\(usage:\|      \) farmgatectl //p' |
    sed -E -e 's/\.\.\.//g' -e 's/ \| / /g' -e 's/([^ ])\[(:[A-Z]+)\]/\1\2/g' \
    -e 's/(^|[ [])(--?[A-Za-z-]+) ([A-Za-z0-9])/\1\2=\3/g' -e 's/[][]//g' \
    -e 's/ +/ /g' -e 's/ $//'
