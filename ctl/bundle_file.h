/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of whoever signs bundles: the secret key, and a bundle, which comes
 * to its place when it is whole. All of them complain themselves and return
 * CTL_OK or CTL_ERROR.
 */
#ifndef FG_BUNDLE_FILE_H
#define FG_BUNDLE_FILE_H

#include <limits.h>
#include <stdio.h>

#include "policyd/bundle/bundle_seal.h"

/* A new secret key in a new file, 0600; ret_public is its public one. */
int bundle_file_make_key(const char *path, char ret_public[KEY_TEXT_SIZE]);

/*
 * The secret key of a file that nobody else can read or exchange. To be wiped
 * by the caller.
 */
int bundle_file_read_key(const char *path,
    uint8_t ret_secret[CRYPTO_KEY_SIZE]);

struct bundle_file {
	const char *path; /* borrowed */
	FILE *out; /* NULL: not open */
	char fresh[PATH_MAX]; /* what it is called until it is whole */
	size_t len;
};

int bundle_file_begin(struct bundle_file *file, const char *path);
/* For struct ctl_stream: arg is the struct bundle_file. */
int bundle_file_take(const void *bytes, size_t len, void *arg);
/* Sign it, bring it to the disk and to its place. */
int bundle_file_finish(struct bundle_file *file,
    const uint8_t secret[CRYPTO_KEY_SIZE]);
/* Nothing is left of one that was not finished. */
void bundle_file_end(struct bundle_file *file);

#endif
