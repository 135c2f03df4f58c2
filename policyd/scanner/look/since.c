/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Times of things. What a scan had no time for is not gone: a thing is
 * remembered for a while after it was last met.
 */
#include "policyd/scanner/look/since.h"

#include <time.h>
#include <unistd.h>

#define SINCE_ROUNDS 20u

static int64_t
clock_s(clockid_t clock)
{
	struct timespec ts;

	(void)clock_gettime(clock, &ts); /* always there */
	return ts.tv_sec;
}

int64_t
since_start(uint64_t start)
{
	long ticks = sysconf(_SC_CLK_TCK);
	int64_t ago;

	if (ticks <= 0)
		return 0;
	ago = clock_s(CLOCK_BOOTTIME) - (int64_t)(start / (uint64_t)ticks);
	return ago < 0 ? 0 : clock_s(CLOCK_REALTIME) - ago;
}

uint64_t
since_ago(unsigned int seconds)
{
	int64_t then = clock_s(CLOCK_BOOTTIME) - (int64_t)seconds;
	long ticks = sysconf(_SC_CLK_TCK);

	return then < 0 || ticks <= 0 ? 0 : (uint64_t)then * (uint64_t)ticks;
}

static uint64_t
hash_bytes(uint64_t h, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ p[i]) * 1099511628211u;
	return h;
}

/* What makes two signs of two scans one. */
static uint64_t
key_of(const struct sign *sign)
{
	uint64_t h = 14695981039346656037u;
	size_t len = 0;

	while (sign->what[len] != '\0')
		len++;
	h = hash_bytes(h, sign->what, len);
	h = hash_bytes(h, &sign->kind, sizeof(sign->kind));
	h = hash_bytes(h, &sign->owner, sizeof(sign->owner));
	return hash_bytes(h, &sign->uid, sizeof(sign->uid));
}

int64_t
since_met(struct since *since, const struct sign *sign, uint64_t round)
{
	uint64_t key = key_of(sign);
	struct since_thing *t;
	size_t i;

	for (i = 0; i < since->n; i++) {
		t = &since->thing[i];
		if (t->key != key)
			continue;
		t->round = round;
		return t->since_s;
	}
	if (since->n == SINCE_MAX)
		return clock_s(CLOCK_REALTIME);
	t = &since->thing[since->n++];
	*t = (struct since_thing){ key, clock_s(CLOCK_REALTIME), round };
	return t->since_s;
}

void
since_forget(struct since *since, uint64_t round)
{
	size_t i = 0;

	while (i < since->n) {
		if (since->thing[i].round + SINCE_ROUNDS < round)
			since->thing[i] = since->thing[--since->n];
		else
			i++;
	}
}
