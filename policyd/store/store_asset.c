/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading assets of the generation in force. It is found by the statement that
 * reads, so that an import that switches meanwhile gives the old asset or the
 * new one, and nothing in between. A name that leads to an asset which does not
 * have it is damage: whose device key it is must not be taken from a wrong row.
 */
#include <string.h>

#include "policyd/store/store_asset_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

int
store_assets_count(struct store *store, size_t *ret_n)
{
	struct store_query *q = store_query(store->db, STORE_SQL_ASSETS_COUNT);
	int r;

	*ret_n = 0;
	if (store_query_next(q) == 0)
		*ret_n = (size_t)store_column_int(q, 0, 0, INT32_MAX);
	if ((r = store_query_end(q)) != 0)
		*ret_n = 0;
	return r;
}

int
store_assets_generation(struct store *store, uint64_t *ret_generation,
    int64_t *ret_at_s)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_ASSETS_GENERATION);
	uint64_t generation = 0;
	int64_t at_s = 0;
	int r, found;

	*ret_generation = 0;
	*ret_at_s = 0;
	if ((found = store_query_next(q)) == 0) {
		generation = (uint64_t)store_column_int(q, 0, 1, INT64_MAX);
		at_s = store_column_int(q, 1, INT64_MIN, INT64_MAX);
	}
	if ((r = store_query_found(q, found)) != 0)
		return r;
	*ret_generation = generation;
	*ret_at_s = at_s;
	return 0;
}

/* ---- what was lost ----------------------------------------------------- */

/*
 * The mark is looked at first: whoever leaves it has told the database before,
 * and so none is missed for a moment while a first import comes into force.
 */
int
store_assets_have_lost(struct store *store, bool *ret_lost)
{
	bool mark = store_file_remembers(&store->files, STORE_HAD_ASSETS);
	bool known;
	int r;

	*ret_lost = false;
	if (!mark)
		return 0;
	if ((r = store_query_any(store_query(store->db, STORE_SQL_ASSETS_KNOWN),
		 &known)) == 0)
		*ret_lost = !known;
	return r;
}

int
store_assets_look(struct store *store, struct store_outline *outline)
{
	size_t n;
	int r;

	if ((r = store_assets_count(store, &n)) != 0 ||
	    (r = store_assets_have_lost(store, &outline->assets_lost)) != 0)
		return r;
	outline->assets = n > 0;
	if (outline->older &&
	    (outline->assets ||
		store_file_remembers(&store->files, STORE_HAD_ASSETS)))
		outline->assets_lost = true;
	return 0;
}

/* ---- by a name --------------------------------------------------------- */

struct name {
	int kind;
	const char *text;
};

static int
is_name(int kind, const char *text, void *arg)
{
	const struct name *name = arg;

	return kind == name->kind && strcmp(text, name->text) == 0;
}

static void
bind_name(struct store_query *q, const struct name *name)
{
	store_bind_int(q, 1, name->kind);
	store_bind_text(q, 2, name->text);
}

/* The current row, which has to have the name by which it was found. */
static void
read_named(struct store_query *q, struct name *name, struct asset *ret_asset)
{
	store_asset_row_read(q, ret_asset);
	if (!store_query_failed(q) &&
	    store_asset_names(ret_asset, is_name, name) == 0)
		store_query_fail(q, FG_ERR_FORMAT);
}

/* By one that nobody else has: of two it is nobody's. */
static int
find(struct store *store, int kind, const char *text, struct asset *ret_asset)
{
	struct store_query *q = store_query(store->db, STORE_SQL_ASSET_BY_NAME);
	struct name name = { .kind = kind, .text = text };
	int r, found;

	bind_name(q, &name);
	if ((found = store_query_next(q)) == 0) {
		read_named(q, &name, ret_asset);
		if (store_query_next(q) == 0)
			store_query_fail(q, FG_ERR_FORMAT);
	}
	if ((r = store_query_found(q, found)) != 0)
		memset(ret_asset, 0, sizeof(*ret_asset)); /* of no status */
	return r;
}

int
store_asset_by_tag(struct store *store, const char *tag,
    struct asset *ret_asset)
{
	return find(store, STORE_ASSET_TAG, tag, ret_asset);
}

int
store_asset_by_device_key(struct store *store, const char *key,
    struct asset *ret_asset)
{
	return find(store, STORE_ASSET_DEVICE_KEY, key, ret_asset);
}

int
store_asset_alike(struct store *store, const char *tag,
    char ret_tag[ASSET_TAG_MAX + 1])
{
	struct store_query *q = store_query(store->db, STORE_SQL_ASSET_ALIKE);
	int r, found;

	store_bind_text(q, 1, tag);
	if ((found = store_query_next(q)) == 0)
		store_column_text(q, 0, ret_tag, ASSET_TAG_MAX + 1);
	if ((r = store_query_found(q, found)) != 0)
		ret_tag[0] = '\0';
	return r;
}

