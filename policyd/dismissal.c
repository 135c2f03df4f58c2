/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open sessions of people who were dismissed. Whose a session is was found out
 * when it began, by an inventory that may be another one by now; whose the
 * account is is looked up as a login does. Both count.
 */
#include "policyd/dismissal.h"

#include <string.h>

#include "policyd/decide/decide.h"
#include "policyd/gather/gather.h"
#include "policyd/store/store.h"
#include "policyd/store/store_revocation.h"
#include "policyd/text.h"
#include "proto/result.h"

/* What there is of a session now; .user is "" where there is no entry. */
struct entries {
	struct person account; /* whose account it is */
	struct person sharer; /* of a shared one: whose key it was */
	struct person opener; /* who opened it, if that is neither */
};

/* An entry that is not there is none, and no error. */
static int
found(int r, struct person *person)
{
	if (r != 0)
		person->user[0] = '\0';
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/*
 * A session that was nobody's when it began counts for its account, whose name
 * is no person's then: only one that differs surely is.
 */
static bool
has_opener(const struct store_session *s, const struct entries *e)
{
	return strcmp(s->person, s->user) != 0 &&
	    strcmp(s->person, e->account.user) != 0 &&
	    strcmp(s->person, e->sharer.user) != 0;
}

static int
find_entries(struct store *people, const struct store_session *s,
    struct entries *e)
{
	int r;

	e->sharer.user[0] = e->opener.user[0] = '\0';
	r = store_person_by_account(people, s->user, &e->account);
	if ((r = found(r, &e->account)) != 0)
		return r;
	if (e->account.user[0] != '\0' &&
	    e->account.kind == PERSON_KIND_SHARED) {
		r = gather_key_holder(people, &s->keys, &e->sharer);
		if ((r = found(r, &e->sharer)) != 0)
			return r;
	}
	if (has_opener(s, e)) {
		r = store_person_by_user(people, s->person, &e->opener);
		r = found(r, &e->opener);
	}
	return r;
}

/* ---- who is in nobody's entry ------------------------------------------ */

/* Those of people who are not in the import any more end when it is switched */
static int
find_exceptions(const struct dismissal *d, struct facts *facts)
{
	struct store_outline outline;
	struct person person;
	int r;

	if ((r = store_outline(d->store, &outline)) != 0)
		return r;
	if (!outline.exceptions)
		return 0;
	if (d->staged != NULL) {
		r = store_person_by_user(d->store, facts->login.user, &person);
		if (r != FG_ERR_NOT_FOUND)
			return r;
	}
	gather_exceptions(d->store, facts);
	return facts->exceptions.state == FACT_ERROR ? FG_ERR_FORMAT : 0;
}

/*
 * The login that would be next, as far as it matters: from the same place, and
 * of nobody. Which groups the system has it in nobody knows here.
 */
static void
set_facts(const struct dismissal *d, const struct store_session *s,
    const struct entries *e, struct facts *facts)
{
	bool moved = e->account.user[0] != '\0';

	memset(facts, 0, sizeof(*facts));
	facts->at_s = d->at_s;
	facts->kind = s->kind;
	facts->login.phase = FG_PHASE_SESSION;
	/* If the account is somebody else's by now, it is the person's own. */
	(void)text_copy(facts->login.user, sizeof(facts->login.user),
	    moved ? s->person : s->user);
	(void)text_copy(facts->login.service, sizeof(facts->login.service),
	    s->service);
	facts->groups.state = FACT_ERROR;
	facts->origin = s->origin;
	facts->person.state = FACT_UNKNOWN;
	gather_net(d->conf, &facts->origin, &facts->networks);
	if (s->where.country[0] == '\0')
		return;
	facts->place.state = FACT_KNOWN;
	memcpy(facts->place.country, s->where.country,
	    sizeof(facts->place.country));
}

/* A shared account is there still, and the keys that came are nobody's. */
static bool
is_shared(const struct entries *e)
{
	return e->account.user[0] != '\0' &&
	    e->account.kind == PERSON_KIND_SHARED && e->sharer.user[0] == '\0';
}

/* As the login's finding says it. */
static const char *
shared_why(const struct store_session *s)
{
	return s->keys.n > 1 ?
	    "the keys are not all in one entry of the inventory any more" :
	    "the key is in nobody's entry of the inventory any more";
}

static int
look_at_nobody(const struct dismissal *d, const struct store_session *s,
    const struct entries *e, const char **ret_why)
{
	static struct facts facts;
	struct finding f = { .code = FINDING_PERSON_UNKNOWN };
	bool shared = is_shared(e);
	int r = 0;

	set_facts(d, s, e, &facts);
	if (shared) {
		memcpy(facts.login.user, s->user, sizeof(facts.login.user));
		facts.person.state = FACT_KNOWN;
		facts.person.shared = facts.person.nobody = true;
		facts.person.person = e->account;
	}
	(void)text_copy(f.grade, sizeof(f.grade),
	    shared ? "shared" : "account");
	/* Whoever cannot say who they are has none. */
	if (!shared && (r = find_exceptions(d, &facts)) != 0)
		return r;
	if (decide_keeps_out(&facts, d->conf, &f))
		*ret_why = shared ?
		    shared_why(s) :
		    "in nobody's entry of the inventory, and such are not "
		    "let in";
	return 0;
}

/* ---- all of it --------------------------------------------------------- */

static const char *
first_why(const struct dismissal *d, const struct entries *e)
{
	const struct person *of[] = { &e->account, &e->sharer, &e->opener };
	const char *why = NULL;
	size_t i;

	for (i = 0; i < sizeof(of) / sizeof(of[0]) && why == NULL; i++)
		if (of[i]->user[0] != '\0')
			why = person_invalid_why(of[i], d->at_s);
	return why;
}

static int
look_at_people(const struct dismissal *d, const struct store_session *s,
    struct entries *e, const char **ret_why)
{
	struct store *people = d->staged != NULL ? d->staged : d->store;
	int r;

	if ((r = find_entries(people, s, e)) != 0)
		return r;
	if ((*ret_why = first_why(d, e)) != NULL)
		return 0;
	if (has_opener(s, e) ? e->opener.user[0] != '\0' :
			       e->account.user[0] != '\0')
		return 0;
	return look_at_nobody(d, s, e, ret_why);
}

/* Those of a bundle take the place of the last one's; one's own stay. */
static int
find_revocation(const struct dismissal *d, const char *user,
    struct store_revocation *ret_r)
{
	struct store_revocation own;
	int r, found;

	if (d->staged == NULL)
		return store_revocation_of(d->store, user, ret_r);
	found = store_revocation_own(d->store, user, &own);
	if (found != 0 && found != FG_ERR_NOT_FOUND)
		return found;
	r = store_revocation_bundled(d->staged, user, ret_r);
	if (found == 0 &&
	    (r == FG_ERR_NOT_FOUND ||
		(r == 0 &&
		    store_revocation_since(&own, d->at_s) <=
			store_revocation_since(ret_r, d->at_s)))) {
		*ret_r = own;
		return 0;
	}
	return r;
}

/* By a clock that was never set it holds, whenever it begins. */
static int
look_at_revocation(const struct dismissal *d, const char *user,
    const char **ret_why)
{
	struct store_revocation revocation;
	int r;

	if (user[0] == '\0' || *ret_why != NULL)
		return 0;
	r = find_revocation(d, user, &revocation);
	if (r == 0 &&
	    (d->at_s >= store_revocation_since(&revocation, d->at_s) ||
		d->at_s < PERSON_CLOCK_FIRST_S))
		*ret_why = "access was taken back";
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

static int
look_at_revocations(const struct dismissal *d, const struct store_session *s,
    const struct entries *e, const char **ret_why)
{
	const char *const names[] = { s->user, s->person, e->account.user,
		e->sharer.user };
	size_t i;
	int r = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && r == 0; i++)
		r = look_at_revocation(d, names[i], ret_why);
	return r;
}

int
dismissal_of(const struct dismissal *d, const struct store_session *s,
    const char **ret_why)
{
	static struct entries entries;
	struct store_outline outline;
	int r;

	*ret_why = NULL;
	if ((r = store_outline(d->store, &outline)) != 0)
		return r;
	memset(&entries, 0, sizeof(entries));
	/* Without an inventory nobody is missing in it. */
	if (outline.people || d->staged != NULL)
		r = look_at_people(d, s, &entries, ret_why);
	if (r == 0 && d->revocations &&
	    (outline.revocations || d->staged != NULL))
		r = look_at_revocations(d, s, &entries, ret_why);
	return r;
}
