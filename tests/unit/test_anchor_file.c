/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where anchors are kept, and the key that signs them: files that others may
 * take away, fill up or spoil while the daemon runs.
 */
#include "policyd/audit/anchor_file.h"

#include <sys/resource.h>

#include <signal.h>

#include "policyd/audit/anchor.h"
#include "policyd/audit/audit_key.h"
#include "tests/unit/storing.h"

static char why[AUDIT_KEY_WHY_SIZE];

static const char *
kept(void)
{
	static char text[4096];
	int fd = open(in_folder("anchors"), O_RDONLY);
	ssize_t n;

	assert_int_not_equal(fd, -1);
	assert_true((n = read(fd, text, sizeof(text) - 1)) >= 0);
	text[n] = '\0';
	assert_int_equal(close(fd), 0);
	return text;
}

static struct anchor_file *
opened(void)
{
	struct anchor_file *file;

	assert_int_equal(anchor_file_new(in_folder("anchors"), &file), 0);
	return file;
}

static void
lines_are_appended(void **state)
{
	struct anchor_file *file = opened();
	struct stat st;

	(void)state;
	assert_string_equal(kept(), "");
	assert_int_equal(stat(in_folder("anchors"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(anchor_file_add(file, "one"), 0);
	anchor_file_free(file);
	file = opened();
	assert_int_equal(anchor_file_add(file, "two"), 0);
	assert_string_equal(kept(), "one\ntwo\n");
	anchor_file_free(file);
}

static void
one_that_is_gone_is_made_anew(void **state)
{
	struct anchor_file *file = opened();

	(void)state;
	assert_int_equal(anchor_file_add(file, "one"), 0);
	assert_int_equal(unlink(in_folder("anchors")), 0);
	assert_int_equal(anchor_file_add(file, "two"), 0);
	assert_string_equal(kept(), "two\n");
	assert_int_equal(rename(in_folder("anchors"), in_folder("old")), 0);
	assert_int_equal(anchor_file_add(file, "three"), 0);
	assert_string_equal(kept(), "three\n");
	anchor_file_free(file);
}

/* With its disk, and it comes back. */
static void
a_folder_that_is_away_is_tried_again(void **state)
{
	struct anchor_file *file;
	char path[128];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s", in_folder("disk/anchors"));
	assert_int_equal(anchor_file_new(path, &file), 0);
	assert_int_equal(anchor_file_add(file, "one"), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(mkdir(in_folder("disk"), 0700), 0);
	assert_int_equal(anchor_file_add(file, "two"), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(in_folder("disk")), 0);
	assert_int_equal(anchor_file_add(file, "three"), FG_ERR_SYSTEM);
	anchor_file_free(file);
}

static void
set_limit(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* At each byte: the next line is one of its own, also of another daemon. */
static void
what_did_not_fit_ends_before_the_next(void **state)
{
	struct anchor_file *file;

	(void)state;
	(void)signal(SIGXFSZ, SIG_IGN);
	for (rlim_t n = 4; n < 8; n++) {
		file = opened();
		assert_int_equal(anchor_file_add(file, "one"), 0);
		set_limit(n);
		assert_int_equal(anchor_file_add(file, "two"), FG_ERR_SYSTEM);
		assert_int_equal(errno, n == 4 ? EFBIG : ENOSPC);
		set_limit(RLIM_INFINITY);
		if (n % 2 == 0) {
			anchor_file_free(file);
			file = opened();
		}
		assert_int_equal(anchor_file_add(file, "three"), 0);
		assert_string_equal(kept() + strlen(kept()) - 7, "\nthree\n");
		anchor_file_free(file);
		assert_int_equal(unlink(in_folder("anchors")), 0);
	}
}

static void
only_a_file_of_its_own_is_written_to(void **state)
{
	struct anchor_file *file;

	(void)state;
	assert_int_equal(symlink("/dev/null", in_folder("anchors")), 0);
	file = opened();
	assert_int_equal(anchor_file_add(file, "one"), FG_ERR_UNSAFE);
	assert_int_equal(unlink(in_folder("anchors")), 0);
	assert_int_equal(anchor_file_add(file, "one"), 0);
	assert_int_equal(chmod(in_folder("anchors"), 0666), 0);
	anchor_file_free(file);
	file = opened();
	assert_int_equal(anchor_file_add(file, "two"), FG_ERR_UNSAFE);
	assert_string_equal(kept(), "one\n");
	anchor_file_free(file);
}

/* ---- the key ------------------------------------------------------------ */

static void
the_key_is_made_once(void **state)
{
	uint8_t public[CRYPTO_KEY_SIZE];
	struct key_file *key;
	bool is_new;
	struct stat st;

	(void)state;
	assert_int_equal(audit_key_open(folder, &key, &is_new, why), 0);
	assert_true(is_new);
	memcpy(public, key_file_public(key), sizeof(public));
	key_file_free(key);
	assert_int_equal(stat(in_folder(AUDIT_KEY_FILE), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(audit_key_open(folder, &key, &is_new, why), 0);
	assert_false(is_new);
	assert_memory_equal(key_file_public(key), public, sizeof(public));
	key_file_free(key);
}

static void
assert_refused(int want)
{
	struct key_file *key;
	bool is_new;

	assert_int_equal(audit_key_open(folder, &key, &is_new, why), want);
	assert_null(key);
	assert_non_null(strstr(why, AUDIT_KEY_FILE));
	key_file_free(key);
}

static void
a_key_that_is_none_is_not_replaced(void **state)
{
	struct key_file *key;
	bool is_new;
	struct stat st;

	(void)state;
	assert_int_equal(audit_key_open(folder, &key, &is_new, why), 0);
	key_file_free(key);
	assert_int_equal(chmod(in_folder(AUDIT_KEY_FILE), 0640), 0);
	assert_refused(FG_ERR_UNSAFE);
	assert_int_equal(chmod(in_folder(AUDIT_KEY_FILE), 0600), 0);
	assert_int_equal(truncate(in_folder(AUDIT_KEY_FILE), 9), 0);
	assert_refused(FG_ERR_FORMAT);
	assert_int_equal(stat(in_folder(AUDIT_KEY_FILE), &st), 0);
	assert_int_equal(truncate(in_folder(AUDIT_KEY_FILE), 75), 0);
	assert_refused(FG_ERR_FORMAT);
}

#define IN_FOLDER(f) \
	cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(lines_are_appended),
		IN_FOLDER(one_that_is_gone_is_made_anew),
		IN_FOLDER(a_folder_that_is_away_is_tried_again),
		IN_FOLDER(what_did_not_fit_ends_before_the_next),
		IN_FOLDER(only_a_file_of_its_own_is_written_to),
		IN_FOLDER(the_key_is_made_once),
		IN_FOLDER(a_key_that_is_none_is_not_replaced),
	};

	return crypto_init() != 0 ||
	    cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
