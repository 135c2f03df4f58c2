/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work that takes longer than a login may wait: a forked child with the
 * decider's own user, sandbox and nothing more, and a pipe from it. The child
 * keeps no descriptor but the pipe, the standard ones and those of the job,
 * and dies with the daemon.
 */
#ifndef FG_WORKER_H
#define FG_WORKER_H

#include <stddef.h>

#include "policyd/loop.h"

struct worker;

struct worker_job {
	const char	*name;		/* static, for the log */
	/* In the child. What it writes to out_fd goes to .output. Returns the
	 * exit status, 0 to 100. */
	int		 (*run)(int out_fd, void *arg);
	/* In the daemon. */
	void		 (*output)(const char *data, size_t len, void *arg);
	/* status: what run returned, or -1 if it was killed or took too long.
	 * Called once, last, after all output; the worker is gone then. */
	void		 (*done)(int status, void *arg);
	void		*arg;
	unsigned int	 timeout_ms;
	const int	*keep;		/* descriptors that the child keeps */
	size_t		 nkeep;
};

/* Returns 0, FG_ERR_NOMEM, FG_ERR_LIMIT (.nkeep) or FG_ERR_SYSTEM. */
int	worker_start(struct loop *loop, const struct worker_job *job,
	    struct worker **ret_worker);

/*
 * Take no output (pause = true) until further notice: the child goes on until
 * the pipe is full. .done waits as well.
 */
void	worker_pause(struct worker *worker, int pause);

/* Kill it; .output and .done are not called any more. NULL is fine. */
void	worker_stop(struct worker *worker);

#endif
