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
#include <string.h>
#include <unistd.h>

#include "policyd/crypto.h"
#include "policyd/geo/copy_file.h"
#include "policyd/privilege/safeopen.h"
#include "proto/result.h"

#define COPY_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

#define FIX_FORMAT "use a database in MaxMind DB format"

/* ---- reports ---------------------------------------------------------- */

static const char *
text_of(int r, const char *why)
{
	if (r == FG_ERR_SYSTEM)
		return strerror(errno);
	if (why != NULL)
		return why;
	return r == FG_ERR_LIMIT ? "it changed while it was read" :
				   fg_strerror(r);
}

/* Whoever found it unsafe said what to do. Call it before errno changes. */
static const char *
remedy_of(int r)
{
	if (r == FG_ERR_UNSAFE)
		return "";
	if (r == FG_ERR_SYSTEM && errno == ENOENT)
		return "; get one with farmgate-geodata, or name another file";
	if (r == FG_ERR_SYSTEM && errno == EACCES)
		return "; let others read it with chmod o+r, and enter its "
		       "folders with chmod o+x, or use sudo";
	return "; put a database there";
}

static int
report_unread(const char *path, int r, const char *why,
    struct conf_errors *errors)
{
	if (r == FG_ERR_NOMEM)
		return r;
	conf_errors_add(errors, path, 0, "cannot be read: %s%s",
	    text_of(r, why), remedy_of(r));
	return FG_ERR_CONFIG;
}

static int
report_refused(const char *path, const char *why, struct conf_errors *errors)
{
	conf_errors_add(errors, path, 0, "cannot be used: %s; " FIX_FORMAT,
	    why);
	return FG_ERR_CONFIG;
}

/* The trouble is not with the original. instead says what is done, if it is. */
static int
report_unkept(const char *path, const char *folder, int r, const char *instead,
    struct conf_errors *errors)
{
	if (r == FG_ERR_NOMEM)
		return r;
	if (r == FG_ERR_LIMIT)
		return report_unread(path, r, NULL, errors);
	conf_errors_add(errors, path, 0,
	    "%scannot be copied to %s: %s; %s, then run farmgatectl reload",
	    instead, folder,
	    r == FG_ERR_UNSAFE ? "it has to be a folder of mode 0700, and "
				 "the daemon's own" :
				 text_of(r, NULL),
	    r == FG_ERR_UNSAFE ? "remove what is there" : "make room there");
	return FG_ERR_CONFIG;
}

/* ---- copies ----------------------------------------------------------- */

static int
origin_open(const char *path, struct copy_origin *ret_origin,
    struct conf_errors *errors)
{
	const char *why = NULL;
	size_t len;
	int r;

	ret_origin->path = path;
	ret_origin->fd = -1;
	r = safeopen(path, GEO_FILE_MAX, 1, &ret_origin->fd, &len, &why);
	if (r == 0 && fstat(ret_origin->fd, &ret_origin->st) != 0)
		r = FG_ERR_SYSTEM;
	if (r == 0 && ret_origin->st.st_size == 0) {
		r = FG_ERR_FORMAT;
		why = "it is empty";
	}
	return r == 0 ? 0 : report_unread(path, r, why, errors);
}

static void
origin_close(struct copy_origin *origin)
{
	if (origin->fd != -1)
		(void)close(origin->fd); /* only read */
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
copy_sealed(const struct copy_origin *origin, struct geo_copy *copy)
{
	int r;

	copy->fd =
	    memfd_create("farmgate-geo", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (copy->fd == -1)
		return FG_ERR_SYSTEM;
	if ((r = copy_file_fill(origin, copy->fd)) != 0)
		return r;
	if (fcntl(copy->fd, F_ADD_SEALS, COPY_SEALS) == -1)
		return FG_ERR_SYSTEM;
	copy->len = (size_t)origin->st.st_size;
	return copy_map(copy);
}

static int
copy_in_memory(const struct copy_origin *origin, struct geo_copy *copy,
    struct conf_errors *errors)
{
	const char *why = NULL;
	int r;

	if ((r = copy_sealed(origin, copy)) != 0)
		return report_unread(origin->path, r, NULL, errors);
	r = geo_verify(copy->data, copy->len, &copy->layout, &why);
	if (r == FG_ERR_NOMEM)
		return r;
	if (r != 0)
		return report_refused(origin->path, why, errors);
	crypto_sha256_hex(copy->data, copy->len, copy->hash);
	return 0;
}

/* The copy that is there for the original as it is. */
static int
copy_found(const struct copy_origin *origin, const char *folder,
    struct geo_copy *copy, struct conf_errors *errors)
{
	char why[COPY_WHY_MAX];
	int r;

	r = copy_file_find(folder, origin, copy, why);
	if (r == FG_ERR_FORMAT)
		return report_refused(origin->path, why, errors);
	if (r == 0 && (r = copy_map(copy)) != 0)
		return report_unkept(origin->path, folder, r, "", errors);
	return r;
}

/* A start must not fail for want of room: memory does as well. */
static int
copy_made(const struct copy_origin *origin, const char *folder,
    struct geo_copy *copy, struct conf_errors *errors)
{
	char why[COPY_WHY_MAX];
	int r;

	r = copy_file_make(folder, origin, why);
	if (r == FG_ERR_FORMAT)
		return report_refused(origin->path, why, errors);
	if (r == 0)
		r = copy_found(origin, folder, copy, errors);
	if (r == 0 || r == FG_ERR_NOMEM || r == FG_ERR_CONFIG)
		return r;
	if (r == FG_ERR_LIMIT || r == FG_ERR_NOT_FOUND)
		return report_unread(origin->path, FG_ERR_LIMIT, NULL, errors);
	(void)report_unkept(origin->path, folder, r, "is held in memory: it ",
	    errors);
	return copy_in_memory(origin, copy, errors);
}

int
geo_copy_open(const char *path, const char *folder, bool wait,
    struct geo_copy *ret_copy, struct conf_errors *errors)
{
	struct geo_copy copy = { .fd = -1 };
	struct copy_origin origin;
	int r;

	*ret_copy = copy;
	if ((r = origin_open(path, &origin, errors)) != 0)
		goto out;
	if (folder == NULL) {
		r = copy_in_memory(&origin, &copy, errors);
		goto out;
	}
	r = copy_found(&origin, folder, &copy, errors);
	if (r == FG_ERR_NOT_FOUND)
		r = wait ? copy_made(&origin, folder, &copy, errors) :
			   FG_ERR_BUSY;
out:
	origin_close(&origin);
	if (r == 0)
		*ret_copy = copy;
	else
		geo_copy_close(&copy);
	return r;
}

int
geo_copy_make(const char *path, const char *folder, struct conf_errors *errors)
{
	struct conf_errors unread = { 0 };
	struct copy_origin origin;
	char why[COPY_WHY_MAX];
	struct geo_copy copy;
	int r;

	r = origin_open(path, &origin, &unread);
	conf_errors_done(&unread); /* whoever opens it will say so */
	if (r == 0 &&
	    (r = copy_file_find(folder, &origin, &copy, why)) ==
		FG_ERR_NOT_FOUND)
		r = copy_file_make(folder, &origin, why);
	else if (r == 0)
		geo_copy_close(&copy);
	if (r == FG_ERR_FORMAT || r == FG_ERR_CONFIG)
		r = 0;
	if (r != 0)
		r = report_unkept(path, folder, r, "", errors);
	origin_close(&origin);
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
