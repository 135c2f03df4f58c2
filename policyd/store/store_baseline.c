/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The baseline of devices. Kinds are stored by their names, which are the
 * catalogue's words; numbers may change from version to version. Beside the
 * database lies a mark that there was one: when that database is moved aside,
 * nothing must be taken for a machine that never had a baseline.
 */
#include "policyd/store/store_baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

/* ---- kinds -------------------------------------------------------------- */

bool
store_is_device(enum entry_kind kind)
{
	return kind >= ENTRY_KEYBOARD && kind <= ENTRY_MONITOR;
}

enum entry_kind
store_device_kind(const char *name)
{
	enum entry_kind kind;

	for (kind = ENTRY_KEYBOARD; kind <= ENTRY_MONITOR; kind++)
		if (strcmp(entry_kind_name(kind), name) == 0)
			return kind;
	return ENTRY_NONE;
}

/* ---- rows --------------------------------------------------------------- */

static bool
is_whole(const struct store_device *d)
{
	return store_is_device(d->kind) && d->what[0] != '\0' &&
	    STORE_ENDS(d->what) && STORE_ENDS(d->seen);
}

/* In the order of DEVICE in store_sql.c. */
static void
read_device(struct store_query *q, struct store_device *d)
{
	memset(d, 0, sizeof(*d));
	STORE_COLUMN(q, 0, d->what);
	d->kind = store_device_kind(store_column_text_direct(q, 1));
	STORE_COLUMN(q, 2, d->seen);
	d->at_s = store_column_int(q, 3, INT64_MIN, INT64_MAX);
	d->by_uid = (uint32_t)store_column_int(q, 4, 0, UINT32_MAX);
	d->by_loginuid = (uint32_t)store_column_int(q, 5, 0, UINT32_MAX);
	if (d->what[0] == '\0')
		store_query_fail(q, FG_ERR_FORMAT);
}

static int
put_device(struct store *store, const struct store_device *d)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_DEVICE_PUT);

	store_bind_text(q, 1, d->what);
	store_bind_text(q, 2, entry_kind_name(d->kind));
	store_bind_text(q, 3, d->seen);
	store_bind_int(q, 4, d->at_s);
	store_bind_int(q, 5, d->by_uid);
	store_bind_int(q, 6, d->by_loginuid);
	return store_query_run(q);
}

static int
put_devices(struct store *store, const struct store_device *list, size_t n)
{
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < n; i++)
		r = is_whole(&list[i]) ? put_device(store, &list[i]) :
					 FG_ERR_FORMAT;
	return r;
}

static int
count_devices(struct store *store, size_t *ret_n)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_DEVICES_COUNT);

	*ret_n = 0;
	if (store_query_next(q) == 0)
		*ret_n = (size_t)store_column_int(q, 0, 0, INT32_MAX);
	return store_query_end(q);
}

static int
put_learned(struct store *store, const struct store_learned *learned)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_LEARNED_PUT);

	store_bind_int(q, 1, learned->at_s);
	store_bind_int(q, 2, learned->by_uid);
	store_bind_int(q, 3, learned->by_loginuid);
	store_bind_text(q, 4, learned->file);
	return store_query_run(q);
}

/* In the order of LEARNED in store_sql.c. */
static void
read_learned(struct store_query *q, struct store_learned *learned)
{
	learned->at_s = store_column_int(q, 0, INT64_MIN, INT64_MAX);
	learned->by_uid = (uint32_t)store_column_int(q, 1, 0, UINT32_MAX);
	learned->by_loginuid = (uint32_t)store_column_int(q, 2, 0, UINT32_MAX);
	STORE_COLUMN(q, 3, learned->file);
}

/* ---- changes ------------------------------------------------------------ */

/* It is in the database by now; a mark that cannot be made is missed only when
 * that is moved aside. */
static void
leave_mark(struct store *store)
{
	int saved = errno;

	(void)store_file_remember(&store->files, STORE_HAD_BASELINE);
	errno = saved;
}

