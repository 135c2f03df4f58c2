/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The service manager's protocols: what it hands over, what is malformed, and
 * that nothing of it is left in the environment.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/notify.h"
#include "proto/result.h"
#include "tests/unit/child.h"

static const char *const variables[] = { "NOTIFY_SOCKET", "WATCHDOG_USEC",
	"WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES" };

#define VARIABLES (sizeof(variables) / sizeof(variables[0]))

/* One environment, "me" standing for the child's own pid, and what it gives. */
struct trial {
	const char *value[VARIABLES]; /* in that order; NULL: unset */
	int result;
	size_t nfds;
	uint64_t watchdog_us;
	const char *name[2];
};

static void
set_environment(const struct trial *trial)
{
	char pid[32];
	size_t i;

	(void)snprintf(pid, sizeof(pid), "%d", (int)getpid());
	for (i = 0; i < VARIABLES; i++) {
		CHECK(unsetenv(variables[i]) == 0);
		if (trial->value[i] == NULL)
			continue;
		CHECK(setenv(variables[i],
			  strcmp(trial->value[i], "me") == 0 ? pid :
							       trial->value[i],
			  1) == 0);
	}
}

/* Two descriptors at 3 and 4, open over an exec, and none at 5. */
static void
pass_descriptors(void)
{
	int fd;

	CHECK((fd = open("/dev/null", O_RDONLY)) != -1);
	CHECK(dup2(fd, 20) == 20);
	CHECK(dup2(20, 3) == 3 && dup2(20, 4) == 4);
	(void)close(5); /* may not be open */
}

static void
run_trial(void *arg)
{
	const struct trial *trial = arg;
	struct notify notify;
	size_t i;
	int r;

	pass_descriptors();
	set_environment(trial);
	r = notify_init(&notify);
	if (r != trial->result)
		(void)dprintf(STDERR_FILENO, "result %d, not %d\n", r,
		    trial->result);
	CHECK(r == trial->result);
	CHECK(notify.nfds == trial->nfds);
	CHECK(notify.watchdog_us == trial->watchdog_us);
	CHECK(r == 0 || notify.fd == -1);
	for (i = 0; i < trial->nfds && i < 2; i++) {
		CHECK(strcmp(notify.name[i],
			  trial->name[i] == NULL ? "" : trial->name[i]) == 0);
		CHECK(fcntl(3 + (int)i, F_GETFD) == FD_CLOEXEC);
	}
	for (i = 0; i < VARIABLES; i++)
		CHECK(getenv(variables[i]) == NULL);
}

static void
run_trials(struct trial *trials, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		print_message("trial %zu\n", i);
		child_passes(run_trial, &trials[i]);
	}
}

#define N(a)   (sizeof(a) / sizeof((a)[0]))
#define LONG60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
test_an_empty_environment_wants_nothing(void **state)
{
	struct trial trial = { .result = 0 };

	(void)state;
	child_passes(run_trial, &trial);
}

static void
test_passed_sockets_are_counted_and_named(void **state)
{
	struct trial trials[] = {
		{ .value = { [3] = "me", [4] = "2", [5] = "policy:control" },
		    .nfds = 2,
		    .name = { "policy", "control" } },
		{ .value = { [3] = "me", [4] = "2" }, .nfds = 2 },
		{ .value = { [3] = "me", [4] = "1", [5] = "policy" },
		    .nfds = 1,
		    .name = { "policy" } },
		{ .value = { [3] = "me", [4] = "2", [5] = ":" }, .nfds = 2 },
		{ .value = { [3] = "me", [4] = "1", [5] = LONG60 "123" },
		    .nfds = 1,
		    .name = { LONG60 "123" } },
		{ .value = { [3] = "me", [4] = "0" } },
	};

	(void)state;
	run_trials(trials, N(trials));
}

static void
test_sockets_for_another_process_are_left_alone(void **state)
{
	struct trial trials[] = {
		{ .value = { [3] = "1", [4] = "2", [5] = "policy:control" } },
		{ .value = { [4] = "2", [5] = "policy:control" } },
		/* not even looked at */
		{ .value = { [3] = "1", [4] = "rubbish" } },
	};

	(void)state;
	run_trials(trials, N(trials));
}

