/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins that wait for a second person, for administrators: which there are,
 * and that one is approved or refused. Who may is told by the kernel alone.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/gather/gather.h"
#include "policyd/session/session.h"
#include "policyd/told.h"
#include "proto/result.h"

#define APPROVAL_LIST_MS 10000u
#define NUMBER_MAX	 16u

/* ---- list --------------------------------------------------------------- */

static int
list_run(int out_fd, void *arg)
{
	static struct control_out out;
	struct control_job *job = arg;
	const struct approval *a;
	struct json *json;

	control_out_init(&out, out_fd);
	for (a = approvals_first(job->daemon->approvals); a != NULL;
	     a = approvals_next(a)) {
		json = json_new();
		told_approval(json, a, session_now_s());
		control_out_json(&out, json);
	}
	control_out_flush(&out);
	return out.failed ? CONTROL_ERROR : CONTROL_OK;
}

void
control_approval_list(struct control_job *job)
{
	control_work(job, list_run, control_finished, APPROVAL_LIST_MS);
}

/* ---- which one ---------------------------------------------------------- */

/* It was approved or refused: whose word that was, the client looks up. */
static void
answer_settled(struct control_job *job, const char *ref,
    enum approval_state state, const struct stepup_by *by)
{
	struct json *json = json_new();

	json_set_string(json, "ref", ref);
	json_set_string(json, "state", told_approval_state(state));
	json_set_int(json, "by_uid", by->uid);
	json_set_id(json, "by_loginuid", by->loginuid);
	control_answer(job, json, CONTROL_NO);
}

static void
say_so(struct control_job *job, const char *ref, enum approval_state state,
    const struct stepup_by *by)
{
	if (by->known) {
		answer_settled(job, ref, state, by);
		return;
	}
	if (state == APPROVAL_GONE)
		control_problem(job, "%s: who asked for it has gone", ref);
	else
		control_problem(job, "%s: its time is over", ref);
	control_not_found(job);
}

/* The one that waits, or NULL after an answer. */
static struct approval *
find_waiting(struct control_job *job)
{
	struct approvals *approvals = job->daemon->approvals;
	const char *ref = json_get_string(job->args, "ref", "");
	const struct approval_past *past;
	enum approval_state state;
	struct approval *a;

	if ((a = approvals_find(approvals, ref)) != NULL) {
		state = approval_state_at(a, session_now_s());
		if (state == APPROVAL_WAITING)
			return a;
		say_so(job, ref, state, &a->by);
	} else if ((past = approvals_past(approvals, ref)) != NULL) {
		say_so(job, ref, past->state, &past->by);
	} else {
		control_problem(job,
		    "no request %s is known; see farmgatectl approvals", ref);
		control_not_found(job);
	}
	return NULL;
}

/* ---- who says so -------------------------------------------------------- */

struct sameness {
	const struct control_job *job;
	const struct approval *approval;
	uint32_t id; /* the approver's */
	bool found;
};

static bool
is_of_account(const struct sameness *s, const char *account)
{
	struct store *store = s->job->daemon->store;
	static struct person person;

	return approval_is_of(s->approval, account) ||
	    (store != NULL &&
		store_person_by_account(store, account, &person) == 0 &&
		approval_is_of(s->approval, person.user));
}

/* No name service is asked here: who has a user id, their sessions say. */
static int
look_at_session(const struct store_session *session, bool reserved, void *arg)
{
	struct sameness *s = arg;

	(void)reserved;
	if (session->uid == s->id &&
	    (approval_is_of(s->approval, session->person) ||
		is_of_account(s, session->user)))
		s->found = true;
	return s->found;
}

static bool
is_same_person(const struct control_job *job, const struct approval *a,
    const struct approver *approver)
{
	struct sameness s = {
		.job = job, .approval = a, .id = approver_id(approver)
	};

	const char *name = json_get_string(job->args, "asker", "");

	sessions_each(job->daemon->sessions, look_at_session, &s);
	/* As farmgatectl looks it up; it only speaks against them. */
	return s.found || (name[0] != '\0' && is_of_account(&s, name));
}

/* Why the one who asks may not approve it, or NULL. */
static const char *
bars(const struct control_job *job, const struct approval *a,
    struct approver *ret_approver)
{
	struct gather_parent parent;

