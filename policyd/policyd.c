/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgate-policyd: start-up in ordered phases, the loop, the end. Root looks
 * up users, binds sockets, splits, and copies serial numbers and a device key;
 * who speaks to a TPM has dropped its privileges before. No file is parsed
 * before the drop in phase 5, and nothing of a client's is read before phase 8.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/anchors.h"
#include "policyd/checkpoint.h"
#include "policyd/conn.h"
#include "policyd/control/control.h"
#include "policyd/control/control_read.h"
#include "policyd/crypto.h"
#include "policyd/daemon.h"
#include "policyd/events.h"
#include "policyd/expiry.h"
#include "policyd/glass.h"
#include "policyd/hooklink.h"
#include "policyd/journal.h"
#include "policyd/listen.h"
#include "policyd/live/live.h"
#include "policyd/log.h"
#include "policyd/machine/machine.h"
#include "policyd/machine/scanlink.h"
#include "policyd/people/cities.h"
#include "policyd/people/zone.h"
#include "policyd/policies.h"
#include "policyd/privilege/priv.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/privilege/sandbox.h"
#include "policyd/reap.h"
#include "policyd/reload/reload.h"
#include "policyd/rotation.h"
#include "policyd/stepup/approvals.h"
#include "policyd/stepup/proofs.h"
#include "policyd/store/store.h"
#include "policyd/text.h"
#include "proto/result.h"

#define POLICYD_ADMIN_GROUP "farmgate-admin"
#define POLICYD_AUDIT_GROUP "farmgate-audit"

struct identities {
	struct priv_ids decider;
	struct priv_ids scanner;
	gid_t admin;
	gid_t audit;
};

static void
policyd_on_watchdog(void *arg)
{
	struct daemon *daemon = arg;

	notify_send(&daemon->notify, "WATCHDOG=1");
	loop_timer_set(daemon->watchdog,
	    (unsigned int)(daemon->notify.watchdog_us / 2000));
}

static void
policyd_on_stop_over(void *arg)
{
	struct daemon *daemon = arg;

	loop_stop(daemon->loop);
}

static void
policyd_on_signal(int signo, void *arg)
{
	struct daemon *daemon = arg;
	const struct reload_by by = { .peer = NULL };

	if (signo == SIGHUP)
		reload(daemon, &by); /* it reports by itself */
	else
		daemon_stop(daemon, EXIT_SUCCESS);
}

/* ---- phase 1: options, descriptors -------------------------------------- */

/*
 * Descriptors: 0 to 2 exist, so that no socket takes their place, and beside
 * the passed sockets nothing else that whoever started us left open.
 */
static void
policyd_clean(struct notify *notify)
{
	struct rlimit limit;
	unsigned int first;
	int fd;

	(void)umask(0077); /* cannot fail */
	do {
		if ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) < 0)
			fatal("/dev/null: %s", strerror(errno));
	} while (fd <= STDERR_FILENO);
	(void)close(fd); /* one too many */
	if (notify_init(notify) != 0)
		fatal("the environment is not usable: %s", strerror(errno));
	first = STDERR_FILENO + 1 + (unsigned int)notify->nfds;
	if ((notify->fd > (int)first &&
		close_range(first, (unsigned int)notify->fd - 1, 0) != 0) ||
	    close_range(notify->fd >= (int)first ?
		    (unsigned int)notify->fd + 1 :
		    first,
		~0U, 0) != 0)
		fatal("inherited descriptors: %s", strerror(errno));
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || crypto_init() != 0)
		fatal("start: %s", strerror(errno));
	/* A descriptor a session: as many as the administrator permits. */
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit); /* else fewer */
	}
}

/* ---- phases 2 and 3: users, sockets ----------------------------------- */

static void
policyd_lookup_user(const char *option, const char *user,
    struct priv_ids *ret_ids)
{
	int r = priv_lookup_user(user, ret_ids);

	if (r == FG_ERR_UNSAFE)
		fatal("user %s has the uid or gid of root, and the daemon must "
		      "not run as root; name another with %s",
		    user, option);
	if (r != 0)
		fatal("user %s: %s; create it as a system user, or name "
		      "another with %s",
		    user, fg_strerror(r), option);
}

