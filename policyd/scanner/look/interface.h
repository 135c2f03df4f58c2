/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Network interfaces that a rule is about: VPN clients make them.
 */
#ifndef FG_INTERFACE_H
#define FG_INTERFACE_H

#include "policyd/scanner/look/netlink.h"
#include "policyd/scanner/look/scan.h"
#include "policyd/scanner/look/since.h"

/*
 * A sign for each entry with an interface that is up: running, and active if
 * it is a VPN client's and the default route goes through it. Sets
 * PICTURE_INTERFACES of .failed and .cut.
 */
void	interface_look(const struct scan *scan, struct netlink *routes,
	    struct since *since);

#endif
