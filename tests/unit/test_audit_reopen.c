/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log that fails or goes away while it is written: what is opened
 * again, where the chain goes on, and what the record about it says.
 */
#include "policyd/crypto.h"
#include "proto/result.h"
#include "tests/unit/auditing.h"

static char other[96];
static unsigned int looks_before_cut; /* 0: nobody cuts the file */

/* Where another program comes between a look at the file and what follows. */
int
fstat(int fd, struct stat *st)
{
	if (looks_before_cut > 0 && --looks_before_cut == 0)
		assert_int_equal(truncate(path, 0), 0);
	return fstatat(fd, "", st, AT_EMPTY_PATH);
}

static int
make_other(void **state)
{
	if (make_folder(state) != 0)
		return -1;
	(void)text_format(other, sizeof(other), "%s/other", folder);
	return 0;
}

static int
remove_other(void **state)
{
	unlink(other);
	return remove_folder(state);
}

#define REOPEN_TEST(f) \
	cmocka_unit_test_setup_teardown(f, make_other, remove_other)

static void
write_notes(struct audit *audit, unsigned int n)
{
	while (n-- > 0)
		assert_int_equal(write_note(audit, "x"), 0);
}

static off_t
size_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(name, &st), 0);
	return st.st_size;
}

/* The record at line n says "recovered"; the caller frees. */
static struct json *
recovered_at(const struct audit *audit, size_t n)
{
	struct json *line = line_at(n);

	assert_string_equal(json_get_string(line, "event", ""), "recovered");
	assert_int_equal(json_get_int(line, "seq", 0), audit_recovered(audit));
	return line;
}

static void
assert_continues(const struct audit *audit, uint64_t seq, const char *hash)
{
	char want[256];

	(void)text_format(want, sizeof(want), "ok %llu %s continues %llu %s",
	    (unsigned long long)audit_sequence(audit), audit_head(audit),
	    (unsigned long long)seq, hash);
	assert_string_equal(verified(), want);
}

static void
fail_sync(struct audit *audit, int error)
{
	sync_errno = error;
	assert_int_equal(audit_sync(audit), FG_ERR_SYSTEM);
	assert_int_equal(errno, error);
	sync_errno = 0;
	disk_keeps = -1;
}

/* DMN-07 */
static void
test_failed_sync_is_not_tried_again_but_read_back(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	write_notes(audit, 2);
	assert_int_equal(audit_recovered(audit), 0);
	fail_sync(audit, EIO);
	errno = 0;
	assert_int_equal(audit_sync(audit), FG_ERR_SYSTEM);
	assert_int_equal(errno, EIO);
	assert_int_equal(audit_error(audit), EIO);
	assert_int_equal(syncs, 1);
	write_notes(audit, 1);
	assert_int_equal(audit_error(audit), 0);
	assert_int_equal(syncs, 2);
	line = recovered_at(audit, 2);
	assert_true(audit_whole(audit));
	assert_int_equal(json_get_int(line, "sync_errno", 0), EIO);
	assert_null(json_get(line, "lost"));
	assert_null(json_get(line, "replaced"));
	assert_int_equal(audit_sequence(audit), 4);
	assert_verified(audit);
	json_free(line);
	audit_free(audit);
}

static void
test_records_the_disk_lost_are_counted(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	write_notes(audit, 2);
	assert_int_equal(audit_sync(audit), 0);
	write_notes(audit, 1);
	disk_keeps = size_of(path);
	write_notes(audit, 3);
	fail_sync(audit, ENOSPC);
	write_notes(audit, 1);
	line = recovered_at(audit, 3);
	assert_false(audit_whole(audit));
	assert_int_equal(json_get_int(line, "sync_errno", 0), ENOSPC);
	assert_int_equal(json_get_int(line, "lost", 0), 3);
	assert_null(json_get(line, "replaced"));
	assert_int_equal(json_get_int(line, "seq", 0), 4);
	assert_verified(audit);
	json_free(line);
	audit_free(audit);
}

