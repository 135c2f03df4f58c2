/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scanner's process: it hears what it may keep, becomes its own user,
 * proves and confines itself, and then answers. The decider parses strangers'
 * bytes and may be lost to one of them: its messages are not trusted either.
 * Whatever is not exactly what is due ends the scanner.
 */
#include "policyd/scanner/scanner.h"

#include <sys/prctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policyd/log.h"
#include "policyd/scanner/look/look.h"
#include "policyd/scanner/parts.h"
#include "policyd/scanner/remains.h"
#include "policyd/scanner/seen.h"
#include "policyd/scanner/terminate.h"
#include "proto/result.h"

/* Nothing of the decider's stays open here: no socket, no file, no lock. */
static void
close_others(int fd)
{
	if (fd < 3)
		fatal("scanner: descriptor %d cannot be the socketpair", fd);
	if ((fd > 3 && close_range(3, (unsigned int)fd - 1, 0) != 0) ||
	    close_range((unsigned int)fd + 1, ~0u, 0) != 0)
		fatal("scanner: close inherited descriptors: %s",
		    strerror(errno));
}

static void
check_socket(int fd)
{
	socklen_t len = sizeof(int);
	int type = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0)
		fatal("scanner: socketpair: %s", strerror(errno));
	if (type != SOCK_SEQPACKET)
		fatal("scanner: socketpair: of type %d, not seqpacket", type);
}

/*
 * The decider ends the scanner by closing its end. What a terminal sends to
 * the whole group is the decider's to act on.
 */
static void
reset_signals(void)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGPIPE, SIGUSR1,
		SIGUSR2 };
	static const int normal[] = { SIGTERM, SIGCHLD, SIGALRM };
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN); /* these always can be */
	for (i = 0; i < sizeof(normal) / sizeof(normal[0]); i++)
		(void)signal(normal[i], SIG_DFL);
	(void)sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0)
		fatal("scanner: signal mask: %s", strerror(errno));
}

static pid_t scanner_pid, decider_pid;

/* The reader has this as well, until it is what it is to be. */
static void
on_continued(int signo)
{
	(void)signo;
	if (getpid() == scanner_pid && getppid() != decider_pid)
		_exit(0);
}

/*
 * The socket's end is the scanner's, but one that is stopped does not see it.
 * Two signals would wake it. The kernel sends the parent's death signal as the
 * parent, which is another user by then: of all signals SIGCONT alone is let
 * through, within a session, and where Landlock can confine signals not that.
 * And by itself it sends SIGCONT to a stopped group that has lost its last tie
 * to its session: hence a group of its own.
 * A change of credentials clears the first: hence once more after the drop.
 */
static void
die_with_parent(void)
{
	if (prctl(PR_SET_PDEATHSIG, SIGCONT, 0, 0, 0) != 0)
		fatal("scanner: parent's death signal: %s", strerror(errno));
	if (getppid() != decider_pid)
		fatal("scanner: the decider is gone");
}

static void
heed_parent(pid_t parent)
{
	const struct sigaction action = { .sa_handler = on_continued,
		.sa_flags = SA_RESTART };

	scanner_pid = getpid();
	decider_pid = parent;
	if (sigaction(SIGCONT, &action, NULL) != 0)
		fatal("scanner: SIGCONT: %s", strerror(errno));
	if (setpgid(0, 0) != 0)
		fatal("scanner: process group: %s", strerror(errno));
	die_with_parent();
}

/* Returns only with a message. The decider's end closed is the end. */
static size_t
receive(int fd, void *msg, size_t size)
{
	ssize_t n;

	do {
		n = recv(fd, msg, size, MSG_TRUNC);
	} while (n == -1 && errno == EINTR);
	/* A reset is an end, too: answers of ours were left unread. */
	if (n == 0 || (n == -1 && errno == ECONNRESET))
		_exit(0);
	if (n == -1)
		fatal("scanner: receive: %s", strerror(errno));
	return (size_t)n;
}

static void
expect_size(size_t n, size_t want)
{
	if (n != want)
		fatal("scanner: a message of %zu bytes, not %zu", n, want);
}

/*
 * What it keeps is known when the decider has read the configuration. Until
 * then it is root, and takes in one number.
 */
static bool
receive_settle(int fd)
{
	struct scanner_settle settle = { 0 };

	expect_size(receive(fd, &settle, sizeof(settle)), sizeof(settle));
	if (settle.terminate > 1)
		fatal("scanner: told to settle as %u",
		    (unsigned int)settle.terminate);
	return settle.terminate == 1;
}

