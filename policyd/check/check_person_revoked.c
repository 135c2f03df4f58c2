/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * person.revoked: access was taken back by an administrator, or by the
 * inventory, or has not begun or has ended, or nobody knows whether it has.
 * Each is told by itself: whoever is to come back has to be let in by both.
 */
#include "policyd/check/check.h"

#include <string.h>
#include <time.h>

#include "policyd/people/civil.h"

#define TIME_SIZE  32u
#define TAKEN_BACK "access was taken back on "

static const char *
time_text(int64_t at_s, char buf[TIME_SIZE])
{
	struct tm tm;

	if (at_s < CIVIL_FIRST_S || at_s >= CIVIL_END_S)
		at_s = CIVIL_FIRST_S;
	civil_time(at_s, &tm);
	(void)strftime(buf, TIME_SIZE, "%Y-%m-%d %H:%M:%S UTC", &tm);
	return buf;
}

bool
check_is_taken_back(const char *text)
{
	return strncmp(text, TAKEN_BACK, sizeof(TAKEN_BACK) - 1) == 0;
}

static void
check_revocation(const struct facts *facts, struct finding_list *findings)
{
	const struct fact_revocation *r = &facts->revocation;
	char at[TIME_SIZE];

	/* By a clock that was never set it holds, whenever it begins. */
	if (r->state != FACT_KNOWN ||
	    (facts->at_s < r->at_s && facts_clock_is_set(facts)))
		return;
	finding_add(findings, FINDING_PERSON_REVOKED, "", TAKEN_BACK "%s%s%s",
	    time_text(r->at_s, at), r->reason[0] == '\0' ? "" : ": ",
	    r->reason);
}

static void
check_inventory(const struct facts *facts, struct finding_list *findings)
{
	const struct person *person = &facts->person.person;
	const char *why = NULL;

	if (facts->person.state == FACT_KNOWN &&
	    (facts_clock_is_set(facts) ||
		person->status != PERSON_STATUS_ACTIVE))
		why = person_invalid_why(person, facts->at_s);
	if (why != NULL)
		finding_add(findings, FINDING_PERSON_REVOKED, "", "%s", why);
}

void
check_person_revoked(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy; /* gone is gone under every policy */
	check_revocation(facts, findings);
	check_inventory(facts, findings);
}
