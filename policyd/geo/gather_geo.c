/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Geo databases through libmaxminddb. A file is copied into sealed memory,
 * verified there, and only then opened; answers come from fixed paths. The
 * library's listing and dumping functions are not used: they follow pointers
 * without a bound.
 */
#include "policyd/geo/geo.h"

#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <maxminddb.h>

#include "policyd/conf/countries.h"
#include "policyd/crypto.h"
#include "policyd/geo/geo_verify.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COPY_CHUNK   65536u
#define PROC_FD_SIZE 32u
#define SEALS	     (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

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

/* A file on its way to becoming a database. */
struct geo_file {
	const char *path;
	int fd; /* memory file, sealed; -1: none */
	const uint8_t *data;
	size_t len;
	struct geo_layout layout;
};

/*
 * There is no fallback to registered_country: it says where a block of
 * addresses was registered, which is not where somebody sits.
 */
static const char *const path_nested[] = { "country", "iso_code", NULL };
static const char *const path_flat[] = { "country_code", NULL };

/* Returns 0, FG_ERR_SYSTEM, or FG_ERR_LIMIT if the file changed meanwhile. */
static int
copy_bytes(int from, int to, size_t len)
{
	char buf[COPY_CHUNK];
	size_t done = 0;
	ssize_t n, off, w;

	for (;;) {
		if ((n = read(from, buf, sizeof(buf))) == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return FG_ERR_SYSTEM;
		if (n == 0)
			return done == len ? 0 : FG_ERR_LIMIT;
		if ((size_t)n > len - done)
			return FG_ERR_LIMIT;
		for (off = 0; off < n; off += w)
			if ((w = write(to, buf + off, (size_t)(n - off))) == -1)
				return FG_ERR_SYSTEM;
		done += (size_t)n;
	}
}

static int
copy_sealed(int from, struct geo_file *f)
{
	void *map;
	int r;

	f->fd = memfd_create("farmgate-geo", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (f->fd == -1)
		return FG_ERR_SYSTEM;
	if ((r = copy_bytes(from, f->fd, f->len)) != 0)
		return r;
	if (fcntl(f->fd, F_ADD_SEALS, SEALS) == -1)
		return FG_ERR_SYSTEM;
	map = mmap(NULL, f->len, PROT_READ, MAP_SHARED, f->fd, 0);
	if (map == MAP_FAILED)
		return FG_ERR_SYSTEM;
	f->data = map;
	return 0;
}

static void
file_done(struct geo_file *f)
{
	void *map;

	if (f->data != NULL) {
		/* munmap wants a pointer that may be written through */
		memcpy(&map, &f->data, sizeof(map));
		(void)munmap(map, f->len);
	}
	if (f->fd != -1)
		(void)close(f->fd);
	f->data = NULL;
	f->fd = -1;
}

static void
report_open(const struct geo_file *f, int r, const char *why,
    struct conf_errors *errors)
{
	const char *text = why;

	if (r == FG_ERR_SYSTEM)
		text = strerror(errno);
	else if (text == NULL)
		text = fg_strerror(r);
	conf_errors_add(errors, f->path, 0,
	    "cannot be read: %s; put a country database there that is not "
	    "writable by others",
	    text);
}

/* Returns 0, FG_ERR_NOMEM, or FG_ERR_CONFIG with the reason in errors. */
static int
file_load(struct geo_file *f, struct conf_errors *errors)
{
	const char *why = NULL;
	int fd = -1, r;

	r = safeopen(f->path, GEO_FILE_MAX, 1, &fd, &f->len, &why);
	if (r == 0 && f->len == 0) {
		r = FG_ERR_FORMAT;
		why = "it is empty";
	} else if (r == 0) {
		r = copy_sealed(fd, f);
		if (r == FG_ERR_LIMIT)
			why = "it changed while it was read";
	}
	if (r != 0)
		report_open(f, r, why, errors);
	if (fd != -1)
		(void)close(fd);
	if (r != 0)
		return r == FG_ERR_NOMEM ? r : FG_ERR_CONFIG;

	if ((r = geo_verify(f->data, f->len, &f->layout, &why)) != 0) {
		if (r == FG_ERR_NOMEM)
			return r;
		conf_errors_add(errors, f->path, 0, "cannot be used: %s; " FIX,
		    why);
		return FG_ERR_CONFIG;
	}
	return 0;
}

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
db_describe(struct geo_db *db, const struct geo_file *f,
    struct conf_errors *errors)
{
	const MMDB_metadata_s *m = &db->mmdb.metadata;
	const char *type = m->database_type != NULL ? m->database_type : "";
	struct geo_info *info = &db->info;

	info->path = f->path;
	info->build_s = m->build_epoch;
	info->ip_version = m->ip_version;
	(void)text_escape(info->type, sizeof(info->type), type);
	crypto_sha256_hex(f->data, f->len, info->hash);
	info->schema = find_schema(&db->mmdb, &f->layout);
	if (info->schema != GEO_SCHEMA_NONE && !is_as_database(info->type))
		return 0;
	/* As it is in the file: errors are escaped where they are printed. */
	conf_errors_add(errors, f->path, 0,
	    "cannot be used: its type is \"%.*s\" and %s; " FIX,
	    (int)GEO_TYPE_MAX, type,
	    info->schema == GEO_SCHEMA_NONE ?
		"no record seen has country.iso_code or country_code" :
		"its countries are those of the networks' holders");
	return FG_ERR_CONFIG;
}

/* Fill in db; on error there is nothing in it to free. */
static int
db_open(struct geo_db *db, const struct conf_database *want,
    struct conf_errors *errors)
{
	struct geo_file f = { .path = want->path, .fd = -1 };
	char path[PROC_FD_SIZE];
	int r, m;

	memset(db, 0, sizeof(*db));
	if ((r = file_load(&f, errors)) != 0)
		goto out;
	(void)text_format(path, sizeof(path), "/proc/self/fd/%d", f.fd);
	if ((m = MMDB_open(path, MMDB_MODE_MMAP, &db->mmdb)) != MMDB_SUCCESS) {
		if (m == MMDB_OUT_OF_MEMORY_ERROR) {
			r = FG_ERR_NOMEM;
			goto out;
		}
		conf_errors_add(errors, f.path, 0, "cannot be used: %s; " FIX,
		    MMDB_strerror(m));
		r = FG_ERR_CONFIG;
		goto out;
	}
	if ((r = db_describe(db, &f, errors)) != 0)
		MMDB_close(&db->mmdb);
out:
	file_done(&f);
	return r;
}

int
geo_open(const struct conf *conf, struct geo **ret_geo,
    struct conf_errors *errors)
{
	struct geo *geo;
	size_t i;
	int r = 0;

	*ret_geo = NULL;
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
		r = db_open(db, &conf->databases[i], errors);
		if (r == FG_ERR_NOMEM)
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
