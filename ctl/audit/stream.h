/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of one audit file, as they were written: from a plain file, or one
 * that was compressed by gzip (RFC 1952) or zstd (RFC 8878). Which of them it
 * is the file says by its first bytes, whatever its name is.
 */
#ifndef FG_CTL_AUDIT_STREAM_H
#define FG_CTL_AUDIT_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct stream;

/*
 * Takes the descriptor of a regular file that is at its beginning, and closes
 * it in any case. Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	stream_open(int fd, struct stream **ret_stream);
void	stream_free(struct stream *stream);	/* NULL is fine */

/*
 * Up to size bytes; *ret_len is 0 at the end and on error. A compressed file
 * that ends too early gives what there is of it first. Returns 0,
 * FG_ERR_SYSTEM, FG_ERR_FORMAT (it was damaged, or cut) or FG_ERR_NOMEM.
 */
int	stream_read(struct stream *stream, void *buf, size_t size,
	    size_t *ret_len);

/* The same up to the end or until size is full, however many pieces what is
 * compressed comes in. After an error *ret_len is what there was before it. */
int	stream_read_head(struct stream *stream, char *head, size_t size,
	    size_t *ret_len);

/* How many bytes of the file were read, compressed as they are. */
uint64_t stream_position(const struct stream *stream);
/* The file as it is now. Returns 0 or FG_ERR_SYSTEM. */
int	stream_stat(const struct stream *stream, struct stat *ret_st);

/* "gzip", "zstd", or "" for one that is plain. Static. */
const char *stream_kind(const struct stream *stream);

#endif
