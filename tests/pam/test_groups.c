/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The groups: which of those asked for the user is in, what is no answer to
 * that, and a daemon that has decided before the look-up ended. The look-ups
 * are this program's: its symbols come before libc's.
 */
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define TEST(name) cmocka_unit_test_setup(name, fresh)
#define NELEMS(a)  (sizeof(a) / sizeof((a)[0]))
#define VISIBLE	   __attribute__((visibility("default")))
#define GIDS_MAX   65536 /* as documented */

/* What the look-ups do; all zero is what they always do. */
static struct {
	void (*before)(void); /* when getgrouplist begins */
	void (*sending)(unsigned int nth);
	int gids; /* so many, root's the last of them */
	bool more; /* always one more than there is room for */
	bool broken; /* getgrouplist fails */
	int error; /* of getgrnam_r */
	size_t size; /* that getgrnam_r wants of its buffer */
	unsigned int lists, names, sends; /* calls */
} script;

static void *
original(const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);

	if (p == NULL)
		abort();
	return p;
}

VISIBLE int
getgrouplist(const char *user, gid_t gid, gid_t *gids, int *n)
{
	int (*fn)(const char *, gid_t, gid_t *, int *), room = *n;
	void *p = original("getgrouplist");

	script.lists++;
	if (script.before != NULL)
		script.before();
	if (script.broken)
		return -1;
	memcpy(&fn, &p, sizeof(fn));
	if (script.gids == 0 && !script.more)
		return fn(user, gid, gids, n);
	*n = script.more ? room + 1 : script.gids;
	for (int i = 0; i < *n && i < room; i++)
		gids[i] = i == *n - 1 ? 0 : 100000 + (gid_t)i;
	return *n > room ? -1 : *n;
}

VISIBLE int
getgrnam_r(const char *restrict name, struct group *restrict gr,
    char *restrict buf, size_t size, struct group **restrict result)
{
	int (*fn)(const char *, struct group *, char *, size_t,
	    struct group **);
	void *p = original("getgrnam_r");

	script.names++;
	*result = NULL;
	if (size < script.size)
		return ERANGE;
	if (script.error != 0)
		return script.error;
	memcpy(&fn, &p, sizeof(fn));
	return fn(name, gr, buf, size, result);
}

VISIBLE ssize_t
send(int fd, const void *p, size_t len, int flags)
{
	ssize_t (*fn)(int, const void *, size_t, int);
	void *o = original("send");

	if (script.sending != NULL)
		script.sending(++script.sends);
	memcpy(&fn, &o, sizeof(fn));
	return fn(fd, p, len, flags);
}

static int
fresh(void **state)
{
	(void)state;
	memset(&script, 0, sizeof(script));
	fake_settle();
	spy_reset();
	fake_script(FG_VERDICT_ALLOW);
	fake->need = true;
	stack_service("plain", "timeout=20 debug");
	stack_service("allow", "timeout=20 debug on_error=allow");
	return 0;
}

/* What the daemon learns when it asks for these. */
static void
expect_groups(const char *ask, unsigned int count, const char *want)
{
	fake->groups_count = 0;
	fake->groups[0] = '\0';
	(void)snprintf(fake->ask, sizeof(fake->ask), "%s", ask);
	assert_int_equal(stack_run("plain", "root", STACK_ACCOUNT),
	    PAM_SUCCESS);
	assert_false(fake->groups_failed);
	assert_int_equal(fake->groups_count, count);
	assert_string_equal(fake->groups, want);
}

static void
expect_failed(void)
{
	fake->groups_failed = false;
	assert_int_equal(stack_run("plain", "root", STACK_ACCOUNT),
	    PAM_SUCCESS);
	assert_true(fake->groups_failed);
	assert_int_equal(fake->groups_count, 0);
}

static void
each_group_is_answered_in_its_place(void **state)
{
	(void)state;
	script.gids = 2;
	expect_groups("root,", 1, "root,");
	expect_groups("daemon,", 1, "");
	expect_groups("daemon,root,", 2, "root,");
	expect_groups("root,daemon,root,", 3, "root,root,");
}

