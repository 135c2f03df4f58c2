/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queries to the scanner and its answers, and the memory of its deaths: three
 * within a minute and the daemon does without it, loudly.
 */
#include "policyd/machine/scanlink.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "policyd/log.h"
#include "policyd/machine/deaths.h"
#include "policyd/machine/scanlink_valid.h"
#include "policyd/scanner/parts.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SCANLINK_STALL_MS 3000u /* the first unanswered query's age */
#define SCANLINK_FILE	  "scanner.deaths"

enum scanlink_mode {
	SCANLINK_LOST = 0,
	SCANLINK_RUNNING,
	SCANLINK_DEGRADED
};

struct scanlink {
	int fd;
	enum scanlink_mode mode;
	bool tested; /* the self-test has answered */
	uint32_t degraded; /* its SCANNER_DEGRADED_* bits */
	char path[4096];
	struct loop_watch *watch;
	struct loop_timer *stall;
	uint64_t pending; /* queries without an answer, ... */
	uint64_t pending_of[SCANNER_NEWS]; /* ... and of each kind */
	struct picture picture; /* the last one; .number 0: none */
	struct picture next; /* as it comes in */
	bool outdated; /* a device came or went since */
	bool expected; /* a picture is the next message, ... */
	uint64_t expected_id; /* ... for this query */
	struct rules rules; /* what is being sent */
	size_t sent; /* of entries and rules */
	bool unsent; /* there is more of them */
	bool blind; /* it knows of none, or not of the last ones */
	bool part_sent; /* and one part has no answer yet */
	struct scanlink_calls calls;
};

static void
scanlink_close(struct scanlink *link)
{
	loop_unwatch(link->watch);
	loop_timer_free(link->stall);
	link->watch = NULL;
	link->stall = NULL;
	if (link->fd >= 0)
		(void)close(link->fd); /* that is what ends the scanner */
	link->fd = -1;
}

static void
scanlink_lost(struct scanlink *link)
{
	log_crit("scanner: it is gone");
	scanlink_close(link);
	link->mode = SCANLINK_LOST;
	deaths_add(link->path);
	link->calls.lost(link->calls.arg);
}

/* A scanner that is stopped is as good as dead, and easier to overlook. */
static void
scanlink_on_stall(void *arg)
{
	struct scanlink *link = arg;

	log_crit("scanner: no answer for %u s", SCANLINK_STALL_MS / 1000);
	scanlink_lost(link);
}

static void
scanlink_tested(struct scanlink *link, uint32_t degraded)
{
	link->tested = true;
	link->degraded = degraded;
	if (degraded != 0)
		log_warn("scanner: coverage is degraded: %s",
		    scanlink_coverage(link));
}

static int
scanlink_send(struct scanlink *link, enum scanner_query query, const void *msg,
    size_t len)
{
	if (link->fd < 0)
		return FG_ERR_CLOSED;
	if (send(link->fd, msg, len, MSG_DONTWAIT | MSG_NOSIGNAL) !=
	    (ssize_t)len)
		return errno == EAGAIN ? FG_ERR_BUSY : FG_ERR_CLOSED;
	if (link->pending++ == 0 && !link->expected)
		loop_timer_set(link->stall, SCANLINK_STALL_MS);
	link->pending_of[query]++;
	return 0;
}

/* Where its end of the pair is full, at the next answer of any kind. */
static void
scanlink_send_part(struct scanlink *link)
{
	static struct scanner_part part;

	if (!link->unsent || link->part_sent)
		return;
	parts_fill(&link->rules, link->sent, &part);
	if (scanlink_send(link, SCANNER_QUERY_RULES, &part,
		scanner_part_size(&part)) != 0)
		return;
	link->part_sent = true;
	link->sent += part.n;
	link->unsent = link->sent < link->rules.nentries + link->rules.nrules;
}

/* Taken whole or not at all. What was refused may be of rules that are over. */
static void
scanlink_part_taken(struct scanlink *link, bool refused)
{
	link->part_sent = false;
	if (refused)
		log_crit("scanner: the catalogue was refused; what it looks "
			 "for is what it looked for before");
	if (refused && link->sent > 0)
		link->unsent = false;
	if (link->unsent)
		return;
	link->blind = refused;
	rules_done(&link->rules);
}

