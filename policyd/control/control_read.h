/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What auditors ask for is recorded: whoever comes by audit.sock. The first
 * question of somebody is recorded at once, and others like it within
 * CONTROL_READ_S are counted and recorded together when that is over, so that
 * who looks again and again does not fill the log.
 */
#ifndef FG_CONTROL_READ_H
#define FG_CONTROL_READ_H

#include "policyd/daemon.h"
#include "policyd/facts.h"

#define CONTROL_READ_S		600
#define CONTROL_READS_MAX	256u	/* that are counted at one time: all
					 * questions of several people */
#define CONTROL_READ_NAME_MAX	63u

struct control_reads;

/*
 * Somebody asks for this. Returns 0, or what daemon_audit() does: it could not
 * be recorded.
 */
int	control_read(struct daemon *daemon, const struct fact_peer *by,
	    const char *command);

/* Returns 0 or FG_ERR_NOMEM. */
int	control_reads_start(struct daemon *daemon);
/* What was counted is recorded. */
void	control_reads_stop(struct daemon *daemon);

#endif
