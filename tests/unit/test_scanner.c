/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scanner as a process: who it is after its start, that it answers, and
 * each way in which it ends. Its filter kills here, so that a call which it
 * needs and may not make shows.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/privilege/sandbox.h"
#include "policyd/scanner/scanner.h"
#include "proto/result.h"
#include "tests/unit/child.h"

#define TEST_UID  61234u
#define TEST_GID  61235u
#define OTHER_UID 61236u

static const struct priv_ids ids = { TEST_UID, TEST_GID };

struct scanner {
	pid_t pid;
	int fd;
};

/* Not settled yet: it waits as root. */
static struct scanner
start_waiting(int type)
{
	struct scanner s;
	int fd[2];

	CHECK(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fd) == 0);
	CHECK((s.pid = fork()) != -1);
	if (s.pid == 0)
		scanner_main(fd[1], &ids, SANDBOX_KILL);
	CHECK(close(fd[1]) == 0);
	s.fd = fd[0];
	return s;
}

static struct scanner
start_settled(bool terminate)
{
	struct scanner s = start_waiting(SOCK_SEQPACKET);

	CHECK(scanner_settle(s.fd, terminate) == 0);
	return s;
}

static struct scanner
start(void)
{
	return start_settled(false);
}

static int
end_of(const struct scanner *s)
{
	int status = -1;

	CHECK(waitpid(s->pid, &status, 0) == s->pid);
	return status;
}

static void
expect_end(const struct scanner *s, int code)
{
	int status = end_of(s);

	CHECK(WIFEXITED(status));
	CHECK(WEXITSTATUS(status) == code);
}

static void
ask_request(const struct scanner *s, struct scanner_request *req,
    struct scanner_answer *ret_answer)
{
	size_t len = scanner_request_size(req);

	req->id = UINT64_C(0xfeedf00d0badcafe);
	CHECK(send(s->fd, req, len, MSG_NOSIGNAL) == (ssize_t)len);
	CHECK(recv(s->fd, ret_answer, sizeof(*ret_answer), 0) ==
	    sizeof(*ret_answer));
	CHECK(ret_answer->id == req->id);
	CHECK(ret_answer->query == req->query);
}

static void
ask(const struct scanner *s, uint32_t query, int32_t pid,
    struct scanner_answer *ret_answer)
{
	struct scanner_request req = { .query = query, .pid = pid };

	ask_request(s, &req, ret_answer);
}

