/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading people of the generation in force. It is found by the statement that
 * reads, so that an import that switches meanwhile gives the old person or the
 * new one, and nothing in between.
 */
#include <string.h>

#include "policyd/store/store_parts.h"

int
store_people_count(struct store *store, size_t *ret_n)
{
	struct store_query *q = store_query(store->db, STORE_SQL_PEOPLE_COUNT);
	int r;

	*ret_n = 0;
	if (store_query_next(q) == 0)
		*ret_n = (size_t)store_column_int(q, 0, 0, INT32_MAX);
	if ((r = store_query_end(q)) != 0)
		*ret_n = 0;
	return r;
}

int
store_people_generation(struct store *store, uint64_t *ret_generation,
    int64_t *ret_at_s)
{
	struct store_query *q = store_query(store->db, STORE_SQL_GENERATION);
	int found;

	*ret_generation = 0;
	*ret_at_s = 0;
	if ((found = store_query_next(q)) == 0) {
		*ret_generation =
		    (uint64_t)store_column_int(q, 0, 1, INT64_MAX);
		*ret_at_s = store_column_int(q, 1, INT64_MIN, INT64_MAX);
	}
	return store_query_found(q, found);
}

static int
find(struct store *store, enum store_name kind, const char *name,
    struct person *ret_person)
{
	struct store_query *q = store_query(store->db, STORE_SQL_BY_NAME);
	int r, found;

	store_bind_int(q, 1, kind);
	store_bind_text(q, 2, name);
	if ((found = store_query_next(q)) == 0)
		store_row_read(q, ret_person);
	if ((r = store_query_found(q, found)) != 0)
		memset(ret_person, 0, sizeof(*ret_person)); /* of no kind */
	return r;
}

int
store_person_by_account(struct store *store, const char *account,
    struct person *ret_person)
{
	return find(store, STORE_NAME_ACCOUNT, account, ret_person);
}

int
store_person_by_user(struct store *store, const char *user,
    struct person *ret_person)
{
	return find(store, STORE_NAME_USER, user, ret_person);
}

int
store_person_by_key(struct store *store, const char *key,
    struct person *ret_person)
{
	return find(store, STORE_NAME_KEY, key, ret_person);
}

int
store_people_each(struct store *store, store_person_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_PEOPLE);
	struct person person;

	while (store_query_next(q) == 0) {
		store_row_read(q, &person);
		if (store_query_failed(q) || fn(&person, arg) != 0)
			break;
	}
	return store_query_end(q);
}