size_t
scanner_request_size(const struct scanner_request *req)
{
	if (req->nsessions > SCANNER_SESSIONS_MAX)
		return 0;
	return offsetof(struct scanner_request, session) +
	    req->nsessions * sizeof(req->session[0]);
}

/* Sessions come with those queries that are about some. */
static bool
has_sessions(const struct scanner_request *req)
{
	switch ((enum scanner_query)req->query) {
	case SCANNER_QUERY_REMAINS:
		return req->nsessions >= 1;
	case SCANNER_QUERY_TERMINATE:
		return req->nsessions == 1;
	case SCANNER_QUERY_PEER:
	case SCANNER_QUERY_PARENT:
	case SCANNER_QUERY_COVERAGE:
	case SCANNER_QUERY_LOOK:
	case SCANNER_QUERY_CLIENT:
	case SCANNER_QUERY_RULES:
	case SCANNER_QUERY_NONE:
	case SCANNER_NEWS:
		break;
	}
	return req->nsessions == 0;
}

/* All that the decider sends after it has settled this process. */
union scanner_message {
	struct scanner_request req;
	struct scanner_part part;
};

static void
check_request(const struct scanner_request *req, size_t n)
{
	size_t i;

	expect_size(n, scanner_request_size(req));
	if (!has_sessions(req) || req->force > 1)
		fatal("scanner: query %u cannot have %u sessions, force %u",
		    (unsigned int)req->query, (unsigned int)req->nsessions,
		    (unsigned int)req->force);
	for (i = 0; i < req->nsessions; i++) {
		if (memchr(req->session[i].cgroup, '\0',
			sizeof(req->session[i].cgroup)) == NULL)
			fatal("scanner: a cgroup without an end");
	}
}

static void
receive_message(int fd, union scanner_message *msg)
{
	size_t n;

	memset(msg, 0, sizeof(*msg));
	n = receive(fd, msg, sizeof(*msg));
	if (msg->req.query == SCANNER_QUERY_RULES)
		expect_size(n, scanner_part_size(&msg->part));
	else
		check_request(&msg->req, n);
}

/* What one scanner has from its start to its end. */
struct scanner {
	int fd;
	bool terminate;
	struct seen seen; /* who asked PAM, if it is of use to remember that */
	struct look *look;
	struct parts parts;
	struct picture picture; /* the last one */
};

static void
answer_peer(struct scanner *sc, const struct scanner_request *req,
    struct scanner_answer *ans)
{
	procs_peer(req->pid, &ans->peer);
	if (ans->peer.state != FACT_KNOWN)
		return;
	look_steered(sc->look, &ans->peer);
	if (sc->terminate)
		seen_add(&sc->seen, &ans->peer);
}

/* They may have to be ended yet. */
static void
keep_leaders(struct scanner *sc, const struct scanner_request *req)
{
	size_t i;

	for (i = 0; i < req->nsessions; i++)
		seen_keep(&sc->seen, &req->session[i].leader);
}

static void
answer_terminate(struct scanner *sc, const struct scanner_request *req,
    struct scanner_answer *ans)
{
	ans->refusal = SCANNER_REFUSED_CAP;
	keep_leaders(sc, req);
	if (sc->terminate)
		ans->refusal = terminate_session(&sc->seen, &req->session[0],
		    req->force == 1, &ans->signalled);
}

static int64_t
boot_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts); /* always there */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Many logins at once share a picture that is young enough for each. */
static void
answer_look(struct scanner *sc, const struct scanner_request *req,
    struct scanner_answer *ans)
{
	int64_t age_ns = boot_ns() - sc->picture.taken_ns;

	if (sc->picture.number == 0 ||
	    age_ns > (int64_t)req->max_age_ms * 1000000)
		look_take(sc->look, SCANNER_LOOK_MS, &sc->picture);
	ans->picture = sc->picture.number != req->have;
}

static void
answer_client(struct scanner *sc, const struct scanner_request *req,
    struct scanner_answer *ans)
{
	int r;

	r = look_client_cgroup(sc->look, &req->ends, ans->client.cgroup,
	    sizeof(ans->client.cgroup), &ans->client.uid);
	if (r == 0)
		ans->client.state = FACT_KNOWN;
	else
		ans->client.state =
		    r == FG_ERR_NOT_FOUND ? FACT_UNKNOWN : FACT_ERROR;
}

static void
answer_part(struct scanner *sc, const struct scanner_part *part,
    struct scanner_answer *ans)
{
	struct rules rules;
	int r;

	if ((r = parts_take(&sc->parts, part, &rules)) == 0) {
		look_set_rules(sc->look, &rules);
		sc->picture.number = 0; /* what it shows is of the old ones */
	}
	ans->refused = r != 0 && r != FG_ERR_BUSY;
}

