/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two calls by which the scanner ends processes; it has them only where
 * the configuration lets it (sandbox.c), and with these arguments.
 */
#include "policyd/scanner/hold.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proto/result.h"

/* EINVAL and ENOENT are for a thread's number. */
static int
hold_result(long r)
{
	if (r != -1)
		return 0;
	return errno == ESRCH || errno == EINVAL || errno == ENOENT ?
	    FG_ERR_NOT_FOUND :
	    FG_ERR_SYSTEM;
}

int
hold_open(int32_t pid, int *ret_fd)
{
	*ret_fd = (int)syscall(SYS_pidfd_open, (long)pid, 0L);
	return hold_result(*ret_fd);
}

int
hold_signal(int fd, int signo)
{
	return hold_result(syscall(SYS_pidfd_send_signal, (long)fd, (long)signo,
	    NULL, 0L));
}
