/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The unified cgroups of the machine: the kernel tells a socket's by a number,
 * which is its folder's inode.
 */
#ifndef FG_CGROUPS_H
#define FG_CGROUPS_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/facts.h"

/*
 * The number of a cgroup, as /proc/PID/cgroup names it. 0: it is the root, or
 * there is none of that name, or no unified hierarchy.
 */
uint64_t cgroup_id(const char *path);

/*
 * The numbers of its processes, a line each, if it still has this number.
 * Returns 0, FG_ERR_NOT_FOUND, FG_ERR_LIMIT: there are more, or as
 * place_read().
 */
int	cgroup_processes(const char *path, uint64_t id, char *buf, size_t size);

#define CGROUPS_KNOWN	32u

/* Those that were found already; a number is never used again. */
struct cgroups {
	struct {
		uint64_t id;
		char	 path[FACT_CGROUP_MAX + 1];
	} known[CGROUPS_KNOWN];
	size_t		 next;
};

/*
 * The other way round, until then (walk_now_ns()'s clock): units' cgroups are
 * looked at first, and users' next. Printable; "" and FG_ERR_NOT_FOUND for what
 * is not met, and for one whose path does not fit. Zeroed cgroups know none.
 */
int	cgroup_path(struct cgroups *cgroups, uint64_t id, int64_t until_ns,
	    char ret_path[FACT_CGROUP_MAX + 1]);

#endif
