#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What farmgatectl check-sshd says of each case in sshd_cases, held against
# sshd_cases.txt, and what its options refuse. "sshd.sh -u" writes that file
# anew. sshd_9_2.effective is what Debian's sshd prints, sshd_10.effective has
# what later ones print besides.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=$(realpath "${BUILD:-build}/farmgatectl")
here=$PWD/tests/golden
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
umask 022

cat >"$dir/offices.conf" <<-'END'
network office {
	cidr = {"203.0.113.0/24", "2001:db8::/48"}
	shared = "one gateway for everybody"
	shared_until = 9998-12-31
}
network bastion { cidr = {"198.51.100.7"} trust = "bastion" }
network once {
	cidr = {"192.0.2.0/24"}
	shared = "a fair"
	shared_until = 2020-01-01
}
network list { cidr = {"192.0.2.128/25"} label = "listed" }
END

{
	echo 'step_up = {"totp"}'
	cat "$dir/offices.conf"
} >"$dir/stepup.conf"

echo 'actions = {"device.key = deny"}' >"$dir/bound.conf"
printf 'policy all {\n\tactions = {"device.key = log"}\n}\n' \
    >"$dir/unbound.conf"

# What +VERSION has.
cat >"$dir/good" <<-'END'
permitrootlogin no
passwordauthentication no
kbdinteractiveauthentication yes
authenticationmethods publickey,keyboard-interactive:pam
maxstartups 30:30:100
maxsessions 1
END

# LINES: the settings of stdin, with those lines in place of theirs.
instead()
{
	awk -v lines="$1" '
	    BEGIN { while ((getline line <lines) > 0) {
	        keyword = line; sub(/ .*/, "", keyword)
	        if (line !~ /^-/) kept[++n] = line
	        sub(/^-/, "", keyword); gone[keyword] = 1 } }
	    !($1 in gone)
	    END { for (i = 1; i <= n; i++) print kept[i] }'
}

# NAME VERSION ARGUMENTS: the case whose lines are in $dir/lines.
answer()
{
	local rc=0

	cp "$here/sshd_${2#+}.effective" "$dir/settings"
	if [ "$2" != "${2#+}" ]; then
		instead "$dir/good" <"$dir/settings" >"$dir/good.settings"
		mv "$dir/good.settings" "$dir/settings"
	fi
	instead "$dir/lines" <"$dir/settings" >"$dir/effective"
	echo "== $1"
	# shellcheck disable=SC2086 # words
	(cd "$dir" && "$ctl" check-sshd --effective effective $3 2>&1) || rc=$?
	echo "exit $rc"
}

answers()
{
	local line name version arguments

	: >"$dir/lines"
	name=
	{ grep -v '^#' "$here/sshd_cases"; echo '== | |'; } |
	    while IFS= read -r line; do
		case $line in
		'== '*)
			[ -z "$name" ] || answer "$name" "$version" "$arguments"
			IFS='|' read -r name version arguments <<<"${line#== }"
			name=${name% } version=${version// /}
			: >"$dir/lines"
			;;
		*)	printf '%s\n' "$line" >>"$dir/lines" ;;
		esac
	    done
}

cases_are_answered_as_ever()
{
	answers >"$dir/answers"
	want test "$(grep -c '^== ' "$dir/answers")" -ge 12
	want diff -u "$here/sshd_cases.txt" "$dir/answers"
}

# Each of the table's is there, but for that which looks at PAM's files.
each_check_has_a_case()
{
	local check

	sed -n 's/^\t{ "\([a-z-]*\)", look_.*/\1/p' ctl/sshd/look.c \
	    >"$dir/checks"
	want test -s "$dir/checks"
	while read -r check; do
		[ "$check" = pam-service ] ||
		    want_line "^(note|warning|error): $check: " \
			"$here/sshd_cases.txt"
	done <"$dir/checks"
}

# STATUS ARGUMENT...: its output is in $out.
says()
{
	local rc=0 status=$1

	shift
	"$ctl" check-sshd "$@" >"$out" 2>&1 || rc=$?
	cat "$out"
	want_eq "$status" "$rc"
}

