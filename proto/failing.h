/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Denials that are a failure of the daemon's: their names, as a VERDICT's
 * reason has them, by which the module may turn to break-glass.
 */
#ifndef FG_FAILING_H
#define FG_FAILING_H

#include <stdbool.h>

/* The names, in the order of PROTOCOL; NULL ends them. */
extern const char *const fg_failing_names[];

/* Whether a reason is one of them and nothing else. */
bool	fg_failing(const char *reason);

#endif
