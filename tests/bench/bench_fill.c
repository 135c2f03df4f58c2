/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills a store with what years bring: logins in the history, and sessions that
 * are open, led by processes that this one keeps until it is told to end. It
 * runs as the user whose folder it is, before the daemon starts.
 *
 * Logins come person by person, and each person's are spread over the time:
 * so that all of the indexes but the one by time grow at their ends, and ten
 * million rows take minutes and not hours.
 */
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policyd/scanner/scanner.h"
#include "policyd/session/session.h"
#include "policyd/store/store_history.h"
#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"
#include "tests/bench/bench.h"

#define FILL_LEADERS 100u
#define FILL_BATCH   1000000u /* rows of a transaction */
#define FILL_DAYS    89 /* the history is kept for 90 */

/* Only what fills it: the store's own are for a daemon that others wait for. */
static const char fill_settings[] = "PRAGMA soft_heap_limit = 0;"
				    "PRAGMA cache_size = -524288;"
				    "PRAGMA synchronous = OFF;";

struct fill {
	const char *folder;
	const char *user; /* who logs in while it is measured */
	struct addr addr; /* and from where */
	uint64_t people;
	uint64_t rows;
	uint64_t sessions;
	int64_t now_s;
	char boot_id[STORE_BOOT_ID_SIZE];
	struct store *store;
	struct fact_process leader[FILL_LEADERS];
};

static void
check(int r, const char *what)
{
	if (r != 0)
		bench_die("%s: %s", what,
		    r == FG_ERR_SYSTEM ? strerror(errno) : fg_strerror(r));
}

/* The folder's owner: the store takes nobody else. */
static void
become_owner(const char *folder)
{
	struct stat st;

	if (stat(folder, &st) != 0 || setgroups(0, NULL) != 0 ||
	    setresgid(st.st_gid, st.st_gid, st.st_gid) != 0 ||
	    setresuid(st.st_uid, st.st_uid, st.st_uid) != 0)
		bench_die("%s: %s", folder, strerror(errno));
}

/* ---- logins ------------------------------------------------------------ */

/* Everybody has a home, and every second one works beside somebody else. */
static void
set_home(uint64_t person, struct store_login *l)
{
	uint64_t home = person / 2 * 2 + (person % 4 == 3);

	memset(l->addr.b, 0, sizeof(l->addr.b));
	l->addr.b[10] = l->addr.b[11] = 0xff;
	l->addr.b[12] = 100;
	l->addr.b[13] = (uint8_t)(64 + (home >> 16 & 63));
	l->addr.b[14] = (uint8_t)(home >> 8);
	l->addr.b[15] = (uint8_t)home;
}

static void
add_login(struct fill *fill, struct store_login *l, uint64_t back)
{
	l->at_s = fill->now_s - (int64_t)back;
	check(store_history_add(fill->store, l), "history");
}

/* The n-th of so many: each some hours before the next. */
static uint64_t
time_back(uint64_t person, uint64_t n, uint64_t each)
{
	const uint64_t all = (uint64_t)FILL_DAYS * 86400;

	return 60 + (each - n - 1) * (all / each) + person % (all / each);
}

static void
commit(struct fill *fill)
{
	check(store_db_commit(fill->store->db), "commit");
	check(store_db_begin(fill->store->db), "begin");
}

static struct store_login
a_login(const struct fill *fill)
{
	struct store_login l = { .asn = 64500, .boot_s = 1 };

	(void)text_format(l.ref, sizeof(l.ref), "7F3K-Q2MN");
	(void)text_format(l.service, sizeof(l.service), "sshd");
	memcpy(l.country, "NO", 3);
	memcpy(l.boot_id, fill->boot_id, sizeof(l.boot_id));
	return l;
}

/* The same in a store that has nothing else, to be compared with. */
static void
fill_own(struct fill *fill)
{
	struct store_login l = a_login(fill);
	unsigned int i;

	(void)text_format(l.person, sizeof(l.person), "%s", fill->user);
	l.addr = fill->addr;
	for (i = 100; i > 0; i--)
		add_login(fill, &l, i * 3600);
	(void)text_format(l.person, sizeof(l.person), "p1");
	add_login(fill, &l, 7200);
}

