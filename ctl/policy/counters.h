/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the rules in force have come to since they were loaded.
 */
#ifndef FG_POLICY_COUNTERS_H
#define FG_POLICY_COUNTERS_H

#include "ctl/ctl.h"

/* As a table, or a JSON object a line. Returns the exit status. */
int policy_counters(const struct ctl *ctl, bool json);

/* "remote.tool:active", or "combination NAME". Returns buf. */
const char *policy_counters_rule(const struct json *line,
    char buf[CTL_TEXT_SIZE]);

#endif
