/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of request_prove.h share: a step-up that is asked, and how it
 * ends. What ends it may free the connection.
 */
#ifndef FG_REQUEST_PROVING_H
#define FG_REQUEST_PROVING_H

#include <stdbool.h>

#include "policyd/conn.h"
#include "policyd/decide/decide.h"
#include "policyd/stepup/method_approval.h"
#include "policyd/stepup/method_device.h"
#include "policyd/stepup/prover.h"
#include "policyd/stepup/stepup.h"

#define PROVE_WHY_HELD "too many wrong answers before: it is held back"

struct proving {
	struct stepup stepup;
	struct decision decision; /* without the proof */
	bool held; /* by back-off */
	bool counted; /* as a wrong answer */
	bool unasked; /* a program that asks nobody has answered */
	struct approval_login approval;
	struct device_login device;
};

/* Whose it is, and whether a second person need be troubled. */
struct prover prove_prover(const struct conn *conn);

/* People take their time: what is said of it, until when, and whether they may
 * still come in, is of now. Without a store it was none before, either. */
void	prove_renew(struct conn *conn);

/* Nobody hears any more what a second person says. Who was called for nothing
 * is not called for free. why is static. */
void	prove_end_approval(struct conn *conn, const char *why);

/* The record names who has vouched for them, or has not. */
void	prove_take_word(struct proving *p);

/* A laptop has said what it is: more may be found by that, and wanted. */
void	prove_more(struct conn *conn);

/* What was not asked for has failed; and with give_up that is all. */
void	prove_skip_rest(struct stepup *stepup, const char *why);
void	prove_give_up(struct conn *conn, const char *why);

/* Nobody is to be asked, or can be: account decides. */
void	prove_nothing(struct conn *conn);

/* A wrong answer counts once, and at once: also for who does not stay until the
 * end. */
void	prove_count_wrong(struct conn *conn);

/* Nothing is left to ask. */
void	prove_finish(struct conn *conn);

/* Nobody waits for what comes of it, which is a denial. why is static. */
void	prove_gone(struct conn *conn, const char *why);

/* The next module asks; whether it was content is not known yet. */
void	prove_delegate(struct conn *conn);

/* It was: one more method of the process that was told to ask it. */
void	prove_take_delegated(struct conn *conn);

#endif
