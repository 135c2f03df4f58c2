/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a TPM says when it is asked, with swtpm as the TPM: its endorsement key
 * as tpm2-tools and OpenSSL have it, and keys that no other TPM opens.
 */
#include "policyd/device/tpm_ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "proto/result.h"
#include "tests/unit/ek_fixture.h"
#include "tests/unit/tpms.h"

#define TIMEOUT_MS 60000 /* a machine may be busy */

/* The commands of farmgate-assets(5). */
#define DIGEST_PEM                                                      \
	"openssl rsa -pubin -in ek.pem -RSAPublicKey_out -outform der " \
	"2>/dev/null | sha256sum"
#define DIGEST_EK "tpm2_createek -G rsa -c ek.ctx -u ek.pem -f pem;" DIGEST_PEM
#define DIGEST_CERTIFICATE                                                     \
	"tpm2_nvread 0x1c00002 2>/dev/null | openssl x509 -inform der -noout " \
	"-pubkey | "                                                           \
	"openssl rsa -pubin -RSAPublicKey_out -outform der 2>/dev/null | "     \
	"sha256sum"

/* A key like an endorsement key, and another one. */
#define OTHER_KEY                                                            \
	"tpm2_createprimary -C e -G rsa2048 -c other.ctx -a "                \
	"'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|" \
	"decrypt' >/dev/null;"

static const uint8_t zeros[CRYPTO_KEY_SIZE];
static struct tpms tpm, other;
static struct tpm_answer answer;
static bool is_there;

static int
setup(void **state)
{
	(void)state;
	is_there = tpms_are_there();
	if (!is_there)
		print_message("needs swtpm, tpm2-tools, openssl, tpm2-tss\n");
	return crypto_init();
}

static int
begin(void **state)
{
	(void)state;
	if (is_there)
		tpms_start(&tpm);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	tpms_stop(&tpm);
	tpms_stop(&other);
	return 0;
}

static void
needs_tpm(void)
{
	if (!is_there)
		skip();
}

/* No process is left, whatever the answer is. */
static void
ask(const struct tpm_question *question)
{
	memset(&answer, 'x', sizeof(answer));
	tpm_ask(question, &answer);
	assert_int_equal(answer.left, 0);
}

static void
read_ek(const struct tpms *of)
{
	ask(&(struct tpm_question){
	    .device = of->socket, .ek = true, .timeout_ms = TIMEOUT_MS });
}

static void
expect_ek(const char *hex)
{
	read_ek(&tpm);
	assert_int_equal(answer.ek.result, 0);
	assert_string_equal(answer.ek.hex, hex);
}

/* ---- the endorsement key ------------------------------------------------ */

static void
its_key_is_what_tpm2_tools_and_openssl_say(void **state)
{
	char hex[128];

	(void)state;
	needs_tpm();
	tpms_say(&tpm, DIGEST_EK, hex);
	assert_int_equal(strlen(hex), CRYPTO_HEX_SIZE - 1);
	expect_ek(hex);
	assert_int_equal(answer.key.result, FG_ERR_NOT_FOUND);
	tpms_halt(&tpm);
	tpms_go_on(&tpm);
	expect_ek(hex);
}

static void
two_tpms_have_two_keys(void **state)
{
	char hex[CRYPTO_HEX_SIZE];

	(void)state;
	needs_tpm();
	tpms_start(&other);
	read_ek(&tpm);
	strcpy(hex, answer.ek.hex);
	read_ek(&other);
	assert_int_equal(answer.ek.result, 0);
	assert_string_not_equal(answer.ek.hex, hex);
}

static void
one_that_is_at_its_handle_is_taken(void **state)
{
	char made[128], there[128];

	(void)state;
	needs_tpm();
	tpms_say(&tpm, DIGEST_EK, made);
	tpms_do(&tpm, "tpm2_evictcontrol -c ek.ctx 0x81010001");
	expect_ek(made);
	tpms_do(&tpm, "tpm2_evictcontrol -c 0x81010001");
	tpms_say(&tpm,
	    OTHER_KEY "tpm2_evictcontrol -c other.ctx 0x81010001 >/dev/null;"
		      "tpm2_readpublic -c 0x81010001 -f pem -o ek.pem "
		      ">/dev/null;" DIGEST_PEM,
	    there);
	assert_string_not_equal(there, made);
	expect_ek(there);
}

static void
what_else_is_at_that_handle_is_left_alone(void **state)
{
	static const char *const keys[] = {
		"tpm2_createprimary -C e -G ecc -c x.ctx",
		"tpm2_createprimary -C e -G rsa2048:rsassa:null -c x.ctx -a "
		"'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'",
		"tpm2_createprimary -C e -G rsa1024 -c x.ctx",
	};
	char hex[128];

	(void)state;
	needs_tpm();
	tpms_say(&tpm, DIGEST_EK, hex);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		tpms_do(&tpm, keys[i]);
		tpms_do(&tpm, "tpm2_evictcontrol -c x.ctx 0x81010001");
		expect_ek(hex);
		tpms_do(&tpm, "tpm2_evictcontrol -c 0x81010001");
	}
}

