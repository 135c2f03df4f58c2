/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A step-up that was passed is remembered, so that it is not asked for at each
 * login: for the findings that it answered, the person, the device and the
 * network, and as long as the configuration says.
 */
#ifndef FG_REMEMBER_H
#define FG_REMEMBER_H

#include "policyd/decide/decide.h"

struct store;

/* ref is that of its record. Returns 0 or an error of the store. */
int	remember_proof(struct store *store, const struct conf *conf,
	    const struct facts *facts, const struct decision *decision,
	    const char *ref);

#endif
