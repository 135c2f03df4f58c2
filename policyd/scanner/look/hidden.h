/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that hides what it is: its program is no file that one could look
 * at, or it goes under a name of the kernel's.
 */
#ifndef FG_HIDDEN_H
#define FG_HIDDEN_H

#include <stdbool.h>

enum hidden {
	HIDDEN_NOT = 0,
	HIDDEN_DELETED,		/* the file is gone, with none in its place */
	HIDDEN_MEMFD,		/* it never was a file */
	HIDDEN_KERNEL,		/* it calls itself a thread of the kernel's */
	HIDDEN_LONG		/* a path too long for the kernel to tell */
};

/* "deleted", "memfd", "kernel-thread", "long-path"; "none". Static. */
const char *hidden_name(enum hidden hidden);

/*
 * By what /proc/PID/exe says, which is cut at " (deleted)"; *ret_deleted is set
 * if that was there, which hidden_is_gone() then judges.
 */
enum hidden hidden_by_link(char *link, bool *ret_deleted);

/*
 * Whether a program's file was taken away, and not replaced as by an upgrade:
 * no file of root's is there now. folder is the process's; of root's own,
 * which may be in a container, its own root is looked at as well.
 */
bool	hidden_is_gone(int folder, const char *path, bool roots);

/* By the name of a process that is none of the kernel's. */
bool	hidden_by_comm(const char *comm);
/* By what it calls itself: the first of its arguments. */
bool	hidden_by_title(const char *title);

#endif
