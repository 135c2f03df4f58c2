# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Stands for npm and Debian's archive in the tests of farmgate-geodata: small
# packages of the shapes of the real ones, programs by the names of npm, apt-get
# and dpkg-query that hand them out, and a pin file that fits. No network.

REG=$FG_WORK/registry
STUBS=$FG_WORK/stubs
PIN=$FG_WORK/pin		# of the version that is published

# Known addresses that farmgate-geodata looks up, and their neighbours.
registry_ranges()
{
	cat <<-'EOT'
	# Generated: Thu, 25 Jun 2026 04:33:59 GMT
	2179990016,2179990271,NO
	2196577280,2196577535,SE
	2232090624,2232090879,JP
	3365929472,3365929727,BR
	16843008,16843263,??
	2001:700::,2001:700:ffff:ffff:ffff:ffff:ffff:ffff,NO
	2001:67c:2e8::,2001:67c:2e8:ffff:ffff:ffff:ffff:ffff,NL
	EOT
}

registry_systems()
{
	cat <<-'EOT'
	129.240.2.0,129.240.2.255,224,"EXAMPLE, with a ""comma"""
	130.237.28.0,130.237.28.255,1653,Plain Name
	133.11.0.0,133.11.0.255,2501,Plain Name
	1.1.1.0,1.1.1.255,13335,
	193.0.14.0,193.0.14.255,25152,Plain Name
	EOT
}

# Cities as protocol buffers: NAME COUNTRY CODE PEOPLE LONGITUDE LATITUDE, the
# last two as differences in 1/100,000 of a degree.
registry_cities()
{
	perl -e '
	sub varint {
		my ($n) = @_;
		my $s = "";
		while ($n > 127) { $s .= chr($n & 127 | 128); $n >>= 7; }
		return $s . chr($n);
	}
	sub zigzag { my ($n) = @_; return $n < 0 ? -2 * $n - 1 : 2 * $n; }
	sub text { my ($f, $s) = @_;
		return chr($f << 3 | 2) . varint(length($s)) . $s; }
	sub number { my ($f, $n) = @_; return chr($f << 3) . varint($n); }
	for (["Oslo", "NO", "PPLC", 580000, 1074609, 5991273],
	    ["Gone", "NO", "PPLQ", 5, 0, 0],
	    ["Tokyo", "JP", "PPLC", 8336599, 12894562, -2422323],
	    ["S\xc3\xa3o Paulo", "BR", "PPLA", 10021295, -18632733, -5923700],
	    ["Unknown", "SE", "PPL", 0, 6000000, 7000000]) {
		my ($name, $country, $code, $people, $lon, $lat) = @$_;
		my $city = number(1, 1) . text(2, $name) . text(3, $country) .
		    text(7, $code) . ($people ? number(9, $people) : "") .
		    number(10, zigzag($lon)) . number(11, zigzag($lat));
		print varint(length($city)), $city;
	}'
}

