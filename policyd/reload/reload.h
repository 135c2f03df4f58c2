/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading configuration and data: at the start at once, later beside the
 * decisions. A new ruleset is built, validated and swapped; databases are
 * copied and verified by a worker, and the loop only maps them. What comes
 * while one reload is under way, or has parsed just now, is answered together
 * by the next.
 */
#ifndef FG_RELOAD_H
#define FG_RELOAD_H

#include "policyd/daemon.h"

/*
 * Who asked, for the audit record: a connection (peer is set), a file that was
 * replaced (watch is set), or a signal. All of it is copied.
 */
struct reload_by {
	const struct fact_peer *peer;
	uint64_t	 conn;		/* who gets the answer */
	const char	*watch;
};

/*
 * The answer for a connection, which may be gone. r is 0, or FG_ERR_CONFIG
 * with the reasons in errors: the old ruleset stays.
 */
typedef void (*reload_done_fn)(struct daemon *daemon, uint64_t conn, int r,
    const struct conf_errors *errors);

/*
 * Load daemon->rules before anything is asked of them, waiting for all that it
 * takes. Needs the loop. Fatal if there is no configuration to begin with.
 */
void	reload_start(struct daemon *daemon, reload_done_fn done);

/* From now on replaced files are noticed. */
void	reload_watch(struct daemon *daemon);

/*
 * Read the configuration again (or, for a replaced file, only the data that
 * the one in force names). The result is in the audit log and the operators'
 * log, and done is called for connections: later, or before this returns.
 */
void	reload(struct daemon *daemon, const struct reload_by *by);

/*
 * Why the data on the disk is not in force, or NULL: a database or list was
 * replaced by something that cannot be used. Borrowed until the next turn.
 */
const struct conf_errors *reload_refused_data(const struct daemon *daemon);

void	reload_free(struct daemon *daemon);

#endif
