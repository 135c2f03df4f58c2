/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests for approval, and whose word counts. Whoever asks holds theirs, and
 * ends it: so that none outlives its connection.
 */
#include "policyd/stepup/approvals.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/crypto.h"
#include "policyd/text.h"
#include "proto/result.h"

#define NUMBERS 900u /* from 100 on */
#define NOBODY	UINT32_MAX

struct approvals *
approvals_new(void)
{
	struct approvals *approvals = calloc(1, sizeof(*approvals));

	if (approvals != NULL)
		TAILQ_INIT(&approvals->queue);
	return approvals;
}

static void
drop(struct approvals *approvals, struct approval *a)
{
	TAILQ_REMOVE(&approvals->queue, a, entry);
	crypto_wipe(a->number, sizeof(a->number));
	free(a);
}

void
approvals_free(struct approvals *approvals)
{
	if (approvals == NULL)
		return;
	while (!TAILQ_EMPTY(&approvals->queue))
		drop(approvals, TAILQ_FIRST(&approvals->queue));
	free(approvals);
}

/* ---- asking ------------------------------------------------------------- */

void
approval_number(char ret_number[APPROVAL_NUMBER_SIZE])
{
	uint16_t v;

	do
		crypto_random(&v, sizeof(v));
	while (v >= UINT16_MAX / NUMBERS * NUMBERS); /* each as likely */
	v = (uint16_t)(v % NUMBERS + 100u);
	ret_number[0] = (char)('0' + v / 100);
	ret_number[1] = (char)('0' + v / 10 % 10);
	ret_number[2] = (char)('0' + v % 10);
	ret_number[3] = '\0';
}

/* A shadow takes no place among all from those that are none. */
static bool
has_place(const struct approvals *approvals, const struct facts *facts,
    bool shadow)
{
	const struct fact_origin *mine = &facts->origin;
	const struct approval *a;
	size_t all = 0, source = 0, person = 0;

	TAILQ_FOREACH(a, &approvals->queue, entry) {
		all += a->shadow == shadow;
		source += a->origin.kind == mine->kind &&
		    check_same_source(&a->origin.addr, &mine->addr);
		person += strcmp(a->person, fact_who(facts)) == 0;
	}
	return all < APPROVALS_MAX && source < APPROVALS_SOURCE_MAX &&
	    person < APPROVALS_PERSON_MAX;
}

static void
copy_findings(const struct decision *d, struct finding_list *ret_list)
{
	size_t i;

	for (i = 0; i < d->findings.count; i++)
		if (decide_shows(d, i))
			ret_list->list[ret_list->count++] = d->findings.list[i];
}

/* Each name has its fact's size. */
static void
copy_facts(const struct facts *facts, struct approval *a)
{
	const struct fact_login *login = &facts->login;

	a->asked_s = facts->at_s;
	a->kind = facts->kind;
	a->uid = login->uid;
	a->loginuid = facts->peer.loginuid;
	a->origin = facts->origin;
	a->where = facts->where;
	(void)text_copy(a->person, sizeof(a->person), fact_who(facts));
	(void)text_copy(a->whose, sizeof(a->whose), facts->whose);
	(void)text_copy(a->user, sizeof(a->user), login->user);
	(void)text_copy(a->ruser, sizeof(a->ruser), login->ruser);
	(void)text_copy(a->service, sizeof(a->service), login->service);
	(void)text_copy(a->city, sizeof(a->city), facts->place.city);
}

int
approvals_ask(struct approvals *approvals, const struct facts *facts,
    const struct decision *decision, int64_t until_s, bool shadow,
    struct approval **ret_approval)
{
	struct approval *a;

	*ret_approval = NULL;
	if (!has_place(approvals, facts, shadow))
		return FG_ERR_LIMIT;
	if ((a = calloc(1, sizeof(*a))) == NULL)
		return FG_ERR_NOMEM;
	crypto_reference(a->ref);
	approval_number(a->number);
	(void)text_copy(a->by.ref, sizeof(a->by.ref), a->ref);
	a->state = APPROVAL_WAITING;
	a->until_s = until_s;
	a->shadow = shadow;
	copy_facts(facts, a);
	copy_findings(decision, &a->findings);
	TAILQ_INSERT_TAIL(&approvals->queue, a, entry);
	*ret_approval = a;
	return 0;
}

/* ---- what became of it -------------------------------------------------- */

