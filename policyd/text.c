/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One escape for everything that other people wrote, and the one parser of
 * numbers. Nothing here allocates, logs, or depends on the locale.
 */
#include "policyd/text.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/result.h"

#define ESCAPED_MAX 16u /* "\xHH" for each of four bytes */
#define DOTS	    "..."
#define DOTS_LEN    3u

/*
 * The output of both escapes. mark is the last place where a whole unit ended
 * and the dots would still fit.
 */
struct text_out {
	char *dst;
	size_t size;
	size_t len;
	size_t mark;
};

/* Code points that change what a reader sees without being seen. */
static const struct {
	uint32_t first;
	uint32_t last;
} invisible[] = {
	{ 0x00000, 0x0001f }, /* C0 */
	{ 0x0007f, 0x0009f }, /* DEL, C1 */
	{ 0x000ad, 0x000ad }, /* soft hyphen */
	{ 0x0034f, 0x0034f }, /* grapheme joiner */
	{ 0x0061c, 0x0061c }, /* Arabic letter mark */
	{ 0x0115f, 0x01160 }, /* Hangul fillers */
	{ 0x0180b, 0x0180f }, /* Mongolian selectors, vowel separator */
	{ 0x0200b, 0x0200f }, /* zero width, direction marks */
	{ 0x02028, 0x0202e }, /* line separators, embeddings, overrides */
	{ 0x02060, 0x0206f }, /* joiner, isolates, deprecated formats */
	{ 0x03164, 0x03164 }, /* Hangul filler */
	{ 0x0d800, 0x0dfff }, /* surrogates */
	{ 0x0fdd0, 0x0fdef }, /* noncharacters */
	{ 0x0fe00, 0x0fe0f }, /* variation selectors */
	{ 0x0feff, 0x0feff }, /* byte order mark */
	{ 0x0ffa0, 0x0ffa0 }, /* halfwidth filler */
	{ 0x0fff0, 0x0fffb }, /* specials, annotations */
	{ 0x1bca0, 0x1bca3 }, /* shorthand formats */
	{ 0x1d173, 0x1d17a }, /* musical formats */
	{ 0xe0000, 0xe0fff }, /* tags, variation selectors */
};

size_t
text_utf8_next(const char *src, size_t len, uint32_t *ret_cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)src;
	uint32_t cp;
	size_t n;

	if (s[0] < 0x80) {
		*ret_cp = s[0];
		return 1;
	}
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n > len)
		return 0;
	cp = s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (s[i] & 0x3fu);
	}
	if (cp < least[n] || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	*ret_cp = cp;
	return n;
}

static bool
is_visible(uint32_t cp)
{
	size_t i;

	if ((cp & 0xfffe) == 0xfffe)
		return false; /* the last two of every plane */
	for (i = 0; i < sizeof(invisible) / sizeof(invisible[0]); i++)
		if (cp >= invisible[i].first && cp <= invisible[i].last)
			return false;
	return true;
}

static void
out_init(struct text_out *out, char *dst, size_t size)
{
	assert(size > 0);
	memset(out, 0, sizeof(*out));
	out->dst = dst;
	out->size = size;
}

/* Append n bytes or, if they do not fit, end in dots and return false. */
static bool
out_unit(struct text_out *out, const char *unit, size_t n)
{
	if (n >= out->size - out->len) {
		out->len = out->mark;
		if (DOTS_LEN < out->size - out->len) {
			memcpy(out->dst + out->len, DOTS, DOTS_LEN);
			out->len += DOTS_LEN;
		}
		return false;
	}
	memcpy(out->dst + out->len, unit, n);
	out->len += n;
	if (DOTS_LEN < out->size - out->len)
		out->mark = out->len;
	return true;
}

/* The escape of n bytes as they stand. Returns the escape's length. */
static size_t
escape_bytes(char unit[ESCAPED_MAX], const unsigned char *s, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		unit[4 * i] = '\\';
		unit[4 * i + 1] = 'x';
		unit[4 * i + 2] = hex[s[i] >> 4];
		unit[4 * i + 3] = hex[s[i] & 0xf];
	}
	return 4 * n;
}

