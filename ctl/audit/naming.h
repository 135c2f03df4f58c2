/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which records of the audit log name somebody: by one of the names that are
 * theirs, as the value of a member that is of people or in a list, or by the
 * login id with which they did what administrators do.
 */
#ifndef FG_CTL_AUDIT_NAMING_H
#define FG_CTL_AUDIT_NAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAMING_NAMES_MAX 64u

struct naming;

struct naming	*naming_new(void);	/* NULL: no memory */
void		 naming_free(struct naming *naming);	/* NULL is fine */

/* Another name, or login id. Returns 0, FG_ERR_NOMEM or FG_ERR_LIMIT. */
int		 naming_add(struct naming *naming, const char *name);
int		 naming_add_id(struct naming *naming, uint32_t loginuid);

/* Of a line as the daemon wrote it. */
bool		 naming_has(const struct naming *naming, const char *text,
		    size_t len);

#endif
