/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inventory of assets as a file, a table as csv_table.h has it: one of its
 * own, or what another inventory exports. An import that has reported an error
 * is not whole, and the caller must not take it for one.
 */
#ifndef FG_ASSET_CSV_H
#define FG_ASSET_CSV_H

#include <stdio.h>

#include "policyd/device/asset.h"
#include "policyd/people/cities.h"
#include "policyd/people/csv_table.h"

struct asset_csv_options {
	const struct csv_table_map *map;
	size_t		 nmap;
	const struct cities *cities;	/* NULL: locations need degrees */
	csv_table_fn	 error;
	csv_table_fn	 warn;		/* an ID is left out: it is none */
	void		*arg;
};

struct asset_csv;

/*
 * Read the header. The map is not used any more when this returns; in and the
 * cities are, until asset_csv_free().
 * Returns 0, FG_ERR_FORMAT (reported), FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	asset_csv_open(FILE *in, const struct asset_csv_options *options,
	    struct asset_csv **ret_csv);

/*
 * The next good asset; wrong records are reported and passed over. A city that
 * it was shipped to has no point if it is in no list.
 * Returns 0, FG_ERR_NOT_FOUND at the end, or FG_ERR_SYSTEM.
 */
int	asset_csv_next(struct asset_csv *csv, struct asset *ret_asset,
	    unsigned long *ret_line);

void	asset_csv_free(struct asset_csv *csv);

/* The same format, written. Return 0 or FG_ERR_SYSTEM. */
int	asset_csv_header(FILE *out);
int	asset_csv_write(FILE *out, const struct asset *asset);

#endif
