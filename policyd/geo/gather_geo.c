/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Geo databases through libmaxminddb. What it opens is a verified copy of our
 * own (copy.c), never the file itself; answers come from fixed paths. The
 * library's listing and dumping functions are not used: they follow pointers
 * without a bound.
 */
#include "policyd/geo/geo.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <maxminddb.h>

#include "policyd/conf/countries.h"
#include "policyd/geo/copy.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PROC_FD_SIZE 32u

#define FIX "use a country or city database in MaxMind DB format"

struct geo_db {
	struct geo_info info;
	size_t index; /* into conf.databases */
	MMDB_s mmdb;
};

struct geo {
	struct geo_db *dbs;
	size_t count;
	size_t wanted; /* databases that conf names */
};

/*
 * There is no fallback to registered_country: it says where a block of
 * addresses was registered, which is not where somebody sits.
 */
static const char *const path_nested[] = { "country", "iso_code", NULL };
static const char *const path_flat[] = { "country_code", NULL };

/*
 * The two letters under path. Returns 0, FG_ERR_NOT_FOUND (no such member, or
 * not a country's code) or FG_ERR_FORMAT (the library could not follow).
 */
static int
get_country(const MMDB_entry_s *entry, const char *const *path,
    char ret_country[3])
{
	MMDB_entry_s e = *entry;
	MMDB_entry_data_s d;
	size_t i;
	int r;

	ret_country[0] = '\0';
	r = MMDB_aget_value(&e, &d, path);
	if (r == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
		return FG_ERR_NOT_FOUND;
	if (r != MMDB_SUCCESS)
		return FG_ERR_FORMAT;
	if (!d.has_data || d.type != MMDB_DATA_TYPE_UTF8_STRING ||
	    d.data_size != 2)
		return FG_ERR_NOT_FOUND;
	for (i = 0; i < 2; i++) {
		char c = d.utf8_string[i];

		ret_country[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
	}
	ret_country[2] = '\0';
	/* "EU", "AP" and "ZZ" occur, and are no countries. */
	if (country_is_known(ret_country))
		return 0;
	ret_country[0] = '\0';
	return FG_ERR_NOT_FOUND;
}

static const char *const *
schema_path(enum geo_schema schema)
{
	switch (schema) {
	case GEO_SCHEMA_NONE:
		break;
	case GEO_SCHEMA_NESTED:
		return path_nested;
	case GEO_SCHEMA_FLAT:
		return path_flat;
	}
	return NULL;
}

/* The schema is where the records have their country, not what a name says. */
static enum geo_schema
find_schema(MMDB_s *mmdb, const struct geo_layout *layout)
{
	enum geo_schema schema;
	char country[3];
	size_t i;

	for (i = 0; i < layout->samples; i++) {
		MMDB_entry_s e = { mmdb, layout->sample[i] };

		for (schema = GEO_SCHEMA_NESTED; schema <= GEO_SCHEMA_FLAT;
		     schema++)
			if (get_country(&e, schema_path(schema), country) == 0)
				return schema;
	}
	return GEO_SCHEMA_NONE;
}

/* An AS database's country is that of the holder, and no place at all. */
static bool
is_as_database(const char *type)
{
	return (strcasestr(type, "asn") != NULL ||
		   strcasestr(type, "isp") != NULL) &&
	    strcasestr(type, "country") == NULL &&
	    strcasestr(type, "city") == NULL;
}

static int
db_describe(struct geo_db *db, const char *path, const struct geo_copy *copy,
    struct conf_errors *errors)
{
	const MMDB_metadata_s *m = &db->mmdb.metadata;
	const char *type = m->database_type != NULL ? m->database_type : "";
	struct geo_info *info = &db->info;

	info->path = path;
	info->build_s = m->build_epoch;
	info->ip_version = m->ip_version;
	(void)text_escape(info->type, sizeof(info->type), type);
	memcpy(info->hash, copy->hash, sizeof(info->hash));
	info->schema = find_schema(&db->mmdb, &copy->layout);
	if (info->schema != GEO_SCHEMA_NONE && !is_as_database(info->type))
		return 0;
	/* As it is in the file: errors are escaped where they are printed. */
	conf_errors_add(errors, path, 0,
	    "cannot be used: its type is \"%.*s\" and %s; " FIX,
	    (int)GEO_TYPE_MAX, type,
	    info->schema == GEO_SCHEMA_NONE ?
		"no record seen has country.iso_code or country_code" :
		"its countries are those of the networks' holders");
	return FG_ERR_CONFIG;
}

/* Fill in db; on error there is nothing in it to free. */
static int
db_open(struct geo_db *db, const char *file, const struct geo_from *from,
    struct conf_errors *errors)
{
	struct geo_copy copy;
	char path[PROC_FD_SIZE];
	int r, m;

	memset(db, 0, sizeof(*db));
	r = geo_copy_open(file, from->folder, from->wait, &copy, errors);
	if (r != 0)
		return r;
	(void)text_format(path, sizeof(path), "/proc/self/fd/%d", copy.fd);
	if ((m = MMDB_open(path, MMDB_MODE_MMAP, &db->mmdb)) != MMDB_SUCCESS) {
		if (m == MMDB_OUT_OF_MEMORY_ERROR) {
			r = FG_ERR_NOMEM;
			goto out;
		}
		conf_errors_add(errors, file, 0, "cannot be used: %s; " FIX,
		    MMDB_strerror(m));
		r = FG_ERR_CONFIG;
		goto out;
	}
	if ((r = db_describe(db, file, &copy, errors)) != 0)
		MMDB_close(&db->mmdb);
out:
	geo_copy_close(&copy);
	return r;
}

int
geo_open(const struct conf *conf, const struct geo_from *from,
    struct geo **ret_geo, struct conf_errors *errors)
{
	const struct geo_from in_memory = { .wait = true };
	struct geo *geo;
	size_t i;
	int r = 0;

	*ret_geo = NULL;
	if (from == NULL)
		from = &in_memory;
	if ((geo = calloc(1, sizeof(*geo))) == NULL)
		return FG_ERR_NOMEM;
	if (conf->ndatabases > 0 &&
	    (geo->dbs = calloc(conf->ndatabases, sizeof(*geo->dbs))) == NULL) {
		r = FG_ERR_NOMEM;
		goto out;
	}
	for (i = 0; i < conf->ndatabases; i++) {
		struct geo_db *db = &geo->dbs[geo->count];

		if (conf->databases[i].kind != CONF_DATABASE_COUNTRY)
			continue;
		geo->wanted++;
		r = db_open(db, conf->databases[i].path, from, errors);
		if (r == FG_ERR_NOMEM || r == FG_ERR_BUSY)
			goto out;
		if (r != 0)
			continue;
		db->index = i;
		geo->count++;
	}
	r = 0;
	*ret_geo = geo;
	geo = NULL;
out:
	geo_free(geo);
	return r;
}

void
geo_free(struct geo *geo)
{
	size_t i;

	if (geo == NULL)
		return;
	for (i = 0; i < geo->count; i++)
		MMDB_close(&geo->dbs[i].mmdb);
	free(geo->dbs);
	free(geo);
}

size_t
geo_count(const struct geo *geo)
{
	return geo->count;
}

const struct geo_info *
geo_info(const struct geo *geo, size_t i)
{
	return i < geo->count ? &geo->dbs[i].info : NULL;
}

/* Returns 0, FG_ERR_NOT_FOUND or FG_ERR_FORMAT, as get_country(). */
static int
db_lookup(const struct geo_db *db, const struct addr *addr, char country[3])
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	const struct sockaddr *sa = (const struct sockaddr *)&sin6;
	MMDB_lookup_result_s res;
	int e = MMDB_SUCCESS;

	if (addr_is_v4(addr)) {
		memcpy(&sin.sin_addr, addr->b + 12, sizeof(sin.sin_addr));
		sa = (const struct sockaddr *)&sin;
	} else if (db->info.ip_version == 4) {
		return FG_ERR_NOT_FOUND;
	} else {
		memcpy(&sin6.sin6_addr, addr->b, sizeof(sin6.sin6_addr));
	}
	res = MMDB_lookup_sockaddr(&db->mmdb, sa, &e);
	if (e != MMDB_SUCCESS)
		return FG_ERR_FORMAT;
	if (!res.found_entry)
		return FG_ERR_NOT_FOUND;
	return get_country(&res.entry, schema_path(db->info.schema), country);
}

void
gather_geo(const struct geo *geo, const struct addr *addr,
    struct fact_place *ret_place)
{
	bool damaged = false;
	size_t i;
	int r;

	memset(ret_place, 0, sizeof(*ret_place));
	for (i = 0; i < geo->count; i++) {
		r = db_lookup(&geo->dbs[i], addr, ret_place->country);
		if (r == 0) {
			ret_place->state = FACT_KNOWN;
			ret_place->source = PLACE_FROM_DATABASE;
			ret_place->index = geo->dbs[i].index;
			return;
		}
		damaged = damaged || r != FG_ERR_NOT_FOUND;
	}
	ret_place->state = FACT_ERROR;
	if (geo->wanted == 0)
		ret_place->problem = "no country database is configured";
	else if (geo->count < geo->wanted)
		ret_place->problem = "a country database could not be opened";
	else if (damaged)
		ret_place->problem = "a country database is damaged";
	else {
		ret_place->state = FACT_UNKNOWN;
		ret_place->problem = "no database has a country for it";
	}
}
