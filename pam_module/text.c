/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two forms of text that the module itself looks at.
 */
#include "pam_module/text.h"

#include <string.h>

#include "proto/msg.h"

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