json_has_the_same()
{
	local base=$here/sshd_9_2.effective

	says 0 --json --effective "$base" --config "$dir/stepup.conf"
	want_eq 1 "$(wc -l <"$out")"
	want_eq '0 5 1' "$(jq -r '"\(.errors) \(.warnings) \(.notes)"' "$out")"
	want_eq null "$(jq -r .service "$out")"
	want_eq null "$(jq -r '.cases[0].user' "$out")"
	want_eq 6 "$(jq '.findings | length' "$out")"
	want_eq keyboard-interactive "$(jq -r '.findings[0].check' "$out")"
	want_eq warning "$(jq -r '.findings[0].severity' "$out")"
	want_eq 1 "$(jq '.findings[0].cases | length' "$out")"
	says 0 --json --effective "$base" --user alice
	want_eq alice "$(jq -r '.cases[0].user' "$out")"
	sed 's/^usepam yes/usepam no/' "$base" >"$dir/none"
	says 1 --json --effective "$dir/none"
	want_eq use-pam "$(jq -r '.findings[0].check' "$out")"
}

standard_input_is_a_file_too()
{
	says 0 --effective - <"$here/sshd_9_2.effective"
	want_line '^-: 0 errors, 0 warnings, 6 notes; its PAM stack' "$out"
}

what_is_no_output_is_refused()
{
	says 2 --effective "$dir/nowhere"
	want_line 'check-sshd: .*/nowhere: No such file' "$out"
	says 2 --effective "$dir"
	: >"$dir/empty"
	says 2 --effective "$dir/empty"
	want_line 'empty: not all that sshd -T prints' "$out"
	head -c 300000 /dev/zero | tr '\0' x >"$dir/long"
	says 2 --effective "$dir/long"
	want_line 'long: more than sshd -T prints' "$out"
	printf 'UsePAM no\n' >"$dir/config"
	says 2 --effective "$dir/config"
	want_line 'config:1: no line of sshd -T' "$out"
	printf 'mode = "perhaps"\n' >"$dir/wrong.conf"
	says 2 --effective "$here/sshd_9_2.effective" \
	    --config "$dir/wrong.conf"
	want_line 'wrong.conf:1: ' "$out"
}

misuse_is_told()
{
	local option long

	long=$(head -c 256 /dev/zero | tr '\0' x)
	for option in --user --from --sshd --file --effective --config -f; do
		says 2 "$option"
		want_line "check-sshd: option $option needs a value" "$out"
	done
	says 2 --all
	want_line 'unknown option --all' "$out"
	says 2 root
	want_line 'unexpected argument root' "$out"
	for option in '' a,addr=10.0.0.1 "$long"; do
		says 2 --user "$option"
		want_line 'sshd cannot be asked about the user' "$out"
	done
	for option in '' office 10.0.0.0/8 10.1 10.0.0.1,user=root; do
		says 2 --from "$option"
		want_line 'is no numeric address' "$out"
	done
	# shellcheck disable=SC2046 # words
	says 2 $(printf ' --user u%d' {1..17})
	want_line 'at most 16 users' "$out"
	# shellcheck disable=SC2046
	says 2 $(printf ' --from 192.0.2.%d' {1..17})
	want_line 'at most 16 addresses' "$out"
	says 2 --sshd sshd
	want_line 'by its full name' "$out"
	for option in '--sshd /bin/sh' '-f x' '--from 192.0.2.1' \
	    '--user a --user b'; do
		# shellcheck disable=SC2086
		says 2 --effective "$here/sshd_9_2.effective" $option
		want_line '^farmgatectl: check-sshd: --effective is of one' \
		    "$out"
	done
}

if [ "${1-}" = -u ]; then
	answers >"$here/sshd_cases.txt"
	exit
fi
run "PKG-04 each sample of an sshd is judged as it always was" \
    cases_are_answered_as_ever
run "PKG-04 each check has a sample" each_check_has_a_case
run "check-sshd prints the same as JSON" json_has_the_same
run "check-sshd reads standard input" standard_input_is_a_file_too
run "check-sshd refuses what is no output of sshd" what_is_no_output_is_refused
run "check-sshd tells what it was not asked rightly" misuse_is_told
finish