static void
test_all_that_was_not_synced_may_be_lost(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	disk_keeps = 0;
	write_notes(audit, 2);
	fail_sync(audit, EIO);
	write_notes(audit, 1);
	line = recovered_at(audit, 0);
	assert_int_equal(json_get_int(line, "lost", 0), 2);
	assert_null(json_get(line, "replaced"));
	assert_verified(audit);
	json_free(line);
	audit_free(audit);
}

/* What a sync has confirmed cannot be lost: somebody has taken it. */
static void
test_loss_of_synced_records_shows_as_a_break(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	write_notes(audit, 1);
	disk_keeps = size_of(path);
	write_notes(audit, 1);
	assert_int_equal(audit_sync(audit), 0);
	write_notes(audit, 1);
	fail_sync(audit, EIO);
	write_notes(audit, 1);
	line = recovered_at(audit, 1);
	assert_true(json_get_bool(line, "replaced", false));
	assert_null(json_get(line, "lost"));
	assert_int_equal(json_get_int(line, "seq", 0), 4);
	assert_string_equal(verified(),
	    "line 2: does not follow the line before");
	json_free(line);
	audit_free(audit);
}

static void
test_torn_end_of_a_failed_sync_is_moved_aside(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	write_notes(audit, 1);
	disk_keeps = size_of(path) + 10;
	write_notes(audit, 1);
	fail_sync(audit, EIO);
	write_notes(audit, 1);
	line = recovered_at(audit, 1);
	assert_int_equal(json_get_int(line, "lost", 0), 1);
	assert_int_equal(json_get_int(json_get(line, "torn"), "bytes", 0), 10);
	assert_int_equal(size_of(torn), 10);
	assert_verified(audit);
	json_free(line);
	audit_free(audit);
}

/* The loss that a lost record told of is told again. */
static void
test_loss_is_told_until_it_is_on_the_disk(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	write_notes(audit, 1);
	disk_keeps = size_of(path);
	write_notes(audit, 2);
	sync_errno = EIO;
	assert_int_equal(audit_sync(audit), FG_ERR_SYSTEM);
	assert_int_equal(write_note(audit, "x"), FG_ERR_SYSTEM);
	assert_int_equal(audit_recovered(audit), 0);
	sync_errno = 0;
	monotonic_s++;
	write_notes(audit, 1);
	line = recovered_at(audit, 1);
	assert_int_equal(json_get_int(line, "lost", 0), 3);
	assert_verified(audit);
	json_free(line);
	audit_free(audit);
}

static void
test_failing_disk_is_tried_once_a_second(void **state)
{
	struct audit *audit = opened();
	off_t size;

	(void)state;
	write_notes(audit, 1);
	sync_errno = EIO;
	assert_int_equal(audit_sync(audit), FG_ERR_SYSTEM);
	for (int second = 0; second < 3; second++) {
		assert_int_equal(write_note(audit, "x"), FG_ERR_SYSTEM);
		assert_int_equal(errno, EIO);
		size = size_of(path);
		syncs = 0;
		for (int i = 0; i < 5; i++) {
			errno = 0;
			assert_int_equal(write_note(audit, "x"), FG_ERR_SYSTEM);
			assert_int_equal(errno, EIO);
			assert_int_equal(audit_error(audit), EIO);
		}
		assert_int_equal(size_of(path), size);
		assert_int_equal(syncs, 0);
		monotonic_s++;
	}
	sync_errno = 0;
	write_notes(audit, 1);
	assert_verified(audit);
	audit_free(audit);
}

static void
test_restart_after_a_failed_sync_goes_on(void **state)
{
	struct audit *audit = opened();

	(void)state;
	write_notes(audit, 2);
	fail_sync(audit, EIO);
	audit_free(audit);
	audit = opened();
	write_notes(audit, 1);
	assert_int_equal(audit_sequence(audit), 3);
	assert_verified(audit);
	audit_free(audit);
}

