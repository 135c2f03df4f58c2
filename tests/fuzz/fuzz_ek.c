/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as the certificate that a TPM has, and as the file of a key that it
 * has sealed. What stands behind a certificate changes nothing; a sealed key
 * that is taken has one text.
 *
 * With clang -fsanitize=fuzzer this is a libFuzzer target. With
 * -DFUZZ_STANDALONE it is a program of its own:
 *	fuzz_ek -s DIR		write seeds into DIR
 *	fuzz_ek -n COUNT	mutate the seeds COUNT times, always the same
 *	fuzz_ek FILE ...	replay files
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/device/ek.h"
#include "policyd/device/tpm_blob.h"
#include "proto/result.h"

#define FUZZ_MAX EK_CERTIFICATE_MAX

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_certificate(const uint8_t *data, size_t size)
{
	static uint8_t longer[FUZZ_MAX];
	char hex[CRYPTO_HEX_SIZE], again[CRYPTO_HEX_SIZE];
	int r = ek_digest_certificate(data, size, hex);

	if (r != 0) {
		if (r != FG_ERR_FORMAT || hex[0] != '\0')
			abort();
		return;
	}
	if (strspn(hex, "0123456789abcdef") != CRYPTO_HEX_SIZE - 1)
		abort();
	memset(longer, 0xff, sizeof(longer));
	memcpy(longer, data, size);
	if (ek_digest_certificate(longer, sizeof(longer), again) != 0 ||
	    strcmp(again, hex) != 0)
		abort();
}

static void
check_sealed(const uint8_t *data, size_t size)
{
	static char text[FUZZ_MAX + 1];
	char again[TPM_BLOB_TEXT_SIZE];
	struct tpm_blob blob;
	int r;

	memcpy(text, data, size);
	text[size] = '\0';
	r = tpm_blob_parse(text, &blob);
	if (r != 0) {
		if (r != FG_ERR_FORMAT || blob.len != 0)
			abort();
		return;
	}
	tpm_blob_text(&blob, again);
	if (strcmp(text, again) != 0 || !tpm_blob_is_text(text, strlen(text)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > FUZZ_MAX)
		return 0;
	check_certificate(data, size);
	check_sealed(data, size);
	return 0;
}

#ifdef FUZZ_STANDALONE

#define FUZZ_NAME "fuzz_ek"
#include "tests/fuzz/standalone.h"
#include "tests/unit/ek_fixture.h"

static const char sealed[] = "farmgate-device-tpm2 AgAuAAgACwAABFIAAAAQACDatILH"
			     "dpAttIB53Twhj3SSfXZW7yOMYV/Ck+I4m+MJ0ACeACA=\n";

static const struct {
	const void *bytes;
	size_t len;
} seeds[] = {
	{ ek_fixture, sizeof(ek_fixture) },
	{ sealed, sizeof(sealed) - 1 },
};

#define SEEDS (sizeof(seeds) / sizeof(seeds[0]))

static int
write_seeds(const char *dir)
{
	int r = 0;

	for (size_t i = 0; i < SEEDS && r == 0; i++)
		r = write_seed(dir, "ek", i, seeds[i].bytes, seeds[i].len);
	return r;
}

/* A seed with up to four changes, most of them where lengths and tags are. */
static size_t
mutate(uint8_t *buf)
{
	size_t i = next_random() % SEEDS, len = seeds[i].len, at;

	memcpy(buf, seeds[i].bytes, len);
	for (uint32_t n = next_random() % 5; n > 0 && len > 1; n--) {
		at = next_random() % len;
		if (next_random() % 2 == 0)
			at %= 256;
		at %= len;
		switch (next_random() % 6) {
		case 0:
			len = at + 1;
			break;
		case 1:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
			break;
		case 2:
			memmove(buf + at + 1, buf + at, len - at);
			len++;
			break;
		case 3:
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
	return standalone(argc, argv);
}

#endif
