/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queries to the scanner and its answers, and the memory of its deaths: three
 * within a minute and the daemon does without it, loudly.
 */
#include "policyd/scanlink.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SCANLINK_DEATHS	  3 /* within SCANLINK_WINDOW_S: degraded */
#define SCANLINK_WINDOW_S 60
#define SCANLINK_STALL_MS 3000u /* the first unanswered query's age */
#define SCANLINK_FILE	  "scanner.deaths"

enum scanlink_mode {
	SCANLINK_LOST = 0,
	SCANLINK_RUNNING,
	SCANLINK_DEGRADED
};

/* The file's whole content: the wall clock of the last deaths, oldest first. */
struct scanlink_deaths {
	int64_t at_s[SCANLINK_DEATHS];
};

struct scanlink {
	int fd;
	enum scanlink_mode mode;
	bool tested; /* the self-test has answered */
	uint32_t degraded; /* its SCANNER_DEGRADED_* bits */
	char path[4096];
	struct loop_watch *watch;
	struct loop_timer *stall;
	uint64_t asked; /* queries, ever */
	uint64_t answered;
	struct scanlink_calls calls;
};

static void
scanlink_read_deaths(const char *path, struct scanlink_deaths *ret_deaths)
{
	struct scanlink_deaths deaths;
	int fd;

	memset(ret_deaths, 0, sizeof(*ret_deaths));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (read(fd, &deaths, sizeof(deaths)) == (ssize_t)sizeof(deaths))
		*ret_deaths = deaths;
	(void)close(fd); /* only read */
}

static void
scanlink_record_death(const char *path)
{
	struct scanlink_deaths deaths;
	int fd;

	scanlink_read_deaths(path, &deaths);
	memmove(&deaths.at_s[0], &deaths.at_s[1],
	    sizeof(deaths.at_s) - sizeof(deaths.at_s[0]));
	deaths.at_s[SCANLINK_DEATHS - 1] = time(NULL);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 ||
	    write(fd, &deaths, sizeof(deaths)) != (ssize_t)sizeof(deaths))
		log_warn("scanner: record its death in %s: %s", path,
		    strerror(errno));
	if (fd >= 0)
		(void)close(fd); /* at worst a restart too many */
}

/* Stamps of a clock that was ahead say nothing. */
static bool
scanlink_dies_too_often(const char *path)
{
	struct scanlink_deaths deaths;
	int64_t now = time(NULL);
	size_t i;

	scanlink_read_deaths(path, &deaths);
	for (i = 0; i < SCANLINK_DEATHS; i++) {
		if (deaths.at_s[i] > now ||
		    deaths.at_s[i] <= now - SCANLINK_WINDOW_S)
			return false;
	}
	return true;
}

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
	scanlink_record_death(link->path);
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
		if (answer->refusal > SCANNER_REFUSED_LAST)
			return false;
		calls->terminated(answer->id,
		    (enum scanner_refusal)answer->refusal, answer->signalled,
		    calls->arg);
		return true;
	case SCANNER_QUERY_NONE:
		break;
	}
	return false;
}

static void
scanlink_on_readable(void *arg)
{
	struct scanlink *link = arg;
	struct scanner_answer answer;
	ssize_t n;

	n = recv(link->fd, &answer, sizeof(answer), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* A short answer means that it is not our scanner any more. */
	if (n != (ssize_t)sizeof(answer)) {
		scanlink_lost(link);
		return;
	}
	if (++link->answered == link->asked)
		loop_timer_clear(link->stall);
	else
		loop_timer_set(link->stall, SCANLINK_STALL_MS);
	if (!scanlink_take(link, &answer))
		scanlink_lost(link);
}

static int
scanlink_ask(struct scanlink *link, const struct scanner_request *request)
{
	size_t len = scanner_request_size(request);

	if (link->fd < 0)
		return FG_ERR_CLOSED;
	if (send(link->fd, request, len, MSG_DONTWAIT | MSG_NOSIGNAL) !=
	    (ssize_t)len)
		return errno == EAGAIN ? FG_ERR_BUSY : FG_ERR_CLOSED;
	if (link->asked++ == link->answered)
		loop_timer_set(link->stall, SCANLINK_STALL_MS);
	return 0;
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
	if (scanlink_dies_too_often(link->path)) {
		log_crit("scanner: it died %d times within %d s; going on "
			 "without it, every login has remote.unknown",
		    SCANLINK_DEATHS, SCANLINK_WINDOW_S);
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

const char *
scanlink_coverage(const struct scanlink *link)
{
	if (link->mode != SCANLINK_RUNNING)
		return "none";
	if (!link->tested)
		return "unknown";
	if (link->degraded & SCANNER_DEGRADED_PROC)
		return "/proc is no full procfs";
	if (link->degraded & SCANNER_DEGRADED_EXE)
		return "cannot read /proc/1/exe";
	if (link->degraded & SCANNER_DEGRADED_PIDNS)
		return "only this pid namespace";
	return "full";
}
