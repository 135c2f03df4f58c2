/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of databases share: a folder with those that
 * tests/fixtures/mmdb.pl writes, and databases opened from it by name.
 */
#ifndef FG_TESTS_DATABASES_H
#define FG_TESTS_DATABASES_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/geo/geo.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
#define PATHS_MAX     4u
#define PATH_SIZE     128u
#define FILE_SIZE_MAX 8192u

static char folder[] = "/tmp/farmgate-geo-XXXXXX";

/* Databases opened from a list of names in the folder. */
struct opened {
	char path[PATHS_MAX][PATH_SIZE];
	struct conf_database db[PATHS_MAX];
	struct conf conf;
	struct geo *geo;
	struct conf_errors errors;
};

/* "asn:NAME" is an AS database's file; without a kind it is a country's. */
static inline const char *
take_kind(const char *name, enum conf_database_kind *ret_kind)
{
	const char *colon = strchr(name, ':');

	*ret_kind = CONF_DATABASE_COUNTRY;
	if (colon == NULL)
		return name;
	if (strncmp(name, "city:", 5) == 0)
		*ret_kind = CONF_DATABASE_CITY;
	else if (strncmp(name, "asn:", 4) == 0)
		*ret_kind = CONF_DATABASE_ASN;
	else if (strncmp(name, "anonymous:", 10) == 0)
		*ret_kind = CONF_DATABASE_ANONYMOUS;
	else
		fail_msg("%s is of no kind", name);
	return colon + 1;
}

static inline void
open_names(struct opened *o, const char *const *names)
{
	const char *file;
	size_t i;

	memset(o, 0, sizeof(*o));
	o->conf.databases = o->db;
	for (i = 0; names[i] != NULL; i++) {
		assert_true(i < PATHS_MAX);
		file = take_kind(names[i], &o->db[i].kind);
		(void)snprintf(o->path[i], PATH_SIZE, "%s/%s", folder, file);
		o->db[i].path = o->path[i];
		o->conf.ndatabases++;
	}
	assert_int_equal(geo_open(&o->conf, NULL, &o->geo, &o->errors), 0);
	assert_non_null(o->geo);
}

static inline void
close_names(struct opened *o)
{
	geo_free(o->geo);
	conf_errors_done(&o->errors);
}

static inline void
put_file(const char *name, const void *data, size_t len)
{
	char path[PATH_SIZE];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), (ssize_t)len);
	assert_int_equal(close(fd), 0);
}

static inline size_t
get_file(const char *name, uint8_t data[FILE_SIZE_MAX])
{
	char path[PATH_SIZE];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_true((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0);
	n = read(fd, data, FILE_SIZE_MAX);
	assert_true(n > 0 && (size_t)n < FILE_SIZE_MAX);
	assert_int_equal(close(fd), 0);
	return (size_t)n;
}

static inline int
set_up(void **state)
{
	char command[256];

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(command, sizeof(command),
	    "perl tests/fixtures/mmdb.pl %s", folder);
	return system(command) == 0 ? 0 : -1;
}

static inline int
tear_down(void **state)
{
	char command[256];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) == 0 ? 0 : -1;
}

#endif
