/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening files that decide about logins: never through a link, never
 * something that blocks, never a file that somebody else may write.
 */
#ifndef FG_SAFEOPEN_H
#define FG_SAFEOPEN_H

#include <stddef.h>
#include <sys/types.h>

#define SAFEOPEN_SETTLE_MS 20u /* ticks of every kernel are shorter */

struct stat;

/*
 * From now on nothing but root's is taken. Until then what belongs to the
 * calling uid is, so that ordinary users can check their own files; a daemon
 * that has dropped its privileges must not trust itself like that.
 */
void	safeopen_only_root(void);

/*
 * Read a whole file of at most max bytes into *ret_data (the caller frees; one
 * NUL is added behind the *ret_len bytes). It must be a regular file, not a
 * symbolic link, owned by root or by the calling uid, not writable by group or
 * others. The same holds for every folder on its path up to the root; a sticky
 * one passes. Symbolic links among them are followed where they belong to root
 * in a folder that root alone can write.
 * What is read is what was in it for SAFEOPEN_SETTLE_MS before: a file that is
 * being written, and may be half of one, is FG_ERR_UNSAFE.
 * *ret_why is a text for people on FG_ERR_UNSAFE and FG_ERR_LIMIT, valid until
 * the next call.
 * Returns 0, FG_ERR_SYSTEM, FG_ERR_UNSAFE, FG_ERR_LIMIT or FG_ERR_NOMEM.
 */
int	safeopen_read(const char *path, size_t max, char **ret_data,
	    size_t *ret_len, const char **ret_why);

/*
 * The same checks, giving an open descriptor (O_RDONLY, close-on-exec) and the
 * file's size. If any_owner, the file may belong to anybody, and folders to
 * that same user: geo databases belong to their updaters.
 */
int	safeopen(const char *path, size_t max, int any_owner, int *ret_fd,
	    size_t *ret_size, const char **ret_why);

/* safeopen_read() of what any_owner allows. */
int	safeopen_read_any(const char *path, size_t max, char **ret_data,
	    size_t *ret_len, const char **ret_why);

/*
 * Wait until what st is of has been left alone for so long. A file's times have
 * the grain of the kernel's clock, and are set before the bytes are: one that
 * was changed just now could be changed again with no difference to be seen.
 */
void	safeopen_settle(const struct stat *st, unsigned int settle_ms);

#endif
