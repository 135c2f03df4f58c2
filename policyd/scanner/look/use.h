/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a tool is in use, by its rules, its children and its sockets.
 */
#ifndef FG_USE_H
#define FG_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/look/scan.h"
#include "policyd/scanner/look/socket.h"
#include "policyd/scanner/look/tools.h"

struct use {
	uint32_t	 confidence;	/* that it is the tool */
	bool		 active;	/* with that confidence */
	bool		 by_socket;	/* .active is known by a socket alone */
	/* What shows it: one of these, or none. */
	const struct socket_one *listens;
	const struct socket_one *takes;
	const struct socket_one *reaches;
	int32_t		 child;		/* 0: none */
};

/*
 * Of one hit of a tool. Sockets are a tool's by port, uid and cgroup; uid alone
 * where a cgroup is not known. Those are claimed, if it is certain that this is
 * the tool.
 */
void	use_find(const struct scan *scan, struct tools *tools,
	    const struct tool *tool, const struct tool_hit *hit,
	    struct sockets *sockets, struct use *ret_use);

#endif
