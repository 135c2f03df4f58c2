/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The head of SQLite's write-ahead log (its file format, section 4.1): eight
 * numbers, big-endian, of which the last two are a checksum of the others.
 */
#include "policyd/store/store_wal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#include "proto/result.h"

#define WAL_WORDS   8u
#define WAL_MAGIC   0x377f0682u /* the lowest bit: the checksum's byte order */
#define WAL_VERSION 3007000u

static uint32_t
word(const uint8_t *p, bool big)
{
	if (big)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[1] << 8 | p[0];
}

static bool
is_blank(const uint8_t *head)
{
	size_t i;

	for (i = 0; i < 4 * WAL_WORDS; i++)
		if (head[i] != 0)
			return false;
	return true;
}

static bool
is_whole(const uint8_t *head)
{
	bool big = (head[3] & 1) != 0;
	uint32_t a = 0, b = 0;
	size_t i;

	if ((word(head, true) & ~1u) != WAL_MAGIC ||
	    word(head + 4, true) != WAL_VERSION)
		return false;
	for (i = 0; i < WAL_WORDS - 2; i += 2) {
		a += word(head + 4 * i, big) + b;
		b += word(head + 4 * (i + 1), big) + a;
	}
	return word(head + 24, true) == a && word(head + 28, true) == b;
}

int
store_wal_check(int fd)
{
	uint8_t head[4 * WAL_WORDS];
	ssize_t n;

	n = pread(fd, head, sizeof(head), 0);
	if (n == -1)
		return FG_ERR_SYSTEM;
	if ((size_t)n < sizeof(head) || is_blank(head) || is_whole(head))
		return 0;
	return FG_ERR_FORMAT;
}
