/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of terminate.h share: what comes of it, and how a process
 * gets Farmgate's module. Include after sessions.h.
 */
#ifndef FG_TEST_TERMINATING_H
#define FG_TEST_TERMINATING_H

#include "policyd/scanner/seen.h"
#include "policyd/scanner/terminate.h"

/* Whom the scanner has seen ask PAM. */
static struct seen seen;

/* As the decider asks about whoever asks PAM. */
static inline void
be_seen(pid_t pid)
{
	struct fact_peer peer = peer_of(pid);

	CHECK(peer.state == FACT_KNOWN);
	peer.pid = (int32_t)pid;
	seen_add(&seen, &peer);
}

/*
 * Map a file of this name, as the module is by who opens sessions. It lies on a
 * mount that goes with the namespace.
 */
static inline void
map_gate(const char *name, bool removed)
{
	char path[96];
	int fd;

	CHECK(mount("none", "/mnt", "tmpfs", 0, NULL) == 0);
	(void)snprintf(path, sizeof(path), "/mnt/%s", name);
	CHECK((fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644)) != -1);
	CHECK(ftruncate(fd, 4096) == 0);
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED);
	CHECK(close(fd) == 0);
	if (removed)
		CHECK(unlink(path) == 0);
}

static inline void
expect_result(const struct scanner_session *s, bool force,
    enum scanner_refusal want, uint32_t want_signalled)
{
	enum scanner_refusal got;
	uint32_t n = 4711;

	got = terminate_session(&seen, s, force, &n);
	if (got != want || n != want_signalled)
		(void)dprintf(STDERR_FILENO, "refusal %d, %u signalled\n",
		    (int)got, n);
	CHECK(got == want);
	CHECK(n == want_signalled);
}

static inline void
expect_ended(const struct scanner_session *s, bool force, uint32_t signalled)
{
	expect_result(s, force, SCANNER_REFUSED_NOT, signalled);
}

/* As the decider does: on and on, while there is more of it. */
static inline enum scanner_refusal
end_in_parts(const struct scanner_session *s, int parts, uint32_t *ret_n)
{
	enum scanner_refusal refusal;
	uint32_t n;

	*ret_n = 0;
	do {
		refusal = terminate_session(&seen, s, true, &n);
		*ret_n += n;
	} while (--parts > 0 && refusal == SCANNER_REFUSED_PARTLY);
	return refusal;
}

/* With force or without: nobody gets a signal. */
static inline void
expect_refused(const struct scanner_session *s, enum scanner_refusal why)
{
	expect_result(s, false, why, 0);
	expect_result(s, true, why, 0);
}

/* A child of ours, or one that becomes ours when its parent has ended. */
static inline void
expect_killed(pid_t pid, int signo)
{
	int status = -1, i;

	for (i = 0; i < SESSION_TRIES && waitpid(pid, &status, 0) == -1 &&
	     errno == ECHILD;
	     i++)
		nap();
	CHECK(i < SESSION_TRIES);
	CHECK(WIFSIGNALED(status));
	CHECK(WTERMSIG(status) == signo);
}

#endif
