/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.virtual: this is a virtual machine, and the configuration says that
 * it is an asset which was issued, or a laptop says so of itself; and no
 * inventory says that it was issued as one.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_sign.h"

static bool
may_be_virtual(enum fact_state state, const struct fact_asset *asset)
{
	return state == FACT_KNOWN && asset->form == ASSET_VIRTUAL;
}

/* It says so also where it is not told which asset it is, and finds nothing by
 * it, or where it has found more than there is room for. */
static void
check_laptop(const struct facts *facts, struct finding_list *findings)
{
	const struct fact_attested *attested = &facts->proof.attested;
	size_t n = findings->count;

	check_attested(facts, FINDING_DEVICE_VIRTUAL, findings);
	if (findings->count == n && attested->state == FACT_KNOWN &&
	    attested->virtual)
		finding_add(findings, FINDING_DEVICE_VIRTUAL, "",
		    "attested by %s", check_laptop_name(attested));
}

void
check_device_virtual(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_attested *attested = &facts->proof.attested;
	const struct fact_device *device = &facts->device;

	(void)policy;
	if (conf->machine.asset != NULL &&
	    !may_be_virtual(device->state, &device->asset))
		check_own_signs(facts, FINDING_DEVICE_VIRTUAL, findings);
	if (!may_be_virtual(attested->state, &attested->asset))
		check_laptop(facts, findings);
}
