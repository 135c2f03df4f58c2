/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines and words of a PAM file, as libpam 1.5.2 cuts them: it reads with
 * fgets(3) into 1,024 bytes, ends a line at its first '#', even in a word, and
 * looks for a backslash only where there was none.
 */
#include "ctl/pam/scan.h"

#include <string.h>

#include "proto/result.h"

#define BLANKS " \n\t"

/* One line of the file behind the used bytes of buf, with its newline. */
static int
take_line(struct scan *scan, char *buf, size_t used)
{
	const char *start = scan->data + scan->off;
	size_t left = scan->len - scan->off, n;
	const char *end = memchr(start, '\n', left);

	n = end != NULL ? (size_t)(end - start) + 1 : left;
	scan->off += n;
	scan->line++;
	buf[used] = '\0';
	if (n > SCAN_LINE_SIZE - 1 - used)
		return FG_ERR_LIMIT;
	if (memchr(start, '\0', n) != NULL)
		return FG_ERR_FORMAT;
	memcpy(buf + used, start, n);
	buf[used + n] = '\0';
	return 0;
}

/* Whether the text goes on; then it ends behind its last word. */
static bool
is_continued(char *text)
{
	size_t len = strlen(text);

	while (len > 1 && strchr(BLANKS, text[len - 1]) != NULL)
		len--;
	if (text[len - 1] != '\\')
		return false;
	text[len - 1] = ' ';
	text[len] = '\0';
	return true;
}

int
scan_line(struct scan *scan, char buf[SCAN_LINE_SIZE], unsigned int *ret_line)
{
	size_t used = 0;
	char *text, *hash;
	int r;

	*ret_line = scan->line + 1;
	while (scan->off < scan->len) {
		if (used == 0)
			*ret_line = scan->line + 1;
		if ((r = take_line(scan, buf, used)) != 0)
			return r;
		text = buf + used + strspn(buf + used, BLANKS);
		if (*text == '\0' || *text == '#')
			continue;
		if ((hash = strchr(text, '#')) != NULL) {
			*hash = '\0';
			return 0;
		}
		if (!is_continued(text))
			return 0;
		used = strlen(buf);
	}
	return used > 0 ? FG_ERR_SHORT : FG_ERR_NOT_FOUND;
}

/* From behind the '[' to the first ']' without a backslash. Returns its end. */
static char *
take_bracketed(char *from)
{
	char *to = from, *end = from;

	for (; *end != '\0' && *end != ']'; end++) {
		if (end[0] == '\\' && end[1] == ']')
			end++;
		*to++ = *end;
	}
	if (to != end)
		*to = '\0';
	return end;
}

char *
scan_word(char **rest, bool *ret_bracketed)
{
	char *from = *rest, *end;

	*ret_bracketed = false;
	if (from == NULL)
		return NULL;
	from += strspn(from, BLANKS);
	if (*from == '[') {
		*ret_bracketed = true;
		end = take_bracketed(++from);
	} else if (*from != '\0') {
		end = from + strcspn(from, BLANKS);
	} else {
		*rest = NULL;
		return NULL;
	}
	if (*end != '\0')
		*end++ = '\0';
	*rest = *end != '\0' ? end : NULL;
	return from;
}
