# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
#
# What farmgate-geodata, which sources this, says of the data that are there:
# --check and --print-config. Changes nothing.

# Others' bytes, fit for a terminal.
printable()
{
	tr -c '\n -~' '?'
}

# A line for each file; false if one is damaged.
check_files()
{
	while IFS='	' read -r file _ source version date fetched; do
		case $file in
		'#'*) continue ;;
		esac
		state=ok
		is_whole "$file" || { state=DAMAGED; failed=1; }
		printf '%-14s %-7s data of %s, fetched %s, %s %s\n' "$file" \
		    "$state" "$date" "$fetched" "$source" "$version"
	done <"$dir/MANIFEST"
	[ -z "$failed" ]
}

# The folder is not root's: what stands in it may lead anywhere, or nowhere.
check()
{
	[ ! -d "$dir" ] || become_owner --check
	if [ ! -f "$dir/MANIFEST" ] || [ -L "$dir/MANIFEST" ] ||
	    [ ! -s "$dir/MANIFEST" ]; then
		die "there is no MANIFEST in $dir; run farmgate-geodata"
	fi
	told=$(check_files) || failed=1
	printf '%s\n' "$told" | printable
	[ -z "$failed" ] ||
	    die "run farmgate-geodata to have the damaged ones built again"
}

# Folders in which MaxMind's files are kept; one may be geoipupdate's own.
usual_places()
{
	printf '%s\n' /usr/share/GeoIP /var/lib/GeoIP /usr/local/share/GeoIP
	sed -n 's/^[[:space:]]*DatabaseDirectory[[:space:]]\{1,\}//p' \
	    /etc/GeoIP.conf /usr/local/etc/GeoIP.conf 2>/dev/null
}

# NAME...: the newest file of the first name that is found anywhere. Others
# must be able to read it, and its path must need no quoting.
find_file()
{
	for name in "$@"; do
		usual_places | sort -u | while read -r place; do
			[ ! -f "$place/$name.mmdb" ] ||
			    find "$place/$name.mmdb" -perm -004 \
				-printf '%T@\t%p\n'
		done | sort -rn | cut -f 2 | grep -x '[A-Za-z0-9/._+ -]*' |
		    head -n 1 | grep . && return 0
	done
	return 1
}

# KIND OWN-FILE... -- NAME...: the section that fits what is found.
print_section()
{
	kind=$1 own=
	shift
	while [ "$1" != -- ]; do
		[ ! -e "$dir/$1" ] || own="$own${own:+, }\"$dir/$1\""
		shift
	done
	shift
	if file=$(find_file "$@"); then
		why=${own:+"; preferred to those in $dir"}
		echo "# $kind: MaxMind's, of $(mmdb_date "$file")$why"
		own=\"$file\"
	elif [ -n "$own" ]; then
		echo "# $kind: those in $dir; there is none of MaxMind's"
	else
		echo "# $kind: none"
		return 0
	fi
	printf 'database %s {\n\tfiles = {%s}\n}\n' "$kind" "$own"
	found=1
}

print_config()
{
	found=
	echo "# In place of the database sections of farmgate.conf:"
	# A country database is believed before a city database.
	if ! find_file GeoIP2-Country GeoLite2-Country >/dev/null &&
	    find_file GeoIP2-City GeoLite2-City >/dev/null; then
		echo "# country: those of the city database"
	else
		print_section country country.mmdb -- GeoIP2-Country \
		    GeoLite2-Country
	fi
	print_section city city-ipv4.mmdb city-ipv6.mmdb -- GeoIP2-City \
	    GeoLite2-City
	print_section asn asn.mmdb -- GeoIP2-ISP GeoLite2-ASN
	print_section anonymous -- GeoIP-Anonymous-Plus GeoIP2-Anonymous-IP
	[ -n "$found" ] || die "no database found; run farmgate-geodata"
}
