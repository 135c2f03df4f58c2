/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the bench's programs share: the clock, percentiles, a seeded order and
 * the way to give up. Nothing here judges a number.
 */
#ifndef FG_BENCH_H
#define FG_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* CLOCK_MONOTONIC. */
int64_t	bench_now_ns(void);
/* What this process has taken of the processor. */
int64_t	bench_cpu_ns(void);

/* Sort in place, ascending; the other two want it sorted. */
void	bench_sort(int64_t *v, size_t n);
/* Nearest rank of percent (1 to 100), in microseconds; n is at least 1. */
double	bench_percentile_us(const int64_t *v, size_t n, unsigned int percent);

/* The next of a fixed sequence of numbers that look random; below limit. */
uint32_t bench_random(uint64_t *state, uint32_t limit);

/* A number of the command line, or the end. */
uint64_t bench_number(const char *s, uint64_t min, uint64_t max);

/* size bytes of zeroes that children share, or the end. */
void	*bench_shared(size_t size);

/* Say why there is no result, and exit with 1. */
void	bench_die(const char *fmt, ...)
	    __attribute__((noreturn, format(printf, 1, 2)));

#endif
