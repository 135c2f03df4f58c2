/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader that is asked, as the caller knows which member it wants next. The
 * bytes are anybody's: each step looks for the end first.
 */
#include "ctl/past/member.h"

#include <string.h>

#define DEPTH_MAX 64

void
member_init(struct member *m, const char *text, size_t len)
{
	memset(m, 0, sizeof(*m));
	m->at = text;
	m->end = text + len;
}

static void
skip_blanks(struct member *m)
{
	while (m->at < m->end &&
	    (*m->at == ' ' || *m->at == '\t' || *m->at == '\r' ||
		*m->at == '\n'))
		m->at++;
}

/* The next byte that means something, or NUL. */
static inline char
peek(struct member *m)
{
	if (m->at < m->end && (unsigned char)*m->at > ' ')
		return *m->at; /* mostly */
	skip_blanks(m);
	return m->bad || m->at == m->end ? '\0' : *m->at;
}

static bool
spoil(struct member *m)
{
	m->bad = true;
	m->at = m->end;
	return false;
}

/* ---- objects and arrays ------------------------------------------------ */

static bool
step_into(struct member *m, char open)
{
	if (peek(m) != open) {
		member_skip(m);
		return false;
	}
	m->at++;
	m->first = true;
	return true;
}

bool
member_object(struct member *m)
{
	return step_into(m, '{');
}

bool
member_array(struct member *m)
{
	return step_into(m, '[');
}

/* The comma between two, or the end of them. */
static bool
step_on(struct member *m, char close)
{
	char c = peek(m);

	if (c == close) {
		m->at++;
		m->first = false;
		return false;
	}
	if (!m->first) {
		if (c != ',')
			return spoil(m);
		m->at++;
	}
	m->first = false;
	return true;
}

/* An odd number of backslashes is before it. */
static bool
is_escaped(const char *begin, const char *quote)
{
	const char *p = quote;

	while (p > begin && p[-1] == '\\')
		p--;
	return (quote - p) % 2 != 0;
}

/* Behind the quotation mark that ends it. */
static bool
find_end(struct member *m)
{
	const char *p = m->at;

	while ((p = memchr(p, '"', (size_t)(m->end - p))) != NULL &&
	    is_escaped(m->at, p))
		p++;
	if (p == NULL)
		return spoil(m);
	m->at = p + 1;
	return true;
}

bool
member_next(struct member *m)
{
	if (!step_on(m, '}'))
		return false;
	if (peek(m) != '"')
		return spoil(m);
	m->key = ++m->at;
	if (!find_end(m))
		return false;
	m->key_len = (size_t)(m->at - m->key) - 1;
	if (peek(m) != ':')
		return spoil(m);
	m->at++;
	return true;
}

bool
member_item(struct member *m)
{
	return step_on(m, ']');
}

/* ---- values ------------------------------------------------------------ */

static void
skip_word(struct member *m)
{
	const char *begin = m->at;

	while (m->at < m->end && strchr(",}] \t\r\n", *m->at) == NULL &&
	    *m->at != '"' && *m->at != '\0')
		m->at++;
	if (m->at == begin)
		(void)spoil(m); /* there is no value */
}

void
member_skip(struct member *m)
{
	int depth = 0;
	char c;

	do {
		c = peek(m);
		if (c == '{' || c == '[') {
			depth++;
			m->at++;
		} else if (c == '}' || c == ']') {
			depth--;
			m->at++;
		} else if (c == '"') {
			m->at++;
			(void)find_end(m); /* .bad says it */
		} else if ((c == ',' || c == ':') && depth > 0) {
			m->at++;
		} else {
			skip_word(m);
		}
		if (depth < 0 || depth > DEPTH_MAX)
			(void)spoil(m);
	} while (depth > 0 && !m->bad);
	m->first = false;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four of them at p. -1: they are not. */
static int32_t
four_digits(const char *p, const char *end)
{
	int32_t v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (hex_digit(p[i]) < 0)
			return -1;
		v = v * 16 + hex_digit(p[i]);
	}
	return v;
}

