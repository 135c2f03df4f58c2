/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was granted, for decide.c only.
 */
#ifndef FG_DECIDE_EXCEPTION_H
#define FG_DECIDE_EXCEPTION_H

#include "policyd/facts.h"
#include "policyd/finding.h"

/*
 * Granted to this person for the finding, here and now; a bypass only where the
 * action is a challenge, and before it what is none. NULL: by none. Borrowed
 * from facts.
 */
const struct fact_exception *decide_exception(const struct facts *facts,
		    const struct finding *f, enum action action);

#endif
