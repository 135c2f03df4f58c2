/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A database of a newer version, which an older one took the place of. It is
 * the newer one's, who comes back for it: nothing of it is changed, whatever
 * state it is in, and so it is told by its header before SQLite opens it.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

/* SQLite's file format, section 1.3. */
#define HEADER_SIZE	   100u
#define HEADER_MAGIC	   "SQLite format 3"
#define HEADER_VERSION	   60u /* where user_version is, ... */
#define HEADER_APPLICATION 68u /* ... and application_id */

static uint32_t
word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* Whatever cannot be read here is for SQLite to judge. */
bool
store_newer_look(const struct store_files *f, uint64_t *ret_version)
{
	uint8_t head[HEADER_SIZE];
	ssize_t n;
	int fd;

	*ret_version = 0;
	fd = openat(f->dir, STORE_FILE,
	    O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return false;
	n = read(fd, head, sizeof(head));
	(void)close(fd); /* read only */
	if (n != (ssize_t)sizeof(head) ||
	    memcmp(head, HEADER_MAGIC, sizeof(HEADER_MAGIC)) != 0 ||
	    word(head + HEADER_APPLICATION) != STORE_APPLICATION_ID ||
	    word(head + HEADER_VERSION) > INT32_MAX)
		return false;
	*ret_version = word(head + HEADER_VERSION);
	return *ret_version > (uint64_t)store_sql_version;
}

int
store_newer_why(struct store_files *f, uint64_t version)
{
	(void)text_format(f->why, sizeof(f->why),
	    STORE_FILE " was written by a newer version of Farmgate (store "
		       "schema %llu, this one knows %d) and is left as it is: "
		       "install that version again, or move " STORE_FILE
		       " and " STORE_FILE "-wal out of the folder, restart the "
		       "daemon, import the people and assets, add the "
		       "exceptions, enrol the laptops, and revoke again "
		       "what was revoked",
	    (unsigned long long)version, store_sql_version);
	return FG_ERR_VERSION;
}
