/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions that are to be ended for what was found. One that the scanner could
 * not end now, or not all of it, is tried again a few times, and what became
 * of it at last is recorded.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/live/live_parts.h"
#include "policyd/log.h"

#define LIVE_END_TRIES 6u /* one a second */

struct live_ending {
	LIST_ENTRY(live_ending) entry;
	struct live *live;
	struct store_session s; /* its names */
	unsigned int tries; /* that were not enough */
	bool waits; /* for the next one */
};

static struct live_ending *
find(const struct live *live, const char *ref)
{
	struct live_ending *e;

	LIST_FOREACH(e, &live->endings, entry) {
		if (strcmp(e->s.ref, ref) == 0)
			return e;
	}
	return NULL;
}

static void
done(struct live_ending *e)
{
	LIST_REMOVE(e, entry);
	free(e);
}

static void
give_up(struct live_ending *e, enum scanner_refusal refusal)
{
	bool partly = refusal == SCANNER_REFUSED_PARTLY;
	struct json *json = daemon_record(e->live->daemon, AUDIT_LIVE);

	log_crit("session %s: it was to be ended and %s (%u); see farmgatectl "
		 "sessions",
	    e->s.ref,
	    partly ? "some of it goes on" : "was not: the scanner refused",
	    (unsigned int)refusal);
	live_set_session(json, &e->s);
	json_set_string(json, "action", live_action_name(LIVE_TERMINATE));
	json_set_string(json, "outcome", partly ? "partly" : "refused");
	(void)daemon_audit(e->live->daemon, json, true); /* reported there */
	done(e);
}

/* What no other try would change is not tried again. */
static bool
may_pass(enum scanner_refusal refusal)
{
	return refusal == SCANNER_REFUSED_ERROR ||
	    refusal == SCANNER_REFUSED_PARTLY;
}

static void
on_terminated(const struct store_session *s, enum scanner_refusal refusal,
    uint32_t signalled, void *arg)
{
	struct live_ending *e = arg;

	if (refusal == SCANNER_REFUSED_NOT || refusal == SCANNER_REFUSED_GONE) {
		log_warn("session %s: ended, %u processes", s->ref, signalled);
		done(e);
		return;
	}
	if (!may_pass(refusal) || ++e->tries >= LIVE_END_TRIES) {
		give_up(e, refusal);
		return;
	}
	if (e->tries == 1)
		log_warn("session %s: it is not ended yet, and tried again",
		    s->ref);
	e->waits = true;
	if (!e->live->end_waits)
		loop_timer_set(e->live->end, (unsigned int)e->live->second_ms);
	e->live->end_waits = true;
}

static void
try_it(struct live_ending *e)
{
	e->waits = false;
	if (session_terminate(e->live->daemon->sessions, &e->s, on_terminated,
		e) == 0)
		return;
	log_crit("session %s: out of memory: it was not ended", e->s.ref);
	done(e);
}

void
live_end_again(void *arg)
{
	struct live *live = arg;
	struct live_ending *e, *next;

	live->end_waits = false;
	for (e = LIST_FIRST(&live->endings); e != NULL; e = next) {
		next = LIST_NEXT(e, entry);
		if (e->waits)
			try_it(e);
	}
}

void
live_end(struct live *live, const struct store_session *s)
{
	struct live_ending *e;

	if ((e = find(live, s->ref)) != NULL) {
		e->tries = 0; /* there is one more reason */
		return;
	}
	if ((e = calloc(1, sizeof(*e))) == NULL) {
		log_crit("session %s: out of memory: it was not ended", s->ref);
		return;
	}
	e->live = live;
	memcpy(e->s.ref, s->ref, sizeof(e->s.ref));
	memcpy(e->s.person, s->person, sizeof(e->s.person));
	memcpy(e->s.user, s->user, sizeof(e->s.user));
	memcpy(e->s.service, s->service, sizeof(e->s.service));
	LIST_INSERT_HEAD(&live->endings, e, entry);
	try_it(e);
}

void
live_end_forget(struct live *live)
{
	struct live_ending *e;

	while ((e = LIST_FIRST(&live->endings)) != NULL) {
		session_terminate_forget(live->daemon->sessions, e);
		done(e);
	}
}
