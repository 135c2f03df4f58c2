/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Denials, and what would have been one, or challenges, each once by its
 * reference; what a review has said of it; and a random sample of those that
 * nobody has reviewed.
 *
 * Each reference has a number that is drawn from it and the seed. When there is
 * no more room, those whose numbers are in the upper half are left out, of
 * those that come too: what stays is a random part, and the sample, which has
 * the smallest numbers, is the same as if there had been room. So whoever has
 * the log and the seed gets the same sample.
 */
#ifndef FG_CTL_REPORT_REFUSALS_H
#define FG_CTL_REPORT_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/report/outcome.h"
#include "policyd/record/disposition.h"

struct refusal {
	const char	*ref;
	enum outcome	 outcome;	/* denied, or would be; challenged */
	enum disposition disposition;	/* the last word */
	int64_t		 at_s;
	uint64_t	 seq;
	const char	*reason;	/* codes with commas between them */
	const char	*person, *from, *service; /* for people */
};

struct refusals;

/* For at most max at a time. NULL: no memory. */
struct refusals	*refusals_new(uint64_t seed, size_t max);
void		 refusals_free(struct refusals *refusals); /* NULL is fine */

/*
 * One more; of a reference that is there, a denial takes the place of what
 * would be one. Texts are copied, up to 255 bytes of each. Returns 0 or
 * FG_ERR_NOMEM.
 */
int		 refusals_add(struct refusals *refusals,
		    const struct refusal *refusal);
/* Somebody has reviewed one. False: it is not among them. */
bool		 refusals_review(struct refusals *refusals, const char *ref,
		    enum disposition disposition);

bool		 refusals_has(const struct refusals *refusals,
		    const char *ref);

/* How many with this outcome nobody has reviewed, of those that are there. */
uint64_t	 refusals_open(const struct refusals *refusals,
		    enum outcome outcome);
/* Those that are there, in no order. */
void		 refusals_each(const struct refusals *refusals,
		    void (*fn)(const struct refusal *refusal, void *arg),
		    void *arg);
/* One in how many is there: 1, or a power of 2. */
uint64_t	 refusals_part(const struct refusals *refusals);

/*
 * Up to max of those that nobody has reviewed, in the order of their records.
 * What they point to is valid until refusals is freed or changed.
 */
size_t		 refusals_sample(const struct refusals *refusals, size_t max,
		    struct refusal *ret_list);

#endif
