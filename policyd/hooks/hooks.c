/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgate-hooks: runs the administrator's programs when the daemon has
 * something to tell. A process of its own, as a user of its own, which no login
 * waits for: the daemon sends one datagram an event, and does not look back.
 * Under a service manager it starts as that user, with the socket; root binds
 * the socket and becomes the user before the first datagram is read.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "policyd/hooks/hook_file.h"
#include "policyd/hooks/hook_queue.h"
#include "policyd/hooks/hook_runner.h"
#include "policyd/hooks/hook_status.h"
#include "policyd/json/json.h"
#include "policyd/log.h"
#include "policyd/notify.h"
#include "policyd/privilege/priv.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define HOOKS_PASSED_FD	 3 /* sd_listen_fds(3)'s first */
#define HOOKS_TIME_S	 30u
#define HOOKS_TIME_MAX_S 3600u

struct options {
	const char *folder; /* -f */
	unsigned int a_minute; /* -m */
	const char *sender; /* -o: whose datagrams are taken */
	const char *rundir; /* -r */
	const char *status; /* -s: the folder of the status */
	const char *user; /* -u */
	unsigned int time_s; /* -t */
	bool debug; /* -d */
};

struct hooks {
	struct options options;
	struct loop *loop;
	struct loop_watch *watch;
	int fd;
	struct hook_runner *runners[HOOK_COUNT];
	int64_t since_s;
	bool unkept; /* the last status, which was told */
};

/* ---- phase 1: options, descriptors --------------------------------------- */

static void
hooks_usage(void)
{
	(void)fprintf(stderr,
	    "usage: farmgate-hooks [-d] [-f folder] [-m runs] [-o owner] "
	    "[-r rundir]\n"
	    "           [-s folder] [-t seconds] [-u user]\n");
	exit(2);
}

static unsigned int
hooks_number(const char *text, unsigned int max)
{
	uint64_t v;

	if (text_parse_uint(text, 1, max, &v) != 0)
		hooks_usage();
	return (unsigned int)v;
}

static void
hooks_options(int argc, char **argv, struct options *ret_options)
{
	struct options o = { .folder = HOOK_FOLDER,
		.a_minute = HOOK_A_MINUTE,
		.sender = "farmgate",
		.rundir = "/run/farmgate",
		.status = HOOK_STATUS_FOLDER,
		.user = HOOK_USER,
		.time_s = HOOKS_TIME_S };
	int c;

	while ((c = getopt(argc, argv, "df:m:o:r:s:t:u:")) != -1) {
		switch (c) {
		case 'd':
			o.debug = true;
			break;
		case 'f':
			o.folder = optarg;
			break;
		case 'm':
			o.a_minute = hooks_number(optarg, HOOK_A_MINUTE_MAX);
			break;
		case 'o':
			o.sender = optarg;
			break;
		case 'r':
			o.rundir = optarg;
			break;
		case 's':
			o.status = optarg;
			break;
		case 't':
			o.time_s = hooks_number(optarg, HOOKS_TIME_MAX_S);
			break;
		case 'u':
			o.user = optarg;
			break;
		default:
			hooks_usage();
		}
	}
	if (optind != argc || o.folder[0] != '/' || o.rundir[0] != '/' ||
	    o.status[0] != '/')
		hooks_usage();
	*ret_options = o;
}

/* Descriptors 0 to 2 exist, and no signal that matters here is held back. */
static void
hooks_clean(void)
{
	sigset_t none;
	int fd;

	do {
		if ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) < 0)
			fatal("/dev/null: %s", strerror(errno));
	} while (fd <= STDERR_FILENO);
	(void)close(fd); /* one too many */
	if (sigemptyset(&none) != 0 ||
	    sigprocmask(SIG_SETMASK, &none, NULL) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		fatal("start: %s", strerror(errno));
}

/* ---- phase 2: the socket ------------------------------------------------- */

static void
hooks_lookup(const char *user, struct priv_ids *ret_ids)
{
	int r = priv_lookup_user(user, ret_ids);

	if (r != 0)
		fatal("user %s: %s; create it as a system user, or name "
		      "another",
		    user, fg_strerror(r));
}

static bool
hooks_is_ours(int fd)
{
	struct sockaddr_storage addr;
	socklen_t len = sizeof(int), alen = sizeof(addr);
	int type = 0;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	    type == SOCK_DGRAM &&
	    getsockname(fd, (struct sockaddr *)&addr, &alen) == 0 &&
	    addr.ss_family == AF_UNIX;
}

/* From the service manager, which has given it to the sender alone. */
static int
hooks_take(const struct notify *notify)
{
	if (notify->nfds != 1 || !hooks_is_ours(HOOKS_PASSED_FD))
		fatal("expected one AF_UNIX datagram socket; use "
		      "ListenDatagram=");
	if (fcntl(HOOKS_PASSED_FD, F_SETFL, O_NONBLOCK) != 0)
		fatal("socket: %s", strerror(errno));
	return HOOKS_PASSED_FD;
}

/* Nobody but root may exchange it, or say who may send to it: the sender's
 * group may. */
static int
hooks_bind(const struct options *options)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct priv_ids sender;
	struct stat st;
	int fd;

	hooks_lookup(options->sender, &sender);
	if (lstat(options->rundir, &st) != 0 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		fatal("%s has to be a folder of root's that nobody else may "
		      "write; chown root and chmod 0755 it",
		    options->rundir);
	if (text_format(addr.sun_path, sizeof(addr.sun_path), "%s/hooks.sock",
		options->rundir) != 0)
		fatal("%s: too long for a socket", options->rundir);
	if (lstat(addr.sun_path, &st) == 0 &&
	    (!S_ISSOCK(st.st_mode) || unlink(addr.sun_path) != 0))
		fatal("%s is in the way; remove it", addr.sun_path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	(void)umask(0157); /* cannot fail */
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0 ||
	    lchown(addr.sun_path, 0, sender.gid) != 0)
		fatal("%s: %s", addr.sun_path, strerror(errno));
	return fd;
}

