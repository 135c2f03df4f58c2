/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.virtual: this is a virtual machine, and the configuration says that
 * it is an asset which was issued.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

void
check_device_virtual(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)policy;
	if (conf->machine.asset != NULL)
		check_signs(facts, FINDING_DEVICE_VIRTUAL, findings);
}
