/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.shared_device: more people have come with this laptop than may from
 * one address. No network excuses that.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_end.h"

void
check_session_shared_device(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_attested *attested = &facts->proof.attested;
	struct check_source source = { 0 };
	char span[CHECK_SPAN_SIZE];

	(void)policy; /* a laptop is shared under every policy */
	if (attested->company_state != FACT_KNOWN ||
	    attested->device.people < conf->shared_people)
		return;
	check_source_append(&source,
	    "%zu people came with %s within %s, and %lu may",
	    attested->device.people + 1, check_laptop_name(attested),
	    check_span_text(conf->shared_window_s, span),
	    (unsigned long)conf->shared_people);
	check_source_company(&source, facts, &attested->device,
	    attested->device.people);
	finding_add(findings, FINDING_SESSION_SHARED_DEVICE, "", "%s",
	    source.text);
	finding_of(findings, FINDING_SESSION_SHARED_DEVICE,
	    attested->asset.tag);
}
