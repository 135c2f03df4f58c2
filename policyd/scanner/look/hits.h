/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which entries of the catalogue one process is of, and how certain that is.
 */
#ifndef FG_HITS_H
#define FG_HITS_H

#include <stdbool.h>

#include "policyd/scanner/look/hidden.h"
#include "policyd/scanner/look/match.h"
#include "policyd/scanner/look/suspect.h"
#include "policyd/scanner/look/tools.h"

/* Of the one process .now; all but the first three is found out. */
struct hits {
	struct suspect	*now;
	const struct match *match;
	struct tool	*tool;		/* its .hit and .nhits are set */
	bool		 ordinary;	/* an entry: no other's business */
	bool		 roots_ordinary; /* the same, if it is root's */
	enum hidden	 loaded;	/* how what the loader runs hides */
};

/* Hold it against all rules. */
void	hits_find(struct hits *hits);

/* Its arguments into .args, once. */
void	hits_read_arguments(struct suspect *now);

#endif
