/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals that wtmp(5) has of somebody from elsewhere, and the decisions that
 * let them in. Where there is none for one, its login has passed the gate by.
 */
#ifndef FG_CTL_TERMINALS_H
#define FG_CTL_TERMINALS_H

#include "ctl/readiness/records.h"
#include "policyd/net/addr.h"
#include "proto/msg.h"

#define TERMINALS_MAX	   100000u /* the newest ones */
#define TERMINALS_OPEN_MAX 4096u   /* logins that may still get one */
/* Between the decision and the terminal there is a client, which may ask for
 * it late; within a session it can be asked for at any time. */
#define TERMINALS_APART_S  120

struct terminal {
	char user[33]; /* as much as wtmp has of it */
	struct addr addr;
	bool has_addr; /* else its host is a name */
	bool decided;
	int64_t at_s;
};

struct terminals_login {
	char ref[FG_REF_MAX + 1];
	char user[33];
	struct addr addr;
	bool has_addr;
	bool is_open; /* its session is, as far as is recorded */
	int64_t since_s;
};

struct terminals {
	struct terminal *list;
	size_t n, first; /* a ring, once it is full */
	struct terminals_login *logins;
	size_t nlogins;
	int64_t since_s;
	int64_t first_s; /* of the first record: since when the gate looks */
};

/*
 * Those of wtmp since since_s. Returns 0, FG_ERR_SYSTEM or FG_ERR_NOMEM;
 * terminals_done() also after an error.
 */
int terminals_read(struct terminals *terminals, const char *path,
    int64_t since_s);

/* A record, in their order. */
void terminals_take(struct terminals *terminals, const struct record *record);

/*
 * No more records: the ones without a decision come first, *ret_n of them, by
 * user and time. What is older than the first record is none.
 */
void terminals_undecided(struct terminals *terminals, size_t *ret_n);

void terminals_done(struct terminals *terminals);

#endif