static void
test_malformed_socket_variables_are_errors(void **state)
{
	struct trial trials[] = {
		{ .value = { [3] = "", [4] = "1" }, .result = FG_ERR_FORMAT },
		{ .value = { [3] = "-1", [4] = "1" }, .result = FG_ERR_FORMAT },
		{ .value = { [3] = "0", [4] = "1" }, .result = FG_ERR_LIMIT },
		{ .value = { [3] = "99999999999", [4] = "1" },
		    .result = FG_ERR_LIMIT },
		{ .value = { [3] = "me" }, .result = FG_ERR_FORMAT },
		{ .value = { [3] = "me", [4] = "" }, .result = FG_ERR_FORMAT },
		{ .value = { [3] = "me", [4] = "two" },
		    .result = FG_ERR_FORMAT },
		{ .value = { [3] = "me", [4] = "2 " },
		    .result = FG_ERR_FORMAT },
		{ .value = { [3] = "me", [4] = "9" }, .result = FG_ERR_LIMIT },
		{ .value = { [3] = "me", [4] = "2", [5] = "policy" },
		    .result = FG_ERR_FORMAT },
		{ .value = { [3] = "me", [4] = "2", [5] = "a:b:c" },
		    .result = FG_ERR_FORMAT },
		{ .value = { [3] = "me", [4] = "1", [5] = "a:" },
		    .result = FG_ERR_FORMAT },
		{ .value = { [3] = "me", [4] = "1", [5] = LONG60 "1234" },
		    .result = FG_ERR_LIMIT },
		/* there is no descriptor 5 */
		{ .value = { [3] = "me", [4] = "3" }, .result = FG_ERR_SYSTEM },
	};

	(void)state;
	run_trials(trials, N(trials));
}

static void
test_watchdog_is_wanted_of_this_process_only(void **state)
{
	struct trial trials[] = {
		{ .value = { [1] = "10000000", [2] = "me" },
		    .watchdog_us = 10000000 },
		{ .value = { [1] = "10000000" }, .watchdog_us = 10000000 },
		{ .value = { [1] = "10000000", [2] = "1" } },
		{ .value = { [2] = "me" } },
	};

	(void)state;
	run_trials(trials, N(trials));
}

static void
test_malformed_watchdog_variables_are_errors(void **state)
{
	struct trial trials[] = {
		{ .value = { [1] = "" }, .result = FG_ERR_FORMAT },
		{ .value = { [1] = "0" }, .result = FG_ERR_LIMIT },
		{ .value = { [1] = "10s" }, .result = FG_ERR_FORMAT },
		{ .value = { [1] = "99999999999999999999" },
		    .result = FG_ERR_LIMIT },
		{ .value = { [1] = "18446744073709551615" },
		    .result = FG_ERR_LIMIT },
		{ .value = { [1] = "1", [2] = "x" }, .result = FG_ERR_FORMAT },
	};

	(void)state;
	run_trials(trials, N(trials));
}

static void
test_malformed_notify_sockets_are_errors(void **state)
{
	struct trial trials[] = {
		{ .value = { "" }, .result = FG_ERR_FORMAT },
		{ .value = { "/" }, .result = FG_ERR_FORMAT },
		{ .value = { "@" }, .result = FG_ERR_FORMAT },
		{ .value = { "run/notify" }, .result = FG_ERR_FORMAT },
		{ .value = { "vsock:2:1" }, .result = FG_ERR_FORMAT },
		{ .value = { "/" LONG60 LONG60 }, .result = FG_ERR_LIMIT },
		{ .value = { "@" LONG60 LONG60 }, .result = FG_ERR_LIMIT },
		{ .value = { "/nonexistent/notify" }, .result = FG_ERR_SYSTEM },
	};

	(void)state;
	run_trials(trials, N(trials));
}

/* ---- Sending ----------------------------------------------------------- */

static void
expect_datagram(int fd, const char *want)
{
	char buf[64] = "";

	assert_int_equal(recv(fd, buf, sizeof(buf) - 1, MSG_DONTWAIT),
	    (int)strlen(want));
	assert_string_equal(buf, want);
}

