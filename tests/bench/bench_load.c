/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many logins the daemon decides in a second, and how long each caller
 * waits: so many processes, each asking again as soon as it has its answer,
 * over the module's own client and without PAM around it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/client.h"
#include "proto/result.h"
#include "tests/bench/bench.h"

#define LOAD_CALLERS_MAX 512u
#define LOAD_TIMEOUT_MS	 10000u
#define LOAD_OWN	 200u /* of the people, for each caller */

struct load {
	const char *socket;
	const char *rhost;
	const char *user;
	uint32_t people; /* 0: .user alone */
	const char *group;
	uint8_t phase; /* enum fg_phase */
	uint8_t expect; /* enum fg_verdict */
	unsigned int callers;
	unsigned int wait_us; /* of a caller, from one to the next */
	size_t each; /* logins of one caller */
	int64_t *ns; /* shared: callers x each */
	int start[2]; /* closed when all may begin */
};

/*
 * One of p000001 and so on, as bench_fill has them, or the one user. A caller
 * knows some of them only: each has a session for as long as it lives.
 */
static const char *
load_user(const struct load *load)
{
	static uint32_t own[LOAD_OWN];
	static uint64_t state;
	static char user[16];
	uint32_t i;

	if (load->people == 0)
		return load->user;
	if (state == 0) {
		state = (uint64_t)getpid();
		for (i = 0; i < LOAD_OWN; i++)
			own[i] = 1 + bench_random(&state, load->people);
	}
	(void)text_format(user, sizeof(user), "p%06u",
	    own[bench_random(&state, LOAD_OWN)]);
	return user;
}

static int
load_send(const struct load *load, struct fg_client *client,
    const struct fg_groups *groups)
{
	char ssh[160];
	struct fg_login m = { .phase = load->phase,
		.pid = (uint32_t)getpid(),
		.uid = 1000,
		.service = "sshd",
		.user = load_user(load),
		.ruser = "",
		.tty = "ssh",
		.rhost = load->rhost,
		.ssh_connection = ssh,
		.ssh_auth = "",
		.ref = "" };
	size_t len;
	int r;

	(void)text_format(ssh, sizeof(ssh), "%s 50022 127.0.0.1 22",
	    load->rhost);
	fg_client_next(client);
	if (groups != NULL)
		r = fg_msg_put_groups(client->data, FG_MSG_MAX, &client->hdr,
		    groups, &len);
	else
		r = fg_msg_put_login(client->data, FG_MSG_MAX, &client->hdr, &m,
		    &len);
	return r != 0 ? r : fg_client_send(client, len);
}

/* In the load's group, and in no other. */
static int
load_send_groups(const struct load *load, struct fg_client *client, size_t len)
{
	struct fg_groups groups = { .count = 0 };
	struct fg_need need;
	int r;

	if ((r = fg_msg_get_need(client->data, len, &need)) != 0)
		return r;
	for (; groups.count < need.count; groups.count++)
		groups.member[groups.count] =
		    strcmp(need.groups[groups.count], load->group) == 0;
	return load_send(load, client, &groups);
}

static int
load_exchange(const struct load *load, struct fg_client *client,
    uint8_t *ret_verdict)
{
	struct fg_verdict_msg m;
	struct fg_header hdr;
	size_t len;
	int r;

	if ((r = load_send(load, client, NULL)) != 0 ||
	    (r = fg_client_recv(client, &hdr, &len)) != 0)
		return r;
	if (hdr.type == FG_MSG_NEED) {
		if ((r = load_send_groups(load, client, len)) != 0 ||
		    (r = fg_client_recv(client, &hdr, &len)) != 0)
			return r;
	}
	if (hdr.type != FG_MSG_VERDICT)
		return FG_ERR_FORMAT;
	if ((r = fg_msg_get_verdict(client->data, len, &m)) == 0)
		*ret_verdict = m.verdict;
	return r;
}

