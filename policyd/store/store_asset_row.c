/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An asset as a row and back, and the names by which it is found. What is read
 * is checked like a stranger's: a damaged row is an error, never another asset.
 * Nothing is parsed that asset.c parses: a login reads what an import
 * understood.
 */
#include <math.h>
#include <string.h>

#include "policyd/store/store_asset_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

/* They are in the file: never given another meaning. */
_Static_assert(ASSET_PHYSICAL == 1 && ASSET_VIRTUAL == 2,
    "forms are stored by number");
_Static_assert(ASSET_ISSUED == 1 && ASSET_STOCK == 2 && ASSET_LOST == 3 &&
	ASSET_RETIRED == 4,
    "states are stored by number");
_Static_assert(HWID_TPM == 1 && HWID_BOARD == 2 && HWID_DISK == 3 &&
	HWID_UUID == 4 && HWID_SERIAL == 5 && HWID_CHASSIS == 6 &&
	HWID_MAC == 7 && STORE_ASSET_HWID + HWID_KINDS <= STORE_ASSET_NAMES,
    "kinds of IDs are stored by number");

/* ---- what an asset looks like ------------------------------------------ */

static bool
is_tag(const char *tag, size_t size)
{
	size_t i, len = strnlen(tag, size);

	for (i = 0; i < len; i++)
		if (tag[i] <= ' ' || tag[i] > '~')
			return false;
	return len > 0 && len < size;
}

static bool
is_place(const struct asset_place *p)
{
	return STORE_ENDS(p->text) &&
	    (!p->has_point ||
		(isfinite(p->latitude) && isfinite(p->longitude)));
}

static bool
is_hwid(const struct hwid *id)
{
	return id->kind > HWID_NONE && id->kind < HWID_KINDS &&
	    id->text[0] != '\0' && STORE_ENDS(id->text) &&
	    strchr(id->text, '\n') == NULL;
}

static bool
comes_before(const struct hwid *a, const struct hwid *b)
{
	return a->kind < b->kind ||
	    (a->kind == b->kind && strcmp(a->text, b->text) < 0);
}

static bool
are_hwids(const struct hwids *ids)
{
	size_t i;

	if (ids->n > HWIDS_MAX)
		return false;
	for (i = 0; i < ids->n; i++)
		if (!is_hwid(&ids->list[i]) ||
		    (i > 0 && !comes_before(&ids->list[i - 1], &ids->list[i])))
			return false;
	return true;
}

static bool
is_whole(const struct asset *a)
{
	return is_tag(a->tag, sizeof(a->tag)) && a->form >= ASSET_PHYSICAL &&
	    a->form <= ASSET_VIRTUAL && a->status >= ASSET_ISSUED &&
	    a->status <= ASSET_RETIRED && a->nusers <= ASSET_USERS_MAX &&
	    a->nkeys <= ASSET_KEYS_MAX && STORE_ENDS(a->vendor) &&
	    STORE_ENDS(a->model) && STORE_ENDS(a->device_key) &&
	    are_hwids(&a->ids) && is_place(&a->location) &&
	    is_place(&a->shipped_to);
}

/* ---- writing ----------------------------------------------------------- */

/* buf has room for all of them. */
static int
join_ids(const struct hwids *ids, char *buf, size_t size)
{
	size_t i, len = 0;

	*buf = '\0';
	for (i = 0; i < ids->n; i++) {
		if (text_format(buf + len, size - len, "%s%u %s",
			i > 0 ? "\n" : "", (unsigned int)ids->list[i].kind,
			ids->list[i].text) != 0)
			return FG_ERR_FORMAT;
		len += strlen(buf + len);
	}
	return 0;
}

int
store_asset_row_make(const struct asset *a, struct store_asset_row *row)
{
	const struct store_list users = STORE_LIST(a->user, a->nusers);
	const struct store_list keys = STORE_LIST(a->key, a->nkeys);
	int r;

	if (!is_whole(a))
		return FG_ERR_FORMAT;
	if ((r = store_list_join(&users, row->users)) != 0 ||
	    (r = store_list_join(&keys, row->keys)) != 0)
		return r;
	return join_ids(&a->ids, row->ids, sizeof(row->ids));
}

/* Without a point the two behind the text stay NULL. */
static void
bind_place(struct store_query *q, int n, const struct asset_place *p)
{
	store_bind_text(q, n, p->text);
	if (p->has_point) {
		store_bind_real(q, n + 1, p->latitude);
		store_bind_real(q, n + 2, p->longitude);
	}
}

