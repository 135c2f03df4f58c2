/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a finding could have been made at all: what its check needs was not
 * known, or could not be looked at, so that its absence says nothing. For
 * counters alone; a decision has its failures for that.
 */
#ifndef FG_CHECK_BLIND_H
#define FG_CHECK_BLIND_H

#include "policyd/facts.h"
#include "policyd/finding.h"

bool	check_is_blind(const struct facts *facts, enum finding_code code);

/* Of all of them at once. */
void	check_blind(const struct facts *facts, bool ret_blind[FINDING_COUNT]);

#endif
