/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations that were in force: each is kept once, by its hash, and what
 * cannot be kept keeps nobody out.
 */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "policyd/policies.h"
#include "policyd/text.h"
#include "proto/result.h"

static char folder[] = "/tmp/farmgate-policies.XXXXXX";

static void
policy(struct conf *conf, char *text)
{
	memset(conf, 0, sizeof(*conf));
	conf->state = folder;
	conf->text = text;
	conf->len = strlen(text);
	crypto_sha256_hex(text, conf->len, conf->hash);
}

/* What is in the file of that hash, or "" if there is none. */
static const char *
kept(const struct conf *conf)
{
	static char bytes[256];
	char path[PATH_MAX];
	ssize_t n = 0;
	int fd;

	assert_int_equal(policies_path(conf, conf->hash, path, sizeof(path)),
	    0);
	if ((fd = open(path, O_RDONLY)) >= 0) {
		n = read(fd, bytes, sizeof(bytes) - 1);
		assert_true(n >= 0);
		assert_int_equal(close(fd), 0);
	}
	bytes[n] = '\0';
	return bytes;
}

static void
each_text_is_kept_once(void **state)
{
	char first[] = "mode = observe\n", second[] = "mode = enforce\n";
	char path[PATH_MAX];
	struct stat st, again;
	struct conf a, b;

	(void)state;
	policy(&a, first);
	policy(&b, second);
	policies_open(&a);
	assert_string_equal(kept(&a), first);
	assert_string_equal(kept(&b), "");
	policies_keep(&b);
	assert_string_equal(kept(&b), second);
	assert_int_equal(policies_path(&a, a.hash, path, sizeof(path)), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	policies_keep(&a);
	policies_open(&a);
	assert_int_equal(stat(path, &again), 0);
	assert_true(st.st_ino == again.st_ino);
	assert_string_equal(kept(&a), first);
	/* nothing of another name is left */
	assert_int_equal(text_format(path, sizeof(path),
			     "%s/" POLICIES_FOLDER "/fresh", folder),
	    0);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void
spoil(const struct conf *conf, const char *bytes)
{
	char path[PATH_MAX];
	FILE *f;

	assert_int_equal(policies_path(conf, conf->hash, path, sizeof(path)),
	    0);
	assert_non_null(f = fopen(path, "w"));
	assert_true(fputs(bytes, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* Of the same length or another, or what is no file of the daemon's at all. */
static void
a_text_that_was_spoilt_is_written_anew(void **state)
{
	char text[] = "mode = enforce # whole\n", path[PATH_MAX];
	struct stat st;
	struct conf conf;

	(void)state;
	policy(&conf, text);
	policies_open(&conf);
	spoil(&conf, "mode = observe # whole\n");
	policies_keep(&conf);
	assert_string_equal(kept(&conf), text);
	spoil(&conf, "");
	policies_open(&conf);
	assert_string_equal(kept(&conf), text);
	assert_int_equal(policies_path(&conf, conf.hash, path, sizeof(path)),
	    0);
	assert_int_equal(chmod(path, 0666), 0);
	policies_keep(&conf);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/zero", path), 0);
	policies_keep(&conf);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_string_equal(kept(&conf), text);
	/* What cannot be removed is left, and nobody is kept out. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	policies_keep(&conf);
	assert_int_equal(rmdir(path), 0);
}

static void
what_cannot_be_kept_is_no_failure(void **state)
{
	char text[] = "mode = observe # elsewhere\n",
	     nowhere[] = "/nonexistent";
	struct conf conf;

	(void)state;
	policy(&conf, text);
	conf.state = nowhere;
	policies_open(&conf);
	policies_keep(&conf);
	assert_string_equal(kept(&conf), "");
}

static void
a_hash_is_nothing_else(void **state)
{
	char text[] = "x", path[64];
	struct conf conf;

	(void)state;
	policy(&conf, text);
	assert_true(policies_is_hash(conf.hash));
	assert_false(policies_is_hash(""));
	assert_false(policies_is_hash(conf.hash + 1));
	conf.hash[0] = '/';
	assert_false(policies_is_hash(conf.hash));
	conf.hash[0] = 'A';
	assert_false(policies_is_hash(conf.hash));
	assert_int_equal(policies_path(&conf, conf.hash, path, sizeof(path)),
	    FG_ERR_LIMIT);
}

static int
set_up(void **state)
{
	(void)state;
	return crypto_init() == 0 && mkdtemp(folder) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	char command[PATH_MAX];

	(void)state;
	(void)text_format(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_is_kept_once),
		cmocka_unit_test(a_text_that_was_spoilt_is_written_anew),
		cmocka_unit_test(what_cannot_be_kept_is_no_failure),
		cmocka_unit_test(a_hash_is_nothing_else),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
