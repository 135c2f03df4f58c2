/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Anchors of the daemon's audit log: made from the loop, when a record's login
 * is answered, and put where others keep them: into the system log, into the
 * file that the configuration names, and to a hook. No login waits for one, and
 * none is refused because there is none.
 */
#ifndef FG_ANCHORS_H
#define FG_ANCHORS_H

#include "policyd/audit/tombstone.h"
#include "policyd/daemon.h"

struct anchors;

/* The key and the file, before the sandbox. Fatal without memory. */
void	anchors_open(struct daemon *daemon);
/* From now on records have them. Returns 0 or FG_ERR_NOMEM. */
int	anchors_start(struct daemon *daemon);
/* The last one, after the last record; then no more. */
void	anchors_stop(struct daemon *daemon);

/* There is a record more. Nothing is done here but to look at the clock. */
void	anchors_recorded(struct daemon *daemon);
/* One for what there is by now: a file of the log is over. */
void	anchors_now(struct daemon *daemon);

/* The key's text into a record; nothing without a key. */
void	anchors_set_key(const struct daemon *daemon, struct json *record);

/* A tombstone into its record, signed by that key, which is set. Whether there
 * is one was asked. */
bool	anchors_can_sign(const struct daemon *daemon);
void	anchors_sign(const struct daemon *daemon, struct tombstone *t,
	    struct json *record);

/* For the part "audit" of the status. */
void	anchors_status(const struct daemon *daemon, struct json *audit);
/* Is there none of records that should have had one for long? */
bool	anchors_are_late(const struct daemon *daemon);

#endif
