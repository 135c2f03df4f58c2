/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as people.csv. Each error is about a line of the file and says
 * what to do; each person is written, read back, and is the same.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_csv -s DIR		write seeds into DIR
 *	fuzz_csv -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_csv FILE ...	replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/people/person_csv.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FUZZ_MAX (128u * 1024u)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines of the input, and how many errors there were. */
struct seen {
	size_t lines;
	unsigned long errors;
};

static void
check_error(unsigned long line, const char *text, void *arg)
{
	struct seen *seen = arg;

	seen->errors++;
	if (line == 0 || line > seen->lines || strstr(text, "; ") == NULL ||
	    !text_is_utf8(text, strlen(text)) || strchr(text, '\n') != NULL)
		abort();
}

static void
no_error(unsigned long line, const char *text, void *arg)
{
	(void)arg;
	(void)fprintf(stderr, "%lu: %s\n", line, text);
	abort();
}

static void
check_same(const struct person *a, const struct person *b)
{
	char text[PERSON_FIELD_MAX], other[PERSON_FIELD_MAX];

	for (size_t i = 0; person_fields[i] != NULL; i++)
		if (strcmp(person_get(a, person_fields[i], text),
			person_get(b, person_fields[i], other)) != 0)
			abort();
	if (memcmp(a, b, sizeof(*a)) != 0)
		abort();
}

static void
check_person(const struct person *person)
{
	const struct person_csv_options options = { .error = no_error };
	struct person_csv *csv;
	struct person again;
	unsigned long line;
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (file == NULL || person_csv_header(file) != 0 ||
	    person_csv_write(file, person) != 0 || fclose(file) != 0 ||
	    (file = fmemopen(text, size, "r")) == NULL ||
	    person_csv_open(file, &options, &csv) != 0 ||
	    person_csv_next(csv, &again, &line) != 0)
		abort();
	check_same(person, &again);
	if (person_csv_next(csv, &again, &line) != FG_ERR_NOT_FOUND)
		abort();
	person_csv_free(csv);
	(void)fclose(file);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char copy[FUZZ_MAX + 1];
	struct seen seen = { .lines = 1 };
	const struct person_csv_options options = { .error = check_error,
		.arg = &seen };
	struct person_csv *csv = NULL;
	struct person person;
	unsigned long line;
	FILE *in;

	if (size == 0 || size > FUZZ_MAX)
		return 0;
	for (size_t i = 0; i < size; i++)
		seen.lines += data[i] == '\n' ? 1 : 0;
	memcpy(copy, data, size);
	if ((in = fmemopen(copy, size, "r")) == NULL)
		return 0;
	if (person_csv_open(in, &options, &csv) == 0) {
		while (person_csv_next(csv, &person, &line) == 0)
			check_person(&person);
	} else if (seen.errors == 0) {
		abort();
	}
	person_csv_free(csv);
	(void)fclose(in);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_csv"
#include "tests/fuzz/standalone.h"

static const char *const seeds[] = {
	"user,name,countries,home,radius,hours,zone\n"
	"alice,Alice,NO SE,\"59.91,10.75\",100km,mon-fri 08:00-18:00,"
	"Europe/Oslo\nbob,\"Bob \"\"B\"\" O'X, Jr.\",,,,,\n",
	"\xef\xbb\xbfuser;kind;networks;accounts;status\r\n"
	"ansible;service;control;;active\r\ndeploy;shared;;\"a;b c\";\r\n",
	"user,keys,groups,valid_from,valid_until,zone\n"
	"carol,SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM,staff ops,"
	"2026-03-29,2030-12-31,Asia/Beirut\n"
	"dave,dave@example.com,,2026-01-01T08:00:00+02:00,,\n",
	"sep=\t\nuser\tname\n\"erin\"\t\"Er\nin\"\n\n\t\nfrank\t=1+1\n",
	"user\ngrace\n",
};

/* What readers trip over, put in at random places. */
static const char *const pieces[] = { ",", ";", "\t", "\"", "\"\"", "\n",
	"\r\n", "\r", "\xef\xbb\xbf", "\xff", "\xc3\xa6", "\xe2\x80\xae", "=",
	"-", "@", " ", "user,", "user\nx\n", "24:00", "-90.000000,180",
	"9998-12-31", "1970-01-01", "Etc/GMT+12", "sun", "UK", "0km" };

#define SEEDS  (sizeof(seeds) / sizeof(seeds[0]))
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static int
write_seeds(const char *dir)
{
	return write_texts(dir, "csv", seeds, SEEDS);
}

/* Now and then with one very long value. */
static size_t
mutate(uint8_t *buf)
{
	size_t len = mutate_text(buf, seeds, SEEDS, pieces, PIECES), at;

	if (next_random() % 64 == 0 && len > 0) {
		at = next_random() % len;
		memmove(buf + at + 70000, buf + at, len - at);
		memset(buf + at, 'x', 70000);
		len += 70000;
	}
	return len;
}

int
main(int argc, char **argv)
{
	return standalone(argc, argv);
}

#endif
