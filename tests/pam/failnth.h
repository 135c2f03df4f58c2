/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the k-th call that the module makes to the outside fail. It rewrites
 * the module's own table of imported functions, so that nobody else's calls
 * are touched: neither libpam's nor the test's.
 */
#ifndef FG_TESTS_FAILNTH_H
#define FG_TESTS_FAILNTH_H

/* Find the module, which has to stay loaded, and hook it. Aborts if not. */
void	failnth_hook(const char *module);

/* Let the k-th call from now on fail, from 1. */
void	failnth_arm(unsigned int k);

/* Stop it. Returns the name of the call that failed, or NULL if none did. */
const char	*failnth_disarm(void);

#endif