static void
answer(struct scanner *sc, const union scanner_message *msg,
    struct scanner_answer *ans)
{
	const struct scanner_request *req = &msg->req;

	/* With memset, so that no stale byte of the padding goes out. */
	memset(ans, 0, sizeof(*ans));
	ans->id = req->id;
	ans->query = req->query;
	ans->peer.pid = req->pid;
	switch ((enum scanner_query)req->query) {
	case SCANNER_QUERY_PEER:
		answer_peer(sc, req, ans);
		return;
	case SCANNER_QUERY_PARENT:
		procs_parent(req->pid, &ans->peer);
		return;
	case SCANNER_QUERY_COVERAGE:
		ans->degraded = procs_coverage();
		return;
	case SCANNER_QUERY_REMAINS:
		keep_leaders(sc, req);
		remains_count(req->session, req->nsessions, ans->remains);
		return;
	case SCANNER_QUERY_TERMINATE:
		answer_terminate(sc, req, ans);
		return;
	case SCANNER_QUERY_RULES:
		answer_part(sc, &msg->part, ans);
		return;
	case SCANNER_QUERY_LOOK:
		answer_look(sc, req, ans);
		return;
	case SCANNER_QUERY_CLIENT:
		answer_client(sc, req, ans);
		return;
	case SCANNER_QUERY_NONE:
	case SCANNER_NEWS:
		break;
	}
	fatal("scanner: query %u is unknown", (unsigned int)req->query);
}

static void
transmit(int fd, const void *msg, size_t size)
{
	ssize_t n;

	do {
		n = send(fd, msg, size, MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	if (n == -1 && (errno == EPIPE || errno == ECONNRESET))
		_exit(0);
	if (n == -1)
		fatal("scanner: send: %s", strerror(errno));
}

static void
serve(struct scanner *sc)
{
	static union scanner_message msg;
	struct scanner_answer ans;

	receive_message(sc->fd, &msg);
	answer(sc, &msg, &ans);
	transmit(sc->fd, &ans, sizeof(ans));
	if (ans.picture == 1)
		transmit(sc->fd, &sc->picture, picture_size(&sc->picture));
}

/* A picture from before a device came is no answer any more. */
static void
tell_news(struct scanner *sc)
{
	struct scanner_answer news;

	if (!look_news(sc->look))
		return;
	sc->picture.taken_ns = INT64_MIN / 2;
	memset(&news, 0, sizeof(news));
	news.query = SCANNER_NEWS;
	transmit(sc->fd, &news, sizeof(news));
}

static __attribute__((noreturn)) void
scan(struct scanner *sc)
{
	struct pollfd pfd[] = { { .fd = sc->fd, .events = POLLIN },
		{ .fd = look_fd(sc->look), .events = POLLIN } };

	for (;;) {
		if (poll(pfd, 2, -1) == -1) {
			if (errno == EINTR)
				continue;
			fatal("scanner: poll: %s", strerror(errno));
		}
		if ((pfd[1].revents & POLLIN) != 0)
			tell_news(sc);
		else if (pfd[1].revents != 0)
			pfd[1].fd = -1; /* the scans tell as well, only later */
		if (pfd[0].revents != 0)
			serve(sc);
	}
}

int
scanner_settle(int fd, bool terminate)
{
	const struct scanner_settle settle = { .terminate = terminate };

	return send(fd, &settle, sizeof(settle), MSG_DONTWAIT | MSG_NOSIGNAL) ==
		sizeof(settle) ?
	    0 :
	    FG_ERR_SYSTEM;
}

void
scanner_main(int fd, const struct priv_ids *ids, enum sandbox_mode mode)
{
	static struct scanner sc;
	pid_t parent = getppid();
	int r;

	(void)prctl(PR_SET_NAME, "farmgate-scan", 0, 0, 0); /* for ps only */
	close_others(fd);
	check_socket(fd);
	reset_signals();
	heed_parent(parent);
	sc.fd = fd;
	sc.terminate = receive_settle(fd);
	priv_drop(ids, sc.terminate ? SCANNER_CAPS_TERMINATE : SCANNER_CAPS);
	die_with_parent();
	if ((r = look_new(&sc.look)) != 0)
		fatal("scanner: %s", fg_strerror(r));
	if (sandbox_apply(sc.terminate ? SANDBOX_SCANNER_TERMINATE :
					 SANDBOX_SCANNER,
		mode) != 0)
		fatal("scanner: seccomp filter: %s", strerror(errno));
	scan(&sc);
}
