/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control of a PAM line: what each return code leads to.
 */
#ifndef FG_CTL_PAM_CONTROL_H
#define FG_CTL_PAM_CONTROL_H

#include "ctl/pam/stack.h"

/*
 * Read one: "required" and its like in either case, or what stands between the
 * brackets. What it does not name is STACK_BAD.
 * Returns 0, or FG_ERR_FORMAT: every code is STACK_BAD, as libpam has it then,
 * *ret_why says what is wrong, and *ret_at is where in the word.
 */
int	 control_parse(const char *word, int actions[STACK_CODES],
	    const char **ret_why, const char **ret_at);

/* "success", "auth_err": as pam.conf(5) has it; "?" for others. Static. */
const char	*control_code_name(int code);

#endif
