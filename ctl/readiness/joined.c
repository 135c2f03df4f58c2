/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several words in one line, of which the last may be that there were more.
 */
#include "ctl/readiness/joined.h"

#include <string.h>

#include "policyd/text.h"

void
joined_add(char *buf, size_t size, const char *word)
{
	static const char dots[] = "...", between[] = ", ";
	size_t used = strlen(buf), len = strlen(word);
	const char *comma = used > 0 ? between : "";

	if (used >= sizeof(dots) - 1 &&
	    strcmp(buf + used - (sizeof(dots) - 1), dots) == 0)
		return;
	/* There is always room left for the dots. */
	if (size - used >
	    strlen(comma) + len + sizeof(between) - 1 + sizeof(dots))
		(void)text_format(buf + used, size - used, "%s%s", comma, word);
	else
		(void)text_format(buf + used, size - used, "%s%s", comma, dots);
}