/* Of len bytes, which whoever has these attributes may read. */
static void
define_certificate(const void *der, size_t len, const char *attributes)
{
	char path[64], text[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/cert", tpm.folder);
	if ((f = fopen(path, "w")) == NULL || fwrite(der, 1, len, f) != len ||
	    fclose(f) != 0)
		abort();
	(void)snprintf(text, sizeof(text),
	    "tpm2_nvdefine 0x1c00002 -C o -s %zu -a 'ownerwrite|%s'; "
	    "tpm2_nvwrite 0x1c00002 -C o -i cert",
	    len, attributes);
	tpms_do(&tpm, text);
}

static void
the_one_in_its_certificate_is_taken(void **state)
{
	static const char *const attributes[] = { "authread|no_da", "authread",
		"ownerread", "ownerread|authread" };
	char there[128];

	(void)state;
	needs_tpm();
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]);
	     i++) {
		define_certificate(ek_fixture, sizeof(ek_fixture),
		    attributes[i]);
		expect_ek(EK_FIXTURE_DIGEST);
		if (strstr(attributes[i], "authread") != NULL) {
			tpms_say(&tpm, DIGEST_CERTIFICATE, there);
			assert_string_equal(there, EK_FIXTURE_DIGEST);
		}
		if (i + 1 < sizeof(attributes) / sizeof(attributes[0]))
			tpms_do(&tpm, "tpm2_nvundefine 0x1c00002 -C o");
	}
	/* but the key itself comes first */
	tpms_say(&tpm,
	    DIGEST_EK "; tpm2_evictcontrol -c ek.ctx 0x81010001 >/dev/null",
	    there);
	expect_ek(there);
}

/* As swtpm-tools make it, and as a laptop's is. */
static void
a_certificate_that_is_of_no_use_is_none(void **state)
{
	uint8_t der[sizeof(ek_fixture)];
	char hex[128];

	(void)state;
	needs_tpm();
	memcpy(der, ek_fixture, sizeof(der));
	tpms_say(&tpm, DIGEST_EK, hex);
	define_certificate(der, sizeof(der) - 1, "authread");
	expect_ek(hex);
	tpms_do(&tpm, "tpm2_nvundefine 0x1c00002 -C o");
	der[1] ^= 1;
	define_certificate(der, sizeof(der), "authread");
	expect_ek(hex);
	tpms_do(&tpm, "tpm2_nvundefine 0x1c00002 -C o");
	define_certificate(ek_fixture, sizeof(ek_fixture), "policyread");
	expect_ek(hex);
	/* never written */
	tpms_do(&tpm,
	    "tpm2_nvundefine 0x1c00002 -C o; "
	    "tpm2_nvdefine 0x1c00002 -C o -s 700 -a 'ownerwrite|authread'");
	expect_ek(hex);
}

static void
a_password_of_the_hierarchy_is_a_refusal(void **state)
{
	char hex[128];

	(void)state;
	needs_tpm();
	tpms_say(&tpm, DIGEST_EK, hex);
	tpms_do(&tpm, "tpm2_changeauth -c e secret");
	read_ek(&tpm);
	assert_int_equal(answer.ek.result, FG_ERR_REFUSED);
	assert_string_equal(answer.ek.hex, "");
	tpms_do(&tpm,
	    "tpm2_changeauth -c e -p secret; "
	    "tpm2_evictcontrol -c ek.ctx 0x81010001; "
	    "tpm2_changeauth -c e secret");
	expect_ek(hex);
}

/* ---- sealed keys -------------------------------------------------------- */

static uint8_t secret[CRYPTO_KEY_SIZE];
static char sealed[TPM_BLOB_TEXT_SIZE];

static void
seal(const struct tpms *by)
{
	crypto_random(secret, sizeof(secret));
	ask(&(struct tpm_question){
	    .device = by->socket, .secret = secret, .timeout_ms = TIMEOUT_MS });
	assert_int_equal(answer.ek.result, FG_ERR_NOT_FOUND);
	strcpy(sealed, answer.key.sealed);
}

static void
open_by(const struct tpms *by)
{
	ask(&(struct tpm_question){
	    .device = by->socket, .sealed = sealed, .timeout_ms = TIMEOUT_MS });
}

static void
expect_open(void)
{
	open_by(&tpm);
	assert_int_equal(answer.key.result, 0);
	assert_memory_equal(answer.key.secret, secret, sizeof(secret));
}

