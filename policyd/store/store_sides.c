/* SPDX-License-Identifier: BSD-2-Clause */
#include "policyd/store/store_sides.h"

#include <string.h>

#include "proto/result.h"

static int
next(const struct store_sides *sides, struct store_side *side)
{
	int r = store_query_next(side->q);

	side->more = r == 0;
	if (r != 0)
		return r == FG_ERR_NOT_FOUND ? 0 : r;
	store_column_text(side->q, sides->name_column, side->name,
	    sides->name_size);
	if (store_query_failed(side->q))
		return FG_ERR_FORMAT;
	/* What is damaged is what an import mends. */
	sides->read(side->q, side->row);
	side->whole = !store_query_failed(side->q);
	store_query_pass(side->q);
	return store_query_failed(side->q) ? FG_ERR_NOMEM : 0;
}

static bool
is_same(const struct store_sides *sides)
{
	return sides->old.whole &&
	    sides->new.whole &&memcmp(sides->old.row, sides->new.row,
		sides->row_size) == 0;
}

static int
walk(struct store_sides *sides, void *arg)
{
	struct store_side *old = &sides->old, *new = &sides->new;
	int r, order, stop = 0;

	if ((r = next(sides, old)) != 0 || (r = next(sides, new)) != 0)
		return r;
	while (stop == 0 && (old->more || new->more)) {
		order = !new->more ? -1 :
		    !old->more	   ? 1 :
				     strcmp(old->name, new->name);
		if (order < 0)
			stop = sides->tell('R', old, new, arg);
		else if (order > 0)
			stop = sides->tell('A', old, new, arg);
		else if (!is_same(sides))
			stop = sides->tell('C', old, new, arg);
		if (order <= 0 && (r = next(sides, old)) != 0)
			return r;
		if (order >= 0 && (r = next(sides, new)) != 0)
			return r;
	}
	return 0;
}

int
store_sides_compare(struct store_sides *sides, struct store_db *old,
    struct store_db *new, void *arg)
{
	int r, s;

	sides->old.q = store_query(old, sides->sql);
	sides->new.q = store_query(new, sides->sql);
	r = walk(sides, arg);
	s = store_query_end(sides->new.q);
	r = r != 0 ? r : s;
	s = store_query_end(sides->old.q);
	return r != 0 ? r : s;
}
