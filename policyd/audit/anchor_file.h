/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file that anchors are appended to, which may lie on another disk. What
 * is wrong with it now may be right the next time: each line is tried anew.
 */
#ifndef FG_ANCHOR_FILE_H
#define FG_ANCHOR_FILE_H

struct anchor_file;

/*
 * The file at path, which is opened if it can be: as audit_open() opens the
 * log's. Returns 0 or FG_ERR_NOMEM.
 */
int	anchor_file_new(const char *path, struct anchor_file **ret_file);
void	anchor_file_free(struct anchor_file *file);	/* NULL is fine */

/*
 * Append text and a newline, as one line, to what stands at the path by now.
 * It is not synced: nobody waits for that disk.
 * Returns 0, FG_ERR_SYSTEM or FG_ERR_UNSAFE.
 */
int	anchor_file_add(struct anchor_file *file, const char *text);

#endif
