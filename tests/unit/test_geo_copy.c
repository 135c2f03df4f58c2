/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies of databases: what becomes of the original changes nothing that was
 * opened, what changed is copied anew, and nothing in the folder is believed
 * that is not whole and our own.
 */
#include "policyd/geo/copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "policyd/log.h"
#include "policyd/privilege/sandbox.h"
#include "proto/result.h"
#include "tests/unit/child.h"

#define PATH_SIZE 192u

static char fixtures[] = "/tmp/farmgate-copies-XXXXXX";
static char base[64], original[PATH_SIZE], other[PATH_SIZE], store[PATH_SIZE];
static struct conf_errors errors;

/* ---- files ------------------------------------------------------------ */

static const char *
fixture(const char *name)
{
	static char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s/%s", fixtures, name);
	return path;
}

static size_t
read_file(const char *path, char **ret_data)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	char *data;

	if (f == NULL || fstat(fileno(f), &st) != 0 ||
	    (data = malloc((size_t)st.st_size + 1)) == NULL ||
	    fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		abort();
	(void)fclose(f);
	*ret_data = data;
	return (size_t)st.st_size;
}

/* In place: the file stays the same one. */
static void
overwrite(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd == -1 || write(fd, data, len) != (ssize_t)len || close(fd) != 0)
		abort();
}

static void
copy_fixture(const char *name, const char *path)
{
	char *data;
	size_t len = read_file(fixture(name), &data);

	overwrite(path, data, len);
	free(data);
}

/* How many names in the folder end like this. */
static unsigned int
count(const char *suffix)
{
	struct dirent *e;
	unsigned int n = 0;
	size_t len;
	DIR *d;

	if ((d = opendir(store)) == NULL)
		return 0;
	while ((e = readdir(d)) != NULL) {
		len = strlen(e->d_name);
		n += len > strlen(suffix) &&
		    strcmp(e->d_name + len - strlen(suffix), suffix) == 0;
	}
	(void)closedir(d);
	return n;
}

/* The only one that ends like this. */
static const char *
only(const char *suffix)
{
	static char path[PATH_SIZE * 2];
	struct dirent *e;
	size_t len;
	DIR *d;

	assert_int_equal(count(suffix), 1);
	assert_non_null(d = opendir(store));
	while ((e = readdir(d)) != NULL) {
		len = strlen(e->d_name);
		if (len > strlen(suffix) &&
		    strcmp(e->d_name + len - strlen(suffix), suffix) == 0)
			(void)snprintf(path, sizeof(path), "%s/%.128s", store,
			    e->d_name);
	}
	(void)closedir(d);
	return path;
}

static void
clear_store(void)
{
	struct dirent *e;
	char path[PATH_SIZE * 2];
	DIR *d;

	if ((d = opendir(store)) == NULL)
		return;
	while ((e = readdir(d)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%.128s", store,
		    e->d_name);
		(void)unlink(path);
	}
	(void)closedir(d);
	(void)rmdir(store);
}

/* ---- opening ---------------------------------------------------------- */

static int
try_open(const char *path, bool wait, struct geo_copy *copy)
{
	conf_errors_done(&errors);
	return geo_copy_open(path, store, wait, copy, &errors);
}

static void
open_copy(const char *path, bool wait, struct geo_copy *copy)
{
	assert_int_equal(try_open(path, wait, copy), 0);
	assert_int_equal(errors.count, 0);
	assert_true(copy->fd >= 0);
	assert_non_null(copy->data);
}

static void
expect(const char *path, bool wait, int want)
{
	struct geo_copy copy;

	assert_int_equal(try_open(path, wait, &copy), want);
	assert_int_equal(errors.count, want == FG_ERR_CONFIG);
	assert_int_equal(copy.fd == -1, want != 0);
	geo_copy_close(&copy);
}

static void
assert_said(const char *text)
{
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.list[0].file, original);
	if (strstr(errors.list[0].text, text) == NULL)
		fail_msg("%s", errors.list[0].text);
	assert_non_null(strstr(errors.list[0].text, "; "));
}

static void
assert_is(const struct geo_copy *copy, const char *name)
{
	char *data, hash[CRYPTO_HEX_SIZE];
	size_t len = read_file(fixture(name), &data);

	assert_int_equal(copy->len, len);
	assert_memory_equal(copy->data, data, len);
	crypto_sha256_hex(data, len, hash);
	assert_string_equal(copy->hash, hash);
	assert_true(copy->layout.nodes > 0 && copy->layout.records > 0);
	free(data);
}

