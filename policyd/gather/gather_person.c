/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose login it is, by the store: the entry that has the account or, for a
 * shared account, the one that has the key. Then whether it is in their hours,
 * and which exceptions hold for them.
 */
#include "policyd/gather/gather.h"

#include <string.h>

#include "policyd/store/store.h"
#include "policyd/text.h"
#include "proto/result.h"

_Static_assert(sizeof(((struct fact_exception *)0)->grade) >=
	FINDING_GRADE_MAX + 1,
    "a grade fits");

static enum fact_state
by_account(struct store *store, const char *account, struct person *ret_person)
{
	int r = FG_ERR_NOT_FOUND;

	if (account[0] != '\0')
		r = store_person_by_account(store, account, ret_person);
	if (r == FG_ERR_NOT_FOUND)
		return FACT_UNKNOWN;
	return r == 0 ? FACT_KNOWN : FACT_ERROR;
}

/* A name that was cut is somebody else's name. */
static bool
is_cut(const struct fact_login *login, const char *name)
{
	return (login->flags & FG_LOGIN_CUT) != 0 &&
	    strlen(name) >= FG_USER_MAX;
}

/*
 * Who asked in sudo and su is the person, whichever account it leads to; where
 * they are nobody's, as root may be, that account says who it is. Who cannot be
 * told is not nobody.
 */
static enum fact_state
find_person(struct store *store, const struct facts *facts,
    struct person *ret_person)
{
	const struct fact_login *login = &facts->login;
	enum fact_state state = FACT_UNKNOWN;

	if (facts->kind == SERVICE_NESTED && is_cut(login, login->ruser))
		return FACT_ERROR;
	if (facts->kind == SERVICE_NESTED && login->ruser[0] != '\0')
		state = by_account(store, login->ruser, ret_person);
	if (state == FACT_UNKNOWN)
		state = by_account(store, login->user, ret_person);
	return state;
}

static int
find_holder(struct store *store, const struct ssh_key *key,
    struct person *ret_person)
{
	int r = FG_ERR_NOT_FOUND;

	if (key->fingerprint[0] != '\0')
		r = store_person_by_key(store, key->fingerprint, ret_person);
	if (r == FG_ERR_NOT_FOUND && key->id[0] != '\0')
		r = store_person_by_key(store, key->id, ret_person);
	return r;
}

/*
 * Each key has to be the same person's. Account knows only those before the
 * last one, so that any looser rule would depend on which of them came first.
 */
int
gather_key_holder(struct store *store, const struct ssh_keys *keys,
    struct person *ret_person)
{
	bool nobody = keys->n == 0 || keys->more > 0;
	struct person other;
	int r;

	for (size_t i = 0; i < keys->n; i++) {
		r = find_holder(store, &keys->list[i],
		    i == 0 ? ret_person : &other);
		if (r != 0 && r != FG_ERR_NOT_FOUND)
			return r;
		if (r != 0)
			nobody = true;
		else if (i > 0 && !nobody)
			nobody = strcmp(other.user, ret_person->user) != 0;
	}
	return nobody ? FG_ERR_NOT_FOUND : 0;
}

bool
gather_is_told_of_keys(const struct facts *facts)
{
	return facts->login.key_state != FACT_NONE ||
	    (facts->kind == SERVICE_REMOTE &&
		facts->login.phase == FG_PHASE_SESSION);
}

/* In sudo and su nobody shows a key: the session knows whose it was. */
static bool
is_told_of_session(const struct facts *facts, const struct person *account)
{
	return facts->kind == SERVICE_NESTED && facts->whose[0] != '\0' &&
	    strcmp(facts->whose, account->user) != 0;
}

/*
 * The person behind a shared account. Until the key is known it is the account
 * itself, and so it is when nobody may use it any more. A key that cannot be
 * read is nobody's, as is a login without one: what is usual for the account
 * holds for that all the same.
 */
static void
find_sharer(struct store *store, const struct facts *facts,
    struct fact_person *fact)
{
	bool open = is_told_of_session(facts, &fact->person);
	struct person person;

	fact->shared = true;
	if ((!open && !gather_is_told_of_keys(facts)) ||
	    !person_is_valid(&fact->person, facts->at_s))
		return;
	switch (open ? store_person_by_account(store, facts->whose, &person) :
		       gather_key_holder(store, &facts->login.keys, &person)) {
	case 0:
		person_inherit(&fact->person, &person);
		fact->person = person;
		break;
	case FG_ERR_NOT_FOUND:
		fact->nobody = true;
		break;
	default:
		fact->state = FACT_ERROR;
		break;
	}
}

static void
copy_exception(const struct store_exception *from, struct fact_exception *to)
{
	to->id = from->id;
	to->code = (int)from->code;
	(void)text_copy(to->grade, sizeof(to->grade), from->grade);
	memcpy(to->country, from->country, sizeof(to->country));
	to->bypass = from->kind == STORE_EXCEPTION_BYPASS;
	to->until_s = from->until_s;
}

/*
 * Exceptions hold without an inventory too, for the account, but not for
 * whoever cannot say who they are. More than fit are left out: an exception
 * only ever lets somebody in.
 */
void
gather_exceptions(struct store *store, struct facts *facts)
{
	struct store_exception list[FACT_EXCEPTIONS_MAX];
	struct fact_exceptions *fact = &facts->exceptions;
	const char *user = facts->login.user;
	size_t n = 0;
	int r;

	if (facts->person.state == FACT_KNOWN)
		user = facts->person.person.user;
	if (user[0] == '\0' || facts->person.nobody)
		return;
	fact->state = FACT_ERROR;
	r = store_exceptions_of(store, user, facts->at_s, list,
	    FACT_EXCEPTIONS_MAX, &n);
	if ((r != 0 && r != FG_ERR_LIMIT) || n > FACT_EXCEPTIONS_MAX)
		return;
	fact->state = n == 0 ? FACT_UNKNOWN : FACT_KNOWN;
	fact->count = n;
	for (size_t i = 0; i < n; i++)
		copy_exception(&list[i], &fact->list[i]);
}

void
gather_person(struct store *store, struct facts *facts)
{
	struct fact_person *fact = &facts->person;
	struct store_outline outline;

	memset(fact, 0, sizeof(*fact));
	memset(&facts->exceptions, 0, sizeof(facts->exceptions));
	if (store == NULL)
		return;
	if (store_outline(store, &outline) != 0) {
		fact->state = facts->exceptions.state = FACT_ERROR;
		return;
	}
	/* An empty inventory is none: nobody is unknown to it. */
	if (outline.people)
		fact->state = find_person(store, facts, &fact->person);
	else if (outline.lost)
		fact->state = FACT_ERROR;
	if (fact->state == FACT_KNOWN &&
	    fact->person.kind == PERSON_KIND_SHARED)
		find_sharer(store, facts, fact);
	if (fact->state != FACT_KNOWN)
		memset(&fact->person, 0, sizeof(fact->person));
	else if (person_in_hours(&fact->person, facts->at_s, &fact->in_hours) !=
	    0)
		fact->hours_failed = true;
	if (outline.exceptions)
		gather_exceptions(store, facts);
}
