/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which services the gate guards: those whose stacks name it.
 */
#ifndef FG_CTL_PAM_GUARDED_H
#define FG_CTL_PAM_GUARDED_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/pam/stack.h"

#define GUARDED_MAX 256u

struct guarded {
	struct stack	*list[GUARDED_MAX];	/* by the service's name */
	size_t		 n;
};

/*
 * The stacks of the folder confdir that name the gate in account or session,
 * of all services or of one (NULL: all). What is wrong with any of them is not
 * said here. A folder that cannot be read has none.
 * Returns 0, FG_ERR_SYSTEM, FG_ERR_NOMEM or FG_ERR_LIMIT (more than there is
 * room for). guarded_done() also after an error.
 */
int	guarded_find(const char *confdir, const char *service,
	    struct guarded *ret);
void	guarded_done(struct guarded *guarded);

/* By its name: files that are included are no services, backups are none. */
bool	guarded_is_service(const char *name);

/* The first line of the gate in the stack of that type, or NULL. */
const struct stack_line *guarded_line(const struct stack *stack,
	    enum stack_type type);

/* Whether the line has the argument. */
bool	guarded_has_argument(const struct stack_line *line,
	    const char *argument);

/* The file of break-glass that the gate's line goes by. Borrowed. */
const char	*guarded_breakglass(const struct stack_line *line);

#endif
