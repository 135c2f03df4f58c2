/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Unix groups that the policies name, all of which are asked for in one
 * message. A configuration with more than that holds is refused.
 */
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "proto/msg.h"
#include "proto/result.h"

/* One more than the limit is enough to know that there are too many. */
int
conf_groups_fill(struct conf *conf)
{
	const struct conf_strings *users;
	size_t i, k;

	for (i = 0; i < conf->npolicies; i++) {
		users = &conf->policies[i].users;
		for (k = 0; k < users->n; k++) {
			if (conf->groups.n > FG_NEED_GROUPS_MAX)
				return 0;
			if (users->v[k][0] != '@' ||
			    conf_strings_has(&conf->groups, users->v[k] + 1))
				continue;
			if (conf_strings_add(&conf->groups, users->v[k] + 1,
				users->lines[k]) != 0)
				return FG_ERR_NOMEM;
		}
	}
	return 0;
}

void
conf_groups_check(const struct conf *conf, struct conf_errors *errors)
{
	const struct conf_strings *groups = &conf->groups;
	size_t i, used = 0;

	for (i = 0; i < groups->n; i++) {
		used += strlen(groups->v[i]) + FG_NEED_GROUP_EXTRA;
		if (i < FG_NEED_GROUPS_MAX && used <= FG_NEED_ROOM)
			continue;
		conf_errors_add(errors, conf->path, groups->lines[i],
		    "with \"@%.80s\" the policies name more groups than can "
		    "be asked for (%u, in %u bytes with %u more for each); "
		    "name fewer, or make one group of several",
		    groups->v[i], FG_NEED_GROUPS_MAX, FG_NEED_ROOM,
		    FG_NEED_GROUP_EXTRA);
		return;
	}
}
