/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a line to facts. What is not set here nobody knows of the past, and it
 * is FACT_NONE, as of a daemon that does not look.
 */
#include "ctl/replay/judge.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/replay/groups.h"
#include "ctl/replay/places.h"
#include "policyd/gather/gather.h"
#include "policyd/text.h"

struct judge {
	const struct ruleset *ruleset;
	struct people *people;
	struct known *known;
	size_t view;
	struct places *places;
	struct groups *groups;
	uint32_t who;
	uint64_t gone;
	struct facts facts;
	struct decision decision;
};

const char *
judgement_name(enum judgement judgement)
{
	static const char *const names[JUDGEMENTS] = { "allow", "challenge",
		"deny" };

	return names[judgement];
}

struct judge *
judge_new(const struct ruleset *ruleset, struct people *people,
    struct known *known, size_t view)
{
	struct judge *judge = calloc(1, sizeof(*judge));

	if (judge == NULL || (judge->places = places_new(ruleset)) == NULL ||
	    (judge->groups = groups_new(ruleset->conf)) == NULL) {
		judge_free(judge);
		return NULL;
	}
	judge->ruleset = ruleset;
	judge->people = people;
	judge->known = known;
	judge->view = view;
	return judge;
}

void
judge_free(struct judge *judge)
{
	if (judge == NULL)
		return;
	groups_free(judge->groups);
	places_free(judge->places);
	free(judge);
}

const struct decision *
judge_decision(const struct judge *judge)
{
	return &judge->decision;
}

const struct facts *
judge_facts(const struct judge *judge)
{
	return &judge->facts;
}

const struct conf *
judge_conf(const struct judge *judge)
{
	return judge->ruleset->conf;
}

uint32_t
judge_who(const struct judge *judge)
{
	return judge->who;
}

uint64_t
judge_strangers(const struct judge *judge)
{
	return groups_strangers(judge->groups);
}

uint64_t
judge_gone(const struct judge *judge)
{
	return judge->gone;
}

/* ---- who ---------------------------------------------------------------- */

static void
set_groups(struct judge *judge)
{
	struct facts *facts = &judge->facts;

	groups_find(judge->groups, facts->login.user, &facts->groups,
	    &facts->login.uid);
}

/* ---- where ------------------------------------------------------------- */

static void
set_place(struct judge *judge)
{
	struct facts *facts = &judge->facts;
	const struct place_known *known;

	if (facts->origin.kind != ORIGIN_ADDRESS) {
		places_gather(judge->ruleset, facts);
		return;
	}
	known = places_find(judge->places, &facts->origin.addr);
	facts->networks = known->networks;
	facts->place = known->place;
	facts->asn = known->asn;
	facts->anonymous = known->anonymous;
	facts->where = known->where;
}

/* ---- what was before --------------------------------------------------- */

static void
set_last(struct judge *judge, const struct known_login *login)
{
	struct fact_last *last = &judge->facts.history.last;
	const struct place_known *known =
	    places_find(judge->places, &login->addr);

	last->state = FACT_KNOWN;
	(void)text_copy(last->ref, sizeof(last->ref), "the log");
	last->at_s = login->at_s;
	last->ago_s = judge->facts.at_s - login->at_s;
	last->ago_known = last->ago_s >= 0;
	last->origin.kind = ORIGIN_ADDRESS;
	last->origin.addr = login->addr;
	last->origin.cls = known->cls;
	last->networks = known->networks;
	last->place = known->place;
	last->asn = known->asn;
}

/* The latest that says where they were, as the daemon looks for it. */
static void
find_last(struct judge *judge, const struct known_person *person)
{
	struct facts *facts = &judge->facts;

	facts->history.last.state = FACT_UNKNOWN;
	for (size_t i = 0; i < person->nlogins; i++) {
		set_last(judge, &person->login[i]);
		if (check_last_says_where(facts, judge->ruleset->conf))
			return;
	}
	if (person->nlogins > 0)
		set_last(judge, &person->login[0]);
}

static void
set_sharers(struct judge *judge)
{
	struct facts *facts = &judge->facts;
	struct fact_history *h = &facts->history;
	int64_t since_s = facts->at_s - judge->ruleset->conf->shared_window_s;
	const struct known_sharer *sharer;
	size_t n;

	h->sharers_state = FACT_KNOWN;
	sharer = known_sharers(judge->known, &facts->origin.addr, &n);
	for (size_t i = 0; i < n; i++)
		if (sharer[i].who != judge->who && sharer[i].at_s >= since_s &&
		    h->nsharers < FACT_SHARERS_MAX)
			(void)text_copy(h->sharer[h->nsharers++],
			    sizeof(h->sharer[0]),
			    names_text(known_names(judge->known),
				sharer[i].who));
}

