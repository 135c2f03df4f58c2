/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.anonymizer: the origin hides somebody else, by an administrator's list
 * or a database of anonymous addresses. One finding a grade, whose evidence
 * names every source with its age. Not of networks with trust: one's own VPN
 * gateway hides nobody.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_source.h"

/*
 * A database says ANY of everything that it knows; alone it is a grade, and
 * beside HOSTING it only repeats that.
 */
#define SAID_HOW                                                   \
	(FACT_ANON_VPN | FACT_ANON_PROXY | FACT_ANON_RESIDENTIAL | \
	    FACT_ANON_TOR | FACT_ANON_HOSTING)

static const struct {
	const char *grade;
	enum conf_net_kind kind; /* NONE: no network says this */
	uint32_t flag;
	const char *what;
} kinds[] = {
	{ "vpn", CONF_NET_VPN, FACT_ANON_VPN, "a VPN" },
	{ "proxy", CONF_NET_PROXY, FACT_ANON_PROXY, "a public proxy" },
	{ "residential", CONF_NET_NONE, FACT_ANON_RESIDENTIAL,
	    "a residential proxy" },
	{ "tor", CONF_NET_TOR, FACT_ANON_TOR, "Tor" },
};

void
check_net_anonymizer(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	size_t i;

	(void)policy; /* hidden is hidden under every policy */
	if (check_place_trusted(facts, conf))
		return;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct check_source source = { 0 };

		if (kinds[i].kind != CONF_NET_NONE)
			check_source_networks(&source, facts, conf,
			    kinds[i].kind);
		check_source_anonymous(&source, facts, conf, kinds[i].flag,
		    kinds[i].what);
		if (source.len > 0)
			finding_add(findings, FINDING_NET_ANONYMIZER,
			    kinds[i].grade, "%s", source.text);
	}
	if ((facts->anonymous.flags & SAID_HOW) == 0) {
		struct check_source source = { 0 };

		check_source_anonymous(&source, facts, conf, FACT_ANON_ANY,
		    "anonymous, not said how");
		if (source.len > 0)
			finding_add(findings, FINDING_NET_ANONYMIZER, "any",
			    "%s", source.text);
	}
}
