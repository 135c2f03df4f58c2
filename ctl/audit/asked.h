/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody asks of the audit log: the options that say which records, and
 * the way through the log to those.
 */
#ifndef FG_CTL_AUDIT_ASKED_H
#define FG_CTL_AUDIT_ASKED_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "ctl/audit/filter.h"
#include "ctl/audit/source.h"
#include "policyd/crypto.h"
#include "policyd/json/json.h"

struct asked {
	const char	*what;		/* "audit export", for complaints */
	struct filter	*filter;	/* owned */
	int64_t		 since_s, until_s;	/* INT64_MIN, INT64_MAX: open */
	uint64_t	 limit;		/* 0: none */
	const char	*config, *file;	/* file NULL: the configured log */
	bool		 follow;	/* do not end */
	const char	*about;		/* whom, or which .ref; or NULL */
	char		 ref[CRYPTO_REF_SIZE + 1];	/* as records have it */
};

/* Returns CTL_OK, or CTL_ERROR after a complaint; asked_done() also then. */
int	asked_init(struct asked *asked, const char *what);
void	asked_done(struct asked *asked);

/*
 * Read the options of argv: those that say which records, --limit, --config and
 * --file, and those of extra (which a zero ends), which take() gets by their
 * .val; it returns CTL_OK, or CTL_ERROR after a complaint. There is no operand.
 * Returns CTL_OK or CTL_ERROR.
 */
#define ASKED_EXTRA_MAX	8u
int	asked_read(struct asked *asked, int argc, char **argv,
	    const struct option *extra, int (*take)(int c, void *arg),
	    void *arg);

/* The reference as people type it, the module's too. Returns 0, FG_ERR_FORMAT
 * or FG_ERR_NOMEM. */
int	asked_reference(struct asked *asked, const char *text);

/* The log's present file. NULL without memory; the caller frees. */
char	*asked_path(const struct asked *asked);

/*
 * A record that is wanted, its line and, if parsed was asked for, itself; both
 * until it returns. false: no more of them.
 */
typedef bool (*asked_fn)(const struct source_line *line,
	    const struct json *record, void *arg);

/*
 * Go through the log. With .follow standard output is flushed before it waits.
 * Returns CTL_OK; CTL_NO: there is no such record; or CTL_ERROR after a
 * complaint.
 */
int	asked_records(struct asked *asked, bool parsed, asked_fn fn, void *arg);

#endif