static bool
is_service_account(const struct facts *facts)
{
	return facts->person.state == FACT_KNOWN &&
	    facts->person.person.kind == PERSON_KIND_SERVICE;
}

static void
set_history(struct judge *judge)
{
	struct facts *facts = &judge->facts;
	struct fact_history *h = &facts->history;

	h->last.state = FACT_NONE;
	h->asn_state = h->sharers_state = FACT_NONE;
	h->nsharers = 0;
	if (judge->who == NAMES_NONE || facts->kind != SERVICE_REMOTE ||
	    facts->origin.kind != ORIGIN_ADDRESS)
		return;
	set_sharers(judge);
	if (is_service_account(facts))
		return;
	find_last(judge, known_person(judge->known, judge->who));
	if (facts->asn.state != FACT_KNOWN)
		return;
	h->asn_state = FACT_KNOWN;
	h->asn_days = known_days(judge->known, judge->who, facts->asn.number);
}

static void
add_session(struct judge *judge, const struct known_session *s)
{
	struct fact_sessions *sessions = &judge->facts.sessions;
	struct fact_other *other;

	other = &sessions->list[sessions->nlisted++];
	memset(other, 0, sizeof(*other));
	(void)text_copy(other->ref, sizeof(other->ref), "the log");
	(void)text_copy(other->service, sizeof(other->service), s->service);
	(void)text_copy(other->device, sizeof(other->device), s->key);
	(void)text_copy(other->key, sizeof(other->key), s->key);
	other->since_s = s->since_s;
	if (!s->has_addr)
		return;
	other->origin.kind = ORIGIN_ADDRESS;
	other->origin.addr = s->addr;
	other->where = s->where[judge->view];
}

/* The newest first, as the daemon has them. */
static void
set_sessions(struct judge *judge)
{
	struct facts *facts = &judge->facts;
	const struct known_person *person;

	facts->sessions.state = FACT_NONE;
	facts->sessions.count = facts->sessions.nlisted = 0;
	facts->sessions.overflow = false;
	if (judge->who == NAMES_NONE || !known_ends(judge->known) ||
	    !service_has_sessions(facts->kind))
		return;
	known_expire(judge->known, judge->who, facts->at_s);
	person = known_person(judge->known, judge->who);
	facts->sessions.state = FACT_KNOWN;
	facts->sessions.count = person->nsessions;
	for (size_t i = person->nsessions; i-- > 0;)
		if (facts->sessions.nlisted < FACT_OTHERS_MAX)
			add_session(judge, &person->session[i]);
}

/* ---- a line of a log --------------------------------------------------- */

static void
set_login(struct judge *judge, const struct past_login *login)
{
	struct fact_login *l = &judge->facts.login;

	l->phase = FG_PHASE_ACCOUNT;
	l->flags = login->invalid_user ? FG_LOGIN_INVALID_USER : 0;
	l->uid = UINT32_MAX;
	(void)text_copy(l->user, sizeof(l->user), login->user);
	(void)text_copy(l->service, sizeof(l->service), login->service);
	(void)text_copy(l->tty, sizeof(l->tty), login->tty);
	(void)text_copy(l->rhost, sizeof(l->rhost), login->from);
	l->ruser[0] = l->ssh_connection[0] = '\0';
	l->key_state = login->method[0] != '\0' ? FACT_KNOWN : FACT_NONE;
	l->keys.n = 0;
	l->keys.more = 0;
	if (login->key[0] == '\0')
		return;
	l->keys.n = 1;
	memset(&l->keys.list[0], 0, sizeof(l->keys.list[0]));
	(void)text_copy(l->keys.list[0].fingerprint,
	    sizeof(l->keys.list[0].fingerprint), login->key);
}

static void
set_person(struct judge *judge, const struct past_login *login)
{
	struct facts *facts = &judge->facts;

	people_find(judge->people, login->user, login->key,
	    login->method[0] != '\0', login->at_s, &facts->person);
	facts->exceptions.state = FACT_NONE;
	facts->exceptions.count = 0;
	facts->revocation.state = FACT_NONE;
	facts->bundle.state = FACT_NONE;
	facts->bundle.stale = false;
	judge->who = names_add(known_names(judge->known), fact_who(facts));
}

static enum judgement
come_to(struct judge *judge)
{
	struct decision *d = &judge->decision;

	decide(&judge->facts, judge->ruleset->conf, d);
	if (d->would != FG_VERDICT_DENY)
		return JUDGED_ALLOW;
	return d->challenge ? JUDGED_CHALLENGE : JUDGED_DENY;
}

