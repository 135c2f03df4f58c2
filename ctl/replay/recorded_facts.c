/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a login came from, whose it was, and what sessions, earlier logins and
 * other people had to do with it: as record_facts.c has written it.
 */
#include <string.h>

#include "ctl/replay/recorded_parts.h"
#include "policyd/people/point.h"

#define WORD_MAX 64u

static enum fact_state
take_state(struct member *m)
{
	char word[WORD_MAX];

	(void)member_text(m, word, sizeof(word));
	for (int s = FACT_NONE; s <= FACT_ERROR; s++)
		if (strcmp(word, fact_state_name((enum fact_state)s)) == 0)
			return (enum fact_state)s;
	return FACT_ERROR;
}

/* Into an object; if it is null, that is an error of then. */
static bool
take_known(struct member *m, enum fact_state *state)
{
	*state = member_object(m) ? FACT_KNOWN : FACT_ERROR;
	return *state == FACT_KNOWN;
}

/* ---- the origin -------------------------------------------------------- */

static void
set_kind(const char *name, struct fact_origin *origin)
{
	for (int k = ORIGIN_NONE; k <= ORIGIN_NO_ADDRESS; k++)
		if (strcmp(name, origin_kind_name((enum origin_kind)k)) == 0)
			origin->kind = (enum origin_kind)k;
}

static void
set_source(const char *name, struct fact_origin *origin)
{
	for (int s = ORIGIN_FROM_NOTHING; s <= ORIGIN_FROM_SERVICE; s++)
		if (strcmp(name, origin_source_name((enum origin_source)s)) ==
		    0)
			origin->source = (enum origin_source)s;
}

static void
take_origin(struct member *m, struct facts *facts)
{
	struct fact_origin *o = &facts->origin;
	char word[ADDR_TEXT_SIZE];

	if (!member_object(m))
		return;
	while (member_next(m)) {
		if (member_is(m, "kind")) {
			(void)member_text(m, word, sizeof(word));
			set_kind(word, o);
		} else if (member_is(m, "source")) {
			(void)member_text(m, word, sizeof(word));
			set_source(word, o);
		} else if (member_is(m, "address")) {
			(void)member_text(m, word, sizeof(word));
			(void)addr_parse(word, &o->addr); /* zeroed if not */
		} else if (member_is(m, "rhost")) {
			(void)member_text(m, facts->login.rhost,
			    sizeof(facts->login.rhost));
		} else if (member_is(m, "inherited")) {
			(void)member_text(m, o->inherited,
			    sizeof(o->inherited));
		} else {
			member_skip(m);
		}
	}
	if (o->kind == ORIGIN_ADDRESS)
		o->cls = addr_classify(&o->addr);
}

/* ---- places ------------------------------------------------------------ */

/* "59.9,10.8": to a tenth of a degree, as it was kept. */
static void
set_point(const char *text, struct fact_place *place)
{
	const char *why;

	if (text[0] == '\0' ||
	    point_parse(text, &place->has_point, &place->latitude,
		&place->longitude, &why) != 0)
		place->has_point = false;
}

/* The members that a place and the last login both have. */
static bool
take_place_member(struct member *m, struct fact_place *place)
{
	char near[WORD_MAX];
	int64_t km;

	if (member_is(m, "country")) {
		if (!member_text(m, place->country, sizeof(place->country)) ||
		    strlen(place->country) != 2)
			place->country[0] = '\0';
	} else if (member_is(m, "city")) {
		(void)member_text(m, place->city, sizeof(place->city));
	} else if (member_is(m, "near")) {
		(void)member_text(m, near, sizeof(near));
		set_point(near, place);
	} else if (member_is(m, "accuracy_km")) {
		if (member_int(m, &km) && km >= 0)
			place->accuracy_km = (double)km;
	} else if (member_is(m, "country_only")) {
		place->country_only = member_true(m);
	} else {
		return false;
	}
	return true;
}

static void
take_place(struct member *m, struct recorded *r)
{
	struct fact_place *place = &r->facts.place;
	char word[WORD_MAX];

	if (!member_object(m))
		return;
	while (member_next(m)) {
		if (take_place_member(m, place))
			continue;
		if (member_is(m, "state")) {
			place->state = take_state(m);
		} else if (member_is(m, "source")) {
			(void)member_text(m, word, sizeof(word));
			r->from_network = strcmp(word, "network") == 0;
			place->source = PLACE_FROM_DATABASE;
		} else {
			member_skip(m);
		}
	}
	if (place->state == FACT_UNKNOWN || place->state == FACT_ERROR)
		place->problem = "the record has no place";
}

static void
take_asn(struct member *m, struct recorded *r)
{
	struct fact_history *h = &r->facts.history;
	struct fact_asn *asn = &r->facts.asn;
	int64_t v;

	if (!member_object(m))
		return;
	r->has_asn = true;
	while (member_next(m)) {
		if (member_is(m, "state")) {
			asn->state = take_state(m);
		} else if (member_is(m, "number")) {
			(void)member_int(m, &v);
			asn->number = (uint32_t)v;
		} else if (member_is(m, "org")) {
			(void)member_text(m, asn->org, sizeof(asn->org));
		} else if (member_is(m, "days")) {
			h->asn_state =
			    member_int(m, &v) ? FACT_KNOWN : FACT_ERROR;
			h->asn_days = (uint32_t)v;
		} else {
			member_skip(m);
		}
	}
}

