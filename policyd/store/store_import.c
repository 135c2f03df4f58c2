/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An import gathers its people in a file of its own, in whatever order they
 * come; see store_piece.c. store_copy.c then takes them over in the order of
 * the store's own pages.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/store/store_parts.h"
#include "policyd/store/store_piece.h"
#include "policyd/store/store_sides.h"
#include "proto/result.h"

/* ---- beginning and end ------------------------------------------------- */

int
store_import_begin(struct store *store, struct store_import **ret_import)
{
	struct store_import *import;
	int r, saved;

	*ret_import = NULL;
	if ((r = store_file_import_lock(&store->files)) != 0)
		return r;
	if ((import = calloc(1, sizeof(*import))) == NULL) {
		store_file_import_unlock(&store->files);
		return FG_ERR_NOMEM;
	}
	import->store = store;
	if ((r = store_copy_remove(store->db)) != 0 ||
	    (r = store_piece_stage(&store->files, STORE_SQL_GENERATION_ADD,
		 &import->stage)) != 0) {
		saved = errno;
		store_import_free(import);
		errno = saved;
		return r;
	}
	*ret_import = import;
	return 0;
}

void
store_import_free(struct store_import *import)
{
	int saved = errno;

	if (import == NULL)
		return;
	store_piece_unstage(&import->store->files, import->stage);
	if (!import->committed &&
	    (import->generation != 0 || import->bundle_id != 0))
		(void)store_copy_remove(import->store->db); /* or the next */
	store_file_import_unlock(&import->store->files);
	free(import);
	errno = saved;
}

/* ---- people ------------------------------------------------------------ */

/* Whose is it in this import? FG_ERR_NOT_FOUND: nobody's. */
static int
whose(struct store_import *import, enum store_name kind, const char *name,
    char ret_user[FG_USER_MAX + 1])
{
	struct store_query *q = store_query(import->stage, STORE_SQL_USER_OF);
	int found;

	store_bind_int(q, 1, kind);
	store_bind_text(q, 2, name);
	if ((found = store_query_next(q)) == 0)
		store_column_text(q, 0, ret_user, FG_USER_MAX + 1);
	return store_query_found(q, found);
}

/* Returns 0 if all of a person's names are free, FG_ERR_LIMIT if one is not. */
static int
check_free(struct store_import *import, const struct person *person,
    char ret_other[FG_USER_MAX + 1])
{
	size_t i;
	int r;

	r = whose(import, STORE_NAME_USER, person->user, ret_other);
	for (i = 0; r == FG_ERR_NOT_FOUND && i < person->naccounts; i++)
		r = whose(import, STORE_NAME_ACCOUNT, person->account[i],
		    ret_other);
	for (i = 0; r == FG_ERR_NOT_FOUND && i < person->nkeys; i++)
		r = whose(import, STORE_NAME_KEY, person->key[i], ret_other);
	if (r == 0)
		return FG_ERR_LIMIT;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static int
add_name(struct store_import *import, enum store_name kind, const char *name,
    int64_t id)
{
	struct store_query *q = store_query(import->stage, STORE_SQL_NAME_ADD);

	store_bind_int(q, 1, STORE_STAGED);
	store_bind_int(q, 2, kind);
	store_bind_text(q, 3, name);
	store_bind_int(q, 4, id);
	return store_query_run(q);
}

static int
add_rows(struct store_import *import, const struct person *person, int64_t id)
{
	struct store_query *q =
	    store_query(import->stage, STORE_SQL_PERSON_ADD);
	size_t i;
	int r;

	store_row_bind(q, person, &import->row);
	store_bind_int(q, STORE_ROW_COLUMNS + 1, id);
	if ((r = store_query_run(q)) != 0)
		return r;
	r = add_name(import, STORE_NAME_USER, person->user, id);
	for (i = 0; r == 0 && i < person->naccounts; i++)
		r = add_name(import, STORE_NAME_ACCOUNT, person->account[i],
		    id);
	for (i = 0; r == 0 && i < person->nkeys; i++)
		r = add_name(import, STORE_NAME_KEY, person->key[i], id);
	return r;
}

int
store_import_add(struct store_import *import, const struct person *person,
    char ret_other[FG_USER_MAX + 1])
{
	int r;

	ret_other[0] = '\0';
	if (import->failed != 0)
		return import->failed;
	/* What is wrong with the person leaves the import as it was. */
	if ((r = store_row_make(person, &import->row)) != 0 ||
	    (r = check_free(import, person, ret_other)) != 0)
		return r;
	if (import->people == UINT32_MAX)
		return FG_ERR_LIMIT;
	if ((r = add_rows(import, person, import->people + 1)) != 0) {
		import->failed = r;
		return r;
	}
	import->people++;
	return 0;
}

/* ---- what it would change ---------------------------------------------- */

struct telling {
	store_change_fn fn;
	void *arg;
};

static void
read_person(struct store_query *q, void *ret_row)
{
	store_row_read(q, ret_row);
}

/* Whoever may not log in any more is told by their accounts, too. */
static int
tell(char change, const struct store_side *old, const struct store_side *new,
    void *arg)
{
	const struct telling *telling = arg;
	const struct person *was = old->row, *is = new->row;
	bool both = change == 'C' && old->whole && new->whole;
	char fields[PERSON_DIFFER_SIZE] = "";
	struct store_person_change told = { .what = change,
		.user = change == 'A' ? new->name : old->name,
		.fields = fields };
	int64_t now_s = (int64_t)time(NULL);
	size_t i;
	int stop;

	if (both)
		person_differ(was, is, fields);
	stop = telling->fn(&told, telling->arg);
	if (!both || !person_is_valid(was, now_s) || person_is_valid(is, now_s))
		return stop;
	told.what = 'D';
	told.fields = "";
	for (i = 0; i < was->naccounts && stop == 0; i++) {
		told.user = was->account[i];
		stop = telling->fn(&told, telling->arg);
	}
	return stop;
}

int
store_import_changes(struct store_import *import, store_change_fn fn, void *arg)
{
	struct person old, new;
	struct telling telling = { .fn = fn, .arg = arg };
	struct store_sides sides = { .sql = STORE_SQL_PEOPLE,
		.name_column = STORE_ROW_COLUMNS,
		.name_size = FG_USER_MAX + 1,
		.row_size = sizeof(struct person),
		.read = read_person,
		.tell = tell,
		.old.row = &old,
		.new.row = &new };

	if (import->failed != 0)
		return import->failed;
	return store_sides_compare(&sides, import->store->db, import->stage,
	    &telling);
}

/* ---- who is in it ------------------------------------------------------ */

struct store *
store_import_people(struct store_import *import)
{
	import->staged.db = import->stage;
	return &import->staged;
}

/* ---- in force ---------------------------------------------------------- */

int
store_import_commit(struct store_import *import)
{
	int r;

	if (import->failed != 0)
		return import->failed;
	if ((r = store_copy(import)) != 0 ||
	    (r = store_copy_remember(import)) != 0 ||
	    (import->bundle.serial != 0 &&
		(r = store_serial_remember(import->store, &import->bundle)) !=
		    0) ||
	    (r = store_copy_switch(import)) != 0)
		return r;
	import->committed = true;
	/* One that is missing is kept out elsewhere until it is said again. */
	(void)store_copy_given_back(import);
	/* It is in force whatever becomes of the old one: the next tries. */
	(void)store_copy_remove(import->store->db);
	return 0;
}
