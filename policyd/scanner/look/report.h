/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was found of processes and sockets, as signs.
 */
#ifndef FG_REPORT_H
#define FG_REPORT_H

#include "policyd/scanner/look/cgroups.h"
#include "policyd/scanner/look/scan.h"
#include "policyd/scanner/look/since.h"
#include "policyd/scanner/look/socket.h"
#include "policyd/scanner/look/tools.h"

/* Signs of the tools, and of those that hide. Sockets of theirs are claimed. */
void	report_tools(const struct scan *scan, struct tools *tools,
	    struct sockets *sockets);

/*
 * Signs of the sockets that are nobody's yet: of those entries that no process
 * is known of.
 */
void	report_sockets(const struct scan *scan, const struct sockets *sockets,
	    struct cgroups *cgroups, struct since *since);

#endif
