# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# xrdp as Debian ships it, but on loopback, and FreeRDP as its client on dave's
# display :2, which stands for another machine; FreeRDP's server that shows a
# display. Sourced behind desktop.sh and scope.sh.

RDP_PORT=3389

# What the package's scripts would have made.
xrdp_prepare()
{
	grep -q '^xrdp:' /etc/group || echo 'xrdp:x:731:' >>/etc/group
	grep -q '^xrdp:' /etc/passwd ||
	    echo 'xrdp:x:731:731::/run/xrdp:/usr/sbin/nologin' >>/etc/passwd
	sed -i -e "s/^port=3389/port=tcp:\/\/.:$RDP_PORT/" \
	    -e 's/^autorun=.*/autorun=Xorg/' \
	    -e 's/^EnableSyslog=.*/EnableSyslog=false/' \
	    -e "s|^LogFile=xrdp.log|LogFile=/run/xrdp/xrdp.log|" \
	    /etc/xrdp/xrdp.ini
	sed -i -e 's/^EnableSyslog=.*/EnableSyslog=false/' \
	    -e "s|^LogFile=.*|LogFile=/run/xrdp/sesman.log|" \
	    /etc/xrdp/sesman.ini
	xrdp-keygen xrdp auto >/dev/null 2>&1
	openssl req -x509 -newkey rsa:2048 -nodes -keyout /etc/xrdp/key.pem \
	    -out /etc/xrdp/cert.pem -days 30 -subj /CN=laptop 2>/dev/null
	chown xrdp /etc/xrdp/*.pem /etc/xrdp/rsakeys.ini
	printf '#!/bin/sh\nexec xterm -fn fixed -geometry 130x60+0+0\n' \
	    >/etc/xrdp/startwm.sh
	chmod 0755 /etc/xrdp/startwm.sh
	sh /usr/share/xrdp/socksetup
}

# PROGRAM USER: as its unit would, where there are control groups.
xrdp_program()
{
	if scope_have; then
		scope_make unit "$1"
		start_in_scope "$1" "$2" "$1" --nodaemon
	else
		start_as "$1" "$2" "$1" --nodaemon
	fi
}

xrdp_start()
{
	[ -e /etc/xrdp/key.pem ] || xrdp_prepare || return 1
	xrdp_program xrdp-sesman root
	xrdp_program xrdp xrdp
	fg_until 10 listens "$RDP_PORT" && fg_until 10 listens 3350
}

xrdp_stop()
{
	stop xrdp
	stop xrdp-sesman
}

# USER: somebody connects with their password, and gets a terminal on :10 if
# they have no session yet.
rdp_connect()
{
	local user=$1

	start_as rdp-client root DISPLAY=:2 xfreerdp "/v:127.0.0.1:$RDP_PORT" \
	    "/u:$user" "/p:$user-pw" /cert:ignore /size:640x480
	fg_until 15 connected "$RDP_PORT" &&
	    fg_until 15 xrdp_has_desktop "$user" &&
	    fg_until 15 windows dave 2 FreeRDP
}

# USER
xrdp_has_desktop()
{
	windows "$1" 10 .
}

# They go, and the session stays.
rdp_disconnect()
{
	stop rdp-client
	fg_until 5 eval '! connected "$RDP_PORT"'
}

# USER: they move the pointer of that user's session.
rdp_steers()
{
	steers dave 2 FreeRDP "$1" 10
}

# LINE: they type it.
rdp_types()
{
	type_in_window dave 2 FreeRDP "$1"
}

# End the session, as its desktop ends: USER.
xrdp_logout()
{
	local user=$1 pid

	for pid in $(pgrep -u "$user" -x xterm); do
		kill "$pid"
	done
	fg_until 10 eval '! xrdp_has_desktop "$user"'
}

# FreeRDP's server for a display that is there: USER NUMBER.
shadow_start()
{
	start_as shadow "$1" "DISPLAY=:$2" freerdp-shadow-cli \
	    "/port:$RDP_PORT" /bind-address:127.0.0.1 -auth /sec:tls
	fg_until 10 listens "$RDP_PORT"
}

shadow_stop()
{
	stop shadow
}

# Somebody connects to that.
shadow_connect()
{
	start_as rdp-client root DISPLAY=:2 xfreerdp "/v:127.0.0.1:$RDP_PORT" \
	    /u:somebody /p:something /cert:ignore /sec:tls
	fg_until 15 connected "$RDP_PORT" && fg_until 15 windows dave 2 FreeRDP
}
