/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login that does not take place, as the module would tell the daemon of it:
 * who, from where, to which service.
 */
#ifndef FG_CTL_SUPPOSED_H
#define FG_CTL_SUPPOSED_H

#include "policyd/conf.h"
#include "policyd/facts.h"
#include "policyd/gather/gather.h"

#define SUPPOSED_CONSOLE "console" /* in an address's place */
#define SUPPOSED_LOCAL	 "local"

/* The caller sets .facts.at_s, and phase, user and service of its login. */
struct supposed {
	struct facts facts;
	struct gather_parent parent; /* of .inherited */
	struct fact_origin inherited; /* of the session that sudo runs in */
	const char *names[FG_NEED_GROUPS_MAX]; /* the conf's, of the user */
};

/*
 * The user's uid and groups, which are conf's. A policy can be tried before its
 * users exist: who does not is in no group. An error is a fact, too.
 * Returns 0, FG_ERR_NOT_FOUND (no passwd entry, so that a live login would be
 * refused as user_unknown) or FG_ERR_SYSTEM.
 */
int supposed_look_up(struct supposed *s, const struct conf *conf);

/*
 * From an address, or from one of the names above, as a service of that kind
 * would come to know it.
 * Returns 0, FG_ERR_FORMAT (no address) or FG_ERR_NOT_FOUND: there is no such
 * origin for this kind of service.
 */
int supposed_come_from(struct supposed *s, const struct conf *conf,
    const char *from);

#endif
