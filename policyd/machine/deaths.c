/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The times of the last deaths, in a file of one size. A file that is not to
 * be had remembers none.
 */
#include "policyd/machine/deaths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policyd/log.h"

/* The file's whole content: the wall clock of the last deaths, oldest first. */
struct deaths {
	int64_t at_s[DEATHS_MANY];
};

static void
read_deaths(const char *path, struct deaths *ret_deaths)
{
	struct deaths deaths;
	int fd;

	memset(ret_deaths, 0, sizeof(*ret_deaths));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (read(fd, &deaths, sizeof(deaths)) == (ssize_t)sizeof(deaths))
		*ret_deaths = deaths;
	(void)close(fd); /* only read */
}

void
deaths_add(const char *path)
{
	struct deaths deaths;
	int fd;

	read_deaths(path, &deaths);
	memmove(&deaths.at_s[0], &deaths.at_s[1],
	    sizeof(deaths.at_s) - sizeof(deaths.at_s[0]));
	deaths.at_s[DEATHS_MANY - 1] = time(NULL);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 ||
	    write(fd, &deaths, sizeof(deaths)) != (ssize_t)sizeof(deaths))
		log_warn("scanner: record its death in %s: %s", path,
		    strerror(errno));
	if (fd >= 0)
		(void)close(fd); /* at worst a restart too many */
}

/* Stamps of a clock that was ahead say nothing. */
bool
deaths_are_many(const char *path)
{
	struct deaths deaths;
	int64_t now = time(NULL);
	size_t i;

	read_deaths(path, &deaths);
	for (i = 0; i < DEATHS_MANY; i++) {
		if (deaths.at_s[i] > now ||
		    deaths.at_s[i] <= now - DEATHS_WINDOW_S)
			return false;
	}
	return true;
}
