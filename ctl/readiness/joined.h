/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several words in one line.
 */
#ifndef FG_CTL_JOINED_H
#define FG_CTL_JOINED_H

#include <stddef.h>

/* Add a word to those in buf, after ", "; "..." where it does not fit. */
void joined_add(char *buf, size_t size, const char *word);

#endif
