/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Listening sockets: taken over or bound, and accepting on them with limits.
 */
#include "policyd/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "policyd/conn.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define LISTEN_PAUSE_MS	 20u /* no place, no descriptor: try again after */
#define LISTEN_PASSED_FD 3 /* sd_listen_fds(3)'s first */

struct listener {
	struct daemon *daemon;
	enum listen_role role;
	int fd;
	struct loop_watch *watch;
	struct loop_timer *pause;
};

const char *
listen_role_name(enum listen_role role)
{
	switch (role) {
	case LISTEN_POLICY:
		return "policy";
	case LISTEN_CONTROL:
		return "control";
	case LISTEN_AUDIT:
		return "audit";
	case LISTEN_WITNESS:
		return "witness";
	case LISTEN_NONE:
	case LISTEN_COUNT:
		break;
	}
	return "none";
}

static enum listen_role
listen_role_by_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return LISTEN_NONE;
	if (strcmp(slash, "/policy.sock") == 0)
		return LISTEN_POLICY;
	if (strcmp(slash, "/control.sock") == 0)
		return LISTEN_CONTROL;
	if (strcmp(slash, "/audit.sock") == 0)
		return LISTEN_AUDIT;
	if (strcmp(slash, "/witness.sock") == 0)
		return LISTEN_WITNESS;
	return LISTEN_NONE;
}

static bool
listen_is_ours(int fd)
{
	int type = 0, listening = 0;
	socklen_t len = sizeof(int);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	    type == SOCK_SEQPACKET &&
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 &&
	    listening == 1;
}

static int
listen_take(int fd, struct listen_fds *fds)
{
	union {
		struct sockaddr sa;
		struct sockaddr_un un;
	} addr;
	socklen_t len = sizeof(addr);
	enum listen_role role;

	memset(&addr, 0, sizeof(addr));
	if (!listen_is_ours(fd) || getsockname(fd, &addr.sa, &len) != 0 ||
	    addr.sa.sa_family != AF_UNIX) {
		log_err("passed descriptor %d is no listening AF_UNIX "
			"SOCK_SEQPACKET socket; use ListenSequentialPacket=",
		    fd);
		return FG_ERR_UNSAFE;
	}
	addr.un.sun_path[sizeof(addr.un.sun_path) - 1] = '\0';
	role = listen_role_by_path(addr.un.sun_path);
	if (role == LISTEN_NONE || fds->fd[role] >= 0) {
		log_err("passed socket %s: expected policy.sock, control.sock, "
			"audit.sock and witness.sock, each once",
		    addr.un.sun_path);
		return FG_ERR_UNSAFE;
	}
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
		return FG_ERR_SYSTEM;
	fds->fd[role] = fd;
	return 0;
}

/* Nobody but root may exchange what lies in the folder. */
static int
listen_prepare_folder(const char *rundir, struct listen_fds *fds)
{
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct stat st;

	/* The umask is narrower than what members of the group need. */
	if ((mkdir(rundir, 0755) == 0 ? chmod(rundir, 0755) :
		    errno == EEXIST   ? 0 :
					-1) != 0) {
		log_err("create %s: %s", rundir, strerror(errno));
		return FG_ERR_SYSTEM;
	}
	if (lstat(rundir, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != 0 ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		log_err("%s has to be a folder of root's that nobody else may "
			"write; chown root and chmod 0755 it",
		    rundir);
		return FG_ERR_UNSAFE;
	}
	if (text_format(path, sizeof(path), "%s/policyd.lock", rundir) != 0)
		return FG_ERR_LIMIT;
	fds->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fds->lock < 0 || flock(fds->lock, LOCK_EX | LOCK_NB) != 0) {
		log_err("%s: %s; is another farmgate-policyd running?", path,
		    strerror(errno));
		return FG_ERR_BUSY;
	}
	return 0;
}

/* Only a socket is removed; anything else in its place is somebody's. */
static int
listen_remove_stale(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : FG_ERR_SYSTEM;
	if (!S_ISSOCK(st.st_mode)) {
		log_err("%s is in the way and no socket; remove it", path);
		return FG_ERR_UNSAFE;
	}
	return unlink(path) == 0 ? 0 : FG_ERR_SYSTEM;
}

