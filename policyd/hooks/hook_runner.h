/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events of one class and its program, or the default one, which is run for
 * one after the other. Each run has its time; then it is asked to end, and
 * HOOK_END_S later it is killed.
 */
#ifndef FG_HOOK_RUNNER_H
#define FG_HOOK_RUNNER_H

#include "policyd/hooks/hook_event.h"
#include "policyd/hooks/hook_status.h"
#include "policyd/loop.h"

#define HOOK_END_S	5u

struct hook_runner;

/* All of it is borrowed. */
struct hook_runner_options {
	struct loop	*loop;
	const char	*folder;	/* of the programs */
	unsigned int	 time_s;	/* that a run has */
	unsigned int	 a_minute;	/* runs, of each class */
	void		(*ended)(void *arg); /* a run: there is news to keep */
	void		*arg;
};

/* Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM. */
int	hook_runner_new(const struct hook_runner_options *options,
	    enum hook_class cls, struct hook_runner **ret_runner);
/* What runs is killed; what waits is dropped. NULL is fine. */
void	hook_runner_free(struct hook_runner *runner);

/* Takes the event: now, or when it is its turn. */
void	hook_runner_tell(struct hook_runner *runner,
	    struct hook_event *event);

/* Some child has ended; it may be this one's. */
void	hook_runner_look(struct hook_runner *runner);

/* What its runs have come to. */
const struct hook_tally *hook_runner_tally(const struct hook_runner *runner);

#endif
