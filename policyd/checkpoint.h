/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps the store's log short without anybody waiting for the disk: when it has
 * grown long a worker moves it into the database, one at a time. Only where
 * workers do not manage, and it gets far too long, it is moved in the loop.
 */
#ifndef FG_CHECKPOINT_H
#define FG_CHECKPOINT_H

#include <stdint.h>

#include "policyd/loop.h"
#include "policyd/store/store.h"

#define CHECKPOINT_LONG	    (UINT64_C(16) << 20) /* bytes: a worker is sent */
#define CHECKPOINT_TOO_LONG (UINT64_C(64) << 20)

struct checkpoint;

/*
 * For the store in folder, whose commits do it no more, also not when this has
 * ended; closing the store does. Returns 0 or FG_ERR_NOMEM.
 */
int	checkpoint_new(struct loop *loop, struct store *store,
	    const char *folder, struct checkpoint **ret_checkpoint);
void	checkpoint_free(struct checkpoint *checkpoint);

#endif