enum judgement
judge_login(struct judge *judge, const struct past_login *login)
{
	struct facts *facts = &judge->facts;

	facts->at_s = login->at_s;
	facts->recorded = NULL;
	set_login(judge, login);
	gather_origin(judge->ruleset->conf, NULL, facts);
	set_groups(judge);
	set_person(judge, login);
	set_place(judge);
	set_history(judge);
	set_sessions(judge);
	return come_to(judge);
}

/* ---- a record ---------------------------------------------------------- */

/* Where the services that this configuration lists make it another kind than it
 * was, its origin is found anew, as far as its address goes. */
static void
set_origin(struct judge *judge, const struct facts *was)
{
	struct facts *facts = &judge->facts;
	char text[ADDR_TEXT_SIZE];

	if (was->kind == SERVICE_REMOTE && was->origin.kind == ORIGIN_ADDRESS)
		(void)text_copy(facts->login.rhost, sizeof(facts->login.rhost),
		    addr_text(&was->origin.addr, text));
	gather_origin(judge->ruleset->conf, NULL, facts);
	if (facts->kind == was->kind)
		facts->origin = was->origin;
}

/* What the record says comes first; what it says nothing of, as there was no
 * database for it then, is as the present ones have it. */
static void
set_recorded_place(struct judge *judge, const struct recorded *r)
{
	const struct conf *conf = judge->ruleset->conf;
	struct facts *facts = &judge->facts;

	set_place(judge);
	if (facts->place.source != PLACE_FROM_NETWORK && !r->from_network &&
	    r->facts.place.state != FACT_NONE)
		facts->place = r->facts.place;
	if (r->has_asn) {
		facts->asn = r->facts.asn;
		for (size_t i = 0; i < conf->nasns; i++) {
			if (facts->asn.state != FACT_KNOWN ||
			    !conf_asns_has(&conf->asns[i], facts->asn.number))
				continue;
			if (facts->asn.nlists < 8)
				facts->asn.list[facts->asn.nlists++] = i;
			if (conf_kind_is_gateway(conf->asns[i].kind))
				facts->place.country_only = true;
		}
	}
	if (r->has_anonymous)
		facts->anonymous = r->facts.anonymous;
	gather_where(conf, facts);
}

/* The entry is that of now, if there still is one of that name: who has none
 * any more, or cannot be asked for, had access then unless the record says not.
 */
static void
set_recorded_person(struct judge *judge, const struct recorded *r)
{
	struct fact_person *p = &judge->facts.person;

	*p = r->facts.person;
	if (p->state == FACT_KNOWN &&
	    !people_by_name(judge->people, r->facts.person.person.user,
		r->facts.login.user, &p->person)) {
		p->person.status =
		    r->left ? PERSON_STATUS_REVOKED : PERSON_STATUS_ACTIVE;
		p->person.valid_until_s = INT64_MAX;
		judge->gone++;
	}
	p->in_hours = true;
	if (p->state == FACT_KNOWN)
		p->hours_failed = person_in_hours(&p->person, r->facts.at_s,
				      &p->in_hours) != 0;
	judge->who =
	    names_add(known_names(judge->known), fact_who(&judge->facts));
}

static void
set_recorded_history(struct judge *judge, const struct recorded *r)
{
	struct facts *facts = &judge->facts;
	struct fact_last *last = &facts->history.last;
	const struct conf *conf = judge->ruleset->conf;

	facts->history = r->facts.history;
	facts->sessions.state = r->facts.sessions.state;
	facts->sessions.count = r->facts.sessions.count;
	facts->sessions.nlisted = r->facts.sessions.nlisted;
	facts->sessions.overflow = r->facts.sessions.overflow;
	memcpy(facts->sessions.list, r->facts.sessions.list,
	    r->facts.sessions.nlisted * sizeof(facts->sessions.list[0]));
	if (facts->kind != SERVICE_REMOTE ||
	    facts->origin.kind != ORIGIN_ADDRESS)
		facts->history.sharers_state = FACT_NONE;
	if (last->state == FACT_KNOWN)
		gather_net(conf, &last->origin, &last->networks);
}

enum judgement
judge_recorded(struct judge *judge, const struct recorded *r)
{
	struct facts *facts = &judge->facts;

	facts->at_s = r->facts.at_s;
	facts->login = r->facts.login;
	set_origin(judge, &r->facts);
	set_groups(judge);
	set_recorded_person(judge, r);
	facts->exceptions = r->facts.exceptions;
	facts->revocation = r->facts.revocation;
	facts->bundle = r->facts.bundle;
	set_recorded_place(judge, r);
	set_recorded_history(judge, r);
	facts->recorded = &r->findings;
	return come_to(judge);
}