/* A socket of ours in the abstract namespace, its name as "@...". */
static int
abstract_socket(char *ret_name, size_t size)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sun);
	int fd, n;

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(fd != -1);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sa_family_t)),
	    0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sun, &len), 0);
	n = (int)(len - offsetof(struct sockaddr_un, sun_path)) - 1;
	(void)snprintf(ret_name, size, "@%.*s", n, sun.sun_path + 1);
	return fd;
}

static void
send_two(const char *name)
{
	struct notify notify;

	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	assert_int_equal(notify_init(&notify), 0);
	assert_null(getenv("NOTIFY_SOCKET"));
	assert_true(notify.fd != -1);
	assert_int_equal(fcntl(notify.fd, F_GETFD), FD_CLOEXEC);
	notify_send(&notify, "READY=1");
	notify_send(&notify, "WATCHDOG=1");
	assert_int_equal(close(notify.fd), 0);
}

static void
test_states_reach_an_abstract_socket(void **state)
{
	char name[128];
	int fd;

	(void)state;
	fd = abstract_socket(name, sizeof(name));
	send_two(name);
	expect_datagram(fd, "READY=1");
	expect_datagram(fd, "WATCHDOG=1");
	assert_int_equal(close(fd), 0);
}

static void
test_states_reach_a_socket_in_the_file_system(void **state)
{
	char dir[] = "/tmp/farmgate-test-XXXXXX";
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/notify", dir);
	assert_true((fd = socket(AF_UNIX, SOCK_DGRAM, 0)) != -1);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	send_two(sun.sun_path);
	expect_datagram(fd, "READY=1");
	expect_datagram(fd, "WATCHDOG=1");
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(sun.sun_path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void
test_sending_to_nobody_is_no_error(void **state)
{
	const struct notify nobody = { .fd = -1 };

	(void)state;
	notify_send(&nobody, "READY=1");
}

/* Neither a signal nor an endless wait comes of a manager that is gone. */
static void
send_to_the_dead(void *arg)
{
	struct notify notify;
	char name[128];
	int fd, i;

	(void)arg;
	fd = abstract_socket(name, sizeof(name));
	CHECK(setenv("NOTIFY_SOCKET", name, 1) == 0);
	CHECK(notify_init(&notify) == 0);
	CHECK(close(fd) == 0);
	for (i = 0; i < 100; i++)
		notify_send(&notify, "WATCHDOG=1");
}

static void
send_to_the_deaf(void *arg)
{
	struct notify notify;
	char name[128];
	int fd, i, queued;

	(void)arg;
	fd = abstract_socket(name, sizeof(name));
	CHECK(setenv("NOTIFY_SOCKET", name, 1) == 0);
	CHECK(notify_init(&notify) == 0);
	/* Fill the queue without waiting, then send once more. */
	for (i = 0; send(notify.fd, "x", 1, MSG_DONTWAIT) == 1; i++)
		CHECK(i < 1000000);
	CHECK(errno == EAGAIN);
	notify_send(&notify, "WATCHDOG=1");
	for (queued = 0; recv(fd, name, 1, MSG_DONTWAIT) == 1; queued++)
		;
	CHECK(queued == i);
}

static void
test_a_manager_that_is_gone_is_survived(void **state)
{
	(void)state;
	child_passes(send_to_the_dead, NULL);
}

static void
test_a_manager_that_does_not_read_is_survived(void **state)
{
	(void)state;
	child_passes(send_to_the_deaf, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_environment_wants_nothing),
		cmocka_unit_test(test_passed_sockets_are_counted_and_named),
		cmocka_unit_test(
		    test_sockets_for_another_process_are_left_alone),
		cmocka_unit_test(test_malformed_socket_variables_are_errors),
		cmocka_unit_test(test_watchdog_is_wanted_of_this_process_only),
		cmocka_unit_test(test_malformed_watchdog_variables_are_errors),
		cmocka_unit_test(test_malformed_notify_sockets_are_errors),
		cmocka_unit_test(test_states_reach_an_abstract_socket),
		cmocka_unit_test(test_states_reach_a_socket_in_the_file_system),
		cmocka_unit_test(test_sending_to_nobody_is_no_error),
		cmocka_unit_test(test_a_manager_that_is_gone_is_survived),
		cmocka_unit_test(test_a_manager_that_does_not_read_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
