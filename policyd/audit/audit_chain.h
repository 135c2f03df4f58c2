/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Single lines of the audit log, as bytes: how one is sealed, checked and read
 * back. For this room only; no file is touched here but in audit_tail.c.
 */
#ifndef FG_AUDIT_CHAIN_H
#define FG_AUDIT_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/crypto.h"
#include "policyd/json/json.h"

#define AUDIT_TIME_SIZE	32u	/* "2026-01-02T03:04:05.000006Z" and NUL */

/* What a line says about its place in the chain. */
struct audit_link {
	uint64_t	 seq;		/* 0: there is no line yet */
	int64_t		 at_s;		/* INT64_MIN: no readable time */
	uint64_t	 changes;	/* see audit_set_changes(); 0: none */
	char		 hash[CRYPTO_HEX_SIZE];
	char		 prev[CRYPTO_HEX_SIZE];	/* as the line says; or "" */
	bool		 intact;	/* the hash is right */
};

/* The link before the first record: sequence 0, a hash of 64 zeros. */
void	audit_link_first(struct audit_link *ret_link);

bool	audit_link_same(const struct audit_link *a,
	    const struct audit_link *b);

/* Returns 0, or FG_ERR_FORMAT if the line is no record of ours. */
int	audit_link_read(const char *line, size_t len,
	    struct audit_link *ret_link);

/*
 * Make the line of a record's text (allocated; consumed in any case): append
 * the hash member and the newline. The caller frees. NULL when out of memory.
 */
char	*audit_line_seal(char *text, char ret_hash[CRYPTO_HEX_SIZE],
	    size_t *ret_len);

/* RFC 3339 in UTC with microseconds. */
void	audit_time(int64_t at_ns, char ret_time[AUDIT_TIME_SIZE]);

/* What stood behind the last newline. */
struct audit_torn {
	size_t		 len;		/* 0: nothing */
	char		 hash[CRYPTO_HEX_SIZE];
};

/*
 * Find the last record of the file fd, which is called path, and move what
 * stands behind its newline to PATH.torn.
 * Returns 0, FG_ERR_SYSTEM, FG_ERR_UNSAFE, FG_ERR_FORMAT or FG_ERR_NOMEM.
 */
int	audit_tail_read(int fd, const char *path, struct audit_link *ret_link,
	    struct audit_torn *ret_torn);

/*
 * Open for reading and appending, creating if missing; regular, one name, not
 * writable by others. Returns 0, FG_ERR_SYSTEM or FG_ERR_UNSAFE.
 */
int	audit_file_open(const char *path, int *ret_fd);

/* Returns 0, FG_ERR_BUSY (somebody else has it locked) or FG_ERR_SYSTEM. */
int	audit_file_lock(int fd);

/* What the next record "recovered" has to say. */
struct audit_news {
	struct audit_torn torn;
	uint64_t	 damaged;	/* a record whose hash is wrong */
	uint64_t	 lost;		/* records that the disk did not keep */
	int		 sync_errno;
	bool		 replaced;
	bool		 broken;	/* ... by what does not go on with it */
	bool		 renamed;	/* ... the file of before is whole, */
	uint64_t	 first;		/* ... with these records */
	uint64_t	 last;
};

bool	audit_news_any(const struct audit_news *news);
bool	audit_news_only_renamed(const struct audit_news *news);
/* No record is wrong, missing or in another file. */
bool	audit_news_whole(const struct audit_news *news);
void	audit_news_set(struct json *record, const struct audit_news *news);

#endif
