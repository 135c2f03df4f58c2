/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be said of a decision by who has looked into it: the words of the
 * member "disposition" of a review, see farmgate-audit(5).
 */
#ifndef FG_DISPOSITION_H
#define FG_DISPOSITION_H

#include <stddef.h>

enum disposition {
	DISPOSITION_NONE = 0,
	DISPOSITION_TRUE_POSITIVE,
	DISPOSITION_FALSE_POSITIVE,
	DISPOSITION_EXPECTED,
	DISPOSITION_UNCLEAR,
	DISPOSITIONS
};

/* DISPOSITION_NONE if there is no such word. */
enum disposition disposition_by_name(const char *word);

/* The word at i, from 0, or NULL behind the last. Static. */
const char	*disposition_at(size_t i);

#endif
