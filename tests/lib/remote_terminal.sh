# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Terminals of Debian's that others are let into. Sourced behind started.sh,
# scope.sh and elsewhere.sh.

WEB_PORT=4200

# Shell In A Box, as its package's script runs it: USER: whoever opens its page
# has the user's shell. Its PAM service is "shellinabox".
web_shell_start()
{
	grep -q '^shellinabox:' /etc/group || {
		echo 'shellinabox:x:4240:' >>/etc/group
		echo 'shellinabox:x:4240:4240::/:/usr/sbin/nologin' \
		    >>/etc/passwd
	}
	web_shell_program root shellinaboxd -t -p "$WEB_PORT" --localhost-only \
	    -u shellinabox -g shellinabox -s "/:$1:$1:HOME:/bin/bash"
	fg_until 10 listens "$WEB_PORT"
}

# USER COMMAND...: as its unit would, where there are control groups.
web_shell_program()
{
	if scope_have; then
		scope_make unit shellinabox
		start_in_scope web-shell "$@"
	else
		start_as web-shell "$@"
	fi
}

web_shell_stop()
{
	stop web-shell
}

web_shell_connect()
{
	rm -f "$FG_WORK/web-typed"
	mkfifo "$FG_WORK/web-typed"
	start_as web-client root sh -c "exec python3 \
	    $FG_TOP/tests/lib/web_shell.py $WEB_PORT <>$FG_WORK/web-typed"
	fg_until 10 grep -q '^connected' "$FG_WORK/web-client.log" &&
	    fg_until 10 pgrep -P "$(web_shell_launcher)"
}

# The shell is a child of it.
web_shell_launcher()
{
	pgrep -x -n shellinaboxd
}

web_shell_types()
{
	printf '%s\n' "$1" >"$FG_WORK/web-typed"
}

web_shell_disconnect()
{
	stop web-client
}

# tmate, whose relay is a machine elsewhere that takes it and says nothing:
# USER: the user shares a terminal.
relay_start()
{
	start_as relay root ip netns exec elsewhere python3 -c '
import socket
listener = socket.create_server(("192.0.2.2", 22))
taken = []
while True:
    taken.append(listener.accept())'
	fg_until 10 elsewhere_listens 22
}

tmate_start()
{
	# It does not start where there is none.
	[ -e /etc/resolv.conf ] || echo 'nameserver 127.0.0.1' >/etc/resolv.conf
	printf '%s\n' 'set -g tmate-server-host 192.0.2.2' \
	    'set -g tmate-server-port 22' >"$(home_of "$1")/.tmate.conf"
	as_user "$1" TERM=xterm tmate -S /tmp/tmate.sock new-session -d -s shared
}

# ARGUMENT...: of the user who shares it; tmate is asked.
tmate_asks()
{
	local user=$1

	shift
	as_user "$user" TERM=xterm tmate -S /tmp/tmate.sock "$@"
}

tmate_relayed()
{
	ss -Htnp state established 'dport = :22' | grep -q '"tmate"'
}

tmate_stop()
{
	tmate_asks "$1" kill-server
}
