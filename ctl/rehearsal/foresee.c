/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a fault to the rules that the decision would use for it: the same
 * look-ups, conf_action() and conf_failure_action(), the strictest of them.
 */
#include "ctl/rehearsal/foresee.h"

#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/text.h"

/* The strictest so far; of equally strict ones the first. */
struct strictest {
	const struct foresee *of;
	enum action action;
	unsigned int line;
	enum failure failure;
	char rule[FORESEEN_BY_SIZE / 2];
};

static void
consider(struct strictest *s, enum action action, unsigned int line,
    const char *name, enum failure failure)
{
	if (action <= s->action)
		return;
	s->action = action;
	s->line = line;
	s->failure = failure;
	(void)text_format(s->rule, sizeof(s->rule), "%s = %s", name,
	    failure == FAILURE_NONE   ? action_name(action) :
		action == ACTION_DENY ? "deny" :
					"allow");
}

static void
consider_failure(struct strictest *s, enum failure failure)
{
	const struct foresee *of = s->of;
	enum action action;
	unsigned int line;

	action =
	    conf_failure_action(of->conf, of->policy, failure, of->kind, &line);
	consider(s, action, line, failure_info(failure)->name, failure);
}

static void
consider_finding(struct strictest *s, enum finding_code code, const char *grade)
{
	char name[FINDING_NAME_SIZE];
	enum action action;
	unsigned int line;

	action = conf_action(s->of->conf, s->of->policy, code, grade, &line);
	consider(s, action, line, finding_name(code, grade, name),
	    FAILURE_NONE);
}

/* ---- what a fault has no part in --------------------------------------- */

static bool
has_places(const struct conf *conf)
{
	return conf_has_database(conf, CONF_DATABASE_COUNTRY) ||
	    conf_has_database(conf, CONF_DATABASE_CITY);
}

static bool
has_ages(const struct conf *conf)
{
	size_t i;

	for (i = 0; i < conf->ndatabases; i++)
		if (conf->databases[i].max_age_s > 0 &&
		    (conf->databases[i].kind == CONF_DATABASE_COUNTRY ||
			conf->databases[i].kind == CONF_DATABASE_CITY))
			return true;
	return false;
}

/* Why not, or NULL. */
static const char *
has_no_part(const struct foresee *of, enum fault fault)
{
	switch (fault) {
	case FAULT_GEO_MISSING:
	case FAULT_GEO_STALE:
		if (of->kind == SERVICE_CONSOLE)
			return "a console login has no address";
		if (!has_places(of->conf))
			return "no database of countries is configured";
		if (fault == FAULT_GEO_STALE && !has_ages(of->conf))
			return "no database of countries has a max_age";
		break;
	case FAULT_STORE_BUSY:
		return "what is in it can be read; sessions are kept in "
		       "memory until it can be written";
	case FAULT_HISTORY_LOST:
		if (of->kind != SERVICE_REMOTE)
			return "only remote logins have a history";
		break;
	case FAULT_BUNDLE_STALE:
		if (of->conf->bundle_keys.n == 0)
			return "no bundle_keys are configured";
		break;
	case FAULT_STORE_LOST:
	case FAULT_AUDIT_FULL:
	case FAULT_SCANNER_LOST:
	case FAULT_CLOCK_UNSET:
	case FAULT_NONE:
	case FAULT_DAEMON_DOWN:
	case FAULT_DAEMON_HANG:
	case FAULT_COUNT:
		break;
	}
	return NULL;
}

/* ---- what it comes to -------------------------------------------------- */

static void
consider_fault(struct strictest *s, enum fault fault)
{
	enum failure failure = fault_failure(fault);

	if (failure != FAILURE_NONE)
		consider_failure(s, failure);
	if (fault == FAULT_STORE_LOST && s->of->kind == SERVICE_REMOTE)
		consider_failure(s, FAILURE_HISTORY);
	if (fault == FAULT_GEO_MISSING)
		consider_finding(s, FINDING_GEO_UNKNOWN, "no_database");
	if (fault == FAULT_GEO_STALE)
		consider_finding(s, FINDING_GEO_STALE, "");
	if (fault != FAULT_SCANNER_LOST)
		return;
	consider_finding(s, FINDING_REMOTE_UNKNOWN, "blind");
	if (s->of->kind == SERVICE_NESTED)
		consider_finding(s, FINDING_GEO_UNKNOWN, "no_session");
}

static bool
is_observed(const struct foresee *of)
{
	enum conf_mode mode = of->conf->mode;

	if (of->policy != NULL && of->policy->mode != CONF_MODE_NONE)
		mode = of->policy->mode;
	return of->observe || mode == CONF_MODE_OBSERVE;
}

static void
set_by(const struct strictest *s, struct foreseen *ret)
{
	const char *path = s->of->conf->path, *slash = strrchr(path, '/');

	if (s->line == 0)
		(void)text_format(ret->by, sizeof(ret->by),
		    "shipped default: %s", s->rule);
	else
		(void)text_format(ret->by, sizeof(ret->by), "%s:%u: %s",
		    slash != NULL ? slash + 1 : path, s->line, s->rule);
}

void
foresee(const struct foresee *of, enum fault fault, struct foreseen *ret)
{
	struct strictest s = { .of = of };
	const char *why;

	memset(ret, 0, sizeof(*ret));
	if (of->kind == SERVICE_EXEMPT) {
		ret->result = FORESEEN_EXEMPT;
		(void)text_format(ret->by, sizeof(ret->by),
		    "services: listed as exempt");
		return;
	}
	if (of->policy == NULL)
		consider_failure(&s, FAILURE_NO_POLICY);
	if ((why = has_no_part(of, fault)) == NULL)
		consider_fault(&s, fault);
	if (why != NULL && s.action < ACTION_CHALLENGE) {
		ret->result = FORESEEN_USUAL;
		(void)text_copy(ret->by, sizeof(ret->by), why);
		return;
	}
	set_by(&s, ret);
	ret->failure = s.failure;
	if (s.action == ACTION_LOG || s.action == ACTION_IGNORE)
		ret->result = FORESEEN_ALLOW;
	else if (is_observed(of))
		ret->result = FORESEEN_OBSERVED;
	else
		ret->result = s.action == ACTION_CHALLENGE ?
		    FORESEEN_CHALLENGE :
		    FORESEEN_DENY;
}

const char *
foreseen_name(enum foreseen_result result)
{
	switch (result) {
	case FORESEEN_NONE:
		break;
	case FORESEEN_USUAL:
		return "as usual";
	case FORESEEN_ALLOW:
		return "allow";
	case FORESEEN_OBSERVED:
		return "observed";
	case FORESEEN_CHALLENGE:
		return "challenge";
	case FORESEEN_DENY:
		return "deny";
	case FORESEEN_EXEMPT:
		return "exempt";
	}
	return "none";
}