static void
answers(void *arg)
{
	struct scanner s = start();
	struct scanner_answer ans;
	struct fact_peer own;

	(void)arg;
	memset(&own, 0, sizeof(own));
	own.pid = (int32_t)getpid();
	procs_peer(own.pid, &own);
	ask(&s, SCANNER_QUERY_PEER, own.pid, &ans);
	CHECK(ans.peer.state == FACT_KNOWN);
	CHECK(memcmp(&ans.peer, &own, sizeof(own)) == 0);
	memset(&own, 0, sizeof(own));
	own.pid = (int32_t)getpid();
	procs_parent(own.pid, &own);
	ask(&s, SCANNER_QUERY_PARENT, own.pid, &ans);
	CHECK(ans.peer.state == FACT_KNOWN);
	CHECK(memcmp(&ans.peer, &own, sizeof(own)) == 0);
	ask(&s, SCANNER_QUERY_PEER, 4194304, &ans);
	CHECK(ans.peer.state == FACT_ERROR);
	CHECK(ans.peer.pid == 4194304);
	ask(&s, SCANNER_QUERY_PEER, -1, &ans);
	CHECK(ans.peer.state == FACT_ERROR);
	ask(&s, SCANNER_QUERY_COVERAGE, 0, &ans);
	CHECK(ans.degraded == procs_coverage());
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

/* As many as there can be, of this process: one thing or the other. */
static void
tells_what_remains(void *arg)
{
	struct scanner s = start();
	struct scanner_request req = { .query = SCANNER_QUERY_REMAINS,
		.nsessions = SCANNER_SESSIONS_MAX };
	struct scanner_answer ans;
	size_t i;

	(void)arg;
	for (i = 0; i < SCANNER_SESSIONS_MAX; i++) {
		req.session[i].leader.pid = (int32_t)getpid();
		req.session[i].leader.start = UINT64_MAX;
		req.session[i].audit_session =
		    i % 2 == 0 ? 4000000000 : UINT32_MAX;
		(void)strcpy(req.session[i].cgroup,
		    i % 4 == 1 ? "/user-1.slice/session-none.scope" : "/");
	}
	ask_request(&s, &req, &ans);
	for (i = 0; i < SCANNER_SESSIONS_MAX; i++)
		CHECK(ans.remains[i] ==
		    (i % 4 == 3 ? SCANNER_REMAINS_UNKNOWN : 0));
	ask(&s, SCANNER_QUERY_PEER, getpid(), &ans);
	CHECK(ans.peer.state == FACT_KNOWN);
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

static const char *
status_line(pid_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	CHECK((f = fopen(path, "re")) != NULL);
	while (fgets(buf, (int)size, f) != NULL)
		if (strncmp(buf, name, strlen(name)) == 0)
			break;
	CHECK(fclose(f) == 0);
	buf[strcspn(buf, "\n")] = '\0';
	CHECK(strncmp(buf, name, strlen(name)) == 0);
	return buf + strlen(name);
}

static void
expect_status(pid_t pid, const char *name, const char *want)
{
	char buf[1024];
	const char *got = status_line(pid, name, buf, sizeof(buf));

	if (strcmp(got, want) != 0)
		(void)dprintf(STDERR_FILENO, "%s is \"%s\"\n", name, got);
	CHECK(strcmp(got, want) == 0);
}

struct settled {
	bool terminate;
	const char *caps; /* as the kernel writes them */
};

static void
is_who_it_should_be(void *arg)
{
	const struct settled *settled = arg;
	struct scanner s = start_settled(settled->terminate);
	struct scanner_answer ans;
	char buf[1024];

	ask(&s, SCANNER_QUERY_COVERAGE, 0, &ans);
	expect_status(s.pid, "Uid:", "\t61234\t61234\t61234\t61234");
	expect_status(s.pid, "Gid:", "\t61235\t61235\t61235\t61235");
	CHECK(strspn(status_line(s.pid, "Groups:", buf, sizeof(buf)), " \t") ==
	    strlen(status_line(s.pid, "Groups:", buf, sizeof(buf))));
	expect_status(s.pid, "NoNewPrivs:", "\t1");
	expect_status(s.pid, "Seccomp:", "\t2");
	expect_status(s.pid, "CapInh:", "\t0000000000000000");
	expect_status(s.pid, "CapPrm:", settled->caps);
	expect_status(s.pid, "CapEff:", settled->caps);
	expect_status(s.pid, "CapBnd:", settled->caps);
	expect_status(s.pid, "CapAmb:", "\t0000000000000000");
	expect_status(s.pid, "Name:", "\tfarmgate-scan");
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

/* The scanner's one child, after it has looked for the first time. */
static pid_t
reader_of(const struct scanner *s)
{
	struct scanner_request req = { .query = SCANNER_QUERY_LOOK };
	static struct picture picture;
	struct scanner_answer ans;
	char path[64], text[64] = "";
	FILE *f;

	ask_request(s, &req, &ans);
	CHECK(ans.picture == 1);
	CHECK(recv(s->fd, &picture, sizeof(picture), 0) > 0);
	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children",
	    (int)s->pid, (int)s->pid);
	CHECK((f = fopen(path, "re")) != NULL);
	CHECK(fgets(text, sizeof(text), f) != NULL);
	CHECK(fclose(f) == 0);
	return (pid_t)strtol(text, NULL, 10);
}

/* Ask for a picture; its number, 0: it is the one that is had. */
static uint64_t
look(const struct scanner *s, uint64_t have, uint32_t max_age_ms)
{
	struct scanner_request req = { .query = SCANNER_QUERY_LOOK,
		.have = have,
		.max_age_ms = max_age_ms };
	static struct picture picture;
	struct scanner_answer ans;

	ask_request(s, &req, &ans);
	if (ans.picture == 0)
		return 0;
	CHECK(recv(s->fd, &picture, sizeof(picture), 0) > 0);
	return picture.number;
}

static void
looks_no_oftener(void *arg)
{
	const struct timespec ms = { .tv_nsec = 20000000 };
	struct scanner s = start();
	int i;

	(void)arg;
	CHECK(look(&s, 0, 60000) == 1);
	/* Who has none gets that one, and who has it nothing. */
	CHECK(look(&s, 0, 60000) == 1);
	for (i = 0; i < 20; i++)
		CHECK(look(&s, 1, 60000) == 0);
	/* One that is too old for who asks is no answer. */
	CHECK(nanosleep(&ms, NULL) == 0);
	CHECK(look(&s, 1, 10) == 2);
	CHECK(look(&s, 2, 60000) == 0);
	CHECK(look(&s, 1, 60000) == 2);
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

#define STORM 40

/* All of them wait, and have a picture that is too old. */
static void
many_look_at_once(void *arg)
{
	struct scanner_request req = {
		.query = SCANNER_QUERY_LOOK, .have = 1, .max_age_ms = 10
	};
	const struct timespec ms = { .tv_nsec = 20000000 };
	static struct picture picture;
	struct scanner s = start();
	struct scanner_answer ans;
	size_t i, size;

	(void)arg;
	CHECK(look(&s, 0, 60000) == 1);
	CHECK(nanosleep(&ms, NULL) == 0);
	CHECK(kill(s.pid, SIGSTOP) == 0);
	size = scanner_request_size(&req);
	for (i = 0; i < STORM; i++) {
		/* The first one is content with none of before. */
		req.max_age_ms = i == 0 ? 10 : 60000;
		CHECK(send(s.fd, &req, size, 0) == (ssize_t)size);
	}
	CHECK(kill(s.pid, SIGCONT) == 0);
	for (i = 0; i < STORM; i++) {
		CHECK(recv(s.fd, &ans, sizeof(ans), 0) == sizeof(ans));
		CHECK(ans.picture == 1);
		CHECK(recv(s.fd, &picture, sizeof(picture), 0) > 0);
		CHECK(picture.number == 2);
	}
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

/* It has what the scanner has, and ends when that does. */
static void
reader_is_as_it_is(void *arg)
{
	const struct settled *settled = arg;
	struct scanner s;
	int status;
	pid_t pid;

	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	s = start_settled(settled->terminate);
	CHECK((pid = reader_of(&s)) > 0);
	expect_status(pid, "Uid:", "\t61234\t61234\t61234\t61234");
	expect_status(pid, "Gid:", "\t61235\t61235\t61235\t61235");
	expect_status(pid, "NoNewPrivs:", "\t1");
	expect_status(pid, "Seccomp:", "\t2");
	expect_status(pid, "CapPrm:", settled->caps);
	expect_status(pid, "CapEff:", settled->caps);
	expect_status(pid, "CapBnd:", settled->caps);
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
	CHECK(waitpid(pid, &status, 0) == pid);
}

/* Only its socketpair and the three standard ones: no file of the decider. */
static void
holds_nothing_else(void *arg)
{
	struct scanner s;
	char path[64];
	int fd, extra, open_now = 0;
	char name[64];
	ssize_t n;

	(void)arg;
	CHECK((extra = open("/etc/passwd", O_RDONLY)) != -1);
	CHECK(dup2(extra, 100) == 100);
	s = start();
	CHECK(reader_of(&s) > 0);
	for (fd = 3; fd < 256; fd++) {
		(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)s.pid,
		    fd);
		if ((n = readlink(path, name, sizeof(name) - 1)) == -1)
			continue;
		name[n] = '\0';
		/* The socketpair, and what the kernel tells by. */
		CHECK(strncmp(name, "socket:", 7) == 0 ||
		    strstr(name, "pidfd") != NULL ||
		    strcmp(name, "/proc") == 0 || strcmp(name, "/") == 0);
		open_now++;
	}
	/* With the reader's two. */
	CHECK(open_now >= 2 && open_now <= 8);
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

static void
sees_another_user(void *arg)
{
	struct scanner s = start();
	struct scanner_answer ans;
	int fd[2];
	char byte;
	pid_t pid;

	(void)arg;
	CHECK(pipe2(fd, O_CLOEXEC) == 0);
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		(void)close(fd[1]);
		CHECK(prctl(PR_SET_NAME, "other) S 1", 0, 0, 0) == 0);
		CHECK(setresuid(61300, 61300, 61300) == 0);
		(void)!read(fd[0], &byte, 1);
		_exit(0);
	}
	do {
		ask(&s, SCANNER_QUERY_PEER, pid, &ans);
		CHECK(ans.peer.state == FACT_KNOWN);
	} while (strcmp(ans.peer.comm, "other) S 1") != 0);
	CHECK(ans.peer.ancestor[0].pid == getpid());
	CHECK(close(fd[1]) == 0);
	CHECK(waitpid(pid, NULL, 0) == pid);
	ask(&s, SCANNER_QUERY_PEER, pid, &ans);
	CHECK(ans.peer.state == FACT_ERROR);
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

static void
test_PRV_01_scanner_is_its_own_user_with_one_capability(void **state)
{
	struct settled settled = { false, "\t0000000000080000" };

	(void)state;
	needs_root();
	child_passes(is_who_it_should_be, &settled);
}

static void
test_PRV_01_one_that_ends_sessions_has_two(void **state)
{
	struct settled settled = { true, "\t0000000000080020" };

	(void)state;
	needs_root();
	child_passes(is_who_it_should_be, &settled);
}

static void
test_PRV_01_the_reader_is_as_the_scanner(void **state)
{
	struct settled one = { false, "\t0000000000080000" },
		       two = { true, "\t0000000000080020" };

	(void)state;
	needs_root();
	child_passes_in_time(reader_is_as_it_is, &one);
	child_passes_in_time(reader_is_as_it_is, &two);
}

static void
test_many_share_a_look_that_is_young_enough(void **state)
{
	(void)state;
	needs_root();
	child_passes(looks_no_oftener, NULL);
	child_passes(many_look_at_once, NULL);
}

static void
test_scanner_answers_what_it_is_asked(void **state)
{
	(void)state;
	needs_root();
	child_passes(answers, NULL);
}

static void
test_scanner_tells_what_remains(void **state)
{
	(void)state;
	needs_root();
	child_passes(tells_what_remains, NULL);
}

static void
test_scanner_holds_none_of_the_deciders_files(void **state)
{
	(void)state;
	needs_root();
	child_passes_in_time(holds_nothing_else, NULL);
}

static void
test_scanner_sees_the_processes_of_other_users(void **state)
{
	(void)state;
	needs_root();
	child_passes(sees_another_user, NULL);
}

/* ---- How it ends ------------------------------------------------------- */

#define SIZE(n)                                      \
	(offsetof(struct scanner_request, session) + \
	    (n) * sizeof(struct scanner_session))

struct rubbish {
	size_t len;
	struct scanner_request req;
};

static void
ends_of_rubbish(void *arg)
{
	const struct rubbish *rubbish = arg;
	struct scanner s = start();
	struct scanner_answer ans;
	char buf[4096] = "";

	ask(&s, SCANNER_QUERY_COVERAGE, 0, &ans);
	memcpy(buf, &rubbish->req, sizeof(rubbish->req));
	CHECK(send(s.fd, buf, rubbish->len, MSG_NOSIGNAL) ==
	    (ssize_t)rubbish->len);
	CHECK(recv(s.fd, buf, sizeof(buf), 0) == 0);
	expect_end(&s, 1);
}

static void
ends_with_a_stream(void *arg)
{
	struct scanner s = start_waiting(SOCK_STREAM);

	(void)arg;
	expect_end(&s, 1);
}

/* Whoever may write to it says one number, and once. */
struct first {
	size_t len;
	uint32_t word[2];
};

static void
ends_unsettled(void *arg)
{
	const struct first *first = arg;
	struct scanner s = start_waiting(SOCK_SEQPACKET);
	char buf[sizeof(struct scanner_request)] = "", byte;

	memcpy(buf, first->word, sizeof(first->word));
	CHECK(send(s.fd, buf, first->len, MSG_NOSIGNAL) == (ssize_t)first->len);
	CHECK(recv(s.fd, &byte, 1, 0) == 0);
	expect_end(&s, 1);
}

static void
ends_settled_twice(void *arg)
{
	struct scanner s = start();

	(void)arg;
	CHECK(scanner_settle(s.fd, true) == 0);
	expect_end(&s, 1);
}

/* The decider could not read its configuration. */
static void
ends_never_settled(void *arg)
{
	struct scanner s = start_waiting(SOCK_SEQPACKET);

	(void)arg;
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

static void
settles_with_nobody(void *arg)
{
	struct scanner s = start_waiting(SOCK_SEQPACKET);

	(void)arg;
	CHECK(kill(s.pid, SIGKILL) == 0);
	CHECK(WIFSIGNALED(end_of(&s)));
	CHECK(scanner_settle(s.fd, false) == FG_ERR_SYSTEM);
	CHECK(errno == EPIPE);
}

static void
ends_on_bad_descriptor(void *arg)
{
	scanner_main(*(int *)arg, &ids, SANDBOX_KILL);
}

static void
ends_for_root(void *arg)
{
	const struct priv_ids root = { 0, 0 };
	int fd[2];

	(void)arg;
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd) == 0);
	CHECK(scanner_settle(fd[0], false) == 0);
	scanner_main(fd[1], &root, SANDBOX_KILL);
}

static void
until_it_is(const struct scanner *s, const char *state)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	char buf[1024];

	while (strcmp(status_line(s->pid, "Name:", buf, sizeof(buf)),
		   "\tfarmgate-scan") != 0 ||
	    strcmp(status_line(s->pid, "State:", buf, sizeof(buf)), state) != 0)
		(void)nanosleep(&ms, NULL);
}

static void
until_it_waits(const struct scanner *s)
{
	until_it_is(s, "\tS (sleeping)");
}

struct parted {
	bool settle;
	bool stop; /* it does not run as its parent dies */
	bool confine; /* who could send it no signal at all */
};

static void
confine(void)
{
	const char *const none[] = { NULL };
	const struct landlock_paths paths = { none, none, none, none };

	if (landlock_apply(&paths) < 6)
		(void)dprintf(STDERR_FILENO, "signals cannot be confined\n");
}

/*
 * Two ends of the socketpair are alive, and yet the parent's death is its. As
 * the decider does, that becomes another user, who may send it no signal.
 */
static void
ends_with_its_parent(void *arg)
{
	const struct parted *parted = arg;
	struct scanner s;
	struct scanner_answer ans;
	int fd[2], said[2], status = -1;
	pid_t parent;

	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd) == 0);
	CHECK(pipe2(said, O_CLOEXEC) == 0);
	CHECK((parent = fork()) != -1);
	if (parent == 0) {
		CHECK(setsid() != -1); /* as by a service manager */
		if ((s.pid = fork()) == 0)
			scanner_main(fd[1], &ids, SANDBOX_KILL);
		if (parted->confine)
			confine();
		CHECK(setresuid(OTHER_UID, OTHER_UID, OTHER_UID) == 0);
		CHECK(kill(s.pid, SIGKILL) == -1 && errno == EPERM);
		(void)!write(said[1], &s.pid, sizeof(s.pid));
		for (;;)
			(void)pause();
	}
	CHECK(read(said[0], &s.pid, sizeof(s.pid)) == sizeof(s.pid));
	s.fd = fd[0];
	if (parted->settle) {
		CHECK(scanner_settle(s.fd, false) == 0);
		ask(&s, SCANNER_QUERY_COVERAGE, 0, &ans);
	} else {
		until_it_waits(&s);
	}
	if (parted->stop) {
		CHECK(kill(s.pid, SIGSTOP) == 0);
		until_it_is(&s, "\tT (stopped)");
	}
	CHECK(kill(parent, SIGKILL) == 0);
	CHECK(waitpid(parent, NULL, 0) == parent);
	(void)alarm(60); /* or it would be waited for for ever */
	CHECK(wait(&status) == s.pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A terminal's signals are the decider's to act on. */
static void
survives_signals(void *arg)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGPIPE, SIGUSR1 };
	struct scanner s = start();
	struct scanner_answer ans;
	size_t i;

	(void)arg;
	ask(&s, SCANNER_QUERY_COVERAGE, 0, &ans);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		CHECK(kill(s.pid, signals[i]) == 0);
	ask(&s, SCANNER_QUERY_PEER, getpid(), &ans);
	CHECK(ans.peer.state == FACT_KNOWN);
	CHECK(kill(s.pid, SIGTERM) == 0);
	CHECK(WIFSIGNALED(end_of(&s)));
}

