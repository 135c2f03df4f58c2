/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bundles: the seal, and lines that read back as they were written or
 * are refused.
 */
#include "policyd/bundle/bundle_line.h"
#include "policyd/bundle/bundle_seal.h"
#include "tests/unit/people.h"

static uint8_t secret[CRYPTO_KEY_SIZE];
static char key[KEY_TEXT_SIZE];

static int
make_key(void **state)
{
	uint8_t public[CRYPTO_KEY_SIZE];

	(void)state;
	if (crypto_init() != 0)
		return -1;
	crypto_random(secret, sizeof(secret));
	crypto_public_key(secret, public);
	key_text(KEY_BUNDLE, public, key);
	return 0;
}

/* ---- the seal ----------------------------------------------------------- */

static const char content[] = "{\"farmgate_bundle\":1}\n{\"end\":{}}\n";

static size_t
make_sealed(char *buf, size_t size)
{
	char line[BUNDLE_SEAL_MAX];

	assert_int_equal(bundle_seal(content, strlen(content), secret, line),
	    0);
	(void)snprintf(buf, size, "%s%s", content, line);
	return strlen(buf);
}

static void
a_seal_holds_for_what_was_signed(void **state)
{
	const char *const others[] = { "ed25519:x", key };
	struct bundle_seal seal;
	char buf[1024], sha256[CRYPTO_HEX_SIZE];
	size_t len = make_sealed(buf, sizeof(buf));

	(void)state;
	assert_int_equal(bundle_seal_check(buf, len, others, 2, &seal), 0);
	assert_int_equal(seal.len, strlen(content));
	assert_string_equal(seal.key, key);
	crypto_sha256_hex(content, strlen(content), sha256);
	assert_string_equal(seal.sha256, sha256);
	assert_int_equal(bundle_seal_check(buf, len, others, 1, &seal),
	    FG_ERR_PEER);
	assert_string_equal(seal.key, key);
	assert_int_equal(bundle_seal_check(buf, len, NULL, 0, &seal),
	    FG_ERR_PEER);
}

/* Any byte of it changed, or any part of it missing. */
static void
nothing_else_is_taken_for_it(void **state)
{
	const char *const keys[] = { key };
	struct bundle_seal seal;
	char buf[1024], other[1024];
	size_t i, len = make_sealed(buf, sizeof(buf));

	(void)state;
	for (i = 0; i < len; i++) {
		memcpy(other, buf, len);
		other[i] ^= 1;
		assert_int_not_equal(bundle_seal_check(other, len, keys, 1,
					 &seal),
		    0);
		assert_int_not_equal(bundle_seal_check(buf, i, keys, 1, &seal),
		    0);
		assert_int_not_equal(bundle_seal_check(buf + i + 1, len - i - 1,
					 keys, 1, &seal),
		    0);
	}
	memcpy(buf + len, "\n", 1);
	assert_int_equal(bundle_seal_check(buf, len + 1, keys, 1, &seal),
	    FG_ERR_FORMAT);
}

static void
a_seal_says_nothing_else(void **state)
{
	const char *const keys[] = { key };
	struct bundle_seal seal;
	char buf[1024];
	size_t len = make_sealed(buf, sizeof(buf));

	(void)state;
	(void)snprintf(buf + len - 2, sizeof(buf) - len + 2, ",\"x\":1}\n");
	assert_int_equal(bundle_seal_check(buf, strlen(buf), keys, 1, &seal),
	    FG_ERR_FORMAT);
}

/* What somebody signed for another purpose is no bundle. */
static void
the_bytes_themselves_are_not_what_is_signed(void **state)
{
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	const char *const keys[] = { key };
	struct bundle_seal seal;
	char buf[1024], text[100];
	int n;

	(void)state;
	crypto_make_signature(content, strlen(content), secret, signature);
	crypto_base64_encode(signature, sizeof(signature), text, sizeof(text));
	n = snprintf(buf, sizeof(buf),
	    "%s{\"signature\":\"%s\",\"key\":\"%s\"}\n", content, text, key);
	assert_int_equal(bundle_seal_check(buf, (size_t)n, keys, 1, &seal),
	    FG_ERR_UNSAFE);
}

/* ---- lines -------------------------------------------------------------- */

static char text[1 << 20];

/* Takes json. */
static void
add(struct json *json)
{
	char *line = json_text(json);

	assert_non_null(line);
	strcat(text, line);
	strcat(text, "\n");
	free(line);
	json_free(json);
}

static void
begin(void)
{
	const struct bundle_head head = { .serial = 5, .made_s = 1000 };

	text[0] = '\0';
	add(bundle_head_line(&head));
}

static int
read_from(struct bundle_reader *reader, struct bundle_head *head)
{
	return bundle_read_head(text, strlen(text), reader, head);
}

