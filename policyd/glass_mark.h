/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far the log of break-glass was taken in, and what it came to: a file in
 * the daemon's own folder, which outlives restarts and the log.
 */
#ifndef FG_GLASS_MARK_H
#define FG_GLASS_MARK_H

#include <stdint.h>

#include "policyd/store/store_session.h"
#include "proto/glass.h"

#define GLASS_MARK_FILE "breakglass.json"

struct glass_mark {
	char		 boot_id[STORE_BOOT_ID_SIZE];	/* of the log; or "" */
	uint64_t	 ino;		/* likewise */
	uint64_t	 offset;	/* bytes of it that are recorded */
	/* Of the record that the line behind them is about to have; 0: none. */
	uint64_t	 pending;
	uint64_t	 count;		/* uses, ... */
	int64_t		 since_s;	/* ... from this one ... */
	int64_t		 last_s;	/* ... to this */
	char		 last[FG_GLASS_NOTE_MAX];	/* its line; or "" */
};

/* An empty mark where there is none, or one that cannot be read. */
void	glass_mark_read(const char *folder, struct glass_mark *ret_mark);

/* On the disk, or as it was. Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM. */
int	glass_mark_write(const char *folder, const struct glass_mark *mark);

#endif
