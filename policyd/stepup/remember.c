/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes what gather_remembered.c finds again.
 */
#include "policyd/stepup/remember.h"

#include <string.h>

#include "policyd/store/store_proof.h"
#include "policyd/text.h"
#include "proto/result.h"

/* A laptop is asked each time: that is no trouble to anybody, and what it says
 * is of that moment. */
static uint32_t
kept(const struct facts *facts, const struct finding *f)
{
	return decide_passed(facts, f) & ~(1u << METHOD_DEVICE);
}

static int
put(struct store *store, const struct store_proof *of,
    const struct facts *facts, const struct finding *f)
{
	struct store_proof p = *of;

	p.code = f->code;
	if ((p.methods = kept(facts, f)) == 0)
		return 0;
	memcpy(p.grade, f->grade, sizeof(p.grade));
	return store_proof_put(store, &p);
}

int
remember_proof(struct store *store, const struct conf *conf,
    const struct facts *facts, const struct decision *d, const char *ref)
{
	const struct fact_remembered *fact = &facts->remembered;
	struct store_proof of = { .made_s = facts->at_s,
		.until_s = facts->at_s + conf->remember_s };
	size_t i;
	int r = 0;

	if (store == NULL || fact->state == FACT_NONE ||
	    conf->remember_s == 0 || !facts_clock_is_set(facts))
		return 0;
	(void)text_copy(of.person, sizeof(of.person), fact_who(facts));
	(void)text_copy(of.ref, sizeof(of.ref), ref);
	memcpy(of.device, fact->device, sizeof(of.device));
	memcpy(of.source, fact->source, sizeof(of.source));
	for (i = 0; i < d->findings.count && r == 0; i++)
		if (d->applied[i].proved &&
		    method_is_remembered(d->findings.list[i].code))
			r = put(store, &of, facts, &d->findings.list[i]);
	return r;
}
