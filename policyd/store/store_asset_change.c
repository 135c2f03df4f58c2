/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an import of assets would change, and which fields of each.
 */
#include <string.h>

#include "policyd/store/store_asset_parts.h"
#include "policyd/store/store_sides.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FIELDS_SIZE 256u /* the names of all of them */

/* A place that is a city has the same text, and its point from elsewhere. */
static bool
point_differs(const struct asset *a, const struct asset *b, const char *field)
{
	if (strcmp(field, "location") == 0)
		return memcmp(&a->location, &b->location,
			   sizeof(a->location)) != 0;
	if (strcmp(field, "shipped_to") == 0)
		return memcmp(&a->shipped_to, &b->shipped_to,
			   sizeof(a->shipped_to)) != 0;
	return false;
}

static bool
differs(const struct asset *a, const struct asset *b, const char *field)
{
	char x[ASSET_FIELD_MAX], y[ASSET_FIELD_MAX];

	return strcmp(asset_get(a, field, x), asset_get(b, field, y)) != 0 ||
	    point_differs(a, b, field);
}

static void
name_fields(const struct asset *old, const struct asset *new,
    char ret_fields[FIELDS_SIZE])
{
	size_t i, len = 0;

	for (i = 0; asset_fields[i] != NULL; i++) {
		if (!differs(old, new, asset_fields[i]))
			continue;
		(void)text_format(ret_fields + len, FIELDS_SIZE - len, "%s%s",
		    len > 0 ? " " : "", asset_fields[i]); /* all of them fit */
		len += strlen(ret_fields + len);
	}
}

struct telling {
	store_asset_change_fn fn;
	void *arg;
};

static void
read_asset(struct store_query *q, void *ret_row)
{
	store_asset_row_read(q, ret_row);
}

static int
tell(char change, const struct store_side *old, const struct store_side *new,
    void *arg)
{
	const struct telling *telling = arg;
	char fields[FIELDS_SIZE] = "";
	struct store_asset_change told = { .what = change,
		.tag = change == 'A' ? new->name : old->name,
		.fields = fields };

	if (change == 'C' && old->whole && new->whole) {
		told.old = old->row;
		told.new = new->row;
		name_fields(told.old, told.new, fields);
	}
	return telling->fn(&told, telling->arg);
}

_Static_assert(ASSET_TAG_MAX <= FG_USER_MAX, "a side has room for a tag");

int
store_asset_import_changes(struct store_asset_import *import,
    store_asset_change_fn fn, void *arg)
{
	struct asset old, new;
	struct telling telling = { .fn = fn, .arg = arg };
	struct store_sides sides = { .sql = STORE_SQL_ASSETS,
		.name_column = STORE_ASSET_COLUMNS,
		.name_size = ASSET_TAG_MAX + 1,
		.row_size = sizeof(struct asset),
		.read = read_asset,
		.tell = tell,
		.old.row = &old,
		.new.row = &new };

	if (import->failed != 0)
		return import->failed;
	return store_sides_compare(&sides, import->store->db, import->stage,
	    &telling);
}
