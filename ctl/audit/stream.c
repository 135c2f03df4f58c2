/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file read in large blocks, and unpacked if it is compressed. What it
 * holds is anybody's who could write it.
 */
#include "ctl/audit/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/audit/stream_kinds.h"
#include "proto/result.h"

#define BLOCK_SIZE (256u * 1024) /* of what is compressed */

struct stream {
	int fd;
	struct stream_gz *gz; /* or */
	struct stream_zst *zst; /* or neither: it is plain */
	uint8_t *block;
	const uint8_t *at; /* in block: what was not unpacked yet */
	size_t left;
	bool ended; /* the file has no more */
	bool whole; /* what was unpacked so far is not cut */
};

static ssize_t
read_some(int fd, void *buf, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, buf, size);
	} while (n == -1 && errno == EINTR);
	return n;
}

/* By its first bytes; too few of them are no compressed file. */
static int
take_kind(struct stream *s)
{
	static const uint8_t gzip[] = { 0x1f, 0x8b };
	static const uint8_t zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };
	uint8_t head[sizeof(zstd)];
	ssize_t n;

	do {
		n = pread(s->fd, head, sizeof(head), 0);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return FG_ERR_SYSTEM;
	if (n >= (ssize_t)sizeof(gzip) && memcmp(head, gzip, sizeof(gzip)) == 0)
		return (s->gz = stream_gz_new()) == NULL ? FG_ERR_NOMEM : 0;
	if (n == (ssize_t)sizeof(zstd) && memcmp(head, zstd, sizeof(zstd)) == 0)
		return (s->zst = stream_zst_new()) == NULL ? FG_ERR_NOMEM : 0;
	return 0;
}

static bool
is_packed(const struct stream *s)
{
	return s->gz != NULL || s->zst != NULL;
}

int
stream_open(int fd, struct stream **ret_stream)
{
	struct stream *s;
	int r;

	*ret_stream = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL) {
		(void)close(fd); /* only read */
		return FG_ERR_NOMEM;
	}
	s->fd = fd;
	s->whole = true;
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* it is faster */
	if ((r = take_kind(s)) == 0 && is_packed(s) &&
	    (s->block = malloc(BLOCK_SIZE)) == NULL)
		r = FG_ERR_NOMEM;
	if (r == 0)
		*ret_stream = s;
	else
		stream_free(s);
	return r;
}

void
stream_free(struct stream *s)
{
	int saved = errno;

	if (s == NULL)
		return;
	stream_gz_free(s->gz);
	stream_zst_free(s->zst);
	free(s->block);
	(void)close(s->fd); /* only read */
	free(s);
	errno = saved;
}

const char *
stream_kind(const struct stream *s)
{
	if (s->gz != NULL)
		return "gzip";
	return s->zst != NULL ? "zstd" : "";
}

int
stream_read_head(struct stream *stream, char *head, size_t size,
    size_t *ret_len)
{
	size_t len = 0, n = 1;
	int r = 0;

	while (r == 0 && n > 0 && len < size) {
		r = stream_read(stream, head + len, size - len, &n);
		len += n;
	}
	*ret_len = len;
	return r;
}

uint64_t
stream_position(const struct stream *s)
{
	off_t at = lseek(s->fd, 0, SEEK_CUR);

	return at < 0 ? 0 : (uint64_t)at;
}

int
stream_stat(const struct stream *s, struct stat *ret_st)
{
	return fstat(s->fd, ret_st) == 0 ? 0 : FG_ERR_SYSTEM;
}

static int
fill(struct stream *s)
{
	ssize_t n = read_some(s->fd, s->block, BLOCK_SIZE);

	if (n == -1)
		return FG_ERR_SYSTEM;
	s->at = s->block;
	s->left = (size_t)n;
	s->ended = n == 0;
	return 0;
}

static int
unpack_step(struct stream *s, struct stream_step *step)
{
	size_t before = step->in_len + step->out_len;
	bool whole;
	int r;

	r = s->gz != NULL ? stream_gz_step(s->gz, step, &whole) :
			    stream_zst_step(s->zst, step, &whole);
	if (r == 0 && before != step->in_len + step->out_len)
		s->whole = whole;
	return r;
}

/* What is left over inside it comes out without anything more going in. */
static int
unpack(struct stream *s, uint8_t *buf, size_t size, size_t *ret_len)
{
	struct stream_step step = { .out = buf, .out_len = size };
	int r;

	while (step.out_len == size) {
		if (s->left == 0 && !s->ended && (r = fill(s)) != 0)
			return r;
		if (s->left == 0 && s->ended && s->whole)
			return 0;
		step.in = s->at;
		step.in_len = s->left;
		if ((r = unpack_step(s, &step)) != 0)
			return r;
		s->at = step.in;
		s->left = step.in_len;
		if (step.out_len == size && s->left == 0 && s->ended)
			return s->whole ? 0 : FG_ERR_FORMAT;
	}
	*ret_len = size - step.out_len;
	return 0;
}

int
stream_read(struct stream *s, void *buf, size_t size, size_t *ret_len)
{
	ssize_t n;

	*ret_len = 0;
	if (is_packed(s))
		return unpack(s, buf, size, ret_len);
	if ((n = read_some(s->fd, buf, size)) == -1)
		return FG_ERR_SYSTEM;
	*ret_len = (size_t)n;
	return 0;
}
