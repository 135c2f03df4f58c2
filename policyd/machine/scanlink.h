/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decider's end of the socketpair to the scanner. If the scanner dies,
 * answers what it was not asked, or leaves a query or a picture that it
 * promised open for three seconds, all that is waiting gets FACT_ERROR and the
 * daemon leaves, so that its service manager starts both anew; a daemon whose
 * scanner died three times within a minute goes on without one.
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

/* To scanlink_look(): scanlink_picture() is young enough for it now. */
typedef void (*scanlink_looked_fn)(uint64_t id, void *arg);
typedef void (*scanlink_client_fn)(uint64_t id,
    const struct fact_client *client, void *arg);
/* A device has come or gone; nobody has asked. */
typedef void (*scanlink_news_fn)(void *arg);

struct scanlink_calls {
	scanlink_answer_fn answer;
	scanlink_remains_fn remains;
	scanlink_terminated_fn terminated;
	scanlink_looked_fn looked;
	scanlink_client_fn client;
	scanlink_news_fn news;
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

/* Look at the machine, unless the last picture is younger. As above. */
int	scanlink_look(struct scanlink *link, uint64_t id, uint32_t max_age_ms);

/* Borrowed until the loop runs again; NULL: none has come yet. */
const struct picture *scanlink_picture(const struct scanlink *link);

/* Who is at the other end of a connection of the machine to itself. */
int	scanlink_client(struct scanlink *link, uint64_t id,
	    const struct look_ends *ends);

/*
 * What to look for from now on; the rules are taken over. They go in parts, as
 * the scanner takes them.
 */
void	scanlink_set_rules(struct scanlink *link, struct rules *rules);

/* Wait for that, at the start, so that nobody is decided by an empty look. The
 * callbacks are called as ever. */
void	scanlink_await_rules(struct scanlink *link);

/* The scanner does not know what to look for, or has not taken the last word
 * of it. */
bool	scanlink_is_blind(const struct scanlink *link);
/* A device has come or gone since the last picture. */
bool	scanlink_is_outdated(const struct scanlink *link);

bool	scanlink_is_running(const struct scanlink *link);

/* "running", "degraded", "lost". Static. */
const char	*scanlink_state(const struct scanlink *link);
/* What the self-test found missing, in words; NULL: nothing. To see no more
 * than a namespace of its own is nothing where that is meant. Static. */
const char	*scanlink_lacks(const struct scanlink *link, bool contained);
/* "full", "unknown", or what the self-test found missing. Static. */
const char	*scanlink_coverage(const struct scanlink *link);

#endif
