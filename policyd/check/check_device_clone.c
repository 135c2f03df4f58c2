/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.clone: the device key of the laptop that has signed was seen with
 * another machine, after which this one came again.
 */
#include "policyd/check/check.h"

void
check_device_clone(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_attested *attested = &facts->proof.attested;

	(void)conf;
	(void)policy;
	if (attested->state != FACT_KNOWN || !attested->clone)
		return;
	finding_add(findings, FINDING_DEVICE_CLONE, "",
	    "%s is the key of %s, and another machine has it as well",
	    attested->key, check_laptop_name(attested));
	finding_of(findings, FINDING_DEVICE_CLONE, attested->asset.tag);
}
