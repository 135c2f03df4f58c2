/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies of databases as files of our own. A name is given to what is whole
 * and on the disk only: everything is written under another one first. A copy
 * is believed to be what it was verified as while neither it nor its original
 * has been touched; a sum tells a note that was half written.
 */
#include "policyd/geo/copy_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policyd/geo/copy_note.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COPY_CHUNK 65536u
#define COPY_NEW   ".new"
#define SETTLE_MS  100u /* there is time */

/* ---- names and the folder --------------------------------------------- */

static void
copy_name(const char *hash, char ret_name[COPY_NAME_SIZE])
{
	(void)text_format(ret_name, COPY_NAME_SIZE, "%s" COPY_SUFFIX, hash);
}

/* Nobody but us may have put anything into it. */
static int
folder_open(const char *folder, int *ret_dir)
{
	struct stat st;
	int dir;

	*ret_dir = -1;
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir == -1)
		return errno == ELOOP || errno == ENOTDIR ? FG_ERR_UNSAFE :
							    FG_ERR_SYSTEM;
	if (fstat(dir, &st) != 0 || st.st_uid != geteuid() ||
	    (st.st_mode & 077) != 0) {
		(void)close(dir); /* only looked at */
		return FG_ERR_UNSAFE;
	}
	*ret_dir = dir;
	return 0;
}

static int
folder_make(const char *folder, int *ret_dir)
{
	*ret_dir = -1;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return FG_ERR_SYSTEM;
	return folder_open(folder, ret_dir);
}

/* ---- finding ---------------------------------------------------------- */

static int
find_in(int dir, const struct copy_origin *origin, struct geo_copy *ret_copy,
    char why[COPY_WHY_MAX])
{
	char name[COPY_NAME_SIZE];
	struct copy_note note;
	struct stat st;
	int fd, r;

	if ((r = copy_note_of(dir, origin->path, &note)) != 0)
		return r;
	if (!copy_identity_is(&note.origin, &origin->st))
		return FG_ERR_NOT_FOUND;
	if (note.why[0] != '\0') {
		memcpy(why, note.why, sizeof(note.why));
		return FG_ERR_FORMAT;
	}
	copy_name(note.hash, name);
	if ((fd = copy_file_open(dir, name, &st)) == -1)
		return FG_ERR_NOT_FOUND;
	if (!copy_identity_is(&note.copy, &st)) {
		(void)close(fd); /* only looked at */
		return FG_ERR_NOT_FOUND;
	}
	ret_copy->fd = fd;
	ret_copy->len = (size_t)st.st_size;
	ret_copy->layout = note.layout;
	memcpy(ret_copy->hash, note.hash, sizeof(ret_copy->hash));
	return 0;
}

int
copy_file_find(const char *folder, const struct copy_origin *origin,
    struct geo_copy *ret_copy, char why[COPY_WHY_MAX])
{
	int dir, r;

	*ret_copy = (struct geo_copy){ .fd = -1 };
	why[0] = '\0';
	/* What is wrong with the folder is said when it is written to. */
	if (folder_open(folder, &dir) != 0)
		return FG_ERR_NOT_FOUND;
	r = find_in(dir, origin, ret_copy, why);
	(void)close(dir); /* only read */
	return r;
}

/* ---- making ----------------------------------------------------------- */

/* Returns 0, FG_ERR_SYSTEM, or FG_ERR_LIMIT if the file changed meanwhile. */
static int
fill_by_hand(int from, int to, size_t len)
{
	char buf[COPY_CHUNK];
	size_t done = 0;
	ssize_t n, off, w;

	for (;;) {
		n = pread(from, buf, sizeof(buf), (off_t)done);
		if (n == -1 && errno == EINTR)
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

/* As far as the kernel can; false to do it by hand. */
static bool
fill_in_kernel(int from, int to, size_t len)
{
	off_t at = 0;
	ssize_t n;

	if (ioctl(to, FICLONE, from) == 0)
		return true;
	while ((size_t)at < len) {
		n = copy_file_range(from, &at, to, NULL, len - (size_t)at, 0);
		if (n <= 0)
			return false;
	}
	return true;
}

int
copy_file_fill(const struct copy_origin *origin, int to)
{
	const struct copy_identity before = copy_identity_of(&origin->st);
	struct stat st, copy;
	size_t len = (size_t)origin->st.st_size;
	int r;

	if (!fill_in_kernel(origin->fd, to, len)) {
		if (ftruncate(to, 0) != 0 || lseek(to, 0, SEEK_SET) != 0)
			return FG_ERR_SYSTEM;
		if ((r = fill_by_hand(origin->fd, to, len)) != 0)
			return r;
	}
	if (fstat(origin->fd, &st) != 0 || fstat(to, &copy) != 0)
		return FG_ERR_SYSTEM;
	return copy_identity_is(&before, &st) && copy.st_size == st.st_size ?
	    0 :
	    FG_ERR_LIMIT;
}

static void
unmap(const void *data, size_t len)
{
	void *map;

	/* munmap wants a pointer that may be written through */
	memcpy(&map, &data, sizeof(map));
	(void)munmap(map, len);
}

/* Fill in the note. Returns 0, FG_ERR_FORMAT (with why), or an error. */
static int
inspect(int fd, size_t len, struct copy_note *note)
{
	const char *why = NULL;
	void *data;
	int r;

	data = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED)
		return FG_ERR_SYSTEM;
	crypto_sha256_hex(data, len, note->hash);
	r = geo_verify(data, len, &note->layout, &why);
	if (r == FG_ERR_FORMAT) {
		(void)text_copy(note->why, sizeof(note->why), why);
		memset(&note->layout, 0, sizeof(note->layout));
	}
	unmap(data, len);
	return r;
}

/* Is the file under its name what the name says? It may be of another path. */
static bool
is_there(int dir, const char *name, const struct copy_note *note)
{
	char hash[CRYPTO_HEX_SIZE] = "";
	struct stat st;
	size_t len;
	void *data;
	int fd;

	if ((fd = copy_file_open(dir, name, &st)) == -1)
		return false;
	len = (size_t)note->origin.size;
	if (st.st_size == note->origin.size && st.st_uid == geteuid() &&
	    (data = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0)) !=
		MAP_FAILED) {
		crypto_sha256_hex(data, len, hash);
		unmap(data, len);
	}
	(void)close(fd); /* only read */
	return strcmp(hash, note->hash) == 0;
}

