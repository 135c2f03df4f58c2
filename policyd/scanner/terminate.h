/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of one session: the answer to SCANNER_QUERY_TERMINATE.
 */
#ifndef FG_TERMINATE_H
#define FG_TERMINATE_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/scanner.h"
#include "policyd/scanner/seen.h"

#define TERMINATE_MS	200	/* a login waits no longer than 300 */

/*
 * SIGKILL to what is of the session beside its leader, then SIGTERM to the
 * leader, or SIGKILL with force. Of the session are those that remains_count()
 * would count, and the leader's descendants; never pid 1, the daemon, or who is
 * in another audit session or another login's scope. Nobody gets a signal
 * unless the leader has the gate by the scanner's own look, or is gone and was
 * seen in that very session when it asked PAM. Who may lead another login among
 * those that one left behind is left alone, with who came from there, and it is
 * SCANNER_REFUSED_PARTLY. So it is after TERMINATE_MS; if the same is asked
 * again soon, it goes on from there. Who descends from the leader and is not
 * tied to its session is told by the leader alone: it is left until all
 * processes were looked at, for three requests at most; then it is
 * SCANNER_REFUSED_ERROR at the end, as somebody may be left who cannot be told
 * from others any more.
 */
enum scanner_refusal terminate_session(const struct seen *seen,
    const struct scanner_session *s, bool force, uint32_t *ret_signalled);

#endif