static void
policyd_lookup(const struct options *options, struct identities *ret_ids)
{
	policyd_lookup_user("-u", options->user, &ret_ids->decider);
	policyd_lookup_user("-s", options->scanner_user, &ret_ids->scanner);
	if (ret_ids->decider.uid == ret_ids->scanner.uid)
		fatal("users %s and %s have one uid; they must differ",
		    options->user, options->scanner_user);
	if (priv_lookup_group(POLICYD_ADMIN_GROUP, &ret_ids->admin) != 0) {
		ret_ids->admin = (gid_t)-1;
		log_warn("no group %s: only root may use control.sock",
		    POLICYD_ADMIN_GROUP);
	}
	if (priv_lookup_group(POLICYD_AUDIT_GROUP, &ret_ids->audit) != 0)
		ret_ids->audit = (gid_t)-1; /* then there is no audit.sock */
}

/* ---- phase 4: split --------------------------------------------------- */

struct split {
	pid_t pid; /* the scanner */
	int fd;
};

/* The scanner takes nothing along but its end of the pair. */
static void
policyd_be_scanner(struct daemon *daemon, const struct identities *ids, int fd)
{
	enum sandbox_mode mode = daemon->options.seccomp;

	if (dup2(fd, STDERR_FILENO + 1) < 0 ||
	    close_range(STDERR_FILENO + 2, ~0U, 0) != 0)
		fatal("scanner: %s", strerror(errno));
	scanner_main(STDERR_FILENO + 1, &ids->scanner, mode);
}

static struct split
policyd_split(struct daemon *daemon, const struct identities *ids)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		fatal("scanner: socketpair: %s", strerror(errno));
	if ((pid = fork()) < 0)
		fatal("scanner: fork: %s", strerror(errno));
	if (pid == 0) {
		(void)close(pair[0]); /* the decider's end */
		policyd_be_scanner(daemon, ids, pair[1]);
	}
	(void)close(pair[1]); /* the scanner's end */
	return (struct split){ .pid = pid, .fd = pair[0] };
}

/* ---- phases 5 and 6: drop, configuration, audit file, sandbox --------- */

/* What is root's to read of this machine is no business of the scanner's. */
static void
policyd_drop(struct daemon *daemon, const struct identities *ids)
{
	struct identity_bytes bytes;

	daemon_read_machine(daemon, &ids->decider, &bytes);
	priv_drop(&ids->decider, "");
	safeopen_only_root();
	daemon_know_machine(daemon, &bytes);
}

/* The databases are read as well, and nothing is kept of them. */
static void
policyd_test(const char *config)
{
	struct conf_errors errors = { 0 };
	struct ruleset *rules;
	int r;

	r = ruleset_load(config, &rules, &errors);
	conf_errors_log(&errors, log_err);
	if (r != 0)
		fatal("%s: %s", config, fg_strerror(r));
	conf_errors_log(&rules->warnings, log_warn);
	ruleset_release(rules);
	conf_errors_done(&errors);
}

static void
policyd_load(struct daemon *daemon)
{
	int r;

	if ((r = loop_new(&daemon->loop)) != 0)
		fatal("loop: %s", fg_strerror(r));
	reload_start(daemon, control_reloaded);
}

/*
 * The scanner has waited, as root, for what it may keep. If it is not there
 * any more that is a death like any other, which scanlink.c notices.
 */
static void
policyd_settle(const struct daemon *daemon, int scanner)
{
	if (scanner_settle(scanner, daemon->rules->conf->terminate) != 0)
		log_crit("scanner: settle: %s", strerror(errno));
}

/* The folder that holds path, in buf. */
static const char *
policyd_folder(const char *path, char buf[4096])
{
	char *slash;

	(void)text_copy(buf, 4096, path);
	if ((slash = strrchr(buf, '/')) != NULL && slash != buf)
		*slash = '\0';
	return buf;
}

