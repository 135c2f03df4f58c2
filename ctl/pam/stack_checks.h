/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the checks of PAM stacks have in common: only for stack_check*.c.
 */
#ifndef FG_CTL_PAM_STACK_CHECKS_H
#define FG_CTL_PAM_STACK_CHECKS_H

#include "ctl/pam/guarded.h"
#include "ctl/pam/stack_check.h"
#include "pam_module/args.h"

/* One check that runs. */
struct check {
	const struct stack *stack;
	const struct surroundings *around;
	struct mistakes	*mistakes;
	enum severity	 severity;	/* of the table's row */
	const char	*code;
	int		 r;		/* the first error */
};

/* A mistake in a line, or in the service's own file for NULL. fix is static. */
void	 check_say(struct check *c, const struct stack_line *line,
	    const char *fix, const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));

/* The arguments of a line of the gate's; the defaults where they are wrong. */
struct args check_args(struct check *c, const struct stack_line *line);

/* stack_check_lines.c: the gate's own lines. */
void	 check_controls(struct check *c);
void	 check_exempt_is_refused(struct check *c);
void	 check_ends_the_stack(struct check *c);
void	 check_twice(struct check *c);
void	 check_asks_twice(struct check *c);
void	 check_arguments(struct check *c);
void	 check_observe_differs(struct check *c);
void	 check_on_error_differs(struct check *c);
void	 check_timeout(struct check *c);

/* stack_check_around.c: the other lines, the modules, other services. */
void	 check_module_is_missing(struct check *c);
void	 check_gate_is_unsafe(struct check *c);
void	 check_other_is_missing(struct check *c);
void	 check_other_is_unused(struct check *c);
void	 check_loginuid(struct check *c);
void	 check_user_environment(struct check *c);
void	 check_fails_open(struct check *c);
void	 check_console_is_locked(struct check *c);
void	 check_remote_is_locked(struct check *c);
void	 check_exempt_is_asked(struct check *c);
void	 check_sister(struct check *c);
void	 check_common(struct check *c);

/* stack_check_auth.c: where a step-up is asked for. */
void	 check_auth_stands_in(struct check *c);
void	 check_nobody_is_asked(struct check *c);
void	 check_strangers_are_asked(struct check *c);

/* stack_check_delegate.c: where it is handed over. */
void	 check_delegate(struct check *c);
void	 check_hands_over_to_nobody(struct check *c);

/* The first line of the gate with delegated, or NULL. */
const struct stack_line *check_delegated_line(const struct stack *stack);

/* Whether the configuration has the service ask the module behind the gate. */
bool	 check_delegates(const struct check *c);

/* The line's control is for handing over to the line behind it, and would not
 * hear that this was content: to write required does not mend that. */
bool	 check_means_to_hand_over(const struct check *c,
	    const struct stack_line *gate);

#endif
