/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that its user has started, as sudo and su are, may be stopped and
 * continued by them at any point. That must open nothing, while a daemon that
 * hangs or is dead still does.
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/client.h"
#include "proto/glass.h"
#include "proto/msg.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define TEST(name) cmocka_unit_test_setup(name, fresh)
#define VISIBLE	   __attribute__((visibility("default")))
#define CALLER	   65534u /* the real uid of a set-uid program */

/* Where the module's process is stopped; in a child alone. */
enum stop {
	STOP_NOT,
	STOP_LOGIN,
	STOP_GROUPS,
	STOP_RECV,
	STOP_MEANS
};

static enum stop stop;
static unsigned int stop_ms, sends;
static char file[128];

static void
stopped(void)
{
	struct timespec ts = { .tv_nsec = stop_ms * 1000000L };

	(void)nanosleep(&ts, NULL);
}

/* What the module calls, and the fake, which is in another process. */
VISIBLE ssize_t
send(int fd, const void *p, size_t len, int flags)
{
	sends++;
	if ((stop == STOP_LOGIN && sends == 1) ||
	    (stop == STOP_GROUPS && sends == 2))
		stopped();
	return sendto(fd, p, len, flags, NULL, 0);
}

/* The answer comes when it was looked for, and before it is waited for. */
VISIBLE ssize_t
recv(int fd, void *p, size_t len, int flags)
{
	if (stop == STOP_RECV) {
		stop = STOP_NOT;
		stopped();
		errno = EAGAIN;
		return -1;
	}
	return recvfrom(fd, p, len, flags, NULL, NULL);
}

static void
service(const char *name, const char *args)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "timeout=100ms breakglass=%s %s",
	    file, args);
	stack_service(name, text);
}

static int
fresh(void **state)
{
	FILE *fp = fopen(file, "w");

	(void)state;
	assert_non_null(fp);
	assert_true(fputs("bob plain local\n", fp) >= 0);
	assert_int_equal(fclose(fp), 0);
	assert_int_equal(chmod(file, 0600), 0);
	spy_reset();
	fake_script(FG_VERDICT_DENY);
	service("plain", "");
	service("allow", "on_error=allow");
	service("observe", "observe");
	return 0;
}

static int
in_child(uid_t uid, const char *name, enum stop where)
{
	struct rlimit none = { 0 };
	pam_handle_t *pamh = stack_open(name, "root");

	(void)pam_set_item(pamh, PAM_RUSER, "bob");
	if (where == STOP_MEANS)
		(void)stack_call(pamh, STACK_ACCOUNT, 0); /* all is loaded */
	if (setresuid(uid, 0, 0) != 0)
		return 200;
	if (where == STOP_MEANS && setrlimit(RLIMIT_NOFILE, &none) != 0)
		return 201;
	sends = 0;
	stop = where;
	return stack_call(pamh, STACK_ACCOUNT, 0);
}

