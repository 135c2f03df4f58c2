/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The operators' channel, read back through a pipe: priority prefixes, one
 * line whatever comes in, the limit on lines that clients cause.
 */
#include "policyd/log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static int saved_stderr, out_fd;
static char output[65536];

/* The test's own clock instead of the C library's. */
static time_t now_s = 1000;

int
clock_gettime(clockid_t id, struct timespec *ret_now)
{
	(void)id;
	ret_now->tv_sec = now_s;
	ret_now->tv_nsec = 0;
	return 0;
}

static int
capture(void **state)
{
	int fds[2];

	(void)state;
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) == -1)
		return -1;
	saved_stderr = dup(STDERR_FILENO);
	if (dup2(fds[1], STDERR_FILENO) == -1)
		return -1;
	close(fds[1]);
	out_fd = fds[0];
	log_init("test", false);
	return 0;
}

static int
restore(void **state)
{
	(void)state;
	(void)dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	close(out_fd);
	return 0;
}

static const char *
printed(void)
{
	ssize_t n = read(out_fd, output, sizeof(output) - 1);

	output[n > 0 ? n : 0] = '\0';
	return output;
}

static size_t
count(const char *text, char c)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == c;
	return n;
}

static void
test_priority_stands_in_front(void **state)
{
	(void)state;
	log_crit("a");
	assert_string_equal(printed(), "<2>a\n");
	log_err("b %d", 1);
	assert_string_equal(printed(), "<3>b 1\n");
	log_warn("c");
	assert_string_equal(printed(), "<4>c\n");
	log_info("d");
	assert_string_equal(printed(), "<6>d\n");
}

static void
test_debug_lines_need_debug(void **state)
{
	(void)state;
	log_debug("hidden");
	assert_string_equal(printed(), "");
	log_init("test", true);
	log_debug("seen");
	assert_string_equal(printed(), "<7>seen\n");
}

/* AUD-06 */
static void
test_user_name_cannot_start_a_line(void **state)
{
	const char *line;

	(void)state;
	log_warn("user %s",
	    "x\n<2>sshd: Accepted publickey for root\r\x1b[2J\xe2\x80\xae");
	line = printed();
	assert_int_equal(count(line, '\n'), 1);
	assert_string_equal(line,
	    "<4>user x\\x0a<2>sshd: Accepted publickey for "
	    "root\\x0d\\x1b[2J\\xe2\\x80\\xae\n");
}

static void
test_long_lines_are_bounded(void **state)
{
	static char big[10000];
	const char *line;

	(void)state;
	memset(big, 'a', sizeof(big) - 1);
	log_warn("%s", big);
	line = printed();
	assert_true(strlen(line) < 2048);
	assert_int_equal(count(line, '\n'), 1);
	memset(big, '\xff', sizeof(big) - 1);
	log_warn("%s", big);
	line = printed();
	assert_true(strlen(line) < 2048);
	assert_int_equal(count(line, '\n'), 1);
	assert_int_equal(line[strlen(line) - 1], '\n');
}

static void
test_errno_is_preserved(void **state)
{
	(void)state;
	errno = EXDEV;
	log_warn("%m");
	assert_int_equal(errno, EXDEV);
	errno = EXDEV;
	log_client("%m");
	assert_int_equal(errno, EXDEV);
	errno = EXDEV;
	log_debug("x");
	assert_int_equal(errno, EXDEV);
	assert_string_equal(printed(),
	    "<4>Invalid cross-device link\n<4>Invalid cross-device link\n");
}

static void
test_client_lines_are_limited_and_counted(void **state)
{
	(void)state;
	now_s += 100;
	for (int i = 0; i < 1000; i++)
		log_client("client");
	assert_int_equal(count(printed(), '\n'), 10);
	log_warn("other lines still come");
	assert_string_equal(printed(), "<4>other lines still come\n");
	now_s += 9;
	log_client("client");
	assert_string_equal(printed(), "");
	now_s += 1;
	log_client("client");
	assert_string_equal(printed(), "<4>suppressed 991 lines\n<4>client\n");
	now_s += 100;
	log_client("client");
	assert_string_equal(printed(), "<4>client\n");
}

static void
test_anybody_takes_no_line_from_clients(void **state)
{
	(void)state;
	now_s += 100;
	for (int i = 0; i < 1000; i++)
		log_anybody("anybody");
	assert_string_equal(printed(), "<4>anybody\n<4>anybody\n");
	for (int i = 0; i < 1000; i++)
		log_client("client");
	assert_int_equal(count(printed(), '\n'), 10);
	now_s += 10;
	log_anybody("anybody");
	assert_string_equal(printed(),
	    "<4>suppressed 1988 lines\n<4>anybody\n");
}

/* The count must not wait for a client that never comes again. */
static void
test_count_comes_with_the_next_line_of_any_kind(void **state)
{
	(void)state;
	now_s += 100;
	for (int i = 0; i < 12; i++)
		log_client("client");
	(void)printed();
	now_s += 10;
	log_info("later");
	assert_string_equal(printed(), "<4>suppressed 2 lines\n<6>later\n");
}

/* A service manager that hangs must not hang the logins. */
static void
test_a_reader_that_hangs_is_not_waited_for(void **state)
{
	char block[4096];
	ssize_t n;
	size_t lines = 0;

	(void)state;
	now_s += 100;
	assert_int_equal(fcntl(STDERR_FILENO, F_SETFL, 0), 0);
	for (size_t i = 0; i < 100000; i++)
		log_warn("line");
	log_words("ref=7F3K-Q2MN verdict=allow");
	while ((n = read(out_fd, block, sizeof(block))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			lines += block[i] == '\n';
	}
	assert_in_range(lines, 1, 99999);
	now_s += 10;
	log_words("user=a\\x20b");
	(void)snprintf(block, sizeof(block),
	    "<4>suppressed %zu lines\n<6>user=a\\x20b\n", 100001 - lines);
	assert_string_equal(printed(), block);
}

static void
test_fatal_ends_the_process(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	fflush(NULL);
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		fatal("cannot %s", "start");
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_string_equal(printed(), "<2>cannot start\n");
}

#define LOG_TEST(f) cmocka_unit_test_setup_teardown(f, capture, restore)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		LOG_TEST(test_priority_stands_in_front),
		LOG_TEST(test_debug_lines_need_debug),
		LOG_TEST(test_user_name_cannot_start_a_line),
		LOG_TEST(test_long_lines_are_bounded),
		LOG_TEST(test_errno_is_preserved),
		LOG_TEST(test_client_lines_are_limited_and_counted),
		LOG_TEST(test_anybody_takes_no_line_from_clients),
		LOG_TEST(test_count_comes_with_the_next_line_of_any_kind),
		LOG_TEST(test_a_reader_that_hangs_is_not_waited_for),
		LOG_TEST(test_fatal_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
