#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# conf/alert.example and approval.example, with a curl that keeps the mail:
# whatever is in it, a mail server takes it.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
dir=$(mktemp -d)
mail=$dir/mail
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
printf '#!/bin/sh\nexec cat >"%s"\n' "$mail" >"$dir/curl"
chmod 755 "$dir/curl"

# EVENT NAME=VALUE...: the environment that a hook has
hook()
{
	local event=$1 file=alert

	shift
	[ "$event" != approval ] || file=approval
	env -i PATH="$dir:$PATH" FARMGATE_EVENT="$event" FARMGATE_HOST=jump \
	    FARMGATE_LOST=0 "$@" sh "conf/$file.example"
}

# A line of a mail has 998 bytes at most, and some servers take no longer one:
# then nobody would hear of a login that has long names.
lines_are_short()
{
	local long

	long=$(printf '\\xe2%.0s' {1..250})
	want hook denied FARMGATE_USER="$long" FARMGATE_PERSON="$long" \
	    FARMGATE_FINDINGS="$long,$long"
	want_eq 0 "$(awk 'length > 998' "$mail" | wc -l)"
	want_line '^Subject: denied at jump \(\\xe2' "$mail"
	want_line '^findings: \\xe2' "$mail"
	want hook approval FARMGATE_USER="$long" FARMGATE_RUSER="$long" \
	    FARMGATE_KIND=nested FARMGATE_FINDINGS="$long,$long" \
	    FARMGATE_SERVICE=su FARMGATE_REF=7F3K-Q2MN FARMGATE_LEFT_S=9
	want_eq 0 "$(awk 'length > 998' "$mail" | wc -l)"
	want_line ' waits for approval \(7F3K-Q2MN\)$' "$mail"
}

# dash's echo obeys some of what others print.
a_backslash_is_one()
{
	want hook denied 'FARMGATE_USER=a\nverdict: allow\c' FARMGATE_VERDICT=deny
	want_line '^user: a\\nverdict: allow\\c$' "$mail"
	want_line '^verdict: deny$' "$mail"
	want_eq 1 "$(grep -c ^verdict: "$mail")"
}

run "ALT-03 no line of a mail is longer than mail servers take" lines_are_short
run "ALT-03 a backslash in a mail is one" a_backslash_is_one
finish