/* False: no scanner of ours says that. */
static bool
scanlink_take(struct scanlink *link, const struct scanner_answer *answer)
{
	const struct scanlink_calls *calls = &link->calls;

	switch ((enum scanner_query)answer->query) {
	case SCANNER_QUERY_COVERAGE:
		scanlink_tested(link, answer->degraded);
		return true;
	case SCANNER_QUERY_PEER:
	case SCANNER_QUERY_PARENT:
		calls->answer(answer->id, &answer->peer, calls->arg);
		return true;
	case SCANNER_QUERY_REMAINS:
		calls->remains(answer->id, answer->remains, calls->arg);
		return true;
	case SCANNER_QUERY_TERMINATE:
		calls->terminated(answer->id,
		    (enum scanner_refusal)answer->refusal, answer->signalled,
		    calls->arg);
		return true;
	case SCANNER_QUERY_RULES:
		scanlink_part_taken(link, answer->refused != 0);
		return true;
	case SCANNER_QUERY_LOOK:
		link->expected_id = answer->id;
		if (!link->expected)
			calls->looked(answer->id, calls->arg);
		return true;
	case SCANNER_QUERY_CLIENT:
		calls->client(answer->id, &answer->client, calls->arg);
		return true;
	case SCANNER_NEWS:
		link->outdated = true;
		calls->news(calls->arg);
		return true;
	case SCANNER_QUERY_NONE:
		break;
	}
	return false;
}

static int64_t
scanlink_boot_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts); /* always there */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Also a picture that was promised is something to wait for. */
static void
scanlink_wait(struct scanlink *link)
{
	if (link->pending == 0 && !link->expected)
		loop_timer_clear(link->stall);
	else
		loop_timer_set(link->stall, SCANLINK_STALL_MS);
}

/* It answers no query by itself: the message before it did. */
static bool
scanlink_take_picture(struct scanlink *link, size_t len)
{
	if (!scanlink_picture_is_valid(&link->next, len, scanlink_boot_ns()))
		return false;
	memcpy(&link->picture, &link->next, len);
	link->expected = false;
	link->outdated = false;
	scanlink_wait(link);
	link->calls.looked(link->expected_id, link->calls.arg);
	return true;
}

/* False: nobody has asked for it, or for another thing. */
static bool
scanlink_count(struct scanlink *link, const struct scanner_answer *answer)
{
	if (answer->query == SCANNER_NEWS)
		return true;
	if (answer->query > SCANNER_NEWS ||
	    link->pending_of[answer->query] == 0)
		return false;
	link->pending_of[answer->query]--;
	link->pending--;
	return true;
}

static bool
scanlink_hear(struct scanlink *link, const struct scanner_answer *answer)
{
	if (!scanlink_answer_is_valid(answer) || !scanlink_count(link, answer))
		return false;
	link->expected =
	    answer->query == SCANNER_QUERY_LOOK && answer->picture != 0;
	/* What nobody has asked for puts nothing off. */
	if (answer->query != SCANNER_NEWS)
		scanlink_wait(link);
	return scanlink_take(link, answer);
}

