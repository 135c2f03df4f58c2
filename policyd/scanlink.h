/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decider's end of the socketpair to the scanner. If the scanner dies, or
 * leaves a query without an answer for three seconds, all that is waiting gets
 * FACT_ERROR and the daemon leaves, so that its service manager starts both
 * anew; a daemon whose scanner died three times within a minute goes on
 * without one.
 */
#ifndef FG_SCANLINK_H
#define FG_SCANLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/loop.h"
#include "policyd/scanner/scanner.h"

struct scanlink;

/* An answer for the query with this id. */
typedef void (*scanlink_answer_fn)(uint64_t id,
    const struct fact_peer *peer, void *arg);
/* The scanner is gone, or was given up at the start (degraded). */
typedef void (*scanlink_lost_fn)(void *arg);

struct scanlink_calls {
	scanlink_answer_fn answer;
	scanlink_lost_fn lost;
	void		*arg;
};

/*
 * Take over fd (the socketpair) and look at the deaths recorded in the
 * daemon's own folder. The scanner's self-test is asked for at once.
 * Returns 0, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	scanlink_new(struct loop *loop, int fd, const char *state,
	    const struct scanlink_calls *calls, struct scanlink **ret_link);
void	scanlink_free(struct scanlink *link);

/*
 * Ask about a process, all that there is or only whose child it is.
 * Return 0, or FG_ERR_CLOSED: there is no scanner.
 */
int	scanlink_peer(struct scanlink *link, uint64_t id, int32_t pid);
int	scanlink_parent(struct scanlink *link, uint64_t id, int32_t pid);

bool	scanlink_is_running(const struct scanlink *link);

/* "running", "degraded", "lost". Static. */
const char	*scanlink_state(const struct scanlink *link);
/* "full", "unknown", or what the self-test found missing. Static. */
const char	*scanlink_coverage(const struct scanlink *link);

#endif
