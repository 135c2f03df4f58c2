/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an attestation costs each side, in microseconds of the processor: the
 * fullest statement there is, signed and sealed by the laptop, opened and
 * verified by the jump host. Fails if a side's median is over what that may
 * cost. Usage: bench_attest [-n ROUNDS].
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "policyd/witness/answer.h"
#include "policyd/witness/statement_fill.h"
#include "policyd/witness/token.h"
#include "tests/bench/bench.h"

#define ROUNDS_MAX  100000u
#define SIDE_MAX_US 1000.0

enum step {
	STEP_CHALLENGE = 0, /* the jump host's */
	STEP_SEAL, /* the laptop's */
	STEP_OPEN, /* the jump host's */
	STEP_CHECK, /* likewise */
	STEPS
};

static const char *const names[STEPS] = { "making a challenge",
	"signing and sealing", "opening and verifying",
	"checking what it is bound to" };

static const char *const sides[] = { "the jump host", "the laptop" };

static int64_t cpu[STEPS][ROUNDS_MAX];
static int64_t side_cpu[2][ROUNDS_MAX]; /* as sides */

static uint8_t host_secret[CRYPTO_KEY_SIZE], host_key[CRYPTO_KEY_SIZE];
static uint8_t device_secret[CRYPTO_KEY_SIZE];

static void
fill(struct statement *st)
{
	memset(st, 0, sizeof(*st));
	statement_user_digest("alice", st->user_digest);
	st->hwids.n = STATEMENT_HWIDS_MAX;
	for (size_t i = 0; i < st->hwids.n; i++)
		st->hwids.list[i].kind = HWID_DISK;
	st->nfindings = STATEMENT_FINDINGS_MAX;
	for (size_t i = 0; i < st->nfindings; i++) {
		st->finding[i].finding = 1;
		memset(st->finding[i].of, 'x', STATEMENT_OF_MAX);
	}
	st->nperipherals = STATEMENT_PERIPHERALS_MAX;
}

/* A whole one; what each step has taken is in cpu[][round]. */
static void
attest(struct statement *st, size_t round)
{
	struct answer_wanted wanted = { .user = "alice" };
	const char *why;
	static struct statement opened;
	char text[ANSWER_SIZE];
	int64_t at[STEPS + 1];
	int r = 0;

	at[STEP_CHALLENGE] = bench_cpu_ns();
	r |= token_make(host_key, &wanted.token);
	at[STEP_SEAL] = bench_cpu_ns();
	memcpy(st->host_id, wanted.token.host_id, sizeof(st->host_id));
	memcpy(st->nonce, wanted.token.nonce, sizeof(st->nonce));
	r |= answer_seal(st, device_secret, host_key, text, &why);
	at[STEP_OPEN] = bench_cpu_ns();
	r |= answer_open(text, strlen(text), host_secret, &opened, &why);
	at[STEP_CHECK] = bench_cpu_ns();
	r |= answer_check(&opened, &wanted, 0, &why);
	at[STEPS] = bench_cpu_ns();
	if (r != 0)
		bench_die("an answer of this program's own is refused");
	for (size_t step = 0; step < STEPS; step++)
		cpu[step][round] = at[step + 1] - at[step];
	side_cpu[1][round] = cpu[STEP_SEAL][round];
	side_cpu[0][round] = cpu[STEP_CHALLENGE][round] +
	    cpu[STEP_OPEN][round] + cpu[STEP_CHECK][round];
}

static void
print(const char *name, int64_t *v, size_t rounds)
{
	bench_sort(v, rounds);
	printf("%-30s %8.1f %8.1f %8.1f\n", name,
	    bench_percentile_us(v, rounds, 50),
	    bench_percentile_us(v, rounds, 95),
	    bench_percentile_us(v, rounds, 100));
}

/* Whether each side takes as little as it should. */
static bool
print_sides(size_t rounds)
{
	bool cheap = true;
	double us;

	for (size_t side = 0; side < 2; side++) {
		print(sides[side], side_cpu[side], rounds);
		us = bench_percentile_us(side_cpu[side], rounds, 50);
		if (us <= SIDE_MAX_US)
			continue;
		fprintf(stderr,
		    "bench_attest: %s takes %.1f, at most %.0f are all "
		    "right\n",
		    sides[side], us, SIDE_MAX_US);
		cheap = false;
	}
	return cheap;
}

int
main(int argc, char **argv)
{
	static struct statement statement;
	size_t rounds = 2000;
	int c;

	while ((c = getopt(argc, argv, "n:")) != -1) {
		if (c != 'n')
			bench_die("usage: bench_attest [-n ROUNDS]");
		rounds = bench_number(optarg, 1, ROUNDS_MAX);
	}
	if (crypto_init() != 0)
		bench_die("no randomness");
	crypto_random(host_secret, sizeof(host_secret));
	crypto_exchange_key(host_secret, host_key);
	crypto_random(device_secret, sizeof(device_secret));
	fill(&statement);
	for (size_t i = 0; i < rounds; i++)
		attest(&statement, i);
	printf("%-30s %8s %8s %8s\n", "", "median", "p95", "longest");
	for (size_t step = 0; step < STEPS; step++)
		print(names[step], cpu[step], rounds);
	return print_sides(rounds) ? 0 : 1;
}
