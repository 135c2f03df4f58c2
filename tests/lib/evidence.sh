# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the daemon says it sees of this machine, and finds at a login. Sourced
# behind fg.sh, check.sh, setup.sh, tree.sh and scope.sh.

# What others have in their hands is refused, so that a test sees what counts for
# a login and what is only logged.
remote_conf()
{
	setup_conf | sed '/^policy staff/,/^}/s/"geo.country = deny"/&,\
	    "remote.tool:active = deny", "remote.desktop:active = deny",\
	    "remote.tunnel:active = deny", "remote.jiggler = deny",\
	    "remote.session = deny"/'
	echo 'scan { max_age = "1s" interval = "15s" }'
}

# SERVICE: alice may come by it while somebody is in such a session, as that is
# what it is for.
remote_conf_for()
{
	remote_conf | sed "0,/^policy/s//policy meant {\\
	users = {\"alice\"}\\
	services = {\"$1\"}\\
	actions = {\"geo.unknown:no_address = log\",\\
	    \"remote.desktop:active = log\", \"remote.tunnel:active = log\",\\
	    \"remote.session = log\"}\\
}\\
&/"
}

# The gate with the catalogue that is shipped, and services that only it decides
# over: "gate" for alice and bob, and sudo.
setup_remote_gate()
{
	scope_leave
	setup_gate
	fg_catalogue
	remote_conf | fg_conf
	fg_pam gate
	printf '%s\n' 'root ALL=(ALL) ALL' 'alice ALL=(ALL) NOPASSWD: ALL' |
	    fg_sudoers
}

# TREE...: what is installed is looked for at the start, and then each minute.
install_trees()
{
	tree_install "$@"
	fg_restart
}

# ENTRY [FILTER]: of each sign of this entry of the catalogue.
signs()
{
	farmgatectl scan --json |
	    jq -r ".signs[] | select(.entry == \"$1\") | ${2:-.}"
}

# ENTRY GRADE: until a look that is begun from now on sees it so; the strongest
# sign counts, and without one it is "nothing".
sees()
{
	SEES_FROM=$(date +%s%3N)
	fg_until 8 is_seen_since "$@" && return 0
	echo "wanted to see of $1: $2"
	farmgatectl scan
	return 1
}

is_seen_since()
{
	local scan

	scan=$(farmgatectl scan --json) || return 1
	[ $(($(date +%s%3N) - $(jq .age_ms <<<"$scan"))) -ge "$SEES_FROM" ] &&
	    [ "$(strongest "$1" <<<"$scan")" = "$2" ]
}

# ENTRY, of the scan on stdin. What has no grades in use is "there".
strongest()
{
	jq -r --arg entry "$1" '{"installed": 1, "there": 2, "running": 3,
	    "active": 4, "hidden": 5} as $rank | [.signs[] |
	    select(.entry == $entry) | .grade // "there"] |
	    max_by($rank[.]) // "nothing"'
}

# ENTRY GRADE FILTER VALUE: of the sign with that grade.
sign_says()
{
	want_eq "$4" "$(signs "$1" "select(.grade == \"$2\") | $3" |
	    head -n 1)"
}

# The findings of the last decision that have to do with what runs here, as
# "CODE:GRADE ACTION", those of a pattern.
found()
{
	fg_last '.findings[] | .code + (if (.grade // "") == "" then "" else
	    ":" + .grade end) + " " + .action' | grep -E "^($1)" | sort -u
}

# USER PATTERN EXPECTED: log in, and see that those are found. Ends with the
# status of the login.
login_finds()
{
	local rc=0

	gate gate "$1" 127.0.0.2 || rc=$?
	want_eq "$3" "$(found "$2")"
	return "$rc"
}
