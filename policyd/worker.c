/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Forked children of the decider. The child inherits its filter, its landlock
 * domain and its user, and leaves with _exit(2): nothing of the daemon's own
 * end is its business. What it may do to the daemon is send bytes and end.
 */
#include "policyd/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policyd/log.h"
#include "proto/result.h"

#define WORKER_KEEP_MAX	  8u
#define WORKER_STATUS_MAX 100
#define WORKER_NOT_BEGUN  101 /* the child's exit status; nothing was run */
#define WORKER_READ	  65536u
#define WORKER_STOP_MS	  5 /* to be reaped at once; else the loop does it */

struct worker {
	struct worker_job job;
	struct loop_watch *out; /* NULL: the pipe has ended */
	struct loop_watch *end; /* NULL: the child was reaped */
	struct loop_timer *timer;
	int out_fd;
	int pidfd;
	int status;
	bool paused;
	bool calling; /* within .output */
	bool stopped; /* nobody wants to hear of it */
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* pipes and pidfds: nothing to lose */
	*fd = -1;
}

static void
worker_free(struct worker *worker)
{
	if (worker == NULL)
		return;
	loop_unwatch(worker->out);
	loop_unwatch(worker->end);
	loop_timer_free(worker->timer);
	close_fd(&worker->out_fd);
	close_fd(&worker->pidfd);
	free(worker);
}

/* ---- the child -------------------------------------------------------- */

/* Everything above standard error that is not in the list, which is sorted. */
static void
child_close_others(const int *keep, size_t n)
{
	unsigned int next = STDERR_FILENO + 1;
	size_t i;

	for (i = 0; i <= n; i++) {
		unsigned int stop = i < n ? (unsigned int)keep[i] : ~0U;

		if (stop > next && close_range(next, stop - 1, 0) != 0)
			_exit(WORKER_NOT_BEGUN);
		if (stop >= next)
			next = stop + 1;
	}
}

static void
child_keep_only(const struct worker_job *job, int out_fd)
{
	int keep[WORKER_KEEP_MAX + 1];
	size_t i, k;

	for (i = 0; i <= job->nkeep; i++) {
		int fd = i < job->nkeep ? job->keep[i] : out_fd;

		for (k = i; k > 0 && keep[k - 1] > fd; k--)
			keep[k] = keep[k - 1];
		keep[k] = fd;
	}
	child_close_others(keep, job->nkeep + 1);
}

/*
 * The daemon's handlers write into a socket that it shares with the child: the
 * signals were blocked before the fork, and are its own from here on.
 */
static void
child_own_signals(const sigset_t *mask)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signal(signals[i], SIG_DFL) == SIG_ERR)
			_exit(WORKER_NOT_BEGUN);
	if (sigprocmask(SIG_SETMASK, mask, NULL) != 0)
		_exit(WORKER_NOT_BEGUN);
}

static void __attribute__((noreturn)) child_main(const struct worker_job *job,
    int out_fd, pid_t parent, const sigset_t *mask)
{
	/* It dies with the daemon, also with one that died before this. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(WORKER_NOT_BEGUN);
	child_keep_only(job, out_fd);
	child_own_signals(mask);
	_exit(job->run(out_fd, job->arg));
}

/* ---- the daemon ------------------------------------------------------- */

/* There is no call for it in every C library. */
static int
pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

static void
worker_kill(struct worker *worker)
{
	if (worker->pidfd >= 0)
		(void)syscall(SYS_pidfd_send_signal, worker->pidfd, SIGKILL,
		    NULL, 0); /* it may have ended */
}

/* Both the child and its last bytes have come to an end. */
static void
worker_finish(struct worker *worker)
{
	struct worker_job job = worker->job;
	int status = worker->status;
	bool stopped = worker->stopped;

	if (worker->out != NULL || worker->end != NULL || worker->calling)
		return;
	worker_free(worker);
	if (!stopped)
		job.done(status, job.arg);
}

/* Returns false while it lives. */
static bool
worker_reap(struct worker *worker)
{
	siginfo_t info = { 0 };

	if (waitid(P_PIDFD, (id_t)worker->pidfd, &info, WEXITED | WNOHANG) ==
	    0) {
		if (info.si_pid == 0)
			return false;
		if (info.si_code == CLD_EXITED &&
		    info.si_status <= WORKER_STATUS_MAX)
			worker->status = info.si_status;
		else if (!worker->stopped)
			log_warn("worker: %s: it ended by %s %d",
			    worker->job.name,
			    info.si_code == CLD_EXITED ? "status" : "signal",
			    info.si_status);
	}
	loop_unwatch(worker->end);
	worker->end = NULL;
	close_fd(&worker->pidfd);
	return true;
}

static void
worker_on_end(void *arg)
{
	struct worker *worker = arg;

	if (worker_reap(worker))
		worker_finish(worker);
}

static void
worker_end_output(struct worker *worker)
{
	loop_unwatch(worker->out);
	worker->out = NULL;
	close_fd(&worker->out_fd);
}

static void
worker_on_output(void *arg)
{
	struct worker *worker = arg;
	char data[WORKER_READ];
	ssize_t n;

	n = read(worker->out_fd, data, sizeof(data));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && worker->job.output != NULL) {
		worker->calling = true;
		worker->job.output(data, (size_t)n, worker->job.arg);
		worker->calling = false;
	}
	if (n <= 0 || worker->stopped)
		worker_end_output(worker);
	worker_finish(worker);
}

