/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bsearch(3) does not say: where something belongs that is not there.
 */
#include "ctl/readiness/sorted.h"

size_t
sorted_place(const void *key, const void *list, size_t n, size_t size,
    int (*compare)(const void *key, const void *element))
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(key, (const char *)list + middle * size) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