static int
keep(int dir, int fd, struct copy_note *note)
{
	char name[COPY_NAME_SIZE];
	struct stat st;
	int r;

	copy_name(note->hash, name);
	if (!is_there(dir, name, note) &&
	    (r = copy_file_settle(dir, fd, COPY_NEW, name)) != 0)
		return r;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return FG_ERR_SYSTEM;
	note->copy = copy_identity_of(&st);
	return 0;
}

static int
make_in(int dir, const struct copy_origin *origin, struct copy_note *note)
{
	int fd = -1, r, n, saved;

	safeopen_settle(&origin->st, SETTLE_MS);
	if ((r = copy_file_create(dir, COPY_NEW, &fd)) != 0 ||
	    (r = copy_file_fill(origin, fd)) != 0)
		goto out;
	r = inspect(fd, (size_t)origin->st.st_size, note);
	if (r == 0)
		r = keep(dir, fd, note);
	/* A refusal is remembered as well. */
	if ((r == 0 || r == FG_ERR_FORMAT) &&
	    (n = copy_note_write(dir, origin->path, note)) != 0)
		r = n;
out:
	saved = errno;
	if (fd != -1)
		(void)close(fd); /* synced, or of no use */
	(void)unlinkat(dir, COPY_NEW, 0);
	errno = saved;
	return r;
}

int
copy_file_make(const char *folder, const struct copy_origin *origin,
    char why[COPY_WHY_MAX])
{
	struct copy_note note;
	int dir, r, saved;

	why[0] = '\0';
	if ((r = folder_make(folder, &dir)) != 0)
		return r;
	copy_note_init(&note, origin);
	r = make_in(dir, origin, &note);
	if (r == FG_ERR_FORMAT)
		memcpy(why, note.why, sizeof(note.why));
	saved = errno;
	(void)close(dir); /* synced where it counts */
	errno = saved;
	return r;
}

/* ---- cleaning --------------------------------------------------------- */

static bool
is_wanted_hash(const char *hash, const char (*hashes)[CONF_HASH_SIZE], size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(hash, hashes[i]) == 0)
			return true;
	return false;
}

static bool
is_wanted(int dir, const char *name, const char (*hashes)[CONF_HASH_SIZE],
    size_t n)
{
	char hash[CONF_HASH_SIZE];
	struct copy_note note;
	const char *dot = strchr(name, '.');

	if (dot != NULL && strcmp(dot, COPY_SUFFIX) == 0) {
		(void)text_format(hash, sizeof(hash), "%.*s", (int)(dot - name),
		    name); /* too long: not wanted */
		return is_wanted_hash(hash, hashes, n);
	}
	return copy_note_read(dir, name, &note) == 0 && note.why[0] == '\0' &&
	    is_wanted_hash(note.hash, hashes, n);
}

void
geo_copy_clean(const char *folder, const char (*hashes)[CONF_HASH_SIZE],
    size_t n)
{
	struct dirent *entry;
	DIR *list;
	int dir;

	if (folder_open(folder, &dir) != 0)
		return;
	if ((list = fdopendir(dir)) == NULL) {
		(void)close(dir); /* only read */
		return;
	}
	while ((entry = readdir(list)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    is_wanted(dir, entry->d_name, hashes, n))
			continue;
		(void)unlinkat(dir, entry->d_name, 0); /* the next time */
	}
	(void)closedir(list); /* only read */
}
