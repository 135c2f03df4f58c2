/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a challenge was answered. Pure, as all of the decision.
 */
#include "policyd/decide/decide_proof.h"

#include <string.h>

_Static_assert(FINDING_OF_MAX == SIGN_WHAT_MAX, "one name, one size");

/* passed: 1 << enum method, each */
static bool
are_enough(uint32_t passed, const struct methods *methods)
{
	size_t i, n = 0;

	for (i = 0; i < methods->n; i++)
		n += (passed & 1u << methods->list[i]) != 0;
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

bool
decide_shows(const struct decision *d, size_t i)
{
	return d->applied[i].action > ACTION_IGNORE || d->applied[i].combined;
}

static bool
has(const struct fact_approved *approved, const struct finding *f)
{
	size_t i;

	for (i = 0; i < approved->count; i++)
		if (approved->list[i].code == (int)f->code &&
		    strcmp(approved->list[i].grade, f->grade) == 0 &&
		    strcmp(approved->list[i].of, f->of) == 0)
			return true;
	return false;
}

/* What was no reason for anything then, and is one now, is another finding. */
void
decide_approved(const struct decision *d, struct fact_approved *ret_approved)
{
	struct fact_approved *a = ret_approved;
	const struct finding *f;
	size_t i;

	memset(a, 0, sizeof(*a));
	for (i = 0; i < d->findings.count; i++) {
		f = &d->findings.list[i];
		if (!decide_shows(d, i) || f->minor || has(a, f) ||
		    a->count == FACT_APPROVED_MAX)
			continue;
		a->list[a->count].code = (int)f->code;
		memcpy(a->list[a->count].grade, f->grade, sizeof(f->grade));
		memcpy(a->list[a->count++].of, f->of, sizeof(f->of));
	}
}

bool
decide_was_seen(const struct facts *facts, const struct finding *f)
{
	return has(&facts->proof.approved, f);
}

/* Who is at the keyboard, and with what, holds for all that is found; a second
 * person's word for what they were asked about. */
static uint32_t
passed(const struct facts *facts, bool seen)
{
	if (facts->proof.state != FACT_KNOWN)
		return 0;
	return facts->proof.methods & ~(seen ? 0 : 1u << METHOD_APPROVAL);
}

uint32_t
decide_passed(const struct facts *facts, const struct finding *f)
{
	return passed(facts, decide_was_seen(facts, f));
}

enum action
decide_challenge(const struct facts *facts, const struct methods *methods,
    bool seen, struct decision *d)
{
	size_t i;

	if (are_enough(passed(facts, seen), methods))
		return ACTION_LOG;
	d->unseen |= are_enough(passed(facts, true), methods);
	for (i = 0; i < d->nneeds; i++)
		if (is_same(&d->needs[i], methods))
			return ACTION_CHALLENGE;
	if (d->nneeds < DECISION_NEEDS_MAX)
		d->needs[d->nneeds++] = *methods;
	return ACTION_CHALLENGE;
}

/*
 * By a clock that was set back it was not made yet; and where less is to be
 * remembered by now, it ends sooner.
 */
static bool
holds(const struct facts *facts, const struct conf *conf, int64_t made_s,
    int64_t until_s)
{
	return facts_clock_is_set(facts) && facts->at_s >= made_s &&
	    facts->at_s < until_s && facts->at_s - made_s < conf->remember_s;
}

uint64_t
decide_remembered(const struct facts *facts, const struct conf *conf,
    const struct finding *f, const struct methods *methods)
{
	const struct fact_remembered *fact = &facts->remembered;
	size_t i;

	if (fact->state != FACT_KNOWN || !method_is_remembered(f->code))
		return 0;
	for (i = 0; i < fact->count; i++)
		if (fact->list[i].code == (int)f->code &&
		    strcmp(fact->list[i].grade, f->grade) == 0 &&
		    holds(facts, conf, fact->list[i].made_s,
			fact->list[i].until_s) &&
		    are_enough(fact->list[i].methods, methods))
			return fact->list[i].id;
	return 0;
}
