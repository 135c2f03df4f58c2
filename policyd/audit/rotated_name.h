/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of what the daemon has rotated its log into: PATH.FIRST-LAST, by
 * the sequence numbers, with .zst once it is compressed and .zst.new before.
 */
#ifndef FG_ROTATED_NAME_H
#define FG_ROTATED_NAME_H

#include <stddef.h>
#include <stdint.h>

#include "policyd/audit/audit.h"

enum rotated_kind {
	ROTATED_NONE = 0,	/* somebody else's */
	ROTATED_PLAIN,
	ROTATED_PACKED,
	ROTATED_HALF		/* not yet packed, or never to be */
};

/* Of a name within the folder, when the log's own is base there. */
enum rotated_kind rotated_name_kind(const char *name, const char *base,
	    uint64_t *ret_first);

struct rotated {
	uint64_t	 first;
	enum rotated_kind kind;
	char		 name[256];	/* within the folder */
};

/*
 * The plain and the packed ones in the folder of path, by their numbers, a
 * plain one before its packed one. The caller frees the list. Returns 0,
 * FG_ERR_NOMEM, FG_ERR_LIMIT or FG_ERR_SYSTEM.
 */
int	rotated_names(const char *path, struct rotated **ret_list,
	    size_t *ret_n);

/*
 * In the folder of path, the log: the plain one that begins first, all of its
 * path; FG_ERR_NOT_FOUND if there is none. With clear, what is half packed is
 * removed. Returns 0, FG_ERR_NOT_FOUND, FG_ERR_LIMIT or FG_ERR_SYSTEM.
 */
int	rotated_name_plain(const char *path, bool clear,
	    char ret_path[AUDIT_NAME_SIZE]);

#endif
