/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child that nobody waits for: it is taken off the kernel's list when it
 * ends, whenever that is.
 */
#ifndef FG_REAP_H
#define FG_REAP_H

#include <sys/types.h>

#include "policyd/loop.h"

struct reap;

/* Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM. */
int	reap_start(struct loop *loop, pid_t pid, struct reap **ret_reap);

/* NULL is fine here. The child stays as it is. */
void	reap_free(struct reap *reap);

#endif
