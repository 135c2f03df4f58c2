/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plan of a live step-up, and the decisions that its ends would lead to.
 */
#include "policyd/decide/outlook.h"

#include <string.h>

#include "policyd/stepup/backoff.h"
#include "policyd/stepup/method_device.h"
#include "policyd/stepup/prover.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/text.h"

bool
outlook_is_own(enum method method)
{
	switch (method) {
	case METHOD_TOTP:
	case METHOD_SERIAL:
	case METHOD_DEVICE:
		return true;
	case METHOD_NONE:
	case METHOD_APPROVAL:
	case METHOD_DELEGATE:
	case METHOD_COUNT:
		break;
	}
	return false;
}

static enum fg_verdict
decide_with(struct facts *facts, const struct conf *conf,
    const struct fact_proof *proof)
{
	const struct fact_proof before = facts->proof;
	struct decision decision;

	facts->proof = *proof;
	decide(facts, conf, &decision);
	facts->proof = before;
	return decision.would;
}

static bool
lacks(const struct outlook *o, enum method method)
{
	size_t i;

	for (i = 0; i < o->plan.n; i++)
		if (o->plan.steps[i].method == method)
			return !o->has[method];
	return false;
}

/* The one that they had counts no more: what is wrong is not that nobody has
 * enrolled one. */
static void
take_revoked(struct store *store, const struct facts *facts, struct outlook *o)
{
	char reason[OUTLOOK_REVOKED_SIZE / 2];
	struct store_enrolment e;

	if (store == NULL || !lacks(o, METHOD_DEVICE) ||
	    method_device_revoked(store, fact_who(facts), &e) != 0)
		return;
	(void)text_format(o->revoked, sizeof(o->revoked),
	    "their laptop %s was revoked: %s; farmgatectl device list says "
	    "when and by whom; with another one, or with farmgatectl enrol "
	    "init --replace on it if it is theirs again, farmgatectl enrol add "
	    "here",
	    e.asset,
	    text_escape_utf8(reason, sizeof(reason), e.reason,
		strlen(e.reason)));
}

void
outlook_take(struct facts *facts, const struct conf *conf,
    const struct decision *decision, struct store *store,
    struct outlook *ret_outlook)
{
	struct prover prover = {
		.store = store, .person = fact_who(facts), .at_s = facts->at_s
	};
	struct fact_proof passed = { .state = FACT_KNOWN };
	const struct fact_proof failed = { .state = FACT_ERROR };
	const struct fact_proof unasked = { .state = FACT_UNKNOWN };
	struct outlook *o = ret_outlook;
	size_t i;

	memset(o, 0, sizeof(*o));
	stepup_plan(decision->needs, decision->nneeds, prover_has, &prover,
	    &o->plan);
	for (i = 0; i < o->plan.n; i++) {
		passed.methods |= 1u << o->plan.steps[i].method;
		o->has[o->plan.steps[i].method] =
		    prover_has(o->plan.steps[i].method, &prover);
	}
	take_revoked(store, facts, o);
	o->held = store != NULL && backoff_holds(store, facts);
	decide_approved(decision, &passed.approved);
	o->passed = decide_with(facts, conf, &passed);
	o->failed = decide_with(facts, conf, &failed);
	o->unasked = decide_with(facts, conf, &unasked);
}

const char *
outlook_next(const struct outlook *o)
{
	if (o == NULL)
		return NULL;
	if (o->plan.n == 0)
		return "name under step_up in farmgate.conf what it can be "
		       "proved with";
	if (lacks(o, METHOD_TOTP))
		return "enrol them: farmgatectl totp enrol USER";
	if (lacks(o, METHOD_SERIAL))
		return "record the serial number while you look at the person "
		       "with the laptop: farmgatectl verify USER ASSET";
	if (lacks(o, METHOD_DEVICE) && o->revoked[0] != '\0')
		return o->revoked;
	if (lacks(o, METHOD_DEVICE))
		return "enrol a laptop of theirs: what farmgatectl enrol "
		       "request prints there goes to farmgatectl enrol add "
		       "here";
	if (o->held)
		return "they are held back after wrong answers: let them wait, "
		       "or farmgatectl stepup forget USER";
	return "they are asked, and let in if they can answer";
}