/* In the order of ASSET_OWN in store_sql_device.c. */
void
store_asset_row_bind(struct store_query *q, const struct asset *a,
    const struct store_asset_row *row)
{
	store_bind_text(q, 1, a->tag);
	store_bind_int(q, 2, a->form);
	store_bind_int(q, 3, a->status);
	store_bind_text(q, 4, row->users);
	store_bind_text(q, 5, a->vendor);
	store_bind_text(q, 6, a->model);
	store_bind_text(q, 7, row->ids);
	store_bind_text(q, 8, a->device_key);
	store_bind_text(q, 9, row->keys);
	bind_place(q, 10, &a->location);
	bind_place(q, 13, &a->shipped_to);
}

/* ---- reading ----------------------------------------------------------- */

/* "KIND TEXT" */
static bool
split_id(char *line, struct hwid *ret_id)
{
	char *blank = strchr(line, ' ');
	uint64_t kind;

	if (blank == NULL)
		return false;
	*blank = '\0';
	if (text_parse_uint(line, HWID_NONE + 1, HWID_KINDS - 1, &kind) != 0 ||
	    text_copy(ret_id->text, sizeof(ret_id->text), blank + 1) != 0)
		return false;
	ret_id->kind = (enum hwid_kind)kind;
	return true;
}

static void
read_ids(struct store_query *q, int column, struct hwids *ids)
{
	const char *text = store_column_text_direct(q, column);
	char line[HWID_TEXT_MAX + 4];

	while (store_column_line(q, &text, line, sizeof(line))) {
		if (ids->n == HWIDS_MAX ||
		    !split_id(line, &ids->list[ids->n])) {
			store_query_fail(q, FG_ERR_FORMAT);
			return;
		}
		ids->n++;
	}
}

static void
read_place(struct store_query *q, int column, struct asset_place *p)
{
	STORE_COLUMN(q, column, p->text);
	p->has_point =
	    store_column_point(q, column + 1, &p->latitude, &p->longitude);
}

void
store_asset_row_read(struct store_query *q, struct asset *a)
{
	memset(a, 0, sizeof(*a));
	STORE_COLUMN(q, 0, a->tag);
	a->form = (enum asset_form)store_column_int(q, 1, ASSET_PHYSICAL,
	    ASSET_VIRTUAL);
	a->status = (enum asset_status)store_column_int(q, 2, ASSET_ISSUED,
	    ASSET_RETIRED);
	a->nusers = STORE_COLUMN_LIST(q, 3, a->user);
	STORE_COLUMN(q, 4, a->vendor);
	STORE_COLUMN(q, 5, a->model);
	read_ids(q, 6, &a->ids);
	STORE_COLUMN(q, 7, a->device_key);
	a->nkeys = STORE_COLUMN_LIST(q, 8, a->key);
	read_place(q, 9, &a->location);
	read_place(q, 12, &a->shipped_to);
	/* Found by a tag that it does not have, it is another one. */
	if (strcmp(store_column_text_direct(q, STORE_ASSET_COLUMNS), a->tag) !=
		0 ||
	    !is_whole(a))
		store_query_fail(q, FG_ERR_FORMAT);
}

/* ---- names ------------------------------------------------------------- */

int
store_asset_shipped_name(const char *place, char ret_name[ASSET_PLACE_MAX + 1])
{
	size_t i;
	int r;

	if ((r = text_copy(ret_name, ASSET_PLACE_MAX + 1, place)) != 0)
		return r;
	for (i = 0; ret_name[i] != '\0'; i++)
		ret_name[i] = text_lower(ret_name[i]);
	return 0;
}

/* Of one that is issued. */
static int
shipped_name(const struct asset *a, store_asset_name_fn fn, void *arg)
{
	char name[ASSET_PLACE_MAX + 1];

	if (a->status != ASSET_ISSUED || a->shipped_to.text[0] == '\0')
		return 0;
	/* It fits, as it has the same size. */
	(void)store_asset_shipped_name(a->shipped_to.text, name);
	return fn(STORE_ASSET_SHIPPED, name, arg);
}

int
store_asset_names(const struct asset *a, store_asset_name_fn fn, void *arg)
{
	const struct hwid *id = a->ids.list;
	size_t i;
	int r;

	if ((r = fn(STORE_ASSET_TAG, a->tag, arg)) != 0)
		return r;
	if (a->device_key[0] != '\0')
		r = fn(STORE_ASSET_DEVICE_KEY, a->device_key, arg);
	for (i = 0; r == 0 && i < a->ids.n; i++)
		r = fn(STORE_ASSET_HWID + (int)id[i].kind, id[i].text, arg);
	for (i = 0; r == 0 && i < a->nkeys; i++)
		r = fn(STORE_ASSET_KEY, a->key[i], arg);
	for (i = 0; r == 0 && i < a->nusers; i++)
		r = fn(STORE_ASSET_USER, a->user[i], arg);
	return r != 0 ? r : shipped_name(a, fn, arg);
}
