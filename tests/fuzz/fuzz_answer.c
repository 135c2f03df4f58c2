/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what answers a challenge: as the text itself; as what somebody
 * without a device key has sealed; and as a statement that was signed by one
 * who has. Nothing is opened but the third, if it is one of that key.
 *
 * The first byte says which of them the others are. With clang
 * -fsanitize=fuzzer this is a libFuzzer target. With -DFUZZ_STANDALONE it is a
 * program of its own:
 *	fuzz_answer -s DIR	write seeds into DIR
 *	fuzz_answer -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_answer FILE ...	replay files
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/witness/answer.h"
#include "policyd/witness/token.h"

#define FUZZ_MAX   2048u
#define LABEL	   "farmgate-statement-v1" /* with its NUL */
#define PLAIN_LEN  (STATEMENT_SIZE + CRYPTO_SIGNATURE_SIZE)
#define SEALED_LEN (PLAIN_LEN + CRYPTO_SEAL_TO_EXTRA)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t host_secret[CRYPTO_KEY_SIZE] =
    "the jump host's secret key";
static const uint8_t device_secret[CRYPTO_KEY_SIZE] = "the laptop's secret key";
static uint8_t host_key[CRYPTO_KEY_SIZE], device_key[CRYPTO_KEY_SIZE];

static void
begin(void)
{
	static bool begun;

	if (begun)
		return;
	if (crypto_init() != 0)
		abort();
	crypto_exchange_key(host_secret, host_key);
	crypto_public_key(device_secret, device_key);
	begun = true;
}

/* Whether it opens; what it says of that agrees. */
static bool
opens(const char *text, size_t len, struct statement *ret_statement)
{
	static const struct statement nothing;
	const char *why;
	int r = answer_open(text, len, host_secret, ret_statement, &why);

	if ((r == 0) != (why == NULL) ||
	    (r != 0 && memcmp(ret_statement, &nothing, sizeof(nothing)) != 0))
		abort();
	return r == 0;
}

/* A copy of exactly this size: a read beyond it is found. */
static void
check_text(const uint8_t *data, size_t size)
{
	static struct statement st;
	char *copy = malloc(size);

	if (copy == NULL)
		return;
	memcpy(copy, data, size);
	if (opens(copy, size, &st) &&
	    memcmp(st.device_key, device_key, sizeof(device_key)) != 0)
		abort();
	free(copy);
}

static bool
opens_sealed(const uint8_t plain[PLAIN_LEN], struct statement *ret_statement)
{
	char text[ANSWER_SIZE];
	uint8_t box[SEALED_LEN];

	if (crypto_seal_to(plain, PLAIN_LEN, host_key, box) != 0)
		abort();
	memcpy(text, ANSWER_PREFIX, sizeof(ANSWER_PREFIX));
	crypto_base64url_encode(box, sizeof(box), text + strlen(text),
	    sizeof(text) - strlen(text));
	return opens(text, ANSWER_LEN, ret_statement);
}

/* What is not there is zero. */
static void
check_sealed(const uint8_t *data, size_t size)
{
	uint8_t plain[PLAIN_LEN] = { 0 };
	static struct statement st;

	memcpy(plain, data, size < sizeof(plain) ? size : sizeof(plain));
	if (opens_sealed(plain, &st))
		abort();
}

static void
check_signed(const uint8_t *data, size_t size)
{
	uint8_t all[sizeof(LABEL) + PLAIN_LEN] = LABEL;
	uint8_t *plain = all + sizeof(LABEL);
	static struct statement st, decoded;
	bool is_right;

	memcpy(plain, data, size < STATEMENT_SIZE ? size : STATEMENT_SIZE);
	crypto_make_signature(all, sizeof(LABEL) + STATEMENT_SIZE,
	    device_secret, plain + STATEMENT_SIZE);
	is_right = statement_decode(plain, STATEMENT_SIZE, &decoded) == 0 &&
	    memcmp(decoded.device_key, device_key, sizeof(device_key)) == 0;
	if (opens_sealed(plain, &st) != is_right ||
	    (is_right && memcmp(&st, &decoded, sizeof(st)) != 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	begin();
	if (size == 0 || size > FUZZ_MAX)
		return 0;
	switch (data[0] % 4) {
	case 0:
		check_sealed(data + 1, size - 1);
		break;
	case 1:
		check_signed(data + 1, size - 1);
		break;
	default:
		check_text(data + 1, size - 1);
		break;
	}
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_answer"
#include "tests/fuzz/standalone.h"

#define SEEDS 3 /* a kind each */

static uint8_t seeds[SEEDS][FUZZ_MAX];
static size_t seed_len[SEEDS];

static void
make_seeds(void)
{
	struct statement st = { .at_s = 1790000000,
		.hwids = { .n = 1, .list = { { HWID_BOARD, "board" } } },
		.nfindings = 1,
		.finding = { { 1, 3, false, "anydesk" } },
		.nperipherals = 1,
		.release = "0.1.0" };
	const char *why;

	begin();
	memcpy(st.device_key, device_key, sizeof(device_key));
	token_host_id(host_key, st.host_id);
	for (uint8_t i = 0; i < SEEDS; i++) {
		seeds[i][0] = i;
		seed_len[i] = 1 + (i == 0 ? PLAIN_LEN : STATEMENT_SIZE);
		if (statement_encode(&st, seeds[i] + 1) != 0)
			abort();
	}
	if (answer_seal(&st, device_secret, host_key, (char *)seeds[2] + 1,
		&why) != 0)
		abort();
	seed_len[2] = 1 + ANSWER_LEN;
}

static int
write_seeds(const char *dir)
{
	int r = 0;

	for (size_t i = 0; i < SEEDS && r == 0; i++)
		r = write_seed(dir, "answer", i, seeds[i], seed_len[i]);
	return r;
}

/* A seed with up to four changes behind the byte of its kind. */
static size_t
mutate(uint8_t *buf)
{
	size_t i = next_random() % SEEDS, len = seed_len[i], at;

	memcpy(buf, seeds[i], len);
	for (uint32_t n = next_random() % 5; n > 0 && len > 1; n--) {
		at = 1 + next_random() % (len - 1);
		switch (next_random() % 8) {
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
		case 4:
			buf[at] = (uint8_t)next_random();
			break;
		case 5:
			at = (at < 90 ? at + 90 : at) % len;
			buf[at] = (uint8_t)(next_random() % 16);
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
