/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DB-11: the number of changes to the store is carried on by the audit log,
 * from record to record, over restarts and rotations.
 */
#include "policyd/crypto.h"
#include "tests/unit/auditing.h"

/* Of the file's line n; -1 if it has none. */
static int64_t
changes_at(size_t n)
{
	struct json *line = line_at(n);
	int64_t changes = json_get_int(line, "changes", -1);

	json_free(line);
	return changes;
}

static void
test_each_record_has_the_number_as_it_is(void **state)
{
	struct audit *audit = opened();

	(void)state;
	assert_int_equal(write_note(audit, "x"), 0);
	audit_set_changes(audit, 0);
	assert_int_equal(write_note(audit, "x"), 0);
	audit_set_changes(audit, 3);
	assert_int_equal(write_note(audit, "x"), 0);
	assert_int_equal(write_note(audit, "x"), 0);
	audit_set_changes(audit, 2); /* it does not forget */
	audit_set_changes(audit, UINT64_MAX);
	assert_int_equal(write_note(audit, "x"), 0);
	audit_set_changes(audit, 4);
	assert_int_equal(write_note(audit, "x"), 0);
	assert_int_equal(changes_at(0), -1);
	assert_int_equal(changes_at(1), -1);
	assert_int_equal(changes_at(2), 3);
	assert_int_equal(changes_at(3), 3);
	assert_int_equal(changes_at(4), 3);
	assert_int_equal(changes_at(5), 4);
	assert_verified(audit);
	audit_free(audit);
}

static void
test_it_is_taken_up_from_the_last_record(void **state)
{
	struct audit *audit = opened();

	(void)state;
	assert_int_equal(audit_changes(audit), 0);
	audit_set_changes(audit, 7);
	assert_int_equal(write_note(audit, "x"), 0);
	audit_free(audit);
	audit = opened();
	assert_int_equal(audit_changes(audit), 7);
	assert_int_equal(write_note(audit, "x"), 0);
	assert_int_equal(changes_at(1), 7);
	assert_verified(audit);
	audit_free(audit);
}

/* Whoever rotates the log takes no number along. */
static void
test_a_new_file_begins_with_it(void **state)
{
	struct audit *audit = opened();
	char old[128];

	(void)state;
	audit_set_changes(audit, 7);
	assert_int_equal(write_note(audit, "x"), 0);
	(void)text_format(old, sizeof(old), "%s.1", path);
	assert_int_equal(rename(path, old), 0);
	monotonic_s++;
	assert_int_equal(write_note(audit, "x"), 0);
	assert_true(audit_renamed(audit));
	assert_int_equal(changes_at(0), 7);
	audit_free(audit);
	assert_int_equal(unlink(old), 0);
	audit = opened();
	assert_int_equal(audit_changes(audit), 7);
	audit_free(audit);
}

/* And so does the record that tells of a crash. */
static void
test_a_torn_line_does_not_hide_it(void **state)
{
	struct audit *audit = opened();
	char *data;
	size_t n;

	(void)state;
	audit_set_changes(audit, 7);
	assert_int_equal(write_note(audit, "x"), 0);
	audit_free(audit);
	data = slurp(path, &n);
	assert_non_null(data = realloc(data, n + 9));
	memcpy(data + n, "{\"v\":1,\"s", 9);
	spill(path, data, n + 9);
	free(data);
	audit = opened();
	assert_int_equal(audit_changes(audit), 7);
	assert_int_equal(changes_at(1), 7);
	audit_free(audit);
}

/* A line as another one has sealed it; the file's only one. */
static void
put_line(const char *member)
{
	char text[256], hash[CRYPTO_HEX_SIZE], line[400];

	(void)text_format(text, sizeof(text),
	    "{\"v\":1,\"seq\":1,\"ts\":\"2026-01-01T00:00:00.000000Z\",%s}",
	    member);
	crypto_sha256_hex(text, strlen(text), hash);
	text[strlen(text) - 1] = '\0';
	(void)text_format(line, sizeof(line), "%s,\"hash\":\"%s\"}\n", text,
	    hash);
	spill(path, line, strlen(line));
}

static void
test_a_number_that_makes_no_sense_is_none(void **state)
{
	static const char *const members[] = { "\"changes\":-1",
		"\"changes\":\"7\"", "\"changes\":null", "\"changes\":7.5",
		"\"event\":\"start\"" };
	struct audit *audit;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		put_line(members[i]);
		audit = opened();
		if (audit_changes(audit) != 0)
			fail_msg("%s", members[i]);
		audit_free(audit);
	}
	put_line("\"changes\":9223372036854775807");
	audit = opened();
	assert_true(audit_changes(audit) == INT64_MAX); /* others judge */
	assert_int_equal(write_note(audit, "x"), 0);
	audit_free(audit);
}

/* Its hash is wrong: then nothing in it is to be believed. */
static void
test_a_damaged_record_says_nothing(void **state)
{
	struct audit *audit;
	char *data;
	size_t n;

	(void)state;
	put_line("\"changes\":7");
	data = slurp(path, &n);
	*(strstr(data, "changes\":7") + 9) = '8';
	spill(path, data, n);
	free(data);
	audit = opened();
	assert_int_equal(audit_changes(audit), 0);
	assert_int_not_equal(audit_recovered(audit), 0);
	audit_free(audit);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AUDIT_TEST(test_each_record_has_the_number_as_it_is),
		AUDIT_TEST(test_it_is_taken_up_from_the_last_record),
		AUDIT_TEST(test_a_new_file_begins_with_it),
		AUDIT_TEST(test_a_torn_line_does_not_hide_it),
		AUDIT_TEST(test_a_number_that_makes_no_sense_is_none),
		AUDIT_TEST(test_a_damaged_record_says_nothing),
	};

	if (crypto_init() != 0)
		return 1;
	return cmocka_run_group_tests_name("changes in the audit log", tests,
	    NULL, NULL);
}
