/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of policyd/live share; nobody else includes this.
 */
#ifndef FG_LIVE_PARTS_H
#define FG_LIVE_PARTS_H

#include <stdbool.h>
#include <sys/queue.h>

#include "policyd/live/live.h"
#include "policyd/scanner/picture.h"

/* A session whose policy has rules of its own. */
struct live_opened {
	LIST_ENTRY(live_opened) entry;
	char		 ref[FG_REF_MAX + 1];
	char		 policy[CONF_NAME_MAX + 1];
};

LIST_HEAD(live_opened_list, live_opened);

#define LIVE_BUCKETS 256u	/* a power of two */

struct live {
	struct daemon	*daemon;
	struct loop_timer *tick;	/* the next look */
	struct loop_timer *step;	/* the next sessions to be told of it */
	uint64_t	 number;	/* of .last; 0: none came yet */
	size_t		 nlast;
	struct sign	 last[PICTURE_SIGNS_MAX];	/* the signs before */
	bool		 first;		/* what .fresh has may be no news */
	size_t		 nfresh;	/* that are told at present */
	struct sign	 fresh[PICTURE_SIGNS_MAX];
	struct session_cursor cursor;
	bool		 walking;
	bool		 again;		/* a picture came meanwhile */
	struct live_opened_list opened[LIVE_BUCKETS];
};

/* live_policy.c: the name that was given with live_opened(), or NULL. */
const char	*live_policy_name(const struct live *live, const char *ref);
void		 live_policies_free(struct live *live);

/* live_tell.c: what .fresh comes to for one session. */
void		 live_tell(struct live *live, const struct store_session *s);

#endif
