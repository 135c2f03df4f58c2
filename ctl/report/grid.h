/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of texts that is put together row by row, before anybody knows how it
 * is shown. Texts are other people's: who shows them escapes them.
 */
#ifndef FG_CTL_REPORT_GRID_H
#define FG_CTL_REPORT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRID_COLUMNS_MAX 10u

struct grid_column {
	const char	*name;
	bool		 number;	/* its cells are */
};

struct grid {
	const char	*caption;	/* static, as the columns are */
	const struct grid_column *columns;
	size_t		 ncolumns;
	size_t		 max;		/* rows; of more, the last ones stay */
	char		**cells;	/* row by row */
	size_t		 n;		/* cells */
	uint64_t	 dropped;	/* rows */
	bool		 failed;	/* no memory: it is not whole */
};

/* columns ends with a name that is NULL. Nothing is allocated yet. */
void	grid_init(struct grid *grid, const char *caption,
	    const struct grid_column *columns, size_t max);
void	grid_done(struct grid *grid);

/* The next cell. */
void	grid_add(struct grid *grid, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

size_t	grid_rows(const struct grid *grid);
const char *grid_cell(const struct grid *grid, size_t row, size_t column);

#endif