static void
test_removed_file_is_noticed_by_the_next_record(void **state)
{
	struct audit *audit = opened();
	char head[CRYPTO_HEX_SIZE];
	struct json *line;
	struct stat st;

	(void)state;
	write_notes(audit, 3);
	(void)text_format(head, sizeof(head), "%s", audit_head(audit));
	assert_int_equal(unlink(path), 0);
	write_notes(audit, 2);
	assert_false(audit_renamed(audit));
	line = recovered_at(audit, 0);
	assert_false(audit_whole(audit));
	assert_true(json_get_bool(line, "replaced", false));
	assert_int_equal(json_get_int(line, "seq", 0), 4);
	assert_string_equal(json_get_string(line, "prev", ""), head);
	assert_null(json_get(line, "sync_errno"));
	assert_null(json_get(line, "lost"));
	assert_continues(audit, 3, head);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	json_free(line);
	audit_free(audit);
	audit = opened();
	assert_int_equal(audit_sequence(audit), 6);
	write_notes(audit, 1);
	assert_continues(audit, 3, head);
	audit_free(audit);
}

static void
test_file_removed_before_its_first_record(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	assert_int_equal(unlink(path), 0);
	write_notes(audit, 1);
	line = recovered_at(audit, 0);
	assert_int_equal(json_get_int(line, "seq", 0), 1);
	assert_true(json_get_bool(line, "replaced", false));
	assert_verified(audit);
	json_free(line);
	audit_free(audit);
}

/* Both parts together are one chain. */
static void
test_renamed_file_is_noticed_within_a_second(void **state)
{
	struct audit *audit = opened();
	char *first, *second, *both;
	size_t n, m;

	(void)state;
	write_notes(audit, 2);
	assert_int_equal(rename(path, other), 0);
	write_notes(audit, 1);
	assert_int_equal(access(path, F_OK), -1);
	syncs = 0;
	monotonic_s++;
	write_notes(audit, 1);
	assert_int_equal(syncs, 2); /* the old one, and the record */
	assert_true(audit_renamed(audit));
	first = slurp(other, &n);
	second = slurp(path, &m);
	assert_non_null(both = malloc(n + m));
	memcpy(both, first, n);
	memcpy(both + n, second, m);
	spill(path, both, n + m);
	assert_int_equal(audit_sequence(audit), 5);
	assert_verified(audit);
	free(first);
	free(second);
	free(both);
	audit_free(audit);
}

/* As programs that rotate logs do it, or somebody who hides something. */
static void
test_only_an_empty_file_in_its_place_is_a_renaming(void **state)
{
	struct audit *audit = opened();
	char *data;
	size_t n;

	(void)state;
	write_notes(audit, 1);
	data = slurp(path, &n);
	write_notes(audit, 1);
	monotonic_s++;
	assert_int_equal(rename(path, other), 0);
	spill(path, "", 0);
	write_notes(audit, 1);
	assert_true(audit_renamed(audit));
	assert_int_equal(audit_recovered(audit), 3);
	monotonic_s++;
	assert_int_equal(rename(path, other), 0);
	spill(path, data, n);
	write_notes(audit, 1);
	assert_int_equal(audit_recovered(audit), 5);
	assert_false(audit_renamed(audit));
	monotonic_s++;
	assert_int_equal(rename(path, other), 0);
	fail_sync(audit, EIO);
	write_notes(audit, 1);
	assert_false(audit_renamed(audit));
	free(data);
	audit_free(audit);
}

/* As editors and restored copies do it. */
static void
test_equal_file_in_its_place_is_taken_up(void **state)
{
	struct audit *audit = opened();
	struct json *line;
	char *data;
	size_t n;

	(void)state;
	write_notes(audit, 2);
	data = slurp(path, &n);
	spill(other, data, n);
	assert_int_equal(rename(other, path), 0);
	write_notes(audit, 1);
	line = recovered_at(audit, 2);
	assert_true(audit_whole(audit));
	assert_true(json_get_bool(line, "replaced", false));
	assert_verified(audit);
	json_free(line);
	free(data);
	audit_free(audit);
}

