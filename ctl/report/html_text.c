/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one way for text into HTML. Controls and what turns the direction of text
 * around are made visible first; then nothing is left that could begin or end
 * anything.
 */
#include <string.h>

#include "ctl/report/page_parts.h"
#include "policyd/text.h"

#define SHOWN_SIZE 8192u

static const char *
entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
html_text(FILE *out, const char *text)
{
	char shown[SHOWN_SIZE];
	const char *p, *entity;

	(void)text_escape_once_utf8(shown, sizeof(shown), text, strlen(text));
	for (p = shown; *p != '\0'; p++)
		if ((entity = entity_of(*p)) != NULL)
			fputs(entity, out);
		else
			fputc(*p, out);
}