static void
take_flags(struct member *m, struct fact_anonymous *a)
{
	static const struct {
		const char *name;
		uint32_t flag;
	} names[] = { { "vpn", FACT_ANON_VPN }, { "proxy", FACT_ANON_PROXY },
		{ "residential", FACT_ANON_RESIDENTIAL },
		{ "tor", FACT_ANON_TOR }, { "hosting", FACT_ANON_HOSTING },
		{ "any", FACT_ANON_ANY } };
	char word[WORD_MAX];

	if (!member_array(m))
		return;
	while (member_item(m)) {
		(void)member_text(m, word, sizeof(word));
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strcmp(word, names[i].name) == 0)
				a->flags |= names[i].flag;
	}
}

static void
take_anonymous(struct member *m, struct recorded *r)
{
	struct fact_anonymous *a = &r->facts.anonymous;
	int64_t v;

	if (!member_object(m))
		return;
	r->has_anonymous = true;
	while (member_next(m)) {
		if (member_is(m, "state")) {
			a->state = take_state(m);
		} else if (member_is(m, "is")) {
			take_flags(m, a);
		} else if (member_is(m, "provider")) {
			(void)member_text(m, a->provider, sizeof(a->provider));
		} else if (member_is(m, "confidence")) {
			if (member_int(m, &v) && v >= 0 && v <= 99)
				a->confidence = (int)v;
		} else if (member_is(m, "seen_at")) {
			(void)member_int(m, &a->seen_s);
		} else {
			member_skip(m);
		}
	}
}

/* ---- people ------------------------------------------------------------ */

static void
take_person(struct member *m, struct recorded *r)
{
	struct fact_person *p = &r->facts.person;
	char word[WORD_MAX];

	if (!member_object(m))
		return;
	r->has_person = true;
	while (member_next(m)) {
		if (member_is(m, "state")) {
			p->state = take_state(m);
		} else if (member_is(m, "user")) {
			(void)member_text(m, p->person.user,
			    sizeof(p->person.user));
		} else if (member_is(m, "kind")) {
			(void)member_text(m, word, sizeof(word));
			for (int k = PERSON_KIND_NONE; k <= PERSON_KIND_VENDOR;
			     k++)
				if (strcmp(word,
					person_kind_name((enum person_kind)
						k)) == 0)
					p->person.kind = (enum person_kind)k;
		} else if (member_is(m, "shared")) {
			p->shared = member_true(m);
		} else if (member_is(m, "nobody")) {
			p->nobody = member_true(m);
		} else {
			member_skip(m);
		}
	}
}

static void
take_revocation(struct member *m, struct fact_revocation *fact)
{
	if (!take_known(m, &fact->state))
		return;
	while (member_next(m)) {
		if (member_is(m, "at"))
			(void)member_int(m, &fact->at_s);
		else if (member_is(m, "reason"))
			(void)member_text(m, fact->reason,
			    sizeof(fact->reason));
		else
			member_skip(m);
	}
}

static void
take_bundle(struct member *m, struct fact_bundle *fact)
{
	int64_t v;

	if (!take_known(m, &fact->state))
		return;
	while (member_next(m)) {
		if (member_is(m, "serial")) {
			(void)member_int(m, &v);
			fact->serial = (uint64_t)v;
		} else if (member_is(m, "made")) {
			(void)member_int(m, &fact->made_s);
		} else if (member_is(m, "stale")) {
			fact->stale = member_true(m);
		} else {
			member_skip(m);
		}
	}
}

/* ---- sessions, and earlier logins -------------------------------------- */

static bool
take_other_where(struct member *m, struct fact_other *other)
{
	int64_t v;

	if (member_is(m, "country")) {
		(void)member_text(m, other->where.country,
		    sizeof(other->where.country));
	} else if (member_is(m, "asn")) {
		(void)member_int(m, &v);
		other->where.asn = (uint32_t)v;
	} else if (member_is(m, "network")) {
		(void)member_text(m, other->where.network,
		    sizeof(other->where.network));
	} else {
		return false;
	}
	return true;
}

static void
take_other(struct member *m, struct fact_sessions *sessions)
{
	static struct fact_other none;
	struct fact_other *other = &none;
	char word[ADDR_TEXT_SIZE];

	if (sessions->nlisted < FACT_OTHERS_MAX)
		other = &sessions->list[sessions->nlisted++];
	memset(other, 0, sizeof(*other));
	if (!member_object(m))
		return;
	while (member_next(m)) {
		if (take_other_where(m, other))
			continue;
		if (member_is(m, "ref")) {
			(void)member_text(m, other->ref, sizeof(other->ref));
		} else if (member_is(m, "service")) {
			(void)member_text(m, other->service,
			    sizeof(other->service));
		} else if (member_is(m, "address")) {
			(void)member_text(m, word, sizeof(word));
			if (addr_parse(word, &other->origin.addr) == 0)
				other->origin.kind = ORIGIN_ADDRESS;
		} else if (member_is(m, "kind")) {
			(void)member_text(m, word, sizeof(word));
			set_kind(word, &other->origin);
		} else if (member_is(m, "device")) {
			(void)member_text(m, other->device,
			    sizeof(other->device));
		} else if (member_is(m, "since")) {
			(void)member_int(m, &other->since_s);
		} else if (member_is(m, "reserved")) {
			other->reserved = member_true(m);
		} else {
			member_skip(m);
		}
	}
}

