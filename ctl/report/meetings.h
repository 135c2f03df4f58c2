/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who came from where, or with which laptop: what farm.h makes clusters of, as
 * far as records say it.
 */
#ifndef FG_CTL_REPORT_MEETINGS_H
#define FG_CTL_REPORT_MEETINGS_H

#include <stddef.h>
#include <stdint.h>

#include "ctl/farm.h"

struct meetings;

/* Of at most max different people at sources. NULL: no memory. */
struct meetings	*meetings_new(size_t max);
void		 meetings_free(struct meetings *meetings); /* NULL is fine */

/*
 * Once more. The login's .first_s is when; .logins is not looked at. What does
 * not fit is counted and left out. Returns 0 or FG_ERR_NOMEM.
 */
int		 meetings_add(struct meetings *meetings,
		    const struct farm_login *login);
uint64_t	 meetings_left_out(const struct meetings *meetings);

/* The clusters; the caller calls farm_done(). Returns 0 or FG_ERR_NOMEM. */
int		 meetings_cluster(const struct meetings *meetings,
		    struct farm *ret_farm);

#endif
