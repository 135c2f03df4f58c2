#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What farmgatectl check-pam says about each folder of stacks in pam/, held
# against its .txt there. The files are copied first: a working tree may belong
# to anybody, and the gate's module has to be somewhere. "pam.sh -u" writes the
# .txt files anew.

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/check.sh
. tests/lib/check.sh
here=$PWD/tests/golden/pam
ctl=$(realpath "${BUILD:-build}/farmgatectl")
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
umask 022
mkdir "$dir/lib" "$dir/pam"
touch "$dir/lib/pam_farmgate.so"
cp conf/farmgate.conf "$dir"
{ echo 'step_up = {"totp"}'; cat conf/farmgate.conf; } >"$dir/stepup.conf"
# Of one policy, for these services; login is not among them.
{
	echo 'policy tokens { services = {"sshd", "sudo-i", "xrdp-sesman"}'
	echo 'actions = {"time.hours = challenge delegate"} }'
	cat conf/farmgate.conf
} >"$dir/delegate.conf"
chmod 0644 "$dir/farmgate.conf" "$dir/stepup.conf" "$dir/delegate.conf"

for folder in "$here"/*/; do
	name=$(basename "$folder")
	mkdir "$dir/pam/$name"
	for file in "$folder"*; do
		sed "s| pam_farmgate.so| $dir/lib/pam_farmgate.so|" "$file" \
		    >"$dir/pam/$name/${file##*/}"
	done
done

# FOLDER ARGUMENT...: what is said of it, without the names of this test.
said()
{
	local rc=0 name=$1 conf=$dir/farmgate.conf

	shift
	case $name in
	*_step_up)	conf=$dir/stepup.conf ;;
	*_delegate)	conf=$dir/delegate.conf ;;
	esac
	(cd "$dir/pam/$name" &&
	    "$ctl" check-pam --confdir . --config "$conf" "$@") \
	    >"$dir/out" 2>&1 || rc=$?
	sed "s|$dir/lib/||g; s|\([ :\"]\)\./|\1|g; s|^\./||" "$dir/out"
	echo "exit $rc"
}

is_as_it_was()
{
	said "$1" >"$dir/$1.txt"
	want diff -u "$here/$1.txt" "$dir/$1.txt"
}

every_mistake_is_made_in_one_of_them()
{
	sed -n 's/^\t{ "\([a-z-]*\)", SEVERITY_.*/\1/p' \
	    ctl/pam/stack_check.c | grep -v '^gate-unsafe$' |
	    sort >"$dir/source"
	want test -s "$dir/source"
	grep -ho '([a-z-]*)$' "$here"/*.txt | tr -d '()' |
	    grep -vx 'unreadable' | sort -u >"$dir/made"
	want diff "$dir/source" "$dir/made"
}

one_service_can_be_asked_for()
{
	want_eq "1 service is guarded: 0 errors, 0 warnings
exit 0" "$(said 01_right sudo)"
	want_eq "sshd: error: no line of the gate: nobody is asked about; enable\
 it: farmgatectl enable SERVICE (no-gate)
no service is guarded
exit 1" "$(said 17_none sshd)"
	want_eq "farmgatectl: check-pam: nonesuch: not found
exit 2" "$(said 01_right sshd nonesuch)"
	want_eq "farmgatectl: check-pam: ../x: not found
exit 2" "$(said 01_right ../x)"
}

json_says_the_same()
{
	local said

	said=$(said 02_auth_alone --json)
	want_eq "exit 1" "$(tail -n 1 <<<"$said")"
	head -n 1 <<<"$said" | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(d["services"], d["errors"], d["warnings"])
for m in d["mistakes"]:
    place = m["file"] + (":%d" % m["line"] if "line" in m else "")
    print("%s: %s: %s; %s (%s)" % (place, m["severity"], m["what"], m["fix"],
        m["code"]))
    assert m["service"] in m["file"]
' >"$dir/json"
	want_eq "2 2 0" "$(head -n 1 "$dir/json")"
	want diff <(sed 1d "$dir/json") \
	    <(grep '^[a-z-]*:' "$here/02_auth_alone.txt")
}

a_folder_that_is_not_there_is_no_answer()
{
	local rc=0

	"$ctl" check-pam --confdir "$dir/none" >"$dir/out" 2>&1 || rc=$?
	want_eq 2 "$rc"
	want_line "none: No such file or directory" "$dir/out"
	rc=0
	"$ctl" check-pam --what >"$dir/out" 2>&1 || rc=$?
	want_eq 2 "$rc"
}

without_a_configuration_it_says_so()
{
	local rc=0

	(cd "$dir/pam/11_kinds" && "$ctl" check-pam --confdir . \
	    --config "$dir/none.conf") >"$dir/out" 2>&1 || rc=$?
	want_eq 0 "$rc"
	want_line "kinds of services are not looked at" "$dir/out"
	no_line "(fails-open)" "$dir/out"
}

a_module_that_others_can_write_is_unsafe()
{
	chmod 0666 "$dir/lib/pam_farmgate.so"
	said 01_right sshd >"$dir/unsafe"
	chmod 0644 "$dir/lib/pam_farmgate.so"
	want_line '^sshd:3: error: .* can be written by others.*gate-unsafe' \
	    "$dir/unsafe"
	want_line '^exit 1$' "$dir/unsafe"
}

if [ "${1-}" = -u ]; then
	for folder in "$here"/*/; do
		name=$(basename "$folder")
		said "$name" >"$here/$name.txt"
	done
	exit 0
fi
for folder in "$here"/*/; do
	name=$(basename "$folder")
	run "PAM-11 what is said of $name is as it was" is_as_it_was "$name"
done
run "every mistake that there is, is made in one of them" \
    every_mistake_is_made_in_one_of_them
run "one service can be asked for" one_service_can_be_asked_for
run "JSON says the same" json_says_the_same
run "a folder that is not there is no answer" \
    a_folder_that_is_not_there_is_no_answer
run "without a configuration it says so" without_a_configuration_it_says_so
run "a module that others can write is unsafe" \
    a_module_that_others_can_write_is_unsafe
finish
