/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names, each with a number, from 0: what is known of users, accounts and keys
 * is kept by it. The tables are as large as what they hold; there is a limit to
 * those that logs bring, for anybody may bring more.
 */
#ifndef FG_CTL_REPLAY_NAMES_H
#define FG_CTL_REPLAY_NAMES_H

#include <stddef.h>
#include <stdint.h>

#define NAMES_MAX	65536u	/* of a log's */
#define NAMES_ANY	(UINT32_MAX / 4) /* of an inventory's */
#define NAMES_NONE	UINT32_MAX

struct names;

/* For at most max of them. NULL: no memory. */
struct names	*names_new(uint32_t max);
void		 names_free(struct names *names);	/* NULL is fine */

/* NAMES_NONE: there is none; or of names_add(), no room, or no memory. */
uint32_t	 names_find(const struct names *names, const char *name);
uint32_t	 names_add(struct names *names, const char *name);
const char	*names_text(const struct names *names, uint32_t i);
size_t		 names_count(const struct names *names);

#endif
