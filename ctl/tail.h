/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last decisions about somebody, from the end of the audit file.
 */
#ifndef FG_TAIL_H
#define FG_TAIL_H

#include "policyd/audit/json.h"

#define TAIL_DECISIONS 5u
#define TAIL_BYTES     (8 * 1024 * 1024) /* that are looked at */

struct tail {
	struct json *list[TAIL_DECISIONS]; /* the oldest first */
	size_t count;
};

/*
 * wanted() says of a user's name whether it is one of theirs. A file that
 * cannot be read is complained about, and has none.
 */
void tail_read(const char *path, bool (*wanted)(const char *user, void *arg),
    void *arg, struct tail *ret_tail);
void tail_free(struct tail *tail);

#endif
