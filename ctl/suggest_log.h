/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who logged in, how often and from how many places, as records of the past
 * say.
 */
#ifndef FG_SUGGEST_LOG_H
#define FG_SUGGEST_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/net/addr.h"
#include "proto/msg.h"

#define SUGGEST_USERS_MAX 65536u
#define SUGGEST_ADDRESSES 16u /* that are told apart */
#define SUGGEST_KEYS	  8u
#define SUGGEST_KEY_SIZE  (sizeof("SHA256:") + 43u) /* of base64 */

/* How somebody was seen. */
#define SUGGEST_TERMINAL 0x01u /* wtmp has a terminal of theirs */
#define SUGGEST_KEY	 0x02u
#define SUGGEST_PASSWORD 0x04u /* or anything else that is typed */

struct suggest_user {
	char name[FG_USER_MAX + 1];
	unsigned long logins; /* of the one that saw more */
	unsigned long by_log, by_wtmp;
	size_t naddresses;
	char address[SUGGEST_ADDRESSES][ADDR_TEXT_SIZE];
	size_t nkeys; /* that logged in, by sshd's log */
	char key[SUGGEST_KEYS][SUGGEST_KEY_SIZE];
	int64_t last_s; /* 0: not known */
	unsigned int how;
	bool has_account;
};

struct suggest_users {
	struct suggest_user *list;
	size_t n;
};

/* So many logins. host is kept if it is an address; at_s may be 0. */
void suggest_saw(struct suggest_users *users, const char *name,
    const char *host, int64_t at_s, unsigned int how, unsigned int times);

/* NULL if never seen; borrowed until the next suggest_saw(). */
struct suggest_user *suggest_find(struct suggest_users *users,
    const char *name);

/* The logins of a log, as past.h reads it. Complains itself. Returns 0, or as
 * past_open() and past_next() do. */
int suggest_log(struct suggest_users *users, const char *path);

void suggest_users_done(struct suggest_users *users);

#endif
