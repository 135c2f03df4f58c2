/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wrong answers make the next ones wait: by the person who is asked and by
 * where they come from, on the disk, so that neither another connection nor a
 * restart begins anew.
 */
#ifndef FG_BACKOFF_H
#define FG_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/facts.h"

struct store;

#define BACKOFF_PERSON_FREE 5u	  /* failures that cost nothing, of a person */
#define BACKOFF_SOURCE_FREE 20u	  /* likewise of an address, IPv6: a /64 */
#define BACKOFF_FIRST_S	    30	  /* behind the next one; then twice as long */
#define BACKOFF_MAX_S	    3600  /* at most */
#define BACKOFF_FORGET_S    86400 /* without another one */

/*
 * Whether an answer is worth nothing now, whatever it is. Also where it cannot
 * be looked up. No work depends on which of the two it is that waits.
 */
bool	backoff_holds(struct store *store, const struct facts *facts);

/* An answer was wrong: both wait. */
void	backoff_failed(struct store *store, const struct facts *facts);

/* It was right: the person's failures are forgotten, the source's are not. */
void	backoff_passed(struct store *store, const struct facts *facts);

#endif