static void
hooks_socket(struct hooks *hooks, const struct notify *notify)
{
	if (notify->nfds > 0)
		hooks->fd = hooks_take(notify);
	else if (geteuid() == 0)
		hooks->fd = hooks_bind(&hooks->options);
	else
		fatal("start it as root, or with farmgate-hooks.socket");
}

/* ---- phase 3: drop ------------------------------------------------------- */

/* Of its own, as a service manager would have made it. */
static void
hooks_make_folder(const char *path, const struct priv_ids *ids)
{
	int fd = -1;

	if ((mkdir(path, 0700) != 0 && errno != EEXIST) ||
	    (fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) <
		0 ||
	    fchown(fd, ids->uid, ids->gid) != 0 || fchmod(fd, 0755) != 0)
		log_warn("%s: %s; status will not say how hooks end", path,
		    strerror(errno));
	if (fd >= 0)
		(void)close(fd); /* nothing is written by it */
}

static void
hooks_drop(const struct options *options)
{
	struct priv_ids ids;

	if (geteuid() == 0) {
		hooks_lookup(options->user, &ids);
		hooks_make_folder(options->status, &ids);
		priv_drop(&ids, "");
	}
	safeopen_only_root();
	(void)umask(0077); /* cannot fail; the hooks' too */
}

/* ---- phase 4: events ----------------------------------------------------- */

/* One that cannot be kept is told once. */
static void
hooks_on_ended(void *arg)
{
	const struct hook_tally *tallies[HOOK_COUNT] = { NULL };
	struct hooks *hooks = arg;
	int i, r;

	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++)
		tallies[i] = hook_runner_tally(hooks->runners[i]);
	r = hook_status_write(hooks->options.status, hooks->since_s, tallies);
	if (r != 0 && !hooks->unkept)
		log_warn("%s: %s; status does not say how hooks end",
		    hooks->options.status, text_error(r));
	hooks->unkept = r != 0;
}

static void
hooks_take_event(struct hooks *hooks, const char *data, size_t len)
{
	struct hook_event *event;
	int r;

	if ((r = hook_event_parse(data, len, &event)) != 0)
		log_client("an event that cannot be used: %s", fg_strerror(r));
	else
		hook_runner_tell(hooks->runners[event->cls], event);
}

/* One a turn; what is longer than it may be is told by MSG_TRUNC. */
static void
hooks_on_readable(void *arg)
{
	static char data[HOOK_EVENT_MAX];
	struct hooks *hooks = arg;
	ssize_t n;

	n = recv(hooks->fd, data, sizeof(data), MSG_DONTWAIT | MSG_TRUNC);
	if (n >= 0)
		hooks_take_event(hooks, data, (size_t)n);
	else if (errno != EAGAIN && errno != EINTR)
		fatal("hooks.sock: %s", strerror(errno));
}

static void
hooks_on_signal(int signo, void *arg)
{
	struct hooks *hooks = arg;
	int i;

	if (signo != SIGCHLD) {
		loop_stop(hooks->loop);
		return;
	}
	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++)
		hook_runner_look(hooks->runners[i]);
}

static void
hooks_prepare(struct hooks *hooks)
{
	static const int signals[] = { SIGCHLD, SIGINT, SIGTERM };
	struct hook_runner_options options = { .folder = hooks->options.folder,
		.time_s = hooks->options.time_s,
		.a_minute = hooks->options.a_minute,
		.ended = hooks_on_ended,
		.arg = hooks };
	size_t i;
	int r;

	hooks->since_s = (int64_t)time(NULL);
	if ((r = loop_new(&hooks->loop)) != 0)
		fatal("loop: %s", fg_strerror(r));
	options.loop = hooks->loop;
	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++) {
		if ((r = hook_runner_new(&options, (enum hook_class)i,
			 &hooks->runners[i])) != 0)
			fatal("start: %s", fg_strerror(r));
	}
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (loop_signal(hooks->loop, signals[i], hooks_on_signal,
			hooks) != 0)
			fatal("loop: signal %d", signals[i]);
	}
	if ((r = loop_watch(hooks->loop, hooks->fd, hooks_on_readable, hooks,
		 &hooks->watch)) != 0)
		fatal("loop: %s", fg_strerror(r));
}

int
main(int argc, char **argv)
{
	static struct hooks hooks;
	struct notify notify;
	int i;

	/* phase 1: options, and what the service manager hands over */
	hooks_options(argc, argv, &hooks.options);
	log_init("farmgate-hooks", hooks.options.debug);
	hooks_clean();
	if (notify_init(&notify) != 0)
		fatal("the environment is not usable: %s", strerror(errno));
	json_init();

	/* phase 2: the socket, as root where nobody has passed it */
	hooks_socket(&hooks, &notify);

	/* phase 3: drop and verify */
	hooks_drop(&hooks.options);

	/* phase 4: events, one after the other */
	hooks_prepare(&hooks);
	log_info("ready: %s", hooks.options.folder);
	if (loop_run(hooks.loop) != 0)
		log_crit("loop: %s", strerror(errno));
	for (i = HOOK_NONE + 1; i < HOOK_COUNT; i++)
		hook_runner_free(hooks.runners[i]);
	loop_unwatch(hooks.watch);
	loop_free(hooks.loop);
	return EXIT_SUCCESS;
}
