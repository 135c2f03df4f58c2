/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which exception is for a finding. Pure, as all of the decision.
 */
#include "policyd/decide/decide_exception.h"

#include <string.h>

#include "policyd/stepup/method.h"

/* Whether it is one for this, here and now. */
static bool
is_exception_of(const struct fact_exception *e, const struct facts *facts,
    const struct finding *f)
{
	return e->code == (int)f->code && facts->at_s < e->until_s &&
	    (e->grade[0] == '\0' || strcmp(e->grade, f->grade) == 0) &&
	    (e->country[0] == '\0' ||
		(facts->place.state == FACT_KNOWN &&
		    strcmp(e->country, facts->place.country) == 0));
}

const struct fact_exception *
decide_exception(const struct facts *facts, const struct finding *f,
    enum action action)
{
	const struct fact_exception *bypass = NULL;
	const struct fact_exception *e;
	size_t i;

	/* Whoever was dismissed is let in by nothing but the inventory, and
	 * who proves nothing by nothing but a proof. */
	if (f->code == FINDING_PERSON_REVOKED ||
	    f->code == FINDING_CHALLENGE_FAILED ||
	    f->code == FINDING_CHALLENGE_IMPOSSIBLE)
		return NULL;
	for (i = 0; i < facts->exceptions.count; i++) {
		e = &facts->exceptions.list[i];
		if (!is_exception_of(e, facts, f))
			continue;
		if (!e->bypass)
			return e;
		bypass = e;
	}
	/* Only where a proof of their own would have been enough. */
	return action == ACTION_CHALLENGE && method_is_remembered(f->code) ?
	    bypass :
	    NULL;
}
