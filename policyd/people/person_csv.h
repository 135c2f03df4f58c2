/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * people.csv (RFC 4180, UTF-8, with or without BOM, LF or CRLF), read as a
 * stream: memory does not grow with the file. Columns may be separated by ';'
 * or tabs as well; the first line decides. Every wrong line is reported with
 * its number: an import that has reported one is not whole, and the caller
 * must not take it for one.
 */
#ifndef FG_PERSON_CSV_H
#define FG_PERSON_CSV_H

#include <stdbool.h>
#include <stdio.h>

#include "policyd/people/cities.h"
#include "policyd/people/person.h"

#define PERSON_CSV_MAP_MAX	32u

/* "--map column=field": this file's name for a field. */
struct person_csv_map {
	const char	*column;
	const char	*field;		/* "" leaves the column out */
};

/* line: where the record begins, from 1. text: what, "; " and the fix. */
typedef void (*person_csv_error_fn)(unsigned long line, const char *text,
    void *arg);

struct person_csv_options {
	const struct person_csv_map *map;
	size_t		 nmap;
	const struct cities *cities;	/* NULL: homes need coordinates */
	person_csv_error_fn error;
	void		*arg;
};

struct person_csv;

/*
 * Read the header. Unknown columns without a map are an error that names them
 * and says how to leave them out. The map is not used any more when this
 * returns; in and the cities are, until person_csv_free().
 * Returns 0, FG_ERR_FORMAT (reported), FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	person_csv_open(FILE *in, const struct person_csv_options *options,
	    struct person_csv **ret_csv);

/*
 * The next good person; wrong records are reported and passed over.
 * Returns 0, FG_ERR_NOT_FOUND at the end, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	person_csv_next(struct person_csv *csv, struct person *ret_person,
	    unsigned long *ret_line);

void	person_csv_free(struct person_csv *csv);

/* The same format, written. Return 0 or FG_ERR_SYSTEM. */
int	person_csv_header(FILE *out);
int	person_csv_write(FILE *out, const struct person *person);

#endif
