/* SPDX-License-Identifier: BSD-2-Clause */
/* A sealed key as the text of a file. */
#include "policyd/device/tpm_blob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policyd/crypto.h"
#include "policyd/key.h"
#include "proto/result.h"

#define START "farmgate-device-tpm2 "

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

static void
refuse(const char *text)
{
	static const struct tpm_blob none;
	struct tpm_blob blob;

	memset(&blob, 'x', sizeof(blob));
	assert_int_equal(tpm_blob_parse(text, &blob), FG_ERR_FORMAT);
	assert_memory_equal(&blob, &none, sizeof(none));
}

static void
a_sealed_key_reads_back_as_it_was_written(void **state)
{
	struct tpm_blob blob, back;
	char text[TPM_BLOB_TEXT_SIZE];

	(void)state;
	memset(&blob, 0, sizeof(blob));
	for (blob.len = 1; blob.len <= TPM_BLOB_MAX; blob.len++) {
		crypto_random(blob.bytes + blob.len - 1, 1);
		tpm_blob_text(&blob, text);
		assert_int_equal(text[strlen(text) - 1], '\n');
		assert_true(tpm_blob_is_text(text, strlen(text)));
		assert_int_equal(tpm_blob_parse(text, &back), 0);
		assert_memory_equal(&back, &blob, sizeof(blob));
	}
}

static void
what_is_not_of_the_form_is_no_sealed_key(void **state)
{
	(void)state;
	refuse("");
	refuse("\n");
	refuse(START);
	refuse(START "\n");
	refuse(START "AQID");
	refuse(START "AQID\n\n");
	refuse(START " AQID\n");
	refuse(START "AQID \n");
	refuse(START "AQI\n");
	refuse(START "AQI==\n");
	refuse(START "A-ID\n");
	refuse(START "AQ\nID\n");
	refuse("farmgate-device-tpm AQID\n");
	refuse("farmgate-device-tpm2\tAQID\n");
	refuse("Farmgate-device-tpm2 AQID\n");
	refuse(" " START "AQID\n");
}

static void
one_that_is_too_long_is_none(void **state)
{
	uint8_t bytes[TPM_BLOB_MAX + 1] = { 0 };
	char digits[(TPM_BLOB_MAX + 3) / 3 * 4 + 1];
	char text[sizeof(START) + sizeof(digits) + 1];

	(void)state;
	crypto_base64_encode(bytes, sizeof(bytes), digits, sizeof(digits));
	(void)snprintf(text, sizeof(text), START "%s\n", digits);
	refuse(text);
}

static void
a_key_that_is_not_sealed_is_told_apart(void **state)
{
	const uint8_t secret[CRYPTO_KEY_SIZE] = { 1 };
	char text[KEY_SECRET_SIZE];
	uint8_t key[CRYPTO_KEY_SIZE];

	(void)state;
	key_secret_text(KEY_DEVICE, secret, text);
	assert_false(tpm_blob_is_text(text, strlen(text)));
	refuse(text);
	assert_int_equal(key_secret_parse(KEY_DEVICE, START "AQID\n", key),
	    FG_ERR_FORMAT);
	assert_false(tpm_blob_is_text(START, strlen(START) - 1));
	assert_true(tpm_blob_is_text(START, strlen(START)));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sealed_key_reads_back_as_it_was_written),
		cmocka_unit_test(what_is_not_of_the_form_is_no_sealed_key),
		cmocka_unit_test(one_that_is_too_long_is_none),
		cmocka_unit_test(a_key_that_is_not_sealed_is_told_apart),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