static void
test_older_copy_in_its_place_shows_as_a_break(void **state)
{
	struct audit *audit = opened();
	struct json *line;
	char *data;
	size_t n;

	(void)state;
	write_notes(audit, 2);
	data = slurp(path, &n);
	write_notes(audit, 2);
	spill(other, data, n);
	assert_int_equal(rename(other, path), 0);
	write_notes(audit, 1);
	line = recovered_at(audit, 2);
	assert_false(audit_whole(audit));
	assert_true(json_get_bool(line, "replaced", false));
	assert_false(audit_renamed(audit));
	assert_null(json_get(line, "lost"));
	assert_int_equal(json_get_int(line, "seq", 0), 5);
	assert_string_equal(verified(),
	    "line 3: does not follow the line before");
	json_free(line);
	free(data);
	audit_free(audit);
}

static void
test_copy_after_a_failed_sync_shows_as_a_break(void **state)
{
	struct audit *audit = opened();
	char *data;
	size_t n;

	(void)state;
	write_notes(audit, 1);
	data = slurp(path, &n);
	assert_int_equal(audit_sync(audit), 0);
	write_notes(audit, 2);
	assert_int_equal(unlink(path), 0);
	spill(path, data, n);
	fail_sync(audit, EIO);
	write_notes(audit, 1);
	assert_int_equal(audit_sequence(audit), 5);
	assert_int_not_equal(strncmp(verified(), "ok ", 3), 0);
	free(data);
	audit_free(audit);
}

static void
test_emptied_file_continues_visibly(void **state)
{
	struct audit *audit = opened();
	char head[CRYPTO_HEX_SIZE];

	(void)state;
	write_notes(audit, 3);
	(void)text_format(head, sizeof(head), "%s", audit_head(audit));
	assert_int_equal(truncate(path, 0), 0);
	write_notes(audit, 1);
	assert_int_equal(audit_recovered(audit), 4);
	assert_false(audit_whole(audit));
	assert_continues(audit, 3, head);
	audit_free(audit);
}

/* copytruncate at the worst time: the writer has just looked at the file. */
static void
test_file_emptied_behind_the_last_look_is_told(void **state)
{
	struct audit *audit = opened();
	char head[CRYPTO_HEX_SIZE];

	(void)state;
	for (unsigned int look = 1; look <= 2; look++) {
		write_notes(audit, 3);
		(void)text_format(head, sizeof(head), "%s", audit_head(audit));
		assert_int_equal(audit_sync(audit), 0);
		looks_before_cut = look;
		write_notes(audit, 1);
		assert_int_equal(looks_before_cut, 0);
		assert_false(audit_whole(audit));
		assert_int_equal(audit_recovered(audit),
		    audit_sequence(audit) - 1);
		assert_continues(audit, audit_sequence(audit) - 2, head);
	}
	audit_free(audit);
}

static void
test_file_cut_within_a_line_is_told(void **state)
{
	struct audit *audit = opened();
	struct json *line;

	(void)state;
	write_notes(audit, 3);
	assert_int_equal(audit_sync(audit), 0);
	assert_int_equal(truncate(path, size_of(path) - 1), 0);
	write_notes(audit, 1);
	line = recovered_at(audit, 2);
	assert_false(audit_whole(audit));
	assert_true(json_get_bool(line, "replaced", false));
	assert_true(json_get_int(json_get(line, "torn"), "bytes", 0) > 0);
	assert_string_equal(verified(),
	    "line 3: does not follow the line before");
	json_free(line);
	audit_free(audit);
}

/* Fails with r now and within the second, whatever happens to the file. */
static void
assert_fails(struct audit *audit, int r, int error)
{
	for (int i = 0; i < 3; i++) {
		errno = 0;
		assert_int_equal(write_note(audit, "x"), r);
		assert_int_equal(audit_error(audit), error);
	}
	assert_int_equal(audit_sync(audit), FG_ERR_SYSTEM);
	assert_int_equal(audit_error(audit), error);
}