static void
ends_unheard(void *arg)
{
	const struct scanner_request req = { .query = SCANNER_QUERY_PEER,
		.pid = 1 };
	const size_t len = scanner_request_size(&req);
	struct scanner s = start();
	struct scanner_answer ans;
	int i;

	(void)arg;
	ask(&s, SCANNER_QUERY_COVERAGE, 0, &ans);
	for (i = 0; i < 8; i++)
		CHECK(send(s.fd, &req, len, 0) == (ssize_t)len);
	CHECK(close(s.fd) == 0);
	expect_end(&s, 0);
}

static void
test_a_request_that_is_none_ends_the_scanner(void **state)
{
	struct rubbish rubbish[] = {
		{ SIZE(0) - 1, { .query = 1 } },
		{ SIZE(0) + 1, { .query = 1 } },
		{ 1, { .query = 1 } },
		{ 4096, { .query = 1 } },
		{ sizeof(struct scanner_request), { .query = 1 } },
		{ SIZE(0), { .query = 0 } },
		{ SIZE(0), { .query = 6 } },
		{ SIZE(0), { .query = UINT32_MAX } },
		{ SIZE(0), { .query = 1, .force = 2 } },
		/* no sessions where there must be some, or the reverse */
		{ SIZE(1), { .query = 1, .nsessions = 1 } },
		{ SIZE(1), { .query = 3, .nsessions = 1 } },
		{ SIZE(0), { .query = 4 } },
		{ SIZE(0), { .query = 5 } },
		{ SIZE(2), { .query = 5, .nsessions = 2 } },
		/* not as many as it says, or more than there can be */
		{ SIZE(1), { .query = 4, .nsessions = 2 } },
		{ SIZE(2), { .query = 4, .nsessions = 1 } },
		{ SIZE(1) - 1, { .query = 4, .nsessions = 1 } },
		{ SIZE(1) + 1, { .query = 4, .nsessions = 1 } },
		{ SIZE(8), { .query = 4, .nsessions = 9 } },
		{ SIZE(9), { .query = 4, .nsessions = 9 } },
		{ SIZE(0), { .query = 4, .nsessions = UINT32_MAX } },
		{ SIZE(1), { .query = 4, .nsessions = 1, .force = 2 } },
	};
	struct rubbish endless = { SIZE(1), { .query = 4, .nsessions = 1 } };
	size_t i;

	(void)state;
	needs_root();
	for (i = 0; i < sizeof(rubbish) / sizeof(rubbish[0]); i++)
		child_passes(ends_of_rubbish, &rubbish[i]);
	memset(endless.req.session[0].cgroup, 'a', FACT_CGROUP_MAX + 1);
	child_passes(ends_of_rubbish, &endless);
}