static void
take_sessions(struct member *m, struct fact_sessions *sessions)
{
	int64_t v;

	if (!take_known(m, &sessions->state))
		return;
	while (member_next(m)) {
		if (member_is(m, "others")) {
			(void)member_int(m, &v);
			sessions->count = v > 0 ? (size_t)v : 0;
		} else if (member_is(m, "places")) {
			if (member_array(m))
				while (member_item(m))
					take_other(m, sessions);
		} else if (member_is(m, "more")) {
			sessions->overflow = member_true(m);
		} else {
			member_skip(m);
		}
	}
}

static void
take_last(struct member *m, struct fact_last *last)
{
	char word[ADDR_TEXT_SIZE];
	int64_t v;

	if (!take_known(m, &last->state))
		return;
	while (member_next(m)) {
		if (take_place_member(m, &last->place))
			continue;
		if (member_is(m, "ref")) {
			(void)member_text(m, last->ref, sizeof(last->ref));
		} else if (member_is(m, "at")) {
			(void)member_int(m, &last->at_s);
		} else if (member_is(m, "ago_s")) {
			last->ago_known = member_int(m, &last->ago_s);
		} else if (member_is(m, "address")) {
			(void)member_text(m, word, sizeof(word));
			(void)addr_parse(word, &last->origin.addr);
		} else if (member_is(m, "asn")) {
			(void)member_int(m, &v);
			last->asn.number = (uint32_t)v;
			last->asn.state = FACT_KNOWN;
		} else {
			member_skip(m);
		}
	}
	last->origin.kind = ORIGIN_ADDRESS;
	last->origin.cls = addr_classify(&last->origin.addr);
	if (last->place.country[0] != '\0') {
		last->place.state = FACT_KNOWN;
		last->place.source = PLACE_FROM_DATABASE;
	}
}

static void
take_sharers(struct member *m, struct fact_history *h)
{
	h->sharers_state = member_array(m) ? FACT_KNOWN : FACT_ERROR;
	if (h->sharers_state == FACT_ERROR)
		return;
	while (member_item(m)) {
		if (!member_object(m))
			continue;
		while (member_next(m)) {
			if (member_is(m, "user") &&
			    h->nsharers < FACT_SHARERS_MAX)
				(void)member_text(m, h->sharer[h->nsharers++],
				    sizeof(h->sharer[0]));
			else
				member_skip(m);
		}
	}
}

/* ---- all of them ------------------------------------------------------- */

bool
recorded_take_fact(struct member *m, struct recorded *r)
{
	struct facts *facts = &r->facts;

	if (member_is(m, "origin"))
		take_origin(m, facts);
	else if (member_is(m, "place"))
		take_place(m, r);
	else if (member_is(m, "asn"))
		take_asn(m, r);
	else if (member_is(m, "anonymous"))
		take_anonymous(m, r);
	else if (member_is(m, "person"))
		take_person(m, r);
	else if (member_is(m, "revocation"))
		take_revocation(m, &facts->revocation);
	else if (member_is(m, "bundle"))
		take_bundle(m, &facts->bundle);
	else if (member_is(m, "sessions"))
		take_sessions(m, &facts->sessions);
	else if (member_is(m, "last"))
		take_last(m, &facts->history.last);
	else if (member_is(m, "sharers"))
		take_sharers(m, &facts->history);
	else
		return false;
	return true;
}

/* Lists that are counted stay as they are behind their count. */
void
recorded_clear_facts(struct facts *facts)
{
	memset(&facts->origin, 0, sizeof(facts->origin));
	memset(&facts->place, 0, sizeof(facts->place));
	facts->place.accuracy_km = -1;
	memset(&facts->asn, 0, sizeof(facts->asn));
	memset(&facts->anonymous, 0, sizeof(facts->anonymous));
	memset(&facts->person, 0, sizeof(facts->person));
	facts->exceptions.state = FACT_NONE;
	facts->exceptions.count = 0;
	memset(&facts->revocation, 0, sizeof(facts->revocation));
	memset(&facts->bundle, 0, sizeof(facts->bundle));
	facts->sessions.state = FACT_NONE;
	facts->sessions.count = facts->sessions.nlisted = 0;
	facts->sessions.overflow = false;
	memset(&facts->history.last, 0, sizeof(facts->history.last));
	facts->history.last.place.accuracy_km = -1;
	facts->history.asn_state = FACT_NONE;
	facts->history.asn_days = 0;
	/* Nobody else is not written. */
	facts->history.sharers_state = FACT_KNOWN;
	facts->history.nsharers = 0;
}
