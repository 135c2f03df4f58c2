/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.places: the person has another session from another place. What
 * makes a place is the policy's: the country, the autonomous system, the
 * network. Places differ where both are known, and a session without an
 * address is at no place. Service accounts have no geography.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_end.h"

#include <string.h>

static bool
countries_differ(const struct fact_where *a, const struct fact_where *b)
{
	return a->country[0] != '\0' && b->country[0] != '\0' &&
	    strcmp(a->country, b->country) != 0;
}

static bool
systems_differ(const struct fact_where *a, const struct fact_where *b)
{
	return a->asn != 0 && b->asn != 0 && a->asn != b->asn;
}

/* By their names; what has none is a network of its own. */
static bool
networks_differ(const struct facts *facts, const struct fact_other *other)
{
	const char *a = facts->where.network, *b = other->where.network;

	if (a[0] != '\0' || b[0] != '\0')
		return strcmp(a, b) != 0;
	return !check_same_source(&facts->origin.addr, &other->origin.addr);
}

static bool
differs(const struct facts *facts, uint32_t places,
    const struct fact_other *other)
{
	const struct fact_where *a = &facts->where, *b = &other->where;

	return other->origin.kind == ORIGIN_ADDRESS &&
	    (((places & CONF_PLACE_COUNTRY) != 0 && countries_differ(a, b)) ||
		((places & CONF_PLACE_ASN) != 0 && systems_differ(a, b)) ||
		((places & CONF_PLACE_NETWORK) != 0 &&
		    networks_differ(facts, other)));
}

void
check_session_places(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	uint32_t places = policy != NULL ? policy->places : CONF_PLACE_COUNTRY;
	const struct fact_sessions *others = &facts->sessions;
	struct check_source source = { 0 };
	char here[CHECK_END_SIZE];
	size_t i;

	(void)conf;
	if (others->state != FACT_KNOWN ||
	    facts->origin.kind != ORIGIN_ADDRESS ||
	    check_is_service_account(facts))
		return;
	for (i = 0; i < others->nlisted; i++)
		if (differs(facts, places, &others->list[i]))
			check_end_add(&source, &others->list[i], facts->at_s);
	if (source.len > 0)
		finding_add(findings, FINDING_SESSION_PLACES, "",
		    "from %s, and in as well: %s",
		    check_end_text(&facts->origin, &facts->where, here),
		    source.text);
}
