/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an answer to a prompt is worth, and what no answer is. Nothing of it is
 * kept or logged.
 */
#include <string.h>
#include <strings.h>

#include "policyd/crypto.h"
#include "policyd/request/request_prove.h"
#include "policyd/request/request_proving.h"
#include "policyd/stepup/backoff.h"
#include "policyd/stepup/prover.h"
#include "policyd/stepup/totp.h"
#include "proto/result.h"

#define WHY_NAME    "the user name was given: the program asks nobody"
#define WHY_SILENT  "nobody has answered"
#define WHY_UNASKED "nobody could be asked for it"

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
take_name(struct conn *conn)
{
	struct proving *p = conn->proving;

	p->unasked = true;
	prove_end_approval(conn, WHY_NAME);
	prove_skip_rest(&p->stepup, WHY_NAME);
}

/* Of a program that answers nothing, and of a terminal that has ended: neither
 * would say anything else the next time. */
static void
take_silence(struct conn *conn)
{
	struct proving *p = conn->proving;

	p->unasked = is_first(&p->stepup);
	prove_end_approval(conn, WHY_SILENT);
	prove_skip_rest(&p->stepup, WHY_SILENT);
}

/* A laptop answers by itself, and nobody guesses what it signs: it is held back
 * by no wrong answer, and gives none. */
static enum stepup_result
not_passed(enum method method)
{
	return method == METHOD_DEVICE ? STEPUP_ERROR : STEPUP_FAILED;
}

static bool
is_worthless(const struct proving *p, enum method method)
{
	return !p->stepup.real || (p->held && method != METHOD_DEVICE);
}

static void
take_text(struct conn *conn, const struct fg_answer *answer)
{
	struct proving *p = conn->proving;
	const struct prover prover = prove_prover(conn);
	enum method method = stepup_next(&p->stepup);
	enum stepup_result result;
	const char *why;

	/* Nor is nothing a guess: ssh gives it where there is no terminal. */
	if (answer->how == FG_ANSWER_GIVEN && answer->len == 0 &&
	    prover_reads(method)) {
		stepup_take(&p->stepup, STEPUP_ERROR, WHY_SILENT);
		return;
	}
	if (method == METHOD_APPROVAL)
		method_approval_tell(&p->approval);
	/* Looked at in any case, and worth nothing in some. */
	result =
	    prover_answer(&prover, method, answer->bytes, answer->len, &why);
	if (result == STEPUP_PASSED && is_worthless(p, method)) {
		result = not_passed(method);
		why = p->stepup.real ? PROVE_WHY_HELD :
				       "right, and refused in any case";
	}
	if (method == METHOD_APPROVAL)
		prove_take_word(p);
	stepup_take(&p->stepup, result, why);
	if (method == METHOD_DEVICE && result == STEPUP_PASSED)
		prove_more(conn);
}

/* What nobody can type is no wrong answer: account says so. Behind another
 * answer it is no way to learn whether that was right, nor to leave unheard. */
static void
take_impossible(struct conn *conn)
{
	struct proving *p = conn->proving;

	if (is_first(&p->stepup) && !p->approval.told) {
		prove_nothing(conn);
		return;
	}
	prove_end_approval(conn, WHY_UNASKED);
	prove_give_up(conn, WHY_UNASKED);
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
	prove_renew(conn);
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
			take_name(conn);
		else
			take_text(conn, answer);
		break;
	case FG_ANSWER_UNUSABLE:
		if (prover_reads(stepup_next(s)))
			stepup_take(s, not_passed(stepup_next(s)),
			    "too long, or no text");
		else
			take_text(conn, answer);
		break;
	case FG_ANSWER_SILENT:
		take_silence(conn);
		break;
	case FG_ANSWER_IMPOSSIBLE:
	case FG_ANSWER_NONE:
		take_impossible(conn);
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
