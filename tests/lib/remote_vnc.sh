# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# VNC servers, and the viewer that connects to each from dave's display :2,
# which stands for another machine. Sourced behind desktop.sh.

VNC_PORT=5900

# x11vnc: USER NUMBER [PORT]: shows the user's display.
x11vnc_start()
{
	VNC_PORT=${3:-5900}
	start_as x11vnc "$1" x11vnc -display ":$2" -rfbport "$VNC_PORT" -no6 \
	    -localhost -nopw -forever -shared -quiet -noshm
	fg_until 10 listens "$VNC_PORT"
}

x11vnc_stop()
{
	stop x11vnc
}

# What the package's user has to set: USER NUMBER: no password, and a terminal
# for a desktop.
tigervnc_prepare()
{
	local home

	home=$(home_of "$1")/.vnc
	grep -qx ":$2=$1" /etc/tigervnc/vncserver.users ||
	    echo ":$2=$1" >>/etc/tigervnc/vncserver.users
	mkdir -p "$home"
	cat >"$home/tigervnc.conf" <<-'EOT'
	$SecurityTypes = "None";
	$localhost = "yes";
	$geometry = "800x600";
	1;
	EOT
	printf '#!/bin/sh\nexec xterm -fn fixed -geometry 130x60+0+0\n' \
	    >"$home/Xtigervnc-session"
	chmod 0755 "$home/Xtigervnc-session"
	chown -R "$1" "$home"
}

# TigerVNC's own X server, started as its unit does: USER NUMBER: the user's
# desktop on :NUMBER, and on port 5900 + NUMBER. Its PAM service is "tigervnc".
tigervnc_start()
{
	TIGERVNC=$2
	VNC_PORT=$((5900 + $2))
	install -d -m 1777 /tmp/.X11-unix
	tigervnc_prepare "$1" "$2"
	/usr/libexec/tigervncsession-start ":$2" >"$FG_WORK/tigervnc.log" 2>&1 &&
	    fg_until 10 windows "$1" "$2" . && listens "$VNC_PORT"
}

tigervnc_stop()
{
	local pid

	pid=$(cat "/run/tigervncsession-:$TIGERVNC.pid")
	kill "$pid"
	fg_until 10 eval '! fg_alive "$pid" && ! listens "$VNC_PORT"'
}

# TigerVNC for a display that is there: USER NUMBER.
x0tigervnc_start()
{
	VNC_PORT=5900
	start_as x0tigervnc "$1" X0tigervnc -display ":$2" -localhost \
	    -SecurityTypes None -rfbport 5900
	fg_until 10 listens 5900
}

x0tigervnc_stop()
{
	stop x0tigervnc
}

# wayvnc for a desktop of Wayland's, sway without a screen: USER.
wayvnc_start()
{
	local folder

	VNC_PORT=5900
	folder=/run/user/$(id -u "$1")
	install -d -m 0700 -o "$1" "$folder"
	echo 'output HEADLESS-1 resolution 800x600' >"$(home_of "$1")/sway"
	start_as sway "$1" "XDG_RUNTIME_DIR=$folder" WLR_BACKENDS=headless \
	    WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman sway -c sway
	fg_until 10 test -S "$folder/wayland-1" || return 1
	start_as wayvnc "$1" "XDG_RUNTIME_DIR=$folder" WAYLAND_DISPLAY=wayland-1 \
	    wayvnc 127.0.0.1 5900
	fg_until 10 listens 5900
}

wayvnc_stop()
{
	stop wayvnc
	stop sway
}

# Somebody looks at what the last one serves.
viewer_connect()
{
	start_as viewer root DISPLAY=:2 xtigervncviewer -SecurityTypes None \
	    -RemoteResize=0 "127.0.0.1::$VNC_PORT"
	fg_until 10 connected "$VNC_PORT" &&
	    fg_until 10 windows dave 2 TigerVNC
}

viewer_disconnect()
{
	stop viewer
	fg_until 5 eval '! connected "$VNC_PORT"'
}

# USER NUMBER: who looks moves that pointer.
viewer_steers()
{
	steers dave 2 TigerVNC "$1" "$2"
}

# LINE: who looks types it.
viewer_types()
{
	type_in_window dave 2 TigerVNC "$1"
}
