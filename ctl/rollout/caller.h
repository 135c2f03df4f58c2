/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The administrator who runs this, behind sudo and su: whose way in must stay.
 */
#ifndef FG_CTL_ROLLOUT_CALLER_H
#define FG_CTL_ROLLOUT_CALLER_H

#include <stdbool.h>

#include "proto/msg.h"

struct caller {
	char	 user[FG_USER_MAX + 1];	/* "root" if nobody else is known */
	char	 from[FG_RHOST_MAX + 1];	/* address, or "" */
};

void	caller_find(struct caller *ret_caller);
/* The account of the login uid; false if there is none. */
bool	caller_login(char ret_user[FG_USER_MAX + 1]);

#endif
