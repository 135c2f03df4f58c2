/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libpam knows about the login, bounded and ready for the wire.
 */
#ifndef FG_ITEMS_H
#define FG_ITEMS_H

#include <sys/types.h>

#include <security/pam_modules.h>

#include "pam_module/args.h"
#include "proto/msg.h"

struct items {
	struct fg_login	 login;		/* its strings are the ones below,
					 * ssh_auth is PAM's */
	gid_t		 gid;		/* primary group; valid with a user */
	char		 service[FG_SERVICE_MAX + 1];
	char		 user[FG_USER_MAX + 1];
	char		 ruser[FG_USER_MAX + 1];
	char		 tty[FG_TTY_MAX + 1];
	char		 rhost[FG_RHOST_MAX + 1];
	char		 ssh_connection[FG_SSH_CONNECTION_MAX + 1];
	char		 ref[FG_REF_MAX + 1];
};

/*
 * Collect. The user is looked up in passwd, nothing else is: no address is
 * parsed and no name resolved. An unknown user is not an error. *ret_items is
 * complete enough to be reported after an error, too; it must not be copied.
 * Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	items_collect(pam_handle_t *pamh, const struct args *args,
	    enum fg_phase phase, struct items *ret_items);

#endif
