/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's own record of who logged in at a terminal, wtmp(5), which may
 * be compressed. Login programs write into it what strangers told them: any
 * bytes.
 */
#ifndef FG_CTL_WTMP_H
#define FG_CTL_WTMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WTMP_FILE "/var/log/wtmp"

struct stream;
struct wtmp;

/* Each valid until the next one; "" where the record has none. */
struct wtmp_login {
	const char *user;
	const char *line; /* "pts/0", "tty1" */
	const char *host; /* an address, a name, or ":0" */
	int64_t at_s;
	int64_t pid;
	bool ended; /* whoever was at .line is gone */
	uint64_t number; /* of the record, from 1 */
};

/* Takes the stream. NULL: no memory. */
struct wtmp *wtmp_new(struct stream *stream);
void wtmp_free(struct wtmp *wtmp); /* NULL is fine */
const struct stream *wtmp_stream(const struct wtmp *wtmp);

/*
 * The next login, or end of one. What is less than a record at the end is
 * none. Returns 0, FG_ERR_NOT_FOUND, or as stream_read() does.
 */
int wtmp_next(struct wtmp *wtmp, struct wtmp_login *ret_login);

/* Whether a file that begins so is one. */
bool wtmp_is(const char *head, size_t len);

/* Returns 0, or what wtmp_each() returns at once. */
typedef int (*wtmp_fn)(const struct wtmp_login *login, void *arg);

/*
 * Each login of the file, in its order. Returns 0, or as wtmp_next() does:
 * FG_ERR_SYSTEM: it cannot be read.
 */
int wtmp_each(const char *path, wtmp_fn fn, void *arg);

#endif
