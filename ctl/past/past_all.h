/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins of several files, in the order of their time, whatever order the files
 * are named in: logs that were rotated, or of several machines. A login without
 * a time comes first.
 */
#ifndef FG_CTL_PAST_ALL_H
#define FG_CTL_PAST_ALL_H

#include "ctl/past/past.h"

#define PAST_FILES_MAX	256u	/* each has a megabyte of memory */

struct past_all;

/*
 * Open all of them; of an audit log that was rotated name the present file
 * alone, with rotated. Returns as past_open() does, FG_ERR_LIMIT if there are
 * too many.
 */
int	past_all_open(char *const *paths, size_t n, enum past_format format,
	    bool rotated, struct past_all **ret_all,
	    char ret_why[PAST_WHY_SIZE]);
void	past_all_free(struct past_all *all);	/* NULL is fine */

/*
 * The next one, borrowed until the next call. Returns as past_next() does; an
 * error is one file's, and the others go on.
 */
int	past_all_next(struct past_all *all, const struct past_login **ret_login,
	    char ret_why[PAST_WHY_SIZE]);

/* As past_watch(), of each; and how far that is. */
void	past_all_watch(struct past_all *all, void (*tick)(void *arg),
	    void *arg);

/* Whether any of them is, or all of them are, of this format. */
bool	past_all_any(const struct past_all *all, enum past_format format);
bool	past_all_every(const struct past_all *all, enum past_format format);
/* Once they are read: whether nothing was in those of other formats. */
bool	past_all_only(const struct past_all *all, enum past_format format);
/* The sum of all files' lines, bytes, and lines that could not be read. */
uint64_t past_all_lines(const struct past_all *all);
void	past_all_progress(const struct past_all *all, uint64_t *ret_done,
	    uint64_t *ret_all);
void	past_all_bad(const struct past_all *all, struct past_bad *ret_bad);

#endif