static void
test_a_settlement_that_is_none_ends_the_scanner(void **state)
{
	struct first first[] = {
		{ 1, { 0 } },
		{ 3, { 0 } },
		{ 5, { 0 } },
		{ 8, { 0 } },
		{ sizeof(struct scanner_request), { 0 } },
		{ sizeof(struct scanner_request), { 1 } },
		{ 4, { 2 } },
		{ 4, { 0x01000000 } },
		{ 4, { UINT32_MAX } },
	};
	size_t i;

	(void)state;
	needs_root();
	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		child_passes(ends_unsettled, &first[i]);
	child_passes(ends_settled_twice, NULL);
}

static void
test_a_scanner_that_is_never_settled_ends_in_peace(void **state)
{
	(void)state;
	needs_root();
	child_passes(ends_never_settled, NULL);
	child_passes(settles_with_nobody, NULL);
}

static void
test_a_descriptor_that_is_no_seqpacket_socket_is_fatal(void **state)
{
	int fds[] = { -1, 0, 2, 200 };
	size_t i;

	(void)state;
	needs_root();
	child_passes(ends_with_a_stream, NULL);
	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		child_is_fatal(ends_on_bad_descriptor, &fds[i]);
}

static void
test_a_scanner_that_would_be_root_is_fatal(void **state)
{
	(void)state;
	needs_root();
	child_is_fatal(ends_for_root, NULL);
}

