/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of the scanner's deaths, a file that outlives the daemon: whether
 * there were so many of late that it is better done without.
 */
#ifndef FG_DEATHS_H
#define FG_DEATHS_H

#include <stdbool.h>

#define DEATHS_MANY	3	/* within ... */
#define DEATHS_WINDOW_S 60	/* ... so many seconds */

/* One more, now. What cannot be written is logged. */
void	deaths_add(const char *path);
bool	deaths_are_many(const char *path);

#endif
