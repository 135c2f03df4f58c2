/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last logins of somebody, from the end of the audit file: decisions about
 * them, and sessions that only when they were opened turned out to be theirs,
 * as those of shared accounts do.
 */
#ifndef FG_TAIL_H
#define FG_TAIL_H

#include "policyd/json/json.h"

#define TAIL_LOGINS 5u
#define TAIL_BYTES  (8 * 1024 * 1024) /* that are looked at */

struct tail_login {
	struct json *record; /* of a decision, or of a session's open */
	struct json *decision; /* before that open, if it was found */
};

struct tail {
	struct tail_login list[TAIL_LOGINS]; /* the oldest first */
	size_t count;
	bool known; /* the file could be read */
};

/*
 * wanted() says of such a record whether it is one of theirs. A file that
 * cannot be read is complained about; then they are not known.
 */
typedef bool (*tail_fn)(const struct json *record, void *arg);
void tail_read(const char *path, tail_fn wanted, void *arg,
    struct tail *ret_tail);
void tail_free(struct tail *tail);

/* The record of the decision, or NULL where only the open was found. */
const struct json *tail_decision(const struct tail_login *login);

#endif
