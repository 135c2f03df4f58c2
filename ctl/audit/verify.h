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
 * watch->line() has.
 */
int	verify_read(struct source *source, struct anchors *anchors,
	    const struct verify_watch *watch, struct verify *ret_verify);

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
