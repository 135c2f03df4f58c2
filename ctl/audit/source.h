/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log as its lines, through all the files that it was rotated into,
 * compressed or not. Memory is bounded, however large they are. What a line
 * holds is anybody's who could write to the folder; nothing of it is parsed
 * here but the sequence number by which files are put in order.
 */
#ifndef FG_CTL_AUDIT_SOURCE_H
#define FG_CTL_AUDIT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOURCE_WHY_SIZE	512u

struct source_line {
	const char	*text;	/* no NUL behind it; until the next call */
	size_t		 len;	/* without the newline */
	const char	*file;	/* the path; until the source is freed */
	uint64_t	 number; /* of the line in it, from 1 */
	bool		 first;	/* of its file */
	bool		 torn;	/* the file ends with it, and it has no
				 * newline */
	bool		 cut;	/* longer than AUDIT_LINE_MAX; .text has its
				 * beginning */
};

struct source;

/*
 * The log whose present file is path. With rotated, those beside it too that it
 * was rotated into (see files.h), in the order of the sequence numbers that
 * they begin with. Without, path alone, which may be any audit file. Path is
 * opened at once, so that it stays the last one if it is rotated meanwhile, the
 * others when their turn comes; never through a link, and regular ones only.
 * Returns 0, FG_ERR_NOMEM, or FG_ERR_SYSTEM with ret_why naming the file: path
 * cannot be read, nor its folder.
 */
int	source_open(const char *path, bool rotated, struct source **ret_source,
	    char ret_why[SOURCE_WHY_SIZE]);
void	source_free(struct source *source);	/* NULL is fine */

/*
 * Before the first line: leave out the files whose records are older than
 * then, by Unix time, as the first one of the file that follows says. Where the
 * clock was set back between the two, that says nothing, and the file is read.
 */
void	source_since(struct source *source, int64_t since_s);

/*
 * The next line. Returns 0; FG_ERR_NOT_FOUND at the end of the last file; or,
 * with ret_why, FG_ERR_SYSTEM, FG_ERR_FORMAT (a compressed file is damaged or
 * cut) or FG_ERR_NOMEM: the next call goes on with the next file. A last line
 * of path without its newline is .torn only if it stays so for a moment.
 */
int	source_next(struct source *source, struct source_line *ret_line,
	    char ret_why[SOURCE_WHY_SIZE]);

/*
 * From now on path has no end: where it ends, FG_ERR_NOT_FOUND says that
 * nothing more is there yet, and a later call goes on, also with the file that
 * has taken path's name after a rotation. If it is compressed, it has an end.
 */
void	source_follow(struct source *source);

/* How many files there are, and those beside path that are no audit files. */
size_t	source_files(const struct source *source);
size_t	source_foreign(const struct source *source);

/* Bytes of files, as they lie on the disk, of which so many were read, within
 * the file that is being read too: for who shows how far it is. */
void	source_progress(const struct source *source, uint64_t *ret_done,
	    uint64_t *ret_all);

/*
 * The sequence number of a record, by how each record begins, without parsing
 * it: {"v":V,"seq":N, ; 0 if the line does not begin so.
 */
uint64_t source_sequence(const char *text, size_t len);

#endif
