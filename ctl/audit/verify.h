/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit verify: whether the log is what the daemon has written.
 */
#ifndef FG_CTL_AUDIT_VERIFY_H
#define FG_CTL_AUDIT_VERIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ctl/audit/anchors.h"
#include "ctl/audit/chain.h"
#include "ctl/audit/source.h"

struct verify_place {
	const char	*file;
	uint64_t	 line;
	uint64_t	 seq;	/* 0: it is no record */
};

#define VERIFY_GAPS_MAX 16u	/* that tombstones are looked for */

/* Records from and to that are missing before one. */
struct verify_gap {
	struct verify_place at;	/* that one; .seq 0: there is no gap */
	uint64_t	 from, to;
	char		 prev[LINE_HASH_LEN];	/* the hash of the last one */
	bool		 vouched;	/* they have expired, signed */
	/* The same of struct verify by then. */
	uint64_t	 bad, before_bad;
	struct anchors_place anchored;
};

/* What was found. Names of files are the source's and the anchors'. */
struct verify {
	uint64_t	 bad;		/* lines, and files that are damaged */
	uint64_t	 gaps;		/* of these, what may be in a file that
					 * could not be read */
	struct verify_place bad_at;	/* the first one */
	enum chain_fault fault;
	char		 damaged[SOURCE_WHY_SIZE]; /* instead: a file */
	uint64_t	 unread;	/* files that could not be looked at */
	char		 why[SOURCE_WHY_SIZE];	   /* the first one */

	uint64_t	 records, first, last;
	char		 head[CRYPTO_HEX_SIZE];
	uint64_t	 before_bad;	/* the number of the last record that is
					 * right before that; 0: none */
	uint64_t	 expected;	/* the number that should have stood
					 * there */
	uint64_t	 recovered;	/* records that tell of damage */
	struct verify_place recovered_at;	/* the last one */
	size_t		 files, foreign;

	struct anchors_place anchored;	/* the last one that has seen the same,
					 * before anything was bad */
	struct anchors_place against;	/* the first that contradicts */
	struct verify_place against_at;	/* .seq 0: its record is not there */
	uint64_t	 older;		/* of records before the first */

	char		 key[KEY_TEXT_SIZE];	/* as the daemon has said when
					 * it last started; "": it has not */
	uint64_t	 stones;	/* tombstones that are right */
	struct verify_gap missing;	/* the beginning, and nothing vouches
					 * for it */
	bool		 partial;	/* nor is it held against the log */
	struct verify_gap gap[VERIFY_GAPS_MAX];
	size_t		 ngaps;
	struct {			/* the last that is missing and has a
					 * tombstone; .seq 0: there is none */
		uint64_t begin, last;	/* of these records */
		int64_t	 at_s;
		int64_t	 newest_s;	/* of the last of them */
		uint64_t seq;		/* its own */
		char	 key[KEY_TEXT_SIZE];
		bool	 known;		/* and that key was said to be right */
	} expired;
	struct anchors_place younger;	/* an anchor that was made, long after
					 * the last of these is said to be, when
					 * there was more of them to come */
	int64_t		 younger_s;
};

/* Who looks on; either may be NULL. */
struct verify_watch {
	void	(*progress)(const struct source *source); /* now and then */
	/* Each line, .seq of parts being 0 if it is no record. 0, or an error
	 * that ends it. */
	int	(*line)(const struct source_line *line,
		    const struct line_parts *parts, void *arg);
	void	*arg;
};

/*
 * Read all of it. anchors may be NULL. Returns 0, FG_ERR_NOMEM or what
 * watch->line() has. The keys of anchors, or those that they were asked for,
 * also count for tombstones, with or without anchors.
 */
int	verify_read(struct source *source, struct anchors *anchors,
	    const struct verify_watch *watch, struct verify *ret_verify);

/*
 * verify_gap.c: the log begins with this record, whose prev it is; some are
 * missing before it, and whether that is bad is to be seen, or false: there are
 * too many; a tombstone, CHAIN_RIGHT if it is one; a record "start"; the end.
 */
void	verify_gap_begins(struct verify *verify,
	    const struct verify_place *at, const char *prev);
bool	verify_gap_is(struct verify *verify, const struct verify_place *at,
	    uint64_t from, const char *prev);
enum chain_fault verify_gap_stone(struct verify *verify,
	    const struct anchors *keys, const struct source_line *line,
	    uint64_t seq);
void	verify_gap_key(struct verify *verify, const struct source_line *line);
void	verify_gap_settle(struct verify *verify);

/* Whether records are missing in front of all, and that counts. */
bool	verify_lacks_beginning(const struct verify *verify);

/* The exit status: CTL_OK, CTL_NO or CTL_ERROR. */
int	verify_status(const struct verify *verify);

/* verify_print.c: for people, and as one object on standard output. What cannot
 * be read is complained of. They return an exit status. */
int	verify_print(const struct verify *verify,
	    const struct anchors *anchors, FILE *out);
int	verify_print_json(const struct verify *verify,
	    const struct anchors *anchors);

/* The command, argv[0] being "verify". Returns the exit status. */
int	audit_verify(int argc, char **argv);

#endif
