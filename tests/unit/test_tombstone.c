/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands in the log for a file that has expired: each member of it is
 * signed, and the text that is signed is the documented one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/audit/tombstone.h"
#include "policyd/text.h"
#include "proto/result.h"

static const uint8_t secret[CRYPTO_KEY_SIZE] = { 7, 1, 2 };

static struct tombstone
a_stone(void)
{
	struct tombstone t = { .file = "audit.jsonl.11-20.zst",
		.begin = 1,
		.first = 11,
		.last = 20,
		.records = 10,
		.oldest_s = 1000,
		.newest_s = 2000,
		.at_s = 3000 };

	memset(t.hash, 'a', CRYPTO_HEX_SIZE - 1);
	key_public(KEY_AUDIT, secret, t.key);
	return t;
}

/* As a line of the log, with what a record has beside it. */
static char *
a_line(const struct tombstone *t)
{
	struct json *json = json_new();
	char *text;

	json_set_int(json, "v", 1);
	json_set_string(json, "event", TOMBSTONE_EVENT);
	tombstone_set(json, t, secret);
	assert_non_null(text = json_text(json));
	json_free(json);
	return text;
}

static int
read_line(const char *line, struct tombstone *t)
{
	struct json *json = json_parse(line, strlen(line));
	int r;

	assert_non_null(json);
	r = tombstone_read(json, t);
	json_free(json);
	return r;
}

static void
test_it_reads_what_it_writes(void **state)
{
	struct tombstone t = a_stone(), other;
	char *line = a_line(&t);

	(void)state;
	assert_int_equal(read_line(line, &other), 0);
	assert_memory_equal(&t, &other, sizeof(t));
	free(line);
}

/* The bytes are part of the format: farmgate-audit(5) has them. */
static void
test_what_is_signed_is_the_documented_text(void **state)
{
	struct tombstone t = a_stone();
	char text[1024], key[KEY_TEXT_SIZE], *line = a_line(&t);
	uint8_t sig[CRYPTO_SIGNATURE_SIZE];
	struct json *json = json_parse(line, strlen(line));
	const char *base64 = json_get_string(json, "sig", "");
	size_t len, n = sizeof("farmgate-expired-v1");

	(void)state;
	key_text(KEY_AUDIT, t.key, key);
	memcpy(text, "farmgate-expired-v1", n);
	assert_int_equal(text_format(text + n, sizeof(text) - n,
			     "begin=1 first=11 last=20 hash=%s records=10 "
			     "oldest=1000 newest=2000 at=3000 key=%s "
			     "file=audit.jsonl.11-20.zst",
			     t.hash, key),
	    0);
	assert_int_equal(crypto_base64_decode(base64, strlen(base64), sig,
			     sizeof(sig), &len),
	    0);
	assert_true(crypto_check_signature(text, n + strlen(text + n), t.key,
	    sig));
	json_free(json);
	free(line);
}

/* from becomes to, which is as long. */
static void
assert_refused(const char *from, const char *to, int r)
{
	static const struct tombstone zero;
	struct tombstone t = a_stone();
	char *line = a_line(&t), *at = strstr(line, from);

	assert_non_null(at);
	memcpy(at, to, strlen(to));
	assert_int_equal(read_line(line, &t), r);
	assert_memory_equal(&t, &zero, sizeof(t));
	free(line);
}

static void
test_each_member_is_signed(void **state)
{
	(void)state;
	assert_refused("11-20.zst", "11-21.zst", FG_ERR_UNSAFE);
	assert_refused("\"begin\":1", "\"begin\":2", FG_ERR_UNSAFE);
	assert_refused("\"oldest\":1000", "\"oldest\":1001", FG_ERR_UNSAFE);
	assert_refused("\"newest\":2000", "\"newest\":2001", FG_ERR_UNSAFE);
	assert_refused("\"at\":3000", "\"at\":3001", FG_ERR_UNSAFE);
	assert_refused("aaaaaaaa", "aaabaaaa", FG_ERR_UNSAFE);
	assert_refused("\"sig\":\"", "\"sig\":\"!", FG_ERR_UNSAFE);
	assert_refused("ed25519:", "ed25519:A", FG_ERR_UNSAFE);
}

static void
test_what_makes_no_sense_is_none(void **state)
{
	(void)state;
	assert_refused("\"first\":11", "\"first\":12", FG_ERR_FORMAT);
	assert_refused("\"last\":20", "\"last\":21", FG_ERR_FORMAT);
	assert_refused("\"records\":10", "\"records\":11", FG_ERR_FORMAT);
	assert_refused("\"begin\":1", "\"begin\":0", FG_ERR_FORMAT);
	assert_refused("\"oldest\":1000", "\"oldest\":2001", FG_ERR_FORMAT);
	assert_refused("aaaaaaaa", "aaaAaaaa", FG_ERR_FORMAT);
	assert_refused("ed25519:", "ed25518:", FG_ERR_FORMAT);
	assert_refused("\"file\"", "\"fila\"", FG_ERR_FORMAT);
	assert_refused("\"at\"", "\"as\"", FG_ERR_FORMAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_reads_what_it_writes),
		cmocka_unit_test(test_what_is_signed_is_the_documented_text),
		cmocka_unit_test(test_each_member_is_signed),
		cmocka_unit_test(test_what_makes_no_sense_is_none),
	};

	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
