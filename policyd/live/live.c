/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the machine is looked at while sessions are open, and what of it is new.
 * Many sessions are told of it a few at a time, and logins go on in between.
 */
#include "policyd/live/live.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/live/live_parts.h"
#include "policyd/machine/scanlink.h"
#include "proto/result.h"

#define LIVE_QUERY 0 /* no connection has that id */
#define LIVE_STEP  64u /* sessions in one turn of the loop */

/* False: the scanner has so much to answer that nothing goes in now. */
static bool
live_look(struct live *live)
{
	struct daemon *daemon = live->daemon;

	return session_count(daemon->sessions) == 0 ||
	    !scanlink_is_running(daemon->scanlink) ||
	    scanlink_look(daemon->scanlink, LIVE_QUERY, 0) != FG_ERR_BUSY;
}

static void
set_tick(struct live *live, int64_t ms)
{
	live->tick_ns = loop_now_ns() + ms * 1000000;
	loop_timer_set(live->tick, (unsigned int)ms);
}

static int64_t
interval_ms(const struct live *live)
{
	return live->daemon->rules->conf->machine.interval_s * live->second_ms;
}

/* A device comes with its parts one by one. */
static int64_t
news_ms(const struct live *live)
{
	return live->second_ms * 3 / 10;
}

static void
live_on_tick(void *arg)
{
	struct live *live = arg;

	live->soon = !live_look(live);
	set_tick(live, live->soon ? news_ms(live) : interval_ms(live));
}

/* One that comes and goes all the time puts nothing off. */
void
live_news(struct daemon *daemon)
{
	struct live *live = daemon->live;

	if (live == NULL || live->soon)
		return;
	live->soon = true;
	set_tick(live, news_ms(live));
}

/* Who reloads all the time puts nothing off, either. */
void
live_reloaded(struct daemon *daemon)
{
	struct live *live = daemon->live;

	if (live != NULL &&
	    loop_now_ns() + interval_ms(live) * 1000000 < live->tick_ns)
		set_tick(live, interval_ms(live));
}

/* Of several that came while others were told the last one counts. */
static void
live_take(struct live *live)
{
	struct daemon *daemon = live->daemon;

	live->opened = live->came_opened;
	live_known_take(&live->memory, scanlink_picture(daemon->scanlink),
	    live->opened);
	if (live->memory.nfresh == 0 || session_count(daemon->sessions) == 0)
		return;
	memset(&live->cursor, 0, sizeof(live->cursor));
	live->walking = true;
	loop_timer_set(live->step, 0);
}

static int
tell_one(const struct store_session *s, bool reserved, void *arg)
{
	struct live *live = arg;

	/* Who came since was decided by it. */
	if (!reserved && live->cursor.number <= live->opened)
		live_tell(live, s, live->cursor.number);
	return 0;
}

static void
live_on_step(void *arg)
{
	struct live *live = arg;

	bool more = sessions_some(live->daemon->sessions, &live->cursor,
	    LIVE_STEP, tell_one, live);

	if (live->unsynced)
		(void)daemon_sync(live->daemon); /* it reports */
	live->unsynced = false;
	if (more) {
		loop_timer_set(live->step, 0);
		return;
	}
	live->walking = false;
	if (live->came != live->memory.picture)
		live_take(live);
}

void
live_looked(struct daemon *daemon)
{
	const struct picture *p = scanlink_picture(daemon->scanlink);
	struct live *live = daemon->live;

	if (live == NULL || p == NULL || p->number == live->came)
		return;
	live->came = p->number;
	live->came_opened = sessions_last(daemon->sessions);
	/* What is new in it is found against the one that is told of. */
	if (!live->walking)
		live_take(live);
}

int
live_start(struct daemon *daemon)
{
	struct live *live;
	int r;

	if ((live = calloc(1, sizeof(*live))) == NULL)
		return FG_ERR_NOMEM;
	live->daemon = daemon;
	live->second_ms = LIVE_SECOND_MS;
	daemon->live = live;
	LIST_INIT(&live->endings);
	if ((r = loop_timer(daemon->loop, live_end_again, live, &live->end)) !=
		0 ||
	    (r = loop_timer(daemon->loop, live_on_tick, live, &live->tick)) !=
		0 ||
	    (r = loop_timer(daemon->loop, live_on_step, live, &live->step)) !=
		0) {
		live_stop(daemon);
		return r;
	}
	set_tick(live, news_ms(live));
	return 0;
}

void
live_stop(struct daemon *daemon)
{
	struct live *live = daemon->live;

	if (live == NULL)
		return;
	live_end_forget(live);
	loop_timer_free(live->end);
	loop_timer_free(live->tick);
	loop_timer_free(live->step);
	free(live);
	daemon->live = NULL;
}
