/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Enrolments. Each is a change that others are told of: an older copy of the
 * database has laptops in it that were revoked since. Beside the database lies
 * a mark that there were some.
 */
#include "policyd/store/store_enrolment.h"

#include <string.h>

#include "policyd/device/hwid_text.h"
#include "policyd/store/store_enrolment_parts.h"
#include "proto/result.h"

/* ---- states ------------------------------------------------------------- */

enum store_enrolment_state
store_enrolment_state(const struct store_enrolment *e, int64_t now_s, bool lost)
{
	if (e->key[0] == '\0')
		return STORE_ENROLMENT_NONE;
	if (e->revoked_s != STORE_NEVER_S)
		return STORE_ENROLMENT_REVOKED;
	if (lost)
		return STORE_ENROLMENT_UNCERTAIN;
	if (e->replaced_s <= now_s)
		return STORE_ENROLMENT_REPLACED;
	if (e->from_s > now_s)
		return STORE_ENROLMENT_PENDING;
	return STORE_ENROLMENT_ENROLLED;
}

const char *
store_enrolment_state_name(enum store_enrolment_state state)
{
	switch (state) {
	case STORE_ENROLMENT_ENROLLED:
		return "enrolled";
	case STORE_ENROLMENT_PENDING:
		return "pending";
	case STORE_ENROLMENT_REPLACED:
		return "replaced";
	case STORE_ENROLMENT_REVOKED:
		return "revoked";
	case STORE_ENROLMENT_UNCERTAIN:
		return "uncertain";
	case STORE_ENROLMENT_NONE:
		break;
	}
	return "none";
}

/* ---- rows --------------------------------------------------------------- */

static bool
is_key(const char *text)
{
	uint8_t key[CRYPTO_KEY_SIZE];

	return key_parse(KEY_DEVICE, text, key) == 0;
}

static bool
is_tag(const char *text)
{
	struct asset asset;
	const char *why;

	asset_init(&asset);
	return asset_set(&asset, "asset_tag", text, &why) == 0 &&
	    text[0] != '\0' && strcmp(asset.tag, text) == 0;
}

static bool
is_whole(const struct store_enrolment *e)
{
	return STORE_ENDS(e->key) && is_key(e->key) && STORE_ENDS(e->asset) &&
	    is_tag(e->asset) && e->from_s >= e->made_s;
}

void
store_column_digests(struct store_query *q, int n,
    struct hwid_digests *ret_digests)
{
	if (hwid_digests_parse(store_column_text_direct(q, n), ret_digests) !=
	    0)
		store_query_fail(q, FG_ERR_FORMAT);
}

/* In the order of ENROLMENT in store_sql_device.c. */
static void
read_enrolment(struct store_query *q, struct store_enrolment *e)
{
	memset(e, 0, sizeof(*e));
	STORE_COLUMN(q, 0, e->key);
	STORE_COLUMN(q, 1, e->asset);
	store_column_digests(q, 2, &e->digests);
	e->made_s = store_column_int(q, 3, INT64_MIN, INT64_MAX);
	e->from_s = store_column_int(q, 4, INT64_MIN, INT64_MAX);
	e->by_uid = (uint32_t)store_column_int(q, 5, 0, UINT32_MAX);
	e->by_loginuid = (uint32_t)store_column_int(q, 6, 0, UINT32_MAX);
	e->replaced_s = store_column_int(q, 7, INT64_MIN, INT64_MAX);
	e->revoked_s = store_column_int(q, 8, INT64_MIN, INT64_MAX);
	e->revoked_by_uid = (uint32_t)store_column_int(q, 9, 0, UINT32_MAX);
	e->revoked_by_loginuid =
	    (uint32_t)store_column_int(q, 10, 0, UINT32_MAX);
	STORE_COLUMN(q, 11, e->reason);
	if (!is_whole(e))
		store_query_fail(q, FG_ERR_FORMAT);
}

