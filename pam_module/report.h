/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who hears of a decision: the log, the kernel's audit, the user, and the
 * login's own environment. None of them can change it.
 */
#ifndef FG_REPORT_H
#define FG_REPORT_H

#include <security/pam_modules.h>

#include "pam_module/ask.h"
#include "pam_module/items.h"
#include "pam_module/outcome.h"

/*
 * Report one decision everywhere that outcome says. answer->ref is the
 * reference; a failure has none, so one is made here and stored there. A
 * session that break-glass opens goes on under its login's. flags are PAM's.
 */
void	report_decision(pam_handle_t *pamh, int flags,
	    const struct items *items, const struct outcome *outcome,
	    struct answer *answer);

#endif
