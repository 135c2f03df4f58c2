/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's groups, by the look-ups that any program would do. They run here
 * because the daemon must not: name services load code and open sockets.
 */
#include "pam_module/groups.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/result.h"

#define GROUPS_GIDS	  64
#define GROUPS_BUFFER	  4096u
#define GROUPS_BUFFER_MAX (1024u * 1024u) /* a group's members, all of them */

/* What one user's look-ups need; all of it on the heap, and owned. */
struct lookup {
	gid_t *gids;
	size_t ngids;
	char *buf; /* for getgrnam_r */
	size_t size;
};

static bool
deadline_passed(int64_t deadline_ns)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		return true;
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec >= deadline_ns;
}

/* The user's gids. getgrouplist says how many there are if it lacks room. */
static int
lookup_gids(struct lookup *l, const struct items *items)
{
	int room = GROUPS_GIDS, count;
	gid_t *bigger;

	for (;;) {
		bigger = realloc(l->gids, (size_t)room * sizeof(*bigger));
		if (bigger == NULL)
			return FG_ERR_NOMEM;
		l->gids = bigger;
		count = room;
		if (getgrouplist(items->user, items->gid, l->gids, &count) >=
		    0) {
			l->ngids = (size_t)count;
			return 0;
		}
		/* Not for lack of room, or more than there can be. */
		if (count <= room || count > GROUPS_GIDS_MAX)
			return FG_ERR_LIMIT;
		/* At least twice, so that a list that grows does not hold up
		 * the login. */
		room = count > room * 2 ? count : room * 2;
		if (room > GROUPS_GIDS_MAX)
			room = GROUPS_GIDS_MAX;
	}
}

static bool
lookup_has(const struct lookup *l, gid_t gid)
{
	for (size_t i = 0; i < l->ngids; i++) {
		if (l->gids[i] == gid)
			return true;
	}
	return false;
}

/* In a group that does not exist there is nobody. */
static int
lookup_member(struct lookup *l, const char *name, bool *ret_member)
{
	struct group gr, *found;
	char *bigger;
	int error;

	*ret_member = false;
	while ((error = getgrnam_r(name, &gr, l->buf, l->size, &found)) ==
	    ERANGE) {
		if (l->size >= GROUPS_BUFFER_MAX)
			return FG_ERR_LIMIT;
		if ((bigger = realloc(l->buf, l->size * 2)) == NULL)
			return FG_ERR_NOMEM;
		l->buf = bigger;
		l->size *= 2;
	}
	if (error != 0 && error != ENOENT) {
		errno = error;
		return FG_ERR_SYSTEM;
	}
	if (error == 0 && found != NULL)
		*ret_member = lookup_has(l, gr.gr_gid);
	return 0;
}

static int
lookup_members(struct lookup *l, const struct fg_need *need,
    int64_t deadline_ns, struct fg_groups *groups)
{
	int r;

	l->size = GROUPS_BUFFER;
	if ((l->buf = malloc(l->size)) == NULL)
		return FG_ERR_NOMEM;
	for (uint16_t i = 0; i < need->count; i++) {
		if (deadline_passed(deadline_ns))
			return FG_ERR_TIMEOUT;
		if ((r = lookup_member(l, need->groups[i],
			 &groups->member[i])) != 0)
			return r;
	}
	groups->count = need->count;
	return 0;
}

void
groups_collect(const struct items *items, const struct fg_need *need,
    int64_t deadline_ns, struct fg_groups *ret_groups)
{
	struct lookup l = { .gids = NULL };
	int r = FG_ERR_NOT_FOUND;

	memset(ret_groups, 0, sizeof(*ret_groups));
	if ((items->login.flags & FG_LOGIN_INVALID_USER) == 0)
		r = lookup_gids(&l, items);
	if (r == 0)
		r = lookup_members(&l, need, deadline_ns, ret_groups);
	free(l.gids);
	free(l.buf);
	if (r == 0)
		return;
	memset(ret_groups, 0, sizeof(*ret_groups));
	ret_groups->failed = true;
}