static void
fill_history(struct fill *fill)
{
	uint64_t each = fill->people == 0 ? 0 : fill->rows / fill->people;
	struct store_login l = a_login(fill);
	uint64_t p, n, done = 0;

	check(store_db_run(fill->store->db, fill_settings), "settings");
	check(store_db_begin(fill->store->db), "begin");
	for (p = 1; p <= fill->people && each > 0; p++) {
		(void)text_format(l.person, sizeof(l.person), "p%06llu",
		    (unsigned long long)p);
		set_home(p, &l);
		l.asn = (uint32_t)(64500 + p % 3000);
		for (n = 0; n < each; n++)
			add_login(fill, &l, time_back(p, n, each));
		if ((done += each) >= FILL_BATCH) {
			commit(fill);
			done = 0;
		}
	}
	fill_own(fill);
	check(store_db_commit(fill->store->db), "commit");
}

/* ---- sessions ---------------------------------------------------------- */

/* A process for a hundred people: each session is of a process and a user. */
static void
start_leaders(struct fill *fill)
{
	struct fact_peer peer;
	unsigned int i;
	pid_t pid;

	for (i = 0; i < FILL_LEADERS; i++) {
		if ((pid = fork()) < 0)
			bench_die("fork: %s", strerror(errno));
		if (pid == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
			for (;;)
				(void)pause();
		}
		memset(&peer, 0, sizeof(peer));
		procs_peer(pid, &peer);
		if (peer.state != FACT_KNOWN)
			bench_die("/proc/%d: cannot be read", (int)pid);
		fill->leader[i].pid = pid;
		fill->leader[i].start = peer.start;
	}
}

static void
fill_sessions(struct fill *fill)
{
	struct store_session s = { .state = STORE_SESSION_OPEN,
		.kind = SERVICE_REMOTE,
		.uid = 1000,
		.audit_session = (uint32_t)-1,
		.opened_s = fill->now_s };
	struct store_login l;
	uint64_t i;

	s.origin.kind = ORIGIN_ADDRESS;
	s.origin.source = ORIGIN_FROM_SSH_CONNECTION;
	(void)text_format(s.service, sizeof(s.service), "sshd");
	memcpy(s.where.country, "NO", 3);
	memcpy(s.boot_id, fill->boot_id, sizeof(s.boot_id));
	check(store_db_begin(fill->store->db), "begin");
	for (i = 0; i < fill->sessions; i++) {
		(void)text_format(s.person, sizeof(s.person), "p%06llu",
		    (unsigned long long)(i + 1));
		memcpy(s.user, s.person, sizeof(s.user));
		(void)text_format(s.ref, sizeof(s.ref), "S%08llu",
		    (unsigned long long)i);
		set_home(i + 1, &l);
		s.origin.addr = l.addr;
		s.process = fill->leader[i % FILL_LEADERS];
		check(store_session_put(fill->store, &s), "session");
	}
	check(store_db_commit(fill->store->db), "commit");
}

/* ---- the whole --------------------------------------------------------- */

static void
usage(void)
{
	(void)fprintf(stderr,
	    "usage: bench_fill [-n rows] [-o sessions] [-p people] -d folder\n"
	    "           -r address -u user\n");
	exit(2);
}

static void
parse_options(struct fill *fill, int argc, char **argv)
{
	const char *addr = NULL;
	int c;

	while ((c = getopt(argc, argv, "d:n:o:p:r:u:")) != -1) {
		switch (c) {
		case 'd':
			fill->folder = optarg;
			break;
		case 'n':
			fill->rows = bench_number(optarg, 0, 1000000000);
			break;
		case 'o':
			fill->sessions =
			    bench_number(optarg, 0, SESSION_OPEN_MAX);
			break;
		case 'p':
			fill->people = bench_number(optarg, 0, 1000000);
			break;
		case 'r':
			addr = optarg;
			break;
		case 'u':
			fill->user = optarg;
			break;
		default:
			usage();
		}
	}
	if (fill->folder == NULL || addr == NULL || fill->user == NULL ||
	    optind != argc)
		usage();
	check(addr_parse(addr, &fill->addr), addr);
}

int
main(int argc, char **argv)
{
	static struct fill fill;
	const char *why;

	parse_options(&fill, argc, argv);
	become_owner(fill.folder);
	fill.now_s = time(NULL);
	check(session_read_boot_id(fill.boot_id), "boot_id");
	start_leaders(&fill);
	check(store_open(fill.folder, &fill.store, &why),
	    why != NULL ? why : fill.folder);
	fill_history(&fill);
	fill_sessions(&fill);
	store_close(fill.store);
	sync(); /* and not while it is measured */
	(void)printf("filled\n");
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}
