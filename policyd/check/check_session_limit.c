/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.limit: with this one the person has more sessions at once than the
 * policy allows. Those that are only reserved count, and so does what is left
 * of a session whose processes still run.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_end.h"

void
check_session_limit(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_sessions *others = &facts->sessions;
	struct check_source source = { 0 };
	size_t i;

	(void)conf;
	if (policy == NULL || policy->max_sessions == 0 ||
	    others->state != FACT_KNOWN || others->count < policy->max_sessions)
		return;
	for (i = 0; i < others->nlisted; i++)
		check_end_add(&source, &others->list[i], false, facts->at_s);
	finding_add(findings, FINDING_SESSION_LIMIT, "",
	    "session %zu of %s, and policy %s allows %lu: %s",
	    others->count + 1, fact_who(facts), policy->name,
	    (unsigned long)policy->max_sessions, source.text);
}
