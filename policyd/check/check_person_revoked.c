/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * person.revoked: access was taken away, has not begun or has ended.
 */
#include "policyd/check/check.h"

void
check_person_revoked(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct person *person = &facts->person.person;
	const char *why = "access is revoked";

	(void)conf;
	(void)policy; /* gone is gone under every policy */
	if (facts->person.state != FACT_KNOWN ||
	    person_is_valid(person, facts->at_s))
		return;
	if (person->status == PERSON_STATUS_ACTIVE)
		why = facts->at_s < person->valid_from_s ?
		    "access has not begun" :
		    "access has ended";
	finding_add(findings, FINDING_PERSON_REVOKED, "", "%s", why);
}