static void
assert_goes_on(struct audit *audit, uint64_t seq, const char *head)
{
	assert_true(write_note(audit, "too early") < 0);
	monotonic_s++;
	write_notes(audit, 1);
	assert_int_equal(audit_error(audit), 0);
	assert_int_equal(audit_recovered(audit), seq + 1);
	assert_continues(audit, seq, head);
}

static void
test_foreign_file_in_its_place_is_left_alone(void **state)
{
	struct audit *audit = opened();
	char head[CRYPTO_HEX_SIZE];
	char *data;
	size_t n;

	(void)state;
	write_notes(audit, 2);
	(void)text_format(head, sizeof(head), "%s", audit_head(audit));
	assert_int_equal(unlink(path), 0);
	spill(path, "not ours\n", 9);
	assert_fails(audit, FG_ERR_FORMAT, EBADMSG);
	monotonic_s++;
	assert_fails(audit, FG_ERR_FORMAT, EBADMSG);
	data = slurp(path, &n);
	assert_string_equal(data, "not ours\n");
	assert_int_equal(unlink(path), 0);
	assert_goes_on(audit, 2, head);
	free(data);
	audit_free(audit);
}

static void
test_link_in_its_place_is_not_followed(void **state)
{
	struct audit *audit = opened();
	char head[CRYPTO_HEX_SIZE];

	(void)state;
	write_notes(audit, 2);
	(void)text_format(head, sizeof(head), "%s", audit_head(audit));
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	monotonic_s++;
	assert_fails(audit, FG_ERR_UNSAFE, EPERM);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(link(other, path), 0);
	monotonic_s++;
	assert_fails(audit, FG_ERR_UNSAFE, EPERM);
	assert_int_equal(unlink(path), 0);
	assert_goes_on(audit, 2, head);
	audit_free(audit);
}

static void
test_file_of_another_writer_is_not_shared(void **state)
{
	struct audit *audit = opened(), *second;
	char head[CRYPTO_HEX_SIZE];

	(void)state;
	write_notes(audit, 2);
	(void)text_format(head, sizeof(head), "%s", audit_head(audit));
	assert_int_equal(unlink(path), 0);
	second = opened();
	write_notes(second, 1);
	assert_fails(audit, FG_ERR_BUSY, EBUSY);
	assert_verified(second);
	assert_int_equal(unlink(path), 0);
	assert_goes_on(audit, 2, head);
	audit_free(second);
	audit_free(audit);
}

static void
test_lock_is_held_again_after_reopening(void **state)
{
	struct audit *audit = opened(), *second;

	(void)state;
	write_notes(audit, 1);
	fail_sync(audit, EIO);
	write_notes(audit, 1);
	assert_int_equal(audit_open(path, &second), FG_ERR_BUSY);
	assert_int_equal(unlink(path), 0);
	write_notes(audit, 1);
	assert_int_equal(audit_open(path, &second), FG_ERR_BUSY);
	audit_free(audit);
}