static int
insert(struct store *store, const struct store_enrolment *e)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_ENROLMENT_ADD);
	char ids[HWID_DIGESTS_SIZE];
	int r;

	if (hwid_digests_text(&e->digests, ids) != 0)
		return FG_ERR_FORMAT;
	store_bind_text(q, 1, e->key);
	store_bind_text(q, 2, e->asset);
	store_bind_text(q, 3, ids);
	store_bind_int(q, 4, e->made_s);
	store_bind_int(q, 5, e->from_s);
	store_bind_int(q, 6, e->by_uid);
	store_bind_int(q, 7, e->by_loginuid);
	if ((r = store_query_run(q)) != 0)
		return r;
	return store_db_changes(store->synced) == 1 ? 0 : FG_ERR_LIMIT;
}

/* ---- what was lost ------------------------------------------------------ */

int
store_enrolments_look(struct store *store, struct store_outline *outline)
{
	bool mark = store_file_remembers(&store->files, STORE_HAD_ENROLMENTS);
	bool known;
	int r;

	if ((r = store_query_any(store_query(store->db,
				     STORE_SQL_ENROLMENTS_ANY),
		 &outline->enrolments)) != 0 ||
	    (r = store_query_any(store_query(store->db,
				     STORE_SQL_ENROLMENTS_KNOWN),
		 &known)) != 0)
		return r;
	outline->enrolments_lost =
	    (mark && !known) || (outline->older && (mark || known));
	return 0;
}

/* The database is told first: there is no mark then that it does not know. */
static int
remember(struct store *store)
{
	int r;

	if ((r = store_query_run(store_query(store->synced,
		 STORE_SQL_ENROLMENTS_REMEMBER))) != 0)
		return r;
	return store_file_remember(&store->files, STORE_HAD_ENROLMENTS);
}

/* ---- changes ------------------------------------------------------------ */

/* What has become of others of the asset; within the transaction. */
static int
replace(struct store *store, const char *asset, int64_t now_s)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_ENROLMENTS_REPLACE);

	store_bind_text(q, 1, asset);
	store_bind_int(q, 2, now_s);
	return store_query_run(q);
}

static int
check_room(struct store *store, const char *asset)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_ENROLMENTS_COUNT);
	int64_t n = INT32_MAX;
	int r;

	store_bind_text(q, 1, asset);
	if (store_query_next(q) == 0)
		n = store_column_int(q, 0, 0, INT32_MAX);
	if ((r = store_query_end(q)) != 0)
		return r;
	return n < STORE_ENROLMENTS_EACH_MAX ? 0 : FG_ERR_LIMIT;
}

static int
add(struct store *store, const struct store_enrolment *e)
{
	struct clone seen = { .n = 0 };
	int r;

	(void)clone_see(&seen, &e->digests, e->made_s); /* the first one */
	if ((r = check_room(store, e->asset)) != 0 ||
	    (r = insert(store, e)) != 0 ||
	    (r = store_seen_put(store, e->key, &seen)) != 0)
		return r;
	return replace(store, e->asset, e->made_s);
}

