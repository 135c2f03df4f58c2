/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files that put this program into the environment of sessions: where they
 * are, what is in them, and that nobody else's file is touched.
 */
#ifndef FG_FILES_H
#define FG_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The first line of a file of ours begins with this. */
#define FILES_MARK "# farmgate-attest: "

/* One for shells, one for systemd's user manager and what it starts. */
struct files {
	char	 shell[PATH_MAX];
	char	 manager[PATH_MAX];
};

/*
 * Those of the machine, or of the caller alone. Returns 0, FG_ERR_LIMIT, or
 * FG_ERR_NOT_FOUND: the caller has no home.
 */
int	files_places(bool user, struct files *ret_files);

/*
 * What is in each of them, for the program of this path. Returns 0,
 * FG_ERR_LIMIT, or FG_ERR_FORMAT: a path that would have to be quoted.
 */
#define FILES_TEXT_SIZE 2048u
int	files_shell_text(const char *program, char ret_text[FILES_TEXT_SIZE]);
int	files_manager_text(const char *program, char ret_text[FILES_TEXT_SIZE]);

/*
 * Whether there is a file of ours. Returns 0; FG_ERR_NOT_FOUND: there is
 * nothing; FG_ERR_UNSAFE: it is somebody else's, or no file; or FG_ERR_SYSTEM.
 */
int	files_look(const char *path);

/*
 * Write text to path, 0644, whole or not at all; missing folders are made.
 * Returns 0, FG_ERR_UNSAFE as files_look(), FG_ERR_LIMIT or FG_ERR_SYSTEM.
 */
int	files_write(const char *path, const char *text);

/* Take it away. Returns as files_look(). */
int	files_remove(const char *path);

/* Take away the folder of path, if it is empty. */
void	files_remove_folder(const char *path);

#endif
