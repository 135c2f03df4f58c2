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

#define GROUPS_BUFFER	  4096u
#define GROUPS_BUFFER_MAX (1024u * 1024u) /* a group's members, all of them */

static bool
deadline_passed(int64_t deadline_ns)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		return true;
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec >= deadline_ns;
}

/* Names fit in as many bytes as the message has, or the message cannot hold
 * them either. */
static int
groups_add(struct groups *groups, const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > FG_GROUP_MAX)
		return FG_ERR_LIMIT;
	if (groups->msg.count == FG_GROUPS_MAX ||
	    len + 1 > sizeof(groups->names) - groups->used)
		return FG_ERR_LIMIT;
	memcpy(groups->names + groups->used, name, len + 1);
	groups->msg.names[groups->msg.count++] = groups->names + groups->used;
	groups->used += len + 1;
	return 0;
}

/* One group. A number without a name cannot be in a policy: left out. */
static int
groups_name(struct groups *groups, gid_t gid, char **buf, size_t *size)
{
	struct group gr, *found;
	char *bigger;
	int error;

	while ((error = getgrgid_r(gid, &gr, *buf, *size, &found)) == ERANGE) {
		if (*size >= GROUPS_BUFFER_MAX)
			return FG_ERR_LIMIT;
		if ((bigger = realloc(*buf, *size * 2)) == NULL)
			return FG_ERR_NOMEM;
		*buf = bigger;
		*size *= 2;
	}
	if (error != 0) {
		errno = error;
		return FG_ERR_SYSTEM;
	}
	return found == NULL ? 0 : groups_add(groups, gr.gr_name);
}

static int
groups_names(struct groups *groups, const gid_t *gids, int count,
    int64_t deadline_ns)
{
	size_t size = GROUPS_BUFFER;
	char *buf;
	int r = 0;

	if ((buf = malloc(size)) == NULL)
		return FG_ERR_NOMEM;
	for (int i = 0; i < count && r == 0; i++) {
		if (deadline_passed(deadline_ns))
			r = FG_ERR_TIMEOUT;
		else
			r = groups_name(groups, gids[i], &buf, &size);
	}
	free(buf);
	return r;
}

static int
groups_lookup(struct groups *groups, const struct items *items,
    int64_t deadline_ns)
{
	int count = (int)FG_GROUPS_MAX, r;
	gid_t *gids;

	if ((items->login.flags & FG_LOGIN_INVALID_USER) != 0)
		return FG_ERR_NOT_FOUND;
	if ((gids = calloc(FG_GROUPS_MAX, sizeof(*gids))) == NULL)
		return FG_ERR_NOMEM;
	if (getgrouplist(items->user, items->gid, gids, &count) < 0)
		r = FG_ERR_LIMIT;
	else
		r = groups_names(groups, gids, count, deadline_ns);
	free(gids);
	return r;
}

void
groups_collect(const struct items *items, int64_t deadline_ns,
    struct groups *ret_groups)
{
	memset(ret_groups, 0, sizeof(*ret_groups));
	if (groups_lookup(ret_groups, items, deadline_ns) == 0)
		return;
	ret_groups->msg.failed = true;
	ret_groups->msg.count = 0;
}
