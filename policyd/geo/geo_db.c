/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Database files through libmaxminddb. What it opens is a verified copy of our
 * own (copy.c), never the file itself.
 */
#include "policyd/geo/geo_db.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <maxminddb.h>

#include "policyd/text.h"
#include "proto/result.h"

#define PROC_FD_SIZE 32u

#define BUILD_MAX_S UINT64_C(253402300799) /* 9999-12-31 */

struct geo_db {
	MMDB_s mmdb;
	struct geo_db_meta meta;
};

int
geo_db_open(const struct geo_copy *copy, struct geo_db **ret_db,
    const char **ret_why)
{
	char path[PROC_FD_SIZE];
	struct geo_db *db;
	int m;

	*ret_db = NULL;
	*ret_why = NULL;
	if ((db = calloc(1, sizeof(*db))) == NULL)
		return FG_ERR_NOMEM;
	(void)text_format(path, sizeof(path), "/proc/self/fd/%d", copy->fd);
	m = MMDB_open(path, MMDB_MODE_MMAP, &db->mmdb);
	if (m != MMDB_SUCCESS) {
		free(db);
		*ret_why = MMDB_strerror(m);
		return m == MMDB_OUT_OF_MEMORY_ERROR ? FG_ERR_NOMEM :
						       FG_ERR_FORMAT;
	}
	db->meta.type = db->mmdb.metadata.database_type;
	if (db->meta.type == NULL)
		db->meta.type = "";
	/* Seconds that a clock can reach; more is somebody's joke. */
	db->meta.build_s = db->mmdb.metadata.build_epoch > BUILD_MAX_S ?
	    BUILD_MAX_S :
	    db->mmdb.metadata.build_epoch;
	db->meta.ip_version = db->mmdb.metadata.ip_version;
	*ret_db = db;
	return 0;
}

void
geo_db_close(struct geo_db *db)
{
	if (db == NULL)
		return;
	MMDB_close(&db->mmdb);
	free(db);
}

const struct geo_db_meta *
geo_db_meta(const struct geo_db *db)
{
	return &db->meta;
}

int
geo_db_find(const struct geo_db *db, const struct addr *addr, uint32_t *ret_at)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	const struct sockaddr *sa = (const struct sockaddr *)&sin6;
	MMDB_lookup_result_s res;
	int e = MMDB_SUCCESS;

	*ret_at = 0;
	if (addr_is_v4(addr)) {
		memcpy(&sin.sin_addr, addr->b + 12, sizeof(sin.sin_addr));
		sa = (const struct sockaddr *)&sin;
	} else if (db->meta.ip_version == 4) {
		/* The library would call it an error. */
		return FG_ERR_NOT_FOUND;
	} else {
		memcpy(&sin6.sin6_addr, addr->b, sizeof(sin6.sin6_addr));
	}
	res = MMDB_lookup_sockaddr(&db->mmdb, sa, &e);
	if (e != MMDB_SUCCESS)
		return FG_ERR_FORMAT;
	if (!res.found_entry)
		return FG_ERR_NOT_FOUND;
	*ret_at = res.entry.offset;
	return 0;
}

/* The library's numbers, of which no one says whether it can be trusted. */
static void
take_value(const MMDB_entry_data_s *d, struct geo_value *v)
{
	v->type = GEO_VALUE_NUMBER;
	if (d->type == MMDB_DATA_TYPE_DOUBLE) {
		v->number = d->double_value;
	} else if (d->type == MMDB_DATA_TYPE_FLOAT) {
		v->number = (double)d->float_value;
	} else if (d->type == MMDB_DATA_TYPE_UINT16) {
		v->number = d->uint16;
	} else if (d->type == MMDB_DATA_TYPE_UINT32) {
		v->number = d->uint32;
	} else if (d->type == MMDB_DATA_TYPE_INT32) {
		v->number = d->int32;
	} else if (d->type == MMDB_DATA_TYPE_UINT64) {
		v->number = (double)d->uint64;
	} else if (d->type == MMDB_DATA_TYPE_BOOLEAN) {
		v->type = GEO_VALUE_BOOL;
		v->number = d->boolean ? 1 : 0;
	} else if (d->type == MMDB_DATA_TYPE_UTF8_STRING) {
		v->type = GEO_VALUE_TEXT;
		v->text = d->utf8_string;
		v->len = d->data_size;
	} else if (d->type == MMDB_DATA_TYPE_MAP) {
		v->type = GEO_VALUE_MAP;
		v->at = d->offset;
	} else {
		v->type = GEO_VALUE_OTHER;
	}
}

int
geo_db_get(const struct geo_db *db, uint32_t at, const char *const *path,
    struct geo_value *ret_value)
{
	MMDB_entry_s entry = { &db->mmdb, at };
	MMDB_entry_data_s d;
	int r;

	memset(ret_value, 0, sizeof(*ret_value));
	r = MMDB_aget_value(&entry, &d, path);
	if (r == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
		return FG_ERR_NOT_FOUND;
	if (r != MMDB_SUCCESS)
		return FG_ERR_FORMAT;
	if (!d.has_data)
		return FG_ERR_NOT_FOUND;
	take_value(&d, ret_value);
	return 0;
}
