/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.key: assets of the person have SSH keys, and none of those was used.
 */
#include "policyd/check/check.h"

static bool
is_own(const struct fact_bound *bound)
{
	return bound->state == FACT_KNOWN && bound->asset.standing == ASSET_OWN;
}

void
check_device_key(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_bound *bound = &facts->bound;

	(void)conf;
	(void)policy; /* the inventory is one for all */
	if (bound->with_keys == 0 || is_own(bound))
		return;
	if (bound->state == FACT_KNOWN)
		finding_add(findings, FINDING_DEVICE_KEY, "",
		    "%s is bound to %s, which is not issued to them",
		    bound->key, bound->asset.tag);
	else if (bound->key[0] != '\0')
		finding_add(findings, FINDING_DEVICE_KEY, "",
		    "%s is bound to %s%s", bound->key,
		    bound->many ? "so many assets that it tells none" :
				  "no asset",
		    bound->unread ? ", and another key cannot be told" : "");
	else
		finding_add(findings, FINDING_DEVICE_KEY, "", "%s",
		    bound->unread ? "the key cannot be told" :
				    "no key was used");
}
