/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fuzz target without libFuzzer: seeds to a folder (-s DIR), a fixed number
 * of mutations that are the same in every run (-n COUNT), or files. Included
 * by a target that has defined FUZZ_NAME and FUZZ_MAX (bytes of an input).
 */
#ifndef FG_TESTS_STANDALONE_H
#define FG_TESTS_STANDALONE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The target's own: an input of at most FUZZ_MAX bytes; its seeds as files. */
static size_t	mutate(uint8_t *buf);
static int	write_seeds(const char *dir);

static uint32_t
next_random(void)
{
	static uint32_t x = 88675123u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static int
run_mutations(const char *count)
{
	static uint8_t buf[FUZZ_MAX];
	unsigned long n = strtoul(count, NULL, 10);

	for (unsigned long i = 0; i < n; i++)
		(void)LLVMFuzzerTestOneInput(buf, mutate(buf));
	(void)printf(FUZZ_NAME ": %lu inputs\n", n);
	return n == 0;
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
