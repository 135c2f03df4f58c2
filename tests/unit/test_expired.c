/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which file of the log has expired, and what its tombstone vouches for; and by
 * which clock nothing does.
 */
#include "policyd/audit/audit_chain.h"
#include "policyd/audit/expired.h"
#include "policyd/audit/pack.h"
#include "policyd/expiry.h"
#include "proto/result.h"
#include "tests/unit/auditing.h"

#define AT_S  (AT / SECOND)
#define HOUR  INT64_C(3600)
#define DAY   RETENTION_DAY_S
#define LATER (AT_S + 100 * HOUR)

static const uint8_t secret[CRYPTO_KEY_SIZE] = { 9 };
static struct expired expired;
static struct audit *of; /* the log that is looked at */
static char why[EXPIRED_WHY_SIZE];
static char name[3][AUDIT_NAME_SIZE]; /* of what was rotated */

static void
note_at(struct audit *audit, int64_t at_s)
{
	assert_int_equal(audit_write(audit,
			     audit_record(audit, AUDIT_START, at_s * SECOND),
			     true),
	    0);
}

/* Three files of two records and a third, an hour later each, and the present
 * one, in which there is room for more. */
static struct audit *
a_log(void)
{
	struct audit *audit = of = opened();

	for (int i = 0; i < 3; i++) {
		note_at(audit, AT_S + i * HOUR);
		note_at(audit, AT_S + i * HOUR + 60);
		assert_int_equal(audit_rotate(audit,
				     (AT_S + (i + 1) * HOUR) * SECOND, name[i]),
		    0);
	}
	return audit;
}

static int
look(int64_t before_s)
{
	return expired_look(path, audit_head(of), before_s, &expired, why);
}

static bool
is_there(const char *whole)
{
	return access(whole, F_OK) == 0;
}

/* As the daemon does it. */
static void
bury(struct audit *audit)
{
	struct json *record = audit_record(audit, AUDIT_EXPIRED, AT);

	key_public(KEY_AUDIT, secret, expired.stone.key);
	expired.stone.at_s = LATER;
	tombstone_set(record, &expired.stone, secret);
	assert_int_equal(audit_write(audit, record, true), 0);
}

static void
test_without_rotation_nothing_is_there(void **state)
{
	struct audit *audit = of = opened();

	(void)state;
	note_at(audit, AT_S);
	assert_int_equal(look(LATER), FG_ERR_NOT_FOUND);
	audit_free(audit);
}

static void
test_its_newest_record_counts(void **state)
{
	struct audit *audit = a_log();

	(void)state;
	assert_int_equal(look(AT_S + 60), 0);
	assert_true(expired.young);
	assert_int_equal(expired.stone.newest_s, AT_S + 60);
	assert_int_equal(look(AT_S), 0);
	assert_true(expired.young);
	assert_int_equal(expired.stone.newest_s, AT_S);
	assert_int_equal(look(AT_S + 61), 0);
	assert_false(expired.young);
	assert_false(expired.told);
	assert_string_equal(expired.stone.file, "audit.jsonl.1-2");
	assert_int_equal(expired.stone.begin, 1);
	assert_int_equal(expired.stone.first, 1);
	assert_int_equal(expired.stone.last, 2);
	assert_int_equal(expired.stone.records, 2);
	assert_int_equal(expired.stone.oldest_s, AT_S);
	assert_int_equal(expired.stone.newest_s, AT_S + 60);
	audit_free(audit);
}

static void
test_one_after_the_other_goes_and_the_log_says_so(void **state)
{
	static const char *const files[] = { "audit.jsonl.1-2",
		"audit.jsonl.3-5", "audit.jsonl.6-8" };
	struct audit *audit = a_log();
	const char *what;

	(void)state;
	assert_int_equal(pack_file(name[1], &what), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(look(LATER), 0);
		assert_false(expired.told);
		assert_int_equal(strncmp(expired.stone.file, files[i],
				     strlen(files[i])),
		    0);
		assert_int_equal(expired.stone.begin, 1);
		bury(audit);
		/* killed there: the next one need not say it again */
		assert_int_equal(look(LATER), 0);
		assert_true(expired.told);
		assert_int_equal(expired_remove(path, expired.stone.file), 0);
		assert_false(is_there(name[i]));
	}
	assert_int_equal(look(LATER), FG_ERR_NOT_FOUND);
	audit_free(audit);
	assert_non_null(strstr(verified(), " expired 8"));
}