/* Bound with 0600; the group is given before the mode lets it in. */
static int
listen_bind_path(int fd, const struct sockaddr_un *addr, enum listen_role role,
    gid_t gid)
{
	bool witness = role == LISTEN_WITNESS;
	mode_t mask = umask(0177);
	int r;

	r = bind(fd, (const struct sockaddr *)addr, sizeof(*addr));
	(void)umask(mask); /* cannot fail */
	if (r != 0)
		return FG_ERR_SYSTEM;
	if (gid != (gid_t)-1 &&
	    (lchown(addr->sun_path, 0, gid) != 0 ||
		chmod(addr->sun_path, 0660) != 0))
		return FG_ERR_SYSTEM;
	if (witness && chmod(addr->sun_path, 0666) != 0)
		return FG_ERR_SYSTEM;
	return listen(fd, witness ? LISTEN_WITNESS_BACKLOG : LISTEN_BACKLOG) ==
		0 ?
	    0 :
	    FG_ERR_SYSTEM;
}

static int
listen_bind(const char *rundir, enum listen_role role, gid_t gid, int *ret_fd)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, r;

	*ret_fd = -1;
	if ((r = text_format(addr.sun_path, sizeof(addr.sun_path), "%s/%s.sock",
		 rundir, listen_role_name(role))) != 0) {
		log_err("%s: too long for a socket", rundir);
		return r;
	}
	if ((r = listen_remove_stale(addr.sun_path)) != 0)
		return r;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || (r = listen_bind_path(fd, &addr, role, gid)) != 0) {
		log_err("%s: %s", addr.sun_path, strerror(errno));
		if (fd >= 0)
			(void)close(fd); /* unusable */
		return FG_ERR_SYSTEM;
	}
	*ret_fd = fd;
	return 0;
}

/* What was not passed. */
static int
listen_bind_missing(const char *rundir, const struct listen_groups *groups,
    struct listen_fds *fds)
{
	int r = 0;

	if (fds->fd[LISTEN_POLICY] < 0)
		r = listen_bind(rundir, LISTEN_POLICY, (gid_t)-1,
		    &fds->fd[LISTEN_POLICY]);
	if (r == 0 && fds->fd[LISTEN_CONTROL] < 0)
		r = listen_bind(rundir, LISTEN_CONTROL, groups->admin,
		    &fds->fd[LISTEN_CONTROL]);
	/* Where sockets are passed, whoever passes them knows which there are:
	 * a service has no right to give one to a group. */
	if (r == 0 && groups->audit != (gid_t)-1 && !groups->passed &&
	    fds->fd[LISTEN_AUDIT] < 0)
		r = listen_bind(rundir, LISTEN_AUDIT, groups->audit,
		    &fds->fd[LISTEN_AUDIT]);
	if (r == 0 && groups->witness && fds->fd[LISTEN_WITNESS] < 0)
		r = listen_bind(rundir, LISTEN_WITNESS, (gid_t)-1,
		    &fds->fd[LISTEN_WITNESS]);
	return r;
}

int
listen_open(const struct notify *notify, const char *rundir,
    const struct listen_groups *groups, struct listen_fds *ret_fds)
{
	int i, r;

	ret_fds->lock = -1;
	for (i = 0; i < LISTEN_COUNT; i++)
		ret_fds->fd[i] = -1;
	for (i = 0; i < (int)notify->nfds; i++) {
		if ((r = listen_take(LISTEN_PASSED_FD + i, ret_fds)) != 0)
			return r;
	}
	if ((r = listen_prepare_folder(rundir, ret_fds)) != 0)
		return r;
	return listen_bind_missing(rundir, groups, ret_fds);
}

static size_t
listen_places(enum listen_role role)
{
	switch (role) {
	case LISTEN_POLICY:
		return CONN_POLICY_MAX;
	case LISTEN_CONTROL:
		return CONN_CONTROL_MAX;
	case LISTEN_AUDIT:
		return CONN_AUDIT_MAX;
	case LISTEN_WITNESS:
		return CONN_WITNESS_MAX;
	case LISTEN_NONE:
	case LISTEN_COUNT:
		break;
	}
	return 0;
}

static bool
listen_is_full(const struct listener *l)
{
	return conn_count(l->daemon, l->role) >= listen_places(l->role);
}

