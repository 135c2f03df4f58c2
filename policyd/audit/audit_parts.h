/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The writer of the audit log, for its own files: audit.c has the chain,
 * audit_place.c the file, audit_rotate.c what becomes of it.
 */
#ifndef FG_AUDIT_PARTS_H
#define FG_AUDIT_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "policyd/audit/audit.h"
#include "policyd/audit/audit_chain.h"

struct audit {
	char *path;
	int fd; /* -1: the file has to be opened again */
	struct audit_link last;
	struct audit_link synced; /* the last one known to be on the disk */
	struct audit_link first; /* of the file; .seq 0: not looked at yet */
	int64_t opened_s; /* the time of the last one at the start */
	struct audit_news news;
	off_t size; /* after the last record */
	off_t cut_to; /* a failed write left bytes behind; or -1 */
	bool dirty;
	int error; /* errno of the last failure; 0 once it is over */
	int sync_error; /* the same for fd's sync: it is of no more use */
	int64_t looked_ns; /* at the path */
	int64_t failed_ns; /* to reopen, ... */
	int failed; /* ... and how; or 0 */
	uint64_t changes; /* of the store, as each record has it */
	uint64_t recovered; /* sequence of the last such record */
	bool renamed; /* is all that it tells of */
	bool whole; /* is what it tells of all the same */
};

/* ---- audit.c ---- */

/* Keep errno for status. Returns FG_ERR_SYSTEM. */
int	audit_fail(struct audit *audit);

/* Write a record, which is freed, as the next link. */
int	audit_append(struct audit *audit, struct json *record, bool sync);

int	audit_sync_file(struct audit *audit);

/* ---- audit_place.c ---- */

/* At the start. Returns what audit_open() returns. */
int	audit_take_up(struct audit *audit);

/* Before each record: 0, or an error of audit_write(). */
int	audit_put_right(struct audit *audit);

/* Sync, unlock and close what is open. */
void	audit_let_go(struct audit *audit);

/* ---- audit_rotate.c ---- */

/*
 * The first record of the open file, into .first. Returns 0, FG_ERR_NOT_FOUND
 * (there is none), FG_ERR_FORMAT, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	audit_first(struct audit *audit);

/*
 * At the start, before the file is opened: end a rotation that was interrupted.
 * Returns 0 or FG_ERR_BUSY.
 */
int	audit_rotate_settle(const char *path);
/* And when it is locked: what never came to be one is removed. */
void	audit_rotate_clear(const char *path);

#endif
