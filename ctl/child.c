/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child in place of root: it gives up the privilege, the terminal and every
 * descriptor before it looks at anything, and is ended if it takes too long.
 */
#include "ctl/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/log.h"
#include "proto/result.h"

/* ---- in the child ------------------------------------------------------ */

/* Afterwards nothing leads out of it but the pipe, as descriptor 3. */
static int
close_others(int fd)
{
	int null, i;

	/* Whoever started us may have left 0 to 2 free for it. */
	if ((fd = fcntl(fd, F_DUPFD, STDERR_FILENO + 1)) == -1 ||
	    (null = open("/dev/null", O_RDWR)) == -1)
		return -1;
	for (i = 0; i <= STDERR_FILENO; i++)
		if (dup2(null, i) == -1)
			return -1;
	if (dup2(fd, STDERR_FILENO + 1) == -1)
		return -1;
	return close_range(STDERR_FILENO + 2, ~0U, 0);
}

static void __attribute__((noreturn))
child_main(const struct child *child, int fd, pid_t parent)
{
	FILE *out;
	int status;

	/* Without a terminal nobody types into it in root's place. */
	(void)setsid(); /* a child leads no group: cannot fail */
	if (child->ids != NULL) {
		log_init("farmgatectl", false); /* it says why it cannot */
		priv_drop(child->ids, "");
	}
	/* A change of uid would have undone it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 ||
	    getppid() != parent || close_others(fd) != 0 ||
	    (out = fdopen(STDERR_FILENO + 1, "w")) == NULL)
		_exit(CTL_ERROR);
	status = child->run(out, child->arg);
	(void)fputc('0' + status, out);
	_exit(fclose(out) == 0 ? CTL_OK : CTL_ERROR); /* nobody asks */
}

/* ---- outside of it ----------------------------------------------------- */

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Until there is something to read, or the end. */
static int
wait_readable(int fd, int64_t until_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int64_t left = until_ms - now_ms();
	int n;

	if (left <= 0)
		return FG_ERR_TIMEOUT;
	n = poll(&pfd, 1, (int)left);
	return n == -1 && errno != EINTR ? FG_ERR_SYSTEM : 0;
}

/* text has room for the most that may come, and a NUL. */
static int
read_output(int fd, char *text, size_t max, size_t *ret_len)
{
	int64_t until_ms = now_ms() + CHILD_MS;
	size_t len = 0;
	ssize_t n;
	int r;

	while ((r = wait_readable(fd, until_ms)) == 0) {
		n = read(fd, text + len, max + 1 - len);
		if (n == -1 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n == -1)
			return FG_ERR_SYSTEM;
		len += (size_t)n;
		if (len > max)
			return FG_ERR_LIMIT;
		if (n == 0)
			break;
	}
	text[len] = '\0';
	*ret_len = len;
	return r;
}

/* It may have closed the pipe and still be there: nobody waits for that. */
static void
end(pid_t pid)
{
	(void)kill(pid, SIGKILL); /* until it is waited for it is ours */
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
}

int
child_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return CTL_ERROR;
	return WIFEXITED(status) ? WEXITSTATUS(status) : CTL_ERROR;
}

/* Its last byte is the status, if it came to its end. */
static int
take_status(char *text, size_t *len)
{
	int status;

	if (*len == 0)
		return FG_ERR_CLOSED;
	status = text[*len - 1] - '0';
	text[--*len] = '\0';
	return status >= CTL_OK && status <= CTL_ERROR ? status : FG_ERR_CLOSED;
}

static int
start(const struct child *child, pid_t *ret_pid, int *ret_fd)
{
	pid_t parent = getpid(), pid;
	int pair[2];

	if (pipe2(pair, O_CLOEXEC) != 0)
		return FG_ERR_SYSTEM;
	/* Else the child would write it again. */
	(void)fflush(NULL);
	if ((pid = fork()) == 0)
		child_main(child, pair[1], parent);
	(void)close(pair[1]); /* the child's end */
	if (pid == -1) {
		(void)close(pair[0]); /* nothing came */
		return FG_ERR_SYSTEM;
	}
	(void)fcntl(pair[0], F_SETFL, O_NONBLOCK); /* poll(2) may be wrong */
	*ret_pid = pid;
	*ret_fd = pair[0];
	return 0;
}

int
child_run(const struct child *child, char **ret_text, size_t *ret_len)
{
	size_t max = child->max == 0 ? CHILD_OUTPUT_MAX : child->max;
	char *text;
	pid_t pid;
	int fd, r;

	*ret_text = NULL;
	*ret_len = 0;
	if ((text = malloc(max + 2)) == NULL)
		return FG_ERR_NOMEM;
	if ((r = start(child, &pid, &fd)) == 0) {
		if ((r = read_output(fd, text, max, ret_len)) == 0)
			r = take_status(text, ret_len);
		(void)close(fd); /* only read */
		end(pid);
	}
	if (r >= 0)
		*ret_text = text;
	else
		free(text);
	return r;
}
