/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A step-up on its connection. Nothing that an answer says is kept or logged;
 * who is refused in any case is asked the same as those who are not.
 */
#include "policyd/request_prove.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "policyd/check/check.h"
#include "policyd/crypto.h"
#include "policyd/gather/gather.h"
#include "policyd/request_proving.h"
#include "policyd/stepup/backoff.h"
#include "policyd/stepup/proofs.h"
#include "policyd/stepup/prover.h"
#include "policyd/stepup/totp.h"
#include "policyd/text.h"
#include "proto/result.h"

#define WHY_GONE   "the user went away"
#define WHY_OTHER  "the account is somebody else's by now"
#define WHY_UNREAD "the inventory could not be read"
#define WHY_HELD   "too many wrong answers before: it is held back"

void
proving_free(struct proving *proving)
{
	if (proving == NULL)
		return;
	method_approval_end(&proving->approval, session_now_s());
	free(proving);
}

/* ---- rounds ------------------------------------------------------------ */

/* Whose step-up it is, and whether a second person need be troubled. */
static struct prover
prover_of(const struct conn *conn)
{
	struct proving *p = conn->proving;

	return (struct prover){ .store = conn->daemon->store,
		.keyring = conn->daemon->keyring,
		.person = fact_who(&conn->facts),
		.at_s = daemon_wall_s(),
		.boot_s = session_now_s(),
		.open = stepup_is_open(&p->stepup) && !p->held,
		.approval = &p->approval };
}

/* As long as there is, by the clock that counts while the machine sleeps. */
static void
wait_for_answer(struct conn *conn)
{
	int64_t left_s = conn->proving->stepup.until_s - session_now_s();

	conn->state = CONN_WANT_ANSWER;
	loop_timer_set(conn->timer,
	    left_s > 0 ? (unsigned int)left_s * 1000u : 0);
}

/* What it shows may be for the user alone, as the number of an approval is. */
static bool
send_challenge(struct conn *conn, const struct fg_challenge *m)
{
	bool sent;
	size_t len;

	if (fg_msg_put_challenge(conn->data, FG_MSG_MAX, conn_next(conn), m,
		&len) != 0)
		return false;
	sent = conn_wait(conn) && conn_send(conn, conn->data, len) == 0;
	crypto_wipe(conn->data, len);
	return sent;
}

/* The record names who has vouched for them, or has not. */
static void
take_word(struct proving *p)
{
	if (p->approval.request != NULL && !p->approval.request->shadow)
		p->stepup.steps[p->stepup.at].by = p->approval.request->by;
}

static void
skip_rest(struct stepup *s, const char *why)
{
	while (stepup_next(s) != METHOD_NONE)
		stepup_take(s, STEPUP_ERROR, why);
}

void
request_prove_gone(struct conn *conn, bool stopped)
{
	struct proving *p = conn->proving;
	const char *why = stopped ? "the daemon was stopped" : WHY_GONE;

	if (stepup_next(&p->stepup) == METHOD_APPROVAL) {
		take_word(p);
		/* Others were called for nothing: that is not free. */
		if (p->approval.request != NULL && !stopped &&
		    p->approval.request->state != APPROVAL_APPROVED)
			stepup_take(&p->stepup, STEPUP_FAILED, why);
	}
	skip_rest(&p->stepup, why);
	prove_count_wrong(conn);
	prove_gone(conn, why);
}

static void
ask(struct conn *conn, enum method method)
{
	const struct prover prover = prover_of(conn);
	char prompt[PROVER_PROMPT_SIZE];
	const struct fg_challenge m = { .style = FG_STYLE_VISIBLE,
		.prompt = prover_prompt(&prover, method, prompt) };
	bool sent = send_challenge(conn, &m);

	crypto_wipe(prompt, sizeof(prompt));
	if (sent) {
		wait_for_answer(conn);
		return;
	}
	conn->daemon->stats.aborted++;
	request_prove_gone(conn, false);
	conn_close(conn);
}

void
request_prove_on(struct conn *conn)
{
	enum method method = stepup_next(&conn->proving->stepup);

	if (method == METHOD_NONE)
		prove_finish(conn);
	else if (method == METHOD_DELEGATE)
		prove_delegate(conn);
	else
		ask(conn, method);
}

/* Who was refused is, even if they never ask how it is. */
static void
take_late_word(const struct conn *conn)
{
	struct proving *p = conn->proving;
	const struct prover prover = prover_of(conn);
	const char *why;

	take_word(p);
	if (prover_answer(&prover, METHOD_APPROVAL, NULL, 0, &why) ==
	    STEPUP_FAILED)
		stepup_take(&p->stepup, STEPUP_FAILED, why);
}

/* People take their time: what is said of it, until when, and whether they may
 * still come in, is of now. Without a store it was none before, either. */
