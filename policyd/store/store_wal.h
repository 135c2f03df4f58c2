/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The head of a write-ahead log, for store_file.c alone.
 */
#ifndef FG_STORE_WAL_H
#define FG_STORE_WAL_H

/*
 * SQLite takes a log whose head is damaged for an empty one, and the newest
 * changes are gone without a word. An unfinished or blank head holds none.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_SYSTEM. fd stays open.
 */
int	store_wal_check(int fd);

#endif
