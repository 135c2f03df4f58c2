/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From one file to another and back, a piece at a time.
 */
#include "policyd/audit/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zstd.h>

#include "policyd/audit/audit.h"
#include "policyd/disk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FILE_MODE  0640
#define PATH_SIZE  4096u
#define PIECE_SIZE 131072u

struct pack {
	int plain; /* both are read and written from where they stand */
	int packed;
	char in[PIECE_SIZE];
	char out[PIECE_SIZE];
	char back[PIECE_SIZE];
};

/* As much as there is, up to a piece; 0 at the end. */
static int
read_piece(int fd, char data[PIECE_SIZE], size_t *ret_len)
{
	ssize_t n;

	*ret_len = 0;
	do
		n = read(fd, data, PIECE_SIZE);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return FG_ERR_SYSTEM;
	*ret_len = (size_t)n;
	return 0;
}

/* ---- compressing -------------------------------------------------------- */

static int
pack_piece(struct pack *pack, ZSTD_CCtx *z, size_t len, bool last)
{
	ZSTD_inBuffer in = { pack->in, len, 0 };
	size_t left;
	int r;

	do {
		ZSTD_outBuffer out = { pack->out, sizeof(pack->out), 0 };

		left = ZSTD_compressStream2(z, &out, &in,
		    last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left))
			return FG_ERR_NOMEM; /* all that can happen to it */
		if ((r = disk_write(pack->packed, pack->out, out.pos)) != 0)
			return r;
	} while (last ? left != 0 : in.pos < in.size);
	return 0;
}

static int
compress_all(struct pack *pack)
{
	ZSTD_CCtx *z;
	size_t len;
	int r;

	if ((z = ZSTD_createCCtx()) == NULL ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1))) {
		(void)ZSTD_freeCCtx(z); /* NULL is fine */
		return FG_ERR_NOMEM;
	}
	do {
		if ((r = read_piece(pack->plain, pack->in, &len)) == 0)
			r = pack_piece(pack, z, len, len == 0);
	} while (r == 0 && len > 0);
	(void)ZSTD_freeCCtx(z);
	return r;
}

/* ---- reading back ------------------------------------------------------- */

