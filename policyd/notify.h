/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The service manager's plain protocols without its library: sd_notify(3)'s
 * datagrams, sd_listen_fds(3)'s descriptors, the watchdog. The environment is
 * read once, in notify_init(), and cleared of these variables.
 */
#ifndef FG_NOTIFY_H
#define FG_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTIFY_FDS_MAX	8u

struct notify {
	int		 fd;			/* connected, or -1 */
	uint64_t	 watchdog_us;		/* 0: none wanted */
	size_t		 nfds;			/* passed sockets, from fd 3 */
	char		 name[NOTIFY_FDS_MAX][64]; /* LISTEN_FDNAMES, or "" */
};

/*
 * Read NOTIFY_SOCKET (path or abstract), WATCHDOG_USEC/PID and LISTEN_*; set
 * close-on-exec on passed descriptors; connect. Malformed values are errors.
 * Returns 0, FG_ERR_FORMAT, FG_ERR_LIMIT or FG_ERR_SYSTEM.
 */
int	notify_init(struct notify *ret_notify);

/* Send one state, such as "READY=1". Nobody listening is fine. */
void	notify_send(const struct notify *notify, const char *state);

#endif
