/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.places: the person has another session from another place. What
 * makes a place is the policy's: the country, the autonomous system, the
 * network, the device. Places differ where both are known, and a session
 * without an address is at no place but its device's. Service accounts have
 * none.
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

/* A key of that session's laptop, which the other one is known by alone. */
static bool
is_same_key(const struct facts *facts, const struct fact_other *other)
{
	const struct ssh_keys *keys = &facts->login.keys;
	const char *key = keys->n > 0 ? keys->list[0].fingerprint : "";

	return key[0] != '\0' && strcmp(key, other->key) == 0 &&
	    (strcmp(key, fact_device(facts)) == 0 ||
		strcmp(key, other->device) == 0);
}

/* What only one of them has said differs from nothing. */
static bool
devices_differ(const struct facts *facts, const struct fact_other *other)
{
	const char *device = fact_device(facts);

	return device[0] != '\0' && other->device[0] != '\0' &&
	    strcmp(device, other->device) != 0 && !is_same_key(facts, other);
}

static bool
sources_differ(const struct facts *facts, uint32_t places,
    const struct fact_other *other)
{
	const struct fact_where *a = &facts->where, *b = &other->where;

	return facts->origin.kind == ORIGIN_ADDRESS &&
	    other->origin.kind == ORIGIN_ADDRESS &&
	    (((places & CONF_PLACE_COUNTRY) != 0 && countries_differ(a, b)) ||
		((places & CONF_PLACE_ASN) != 0 && systems_differ(a, b)) ||
		((places & CONF_PLACE_NETWORK) != 0 &&
		    networks_differ(facts, other)));
}

static void
found(const struct facts *facts, const char *device, const char *others,
    struct finding_list *findings)
{
	char here[CHECK_END_SIZE];

	finding_add(findings, FINDING_SESSION_PLACES, "",
	    "from %s%s%s, and in as well: %s",
	    check_end_text(&facts->origin, &facts->where, here),
	    device[0] != '\0' ? " with " : "", device, others);
}

void
check_session_places(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	uint32_t places = policy != NULL ? policy->places : CONF_PLACE_COUNTRY;
	bool device = (places & CONF_PLACE_DEVICE) != 0;
	const struct fact_sessions *others = &facts->sessions;
	struct check_source source = { 0 };
	size_t i;

	(void)conf;
	if (others->state != FACT_KNOWN || check_is_service_account(facts))
		return;
	for (i = 0; i < others->nlisted; i++)
		if (sources_differ(facts, places, &others->list[i]) ||
		    (device && devices_differ(facts, &others->list[i])))
			check_end_add(&source, &others->list[i], device,
			    facts->at_s);
	if (source.len > 0)
		found(facts, device ? fact_device(facts) : "", source.text,
		    findings);
}
