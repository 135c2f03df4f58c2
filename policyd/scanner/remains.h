/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lives of sessions: the answer to SCANNER_QUERY_REMAINS.
 */
#ifndef FG_REMAINS_H
#define FG_REMAINS_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/scanner.h"

#define REMAINS_MS	200	/* a login waits no longer than 300 */

/*
 * For each of n sessions, at most SCANNER_SESSIONS_MAX, the processes beside
 * its leader that its audit session or else its scope ties to it;
 * SCANNER_REMAINS_UNKNOWN where there is neither, or one that the leader has
 * not begun. After REMAINS_MS that is what was counted until then, and
 * SCANNER_REMAINS_CUT where there was nothing yet.
 */
void	remains_count(const struct scanner_session *list, size_t n,
	    uint32_t *ret_remains);

#endif