# PART PACKAGE VERSION FILE...: pack the files of $REG/tree and pin them.
registry_pack()
{
	local part=$1 name=$2 version=$3 tgz=$REG/${2//[@\/]/_}-$3.tgz file

	shift 3
	echo "Licence of $part" >"$REG/tree/package/DATA-LICENSE"
	tar -czf "$tgz" -C "$REG/tree" package
	printf 'package\t%s\t%s\t%s\t2026-06-17\t%s\n' "$part" "$name" \
	    "$version" "$(sha256sum <"$tgz" | cut -d' ' -f1)" >>"$PIN"
	for file in "$@"; do
		printf 'file\t%s\tpackage/%s\t%s\n' "$part" "$file" \
		    "$(sha256sum <"$REG/tree/package/$file" | cut -d' ' -f1)" \
		    >>"$PIN"
	done
	rm -rf "$REG/tree/package"
	mkdir -p "$REG/tree/package"
}

# VERSION: every package in that version, and pins for them; made once.
registry_publish()
{
	[ -e "$REG/pin-$1" ] || {
		registry_make "$1"
		mv "$PIN" "$REG/pin-$1"
	}
	cp "$REG/pin-$1" "$PIN"
}

registry_make()
{
	local tree=$REG/tree/package convert=$FG_TOP/conf/geodata-convert

	: >"$PIN"
	mkdir -p "$tree"
	registry_ranges >"$REG/ranges"
	"$convert" country "$tree/dbip-city-ipv4.mmdb" "$REG/ranges"
	cp "$tree/dbip-city-ipv4.mmdb" "$tree/dbip-city-ipv6.mmdb"
	registry_pack city @example/city "$1" dbip-city-ipv4.mmdb \
	    dbip-city-ipv6.mmdb
	registry_systems >"$tree/asn-ipv4.csv"
	echo '2001:700::,2001:700:ffff:ffff:ffff:ffff:ffff:ffff,224,Plain Name' \
	    >"$tree/asn-ipv6.csv"
	registry_pack asn @example/asn "$1" asn-ipv4.csv asn-ipv6.csv
	registry_cities >"$tree/cities.pbf"
	registry_pack cities cities "$1" cities.pbf
	"$convert" country "$tree/geo-whois-asn-country.mmdb" "$REG/ranges"
	registry_pack country @example/country "$1" \
	    geo-whois-asn-country.mmdb
}

# VERSION: Debian's package.
registry_debian()
{
	local tree=$REG/deb

	mkdir -p "$tree/DEBIAN" "$tree/usr/share/tor"
	registry_ranges | grep -v : >"$tree/usr/share/tor/geoip"
	sed -i '1i # Generated: Thu, 25 Jun 2026 04:33:59 GMT' \
	    "$tree/usr/share/tor/geoip"
	registry_ranges | grep '::' >"$tree/usr/share/tor/geoip6"
	printf '%s\n' 'Package: tor-geoipdb' "Version: $1" \
	    'Architecture: all' 'Maintainer: alice <alice@example.com>' \
	    'Description: test data' >"$tree/DEBIAN/control"
	rm -f "$REG"/tor-geoipdb_*.deb
	dpkg-deb -b "$tree" "$REG/tor-geoipdb_$1_all.deb" >/dev/null
}

# Each call is a line of $REG/calls. $REG/MODE.npm or .apt changes what happens:
# down (no answer), half (a file cut short), hang (until it is ended).
registry_stubs()
{
	mkdir -p "$STUBS" "$REG"
	: >"$REG/calls"
	chmod 0666 "$REG/calls"
	cat >"$STUBS/npm" <<-EOT
	#!/bin/bash
	for package; do :; done
	echo "npm \$(id -u) \$package" >>"$REG/calls"
	tgz=\${package//[@\/]/_}
	tgz=\${tgz%_*}-\${tgz##*_}.tgz
	[ ! -e "$REG/hang.npm" ] || exec sleep 60
	[ ! -e "$REG/down.npm" ] || {
		read -r word <"$REG/down.npm"
		echo "npm \${word:-error} code ENOTFOUND" >&2
		exit 1
	}
	cp "$REG/\$tgz" . || exit 1
	[ ! -e "$REG/half.npm" ] || truncate -s 100 "\$tgz"
	EOT
	cat >"$STUBS/apt-get" <<-EOT
	#!/bin/bash
	echo "apt \$(id -u) \$*" >>"$REG/calls"
	[ ! -e "$REG/down.apt" ] || {
		echo "E: Temporary failure" >&2
		exit 100
	}
	deb=\$(echo "$REG"/tor-geoipdb_*.deb)
	case "\$*" in
	*--print-uris*) echo "'http://example.com/x' \${deb##*/} 1 SHA256:0" ;;
	*download*) cp "\$deb" . && { [ ! -e "$REG/half.apt" ] ||
	    truncate -s 200 "\${deb##*/}"; } ;;
	esac
	EOT
	printf '#!/bin/sh\nexit 1\n' >"$STUBS/dpkg-query"
	chmod 0755 "$STUBS"/*
}

registry_mode()
{
	rm -f "$REG"/*.npm "$REG"/*.apt
	[ $# -eq 0 ] || touch "$REG/$1"
}

# COMMAND...: without npm on the machine.
without_npm()
{
	local bin=$FG_WORK/no-npm f

	[ -d "$bin" ] || {
		mkdir "$bin"
		for f in /usr/bin/* /bin/* /usr/sbin/* /sbin/*; do
			[ "${f##*/}" = npm ] || ln -sf "$f" "$bin/"
		done
		ln -sf "$STUBS/apt-get" "$STUBS/dpkg-query" "$bin/"
	}
	PATH=$bin "$@"
}
