/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What files call their columns: the case of ASCII does not count, and blanks
 * and hyphens are underscores.
 */
#ifndef FG_CSV_NAME_H
#define FG_CSV_NAME_H

#include <stdbool.h>

#include "policyd/people/csv_table.h"

/* "Asset Tag" is asset_tag. */
bool		 csv_name_is(const char *name, const char *field);

/* The field that the column may be meant as: what others call so, or one with
 * nearly this name. Static; NULL: none is. */
const char	*csv_name_near(const struct csv_table_kind *kind,
		    const char *name);

#endif
