/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A step-up on its connection. Nothing that an answer says is kept or logged;
 * who is refused in any case is asked the same as those who are not.
 */
#include "policyd/request/request_prove.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/check/check.h"
#include "policyd/crypto.h"
#include "policyd/gather/gather.h"
#include "policyd/request/request_proving.h"
#include "policyd/stepup/backoff.h"
#include "policyd/stepup/proofs.h"
#include "policyd/stepup/prover.h"
#include "policyd/text.h"
#include "proto/result.h"

#define WHY_GONE   "the user went away"
#define WHY_OTHER  "the account is somebody else's by now"
#define WHY_UNREAD "the inventory could not be read"

void
proving_free(struct proving *proving)
{
	if (proving == NULL)
		return;
	method_approval_end(&proving->approval, session_now_s());
	free(proving);
}

/* ---- rounds ------------------------------------------------------------ */

struct prover
prove_prover(const struct conn *conn)
{
	struct proving *p = conn->proving;

	return (struct prover){ .store = conn->daemon->store,
		.keyring = conn->daemon->keyring,
		.person = fact_who(&conn->facts),
		.at_s = daemon_wall_s(),
		.boot_s = session_now_s(),
		.open = stepup_is_open(&p->stepup) && !p->held,
		.approval = &p->approval,
		.device = &p->device };
}

/* Somebody could approve it, and nobody was called yet. */
static bool
is_quiet(const struct proving *p)
{
	return stepup_next(&p->stepup) == METHOD_APPROVAL &&
	    p->approval.request != NULL && !p->approval.told;
}

/* As long as there is, by the clock that counts while the machine sleeps. */
static void
wait_for_answer(struct conn *conn)
{
	int64_t left_s = conn->proving->stepup.until_s - session_now_s();

	unsigned int ms = left_s > 0 ? (unsigned int)left_s * 1000u : 0;

	conn->state = CONN_WANT_ANSWER;
	if (ms > PROVE_QUIET_MS && is_quiet(conn->proving))
		ms = PROVE_QUIET_MS;
	loop_timer_set(conn->timer, ms);
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

void
prove_take_word(struct proving *p)
{
	if (p->approval.request != NULL && !p->approval.request->shadow)
		p->stepup.steps[p->stepup.at].by = p->approval.request->by;
}

void
prove_skip_rest(struct stepup *s, const char *why)
{
	while (stepup_next(s) != METHOD_NONE)
		stepup_take(s, STEPUP_ERROR, why);
}

/* Who was refused is, even if they never ask how it is. */
static void
take_late_word(const struct conn *conn)
{
	struct proving *p = conn->proving;
	const struct prover prover = prove_prover(conn);
	const char *why;

	prove_take_word(p);
	if (prover_answer(&prover, METHOD_APPROVAL, NULL, 0, &why) ==
	    STEPUP_FAILED)
		stepup_take(&p->stepup, STEPUP_FAILED, why);
}

void
prove_end_approval(struct conn *conn, const char *why)
{
	struct proving *p = conn->proving;

	if (stepup_next(&p->stepup) != METHOD_APPROVAL)
		return;
	take_late_word(conn);
	if (stepup_next(&p->stepup) == METHOD_APPROVAL && p->approval.told &&
	    p->approval.request->state != APPROVAL_APPROVED)
		stepup_take(&p->stepup, STEPUP_FAILED, why);
}

/* Also for how long it is held back: that is as of now. */
static void
renew_time(struct conn *conn)
{
	conn->facts.at_s = daemon_wall_s();
	conn->facts.boot_s = session_now_s();
}

void
request_prove_gone(struct conn *conn, bool stopped)
{
	struct proving *p = conn->proving;
	const char *why = stopped ? "the daemon was stopped" : WHY_GONE;

	renew_time(conn);
	if (!stopped)
		prove_end_approval(conn, why);
	else if (stepup_next(&p->stepup) == METHOD_APPROVAL)
		take_late_word(conn);
	prove_skip_rest(&p->stepup, why);
	prove_count_wrong(conn);
	prove_gone(conn, why);
}

static void
ask(struct conn *conn, enum method method)
{
	const struct prover prover = prove_prover(conn);
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

void
prove_renew(struct conn *conn)
{
	struct facts *facts = &conn->facts;
	char who[FG_USER_MAX + 1];

	renew_time(conn);
	if (conn->daemon->store == NULL)
		return;
	(void)text_copy(who, sizeof(who), fact_who(facts));
	gather_person(conn->daemon->store, facts);
	gather_revocation(conn->daemon->store, facts);
	/* What was proved as one person is worth nothing as another. */
	if (strcmp(who, fact_who(facts)) != 0)
		prove_skip_rest(&conn->proving->stepup,
		    facts->person.state == FACT_ERROR ? WHY_UNREAD : WHY_OTHER);
}

void
prove_give_up(struct conn *conn, const char *why)
{
	prove_skip_rest(&conn->proving->stepup, why);
	prove_finish(conn);
}

void
request_prove_late(struct conn *conn)
{
	struct stepup *s = &conn->proving->stepup;

	if (is_quiet(conn->proving) && session_now_s() < s->until_s) {
		method_approval_tell(&conn->proving->approval);
		wait_for_answer(conn);
		return;
	}
	prove_renew(conn);
	if (stepup_next(s) == METHOD_APPROVAL)
		take_late_word(conn);
	prove_give_up(conn,
	    conn->proving->held ? PROVE_WHY_HELD : "no answer in time");
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
begin_device(struct conn *conn, struct proving *p)
{
	p->device.host = conn->daemon->host_key;
	p->device.store = conn->daemon->store;
	p->device.facts = &conn->facts;
	p->device.window_s = conn->rules->conf->shared_window_s;
}

/*
 * What is found of the laptop is decided as everything else is, before it is
 * known what else will pass. A laptop that does not count yet answers nothing.
 */
void
prove_more(struct conn *conn)
{
	struct proving *p = conn->proving;
	struct prover prover = prove_prover(conn);
	struct decision *d = &p->decision;

	conn->facts.proof.attested = p->device.attested;
	decide(&conn->facts, conn->rules->conf, d);
	p->stepup.real =
	    p->stepup.real && (d->challenge || d->would == FG_VERDICT_ALLOW);
	for (size_t i = 0; i < d->nneeds && p->device.attested.pending; i++)
		methods_drop(&d->needs[i], METHOD_DEVICE);
	stepup_plan_more(d->needs, d->nneeds, prover_has, &prover, &p->stepup);
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
	begin_device(conn, p);
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
