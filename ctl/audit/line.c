/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes at both ends of a record's line.
 */
#include "ctl/audit/line.h"

#include <string.h>

#include "ctl/audit/source.h"

#define PREV_HEAD ",\"prev\":\""
#define HASH_HEAD "\",\"hash\":\""
#define TAIL	  "\"}"
#define LEN(s)	  (sizeof(s) - 1)
#define END_LEN \
	(LEN(PREV_HEAD) + LEN(HASH_HEAD) + LEN(TAIL) + 2u * LINE_HASH_LEN)

static bool
is_hex(const char *s)
{
	unsigned int odd = 0, digit, letter;

	for (size_t i = 0; i < LINE_HASH_LEN; i++) {
		digit = (unsigned int)(unsigned char)s[i] - '0';
		letter = (unsigned int)(unsigned char)s[i] - 'a';
		odd |= (unsigned int)((digit > 9) & (letter > 5));
	}
	return odd == 0;
}

/*
 * Eight bytes at a time, each in its own part of a word: with 0x60 added, the
 * highest bit is there from 0x20 on, with 1 added, from 0x7f on; a byte that
 * had it before is none of ASCII, whatever it has carried over.
 */
bool
line_is_printable(const char *text, size_t len)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x80 * ones;
	uint64_t word, odd = 0;
	size_t i;

	for (i = 0; len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, text + i, sizeof(word));
		odd |= word | (word + ones) | ~(word + 0x60 * ones);
	}
	if ((odd & high) != 0)
		return false;
	for (; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	return true;
}

static bool
take(const char **at, const char *end, const char *bytes)
{
	size_t n = strlen(bytes);

	if ((size_t)(end - *at) < n || memcmp(*at, bytes, n) != 0)
		return false;
	*at += n;
	return true;
}

/* Up to the quotation mark; neither of them has one within. */
static bool
take_value(const char **at, const char *end, const char **ret, size_t *ret_len)
{
	const char *quote = memchr(*at, '"', (size_t)(end - *at));

	if (quote == NULL)
		return false;
	*ret = *at;
	*ret_len = (size_t)(quote - *at);
	*at = quote + 1;
	return true;
}

static bool
parse_end(const char *end, struct line_parts *parts)
{
	const char *at = end - END_LEN;

	if (!take(&at, end, PREV_HEAD))
		return false;
	parts->prev = at;
	at += LINE_HASH_LEN;
	if (!take(&at, end, HASH_HEAD))
		return false;
	parts->hash = at;
	return memcmp(end - LEN(TAIL), TAIL, LEN(TAIL)) == 0 &&
	    is_hex(parts->prev) && is_hex(parts->hash);
}

bool
line_parse(const char *text, size_t len, struct line_parts *parts)
{
	const char *at, *end;

	memset(parts, 0, sizeof(*parts));
	if (len <= END_LEN || !parse_end(text + len, parts) ||
	    (parts->seq = source_sequence(text, len)) == 0)
		return false;
	end = text + len - END_LEN;
	parts->hashed = len - LEN(TAIL) - LINE_HASH_LEN - LEN(HASH_HEAD) + 1;
	if ((at = memchr(text + 1, ',', len - 1)) == NULL ||
	    (at = memchr(at + 1, ',', (size_t)(text + len - at - 1))) == NULL ||
	    at >= end)
		return false;
	return take(&at, end, ",\"ts\":\"") &&
	    take_value(&at, end, &parts->ts, &parts->ts_len) &&
	    take(&at, end, ",\"event\":\"") &&
	    take_value(&at, end, &parts->event, &parts->event_len) &&
	    line_is_printable(text, len);
}

bool
line_is_event(const struct line_parts *parts, const char *event)
{
	return strlen(event) == parts->event_len &&
	    memcmp(parts->event, event, parts->event_len) == 0;
}

bool
line_has(const char *text, size_t len, const char *bytes)
{
	return memmem(text, len, bytes, strlen(bytes)) != NULL;
}

bool
line_continues(const char *text, size_t len, const struct line_parts *parts)
{
	return line_is_event(parts, "rotated") ||
	    (line_is_event(parts, "recovered") &&
		line_has(text, len, ",\"replaced\":true,"));
}

bool
line_recovers(const char *text, size_t len, const struct line_parts *parts)
{
	return line_is_event(parts, "recovered") &&
	    (line_has(text, len, ",\"torn\":{") ||
		line_has(text, len, ",\"damaged\":") ||
		line_has(text, len, ",\"lost\":") ||
		line_has(text, len, ",\"sync_errno\":") ||
		!line_has(text, len, ",\"replaced\":true,"));
}
