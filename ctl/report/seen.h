/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a text was met before, in memory that is bounded: a number of 64 bits
 * stands for each, so that one of very many may wrongly be taken for another.
 */
#ifndef FG_CTL_REPORT_SEEN_H
#define FG_CTL_REPORT_SEEN_H

#include <stdbool.h>
#include <stddef.h>

struct seen;

struct seen	*seen_new(size_t max);		/* NULL: no memory */
void		 seen_free(struct seen *seen);	/* NULL is fine */

/*
 * Meet it. Returns 0, and *ret_new says whether it was not met before; or
 * FG_ERR_LIMIT, it was not, and there is no room; or FG_ERR_NOMEM.
 */
int		 seen_take(struct seen *seen, const char *text, bool *ret_new);

#endif
