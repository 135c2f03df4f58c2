/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The accounts that logged in, and whether the inventory had them then.
 */
#ifndef FG_CTL_ACCOUNTS_H
#define FG_CTL_ACCOUNTS_H

#include "ctl/readiness/records.h"
#include "proto/msg.h"

#define ACCOUNTS_MAX 4096u

struct account {
	char user[FG_USER_MAX + 1];
	char ref[FG_REF_MAX + 1]; /* of the last login */
	uint64_t logins;
	int64_t last_s;
	/* Whether the inventory had it at the last login; both are false
	 * where there was none. */
	bool known, absent;
};

struct accounts {
	struct account *list; /* by name */
	size_t n, room;
	uint64_t lost; /* logins of accounts that there was no room for */
};

/*
 * A login from elsewhere or at the machine; sudo and su are of people who have
 * come by one. Returns 0 or FG_ERR_NOMEM.
 */
int accounts_take(struct accounts *accounts, const struct record *record);

void accounts_done(struct accounts *accounts);

#endif
