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

/* So long something that is gone is no news when it comes again. */
#define LIVE_FORGET_NS INT64_C(60000000000)

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

	live->soon = false;
	live_look(live);
	loop_timer_set(live->tick, (unsigned int)s * 1000);
}

/* One that comes and goes all the time puts nothing off. */
void
live_news(struct daemon *daemon)
{
	struct live *live = daemon->live;

	if (live == NULL || live->soon)
		return;
	live->soon = true;
	loop_timer_set(live->tick, LIVE_NEWS_MS);
}

static struct live_known *
find_known(struct live *live, const struct sign *sign)
{
	struct live_known *k;
	size_t i;

	for (i = 0; i < live->nknown; i++) {
		k = &live->known[i];
		if (k->kind == sign->kind && k->uid == sign->uid &&
		    strcmp(k->what, sign->what) == 0)
			return k;
	}
	return NULL;
}

static void
forget(struct live *live, int64_t now_ns)
{
	size_t i = 0;

	while (i < live->nknown) {
		if (now_ns - live->known[i].present_ns < LIVE_FORGET_NS)
			i++;
		else
			live->known[i] = live->known[--live->nknown];
	}
}

static struct live_known *
add_known(struct live *live, const struct sign *sign)
{
	struct live_known *k;

	if (live->nknown == LIVE_KNOWN_MAX)
		return NULL;
	k = &live->known[live->nknown++];
	memset(k, 0, sizeof(*k));
	k->kind = sign->kind;
	k->uid = sign->uid;
	memcpy(k->what, sign->what, sizeof(k->what));
	return k;
}

/*
 * Whether it was there in the picture before, and as far along: what it has
 * gone back from it may be again for a while. One that was away, however
 * shortly, is news for sessions that were opened meanwhile: those up to
 * *ret_told_s know of it. Without room to remember it, it is told again.
 */
static bool
was_there(struct live *live, const struct sign *sign, const struct picture *p,
    int64_t *ret_told_s)
{
	struct live_known *k = find_known(live, sign);
	bool was;

	*ret_told_s = 0;
	if (k == NULL && (k = add_known(live, sign)) == NULL)
		return false;
	was = k->grade >= sign->grade && k->confidence >= sign->confidence;
	if (was && k->number != live->number) {
		*ret_told_s = k->present_s;
		was = false;
	}
	k->number = p->number;
	k->present_s = p->taken_s;
	k->present_ns = p->taken_ns;
	if (sign->grade >= k->grade ||
	    p->taken_ns - k->grade_ns >= LIVE_FORGET_NS) {
		k->grade = sign->grade;
		k->grade_ns = p->taken_ns;
	}
	if (sign->confidence > k->confidence)
		k->confidence = sign->confidence;
	return was;
}

/* What is found by new rules may have been there all along. */
static void
take_fresh(struct live *live, const struct picture *p)
{
	int64_t *told_s;
	size_t i;

	forget(live, p->taken_ns);
	live->nfresh = 0;
	for (i = 0; i < p->nsigns; i++) {
		told_s = &live->fresh_told_s[live->nfresh];
		if (finding_is_live(check_sign_code(p->sign[i].kind)) &&
		    check_sign_grade(&p->sign[i]) != NULL &&
		    !was_there(live, &p->sign[i], p, told_s))
			live->fresh[live->nfresh++] = p->sign[i];
	}
	live->first = live->number == 0 || live->rules != p->rules;
	live->number = p->number;
	live->rules = p->rules;
	live->taken_s = p->taken_s;
}

static int
tell_one(const struct store_session *s, bool reserved, void *arg)
{
	struct live *live = arg;

	/* Who came since was decided by it. */
	if (!reserved && s->opened_s <= live->taken_s)
		live_tell(live, s);
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
	int r;

	if ((live = calloc(1, sizeof(*live))) == NULL)
		return FG_ERR_NOMEM;
	live->daemon = daemon;
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
	free(live);
	daemon->live = NULL;
}
