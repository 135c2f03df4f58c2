/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a database keeps what. Three ways of vendors are known; which of them
 * a file has is seen once, in a sample of its records, and kept as one path a
 * field, so that a login walks no path in vain.
 */
#ifndef FG_GEO_SCHEMA_H
#define FG_GEO_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/conf.h"
#include "policyd/geo/geo_db.h"

enum geo_schema {
	GEO_SCHEMA_NONE = 0,
	GEO_SCHEMA_NESTED,	/* country.iso_code, location.latitude */
	GEO_SCHEMA_FLAT,	/* country_code, latitude; is_anonymous_vpn */
	GEO_SCHEMA_STRINGS	/* country, "lat"; vpn "true"; asn "AS1" */
};

enum geo_field {
	GEO_FIELD_NONE = 0,
	GEO_FIELD_COUNTRY,
	GEO_FIELD_CITY,
	GEO_FIELD_LATITUDE,
	GEO_FIELD_LONGITUDE,
	GEO_FIELD_RADIUS,
	GEO_FIELD_ASN,
	GEO_FIELD_ORG,
	GEO_FIELD_ANY,
	GEO_FIELD_VPN,
	GEO_FIELD_PROXY,
	GEO_FIELD_RESIDENTIAL,
	GEO_FIELD_TOR,
	GEO_FIELD_HOSTING,
	GEO_FIELD_PROVIDER,
	GEO_FIELD_CONFIDENCE,
	GEO_FIELD_SEEN,
	GEO_FIELDS
};

struct geo_path;		/* geo_schema.c's own */

struct geo_paths {
	enum geo_schema	 schema;
	/* NULL: this database does not have the field. */
	const struct geo_path *of[GEO_FIELDS];
};

/* A record found. The map last gone into is kept for the next field. */
struct geo_record {
	const struct geo_db *db;
	const struct geo_paths *paths;
	uint32_t	 at;
	const char	*parent;
	uint32_t	 parent_at;
};

/*
 * Find the paths of what a database of this kind has to give. Returns false if
 * no record in the sample has what the kind is about.
 */
bool	geo_schema_find(enum conf_database_kind kind, const struct geo_db *db,
	    const struct geo_layout *layout, struct geo_paths *ret_paths);

/* What the records of such a database must have, for people. Static. */
const char	*geo_schema_needs(enum conf_database_kind kind);

/* "nested", "flat", "strings"; "none". Static. */
const char	*geo_schema_name(enum geo_schema schema);

/*
 * Returns 0, FG_ERR_NOT_FOUND (the record, or the whole database, does not
 * have it) or FG_ERR_FORMAT.
 */
int	geo_record_get(struct geo_record *record, enum geo_field field,
	    struct geo_value *ret_value);

#endif
