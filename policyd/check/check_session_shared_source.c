/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.shared_source: more people have come from this address (IPv6: its
 * /64) than one address may have. Excused are networks that are declared to be
 * shared, as long as that holds, bastions, mobile networks, whose addresses
 * many customers have, and this machine itself.
 */
#include "policyd/check/check.h"
#include "policyd/check/check_end.h"
#include "policyd/people/civil.h"

/* *ret_ended is a network whose excuse no longer holds, or NULL. */
static bool
is_excused(const struct facts *facts, const struct conf *conf,
    const struct conf_network **ret_ended)
{
	const struct conf_network *net;
	size_t i;

	*ret_ended = NULL;
	if (facts->place.country_only || facts->origin.cls == ADDR_LOOPBACK)
		return true;
	for (i = 0; i < facts->networks.count; i++) {
		net = &conf->networks[facts->networks.index[i]];
		if (check_network_excuse(net, facts->at_s) != NULL)
			return true;
		if (net->shared != NULL)
			*ret_ended = net;
	}
	return false;
}

/* " (network office was shared until 2026-03-31)" */
static void
add_ended(struct check_source *source, const struct conf_network *net)
{
	char day[CIVIL_DAY_SIZE];

	check_source_append(source, " (network %s was shared until %s)",
	    net->name, civil_day(net->shared_until_s - 1, day));
}

static void
found(const struct facts *facts, const struct conf *conf,
    const struct conf_network *ended, struct finding_list *findings)
{
	const struct fact_history *h = &facts->history;
	char addr[ADDR_TEXT_SIZE], span[CHECK_SPAN_SIZE];
	struct check_source source = { 0 };
	size_t i;

	check_source_append(&source,
	    "%s%zu people came from %s%s within %s, and %lu may",
	    h->nsharers == FACT_SHARERS_MAX ? "at least " : "", h->nsharers + 1,
	    addr_text(&facts->origin.addr, addr),
	    addr_is_v4(&facts->origin.addr) ? "" : " or its /64",
	    check_span_text(conf->shared_window_s, span),
	    (unsigned long)conf->shared_people);
	if (ended != NULL)
		add_ended(&source, ended);
	check_source_append(&source, ": %s", fact_who(facts));
	for (i = 0; i < h->nsharers; i++)
		check_source_append(&source, ", %s", h->sharer[i]);
	finding_add(findings, FINDING_SESSION_SHARED_SOURCE, "", "%s",
	    source.text);
}

void
check_session_shared_source(const struct facts *facts, const struct conf *conf,
    const struct conf_policy *policy, struct finding_list *findings)
{
	const struct fact_history *h = &facts->history;
	const struct conf_network *ended;

	(void)policy; /* an address is shared under every policy */
	if (h->sharers_state != FACT_KNOWN ||
	    h->nsharers < conf->shared_people ||
	    is_excused(facts, conf, &ended))
		return;
	found(facts, conf, ended, findings);
}
