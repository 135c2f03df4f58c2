/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time.hours: outside the person's hours, by the clock of their time zone.
 * Hours that cannot be judged are not kept.
 */
#include "policyd/check/check.h"

void
check_time_hours(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_person *fact = &facts->person;
	const struct person *person = &fact->person;
	const char *zone = person->zone[0] != '\0' ? person->zone : "UTC";

	(void)conf;
	(void)policy; /* hours are the person's */
	if (fact->state != FACT_KNOWN || person->nspans == 0 ||
	    check_is_service_account(facts) || !facts_clock_is_set(facts))
		return;
	if (fact->hours_failed)
		finding_add(findings, FINDING_TIME_HOURS, "",
		    "this machine does not know the time zone %s", zone);
	else if (!fact->in_hours)
		finding_add(findings, FINDING_TIME_HOURS, "",
		    "outside %s in %s", person->hours, zone);
}
