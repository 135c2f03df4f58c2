/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The known mistakes in a service's stack that names the gate: one table, with
 * a function each. farmgatectl(8) lists the same.
 */
#ifndef FG_CTL_PAM_STACK_CHECK_H
#define FG_CTL_PAM_STACK_CHECK_H

#include "ctl/pam/mistakes.h"
#include "ctl/pam/stack.h"
#include "policyd/conf.h"

/* What stands around a stack. */
struct surroundings {
	const char	 *confdir;
	const struct conf *conf;	/* NULL: kinds of services not known */
};

/* Whether a line of any type is the gate's. */
bool	 stack_check_names_gate(const struct stack *stack);

/*
 * Add the mistakes of a stack. One without the gate has that mistake alone.
 * Returns 0 or FG_ERR_NOMEM.
 */
int	 stack_check(const struct stack *stack,
	    const struct surroundings *around, struct mistakes *mistakes);

/* What could not be read of it, or is never passed, from stack_read(). */
int	 stack_check_errors(const char *service,
	    const struct conf_errors *errors, struct mistakes *mistakes);

#endif