static void
policyd_confine(struct daemon *daemon)
{
	const struct conf *conf = daemon->rules->conf;
	char audit_folder[4096], anchors_folder[4096];
	/* The log is rotated, that is, renamed. */
	const char *const own[] = { conf->state,
		policyd_folder(conf->audit, audit_folder), NULL };
	/* People's hours need their zones, and their homes the cities. */
	/* The module notes uses of break-glass beside the sockets. */
	const char *const data[] = { ZONE_FOLDER, CITIES_FOLDER,
		daemon->options.rundir, NULL };
	const char *const write[] = { policyd_folder(conf->audit, audit_folder),
		conf->anchors == NULL ?
		    NULL :
		    policyd_folder(conf->anchors, anchors_folder),
		NULL };
	const struct landlock_paths paths = {
		.read = (const char *const *)daemon->folders,
		.write = write,
		.own = own,
		.data = data
	};
	int r;

	daemon_open_audit(daemon);
	daemon_open_store(daemon);
	daemon_open_keys(daemon);
	policies_open(conf);
	anchors_open(daemon);
	if ((r = hooklink_new(daemon->loop, daemon->options.rundir,
		 &daemon->hooks)) != 0 ||
	    (r = journal_new(JOURNAL_SOCKET, &daemon->journal)) != 0)
		fatal("sockets of hooks and journal: %s", text_error(r));
	if (session_read_boot_id(daemon->boot_id) != 0)
		fatal("boot_id: cannot be read from /proc");
	if ((daemon->landlock_abi = landlock_apply(&paths)) < 0)
		fatal("landlock: %s", strerror(errno));
	if (sandbox_apply(SANDBOX_DECIDER, daemon->options.seccomp) != 0)
		fatal("seccomp: %s", strerror(errno));
}

/* ---- phases 7 and 8: ready, loop -------------------------------------- */

static void
policyd_prepare_loop(struct daemon *daemon)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	const struct session_calls calls = events_of_sessions(daemon);
	size_t i;
	int r;

	LIST_INIT(&daemon->conns);
	LIST_INIT(&daemon->jobs);
	if ((r = loop_timer(daemon->loop, daemon_on_sync, daemon,
		 &daemon->sync_timer)) != 0 ||
	    (r = loop_timer_idle(daemon->loop, conn_flush, daemon,
		 &daemon->flush_timer)) != 0 ||
	    (r = loop_timer(daemon->loop, conn_flush, daemon,
		 &daemon->flush_late)) != 0 ||
	    (r = loop_timer(daemon->loop, policyd_on_stop_over, daemon,
		 &daemon->stop_timer)) != 0 ||
	    (r = loop_timer(daemon->loop, policyd_on_watchdog, daemon,
		 &daemon->watchdog)) != 0)
		fatal("loop: %s", fg_strerror(r));
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (loop_signal(daemon->loop, signals[i], policyd_on_signal,
			daemon) != 0)
			fatal("loop: signal %d", signals[i]);
	}
	if ((daemon->sessions = sessions_new(daemon->loop, daemon->store,
		 daemon->boot_id, &calls)) == NULL ||
	    (daemon->proofs = proofs_new()) == NULL ||
	    (daemon->approvals = approvals_new()) == NULL)
		fatal("out of memory");
	if ((r = glass_start(daemon)) != 0)
		fatal("breakglass: %s", fg_strerror(r));
	if ((r = anchors_start(daemon)) != 0 ||
	    (r = rotation_start(daemon)) != 0 ||
	    (r = expiry_start(daemon)) != 0 ||
	    (r = control_reads_start(daemon)) != 0)
		fatal("audit: %s", fg_strerror(r));
	if (daemon->store != NULL &&
	    (checkpoint_new(daemon->loop, daemon->store,
		 daemon->rules->conf->state, &daemon->checkpoint) != 0 ||
		retention_start(daemon) != 0))
		fatal("out of memory");
}

/* Sessions that an earlier daemon has seen open. */
static void
policyd_attach(struct daemon *daemon)
{
	int r;

	sessions_set_scanlink(daemon->sessions, daemon->scanlink);
	if ((r = sessions_attach(daemon->sessions)) != 0)
		log_crit("sessions: what was open before is not known: %s",
		    fg_strerror(r));
}

/* One that it goes on without has ended by itself. */
static void
policyd_leave_scanner(struct daemon *daemon, pid_t pid)
{
	int r;

	if (!scanlink_is_running(daemon->scanlink) &&
	    (r = reap_start(daemon->loop, pid, &daemon->reap)) != 0)
		log_warn("scanner: %d stays a zombie: %s", (int)pid,
		    fg_strerror(r));
}

