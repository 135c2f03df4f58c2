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
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "policyd/log.h"
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

/* A change of credentials clears this: hence once more after the drop. */
static void
die_with_parent(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		fatal("scanner: parent's death signal: %s", strerror(errno));
	if (getppid() != parent)
		fatal("scanner: the decider is gone");
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
	case SCANNER_QUERY_NONE:
		break;
	}
	return req->nsessions == 0;
}

static void
receive_request(int fd, struct scanner_request *req)
{
	size_t i, n;

	memset(req, 0, sizeof(*req));
	n = receive(fd, req, sizeof(*req));
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

/* Who asked PAM, if it is of use to remember that. */
static struct seen seen;

static void
answer_peer(const struct scanner_request *req, bool terminate,
    struct scanner_answer *ans)
{
	procs_peer(req->pid, &ans->peer);
	if (terminate && ans->peer.state == FACT_KNOWN)
		seen_add(&seen, &ans->peer);
}

static void
answer_terminate(const struct scanner_request *req, bool may,
    struct scanner_answer *ans)
{
	ans->refusal = SCANNER_REFUSED_CAP;
	if (may)
		ans->refusal = terminate_session(&seen, &req->session[0],
		    req->force == 1, &ans->signalled);
}

static void
answer(const struct scanner_request *req, bool terminate,
    struct scanner_answer *ans)
{
	/* With memset, so that no stale byte of the padding goes out. */
	memset(ans, 0, sizeof(*ans));
	ans->id = req->id;
	ans->query = req->query;
	ans->peer.pid = req->pid;
	switch ((enum scanner_query)req->query) {
	case SCANNER_QUERY_PEER:
		answer_peer(req, terminate, ans);
		return;
	case SCANNER_QUERY_PARENT:
		procs_parent(req->pid, &ans->peer);
		return;
	case SCANNER_QUERY_COVERAGE:
		ans->degraded = procs_coverage();
		return;
	case SCANNER_QUERY_REMAINS:
		remains_count(req->session, req->nsessions, ans->remains);
		return;
	case SCANNER_QUERY_TERMINATE:
		answer_terminate(req, terminate, ans);
		return;
	case SCANNER_QUERY_NONE:
		break;
	}
	fatal("scanner: query %u is unknown", (unsigned int)req->query);
}

static void
transmit(int fd, const struct scanner_answer *ans)
{
	ssize_t n;

	do {
		n = send(fd, ans, sizeof(*ans), MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	if (n == -1 && (errno == EPIPE || errno == ECONNRESET))
		_exit(0);
	if (n == -1)
		fatal("scanner: send: %s", strerror(errno));
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
	struct scanner_request req;
	struct scanner_answer ans;
	pid_t parent = getppid();
	bool terminate;

	(void)prctl(PR_SET_NAME, "farmgate-scan", 0, 0, 0); /* for ps only */
	close_others(fd);
	check_socket(fd);
	reset_signals();
	die_with_parent(parent);
	terminate = receive_settle(fd);
	priv_drop(ids, terminate ? SCANNER_CAPS_TERMINATE : SCANNER_CAPS);
	die_with_parent(parent);
	if (sandbox_apply(terminate ? SANDBOX_SCANNER_TERMINATE :
				      SANDBOX_SCANNER,
		mode) != 0)
		fatal("scanner: seccomp filter: %s", strerror(errno));
	for (;;) {
		receive_request(fd, &req);
		answer(&req, terminate, &ans);
		transmit(fd, &ans);
	}
}
