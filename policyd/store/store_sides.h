/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is in force and what an import has gathered, side by side in the order
 * of their names, one row of each at a time; for policyd/store alone.
 */
#ifndef FG_STORE_SIDES_H
#define FG_STORE_SIDES_H

#include "policyd/store/store_parts.h"

/* One of the two lists, and where it is. */
struct store_side {
	void		*row;	/* the caller's, for one */
	struct store_query *q;
	bool		 more;	/* there is one, which follows */
	bool		 whole;	/* it could be read */
	char		 name[FG_USER_MAX + 1];
};

struct store_sides {
	enum store_sql	 sql;		/* in the order of the names */
	int		 name_column;
	size_t		 name_size;	/* with the NUL; at most of .name */
	size_t		 row_size;	/* bytes */
	/* All of .row is written; errors are the query's. */
	void		 (*read)(struct store_query *q, void *ret_row);
	/* 'A' is in the new one alone, 'R' in the old one alone, 'C' in both,
	 * where they differ or one cannot be read; non-zero stops. */
	int		 (*tell)(char change, const struct store_side *old,
			    const struct store_side *new, void *arg);
	struct store_side old, new;
};

/* Of both only .row is set. Returns 0, also when stopped, or an error. */
int	store_sides_compare(struct store_sides *sides, struct store_db *old,
	    struct store_db *new, void *arg);

#endif
