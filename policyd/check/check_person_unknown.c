/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * person.unknown: an account that is nobody's in the inventory, a shared one
 * without a key or whose key is nobody's or keys are several people's, or a
 * service account that comes from elsewhere than its networks.
 */
#include "policyd/check/check.h"

#include <string.h>

static bool
is_in_networks(const struct facts *facts, const struct conf *conf)
{
	const struct person *person = &facts->person.person;
	const char *name;
	size_t i, k;

	for (i = 0; i < facts->networks.count; i++) {
		name = conf->networks[facts->networks.index[i]].name;
		for (k = 0; k < person->nnetworks; k++)
			if (strcmp(person->network[k], name) == 0)
				return true;
	}
	return false;
}

static const char *
nobodys(const struct facts *facts)
{
	size_t named = facts->login.keys.n;

	switch (facts->login.key_state) {
	case FACT_KNOWN:
		return named > 1 ?
		    "the keys are not all of one who shares the account" :
		    "the key belongs to nobody who shares the account";
	case FACT_ERROR:
		return named > 0 ?
		    "not every key can be told, and the account is shared" :
		    "the key cannot be read, and the account is shared";
	case FACT_NONE:
	case FACT_UNKNOWN:
		break;
	}
	return "no key says who it is, and the account is shared";
}

void
check_person_unknown(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)policy; /* the inventory is one for all */
	if (facts->person.state == FACT_UNKNOWN)
		finding_add(findings, FINDING_PERSON_UNKNOWN, "account", "%s",
		    "nobody in the inventory has this account");
	else if (facts->person.nobody)
		finding_add(findings, FINDING_PERSON_UNKNOWN, "shared", "%s",
		    nobodys(facts));
	/* In sudo nobody comes from anywhere. */
	else if (check_is_service_account(facts) &&
	    service_has_sessions(facts->kind) && !is_in_networks(facts, conf))
		finding_add(findings, FINDING_PERSON_UNKNOWN, "elsewhere",
		    "service account %s comes from none of its networks",
		    facts->person.person.user);
}
