/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members of a record for people: escaped on their way out, whatever is in
 * them, and whether they are there or not.
 */
#ifndef FG_SHOW_H
#define FG_SHOW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "policyd/json/json.h"

#define SHOWN_MAX	1024u	/* bytes of one value on the terminal */
#define SHOW_LIST_MAX	64u	/* elements of one list */
#define SHOW_LABEL	"  %-10s " /* two columns */

struct shown {
	char	 text[SHOWN_MAX];
};

/* Escaped for a terminal. Returns buf's text. */
const char	*show_text(struct shown *buf, const char *s);
/* A member's text, or def. Bytes that are no UTF-8 are escaped once. */
const char	*show_member(struct shown *buf, const struct json *json,
		    const char *key, const char *def);
/* True if there is such a member, and it is a text that is not empty. */
bool		 show_has(const struct json *json, const char *key);
/* The texts of an array with ", " between them, at most SHOW_LIST_MAX. */
void		 show_list(const struct json *list, FILE *out);
/* "2026-01-01T08:30:00Z", or the first or last moment that has a date. */
void		 show_time(int64_t at_s, FILE *out);

#endif
