/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines that enrolled keys were seen with. Most logins find what is
 * there already, and write nothing.
 */
#include <string.h>

#include "policyd/device/hwid_text.h"
#include "policyd/store/store_enrolment_parts.h"
#include "proto/result.h"

/* In the order of SEEN in store_sql_device.c, behind the others. */
static void
read_machine(struct store_query *q, struct clone *clone)
{
	struct clone_machine *m = &clone->list[clone->n];
	int64_t last = clone->n == 0 ? 0 : m[-1].first_n;

	store_column_digests(q, 0, &m->digests);
	m->first_n = (uint32_t)store_column_int(q, 1, last + 1, UINT32_MAX);
	m->last_n = (uint32_t)store_column_int(q, 2, m->first_n, UINT32_MAX);
	m->first_s = store_column_int(q, 3, INT64_MIN, INT64_MAX);
	m->last_s = store_column_int(q, 4, INT64_MIN, INT64_MAX);
	clone->n++;
}

/* Another writer's rows, more than there can be, are no list. */
static int
read_all(struct store_db *db, const char *key, struct clone *ret_clone)
{
	struct store_query *q = store_query(db, STORE_SQL_SEEN_OF);
	int r;

	memset(ret_clone, 0, sizeof(*ret_clone));
	store_bind_text(q, 1, key);
	while (store_query_next(q) == 0) {
		if (ret_clone->n == CLONE_MACHINES_MAX) {
			store_query_fail(q, FG_ERR_FORMAT);
			break;
		}
		read_machine(q, ret_clone);
	}
	if ((r = store_query_end(q)) != 0)
		memset(ret_clone, 0, sizeof(*ret_clone));
	return r;
}

int
store_seen(struct store *store, const char *key, struct clone *ret_clone)
{
	return read_all(store->db, key, ret_clone);
}

/* ---- changes ------------------------------------------------------------ */

static int
put_machine(struct store *store, const char *key, const struct clone_machine *m)
{
	struct store_query *q = store_query(store->synced, STORE_SQL_SEEN_ADD);
	char ids[HWID_DIGESTS_SIZE];

	if (hwid_digests_text(&m->digests, ids) != 0)
		store_query_fail(q, FG_ERR_FORMAT);
	store_bind_text(q, 1, key);
	store_bind_text(q, 2, ids);
	store_bind_int(q, 3, m->first_n);
	store_bind_int(q, 4, m->last_n);
	store_bind_int(q, 5, m->first_s);
	store_bind_int(q, 6, m->last_s);
	return store_query_run(q);
}

int
store_seen_put(struct store *store, const char *key, const struct clone *clone)
{
	struct store_query *q =
	    store_query(store->synced, STORE_SQL_SEEN_REMOVE);
	int r;

	store_bind_text(q, 1, key);
	r = store_query_run(q);
	for (size_t i = 0; r == 0 && i < clone->n; i++)
		r = put_machine(store, key, &clone->list[i]);
	return r;
}

static bool
is_enrolled(struct store_db *db, const char *key, int *ret_r)
{
	struct store_query *q = store_query(db, STORE_SQL_ENROLMENT_OF);
	int found;

	store_bind_text(q, 1, key);
	found = store_query_next(q);
	*ret_r = store_query_found(q, found);
	return *ret_r == 0;
}

/* What another process has seen meanwhile is read again. */
static int
see(struct store *store, const char *key, const struct hwid_digests *machine,
    int64_t at_s, struct clone *clone)
{
	struct store_db *db = store->synced;
	int r;

	if (!is_enrolled(db, key, &r) || (r = read_all(db, key, clone)) != 0)
		return r;
	(void)clone_see(clone, machine, at_s); /* it is known that it has */
	return store_seen_put(store, key, clone);
}

static int
see_and_commit(struct store *store, const char *key,
    const struct hwid_digests *machine, int64_t at_s, struct clone *clone)
{
	int r;

	if ((r = store_db_begin(store->synced)) != 0)
		return r;
	if ((r = see(store, key, machine, at_s, clone)) != 0) {
		store_db_rollback(store->synced);
		return r;
	}
	return store_db_commit(store->synced);
}

int
store_see(struct store *store, const char *key,
    const struct hwid_digests *machine, int64_t at_s, struct clone *ret_clone)
{
	int r;

	if ((r = read_all(store->db, key, ret_clone)) != 0)
		return r;
	/* One that is not enrolled has none, and so there is something new. */
	if (!clone_see(ret_clone, machine, at_s))
		return 0;
	r = see_and_commit(store, key, machine, at_s, ret_clone);
	if (r != 0)
		memset(ret_clone, 0, sizeof(*ret_clone));
	return r;
}
