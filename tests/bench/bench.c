/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the bench's programs share; see bench.h.
 */
#include "tests/bench/bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "policyd/text.h"
#include "proto/result.h"

int64_t
bench_now_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t
bench_cpu_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts); /* always there */
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
bench_sort(int64_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
}

double
bench_percentile_us(const int64_t *v, size_t n, unsigned int percent)
{
	size_t rank = (n * percent + 99) / 100;

	return (double)v[rank - 1] / 1000.0;
}

/* xorshift64*: the point is only that the same seed gives the same order. */
uint32_t
bench_random(uint64_t *state, uint32_t limit)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return (uint32_t)((x * UINT64_C(2685821657736338717)) >> 33) % limit;
}

uint64_t
bench_number(const char *s, uint64_t min, uint64_t max)
{
	uint64_t v;
	int r;

	if ((r = text_parse_uint(s, min, max, &v)) != 0)
		bench_die("\"%s\": %s", s, fg_strerror(r));
	return v;
}

void *
bench_shared(size_t size)
{
	void *p;

	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	    -1, 0);
	if (p == MAP_FAILED)
		bench_die("out of memory");
	return p;
}

void
bench_die(const char *fmt, ...)
{
	va_list ap;

	(void)fprintf(stderr, "bench: ");
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	exit(1);
}
