# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Where a test that makes a Debian of its own gets its packages from: from
# where this machine has them.

# Where Debian itself comes from, as apt has it; other vendors are left out.
# Several of what apt calls an origin can be one suite.
debian_sources()
{
	apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
	    'Origin: Debian' 'Created-By: Packages' | sort -u
}

# FILE: the same, into it. Fails if apt knows nothing of Debian's.
debian_write_sources()
{
	[ -n "$(debian_sources)" ] || apt-get -qq update
	debian_sources >"$1"
	[ -s "$1" ]
}

debian_suite()
{
	(. /etc/os-release && echo "$VERSION_CODENAME")
}

# apt's own proxies, as options of mmdebstrap; those of the environment are
# used anyway.
debian_proxies()
{
	local name value

	for name in http https; do
		value=
		eval "$(apt-config shell value "Acquire::$name::Proxy")"
		[ -z "$value" ] || echo "--aptopt=Acquire::$name::Proxy \"$value\""
	done
}