static int
replace_all(struct store *store, const struct store_learned *learned,
    const struct store_device *list, size_t n)
{
	struct store_db *db = store->synced;
	size_t there;
	int r;

	if ((r = store_query_run(store_query(db, STORE_SQL_DEVICES_REMOVE))) !=
		0 ||
	    (r = put_devices(store, list, n)) != 0 ||
	    (r = put_learned(store, learned)) != 0 ||
	    (r = count_devices(store, &there)) != 0)
		return r;
	return there == n ? 0 : FG_ERR_FORMAT; /* one is there twice */
}

int
store_baseline_learn(struct store *store, const struct store_learned *learned,
    const struct store_device *list, size_t n)
{
	int r;

	if (n > STORE_DEVICES_MAX)
		return FG_ERR_LIMIT;
	if (!STORE_ENDS(learned->file))
		return FG_ERR_FORMAT;
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	r = store_change_end(store, replace_all(store, learned, list, n));
	if (r == 0)
		leave_mark(store);
	return r;
}

static int
add_all(struct store *store, const struct store_device *list, size_t n)
{
	struct store_learned learned;
	size_t there;
	int r;

	if ((r = store_baseline_learned(store, &learned)) != 0 ||
	    (r = put_devices(store, list, n)) != 0 ||
	    (r = count_devices(store, &there)) != 0)
		return r;
	return there <= STORE_DEVICES_MAX ? 0 : FG_ERR_LIMIT;
}

int
store_baseline_accept(struct store *store, const struct store_device *list,
    size_t n)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store, add_all(store, list, n));
}

/* ---- reading ------------------------------------------------------------ */

int
store_baseline_learned(struct store *store, struct store_learned *ret_learned)
{
	struct store_query *q = store_query(store->db, STORE_SQL_LEARNED);
	int found, r;

	memset(ret_learned, 0, sizeof(*ret_learned));
	if ((found = store_query_next(q)) == 0)
		read_learned(q, ret_learned);
	if ((r = store_query_found(q, found)) != 0)
		memset(ret_learned, 0, sizeof(*ret_learned));
	return r;
}

int
store_baseline_each(struct store *store, store_device_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_DEVICES);
	struct store_device d;

	while (store_query_next(q) == 0) {
		read_device(q, &d);
		if (store_query_failed(q) || fn(&d, arg) != 0)
			break;
	}
	return store_query_end(q);
}

/* ---- what a login needs ------------------------------------------------- */

/* More than there can be have another writer. */
static int
keep_device(const struct store_device *d, void *arg)
{
	struct store_baseline *b = arg;

	if (b->n == STORE_DEVICES_MAX)
		return 1;
	b->device[b->n].kind = d->kind;
	memcpy(b->device[b->n++].what, d->what, sizeof(d->what));
	return 0;
}

static int
load(struct store *store, struct store_baseline *b)
{
	struct store_learned learned;
	int r;

	memset(b, 0, sizeof(*b));
	r = store_baseline_learned(store, &learned);
	b->learned = r == 0;
	if (r == FG_ERR_NOT_FOUND) {
		b->lost =
		    store_file_remembers(&store->files, STORE_HAD_BASELINE);
		return 0;
	}
	return r != 0 ? r : store_baseline_each(store, keep_device, b);
}

/* The version is asked for first, as in store_outline(). */
int
store_baseline(struct store *store, const struct store_baseline **ret_baseline)
{
	struct store_baseline *b = store->baseline;
	int64_t version;
	int r;

	*ret_baseline = NULL;
	if ((r = store_data_version(store, &version)) != 0)
		return r;
	if (b == NULL || version != store->baseline_at) {
		free(b);
		if ((store->baseline = b = malloc(sizeof(*b))) == NULL)
			return FG_ERR_NOMEM;
		if ((r = load(store, b)) != 0) {
			free(b);
			store->baseline = NULL;
			return r;
		}
		store->baseline_at = version;
	}
	*ret_baseline = b;
	return 0;
}

bool
store_baseline_has(const struct store_baseline *b, enum entry_kind kind,
    const char *what)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->device[i].kind == kind &&
		    strcmp(b->device[i].what, what) == 0)
			return true;
	return false;
}
