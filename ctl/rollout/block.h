/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The marked blocks in a file of /etc/pam.d: whole lines between two marks,
 * which are put in and taken out so that every other byte stays as it was.
 * Nothing here knows what the lines mean.
 */
#ifndef FG_CTL_ROLLOUT_BLOCK_H
#define FG_CTL_ROLLOUT_BLOCK_H

#include <stddef.h>

#define BLOCK_BEGIN "# farmgate begin: farmgatectl disable takes this out"
#define BLOCK_END   "# farmgate end"
#define BLOCKS_MAX  4u /* in a file: one a type at most */

struct block {
	unsigned int	 before;	/* the line, from 1, that it stands in
					 * front of in a file without blocks */
	char		*lines;		/* each with its newline, no marks */
};

/* A file's bytes, of which its blocks are no part. */
struct block_text {
	char		*rest;		/* with a NUL behind it */
	size_t		 len;
	struct block	 blocks[BLOCKS_MAX];	/* by their places */
	size_t		 n;
};

/*
 * Take len bytes apart. On FG_ERR_FORMAT *ret_line is where a mark stands that
 * has no counterpart, or where there are too many.
 * Returns 0, FG_ERR_FORMAT or FG_ERR_NOMEM; the caller frees with block_done().
 */
int	block_split(const char *bytes, size_t len, struct block_text *ret_text,
	    unsigned int *ret_line);

/*
 * Put a copy of lines in front of that line, after what stands there already.
 * Returns 0, FG_ERR_LIMIT, FG_ERR_NOT_FOUND (there is no such line) or
 * FG_ERR_NOMEM.
 */
int	block_add(struct block_text *text, unsigned int before,
	    const char *lines);

/* Join them again: *ret_bytes, *ret_len and a NUL, which the caller frees. */
int	block_join(const struct block_text *text, char **ret_bytes,
	    size_t *ret_len);

/* Without any block. */
void	block_clear(struct block_text *text);
void	block_done(struct block_text *text);

#endif