int
store_enrolment_add(struct store *store, const struct store_enrolment *e)
{
	int r;

	if (!is_whole(e))
		return FG_ERR_FORMAT;
	if ((r = remember(store)) != 0 ||
	    (r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store, add(store, e));
}

/* The assets of which a key, or a tag, has enrolments: at most one. */
static int
take_asset(const struct store_enrolment *e, void *arg)
{
	memcpy(arg, e->asset, sizeof(e->asset));
	return 1;
}

/* One of store->synced: what the transaction itself reads. */
static int
each_of(struct store_db *db, const char *name, store_enrolment_fn fn, void *arg)
{
	struct store_query *q = store_query(db, STORE_SQL_ENROLMENTS_OF);
	struct store_enrolment e;

	store_bind_text(q, 1, name);
	while (store_query_next(q) == 0) {
		read_enrolment(q, &e);
		if (store_query_failed(q) || fn(&e, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_enrolments_count(struct store *store, int64_t now_s,
    struct store_enrolment_counts *ret_counts)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_ENROLMENTS_STATES);
	int r;

	memset(ret_counts, 0, sizeof(*ret_counts));
	store_bind_int(q, 1, now_s);
	if (store_query_next(q) == 0) {
		ret_counts->enrolled =
		    (size_t)store_column_int(q, 0, 0, INT32_MAX);
		ret_counts->pending =
		    (size_t)store_column_int(q, 1, 0, INT32_MAX);
		ret_counts->revoked =
		    (size_t)store_column_int(q, 2, 0, INT32_MAX);
	}
	if ((r = store_query_end(q)) != 0)
		memset(ret_counts, 0, sizeof(*ret_counts));
	return r;
}

/* FG_ERR_NOT_FOUND: it has changed no row. */
static int
run_change(struct store *store, struct store_query *q)
{
	int r = store_query_run(q);

	if (r != 0)
		return r;
	return store_db_changes(store->synced) > 0 ? 0 : FG_ERR_NOT_FOUND;
}

static int
revoke(struct store *store, const struct store_enrolment_end *end)
{
	char asset[ASSET_TAG_MAX + 1] = "";
	struct store_query *q;
	int r;

	if ((r = each_of(store->synced, end->name, take_asset, asset)) != 0)
		return r;
	q = store_query(store->synced, STORE_SQL_ENROLMENTS_REVOKE);
	store_bind_text(q, 1, end->name);
	store_bind_int(q, 2, end->at_s);
	store_bind_int(q, 3, end->by_uid);
	store_bind_int(q, 4, end->by_loginuid);
	store_bind_text(q, 5, end->reason);
	if ((r = run_change(store, q)) != 0)
		return r;
	return replace(store, asset, end->at_s);
}

int
store_enrolment_revoke(struct store *store,
    const struct store_enrolment_end *end)
{
	int r;

	if (strlen(end->reason) > STORE_REASON_MAX ||
	    end->at_s == STORE_NEVER_S)
		return FG_ERR_FORMAT;
	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store, revoke(store, end));
}

static int
take_out(struct store *store, const char *name, int64_t at_s)
{
	char asset[ASSET_TAG_MAX + 1] = "";
	struct store_query *q;
	int r;

	/* A damaged row can be taken out all the same, by its own name. */
	r = each_of(store->synced, name, take_asset, asset);
	if (r != 0 && r != FG_ERR_FORMAT)
		return r;
	q = store_query(store->synced, STORE_SQL_SEEN_REMOVE_ALL);
	store_bind_text(q, 1, name);
	if ((r = store_query_run(q)) != 0)
		return r;
	q = store_query(store->synced, STORE_SQL_ENROLMENTS_REMOVE);
	store_bind_text(q, 1, name);
	if ((r = run_change(store, q)) != 0)
		return r;
	return replace(store, asset, at_s);
}

int
store_enrolment_remove(struct store *store, const char *name, int64_t at_s)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	return store_change_end(store, take_out(store, name, at_s));
}

/* ---- reading ------------------------------------------------------------ */

int
store_enrolment_find(struct store *store, const char *key, int64_t now_s,
    struct store_enrolment *ret_e, enum store_enrolment_state *ret_state)
{
	struct store_query *q;
	struct store_outline outline;
	int found, r;

	memset(ret_e, 0, sizeof(*ret_e));
	*ret_state = STORE_ENROLMENT_NONE;
	if ((r = store_outline(store, &outline)) != 0)
		return r;
	q = store_query(store->db, STORE_SQL_ENROLMENT_OF);
	store_bind_text(q, 1, key);
	if ((found = store_query_next(q)) == 0)
		read_enrolment(q, ret_e);
	if ((r = store_query_found(q, found)) != 0) {
		memset(ret_e, 0, sizeof(*ret_e));
		return r;
	}
	*ret_state =
	    store_enrolment_state(ret_e, now_s, outline.enrolments_lost);
	return 0;
}

int
store_enrolments_of(struct store *store, const char *name,
    store_enrolment_fn fn, void *arg)
{
	return each_of(store->db, name, fn, arg);
}

int
store_enrolments_each(struct store *store, store_enrolment_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_ENROLMENTS);
	struct store_enrolment e;

	while (store_query_next(q) == 0) {
		read_enrolment(q, &e);
		if (store_query_failed(q) || fn(&e, arg) != 0)
			break;
	}
	return store_query_end(q);
}
