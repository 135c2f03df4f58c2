/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One database file, through libmaxminddb: geo_db.c is the only file that
 * knows that library. It is asked for fixed paths and nothing else; the
 * library's listing and dumping functions follow pointers without a bound.
 */
#ifndef FG_GEO_DB_H
#define FG_GEO_DB_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/geo/copy.h"
#include "policyd/geo/geo_value.h"
#include "policyd/net/addr.h"

struct geo_db;

/* What a file says of itself, borrowed from the database. */
struct geo_db_meta {
	const char	*type;		/* database_type; "" if it has none */
	uint64_t	 build_s;
	unsigned int	 ip_version;	/* 4 or 6 */
};

/*
 * Open a verified copy, which may be closed afterwards.
 * Returns 0, FG_ERR_NOMEM, or FG_ERR_FORMAT and a static *ret_why for people.
 */
int	geo_db_open(const struct geo_copy *copy, struct geo_db **ret_db,
	    const char **ret_why);
void	geo_db_close(struct geo_db *db);

const struct geo_db_meta *geo_db_meta(const struct geo_db *db);

/*
 * The place in the file of the record for an address. A file for the other
 * family of addresses has none.
 * Returns 0, FG_ERR_NOT_FOUND, or FG_ERR_FORMAT (the library could not follow).
 */
int	geo_db_find(const struct geo_db *db, const struct addr *addr,
	    uint32_t *ret_at);

/*
 * The value under a NULL-terminated path, from the map at a place on. Texts
 * are borrowed from the database.
 * Returns 0, FG_ERR_NOT_FOUND (no such member) or FG_ERR_FORMAT.
 */
int	geo_db_get(const struct geo_db *db, uint32_t at,
	    const char *const *path, struct geo_value *ret_value);

#endif
