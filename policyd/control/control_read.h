/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What auditors ask for is recorded: whoever comes by audit.sock. The first
 * question of somebody about somebody is recorded at once, and others like it
 * within CONTROL_READ_S are counted and recorded together when that is over, so
 * that who looks again and again does not fill the log. Nor does who asks about
 * one after the other: of more than CONTROL_READS_EACH at one time the record
 * says how many, and not of whom.
 */
#ifndef FG_CONTROL_READ_H
#define FG_CONTROL_READ_H

#include "policyd/daemon.h"
#include "policyd/facts.h"

#define CONTROL_READ_S		600
#define CONTROL_READS_MAX	512u	/* that are counted at one time: all
					 * questions of several people */
#define CONTROL_READS_EACH	64u	/* of them about somebody, by one */
#define CONTROL_READ_NAME_MAX	63u
#define CONTROL_READ_ABOUT_MAX	FG_USER_MAX	/* bytes; the rest is cut */

struct control_reads;

/*
 * Somebody asks for this; about: the person, the asset or the reference that it
 * is about, as the client says it, or "". Returns 0, or what daemon_audit()
 * does: it could not be recorded.
 */
int	control_read(struct daemon *daemon, const struct fact_peer *by,
	    const char *command, const char *about);

/* Returns 0 or FG_ERR_NOMEM. */
int	control_reads_start(struct daemon *daemon);
/* What was counted is recorded. */
void	control_reads_stop(struct daemon *daemon);

#endif