/* The next len bytes of the plain file are those that were read back. */
static int
compare(struct pack *pack, size_t len)
{
	size_t at = 0;
	ssize_t n;

	while (at < len) {
		n = read(pack->plain, pack->out + at, len - at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return FG_ERR_SYSTEM;
		if (n == 0)
			return FG_ERR_FORMAT;
		at += (size_t)n;
	}
	return memcmp(pack->out, pack->back, len) == 0 ? 0 : FG_ERR_FORMAT;
}

static int
unpack_piece(struct pack *pack, ZSTD_DCtx *z, size_t len, size_t *ret_left)
{
	ZSTD_inBuffer in = { pack->in, len, 0 };
	ZSTD_outBuffer out;
	int r;

	do {
		out = (ZSTD_outBuffer){ pack->back, sizeof(pack->back), 0 };
		*ret_left = ZSTD_decompressStream(z, &out, &in);
		if (ZSTD_isError(*ret_left))
			return FG_ERR_FORMAT;
		if ((r = compare(pack, out.pos)) != 0)
			return r;
	} while (in.pos < in.size || (out.pos == out.size && *ret_left != 0));
	return 0;
}

static int
compare_all(struct pack *pack)
{
	ZSTD_DCtx *z;
	size_t len, left = 1;
	int r;

	if (lseek(pack->plain, 0, SEEK_SET) == -1 ||
	    lseek(pack->packed, 0, SEEK_SET) == -1)
		return FG_ERR_SYSTEM;
	if ((z = ZSTD_createDCtx()) == NULL)
		return FG_ERR_NOMEM;
	do {
		if ((r = read_piece(pack->packed, pack->in, &len)) == 0 &&
		    len > 0)
			r = unpack_piece(pack, z, len, &left);
	} while (r == 0 && len > 0);
	(void)ZSTD_freeDCtx(z);
	if (r == 0 && left != 0)
		return FG_ERR_FORMAT;
	if (r == 0 && (r = read_piece(pack->plain, pack->in, &len)) == 0)
		r = len == 0 ? 0 : FG_ERR_FORMAT;
	return r;
}

/* ---- files -------------------------------------------------------------- */

static int
open_plain(const char *path, int *ret_fd)
{
	struct stat st;

	*ret_fd = open(path,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	if (*ret_fd == -1)
		return errno == ELOOP ? FG_ERR_UNSAFE : FG_ERR_SYSTEM;
	if (fstat(*ret_fd, &st) == -1)
		return FG_ERR_SYSTEM;
	return S_ISREG(st.st_mode) && st.st_nlink == 1 ? 0 : FG_ERR_UNSAFE;
}

static int
open_fresh(const char *path, int *ret_fd)
{
	if (unlink(path) == -1 && errno != ENOENT)
		return FG_ERR_SYSTEM;
	*ret_fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    FILE_MODE);
	/* Whatever the umask says. */
	return *ret_fd == -1 || fchmod(*ret_fd, FILE_MODE) == -1 ?
	    FG_ERR_SYSTEM :
	    0;
}

static int
pack_to(struct pack *pack, const char *path, const char *fresh,
    const char **ret_what)
{
	int r;

	*ret_what = path;
	if ((r = open_plain(path, &pack->plain)) != 0)
		return r;
	*ret_what = fresh;
	if ((r = open_fresh(fresh, &pack->packed)) != 0 ||
	    (r = compress_all(pack)) != 0)
		return r;
	if (fsync(pack->packed) == -1)
		return FG_ERR_SYSTEM;
	return compare_all(pack);
}

/* The new name is on the disk before the old one goes. */
static int
put_in_place(const char *path, const char *fresh, const char *packed)
{
	int r;

	if (rename(fresh, packed) == -1)
		return FG_ERR_SYSTEM;
	if ((r = disk_sync_folder_of(path)) != 0)
		return r;
	return unlink(path) == -1 ? FG_ERR_SYSTEM : 0;
}

int
pack_file(const char *path, const char **ret_what)
{
	static char fresh[PATH_SIZE], packed[PATH_SIZE];
	struct pack *pack;
	int r, saved;

	*ret_what = path;
	if ((r = text_format(packed, sizeof(packed), "%s.zst", path)) != 0 ||
	    (r = text_format(fresh, sizeof(fresh), "%s.new", packed)) != 0)
		return r;
	if ((pack = malloc(sizeof(*pack))) == NULL)
		return FG_ERR_NOMEM;
	pack->plain = pack->packed = -1;
	if ((r = pack_to(pack, path, fresh, ret_what)) == 0)
		r = put_in_place(path, fresh, packed);
	saved = errno;
	if (pack->plain != -1)
		(void)close(pack->plain); /* only read */
	if (pack->packed != -1)
		(void)close(pack->packed); /* it was synced, or is removed */
	if (r != 0)
		(void)unlink(fresh);
	free(pack);
	errno = saved;
	return r;
}

/* ---- lines -------------------------------------------------------------- */

struct lines {
	int fd;
	ZSTD_DCtx *z; /* NULL: it is plain */
	ZSTD_inBuffer piece;
	size_t left; /* of a frame; 0: it is whole */
	size_t used;
	char in[PIECE_SIZE];
	char out[2 * AUDIT_LINE_MAX];
};

/* Of what was read; the rest waits. */
static int
decompress(struct lines *lines)
{
	ZSTD_outBuffer out = { lines->out, sizeof(lines->out), lines->used };

	lines->left = ZSTD_decompressStream(lines->z, &out, &lines->piece);
	if (ZSTD_isError(lines->left))
		return FG_ERR_FORMAT;
	lines->used = out.pos;
	return 0;
}

/* *ret_more: there may be more of it. */
static int
more_of_packed(struct lines *lines, bool *ret_more)
{
	size_t before = lines->used, len;
	int r;

	do {
		if (lines->piece.pos == lines->piece.size) {
			if ((r = read_piece(lines->fd, lines->in, &len)) != 0)
				return r;
			*ret_more = len > 0;
			if (len == 0 && lines->left != 0)
				return FG_ERR_FORMAT; /* it was cut */
			lines->piece = (ZSTD_inBuffer){ lines->in, len, 0 };
		}
		if (*ret_more && (r = decompress(lines)) != 0)
			return r;
	} while (*ret_more && lines->used == before);
	return 0;
}

static int
more_of_plain(struct lines *lines, bool *ret_more)
{
	ssize_t n;

	do
		n = read(lines->fd, lines->out + lines->used,
		    sizeof(lines->out) - lines->used);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return FG_ERR_SYSTEM;
	lines->used += (size_t)n;
	*ret_more = n > 0;
	return 0;
}

/* Those that are whole; what is left of them goes to the beginning. */
static int
give_lines(struct lines *lines, pack_line_fn fn, void *arg)
{
	const char *at = lines->out, *end;
	size_t have = lines->used;
	int r;

	while ((end = memchr(at, '\n', have)) != NULL) {
		if ((r = fn(at, (size_t)(end - at), arg)) != 0)
			return r;
		have -= (size_t)(end - at) + 1;
		at = end + 1;
	}
	memmove(lines->out, at, have);
	lines->used = have;
	return have > AUDIT_LINE_MAX ? FG_ERR_LIMIT : 0;
}

static int
each_line(struct lines *lines, const char *path, pack_line_fn fn, void *arg)
{
	bool more = true;
	int r;

	if ((r = open_plain(path, &lines->fd)) != 0)
		return r;
	if (text_ends_in(path, ".zst") &&
	    (lines->z = ZSTD_createDCtx()) == NULL)
		return FG_ERR_NOMEM;
	while (more) {
		r = lines->z == NULL ? more_of_plain(lines, &more) :
				       more_of_packed(lines, &more);
		if (r != 0 || (r = give_lines(lines, fn, arg)) != 0)
			return r;
	}
	return lines->used > 0 ? FG_ERR_SHORT : 0;
}

int
pack_lines(const char *path, pack_line_fn fn, void *arg)
{
	struct lines *lines;
	int r, saved;

	if ((lines = calloc(1, sizeof(*lines))) == NULL)
		return FG_ERR_NOMEM;
	lines->fd = -1;
	r = each_line(lines, path, fn, arg);
	saved = errno;
	(void)ZSTD_freeDCtx(lines->z); /* NULL is fine */
	if (lines->fd != -1)
		(void)close(lines->fd); /* only read */
	free(lines);
	errno = saved;
	return r;
}
