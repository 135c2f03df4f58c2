/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an interpreter runs, by its arguments. They are what the process says
 * of itself, and are never kept.
 */
#ifndef FG_SCRIPT_H
#define FG_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

enum script_by {
	SCRIPT_BY_NONE = 0,	/* it runs itself */
	SCRIPT_BY_INTERPRETER,
	SCRIPT_BY_LOADER	/* ld.so: what it runs is a program */
};

/* By the path of a program, without " (deleted)". A loader is one of the
 * system's, below /lib* or /usr/lib*. */
enum script_by script_by(const char *exe);

/*
 * What such a program runs: a path, a module or a class. args is a command
 * line of len bytes and one NUL more; the answer points into it. NULL: it runs
 * none, or code that is in its arguments.
 */
const char *script_find(const char *exe, const char *args, size_t len);

/* The argument behind arg; NULL at the end. */
const char *script_next(const char *args, size_t len, const char *arg);

#endif
