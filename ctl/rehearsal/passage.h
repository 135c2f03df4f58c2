/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a login fares in a service's stack when the gate's lines say this or
 * that, and every other module lets it in.
 */
#ifndef FG_CTL_PASSAGE_H
#define FG_CTL_PASSAGE_H

#include "ctl/pam/stack.h"

/* The daemon's word, as the module has it. */
enum passage_word {
	PASSAGE_NONE = 0,	/* there is none: a failure */
	PASSAGE_ALLOW,
	PASSAGE_OBSERVE,	/* a denial that is only observed */
	PASSAGE_DENY,
	PASSAGE_EXEMPT
};

struct passage {
	bool	 open;		/* account and session succeed */
	bool	 asked;		/* a line of the gate's was run */
	/* The line that decided; NULL where nothing did. */
	const struct stack_line *decided;
	/* The gate's own line: in account, else in session. */
	const struct stack_line *gate;
};

void	passage_walk(const struct stack *stack, enum passage_word word,
	    struct passage *ret_passage);

/* What that line does without the daemon; "on_error=deny". Static. */
const char	*passage_failure_argument(const struct stack_line *gate);

/* Without the daemon the line lets in. */
bool	passage_fails_open(const struct stack_line *gate);

#endif
