/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Break-glass: whether a login that a failure of the daemon's keeps out is let
 * in by the administrator's own file.
 */
#ifndef FG_BREAKGLASS_H
#define FG_BREAKGLASS_H

#include <security/pam_modules.h>

#include "pam_module/args.h"
#include "pam_module/items.h"

/* What let in. */
struct breakglass {
	const char	*path;		/* borrowed from args */
	const char	*socket;	/* likewise: the log is beside it */
	unsigned int	 line;		/* of the entry; 0: none holds */
};

/*
 * Look for an entry that holds for items. Lines that are none are logged, as
 * is a file that cannot be used: neither lets anybody in.
 */
void	breakglass_find(pam_handle_t *pamh, const struct args *args,
	    const struct items *items, struct breakglass *ret_use);

#endif