/* What somebody has removed is not vouched for by the next that expires. */
static void
test_a_gap_stays_one(void **state)
{
	struct audit *audit = a_log();

	(void)state;
	assert_int_equal(unlink(name[0]), 0);
	assert_int_equal(look(LATER), 0);
	assert_int_equal(expired.stone.first, 3);
	assert_int_equal(expired.stone.begin, 3);
	bury(audit);
	assert_int_equal(expired_remove(path, expired.stone.file), 0);
	assert_int_equal(look(LATER), 0);
	assert_int_equal(expired.stone.first, 6);
	assert_int_equal(expired.stone.begin, 3);
	audit_free(audit);
	assert_non_null(strstr(verified(), " continues 8 "));
}

/* Behind the daemon's records, or instead of one of its files. */
static void
plant(const char *file, uint64_t seq, const char *prev, uint64_t begin,
    uint64_t last, const char *hash)
{
	struct tombstone t = { .begin = begin,
		.first = begin,
		.last = last,
		.records = last - begin + 1 };
	char digest[CRYPTO_HEX_SIZE], *line, *data;
	struct json *record = json_new();
	size_t len, had;

	key_public(KEY_AUDIT, secret, t.key);
	(void)text_copy(t.file, sizeof(t.file), "audit.jsonl.1-2");
	(void)text_copy(t.hash, sizeof(t.hash), hash);
	json_set_int(record, "v", AUDIT_SCHEMA);
	json_set_int(record, "seq", (int64_t)seq);
	json_set_string(record, "ts", "2026-01-02T03:04:05.000006Z");
	json_set_string(record, "event", TOMBSTONE_EVENT);
	tombstone_set(record, &t, secret);
	json_set_string(record, "prev", prev);
	line = audit_line_seal(json_text(record), digest, &len);
	assert_non_null(line);
	json_free(record);
	data = slurp(file, &had);
	data = realloc(data, had + len);
	assert_non_null(data);
	memcpy(data + had, line, len);
	spill(file, data, had + len);
	free(data);
	free(line);
}

/* Whoever can write into the folder has not the daemon sign for a gap that
 * they have made, nor remove a file of which the log says nothing. */
static void
test_a_planted_tombstone_counts_for_nothing(void **state)
{
	struct audit *audit = a_log();
	char *data, hash[CRYPTO_HEX_SIZE];
	size_t len;

	(void)state;
	assert_int_equal(look(LATER), 0);
	memcpy(hash, expired.stone.hash, sizeof(hash));
	for (int i = 1; i < 3; i++) {
		data = slurp(name[i], &len);
		plant(name[i], 99, hash, 1, 2, hash);
		assert_int_equal(look(LATER), 0);
		assert_false(expired.told);
		spill(name[i], data, len);
		free(data);
	}
	assert_int_equal(unlink(name[0]), 0);
	plant(name[2], 99, hash, 1, 2, hash);
	assert_int_equal(look(LATER), 0);
	assert_int_equal(expired.stone.begin, 3);
	/* one that the chain would have a place for */
	plant(path, audit_sequence(audit) + 1, audit_head(audit), 1, 2, hash);
	assert_int_equal(look(LATER), 0);
	assert_int_equal(expired.stone.begin, 3);
	audit_free(audit);
}

static void
test_a_log_without_its_last_record_stays(void **state)
{
	struct audit *audit = a_log();

	(void)state;
	spill(path, "", 0);
	assert_int_equal(look(LATER), FG_ERR_FORMAT);
	assert_non_null(strstr(why, "the last record is not in it"));
	audit_free(audit);
}

