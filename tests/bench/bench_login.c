/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much longer one PAM transaction takes with a module than without. Each
 * round runs every stack once, in an order of its own; what counts is the
 * difference to the first stack of the same round, so that a machine that gets
 * slower gets slower for all. It prints, and asserts nothing but that each
 * stack answered as it should: the time of a broken login says nothing.
 */
#include <security/pam_appl.h>

#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policyd/text.h"
#include "tests/bench/bench.h"

#define LOGIN_STACKS_MAX 32
#define LOGIN_WARM_UP	 20 /* rounds that are not counted */
#define LOGIN_SERVICE	 "sshd"

/* One line of the table: a folder with its own pam.d/sshd. */
struct stack {
	const char *name;
	const char *user;
	const char *rhost;
	bool auth; /* authenticate, instead of the account phase */
	int expect;
	unsigned int every; /* only in each so many rounds */
	int64_t *added; /* to the first stack */
	int64_t *taken;
	size_t n;
};

struct sample {
	int64_t ns;
	int code;
};

struct bench {
	const char *folder;
	const char *user;
	const char *rhost;
	bool fork;
	size_t rounds;
	size_t rate; /* rounds a second; 0: one after the other */
	uint64_t seed;
	struct stack stacks[LOGIN_STACKS_MAX];
	uint32_t nstacks;
	struct sample *shared; /* with a child */
	FILE *out; /* every sample, or NULL */
};

/* Every user's password is NAME-pw; messages are for nobody. */
static int
converse(int n, const struct pam_message **msg, struct pam_response **ret_resp,
    void *arg)
{
	struct pam_response *resp;
	int i;

	if ((resp = calloc((size_t)n, sizeof(*resp))) == NULL)
		return PAM_BUF_ERR;
	for (i = 0; i < n; i++) {
		if (msg[i]->msg_style == PAM_PROMPT_ECHO_OFF &&
		    asprintf(&resp[i].resp, "%s-pw", (const char *)arg) < 0)
			resp[i].resp = NULL;
	}
	*ret_resp = resp;
	return PAM_SUCCESS;
}

/* What sshd sets before it asks. */
static int
set_items(pam_handle_t *pamh, const struct stack *stack)
{
	char env[160];
	int r;

	(void)text_format(env, sizeof(env),
	    "SSH_CONNECTION=%s 50022 127.0.0.1 22", stack->rhost);
	if ((r = pam_set_item(pamh, PAM_RHOST, stack->rhost)) == PAM_SUCCESS &&
	    (r = pam_set_item(pamh, PAM_TTY, "ssh")) == PAM_SUCCESS)
		r = pam_putenv(pamh, env);
	return r;
}

static struct sample
transact(const struct bench *bench, struct stack *stack)
{
	struct pam_conv conv = { .conv = converse };
	pam_handle_t *pamh = NULL;
	char folder[4096], user[64];
	struct sample sample;
	int r;

	(void)text_format(folder, sizeof(folder), "%s/%s", bench->folder,
	    stack->name);
	(void)text_format(user, sizeof(user), "%s", stack->user);
	conv.appdata_ptr = user;
	sample.ns = bench_now_ns();
	r = pam_start_confdir(LOGIN_SERVICE, user, &conv, folder, &pamh);
	if (r == PAM_SUCCESS && (r = set_items(pamh, stack)) == PAM_SUCCESS)
		r = stack->auth ? pam_authenticate(pamh, PAM_SILENT) :
				  pam_acct_mgmt(pamh, 0);
	(void)pam_end(pamh, r); /* nothing of it is kept */
	sample.ns = bench_now_ns() - sample.ns;
	sample.code = r;
	return sample;
}

/*
 * As sshd: a process for each login, which loads everything anew, and which
 * has looked the user up before it asks PAM.
 */
static struct sample
transact_in_child(const struct bench *bench, struct stack *stack)
{
	int status;
	pid_t pid;

	bench->shared->code = -1;
	if ((pid = fork()) < 0)
		bench_die("fork: %s", strerror(errno));
	if (pid == 0) {
		(void)
		    getpwnam(stack->user); /* what matters is that it looked */
		*bench->shared = transact(bench, stack);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0)
		bench_die("%s: a login ended with status %d", stack->name,
		    status);
	return *bench->shared;
}

static int64_t
measure(const struct bench *bench, struct stack *stack)
{
	struct sample sample;

	sample = bench->fork ? transact_in_child(bench, stack) :
			       transact(bench, stack);
	if (sample.code != stack->expect)
		bench_die("%s: PAM answered %d and not %d", stack->name,
		    sample.code, stack->expect);
	return sample.ns;
}

/* The stacks that are due, in an order of this round's own. */
static uint32_t
draw_order(struct bench *bench, size_t round, uint32_t order[LOGIN_STACKS_MAX])
{
	uint32_t i, j, n = 0, t;

	for (i = 0; i < bench->nstacks; i++) {
		if (round % bench->stacks[i].every == 0)
			order[n++] = i;
	}
	for (i = n; i > 1; i--) {
		j = bench_random(&bench->seed, i);
		t = order[i - 1];
		order[i - 1] = order[j];
		order[j] = t;
	}
	return n;
}

