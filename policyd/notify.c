/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the service manager hands over in the environment, and what it is told
 * in return. The values come from root, but a wrong one would cost the
 * sockets or the watchdog in silence: hence each is checked.
 */
#include "policyd/notify.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

#define NOTIFY_FD_START 3 /* the first passed descriptor */
#define NOTIFY_SEND_US	250000 /* a manager that hangs costs this */

/* Is the variable, a pid, ours? One that is missing is ret_mine = missing. */
static int
is_for_us(const char *name, bool missing, bool *ret_mine)
{
	const char *s = getenv(name);
	uint64_t pid;
	int r;

	*ret_mine = missing;
	if (s == NULL)
		return 0;
	if ((r = text_parse_uint(s, 1, INT32_MAX, &pid)) != 0)
		return r;
	*ret_mine = pid == (uint64_t)getpid();
	return 0;
}

static int
init_watchdog(struct notify *notify)
{
	const char *s = getenv("WATCHDOG_USEC");
	uint64_t us;
	bool mine;
	int r;

	if (s == NULL)
		return 0;
	if ((r = text_parse_uint(s, 1, UINT64_MAX - 1, &us)) != 0 ||
	    (r = is_for_us("WATCHDOG_PID", true, &mine)) != 0)
		return r;
	if (mine)
		notify->watchdog_us = us;
	return 0;
}

/* One name for each descriptor, colon-separated, none too long. */
static int
init_names(struct notify *notify)
{
	const char *s = getenv("LISTEN_FDNAMES");
	size_t i, len;

	if (s == NULL)
		return 0;
	for (i = 0; i < notify->nfds; i++) {
		len = strcspn(s, ":");
		if (len >= sizeof(notify->name[i]))
			return FG_ERR_LIMIT;
		memcpy(notify->name[i], s, len);
		notify->name[i][len] = '\0';
		s += len;
		if ((*s == ':') != (i + 1 < notify->nfds))
			return FG_ERR_FORMAT;
		if (*s == ':')
			s++;
	}
	return 0;
}

static int
close_on_exec(int fd)
{
	int flags;

	if ((flags = fcntl(fd, F_GETFD)) == -1 ||
	    fcntl(fd, F_SETFD, flags | FD_CLOEXEC) == -1)
		return FG_ERR_SYSTEM;
	return 0;
}

static int
init_listen(struct notify *notify)
{
	const char *s = getenv("LISTEN_FDS");
	uint64_t n, i;
	bool mine;
	int r;

	if ((r = is_for_us("LISTEN_PID", false, &mine)) != 0)
		return r;
	if (!mine)
		return 0;
	if (s == NULL)
		return FG_ERR_FORMAT;
	if ((r = text_parse_uint(s, 0, NOTIFY_FDS_MAX, &n)) != 0)
		return r;
	for (i = 0; i < n; i++)
		if ((r = close_on_exec(NOTIFY_FD_START + (int)i)) != 0)
			return r;
	notify->nfds = (size_t)n;
	return n == 0 ? 0 : init_names(notify);
}

/* A path, or "@" and a name of the abstract namespace. */
static int
make_address(const char *s, struct sockaddr_un *ret_sun, socklen_t *ret_len)
{
	size_t len = strlen(s);

	*ret_sun = (struct sockaddr_un){ .sun_family = AF_UNIX };
	*ret_len = 0;
	if ((s[0] != '/' && s[0] != '@') || len < 2)
		return FG_ERR_FORMAT;
	if (len >= sizeof(ret_sun->sun_path))
		return FG_ERR_LIMIT;
	memcpy(ret_sun->sun_path, s, len);
	*ret_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	if (s[0] == '@')
		ret_sun->sun_path[0] = '\0';
	else
		*ret_len += 1;
	return 0;
}

static int
init_socket(struct notify *notify)
{
	const struct timeval limit = { .tv_usec = NOTIFY_SEND_US };
	const char *s = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sun;
	socklen_t len;
	int fd, r, saved;

	if (s == NULL)
		return 0;
	if ((r = make_address(s, &sun, &len)) != 0)
		return r;
	if ((fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return FG_ERR_SYSTEM;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) !=
		0 ||
	    connect(fd, (const struct sockaddr *)&sun, len) != 0) {
		saved = errno;
		(void)close(fd); /* unused as yet */
		errno = saved;
		return FG_ERR_SYSTEM;
	}
	notify->fd = fd;
	return 0;
}

static void
clear_environment(void)
{
	static const char *const names[] = { "NOTIFY_SOCKET", "WATCHDOG_USEC",
		"WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]); /* fails for a bad name only */
}

int
notify_init(struct notify *ret_notify)
{
	struct notify notify = { .fd = -1 };
	int r, saved;

	*ret_notify = notify;
	if ((r = init_listen(&notify)) == 0 &&
	    (r = init_watchdog(&notify)) == 0)
		r = init_socket(&notify);
	saved = errno;
	clear_environment();
	errno = saved;
	if (r == 0)
		*ret_notify = notify;
	return r;
}

void
notify_send(const struct notify *notify, const char *state)
{
	ssize_t n;

	if (notify->fd == -1)
		return;
	/* A manager that is gone or full is not the daemon's to cure. */
	do {
		n = send(notify->fd, state, strlen(state), MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
}
