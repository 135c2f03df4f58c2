/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diff(1) is run by its full name and with no environment: whoever may use
 * sudo for this command alone chooses no other program.
 */
#include "ctl/rollout/diff.h"

#include <sys/mman.h>
#include <unistd.h>

#include "ctl/child.h"
#include "ctl/ctl.h"

#define DIFF "/usr/bin/diff"

static void __attribute__((noreturn)) become_diff(const char *path, int from)
{
	char locale[] = "LC_ALL=C";
	char *const environment[] = { locale, NULL };

	if (dup2(from, STDIN_FILENO) != -1)
		(void)execle(DIFF, "diff", "-u", "--label", path, "--label",
		    path, path, "-", (char *)NULL, environment);
	_exit(CTL_ERROR);
}

int
diff_print(const char *path, const char *bytes, size_t len)
{
	int fd, status = CTL_ERROR;
	pid_t pid;

	(void)fflush(stdout); /* what was said before it stays before it */
	fd = memfd_create("after", MFD_CLOEXEC);
	if (fd != -1 && write(fd, bytes, len) == (ssize_t)len &&
	    lseek(fd, 0, SEEK_SET) == 0 && (pid = fork()) != -1) {
		if (pid == 0)
			become_diff(path, fd);
		status = child_wait(pid);
	}
	if (fd != -1)
		(void)close(fd); /* nothing of it is kept */
	if (status == CTL_OK || status == CTL_NO)
		return CTL_OK; /* equal, or not */
	ctl_complain("%s cannot show the change of %s; nothing was written",
	    DIFF, path);
	return CTL_ERROR;
}
