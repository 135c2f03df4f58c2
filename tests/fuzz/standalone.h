/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fuzz target without libFuzzer: seeds to a folder (-s DIR), a fixed number
 * of mutations that are the same in every run (-n COUNT), or files. Included
 * by a target that has defined FUZZ_NAME and FUZZ_MAX (bytes of an input).
 */
#ifndef FG_TESTS_STANDALONE_H
#define FG_TESTS_STANDALONE_H

#include <sys/resource.h>

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* GEO-04; what libFuzzer's -timeout and -rss_limit_mb are. */
#define FUZZ_NS_MAX	   INT64_C(50000000)	/* of one input */
#ifdef __SANITIZE_ADDRESS__
#define FUZZ_MEMORY_KB_MAX LONG_MAX		/* it keeps what is freed */
#else
#define FUZZ_MEMORY_KB_MAX 65536L		/* of them all, resident */
#endif

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The target's own: an input of at most FUZZ_MAX bytes; its seeds as files. */
static size_t	mutate(uint8_t *buf);
static int	write_seeds(const char *dir);

/* A seed as DIR/NAME-0 and so on. For write_seeds(). */
static inline int
write_seed(const char *dir, const char *name, size_t i, const void *bytes,
    size_t len)
{
	char path[4096];
	FILE *fp;

	(void)snprintf(path, sizeof(path), "%s/%s-%zu", dir, name, i);
	if ((fp = fopen(path, "wb")) == NULL ||
	    fwrite(bytes, 1, len, fp) != len || fclose(fp) != 0) {
		perror(path);
		return 1;
	}
	return 0;
}

static inline int
write_texts(const char *dir, const char *name, const char *const *texts,
    size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = write_seed(dir, name, i, texts[i], strlen(texts[i]));
	return r;
}

static uint32_t
next_random(void)
{
	static uint32_t x = 88675123u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

/* Insert n bytes of s at a place of buf. Returns the new length. */
static inline size_t
insert(uint8_t *buf, size_t len, const char *s, size_t n)
{
	size_t at = len == 0 ? 0 : next_random() % len;

	memmove(buf + at + n, buf + at, len - at);
	memcpy(buf + at, s, n);
	return len + n;
}

/* One of the seeds with up to five changes, some of which insert a piece. */
static inline size_t
mutate_text(uint8_t *buf, const char *const *seeds, size_t nseeds,
    const char *const *pieces, size_t npieces)
{
	const char *s = seeds[next_random() % nseeds];
	size_t len = strlen(s), at;

	memcpy(buf, s, len);
	for (uint32_t n = next_random() % 6; n > 0 && len > 0; n--) {
		at = next_random() % len;
		switch (next_random() % 5) {
		case 0:
			buf[at] = (uint8_t)next_random();
			break;
		case 1:
			buf[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		case 2:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
			break;
		default:
			s = pieces[next_random() % npieces];
			len = insert(buf, len, s, strlen(s));
			break;
		}
	}
	return len;
}

static int64_t
now_ns(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		abort();
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* How long an input takes: the quickest of three, if others took our time. */
static int64_t
time_input(const uint8_t *buf, size_t len)
{
	int64_t took_ns, quickest_ns = INT64_MAX;

	for (int i = 0; i < 3 && quickest_ns > FUZZ_NS_MAX; i++) {
		took_ns = -now_ns();
		(void)LLVMFuzzerTestOneInput(buf, len);
		took_ns += now_ns();
		if (took_ns < quickest_ns)
			quickest_ns = took_ns;
	}
	return quickest_ns;
}

static long
memory_kb(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) != 0)
		abort();
	return usage.ru_maxrss;
}

static int
run_mutations(const char *count)
{
	static uint8_t buf[FUZZ_MAX];
	unsigned long n = strtoul(count, NULL, 10);
	int64_t took_ns, longest_ns = 0;
	long kb;

	for (unsigned long i = 0; i < n; i++) {
		took_ns = time_input(buf, mutate(buf));
		if (took_ns > longest_ns)
			longest_ns = took_ns;
	}
	kb = memory_kb();
	(void)printf(FUZZ_NAME ": %lu inputs, at most %lld us and %ld KiB\n",
	    n, (long long)(longest_ns / 1000), kb);
	return n == 0 || longest_ns > FUZZ_NS_MAX ||
	    kb > FUZZ_MEMORY_KB_MAX;
}

static int
replay(const char *path)
{
	static uint8_t buf[FUZZ_MAX + 1];
	FILE *fp;
	size_t len;

	if ((fp = fopen(path, "rb")) == NULL) {
		perror(path);
		return 1;
	}
	len = fread(buf, 1, sizeof(buf), fp);
	(void)fclose(fp);
	(void)LLVMFuzzerTestOneInput(buf, len);
	return 0;
}

static int
standalone(int argc, char **argv)
{
	int r = 0;

	if (argc == 3 && strcmp(argv[1], "-s") == 0)
		return write_seeds(argv[2]);
	if (argc == 3 && strcmp(argv[1], "-n") == 0)
		return run_mutations(argv[2]);
	for (int i = 1; i < argc; i++)
		r |= replay(argv[i]);
	return argc < 2 ? 2 : r;
}

#endif
