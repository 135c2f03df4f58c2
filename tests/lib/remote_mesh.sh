# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# MeshCentral, which tests/deps.sh has from npm: its server elsewhere, its agent
# on this machine as its installer would put it, and somebody who uses it.
# Sourced behind desktop.sh and elsewhere.sh.

MESH_NPM=$FG_TOP/build/tools/npm/node_modules
MESH_AGENT=/usr/local/mesh_services/meshagent
MESH_FILES=$FG_WORK/mesh
MESH_PORT=4430

mesh_have()
{
	[ -e "$MESH_NPM/meshcentral/agents/meshagent_x86-64" ] &&
	    command -v node >/dev/null && [ "$(uname -m)" = x86_64 ]
}

# PROGRAM ARGUMENT...: of MeshCentral's, there.
mesh_there()
{
	local program=$1

	shift
	elsewhere env NODE_PATH="$MESH_NPM" NODE_NO_WARNINGS=1 \
	    NODE_TLS_REJECT_UNAUTHORIZED=0 node "$MESH_NPM/meshcentral/$program" "$@"
}

mesh_server()
{
	mesh_there meshcentral.js --datapath "$MESH_FILES/data" \
	    --filespath "$MESH_FILES/files" "$@"
}

mesh_control()
{
	mesh_there meshctrl.js "$@" --url "wss://192.0.2.2:$MESH_PORT" \
	    --loginuser admin --loginpass Mesh-Pass-1
}

mesh_server_conf()
{
	cat <<-EOT
	{
		"settings": {
			"cert": "192.0.2.2", "WANonly": true,
			"port": $MESH_PORT, "redirPort": 0, "mpsPort": 0,
			"selfUpdate": false, "autoBackup": false,
			"agentTimeStampServer": false,
			"certificateKeySize": 2048,
			"rootCertificateKeySize": 2048
		},
		"domains": { "": { "newAccounts": false } }
	}
	EOT
}

# The server with a group for machines, whose settings an agent needs.
mesh_server_start()
{
	mkdir -p "$MESH_FILES/data" "$MESH_FILES/files"
	mesh_server_conf >"$MESH_FILES/data/config.json"
	mesh_server --createaccount admin --pass Mesh-Pass-1 >/dev/null
	mesh_server --adminaccount admin >/dev/null
	start_as mesh-server root ip netns exec elsewhere \
	    env NODE_PATH="$MESH_NPM" node "$MESH_NPM/meshcentral/meshcentral.js" \
	    --datapath "$MESH_FILES/data" --filespath "$MESH_FILES/files"
	fg_until 60 elsewhere_listens "$MESH_PORT" || return 1
	fg_until 20 mesh_control adddevicegroup --name farm
}

# What the installer leaves on this machine, without its unit.
mesh_agent_install()
{
	local group

	group=$(mesh_control listdevicegroups --json |
	    jq -r '.[0]._id | ltrimstr("mesh//") | @uri')
	mkdir -p "$MESH_AGENT"
	install -m 0755 "$MESH_NPM/meshcentral/agents/meshagent_x86-64" \
	    "$MESH_AGENT/meshagent"
	elsewhere curl -skf -o "$MESH_AGENT/meshagent.msh" \
	    "https://192.0.2.2:$MESH_PORT/meshsettings?id=$group"
}

# NUMBER: for whoever has display :NUMBER.
mesh_agent_start()
{
	start_as mesh-agent root "DISPLAY=:$1" sh -c \
	    "cd $MESH_AGENT && exec $MESH_AGENT/meshagent run"
	fg_until 30 mesh_agent_known
}

# The server has it, and it has said what it can do.
mesh_agent_known()
{
	mesh_control listdevices --json |
	    jq -e '.[] | select(.conn == 1 and .agent.core != null)'
}

mesh_agent_stop()
{
	stop mesh-agent
}

# desktop or terminal [LINE]...: somebody takes it in hand, and types these.
mesh_connect()
{
	local what=$1

	shift
	mkfifo "$FG_WORK/mesh-typed"
	start_as mesh-viewer root ip netns exec elsewhere \
	    env NODE_PATH="$MESH_NPM" sh -c "exec node \
	    $FG_TOP/tests/lib/mesh_viewer.js wss://192.0.2.2:$MESH_PORT admin \
	    Mesh-Pass-1 $what <>$FG_WORK/mesh-typed"
	fg_until 20 grep -q '^connected' "$FG_WORK/mesh-viewer.log" || return 1
	mesh_types "$@"
}

mesh_types()
{
	[ $# -eq 0 ] || printf '%s\n' "$@" >"$FG_WORK/mesh-typed"
}

mesh_disconnect()
{
	stop mesh-viewer
	rm -f "$FG_WORK/mesh-typed"
	fg_until 20 eval '[ "$(mesh_streams)" -eq 1 ]'
}

# Connections from here to the server.
mesh_streams()
{
	ss -Htn state established "dport = :$MESH_PORT" | wc -l
}
