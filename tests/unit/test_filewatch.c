/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that were replaced are told of once each time, and what was marked
 * before they were read is what they are compared with.
 */
#include "policyd/reload/filewatch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE 20000u /* ms; only a failure takes that long */

static char path[] = "/tmp/farmgate-watched-XXXXXX";
static char list[] = "/tmp/farmgate-watched-list-XXXXXX";
static struct loop *loop;
static struct filewatch *watch;
static char told[64];

static char *files[] = { list };
static struct conf_database database = { .path = path };
static struct conf_network network = { .files = { .v = files, .n = 1 } };
static struct conf conf = { .databases = &database,
	.ndatabases = 1,
	.networks = &network,
	.nnetworks = 1 };

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(name, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
on_change(const char *name, void *arg)
{
	(void)arg;
	(void)snprintf(told, sizeof(told), "%s", name);
	loop_stop(loop);
}

static void
on_patience(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

/* Until something is told, or for ms. */
static const char *
look(unsigned int ms)
{
	struct loop_timer *timer;

	told[0] = '\0';
	assert_int_equal(loop_timer(loop, on_patience, NULL, &timer), 0);
	loop_timer_set(timer, ms);
	filewatch_pause(watch, false);
	assert_int_equal(loop_run(loop), 0);
	filewatch_pause(watch, true);
	loop_timer_free(timer);
	return told;
}

static void
test_files_of_every_kind_are_listed(void **state)
{
	(void)state;
	assert_string_equal(filewatch_path(&conf, 0), path);
	assert_string_equal(filewatch_path(&conf, 1), list);
	assert_null(filewatch_path(&conf, 2));
}

static void
test_a_changed_file_is_told_of_until_it_was_read(void **state)
{
	(void)state;
	put(list, "2\n");
	assert_string_equal(look(PATIENCE), list);
	assert_string_equal(look(PATIENCE), list);
	filewatch_mark(watch);
	assert_int_equal(filewatch_adopt(watch, NULL), 0);
	assert_string_equal(look(3000), "");
}

static void
test_a_change_after_the_mark_is_not_lost(void **state)
{
	(void)state;
	filewatch_mark(watch);
	put(path, "changed while it was read");
	assert_int_equal(filewatch_adopt(watch, &conf), 0);
	assert_string_equal(look(PATIENCE), path);
	filewatch_mark(watch);
	assert_int_equal(filewatch_adopt(watch, &conf), 0);
}

static void
test_a_file_that_goes_and_comes_is_told_of(void **state)
{
	(void)state;
	assert_int_equal(unlink(path), 0);
	assert_string_equal(look(PATIENCE), path);
	filewatch_mark(watch);
	assert_int_equal(filewatch_adopt(watch, NULL), 0);
	put(path, "back");
	assert_string_equal(look(PATIENCE), path);
}

static int
set_up(void **state)
{
	int a = mkstemp(path), b = mkstemp(list);

	(void)state;
	if (a == -1 || b == -1 || close(a) != 0 || close(b) != 0 ||
	    loop_new(&loop) != 0 ||
	    filewatch_new(loop, on_change, NULL, &watch) != 0)
		return 1;
	return filewatch_adopt(watch, &conf);
}

static int
tear_down(void **state)
{
	(void)state;
	filewatch_free(watch);
	loop_free(loop);
	(void)unlink(path);
	(void)unlink(list);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_of_every_kind_are_listed),
		cmocka_unit_test(
		    test_a_changed_file_is_told_of_until_it_was_read),
		cmocka_unit_test(test_a_change_after_the_mark_is_not_lost),
		cmocka_unit_test(test_a_file_that_goes_and_comes_is_told_of),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