static void
worker_on_timeout(void *arg)
{
	struct worker *worker = arg;

	log_warn("worker: %s: it took longer than %u ms", worker->job.name,
	    worker->job.timeout_ms);
	worker_kill(worker); /* its end comes through the loop */
}

/* The daemon's ends, before there is a child to be lost. */
static int
worker_new(struct loop *loop, const struct worker_job *job,
    struct worker **ret_worker)
{
	struct worker *worker;
	int r;

	*ret_worker = NULL;
	if ((worker = calloc(1, sizeof(*worker))) == NULL)
		return FG_ERR_NOMEM;
	worker->job = *job;
	worker->job.keep = NULL; /* the caller's */
	worker->out_fd = worker->pidfd = -1;
	worker->status = -1;
	if ((r = loop_timer(loop, worker_on_timeout, worker, &worker->timer)) !=
	    0) {
		worker_free(worker);
		return r;
	}
	*ret_worker = worker;
	return 0;
}

static int
worker_fork(const struct worker_job *job, int out_fd, pid_t *ret_pid)
{
	pid_t pid, parent = getpid();
	sigset_t all, mask;

	*ret_pid = -1;
	(void)sigfillset(&all); /* cannot fail */
	if (sigprocmask(SIG_SETMASK, &all, &mask) != 0)
		return FG_ERR_SYSTEM;
	if ((pid = fork()) == 0)
		child_main(job, out_fd, parent, &mask);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL); /* as it was */
	*ret_pid = pid;
	return pid < 0 ? FG_ERR_SYSTEM : 0;
}

static int
worker_watch(struct worker *worker, struct loop *loop)
{
	int r;

	if (fcntl(worker->out_fd, F_SETFL, O_RDONLY | O_NONBLOCK) != 0)
		return FG_ERR_SYSTEM;
	if ((r = loop_watch(loop, worker->out_fd, worker_on_output, worker,
		 &worker->out)) != 0 ||
	    (r = loop_watch(loop, worker->pidfd, worker_on_end, worker,
		 &worker->end)) != 0)
		return r;
	loop_timer_set(worker->timer, worker->job.timeout_ms);
	return 0;
}

/* A child that nobody can watch. Without its pidfd it is left to its job. */
static void
worker_abandon(struct worker *worker)
{
	if (worker->pidfd < 0)
		return;
	worker_kill(worker);
	(void)waitid(P_PIDFD, (id_t)worker->pidfd, NULL, WEXITED);
}

int
worker_start(struct loop *loop, const struct worker_job *job,
    struct worker **ret_worker)
{
	struct worker *worker = NULL;
	int saved, r, pair[2] = { -1, -1 };
	pid_t pid = -1;

	*ret_worker = NULL;
	if (job->nkeep > WORKER_KEEP_MAX)
		return FG_ERR_LIMIT;
	if ((r = worker_new(loop, job, &worker)) != 0)
		return r;
	if (pipe2(pair, O_CLOEXEC) != 0) {
		r = FG_ERR_SYSTEM;
		goto out;
	}
	worker->out_fd = pair[0];
	if ((r = worker_fork(job, pair[1], &pid)) != 0)
		goto out;
	if ((worker->pidfd = pidfd_of(pid)) < 0)
		r = FG_ERR_SYSTEM;
	else
		r = worker_watch(worker, loop);
	if (r == 0) {
		*ret_worker = worker;
		worker = NULL;
	}
out:
	saved = errno;
	if (pair[1] >= 0)
		(void)close(pair[1]); /* the child's end */
	if (worker != NULL)
		worker_abandon(worker);
	worker_free(worker);
	errno = saved;
	return r;
}

void
worker_pause(struct worker *worker, int pause)
{
	if (worker->out == NULL || worker->paused == (pause != 0))
		return;
	worker->paused = pause != 0;
	if (pause)
		loop_pause(worker->out);
	else
		loop_resume(worker->out);
}

void
worker_stop(struct worker *worker)
{
	struct pollfd pfd = { .events = POLLIN };

	if (worker == NULL)
		return;
	worker->stopped = true;
	worker_kill(worker);
	if (worker->calling)
		return; /* worker_on_output() goes on with it */
	if (worker->out != NULL)
		worker_end_output(worker);
	loop_timer_clear(worker->timer);
	if ((pfd.fd = worker->pidfd) >= 0) {
		(void)poll(&pfd, 1, WORKER_STOP_MS); /* else reaped later */
		(void)worker_reap(worker);
	}
	worker_finish(worker);
}
