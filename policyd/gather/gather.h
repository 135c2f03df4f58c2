/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what the module and the scanner say to facts. One fact, one gather_*
 * file; each only fills in its own part of struct facts.
 */
#ifndef FG_GATHER_H
#define FG_GATHER_H

#include "policyd/conf.h"
#include "policyd/facts.h"
#include "policyd/geo/geo.h"

/* The session whose origin a nested login inherits; see session.h. */
struct gather_parent {
	const struct fact_origin *origin;	/* borrowed, NULL: none found */
	const char	*ref;			/* borrowed */
};

/*
 * Kind and origin. SSH_CONNECTION is believed for listed remote services
 * only; else a numeric PAM_RHOST counts; a name never does and is never
 * resolved. If both are numeric and differ, there is no address. A service
 * with an address is remote, unless it is exempt; an unlisted one is remote.
 */
void	gather_origin(const struct conf *conf,
	    const struct gather_parent *parent, struct facts *facts);

/* The named networks that hold the origin's address. */
void	gather_net(const struct conf *conf, struct facts *facts);

/*
 * The place: of the first named network that has one, else by the class of
 * the address, else from the databases. Needs origin and networks.
 */
void	gather_place(const struct conf *conf, const struct geo *geo,
	    struct facts *facts);

#endif
