/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports as a filter that the kernel runs itself: a machine may have very many
 * sockets, and few of them are any rule's business.
 */
#ifndef FG_PORTS_H
#define FG_PORTS_H

#include <linux/inet_diag.h>
#include <stddef.h>

#include "policyd/scanner/look/match.h"

#define PORTS_RANGES_MAX 256u
/* Of each range two comparisons with a port each, and a jump. */
#define PORTS_OPS	 (PORTS_RANGES_MAX * 5u)

/*
 * Sockets whose own port is of local, or whose other port is of peer (NULL:
 * none). Returns the size of ret_ops in bytes; 0: it is too much for a filter.
 */
size_t	ports_filter(const struct match_ports *local,
	    const struct match_ports *peer,
	    struct inet_diag_bc_op ret_ops[PORTS_OPS]);

#endif
