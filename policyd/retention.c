/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Removing what the history is not to keep.
 */
#include "policyd/retention.h"

#include <string.h>

#include "policyd/daemon.h"
#include "policyd/log.h"
#include "policyd/people/civil.h"
#include "policyd/stepup/backoff.h"
#include "policyd/store/store_factor.h"
#include "policyd/store/store_history.h"
#include "policyd/store/store_hold.h"
#include "policyd/store/store_proof.h"
#include "policyd/store/store_site.h"
#include "policyd/text.h"
#include "proto/result.h"

/* ---- what the clock is worth ------------------------------------------- */

/* No login so far is no reason to wait for one. */
static int
clock_is_behind(struct store *store, int64_t now_s, bool *ret_behind)
{
	int64_t newest_s;
	int r;

	*ret_behind = false;
	r = store_history_newest(store, &newest_s);
	if (r == 0)
		*ret_behind =
		    newest_s > now_s && newest_s - now_s >= CIVIL_DAY_S;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/* How long ago it was, beyond what the clock that nobody sets has counted. */
static int64_t
unexplained_s(const struct retention *retention, const struct store_moment *m,
    int64_t now_s, int64_t boot_s, int64_t *ret_most_s)
{
	bool same_boot = retention->boot_id[0] != '\0' &&
	    strcmp(retention->boot_id, m->boot_id) == 0 && m->boot_s >= 0 &&
	    m->boot_s <= boot_s;

	*ret_most_s = same_boot ? CIVIL_DAY_S : RETENTION_GAP_S;
	return now_s - m->at_s - (same_boot ? boot_s - m->boot_s : boot_s);
}

/*
 * A login by a clock that was set back after it is no witness either. Where
 * there is none there is nothing to remove, and where others were says little.
 */
static int
clock_has_leapt(const struct retention *retention, int64_t keep_s,
    int64_t now_s, int64_t boot_s, bool *ret_leapt)
{
	int64_t proof_s = keep_s / 2, most_s;
	struct store_moment m;
	int r;

	*ret_leapt = false;
	if (proof_s > RETENTION_PROOF_S)
		proof_s = RETENTION_PROOF_S;
	r = store_history_before(retention->store, now_s - proof_s, &m);
	if (r != 0)
		return r == FG_ERR_NOT_FOUND ? 0 : r;
	if (m.at_s < 0)
		m.at_s = 0; /* no clock of ours */
	*ret_leapt = m.next_s < m.at_s - CIVIL_DAY_S ||
	    unexplained_s(retention, &m, now_s, boot_s, &most_s) > most_s;
	return 0;
}

/* When it begins, and when it ends. */
static void
tell_doubt(struct retention *retention, bool leapt)
{
	if (leapt && !retention->doubted)
		log_warn("%s: nothing is removed: the clock has leapt, "
			 "and no login a week ago speaks for it yet",
		    retention->what);
	else if (!leapt && retention->doubted)
		log_info("%s: the clock is believed again", retention->what);
	retention->doubted = leapt;
}

int
retention_clock_is_wrong(struct retention *retention, int64_t keep_s,
    int64_t now_s, int64_t boot_s, bool *ret_wrong)
{
	bool leapt;
	int r;

	if ((r = clock_is_behind(retention->store, now_s, ret_wrong)) != 0 ||
	    *ret_wrong)
		return r;
	r = clock_has_leapt(retention, keep_s, now_s, boot_s, &leapt);
	if (r == 0)
		tell_doubt(retention, leapt);
	*ret_wrong = leapt;
	return r;
}

/* ---- removing ---------------------------------------------------------- */

/* When there is no more of it, and once a day. */
static void
tell(struct retention *retention, int64_t boot_s)
{
	if (retention->removed == 0 ||
	    (retention->told_s != -1 &&
		boot_s - retention->told_s < CIVIL_DAY_S))
		return;
	log_info("history: removed %llu logins that are older than it is to "
		 "be",
	    (unsigned long long)retention->removed);
	retention->removed = 0;
	retention->told_s = boot_s;
}

/* What is over counts for nothing, so that a clock which leaps takes nothing:
 * only where that is right it is cleared away. */
static int
forget_step_ups(struct store *store, int64_t now_s)
{
	int r;

	if ((r = store_backoff_forget(store, now_s - BACKOFF_FORGET_S)) != 0)
		return r;
	return store_proofs_forget(store, now_s);
}

/* Logins, and where their laptops were. */
static int
expire(struct store *store, int64_t before_s, size_t *ret_n, bool *ret_more)
{
	bool more = false;
	int r;

	r = store_history_expire(store, before_s, RETENTION_ROWS, ret_n,
	    ret_more);
	if (r == 0)
		r = store_sites_expire(store, before_s, RETENTION_ROWS, &more);
	*ret_more = *ret_more || more;
	return r;
}

unsigned int
retention_turn(struct retention *retention, int64_t keep_s, int64_t now_s,
    int64_t boot_s)
{
	struct store *store = retention->store;
	bool wrong, held, more = false;
	size_t n = 0;
	int r;

	r = retention_clock_is_wrong(retention, keep_s, now_s, boot_s, &wrong);
	if (r == 0)
		r = store_holds_any(store, now_s, &held);
	if (r == 0 && !wrong && !held)
		r = expire(store, now_s - keep_s, &n, &more);
	if (r == 0 && !wrong)
		r = forget_step_ups(store, now_s);
	/* Busy is tried again; what is broken is told by the logins. */
	if (r != 0 && r != FG_ERR_BUSY)
		log_debug("history: nothing can be removed: %s", text_error(r));
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
		daemon_wall_s(), session_now_s()));
}

int
retention_start(struct daemon *daemon)
{
	int r;

	daemon->retention.store = daemon->store;
	daemon->retention.boot_id = daemon->boot_id;
	daemon->retention.what = "history";
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
