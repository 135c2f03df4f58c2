/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts on their way from a table into a value. Nothing is repaired but the
 * blanks at the ends: what is not plain text is refused.
 */
#include "policyd/people/cell.h"

#include <stdint.h>
#include <string.h>

#include "policyd/text.h"
#include "proto/result.h"

int
cell_wrong(const char *why, const char **ret_why)
{
	*ret_why = why;
	return FG_ERR_FORMAT;
}

int
cell_too_long(const char *why, const char **ret_why)
{
	*ret_why = why;
	return FG_ERR_LIMIT;
}

bool
cell_is_formula(const char *text)
{
	return text[0] != '\0' && strchr("=+-@", text[0]) != NULL;
}

bool
cell_is_visible(const char *text)
{
	char shown[32];
	size_t len = strlen(text), n;
	uint32_t cp;

	for (size_t i = 0; i < len; i += n) {
		if ((n = text_utf8_next(text + i, len - i, &cp)) == 0)
			return false;
		if (cp == '\\' || cp == 0x200c || cp == 0x200d)
			continue;
		(void)text_escape_utf8(shown, sizeof(shown), text + i, n);
		if (shown[0] == '\\')
			return false;
	}
	return true;
}

int
cell_take(const char *text, char *buf, size_t size, const char **ret_why)
{
	size_t len;

	buf[0] = '\0';
	text += strspn(text, CELL_BLANKS);
	len = strlen(text);
	while (len > 0 && strchr(CELL_BLANKS, text[len - 1]) != NULL)
		len--;
	if (len >= size)
		return cell_too_long("is longer than any such value; "
				     "shorten it",
		    ret_why);
	if (!text_is_utf8(text, len))
		return cell_wrong("is not in UTF-8; save the file as CSV "
				  "UTF-8",
		    ret_why);
	memcpy(buf, text, len);
	buf[len] = '\0';
	return 0;
}
