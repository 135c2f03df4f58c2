/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who a user is on this machine.
 */
#ifndef FG_CTL_ACCOUNT_H
#define FG_CTL_ACCOUNT_H

#include "policyd/json/json.h"

/*
 * The user's id and groups, as the module would send them.
 * What cannot be looked up is said, and is an error to the decision, too.
 */
void	account_set(struct json *command, const char *user);

#endif
