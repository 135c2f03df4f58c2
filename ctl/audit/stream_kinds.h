/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two kinds of compression, for stream.c alone: each takes bytes in and
 * gives bytes out, and remembers the rest.
 */
#ifndef FG_CTL_AUDIT_STREAM_KINDS_H
#define FG_CTL_AUDIT_STREAM_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What goes in and comes out; both move on by what was used. */
struct stream_step {
	const uint8_t	*in;
	size_t		 in_len;
	uint8_t		*out;
	size_t		 out_len;
};

struct stream_gz;
struct stream_zst;

/* NULL: no memory. */
struct stream_gz *stream_gz_new(void);
void	stream_gz_free(struct stream_gz *gz);
struct stream_zst *stream_zst_new(void);
void	stream_zst_free(struct stream_zst *zst);

/*
 * One step. *ret_whole: what was begun is at its end, which another one may
 * follow. Returns 0, FG_ERR_FORMAT or FG_ERR_NOMEM.
 */
int	stream_gz_step(struct stream_gz *gz, struct stream_step *step,
	    bool *ret_whole);
int	stream_zst_step(struct stream_zst *zst, struct stream_step *step,
	    bool *ret_whole);

#endif
