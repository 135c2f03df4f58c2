/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The notes of the folder of copies: which file a copy was made from, and what
 * was found in it. Also how a file gets its name there.
 */
#include "policyd/geo/copy_note.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

#define NOTE_MAGIC "farmgate copy 1"
#define NOTE_NEW   ".new.from"

struct copy_identity
copy_identity_of(const struct stat *st)
{
	return (struct copy_identity){ .dev = (uint64_t)st->st_dev,
		.ino = (uint64_t)st->st_ino,
		.size = st->st_size,
		.mtime_s = st->st_mtim.tv_sec,
		.mtime_ns = st->st_mtim.tv_nsec,
		.ctime_s = st->st_ctim.tv_sec,
		.ctime_ns = st->st_ctim.tv_nsec };
}

/* There is no padding in it. */
bool
copy_identity_is(const struct copy_identity *id, const struct stat *st)
{
	const struct copy_identity now = copy_identity_of(st);

	return memcmp(id, &now, sizeof(now)) == 0;
}

/* A regular file of the folder, or -1. */
int
copy_file_open(int dir, const char *name, struct stat *ret_st)
{
	int fd;

	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, ret_st) == 0 && S_ISREG(ret_st->st_mode))
		return fd;
	(void)close(fd); /* only looked at */
	return -1;
}

/* Under its name once it is on the disk. */
int
copy_file_settle(int dir, int fd, const char *from, const char *to)
{
	if (fsync(fd) != 0 || renameat(dir, from, dir, to) != 0 ||
	    fsync(dir) != 0)
		return FG_ERR_SYSTEM;
	return 0;
}

int
copy_file_create(int dir, const char *name, int *ret_fd)
{
	if (unlinkat(dir, name, 0) != 0 && errno != ENOENT)
		return FG_ERR_SYSTEM;
	*ret_fd = openat(dir, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return *ret_fd == -1 ? FG_ERR_SYSTEM : 0;
}

static void
note_name(const char *path, char ret_name[COPY_NAME_SIZE])
{
	char id[CRYPTO_HEX_SIZE];

	crypto_sha256_hex(path, strlen(path), id);
	(void)text_format(ret_name, COPY_NAME_SIZE, "%s" COPY_NOTE_SUFFIX, id);
}

/* Of every byte but its own. */
static void
note_sum(const struct copy_note *note, char ret_sum[CRYPTO_HEX_SIZE])
{
	struct copy_note plain;

	memcpy(&plain, note, sizeof(plain)); /* with what is in between */
	memset(plain.sum, 0, sizeof(plain.sum));
	crypto_sha256_hex(&plain, sizeof(plain), ret_sum);
}

void
copy_note_init(struct copy_note *note, const struct copy_origin *origin)
{
	memset(note, 0, sizeof(*note));
	(void)text_format(note->magic, sizeof(note->magic), NOTE_MAGIC);
	(void)text_format(note->version, sizeof(note->version),
	    FG_PACKAGE_VERSION);
	note->bytes = sizeof(*note);
	if (origin != NULL)
		note->origin = copy_identity_of(&origin->st);
}

/* Whole, of this version, and not of somebody who writes paths into it. */
static bool
note_is_whole(const struct copy_note *note)
{
	char sum[CRYPTO_HEX_SIZE];
	struct copy_note like;

	copy_note_init(&like, NULL);
	note_sum(note, sum);
	return memcmp(note, &like, offsetof(struct copy_note, origin)) == 0 &&
	    memcmp(note->sum, sum, sizeof(sum)) == 0 &&
	    memchr(note->why, '\0', sizeof(note->why)) != NULL &&
	    note->hash[CONF_HASH_SIZE - 1] == '\0' &&
	    strspn(note->hash, "0123456789abcdef") == strlen(note->hash);
}

int
copy_note_read(int dir, const char *name, struct copy_note *ret_note)
{
	struct stat st;
	ssize_t n;
	int fd;

	if ((fd = copy_file_open(dir, name, &st)) == -1)
		return FG_ERR_NOT_FOUND;
	n = read(fd, ret_note, sizeof(*ret_note));
	(void)close(fd); /* only read */
	if (n != (ssize_t)sizeof(*ret_note) || st.st_size != n ||
	    !note_is_whole(ret_note))
		return FG_ERR_NOT_FOUND;
	return 0;
}

int
copy_note_of(int dir, const char *path, struct copy_note *ret_note)
{
	char name[COPY_NAME_SIZE];

	note_name(path, name);
	return copy_note_read(dir, name, ret_note);
}

int
copy_note_write(int dir, const char *path, struct copy_note *note)
{
	char name[COPY_NAME_SIZE];
	ssize_t n;
	int fd, r, saved;

	note_sum(note, note->sum);
	note_name(path, name);
	if ((r = copy_file_create(dir, NOTE_NEW, &fd)) != 0)
		return r;
	n = write(fd, note, sizeof(*note));
	if (n >= 0 && n != (ssize_t)sizeof(*note))
		errno = ENOSPC;
	r = n == (ssize_t)sizeof(*note) ?
	    copy_file_settle(dir, fd, NOTE_NEW, name) :
	    FG_ERR_SYSTEM;
	saved = errno;
	(void)close(fd); /* synced, or of no use */
	if (r != 0)
		(void)unlinkat(dir, NOTE_NEW, 0);
	errno = saved;
	return r;
}
