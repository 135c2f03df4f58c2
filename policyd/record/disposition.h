/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be said of a decision by who has looked into it: the words of the
 * member "disposition" of a review, see farmgate-audit(5).
 */
#ifndef FG_DISPOSITION_H
#define FG_DISPOSITION_H

#include <stdbool.h>
#include <stddef.h>

bool		 disposition_is_known(const char *word);

/* The word at i, or NULL behind the last. Static. */
const char	*disposition_at(size_t i);

#endif
