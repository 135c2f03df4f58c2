/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.unissued: the asset was issued to somebody else, or to nobody: this
 * machine, the one that the SSH key is bound to, or the one that has signed.
 */
#include "policyd/check/check.h"

static void
check_asset(const struct fact_asset *asset, const char *what,
    struct finding_list *findings)
{
	switch (asset->standing) {
	case ASSET_OTHERS:
		finding_add(findings, FINDING_DEVICE_UNISSUED, "",
		    "%s%s was issued to %s", what, asset->tag, asset->user);
		break;
	case ASSET_NOBODYS:
		finding_add(findings, FINDING_DEVICE_UNISSUED, "", "%s%s is %s",
		    what, asset->tag, asset_status_name(asset->status));
		break;
	case ASSET_OWN:
	case ASSET_STANDING_NONE:
		return;
	}
	finding_of(findings, FINDING_DEVICE_UNISSUED, asset->tag);
}

void
check_device_unissued(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	(void)conf;
	(void)policy; /* the inventory is one for all */
	if (facts->device.state == FACT_KNOWN)
		check_asset(&facts->device.asset, "", findings);
	if (facts->bound.state == FACT_KNOWN)
		check_asset(&facts->bound.asset, "the SSH key's asset ",
		    findings);
	if (facts->proof.attested.state == FACT_KNOWN)
		check_asset(&facts->proof.attested.asset, "the laptop ",
		    findings);
}
