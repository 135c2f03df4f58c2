#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# What farmgatectl says about each conf_*.conf here, held against conf_*.txt.
# The files are copied first: a working tree may belong to anybody.
# "conf.sh -u" writes the .txt files anew.

set -u
BUILD=${BUILD:-build}
here=tests/golden
ctl=$(realpath "$BUILD/farmgatectl")
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
umask 022
rc=0

for conf in "$here"/conf_*.conf; do
	name=$(basename "$conf" .conf)
	cp "$conf" "$dir/$name.conf"
	chmod 0644 "$dir/$name.conf"
	(cd "$dir" && "$ctl" dump "$name.conf" >"$name.out" 2>&1;
	    echo "exit $?" >>"$name.out")
	if [ "${1-}" = -u ]; then
		cp "$dir/$name.out" "$here/$name.txt"
	elif diff -u "$here/$name.txt" "$dir/$name.out"; then
		echo "PASS $name.conf is read as it always was"
	else
		echo "FAIL $name.conf is read as it always was"
		rc=1
	fi
done

# Each of the manual's examples is one that can be used.
echo 203.0.113.0/24 >"$dir/vpn.cidr"
sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' man/farmgate.conf.5 |
    sed "s|/etc/farmgate/vpn.cidr|$dir/vpn.cidr|" |
    awk -v dir="$dir" '/^\.Bd/ { n++; inside = 1; next }
	/^\.Ed/ { inside = 0 }
	inside { print >(dir "/manual-" n ".conf") }'
for n in 1 2; do
	if [ -s "$dir/manual-$n.conf" ] &&
	    "$ctl" dump "$dir/manual-$n.conf" >"$dir/out"; then
		echo "PASS the manual's example $n can be used"
	else
		echo "FAIL the manual's example $n can be used"
		rc=1
	fi
done

# And so is all of the example that is commented out, with the shipped list.
sed "s|^#\([^ ]\)|\1|
    s|/etc/farmgate/[a-z]*.list|$dir/vpn.cidr|
    s|/usr/share/farmgate|$dir|" conf/farmgate.conf >"$dir/example.conf"
cp conf/asn-hosting.list "$dir"
chmod 0644 "$dir/asn-hosting.list"
if "$ctl" dump "$dir/example.conf" >"$dir/out" &&
    grep -q '^asn hosting {' "$dir/out" && grep -q '^network odd {' "$dir/out"
then
	echo "PASS what the example has in comments can be used"
else
	echo "FAIL what the example has in comments can be used"
	rc=1
fi
exit $rc
