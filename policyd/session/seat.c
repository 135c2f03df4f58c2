/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Seats: logins that account has allowed and whose session is not open yet.
 * They count, so that of many logins at once no more get in than may. One that
 * comes to nothing ends with the process that asked.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/session/session_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

/*
 * The child in which sshd converses ends when account has answered, and its
 * parent, the monitor, opens the session in a moment. Any other process that
 * ends has failed to log in.
 */
#define SEAT_FADE_S 10

static void
seat_free(struct seat *seat)
{
	if (seat == NULL)
		return;
	loop_unwatch(seat->watch);
	if (seat->pidfd >= 0)
		(void)close(seat->pidfd); /* nothing to lose */
	free(seat);
}

void
seat_drop(struct seat *seat)
{
	struct sessions *home = seat->home;

	TAILQ_REMOVE(seat->fading ? &home->fading : &home->seats, seat, entry);
	if (seat->counts)
		LIST_REMOVE(seat, of_who);
	home->nseats--;
	seat_free(seat);
}

/* In each queue all wait equally long: its head is the next. */
static void
expire(const struct seat_queue *queue, int64_t now_s)
{
	struct seat *seat;

	while ((seat = TAILQ_FIRST(queue)) != NULL && seat->until_s <= now_s)
		seat_drop(seat);
}

static void
seats_expire(struct sessions *sessions)
{
	int64_t now_s = session_now_s();

	expire(&sessions->seats, now_s);
	expire(&sessions->fading, now_s);
}

static void
seat_on_exit(void *arg)
{
	struct seat *seat = arg;
	struct sessions *home = seat->home;

	loop_unwatch(seat->watch);
	(void)close(seat->pidfd); /* nothing to lose */
	seat->watch = NULL;
	seat->pidfd = -1;
	TAILQ_REMOVE(&home->seats, seat, entry);
	seat->fading = true;
	seat->until_s = session_now_s() + SEAT_FADE_S;
	TAILQ_INSERT_TAIL(&home->fading, seat, entry);
}

static void
seat_tie(struct seat *seat, const struct fact_peer *peer)
{
	seat->query = 0;
	seat->peer.pid = peer->pid;
	seat->peer.start = peer->start;
	if (peer->ancestors > 0)
		seat->parent = peer->ancestor[0];
}

/* The same process, which still waits: it asks once more. */
static struct seat *
seat_of_peer(const struct sessions *sessions, const struct facts *facts)
{
	struct seat *seat;

	LIST_FOREACH(seat,
	    &sessions->seat_whos[session_bucket_of(fact_who(facts))], of_who) {
		if (!seat->fading && seat->pidfd >= 0 &&
		    seat->peer.pid == facts->peer.pid &&
		    strcmp(seat->s.person, fact_who(facts)) == 0)
			return seat;
	}
	return NULL;
}

static void
seat_add(struct sessions *sessions, struct seat *seat)
{
	struct seat *old;

	TAILQ_INSERT_TAIL(&sessions->seats, seat, entry);
	sessions->nseats++;
	if (seat->counts)
		LIST_INSERT_HEAD(&sessions->seat_whos
				      [session_bucket_of(seat->s.person)],
		    seat, of_who);
	/* Who cannot be remembered is decided again at the open. */
	if (sessions->nseats > SESSION_SEATS_MAX &&
	    ((old = TAILQ_FIRST(&sessions->fading)) != NULL ||
		(old = TAILQ_FIRST(&sessions->seats)) != NULL))
		seat_drop(old);
}

int
session_reserve(struct sessions *sessions, const struct facts *facts,
    const struct session_seat *as)
{
	struct seat *seat = NULL, *old;
	int pidfd = as->pidfd, r = 0;

	if (facts->peer.state != FACT_KNOWN && facts->peer.state != FACT_NONE)
		goto out; /* nothing to tie it to: decided again */
	r = FG_ERR_NOMEM;
	if ((seat = calloc(1, sizeof(*seat))) == NULL)
		goto out;
	seat->home = sessions;
	seat->pidfd = -1;
	seat->counts = service_has_sessions(facts->kind);
	session_describe(sessions, facts, &seat->s);
	(void)text_copy(seat->s.ref, sizeof(seat->s.ref), as->ref);
	seat->refused = as->refused;
	seat->proof = facts->proof;
	seat->peer.pid = facts->peer.pid;
	if (facts->peer.state == FACT_KNOWN)
		seat_tie(seat, &facts->peer);
	else
		seat->query = as->query;
	seat->until_s = session_now_s() + SESSION_SEAT_S;
	if (pidfd >= 0 &&
	    (r = loop_watch(sessions->loop, pidfd, seat_on_exit, seat,
		 &seat->watch)) != 0)
		goto out;
	seat->pidfd = pidfd;
	pidfd = -1;
	seats_expire(sessions);
	if (seat->counts && (old = seat_of_peer(sessions, facts)) != NULL)
		seat_drop(old);
	seat_add(sessions, seat);
	seat = NULL;
	r = 0;
out:
	if (pidfd >= 0)
		(void)close(pidfd); /* nothing to lose */
	seat_free(seat);
	return r;
}

