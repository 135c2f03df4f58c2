/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows, and a heap of them with the least at its top. What happens depends
 * on nothing but the order of the keys that come.
 */
#include "ctl/report/tally.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/report/slots.h"
#include "policyd/text.h"
#include "proto/result.h"

struct tally {
	struct slots *slots;
	struct tally_row *rows;
	size_t *heap; /* rows */
	size_t *place; /* of each row in the heap */
	size_t n, max;
	bool cut;
};

struct tally *
tally_new(size_t max)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->max = max;
	t->slots = slots_new(max);
	t->rows = calloc(max, sizeof(*t->rows));
	t->heap = calloc(max, sizeof(*t->heap));
	t->place = calloc(max, sizeof(*t->place));
	if (t->slots == NULL || t->rows == NULL || t->heap == NULL ||
	    t->place == NULL) {
		tally_free(t);
		return NULL;
	}
	return t;
}

void
tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	slots_free(t->slots);
	free(t->rows);
	free(t->heap);
	free(t->place);
	free(t);
}

/* ---- the heap ---------------------------------------------------------- */

/* As much as it can have come; of equal ones the older row. */
static bool
is_less(const struct tally *t, size_t a, size_t b)
{
	uint64_t x = t->rows[a].all + t->rows[a].missed;
	uint64_t y = t->rows[b].all + t->rows[b].missed;

	return x != y ? x < y : a < b;
}

static void
set_place(struct tally *t, size_t place, size_t row)
{
	t->heap[place] = row;
	t->place[row] = place;
}

/* It has become more. */
static void
sink(struct tally *t, size_t place)
{
	size_t row = t->heap[place], child;

	while ((child = 2 * place + 1) < t->n) {
		if (child + 1 < t->n &&
		    is_less(t, t->heap[child + 1], t->heap[child]))
			child++;
		if (is_less(t, row, t->heap[child]))
			break;
		set_place(t, place, t->heap[child]);
		place = child;
	}
	set_place(t, place, row);
}

/* It is new. */
static void
rise(struct tally *t, size_t place)
{
	size_t row = t->heap[place], above;

	for (; place > 0; place = above) {
		above = (place - 1) / 2;
		if (!is_less(t, row, t->heap[above]))
			break;
		set_place(t, place, t->heap[above]);
	}
	set_place(t, place, row);
}

/* ---- what comes -------------------------------------------------------- */

static int
take_row(struct tally *t, const char *key, size_t *ret_row)
{
	size_t row = t->n < t->max ? t->n : t->heap[0];
	struct tally_row *r = &t->rows[row];
	uint64_t before = t->n < t->max ? 0 : r->all + r->missed;

	if (slots_put(t->slots, row, key) != 0)
		return FG_ERR_NOMEM;
	memset(r, 0, sizeof(*r));
	r->key = slots_key(t->slots, row);
	r->missed = before;
	if (t->n < t->max) {
		set_place(t, t->n++, row);
		rise(t, t->place[row]);
	} else
		t->cut = true;
	*ret_row = row;
	return 0;
}

int
tally_add(struct tally *t, const char *given, enum outcome outcome,
    int64_t at_s, uint64_t value)
{
	char key[TALLY_KEY_MAX + 1];
	struct tally_row *r;
	size_t row;

	(void)text_copy(key, sizeof(key), given); /* the rest is cut off */
	row = slots_find(t->slots, key);
	if (row == SLOTS_NONE && take_row(t, key, &row) != 0)
		return FG_ERR_NOMEM;
	r = &t->rows[row];
	r->n[outcome]++;
	r->all++;
	if (at_s > r->last_s)
		r->last_s = at_s;
	if (value > r->most)
		r->most = value;
	sink(t, t->place[row]);
	return 0;
}

/* ---- what there is ----------------------------------------------------- */

static int
by_most(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	if (x->all != y->all)
		return x->all > y->all ? -1 : 1;
	return strcmp(x->key, y->key);
}

size_t
tally_top(const struct tally *t, size_t max, struct tally_row *rows)
{
	struct tally_row *all = calloc(t->n + 1, sizeof(*all));
	size_t n = t->n < max ? t->n : max;

	if (all == NULL)
		return 0;
	memcpy(all, t->rows, t->n * sizeof(*all));
	qsort(all, t->n, sizeof(*all), by_most);
	memcpy(rows, all, n * sizeof(*rows));
	free(all);
	return n;
}

size_t
tally_rows(const struct tally *t)
{
	return t->n;
}

bool
tally_is_cut(const struct tally *t)
{
	return t->cut;
}
