/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A folder of PAM files, for tests. Include after cmocka.h.
 */
#ifndef FG_TEST_PAMDIR_H
#define FG_TEST_PAMDIR_H

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char pamdir[] = "/tmp/fg-pamdir.XXXXXX";

static inline const char *
in_pamdir(const char *name)
{
	static char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", pamdir, name);
	return path;
}

/* For a group of tests. */
static inline int
pamdir_make(void **state)
{
	(void)state;
	return mkdtemp(pamdir) != NULL ? 0 : -1;
}

static inline int
pamdir_remove(void **state)
{
	char command[64];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -r %s", pamdir);
	return system(command); /* NOLINT: a name of our own */
}

static inline void
pamdir_put_bytes(const char *name, const void *data, size_t len)
{
	FILE *out = fopen(in_pamdir(name), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(in_pamdir(name), 0644), 0);
}

static inline void
pamdir_put(const char *name, const char *text)
{
	pamdir_put_bytes(name, text, strlen(text));
}

#endif
