/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For copy_file.c alone: what a note holds, and the files of the folder.
 */
#ifndef FG_COPY_NOTE_H
#define FG_COPY_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/crypto.h"
#include "policyd/geo/copy_file.h"

#define COPY_NAME_SIZE	 (CRYPTO_HEX_SIZE + 8u)
#define COPY_SUFFIX	 ".mmdb"
#define COPY_NOTE_SUFFIX ".from"

/* Any write to a file changes one of these. */
struct copy_identity {
	uint64_t dev;
	uint64_t ino;
	int64_t size;
	int64_t mtime_s;
	int64_t mtime_ns;
	int64_t ctime_s;
	int64_t ctime_ns;
};

/* The content of ID.from, zeros in between. */
struct copy_note {
	char magic[16];
	char version[16]; /* what verified it */
	uint64_t bytes; /* of this structure */
	struct copy_identity origin;
	struct copy_identity copy;
	char hash[CONF_HASH_SIZE];
	char why[COPY_WHY_MAX]; /* it was refused; there is no copy */
	struct geo_layout layout;
	char sum[CRYPTO_HEX_SIZE]; /* of all the rest */
};

struct copy_identity	copy_identity_of(const struct stat *st);
bool	copy_identity_is(const struct copy_identity *id, const struct stat *st);

/* An empty note, with the original's identity if there is one. */
void	copy_note_init(struct copy_note *note,
	    const struct copy_origin *origin);

/* Returns 0, or FG_ERR_NOT_FOUND: there is none, or it is not whole. */
int	copy_note_read(int dir, const char *name, struct copy_note *ret_note);
int	copy_note_of(int dir, const char *path, struct copy_note *ret_note);

/* Its .sum is set. Returns 0 or FG_ERR_SYSTEM. */
int	copy_note_write(int dir, const char *path, struct copy_note *note);

/* A regular file of the folder, or -1. */
int	copy_file_open(int dir, const char *name, struct stat *ret_st);

/* A new empty one; then its final name, once it is on the disk. */
int	copy_file_create(int dir, const char *name, int *ret_fd);
int	copy_file_settle(int dir, int fd, const char *from, const char *to);

#endif
