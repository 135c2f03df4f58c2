/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The question to this laptop's own daemon, and what its silence or refusal
 * means in words for the user.
 */
#ifndef FG_WITNESS_H
#define FG_WITNESS_H

#include <stdint.h>

#include "attest/prompt.h"
#include "proto/msg.h"

#define WITNESS_MS	5000u	/* for a question */
#define WITNESS_TURN_MS	10000	/* when none is asked again */

/*
 * Ask for a statement at rundir's witness.sock, and again while it is too busy
 * for the question. On a refusal *ret_fail is the daemon's reason (enum
 * fg_fail), otherwise 0.
 * Returns 0 or what fg_client_open(), fg_client_send() and fg_client_recv()
 * return; FG_ERR_FORMAT for an answer that is none. ret_answer is "" on error.
 */
int	witness_ask(const char *rundir,
	    const struct prompt_challenge *challenge,
	    char ret_answer[FG_STATEMENT_MAX + 1], uint8_t *ret_fail);

/* Why there is none: r and fail as witness_ask() gave them. Static. */
const char	*witness_why(int r, uint8_t fail);

#endif
