/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One connection: who is at the other end, its buffer, its deadline. One
 * request each. What a message means is up to dispatch.c and the handlers;
 * from here on, every byte is the client's.
 */
#ifndef FG_CONN_H
#define FG_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "policyd/daemon.h"
#include "policyd/log.h"
#include "policyd/scanner/scanner.h"
#include "proto/msg.h"

#define CONN_PEER_MS		300u	/* for the scanner, all else there */
#define CONN_LOOK_MS		(SCANNER_LOOK_MS + CONN_PEER_MS)
#define CONN_DEADLINE_MS	2000u	/* from accept to answer */
#define CONN_REQUEST_MS		150u	/* likewise for the request, and */
#define CONN_GROUPS_MS		250u	/* the groups, with no place left */
#define CONN_HELD_MS		2u	/* for others to share a sync with */
#define CONN_POLICY_MAX		128u	/* then the backlog keeps them */
#define CONN_CONTROL_MAX	32u
#define CONN_AUDIT_MAX		16u
#define CONN_AUDIT_UID_MAX	4u	/* of one uid */
#define CONN_CONTROL_UID_MAX	8u	/* of one uid that is not root */
#define CONN_WITNESS_MAX	16u
#define CONN_WITNESS_UID_MAX	4u	/* of one uid */

/* What may come next on a connection; see dispatch.c's table. */
enum conn_state {
	CONN_CLOSED = 0,
	CONN_WANT_REQUEST,
	CONN_WANT_GROUPS,
	CONN_WANT_ANSWER,	/* the user's, in a step-up */
	CONN_WANT_DATA,		/* the bytes that belong to the request */
	CONN_WORKING,		/* nothing may come: facts are on their way */
	CONN_PAUSED,		/* likewise: it goes on in a moment */
	CONN_STREAMING,		/* nothing may come: the answer is made */
	CONN_HELD		/* nothing may come: the answer is in .data */
};

/* What the scanner has been asked; bits of .pending, while WORKING. */
#define CONN_ASKED_PEER		0x01u
#define CONN_ASKED_LOOK		0x02u
#define CONN_ASKED_CLIENT	0x04u

struct conn {
	LIST_ENTRY(conn) entry;
	struct daemon	*daemon;
	enum listen_role role;
	enum conn_state	 state;
	int		 fd;
	int		 pidfd;		/* of the peer, or -1 */
	uint64_t	 id;		/* for the scanner's answers */
	int64_t		 accepted_ns;	/* CLOCK_MONOTONIC */
	struct fg_header hdr;		/* of the last message */
	unsigned int	 pending;	/* CONN_ASKED_* */
	int64_t		 asked_ns;	/* and when, CLOCK_BOOTTIME */
	bool		 gathered;	/* nothing but that is missing */
	struct facts	 facts;		/* .peer from the start */
	struct ruleset	*rules;		/* held from the request on */
	const char	*groups[FG_NEED_GROUPS_MAX]; /* borrowed from .rules */
	struct proving	*proving;	/* a step-up, see request_prove.h */
	struct witnessing *witnessing;	/* see request_witness.h */
	struct control_job *job;	/* an administrator's, see control.h */
	size_t		 held;		/* bytes of the answer in .data */
	char opened[FG_REF_MAX + 1]; /* the session that it allows, or "" */
	struct loop_watch *watch;	/* once something was waited for */
	struct loop_timer *timer;	/* likewise */
	uint8_t		 data[FG_MSG_MAX + 1];	/* one more shows oversize */
};

/* Take over an accepted socket. Refuses peers that may not ask. */
void	conn_accept(struct daemon *daemon, enum listen_role role, int fd);

/* The one with this id, or NULL. */
struct conn *conn_by_id(const struct daemon *daemon, uint64_t id);

/* Connections with this role, without step-ups, which have their own places. */
size_t	conn_count(const struct daemon *daemon, enum listen_role role);

/*
 * Others need a place: the deadline of each connection with this role that
 * keeps us waiting for longer than CONN_REQUEST_MS or CONN_GROUPS_MS is now.
 */
void	conn_hurry(struct daemon *daemon, enum listen_role role);

/*
 * Let the loop watch the peer and CONN_DEADLINE_MS, if it does not yet.
 * Returns false without memory.
 */
bool	conn_wait(struct conn *conn);

/*
 * Ask the scanner about the peer, for a look at the machine that is no older
 * than that, or who is at a connection's other end. Each returns true if there
 * will be an answer, or a deadline; false if there is no scanner, and the fact
 * is an error. When all of them are there dispatch_ready() is called.
 */
bool	conn_ask_peer(struct conn *conn);
bool	conn_ask_look(struct conn *conn, uint32_t max_age_ms);
bool	conn_ask_client(struct conn *conn, const struct look_ends *ends);

/*
 * The scanner's answers to the query with this id. Where the connection did
 * not wait for its peer, the login that account has allowed learns it.
 */
void	conn_peer_known(struct daemon *daemon, uint64_t id,
	    const struct fact_peer *peer);
void	conn_looked(struct daemon *daemon, uint64_t id);
void	conn_client_known(struct daemon *daemon, uint64_t id,
	    const struct fact_client *client);

/*
 * Fill in .pidfd, if it is not there: the process that connected, whoever has
 * its number by now. A kernel that cannot tell is asked by number, which is
 * nobody else's as long as the peer itself waits for the answer.
 */
void	conn_hold_peer(struct conn *conn);

/* The scanner is gone: whoever waits for it gets an error instead. */
void	conn_peer_lost(struct daemon *daemon);

/*
 * Send len bytes of data (a whole message that was encoded with conn_next()'s
 * header). A peer that is gone is no error of ours.
 * Returns 0, FG_ERR_BUSY (the peer has to read first) or FG_ERR_CLOSED.
 */
const struct fg_header	*conn_next(struct conn *conn);
int	conn_send(struct conn *conn, const void *data, size_t len);

/* The answer did not reach the peer: what it allows does not come to be. */
void	conn_unanswered(struct conn *conn);

/*
 * Send the len bytes that are in conn->data and close, once the audit file is
 * on the disk. It is synced as soon as nothing else is to be done, at the
 * latest after CONN_HELD_MS: whoever is denied until then waits together, so
 * that a flood of denials does not cost one sync each.
 */
void	conn_hold(struct conn *conn, size_t len);

/* Sync, then answer everybody who is held. arg is the daemon. */
void	conn_flush(void *arg);

/*
 * Somebody who has shown the first factor was asked for more, and nobody will
 * answer: that is on record in any case. stopped: by the daemon. The caller
 * closes the connection.
 */
void	conn_gone(struct conn *conn, bool stopped);

/* Where to log what a peer on this socket has caused. */
log_fn	conn_log(enum listen_role role);

/* Its peer went away; it was refused. For status. */
void	conn_count_aborted(struct conn *conn);
void	conn_count_failed(struct conn *conn);

/* Answer FG_MSG_FAIL and close. */
void	conn_fail(struct conn *conn, enum fg_fail fail);
/* The same for a message that cannot be read; "WHAT: pid N: why" is logged. */
void	conn_malformed(struct conn *conn, const char *what, int r);

void	conn_close(struct conn *conn);

#endif
