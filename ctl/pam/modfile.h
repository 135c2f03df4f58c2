/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file of a module that a PAM line names: whether it is there, and whether
 * root alone can change it. It is not loaded.
 */
#ifndef FG_CTL_PAM_MODFILE_H
#define FG_CTL_PAM_MODFILE_H

#include <limits.h>

/*
 * Where libpam finds the module, as it is written in a line: ret_path, or the
 * name alone if it is not there.
 * Returns 0, or FG_ERR_NOT_FOUND.
 */
int	modfile_find(const char *module, char ret_path[PATH_MAX]);

/*
 * Whether it and its folders are safe. Returns 0, or FG_ERR_UNSAFE with
 * *ret_why, which is valid until the next call.
 */
int	modfile_check(const char *path, const char **ret_why);

#endif