static void
listen_on_pause_over(void *arg)
{
	struct listener *l = arg;

	loop_resume(l->watch);
}

/* The backlog keeps what is not to be accepted now; no busy waiting. */
static void
listen_pause(struct listener *l, unsigned int ms)
{
	loop_pause(l->watch);
	loop_timer_set(l->pause, ms);
}

static void
listen_rest(struct listener *l, const char *why)
{
	conn_log(l->role)("%s.sock: accepting pauses: %s",
	    listen_role_name(l->role), why);
	listen_pause(l, LISTEN_PAUSE_MS);
}

/* Whether there was one. */
static bool
listen_accept(struct listener *l)
{
	int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0) {
		conn_accept(l->daemon, l->role, fd);
		return true;
	}
	if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
		listen_rest(l, strerror(errno));
		conn_hurry(l->daemon, l->role);
	}
	return false;
}

/* One a turn: a login that is alone should not pay for asking twice. */
static void
listen_on_readable(void *arg)
{
	struct listener *l = arg;
	size_t n = 0;

	if (listen_is_full(l))
		conn_hurry(l->daemon, l->role);
	if (listen_is_full(l)) {
		listen_rest(l, "too many connections");
		return;
	}
	if (l->role != LISTEN_WITNESS) {
		(void)listen_accept(l);
		return;
	}
	/* All that wait there, or whoever floods it keeps the others out. */
	listen_pause(l, LISTEN_WITNESS_MS);
	while (n < LISTEN_WITNESS_BACKLOG && !listen_is_full(l) &&
	    listen_accept(l))
		n++;
}

static int
listen_start_one(struct daemon *daemon, enum listen_role role, int fd)
{
	struct listener *l;
	int r;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return FG_ERR_NOMEM;
	l->daemon = daemon;
	l->role = role;
	l->fd = fd;
	daemon->listener[role] = l;
	if ((r = loop_timer(daemon->loop, listen_on_pause_over, l,
		 &l->pause)) != 0)
		return r;
	return loop_watch(daemon->loop, fd, listen_on_readable, l, &l->watch);
}

int
listen_start(struct daemon *daemon, const struct listen_fds *fds)
{
	int role, r = 0;

	for (role = LISTEN_POLICY; role < LISTEN_COUNT && r == 0; role++)
		if (fds->fd[role] >= 0)
			r = listen_start_one(daemon, (enum listen_role)role,
			    fds->fd[role]);
	return r;
}

void
listen_stop(struct daemon *daemon)
{
	struct listener *l;
	int role;

	for (role = LISTEN_POLICY; role < LISTEN_COUNT; role++) {
		if ((l = daemon->listener[role]) == NULL)
			continue;
		daemon->listener[role] = NULL;
		loop_unwatch(l->watch);
		loop_timer_free(l->pause);
		(void)close(l->fd); /* the backlog is the next one's */
		free(l);
	}
}

/* ---- status ------------------------------------------------------------- */

static bool
listen_is_there(const struct daemon *daemon, enum listen_role role)
{
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	struct stat st;

	return text_format(path, sizeof(path), "%s/%s.sock",
		   daemon->options.rundir, listen_role_name(role)) == 0 &&
	    lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

bool
listen_is_reachable(const struct daemon *daemon)
{
	int role;

	for (role = LISTEN_POLICY; role < LISTEN_COUNT; role++)
		if (daemon->listener[role] != NULL &&
		    !listen_is_there(daemon, (enum listen_role)role))
			return false;
	return true;
}

void
listen_status(const struct daemon *daemon, struct json *report)
{
	struct json *list = json_set_array(report, "sockets"), *o;
	char name[32];
	int role;

	for (role = LISTEN_POLICY; role < LISTEN_COUNT; role++) {
		if (daemon->listener[role] == NULL)
			continue;
		o = json_add_object(list);
		(void)text_format(name, sizeof(name), "%s.sock",
		    listen_role_name((enum listen_role)role)); /* it fits */
		json_set_string(o, "name", name);
		json_set_bool(o, "there",
		    listen_is_there(daemon, (enum listen_role)role));
		json_set_int(o, "connections",
		    (int64_t)conn_count(daemon, (enum listen_role)role));
	}
}
