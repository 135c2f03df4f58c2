/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compressing what the audit log was rotated into. pack.c is the only file of
 * the daemon that knows libzstd. It takes as long as the file is large: for a
 * process of its own.
 */
#ifndef FG_PACK_H
#define FG_PACK_H

#include <stddef.h>

/*
 * PATH into PATH.zst, by way of PATH.zst.new: what is in that is read back and
 * compared before it gets its name, and only then PATH is removed. Whenever it
 * is interrupted it can be done again. Regular files only, never through a
 * link. *ret_what is the file with which it went wrong. Returns 0,
 * FG_ERR_SYSTEM, FG_ERR_UNSAFE, FG_ERR_NOMEM, FG_ERR_LIMIT (the path is too
 * long) or FG_ERR_FORMAT: what was read back was something else.
 */
int	pack_file(const char *path, const char **ret_what);

/*
 * Each line of a file, without its newline, compressed if its name says so. fn
 * returns non-zero to stop, which is what this returns then.
 * Returns 0, FG_ERR_SHORT: the last line has no newline; or FG_ERR_SYSTEM,
 * FG_ERR_UNSAFE, FG_ERR_NOMEM, FG_ERR_LIMIT (a line is longer than a record) or
 * FG_ERR_FORMAT: what is compressed is damaged.
 */
typedef int (*pack_line_fn)(const char *line, size_t len, void *arg);
int	pack_lines(const char *path, pack_line_fn fn, void *arg);

#endif
