/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The outage rehearsal: what each guarded service would do with a fault, from
 * its real PAM lines and the configuration. Nothing is made to fail.
 */
#ifndef FG_CTL_REHEARSAL_H
#define FG_CTL_REHEARSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "ctl/rehearsal/fault.h"

struct rehearsal {
	enum fault	 fault;		/* FAULT_NONE: all */
	const char	*config;
	const char	*confdir;	/* of the PAM stacks */
	const char	*service;	/* NULL: all that name the gate */
	const char	*user;		/* NULL: each policy; else with .from */
	const char	*from;
	int64_t		 at_s;
	bool		 json;
};

/* Print it. Returns CTL_OK, or CTL_ERROR after a complaint. */
int	rehearsal_run(const struct rehearsal *rehearsal);

#endif
