#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# make uninstall, in a folder of its own: what it takes away, and when it must
# not, because a PAM stack that names a missing module refuses everybody.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
dir=$(mktemp -d)
out=$dir/out
trap 'rm -rf "$dir"' EXIT
T_LOG=$dir/log
module=$dir/usr/lib/security/pam_farmgate.so

uninstall()
{
	mkdir -p "${module%/*}" "$dir/etc/pam.d"
	: >"$module"
	make uninstall DESTDIR="$dir" SECURITYDIR=/usr/lib/security \
	    >"$out" 2>&1
}

module_that_is_in_use_stays()
{
	local file

	for file in sshd login; do
		mkdir -p "$dir/etc/pam.d"
		echo '-account required /x/pam_farmgate.so observe' \
		    >"$dir/etc/pam.d/$file"
		want_not uninstall
		want_line "take pam_farmgate out of: .*pam.d/$file " "$out"
		want test -e "$module"
	done
	want_line "pam.d/login $dir/etc/pam.d/sshd first" "$out"
}

module_that_is_not_in_use_goes()
{
	rm -rf "$dir/etc"
	mkdir -p "$dir/usr/bin" "$dir/usr/share/man/man1"
	touch "$dir/usr/bin/farmgate-attest" \
	    "$dir/usr/share/man/man1/farmgate-attest.1"
	mkdir -p "$dir/usr/sbin" "$dir/usr/lib/farmgate" \
	    "$dir/usr/share/farmgate/catalogue" \
	    "$dir/lib/systemd/system" "$dir/var/lib/farmgate-geo"
	touch "$dir/usr/sbin/farmgate-geodata" \
	    "$dir/usr/share/farmgate/asn-hosting.list" \
	    "$dir/usr/share/farmgate/farmgate-policyd-tpm.conf" \
	    "$dir/usr/share/farmgate/catalogue/rmm.conf" \
	    "$dir/lib/systemd/system/farmgate-geodata.timer" \
	    "$dir/usr/lib/farmgate/geodata"{-convert,.pin,-parts.sh,-tell.sh} \
	    "$dir/var/lib/farmgate-geo/country.mmdb"
	want uninstall
	want_eq "" "$(find "$dir/usr" "$dir/lib" -type f)"
	want_eq "" "$(find "$dir/usr" -name 'farmgate*')"
	want test -e "$dir/var/lib/farmgate-geo/country.mmdb"
	want_not test -e "$module"
	echo '#account required pam_farmgate.so' >"$dir/etc/pam.d/sshd"
	want uninstall
	want_not test -e "$module"
	want test -e "$dir/etc/pam.d/sshd"
}

what_is_not_ours_stays()
{
	mkdir -p "$dir/etc/farmgate" "$dir/usr/lib/farmgate" \
	    "$dir/usr/share/doc/farmgate"
	touch "$dir/etc/farmgate/farmgate.conf" "$dir/usr/lib/farmgate/mine"
	want uninstall
	want test -e "$dir/etc/farmgate/farmgate.conf" -a \
	    -e "$dir/usr/lib/farmgate/mine"
	want_not test -e "$dir/usr/share/doc/farmgate"
	rm "$dir/etc/farmgate/farmgate.conf"
	want uninstall
	want_not test -e "$dir/etc/farmgate"
}

what_setup_wrote_goes()
{
	local file

	mkdir -p "$dir/etc/profile.d" "$dir/etc/environment.d"
	for file in profile.d/farmgate-attest.sh \
	    environment.d/60-farmgate-attest.conf; do
		echo '# farmgate-attest: written' >"$dir/etc/$file"
		want uninstall
		want_not test -e "$dir/etc/$file"
		echo "# somebody's" >"$dir/etc/$file"
		want uninstall
		want test -e "$dir/etc/$file"
	done
}

run "the module stays where a PAM stack names it" module_that_is_in_use_stays
run "the module goes where none does" module_that_is_not_in_use_goes
run "what farmgate-attest's setup wrote goes, and nobody else's" \
    what_setup_wrote_goes
run "what is the administrator's stays, empty folders go" what_is_not_ours_stays
finish
