/* SPDX-License-Identifier: BSD-2-Clause */
/* A build without tpm2-tss: linked with tpm_none.c in the place of tpm.c. */
#include "policyd/device/tpm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "policyd/device/tpm_ask.h"
#include "proto/result.h"

static const uint8_t zeros[CRYPTO_KEY_SIZE];

static int
setup(void **state)
{
	(void)state;
	return crypto_init();
}

static void
nothing_is_read_sealed_or_opened(void **state)
{
	struct tpm_link link = { .fd = -1 };
	uint8_t secret[CRYPTO_KEY_SIZE];
	char hex[CRYPTO_HEX_SIZE] = "x";
	struct tpm_blob blob = { .len = 1 };

	(void)state;
	assert_false(tpm_is_built());
	memset(secret, 'x', sizeof(secret));
	assert_int_equal(tpm_read_ek(&link, hex), FG_ERR_UNREACHABLE);
	assert_string_equal(hex, "");
	assert_int_equal(tpm_seal(&link, secret, &blob), FG_ERR_UNREACHABLE);
	assert_int_equal(blob.len, 0);
	assert_int_equal(tpm_unseal(&link, &blob, secret), FG_ERR_UNREACHABLE);
	assert_memory_equal(secret, zeros, sizeof(zeros));
}

static void
nobody_is_asked(void **state)
{
	const struct tpm_question q = { .device = "/dev/null",
		.ek = true,
		.sealed = "farmgate-device-tpm2 AQID\n",
		.secret = zeros,
		.timeout_ms = 60000 };
	struct tpm_answer answer;

	(void)state;
	memset(&answer, 'x', sizeof(answer));
	tpm_ask(&q, &answer);
	assert_int_equal(answer.ek.result, FG_ERR_UNREACHABLE);
	assert_string_equal(answer.ek.hex, "");
	assert_int_equal(answer.key.result, FG_ERR_UNREACHABLE);
	assert_string_equal(answer.key.sealed, "");
	assert_memory_equal(answer.key.secret, zeros, sizeof(zeros));
	assert_int_equal(answer.left, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_string_equal(tpm_why(answer.key.result),
	    "this build reads no TPM");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_read_sealed_or_opened),
		cmocka_unit_test(nobody_is_asked),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
