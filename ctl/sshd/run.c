/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshd in the child of a child: the outer one waits for it, passes on what it
 * has printed or complained of, and takes it along if it is ended itself.
 * Nothing is looked up in PATH, which may be anybody's.
 */
#include "ctl/sshd/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/child.h"
#include "ctl/ctl.h"

/* Where sshd may put its two outputs: files without a name. */
struct outputs {
	int fds[2]; /* standard output, standard error */
};

static const char *const places[] = { "/usr/sbin/sshd",
	"/usr/local/sbin/sshd" };

const char *
run_program(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

/* ---- in the child's child ---------------------------------------------- */

static void __attribute__((noreturn))
inner_main(const struct run *run, const struct outputs *outputs, pid_t parent)
{
	const struct rlimit most = { CHILD_OUTPUT_MAX, CHILD_OUTPUT_MAX };
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", c[] = "LC_ALL=C";
	char *const envp[] = { path, c, NULL };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 ||
	    getppid() != parent || setrlimit(RLIMIT_FSIZE, &most) != 0 ||
	    dup2(outputs->fds[0], STDOUT_FILENO) == -1 ||
	    dup2(outputs->fds[1], STDERR_FILENO) == -1)
		_exit(CTL_ERROR);
	if (run->config == NULL)
		(void)execle(run->program, run->program, "-T", "-C",
		    run->connection, (char *)NULL, envp);
	else
		(void)execle(run->program, run->program, "-T", "-C",
		    run->connection, "-f", run->config, (char *)NULL, envp);
	(void)dprintf(STDERR_FILENO, "cannot be run: %s", strerror(errno));
	_exit(CTL_ERROR);
}

/* ---- in the child ------------------------------------------------------ */

static int
outputs_open(struct outputs *outputs)
{
	for (size_t i = 0; i < 2; i++)
		if ((outputs->fds[i] = memfd_create("sshd", MFD_CLOEXEC)) == -1)
			return CTL_ERROR;
	return CTL_OK;
}

/* How many bytes of it have gone to out, or -1. */
static ssize_t
output_copy(int fd, FILE *out)
{
	char buf[4096];
	ssize_t n, all = 0;

	while ((n = pread(fd, buf, sizeof(buf), all)) > 0) {
		if (fwrite(buf, 1, (size_t)n, out) != (size_t)n)
			return -1;
		all += n;
	}
	return n == 0 ? all : -1;
}

/* What it has left behind. */
static int
outputs_pass_on(const struct outputs *outputs, int status, FILE *out)
{
	bool is_good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	ssize_t n = output_copy(outputs->fds[is_good ? 0 : 1], out);

	if (n == -1)
		return CTL_ERROR;
	if (is_good)
		return CTL_OK;
	if (n == 0 && WIFSIGNALED(status))
		fprintf(out, "ended by signal %d", WTERMSIG(status));
	else if (n == 0)
		fprintf(out, "exit status %d", WEXITSTATUS(status));
	return CTL_NO;
}

static int
outer_main(FILE *out, void *arg)
{
	const struct run *run = arg;
	struct outputs outputs;
	pid_t self = getpid(), pid;
	int status;

	if (fcntl(fileno(out), F_SETFD, FD_CLOEXEC) == -1 ||
	    outputs_open(&outputs) != CTL_OK || (pid = fork()) == -1)
		return CTL_ERROR;
	if (pid == 0)
		inner_main(run, &outputs, self);
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return CTL_ERROR;
	return outputs_pass_on(&outputs, status, out);
}

int
run_sshd(const struct run *run, char **ret_text, size_t *ret_len)
{
	struct run copy = *run;
	const struct child child = { .run = outer_main, .arg = &copy };

	return child_run(&child, ret_text, ret_len);
}
