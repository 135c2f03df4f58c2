/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In which of a configuration's groups users are, as this machine has it now.
 */
#ifndef FG_CTL_REPLAY_GROUPS_H
#define FG_CTL_REPLAY_GROUPS_H

#include "policyd/conf.h"
#include "policyd/facts.h"

struct groups;

/* The conf is borrowed. NULL: no memory. */
struct groups	*groups_new(const struct conf *conf);
void		 groups_free(struct groups *groups);	/* NULL is fine */

/* Each user is asked for once. Of more than NAMES_MAX nobody knows. */
void		 groups_find(struct groups *groups, const char *user,
		    struct fact_groups *ret_fact, uint32_t *ret_uid);

/* Users that this machine does not know, so that they are in none. */
uint64_t	 groups_strangers(const struct groups *groups);

#endif
