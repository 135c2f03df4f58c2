/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * geo.unknown: a login that needs a place and has none, graded by whose fault
 * it is: no address at all, no usable database, or nothing in the databases.
 */
#include "policyd/check/check.h"

#include <stddef.h>

static const char *
or_unsaid(const char *problem)
{
	return problem != NULL ? problem : "no reason is known";
}

/* Nobody sits at a loopback address; what ends there began elsewhere. */
static bool
is_tunnel(const struct facts *facts)
{
	return facts->kind == SERVICE_REMOTE &&
	    facts->origin.kind == ORIGIN_ADDRESS &&
	    facts->origin.cls == ADDR_LOOPBACK;
}

void
check_geo_unknown(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const char *grade = NULL;

	(void)policy; /* an unknown place is one under every policy */
	if (facts->origin.kind == ORIGIN_NO_ADDRESS) {
		finding_add(findings, FINDING_GEO_UNKNOWN, "no_address", "%s",
		    or_unsaid(facts->origin.problem));
		return;
	}
	if (facts->origin.kind == ORIGIN_LOCAL &&
	    facts->kind == SERVICE_NESTED) {
		finding_add(findings, FINDING_GEO_UNKNOWN, "no_session",
		    "not below any session that is known");
		return;
	}
	switch (facts->place.state) {
	case FACT_NONE:
		if (is_tunnel(facts) && check_geography_counts(facts, conf))
			finding_add(findings, FINDING_GEO_UNKNOWN, "loopback",
			    "a remote login from this machine itself: a tunnel "
			    "or a proxy hides where it comes from");
		return;
	case FACT_KNOWN:
		return;
	case FACT_UNKNOWN:
		grade = "not_found";
		break;
	case FACT_ERROR:
		grade = "no_database";
		break;
	}
	if (grade != NULL && check_geography_counts(facts, conf))
		finding_add(findings, FINDING_GEO_UNKNOWN, grade, "%s",
		    or_unsaid(facts->place.problem));
}
