#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What ordinary machines run is no remote control: a whole desktop, containers,
# an IDE's server, the daemons of a server, a developer's tools; and what only
# sounds like remote control. None of it may stand in anybody's way.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/tree.sh"
. "$FG_TOP/tests/lib/started.sh"
. "$FG_TOP/tests/lib/scope.sh"
. "$FG_TOP/tests/lib/desktop.sh"
. "$FG_TOP/tests/lib/elsewhere.sh"
. "$FG_TOP/tests/lib/ordinary.sh"
. "$FG_TOP/tests/lib/front_ends.sh"
. "$FG_TOP/tests/lib/evidence.sh"

SHOP=$FG_WORK/shop

# After a new look, nothing of what runs is a sign of remote control, and
# everybody may log in, whose logins find nothing.
nothing_found()
{
	local user

	want sees nobodys-entry nothing
	want_eq "" "$(farmgatectl scan --json | jq -c '.signs[] |
	    select((.finding // "") | startswith("remote.")) | {entry, grade,
	    seen}')"
	for user in alice bob; do
		want login_finds "$user" 'remote\.[^u]' ''
	done
}

# Nothing above log, where something is to be found.
nothing_above_log()
{
	want sees nobodys-entry nothing
	want gate gate alice 127.0.0.2
	want gate gate bob 127.0.0.2
	want_eq "" "$(found 'remote\.' | grep -v ' log$')"
}

desktop()
{
	want screen_start alice 1
	want xfce_start alice 1
	start_as terminal alice DISPLAY=:1 xterm
	want fg_until 10 windows alice 1 'alice@|xterm'
	nothing_found
}

containers()
{
	local runtime

	container_files "$SHOP"
	want container_groups
	want podman_start "$SHOP"
	want pgrep -x conmon
	for runtime in runc crun; do
		want runtime_start "$runtime" "$SHOP"
	done
	want_eq 3 "$(pgrep -cx sleep)"
	nothing_found
	want podman_stop
	want runtime_stop runc
	want runtime_stop crun
	container_groups_done
}

# They run from a copy of themselves in memory for a moment: many at once, so
# that a look falls into one.
containers_that_come_and_go()
{
	want container_groups
	start_as comings root bash -c '
. '"$FG_TOP"'/tests/lib/ordinary.sh
FG_WORK='"$FG_WORK"'
for i in $(seq 30); do
	for runtime in runc crun; do
		runtime_start $runtime '"$SHOP"' && runtime_stop $runtime
	done
done'
	for _ in 1 2 3 4 5; do
		nothing_found
	done
	stop comings
	runtime_stop runc 2>/dev/null
	runtime_stop crun 2>/dev/null
	container_groups_done
}

ide()
{
	want jupyter_start alice
	want fg_until 10 pgrep -u alice -f ipykernel_launcher
	nothing_found
	stop jupyter
}

# An own sshd with somebody in it, cron, atd, ftp, mail, a web server.
daemons()
{
	local program

	want fg_sshd_start
	fg_ssh key alice 127.0.0.2 'sleep 100' >/dev/null 2>&1 &
	SESSION=$!
	want fg_until 10 pgrep -u alice -x sleep
	for program in cron atd; do
		program=$(fg_program "usr/sbin/$program") || continue
		start_as "${program##*/}" root "$program" -f
	done
	! program=$(fg_program usr/sbin/vsftpd) || want ftp_start "$program"
	! program=$(fg_program usr/sbin/dovecot) ||
	    (want dovecot_start "$program")
	start_as web root python3 -m http.server 8080 --bind 127.0.0.1
	want fg_until 10 listens 8080
	start_as talk alice bash -c \
	    'exec 3<>/dev/tcp/127.0.0.1/8080 && exec sleep 1000'
	want fg_until 10 connected 8080
	nothing_found
	fg_ssh_end "$SESSION"
	fg_sshd_stop
	stop talk
	stop web
}

# A multiplexer, a debugger at work, a JIT, a tunnel of one's own to elsewhere.
developer()
{
	local tool

	start_as tmux alice TERM=xterm tmux -D new-session -d
	start_as gdb alice sh -c 'exec gdb -q -ex run --args sleep 1000 \
	    </dev/zero'
	start_as node alice node -e 'require("net").createServer().listen(3000);
	    setInterval(() => { }, 10)'
	start_as git alice git daemon --base-path=/tmp --listen=127.0.0.1 \
	    --reuseaddr
	want fg_until 10 listens 3000
	want fg_until 10 listens 9418
	nothing_found
	for tool in git node gdb tmux; do
		stop "$tool"
	done
}

# RCD-03: a name is given to anything, by anybody.
false_friends()
{
	local home=$FG_WORK/home/bob

	echo notes >/tmp/anydesk.txt
	start_as editor bob TERM=xterm tail -f /tmp/anydesk.txt
	sed -n 's/^alice:x:[0-9]*/teamviewer:x:4230/p' /etc/passwd >>/etc/passwd
	start_as user teamviewer sleep 1000
	nothing_found
	# It is logged, and no more, what bob gives the name of a tool.
	cp /bin/sleep "$home/anydesk"
	start_as named bob "$home/anydesk" 1000
	want fg_until 5 pgrep -u bob -x anydesk
	nothing_above_log
	want_line 'remote\.tool:running log' <(found 'remote\.tool')
	want_line 'which anybody may give' <(fg_last '.findings[] | .text')
	want_line 'anydesk.*; by name, which anybody may give' \
	    <(farmgatectl scan)
	stop named
	stop user
	stop editor
}

# A daemon whose package was upgraded runs from a file that is gone.
upgraded()
{
	local program=/usr/local/sbin/serverd

	mkdir -p /usr/local/sbin
	install -m 0755 /bin/sleep "$program"
	start_as serverd root "$program" 1000
	want fg_until 5 pgrep -x serverd
	install -m 0755 /bin/sleep "$program.new"
	mv "$program.new" "$program"
	want_line deleted <(readlink "/proc/$(started serverd)/exe")
	nothing_found
	stop serverd
	rm "$program"
}

# What has none of their names and a port of theirs is logged: and this is how
# the tests above would fail.
where_vnc_listens()
{
	start_as web alice python3 -m http.server 5901 --bind 127.0.0.1
	want fg_until 10 listens 5901
	nothing_above_log
	want login_finds alice 'remote\.[^u]' \
	    'remote.desktop:running log'
	want_line 'by behaviour' <(fg_last '.findings[] | .text')
	stop web
}

setup_remote_gate
want_daemon
run "an idle machine" nothing_found
if tree_have x xfce; then
	install_trees x xfce
	run "a desktop of XFCE's" desktop
else
	skip "a desktop of XFCE's" "$TREE_LACKS"
fi
if tree_have podman runc; then
	install_trees podman runc
	run "containers of podman, runc and crun" containers
	run "containers that come and go" containers_that_come_and_go
else
	skip "containers" "$TREE_LACKS"
fi
if tree_have jupyter; then
	install_trees jupyter
	run "an IDE's server with a terminal and a kernel" ide
else
	skip "an IDE's server" "$TREE_LACKS"
fi
run "ordinary daemons, and who uses them" daemons
run "a developer's tools" developer
run "RCD-03 false friends" false_friends
run "RCD-03 a daemon that was upgraded" upgraded
run "a server of one's own where VNC listens" where_vnc_listens
stop_all
finish
