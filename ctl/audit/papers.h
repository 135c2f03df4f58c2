/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit bundle: what an auditor wants of a period, in one archive
 * that verifies without this machine.
 */
#ifndef FG_CTL_AUDIT_PAPERS_H
#define FG_CTL_AUDIT_PAPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ctl/audit/source.h"
#include "ctl/ctl.h"
#include "policyd/crypto.h"

#define PAPERS_ANCHORS_MAX	16u	/* files of them */
#define PAPERS_POLICIES_MAX	4096u

/* The command, argv[0] being "bundle". Returns the exit status. */
int	audit_papers(const struct ctl *ctl, int argc, char **argv);

/* The files of a bundle that are not policies, in the order of their names. */
enum papers_part {
	PAPERS_MANIFEST,
	PAPERS_README,
	PAPERS_ANCHORS,
	PAPERS_APPROVALS,
	PAPERS_VERIFIER,
	PAPERS_LOG,
	PAPERS_CONTROL_CSV,
	PAPERS_CONTROL,
	PAPERS_EXCEPTIONS,
	PAPERS_INVENTORY,
	PAPERS_REVIEWS,
	PAPERS_REVOCATIONS,
	PAPERS_PARTS
};

struct papers_policy {
	char		 hash[CRYPTO_HEX_SIZE];
	FILE		*text;		/* NULL: nobody has it */
};

/* Which decision was reviewed after the period, and whether it is in it. */
struct papers_later {
	char		 of[CRYPTO_REF_SIZE + 1];
	bool		 is_in;
};

struct papers {
	const struct ctl *ctl;
	char		*path;		/* of the log's present file, owned */
	const char	*output, *host;
	int64_t		 since_s, until_s;
	const char	*anchors[PAPERS_ANCHORS_MAX];	/* files */
	size_t		 nanchors;

	/* The piece of the log. */
	uint64_t	 first, last;	/* 0: there are no records */
	char		 prev[CRYPTO_HEX_SIZE];	/* of the first */
	char		 head[CRYPTO_HEX_SIZE];	/* hash of the last */
	char		 first_ts[32], last_ts[32];
	int64_t		 last_s;
	uint64_t	 anchored, anchored_last;	/* how many, up to */
	uint64_t	 foreign;	/* lines of it that are no records */
	uint64_t	 breaks;	/* records that do not follow the one
					 * before */
	char		 at[CRYPTO_HEX_SIZE];	/* hash of the last copied */
	char		 audit_key[128]; /* as "start" says; or "" */

	FILE		*part[PAPERS_PARTS];
	struct papers_policy *policies;	/* sorted by their hashes */
	size_t		 npolicies, missing;
	struct papers_later *later;	/* sorted once the piece is known */
	size_t		 nlater, maxlater;
};

/* A file without a name, beside the output. NULL after a complaint. */
FILE	*papers_spool(const struct papers *papers);

/*
 * papers_read.c: find the piece of the period, then copy it, and from it, of
 * exceptions from before it and of reviews from behind it, what the other parts
 * have. Return CTL_OK;
 * CTL_NO: there are no records; or CTL_ERROR after a complaint.
 */
int	papers_find(struct papers *papers);
int	papers_copy(struct papers *papers);

/*
 * papers_later.c: a review from behind the period (CTL_OK, or CTL_ERROR after a
 * complaint); when all are known; a decision in it; and whether a review of
 * later is of one of these.
 */
int	papers_later_find(struct papers *papers,
	    const struct source_line *line);
void	papers_later_sort(struct papers *papers);
void	papers_later_decided(struct papers *papers,
	    const struct source_line *line);
bool	papers_later_is_wanted(struct papers *papers,
	    const struct source_line *line);

/* papers_more.c: the anchors of these records; the texts of the policies. They
 * return CTL_OK or CTL_ERROR after a complaint. */
int	papers_add_anchors(struct papers *papers);
int	papers_add_policies(struct papers *papers);
/* A hash that a record has, of a configuration; what is none does not count. */
int	papers_want_policy(struct papers *papers, const char *hash);

/* papers_write.c: what explains the rest; and the archive of all. They return
 * CTL_OK or CTL_ERROR after a complaint. */
int	papers_explain(struct papers *papers);
int	papers_pack(struct papers *papers, int fd, bool gzip);

/* papers_verifier.c: conf/audit-verify.py, as it was built in. */
extern const char papers_verifier[];
extern const char papers_verifier_end[];

#endif
