/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of a record made fit for a terminal, for record_print.c.
 */
#ifndef FG_SHOWN_H
#define FG_SHOWN_H

#include "policyd/audit/json.h"

#define SHOWN_MAX 1024u /* bytes of one value on the terminal */

struct shown {
	char	 text[SHOWN_MAX];
};

/* Printable and bounded; in buf. */
const char	*shown_text(struct shown *buf, const char *s);

/* A member's text, or def. Bytes that are no UTF-8 are escaped once. */
const char	*shown_member(struct shown *buf, const struct json *json,
		    const char *key, const char *def);

#endif
