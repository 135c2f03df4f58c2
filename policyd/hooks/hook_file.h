/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program of a class: a file of its name in the folder of hooks.
 */
#ifndef FG_HOOK_FILE_H
#define FG_HOOK_FILE_H

#include <stddef.h>

#define HOOK_FOLDER	"/etc/farmgate/hooks"
#define HOOK_USER	"farmgate-hooks"

/*
 * Whether folder has a program of this name that may be run. It is a regular
 * file of root's that nobody else may write, in folders of which the same is
 * true, and that everybody may read and execute. Its path goes to path.
 * Returns 0, FG_ERR_NOT_FOUND (there is none), FG_ERR_UNSAFE with *ret_why, a
 * text that goes on behind "it", valid until the next call; FG_ERR_LIMIT or
 * FG_ERR_SYSTEM.
 */
int	hook_file_find(const char *folder, const char *name, char *path,
	    size_t size, const char **ret_why);

#endif
