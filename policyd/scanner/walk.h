/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of all processes, one after the other, for so long and no
 * longer: a login may be waiting for the scanner meanwhile.
 */
#ifndef FG_WALK_H
#define FG_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WALK_SIZE 16384u

struct walk {
	int		 fd;
	int64_t		 until_ns;
	size_t		 batch;		/* bytes asked of the kernel at once */
	size_t		 len;
	size_t		 pos;
	int32_t		 last;		/* the last one; 0: none yet */
	int64_t		 here;		/* where it was found */
	int64_t		 next;
	bool		 cut;		/* the time was over before the end */
	_Alignas(8) char buf[WALK_SIZE];
};

/* Nanoseconds of the clock that nobody sets. */
int64_t	walk_now_ns(void);

/*
 * until_ns: of that clock. close_by: ask the kernel for each process anew, as
 * it comes, so that one which has just been made is met: they come in the
 * order of their numbers. Returns 0 or FG_ERR_SYSTEM.
 */
int	walk_open(struct walk *walk, bool close_by, int64_t until_ns);
/* False: there are no more, or .cut. */
bool	walk_next(struct walk *walk, int32_t *ret_pid);
/*
 * Go on where another walk was cut, by its .here: from the process that it no
 * longer gave. 0 is the beginning. Returns 0 or FG_ERR_SYSTEM.
 */
int	walk_seek(struct walk *walk, int64_t here);
/* Of a name that is no process's or thread's: 0. */
int32_t	walk_number(const char *name);
void	walk_close(struct walk *walk);

#endif
