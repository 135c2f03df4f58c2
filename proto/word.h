/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Other people's bytes as one word of a log line, for both ends: whoever
 * searches for a user finds the module's lines and the daemon's alike.
 * Nothing here allocates.
 */
#ifndef FG_WORD_H
#define FG_WORD_H

#include <stddef.h>

/*
 * Copy src into dst (size bytes, at least 8) as one word of printable ASCII:
 * bytes that could end a field of a log line, or drive a terminal, become
 * \xHH. What does not fit is replaced by "...". An empty src gives "-".
 */
void	fg_word(char *dst, size_t size, const char *src);

#endif
