/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * People at gateways, beside peripherals and with devices, as rows. Whatever a
 * laptop says, a question reads no more than STORE_VISIT_MAX times
 * STORE_SITES_PEOPLE_MAX of them.
 */
#include "policyd/store/store_site.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "policyd/store/store_person.h"
#include "proto/result.h"

/* They are in the file: never given another meaning. */
_Static_assert(STORE_SITE_GATEWAY == 1 && STORE_SITE_PERIPHERAL == 2 &&
	STORE_SITE_DEVICE == 3,
    "kinds of site are stored by number");

/* Of STORE_SQL_SITE_OTHERS. */
#define OTHERS_FIRST  4 /* names of peripherals */
#define OTHERS_LAST   9
#define OTHERS_KIND   10
#define OTHERS_AMOUNT (OTHERS_LAST - OTHERS_FIRST + 1)

_Static_assert(OTHERS_AMOUNT + 2 == STORE_VISIT_MAX, "each has a place");

static bool
is_complete(const struct store_visit *v)
{
	size_t i;

	if (!STORE_ENDS(v->person) || v->person[0] == '\0' ||
	    v->n > STORE_VISIT_MAX)
		return false;
	for (i = 0; i < v->n; i++)
		if (v->at[i].kind < STORE_SITE_GATEWAY ||
		    v->at[i].kind > STORE_SITE_DEVICE ||
		    !STORE_ENDS(v->at[i].name) || v->at[i].name[0] == '\0')
			return false;
	return true;
}

/* ---- writing ----------------------------------------------------------- */

static int
put(struct store *store, const struct store_visit *v,
    const struct store_site *site, const char *addr)
{
	struct store_query *q = store_query(store->db, STORE_SQL_SITE_PUT);

	store_bind_int(q, 1, site->kind);
	store_bind_text(q, 2, site->name);
	store_bind_text(q, 3, v->person);
	store_bind_text(q, 4, addr);
	store_bind_int(q, 5, v->at_s);
	return store_query_run(q);
}

/* What came first makes room, of the person and of the place. */
static int
trim(struct store *store, const struct store_visit *v,
    const struct store_site *site)
{
	struct store_query *q;
	int r;

	q = store_query(store->db, STORE_SQL_SITE_TRIM_PERSON);
	store_bind_text(q, 1, v->person);
	store_bind_int(q, 2, site->kind);
	store_bind_int(q, 3, STORE_SITES_PERSON_MAX);
	if ((r = store_query_run(q)) != 0)
		return r;
	q = store_query(store->db, STORE_SQL_SITE_TRIM_PEOPLE);
	store_bind_int(q, 1, site->kind);
	store_bind_text(q, 2, site->name);
	store_bind_int(q, 3, STORE_SITES_PEOPLE_MAX);
	return store_query_run(q);
}

int
store_visit(struct store *store, const struct store_visit *visit)
{
	char addr[ADDR_TEXT_SIZE] = "";
	size_t i;
	int r;

	if (!is_complete(visit))
		return FG_ERR_FORMAT;
	if (visit->has_addr && (r = store_addr_text(&visit->addr, addr)) != 0)
		return r;
	if ((r = store_db_begin(store->db)) != 0)
		return r;
	for (i = 0; i < visit->n; i++)
		if ((r = put(store, visit, &visit->at[i], addr)) != 0 ||
		    (r = trim(store, visit, &visit->at[i])) != 0) {
			store_db_rollback(store->db);
			return r;
		}
	return store_db_commit(store->db);
}

int
store_sites_expire(struct store *store, int64_t before_s, size_t max,
    bool *ret_more)
{
	int64_t limit = max < INT32_MAX ? (int64_t)max : INT32_MAX;
	struct store_query *q = store_query(store->db, STORE_SQL_SITES_EXPIRE);
	int r;

	*ret_more = false;
	store_bind_int(q, 1, before_s);
	store_bind_int(q, 2, limit);
	if ((r = store_query_run(q)) == 0)
		*ret_more = store_db_changes(store->db) >= limit;
	return r;
}

/* ---- reading ----------------------------------------------------------- */

/* No name is empty, so that what is not there is nobody's. */
static void
bind_names(struct store_query *q, const struct store_visit *v, bool device)
{
	enum store_site_kind one =
	    device ? STORE_SITE_DEVICE : STORE_SITE_GATEWAY;
	const char *name = "", *names[OTHERS_AMOUNT];
	size_t i, n = 0;

	for (i = 0; i < OTHERS_AMOUNT; i++)
		names[i] = "";
	for (i = 0; i < v->n; i++) {
		if (v->at[i].kind == one)
			name = v->at[i].name;
		else if (!device && v->at[i].kind == STORE_SITE_PERIPHERAL &&
		    n < OTHERS_AMOUNT)
			names[n++] = v->at[i].name;
	}
	store_bind_int(q, OTHERS_KIND, one);
	store_bind_text(q, 3, name);
	for (i = 0; i < OTHERS_AMOUNT; i++)
		store_bind_text(q, OTHERS_FIRST + (int)i, names[i]);
}

/* Those beside a peripheral come first, then the latest. */
static void
take_other(struct store_query *q, struct fact_company *company)
{
	company->beside += store_column_int(q, 1, STORE_SITE_GATEWAY,
			       STORE_SITE_DEVICE) == STORE_SITE_PERIPHERAL;
	if (company->people++ >= FACT_COMPANY_NAMED)
		return;
	STORE_COLUMN(q, 0, company->name[company->named]);
	company->named++;
}

int
store_visit_others(struct store *store, const struct store_visit *visit,
    bool device, int64_t since_s, struct fact_company *ret_company)
{
	struct store_query *q;
	int r;

	memset(ret_company, 0, sizeof(*ret_company));
	if (!is_complete(visit))
		return FG_ERR_FORMAT;
	q = store_query(store->db, STORE_SQL_SITE_OTHERS);
	store_bind_text(q, 1, visit->person);
	store_bind_int(q, 2, since_s);
	bind_names(q, visit, device);
	while (store_query_next(q) == 0)
		take_other(q, ret_company);
	if ((r = store_query_end(q)) != 0)
		memset(ret_company, 0, sizeof(*ret_company));
	return r;
}

/* In the order of SITE in store_sql_device.c. */
static void
read_row(struct store_query *q, struct store_site_row *row)
{
	memset(row, 0, sizeof(*row));
	row->site.kind = (enum store_site_kind)store_column_int(q, 0,
	    STORE_SITE_GATEWAY, STORE_SITE_DEVICE);
	STORE_COLUMN(q, 1, row->site.name);
	STORE_COLUMN(q, 2, row->person);
	row->has_addr = store_column_text_direct(q, 3)[0] != '\0';
	if (row->has_addr)
		store_column_addr(q, 3, &row->addr);
	row->last_s = store_column_int(q, 4, INT64_MIN, INT64_MAX);
}

static int
each(struct store_query *q, store_site_fn fn, void *arg)
{
	struct store_site_row row;

	while (store_query_next(q) == 0) {
		read_row(q, &row);
		if (store_query_failed(q) || fn(&row, arg) != 0)
			break;
	}
	return store_query_end(q);
}

int
store_sites_each(struct store *store, int64_t since_s, store_site_fn fn,
    void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_SITES);

	store_bind_int(q, 1, since_s);
	return each(q, fn, arg);
}

int
store_sites_of(struct store *store, const char *person, store_site_fn fn,
    void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_SITES_OF);

	store_bind_text(q, 1, person);
	return each(q, fn, arg);
}
