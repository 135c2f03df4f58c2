/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Earlier logins, as far as they say something about this one. The last one's
 * address is looked up anew, so that a database that changed moves both ends
 * of a journey, and a network that got a name has it for both.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/check/check.h"
#include "policyd/store/store_history.h"
#include "proto/result.h"

#define HISTORY_LOOKED_AT 16 /* logins, for one that says where */
#define HISTORY_DAY_S	  INT64_C(86400)

_Static_assert(sizeof(((struct fact_last *)0)->ref) ==
	sizeof(((struct store_login *)0)->ref),
    "a reference fits");

/*
 * Within one boot the clock that nobody sets tells how long ago it was, also
 * if the machine slept meanwhile. Less than nothing is no time at all.
 */
static void
set_ago(const struct store_login *login, const char *boot_id,
    const struct facts *facts, struct fact_last *last)
{
	bool same_boot = boot_id != NULL && boot_id[0] != '\0' &&
	    strcmp(boot_id, login->boot_id) == 0;
	int64_t now_s = same_boot ? facts->boot_s : facts->at_s;
	int64_t then_s = same_boot ? login->boot_s : login->at_s;

	last->ago_known = then_s >= 0 && now_s >= then_s;
	if (last->ago_known)
		last->ago_s = now_s - then_s;
}

static void
set_last(const struct store_login *login, const char *boot_id,
    const struct conf *conf, const struct geo *geo, struct facts *facts)
{
	struct fact_last *last = &facts->history.last;

	memset(last, 0, sizeof(*last));
	last->state = FACT_KNOWN;
	memcpy(last->ref, login->ref, sizeof(last->ref));
	last->at_s = login->at_s;
	set_ago(login, boot_id, facts, last);
	last->origin.kind = ORIGIN_ADDRESS;
	last->origin.addr = login->addr;
	last->origin.cls = addr_classify(&login->addr);
	gather_net(conf, &last->origin, &last->networks);
	gather_place(conf, geo, &last->origin, &last->networks, &last->place);
	gather_asn(conf, geo, &last->origin, &last->place, &last->asn);
}

/* One in between that does not say where they were would hide any journey. */
static void
gather_last(struct store *store, const char *boot_id, const struct conf *conf,
    const struct geo *geo, struct facts *facts)
{
	struct fact_last *last = &facts->history.last;
	struct store_login list[HISTORY_LOOKED_AT];
	size_t i, n;

	if (store_history_recent(store, fact_who(facts), list,
		HISTORY_LOOKED_AT, &n) != 0) {
		last->state = FACT_ERROR;
		return;
	}
	last->state = FACT_UNKNOWN;
	for (i = 0; i < n; i++) {
		set_last(&list[i], boot_id, conf, geo, facts);
		if (check_last_says_where(facts, conf))
			return;
	}
	if (n > 0) /* of none: the newest, to be told */
		set_last(&list[0], boot_id, conf, geo, facts);
}

/*
 * Days that are still to come are those of a clock that was wrong. One that was
 * never set would have all of them to come, and knows no today.
 */
static int64_t
days_until_s(const struct facts *facts)
{
	if (facts->at_s < PERSON_CLOCK_FIRST_S)
		return INT64_MAX;
	return facts->at_s - facts->at_s % HISTORY_DAY_S + HISTORY_DAY_S;
}

static void
gather_asn_days(struct store *store, const struct conf *conf,
    struct facts *facts)
{
	struct fact_history *h = &facts->history;

	if (facts->asn.state != FACT_KNOWN)
		return;
	h->asn_state =
	    store_history_days(store, fact_who(facts), facts->asn.number,
		days_until_s(facts), conf->asn_learning, &h->asn_days) == 0 ?
	    FACT_KNOWN :
	    FACT_ERROR;
}

static void
gather_sharers(struct store *store, const struct conf *conf,
    struct facts *facts)
{
	struct fact_history *h = &facts->history;
	int r;

	r = store_history_sharers(store, &facts->origin.addr, fact_who(facts),
	    facts->at_s - conf->shared_window_s, h->sharer, FACT_SHARERS_MAX,
	    &h->nsharers);
	/* Of a crowd it is enough to know some. */
	h->sharers_state = r == 0 || (r == FG_ERR_LIMIT && h->nsharers > 0) ?
	    FACT_KNOWN :
	    FACT_ERROR;
}

void
gather_history(struct store *store, const char *boot_id,
    const struct conf *conf, const struct geo *geo, struct facts *facts)
{
	memset(&facts->history, 0, sizeof(facts->history));
	if (store == NULL || facts->kind != SERVICE_REMOTE ||
	    facts->origin.kind != ORIGIN_ADDRESS || fact_who(facts)[0] == '\0')
		return;
	if (facts->person.state == FACT_ERROR) {
		facts_history_failed(facts); /* nobody knows whose it is */
		return;
	}
	gather_sharers(store, conf, facts);
	/* A program is at many places, and has no provider. */
	if (facts->person.state == FACT_KNOWN &&
	    facts->person.person.kind == PERSON_KIND_SERVICE)
		return;
	gather_last(store, boot_id, conf, geo, facts);
	gather_asn_days(store, conf, facts);
}