static void
expect_shut(const struct tpms *by, int result)
{
	open_by(by);
	assert_int_equal(answer.key.result, result);
	assert_memory_equal(answer.key.secret, zeros, sizeof(zeros));
}

static void
a_sealed_key_is_opened_again(void **state)
{
	(void)state;
	needs_tpm();
	seal(&tpm);
	assert_int_equal(answer.key.result, 0);
	assert_true(tpm_blob_is_text(sealed, strlen(sealed)));
	expect_open();
	tpms_halt(&tpm);
	tpms_go_on(&tpm);
	expect_open();
}

/* Which is empty for the process that asks. */
static void
a_key_in_memory_for_secrets_is_sealed_as_it_is(void **state)
{
	uint8_t *kept = crypto_secret_new(CRYPTO_KEY_SIZE);

	(void)state;
	needs_tpm();
	assert_non_null(kept);
	crypto_random(kept, CRYPTO_KEY_SIZE);
	memcpy(secret, kept, CRYPTO_KEY_SIZE);
	ask(&(struct tpm_question){
	    .device = tpm.socket, .secret = kept, .timeout_ms = TIMEOUT_MS });
	assert_int_equal(answer.key.result, 0);
	strcpy(sealed, answer.key.sealed);
	crypto_secret_end(kept, CRYPTO_KEY_SIZE);
	expect_open();
}

static void
both_are_asked_at_once(void **state)
{
	char hex[128];

	(void)state;
	needs_tpm();
	seal(&tpm);
	tpms_say(&tpm, DIGEST_EK, hex);
	ask(&(struct tpm_question){ .device = tpm.socket,
	    .ek = true,
	    .sealed = sealed,
	    .timeout_ms = TIMEOUT_MS });
	assert_int_equal(answer.ek.result, 0);
	assert_string_equal(answer.ek.hex, hex);
	assert_int_equal(answer.key.result, 0);
	assert_memory_equal(answer.key.secret, secret, sizeof(secret));
}

static void
another_tpm_does_not_open_it(void **state)
{
	(void)state;
	needs_tpm();
	tpms_start(&other);
	seal(&tpm);
	expect_shut(&other, FG_ERR_PEER);
	tpms_do(&other,
	    "tpm2_createprimary -C o -c s.ctx; "
	    "tpm2_evictcontrol -c s.ctx 0x81000001");
	expect_shut(&other, FG_ERR_PEER);
	expect_open();
}

static void
it_is_lost_when_the_tpm_is_cleared(void **state)
{
	char hex[CRYPTO_HEX_SIZE];

	(void)state;
	needs_tpm();
	read_ek(&tpm);
	strcpy(hex, answer.ek.hex);
	seal(&tpm);
	tpms_do(&tpm, "tpm2_clear -c p");
	expect_shut(&tpm, FG_ERR_PEER);
	expect_ek(hex);
}

static void
a_storage_key_that_is_there_is_used(void **state)
{
	(void)state;
	needs_tpm();
	tpms_do(&tpm,
	    "tpm2_createprimary -C o -G rsa2048 -c s.ctx; "
	    "tpm2_evictcontrol -c s.ctx 0x81000001");
	/* Nothing but that one can be used then. */
	tpms_do(&tpm, "tpm2_changeauth -c o secret");
	seal(&tpm);
	assert_int_equal(answer.key.result, 0);
	expect_open();
	tpms_do(&tpm, "tpm2_evictcontrol -C o -P secret -c 0x81000001");
	expect_shut(&tpm, FG_ERR_PEER);
	tpms_do(&tpm, "tpm2_evictcontrol -C o -P secret -c s.ctx 0x81000001");
	expect_open();
}

static void
one_that_comes_later_changes_nothing(void **state)
{
	(void)state;
	needs_tpm();
	seal(&tpm);
	tpms_do(&tpm,
	    "tpm2_createprimary -C o -G rsa2048 -c s.ctx; "
	    "tpm2_evictcontrol -c s.ctx 0x81000001");
	expect_open();
}

static void
what_is_no_storage_key_is_not_used(void **state)
{
	(void)state;
	needs_tpm();
	tpms_do(&tpm,
	    "tpm2_createprimary -C o -G rsa2048:rsassa:null -c s.ctx -a "
	    "'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'; "
	    "tpm2_evictcontrol -c s.ctx 0x81000001");
	seal(&tpm);
	assert_int_equal(answer.key.result, 0);
	expect_open();
}

static void
the_owners_password_is_a_refusal(void **state)
{
	(void)state;
	needs_tpm();
	seal(&tpm);
	tpms_do(&tpm, "tpm2_changeauth -c o secret");
	expect_shut(&tpm, FG_ERR_REFUSED);
	seal(&tpm);
	assert_int_equal(answer.key.result, FG_ERR_REFUSED);
	assert_string_equal(answer.key.sealed, "");
}

