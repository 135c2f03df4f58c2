/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose access would come back by an import: what was taken back in what is in
 * force, and is not in what was gathered. A line that is missing must let
 * nobody in who was dismissed.
 */
#include <string.h>

#include "policyd/store/store_parts.h"
#include "proto/result.h"

/* ---- the names, from two lists in their order --------------------------- */

struct taken {
	struct store_query *q; /* NULL: there is no such list */
	bool more; /* there is one, which follows */
	char name[FG_USER_MAX + 1];
	char user[FG_USER_MAX + 1]; /* whose it is */
	bool is_out; /* by the entry itself, whatever is revoked */
	bool was_in; /* by the entry, when the last bundle was made */
};

static int
next_taken(struct taken *t)
{
	int r;

	if (t->q == NULL)
		return 0;
	r = store_query_next(t->q);
	t->more = r == 0;
	if (r != 0)
		return r == FG_ERR_NOT_FOUND ? 0 : r;
	store_column_text(t->q, 0, t->name, sizeof(t->name));
	store_column_text(t->q, 1, t->user, sizeof(t->user));
	t->is_out = store_column_int(t->q, 2, 0, 1) != 0;
	t->was_in = store_column_int(t->q, 3, 0, 1) != 0;
	return store_query_failed(t->q) ? FG_ERR_FORMAT : 0;
}

/* ---- what becomes of one ------------------------------------------------ */

/* The name's revocation, of those that q finds the first, has begun by then. */
static int
begins_by(struct store_query *q, const char *name, int64_t by_s, bool *ret_does)
{
	struct store_revocation revocation = { .bundled = false };
	int r, found;

	*ret_does = false;
	store_bind_text(q, 1, name);
	if ((found = store_query_next(q)) == 0) {
		revocation.at_s = store_column_int(q, 1, INT64_MIN, INT64_MAX);
		revocation.made_s =
		    store_column_int(q, 5, INT64_MIN, INT64_MAX);
		*ret_does = store_revocation_since(&revocation, by_s) <= by_s;
	}
	if ((r = store_query_end(q)) != 0)
		*ret_does = false;
	return r != 0 || found == FG_ERR_NOT_FOUND ? r : found;
}

/*
 * Whether a revocation holds for the name when this import is in force. One
 * that begins later than by_s is none: until then the name would be let in.
 */
static int
stays_revoked(struct store_import *import, const char *name, int64_t by_s,
    bool *ret_stays)
{
	struct store_db *db = import->store->db;
	int r;

	if (import->bundle.serial == 0)
		return begins_by(store_query(db, STORE_SQL_REVOCATION_OF), name,
		    by_s, ret_stays);
	r = begins_by(store_query(db, STORE_SQL_REVOCATION_OWN), name, by_s,
	    ret_stays);
	if (r != 0 || *ret_stays)
		return r;
	return begins_by(store_query(import->stage, STORE_SQL_REVOCATION_OF),
	    name, by_s, ret_stays);
}

/*
 * By when it has to be kept out: from now on or, if nothing but a revocation to
 * come keeps it out, from then on.
 */
static int
find_beginning(struct store_import *import, const struct taken *t, int64_t at_s,
    int64_t *ret_by_s)
{
	const char *const names[] = { t->name, t->user };
	struct store_revocation revocation;
	int64_t first_s = INT64_MAX, since_s;
	size_t i;
	int r;

	*ret_by_s = at_s;
	for (i = 0; i < 2 && !t->is_out; i++) {
		r = store_revocation_of(import->store, names[i], &revocation);
		if (r != 0 && r != FG_ERR_NOT_FOUND)
			return r;
		if (r != 0)
			continue;
		since_s = store_revocation_since(&revocation, at_s);
		if (since_s < first_s)
			first_s = since_s;
	}
	if (first_s != INT64_MAX && first_s > at_s)
		*ret_by_s = first_s;
	return 0;
}

/* Whose it will be, by account or else by the entry's own name. */
static int
new_person(struct store_import *import, const char *name,
    struct person *ret_person)
{
	static const enum store_name kinds[] = { STORE_NAME_ACCOUNT,
		STORE_NAME_USER };
	struct store_query *q;
	int r, found = FG_ERR_NOT_FOUND;
	size_t i;

	for (i = 0; i < 2 && found == FG_ERR_NOT_FOUND; i++) {
		q = store_query(import->stage, STORE_SQL_BY_NAME);
		store_bind_int(q, 1, kinds[i]);
		store_bind_text(q, 2, name);
		if ((found = store_query_next(q)) == 0)
			store_row_read(q, ret_person);
		if ((r = store_query_end(q)) != 0)
			return r;
	}
	return found;
}

/* Whether the name is nobody's after this import, or may log in. */
static int
comes_back(struct store_import *import, const struct taken *t, int64_t at_s,
    bool *ret_back)
{
	struct person person;
	bool revoked = false;
	int64_t by_s;
	int found, r;

	*ret_back = false;
	found = new_person(import, t->name, &person);
	if (found != 0 && found != FG_ERR_NOT_FOUND)
		return found;
	if ((r = find_beginning(import, t, at_s, &by_s)) != 0 ||
	    (r = stays_revoked(import, t->name, by_s, &revoked)) != 0)
		return r;
	if (found == 0 && !revoked) {
		if (person.status != PERSON_STATUS_ACTIVE ||
		    at_s >= person.valid_until_s)
			return 0;
		r = stays_revoked(import, person.user, by_s, &revoked);
	}
	*ret_back = r == 0 && !revoked;
	return r;
}

/* ---- on purpose --------------------------------------------------------- */