static struct seat *
seat_of_query(const struct seat_queue *queue, uint64_t query)
{
	struct seat *seat;

	/* The one that waits is among the newest. */
	TAILQ_FOREACH_REVERSE(seat, queue, seat_queue, entry) {
		if (seat->query == query)
			return seat;
	}
	return NULL;
}

void
session_learn(struct sessions *sessions, uint64_t query,
    const struct fact_peer *peer)
{
	struct seat *seat;

	if ((seat = seat_of_query(&sessions->seats, query)) == NULL &&
	    (seat = seat_of_query(&sessions->fading, query)) == NULL)
		return;
	/* The child that sshd asks from may have ended by now: see below. */
	seat->query = 0;
	if (peer->state == FACT_KNOWN)
		seat_tie(seat, peer);
	else
		seat->peer.pid = 0;
}

/*
 * The process that asked has not ended, so its number is nobody else's: that
 * needs no scanner, which may be late.
 */
static bool
is_still_there(const struct seat *seat, const struct facts *facts)
{
	struct pollfd pfd = { .fd = seat->pidfd, .events = POLLIN };

	return !seat->fading && seat->pidfd >= 0 &&
	    seat->peer.pid == facts->peer.pid && poll(&pfd, 1, 0) == 0;
}

/*
 * By the process, where it is there still, or the scanner found the one that
 * asked and the one that asks now. Where it did not, whoever knows the
 * reference has to come from the same place: then nothing is to be won by
 * knowing it.
 */
static bool
seat_is_of(const struct seat *seat, const struct facts *facts)
{
	const struct fact_process peer = { .pid = facts->peer.pid,
		.start = facts->peer.start };
	const struct store_session *s = &seat->s;

	if (strcmp(s->ref, facts->login.ref) != 0 ||
	    strcmp(s->service, facts->login.service) != 0 ||
	    s->kind != facts->kind)
		return false;
	if (s->kind != SERVICE_NESTED &&
	    strcmp(s->user, facts->login.user) != 0)
		return false;
	if (is_still_there(seat, facts))
		return true;
	if (seat->query != 0)
		return false;
	if (seat->peer.pid == 0 || facts->peer.state != FACT_KNOWN)
		return session_same_origin(&s->origin, &facts->origin);
	return session_same_process(&seat->peer, &peer) ||
	    session_same_process(&seat->parent, &peer);
}

struct seat *
seat_find(const struct sessions *sessions, const struct facts *facts)
{
	struct seat *seat;

	if (facts->login.ref[0] == '\0')
		return NULL;
	/* The one that asked in a child is fading by now. */
	TAILQ_FOREACH(seat, &sessions->fading, entry) {
		if (seat_is_of(seat, facts))
			return seat;
	}
	TAILQ_FOREACH(seat, &sessions->seats, entry) {
		if (seat_is_of(seat, facts))
			return seat;
	}
	return NULL;
}

void
session_proof(struct sessions *sessions, const struct facts *facts,
    struct fact_proof *ret_proof)
{
	const struct seat *seat;

	seats_expire(sessions);
	*ret_proof = (struct fact_proof){ .state = FACT_UNKNOWN };
	if ((seat = seat_find(sessions, facts)) != NULL)
		*ret_proof = seat->proof;
}

bool
session_was_refused(struct sessions *sessions, const struct facts *facts)
{
	const struct seat *seat;

	seats_expire(sessions);
	return (seat = seat_find(sessions, facts)) != NULL && seat->refused;
}

int
session_claim(struct sessions *sessions, struct facts *facts)
{
	struct seat *seat;

	seats_expire(sessions);
	if ((seat = seat_find(sessions, facts)) == NULL)
		return FG_ERR_NOT_FOUND;
	facts->origin = seat->s.origin;
	facts->where = seat->s.where;
	seat_drop(seat);
	return 0;
}
