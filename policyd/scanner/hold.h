/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process held by a descriptor, so that a signal reaches the one that was
 * looked at since, and not who has its number by then.
 */
#ifndef FG_HOLD_H
#define FG_HOLD_H

#include <stdint.h>

/* Each returns 0, FG_ERR_NOT_FOUND (it has ended) or FG_ERR_SYSTEM. */
int	hold_open(int32_t pid, int *ret_fd);
int	hold_signal(int fd, int signo);

#endif
