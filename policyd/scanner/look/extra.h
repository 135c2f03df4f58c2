/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports at which a tool waits beside the catalogue's: those that its command
 * line names, and all of one that has its cgroup to itself: whose a socket is
 * the kernel tells by uid and cgroup alone.
 */
#ifndef FG_EXTRA_H
#define FG_EXTRA_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/look/match.h"
#include "policyd/scanner/look/tools.h"

#define EXTRA_ALONE_MAX	32u	/* tools that have a cgroup to themselves */
#define EXTRA_ALONE_OF_PERSON 8u	/* of one person's */
#define EXTRA_PORTS_OF_PERSON 32u	/* by both ways */
#define EXTRA_PEOPLE_MAX	32u

struct socket_one;

/* Who has them, if that is no unit: nobody has all the room. */
struct extra_person {
	uint32_t	 uid;
	uint32_t	 nalone;
	uint32_t	 nports;
};

struct extra {
	struct match_ports local;	/* tcp: the catalogue's, and these */
	struct match_ports any;		/* and its relays */
	uint32_t	 nalone;
	const struct tool *alone[EXTRA_ALONE_MAX];	/* borrowed */
	uint32_t	 npeople;
	struct extra_person person[EXTRA_PEOPLE_MAX];
};

/*
 * By the tools of the last walk, until then (walk_now_ns()'s clock). Sets
 * .alone of each of them. Such a tool is known by identity, and in use when
 * somebody is connected to where it listens.
 */
void	extra_begin(struct extra *extra, const struct match *match,
	    struct tools *tools, int64_t until_ns);

/* Another listener: if it may be such a tool's, its port is one from now on. */
void	extra_add(struct extra *extra, const struct socket_one *listens);

/* Whether a listener of a tool's uid and cgroup is the tool's by this. */
bool	extra_is_of(const struct match *match, const struct tool *tool,
	    const struct tool_hit *hit, const struct socket_one *listens);

#endif
