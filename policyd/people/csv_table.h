/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CSV file (RFC 4180, UTF-8, with or without BOM, LF or CRLF) whose first
 * line names fields of something, read as a stream: memory does not grow with
 * the file. Columns may be separated by ';' or tabs as well; the first line
 * decides. Every wrong line is reported with its number: a reader that has
 * reported one has not read the whole file. What the fields mean is the
 * caller's.
 */
#ifndef FG_CSV_TABLE_H
#define FG_CSV_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CSV_TABLE_MAP_MAX	32u
#define CSV_TABLE_VALUE_MAX	4600u	/* bytes of one that is written */

/* "--map column=field": this file's name for a field. */
struct csv_table_map {
	const char	*column;
	const char	*field;		/* "" leaves the column out */
};

/* What another inventory calls a field; it is only proposed. */
struct csv_table_alias {
	const char	*name;		/* as csv_name.h compares; NULL ends */
	const char	*field;
};

/* What the rows are; static. */
struct csv_table_kind {
	const char *const *fields;	/* in their order, NULL-terminated */
	const char	*required;	/* a row needs it */
	const char	*page;		/* "farmgate-people(5)" */
	const char	*example;	/* of a first line */
	const char	*other;		/* what else the file may be; or NULL */
	const struct csv_table_alias *aliases;	/* or NULL */
};

/* line: where the record begins, from 1. text: what, "; " and the fix. */
typedef void (*csv_table_fn)(unsigned long line, const char *text, void *arg);

struct csv_table_options {
	const struct csv_table_kind *kind;
	const struct csv_table_map *map;
	size_t		 nmap;
	csv_table_fn	 error;		/* NULL: nobody is told */
	csv_table_fn	 warn;		/* NULL: nobody is told */
	void		*arg;
};

struct csv_table;

/*
 * Read the header. Unknown columns without a map are an error that names them
 * and says how to leave them out. The map is not used any more when this
 * returns; in is, until csv_table_free().
 * Returns 0, FG_ERR_FORMAT (reported), FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	csv_table_open(FILE *in, const struct csv_table_options *options,
	    struct csv_table **ret_table);

/*
 * The next record that has as many columns as the first line; others are
 * reported and passed over, empty lines without a word.
 * Returns 0, FG_ERR_NOT_FOUND at the end, or FG_ERR_SYSTEM.
 */
int	csv_table_next(struct csv_table *table, unsigned long *ret_line);

/* Set one field of a row from its text. Returns 0, or an error that *ret_why
 * explains. */
typedef int (*csv_table_set_fn)(void *row, const char *field, const char *text,
    const char **ret_why);

/* Set all that the record has. False if something was wrong, and reported. */
bool	csv_table_fill(struct csv_table *table, csv_table_set_fn set,
	    void *row);

/* Called by set: warn of the text that it was given, or of a part of it. */
void	csv_table_warn(struct csv_table *table, const char *value,
	    const char *why);

/* Report that the record is wrong, or its value of this name. */
void	csv_table_wrong(struct csv_table *table, const char *why);
void	csv_table_wrong_value(struct csv_table *table, const char *name,
	    const char *value, const char *why);

void	csv_table_free(struct csv_table *table);

/* ---- the same format, written ---- */

/* A field's text. Returns buf. */
typedef const char *(*csv_table_get_fn)(const void *row, const char *field,
    char buf[CSV_TABLE_VALUE_MAX]);

/* Return 0 or FG_ERR_SYSTEM. */
int	csv_table_write_header(FILE *out, const char *const *fields);
int	csv_table_write(FILE *out, const char *const *fields,
	    csv_table_get_fn get, const void *row);

#endif
