/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a challenge was answered. Pure, as all of the decision.
 */
#include "policyd/decide_proof.h"

static bool
is_proved(const struct fact_proof *proof, const struct methods *methods)
{
	size_t i, n = 0;

	if (proof->state != FACT_KNOWN)
		return false;
	for (i = 0; i < methods->n; i++)
		n += (proof->methods & 1u << methods->list[i]) != 0;
	return methods->all ? n > 0 && n == methods->n : n > 0;
}

static bool
is_same(const struct methods *a, const struct methods *b)
{
	size_t i;

	if (a->all != b->all || a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (a->list[i] != b->list[i])
			return false;
	return true;
}

enum action
decide_challenge(const struct facts *facts, const struct methods *methods,
    struct decision *d)
{
	size_t i;

	if (is_proved(&facts->proof, methods))
		return ACTION_LOG;
	for (i = 0; i < d->nneeds; i++)
		if (is_same(&d->needs[i], methods))
			return ACTION_CHALLENGE;
	if (d->nneeds < DECISION_NEEDS_MAX)
		d->needs[d->nneeds++] = *methods;
	return ACTION_CHALLENGE;
}
