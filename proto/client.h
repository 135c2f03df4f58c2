/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The connecting side: used by the PAM module, farmgatectl and farmgate-attest.
 * It owns one socket and one buffer, keeps the one deadline, and checks who
 * listens. It logs nothing, keeps no global state and changes nothing in its
 * process.
 */
#ifndef FG_CLIENT_H
#define FG_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "proto/msg.h"

struct fg_client {
	int		 fd;		/* >= 3, or -1; close-on-exec */
	int64_t		 deadline_ns;	/* CLOCK_MONOTONIC, for everything */
	struct fg_header hdr;		/* the connection's id, last sequence;
					 * .version is the peer's, 0 before */
	uint16_t	 may_cross;	/* see fg_client_recv */
	uint8_t		 fail;		/* enum fg_fail, see fg_client_recv */
	int64_t		 since_ns;	/* when connecting began to succeed */
	bool		 late;		/* see fg_client_send */
	uint8_t		*data;		/* FG_MSG_MAX bytes, owned */
	size_t		 used;		/* of them, and to be wiped */
};

/*
 * Connect to the SOCK_SEQPACKET socket at path within timeout_ms, which then
 * bounds all that is done with the client. A full backlog is tried again
 * three times, 50 ms apart. The listener has to run as uid 0: the daemon
 * listens before it drops its privileges, or its service manager does.
 * Returns 0, FG_ERR_UNREACHABLE, FG_ERR_BUSY, FG_ERR_TIMEOUT, FG_ERR_PEER,
 * FG_ERR_NOMEM or FG_ERR_SYSTEM. In each case fg_client_done() may follow.
 */
int	fg_client_open(struct fg_client *client, const char *path,
	    unsigned int timeout_ms);

/*
 * Send the len bytes at client->data, which an fg_msg_put_* call with
 * client->hdr encoded; call fg_client_next() before encoding each message.
 * Returns 0, FG_ERR_TIMEOUT, FG_ERR_CLOSED, FG_ERR_SYSTEM, or FG_ERR_LIMIT for
 * a len over FG_MSG_MAX.
 * The peer that does not answer is to blame only if it had the time to: .late
 * is set if the first message took more than FG_CLIENT_PROMPT_MS after the
 * connection, or any message more than half of the time there was.
 */
#define FG_CLIENT_PROMPT_MS 100

void	fg_client_next(struct fg_client *client);
int	fg_client_send(struct fg_client *client, size_t len);

/*
 * From here on there is as much time again, for what is sent next and for its
 * answer: somebody was asked in between.
 * Returns 0 or FG_ERR_SYSTEM.
 */
int	fg_client_extend(struct fg_client *client, unsigned int timeout_ms);

/*
 * Whether there is something to receive, a message or the peer's end, now and
 * without waiting, also when the deadline has passed.
 * Returns 0 or FG_ERR_SYSTEM.
 */
int	fg_client_pending(const struct fg_client *client, bool *ret_pending);

/*
 * Receive one message into client->data; one that is there is taken even if
 * the deadline has passed, and is looked for once more then. It must carry the
 * connection's id and the next sequence number; after messages that may have
 * crossed with the peer's (the caller sets .may_cross to how many, this clears
 * it) the number of one of those will do.
 * The caller checks *ret_hdr's type and decodes.
 * An FG_MSG_FAIL is decoded here: FG_ERR_VERSION or FG_ERR_BUSY where it says
 * so, otherwise FG_ERR_REFUSED; .fail is what it says, and 0 before.
 * Returns 0, FG_ERR_TIMEOUT, FG_ERR_CLOSED, FG_ERR_SYSTEM, FG_ERR_REFUSED,
 * FG_ERR_BUSY, or what fg_msg_get_header returns; FG_ERR_FORMAT for a wrong id
 * or sequence, FG_ERR_LIMIT for an oversize datagram.
 */
int	fg_client_recv(struct fg_client *client, struct fg_header *ret_hdr,
	    size_t *ret_len);

/* Close, wipe and free. NULL-safe fields; may be called twice. */
void	fg_client_done(struct fg_client *client);

#endif
