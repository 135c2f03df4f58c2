/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The administrator's help text and a reference, as they may be used.
 */
#ifndef FG_PAM_TEXT_H
#define FG_PAM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copy src into dst (size bytes, at least 1) as one line: control characters
 * become spaces. For the administrator's own text, which may be UTF-8.
 */
void	text_one_line(char *dst, size_t size, const char *src);

/* A reference: 1 to FG_REF_MAX of A-Z, 0-9 and '-'. */
bool	text_is_ref(const char *s);

#endif
