/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From bytes to tokens; everything that no token can be made of is reported
 * with its line. From here on every byte is whatever stands in the file.
 */
#include "policyd/conf/conf_lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/text.h"

void
conf_lex_error(struct conf_lex *lex, unsigned int line, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (lex->too_many)
		return;
	if (lex->errors->count >= CONF_SCAN_ERRORS_MAX) {
		conf_errors_add(lex->errors, lex->file, line,
		    "too many errors; correct these first");
		lex->too_many = true;
		lex->at = lex->len;
		return;
	}
	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	conf_errors_add(lex->errors, lex->file, line, "%s", text);
}

void
conf_lex_blank(struct conf_lex *lex, size_t start, size_t end)
{
	size_t i;

	for (i = start; i < end; i++)
		if (lex->text[i] != '\n')
			lex->text[i] = ' ';
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("_.:@/-", c));
}

/* True for what begins a token, a comment or blank space. */
static bool
is_known(char c)
{
	return is_word(c) || (c != '\0' && strchr(" \t\r\n#\"'=+{},", c));
}

/* The end of the line that contains at. */
static size_t
line_end(const struct conf_lex *lex, size_t at)
{
	const char *p = memchr(lex->text + at, '\n', lex->len - at);

	return p == NULL ? lex->len : (size_t)(p - lex->text);
}

static bool
starts(const struct conf_lex *lex, const char *s)
{
	size_t n = strlen(s);

	return lex->len - lex->at >= n &&
	    memcmp(lex->text + lex->at, s, n) == 0;
}

/* A C comment is reported, and passed over as its writer meant it. */
static void
lex_c_comment(struct conf_lex *lex)
{
	size_t start = lex->at, end = line_end(lex, start);
	const char *close;

	conf_lex_error(lex, lex->at_line,
	    "a comment in C's manner; begin comments with #");
	if (lex->too_many)
		return;
	if (starts(lex, "/*")) {
		close = memmem(lex->text + start + 2, lex->len - start - 2,
		    "*/", 2);
		end =
		    close == NULL ? lex->len : (size_t)(close - lex->text) + 2;
	}
	for (; lex->at < end; lex->at++)
		if (lex->text[lex->at] == '\n')
			lex->at_line++;
	conf_lex_blank(lex, start, end);
}

static void
lex_stray(struct conf_lex *lex)
{
	unsigned char c = (unsigned char)lex->text[lex->at];
	size_t start = lex->at;

	while (lex->at < lex->len && !is_known(lex->text[lex->at]))
		lex->at++;
	if (c == '+')
		lex->at++;
	conf_lex_blank(lex, start, lex->at);
	if (c == '\0')
		conf_lex_error(lex, lex->at_line,
		    "a NUL byte; this is no text file, or it is damaged");
	else if (c > 0x20 && c < 0x7f)
		conf_lex_error(lex, lex->at_line,
		    "stray %c; put values in double quotes", c);
	else
		conf_lex_error(lex, lex->at_line,
		    "stray byte 0x%02x; put values in double quotes", c);
}

/* Blank space and comments. Stands at a token afterwards, or at the end. */
static void
lex_skip(struct conf_lex *lex)
{
	size_t start;
	char c;

	while (lex->at < lex->len) {
		c = lex->text[lex->at];
		if (c == '\n')
			lex->at_line++;
		if (c == '\r')
			lex->text[lex->at] = ' ';
		if (c == '#') {
			start = lex->at;
			lex->at = line_end(lex, start);
			conf_lex_blank(lex, start, lex->at);
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			lex->at++;
		} else if (starts(lex, "//") || starts(lex, "/*")) {
			lex_c_comment(lex);
		} else if (!is_known(c) || (c == '+' && !starts(lex, "+="))) {
			lex_stray(lex);
		} else {
			return;
		}
	}
}

/* What is wrong with the len bytes between quotes; NULL if nothing is. */
static const char *
string_problem(const char *s, size_t len)
{
	char shown[CONF_VALUE_MAX * 4 + 1];
	size_t i, n;

	if (len > CONF_VALUE_MAX)
		return "this value is too long; 4096 bytes are enough";
	if (memmem(s, len, "${", 2) != NULL)
		return "${ in a value; the environment is not used, write "
		       "the value itself";
	for (i = 0; i < len; i += n) {
		if (s[i] == '\\' && (s[i + 1] == '"' || s[i + 1] == '\\')) {
			n = 2;
			continue;
		}
		if (s[i] == '\\')
			return "a backslash before another character; write "
			       "\\\\ for a backslash and \\\" for a quote";
		for (n = 0; i + n < len && s[i + n] != '\\'; n++)
			continue;
		(void)text_escape_utf8(shown, sizeof(shown), s + i, n);
		if (strlen(shown) != n || memcmp(shown, s + i, n) != 0)
			return "a byte or character that cannot be seen; write "
			       "printable UTF-8";
	}
	return NULL;
}

/* At an opening quote. The string ends on its line, or at its end. */
static void
lex_string(struct conf_lex *lex)
{
	const char *problem = NULL;
	char quote = lex->text[lex->at];
	size_t at = lex->at + 1;
	bool closed = false;

	for (; at < lex->len && lex->text[at] != '\n' && !closed; at++) {
		if (lex->text[at] == quote)
			closed = true;
		else if (lex->text[at] == '\\' && at + 1 < lex->len &&
		    lex->text[at + 1] != '\n')
			at++;
	}
	lex->token = CONF_TOKEN_STRING;
	lex->at = at;
	if (quote == '\'')
		problem = "single quotes; put values in double quotes";
	else if (!closed)
		problem = "this string is not closed; end it with \" on its "
			  "own line";
	else
		problem = string_problem(lex->text + lex->start + 1,
		    at - lex->start - 2);
	if (problem == NULL)
		return;
	lex->bad = true;
	conf_lex_error(lex, lex->line, "%s", problem);
}

static void
lex_word(struct conf_lex *lex)
{
	while (lex->at < lex->len && is_word(lex->text[lex->at]) &&
	    !starts(lex, "//") && !starts(lex, "/*"))
		lex->at++;
	lex->token = CONF_TOKEN_WORD;
	if (lex->at - lex->start <= CONF_VALUE_MAX)
		return;
	lex->bad = true;
	conf_lex_error(lex, lex->line,
	    "this word is too long; 4096 bytes are enough");
}

void
conf_lex_next(struct conf_lex *lex)
{
	lex->bad = false;
	lex_skip(lex);
	lex->start = lex->at;
	lex->line = lex->at_line;
	if (lex->at >= lex->len) {
		lex->token = CONF_TOKEN_END;
		return;
	}
	switch (lex->text[lex->at]) {
	case '"':
	case '\'':
		lex_string(lex);
		return;
	case '=':
		lex->token = CONF_TOKEN_EQUALS;
		break;
	case '+':
		lex->token = CONF_TOKEN_PLUS;
		lex->at++;
		break;
	case '{':
		lex->token = CONF_TOKEN_OPEN;
		break;
	case '}':
		lex->token = CONF_TOKEN_CLOSE;
		break;
	case ',':
		lex->token = CONF_TOKEN_COMMA;
		break;
	default:
		lex_word(lex);
		return;
	}
	lex->at++;
}
