/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of what only uid 0 may do, for everybody: a test that is not root
 * runs itself again as root of a user namespace of its own, or says that it
 * tested nothing.
 */
#ifndef FG_TESTS_ASROOT_H
#define FG_TESTS_ASROOT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void
asroot_or_skip(char **argv)
{
	char *args[] = {NULL, NULL, NULL, NULL, NULL};
	char unshare[] = "unshare", flags[] = "-Ur", end[] = "--";

	if (geteuid() == 0)
		return;
	if (getenv("FG_ASROOT") == NULL && setenv("FG_ASROOT", "1", 1) == 0) {
		args[0] = unshare;
		args[1] = flags;
		args[2] = end;
		args[3] = argv[0];
		(void)execvp(args[0], args);
	}
	(void)printf("SKIP %s: neither root nor user namespaces\n", argv[0]);
	exit(0);
}

#endif
