/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * There are few names: a row after the other is looked at.
 */
#include "ctl/dossier/counts.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

void
counts_done(struct counts *t)
{
	free(t->rows);
	memset(t, 0, sizeof(*t));
}

static struct counts_row *
find(struct counts *t, const char *name)
{
	char cut[COUNTS_NAME_SIZE];

	(void)text_copy(cut, sizeof(cut), name);
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->rows[i].name, cut) == 0)
			return &t->rows[i];
	return NULL;
}

static int
add(struct counts *t, const char *name, const char *ts)
{
	struct counts_row *rows;

	rows = reallocarray(t->rows, t->n + 1, sizeof(*rows));
	if (rows == NULL)
		return FG_ERR_NOMEM;
	t->rows = rows;
	memset(&rows[t->n], 0, sizeof(rows[0]));
	(void)text_copy(rows[t->n].name, sizeof(rows[0].name), name);
	(void)text_copy(rows[t->n].first, sizeof(rows[0].first), ts);
	t->n++;
	return 0;
}

int
counts_add(struct counts *t, const char *name, bool refused, const char *ts)
{
	struct counts_row *row = find(t, name);
	int r;

	if (row == NULL && t->n == COUNTS_NAMES_MAX) {
		t->others++;
		return 0;
	}
	if (row == NULL && (r = add(t, name, ts)) != 0)
		return r;
	if (row == NULL)
		row = &t->rows[t->n - 1];
	row->in += !refused;
	row->refused += refused;
	(void)text_copy(row->last, sizeof(row->last), ts);
	return 0;
}

void
counts_set(const struct counts *t, struct json *json, const char *key)
{
	struct json *list = json_set_array(json, key), *o;

	for (size_t i = 0; i < t->n; i++) {
		o = json_add_object(list);
		json_set_string(o, "name", t->rows[i].name);
		json_set_int(o, "in", (int64_t)t->rows[i].in);
		json_set_int(o, "refused", (int64_t)t->rows[i].refused);
		json_set_string(o, "first", t->rows[i].first);
		json_set_string(o, "last", t->rows[i].last);
	}
}
