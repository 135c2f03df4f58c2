/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The geo databases of one configuration. They are verified copies (copy.h),
 * so that truncating or overwriting an original can neither crash the daemon
 * nor change its answers; and they are asked only for fixed paths.
 *
 * Databases of one kind are asked in the order of the configuration, until one
 * has what is looked for: so a vendor's two files for IPv4 and IPv6 are one
 * database.
 */
#ifndef FG_GEO_H
#define FG_GEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/conf.h"
#include "policyd/facts.h"
#include "policyd/geo/geo_schema.h"

#define GEO_TYPE_MAX	63u

struct geo;

/* Where copies are kept, and whether to make them now; see geo_copy_open(). */
struct geo_from {
	const char	*folder;
	bool		 wait;
};

/* What is known of one database, for status and audit. */
struct geo_info {
	const char	*path;		/* borrowed from the conf */
	enum conf_database_kind kind;
	size_t		 index;		/* into conf.databases */
	char		 type[GEO_TYPE_MAX + 1]; /* the file's database_type */
	uint64_t	 build_s;	/* build_epoch */
	enum geo_schema	 schema;
	unsigned int	 ip_version;	/* 4 or 6 */
	size_t		 len;		/* bytes */
	char		 hash[CONF_HASH_SIZE];	/* of the file's bytes */
};

/*
 * Open every database that conf names. A file that is missing or unreadable is
 * not an error of the configuration: it is reported in errors, and the place
 * of every address becomes FACT_ERROR (geo.unknown:no_database). A file that
 * is there but is no database of its kind (another kind's, unknown schema,
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

/* Those that are older at now_s than the max_age that conf has for them. */
void	geo_warn_old(const struct geo *geo, const struct conf *conf,
	    int64_t now_s, struct conf_errors *warnings);

/*
 * The address that databases are to be asked for: the one inside of NAT64 and
 * 6to4, else addr itself. Returns false if that is not a public one, of which
 * databases know nothing.
 */
bool	geo_address(const struct addr *addr, struct addr *ret_addr);

/*
 * The place of such an address. Country databases come first, then the
 * countries of city databases, which often are of another date; city and point
 * are always those of one city database. The state becomes KNOWN (a country),
 * UNKNOWN (no record, or no country in it) or ERROR (no database, or one could
 * not be used and no other one knows).
 */
void	geo_place(const struct geo *geo, const struct addr *addr,
	    struct fact_place *ret_place);

/*
 * The autonomous system, without the lists that have it. The state becomes
 * KNOWN, UNKNOWN, ERROR as above, or NONE if no such database is configured.
 */
void	geo_asn(const struct geo *geo, const struct addr *addr,
	    struct fact_asn *ret_asn);

/*
 * What the anonymous-IP databases have: of those with a record the first that
 * raises a flag, else the first. KNOWN means a record; ERROR that no flag was
 * seen and not all of them could be asked; UNKNOWN and NONE as of geo_asn().
 */
void	geo_anonymous(const struct geo *geo, const struct addr *addr,
	    struct fact_anonymous *ret_anonymous);

#endif
