/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places in a list that is kept in order.
 */
#ifndef FG_CTL_SORTED_H
#define FG_CTL_SORTED_H

#include <stddef.h>

/*
 * The first of n elements of size bytes that is not less than key, or n: where
 * key is, or belongs. compare is bsearch(3)'s.
 */
size_t sorted_place(const void *key, const void *list, size_t n, size_t size,
    int (*compare)(const void *key, const void *element));

#endif