int
store_import_give_back(struct store_import *import, const char *name,
    int64_t at_s)
{
	int r;

	if (import->failed != 0)
		return import->failed;
	if (name[0] == '\0' || strlen(name) > FG_USER_MAX)
		return FG_ERR_FORMAT;
	if ((r = store_give_back(import->stage, name, at_s)) != 0)
		import->failed = r;
	return r;
}

static int
given_back(struct store_import *import, const char *name, int64_t since_s,
    bool *ret_given)
{
	struct store_query *q =
	    store_query(import->stage, STORE_SQL_GIVEN_BACK_OF);
	int r;

	store_bind_text(q, 1, name);
	*ret_given = store_query_next(q) == 0 &&
	    store_column_int(q, 0, INT64_MIN, INT64_MAX) >= since_s;
	if ((r = store_query_end(q)) != 0)
		*ret_given = false;
	return r;
}

static int
is_on_purpose(struct store_import *import, const struct taken *t,
    int64_t since_s, bool *ret_is)
{
	int r;

	*ret_is = false;
	if (import->bundle.serial == 0)
		return 0;
	if ((r = given_back(import, t->name, since_s, ret_is)) != 0 || *ret_is)
		return r;
	return given_back(import, t->user, since_s, ret_is);
}

/* Whether nothing but the entry keeps it out. */
static int
is_unrevoked(struct store *store, const struct taken *t, bool *ret_is)
{
	const char *const names[] = { t->name, t->user };
	struct store_revocation revocation;
	size_t i;
	int r;

	*ret_is = false;
	for (i = 0; i < 2; i++)
		if ((r = store_revocation_of(store, names[i], &revocation)) !=
		    FG_ERR_NOT_FOUND)
			return r;
	*ret_is = true;
	return 0;
}

/*
 * The end of an entry that has come since the last bundle was made, and is put
 * off by this one. Where that was written the end was still to come: nobody had
 * to give anything back.
 */
static int
is_put_off(struct store_import *import, const struct taken *t, bool *ret_is)
{
	struct person person;
	int r;

	*ret_is = false;
	if (import->bundle.serial == 0 || !t->is_out || !t->was_in)
		return 0;
	r = new_person(import, t->name, &person);
	if (r == FG_ERR_NOT_FOUND ||
	    (r == 0 && strcmp(person.user, t->user) != 0))
		return 0;
	return r != 0 ? r : is_unrevoked(import->store, t, ret_is);
}

/* ---- all of them -------------------------------------------------------- */

struct restoring {
	struct store_import *import;
	int64_t at_s;
	int64_t people_s; /* the people in force were so then, */
	int64_t bundle_s; /* and the last bundle was made */
	int64_t made_s; /* the people's own; INT64_MAX: of no bundle */
	store_restored_fn fn;
	void *arg;
	int stop;
};

static int
judge(struct restoring *r, const struct taken *t)
{
	int64_t since_s = t->is_out ? r->people_s : r->bundle_s;
	bool back, on_purpose;
	int e;

	if ((e = comes_back(r->import, t, r->at_s, &back)) != 0 || !back)
		return e;
	if ((e = is_on_purpose(r->import, t, since_s, &on_purpose)) != 0 ||
	    (!on_purpose && (e = is_put_off(r->import, t, &on_purpose)) != 0))
		return e;
	r->stop = r->fn(t->name, on_purpose, r->arg);
	return 0;
}

static int
merge(struct restoring *r, struct taken *people, struct taken *bundled)
{
	int order, e;

	if ((e = next_taken(people)) != 0 || (e = next_taken(bundled)) != 0)
		return e;
	while (r->stop == 0 && (people->more || bundled->more)) {
		order = !bundled->more ? -1 :
		    !people->more      ? 1 :
					 strcmp(people->name, bundled->name);
		if ((e = judge(r, order <= 0 ? people : bundled)) != 0 ||
		    (order <= 0 && (e = next_taken(people)) != 0) ||
		    (order >= 0 && (e = next_taken(bundled)) != 0))
			return e;
	}
	return 0;
}

/*
 * When the hub's last word was: what it gives back must be newer. People of
 * another import are not its word, and it must be newer than they are.
 */
static int
find_since(struct restoring *r)
{
	struct store *store = r->import->store;
	struct store_bundle last;
	uint64_t generation;
	int e, found;

	found = store_bundle(store, &last);
	if (found != 0 && found != FG_ERR_NOT_FOUND)
		return found;
	r->bundle_s = r->people_s = r->made_s = last.made_s;
	if (found == 0 && last.people)
		return 0;
	r->made_s = INT64_MAX;
	e = store_people_generation(store, &generation, &r->people_s);
	return e == FG_ERR_NOT_FOUND ? 0 : e;
}

int
store_import_restored(struct store_import *import, int64_t at_s,
    store_restored_fn fn, void *arg)
{
	struct restoring restoring = {
		.import = import, .at_s = at_s, .fn = fn, .arg = arg
	};
	struct taken people = { .q = NULL }, bundled = { .q = NULL };
	int r, s;

	if (import->failed != 0)
		return import->failed;
	if ((r = find_since(&restoring)) != 0)
		return r;
	people.q = store_query(import->store->db, STORE_SQL_TAKEN_BACK);
	store_bind_int(people.q, 1, PERSON_STATUS_ACTIVE);
	store_bind_int(people.q, 2, at_s);
	store_bind_int(people.q, 3, restoring.made_s);
	if (import->bundle.serial != 0)
		bundled.q = store_query(import->store->db, STORE_SQL_BUNDLED);
	r = merge(&restoring, &people, &bundled);
	s = bundled.q == NULL ? 0 : store_query_end(bundled.q);
	r = r != 0 ? r : s;
	s = store_query_end(people.q);
	return r != 0 ? r : s;
}