static void
a_group_that_does_not_exist_is_empty(void **state)
{
	(void)state;
	expect_groups("no-such-group,root,", 2, "root,");
	expect_groups("\x1b[2J,%s%n,../etc,root ,ROOT,0,", 6, "");
	script.error = ENOENT;
	expect_groups("root,", 1, "");
}

static void
as_many_groups_as_can_be_are_asked_for(void **state)
{
	char ask[8192];
	size_t used = 0;

	(void)state;
	for (unsigned int i = 0; i < FG_NEED_GROUPS_MAX - 1; i++)
		used += (size_t)snprintf(ask + used, sizeof(ask) - used,
		    "no-such-group-%03u,", i);
	(void)snprintf(ask + used, sizeof(ask) - used, "root,");
	expect_groups(ask, FG_NEED_GROUPS_MAX, "root,");
	assert_int_equal(script.names, FG_NEED_GROUPS_MAX);
	assert_int_equal(script.lists, 1);
}

/* It is of no interest in how many others the user is. */
static void
a_user_of_many_groups_is_found_in_the_last_of_them(void **state)
{
	static const int counts[] = { 1, 63, 64, 65, 500, 1025, 65535,
		GIDS_MAX };

	(void)state;
	for (size_t i = 0; i < NELEMS(counts); i++) {
		script.gids = counts[i];
		expect_groups("daemon,root,", 2, "root,");
	}
}

static void
more_groups_than_can_be_are_a_failure(void **state)
{
	(void)state;
	script.gids = GIDS_MAX + 1;
	expect_failed();
	assert_int_equal(script.names, 0);
}

static void
a_list_that_grows_with_the_room_for_it_ends(void **state)
{
	(void)state;
	script.more = true;
	expect_failed();
	assert_true(script.lists <= 16); /* the room doubles at least */
}

static void
a_look_up_that_fails_is_a_failure(void **state)
{
	static const int errors[] = { EIO, EPERM, ESRCH, EBADF, EMFILE, EINTR,
		ENOMEM, ETIMEDOUT };

	(void)state;
	script.broken = true;
	expect_failed();
	script.broken = false;
	for (size_t i = 0; i < NELEMS(errors); i++) {
		script.error = errors[i];
		expect_failed();
	}
}

static void
a_group_of_many_members_is_read_up_to_a_limit(void **state)
{
	(void)state;
	script.size = 1024 * 1024;
	expect_groups("root,", 1, "root,");
	script.size++;
	expect_failed();
}

static void
an_invalid_user_has_no_groups_but_a_failed_look_up(void **state)
{
	(void)state;
	assert_int_equal(stack_run("plain", "no-such-user", STACK_ACCOUNT),
	    PAM_SUCCESS);
	assert_true(fake->groups_failed);
	assert_int_equal(fake->groups_count, 0);
	assert_int_equal(script.lists, 0);
}

/* The answer came without the groups: it is the daemon's and no failure. */
static void
expect_answer(const char *service, int want)
{
	static const enum stack_phase phases[] = { STACK_ACCOUNT,
		STACK_SESSION };

	for (size_t p = 0; p < NELEMS(phases); p++) {
		spy_reset();
		script.sends = 0;
		assert_int_equal(stack_run(service, "root", phases[p]), want);
		assert_int_equal(spy_log.count, 1);
		assert_non_null(strstr(spy_log.line[0].text, "ref=7F3K-Q2MN"));
		assert_null(strstr(spy_log.line[0].text, "fail_open"));
	}
}

static void
expect_either_answer(enum fake_mode mode)
{
	fake->mode = mode;
	fake->verdict = fake->would = FG_VERDICT_DENY;
	expect_answer("plain", PAM_PERM_DENIED);
	expect_answer("allow", PAM_PERM_DENIED);
	fake->verdict = fake->would = FG_VERDICT_ALLOW;
	expect_answer("plain", PAM_SUCCESS);
	expect_answer("allow", PAM_SUCCESS);
}

