/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the machine's own folders stand that the scanner reads: /proc, /sys,
 * /run and the rest. It is "/", but tests make a machine of their own.
 */
#ifndef FG_PLACE_H
#define FG_PLACE_H

#include <sys/stat.h>

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For tests: another root, before anything is opened below it. */
void	place_set(const char *root);

/* The root, opened once; -1 if it cannot be. */
int	place_folder(void);

/*
 * Open a path without its leading "/" for reading; nothing is waited for. What
 * is in /run and below homes was put there by others: last components that are
 * symlinks are not followed. -1: errno says why.
 */
int	place_open(const char *path);

/* The same as a folder, for closedir(3); NULL: errno says why. */
DIR	*place_opendir(const char *path);

/*
 * The whole of a small regular file, NUL-terminated.
 * Returns 0, FG_ERR_SYSTEM, FG_ERR_UNSAFE (no regular file), FG_ERR_LIMIT (it
 * did not fit, and was cut) or FG_ERR_FORMAT (it has a NUL).
 */
int	place_read(const char *path, char *buf, size_t size);

/*
 * A number in hex as the kernel writes them, with "0x" or without, up to a
 * newline or the end. Returns 0, FG_ERR_FORMAT or FG_ERR_LIMIT.
 */
int	place_parse_hex(const char *s, uint32_t *ret_v);

/*
 * Whether a process's program is what this path is here: in a mount namespace
 * of one's own any path is free. folder is the process's in /proc, and path
 * absolute. Neither file is waited for.
 */
bool	place_is_program(int folder, const char *path);

/* lstat(2) of it. False: errno says why. */
bool	place_stat(const char *path, struct stat *ret_st);

/*
 * Whether a path below a folder, with or without a leading "/", is a regular
 * file of root's, in folders of root's that not everybody may write, without a
 * symlink among them; of which device, if ret_dev is not NULL. A folder's
 * server may have to be waited for.
 */
bool	place_is_roots(int folder, const char *path, dev_t *ret_dev);

#endif
