/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walk over all processes of one scan, and what it remembers for the next.
 */
#ifndef FG_PROCESS_H
#define FG_PROCESS_H

#include <stdbool.h>
#include <stdbool.h>
#include <stdint.h>

#include "policyd/scanner/look/scan.h"
#include "policyd/scanner/look/suspect.h"
#include "policyd/scanner/look/tools.h"
#include "policyd/scanner/walk.h"

#define PROCESS_PLAIN	65536u	/* a power of two */

/*
 * A process that was looked at closely, and was nothing. Its folder's inode is
 * made with the process, and another one's is another.
 */
struct process_plain {
	uint64_t	 inode;
	int64_t		 made_ns;	/* the inode, wall clock */
	uint64_t	 link;		/* hash of its program's */
	uint64_t	 start;
	uint64_t	 mark;		/* of its program, name and execve(2) */
	uint32_t	 rules;		/* which ones it was held against */
	int32_t		 pid;
	int32_t		 ppid;
	bool		 kernel;
};

struct processes {
	struct process_plain plain[PROCESS_PLAIN];	/* by the last bits */
	struct tools	 tools;
	int64_t		 cursor;	/* where the last one was cut, or 0 */
	uint64_t	 old;		/* starts from then on are young */
	struct walk	 walk;
	struct suspect	 now;
};

/*
 * Look at all processes until .until_ns of the scan, from where the last walk
 * was cut. Sets .processes of the picture, and PICTURE_PROCESSES of .failed and
 * .cut; afterwards .tools has what lives of those that were ever met. Zeroed is
 * a struct processes that has met none.
 */
void	process_walk(struct processes *processes, const struct scan *scan);

/*
 * What one process is now, whatever the last walk has found; ret_tool is set
 * for SUSPECT_TOOL. *ret_whole: and nothing of it was left unread.
 */
enum suspect_is process_look(struct processes *processes,
	    const struct match *match, const struct fact_process *who,
	    struct tool *ret_tool, bool *ret_whole);

#endif
