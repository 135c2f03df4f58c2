/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The insides of struct geo, for the files of this room.
 */
#ifndef FG_GEO_PARTS_H
#define FG_GEO_PARTS_H

#include "policyd/geo/geo.h"

struct geo_source {
	struct geo_info	 info;
	struct geo_paths paths;
	struct geo_db	*db;
};

struct geo {
	struct geo_source *sources;	/* in the configuration's order */
	size_t		 count;
	/* By kind: how many conf names, and how many could be opened. */
	size_t		 wanted[CONF_DATABASE_ANONYMOUS + 1];
	size_t		 opened[CONF_DATABASE_ANONYMOUS + 1];
};

#endif
