/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of a bundle, each a JSON object: a head, people, revocations,
 * names that were given back, and an end that counts them; farmgate-bundle(5)
 * has the form. Behind them stands the seal. What this version does not know
 * is refused: a rule that is passed over would hold for nobody.
 */
#ifndef FG_BUNDLE_LINE_H
#define FG_BUNDLE_LINE_H

#include "policyd/json/json.h"
#include "policyd/people/person.h"
#include "policyd/store/store_revocation.h"

#define BUNDLE_VERSION	1
#define BUNDLE_WHY_SIZE	200u

struct bundle_head {
	uint64_t	 serial;	/* from 1; rises */
	int64_t		 made_s;	/* what it says was so then */
};

struct bundle_counts {
	uint64_t	 people;
	uint64_t	 revocations;
	uint64_t	 given_back;
};

/* ---- to write; the caller frees, or hands them on ---- */

struct json	*bundle_head_line(const struct bundle_head *head);
struct json	*bundle_person_line(const struct person *person);
struct json	*bundle_revocation_line(const struct store_revocation *r);
struct json	*bundle_given_back_line(const char *name, int64_t at_s);
struct json	*bundle_end_line(const struct bundle_counts *counts);

/* ---- to read ---- */

enum bundle_kind {
	BUNDLE_NOTHING = 0,
	BUNDLE_PERSON,
	BUNDLE_REVOCATION,
	BUNDLE_GIVEN_BACK
};

/* What a line says; of the others nothing. */
struct bundle_item {
	enum bundle_kind kind;
	struct person	 person;
	struct store_revocation revocation;	/* .user, .at_s, .reason,
						 * .made_s */
	char		 name[FG_USER_MAX + 1];	/* given back, */
	int64_t		 at_s;			/* then */
};

struct bundle_reader {
	const char	*at;		/* borrowed */
	const char	*end;
	unsigned long	 line;		/* the last one that was read, from 1 */
	struct bundle_counts counts;
	char		 why[BUNDLE_WHY_SIZE];	/* after FG_ERR_FORMAT */
};

/* Of a bundle without its seal. Returns 0 or FG_ERR_FORMAT. */
int	bundle_read_head(const char *bytes, size_t len,
	    struct bundle_reader *reader, struct bundle_head *ret_head);
/*
 * The next line. Returns 0; FG_ERR_NOT_FOUND: it was the end, and all of it
 * was there; or FG_ERR_FORMAT.
 */
int	bundle_read(struct bundle_reader *reader,
	    struct bundle_item *ret_item);

#endif
