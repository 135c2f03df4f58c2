#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Remote management, shared terminals and what keeps a machine awake: MeshCentral
# with its agent, at the desktop and at a terminal; Shell In A Box; tmate;
# caffeine and xdotool. All of them real, and each told apart as installed,
# running and in use.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/tree.sh"
. "$FG_TOP/tests/lib/started.sh"
. "$FG_TOP/tests/lib/scope.sh"
. "$FG_TOP/tests/lib/desktop.sh"
. "$FG_TOP/tests/lib/elsewhere.sh"
. "$FG_TOP/tests/lib/remote_mesh.sh"
. "$FG_TOP/tests/lib/remote_terminal.sh"
. "$FG_TOP/tests/lib/evidence.sh"

DONE=/tmp/typed

# What was typed has been done, with this status.
typed()
{
	want fg_until 15 test -s "$DONE"
	want_eq "$1" "$(cat "$DONE")"
	rm -f "$DONE"
}

# TOOL [SERVICE]: the last decision is a denial for what descends from it.
was_a_session_of()
{
	want_eq "deny ${2:-sudo} alice" "$(fg_last '.verdict + " " + .service + " " +
	    .user')"
	want_eq 'remote.session deny' "$(found 'remote\.session')"
	want_line "$1" <(fg_last '.findings[] |
	    select(.code == "remote.session") | .text')
}

# ---- MeshCentral ------------------------------------------------------------

agent_installed()
{
	want mesh_server_start
	want mesh_agent_install
	want fg_restart		# what is installed is looked for at the start
	want sees meshagent installed
	want login_finds alice 'remote\.tool' 'remote.tool:installed log'
}

# Connected to its server all the time, which nobody uses.
agent_idle()
{
	want mesh_agent_start 1
	want_eq 1 "$(mesh_streams)"
	want sees meshagent running
	sign_says meshagent running .confidence identity
	sign_says meshagent running .owner machine
	want login_finds alice 'remote\.tool:[ra]' 'remote.tool:running log'
}

agent_at_the_desktop()
{
	local before

	want mesh_connect desktop
	before=$(pointer alice 1)
	want fg_until 5 eval '[ "$(pointer alice 1)" != "$before" ]'
	want_eq 2 "$(mesh_streams)"
	want sees meshagent active
	want_not login_finds alice 'remote\.tool:a' 'remote.tool:active deny'
	want_not login_finds bob 'remote\.tool:a' 'remote.tool:active deny'
	want_line "$MESH_AGENT/meshagent.*by identity" \
	    <(fg_last '.findings[] | select(.grade == "active") | .text')
	want mesh_disconnect
	want sees meshagent running
	want login_finds alice 'remote\.tool:[ra]' 'remote.tool:running log'
}

agent_at_a_terminal()
{
	want mesh_connect terminal
	want sees meshagent active
	want_not login_finds alice 'remote\.tool:a' 'remote.tool:active deny'
	mesh_types "su alice -c true; echo \$? >$DONE"
	typed 1
	was_a_session_of meshagent su
	mesh_types "setpriv --reuid alice --init-groups sudo -n true; echo \$? >$DONE"
	typed 1
	was_a_session_of meshagent
	want mesh_disconnect
	want sees meshagent running
	want mesh_agent_stop
	want sees meshagent installed
	want login_finds alice 'remote\.tool:[ra]' ''
}

# ---- terminals ----------------------------------------------------------------

# More of them than are remembered of a login's ancestors.
shells_between()
{
	printf '%s\n' '#!/bin/sh' \
	    '[ "$1" -gt 0 ] && { "$0" $(($1 - 1)); exit $?; }' \
	    'sudo -n true' >/tmp/deep
	chmod 0755 /tmp/deep
	web_shell_types "/tmp/deep 40; echo \$? >$DONE"
	typed 1
	was_a_session_of shellinabox
}

# What descends from nobody any more, as in a server of tmux's, is in the unit
# still; and so is who comes back by ssh, from whichever address of this machine.
away_from_it()
{
	local ssh="ssh -F /dev/null -o BatchMode=yes -i .ssh/id \
-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p $FG_PORT"

	web_shell_types "setsid -f sh -c 'sleep 1; grep PPid /proc/\$\$/status \
>/tmp/orphan; sudo -n true; echo \$? >$DONE'"
	typed 1
	want_line '^PPid:.1$' /tmp/orphan
	was_a_session_of shellinabox
	web_shell_types "$ssh alice@127.0.0.1 true; echo \$? >$DONE"
	typed 255
	was_a_session_of shellinabox sshd
	want ip address add 192.0.2.77/32 dev lo
	want sees shellinabox active
	web_shell_types "$ssh -b 192.0.2.77 alice@127.0.0.1 true; echo \$? >$DONE"
	typed 255
	was_a_session_of shellinabox sshd
	want_eq 192.0.2.77 "$(fg_last .origin.address)"
	want ip address del 192.0.2.77/32 dev lo
}

web_shell()
{
	want sees shellinabox installed
	want web_shell_start alice
	want sees shellinabox running
	want login_finds alice 'remote\.tunnel:a' ''
	want web_shell_connect
	want sees shellinabox active
	web_shell_types "id -un >$DONE"
	typed alice
	web_shell_types "sudo -n true; echo \$? >$DONE"
	typed 1
	was_a_session_of shellinabox
	shells_between
	! scope_have || away_from_it
	want web_shell_disconnect
	want web_shell_stop
	want sees shellinabox installed
}

shared_terminal()
{
	want sees tmate installed
	want tmate_start alice
	want_not tmate_relayed
	want sees tmate running
	want login_finds alice 'remote\.tunnel' 'remote.tunnel:running log'
	want tmate_stop alice
	want relay_start
	want tmate_start alice
	want fg_until 20 tmate_relayed
	want sees tmate active
	want_not login_finds alice 'remote\.tunnel' 'remote.tunnel:active deny'
	want login_finds bob 'remote\.tunnel' 'remote.tunnel:active log'
	want tmate_asks alice new-window "sudo -n true; echo \$? >$DONE"
	typed 1
	was_a_session_of tmate
	want tmate_stop alice
	stop relay
	want sees tmate installed
}

# ---- what keeps awake ----------------------------------------------------------

caffeine()
{
	want sees caffeine installed
	start_as caffeine alice DISPLAY=:1 dbus-run-session caffeine
	start_as indicator alice DISPLAY=:1 dbus-run-session caffeine-indicator
	want fg_until 10 pgrep -u alice -f /usr/bin/caffeine-indicator
	want fg_until 10 sees caffeine there
	want_not login_finds alice 'remote\.jiggler' 'remote.jiggler deny'
	want_line '/usr/bin/caffeine' <(fg_last '.findings[] |
	    select(.code == "remote.jiggler") | .text')
	want login_finds bob 'remote\.jiggler' 'remote.jiggler log'
	stop indicator
	stop caffeine
	for pid in $(pgrep -u alice -f '^/usr/bin/python3 /usr/bin/caffeine'); do
		kill "$pid"
	done
	want sees caffeine installed
}

# As the scripts that are handed around do it: to and fro, and it waits itself.
xdotool_loop()
{
	local before

	want sees xdotool installed
	start_as jiggle alice DISPLAY=:1 sh -c 'while :; do
		xdotool mousemove_relative 3 3 sleep 1 mousemove_relative -- \
		    -3 -3 sleep 1
	done'
	before=$(pointer alice 1)
	want fg_until 5 eval '[ "$(pointer alice 1)" != "$before" ]'
	want sees xdotool there
	want_not login_finds alice 'remote\.jiggler' 'remote.jiggler deny'
	want login_finds bob 'remote\.jiggler' 'remote.jiggler log'
	stop jiggle
}

setup_remote_gate
want_daemon
tree_have x && install_trees x && screen_start alice 1

MESH="MeshCentral's agent"
if ! mesh_have; then
	skip "$MESH, idle and in use" "npm has no meshcentral here"
elif ! tree_have x || ! elsewhere_make; then
	skip "$MESH, idle and in use" "${TREE_LACKS:-no network of its own}"
else
	run "$MESH: installed" agent_installed
	run "$MESH: connected, and nobody there" agent_idle
	run "$MESH: somebody at the desktop" agent_at_the_desktop
	run "$MESH: somebody at a terminal" agent_at_a_terminal
fi
if tree_have terminals; then
	remote_conf_for shellinabox | fg_conf
	install_trees terminals
	fg_pam shellinabox
	fg_sshd_start || echo "FAIL sshd starts"
	install -D -m 0600 -o alice "$FG_KEYS/alice" \
	    "$FG_WORK/home/alice/.ssh/id"
	run "Shell In A Box: idle, in use, idle again" web_shell
	elsewhere_make
	run "tmate: alone, and with its relay" shared_terminal
else
	skip "shared terminals" "$TREE_LACKS"
fi
if tree_have x caffeine; then
	install_trees caffeine
	run "caffeine" caffeine
	run "a loop of xdotool's" xdotool_loop
else
	skip "what keeps a machine awake" "$TREE_LACKS"
fi
stop_all
finish
