# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Stacks of our own in place of the machine's, on this copy of it, and the gate
# put into them. Sourced behind fg.sh, check.sh and setup.sh.

FOLDER=/var/lib/farmgate-rollout
PAM=/etc/pam.d

# Shaped like Debian's: what is common is included.
stacks()
{
	local phase

	rm -rf "$PAM" "$FOLDER"
	mkdir "$PAM"
	for phase in auth account password; do
		echo "$phase required pam_unix.so" >"$PAM/common-$phase"
	done
	echo "session required pam_unix.so" >"$PAM/common-session"
	cp "$PAM/common-session" "$PAM/common-session-noninteractive"
	cat >"$PAM/sshd" <<'EOT'
# of the ssh server
@include common-auth

account    required     pam_nologin.so
@include common-account
session    optional     pam_keyinit.so force \
	revoke
session    required     pam_loginuid.so
session    optional     pam_motd.so noupdate
@include common-session
session    required     pam_env.so # user_readenv=1
@include common-password
EOT
	printf '%s\n' '#%PAM-1.0' '' 'session    required   pam_limits.so' \
	    '@include common-auth' '@include common-account' \
	    '@include common-session-noninteractive' >"$PAM/sudo"
	printf 'auth include common-auth' >"$PAM/vlock"
	printf '%s\n' 'auth required pam_permit.so' \
	    '@include common-auth' 'account required pam_permit.so' \
	    'session required pam_permit.so' >"$PAM/cron"
	printf '%s\n' '@include common-auth' '@include common-account' \
	    '@include common-session' >"$PAM/other"
	chmod 0640 "$PAM/sudo"
	mkdir -p "$FG_WORK/was"
	cp -a "$PAM/." "$FG_WORK/was"
}

list()
{
	(cd "$1" && find . -mindepth 1 -printf '%p %m %u:%g\n' | sort)
}

as_it_was()
{
	want_eq "" "$(diff -r "$FG_WORK/was" "$PAM" 2>&1)"
	want_eq "$(list "$FG_WORK/was")" "$(list "$PAM")"
}

# Nothing waits any more, and what did is undone.
taken_back()
{
	want fg_until 12 test ! -e "$FOLDER/pending"
	as_it_was
}

# ARGUMENT...: by alice, who used sudo from near.
enable()
{
	SUDO_UID=4201 SSH_CONNECTION='127.0.0.2 50000 127.0.0.1 22' \
	    farmgatectl enable --yes "$@" >"$OUT" 2>&1
}

# STATUS ARGUMENT...
enables()
{
	local rc=0 status=$1

	shift
	enable "$@" || rc=$?
	cat "$OUT"
	want_eq "$status" "$rc"
}

# SERVICE...: how many items stand against enforcing, which
# tests/system/68_readiness.sh is about.
items()
{
	farmgatectl readiness "$@" 2>/dev/null | tail -n 1 | cut -d' ' -f1
}

# STATUS SERVICE...
enforces()
{
	local status=$1

	shift
	enables "$status" --accept "$(items "$@")" "$@"
}

guard()
{
	local pid

	for pid in $(pgrep -x farmgatectl); do
		[ "$(awk '{ print $6 }' "/proc/$pid/stat")" = "$$" ] ||
		    echo "$pid"
	done
}

# All that enable needs.
setup_rollout()
{
	setup_gate
	cat >>"$FG_CONF" <<-'EOF'
	policy root {
		users = {"root"}
		countries = {"NO"}
		actions = {"geo.country = deny"}
	}
	EOF
	fg_module_in_place
	stacks
	want_daemon
	fg_sshd_start || echo "FAIL sshd starts"
}
