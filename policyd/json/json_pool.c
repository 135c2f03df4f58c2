/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One block, filled from its start, and a count of the pieces that are out.
 * Reports have secrets in them: nothing is left of what was given back.
 */
#include "policyd/json/json_pool.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <malloc.h>

#define PIECE alignof(max_align_t)

static struct {
	alignas(max_align_t) unsigned char block[JSON_POOL_SIZE];
	size_t used; /* bytes, a multiple of PIECE */
	size_t out; /* pieces */
} pool;

static bool
is_of_pool(const void *p)
{
	uintptr_t start = (uintptr_t)pool.block, at = (uintptr_t)p;

	return at >= start && at - start < sizeof(pool.block);
}

void *
json_pool_take(size_t size)
{
	size_t room = sizeof(pool.block) - pool.used;
	unsigned char *p = pool.block + pool.used;

	if (size == 0 || size > room - room % PIECE)
		return malloc(size);
	pool.used += (size + PIECE - 1) / PIECE * PIECE;
	pool.out++;
	return p;
}

void
json_pool_give(void *p)
{
	if (p == NULL)
		return;
	if (!is_of_pool(p)) {
		explicit_bzero(p, malloc_usable_size(p));
		free(p);
	} else if (--pool.out == 0) {
		explicit_bzero(pool.block, pool.used);
		pool.used = 0;
	}
}
