/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store's log: what is committed stands in a file of its own, until it is
 * moved into the database (a checkpoint), which lasts as long as the disk
 * takes. SQLite does that within whichever commit has made the log long, while
 * logins wait; hence the daemon has it done by a worker.
 */
#ifndef FG_STORE_LOG_H
#define FG_STORE_LOG_H

#include <stdint.h>

#include "policyd/store/store.h"

/*
 * From now on no commit of this store moves the log: fn hears after each how
 * many bytes it has, and must not use the store. NULL: nobody does.
 */
typedef void (*store_log_fn)(uint64_t bytes, void *arg);
void	store_log_watch(struct store *store, store_log_fn fn, void *arg);

/*
 * Move the *ret_bytes that the log has now into the database, and bring them to
 * the disk. Nobody waits for it: *ret_left of them stay, because somebody still
 * reads what was before them. If none does, and nothing was written meanwhile,
 * the next commit begins the log anew. FG_ERR_BUSY: another process is at it.
 */
int	store_log_move(struct store *store, uint64_t *ret_bytes,
	    uint64_t *ret_left);

#endif
