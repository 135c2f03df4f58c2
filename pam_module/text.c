/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making other people's bytes fit to be shown: in a log line, on a terminal.
 */
#include "pam_module/text.h"

#include <string.h>

#include "proto/msg.h"

#define TEXT_CUT "..."

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
text_escape(char *dst, size_t size, const char *src)
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
		if (len <= size - sizeof(TEXT_CUT))
			keep = len;
	}
	dst[len] = '\0';
	if (*src != '\0')
		memcpy(dst + keep, TEXT_CUT, sizeof(TEXT_CUT));
}

void
text_one_line(char *dst, size_t size, const char *src)
{
	size_t i;

	for (i = 0; src[i] != '\0' && i < size - 1; i++) {
		unsigned char u = (unsigned char)src[i];

		dst[i] = u < 0x20 || u == 0x7f ? ' ' : src[i];
	}
	dst[i] = '\0';
}

bool
text_is_ref(const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++) {
		bool ok = s[i] == '-' || (s[i] >= 'A' && s[i] <= 'Z') ||
		    (s[i] >= '0' && s[i] <= '9');

		if (!ok || i == FG_REF_MAX)
			return false;
	}
	return i != 0;
}
