/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.new_input: something is plugged in that the baseline does not have.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

void
check_device_new_input(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy;
	check_signs(facts, FINDING_DEVICE_NEW_INPUT, findings);
}
