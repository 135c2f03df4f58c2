/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for a tree of JSON that is built, written and freed before the next
 * one is begun, as a record is: pieces are handed out one after the other, and
 * all of it is free again with the last of them. What does not fit, or outlives
 * that, is malloc(3)'s as ever. For one thread.
 */
#ifndef FG_JSON_POOL_H
#define FG_JSON_POOL_H

#include <stddef.h>

#define JSON_POOL_SIZE 32768u /* bytes; a decision's record takes a third */

/* malloc(3) and free(3), aligned for any object; NULL is fine to give back.
 * What is given back is wiped. */
void	*json_pool_take(size_t size);
void	 json_pool_give(void *p);

#endif
