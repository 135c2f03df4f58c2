#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What farmgatectl says about a catalogue that is wrong, held against
# catalogue_errors.txt, and that what is shipped and shown can be used. The files
# are copied first: a working tree may belong to anybody. "catalogue.sh -u"
# writes the .txt file anew.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
ctl=$(realpath "${BUILD:-build}/farmgatectl")
here=$PWD/tests/golden
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
umask 022

# FOLDER FILE...: copies that are root's, or one's own.
folder()
{
	local to=$dir/$1

	shift
	rm -rf "$to"
	mkdir "$to"
	install -m 0644 "$@" "$to"
}

catalogue()
{
	(cd "$dir" && "$ctl" catalogue "$@")
}

errors_are_told_as_ever()
{
	folder wrong "$here"/catalogue_*.conf
	catalogue check wrong >"$dir/out" 2>&1
	echo "exit $?" >>"$dir/out"
	want_eq "" "$(diff "$here/catalogue_errors.txt" "$dir/out")"
}

# Each says what to do, after a semicolon.
every_error_has_a_remedy()
{
	folder wrong "$here"/catalogue_*.conf
	want_rc 1 catalogue check wrong 2>"$dir/out"
	want test "$(wc -l <"$dir/out")" -gt 60
	want_eq "" "$(grep -v '; ' "$dir/out")"
}

shipped_files_are_right()
{
	folder shipped conf/catalogue/*.conf
	want catalogue check shipped >"$dir/out"
	want_line '^shipped: ok, [0-9]+ entries with [0-9]+ signs in 1[0-9] f' \
	    "$dir/out"
	want catalogue list --dir shipped --json >"$dir/out"
	want_eq "" "$(jq -r 'select(.keys.source == null) | .name' "$dir/out")"
	# Those alone know nothing but a name; see the manual.
	want_eq "" "$(jq -r 'select(.by_name and .keys.comm == null and
	    .keys.exe == null and .keys.script == null) | .name' "$dir/out")"
}

# Alone, as another folder of a laptop's.
shipped_example_is_right()
{
	folder shipped conf/catalogue/*.conf
	folder own conf/catalogue/server-kvm.example
	mv "$dir/own/server-kvm.example" "$dir/own/server-kvm.conf"
	want catalogue check shipped own >"$dir/out"
	want catalogue list --dir own --kind ip-kvm >"$dir/out"
	want_line '^avocent  *ip-kvm  *present ' "$dir/out"
}

manuals_examples_are_right()
{
	folder shipped conf/catalogue/*.conf
	folder own /dev/null
	rm "$dir/own/null"
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' man/farmgate-catalogue.5 |
	    awk '/^\.Bd/ { inside = 1; next } /^\.Ed/ { inside = 0 }
		inside && !/^\$/' >"$dir/own/own.conf"
	want test "$(grep -c '^}' "$dir/own/own.conf")" -eq 3
	want catalogue check shipped own >"$dir/out" 2>"$dir/warnings"
	no_line own.conf "$dir/warnings"
	want catalogue list --dir shipped --dir own deskhelp >"$dir/out"
	want_line '^  steers  *seat$' "$dir/out"
	want_line '^  file  *own/own.conf, line 1$' "$dir/out"
	want catalogue list --dir shipped --dir own jetkvm >"$dir/out"
	want_line '^usb our-kvm$' "$dir/out"
	want catalogue list --dir shipped --dir own --kind ordinary >"$dir/out"
	want_line '^tailscale  *ordinary  *-  *Tailscale, our own' "$dir/out"
}

what_is_not_there_is_said()
{
	folder shipped conf/catalogue/*.conf
	want_rc 1 catalogue list --dir shipped anydesc 2>"$dir/out"
	want_line 'there is no entry anydesc; did you mean "anydesk"\?' \
	    "$dir/out"
	want_rc 1 catalogue list --dir shipped --kind vnc anydesk 2>"$dir/out"
	want_line 'no entry anydesk of that kind; ' "$dir/out"
	want_rc 2 catalogue list --dir shipped --kind vmc 2>"$dir/out"
	want_line 'unknown kind vmc; did you mean "vnc"\?' "$dir/out"
	want_rc 2 catalogue list --dir shipped --kind xyzzy 2>"$dir/out"
	want_line 'xyzzy; kinds are rmm, .*, hypervisor, ordinary$' "$dir/out"
	want_rc 2 catalogue check nowhere 2>"$dir/out"
	want_line '^nowhere: cannot be read: No such file or directory; ' \
	    "$dir/out"
	want_rc 2 catalogue lists 2>"$dir/out"
	want_line 'there is no catalogue lists; did you mean "list"\?' \
	    "$dir/out"
	want_rc 2 catalogue list a b 2>"$dir/out"
	want_rc 2 catalogue check --json 2>"$dir/out"
}

folders_are_those_of_the_configuration()
{
	folder shipped conf/catalogue/vnc.conf
	echo "catalogue = {\"$dir/shipped\"}" >"$dir/farmgate.conf"
	want catalogue check --config farmgate.conf >"$dir/out"
	want_line "^$dir/shipped: ok, 12 entries with " "$dir/out"
	want catalogue list --config farmgate.conf --json x11vnc >"$dir/out"
	want_eq "vnc seat false" \
	    "$(jq -r '"\(.kind) \(.steers) \(.by_name)"' "$dir/out")"
}

if [ "${1-}" = -u ]; then
	errors_are_told_as_ever >/dev/null
	cp "$dir/out" "$here/catalogue_errors.txt"
	exit
fi
run "RCD-12 errors of a catalogue are told as they always were" \
    errors_are_told_as_ever
run "every error of a catalogue says what to do" every_error_has_a_remedy
run "the shipped catalogue is right, and says where it is from" \
    shipped_files_are_right
run "the shipped example of servers' KVMs is right" shipped_example_is_right
run "the manual's entries can be used, and mean what it says" \
    manuals_examples_are_right
run "what a catalogue has not is said, with the nearest name" \
    what_is_not_there_is_said
run "the folders are those of the configuration" \
    folders_are_those_of_the_configuration
finish
