/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where in a service's file the gate's lines belong, and which lines.
 */
#ifndef FG_CTL_ROLLOUT_PLACE_H
#define FG_CTL_ROLLOUT_PLACE_H

#include "ctl/pam/stack.h"
#include "ctl/rollout/block.h"

/*
 * Add a block for account and one for session to text, which is that stack's
 * file and has none. arguments are those of the lines. Complains.
 * Returns CTL_OK or CTL_ERROR.
 */
int	place_blocks(const struct stack *stack, const char *arguments,
	    struct block_text *text);

/*
 * Likewise one for auth, where a step-up is asked for, which text has none of:
 * behind all of its other lines. A stack that asks for no first factor has no
 * place for it.
 */
int	place_auth(const struct stack *stack, const char *arguments,
	    struct block_text *text);

#endif
