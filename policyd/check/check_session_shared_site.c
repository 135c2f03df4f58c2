/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.shared_site: more people's laptops were behind one gateway, or beside
 * one monitor or input, than may come from one address. A network that is
 * declared to be shared, as long as that holds, excuses both: who sits there
 * shares desks as well. A bastion hides which network it is that shares a
 * gateway, and excuses that alone.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_end.h"

static bool
is_excused(const struct facts *facts, const struct conf *conf, bool beside)
{
	const struct conf_network *net;
	size_t i;

	for (i = 0; i < facts->networks.count; i++) {
		net = &conf->networks[facts->networks.index[i]];
		if (check_site_excuse(net, beside, facts->at_s) != NULL)
			return true;
	}
	return false;
}

static const char *
where(const struct fact_company *site, size_t people)
{
	if (site->beside == people)
		return "beside one monitor or input";
	return site->beside == 0 ?
	    "behind one gateway" :
	    "behind one gateway or beside one monitor or input";
}

void
check_session_shared_site(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_attested *attested = &facts->proof.attested;
	const struct fact_company *site = &attested->site;
	struct check_source source = { 0 };
	char span[CHECK_SPAN_SIZE];
	size_t people = 0;

	(void)policy; /* a site is shared under every policy */
	if (attested->company_state != FACT_KNOWN)
		return;
	if (!is_excused(facts, conf, false))
		people = site->people;
	else if (!is_excused(facts, conf, true))
		people = site->beside;
	if (people < conf->shared_people)
		return;
	check_source_append(&source,
	    "%zu people had laptops %s within %s, and %lu may", people + 1,
	    where(site, people), check_span_text(conf->shared_window_s, span),
	    (unsigned long)conf->shared_people);
	check_source_company(&source, facts, site, people);
	finding_add(findings, FINDING_SESSION_SHARED_SITE, "", "%s",
	    source.text);
}