static void
renew(struct conn *conn)
{
	struct facts *facts = &conn->facts;
	char who[FG_USER_MAX + 1];

	facts->at_s = daemon_wall_s();
	facts->boot_s = session_now_s();
	if (conn->daemon->store == NULL)
		return;
	(void)text_copy(who, sizeof(who), fact_who(facts));
	gather_person(conn->daemon->store, facts);
	gather_revocation(conn->daemon->store, facts);
	/* What was proved as one person is worth nothing as another. */
	if (strcmp(who, fact_who(facts)) != 0)
		skip_rest(&conn->proving->stepup,
		    facts->person.state == FACT_ERROR ? WHY_UNREAD : WHY_OTHER);
}

static void
give_up(struct conn *conn, const char *why)
{
	skip_rest(&conn->proving->stepup, why);
	prove_finish(conn);
}

void
request_prove_late(struct conn *conn)
{
	struct stepup *s = &conn->proving->stepup;

	renew(conn);
	if (stepup_next(s) == METHOD_APPROVAL)
		take_late_word(conn);
	give_up(conn, conn->proving->held ? WHY_HELD : "no answer in time");
}

static bool
is_first(const struct stepup *s)
{
	return s->at == 0 && s->steps[0].tries == 0;
}

/*
 * Programs with one field for a name and one for a password give the name to
 * whatever is asked visibly, at once and each time. It is no guess, as it can
 * be no code, and is looked at by nobody; so it does not count as one. A name
 * of as many digits as a code has can be right, and is a guess. One with the
 * form of a recovery code, of which there are 2 to the 60, is none.
 */
static bool
is_name(const struct conn *conn, const struct fg_answer *answer)
{
	const char *user = conn->facts.login.user;

	return is_first(&conn->proving->stepup) && answer->len > 0 &&
	    answer->len == strlen(user) &&
	    strncasecmp(answer->bytes, user, answer->len) == 0 &&
	    !totp_has_form(user, answer->len);
}

/* It ends the step-up, whatever else there is to ask, and against whom. */
static void
take_name(struct proving *p)
{
	p->unasked = true;
	skip_rest(&p->stepup,
	    "the user name was given: the program asks nobody");
}

/* Of a program that answers nothing, and of a terminal that has ended: neither
 * would say anything else the next time. */
static void
take_silence(struct conn *conn)
{
	struct proving *p = conn->proving;

	p->unasked = is_first(&p->stepup);
	if (stepup_next(&p->stepup) == METHOD_APPROVAL)
		take_late_word(conn);
	skip_rest(&p->stepup, "nobody has answered");
}

static void
take_text(struct conn *conn, const struct fg_answer *answer)
{
	struct proving *p = conn->proving;
	const struct prover prover = prover_of(conn);
	enum method method = stepup_next(&p->stepup);
	enum stepup_result result;
	const char *why;

	/* Nor is nothing a guess: ssh gives it where there is no terminal. */
	if (answer->how == FG_ANSWER_GIVEN && answer->len == 0 &&
	    prover_reads(method)) {
		stepup_take(&p->stepup, STEPUP_ERROR, "nobody has answered");
		return;
	}
	/* Looked at in any case, and worth nothing in some. */
	result =
	    prover_answer(&prover, method, answer->bytes, answer->len, &why);
	if (result == STEPUP_PASSED && (p->held || !p->stepup.real)) {
		result = STEPUP_FAILED;
		why = p->held ? WHY_HELD : "right, and refused in any case";
	}
	if (method == METHOD_APPROVAL)
		take_word(p);
	stepup_take(&p->stepup, result, why);
}

static void
take_answer(struct conn *conn, const struct fg_answer *answer)
{
	struct stepup *s = &conn->proving->stepup;

	/* From here on: a right answer costs more than a wrong one, and nobody
	 * sees how much. */
	conn->state = CONN_PAUSED;
	loop_timer_set(conn->timer,
	    stepup_next(s) == METHOD_APPROVAL ? PROVE_WAIT_MS : PROVE_FLOOR_MS);
	renew(conn);
	if (conn->facts.boot_s >= s->until_s) {
		request_prove_late(conn);
		return;
	}
	if (stepup_next(s) == METHOD_NONE)
		return; /* it ends when the floor is reached */
	/* Others may have answered in the meantime. */
	if (backoff_holds(conn->daemon->store, &conn->facts))
		conn->proving->held = true;
	switch ((enum fg_answer_how)answer->how) {
	case FG_ANSWER_GIVEN:
		if (is_name(conn, answer))
			take_name(conn->proving);
		else
			take_text(conn, answer);
		break;
	case FG_ANSWER_UNUSABLE:
		if (prover_reads(stepup_next(s)))
			stepup_take(s, STEPUP_FAILED, "too long, or no text");
		else
			take_text(conn, answer);
		break;
	case FG_ANSWER_SILENT:
		take_silence(conn);
		break;
	case FG_ANSWER_IMPOSSIBLE:
	case FG_ANSWER_NONE:
		/* What nobody can type is no wrong answer: account says so.
		 * Behind another answer it is no way to learn whether that
		 * was right. */
		if (s->at > 0)
			give_up(conn, "nobody could be asked for it");
		else
			prove_nothing(conn);
		return;
	}
	prove_count_wrong(conn);
}

