# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Stacks that hand over to another module, and sudo in a session that is odd.
# Sourced behind fg.sh, check.sh, setup.sh and codes.sh.

USERS=$FG_WORK/users.oath

# CHALLENGE: what an odd country has to be proved by.
delegate_conf()
{
	setup_conf | sed "0,/\"geo.country = deny\"/s//\"geo.country = $1\"/"
}

# SERVICE MODULE [ARGUMENT...]: as pam_farmgate(8) has them.
delegating_pam()
{
	local service=$1

	shift
	fg_pam "$service"
	cat >"$FG_WORK/auth" <<-EOF
	auth requisite pam_unix.so
	auth [success=2 ignore=2 cred_insufficient=ignore default=die] $FG_MODULE
	auth [success=ok default=die] $*
	auth optional $FG_MODULE delegated
	EOF
	sed -i "1{r $FG_WORK/auth
	d}" "/etc/pam.d/$service"
}

# alice has a token of pam_oath's own.
token()
{
	oathtool --totp -b "$(cat "$FG_WORK/token")" -N "@$(($(date +%s) + 30 * ${1:-0}))"
}

new_token()
{
	head -c 20 /dev/urandom | base32 | tr -d = >"$FG_WORK/token"
	printf 'HOTP/T30 alice - %s\n' \
	    "$(base32 -d <"$FG_WORK/token" | od -An -tx1 | tr -d ' \n')" >"$USERS"
	chmod 0600 "$USERS"
}

# ANSWER...: sudo in a session from elsewhere, with these on standard input.
sudo_there()
{
	printf '%s\n' "$@" >"$FG_WORK/home/alice/stdin"
	fg_ssh key alice 127.0.0.3 'sudo -k; sudo -S -p "" id -un <stdin' \
	    >"$OUT" 2>&1
}

# CHALLENGE: the session itself is let in; in it sudo asks.
sudo_rules()
{
	delegate_conf "$1" |
	    sed '/^policy staff/i policy in { users = {"@staff"} services = {"sshd"} }' |
	    fg_conf
	want farmgatectl reload >/dev/null
}
