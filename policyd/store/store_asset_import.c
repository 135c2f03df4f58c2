/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An import of assets: gathered in a file of its own, taken over in pieces as
 * store_piece.h has it, and in force by one short transaction. It touches
 * nothing of people.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/store/store_asset_parts.h"
#include "policyd/store/store_piece.h"
#include "proto/result.h"

#include "policyd/text.h"

/* ---- beginning and end ------------------------------------------------- */

/* What generations are left that are not in force. Names go kind by kind, or
 * each piece of them would look at all. */
static int
remove_left(struct store_db *db)
{
	static const struct store_part rest[] = {
		{ STORE_SQL_REMOVE_ASSETS, 0 },
		{ STORE_SQL_ASSETS_GENERATION_REMOVE, 0 },
		{ STORE_SQL_COUNT, 0 },
	};
	struct store_part parts[STORE_ASSET_SHIPPED + HWID_KINDS + 3];
	size_t n = 0;
	int kind;

	for (kind = STORE_ASSET_TAG; kind < STORE_ASSET_HWID + HWID_KINDS;
	     kind++)
		if (kind <= STORE_ASSET_SHIPPED || kind > STORE_ASSET_HWID)
			parts[n++] =
			    (struct store_part){ STORE_SQL_REMOVE_ASSET_NAMES,
				    kind };
	memcpy(&parts[n], rest, sizeof(rest));
	return store_piece_remove(db, STORE_SQL_ASSETS_GENERATION_LEFT, parts);
}

int
store_asset_import_begin(struct store *store,
    struct store_asset_import **ret_import)
{
	struct store_asset_import *import;
	int r, saved;

	*ret_import = NULL;
	if ((r = store_file_import_lock(&store->files)) != 0)
		return r;
	if ((import = calloc(1, sizeof(*import))) == NULL) {
		store_file_import_unlock(&store->files);
		return FG_ERR_NOMEM;
	}
	import->store = store;
	if ((r = remove_left(store->db)) != 0 ||
	    (r = store_piece_stage(&store->files,
		 STORE_SQL_ASSETS_GENERATION_ADD, &import->stage)) != 0) {
		saved = errno;
		store_asset_import_free(import);
		errno = saved;
		return r;
	}
	*ret_import = import;
	return 0;
}

void
store_asset_import_free(struct store_asset_import *import)
{
	int saved = errno;

	if (import == NULL)
		return;
	store_piece_unstage(&import->store->files, import->stage);
	if (!import->committed && import->generation != 0)
		(void)remove_left(import->store->db); /* or the next */
	store_file_import_unlock(&import->store->files);
	free(import);
	errno = saved;
}

/* ---- one asset --------------------------------------------------------- */

/* An asset that has the name in this import; the first of several.
 * FG_ERR_NOT_FOUND: none. */
static int
owner_of(struct store_asset_import *import, int kind, const char *name,
    char ret_tag[ASSET_TAG_MAX + 1], uint32_t *ret_line)
{
	struct store_query *q =
	    store_query(import->stage, STORE_SQL_ASSET_TAG_OF);
	int found;

	store_bind_int(q, 1, kind);
	store_bind_text(q, 2, name);
	if ((found = store_query_next(q)) == 0) {
		store_column_text(q, 0, ret_tag, ASSET_TAG_MAX + 1);
		*ret_line = (uint32_t)store_column_int(q, 1, 1, UINT32_MAX);
	}
	return store_query_found(q, found);
}

struct others {
	struct store_asset_import *import;
	struct store_asset_other *other; /* one with the same */
};

static bool
is_exclusive(int kind)
{
	return kind == STORE_ASSET_TAG || kind == STORE_ASSET_DEVICE_KEY;
}

/* What is nobody else's comes first, and then what only should be. */
static int
look_for_other(int kind, const char *name, void *arg)
{
	struct others *others = arg;
	int r;

	if (!is_exclusive(kind) &&
	    (others->other->tag[0] != '\0' ||
		(kind != STORE_ASSET_KEY && kind <= STORE_ASSET_HWID)))
		return 0;
	if ((r = owner_of(others->import, kind, name, others->other->tag,
		 &others->other->line)) != 0)
		return r == FG_ERR_NOT_FOUND ? 0 : r;
	if (is_exclusive(kind))
		return FG_ERR_LIMIT;
	if (kind > STORE_ASSET_HWID)
		others->other->kind = (enum hwid_kind)(kind - STORE_ASSET_HWID);
	return 0;
}

