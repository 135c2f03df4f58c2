/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What there is at all, remembered, so that a login does not look for people,
 * exceptions and revocations of which there are none. And the memory that
 * people had been told of, by an inventory or by a revocation, beside the
 * database that had it: when that one is moved aside, nobody must be taken for
 * unlisted, or for somebody who never lost access.
 */
#include <string.h>

#include "policyd/store/store_asset_parts.h"
#include "policyd/store/store_enrolment_parts.h"
#include "proto/result.h"

/* What this database knows of the memory beside it. */
enum memory {
	MEMORY_NONE = 0, /* nothing: it may be an older one's */
	MEMORY_OWN, /* it was made in its own time */
	MEMORY_LOST /* what an older one had is lost still */
};

static int
read_memory(struct store *store, enum memory *ret_memory)
{
	struct store_query *q = store_query(store->db, STORE_SQL_REMEMBERED);
	int r;

	*ret_memory = MEMORY_NONE;
	if (store_query_next(q) == 0)
		*ret_memory = (enum memory)store_column_int(q, 0, MEMORY_NONE,
		    MEMORY_LOST);
	if ((r = store_query_end(q)) != 0)
		*ret_memory = MEMORY_NONE;
	return r;
}

/* ---- what there is ----------------------------------------------------- */

static int
any_revocation(const struct store_revocation *r, void *arg)
{
	(void)r;
	*(bool *)arg = true;
	return 1;
}

static int
look_at_bundle(struct store *store, struct store_outline *outline)
{
	struct store_bundle bundle;
	int r = store_bundle(store, &bundle);

	outline->bundle = r == 0;
	outline->bundle_serial = bundle.serial;
	outline->bundle_made_s = bundle.made_s;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

int
store_has_lost(struct store *store, bool *ret_lost)
{
	uint64_t generation;
	enum memory memory;
	bool missing;
	int64_t at_s;
	int r;

	*ret_lost = false;
	r = store_people_generation(store, &generation, &at_s);
	if (r != 0 && r != FG_ERR_NOT_FOUND)
		return r;
	missing =
	    r != 0 && store_file_remembers(&store->files, STORE_HAD_PEOPLE);
	if ((r = read_memory(store, &memory)) == 0)
		*ret_lost =
		    memory == MEMORY_LOST || (missing && memory == MEMORY_NONE);
	return r;
}

static int
look(struct store *store, struct store_outline *ret_outline)
{
	struct store_changes changes;
	size_t n;
	int r;

	memset(ret_outline, 0, sizeof(*ret_outline));
	if ((r = store_people_count(store, &n)) != 0 ||
	    (r = store_has_lost(store, &ret_outline->lost)) != 0 ||
	    (r = store_changes(store, &changes)) != 0)
		return r;
	ret_outline->people = n > 0;
	ret_outline->older = changes.own < changes.known;
	if (ret_outline->older)
		ret_outline->lost = true;
	if ((r = store_assets_look(store, ret_outline)) != 0 ||
	    (r = store_enrolments_look(store, ret_outline)) != 0)
		return r;
	/* Without a look at what they say: one that is wrong is its person's
	 * matter. */
	if ((r = store_query_any(store_query(store->db,
				     STORE_SQL_EXCEPTIONS_ANY),
		 &ret_outline->exceptions)) != 0 ||
	    (r = store_query_any(store_query(store->db, STORE_SQL_SUPPORTS_ANY),
		 &ret_outline->supports)) != 0 ||
	    (r = look_at_bundle(store, ret_outline)) != 0)
		return r;
	return store_revocations_each(store, any_revocation,
	    &ret_outline->revocations);
}

int
store_data_version(struct store *store, int64_t *ret_version)
{
	struct store_query *q = store_query(store->db, STORE_SQL_DATA_VERSION);

	*ret_version = 0;
	if (store_query_next(q) == 0)
		*ret_version = store_column_int(q, 0, INT64_MIN, INT64_MAX);
	return store_query_end(q);
}

/*
 * A worker that imports is not waited for: it may take seconds from the switch
 * to its end. The version is asked for first: what is committed while somebody
 * looks is looked at once more by the next.
 */
int
store_outline(struct store *store, struct store_outline *ret_outline)
{
	int64_t version;
	int r;

	if ((r = store_data_version(store, &version)) != 0)
		return r;
	if (!store->outlined || version != store->outlined_at) {
		store->outlined = false;
		if ((r = look(store, &store->outline)) != 0)
			return r;
		store->outlined = true;
		store->outlined_at = version;
	}
	*ret_outline = store->outline;
	return 0;
}

/*
 * The database is told first: if this ends half-way, there is no memory that
 * it does not know of. One that has lost an older one's people stays so; only
 * an import ends that.
 */
int
store_remember(struct store *store)
{
	enum memory memory;
	bool lost;
	int r;

	if ((r = store_has_lost(store, &lost)) != 0 ||
	    (r = read_memory(store, &memory)) != 0)
		return r;
	if (lost)
		return 0;
	if (memory == MEMORY_NONE &&
	    (r = store_query_run(store_query(store->synced,
		 STORE_SQL_REMEMBER))) != 0)
		return r;
	return store_file_remember(&store->files, STORE_HAD_PEOPLE);
}
