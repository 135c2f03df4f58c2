/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which files an audit log was rotated into, and in which order they follow
 * each other.
 */
#ifndef FG_CTL_AUDIT_FILES_H
#define FG_CTL_AUDIT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "ctl/audit/stream.h"

#define FILES_WHY_SIZE	512u

struct audit_file {
	char		*path;
	uint64_t	 seq;	/* of its first record; else where it stands */
	uint64_t	 size;	/* bytes on the disk, when it was found */
	int64_t		 begun_s;	/* when its first record was made, by
					 * Unix time; INT64_MAX: not known */
	bool		 clock_back;	/* and the one before was made later */
};

struct audit_files {
	struct audit_file *list;	/* in the order of their records */
	size_t		 n;
	size_t		 foreign;	/* beside path, and no audit files */
};

/*
 * The files beside path, and last path itself, which *present is the state of.
 * Beside are those whose names begin with its name and a dot or hyphen, as
 * logrotate(8) and the daemon rename it, or with its name up to the last dot
 * and a hyphen and have the rest of it later on, as in audit-2026-03-01.jsonl;
 * but not what is .torn, nor .new.
 * One that is path's own file by another name is left out, as is, of one that
 * is there plain and compressed, the compressed one. What cannot be opened or
 * unpacked is in the list, by what its name says, else behind the others.
 * Returns 0, or FG_ERR_NOMEM or FG_ERR_SYSTEM with why. files_done() also after
 * an error.
 */
int	files_find(const char *path, const struct stat *present,
	    struct audit_files *ret_files, char ret_why[FILES_WHY_SIZE]);
/* path alone, behind those that are there already. 0 or FG_ERR_NOMEM. */
int	files_add(struct audit_files *files, const char *path,
	    const struct stat *st);
void	files_done(struct audit_files *files);

/*
 * Open one of them, and say how it is; through no link, and only if it is
 * regular. Returns 0, or FG_ERR_NOMEM or FG_ERR_SYSTEM with why.
 */
int	files_open(const char *path, struct stat *ret_st,
	    struct stream **ret_stream, char ret_why[FILES_WHY_SIZE]);

#endif