static void
make_upper(const char *tag, char ret_upper[ASSET_TAG_MAX + 1])
{
	size_t i;

	for (i = 0; tag[i] != '\0' && i < ASSET_TAG_MAX; i++)
		ret_upper[i] = text_upper(tag[i]);
	ret_upper[i] = '\0';
}

/* Most tags are in upper case, and are found as such. */
static int
look_for_alike(struct store_asset_import *import, const char *tag,
    char ret_tag[ASSET_TAG_MAX + 1])
{
	char upper[ASSET_TAG_MAX + 1];
	uint32_t line;
	int r = FG_ERR_NOT_FOUND;

	make_upper(tag, upper);
	if (strcmp(upper, tag) != 0)
		r = owner_of(import, STORE_ASSET_TAG, upper, ret_tag, &line);
	if (r == FG_ERR_NOT_FOUND)
		r = owner_of(import, STORE_ASSET_UPPER, upper, ret_tag, &line);
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/* Where a name of the asset that is added leads to. */
struct target {
	struct store_asset_import *import;
	const char *tag;
	int64_t id;
};

static int
put_name(struct store_db *db, int64_t generation, int64_t kind,
    const char *name, const struct target *target)
{
	struct store_query *q = store_query(db, STORE_SQL_ASSET_NAME_ADD);

	store_bind_int(q, 1, generation);
	store_bind_int(q, 2, kind);
	store_bind_text(q, 3, name);
	store_bind_text(q, 4, target->tag);
	store_bind_int(q, 5, target->id);
	return store_query_run(q);
}

static int
add_name(int kind, const char *name, void *arg)
{
	const struct target *target = arg;

	target->import->rows++;
	return put_name(target->import->stage, STORE_STAGED, kind, name,
	    target);
}

static int
add_upper(struct target *target)
{
	char upper[ASSET_TAG_MAX + 1];

	make_upper(target->tag, upper);
	if (strcmp(upper, target->tag) == 0)
		return 0;
	return add_name(STORE_ASSET_UPPER, upper, target);
}

static int
put_asset(struct store_db *db, const struct asset *asset,
    const struct store_asset_row *row, int64_t id)
{
	struct store_query *q = store_query(db, STORE_SQL_ASSET_ADD);

	store_asset_row_bind(q, asset, row);
	store_bind_int(q, STORE_ASSET_COLUMNS + 1, id);
	return store_query_run(q);
}

static int
add_rows(struct store_asset_import *import, const struct asset *asset)
{
	struct target target = {
		.import = import, .tag = asset->tag, .id = import->line
	};
	int r;

	import->rows++;
	if ((r = put_asset(import->stage, asset, &import->row, target.id)) !=
		0 ||
	    (r = add_upper(&target)) != 0)
		return r;
	return store_asset_names(asset, add_name, &target);
}

int
store_asset_import_add(struct store_asset_import *import,
    const struct asset *asset, uint32_t line,
    struct store_asset_other *ret_other)
{
	struct others others = { .import = import, .other = ret_other };
	int r;

	memset(ret_other, 0, sizeof(*ret_other));
	if (import->failed != 0)
		return import->failed;
	/* What is wrong with the asset leaves the import as it was. */
	if ((r = store_asset_row_make(asset, &import->row)) != 0)
		return r;
	if (import->assets == INT32_MAX || line <= import->line)
		return FG_ERR_FORMAT;
	r = store_asset_names(asset, look_for_other, &others);
	if (r == FG_ERR_LIMIT)
		return r;
	import->line = line;
	if (r == 0)
		r = look_for_alike(import, asset->tag, ret_other->alike);
	if (r == 0)
		r = add_rows(import, asset);
	if ((import->failed = r) == 0)
		import->assets++;
	return r;
}

/* ---- in force ---------------------------------------------------------- */

#define DONE_STEP 10000 /* rows from one word of it to the next */

void
store_asset_import_watch(struct store_asset_import *import,
    store_asset_done_fn fn, void *arg)
{
	import->done = fn;
	import->done_arg = arg;
}

static void
tell_done(struct store_asset_import *import)
{
	if (++import->copied % DONE_STEP == 0 && import->done != NULL &&
	    import->copied < import->rows)
		import->done((unsigned int)(import->copied * 100 /
				 import->rows),
		    import->done_arg);
}

static int
copy_asset(struct store_query *from, void *arg)
{
	struct store_asset_import *import = arg;
	struct asset asset;
	int64_t id;
	int r;

	tell_done(import);
	store_asset_row_read(from, &asset);
	id = store_column_int(from, STORE_ASSET_COLUMNS + 1, 1, UINT32_MAX);
	if (store_query_failed(from))
		return FG_ERR_FORMAT;
	if ((r = store_asset_row_make(&asset, &import->row)) != 0)
		return r;
	return put_asset(import->store->db, &asset, &import->row,
	    store_piece_id(import->generation, id));
}

static int
copy_name(struct store_query *from, void *arg)
{
	struct store_asset_import *import = arg;
	int64_t kind = store_column_int(from, 0, 1, STORE_ASSET_NAMES);
	const char *name = store_column_text_direct(from, 1);
	struct target target = { .tag = store_column_text_direct(from, 2),
		.id = store_column_int(from, 3, 1, UINT32_MAX) };

	tell_done(import);
	if (store_query_failed(from))
		return FG_ERR_FORMAT;
	if (kind == STORE_ASSET_UPPER)
		return 0;
	target.id = store_piece_id(import->generation, target.id);
	return put_name(import->store->db, import->generation, kind, name,
	    &target);
}

static int
copy_all(struct store_asset_import *import)
{
	struct store_db *db = import->store->db;
	int r;

	if ((r = store_piece_add(db, STORE_SQL_ASSETS_GENERATION_ADD,
		 &import->generation)) != 0 ||
	    (r = store_piece_copy(store_query(import->stage,
				      STORE_SQL_ALL_ASSETS),
		 db, copy_asset, import)) != 0)
		return r;
	return store_piece_copy(store_query(import->stage,
				    STORE_SQL_ALL_ASSET_NAMES),
	    db, copy_name, import);
}

/* As store_copy_remember(). */
static int
remember(struct store *store)
{
	bool lost;
	int r;

	if ((r = store_assets_have_lost(store, &lost)) != 0)
		return r;
	if (lost)
		return 0; /* it is there, and until the switch it holds */
	return store_piece_remember(store->synced, STORE_SQL_ASSETS_REMEMBER,
	    &store->files, STORE_HAD_ASSETS);
}

static int
set_in_force(struct store_asset_import *import)
{
	struct store_query *q = store_query(import->store->synced,
	    STORE_SQL_ASSETS_GENERATION_SWITCH);

	store_bind_int(q, 1, import->generation);
	store_bind_int(q, 2, import->assets);
	store_bind_int(q, 3, (int64_t)time(NULL));
	return store_query_run(q);
}

/* One short transaction. Of an older copy of the database it settles nothing
 * but what becomes of assets: what people have lost is theirs. */
static int
switch_generation(struct store_asset_import *import)
{
	struct store_db *db = import->store->synced;
	int r;

	if ((r = store_piece_begin(db)) != 0)
		return r;
	if ((r = store_query_run(store_query(db,
		 STORE_SQL_ASSETS_GENERATION_RETIRE))) == 0 &&
	    (r = set_in_force(import)) == 0)
		/* From here on, without an inventory it has lost one. */
		r = store_query_run(store_query(db, STORE_SQL_ASSETS_FORGET));
	return store_change_end(import->store, r);
}

int
store_asset_import_commit(struct store_asset_import *import)
{
	int r;

	if (import->failed != 0)
		return import->failed;
	if ((r = copy_all(import)) != 0 || (r = remember(import->store)) != 0 ||
	    (r = switch_generation(import)) != 0)
		return r;
	import->committed = true;
	/* It is in force whatever becomes of the old one: the next tries. */
	(void)remove_left(import->store->db);
	return 0;
}
