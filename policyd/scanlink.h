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
/* The scanner has gone; not called for one that was given up at the start. */
typedef void (*scanlink_lost_fn)(void *arg);
/* The answers to scanlink_remains() and scanlink_terminate(). */
typedef void (*scanlink_remains_fn)(uint64_t id, const uint32_t *remains,
    void *arg);
typedef void (*scanlink_terminated_fn)(uint64_t id,
    enum scanner_refusal refusal, uint32_t signalled, void *arg);

struct scanlink_calls {
	scanlink_answer_fn answer;
	scanlink_remains_fn remains;
	scanlink_terminated_fn terminated;
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
 * Return 0, FG_ERR_CLOSED: there is no scanner, or FG_ERR_BUSY: it has so much
 * to answer that no more goes in now.
 */
int	scanlink_peer(struct scanlink *link, uint64_t id, int32_t pid);
int	scanlink_parent(struct scanlink *link, uint64_t id, int32_t pid);

/* What is left of n sessions, at most SCANNER_SESSIONS_MAX. As above. */
int	scanlink_remains(struct scanlink *link, uint64_t id,
	    const struct scanner_session *list, size_t n);

/*
 * End one session: its processes, and then its leader; with force the leader
 * too by SIGKILL. As above.
 */
int	scanlink_terminate(struct scanlink *link, uint64_t id,
	    const struct scanner_session *session, bool force);

bool	scanlink_is_running(const struct scanlink *link);

/* "running", "degraded", "lost". Static. */
const char	*scanlink_state(const struct scanlink *link);
/* "full", "unknown", or what the self-test found missing. Static. */
const char	*scanlink_coverage(const struct scanlink *link);

#endif
