/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether what came from the scanner's end of the socketpair can be the
 * scanner's: it looks at what others made, and may be lost to one of them.
 */
#ifndef FG_SCANLINK_VALID_H
#define FG_SCANLINK_VALID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/scanner/scanner.h"

/* Numbers in their ranges, texts that end: whatever its query. */
bool	scanlink_answer_is_valid(const struct scanner_answer *answer);

/* The same, of len bytes, and not of a time to come (CLOCK_BOOTTIME). */
bool	scanlink_picture_is_valid(const struct picture *picture, size_t len,
	    int64_t now_ns);

#endif
