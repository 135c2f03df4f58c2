/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Databases as the daemon reads them: copied, then verified in the copy. The
 * original is never mapped: a file that is cut while it is mapped ends the
 * process that reads it.
 */
#include "policyd/geo/copy.h"

#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/crypto.h"
#include "policyd/privilege/safeopen.h"
#include "proto/result.h"

#define COPY_CHUNK 65536u
#define COPY_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

/* Returns 0, FG_ERR_SYSTEM, or FG_ERR_LIMIT if the file changed meanwhile. */
static int
copy_bytes(int from, int to, size_t len)
{
	char buf[COPY_CHUNK];
	size_t done = 0;
	ssize_t n, off, w;

	for (;;) {
		if ((n = read(from, buf, sizeof(buf))) == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return FG_ERR_SYSTEM;
		if (n == 0)
			return done == len ? 0 : FG_ERR_LIMIT;
		if ((size_t)n > len - done)
			return FG_ERR_LIMIT;
		for (off = 0; off < n; off += w)
			if ((w = write(to, buf + off, (size_t)(n - off))) == -1)
				return FG_ERR_SYSTEM;
		done += (size_t)n;
	}
}

static int
copy_map(struct geo_copy *copy)
{
	void *map;

	map = mmap(NULL, copy->len, PROT_READ, MAP_SHARED, copy->fd, 0);
	if (map == MAP_FAILED)
		return FG_ERR_SYSTEM;
	copy->data = map;
	return 0;
}

static int
copy_sealed(int from, struct geo_copy *copy)
{
	int r;

	copy->fd =
	    memfd_create("farmgate-geo", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (copy->fd == -1)
		return FG_ERR_SYSTEM;
	if ((r = copy_bytes(from, copy->fd, copy->len)) != 0)
		return r;
	if (fcntl(copy->fd, F_ADD_SEALS, COPY_SEALS) == -1)
		return FG_ERR_SYSTEM;
	return copy_map(copy);
}

static int
report_unread(const char *path, int r, const char *why,
    struct conf_errors *errors)
{
	const char *text = why;

	if (r == FG_ERR_NOMEM)
		return r;
	if (r == FG_ERR_SYSTEM)
		text = strerror(errno);
	else if (text == NULL)
		text = fg_strerror(r);
	conf_errors_add(errors, path, 0,
	    "cannot be read: %s; put a database there that is not writable "
	    "by others",
	    text);
	return FG_ERR_CONFIG;
}

static int
copy_check(const char *path, struct geo_copy *copy, struct conf_errors *errors)
{
	const char *why = NULL;
	int r;

	r = geo_verify(copy->data, copy->len, &copy->layout, &why);
	if (r == FG_ERR_NOMEM)
		return r;
	if (r != 0) {
		conf_errors_add(errors, path, 0,
		    "cannot be used: %s; use a database in MaxMind DB format",
		    why);
		return FG_ERR_CONFIG;
	}
	crypto_sha256_hex(copy->data, copy->len, copy->hash);
	return 0;
}

int
geo_copy_open(const char *path, const char *folder, bool wait,
    struct geo_copy *ret_copy, struct conf_errors *errors)
{
	struct geo_copy copy = { .fd = -1 };
	const char *why = NULL;
	int fd = -1, r;

	(void)folder;
	(void)wait;
	memset(ret_copy, 0, sizeof(*ret_copy));
	ret_copy->fd = -1;
	r = safeopen(path, GEO_FILE_MAX, 1, &fd, &copy.len, &why);
	if (r == 0 && copy.len == 0) {
		r = FG_ERR_FORMAT;
		why = "it is empty";
	} else if (r == 0) {
		r = copy_sealed(fd, &copy);
		if (r == FG_ERR_LIMIT)
			why = "it changed while it was read";
	}
	if (r != 0)
		r = report_unread(path, r, why, errors);
	else
		r = copy_check(path, &copy, errors);
	if (fd != -1)
		(void)close(fd); /* only read */
	if (r == 0)
		*ret_copy = copy;
	else
		geo_copy_close(&copy);
	return r;
}

void
geo_copy_close(struct geo_copy *copy)
{
	void *map;

	if (copy->data != NULL) {
		/* munmap wants a pointer that may be written through */
		memcpy(&map, &copy->data, sizeof(map));
		(void)munmap(map, copy->len);
	}
	if (copy->fd != -1)
		(void)close(copy->fd); /* only read */
	copy->data = NULL;
	copy->fd = -1;
}

void
geo_copy_clean(const char *folder, const char (*hashes)[CONF_HASH_SIZE],
    size_t n)
{
	(void)folder;
	(void)hashes;
	(void)n;
}
