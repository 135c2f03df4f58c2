/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may send input to a Wayland desktop by libei. Of its sockets those are
 * told that have a name, as "eis-0"; a connection that a desktop's portal has
 * handed out has none, and is seen in nothing but the program that uses it.
 */
#ifndef FG_EIS_H
#define FG_EIS_H

#include "policyd/scanner/look/netlink.h"
#include "policyd/scanner/look/scan.h"
#include "policyd/scanner/look/since.h"

/*
 * A sign for each user with such a connection, while somebody sits at the
 * machine; until .until_ns of the scan. Kernels before 5.3 do not tell whose
 * a socket is, and then there is no sign.
 */
void	eis_look(const struct scan *scan, struct netlink *diag,
	    struct since *since);

#endif
