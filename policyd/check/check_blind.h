/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which findings could not have been made at all: what their check needs was
 * not known, or could not be looked at, so that their absence says nothing. For
 * counters alone; a decision has its failures for that.
 */
#ifndef FG_CHECK_BLIND_H
#define FG_CHECK_BLIND_H

#include "policyd/facts.h"
#include "policyd/finding.h"

void	check_blind(const struct facts *facts, bool ret_blind[FINDING_COUNT]);

#endif
