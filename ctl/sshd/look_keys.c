/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a key that is bound to an asset proves of who has it. That sshd alone
 * checks, and tells nobody.
 */
#include <string.h>

#include "ctl/sshd/look_parts.h"

static bool
is_wanted(const struct conf_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i].code == FINDING_DEVICE_KEY &&
		    rules[i].action >= ACTION_CHALLENGE)
			return true;
	return false;
}

/* The shipped action does nothing where no asset has keys: a rule is a sign
 * that some have, and so are authorities. */
static bool
has_bound_keys(const struct conf *conf)
{
	if (conf == NULL)
		return false;
	for (size_t i = 0; i < conf->npolicies; i++)
		if (is_wanted(conf->policies[i].rules,
			conf->policies[i].nrules))
			return true;
	return conf->authorities.n > 0 || is_wanted(conf->rules, conf->nrules);
}

/* Before 8.5 it had another name. */
static bool
takes_tokens(const struct look *look)
{
	return look_on(look, "pubkeyauthentication") &&
	    (strstr(look_at(look, "pubkeyacceptedalgorithms"), "sk-") != NULL ||
		strstr(look_at(look, "pubkeyacceptedkeytypes"), "sk-") != NULL);
}

enum look_severity
look_pubkey_options(const struct look *look)
{
	const char *options = look_at(look, "pubkeyauthoptions");
	bool touch = strstr(options, "touch-required") != NULL;

	if (*options == '\0' || strstr(options, "verify-required") != NULL ||
	    !takes_tokens(look) || !has_bound_keys(look->world->conf))
		return LOOK_NONE;
	return look_say(look, LOOK_NOTE,
	    "PubkeyAuthOptions %s: of a security token sshd wants a touch%s, "
	    "and its PIN only where authorized_keys has verify-required; where "
	    "device.key is to mean that its owner has it, write "
	    "PubkeyAuthOptions %sverify-required",
	    options,
	    touch ? "" : " unless authorized_keys has no-touch-required",
	    touch ? "touch-required " : "");
}
