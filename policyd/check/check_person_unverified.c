/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * person.unverified: nobody has verified who the person is, or that was too
 * long ago.
 */
#include "policyd/check/check.h"

void
check_person_unverified(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_verified *v = &facts->verified;

	/* Who asks for it does so also where all of them were lost. */
	if (v->state == FACT_UNKNOWN ||
	    (v->state == FACT_NONE &&
		conf_names(conf, policy, FINDING_PERSON_UNVERIFIED)))
		finding_add(findings, FINDING_PERSON_UNVERIFIED, "never", "%s",
		    "nobody has verified who this is");
	else if (v->state == FACT_KNOWN && facts_clock_is_set(facts) &&
	    facts->at_s >= v->until_s)
		finding_add(findings, FINDING_PERSON_UNVERIFIED, "expired",
		    "verified with %s, which does not count any more",
		    v->asset);
}
