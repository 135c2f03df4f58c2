/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens the databases of a configuration and holds each against its kind. A
 * file in the wrong place must not pass for one that knows nothing.
 */
#include "policyd/geo/geo.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/geo/copy.h"
#include "policyd/geo/geo_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define MEMBERS_SIZE 256u

/* An AS database's country is that of the holder, and no place at all. */
static bool
is_as_database(const char *type)
{
	return (strcasestr(type, "asn") != NULL ||
		   strcasestr(type, "isp") != NULL) &&
	    strcasestr(type, "country") == NULL &&
	    strcasestr(type, "city") == NULL;
}

/* Static; the kind that the file would be good for, or none. */
static const char *
find_other_kind(const struct geo_source *s, const struct geo_copy *copy)
{
	static const enum conf_database_kind order[] = { CONF_DATABASE_CITY,
		CONF_DATABASE_ASN, CONF_DATABASE_ANONYMOUS,
		CONF_DATABASE_COUNTRY };
	struct geo_paths paths;
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] != s->info.kind &&
		    geo_schema_find(order[i], s->db, &copy->layout, &paths))
			return conf_database_kind_name(order[i]);
	return NULL;
}

/* As it is in the file: errors are escaped where they are printed. */
static void
report_other(const struct geo_source *s, const struct geo_copy *copy,
    bool holders, struct conf_errors *errors)
{
	const char *kind = conf_database_kind_name(s->info.kind);
	const char *type = geo_db_meta(s->db)->type;
	const char *other = find_other_kind(s, copy);
	char members[MEMBERS_SIZE];

	geo_members(copy->data, copy->len, &copy->layout, members,
	    sizeof(members));
	conf_errors_add(errors, s->info.path, 0,
	    "is no %s database: its type is \"%.*s\", its records have %s%s%s; "
	    "%s%s%s",
	    kind, (int)GEO_TYPE_MAX, type,
	    members[0] != '\0' ? members : "no members",
	    holders ? "" : " and not ",
	    holders ? ", its countries are those of the networks' holders" :
		      geo_schema_needs(s->info.kind),
	    other != NULL ? "name it as database " : "use a database that has ",
	    other != NULL ? other : "them",
	    other != NULL ? ", or another file here" : "");
}

/* Returns 0 or FG_ERR_CONFIG. */
static int
describe(struct geo_source *s, const struct geo_copy *copy,
    struct conf_errors *errors)
{
	const struct geo_db_meta *meta = geo_db_meta(s->db);
	bool fits, holders;

	s->info.build_s = meta->build_s;
	s->info.ip_version = meta->ip_version;
	s->info.len = copy->len;
	(void)text_escape(s->info.type, sizeof(s->info.type), meta->type);
	memcpy(s->info.hash, copy->hash, sizeof(s->info.hash));
	fits = geo_schema_find(s->info.kind, s->db, &copy->layout, &s->paths);
	holders = fits && s->info.kind == CONF_DATABASE_COUNTRY &&
	    is_as_database(s->info.type);
	s->info.schema = s->paths.schema;
	if (fits && !holders)
		return 0;
	report_other(s, copy, holders, errors);
	return FG_ERR_CONFIG;
}

/* Fill in s; on error there is nothing in it to free. */
static int
source_open(struct geo_source *s, const struct geo_from *from,
    struct conf_errors *errors)
{
	struct geo_copy copy;
	const char *why;
	int r;

	r = geo_copy_open(s->info.path, from->folder, from->wait, &copy,
	    errors);
	if (r != 0)
		return r;
	r = geo_db_open(&copy, &s->db, &why);
	if (r == FG_ERR_FORMAT) {
		conf_errors_add(errors, s->info.path, 0,
		    "cannot be used: %s; use a database in MaxMind DB format",
		    why);
		r = FG_ERR_CONFIG;
	} else if (r == 0 && (r = describe(s, &copy, errors)) != 0) {
		geo_db_close(s->db);
	}
	geo_copy_close(&copy);
	return r;
}

/* Returns 0, FG_ERR_NOMEM or FG_ERR_BUSY. */
static int
open_all(struct geo *geo, const struct conf *conf, const struct geo_from *from,
    struct conf_errors *errors)
{
	const struct conf_database *db;
	struct geo_source *s;
	size_t i;
	int r;

	for (i = 0; i < conf->ndatabases; i++) {
		db = &conf->databases[i];
		if (db->kind == CONF_DATABASE_NONE)
			continue;
		s = &geo->sources[geo->count];
		memset(s, 0, sizeof(*s));
		s->info.path = db->path;
		s->info.kind = db->kind;
		s->info.index = i;
		geo->wanted[db->kind]++;
		r = source_open(s, from, errors);
		if (r == FG_ERR_NOMEM || r == FG_ERR_BUSY)
			return r;
		if (r != 0)
			continue;
		geo->opened[db->kind]++;
		geo->count++;
	}
	return 0;
}

int
geo_open(const struct conf *conf, const struct geo_from *from,
    struct geo **ret_geo, struct conf_errors *errors)
{
	static const struct geo_from memory = { .folder = NULL, .wait = true };
	struct geo *geo;
	int r = FG_ERR_NOMEM;

	*ret_geo = NULL;
	if ((geo = calloc(1, sizeof(*geo))) == NULL)
		return FG_ERR_NOMEM;
	if (conf->ndatabases > 0 &&
	    (geo->sources = calloc(conf->ndatabases, sizeof(*geo->sources))) ==
		NULL)
		goto out;
	r = open_all(geo, conf, from != NULL ? from : &memory, errors);
	if (r != 0)
		goto out;
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
		geo_db_close(geo->sources[i].db);
	free(geo->sources);
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
	return i < geo->count ? &geo->sources[i].info : NULL;
}