static void
test_the_scanner_dies_with_its_parent(void **state)
{
	struct parted parted[] = { { .settle = true }, { .settle = false },
		{ .settle = true, .stop = true },
		{ .settle = false, .stop = true },
		{ .settle = true, .stop = true, .confine = true } };
	size_t i;

	(void)state;
	needs_root();
	for (i = 0; i < sizeof(parted) / sizeof(parted[0]); i++)
		child_passes(ends_with_its_parent, &parted[i]);
}

static void
test_signals_of_a_terminal_do_not_end_the_scanner(void **state)
{
	(void)state;
	needs_root();
	child_passes(survives_signals, NULL);
}

static void
test_answers_that_nobody_reads_end_it_in_peace(void **state)
{
	(void)state;
	needs_root();
	child_passes(ends_unheard, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_PRV_01_scanner_is_its_own_user_with_one_capability),
		cmocka_unit_test(test_PRV_01_one_that_ends_sessions_has_two),
		cmocka_unit_test(test_PRV_01_the_reader_is_as_the_scanner),
		cmocka_unit_test(test_many_share_a_look_that_is_young_enough),
		cmocka_unit_test(test_scanner_answers_what_it_is_asked),
		cmocka_unit_test(test_scanner_tells_what_remains),
		cmocka_unit_test(test_scanner_holds_none_of_the_deciders_files),
		cmocka_unit_test(
		    test_scanner_sees_the_processes_of_other_users),
		cmocka_unit_test(test_a_request_that_is_none_ends_the_scanner),
		cmocka_unit_test(
		    test_a_settlement_that_is_none_ends_the_scanner),
		cmocka_unit_test(
		    test_a_scanner_that_is_never_settled_ends_in_peace),
		cmocka_unit_test(
		    test_a_descriptor_that_is_no_seqpacket_socket_is_fatal),
		cmocka_unit_test(test_a_scanner_that_would_be_root_is_fatal),
		cmocka_unit_test(test_the_scanner_dies_with_its_parent),
		cmocka_unit_test(
		    test_signals_of_a_terminal_do_not_end_the_scanner),
		cmocka_unit_test(
		    test_answers_that_nobody_reads_end_it_in_peace),
	};

	log_init("test_scanner", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
