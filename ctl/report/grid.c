/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cells in one list; a row too many at its end drops the first one.
 */
#include "ctl/report/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
grid_init(struct grid *g, const char *caption,
    const struct grid_column *columns, size_t max)
{
	memset(g, 0, sizeof(*g));
	g->caption = caption;
	g->columns = columns;
	while (columns[g->ncolumns].name != NULL)
		g->ncolumns++;
	g->max = max;
}

void
grid_done(struct grid *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->cells[i]);
	free(g->cells);
	g->cells = NULL;
	g->n = 0;
}

static void
drop_first(struct grid *g)
{
	for (size_t i = 0; i < g->ncolumns; i++)
		free(g->cells[i]);
	g->n -= g->ncolumns;
	memmove(g->cells, g->cells + g->ncolumns, g->n * sizeof(*g->cells));
	g->dropped++;
}

/* Room for a row, twice as much when a power of two of them is full. */
static bool
make_room(struct grid *g)
{
	size_t rows = grid_rows(g);
	char **cells;

	if (rows == g->max) {
		drop_first(g);
		return true;
	}
	if (rows != 0 && (rows & (rows - 1)) != 0)
		return true;
	cells = reallocarray(g->cells, rows == 0 ? 1 : 2 * rows,
	    g->ncolumns * sizeof(*cells));
	if (cells == NULL)
		return false;
	g->cells = cells;
	return true;
}

void
grid_add(struct grid *g, const char *fmt, ...)
{
	char *cell;
	va_list ap;
	int r;

	if (g->failed)
		return;
	va_start(ap, fmt);
	r = vasprintf(&cell, fmt, ap);
	va_end(ap);
	if (r == -1) {
		g->failed = true;
	} else if (g->n % g->ncolumns == 0 && !make_room(g)) {
		g->failed = true;
		free(cell);
	} else
		g->cells[g->n++] = cell;
}

size_t
grid_rows(const struct grid *g)
{
	return g->n / g->ncolumns;
}

const char *
grid_cell(const struct grid *g, size_t row, size_t column)
{
	return g->cells[row * g->ncolumns + column];
}