static int64_t
load_login(const struct load *load)
{
	uint8_t verdict = FG_VERDICT_NONE;
	struct fg_client client;
	int64_t begin;
	int r;

	begin = bench_now_ns();
	r = fg_client_open(&client, load->socket, LOAD_TIMEOUT_MS);
	if (r == 0)
		r = load_exchange(load, &client, &verdict);
	fg_client_done(&client);
	if (r != 0)
		bench_die("%s: %s", load->socket, fg_strerror(r));
	if (verdict != load->expect)
		bench_die("the daemon answered %s, and not %s",
		    fg_verdict_name(verdict), fg_verdict_name(load->expect));
	return bench_now_ns() - begin;
}

static void
load_caller(const struct load *load, unsigned int number)
{
	int64_t *ns = load->ns + number * load->each;
	char byte;
	size_t i;

	(void)close(load->start[1]); /* else it never ends */
	while (read(load->start[0], &byte, 1) > 0)
		; /* nothing is written: it ends when all may begin */
	for (i = 0; i < load->each; i++) {
		ns[i] = load_login(load);
		if (load->wait_us > 0)
			(void)usleep(load->wait_us); /* about */
	}
	_exit(0);
}

static void
load_wait(const struct load *load)
{
	unsigned int i;
	int status;

	for (i = 0; i < load->callers; i++) {
		if (wait(&status) < 0 || status != 0)
			bench_die("a caller failed: there is no result");
	}
}

static int64_t
load_run(struct load *load)
{
	int64_t begin;
	unsigned int i;
	pid_t pid;

	if (pipe(load->start) != 0)
		bench_die("pipe: %s", strerror(errno));
	for (i = 0; i < load->callers; i++) {
		if ((pid = fork()) < 0)
			bench_die("fork: %s", strerror(errno));
		if (pid == 0)
			load_caller(load, i);
	}
	begin = bench_now_ns();
	(void)close(load->start[1]); /* go */
	load_wait(load);
	return bench_now_ns() - begin;
}

static void
load_print(const struct load *load, const char *label, int64_t ns)
{
	size_t n = load->callers * load->each;

	bench_sort(load->ns, n);
	(void)printf("%-28s %6zu %10.0f %10.0f %10.0f %10.0f\n", label, n,
	    (double)n * 1e9 / (double)ns, bench_percentile_us(load->ns, n, 50),
	    bench_percentile_us(load->ns, n, 99),
	    bench_percentile_us(load->ns, n, 100));
}

static void
usage(void)
{
	(void)fprintf(stderr,
	    "usage: bench_load [-DO] [-c callers] [-g group] [-n logins] "
	    "[-p people]\n"
	    "           [-s socket] [-w microseconds] -r rhost -u user "
	    "label\n");
	exit(2);
}

static size_t
parse_options(struct load *load, int argc, char **argv)
{
	size_t logins = 10000;
	int c;

	while ((c = getopt(argc, argv, "DOc:g:n:p:r:s:u:w:")) != -1) {
		switch (c) {
		case 'D':
			load->expect = FG_VERDICT_DENY;
			break;
		case 'O': /* and not before them: each is written down */
			load->phase = FG_PHASE_SESSION;
			break;
		case 'c':
			load->callers = (unsigned int)bench_number(optarg, 1,
			    LOAD_CALLERS_MAX);
			break;
		case 'g':
			load->group = optarg;
			break;
		case 'n':
			logins = bench_number(optarg, 1, 10000000);
			break;
		case 'p':
			load->people =
			    (uint32_t)bench_number(optarg, 1, 1000000);
			break;
		case 'r':
			load->rhost = optarg;
			break;
		case 's':
			load->socket = optarg;
			break;
		case 'u':
			load->user = optarg;
			break;
		case 'w':
			load->wait_us =
			    (unsigned int)bench_number(optarg, 0, 999999);
			break;
		default:
			usage();
		}
	}
	if (load->rhost == NULL || load->user == NULL || optind != argc - 1)
		usage();
	return logins;
}

int
main(int argc, char **argv)
{
	struct load load = { .socket = FG_POLICY_SOCKET,
		.group = "users",
		.phase = FG_PHASE_ACCOUNT,
		.expect = FG_VERDICT_ALLOW,
		.callers = 1 };
	size_t logins;

	logins = parse_options(&load, argc, argv);
	load.each = (logins + load.callers - 1) / load.callers;
	load.ns = bench_shared(load.callers * load.each * sizeof(*load.ns));
	load_print(&load, argv[optind], load_run(&load));
	return 0;
}
