/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins of the past, and what a new one asks of them. None of the questions
 * that a login waits for reads more rows than its answer has, but for people
 * behind one source who were there before the window: see SHARERS_LOOKED_AT.
 */
#include "policyd/store/store_history.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "policyd/store/store_person.h"
#include "proto/result.h"

/*
 * Each of them is two steps through an index. More than these behind one
 * source, and hardly one within the window: nobody waits for that.
 */
#define SHARERS_LOOKED_AT 1000u

/* ---- one login --------------------------------------------------------- */

static bool
is_complete(const struct store_login *l)
{
	return l->person[0] != '\0' && STORE_ENDS(l->person) &&
	    STORE_ENDS(l->ref) && STORE_ENDS(l->service) &&
	    STORE_ENDS(l->country) && store_is_country(l->country) &&
	    STORE_ENDS(l->boot_id);
}

/* In the order of LOGIN in store_sql.c. */
int
store_history_add(struct store *store, const struct store_login *l)
{
	char addr[ADDR_TEXT_SIZE], source[ADDR_TEXT_SIZE];
	struct store_query *q;
	int r;

	if (!is_complete(l))
		return FG_ERR_FORMAT;
	if ((r = store_addr_text(&l->addr, addr)) != 0)
		return r;
	store_source_text(&l->addr, source);
	q = store_query(store->db, STORE_SQL_LOGIN_ADD);
	store_bind_text(q, 1, l->person);
	store_bind_text(q, 2, l->ref);
	store_bind_text(q, 3, l->service);
	store_bind_text(q, 4, addr);
	store_bind_text(q, 5, l->country);
	store_bind_int(q, 6, l->asn);
	store_bind_int(q, 7, l->at_s);
	store_bind_text(q, 8, l->boot_id);
	store_bind_int(q, 9, l->boot_s);
	store_bind_text(q, 10, source);
	return store_query_run(q);
}

int
store_history_has(struct store *store, const struct store_login *l,
    bool *ret_has)
{
	struct store_query *q = store_query(store->db, STORE_SQL_LOGIN_HAS);
	int r;

	*ret_has = false;
	store_bind_int(q, 1, l->at_s);
	store_bind_text(q, 2, l->ref);
	store_bind_text(q, 3, l->boot_id);
	store_bind_int(q, 4, l->boot_s);
	if (store_query_next(q) == 0)
		*ret_has = store_column_int(q, 0, 0, 1) != 0;
	if ((r = store_query_end(q)) != 0)
		*ret_has = false;
	return r;
}

static void
read_login(struct store_query *q, struct store_login *l)
{
	STORE_COLUMN(q, 0, l->person);
	STORE_COLUMN(q, 1, l->ref);
	STORE_COLUMN(q, 2, l->service);
	store_column_addr(q, 3, &l->addr);
	store_column_country(q, 4, l->country);
	l->asn = (uint32_t)store_column_int(q, 5, 0, UINT32_MAX);
	l->at_s = store_column_int(q, 6, INT64_MIN, INT64_MAX);
	STORE_COLUMN(q, 7, l->boot_id);
	l->boot_s = store_column_int(q, 8, INT64_MIN, INT64_MAX);
}

int
store_history_recent(struct store *store, const char *person,
    struct store_login *ret_list, size_t max, size_t *ret_n)
{
	struct store_query *q = store_query(store->db, STORE_SQL_LOGIN_LAST);
	size_t n = 0;
	int r;

	*ret_n = 0;
	store_bind_text(q, 1, person);
	store_bind_int(q, 2, (int64_t)max);
	while (n < max && store_query_next(q) == 0) {
		memset(&ret_list[n], 0, sizeof(ret_list[n]));
		read_login(q, &ret_list[n]);
		n++;
	}
	if ((r = store_query_end(q)) == 0)
		*ret_n = n;
	else
		memset(ret_list, 0, n * sizeof(*ret_list));
	return r;
}

int
store_history_each(struct store *store, const char *person, store_login_fn fn,
    void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_HISTORY_OF);
	struct store_login l;

	store_bind_text(q, 1, person);
	while (store_query_next(q) == 0) {
		memset(&l, 0, sizeof(l));
		read_login(q, &l);
		if (store_query_failed(q) || fn(&l, arg) != 0)
			break;
	}
	return store_query_end(q);
}

/* ---- one person, one source -------------------------------------------- */

