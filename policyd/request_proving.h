/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of request_prove.h share: a step-up that is asked, and how it
 * ends. What ends it may free the connection.
 */
#ifndef FG_REQUEST_PROVING_H
#define FG_REQUEST_PROVING_H

#include <stdbool.h>

#include "policyd/conn.h"
#include "policyd/decide.h"
#include "policyd/stepup/method_approval.h"
#include "policyd/stepup/stepup.h"

struct proving {
	struct stepup stepup;
	struct decision decision; /* without the proof */
	bool held; /* by back-off */
	bool counted; /* as a wrong answer */
	bool unasked; /* a program that asks nobody has answered */
	struct approval_login approval;
};

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
