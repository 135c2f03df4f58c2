/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log: append-only JSON lines, one write(2) a record, each chained
 * to the one before by SHA-256. The hash covers the exact bytes of the line
 * without its last member: strip ,"hash":"..."} from the end, put back }, and
 * hash. audit.c owns file, sequence and chain; what a record says about a
 * decision is record.c's business.
 */
#ifndef FG_AUDIT_H
#define FG_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/audit/audit_event.h"
#include "policyd/json/json.h"

#define AUDIT_FILE		"/var/log/farmgate/audit.jsonl"
#define AUDIT_SCHEMA		1
#define AUDIT_LINE_MAX		65536u	/* bytes of one record */
#define AUDIT_NAME_SIZE		4096u	/* a path, and a NUL */

struct audit;

/*
 * Open path for appending (0640, created if missing; never through a link,
 * regular files only; one writer: a lock on the file) and take up its chain.
 * A last line without its newline was torn by a crash: its bytes are moved to
 * PATH.torn, and the next record tells so (event "recovered"). It also tells
 * of a last record whose hash is wrong; the chain goes on from there.
 * A last line that is no record of ours is FG_ERR_FORMAT: the file is somebody
 * else's. What follows opens this path again if need be, as whoever the process
 * is by then. The lock belongs to the descriptor: a forked child has to close
 * it.
 * Returns 0, FG_ERR_SYSTEM, FG_ERR_UNSAFE, FG_ERR_BUSY (another writer has it),
 * FG_ERR_FORMAT or FG_ERR_NOMEM.
 */
int	audit_open(const char *path, struct audit **ret_audit);
void	audit_free(struct audit *audit);	/* syncs, unlocks, closes */

/*
 * A new record: v, seq, ts and event are set, and clock_back if at_ns is more
 * than a second before the record before. The caller adds members and gives
 * it to audit_write(), which settles seq. NULL when out of memory.
 */
struct json	*audit_record(struct audit *audit, enum audit_event event,
		    int64_t at_ns);

/*
 * Complete with prev and hash, write as one line, free the record. With sync
 * the bytes are on the disk before this returns; otherwise the next
 * audit_sync() brings them there. A record that could not be written whole is
 * cut off again, so that the chain stays intact; the sequence is not used up.
 *
 * Once a sync has failed, the descriptor proves nothing any more. The next
 * write opens the file again as audit_open() does, reads its end, and puts a
 * record "recovered" first. The chain goes on where the file ends, if that is
 * the head or a record that was not synced yet ("lost" counts the others).
 * The same if the file was cut, removed or replaced (the path is looked at
 * once a second); then the chain goes on from memory, so that it shows. As
 * long as none of this works, writes fail; it is tried once a second.
 * Returns 0, FG_ERR_NOMEM, FG_ERR_LIMIT, FG_ERR_SYSTEM (errno is set), or what
 * audit_open() returns.
 */
int	audit_write(struct audit *audit, struct json *record, bool sync);

/*
 * Bring what was written to the disk; nothing to do is fine. A failure comes
 * back from each call until the next audit_write() has put it right.
 */
int	audit_sync(struct audit *audit);

/*
 * Go on in a new file: it is begun beside the old one with a record "rotated",
 * the old one becomes PATH.FIRST-LAST, by the sequence numbers of its records,
 * and then the new one PATH. Whenever it is interrupted, the next audit_open()
 * finds the one or the other; if there is no room, nothing has changed. The
 * old one's name, of AUDIT_NAME_SIZE bytes, is in ret_name.
 * Returns 0, FG_ERR_NOT_FOUND: the file has no record; or what audit_write()
 * returns.
 */
int	audit_rotate(struct audit *audit, int64_t at_ns, char *ret_name);

/* What the file has in it, and when that began: seconds since 1970, or
 * INT64_MAX: there is none, or it cannot be read. */
uint64_t	 audit_size(const struct audit *audit);
int64_t		 audit_began_s(struct audit *audit);

/*
 * Each record says how many changes administrators have made to the store, if
 * any; that is taken up from the last one when a file is opened, also through a
 * rotation. It only rises: what others know of is not to be forgotten here.
 */
void		 audit_set_changes(struct audit *audit, uint64_t n);
uint64_t	 audit_changes(const struct audit *audit);

/* When the last record was written that was there at the opening: seconds since
 * 1970, or INT64_MIN: none, or it does not say. */
int64_t		 audit_opened_s(const struct audit *audit);

uint64_t	 audit_sequence(const struct audit *audit);	/* last one */
const char	*audit_head(const struct audit *audit);		/* its hash */
int		 audit_error(const struct audit *audit);	/* errno or 0 */

/* The sequence of the last record "recovered", or "rotated" by somebody else,
 * written since opening, or 0. */
uint64_t	 audit_recovered(const struct audit *audit);

/*
 * Whether it is "rotated": all that it tells of is that the file was given
 * another name while it was whole, and that there was none or an empty one in
 * its place.
 */
bool		 audit_renamed(const struct audit *audit);

/*
 * Whether it has lost no record for all that: a crash has torn its last line,
 * or its disk or folder was of no use for a while.
 */
bool		 audit_whole(const struct audit *audit);

/*
 * For readers: does a line, len bytes without its newline, carry the hash that
 * its bytes have?
 */
bool		 audit_line_intact(const char *line, size_t len);

#endif
