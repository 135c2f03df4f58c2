/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One word of a log line, the same in the module's lines and the daemon's.
 */
#include "proto/word.h"

#include <stdbool.h>
#include <string.h>

#define WORD_CUT "..."

/* Letters and digits of ASCII, whatever locale the caller has set. */
static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static bool
is_plain(char c)
{
	return c != '\0' && (is_alnum(c) || strchr("._-:,+@%/", c) != NULL);
}

/* The bytes that c takes when escaped, written to out. */
static size_t
escape_one(char out[4], char c)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char u = (unsigned char)c;

	out[0] = c;
	if (is_plain(c))
		return 1;
	out[0] = '\\';
	out[1] = 'x';
	out[2] = hex[u >> 4];
	out[3] = hex[u & 0xf];
	return 4;
}

void
fg_word(char *dst, size_t size, const char *src)
{
	char one[4];
	size_t keep = 0, len = 0, n;

	if (*src == '\0')
		src = "-";
	for (; *src != '\0'; src++) {
		n = escape_one(one, *src);
		if (n >= size - len)
			break;
		memcpy(dst + len, one, n);
		len += n;
		/* Up to here the marker would still fit. */
		if (len <= size - sizeof(WORD_CUT))
			keep = len;
	}
	dst[len] = '\0';
	if (*src != '\0')
		memcpy(dst + keep, WORD_CUT, sizeof(WORD_CUT));
}
