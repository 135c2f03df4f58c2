/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of a CSV file (RFC 4180) from a stream, one at a time, with what is
 * wrong about each. Nothing in here knows what the columns mean.
 */
#ifndef FG_CSV_RECORD_H
#define FG_CSV_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CSV_RECORD_MAX	65536u	/* bytes */
#define CSV_FIELDS_MAX	64u

struct csv_reader {
	FILE		*in;		/* borrowed */
	char		 delimiter;	/* '\0': the first of , ; and tab */
	unsigned long	 line;		/* the one that comes next, from 1 */
	bool		 ended;
	unsigned char	 start[3];	/* of the file, if it is no mark */
	size_t		 nstart, at_start;
	/* The last record; all fields are terminated. */
	unsigned long	 begins;	/* the line */
	size_t		 nfields;
	size_t		 field[CSV_FIELDS_MAX];	/* offsets into data */
	const char	*why;		/* NULL, or what is wrong; static */
	unsigned long	 quote;		/* line of a quote that never ends */
	size_t		 used;
	char		 data[CSV_RECORD_MAX + 1];
};

void	csv_reader_init(struct csv_reader *reader, FILE *in);

/*
 * The next record, wrong ones included (.why); one with .quote is the last.
 * Returns 0, FG_ERR_NOT_FOUND at the end, or FG_ERR_SYSTEM.
 */
int	csv_reader_next(struct csv_reader *reader);

/* No field has more than blanks, as in an empty line. */
bool	csv_reader_is_empty(const struct csv_reader *reader);

/* One field, quoted where that is needed. */
void	csv_write_field(FILE *out, const char *text);

#endif