/* "\uD83D\uDE00" is one; *at is behind the u. -1: it is none. */
static int32_t
code_point(const char **at, const char *end)
{
	int32_t v = four_digits(*at, end), low;

	if (v < 0)
		return -1;
	*at += 4;
	if (v < 0xd800 || v > 0xdfff)
		return v;
	if (v > 0xdbff || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return -1;
	low = four_digits(*at + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	*at += 6;
	return 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
}

static size_t
encode(int32_t v, char out[4])
{
	if (v < 0x80) {
		out[0] = (char)v;
		return 1;
	}
	if (v < 0x800) {
		out[0] = (char)(0xc0 | v >> 6);
		out[1] = (char)(0x80 | (v & 0x3f));
		return 2;
	}
	if (v < 0x10000) {
		out[0] = (char)(0xe0 | v >> 12);
		out[1] = (char)(0x80 | (v >> 6 & 0x3f));
		out[2] = (char)(0x80 | (v & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | v >> 18);
	out[1] = (char)(0x80 | (v >> 12 & 0x3f));
	out[2] = (char)(0x80 | (v >> 6 & 0x3f));
	out[3] = (char)(0x80 | (v & 0x3f));
	return 4;
}

/* What a backslash begins; *at is behind it. 0: nothing that there is. */
static size_t
unescape(const char **at, const char *end, char out[4])
{
	static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *name;
	int32_t v;
	char c;

	if (*at >= end)
		return 0;
	c = *(*at)++;
	if (c == 'u')
		return (v = code_point(at, end)) > 0 ? encode(v, out) : 0;
	if (c == '\0' || (name = strchr(names, c)) == NULL)
		return 0;
	out[0] = means[name - names];
	return 1;
}

/* Bytes as they are. False: they do not fit, or one is NUL. */
static bool
append(char *buf, size_t size, size_t *len, const char *bytes, size_t n)
{
	if (n >= size - *len || memchr(bytes, '\0', n) != NULL)
		return false;
	memcpy(buf + *len, bytes, n);
	*len += n;
	return true;
}

/* From p up to end. */
static bool
decode(const char *p, const char *end, char *buf, size_t size)
{
	const char *backslash;
	size_t len = 0, n;
	char out[4];

	while ((backslash = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		if (!append(buf, size, &len, p, (size_t)(backslash - p)))
			return false;
		p = backslash + 1;
		if ((n = unescape(&p, end, out)) == 0 ||
		    !append(buf, size, &len, out, n))
			return false;
	}
	if (!append(buf, size, &len, p, (size_t)(end - p)))
		return false;
	buf[len] = '\0';
	return true;
}

bool
member_text(struct member *m, char *buf, size_t size)
{
	const char *begin;

	buf[0] = '\0';
	if (peek(m) != '"') {
		member_skip(m);
		return false;
	}
	begin = ++m->at;
	if (!find_end(m))
		return false;
	if (decode(begin, m->at - 1, buf, size))
		return true;
	buf[0] = '\0';
	return false;
}

bool
member_int(struct member *m, int64_t *ret)
{
	const char *p;
	bool minus;
	int64_t v = 0;

	*ret = 0;
	(void)peek(m); /* the blanks go */
	p = m->at;
	member_skip(m);
	minus = p < m->end && *p == '-';
	p += minus ? 1 : 0;
	if (p >= m->at)
		return false;
	for (; p < m->at; p++) {
		if (*p < '0' || *p > '9' || v > (INT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (*p - '0');
	}
	*ret = minus ? -v : v;
	return true;
}

bool
member_true(struct member *m)
{
	const char *p;

	(void)peek(m); /* the blanks go */
	p = m->at;
	member_skip(m);
	return m->at - p == 4 && memcmp(p, "true", 4) == 0;
}

void
member_inner(struct member *m, const char *key, char *buf, size_t size)
{
	if (!member_object(m))
		return;
	while (member_next(m)) {
		if (member_is(m, key))
			(void)member_text(m, buf, size);
		else
			member_skip(m);
	}
}

bool
member_is_whole(const struct member *m)
{
	struct member rest = *m;

	skip_blanks(&rest);
	return !rest.bad && rest.at == rest.end;
}
