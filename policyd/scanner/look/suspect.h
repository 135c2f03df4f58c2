/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One process held against the rules, and what more has to be known of it if
 * it is of one.
 */
#ifndef FG_SUSPECT_H
#define FG_SUSPECT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/look/match.h"
#include "policyd/scanner/look/tools.h"
#include "policyd/scanner/procs_read.h"

#define SUSPECT_ARGUMENTS 4096u	/* bytes of a command line that are read */

/* What the walk has read of it. */
struct suspect {
	int32_t		 pid;
	uint64_t	 inode;		/* of its folder, */
	int64_t		 made_ns;	/* and when that was made */
	/* The process, or another of its threads if the first has ended: only
	 * one that runs has a program and arguments. */
	struct fact_process thread;
	int		 link_result;	/* 0, FG_ERR_LIMIT, FG_ERR_SYSTEM */
	struct procs_stat stat;
	char		 link[PATH_MAX + 1];	/* /proc/PID/exe */
	size_t		 len;		/* of .args */
	char		 args[SUSPECT_ARGUMENTS];
	bool		 asked;		/* for .args, */
	int		 args_result;	/* as reader_arguments() */
};

enum suspect_is {
	SUSPECT_GONE = 0,	/* it has ended, or is another one by now */
	SUSPECT_LATE,		/* not all of it could be read in time */
	SUSPECT_PLAIN,		/* no rule is about it */
	SUSPECT_TOOL
};

/* The link of now is cut at " (deleted)"; ret_tool is set for SUSPECT_TOOL. */
enum suspect_is suspect_examine(struct suspect *now,
    const struct match *match, struct tool *ret_tool);

/*
 * If it is the child of a tool: an entry may be in use by that, or by one of
 * its own program.
 */
void	suspect_is_child(struct tools *tools, const struct match *match,
	    const struct suspect *now);

#endif
