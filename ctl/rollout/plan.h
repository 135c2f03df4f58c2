/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What enable and disable would make of a service's file. Nothing is written.
 */
#ifndef FG_CTL_ROLLOUT_PLAN_H
#define FG_CTL_ROLLOUT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/msg.h"

struct plan {
	char	 service[FG_SERVICE_MAX + 1];
	char	*before;	/* the file's bytes, and a NUL */
	size_t	 before_len;
	char	*after;
	size_t	 after_len;
};

/* What the gate's lines are to say. */
struct plan_wish {
	bool	 observe;
	bool	 allow_on_error;	/* observe does anyway */
	bool	 asks;		/* with a line in auth, for step-up */
};

/*
 * The blocks put in, or what they say changed: then they stay where they are,
 * and so do further arguments that somebody has added. Complains.
 * Returns CTL_OK or CTL_ERROR; the caller frees with plan_done().
 */
int	plan_enable(const char *service, const struct plan_wish *wish,
	    struct plan *ret_plan);

/* The blocks taken out. Returns likewise, or CTL_NO: there is none. */
int	plan_disable(const char *service, struct plan *ret_plan);

/*
 * The blocks of the file put back to what they are in len bytes of an earlier
 * version, with every other byte as it is now. Returns likewise.
 */
int	plan_restore(const char *service, const char *earlier, size_t len,
	    struct plan *ret_plan);

bool	plan_changes(const struct plan *plan);
/* As "diff -u" shows it, on standard output. Returns CTL_OK or CTL_ERROR. */
int	plan_print(const struct plan *plan);
int	plan_carry_out(const struct plan *plan);
void	plan_done(struct plan *plan);

#endif
