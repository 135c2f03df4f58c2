/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The paths of every field that vendors are known to have. A schema is where
 * the records have their values, not what a file's name or type says.
 */
#include "policyd/geo/geo_schema.h"

#include <string.h>

#include "proto/result.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

#define NESTED	GEO_SCHEMA_NESTED
#define FLAT	GEO_SCHEMA_FLAT
#define STRINGS GEO_SCHEMA_STRINGS

/* parent is the map that the path starts in; NULL: the record itself. */
struct geo_path {
	enum geo_field field;
	enum geo_schema schema;
	const char *parent;
	const char *path[3];
};

/*
 * The first that a database has is taken. There is no fallback to
 * registered_country: it says where a block of addresses was registered,
 * which is not where somebody sits.
 */
static const struct geo_path known[] = {
	{ GEO_FIELD_COUNTRY, NESTED, "country", { "iso_code" } },
	{ GEO_FIELD_COUNTRY, FLAT, NULL, { "country_code" } },
	{ GEO_FIELD_COUNTRY, STRINGS, NULL, { "country" } },
	{ GEO_FIELD_CITY, NESTED, "city", { "names", "en" } },
	{ GEO_FIELD_CITY, FLAT, NULL, { "city" } },
	{ GEO_FIELD_CITY, STRINGS, NULL, { "city" } },
	{ GEO_FIELD_LATITUDE, NESTED, "location", { "latitude" } },
	{ GEO_FIELD_LATITUDE, FLAT, NULL, { "latitude" } },
	{ GEO_FIELD_LATITUDE, STRINGS, NULL, { "lat" } },
	{ GEO_FIELD_LONGITUDE, NESTED, "location", { "longitude" } },
	{ GEO_FIELD_LONGITUDE, FLAT, NULL, { "longitude" } },
	{ GEO_FIELD_LONGITUDE, STRINGS, NULL, { "lng" } },
	{ GEO_FIELD_LONGITUDE, STRINGS, NULL, { "lon" } },
	{ GEO_FIELD_RADIUS, NESTED, "location", { "accuracy_radius" } },
	{ GEO_FIELD_RADIUS, FLAT, NULL, { "accuracy_radius" } },
	{ GEO_FIELD_RADIUS, STRINGS, NULL, { "radius" } },
	{ GEO_FIELD_ASN, FLAT, NULL, { "autonomous_system_number" } },
	{ GEO_FIELD_ASN, STRINGS, NULL, { "asn" } },
	{ GEO_FIELD_ASN, NESTED, "traits", { "autonomous_system_number" } },
	{ GEO_FIELD_ORG, FLAT, NULL, { "autonomous_system_organization" } },
	{ GEO_FIELD_ORG, STRINGS, NULL, { "as_name" } },
	{ GEO_FIELD_ORG, STRINGS, NULL, { "name" } },
	{ GEO_FIELD_ORG, NESTED, "traits",
	    { "autonomous_system_organization" } },
	{ GEO_FIELD_ANY, FLAT, NULL, { "is_anonymous" } },
	{ GEO_FIELD_ANY, STRINGS, NULL, { "relay" } },
	{ GEO_FIELD_VPN, FLAT, NULL, { "is_anonymous_vpn" } },
	{ GEO_FIELD_VPN, STRINGS, NULL, { "vpn" } },
	{ GEO_FIELD_PROXY, FLAT, NULL, { "is_public_proxy" } },
	{ GEO_FIELD_PROXY, STRINGS, NULL, { "proxy" } },
	{ GEO_FIELD_RESIDENTIAL, FLAT, NULL, { "is_residential_proxy" } },
	{ GEO_FIELD_TOR, FLAT, NULL, { "is_tor_exit_node" } },
	{ GEO_FIELD_TOR, STRINGS, NULL, { "tor" } },
	{ GEO_FIELD_HOSTING, FLAT, NULL, { "is_hosting_provider" } },
	{ GEO_FIELD_HOSTING, STRINGS, NULL, { "hosting" } },
	{ GEO_FIELD_PROVIDER, FLAT, NULL, { "provider_name" } },
	{ GEO_FIELD_PROVIDER, STRINGS, NULL, { "service" } },
	{ GEO_FIELD_CONFIDENCE, FLAT, NULL, { "anonymizer_confidence" } },
	{ GEO_FIELD_SEEN, FLAT, NULL, { "network_last_seen" } },
	{ GEO_FIELD_SEEN, STRINGS, NULL, { "last_seen" } },
};

/* What a kind of database gives; of an anonymous one any flag is enough. */
struct kind {
	enum geo_field first;
	enum geo_field last;
	enum geo_field needed_first;
	enum geo_field needed_last;
	bool all;
	const char *needs;
};

static const struct kind kinds[] = {
	[CONF_DATABASE_COUNTRY] = { GEO_FIELD_COUNTRY, GEO_FIELD_COUNTRY,
	    GEO_FIELD_COUNTRY, GEO_FIELD_COUNTRY, true,
	    "country.iso_code, country_code or country" },
	[CONF_DATABASE_CITY] = { GEO_FIELD_COUNTRY, GEO_FIELD_RADIUS,
	    GEO_FIELD_LATITUDE, GEO_FIELD_LONGITUDE, true,
	    "location.latitude and location.longitude, latitude and "
	    "longitude, or lat and lng" },
	[CONF_DATABASE_ASN] = { GEO_FIELD_ASN, GEO_FIELD_ORG, GEO_FIELD_ASN,
	    GEO_FIELD_ASN, true, "autonomous_system_number or asn" },
	[CONF_DATABASE_ANONYMOUS] = { GEO_FIELD_ANY, GEO_FIELD_SEEN,
	    GEO_FIELD_ANY, GEO_FIELD_HOSTING, false,
	    "is_anonymous, is_anonymous_vpn, is_hosting_provider, or vpn, "
	    "proxy, tor, hosting" },
};