static void
an_answer_before_the_look_up_ends_is_honoured(void **state)
{
	(void)state;
	script.before = fake_settle;
	expect_either_answer(FAKE_IMPATIENT);
	assert_int_equal(fake->groups_count, 0);
}

/* The groups are on their way out, and only then the daemon's time is up. */
static void
close_before_the_groups(unsigned int nth)
{
	fake->hold = nth < 2;
	if (!fake->hold)
		fake_settle();
}

static void
an_answer_before_the_groups_are_sent_is_honoured(void **state)
{
	(void)state;
	script.sending = close_before_the_groups;
	expect_either_answer(FAKE_IMPATIENT);
	assert_int_equal(script.sends, 2);
}

static void
an_answer_that_crosses_with_the_groups_is_honoured(void **state)
{
	(void)state;
	expect_either_answer(FAKE_CROSS);
	assert_int_equal(fake->groups_count, 0);
}

/* The shortest deadline that there is on the PAM line, and a little. */
static void
outlast_the_deadline(void)
{
	const struct timespec ts = { .tv_sec = 1, .tv_nsec = 50000000 };

	(void)nanosleep(&ts, NULL);
}

static void
wait_and_outlast_the_deadline(void)
{
	fake_settle();
	outlast_the_deadline();
}

static void
an_answer_that_is_there_counts_after_the_modules_deadline(void **state)
{
	(void)state;
	stack_service("allow", "timeout=1 on_error=allow");
	script.before = wait_and_outlast_the_deadline;
	fake->mode = FAKE_IMPATIENT;
	fake->verdict = fake->would = FG_VERDICT_DENY;
	assert_int_equal(stack_run("allow", "root", STACK_ACCOUNT),
	    PAM_PERM_DENIED);
	assert_null(spy_find(&spy_log, "fail_open"));
}

static void
no_answer_after_the_modules_deadline_is_a_failure(void **state)
{
	(void)state;
	stack_service("plain", "timeout=1");
	stack_service("allow", "timeout=1 on_error=allow");
	script.before = outlast_the_deadline;
	assert_int_equal(stack_run("plain", "root", STACK_ACCOUNT),
	    PAM_AUTHINFO_UNAVAIL);
	assert_non_null(spy_find(&spy_log, "reason=timeout"));
	assert_int_equal(stack_run("allow", "root", STACK_ACCOUNT),
	    PAM_SUCCESS);
	assert_non_null(spy_find(&spy_log, "fail_open=1"));
	assert_int_equal(fake->answers, 0);
}

static void
a_daemon_that_closes_instead_of_an_answer_is_a_failure(void **state)
{
	(void)state;
	script.before = fake_settle;
	fake->mode = FAKE_IMPATIENT;
	fake->silent = true;
	assert_int_equal(stack_run("plain", "root", STACK_ACCOUNT),
	    PAM_AUTHINFO_UNAVAIL);
	assert_non_null(spy_find(&spy_log, "reason=protocol"));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(each_group_is_answered_in_its_place),
		TEST(a_group_that_does_not_exist_is_empty),
		TEST(as_many_groups_as_can_be_are_asked_for),
		TEST(a_user_of_many_groups_is_found_in_the_last_of_them),
		TEST(more_groups_than_can_be_are_a_failure),
		TEST(a_list_that_grows_with_the_room_for_it_ends),
		TEST(a_look_up_that_fails_is_a_failure),
		TEST(a_group_of_many_members_is_read_up_to_a_limit),
		TEST(an_invalid_user_has_no_groups_but_a_failed_look_up),
		TEST(an_answer_before_the_look_up_ends_is_honoured),
		TEST(an_answer_before_the_groups_are_sent_is_honoured),
		TEST(an_answer_that_crosses_with_the_groups_is_honoured),
		TEST(an_answer_that_is_there_counts_after_the_modules_deadline),
		TEST(no_answer_after_the_modules_deadline_is_a_failure),
		TEST(a_daemon_that_closes_instead_of_an_answer_is_a_failure),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	fake_start(stack_socket(), 8);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	stack_done();
	return failed;
}
