/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that hides what it is: its program is no file that one could look
 * at, or it goes under a name of the kernel's.
 */
#ifndef FG_HIDDEN_H
#define FG_HIDDEN_H

#include <stdbool.h>

#include "policyd/facts.h"

enum hidden {
	HIDDEN_NOT = 0,
	HIDDEN_DELETED,		/* the file is gone, with none in its place */
	HIDDEN_MEMFD,		/* it never was a file */
	HIDDEN_KERNEL,		/* it calls itself a thread of the kernel's */
	HIDDEN_LONG,		/* a path too long for the kernel to tell */
	HIDDEN_UNREAD		/* it keeps its arguments from being read, or
				 * leaves out what the loader runs */
};

/* "deleted", "memfd", ..., "unreadable"; "none". Static. */
const char *hidden_name(enum hidden hidden);

/*
 * By what /proc/PID/exe says, which is cut at " (deleted)"; *ret_deleted is set
 * if that was there, which hidden_is_gone() then judges.
 */
enum hidden hidden_by_link(char *link, bool *ret_deleted);

/*
 * Whether a program's file was taken away, and not replaced as by an upgrade:
 * no file of root's is there now, in folders of root's and on the same device.
 * Of root's own, which may be in a container, its own root is looked at as
 * well. Returns 0 or
 * FG_ERR_TIMEOUT, as reader.h.
 */
int	hidden_is_gone(const struct fact_process *who, const char *path,
	    bool roots, bool *ret_gone);

/* By the name of a process that is none of the kernel's. */
bool	hidden_by_comm(const char *comm);
/* By what it calls itself: the first of its arguments. */
bool	hidden_by_title(const char *title);

#endif
