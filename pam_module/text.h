/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making other people's bytes fit to be shown. Nothing here allocates.
 */
#ifndef FG_TEXT_H
#define FG_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copy src into dst (size bytes, at least 8) as one word of printable ASCII:
 * bytes that could end a field of a log line, or drive a terminal, become
 * \xHH. What does not fit is replaced by "...". An empty src gives "-".
 */
void	text_escape(char *dst, size_t size, const char *src);

/*
 * Copy src into dst (size bytes, at least 1) as one line: control characters
 * become spaces. For the administrator's own text, which may be UTF-8.
 */
void	text_one_line(char *dst, size_t size, const char *src);

/* A reference: 1 to FG_REF_MAX of A-Z, 0-9 and '-'. */
bool	text_is_ref(const char *s);

#endif
