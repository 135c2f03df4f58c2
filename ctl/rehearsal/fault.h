/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can fail around the gate, by names that administrators rehearse with,
 * and what each takes from the facts of a login.
 */
#ifndef FG_CTL_FAULT_H
#define FG_CTL_FAULT_H

#include <stdbool.h>

#include "policyd/failure.h"

enum fault {
	FAULT_NONE = 0,
	FAULT_DAEMON_DOWN,
	FAULT_DAEMON_HANG,
	FAULT_GEO_MISSING,
	FAULT_GEO_STALE,
	FAULT_STORE_BUSY,	/* somebody else has locked it */
	FAULT_STORE_LOST,	/* it cannot be read, or was lost */
	FAULT_AUDIT_FULL,
	FAULT_SCANNER_LOST,
	FAULT_HISTORY_LOST,
	FAULT_BUNDLE_STALE,
	FAULT_CLOCK_UNSET,
	FAULT_COUNT
};

/* "daemon-down"; "none" for the zero. Static. */
const char	*fault_name(enum fault fault);

/* FAULT_NONE if there is no such one. */
enum fault	 fault_by_name(const char *name);

/* No daemon answers: the PAM line alone decides. */
bool		 fault_is_silence(enum fault fault);

/*
 * The failure that it is for the daemon: one of the facts', or (audit-full) one
 * that becomes known after the decision. FAILURE_NONE where it is a finding.
 */
enum failure	 fault_failure(enum fault fault);

/*
 * Take from facts what would not be known: before they are gathered, when the
 * request's own are set, and afterwards.
 */
void		 fault_begin(enum fault fault, struct facts *facts);
void		 fault_inject(enum fault fault, struct facts *facts);

#endif