/* ---- the tests -------------------------------------------------------- */

static void
test_without_a_folder_the_copy_is_in_memory(void **state)
{
	struct geo_copy copy;

	(void)state;
	assert_int_equal(geo_copy_open(original, NULL, true, &copy, &errors),
	    0);
	assert_is(&copy, "nested24.mmdb");
	assert_int_equal(truncate(original, 0), 0);
	assert_is(&copy, "nested24.mmdb");
	assert_int_equal(ftruncate(copy.fd, 0), -1);
	geo_copy_close(&copy);
	assert_int_equal(access(store, F_OK), -1);
}

static void
test_a_copy_is_a_file_named_by_its_hash(void **state)
{
	struct geo_copy copy;
	struct stat st;

	(void)state;
	open_copy(original, true, &copy);
	assert_is(&copy, "nested24.mmdb");
	assert_int_equal(stat(store, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(only(".mmdb"), &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	assert_non_null(strstr(only(".mmdb"), copy.hash));
	assert_int_equal(count(".from"), 1);
	assert_int_equal(count(".new"), 0);
	geo_copy_close(&copy);
}

static void
test_without_waiting_nothing_is_copied(void **state)
{
	(void)state;
	expect(original, false, FG_ERR_BUSY);
	assert_int_equal(access(store, F_OK), -1);
	expect(original, true, 0);
	expect(original, false, 0);
}

static void
test_the_same_copy_is_mapped_again(void **state)
{
	struct geo_copy first, again;
	struct stat a, b;

	(void)state;
	open_copy(original, true, &first);
	open_copy(original, true, &again);
	assert_is(&again, "nested24.mmdb");
	assert_int_equal(fstat(first.fd, &a), 0);
	assert_int_equal(fstat(again.fd, &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	assert_memory_equal(&first.layout, &again.layout, sizeof(first.layout));
	geo_copy_close(&first);
	geo_copy_close(&again);
}

static void
test_GEO_01_truncating_the_original_changes_nothing(void **state)
{
	struct geo_copy copy;
	struct stat st;
	off_t size;

	(void)state;
	open_copy(original, true, &copy);
	assert_int_equal(stat(original, &st), 0);
	for (size = st.st_size - 1; size > 0; size /= 2) {
		assert_int_equal(truncate(original, size), 0);
		assert_is(&copy, "nested24.mmdb");
	}
	expect(original, false, FG_ERR_BUSY);
	geo_copy_close(&copy);
}

static void
test_GEO_03_overwriting_the_original_changes_nothing(void **state)
{
	struct geo_copy copy, next;

	(void)state;
	open_copy(original, true, &copy);
	copy_fixture("nested28.mmdb", original);
	assert_is(&copy, "nested24.mmdb");
	expect(original, false, FG_ERR_BUSY);
	open_copy(original, true, &next);
	assert_is(&next, "nested28.mmdb");
	assert_is(&copy, "nested24.mmdb");
	assert_int_equal(count(".mmdb"), 2);
	assert_int_equal(count(".from"), 1);
	geo_copy_close(&copy);
	geo_copy_close(&next);
}

/* As the same bytes, the same size and the same time of change. */
static void
test_a_write_that_keeps_size_and_mtime_is_noticed(void **state)
{
	struct timespec times[2];
	struct stat st;
	char *data;
	size_t len;

	(void)state;
	expect(original, true, 0);
	assert_int_equal(stat(original, &st), 0);
	len = read_file(original, &data);
	overwrite(original, data, len);
	free(data);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, original, times, 0), 0);
	expect(original, false, FG_ERR_BUSY);
}

static void
test_GEO_02_a_file_moved_over_is_copied_anew(void **state)
{
	struct geo_copy copy;

	(void)state;
	expect(original, true, 0);
	copy_fixture("nested32.mmdb", other);
	assert_int_equal(rename(other, original), 0);
	expect(original, false, FG_ERR_BUSY);
	open_copy(original, true, &copy);
	assert_is(&copy, "nested32.mmdb");
	geo_copy_close(&copy);
}

static void
test_a_file_that_is_no_database_is_refused_and_remembered(void **state)
{
	(void)state;
	overwrite(original, "no database at all", 18);
	expect(original, false, FG_ERR_BUSY);
	expect(original, true, FG_ERR_CONFIG);
	assert_said("cannot be used: ");
	assert_int_equal(count(".mmdb"), 0);
	assert_int_equal(count(".new"), 0);
	expect(original, false, FG_ERR_CONFIG);
	assert_said("cannot be used: ");
	copy_fixture("nested24.mmdb", original);
	expect(original, false, FG_ERR_BUSY);
	expect(original, true, 0);
}

static void
test_a_missing_or_odd_file_is_told_of_at_once(void **state)
{
	(void)state;
	overwrite(original, "", 0);
	expect(original, false, FG_ERR_CONFIG);
	assert_said("cannot be read: it is empty");
	assert_int_equal(chmod(original, 0666), 0);
	expect(original, false, FG_ERR_CONFIG);
	assert_int_equal(unlink(original), 0);
	expect(original, false, FG_ERR_CONFIG);
	assert_said("cannot be read: No such file");
	assert_said("get one with farmgate-geodata");
	assert_int_equal(mkfifo(original, 0600), 0);
	expect(original, true, FG_ERR_CONFIG);
	assert_int_equal(unlink(original), 0);
	assert_int_equal(mkdir(original, 0700), 0);
	expect(original, true, FG_ERR_CONFIG);
	assert_int_equal(rmdir(original), 0);
	assert_int_equal(access(store, F_OK), -1);
}

static void
test_a_half_written_note_is_not_believed(void **state)
{
	char *note;
	size_t cut, len;

	(void)state;
	expect(original, true, 0);
	len = read_file(only(".from"), &note);
	for (cut = 0; cut < len; cut += 37) {
		overwrite(only(".from"), note, cut);
		expect(original, false, FG_ERR_BUSY);
	}
	overwrite(only(".from"), note, len);
	expect(original, false, 0);
	free(note);
}

static void
test_a_changed_note_is_not_believed(void **state)
{
	char *note;
	size_t at, len;

	(void)state;
	expect(original, true, 0);
	len = read_file(only(".from"), &note);
	for (at = 0; at < len; at += 7) {
		note[at] ^= 0x41;
		overwrite(only(".from"), note, len);
		expect(original, false, FG_ERR_BUSY);
		note[at] ^= 0x41;
	}
	free(note);
}

static void
test_a_note_with_a_tail_is_not_believed(void **state)
{
	char *note;
	size_t len;

	(void)state;
	expect(original, true, 0);
	len = read_file(only(".from"), &note);
	note[len] = 'x';
	overwrite(only(".from"), note, len + 1);
	expect(original, false, FG_ERR_BUSY);
	free(note);
}

static void
test_a_copy_that_was_touched_is_made_again(void **state)
{
	struct geo_copy copy;
	struct stat st;

	(void)state;
	expect(original, true, 0);
	assert_int_equal(stat(only(".mmdb"), &st), 0);
	assert_int_equal(truncate(only(".mmdb"), st.st_size / 2), 0);
	expect(original, false, FG_ERR_BUSY);
	open_copy(original, true, &copy);
	assert_is(&copy, "nested24.mmdb");
	geo_copy_close(&copy);
	copy_fixture("nested28.mmdb", only(".mmdb"));
	expect(original, false, FG_ERR_BUSY);
	open_copy(original, true, &copy);
	assert_is(&copy, "nested24.mmdb");
	geo_copy_close(&copy);
	assert_int_equal(unlink(only(".mmdb")), 0);
	expect(original, false, FG_ERR_BUSY);
	expect(original, true, 0);
}

static void
test_a_copy_that_is_a_link_is_not_followed(void **state)
{
	char name[PATH_SIZE * 2];

	(void)state;
	expect(original, true, 0);
	(void)snprintf(name, sizeof(name), "%s", only(".mmdb"));
	assert_int_equal(rename(name, other), 0);
	assert_int_equal(symlink(other, name), 0);
	expect(original, false, FG_ERR_BUSY);
}

static void
test_what_a_crash_left_is_in_nobodys_way(void **state)
{
	char name[PATH_SIZE * 2];

	(void)state;
	assert_int_equal(mkdir(store, 0700), 0);
	(void)snprintf(name, sizeof(name), "%s/.new", store);
	overwrite(name, "half", 4);
	(void)snprintf(name, sizeof(name), "%s/.new.from", store);
	overwrite(name, "half", 4);
	expect(original, true, 0);
	assert_int_equal(count(".mmdb"), 1);
	assert_int_equal(count("new"), 0);
	assert_int_equal(count("new.from"), 0);
}

static void
test_two_names_of_one_content_have_one_copy(void **state)
{
	(void)state;
	copy_fixture("nested24.mmdb", other);
	expect(original, true, 0);
	expect(other, true, 0);
	expect(original, false, 0);
	expect(other, false, 0);
	assert_int_equal(count(".mmdb"), 1);
	assert_int_equal(count(".from"), 2);
}

static void
test_cleaning_leaves_what_is_in_use(void **state)
{
	struct geo_copy a, b;
	char keep[1][CONF_HASH_SIZE], name[PATH_SIZE * 2];

	(void)state;
	copy_fixture("nested32.mmdb", other);
	open_copy(original, true, &a);
	open_copy(other, true, &b);
	(void)snprintf(name, sizeof(name), "%s/.new", store);
	overwrite(name, "half", 4);
	(void)snprintf(keep[0], sizeof(keep[0]), "%s", a.hash);
	geo_copy_clean(store, (const char(*)[CONF_HASH_SIZE])keep, 1);
	assert_int_equal(count(".mmdb"), 1);
	assert_int_equal(count(".from"), 1);
	assert_int_equal(count("new"), 0);
	/* What is mapped stays readable without a name. */
	assert_is(&b, "nested32.mmdb");
	expect(original, false, 0);
	expect(other, false, FG_ERR_BUSY);
	geo_copy_clean(store, NULL, 0);
	assert_int_equal(count(".mmdb"), 0);
	assert_int_equal(count(".from"), 0);
	assert_is(&a, "nested24.mmdb");
	geo_copy_clean("/nonexistent/folder", NULL, 0);
	geo_copy_close(&a);
	geo_copy_close(&b);
}

static int
make(const char *path)
{
	conf_errors_done(&errors);
	return geo_copy_make(path, store, &errors);
}

static void
test_a_worker_makes_what_the_loop_maps(void **state)
{
	(void)state;
	assert_int_equal(make(original), 0);
	assert_int_equal(make(original), 0);
	expect(original, false, 0);
	overwrite(original, "no database", 11);
	assert_int_equal(make(original), 0);
	assert_int_equal(errors.count, 0);
	expect(original, false, FG_ERR_CONFIG);
	assert_int_equal(unlink(original), 0);
	assert_int_equal(make(original), 0);
	assert_int_equal(errors.count, 0);
	expect(original, false, FG_ERR_CONFIG);
}

/* A folder that somebody else could write to is as bad as the original. */
static void
refuse_folder(void)
{
	struct geo_copy copy;

	assert_int_equal(make(original), FG_ERR_CONFIG);
	assert_said("cannot be copied to ");
	expect(original, false, FG_ERR_BUSY);
	assert_int_equal(try_open(original, true, &copy), 0);
	assert_said("is held in memory: it cannot be copied to ");
	assert_is(&copy, "nested24.mmdb");
	geo_copy_close(&copy);
}

static void
test_DB_08_a_folder_that_is_not_our_own_is_not_used(void **state)
{
	(void)state;
	assert_int_equal(mkdir(store, 0700), 0);
	assert_int_equal(chmod(store, 0750), 0);
	refuse_folder();
	assert_int_equal(rmdir(store), 0);
	assert_int_equal(symlink(base, store), 0);
	refuse_folder();
	assert_int_equal(unlink(store), 0);
	overwrite(store, "x", 1);
	refuse_folder();
	assert_int_equal(unlink(store), 0);
}

/* In a child with a mount of its own: room for a page. */
static void
fill_the_disk(void *arg)
{
	struct geo_copy copy;

	(void)arg;
	CHECK(unshare(CLONE_NEWNS) == 0);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mkdir(store, 0700) == 0);
	CHECK(mount("none", store, "tmpfs", 0, "size=4k,mode=0700") == 0);
	CHECK(make(original) == FG_ERR_CONFIG);
	CHECK(strstr(errors.list[0].text, "No space left") != NULL);
	CHECK(try_open(original, false, &copy) == FG_ERR_BUSY);
	CHECK(try_open(original, true, &copy) == 0);
	CHECK(errors.count == 1);
	CHECK(strstr(errors.list[0].text, "is held in memory") != NULL);
	CHECK(copy.len > 0 && copy.data != NULL);
	geo_copy_close(&copy);
	CHECK(count("from") == 0 && count("new") == 0);
	CHECK(mount("none", store, "tmpfs", MS_REMOUNT, "size=1m,mode=0700") ==
	    0);
	CHECK(make(original) == 0);
	CHECK(try_open(original, false, &copy) == 0);
	geo_copy_close(&copy);
}

static void
test_DMN_06_on_a_full_disk_memory_does_as_well(void **state)
{
	(void)state;
	needs_root();
	child_passes(fill_the_disk, NULL);
	assert_int_equal(rmdir(store), 0);
}

static void
make_confined(void *arg)
{
	struct geo_copy copy;

	(void)arg;
	CHECK(sandbox_apply(SANDBOX_DECIDER, SANDBOX_KILL) == 0);
	CHECK(make(original) == 0);
	CHECK(try_open(original, false, &copy) == 0);
	geo_copy_close(&copy);
	geo_copy_clean(store, NULL, 0);
	CHECK(try_open(original, false, &copy) == FG_ERR_BUSY);
	CHECK(try_open(original, true, &copy) == 0);
	geo_copy_close(&copy);
}

static void
test_copies_are_made_within_the_deciders_filter(void **state)
{
	(void)state;
	child_passes(make_confined, NULL);
}

/* ---- set-up ----------------------------------------------------------- */

static int
set_up(void **state)
{
	(void)state;
	(void)snprintf(base, sizeof(base), "%s/t", fixtures);
	(void)snprintf(original, sizeof(original), "%s/original", base);
	(void)snprintf(other, sizeof(other), "%s/other", base);
	(void)snprintf(store, sizeof(store), "%s/store", base);
	if (mkdir(base, 0755) != 0)
		return 1;
	copy_fixture("nested24.mmdb", original);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	conf_errors_done(&errors);
	clear_store();
	(void)unlink(original);
	(void)unlink(other);
	return rmdir(base);
}

static int
make_fixtures(void **state)
{
	char command[PATH_SIZE];

	(void)state;
	if (crypto_init() != 0 || mkdtemp(fixtures) == NULL ||
	    chmod(fixtures, 0755) != 0)
		return 1;
	(void)snprintf(command, sizeof(command),
	    "perl tests/fixtures/mmdb.pl %s", fixtures);
	return system(command);
}

static int
remove_fixtures(void **state)
{
	char command[PATH_SIZE];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s", fixtures);
	return system(command);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_without_a_folder_the_copy_is_in_memory),
		TEST(test_a_copy_is_a_file_named_by_its_hash),
		TEST(test_without_waiting_nothing_is_copied),
		TEST(test_the_same_copy_is_mapped_again),
		TEST(test_GEO_01_truncating_the_original_changes_nothing),
		TEST(test_GEO_03_overwriting_the_original_changes_nothing),
		TEST(test_a_write_that_keeps_size_and_mtime_is_noticed),
		TEST(test_GEO_02_a_file_moved_over_is_copied_anew),
		TEST(test_a_file_that_is_no_database_is_refused_and_remembered),
		TEST(test_a_missing_or_odd_file_is_told_of_at_once),
		TEST(test_a_half_written_note_is_not_believed),
		TEST(test_a_changed_note_is_not_believed),
		TEST(test_a_note_with_a_tail_is_not_believed),
		TEST(test_a_copy_that_was_touched_is_made_again),
		TEST(test_a_copy_that_is_a_link_is_not_followed),
		TEST(test_what_a_crash_left_is_in_nobodys_way),
		TEST(test_two_names_of_one_content_have_one_copy),
		TEST(test_cleaning_leaves_what_is_in_use),
		TEST(test_a_worker_makes_what_the_loop_maps),
		TEST(test_DB_08_a_folder_that_is_not_our_own_is_not_used),
		TEST(test_DMN_06_on_a_full_disk_memory_does_as_well),
		TEST(test_copies_are_made_within_the_deciders_filter),
	};

	log_init("test_geo_copy", false);
	return cmocka_run_group_tests(tests, make_fixtures, remove_fixtures);
}
