/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files that put the helper into sessions: nobody else's is written over or
 * taken away, whatever it is.
 */
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "attest/files.h"
#include "proto/result.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, drop_dir)
#define OURS	   FILES_MARK "x\ny\n"

static char dir[] = "/tmp/test_attest_files.XXXXXX";
static char path[64], other[64];

static int
make_dir(void **state)
{
	(void)state;
	(void)memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/file", dir);
	(void)snprintf(other, sizeof(other), "%s/other", dir);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)rmdir(path);
	(void)unlink(other);
	return rmdir(dir);
}

static void
put(const char *name, const char *text)
{
	FILE *fp = fopen(name, "w");

	assert_non_null(fp);
	assert_true(fputs(text, fp) >= 0);
	assert_int_equal(fclose(fp), 0);
}

static void
assert_has(const char *name, const char *text)
{
	char got[256];
	FILE *fp = fopen(name, "r");
	size_t n;

	assert_non_null(fp);
	n = fread(got, 1, sizeof(got) - 1, fp);
	got[n] = '\0';
	assert_int_equal(fclose(fp), 0);
	assert_string_equal(got, text);
}

static void
a_file_is_written_and_written_anew(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(files_look(path), FG_ERR_NOT_FOUND);
	assert_int_equal(files_write(path, OURS), 0);
	assert_has(path, OURS);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(files_look(path), 0);
	assert_int_equal(files_write(path, OURS "z\n"), 0);
	assert_has(path, OURS "z\n");
}

static void
ours_is_taken_away_and_what_is_not_there_is_said(void **state)
{
	(void)state;
	assert_int_equal(files_write(path, OURS), 0);
	assert_int_equal(files_remove(path), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(files_remove(path), FG_ERR_NOT_FOUND);
}

static void
somebody_elses_file_stays_as_it_is(void **state)
{
	static const char *const texts[] = { "", "#", "SSH_ASKPASS=x\n",
		"\n" OURS, " " OURS, "# farmgate-attest",
		"# farmgate-attest:" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		put(path, texts[i]);
		assert_int_equal(files_look(path), FG_ERR_UNSAFE);
		assert_int_equal(files_write(path, OURS), FG_ERR_UNSAFE);
		assert_int_equal(files_remove(path), FG_ERR_UNSAFE);
		assert_has(path, texts[i]);
	}
}

static void
a_link_is_not_followed(void **state)
{
	(void)state;
	put(other, OURS);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(files_look(path), FG_ERR_UNSAFE);
	assert_int_equal(files_write(path, OURS "z\n"), FG_ERR_UNSAFE);
	assert_int_equal(files_remove(path), FG_ERR_UNSAFE);
	assert_has(other, OURS);
	assert_int_equal(unlink(other), 0);
	assert_int_equal(files_write(path, OURS), FG_ERR_UNSAFE);
	assert_int_equal(access(other, F_OK), -1);
}

static void
what_is_no_file_is_left_alone(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(files_look(path), FG_ERR_UNSAFE);
	assert_int_equal(files_write(path, OURS), FG_ERR_UNSAFE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(files_write(path, OURS), FG_ERR_UNSAFE);
	assert_int_equal(files_remove(path), FG_ERR_UNSAFE);
}

static void
missing_folders_are_made(void **state)
{
	char deep[96], folder[96];

	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/a", dir);
	(void)snprintf(deep, sizeof(deep), "%s/a/b/file", dir);
	assert_int_equal(files_write(deep, OURS), 0);
	assert_has(deep, OURS);
	put(other, "x");
	files_remove_folder(other); /* is not empty */
	files_remove_folder(deep);
	assert_int_equal(files_look(deep), 0);
	assert_int_equal(files_remove(deep), 0);
	files_remove_folder(deep);
	assert_int_equal(rmdir(folder), 0);
}

static void
a_file_in_a_folders_place_is_an_error(void **state)
{
	char deep[96];

	(void)state;
	put(path, "x");
	(void)snprintf(deep, sizeof(deep), "%s/file", path);
	assert_int_equal(files_look(deep), FG_ERR_NOT_FOUND);
	assert_int_equal(files_write(deep, OURS), FG_ERR_SYSTEM);
	assert_has(path, "x");
}

static void
both_texts_are_marked_and_name_the_program(void **state)
{
	char text[FILES_TEXT_SIZE];

	(void)state;
	assert_int_equal(files_shell_text("/usr/bin/farmgate-attest", text), 0);
	assert_memory_equal(text, FILES_MARK, strlen(FILES_MARK));
	assert_non_null(strstr(text,
	    "\texport SSH_ASKPASS=/usr/bin/farmgate-attest\n"));
	assert_int_equal(files_manager_text("/usr/bin/farmgate-attest", text),
	    0);
	assert_memory_equal(text, FILES_MARK, strlen(FILES_MARK));
	assert_non_null(strstr(text,
	    "\nSSH_ASKPASS=/usr/bin/farmgate-attest\n"));
}

static void
a_program_that_would_have_to_be_quoted_is_refused(void **state)
{
	static const char *const programs[] = { "", "farmgate-attest",
		"./farmgate-attest", "/opt/a b", "/opt/$x", "/opt/`x`",
		"/opt/a;b", "/opt/a\nb", "/opt/\"", "/opt/'", "/opt/\\",
		"/opt/a(b)", "/opt/\xc3\xa5" };
	char text[FILES_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		assert_int_equal(files_shell_text(programs[i], text),
		    FG_ERR_FORMAT);
		assert_string_equal(text, "");
		assert_int_equal(files_manager_text(programs[i], text),
		    FG_ERR_FORMAT);
		assert_string_equal(text, "");
	}
}

static void
a_users_files_are_where_their_configuration_is(void **state)
{
	struct files files;

	(void)state;
	assert_int_equal(files_places(false, &files), 0);
	assert_string_equal(files.shell, "/etc/profile.d/farmgate-attest.sh");
	assert_string_equal(files.manager,
	    "/etc/environment.d/60-farmgate-attest.conf");
	assert_int_equal(setenv("HOME", "/h", 1), 0);
	assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
	assert_int_equal(files_places(true, &files), 0);
	assert_string_equal(files.shell,
	    "/h/.config/farmgate/farmgate-attest.sh");
	assert_string_equal(files.manager,
	    "/h/.config/environment.d/60-farmgate-attest.conf");
	assert_int_equal(setenv("XDG_CONFIG_HOME", "/c", 1), 0);
	assert_int_equal(files_places(true, &files), 0);
	assert_string_equal(files.shell, "/c/farmgate/farmgate-attest.sh");
	/* One that is not absolute is none. */
	assert_int_equal(setenv("XDG_CONFIG_HOME", "c", 1), 0);
	assert_int_equal(files_places(true, &files), 0);
	assert_memory_equal(files.shell, "/h/", 3);
	assert_int_equal(setenv("HOME", "h", 1), 0);
	assert_int_equal(files_places(true, &files), FG_ERR_NOT_FOUND);
	assert_int_equal(unsetenv("HOME"), 0);
	assert_int_equal(files_places(true, &files), FG_ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_written_and_written_anew),
		TEST(ours_is_taken_away_and_what_is_not_there_is_said),
		TEST(somebody_elses_file_stays_as_it_is),
		TEST(a_link_is_not_followed),
		TEST(what_is_no_file_is_left_alone),
		TEST(missing_folders_are_made),
		TEST(a_file_in_a_folders_place_is_an_error),
		TEST(both_texts_are_marked_and_name_the_program),
		TEST(a_program_that_would_have_to_be_quoted_is_refused),
		TEST(a_users_files_are_where_their_configuration_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
