/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The anchors that a command was given, as files and as keys that they have to
 * be by. What is wrong with them is complained of here.
 */
#ifndef FG_CTL_AUDIT_GIVEN_H
#define FG_CTL_AUDIT_GIVEN_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/audit/anchors.h"

#define GIVEN_FILES_MAX	64u

struct given {
	const char	*command, *name; /* "audit", "audit verify" */
	const char	*files[GIVEN_FILES_MAX];
	size_t		 n;
	struct anchors	*list;		/* for verify_read(), with the keys */
	bool		 asked;		/* keys were given */
};

/* Both return CTL_OK or CTL_ERROR; given_done() in any case. */
int	given_init(struct given *given, const char *command, const char *name);
void	given_done(struct given *given);

/* The values of --anchors and --key. Return CTL_OK or CTL_ERROR. */
int	given_file(struct given *given, const char *file);
int	given_key(struct given *given, const char *key);

/*
 * Read them all, before the log: what is written meanwhile is in the log only.
 * Returns CTL_OK or CTL_ERROR.
 */
int	given_read(struct given *given);

/* The anchors, or NULL if none were given. */
struct anchors *given_anchors(struct given *given);

/* Whose key it is, where nobody has said so; else NULL. Returns buf. */
const char *given_unsaid_key(const struct given *given,
	    char buf[KEY_TEXT_SIZE]);

#endif
