/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the machine is looked at while sessions are open, and what of it is new.
 * Many sessions are told of it a few at a time, and logins go on in between.
 */
#include "policyd/live/live.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/check/check_sign.h"
#include "policyd/live/live_parts.h"
#include "policyd/scanlink.h"
#include "proto/result.h"

#define LIVE_QUERY   0 /* no connection has that id */
#define LIVE_NEWS_MS 300 /* a device comes with its parts one by one */
#define LIVE_STEP    64u /* sessions in one turn of the loop */

static void
live_look(struct live *live)
{
	struct daemon *daemon = live->daemon;

	if (session_count(daemon->sessions) > 0 &&
	    scanlink_is_running(daemon->scanlink))
		(void)scanlink_look(daemon->scanlink, LIVE_QUERY, 0);
}

/* Busy as the scanner may be, it is asked again the next time. */
static void
live_on_tick(void *arg)
{
	struct live *live = arg;
	int64_t s = live->daemon->rules->conf->machine.interval_s;

	live_look(live);
	loop_timer_set(live->tick, (unsigned int)s * 1000);
}

void
live_news(struct daemon *daemon)
{
	if (daemon->live != NULL)
		loop_timer_set(daemon->live->tick, LIVE_NEWS_MS);
}

/* It was there, and as far along. */
static bool
was_there(const struct live *live, const struct sign *sign)
{
	const struct sign *s;
	size_t i;

	for (i = 0; i < live->nlast; i++) {
		s = &live->last[i];
		if (s->kind == sign->kind && s->owner == sign->owner &&
		    s->uid == sign->uid && strcmp(s->what, sign->what) == 0)
			return s->grade >= sign->grade &&
			    s->confidence >= sign->confidence;
	}
	return false;
}

static void
take_fresh(struct live *live, const struct picture *p)
{
	size_t i;

	live->nfresh = 0;
	for (i = 0; i < p->nsigns; i++)
		if (finding_is_live(check_sign_code(p->sign[i].kind)) &&
		    check_sign_grade(&p->sign[i]) != NULL &&
		    !was_there(live, &p->sign[i]))
			live->fresh[live->nfresh++] = p->sign[i];
	live->first = live->number == 0;
	live->number = p->number;
	live->nlast = p->nsigns;
	memcpy(live->last, p->sign, p->nsigns * sizeof(p->sign[0]));
}

static int
tell_one(const struct store_session *s, bool reserved, void *arg)
{
	if (!reserved)
		live_tell(arg, s);
	return 0;
}

static void
live_on_step(void *arg)
{
	struct live *live = arg;

	if (sessions_some(live->daemon->sessions, &live->cursor, LIVE_STEP,
		tell_one, live)) {
		loop_timer_set(live->step, 0);
		return;
	}
	live->walking = false;
	if (live->again)
		live_looked(live->daemon);
}

void
live_looked(struct daemon *daemon)
{
	const struct picture *p = scanlink_picture(daemon->scanlink);
	struct live *live = daemon->live;

	if (live == NULL || p == NULL || p->number == live->number)
		return;
	/* What is new in it is found against the one that is told of. */
	live->again = live->walking;
	if (live->walking)
		return;
	take_fresh(live, p);
	if (live->nfresh == 0 || session_count(daemon->sessions) == 0)
		return;
	memset(&live->cursor, 0, sizeof(live->cursor));
	live->walking = true;
	loop_timer_set(live->step, 0);
}

int
live_start(struct daemon *daemon)
{
	struct live *live;
	size_t i;
	int r;

	if ((live = calloc(1, sizeof(*live))) == NULL)
		return FG_ERR_NOMEM;
	live->daemon = daemon;
	for (i = 0; i < LIVE_BUCKETS; i++)
		LIST_INIT(&live->opened[i]);
	daemon->live = live;
	if ((r = loop_timer(daemon->loop, live_on_tick, live, &live->tick)) !=
		0 ||
	    (r = loop_timer(daemon->loop, live_on_step, live, &live->step)) !=
		0) {
		live_stop(daemon);
		return r;
	}
	loop_timer_set(live->tick, LIVE_NEWS_MS);
	return 0;
}

void
live_stop(struct daemon *daemon)
{
	struct live *live = daemon->live;

	if (live == NULL)
		return;
	session_terminate_forget(daemon->sessions, live);
	loop_timer_free(live->tick);
	loop_timer_free(live->step);
	live_policies_free(live);
	free(live);
	daemon->live = NULL;
}