static void
scanlink_on_readable(void *arg)
{
	struct scanlink *link = arg;
	struct scanner_answer answer;
	bool expected = link->expected;
	ssize_t n;

	n = recv(link->fd, expected ? (void *)&link->next : (void *)&answer,
	    expected ? sizeof(link->next) : sizeof(answer),
	    MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* Another size means that it is not our scanner any more. */
	if (expected ? n < 0 : n != (ssize_t)sizeof(answer)) {
		scanlink_lost(link);
		return;
	}
	if (expected ? !scanlink_take_picture(link, (size_t)n) :
		       !scanlink_hear(link, &answer))
		scanlink_lost(link);
	else
		scanlink_send_part(link);
}

static int
scanlink_ask(struct scanlink *link, const struct scanner_request *request)
{
	return scanlink_send(link, (enum scanner_query)request->query, request,
	    scanner_request_size(request));
}

int
scanlink_new(struct loop *loop, int fd, const char *state,
    const struct scanlink_calls *calls, struct scanlink **ret_link)
{
	const struct scanner_request test = { .query = SCANNER_QUERY_COVERAGE };
	struct scanlink *link;
	int r;

	*ret_link = NULL;
	if ((link = calloc(1, sizeof(*link))) == NULL)
		return FG_ERR_NOMEM;
	link->fd = fd;
	link->calls = *calls;
	if ((r = text_format(link->path, sizeof(link->path), "%s/%s", state,
		 SCANLINK_FILE)) != 0 ||
	    (r = loop_timer(loop, scanlink_on_stall, link, &link->stall)) !=
		0 ||
	    (r = loop_watch(loop, fd, scanlink_on_readable, link,
		 &link->watch)) != 0) {
		scanlink_free(link);
		return r;
	}
	link->mode = SCANLINK_RUNNING;
	if (deaths_are_many(link->path)) {
		log_crit("scanner: it died %d times within %d s; going on "
			 "without it, every login has remote.unknown",
		    DEATHS_MANY, DEATHS_WINDOW_S);
		scanlink_close(link);
		link->mode = SCANLINK_DEGRADED;
	}
	(void)scanlink_ask(link, &test); /* its loss shows by itself */
	*ret_link = link;
	return 0;
}

void
scanlink_free(struct scanlink *link)
{
	if (link == NULL)
		return;
	scanlink_close(link);
	rules_done(&link->rules);
	free(link);
}

int
scanlink_peer(struct scanlink *link, uint64_t id, int32_t pid)
{
	const struct scanner_request request = {
		.id = id, .query = SCANNER_QUERY_PEER, .pid = pid
	};

	return scanlink_ask(link, &request);
}

int
scanlink_parent(struct scanlink *link, uint64_t id, int32_t pid)
{
	const struct scanner_request request = {
		.id = id, .query = SCANNER_QUERY_PARENT, .pid = pid
	};

	return scanlink_ask(link, &request);
}

int
scanlink_remains(struct scanlink *link, uint64_t id,
    const struct scanner_session *list, size_t n)
{
	struct scanner_request request = { .id = id,
		.query = SCANNER_QUERY_REMAINS,
		.nsessions = (uint32_t)n };

	assert(n >= 1 && n <= SCANNER_SESSIONS_MAX);
	memcpy(request.session, list, n * sizeof(*list));
	return scanlink_ask(link, &request);
}

int
scanlink_terminate(struct scanlink *link, uint64_t id,
    const struct scanner_session *session, bool force)
{
	const struct scanner_request request = { .id = id,
		.query = SCANNER_QUERY_TERMINATE,
		.force = force,
		.nsessions = 1,
		.session = { *session } };

	return scanlink_ask(link, &request);
}

int
scanlink_look(struct scanlink *link, uint64_t id, uint32_t max_age_ms)
{
	const struct scanner_request request = { .id = id,
		.query = SCANNER_QUERY_LOOK,
		.max_age_ms = max_age_ms,
		.have = link->picture.number };

	return scanlink_ask(link, &request);
}

const struct picture *
scanlink_picture(const struct scanlink *link)
{
	return link->picture.number == 0 ? NULL : &link->picture;
}

int
scanlink_client(struct scanlink *link, uint64_t id,
    const struct look_ends *ends)
{
	const struct scanner_request request = {
		.id = id, .query = SCANNER_QUERY_CLIENT, .ends = *ends
	};

	return scanlink_ask(link, &request);
}

void
scanlink_set_rules(struct scanlink *link, struct rules *rules)
{
	rules_done(&link->rules);
	link->rules = *rules;
	memset(rules, 0, sizeof(*rules));
	link->sent = 0;
	link->unsent = true;
	link->blind |= link->picture.rules == 0; /* until they are taken */
	scanlink_send_part(link);
}

static int64_t
scanlink_patience_ns(void)
{
	return scanlink_boot_ns() + SCANLINK_STALL_MS * INT64_C(1000000);
}

/* Each part has its time, whatever else is said meanwhile. */
void
scanlink_await_rules(struct scanlink *link)
{
	struct pollfd pfd = { .events = POLLIN };
	int64_t ms, until_ns = scanlink_patience_ns();
	size_t sent = link->sent;

	while (link->fd >= 0 && (link->unsent || link->part_sent)) {
		if (link->sent != sent)
			until_ns = scanlink_patience_ns();
		sent = link->sent;
		ms = (until_ns - scanlink_boot_ns()) / 1000000;
		pfd.fd = link->fd;
		if (ms <= 0)
			scanlink_on_stall(link);
		else if (poll(&pfd, 1, (int)ms) > 0)
			scanlink_on_readable(link);
	}
}

bool
scanlink_is_blind(const struct scanlink *link)
{
	return link->blind;
}

bool
scanlink_is_outdated(const struct scanlink *link)
{
	return link->outdated;
}

bool
scanlink_is_running(const struct scanlink *link)
{
	return link->mode == SCANLINK_RUNNING;
}

const char *
scanlink_state(const struct scanlink *link)
{
	switch (link->mode) {
	case SCANLINK_LOST:
		return "lost";
	case SCANLINK_RUNNING:
		return "running";
	case SCANLINK_DEGRADED:
		return "degraded";
	}
	return "lost";
}

static const char *
coverage_of(const struct scanlink *link, uint32_t degraded)
{
	if (link->mode != SCANLINK_RUNNING)
		return "none";
	if (!link->tested)
		return "unknown";
	return procs_coverage_name(degraded);
}

const char *
scanlink_lacks(const struct scanlink *link, bool contained)
{
	uint32_t degraded = link->degraded;

	if (contained)
		degraded &= ~SCANNER_DEGRADED_PIDNS;
	return degraded == 0 ? NULL : coverage_of(link, degraded);
}

const char *
scanlink_coverage(const struct scanlink *link)
{
	return coverage_of(link, link->degraded);
}
