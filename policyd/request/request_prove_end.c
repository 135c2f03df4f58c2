/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a step-up ends. Without a record of it nothing was proved.
 */
#include <string.h>

#include "policyd/alerts.h"
#include "policyd/crypto.h"
#include "policyd/log.h"
#include "policyd/record/record.h"
#include "policyd/request/request.h"
#include "policyd/request/request_proving.h"
#include "policyd/stepup/backoff.h"
#include "policyd/stepup/proofs.h"
#include "policyd/stepup/remember.h"
#include "policyd/text.h"
#include "proto/result.h"

/* The same for all who answer like that, whatever stands against them. */
#define HELP_UNASKED                                                 \
	"Nobody could be asked: log in with a program that can ask " \
	"you, such as ssh with keyboard-interactive authentication."

static void
send_verdict(struct conn *conn, enum fg_verdict verdict, const char *ref,
    const char *reason)
{
	bool unasked = conn->proving != NULL && conn->proving->unasked;
	char help[FG_TEXT_MAX + 1];
	const struct fg_verdict_msg m = { .verdict = (uint8_t)verdict,
		.would = (uint8_t)verdict,
		.ref = ref,
		.reason = reason,
		.help =
		    request_help(conn, unasked ? HELP_UNASKED : NULL, help) };

	if (request_send(conn, &m))
		conn_close(conn);
}

void
prove_nothing(struct conn *conn)
{
	send_verdict(conn, FG_VERDICT_EXEMPT, "", "none");
}

/* Returns false if it could not be written: then nothing was proved. */
static bool
record(struct conn *conn, const struct decision *decision, const char *ref)
{
	struct daemon *daemon = conn->daemon;
	const struct record_decision r = { .facts = &conn->facts,
		.ruleset = conn->rules,
		.decision = decision,
		.stepup = conn->proving != NULL ? &conn->proving->stepup : NULL,
		.ref = ref,
		.latency_us = (loop_now_ns() - conn->accepted_ns) / 1000 };
	struct json *json = daemon_record(daemon, AUDIT_DECISION);
	bool recorded;

	record_decision(json, &r);
	alerts_decision(daemon, &conn->facts, decision, ref);
	recorded = daemon_audit(daemon, json, true) == 0;
	if (recorded || decision->verdict == FG_VERDICT_DENY)
		request_log(conn, decision, ref);
	return recorded;
}

static void
count_denied(struct conn *conn, const struct decision *decision)
{
	conn->daemon->stats.verdict[FG_VERDICT_DENY]++;
	counters_decided(conn->rules->counters, conn->rules->conf, &conn->facts,
	    decision);
}

static void
refuse(struct conn *conn, const struct decision *decision)
{
	char ref[CRYPTO_REF_SIZE], reason[FG_REASON_MAX + 1];

	crypto_reference(ref);
	(void)record(conn, decision, ref); /* reported there; it is a denial */
	count_denied(conn, decision);
	send_verdict(conn, FG_VERDICT_DENY, ref,
	    decide_reason(decision, reason));
}

static int
take_pidfd(struct conn *conn)
{
	int pidfd;

	conn_hold_peer(conn);
	pidfd = conn->pidfd;
	conn->pidfd = -1;
	return pidfd;
}

/* What passed stays this process's until its account phase. Without a record
 * of it there is none. */
static void
keep(struct conn *conn, enum fg_verdict verdict, struct decision *d)
{
	char ref[CRYPTO_REF_SIZE], reason[FG_REASON_MAX + 1];
	int r;

	crypto_reference(ref);
	d->verdict = d->would = verdict;
	if (!record(conn, d, ref)) {
		prove_nothing(conn);
		return;
	}
	if (proofs_add(conn->daemon->proofs, &conn->facts, ref,
		verdict == FG_VERDICT_DELEGATE, take_pidfd(conn)) != 0)
		log_err("request: the step-up %s cannot be kept", ref);
	if (verdict == FG_VERDICT_ALLOW &&
	    (r = remember_proof(conn->daemon->store, conn->rules->conf,
		 &conn->facts, d, ref)) != 0)
		log_err("request: the step-up %s is not remembered: %s", ref,
		    text_error(r));
	send_verdict(conn, verdict, ref, decide_reason(d, reason));
}

/* How the methods ended, as the proof that the decision is made anew with. */
static void
set_proof(struct conn *conn)
{
	const struct stepup *s = &conn->proving->stepup;
	struct fact_proof *proof = &conn->facts.proof;
	size_t i;

	memset(proof, 0, sizeof(*proof));
	proof->attested = conn->proving->device.attested;
	proof->methods = stepup_methods(s);
	if (proof->attested.pending)
		proof->methods &= ~(1u << METHOD_DEVICE);
	proof->approved = conn->proving->approval.asked;
	if (conn->proving->unasked) {
		proof->state = FACT_UNKNOWN;
		return;
	}
	proof->state = stepup_passed(s) ? FACT_KNOWN : FACT_ERROR;
	for (i = 0; i < s->n && s->steps[i].result == STEPUP_PASSED; i++)
		continue;
	proof->step_failed = i < s->n;
	if (proof->step_failed)
		(void)text_format(proof->why, sizeof(proof->why), "%s: %s",
		    method_name(s->steps[i].method),
		    s->steps[i].why != NULL ? s->steps[i].why :
					      "not asked for");
}

void
prove_count_wrong(struct conn *conn)
{
	struct proving *p = conn->proving;

	if (p->held || p->counted || !stepup_was_wrong(&p->stepup))
		return;
	p->counted = true;
	backoff_failed(conn->daemon->store, &conn->facts);
}

void
prove_finish(struct conn *conn)
{
	struct decision decision;

	prove_count_wrong(conn);
	set_proof(conn);
	decide(&conn->facts, conn->rules->conf, &decision);
	if (decision.would == FG_VERDICT_ALLOW) {
		if (stepup_passed(&conn->proving->stepup))
			backoff_passed(conn->daemon->store, &conn->facts);
		keep(conn, FG_VERDICT_ALLOW, &decision);
	} else {
		refuse(conn, &decision);
	}
}

void
prove_gone(struct conn *conn, const char *why)
{
	struct fact_proof *proof = &conn->facts.proof;
	char ref[CRYPTO_REF_SIZE];
	struct decision decision;

	set_proof(conn);
	/* It was right, and nobody has heard of it. */
	if (proof->state == FACT_KNOWN) {
		proof->state = FACT_ERROR;
		proof->methods = 0;
		proof->step_failed = true;
		(void)text_copy(proof->why, sizeof(proof->why), why);
	}
	decide(&conn->facts, conn->rules->conf, &decision);
	crypto_reference(ref);
	if (decision.would != FG_VERDICT_ALLOW && record(conn, &decision, ref))
		count_denied(conn, &decision);
}

void
prove_delegate(struct conn *conn)
{
	prove_count_wrong(conn);
	set_proof(conn);
	keep(conn, FG_VERDICT_DELEGATE, &conn->proving->decision);
}

void
prove_take_delegated(struct conn *conn)
{
	struct facts *facts = &conn->facts;
	struct decision decision;

	proofs_take_delegated(conn->daemon->proofs, facts, &facts->proof);
	if (facts->proof.state != FACT_KNOWN) {
		prove_nothing(conn);
		return;
	}
	facts->proof.methods |= 1u << METHOD_DELEGATE;
	decide(facts, conn->rules->conf, &decision);
	if (decision.would == FG_VERDICT_ALLOW)
		keep(conn, FG_VERDICT_ALLOW, &decision);
	else
		refuse(conn, &decision);
}
