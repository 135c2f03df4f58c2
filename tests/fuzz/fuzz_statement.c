/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a statement. What is taken is within its limits, and encodes to
 * the same bytes again; of what is refused nothing is left. The same bytes as
 * what ssh says: what is found in that is a token that is there.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_statement -s DIR	write seeds into DIR
 *	fuzz_statement -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_statement FILE ...	replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/witness/statement.h"
#include "policyd/witness/statement_names.h"

#define FUZZ_MAX 2048u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read every byte of a text, so that the sanitizer sees it. */
static void
touch(const char *s, size_t max)
{
	static volatile size_t sum;

	sum = sum + strlen(s);
	if (strlen(s) > max)
		abort();
}

static void
check_limits(const struct statement *st)
{
	const struct statement_finding *f;
	size_t i;

	if (st->hwids.n > STATEMENT_HWIDS_MAX ||
	    st->nfindings > STATEMENT_FINDINGS_MAX ||
	    st->nperipherals > STATEMENT_PERIPHERALS_MAX ||
	    (st->flags & ~STATEMENT_FLAGS) != 0)
		abort();
	for (i = 0; i < st->hwids.n; i++)
		if (st->hwids.list[i].kind <= HWID_NONE ||
		    st->hwids.list[i].kind >= HWID_KINDS)
			abort();
	for (f = st->finding; f < st->finding + st->nfindings; f++) {
		touch(f->of, STATEMENT_OF_MAX);
		if (f->finding == 0 ||
		    statement_finding_code(f->finding) >= FINDING_COUNT)
			abort();
		(void)statement_grade_name(f->grade);
	}
	touch(st->release, STATEMENT_RELEASE_MAX);
}

static void
check_statement(const uint8_t *data, size_t size)
{
	static const struct statement nothing;
	static uint8_t again[STATEMENT_SIZE];
	static struct statement st;

	if (statement_decode(data, size, &st) != 0) {
		if (memcmp(&st, &nothing, sizeof(st)) != 0)
			abort();
		return;
	}
	check_limits(&st);
	if (size != STATEMENT_SIZE || statement_encode(&st, again) != 0 ||
	    memcmp(again, data, size) != 0)
		abort();
}