static void
run_round(struct bench *bench, size_t round, bool counts)
{
	uint32_t i, n, order[LOGIN_STACKS_MAX];
	int64_t ns[LOGIN_STACKS_MAX];
	struct stack *stack;

	n = draw_order(bench, round, order);
	for (i = 0; i < n; i++)
		ns[order[i]] = measure(bench, &bench->stacks[order[i]]);
	for (i = 0; i < n && counts; i++) {
		stack = &bench->stacks[order[i]];
		stack->added[stack->n] = ns[order[i]] - ns[0];
		stack->taken[stack->n++] = ns[order[i]];
		if (bench->out != NULL)
			(void)fprintf(bench->out, "%zu\t%s\t%jd\n", round,
			    stack->name, (intmax_t)ns[order[i]]);
	}
}

/* Rounds that come as people do find caches cold and the daemon asleep. */
static void
wait_turn(const struct bench *bench, int64_t start_ns, size_t round)
{
	int64_t left_ns;

	if (bench->rate == 0)
		return;
	left_ns = start_ns - bench_now_ns() +
	    (int64_t)round * 1000000000 / (int64_t)bench->rate;
	if (left_ns > 0)
		(void)usleep((useconds_t)(left_ns / 1000));
}

static void
print_stack(struct stack *stack, bool first)
{
	bench_sort(stack->added, stack->n);
	bench_sort(stack->taken, stack->n);
	(void)printf("%-26s %6zu", stack->name, stack->n);
	if (first)
		(void)printf(" %10s %10s", "-", "-");
	else
		(void)printf(" %10.0f %10.0f",
		    bench_percentile_us(stack->added, stack->n, 50),
		    bench_percentile_us(stack->added, stack->n, 99));
	(void)printf(" %10.0f %10.0f\n",
	    bench_percentile_us(stack->taken, stack->n, 50),
	    bench_percentile_us(stack->taken, stack->n, 99));
}

static void
print_table(struct bench *bench)
{
	uint32_t i;

	(void)printf("%-26s %6s %10s %10s %10s %10s\n", "microseconds",
	    "logins", "added p50", "added p99", "total p50", "total p99");
	for (i = 0; i < bench->nstacks; i++)
		print_stack(&bench->stacks[i], i == 0);
}

static void
usage(void)
{
	(void)fprintf(stderr,
	    "usage: bench_login [-f] [-n rounds] [-o file] [-p rate] "
	    "[-s seed] -d folder -r rhost\n"
	    "           -u user "
	    "NAME[,auth][,deny][,every=N][,rhost=A][,user=U] ...\n");
	exit(2);
}

static void
parse_word(struct stack *stack, char *word)
{
	if (strcmp(word, "auth") == 0)
		stack->auth = true;
	else if (strcmp(word, "deny") == 0)
		stack->expect = PAM_PERM_DENIED;
	else if (strncmp(word, "every=", 6) == 0)
		stack->every = (unsigned int)bench_number(word + 6, 1, 1000);
	else if (strncmp(word, "rhost=", 6) == 0)
		stack->rhost = word + 6;
	else if (strncmp(word, "user=", 5) == 0)
		stack->user = word + 5;
	else
		bench_die("%s: unknown word \"%s\"", stack->name, word);
}

static void
add_stack(struct bench *bench, char *text)
{
	struct stack *stack;
	char *rest = text, *word;

	if (bench->nstacks == LOGIN_STACKS_MAX)
		bench_die("more than %d stacks", LOGIN_STACKS_MAX);
	stack = &bench->stacks[bench->nstacks++];
	stack->name = strsep(&rest, ",");
	stack->user = bench->user;
	stack->rhost = bench->rhost;
	stack->expect = PAM_SUCCESS;
	stack->every = 1;
	while ((word = strsep(&rest, ",")) != NULL)
		parse_word(stack, word);
	stack->added = calloc(bench->rounds, sizeof(*stack->added));
	stack->taken = calloc(bench->rounds, sizeof(*stack->taken));
	if (stack->added == NULL || stack->taken == NULL)
		bench_die("out of memory");
}

static void
parse_options(struct bench *bench, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "d:fn:o:p:r:s:u:")) != -1) {
		switch (c) {
		case 'd':
			bench->folder = optarg;
			break;
		case 'f':
			bench->fork = true;
			break;
		case 'n':
			bench->rounds = bench_number(optarg, 1, 1000000);
			break;
		case 'o':
			if ((bench->out = fopen(optarg, "we")) == NULL)
				bench_die("%s: %s", optarg, strerror(errno));
			break;
		case 'p':
			bench->rate = bench_number(optarg, 1, 1000);
			break;
		case 'r':
			bench->rhost = optarg;
			break;
		case 's':
			bench->seed = bench_number(optarg, 1, UINT32_MAX);
			break;
		case 'u':
			bench->user = optarg;
			break;
		default:
			usage();
		}
	}
	if (bench->folder == NULL || bench->rhost == NULL ||
	    bench->user == NULL || optind == argc)
		usage();
}

int
main(int argc, char **argv)
{
	static struct bench bench = { .seed = 1 };
	int64_t start_ns;
	size_t i;

	parse_options(&bench, argc, argv);
	if (bench.rounds == 0)
		bench.rounds = bench.fork ? 500 : 2000;
	for (; optind < argc; optind++)
		add_stack(&bench, argv[optind]);
	if (bench.stacks[0].every != 1)
		bench_die("the first stack runs in every round");
	bench.shared = bench_shared(sizeof(*bench.shared));
	for (i = 0; i < LOGIN_WARM_UP; i++)
		run_round(&bench, i, false);
	start_ns = bench_now_ns();
	for (i = 0; i < bench.rounds; i++) {
		wait_turn(&bench, start_ns, i);
		run_round(&bench, i, true);
	}
	print_table(&bench);
	if (bench.out != NULL && fclose(bench.out) != 0)
		bench_die("the samples: %s", strerror(errno));
	return 0;
}