char *
text_escape(char *dst, size_t size, const char *src)
{
	const unsigned char *s = (const unsigned char *)src;
	struct text_out out;
	char unit[ESCAPED_MAX];
	bool more = true;

	out_init(&out, dst, size);
	for (; *s != '\0' && more; s++) {
		if (*s == '\\')
			more = out_unit(&out, "\\\\", 2);
		else if (*s >= 0x20 && *s < 0x7f)
			more = out_unit(&out, (const char *)s, 1);
		else
			more = out_unit(&out, unit, escape_bytes(unit, s, 1));
	}
	dst[out.len] = '\0';
	return dst;
}

/* Bytes at the beginning of s that stay as they are, as long as the dots would
 * fit behind them: most texts are nothing else. Returns how many. */
static size_t
out_plain(struct text_out *out, const char *s, size_t len)
{
	size_t room = out->size - out->len, n = 0;

	room = room > DOTS_LEN + 1 ? room - DOTS_LEN - 1 : 0;
	len = len < room ? len : room;
	while (n < len && s[n] >= 0x20 && s[n] < 0x7f && s[n] != '\\')
		n++;
	memcpy(out->dst + out->len, s, n);
	out->len += n;
	if (n > 0)
		out->mark = out->len;
	return n;
}

static char *
escape_utf8(char *dst, size_t size, const char *src, size_t len,
    const char *backslash)
{
	const unsigned char *s = (const unsigned char *)src;
	struct text_out out;
	char unit[ESCAPED_MAX];
	bool more = true;
	uint32_t cp;
	size_t n;

	out_init(&out, dst, size);
	for (size_t i = 0; i < len && more; i += n) {
		if ((n = out_plain(&out, src + i, len - i)) > 0)
			continue;
		n = text_utf8_next(src + i, len - i, &cp);
		if (n == 1 && cp == '\\')
			more = out_unit(&out, backslash, strlen(backslash));
		else if (n > 0 && is_visible(cp))
			more = out_unit(&out, src + i, n);
		else {
			n = n > 0 ? n : 1;
			more =
			    out_unit(&out, unit, escape_bytes(unit, s + i, n));
		}
	}
	dst[out.len] = '\0';
	return dst;
}

char *
text_escape_utf8(char *dst, size_t size, const char *src, size_t len)
{
	return escape_utf8(dst, size, src, len, "\\\\");
}

char *
text_escape_once_utf8(char *dst, size_t size, const char *src, size_t len)
{
	return escape_utf8(dst, size, src, len, "\\");
}

bool
text_is_utf8(const char *src, size_t len)
{
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = text_utf8_next(src + i, len - i, &cp);
		if (n == 0 || cp == 0)
			return false;
	}
	return true;
}

int
text_parse_uint(const char *s, uint64_t min, uint64_t max, uint64_t *ret_v)
{
	bool over = false;
	uint64_t v = 0;

	*ret_v = 0;
	if (*s == '\0')
		return FG_ERR_FORMAT;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return FG_ERR_FORMAT;
		over = over || __builtin_mul_overflow(v, 10u, &v) ||
		    __builtin_add_overflow(v, (unsigned int)(*s - '0'), &v);
	}
	if (over || v < min || v > max)
		return FG_ERR_LIMIT;
	*ret_v = v;
	return 0;
}

int
text_copy(char *dst, size_t size, const char *src)
{
	size_t len = strnlen(src, size);

	assert(size > 0);
	if (len < size) {
		memcpy(dst, src, len + 1);
		return 0;
	}
	memcpy(dst, src, size - 1);
	dst[size - 1] = '\0';
	return FG_ERR_LIMIT;
}

char
text_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

char
text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_ends_in(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	return len >= n && strcmp(s + len - n, end) == 0;
}

const char *
text_error(int r)
{
	return r == FG_ERR_SYSTEM ? strerror(errno) : fg_strerror(r);
}

int
text_format(char *dst, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	assert(size > 0);
	va_start(ap, fmt);
	n = vsnprintf(dst, size, fmt, ap);
	va_end(ap);
	if (n < 0) {
		dst[0] = '\0';
		return FG_ERR_LIMIT;
	}
	return (size_t)n < size ? 0 : FG_ERR_LIMIT;
}
