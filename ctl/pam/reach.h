/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a stack can make of the gate, whatever its other modules return: proofs
 * by walking it with every outcome that these can have. Pure.
 */
#ifndef FG_CTL_PAM_REACH_H
#define FG_CTL_PAM_REACH_H

#include "ctl/pam/stack.h"

#define REACH_WAYS_MAX 8u

/* One way past the gate. */
struct reach_way {
	const struct stack_line *line;	/* run last before the gate's place */
	int	 code;			/* that its module returned */
};

/*
 * The lines after which a login gets in while no line of the gate's was run:
 * each once, at most REACH_WAYS_MAX. A stack without a line of the gate's has
 * no such way.
 * Returns 0 or FG_ERR_NOMEM.
 */
int	 reach_find_ways(const struct stack *stack, enum stack_type type,
	    struct reach_way ways[REACH_WAYS_MAX], size_t *ret_n);

/*
 * Whether a login can get in that every line of the gate's returns this code
 * for, and that runs one of them. Those with delegated do not hand over, and
 * ignore who was. Returns 0 or FG_ERR_NOMEM.
 */
int	 reach_gets_in(const struct stack *stack, enum stack_type type,
	    int code, bool *ret_in);

#endif
