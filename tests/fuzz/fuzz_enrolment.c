/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what enrols a laptop: as the line itself, and as what a laptop's
 * key has signed. What is taken makes the same line again.
 *
 * The first byte says which of them the others are. With clang
 * -fsanitize=fuzzer this is a libFuzzer target. With -DFUZZ_STANDALONE it is a
 * program of its own:
 *	fuzz_enrolment -s DIR	write seeds into DIR
 *	fuzz_enrolment -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_enrolment FILE ...	replay files
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/witness/enrolment_code.h"
#include "proto/result.h"

#define FUZZ_MAX 1024u
#define LABEL	 "farmgate-device-v1" /* with its NUL */
#define SAID_MAX 700u /* more than any has */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t device_secret[CRYPTO_KEY_SIZE] = "the laptop's secret key";
static uint8_t device_key[CRYPTO_KEY_SIZE];

static void
begin(void)
{
	static bool begun;

	if (begun)
		return;
	if (crypto_init() != 0)
		abort();
	crypto_public_key(device_secret, device_key);
	begun = true;
}

/* Whether it is taken; what it says of that agrees. */
static bool
is_taken(const char *text)
{
	static const struct enrolment_code nothing;
	static struct enrolment_code code;
	char again[ENROLMENT_CODE_SIZE];
	const char *why;
	int r = enrolment_code_read(text, &code, &why);

	if ((r == 0) != (why == NULL) ||
	    (r != 0 && memcmp(&code, &nothing, sizeof(nothing)) != 0))
		abort();
	if (r != 0)
		return false;
	/* Nobody else's key has signed anything here. */
	if (memcmp(code.device_key, device_key, sizeof(device_key)) != 0 ||
	    enrolment_code_make(&code, device_secret, again) != 0 ||
	    strcmp(again, text) != 0)
		abort();
	return true;
}

/* A copy of exactly this size: a read beyond it is found. */
static void
check_text(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);

	if (copy == NULL)
		return;
	memcpy(copy, data, size);
	copy[size] = '\0';
	(void)is_taken(copy);
	free(copy);
}

static void
check_signed(const uint8_t *data, size_t size)
{
	uint8_t all[sizeof(LABEL) + SAID_MAX + CRYPTO_SIGNATURE_SIZE] = LABEL;
	uint8_t *said = all + sizeof(LABEL);
	char text[1200] = ENROLMENT_CODE_PREFIX;
	size_t len = strlen(text);

	if (size > SAID_MAX)
		return;
	memcpy(said, data, size);
	crypto_make_signature(all, sizeof(LABEL) + size, device_secret,
	    said + size);
	crypto_base64url_encode(said, size + CRYPTO_SIGNATURE_SIZE, text + len,
	    sizeof(text) - len);
	(void)is_taken(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	begin();
	if (size == 0 || size > FUZZ_MAX)
		return 0;
	if (data[0] % 2 == 0)
		check_signed(data + 1, size - 1);
	else
		check_text(data + 1, size - 1);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_enrolment"
#include "tests/fuzz/standalone.h"

#define SEEDS 4 /* two of each kind */

static uint8_t seeds[SEEDS][FUZZ_MAX];
static size_t seed_len[SEEDS];

static void
make_seed(size_t i, const struct enrolment_code *code)
{
	char text[ENROLMENT_CODE_SIZE];
	size_t len;

	if (enrolment_code_make(code, device_secret, text) != 0)
		abort();
	seeds[i][0] = 0;
	if (crypto_base64url_decode(text + strlen(ENROLMENT_CODE_PREFIX),
		strlen(text) - strlen(ENROLMENT_CODE_PREFIX), seeds[i] + 1,
		FUZZ_MAX - 1, &len) != 0)
		abort();
	seed_len[i] = 1 + len - CRYPTO_SIGNATURE_SIZE;
	seeds[i + 1][0] = 1;
	memcpy(seeds[i + 1] + 1, text, strlen(text));
	seed_len[i + 1] = 1 + strlen(text);
	if (!is_taken(text))
		abort();
}

static void
make_seeds(void)
{
	struct enrolment_code code = { .asset = "LT-0042",
		.hwids = { .n = 2,
		    .list = { { HWID_BOARD, "board" }, { HWID_MAC, "card" } },
		    .unread = 1u << HWID_TPM } };

	begin();
	make_seed(0, &code);
	memset(&code, 0, sizeof(code));
	make_seed(2, &code);
}

static int
write_seeds(const char *dir)
{
	int r = 0;

	for (size_t i = 0; i < SEEDS && r == 0; i++)
		r = write_seed(dir, "enrolment", i, seeds[i], seed_len[i]);
	return r;
}

/* A seed with up to three changes behind the byte of its kind. */
static size_t
mutate(uint8_t *buf)
{
	size_t i = next_random() % SEEDS, len = seed_len[i], at;

	memcpy(buf, seeds[i], len);
	for (uint32_t n = next_random() % 4; n > 0 && len > 1; n--) {
		at = 1 + next_random() % (len - 1);
		switch (next_random() % 6) {
		case 0:
			len = at + 1;
			break;
		case 1:
			memmove(buf + at + 1, buf + at, len - at);
			len++;
			break;
		case 2:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
			break;
		case 3:
			/* a length, a count or a kind */
			buf[at] = (uint8_t)(next_random() % 70);
			break;
		case 4:
			buf[at] = (uint8_t)next_random();
			break;
		default:
			buf[at] ^= (uint8_t)(1u << next_random() % 8);
			break;
		}
	}
	return len;
}

int
main(int argc, char **argv)
{
	make_seeds();
	return standalone(argc, argv);
}

#endif
