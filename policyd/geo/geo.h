/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The geo databases of one configuration. gather_geo.c is the only file that
 * knows libmaxminddb. It reads verified copies (copy.h), so that truncating or
 * overwriting an original can neither crash the daemon nor change its answers;
 * and it is asked only for fixed paths.
 */
#ifndef FG_GEO_H
#define FG_GEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/conf.h"
#include "policyd/facts.h"

#define GEO_TYPE_MAX	63u

struct geo;

enum geo_schema {
	GEO_SCHEMA_NONE = 0,
	GEO_SCHEMA_NESTED,	/* country.iso_code: MaxMind's */
	GEO_SCHEMA_FLAT		/* country_code: ip-location-db's */
};

/* Where copies are kept, and whether to make them now; see geo_copy_open(). */
struct geo_from {
	const char	*folder;
	bool		 wait;
};

/* What is known of one database, for status and audit. */
struct geo_info {
	const char	*path;		/* borrowed from the conf */
	char		 type[GEO_TYPE_MAX + 1]; /* the file's database_type */
	uint64_t	 build_s;	/* build_epoch */
	enum geo_schema	 schema;
	unsigned int	 ip_version;	/* 4 or 6 */
	char		 hash[CONF_HASH_SIZE];	/* of the file's bytes */
};

/*
 * Open every database that conf names. A file that is missing or unreadable is
 * not an error of the configuration: it is reported in errors, and the place
 * of every address becomes FACT_ERROR (geo.unknown:no_database). A file that
 * is there but is no usable country database (wrong type, unknown schema,
 * corrupt) is reported in errors too, with what was found in it.
 * from NULL: the copies are in memory.
 * Returns 0 (also then), FG_ERR_NOMEM, or FG_ERR_BUSY if a copy has to be made
 * first and from->wait is false.
 */
int	geo_open(const struct conf *conf, const struct geo_from *from,
	    struct geo **ret_geo, struct conf_errors *errors);
void	geo_free(struct geo *geo);

/* Databases that could be opened; their info, borrowed from geo. */
size_t			 geo_count(const struct geo *geo);
const struct geo_info	*geo_info(const struct geo *geo, size_t i);

/*
 * Look up the country of a public address (for NAT64 and 6to4 the caller
 * gives the embedded one). The place's state becomes KNOWN, UNKNOWN (no
 * record, or no country in it) or ERROR (no database, or one could not be
 * used and no other one knows).
 */
void	gather_geo(const struct geo *geo, const struct addr *addr,
	    struct fact_place *ret_place);

#endif
