/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands at a fixed place in each record's line, found without parsing the
 * rest:
 *
 *	{"v":V,"seq":N,"ts":"T","event":"E",...,"prev":"HEX","hash":"HEX"}
 *
 * A quotation mark within a string has a backslash before it: what looks like a
 * member is one. Of a record that somebody else wrote nothing more can be said.
 */
#ifndef FG_CTL_AUDIT_LINE_H
#define FG_CTL_AUDIT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_HASH_LEN	64u

/* All of them borrowed, and without a NUL. */
struct line_parts {
	uint64_t	 seq;
	const char	*ts;
	size_t		 ts_len;
	const char	*event;
	size_t		 event_len;
	const char	*prev;		/* LINE_HASH_LEN digits */
	const char	*hash;		/* likewise */
	size_t		 hashed;	/* bytes of the line that, with a
					 * brace, have that hash */
};

/* False: the line is not of that form, or not of printable ASCII. */
bool	line_parse(const char *text, size_t len, struct line_parts *ret_parts);

bool	line_is_printable(const char *text, size_t len);

bool	line_is_event(const struct line_parts *parts, const char *event);

/* Whether these bytes are in the line. */
bool	line_has(const char *text, size_t len, const char *bytes);

/*
 * Whether a record that begins a file says so itself: "rotated", or
 * "recovered" because the file of before was removed or renamed.
 */
bool	line_continues(const char *text, size_t len,
	    const struct line_parts *parts);

/* Whether it is "recovered" after damage, and not only after a rotation. */
bool	line_recovers(const char *text, size_t len,
	    const struct line_parts *parts);

#endif
