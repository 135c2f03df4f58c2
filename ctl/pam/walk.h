/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an application is told by a stack whose modules return this and that:
 * libpam's dispatch, without the modules. Pure.
 */
#ifndef FG_CTL_PAM_WALK_H
#define FG_CTL_PAM_WALK_H

#include "ctl/pam/stack.h"

/* What the module of a line returns: one of PAM's codes. */
typedef int (*walk_fn)(const struct stack_line *line, void *arg);

struct walk {
	int	 code;		/* of the application's call */
	bool	 gate;		/* a line of the gate's was run */
	bool	 bad_jump;	/* one led over the end, which fails the call */
	const struct stack_line *decided; /* the line that the code is of, or
					   * NULL: every one was passed over */
};

/*
 * Run the lines of a type, one after the other, as pam_authenticate(3),
 * pam_acct_mgmt(3), pam_open_session(3) do. A stack that has none of the type
 * is PAM_PERM_DENIED here: libpam takes those of "other" then, if it has some.
 */
void	 walk_run(const struct stack *stack, enum stack_type type, walk_fn fn,
	    void *arg, struct walk *ret_walk);

#endif
