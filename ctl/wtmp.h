/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's own record of who logged in at a terminal, wtmp(5). Login
 * programs write into it what strangers told them: any bytes.
 */
#ifndef FG_CTL_WTMP_H
#define FG_CTL_WTMP_H

#include <stdint.h>

#define WTMP_FILE "/var/log/wtmp"

/* Each valid until wtmp_fn returns; "" where the record has none. */
struct wtmp_login {
	const char *user;
	const char *line; /* "pts/0", "tty1" */
	const char *host; /* an address, a name, or ":0" */
	int64_t at_s;
};

/* Returns 0, or what wtmp_each() returns at once. */
typedef int (*wtmp_fn)(const struct wtmp_login *login, void *arg);

/*
 * Each login of the file, in its order. Not for two at a time.
 * Returns 0 or FG_ERR_SYSTEM: it cannot be read.
 */
int wtmp_each(const char *path, wtmp_fn fn, void *arg);

#endif