int
store_history_days(struct store *store, const char *person, uint32_t asn,
    int64_t until_s, uint32_t max, uint32_t *ret_n)
{
	struct store_query *q = store_query(store->db, STORE_SQL_DAYS_ASN);
	int64_t n = 0;
	int r;

	*ret_n = 0;
	store_bind_text(q, 1, person);
	store_bind_int(q, 2, asn);
	store_bind_int(q, 3, until_s);
	store_bind_int(q, 4, max);
	if (store_query_next(q) == 0)
		n = store_column_int(q, 0, 0, max);
	if ((r = store_query_end(q)) == 0)
		*ret_n = (uint32_t)n;
	return r;
}

int
store_history_sharers(struct store *store, const struct addr *addr,
    const char *person, int64_t since_s, char (*ret_people)[FG_USER_MAX + 1],
    size_t max, size_t *ret_n)
{
	struct store_query *q = store_query(store->db, STORE_SQL_SHARERS);
	char source[ADDR_TEXT_SIZE];
	unsigned int looked_at = 0;
	size_t n = 0;
	int64_t last_s;
	int r;

	*ret_n = 0;
	store_source_text(addr, source);
	store_bind_text(q, 1, source);
	while (n < max && store_query_next(q) == 0) {
		store_column_text(q, 0, ret_people[n], FG_USER_MAX + 1);
		last_s = store_column_int(q, 1, INT64_MIN, INT64_MAX);
		if (store_query_failed(q))
			break;
		if (last_s >= since_s && strcmp(ret_people[n], person) != 0)
			n++;
		if (++looked_at == SHARERS_LOOKED_AT && n < max)
			store_query_fail(q, FG_ERR_LIMIT);
	}
	r = store_query_end(q);
	if (r == 0 || r == FG_ERR_LIMIT)
		*ret_n = n;
	return r;
}

/* ---- all sources ------------------------------------------------------- */

static void
read_source(struct store_query *q, struct store_source *s)
{
	memset(s, 0, sizeof(*s));
	store_column_addr(q, 0, &s->addr);
	STORE_COLUMN(q, 1, s->person);
	s->logins = (uint64_t)store_column_int(q, 2, 1, INT64_MAX);
	s->first_s = store_column_int(q, 3, INT64_MIN, INT64_MAX);
	s->last_s = store_column_int(q, 4, INT64_MIN, INT64_MAX);
	store_column_country(q, 5, s->country);
	s->asn = (uint32_t)store_column_int(q, 6, 0, UINT32_MAX);
}

int
store_history_sources_each(struct store *store, int64_t since_s,
    store_source_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_SOURCES);
	struct store_source s;

	store_bind_int(q, 1, since_s);
	while (store_query_next(q) == 0) {
		read_source(q, &s);
		if (store_query_failed(q) || fn(&s, arg) != 0)
			break;
	}
	return store_query_end(q);
}

/* ---- how long ----------------------------------------------------------- */

int
store_history_newest(struct store *store, int64_t *ret_at_s)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_HISTORY_NEWEST);
	int r, found;

	*ret_at_s = 0;
	if ((found = store_query_next(q)) == 0)
		*ret_at_s = store_column_int(q, 0, INT64_MIN, INT64_MAX);
	if ((r = store_query_found(q, found)) != 0)
		*ret_at_s = 0;
	return r;
}

int
store_history_before(struct store *store, int64_t until_s,
    struct store_moment *ret_moment)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_HISTORY_BEFORE);
	struct store_moment *m = ret_moment;
	int r, found;

	memset(m, 0, sizeof(*m));
	store_bind_int(q, 1, until_s);
	if ((found = store_query_next(q)) == 0) {
		m->at_s = store_column_int(q, 0, INT64_MIN, INT64_MAX);
		STORE_COLUMN(q, 1, m->boot_id);
		m->boot_s = store_column_int(q, 2, INT64_MIN, INT64_MAX);
		m->next_s = store_column_is_null(q, 3) ?
		    INT64_MAX :
		    store_column_int(q, 3, INT64_MIN, INT64_MAX);
	}
	if ((r = store_query_end(q)) == 0)
		return found;
	memset(m, 0, sizeof(*m));
	return r;
}

int
store_history_expire(struct store *store, int64_t before_s, size_t max,
    size_t *ret_n, bool *ret_more)
{
	int64_t limit = max < INT32_MAX ? (int64_t)max : INT32_MAX, n;
	struct store_query *q;
	int r;

	*ret_n = 0;
	*ret_more = false;
	q = store_query(store->db, STORE_SQL_HISTORY_EXPIRE);
	store_bind_int(q, 1, before_s);
	store_bind_int(q, 2, limit);
	if ((r = store_query_run(q)) != 0)
		return r;
	n = store_db_changes(store->db);
	*ret_n = (size_t)n;
	*ret_more = n >= limit;
	return 0;
}
