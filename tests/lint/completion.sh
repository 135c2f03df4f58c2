#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The completions of bash and zsh against the source's tables, and at work.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh
. tests/lib/options.sh

WORK=$(mktemp -d)
export T_LOG=$WORK/log
trap 'rm -rf "$WORK"' EXIT
made=${BUILD:-build}/completion

# Both hold them as they were printed, a line each.
forms_of()
{
	sed -n "s/^\t'\(.*\)'\$/\1/p" "$made/farmgatectl.$1"
}

commands_are_completed()
{
	sed -n '/commands\[\] = {/,/^};/s/^\t{ "\([a-z-]*\)", cmd_.*/\1/p' \
	    ctl/farmgatectl.c | sort >"$WORK/source"
	want test -s "$WORK/source"
	forms_of bash | cut -d' ' -f1 | sort -u >"$WORK/forms"
	want_eq "" "$(diff "$WORK/source" "$WORK/forms")"
	want_eq "" "$(diff <(forms_of bash) <(forms_of zsh))"
}

# An option that takes a value has "=" behind it.
options_are_completed()
{
	find ctl -name '*.c' ! -name farmgatectl.c -print0 |
	    xargs -0 cat | options_in >"$WORK/source"
	want test -s "$WORK/source"
	forms_of bash | tr ' ' '\n' | sed -n 's/^--\([a-z_-]*=*\).*/\1/p' |
	    sort -u >"$WORK/forms"
	want_eq "" "$(diff "$WORK/source" "$WORK/forms")"
}

# A catalogue of two entries, as list prints it.
mkdir "$WORK/bin"
cat >"$WORK/bin/farmgatectl" <<-'EOF'
	#!/bin/sh
	[ "$*" = "catalogue list" ] || exit 2
	echo "NAME    KIND    SEEN     TITLE"
	echo "anydesk rmm     running  AnyDesk"
	echo "pikvm   ip-kvm  present  PiKVM"
EOF
chmod 0755 "$WORK/bin/farmgatectl"

# WORD...: what bash offers, on one line.
bash_offers()
{
	env -i PATH="$WORK/bin:$PATH" bash --norc -c '
	    compopt() { echo "(files)"; }
	    . "$0"
	    COMP_WORDS=(farmgatectl "$@") COMP_CWORD=$#
	    _farmgatectl
	    printf "%s\n" "${COMPREPLY[@]}" | sort -u | tr "\n" " "
	    ' "$made/farmgatectl.bash" "$@" | sed 's/ *$//'
}

# The same of zsh, with its own ways to offer replaced; they filter by what was
# typed.
zsh_offers()
{
	env -i PATH="$WORK/bin:$PATH" zsh -f -c '
	    compadd() { shift; print -l -- ${(M)@:#$words[CURRENT]*} }
	    _files() { echo "(files)" }
	    _users() { print -l -- ${(M)${(f)"$(cut -d: -f1 /etc/passwd)"}:#$words[CURRENT]*} }
	    file=$1; shift
	    words=(farmgatectl "$@") CURRENT=$(($# + 1))
	    . $file
	    ' zsh "$made/farmgatectl.zsh" "$@" | sed '/^$/d' | sort -u |
	    tr '\n' ' ' | sed 's/ *$//'
}

# SHELL
offers_what_fits()
{
	local services

	want_eq "revoke" "$("$1_offers" rev)"
	want_eq "status" "$("$1_offers" -S /run/other sta)"
	want_eq "accept asset check export import show suggest" \
	    "$("$1_offers" inventory "")"
	want_eq "--kill" "$("$1_offers" inventory import --k)"
	want_eq "--assets --csv --help --json" "$("$1_offers" inventory export "")"
	want_eq "root" "$("$1_offers" test --user roo)"
	want_eq "root" "$("$1_offers" person --json roo)"
	want_eq "ip-kvm rmm" "$("$1_offers" catalogue list --kind "")"
	want_eq "anydesk" "$("$1_offers" support add LT-0042 --tool any)"
	want_eq "" "$("$1_offers" test --from "")"
	want_eq "" "$("$1_offers" no-such-command "")"
	services=$("$1_offers" test --service "")
	want test -n "$services"
	want_eq "" "$(echo "$services" | grep -E 'common-|dpkg|no match')"
	want_eq "(files)" "$("$1_offers" dump /no/suc | cut -d' ' -f1)"
}

run "completion: each command has its forms" commands_are_completed
run "completion: each option, with a value where it takes one" \
    options_are_completed
run "completion: bash offers what fits" offers_what_fits bash
if command -v zsh >/dev/null; then
	run "completion: zsh offers what fits" offers_what_fits zsh
else
	skip "completion: zsh offers what fits" "zsh is not installed"
fi
finish
