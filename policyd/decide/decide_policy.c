/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose policy a login's is: by service, network and user. Pure, as all of the
 * decision.
 */
#include "policyd/decide/decide_policy.h"

#include <string.h>

static bool
in_group(const struct fact_groups *groups, const char *name)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		if (strcmp(groups->names[i], name) == 0)
			return true;
	return false;
}

/*
 * In su the person is the one who asks, and the account somebody else's. A
 * shared account's entry stands for those who share it, and for nobody else.
 */
static bool
is_own_account(const struct facts *facts)
{
	return facts->person.state == FACT_KNOWN && !facts->person.nobody &&
	    (facts->kind != SERVICE_NESTED ||
		person_has_account(&facts->person.person, facts->login.user));
}

/* Who logs in, by the names that a policy may have for them. */
struct names {
	const char *account;
	const char *person; /* whose own account it is; else as above */
};

static struct names
names_of(const struct facts *facts)
{
	struct names names = { facts->login.user, facts->login.user };

	if (is_own_account(facts) &&
	    strcmp(facts->person.person.user, names.account) != 0)
		names.person = facts->person.person.user;
	return names;
}

/* An entry that begins with @ is a group, even if a user is called so. */
static bool
is_named(const struct names *names, const char *name)
{
	return name[0] != '@' &&
	    (strcmp(name, names->account) == 0 ||
		(names->person != names->account &&
		    strcmp(name, names->person) == 0));
}

static enum decide_match
match_group(const struct facts *facts, const char *group)
{
	if (is_own_account(facts) &&
	    person_has_group(&facts->person.person, group))
		return DECIDE_MATCH_YES;
	switch (facts->groups.state) {
	case FACT_KNOWN:
		return in_group(&facts->groups, group) ? DECIDE_MATCH_YES :
							 DECIDE_MATCH_NO;
	case FACT_UNKNOWN: /* looked for: the user has none */
		break;
	case FACT_NONE:
	case FACT_ERROR:
		return DECIDE_MATCH_UNSURE;
	}
	return DECIDE_MATCH_NO;
}

/*
 * A name that matches settles it, whatever is known of the groups; and so does
 * a group that the inventory has the person in.
 */
static enum decide_match
match_users(const struct conf_policy *policy, const struct facts *facts,
    const struct names *names)
{
	enum decide_match match = DECIDE_MATCH_NO, of_group;
	size_t i;

	if (policy->users.n == 0)
		return DECIDE_MATCH_YES;
	for (i = 0; i < policy->users.n; i++) {
		const char *name = policy->users.v[i];

		if (is_named(names, name))
			return DECIDE_MATCH_YES;
		if (name[0] != '@')
			continue;
		of_group = match_group(facts, name + 1);
		if (of_group == DECIDE_MATCH_YES)
			return DECIDE_MATCH_YES;
		if (of_group == DECIDE_MATCH_UNSURE)
			match = DECIDE_MATCH_UNSURE;
	}
	return match;
}

static bool
match_networks(const struct conf_policy *policy, const struct facts *facts)
{
	size_t i, k;

	if (policy->networks.n == 0)
		return true;
	for (i = 0; i < policy->networks.n; i++)
		for (k = 0; k < facts->networks.count; k++)
			if (policy->network_index[i] ==
			    facts->networks.index[k])
				return true;
	return false;
}

const struct conf_policy *
decide_policy(const struct facts *facts, const struct conf *conf, size_t from,
    enum decide_match *ret_match)
{
	struct names names = names_of(facts);
	size_t i;

	for (i = from; i < conf->npolicies; i++) {
		const struct conf_policy *p = &conf->policies[i];

		if ((p->services.n > 0 &&
			!conf_strings_has(&p->services,
			    facts->login.service)) ||
		    !match_networks(p, facts))
			continue;
		if ((*ret_match = match_users(p, facts, &names)) !=
		    DECIDE_MATCH_NO)
			return p;
	}
	*ret_match = DECIDE_MATCH_NO;
	return NULL;
}
