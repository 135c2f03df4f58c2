/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signs of hardware, and since when each has been there: as long as it is
 * in every scan.
 */
#ifndef FG_ROSTER_H
#define FG_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/picture.h"
#include "policyd/scanner/rule.h"

#define ROSTER_MAX	PICTURE_SIGNS_MAX
#define ROSTER_WORDS	512u	/* bytes that hold a sign's words uncut */

struct roster_line {
	uint32_t kind;			/* enum entry_kind */
	char	 what[SIGN_WHAT_MAX + 1];
	int64_t	 since_s;		/* 0: it was there before */
	bool	 here;			/* in this scan */
};

/* Zeroed is an empty one. */
struct roster {
	struct picture *picture;	/* borrowed, during a scan */
	uint64_t last;			/* rules of the last whole scan, + 1 */
	size_t	 nlines;
	struct roster_line line[ROSTER_MAX];
};

void	roster_begin(struct roster *roster, struct picture *picture);
/* whole: what was not there any more is forgotten. */
void	roster_end(struct roster *roster, bool whole);

/* What roster_add() is told of a sign. */
struct roster_sign {
	enum entry_kind	 kind;
	enum sign_grade	 grade;
	enum sign_confidence confidence;
	enum entry_steers steers;
	const char	*what;		/* any bytes, as .seen */
	const char	*seen;
	bool		 serial;	/* as of struct sign */
};

/* Add a sign of this machine to the picture. */
void	roster_add(struct roster *roster, const struct roster_sign *sign);
/* The same of an entry; nothing for one that is ordinary. */
void	roster_add_entry(struct roster *roster,
	    const struct rule_entry *entry, enum sign_grade grade,
	    enum sign_confidence confidence, const char *seen);

/* Whether there is one in the picture by now. */
bool	roster_has(const struct roster *roster, enum entry_kind kind,
	    const char *what);

/* A device's own string in quotes: printable, without quotes, cut. */
#define ROSTER_QUOTE_SIZE 43u
void	roster_quote(char ret_quote[ROSTER_QUOTE_SIZE], const char *s);

#endif