static void
policyd_start(struct daemon *daemon, const struct listen_fds *fds,
    const struct split *split)
{
	const struct scanlink_calls calls = events_of_scanner(daemon);
	int r;

	if ((r = scanlink_new(daemon->loop, split->fd,
		 daemon->rules->conf->state, &calls, &daemon->scanlink)) != 0 ||
	    (r = listen_start(daemon, fds)) != 0)
		fatal("start: %s", fg_strerror(r));
	policyd_leave_scanner(daemon, split->pid);
	daemon_leave_tpm(daemon);
	machine_set_rules(daemon);
	scanlink_await_rules(daemon->scanlink);
	daemon_record_life(daemon, AUDIT_START);
	daemon_record_older(daemon);
	policyd_attach(daemon);
	if ((r = live_start(daemon)) != 0)
		fatal("live: %s", fg_strerror(r));
	reload_watch(daemon);
	if (daemon->notify.watchdog_us > 0)
		policyd_on_watchdog(daemon);
	notify_send(&daemon->notify, "READY=1");
	log_info("ready: %s, mode %s, %zu policies", daemon->options.config,
	    conf_mode_name(daemon->rules->conf->mode),
	    daemon->rules->conf->npolicies);
}

static void
policyd_end(struct daemon *daemon)
{
	struct conn *conn;

	listen_stop(daemon);
	conn_flush(daemon); /* who is decided gets the answer */
	while ((conn = LIST_FIRST(&daemon->conns)) != NULL)
		conn_fail(conn, FG_FAIL_STOPPING);
	control_stop(daemon);
	control_reads_stop(daemon);
	daemon_record_life(daemon, AUDIT_STOP);
	expiry_stop(daemon);
	rotation_stop(daemon);
	anchors_stop(daemon);
	live_stop(daemon);
	sessions_free(daemon->sessions);
	retention_stop(daemon);
	glass_stop(daemon);
	checkpoint_free(daemon->checkpoint);
	scanlink_free(daemon->scanlink);
	reap_free(daemon->reap);
	reap_free(daemon->tpm_reap);
	hooklink_free(daemon->hooks);
	journal_free(daemon->journal);
	reload_free(daemon);
	loop_timer_free(daemon->sync_timer);
	loop_timer_free(daemon->flush_timer);
	loop_timer_free(daemon->flush_late);
	loop_timer_free(daemon->stop_timer);
	loop_timer_free(daemon->watchdog);
	loop_free(daemon->loop);
	audit_free(daemon->audit);
	store_close(daemon->store);
	free(daemon->store_problem);
	proofs_free(daemon->proofs);
	approvals_free(daemon->approvals);
	daemon_free_keys(daemon);
	ruleset_release(daemon->rules);
}

int
main(int argc, char **argv)
{
	static struct daemon daemon;
	struct listen_groups groups;
	struct identities ids;
	struct listen_fds fds;
	struct split split;

	/* phase 1: options, and nothing inherited that could matter later */
	options_parse(argc, argv, &daemon.options);
	log_init("farmgate-policyd", daemon.options.debug);
	policyd_clean(&daemon.notify);
	if (daemon.options.test) {
		policyd_test(daemon.options.config);
		return EXIT_SUCCESS;
	}
	if (geteuid() != 0)
		fatal("start it as root: it drops its privileges by itself");

	/* phase 2: users and groups, as root */
	policyd_lookup(&daemon.options, &ids);
	daemon.admin_gid = ids.admin;
	daemon.audit_gid = ids.audit;
	groups = (struct listen_groups){ ids.admin, ids.audit,
		daemon.options.witness, daemon.notify.nfds > 0 };

	/* phase 3: sockets, as root */
	if (listen_open(&daemon.notify, daemon.options.rundir, &groups, &fds) !=
	    0)
		fatal("sockets: cannot listen in %s", daemon.options.rundir);

	/* phase 4: split off the scanner */
	split = policyd_split(&daemon, &ids);

	/* phase 5: serial numbers, device key, TPM, as root; drop and verify */
	policyd_drop(&daemon, &ids);

	/* phase 6: configuration, databases, audit file; then the sandbox */
	policyd_load(&daemon);
	policyd_settle(&daemon, split.fd);
	policyd_confine(&daemon);

	/* phases 7 and 8: ready, loop */
	daemon.started_at_s = daemon_wall_s();
	policyd_prepare_loop(&daemon);
	policyd_start(&daemon, &fds, &split);
	if (loop_run(daemon.loop) != 0)
		log_crit("loop: %s", strerror(errno));
	policyd_end(&daemon);
	return daemon.exit_status;
}
