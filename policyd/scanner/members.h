/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes of one session that were found so far: its leader, and those
 * that were sent a signal. By number, each with its start.
 */
#ifndef FG_MEMBERS_H
#define FG_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMBERS_SLOTS	32768u	/* a power of two */
#define MEMBERS_MAX	24576u

struct members {
	struct members_slot {
		int32_t	 pid;	/* 0: empty */
		uint64_t start;
	} slot[MEMBERS_SLOTS];
	size_t	 n;
};

/* Zeroed is empty. False: there are too many. A number has its last start. */
bool	members_add(struct members *members, int32_t pid, uint64_t start);
/* The start of the one with this number; false: none of them has it. */
bool	members_get(const struct members *members, int32_t pid,
	    uint64_t *ret_start);
bool	members_has(const struct members *members, int32_t pid,
	    uint64_t start);

#endif