/* Somebody has tried passwords of another key until it was locked. */
static void
a_tpm_that_is_locked_out_answers(void **state)
{
	char hex[128], locked[128];

	(void)state;
	needs_tpm();
	seal(&tpm);
	tpms_say(&tpm, DIGEST_EK, hex);
	tpms_do(&tpm,
	    "tpm2_createprimary -C o -c s.ctx; "
	    "tpm2_create -C s.ctx -p right -c k.ctx -a "
	    "'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'; "
	    "tpm2_dictionarylockout -s -n 1 -t 10000 -l 10000; echo x >data");
	tpms_do(&tpm, "! tpm2_sign -c k.ctx -p wrong -o sig data 2>/dev/null");
	tpms_say(&tpm,
	    "tpm2_getcap properties-variable | grep -o 'inLockout: *1'",
	    locked);
	assert_string_equal(locked, "inLockout:");
	expect_ek(hex);
	expect_open();
	seal(&tpm);
	assert_int_equal(answer.key.result, 0);
}

/* Else a few starts of the daemon would fill it: it has room for three. */
static void
nothing_is_left_in_it(void **state)
{
	char word[128];

	(void)state;
	needs_tpm();
	tpms_start(&other);
	seal(&other);
	expect_shut(&tpm, FG_ERR_PEER);
	seal(&tpm);
	expect_open();
	read_ek(&tpm);
	tpms_say(&tpm,
	    "tpm2_getcap handles-transient; tpm2_getcap handles-loaded-session;"
	    "tpm2_getcap handles-persistent",
	    word);
	assert_string_equal(word, "");
}

/* Each byte of it: it is opened as it was sealed, or not at all. */
static void
a_sealed_key_that_was_changed_is_never_another_key(void **state)
{
	struct tpm_blob blob, changed;

	(void)state;
	needs_tpm();
	seal(&tpm);
	assert_int_equal(tpm_blob_parse(sealed, &blob), 0);
	for (size_t i = 0; i < blob.len; i += 3) {
		changed = blob;
		changed.bytes[i] ^= 0x10;
		tpm_blob_text(&changed, sealed);
		open_by(&tpm);
		assert_int_not_equal(answer.key.result, 0);
		assert_memory_equal(answer.key.secret, zeros, sizeof(zeros));
	}
	for (size_t len = 1; len < blob.len; len += 7) {
		changed = blob;
		changed.len = len;
		tpm_blob_text(&changed, sealed);
		expect_shut(&tpm, FG_ERR_FORMAT);
	}
	changed = blob;
	changed.bytes[changed.len++] = 0;
	tpm_blob_text(&changed, sealed);
	expect_shut(&tpm, FG_ERR_FORMAT);
	strcpy(sealed, "farmgate-device-tpm2 ");
	expect_shut(&tpm, FG_ERR_FORMAT);
}

/* What the TPM holds cannot be taken to another one by its owner either. */
static void
a_sealed_key_is_fixed_to_its_tpm(void **state)
{
	static const uint8_t attributes[] = { 0x00, 0x00, 0x04, 0x52 };
	struct tpm_blob blob;

	(void)state;
	needs_tpm();
	seal(&tpm);
	assert_int_equal(tpm_blob_parse(sealed, &blob), 0);
	/* the storage key, TPM2B_PUBLIC's size, type, nameAlg, attributes */
	assert_memory_equal(blob.bytes + 7, attributes, sizeof(attributes));
	for (size_t i = 0; i + sizeof(secret) <= blob.len; i++)
		assert_memory_not_equal(blob.bytes + i, secret, sizeof(secret));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(its_key_is_what_tpm2_tools_and_openssl_say),
		TEST(two_tpms_have_two_keys),
		TEST(one_that_is_at_its_handle_is_taken),
		TEST(what_else_is_at_that_handle_is_left_alone),
		TEST(the_one_in_its_certificate_is_taken),
		TEST(a_certificate_that_is_of_no_use_is_none),
		TEST(a_password_of_the_hierarchy_is_a_refusal),
		TEST(a_sealed_key_is_opened_again),
		TEST(a_key_in_memory_for_secrets_is_sealed_as_it_is),
		TEST(both_are_asked_at_once),
		TEST(another_tpm_does_not_open_it),
		TEST(it_is_lost_when_the_tpm_is_cleared),
		TEST(a_storage_key_that_is_there_is_used),
		TEST(one_that_comes_later_changes_nothing),
		TEST(what_is_no_storage_key_is_not_used),
		TEST(the_owners_password_is_a_refusal),
		TEST(a_tpm_that_is_locked_out_answers),
		TEST(nothing_is_left_in_it),
		TEST(a_sealed_key_that_was_changed_is_never_another_key),
		TEST(a_sealed_key_is_fixed_to_its_tpm),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