enum approval_state
approval_state_at(const struct approval *approval, int64_t now_s)
{
	if (approval->state == APPROVAL_WAITING && now_s >= approval->until_s)
		return APPROVAL_EXPIRED;
	return approval->state;
}

void
approvals_end(struct approvals *approvals, struct approval *approval,
    int64_t now_s)
{
	struct approval_past *past;

	if (approval == NULL)
		return;
	if (approval->shadow) {
		drop(approvals, approval);
		return;
	}
	past = &approvals->past[approvals->npast++ % APPROVALS_MAX];
	(void)text_copy(past->ref, sizeof(past->ref), approval->ref);
	past->by = approval->by;
	past->state = approval_state_at(approval, now_s);
	if (past->state == APPROVAL_WAITING)
		past->state = APPROVAL_GONE;
	drop(approvals, approval);
}

static struct approval *
without_shadows(struct approval *a)
{
	while (a != NULL && a->shadow)
		a = TAILQ_NEXT(a, entry);
	return a;
}

struct approval *
approvals_first(const struct approvals *approvals)
{
	return without_shadows(TAILQ_FIRST(&approvals->queue));
}

struct approval *
approvals_next(const struct approval *approval)
{
	return without_shadows(TAILQ_NEXT(approval, entry));
}

struct approval *
approvals_find(struct approvals *approvals, const char *ref)
{
	struct approval *a = approvals_first(approvals);

	while (a != NULL && strcmp(a->ref, ref) != 0)
		a = approvals_next(a);
	return a;
}

const struct approval_past *
approvals_past(const struct approvals *approvals, const char *ref)
{
	size_t i;

	for (i = 0; i < APPROVALS_MAX && i < approvals->npast; i++)
		if (strcmp(approvals->past[i].ref, ref) == 0)
			return &approvals->past[i];
	return NULL;
}

/* ---- whose word counts -------------------------------------------------- */

uint32_t
approver_id(const struct approver *approver)
{
	return approver->loginuid != NOBODY ? approver->loginuid :
					      approver->uid;
}

static bool
is_name(const char *a, const char *name)
{
	return a[0] != '\0' && strcmp(a, name) == 0;
}

bool
approval_is_of(const struct approval *approval, const char *name)
{
	/* su asks as the one whom the user wants to be. */
	return is_name(approval->person, name) ||
	    is_name(approval->user, name) || is_name(approval->whose, name) ||
	    (approval->kind == SERVICE_NESTED &&
		is_name(approval->ruser, name));
}

/* Root is whoever it is by sudo: then the login user id tells. */
static bool
is_same_user(const struct approval *a, const struct approver *by)
{
	uint32_t id = approver_id(by);

	return id == a->uid || (by->uid != 0 && by->uid == a->uid) ||
	    (a->kind == SERVICE_NESTED && id == a->loginuid);
}

const char *
approval_bars(const struct approval *approval, const struct approver *approver)
{
	if (!approver->looked)
		return "nobody could look who you are, as the scanner does "
		       "not answer; see farmgatectl status";
	if (approver_id(approver) == 0 && approver->loginuid == NOBODY)
		return "root without a login is nobody; log in as yourself "
		       "and use sudo";
	if (is_same_user(approval, approver) ||
	    (approver->person != NULL &&
		approval_is_of(approval, approver->person)))
		return "this login is your own; a second person has to "
		       "approve it";
	return NULL;
}

/* ---- their word --------------------------------------------------------- */

static void
settle(struct approval *a, enum approval_state state,
    const struct approver *approver)
{
	a->state = state;
	a->by.known = true;
	a->by.uid = approver->uid;
	a->by.loginuid = approver->loginuid;
}

bool
approval_is_number(const char *number)
{
	return strlen(number) == APPROVAL_NUMBER_SIZE - 1 &&
	    strspn(number, "0123456789") == APPROVAL_NUMBER_SIZE - 1;
}

int
approval_approve(struct approval *approval, const char *number,
    const struct approver *approver)
{
	if (strlen(number) == APPROVAL_NUMBER_SIZE - 1 &&
	    crypto_equal(number, approval->number, APPROVAL_NUMBER_SIZE)) {
		settle(approval, APPROVAL_APPROVED, approver);
		return 0;
	}
	if (++approval->tries < APPROVAL_TRIES)
		return FG_ERR_NOT_FOUND;
	settle(approval, APPROVAL_REFUSED, approver);
	return FG_ERR_LIMIT;
}

void
approval_refuse(struct approval *approval, const struct approver *approver)
{
	settle(approval, APPROVAL_REFUSED, approver);
}
