/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is kept of each use of break-glass for the daemon, which was not there
 * to see it.
 */
#ifndef FG_BREAKGLASS_LOG_H
#define FG_BREAKGLASS_LOG_H

#include <security/pam_modules.h>

#include "pam_module/args.h"
#include "pam_module/ask.h"
#include "pam_module/items.h"
#include "pam_module/outcome.h"

/*
 * Append a line of JSON to the log, FG_GLASS_LOG beside the daemon's socket.
 * Where that cannot be, the system log is told so: what it already has of this
 * use is then all that there is.
 */
void	breakglass_note(pam_handle_t *pamh, const struct items *items,
	    const struct outcome *outcome, const struct answer *answer);

#endif