static int
find_all(struct store *store, struct name *name, store_asset_fn fn, void *arg)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_ASSETS_BY_NAME);
	struct asset asset;

	bind_name(q, name);
	while (store_query_next(q) == 0) {
		read_named(q, name, &asset);
		if (store_query_failed(q) || fn(&asset, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_assets_of_user(struct store *store, const char *user, store_asset_fn fn,
    void *arg)
{
	struct name name = { .kind = STORE_ASSET_USER, .text = user };

	return find_all(store, &name, fn, arg);
}

int
store_assets_of_key(struct store *store, const char *key, store_asset_fn fn,
    void *arg)
{
	struct name name = { .kind = STORE_ASSET_KEY, .text = key };

	return find_all(store, &name, fn, arg);
}

int
store_assets_of_hwid(struct store *store, const struct hwid *hwid,
    store_asset_fn fn, void *arg)
{
	struct name name = { .kind = STORE_ASSET_HWID + (int)hwid->kind,
		.text = hwid->text };

	return find_all(store, &name, fn, arg);
}

int
store_assets_each(struct store *store, store_asset_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_ASSETS);
	struct asset asset;

	while (store_query_next(q) == 0) {
		store_asset_row_read(q, &asset);
		if (store_query_failed(q) || fn(&asset, arg) != 0)
			break;
	}
	return store_query_end(q);
}

/* ---- where they were shipped to ---------------------------------------- */

#define SHIPPED_TAGS 8u /* that are named */

struct shipped {
	size_t n; /* looked at */
	char place[ASSET_PLACE_MAX + 1];
	char tags[SHIPPED_TAGS * (ASSET_TAG_MAX + 1)];
};

static int
take_shipped(const struct asset *asset, void *arg)
{
	struct shipped *s = arg;
	size_t len = strlen(s->tags);

	if (s->n == 0)
		memcpy(s->place, asset->shipped_to.text, sizeof(s->place));
	(void)text_format(s->tags + len, sizeof(s->tags) - len, "%s%s",
	    s->n > 0 ? " " : "", asset->tag); /* so many fit */
	return ++s->n == SHIPPED_TAGS;
}

/* The first person of each asset, and each of them once; q is bound. */
static int
take_count(struct store_query *q, size_t *ret_n)
{
	int r, found;

	*ret_n = 0;
	if ((found = store_query_next(q)) == 0) {
		*ret_n = (size_t)store_column_int(q, 0, 0, INT32_MAX);
		(void)store_column_int(q, 1, 0, 0); /* rows that are damaged */
	}
	if ((r = store_query_found(q, found)) != 0)
		*ret_n = 0;
	return r;
}

static int
count_users(struct store *store, const char *place, size_t *ret_n)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_ASSETS_SHIPPED_USERS);

	store_bind_text(q, 1, place);
	return take_count(q, ret_n);
}

int
store_assets_shipped_beside(struct store *store, const char *place,
    const char *user, size_t *ret_people)
{
	char name[ASSET_PLACE_MAX + 1];
	struct store_query *q;
	int r;

	*ret_people = 0;
	if ((r = store_asset_shipped_name(place, name)) != 0)
		return r;
	q = store_query(store->db, STORE_SQL_ASSETS_SHIPPED_BESIDE);
	store_bind_text(q, 1, name);
	store_bind_text(q, 2, user);
	return take_count(q, ret_people);
}

/* q is at a place. */
static int
tell_shipped(struct store *store, struct store_query *q, store_shipped_fn fn,
    void *arg, int *stop)
{
	struct name name = { .kind = STORE_ASSET_SHIPPED,
		.text = store_column_text_direct(q, 0) };
	size_t n = (size_t)store_column_int(q, 1, 1, INT32_MAX), users;
	struct shipped shipped = { .n = 0 };
	int r;

	if (store_query_failed(q))
		return 0; /* its end says why */
	if ((r = count_users(store, name.text, &users)) != 0 ||
	    (r = find_all(store, &name, take_shipped, &shipped)) != 0)
		return r;
	*stop = fn(shipped.place, n, users, shipped.tags, arg);
	return 0;
}

int
store_assets_shipped(struct store *store, size_t at_least, store_shipped_fn fn,
    void *arg)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_ASSETS_SHIPPED);
	int r = 0, s, stop = 0;

	store_bind_int(q, 1, at_least > INT32_MAX ? INT32_MAX : (int)at_least);
	while (r == 0 && stop == 0 && store_query_next(q) == 0)
		r = tell_shipped(store, q, fn, arg, &stop);
	s = store_query_end(q);
	return r != 0 ? r : s;
}
