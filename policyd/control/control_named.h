/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of the changes of an import its record names: the first of each kind,
 * as there may be a million. An entry's name and the names of its columns are
 * said, never what is in them.
 */
#ifndef FG_CONTROL_NAMED_H
#define FG_CONTROL_NAMED_H

#include <stdbool.h>
#include <stddef.h>

#include "policyd/control/control_parts.h"

#define CONTROL_NAMED_MAX	64u	/* of one kind */
#define CONTROL_NAMED_BYTES	4000u	/* of JSON, for these */
#define CONTROL_NAMED_KINDS	4u

/* All zero: none yet. */
struct control_named {
	size_t		 n[CONTROL_NAMED_KINDS];
	size_t		 bytes[CONTROL_NAMED_KINDS];
	struct json	*json;
};

/* "added" and so on, of store_change_fn's 'A', 'C', 'R' and 'D'. */
const char *control_change_name(char what);

/* Whether there is room for one more; control_named_add() takes it, and drops
 * what is too long. */
bool	control_named_may(const struct control_named *named, char what);
void	control_named_add(struct control_named *named, char what,
	    struct json *change);

/* In the worker: to the daemon; of a dry run nothing is recorded. */
void	control_named_out(struct control_named *named,
	    struct control_out *out);

/* In the daemon: of what the worker has said the record takes these alone. */
void	control_named_record(struct json *record, const struct json *said);

#endif
