/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.unenrolled: nothing says which issued asset this is. The machine has a
 * tag that is in no inventory; the person has no asset with a key by which one
 * could be told; or no laptop has said which one it is, where they are asked.
 */
#include "policyd/check/check.h"

/* A laptop that is enrolled, and counts, says which it is, whatever key was
 * used; but not in a step-up of which something else has failed, or that would
 * go unnoticed. */
static bool
is_attested(const struct facts *facts)
{
	return facts->proof.attested.state == FACT_KNOWN &&
	    !facts->proof.attested.pending && !facts->proof.step_failed;
}

static void
check_laptop(const struct facts *facts, struct finding_list *findings)
{
	const struct fact_attested *attested = &facts->proof.attested;

	if (attested->state != FACT_KNOWN)
		return;
	if (attested->unlisted)
		finding_add(findings, FINDING_DEVICE_UNENROLLED, "asset",
		    "the laptop is enrolled as %s, which is in no inventory",
		    check_laptop_name(attested));
	if (attested->pending)
		finding_add(findings, FINDING_DEVICE_UNENROLLED, "pending",
		    "%s was enrolled anew, and does not count yet",
		    check_laptop_name(attested));
}

/* Only where laptops can be asked at all, and nobody's else. */
static bool
wants_statement(const struct facts *facts, const struct conf *conf)
{
	return facts->kind == SERVICE_REMOTE &&
	    conf_has_method(conf, METHOD_DEVICE);
}

void
check_device_unenrolled(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_bound *bound = &facts->bound;

	(void)policy; /* the inventory is one for all */
	if (facts->device.state == FACT_UNKNOWN)
		finding_add(findings, FINDING_DEVICE_UNENROLLED, "asset",
		    "this machine is said to be %s, which is in no inventory",
		    facts->device.asset.tag);
	check_laptop(facts, findings);
	if (is_attested(facts) || check_is_service_account(facts))
		return;
	if (bound->state == FACT_UNKNOWN && bound->with_keys == 0)
		finding_add(findings, FINDING_DEVICE_UNENROLLED, "key", "%s",
		    bound->assets == 0 ?
			"no asset was issued to the person" :
			"no asset of the person has an SSH key");
	if (wants_statement(facts, conf))
		finding_add(findings, FINDING_DEVICE_UNENROLLED, "unattested",
		    facts->proof.attested.state == FACT_KNOWN ?
			"what was asked beside the laptop has failed" :
			"no laptop has said that it is enrolled");
}
