/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a combination of findings holds. Pure, as all of the decision.
 */
#include "policyd/decide/decide_combination.h"

#include <string.h>

#include "policyd/decide/decide_proof.h"

/* What anybody can bring about counts in none. A bypass is for its finding
 * alone. */
static bool
is_part(const struct decision *d, size_t i, const struct conf_rule *want)
{
	const struct finding *f = &d->findings.list[i];

	return f->code == want->code && !f->minor &&
	    (d->applied[i].exception == 0 || d->applied[i].bypass) &&
	    (want->grade == NULL || strcmp(f->grade, want->grade) == 0);
}

static bool
was_found(const struct decision *d, const struct conf_rule *want)
{
	size_t i;

	for (i = 0; i < d->findings.count; i++)
		if (is_part(d, i, want))
			return true;
	return false;
}

bool
decide_combination_holds(const struct conf_combination *c,
    const struct decision *d)
{
	size_t i;

	for (i = 0; i < c->nfindings; i++)
		if (!was_found(d, &c->findings[i]))
			return false;
	return c->nfindings > 0;
}

/* Who approves has to know of all that makes it up. */
static enum action
challenge(const struct facts *facts, const struct conf *conf,
    const struct conf_combination *c, struct decision *d)
{
	struct methods methods;
	bool seen = true;
	size_t i, k;

	for (i = 0; i < d->findings.count; i++) {
		for (k = 0; k < c->nfindings; k++) {
			if (!is_part(d, i, &c->findings[k]))
				continue;
			d->applied[i].combined = true;
			seen &= decide_was_seen(facts, &d->findings.list[i]);
		}
	}
	conf_combination_methods(conf, d->policy, c, &methods);
	return decide_challenge(facts, &methods, seen, d);
}

bool
decide_combination(const struct facts *facts, const struct conf *conf,
    const struct conf_combination *c, struct decision *d,
    enum action *ret_action)
{
	*ret_action = ACTION_NONE;
	if (!decide_combination_holds(c, d))
		return false;
	*ret_action = conf_combination_action(conf, d->policy, c);
	if (*ret_action == ACTION_CHALLENGE)
		*ret_action = challenge(facts, conf, c, d);
	return true;
}