static void
check_token(const char *text)
{
	char word[FG_TOKEN_SIZE], again[FG_TOKEN_SIZE];
	struct fg_token token;

	if (fg_token_find(text, word) != 0) {
		if (word[0] != '\0')
			abort();
		return;
	}
	if (strstr(text, word) == NULL || fg_token_parse(word, &token) != 0)
		abort();
	fg_token_text(&token, again);
	if (strcmp(again, word) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy;

	/* A copy of exactly this size: a read beyond it is found. */
	if (size > FUZZ_MAX || (copy = malloc(size + 1)) == NULL)
		return 0;
	memcpy(copy, data, size);
	copy[size] = '\0';
	check_token((const char *)copy);
	free(copy);
	if ((copy = malloc(size)) == NULL)
		return 0;
	memcpy(copy, data, size);
	check_statement(copy, size);
	free(copy);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_statement"
#include "tests/fuzz/standalone.h"

#define STATEMENTS 3
#define TOKEN	   FG_TOKEN_PREFIX "8PHy8_T19vf4-fr7_P3-_wABAgMEBQYHCAkKCwwNDg8"

static const struct statement statements[STATEMENTS] = {
	{ .release = "" },
	{ .at_s = 1790000000,
	    .flags = STATEMENT_PARTIAL,
	    .hwids = { .n = 3,
		.list = { { HWID_BOARD, "board" }, { HWID_DISK, "disk" },
		    { HWID_MAC, "mac" } },
		.unread = 1 << HWID_TPM },
	    .nfindings = 2,
	    .finding = { { 1, 3, false, "anydesk" },
		{ 11, 0, true, "keyboard usb 046d:c31c" } },
	    .gateway = "gateway",
	    .nperipherals = 2,
	    .peripheral = { "monitor", "mouse" },
	    .release = "0.1.0" },
	{ .flags = STATEMENT_FLAGS,
	    .hwids = { .n = STATEMENT_HWIDS_MAX,
		.list = { { HWID_TPM, "1" }, { HWID_BOARD, "2" },
		    { HWID_DISK, "3" }, { HWID_DISK, "4" }, { HWID_DISK, "5" },
		    { HWID_DISK, "6" }, { HWID_UUID, "7" },
		    { HWID_SERIAL, "8" }, { HWID_CHASSIS, "9" },
		    { HWID_MAC, "a" }, { HWID_MAC, "b" }, { HWID_MAC, "c" },
		    { HWID_MAC, "d" }, { HWID_MAC, "e" } } },
	    .nfindings = STATEMENT_FINDINGS_MAX,
	    .finding = { { 1, 1, true, "a" }, { 2, 2, false, "b" },
		{ 3, 3, true, "c" }, { 4, 6, false, "d" }, { 5, 8, true, "e" },
		{ 255, 127, false, "f" }, { 9, 5, true, "g" },
		{ 10, 0, false, "h" } },
	    .nperipherals = STATEMENT_PERIPHERALS_MAX },
};

static const char *const texts[] = {
	TOKEN ": ",
	"(alice@jump.example.org) This is a managed host.\n" TOKEN ": ",
	"Welcome.\n(bob@192.0.2.1) " TOKEN " and " TOKEN ": ",
	"(bob@192.0.2.1) farmgate-challenge-v2.x: ",
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))
#define SEEDS (STATEMENTS + TEXTS)

static uint8_t seeds[SEEDS][FUZZ_MAX];
static size_t seed_len[SEEDS];

static void
make_seeds(void)
{
	for (size_t i = 0; i < SEEDS; i++) {
		if (i < STATEMENTS) {
			if (statement_encode(&statements[i], seeds[i]) != 0)
				abort();
			seed_len[i] = STATEMENT_SIZE;
		} else {
			seed_len[i] = strlen(texts[i - STATEMENTS]);
			memcpy(seeds[i], texts[i - STATEMENTS], seed_len[i]);
		}
	}
}

static int
write_seeds(const char *dir)
{
	int r = 0;

	for (size_t i = 0; i < SEEDS && r == 0; i++)
		r = write_seed(dir, "statement", i, seeds[i], seed_len[i]);
	return r;
}

/* One change, with room for one more byte. Returns the new length. */
static size_t
change(uint8_t *buf, size_t len)
{
	size_t at = next_random() % len;

	switch (next_random() % 6) {
	case 0:
		buf[at] ^= (uint8_t)(1u << next_random() % 8);
		break;
	case 1:
		buf[at] = (uint8_t)next_random();
		break;
	case 2: /* counts, numbers and lengths are small */
		buf[at] = (uint8_t)(next_random() % 40);
		break;
	case 3: /* what follows on the fixed fields */
		at = (at < 89 ? at + 89 : at) % len;
		buf[at] = (uint8_t)(next_random() % 16);
		break;
	case 4:
		memmove(buf + at + 1, buf + at, len - at);
		return len + 1;
	default:
		memmove(buf + at, buf + at + 1, len - at - 1);
		buf[len - 1] = 0;
		break;
	}
	return len;
}

/* A seed with up to four changes, and mostly the length of a statement. */
static size_t
mutate(uint8_t *buf)
{
	size_t i = next_random() % SEEDS, len = seed_len[i];

	memset(buf, 0, STATEMENT_SIZE);
	memcpy(buf, seeds[i], len);
	for (uint32_t n = next_random() % 5; n > 0; n--)
		len = change(buf, len);
	if (i < STATEMENTS && next_random() % 8 != 0)
		return STATEMENT_SIZE;
	return next_random() % 8 != 0 ? len : next_random() % (len + 1);
}

int
main(int argc, char **argv)
{
	make_seeds();
	return standalone(argc, argv);
}

#endif
