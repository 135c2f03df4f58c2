/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an import of assets would change: what is in force and what was
 * gathered, side by side in the order of the tags, one of each at a time.
 */
#include <string.h>

#include "policyd/store/store_asset_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FIELDS_SIZE 256u /* the names of all of them */

/* One of the two lists, and where it is. */
struct side {
	struct store_query *q;
	bool more; /* there is one, which follows */
	bool whole; /* the asset could be read */
	char tag[ASSET_TAG_MAX + 1];
	struct asset asset; /* read into zeroed memory */
};

static int
next_asset(struct side *side)
{
	int r = store_query_next(side->q);

	side->more = r == 0;
	if (r != 0)
		return r == FG_ERR_NOT_FOUND ? 0 : r;
	store_column_text(side->q, STORE_ASSET_COLUMNS, side->tag,
	    sizeof(side->tag));
	if (store_query_failed(side->q))
		return FG_ERR_FORMAT;
	/* What is damaged is what an import mends. */
	store_asset_row_read(side->q, &side->asset);
	side->whole = !store_query_failed(side->q);
	store_query_pass(side->q);
	return store_query_failed(side->q) ? FG_ERR_NOMEM : 0;
}

static bool
is_same(const struct side *a, const struct side *b)
{
	return a->whole && b->whole &&
	    memcmp(&a->asset, &b->asset, sizeof(a->asset)) == 0;
}

/* ---- what differs ------------------------------------------------------ */

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

static int
changed(const struct side *old, const struct side *new,
    store_asset_change_fn fn, void *arg)
{
	char fields[FIELDS_SIZE] = "";
	size_t i, len = 0;

	for (i = 0; old->whole && new->whole &&asset_fields[i] != NULL; i++) {
		if (!differs(&old->asset, &new->asset, asset_fields[i]))
			continue;
		(void)text_format(fields + len, sizeof(fields) - len, "%s%s",
		    len > 0 ? " " : "", asset_fields[i]); /* all of them fit */
		len += strlen(fields + len);
	}
	return fn('C', old->tag, fields, arg);
}

/* The two lists side by side. */
static int
compare(struct side *old, struct side *new, store_asset_change_fn fn, void *arg)
{
	int r, order, stop = 0;

	if ((r = next_asset(old)) != 0 || (r = next_asset(new)) != 0)
		return r;
	while (stop == 0 && (old->more || new->more)) {
		order = !new->more ? -1 :
		    !old->more	   ? 1 :
				     strcmp(old->tag, new->tag);
		if (order < 0)
			stop = fn('R', old->tag, "", arg);
		else if (order > 0)
			stop = fn('A', new->tag, "", arg);
		else if (!is_same(old, new))
			stop = changed(old, new, fn, arg);
		if (order <= 0 && (r = next_asset(old)) != 0)
			return r;
		if (order >= 0 && (r = next_asset(new)) != 0)
			return r;
	}
	return 0;
}

int
store_asset_import_changes(struct store_asset_import *import,
    store_asset_change_fn fn, void *arg)
{
	struct side old, new;
	int r, s;

	if (import->failed != 0)
		return import->failed;
	old.q = store_query(import->store->db, STORE_SQL_ASSETS);
	new.q = store_query(import->stage, STORE_SQL_ASSETS);
	r = compare(&old, &new, fn, arg);
	s = store_query_end(new.q);
	r = r != 0 ? r : s;
	s = store_query_end(old.q);
	return r != 0 ? r : s;
}
