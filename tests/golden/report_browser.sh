#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A report in a browser, with names in it that would rather be programs: it is
# shown, light and dark, it has what a screen reader needs, nothing of it runs
# and nothing is asked of anybody. The browser has a network of its own, with
# nothing in it but a server that it must not ask.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

if [ "${REPORT_ALONE:-}" = "" ]; then
	command -v chromium >/dev/null || {
		skip "report: a browser shows it" "there is no chromium"
		exit 0
	}
	unshare -rn true 2>/dev/null || {
		skip "report: a browser shows it" "no network of its own"
		exit 0
	}
	REPORT_ALONE=1 exec unshare -rn "$0"
fi
ip link set lo up
ctl=${BUILD:-build}/farmgatectl
dir=$(mktemp -d)
log=$dir/log/audit.jsonl
page=$dir/report.html
T_LOG=$dir/logged
SERVER=
trap '[ -z "$SERVER" ] || kill "$SERVER"; rm -rf "$dir"' EXIT

# The report, and a page that does what its names want.
pages()
{
	local url

	: >"$dir/asked"
	python3 tests/lib/report_page.py serve "$dir/asked" >"$dir/url" &
	SERVER=$!
	while ! grep -qs . "$dir/url"; do
		sleep 0.1
	done
	url=$(cat "$dir/url")
	mkdir "$dir/log"
	python3 tests/golden/report_log.py "$log" hostile "$url"
	"$ctl" report --file "$log" --since 2026-10-01T00:00:00Z \
	    --until 2026-11-01T00:00:00Z --html "$page"
	printf '%s<p><img src=%s/image><script>%s</script></html>\n' \
	    '<!DOCTYPE html><html lang="en"><title>not yet</title>' "$url" \
	    "document.title='owned'" >"$dir/control.html"
}

# FILE [OPTION...]: what the browser makes of it, in $dir/dom and $dir/shot.png.
browse()
{
	local file=$1

	shift
	rm -rf "$dir/profile" "$dir/shot.png"
	HOME=$dir timeout -k 2 60 chromium --headless --no-sandbox \
	    --disable-gpu --disable-quic --no-first-run \
	    --disable-background-networking --disable-component-update \
	    --disable-sync --user-data-dir="$dir/profile" --hide-scrollbars \
	    --window-size=900,700 --force-device-scale-factor=0.5 \
	    --dump-dom --screenshot="$dir/shot.png" \
	    "$@" "file://$file" >"$dir/dom" 2>"$dir/browser"
}

shown()
{
	python3 tests/lib/report_page.py png "$dir/shot.png"
}

page_title()
{
	grep -o '<title>[^<]*' "$dir/dom" | head -n 1 | cut -c8-
}

# Else the next one would prove nothing.
what_runs_is_noticed()
{
	want browse "$dir/control.html"
	want_eq owned "$(page_title)"
	want_line '^/image$' "$dir/asked"
	: >"$dir/asked"
}

nothing_runs_or_is_asked_for()
{
	want grep -Fq '&lt;script&gt;document.title=' "$page"
	want browse "$page"
	want_eq 'Farmgate: logins denied and challenged' "$(page_title)"
	want_eq "" "$(cat "$dir/asked")"
	want_eq "" "$(python3 tests/lib/report_page.py check "$dir/dom")"
	no_line 'Content Security Policy' "$dir/browser"
}

it_is_well_formed()
{
	want_eq "" "$(python3 tests/lib/report_page.py check "$page")"
	sed 's/<th scope="row"/<th/;s|<caption>[^/]*/caption>||' "$page" \
	    >"$dir/wrong.html"
	want_line 'th without scope' \
	    <(python3 tests/lib/report_page.py check "$dir/wrong.html")
	want_line 'table without caption' \
	    <(python3 tests/lib/report_page.py check "$dir/wrong.html")
}

# On white paper with its own lines, also of who has it dark; with text for
# whoever searches it, and without the link that is of no use there.
it_is_printed()
{
	local pages texts colours

	want browse "$page" --blink-settings=preferredColorScheme=0 \
	    --no-pdf-header-footer --print-to-pdf="$dir/report.pdf"
	read -r pages texts colours <<<"$(python3 tests/lib/report_page.py pdf \
	    "$dir/report.pdf")"
	echo "$pages pages, $texts texts, $colours"
	want test "$pages" -ge 3 -a "$pages" -le 60
	want test "$texts" -gt 500
	want_eq 999999 "$colours"
	want grep -aFq '(Farmgate: logins denied and challenged)' \
	    "$dir/report.pdf"
	command -v pdftotext >/dev/null || return 0
	pdftotext -layout "$dir/report.pdf" "$dir/text"
	want_line 'Random sample of what is not reviewed' "$dir/text"
	no_line 'To the report' "$dir/text"
}

# BACKGROUND GREEN: of the style, which the page's own policy lets in, with the
# shades of letters on it.
it_is_seen()
{
	local background colours green

	read -r background colours green <<<"$(shown)"
	echo "$background, $colours colours, $green"
	want_eq "$1 $2" "$background $green"
	want test "$colours" -gt 50
}

dark_is_dark()
{
	want browse "$page" --blink-settings=preferredColorScheme=0
	it_is_seen 0d1117 56d364
}

pages
run "report: a page that runs something is noticed" what_runs_is_noticed
run "AUD-13 report: nothing in it runs, or is asked for" \
    nothing_runs_or_is_asked_for
run "report: a browser shows it" it_is_seen ffffff 1a7f37
run "report: it is dark where that is wanted" dark_is_dark
run "report: it is printed on white paper" it_is_printed
run "report: its headings, tables and charts are there for all" \
    it_is_well_formed
finish
