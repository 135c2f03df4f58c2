/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Removing what the history is not to keep.
 */
#include "policyd/retention.h"

#include <errno.h>
#include <string.h>

#include "policyd/daemon.h"
#include "policyd/log.h"
#include "policyd/store/store_history.h"
#include "proto/result.h"

#define RETENTION_DAY_S INT64_C(86400)

/* No login so far is no reason to wait for one. */
static int
clock_is_wrong(struct store *store, int64_t now_s, bool *ret_wrong)
{
	int64_t newest_s;
	int r;

	*ret_wrong = false;
	r = store_history_newest(store, &newest_s);
	if (r == 0)
		*ret_wrong = now_s <= newest_s - RETENTION_DAY_S;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/* When there is no more of it, and once a day. */
static void
tell(struct retention *retention, int64_t boot_s)
{
	if (retention->removed == 0 ||
	    (retention->told_s != -1 &&
		boot_s - retention->told_s < RETENTION_DAY_S))
		return;
	log_info("history: removed %llu logins that are older than it is to "
		 "be",
	    (unsigned long long)retention->removed);
	retention->removed = 0;
	retention->told_s = boot_s;
}

unsigned int
retention_turn(struct retention *retention, int64_t keep_s, int64_t now_s,
    int64_t boot_s)
{
	struct store *store = retention->store;
	bool wrong, more = false;
	size_t n = 0;
	int r;

	if ((r = clock_is_wrong(store, now_s, &wrong)) == 0 && !wrong)
		r = store_history_expire(store, now_s - keep_s, RETENTION_ROWS,
		    &n, &more);
	/* Busy is tried again; what is broken is told by the logins. */
	if (r != 0 && r != FG_ERR_BUSY)
		log_debug("history: nothing can be removed: %s",
		    r == FG_ERR_SYSTEM ? strerror(errno) : fg_strerror(r));
	retention->removed += n;
	if (!more)
		tell(retention, boot_s);
	return more ? RETENTION_MORE_MS : RETENTION_MS;
}

/* ---- in the daemon ----------------------------------------------------- */

static void
retention_on_timer(void *arg)
{
	struct daemon *daemon = arg;

	loop_timer_set(daemon->retention_timer,
	    retention_turn(&daemon->retention, daemon->rules->conf->history_s,
		daemon_wall_ns() / 1000000000, daemon_boot_s()));
}

int
retention_start(struct daemon *daemon)
{
	int r;

	daemon->retention.store = daemon->store;
	daemon->retention.told_s = -1;
	if ((r = loop_timer(daemon->loop, retention_on_timer, daemon,
		 &daemon->retention_timer)) == 0)
		loop_timer_set(daemon->retention_timer, RETENTION_FIRST_MS);
	return r;
}

void
retention_stop(struct daemon *daemon)
{
	loop_timer_free(daemon->retention_timer);
	daemon->retention_timer = NULL;
}