static void
test_what_is_damaged_or_not_followed_stays(void **state)
{
	struct audit *audit = a_log();
	char *data;
	size_t len;

	(void)state;
	data = slurp(name[0], &len);
	data[len / 2] ^= 1;
	spill(name[0], data, len);
	assert_int_equal(look(LATER), FG_ERR_FORMAT);
	assert_non_null(strstr(why, "audit.jsonl.1-2, line "));
	data[len / 2] ^= 1;
	spill(name[0], data, len - 1);
	assert_int_equal(look(LATER), FG_ERR_SHORT);
	assert_non_null(strstr(why, "audit.jsonl.1-2: "));
	spill(name[0], data, len);
	assert_int_equal(look(LATER), 0);
	free(data);
	assert_int_equal(unlink(name[1]), 0);
	assert_int_equal(look(LATER), FG_ERR_FORMAT);
	assert_non_null(strstr(why, "does not follow audit.jsonl.1-2"));
	spill(name[0], "", 0);
	assert_int_equal(look(LATER), FG_ERR_FORMAT);
	audit_free(audit);
}

static void
test_only_its_own_names_are_removed(void **state)
{
	static const char *const others[] = { "audit.jsonl", "audit.jsonl.old",
		"audit.jsonl.2-1", "audit.jsonl.1-2.gz", "../audit.jsonl.1-2",
		"audit.jsonl.1-2.zst.new", "x.1-2", "" };
	struct audit *audit = a_log();
	char whole[AUDIT_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(expired_remove(path, others[i]),
		    FG_ERR_UNSAFE);
	assert_true(is_there(name[0]));
	/* with what was compressed by halves */
	(void)text_format(whole, sizeof(whole), "%s.zst.new", name[0]);
	spill(whole, "x", 1);
	assert_int_equal(expired_remove(path, "audit.jsonl.1-2"), 0);
	assert_false(is_there(whole) || is_there(name[0]));
	assert_int_equal(expired_remove(path, "audit.jsonl.1-2"), 0);
	/* no link, and no folder */
	assert_int_equal(symlink(path, name[0]), 0);
	assert_int_equal(expired_remove(path, "audit.jsonl.1-2"),
	    FG_ERR_UNSAFE);
	assert_int_equal(look(LATER), FG_ERR_UNSAFE);
	audit_free(audit);
}

/* A crash may have left both; the second one is read before it goes. */
static void
test_what_was_torn_goes_by_its_last_change(void **state)
{
	struct audit *audit = a_log();
	char rest[AUDIT_NAME_SIZE];
	struct stat st;

	(void)state;
	(void)text_format(rest, sizeof(rest), "%s.torn", path);
	assert_int_equal(expired_torn(path, INT64_MAX), FG_ERR_NOT_FOUND);
	spill(rest, "x", 1);
	assert_int_equal(stat(rest, &st), 0);
	assert_int_equal(expired_torn(path, st.st_mtime), FG_ERR_NOT_FOUND);
	assert_true(is_there(rest));
	assert_int_equal(expired_torn(path, st.st_mtime + 1), 0);
	assert_false(is_there(rest));
	assert_int_equal(symlink(path, rest), 0);
	assert_int_equal(expired_torn(path, INT64_MAX), FG_ERR_UNSAFE);
	assert_int_equal(unlink(rest), 0);
	audit_free(audit);
}

static void
test_what_is_there_twice_goes_one_by_one(void **state)
{
	struct audit *audit = a_log();
	const char *what;
	char *data;
	size_t len;

	(void)state;
	data = slurp(name[0], &len);
	assert_int_equal(pack_file(name[0], &what), 0);
	spill(name[0], data, len);
	free(data);
	assert_int_equal(look(LATER), 0);
	assert_string_equal(expired.stone.file, "audit.jsonl.1-2");
	bury(audit);
	assert_int_equal(expired_remove(path, expired.stone.file), 0);
	assert_int_equal(look(LATER), 0);
	assert_string_equal(expired.stone.file, "audit.jsonl.1-2.zst");
	assert_true(expired.told);
	assert_int_equal(expired_remove(path, expired.stone.file), 0);
	assert_int_equal(look(LATER), 0);
	assert_int_equal(expired.stone.first, 3);
	assert_false(expired.told);
	audit_free(audit);
}

/* It has that name, and the log says nothing of what is in it. */
static void
test_what_was_not_read_is_not_removed(void **state)
{
	struct audit *audit = a_log();
	char whole[AUDIT_NAME_SIZE];

	(void)state;
	(void)text_format(whole, sizeof(whole), "%s.zst", name[0]);
	spill(whole, "x", 1);
	assert_int_equal(look(LATER), 0);
	bury(audit);
	assert_int_equal(expired_remove(path, expired.stone.file), 0);
	assert_false(is_there(name[0]));
	assert_true(is_there(whole));
	assert_int_not_equal(look(LATER), 0);
	assert_non_null(strstr(why, "audit.jsonl.1-2.zst: "));
	audit_free(audit);
}

static void
test_it_survives_the_way_from_the_worker(void **state)
{
	struct audit *audit = a_log();
	struct json *json = json_new();
	struct expired other;

	(void)state;
	assert_int_equal(look(LATER), 0);
	expired_set(json, &expired);
	assert_int_equal(expired_get(json, &other), 0);
	assert_memory_equal(&other, &expired, sizeof(other));
	json_free(json);
	json = json_new();
	assert_int_equal(expired_get(json, &other), FG_ERR_FORMAT);
	json_free(json);
	audit_free(audit);
}

/* DMN-04: what is gone does not come back when the clock is set right. */
static void
test_a_clock_that_leaps_is_not_believed_for_a_week(void **state)
{
	struct expiry_clock clock;

	(void)state;
	expiry_clock_start(&clock, INT64_MIN, AT_S, 100);
	assert_true(expiry_clock_is_right(&clock, AT_S + HOUR, 100 + HOUR));
	assert_true(expiry_clock_is_right(&clock, AT_S + DAY, 100));
	assert_false(expiry_clock_is_right(&clock, AT_S + DAY + 1, 100));
	assert_false(expiry_clock_is_right(&clock, AT_S + 7 * DAY,
	    100 + 6 * DAY));
	assert_true(expiry_clock_is_right(&clock, AT_S + 8 * DAY + 1,
	    100 + 7 * DAY));
	assert_false(expiry_clock_is_right(&clock, AT_S + 6 * DAY,
	    100 + 7 * DAY));
	/* at the start only the last record can tell */
	expiry_clock_start(&clock, AT_S - RETENTION_GAP_S, AT_S, 100);
	assert_true(expiry_clock_is_right(&clock, AT_S, 100));
	expiry_clock_start(&clock, AT_S - RETENTION_GAP_S - 1, AT_S, 100);
	assert_false(expiry_clock_is_right(&clock, AT_S, 100));
	assert_true(expiry_clock_is_right(&clock, AT_S + 7 * DAY,
	    100 + 7 * DAY));
}

#define LOG_TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(test_without_rotation_nothing_is_there),
		LOG_TEST(test_its_newest_record_counts),
		LOG_TEST(test_one_after_the_other_goes_and_the_log_says_so),
		LOG_TEST(test_a_gap_stays_one),
		LOG_TEST(test_a_planted_tombstone_counts_for_nothing),
		LOG_TEST(test_a_log_without_its_last_record_stays),
		LOG_TEST(test_what_is_damaged_or_not_followed_stays),
		LOG_TEST(test_only_its_own_names_are_removed),
		LOG_TEST(test_what_was_torn_goes_by_its_last_change),
		LOG_TEST(test_what_is_there_twice_goes_one_by_one),
		LOG_TEST(test_what_was_not_read_is_not_removed),
		LOG_TEST(test_it_survives_the_way_from_the_worker),
		cmocka_unit_test(
		    test_a_clock_that_leaps_is_not_believed_for_a_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
