/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refuses what is said of sessions and of people who share an address or a
 * site, where it never has an effect, and rules about findings that nothing can
 * make.
 */
#include "policyd/conf/conf_parts.h"

/* True if the policy ignores the finding, in combinations as well. */
static bool
is_ignored(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code, unsigned int *ret_line)
{
	return conf_action(conf, policy, code, NULL, ret_line) ==
	    ACTION_IGNORE &&
	    (policy == NULL || !conf_inert_combines(policy, code));
}

/* By all policies, and where none matches. */
static bool
is_ignored_everywhere(const struct conf *conf, enum finding_code code)
{
	unsigned int line;
	size_t i;

	for (i = 0; i < conf->npolicies; i++)
		if (!is_ignored(conf, &conf->policies[i], code, &line))
			return false;
	return is_ignored(conf, NULL, code, &line);
}

/* By people's addresses, and where laptops are asked by their sites. */
static bool
is_shared_for_nothing(const struct conf *conf, const char **ret_why)
{
	bool asked = conf_has_method(conf, METHOD_DEVICE);

	*ret_why = asked ? "session.shared_source and session.shared_site are" :
			   "session.shared_source is";
	return is_ignored_everywhere(conf, FINDING_SESSION_SHARED_SOURCE) &&
	    (!asked ||
		is_ignored_everywhere(conf, FINDING_SESSION_SHARED_SITE));
}

void
conf_inert_shared(const struct conf *conf, const struct conf_network *net,
    struct conf_errors *errors)
{
	const char *why;

	if (net->shared == NULL)
		return;
	if (net->trust == CONF_TRUST_BASTION)
		conf_errors_add(errors, conf->path, net->line,
		    "shared of network %s has no effect, because many people "
		    "come through a bastion anyway; remove one of them",
		    net->name);
	if (is_shared_for_nothing(conf, &why))
		conf_errors_add(errors, conf->path, net->line,
		    "shared of network %s has no effect, because %s ignored "
		    "everywhere; remove one of them",
		    net->name, why);
}

static void
check_max_sessions(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *errors)
{
	unsigned int line;

	if (is_ignored(conf, policy, FINDING_SESSION_LIMIT, &line))
		conf_errors_add(errors, conf->path, policy->max_sessions_line,
		    "max_sessions of policy %s has no effect, because line %u "
		    "ignores session.limit; remove one of them",
		    policy->name, line);
}

static void
check_places(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *errors)
{
	unsigned int line, at = policy->places_line;

	if ((policy->places & CONF_PLACE_COUNTRY) != 0 &&
	    !conf_knows_countries(conf))
		conf_errors_add(errors, conf->path, at,
		    "nothing tells the country of an address; add database "
		    "country { files = ... }, or take country out of places");
	if ((policy->places & CONF_PLACE_ASN) != 0 &&
	    !conf_has_database(conf, CONF_DATABASE_ASN))
		conf_errors_add(errors, conf->path, at,
		    "nothing tells the autonomous system of an address; add "
		    "database asn { files = {...} }, or take asn out of "
		    "places");
	if (is_ignored(conf, policy, FINDING_SESSION_PLACES, &line))
		conf_errors_add(errors, conf->path, at,
		    "places of policy %s have no effect, because line %u "
		    "ignores session.places; remove one of them",
		    policy->name, line);
}

void
conf_inert_sessions(const struct conf *conf, const struct conf_policy *policy,
    struct conf_errors *errors)
{
	if (policy->max_sessions_line != 0)
		check_max_sessions(conf, policy, errors);
	if (policy->places_line != 0)
		check_places(conf, policy, errors);
}

static bool
limits_sessions(const struct conf *conf, const struct conf_policy *policy)
{
	size_t i;

	if (policy != NULL)
		return policy->max_sessions_line != 0;
	for (i = 0; i < conf->npolicies; i++)
		if (conf->policies[i].max_sessions_line != 0)
			return true;
	return false;
}

/* By what the policy has for places, or with NULL any of them. */
static bool
tells_places(const struct conf *conf, const struct conf_policy *policy)
{
	size_t i;

	if (policy != NULL)
		return (policy->places &
			   (CONF_PLACE_NETWORK | CONF_PLACE_DEVICE)) != 0 ||
		    ((policy->places & CONF_PLACE_COUNTRY) != 0 &&
			conf_knows_countries(conf)) ||
		    ((policy->places & CONF_PLACE_ASN) != 0 &&
			conf_has_database(conf, CONF_DATABASE_ASN));
	for (i = 0; i < conf->npolicies; i++)
		if (tells_places(conf, &conf->policies[i]))
			return true;
	return conf_knows_countries(conf);
}

/* What a finding of sessions needs and is not there; NULL: it can be found. */
const char *
conf_inert_missing(const struct conf *conf, const struct conf_policy *policy,
    enum finding_code code)
{
	if (code == FINDING_SESSION_LIMIT && !limits_sessions(conf, policy))
		return policy != NULL ?
		    "add max_sessions = \"...\" to the policy" :
		    "add max_sessions = \"...\" to a policy";
	if (code == FINDING_SESSION_PLACES && !tells_places(conf, policy))
		return "add database country { files = {...} }, or to a policy "
		       "places = {\"network\"}";
	if ((code == FINDING_SESSION_SHARED_DEVICE ||
		code == FINDING_SESSION_SHARED_SITE) &&
	    !conf_has_method(conf, METHOD_DEVICE))
		return "let laptops say what they are, with device in step_up";
	return NULL;
}
