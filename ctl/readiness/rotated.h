/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files that an audit log was rotated into, beside the one that is written.
 */
#ifndef FG_CTL_ROTATED_H
#define FG_CTL_ROTATED_H

#include <stddef.h>
#include <stdint.h>

#define ROTATED_MAX 1024u

struct rotated_file {
	char *path;
	int64_t changed_s;
};

struct rotated {
	struct rotated_file list[ROTATED_MAX]; /* the oldest first */
	size_t n;
	size_t compressed; /* that were left out */
};

/*
 * Those beside path that were changed since then; of more than ROTATED_MAX
 * some. A folder that cannot be read has none: opening path says why.
 * Returns 0 or FG_ERR_NOMEM. rotated_done() also after an error.
 */
int rotated_find(const char *path, int64_t since_s, struct rotated *ret);
void rotated_done(struct rotated *rotated);

#endif
