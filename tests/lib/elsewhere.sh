# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Another machine: a network of its own at 192.0.2.2, which this one reaches
# from 192.0.2.1. Its processes are seen here as well. Sourced behind fg.sh and
# started.sh.

elsewhere_make()
{
	[ ! -e /run/netns/elsewhere ] || return 0
	ip netns add elsewhere &&
	    ip link add here type veth peer name there netns elsewhere &&
	    ip addr add 192.0.2.1/24 dev here && ip link set here up &&
	    ip -n elsewhere addr add 192.0.2.2/24 dev there &&
	    ip -n elsewhere link set there up && ip -n elsewhere link set lo up
}

# COMMAND...: as root, there.
elsewhere()
{
	ip netns exec elsewhere "$@"
}

# PORT: something listens there.
elsewhere_listens()
{
	elsewhere ss -Hltn "sport = :$1" | grep -q .
}

# As start_as(), there.
start_elsewhere()
{
	local name=$1 user=$2

	shift 2
	start_as "$name" root ip netns exec elsewhere \
	    setpriv --reuid "$user" --regid "$user" --init-groups \
	    env HOME="$(home_of "$user")" "$@"
}
