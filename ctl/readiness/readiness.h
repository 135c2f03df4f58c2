/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether enforcing would surprise anybody: what stands against it, item by
 * item, each with what helps. Nothing is changed.
 */
#ifndef FG_CTL_READINESS_H
#define FG_CTL_READINESS_H

#include <stddef.h>
#include <stdint.h>

#include "ctl/ctl.h"

#define READINESS_SINCE_D 30 /* days that are looked back, as a rule */
#define READINESS_DAYS	  7  /* of observation, or it was too short */

/* Zeroed it is what farmgatectl readiness does by itself. */
struct readiness_options {
	const char *config; /* NULL: the usual one, as for the others */
	const char *const *audits; /* none: as configured, and older ones */
	size_t naudits;
	const char *wtmp;
	int64_t since_s; /* 0: READINESS_SINCE_D ago */
	const char *const *services; /* none: all */
	size_t nservices;
	const char *confdir; /* of the PAM stacks */
};

struct readiness;

/*
 * Look. Returns CTL_OK and a report, which the caller frees, or CTL_ERROR after
 * a complaint: there is no saying.
 */
int readiness_collect(const struct ctl *ctl, const struct readiness_options *o,
    struct readiness **ret_readiness);

/* How many items there are; none is ready. */
size_t readiness_count(const struct readiness *readiness);

/* On standard output. Return CTL_OK or CTL_ERROR. */
int readiness_print(const struct readiness *readiness);
int readiness_print_json(const struct readiness *readiness);

void readiness_free(struct readiness *readiness); /* NULL is fine */

#endif
