/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a lost scanner keeps out everybody who could start it again. That is
 * no failure of the daemon's, so break-glass does not count. Who may become
 * root is not known here; who bears a usual name is taken for one of them.
 */
#include <string.h>

#include "policyd/conf/conf_parts.h"

static const char *const usual_names[] = { "root", "@root", "@sudo", "@wheel",
	"@admin", "@farmgate-admin", NULL };

/* What a policy decides of; NULL: logins that no policy is for. */
static bool
decides_kind(const struct conf *conf, const struct conf_policy *policy,
    enum service_kind kind)
{
	size_t i;

	if (policy == NULL || policy->services.n == 0)
		return true;
	for (i = 0; i < policy->services.n; i++)
		if (conf_service_kind(conf, policy->services.v[i]) == kind)
			return true;
	return false;
}

/* Wherever they are, as the console is in no network. */
static bool
is_for_administrators(const struct conf_policy *policy)
{
	size_t i;

	if (policy->networks.n > 0)
		return false;
	for (i = 0; usual_names[i] != NULL; i++)
		if (conf_strings_has(&policy->users, usual_names[i]))
			return true;
	return policy->users.n == 0;
}

static bool
denies_blind(const struct conf *conf, const struct conf_policy *policy,
    unsigned int *ret_line)
{
	return (policy == NULL || policy->mode != CONF_MODE_OBSERVE) &&
	    conf_action(conf, policy, FINDING_REMOTE_UNKNOWN, "blind",
		ret_line) == ACTION_DENY;
}

static void
warn_locked(const struct conf *conf, const struct conf_policy *policy,
    unsigned int line, struct conf_errors *warnings)
{
	bool console = decides_kind(conf, policy, SERVICE_CONSOLE);
	bool nested = decides_kind(conf, policy, SERVICE_NESTED);

	if (console || nested)
		conf_errors_add(warnings, conf->path, line,
		    "warning: this keeps administrators out while the scanner "
		    "is lost, %s%s%s included, and break-glass does not count "
		    "then; write a policy for them above, with actions = "
		    "{\"remote.unknown:blind = log\"}",
		    console ? "at the console" : "",
		    console && nested ? " and " : "", nested ? "by sudo" : "");
}

/*
 * Down to the policy that is for all that they do, or that lets them in at the
 * console: those below do not keep them out.
 */
void
conf_warn_blind(const struct conf *conf, struct conf_errors *warnings)
{
	const struct conf_policy *policy;
	unsigned int line, last = 0;
	bool denies;
	size_t i;

	for (i = 0; i <= conf->npolicies; i++) {
		policy = i < conf->npolicies ? &conf->policies[i] : NULL;
		if (policy != NULL && !is_for_administrators(policy))
			continue;
		denies = denies_blind(conf, policy, &line);
		if (denies && line != last) {
			warn_locked(conf, policy, line, warnings);
			last = line;
		}
		if (policy != NULL &&
		    (policy->services.n == 0 ||
			(!denies &&
			    decides_kind(conf, policy, SERVICE_CONSOLE))))
			break;
	}
}
