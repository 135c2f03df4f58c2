/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading wtmp(5) by the C library. Its fields need not end.
 */
#include "ctl/wtmp.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <utmpx.h>

#include "policyd/text.h"
#include "proto/result.h"

/* getutxent(3) does not tell an empty file from none, or from a folder. */
static bool
can_read(const char *path)
{
	FILE *probe = fopen(path, "re");
	bool good;
	int e;

	if (probe == NULL)
		return false;
	good = fgetc(probe) != EOF || !ferror(probe);
	e = errno;
	(void)fclose(probe); /* only looked */
	errno = e;
	return good;
}

static int
take(const struct utmpx *ut, wtmp_fn fn, void *arg)
{
	char user[sizeof(ut->ut_user) + 1], line[sizeof(ut->ut_line) + 1];
	char host[sizeof(ut->ut_host) + 1];
	const struct wtmp_login login = { user, line, host, ut->ut_tv.tv_sec };

	(void)text_format(user, sizeof(user), "%.*s", (int)sizeof(ut->ut_user),
	    ut->ut_user);
	(void)text_format(line, sizeof(line), "%.*s", (int)sizeof(ut->ut_line),
	    ut->ut_line);
	(void)text_format(host, sizeof(host), "%.*s", (int)sizeof(ut->ut_host),
	    ut->ut_host);
	return fn(&login, arg);
}

int
wtmp_each(const char *path, wtmp_fn fn, void *arg)
{
	const struct utmpx *ut;
	int r = 0;

	if (!can_read(path) || utmpxname(path) != 0)
		return FG_ERR_SYSTEM;
	setutxent();
	while (r == 0 && (ut = getutxent()) != NULL)
		if (ut->ut_type == USER_PROCESS)
			r = take(ut, fn, arg);
	endutxent();
	return r;
}