static void
lines_read_back_as_they_were_written(void **state)
{
	static struct person people[100];
	static struct bundle_item item;
	struct store_revocation r = { .user = "b\xc3\xb6rge",
		.at_s = 77,
		.reason = "left; \"quoted\"",
		.made_s = 66 };
	struct bundle_counts counts = { 100, 1, 1 };
	struct bundle_reader reader;
	struct bundle_head head;

	(void)state;
	begin();
	for (unsigned int i = 0; i < 100; i++) {
		random_person(&people[i], i);
		add(bundle_person_line(&people[i]));
	}
	add(bundle_revocation_line(&r));
	add(bundle_given_back_line("carol", 88));
	add(bundle_end_line(&counts));
	assert_int_equal(read_from(&reader, &head), 0);
	assert_int_equal(head.serial, 5);
	assert_int_equal(head.made_s, 1000);
	for (unsigned int i = 0; i < 100; i++) {
		assert_int_equal(bundle_read(&reader, &item), 0);
		assert_int_equal(item.kind, BUNDLE_PERSON);
		same_person(&people[i], &item.person);
	}
	assert_int_equal(bundle_read(&reader, &item), 0);
	assert_int_equal(item.kind, BUNDLE_REVOCATION);
	r.by_uid = r.by_loginuid = UINT32_MAX;
	r.bundled = true;
	assert_memory_equal(&item.revocation, &r, sizeof(r));
	assert_int_equal(bundle_read(&reader, &item), 0);
	assert_int_equal(item.kind, BUNDLE_GIVEN_BACK);
	assert_string_equal(item.name, "carol");
	assert_int_equal(item.at_s, 88);
	assert_int_equal(bundle_read(&reader, &item), FG_ERR_NOT_FOUND);
	assert_int_equal(item.kind, BUNDLE_NOTHING);
}

static void
other_heads_are_refused(void **state)
{
	static const char *const heads[] = { "", "{}", "x\n", "{}\n", "[]\n",
		"{\"farmgate_bundle\":2,\"serial\":1,\"made\":1}\n",
		"{\"farmgate_bundle\":1,\"serial\":0,\"made\":1}\n",
		"{\"farmgate_bundle\":1,\"serial\":\"1\",\"made\":1}\n",
		"{\"farmgate_bundle\":1,\"serial\":1,\"made\":-1}\n",
		"{\"farmgate_bundle\":1,\"serial\":1}\n",
		"{\"farmgate_bundle\":1,\"serial\":1,\"made\":1,\"x\":1}\n" };
	struct bundle_reader reader;
	struct bundle_head head;

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		strcpy(text, heads[i]);
		assert_int_equal(read_from(&reader, &head), FG_ERR_FORMAT);
		assert_true(reader.why[0] != '\0');
		assert_int_equal(reader.line, 1);
		assert_int_equal(head.serial, 0);
	}
}

#define PERSON "{\"person\":{\"user\":\"a\",\"kind\":\"person\",\"status\":"
#define REVOKE "{\"revocation\":{\"user\":\"a\",\"at\":1,\"reason\":\"\","
#define END    "{\"end\":{\"people\":0,\"revocations\":0,\"given_back\":0}}\n"

/* Also what another version would understand: it must not be passed over. */
static void
lines_that_say_something_else_are_refused(void **state)
{
	static const char *const lines[] = { "", "{}", "{}\n", "\n", "[]\n",
		PERSON "\"active\",\"tail\":\"long\"}}\n",
		PERSON "\"active\",\"home\":\"x\"}}\n", PERSON "\"gone\"}}\n",
		PERSON "\"active\"},\"x\":1}\n", "{\"person\":1}\n",
		/* as many members as there should be, and not those */
		PERSON "true}}\n", PERSON "null}}\n",
		"{\"person\":{\"user\":\"a\",\"kind\":\"person\",\"tail\":"
		"\"long\"}}\n",
		"{\"person\":{}}\n", REVOKE "\"made\":-1}}\n",
		REVOKE "\"made\":\"1\"}}\n", REVOKE "\"made\":1,\"x\":1}}\n",
		"{\"revocation\":{\"user\":\"\",\"at\":1,\"reason\":\"\","
		"\"made\":1}}\n",
		"{\"given_back\":{\"name\":\"a\"}}\n",
		"{\"given_back\":{\"name\":\"\",\"at\":1}}\n",
		"{\"device\":{}}\n",
		"{\"end\":{\"people\":1,\"revocations\":0,"
		"\"given_back\":0}}\n",
		"{\"end\":{\"people\":0,\"revocations\":0}}\n",
		"{\"end\":{\"people\":0,\"revocations\":0,"
		"\"given_back\":0,\"x\":0}}\n",
		END END, END "x" };
	static struct bundle_item item;
	struct bundle_reader reader;
	struct bundle_head head;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		begin();
		strcat(text, lines[i]);
		assert_int_equal(read_from(&reader, &head), 0);
		if (bundle_read(&reader, &item) != FG_ERR_FORMAT)
			fail_msg("%s", lines[i]);
		assert_true(reader.why[0] != '\0');
		assert_int_equal(reader.line, 2);
	}
}

/* The same lines with nothing wrong in them. */
static void
lines_that_say_it_right_are_taken(void **state)
{
	static const char *const lines[] = { PERSON "\"active\"}}\n",
		REVOKE "\"made\":0}}\n",
		"{\"given_back\":{\"name\":\"a\",\"at\":0}}\n" };
	static struct bundle_item item;
	struct bundle_reader reader;
	struct bundle_head head;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		begin();
		strcat(text, lines[i]);
		assert_int_equal(read_from(&reader, &head), 0);
		assert_int_equal(bundle_read(&reader, &item), 0);
		assert_int_equal(item.kind, i + 1);
	}
	begin();
	strcat(text, END);
	assert_int_equal(read_from(&reader, &head), 0);
	assert_int_equal(bundle_read(&reader, &item), FG_ERR_NOT_FOUND);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_seal_holds_for_what_was_signed),
		TEST(nothing_else_is_taken_for_it),
		TEST(a_seal_says_nothing_else),
		TEST(the_bytes_themselves_are_not_what_is_signed),
		TEST(lines_read_back_as_they_were_written),
		TEST(other_heads_are_refused),
		TEST(lines_that_say_something_else_are_refused),
		TEST(lines_that_say_it_right_are_taken),
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
