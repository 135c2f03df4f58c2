/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * people.csv, a table as csv_table.h has it. An import that has reported an
 * error is not whole, and the caller must not take it for one.
 */
#ifndef FG_PERSON_CSV_H
#define FG_PERSON_CSV_H

#include <stdio.h>

#include "policyd/people/cities.h"
#include "policyd/people/csv_table.h"
#include "policyd/people/person.h"


struct person_csv_options {
	const struct csv_table_map *map;
	size_t		 nmap;
	const struct cities *cities;	/* NULL: homes need coordinates */
	csv_table_fn	 error;
	void		*arg;
};

struct person_csv;

/*
 * Read the header. The map is not used any more when this returns; in and the
 * cities are, until person_csv_free().
 * Returns 0, FG_ERR_FORMAT (reported), FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	person_csv_open(FILE *in, const struct person_csv_options *options,
	    struct person_csv **ret_csv);

/*
 * The next good person; wrong records are reported and passed over.
 * Returns 0, FG_ERR_NOT_FOUND at the end, or FG_ERR_SYSTEM.
 */
int	person_csv_next(struct person_csv *csv, struct person *ret_person,
	    unsigned long *ret_line);

void	person_csv_free(struct person_csv *csv);

/* The same format, written. Return 0 or FG_ERR_SYSTEM. */
int	person_csv_header(FILE *out);
int	person_csv_write(FILE *out, const struct person *person);

#endif