const char *
geo_schema_needs(enum conf_database_kind kind)
{
	return kinds[kind].needs;
}

const char *
geo_schema_name(enum geo_schema schema)
{
	switch (schema) {
	case GEO_SCHEMA_NONE:
		break;
	case GEO_SCHEMA_NESTED:
		return "nested";
	case GEO_SCHEMA_FLAT:
		return "flat";
	case GEO_SCHEMA_STRINGS:
		return "strings";
	}
	return "none";
}

static int
follow(struct geo_record *rec, const struct geo_path *path,
    struct geo_value *ret_value)
{
	const char *const up[] = { path->parent, NULL };
	uint32_t at = rec->at;
	int r;

	memset(ret_value, 0, sizeof(*ret_value));
	if (path->parent != NULL && rec->parent != path->parent) {
		if ((r = geo_db_get(rec->db, at, up, ret_value)) != 0)
			return r;
		if (ret_value->type != GEO_VALUE_MAP)
			return FG_ERR_NOT_FOUND;
		rec->parent = path->parent;
		rec->parent_at = ret_value->at;
	}
	if (path->parent != NULL)
		at = rec->parent_at;
	return geo_db_get(rec->db, at, path->path, ret_value);
}

int
geo_record_get(struct geo_record *record, enum geo_field field,
    struct geo_value *ret_value)
{
	const struct geo_path *path = record->paths->of[field];

	if (path == NULL) {
		memset(ret_value, 0, sizeof(*ret_value));
		return FG_ERR_NOT_FOUND;
	}
	return follow(record, path, ret_value);
}

/* Whether the value is one that the field may have. */
static bool
makes_sense(enum geo_field field, const struct geo_value *v)
{
	char country[3], text[8];
	double number;
	uint32_t asn;
	int64_t day;
	bool set;

	switch (field) {
	case GEO_FIELD_COUNTRY:
		return geo_value_country(v, country);
	case GEO_FIELD_CITY:
	case GEO_FIELD_ORG:
	case GEO_FIELD_PROVIDER:
		return geo_value_text(v, text, sizeof(text));
	case GEO_FIELD_LATITUDE:
	case GEO_FIELD_LONGITUDE:
	case GEO_FIELD_RADIUS:
	case GEO_FIELD_CONFIDENCE:
		return geo_value_number(v, &number);
	case GEO_FIELD_ASN:
		return geo_value_asn(v, &asn);
	case GEO_FIELD_ANY:
	case GEO_FIELD_VPN:
	case GEO_FIELD_PROXY:
	case GEO_FIELD_RESIDENTIAL:
	case GEO_FIELD_TOR:
	case GEO_FIELD_HOSTING:
		return geo_value_flag(v, &set);
	case GEO_FIELD_SEEN:
		return geo_value_day(v, &day);
	case GEO_FIELD_NONE:
	case GEO_FIELDS:
		break;
	}
	return false;
}

static bool
sample_has(const struct geo_db *db, const struct geo_layout *layout,
    const struct geo_path *path)
{
	struct geo_value v;
	size_t i;

	for (i = 0; i < layout->samples; i++) {
		struct geo_record rec = { .db = db, .at = layout->sample[i] };

		if (follow(&rec, path, &v) == 0 && makes_sense(path->field, &v))
			return true;
	}
	return false;
}

static const struct geo_path *
find_path(enum geo_field field, const struct geo_db *db,
    const struct geo_layout *layout)
{
	size_t i;

	for (i = 0; i < N_ELEMENTS(known); i++)
		if (known[i].field == field &&
		    sample_has(db, layout, &known[i]))
			return &known[i];
	return NULL;
}

/* A field that only a few records have need not be in the sample. */
static const struct geo_path *
usual_path(enum geo_field field, enum geo_schema schema)
{
	size_t i;

	for (i = 0; i < N_ELEMENTS(known); i++)
		if (known[i].field == field && known[i].schema == schema)
			return &known[i];
	return NULL;
}

static bool
find_needed(const struct kind *kind, const struct geo_db *db,
    const struct geo_layout *layout, struct geo_paths *paths)
{
	bool any = false, all = true;
	enum geo_field f;

	for (f = kind->needed_first; f <= kind->needed_last; f++) {
		paths->of[f] = find_path(f, db, layout);
		if (paths->of[f] == NULL) {
			all = false;
		} else if (!any) {
			any = true;
			paths->schema = paths->of[f]->schema;
		}
	}
	return kind->all ? all : any;
}

bool
geo_schema_find(enum conf_database_kind kind, const struct geo_db *db,
    const struct geo_layout *layout, struct geo_paths *ret_paths)
{
	const struct kind *k = &kinds[kind];
	enum geo_field f;

	memset(ret_paths, 0, sizeof(*ret_paths));
	if (!find_needed(k, db, layout, ret_paths)) {
		memset(ret_paths, 0, sizeof(*ret_paths));
		return false;
	}
	for (f = k->first; f <= k->last; f++) {
		if (ret_paths->of[f] == NULL)
			ret_paths->of[f] = find_path(f, db, layout);
		if (ret_paths->of[f] == NULL)
			ret_paths->of[f] = usual_path(f, ret_paths->schema);
	}
	return true;
}