/* The code of bob's sudo, whose real uid this is. */
static int
code(uid_t uid, const char *name, enum stop where)
{
	int status;
	pid_t pid;

	(void)fflush(NULL);
	if ((pid = fork()) == 0)
		_exit(in_child(uid, name, where));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A stop makes the failure the caller's; of root's process it is none. */
static void
opens_nothing(enum stop where, int want)
{
	assert_int_equal(code(CALLER, "plain", where), want);
	assert_int_equal(code(CALLER, "allow", where), want);
	assert_int_equal(code(CALLER, "observe", where), PAM_SUCCESS);
	assert_int_equal(code(0, "plain", where), PAM_SUCCESS);
}

static void
opens(void)
{
	assert_int_equal(code(CALLER, "plain", STOP_NOT), PAM_SUCCESS);
	assert_int_equal(code(CALLER, "allow", STOP_NOT), PAM_SUCCESS);
}

/* Half of the time is for the daemon, and here it is 50 ms. */
static void
a_question_that_is_late_opens_nothing(void **state)
{
	(void)state;
	stop_ms = 60;
	fake->mode = FAKE_HANG;
	opens_nothing(STOP_LOGIN, PAM_AUTHINFO_UNAVAIL);
	fake->mode = FAKE_CLOSE;
	opens_nothing(STOP_LOGIN, PAM_AUTHINFO_UNAVAIL);
	fake->mode = FAKE_CLOSE_UNREAD;
	opens_nothing(STOP_LOGIN, PAM_AUTHINFO_UNAVAIL);
}

static void
nor_does_one_that_is_late_where_there_was_much_time(void **state)
{
	(void)state;
	stop_ms = FG_CLIENT_PROMPT_MS + 10;
	stack_service("plain", "timeout=20");
	stack_service("allow", "timeout=20 on_error=allow");
	fake->mode = FAKE_CLOSE;
	assert_int_equal(code(CALLER, "plain", STOP_LOGIN),
	    PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(code(CALLER, "allow", STOP_LOGIN),
	    PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(code(CALLER, "allow", STOP_NOT), PAM_SUCCESS);
}

static void
groups_that_are_late_open_nothing(void **state)
{
	(void)state;
	stop_ms = 60;
	fake->mode = FAKE_CROSS; /* answers none, and does not read them */
	fake->silent = true;
	opens_nothing(STOP_GROUPS, PAM_AUTHINFO_UNAVAIL);
	opens();
}

/* The daemon has waited for them in vain, and says so. */
static void
nor_does_a_daemon_that_went_on_without_them(void **state)
{
	(void)state;
	stop_ms = 60;
	fake->mode = FAKE_IMPATIENT;
	(void)strcpy(fake->reason, "groups_unknown");
	assert_int_equal(code(CALLER, "plain", STOP_GROUPS), PAM_PERM_DENIED);
	assert_int_equal(code(CALLER, "allow", STOP_GROUPS), PAM_PERM_DENIED);
	assert_int_equal(code(0, "plain", STOP_GROUPS), PAM_SUCCESS);
	/* its other failures are its own */
	fake->mode = FAKE_ANSWER;
	fake->need = true;
	(void)strcpy(fake->reason, "store_unusable");
	assert_int_equal(code(CALLER, "plain", STOP_NOT), PAM_SUCCESS);
	/* and it was not told of any where it did not ask */
	fake->need = false;
	(void)strcpy(fake->reason, "groups_unknown");
	assert_int_equal(code(CALLER, "plain", STOP_NOT), PAM_SUCCESS);
}

static void
an_answer_that_came_while_it_was_stopped_counts(void **state)
{
	(void)state;
	stop_ms = 120; /* over the deadline */
	assert_int_equal(code(CALLER, "plain", STOP_RECV), PAM_PERM_DENIED);
	assert_int_equal(code(CALLER, "allow", STOP_RECV), PAM_PERM_DENIED);
	assert_int_equal(code(0, "plain", STOP_RECV), PAM_PERM_DENIED);
	/* where it is a question, the answer to that cannot be in time */
	fake->need = true;
	opens_nothing(STOP_RECV, PAM_AUTHINFO_UNAVAIL);
}

static void
a_daemon_that_fails_by_itself_opens(void **state)
{
	(void)state;
	fake->mode = FAKE_HANG;
	opens();
	fake->mode = FAKE_CLOSE;
	opens();
	fake->mode = FAKE_CLOSE_UNREAD;
	opens();
	assert_int_equal(rename(stack_socket(), stack_path("away")), 0);
	opens();
	assert_int_equal(rename(stack_path("away"), stack_socket()), 0);
}

static void
means_that_its_user_has_taken_from_it_open_nothing(void **state)
{
	(void)state;
	assert_int_equal(code(CALLER, "plain", STOP_MEANS), PAM_SYSTEM_ERR);
	assert_int_equal(code(CALLER, "allow", STOP_MEANS), PAM_SYSTEM_ERR);
	assert_int_equal(code(CALLER, "observe", STOP_MEANS), PAM_SUCCESS);
	assert_int_equal(code(0, "allow", STOP_MEANS), PAM_SUCCESS);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(a_question_that_is_late_opens_nothing),
		TEST(nor_does_one_that_is_late_where_there_was_much_time),
		TEST(groups_that_are_late_open_nothing),
		TEST(nor_does_a_daemon_that_went_on_without_them),
		TEST(an_answer_that_came_while_it_was_stopped_counts),
		TEST(a_daemon_that_fails_by_itself_opens),
		TEST(means_that_its_user_has_taken_from_it_open_nothing),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	if (!stack_root_is_ours(argv[0]))
		return 0;
	(void)snprintf(file, sizeof(file), "%s", stack_path("breakglass"));
	fake_start(stack_socket(), 8);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	(void)unlink(file);
	(void)unlink(stack_path(FG_GLASS_LOG));
	stack_done();
	return failed;
}