	session_parent(job->daemon->sessions, &job->by, &parent);
	*ret_approver =
	    (struct approver){ .looked = job->by.state == FACT_KNOWN,
		    .uid = job->by.uid,
		    .loginuid = job->by.loginuid,
		    .person = parent.person };
	if (is_same_person(job, a, ret_approver))
		ret_approver->person = a->person;
	return approval_bars(a, ret_approver);
}

/* ---- approve ------------------------------------------------------------ */

/* What cannot be one is no try. */
bool
control_approve_check(struct control_job *job)
{
	const char *number;

	if (control_text(job, "ref", FG_REF_MAX) == NULL ||
	    (number = control_text(job, "number", NUMBER_MAX)) == NULL)
		return false;
	if (approval_is_number(number))
		return true;
	control_problem(job, "the number that the user sees has three digits");
	return false;
}

static void
answer(struct control_job *job, const struct approval *a)
{
	struct json *json = json_new();

	told_approval(json, a, session_now_s());
	control_answer(job, json, CONTROL_OK);
}

static void
say_why(struct control_job *job, const struct approval *a, const char *why,
    bool is_wrong_number)
{
	unsigned int left = APPROVAL_TRIES - a->tries;

	if (is_wrong_number && a->state == APPROVAL_WAITING)
		control_problem(job, "%s: %s; %u tr%s left", a->ref, why, left,
		    left == 1 ? "y is" : "ies are");
	else
		control_problem(job, "%s: %s", a->ref, why);
}

/* An attempt that does not count; ends the job. */
static void
not_approved(struct control_job *job, const struct approval *a, const char *why,
    bool is_wrong_number)
{
	if (control_record_approval(job, "approve", a, why) != 0) {
		control_problem(job, CONTROL_UNRECORDED);
		control_refuse(job);
		return;
	}
	say_why(job, a, why, is_wrong_number);
	if (is_wrong_number)
		control_not_found(job);
	else
		control_refuse(job);
}

void
control_approve(struct control_job *job)
{
	const char *number = json_get_string(job->args, "number", ""), *why;
	struct approver approver;
	struct approval *a;
	int r;

	if ((a = find_waiting(job)) == NULL)
		return;
	if (control_asker_is_shared(job)) {
		control_refuse(job);
		return;
	}
	if ((why = bars(job, a, &approver)) != NULL) {
		not_approved(job, a, why, false);
		return;
	}
	if ((r = approval_approve(a, number, &approver)) != 0) {
		not_approved(job, a,
		    r == FG_ERR_LIMIT ?
			"the number is wrong, once too often: it is refused" :
			"that is not the number which the user sees",
		    true);
		return;
	}
	/* Nobody has acted on it yet: that takes another turn of the loop. */
	if (control_record_approval(job, "approve", a, NULL) != 0) {
		approval_refuse(a, &approver);
		control_unrecorded(job, "it was refused");
		return;
	}
	answer(job, a);
}

/* ---- refuse ------------------------------------------------------------- */

bool
control_refuse_check(struct control_job *job)
{
	return control_text(job, "ref", FG_REF_MAX) != NULL;
}

/* Whoever it is: that lets nobody in. */
void
control_approval_refuse(struct control_job *job)
{
	struct approver approver = { .uid = job->by.uid,
		.loginuid = job->by.loginuid };
	struct approval *a;

	if ((a = find_waiting(job)) == NULL)
		return;
	approval_refuse(a, &approver);
	if (control_record_approval(job, "refuse", a, NULL) != 0) {
		control_problem(job, CONTROL_UNRECORDED);
		control_refuse(job);
		return;
	}
	answer(job, a);
}

/* ---- of somebody who is dismissed --------------------------------------- */

static bool
is_of_person(const struct approval *a, const struct person *person)
{
	size_t i;

	for (i = 0; i < person->naccounts; i++)
		if (approval_is_of(a, person->account[i]))
			return true;
	return approval_is_of(a, person->user);
}

/* That it is refused stands without its record: it lets nobody in. */
void
control_approvals_refuse(struct control_job *job, const struct person *person)
{
	const struct approver approver = { .uid = job->by.uid,
		.loginuid = job->by.loginuid };
	struct approval *a;

	for (a = approvals_first(job->daemon->approvals); a != NULL;
	     a = approvals_next(a)) {
		if (approval_state_at(a, session_now_s()) != APPROVAL_WAITING ||
		    !is_of_person(a, person))
			continue;
		approval_refuse(a, &approver);
		(void)control_record_approval(job, "refuse", a, NULL);
	}
}