void
request_answered_prompt(struct conn *conn, size_t len)
{
	char text[FG_ANSWER_MAX];
	struct fg_answer answer;
	int r;

	if ((r = fg_msg_get_answer(conn->data, len, &answer)) == 0 &&
	    answer.len > 0)
		memcpy(text, answer.bytes, answer.len);
	crypto_wipe(conn->data, len);
	answer.bytes = text;
	if (r != 0)
		conn_malformed(conn, "request", r);
	else
		take_answer(conn, &answer);
	crypto_wipe(text, sizeof(text));
	crypto_wipe_registers();
}

/* ---- the beginning ----------------------------------------------------- */

size_t
request_prove_pending(const struct daemon *daemon)
{
	const struct conn *conn;
	size_t n = 0;

	LIST_FOREACH(conn, &daemon->conns, entry) {
		n += conn->proving != NULL;
	}
	return n;
}

/* Whoever is asked has a place of their own until they answer. */
static bool
has_place(const struct conn *conn)
{
	const struct facts *mine = &conn->facts;
	const struct conn *other;
	size_t all = 0, source = 0, person = 0;

	LIST_FOREACH(other, &conn->daemon->conns, entry) {
		const struct facts *f = &other->facts;

		if (other->proving == NULL)
			continue;
		all++;
		source += f->origin.kind == mine->origin.kind &&
		    check_same_source(&f->origin.addr, &mine->origin.addr);
		person += strcmp(fact_who(f), fact_who(mine)) == 0;
	}
	return all < PROVE_PENDING_MAX && source < PROVE_PENDING_SOURCE_MAX &&
	    person < PROVE_PENDING_PERSON_MAX;
}

/* What it is asked with: also for one that is refused whatever is proved. */
static void
plan(struct conn *conn, const struct decision *d, struct stepup *ret_stepup)
{
	const struct conf *conf = conn->rules->conf;
	struct prover prover = { .store = conn->daemon->store,
		.person = fact_who(&conn->facts) };
	const struct methods *usual =
	    d->policy != NULL && d->policy->step_up.n > 0 ?
	    &d->policy->step_up :
	    &conf->step_up;

	if (d->challenge)
		stepup_plan(d->needs, d->nneeds, prover_has, &prover,
		    ret_stepup);
	else
		stepup_plan(usual, 1, prover_has, &prover, ret_stepup);
	ret_stepup->real = d->challenge;
	ret_stepup->until_s = session_now_s() + conf->step_up_s;
}

static void
begin_approval(struct conn *conn, struct proving *p)
{
	p->approval.approvals = conn->daemon->approvals;
	p->approval.hooks = conn->daemon->hooks;
	p->approval.facts = &conn->facts;
	p->approval.decision = &p->decision;
	p->approval.until_s = p->stepup.until_s;
}

static void
begin(struct conn *conn, const struct decision *d)
{
	bool place = has_place(conn);
	struct proving *p;

	if ((p = calloc(1, sizeof(*p))) == NULL) {
		prove_nothing(conn); /* account denies */
		return;
	}
	conn->proving = p;
	p->decision = *d;
	plan(conn, d, &p->stepup);
	begin_approval(conn, p);
	p->held = backoff_holds(conn->daemon->store, &conn->facts);
	if (p->stepup.n == 0) {
		prove_nothing(conn);
		return;
	}
	while (!place && stepup_next(&p->stepup) != METHOD_NONE)
		stepup_take(&p->stepup, STEPUP_ERROR,
		    "too many step-ups at once");
	request_prove_on(conn);
}

void
request_prove(struct conn *conn)
{
	struct decision decision;

	if ((conn->facts.login.flags & FG_LOGIN_DELEGATED) == 0)
		proofs_drop(conn->daemon->proofs, &conn->facts);
	decide(&conn->facts, conn->rules->conf, &decision);
	/* Of a failure account says more: whether the glass is broken. */
	if (decision.verdict != FG_VERDICT_DENY || decision.alone)
		prove_nothing(conn);
	else if ((conn->facts.login.flags & FG_LOGIN_DELEGATED) != 0)
		prove_take_delegated(conn);
	else
		begin(conn, &decision);
}