static void
test_folder_may_be_gone_and_come_back(void **state)
{
	struct audit *audit = opened();
	struct json *line;
	char away[96];

	(void)state;
	(void)text_format(away, sizeof(away), "%s.away", folder);
	write_notes(audit, 2);
	assert_int_equal(rename(folder, away), 0);
	write_notes(audit, 1); /* within the second */
	for (int second = 0; second < 3; second++) {
		monotonic_s++;
		assert_fails(audit, FG_ERR_SYSTEM, ENOENT);
	}
	assert_int_equal(rename(away, folder), 0);
	assert_int_equal(write_note(audit, "too early"), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	monotonic_s++;
	write_notes(audit, 1);
	line = recovered_at(audit, 3);
	assert_true(audit_whole(audit));
	assert_true(json_get_bool(line, "replaced", false));
	assert_int_equal(audit_sequence(audit), 5);
	assert_verified(audit);
	json_free(line);
	audit_free(audit);
}

static void
test_folder_may_be_made_anew(void **state)
{
	struct audit *audit = opened();
	char head[CRYPTO_HEX_SIZE];

	(void)state;
	write_notes(audit, 2);
	(void)text_format(head, sizeof(head), "%s", audit_head(audit));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_fails(audit, FG_ERR_SYSTEM, ENOENT);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_goes_on(audit, 2, head);
	audit_free(audit);
}

static void
test_nothing_is_leaked_by_many_reopenings(void **state)
{
	struct audit *audit = opened();
	int fd, before;

	(void)state;
	before = dup(0);
	assert_int_not_equal(before, -1);
	close(before);
	for (int i = 0; i < 50; i++) {
		write_notes(audit, 1);
		fail_sync(audit, EIO);
		write_notes(audit, 1);
		assert_int_equal(unlink(path), 0);
		write_notes(audit, 1);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(mkdir(path, 0700), 0);
		assert_fails(audit, FG_ERR_UNSAFE, EPERM);
		assert_int_equal(rmdir(path), 0);
		monotonic_s++;
	}
	write_notes(audit, 1);
	fd = dup(0);
	assert_int_equal(fd, before);
	close(fd);
	audit_free(audit);
}

static void
test_cut_off_beginning_is_no_continuation(void **state)
{
	struct audit *audit = opened();
	char *data, *rest;
	size_t n;

	(void)state;
	write_notes(audit, 3);
	data = slurp(path, &n);
	rest = strchr(data, '\n') + 1;
	spill(path, rest, n - (size_t)(rest - data));
	assert_string_equal(verified(),
	    "line 1: the records before it are missing");
	free(data);
	audit_free(audit);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		REOPEN_TEST(test_failed_sync_is_not_tried_again_but_read_back),
		REOPEN_TEST(test_records_the_disk_lost_are_counted),
		REOPEN_TEST(test_all_that_was_not_synced_may_be_lost),
		REOPEN_TEST(test_loss_of_synced_records_shows_as_a_break),
		REOPEN_TEST(test_torn_end_of_a_failed_sync_is_moved_aside),
		REOPEN_TEST(test_loss_is_told_until_it_is_on_the_disk),
		REOPEN_TEST(test_failing_disk_is_tried_once_a_second),
		REOPEN_TEST(test_restart_after_a_failed_sync_goes_on),
		REOPEN_TEST(test_removed_file_is_noticed_by_the_next_record),
		REOPEN_TEST(test_file_removed_before_its_first_record),
		REOPEN_TEST(test_renamed_file_is_noticed_within_a_second),
		REOPEN_TEST(test_only_an_empty_file_in_its_place_is_a_renaming),
		REOPEN_TEST(test_equal_file_in_its_place_is_taken_up),
		REOPEN_TEST(test_older_copy_in_its_place_shows_as_a_break),
		REOPEN_TEST(test_copy_after_a_failed_sync_shows_as_a_break),
		REOPEN_TEST(test_emptied_file_continues_visibly),
		REOPEN_TEST(test_file_emptied_behind_the_last_look_is_told),
		REOPEN_TEST(test_file_cut_within_a_line_is_told),
		REOPEN_TEST(test_foreign_file_in_its_place_is_left_alone),
		REOPEN_TEST(test_link_in_its_place_is_not_followed),
		REOPEN_TEST(test_file_of_another_writer_is_not_shared),
		REOPEN_TEST(test_lock_is_held_again_after_reopening),
		REOPEN_TEST(test_folder_may_be_gone_and_come_back),
		REOPEN_TEST(test_folder_may_be_made_anew),
		REOPEN_TEST(test_nothing_is_leaked_by_many_reopenings),
		REOPEN_TEST(test_cut_off_beginning_is_no_continuation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
