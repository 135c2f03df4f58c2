/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the programs of hooks have come to, in a file that farmgatectl reads:
 * the service writes it anew whenever a run has ended.
 */
#ifndef FG_HOOK_STATUS_H
#define FG_HOOK_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "policyd/hooks/hook_class.h"

#define HOOK_STATUS_FOLDER	"/run/farmgate-hooks"
#define HOOK_STATUS_MAX		16384u	/* bytes of the file */

struct json;

/* Of one class, since the service has started. */
struct hook_tally {
	uint64_t	 events;	/* told by the daemon */
	uint64_t	 done;		/* runs that have ended well, ... */
	uint64_t	 failed;	/* ... with another status, or could
					 * not be started, ... */
	uint64_t	 killed;	/* ... or were ended by a signal */
	uint64_t	 late;		/* of these: their time was over */
	uint64_t	 lost;		/* events that came to no program */
	int		 status;	/* of the last run, as of waitpid(2) */
	int64_t		 ended_s;	/* wall clock; 0: none has ended */
};

/*
 * Replace the file in this folder, which belongs to the service's user; all
 * HOOK_COUNT tallies. Returns 0, FG_ERR_LIMIT, FG_ERR_NOMEM or FG_ERR_SYSTEM.
 */
int	hook_status_write(const char *folder, int64_t since_s,
	    const struct hook_tally *const *tallies);

/*
 * The file of this folder: an object with .since and .events, of which each has
 * the name of a class and the members of its tally that are not 0. It is the
 * service's word, and its service runs other people's programs: text of it is
 * nothing to be trusted. Returns 0, FG_ERR_NOT_FOUND, FG_ERR_UNSAFE,
 * FG_ERR_FORMAT or FG_ERR_SYSTEM.
 */
int	hook_status_read(const char *folder, struct json **ret_json);

#endif
