/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that decide about logins: what is not the administrator's own plain
 * file is refused, and nothing that is opened can make the caller wait.
 */
#include "policyd/safeopen.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/result.h"
#include "tests/unit/asroot.h"

static char dir[] = "/tmp/fg-safeopen.XXXXXX";
static char path_buf[512];

static const char *
in_dir(const char *name)
{
	(void)snprintf(path_buf, sizeof(path_buf), "%s/%s", dir, name);
	return path_buf;
}

static const char *
put_file(const char *name, const char *text, mode_t mode)
{
	const char *path = in_dir(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
	return path;
}

static int
try_read(const char *path, size_t max)
{
	const char *why = NULL;
	char *data = NULL;
	size_t len = 0;
	int r;

	r = safeopen_read(path, max, &data, &len, &why);
	if (r != 0) {
		assert_null(data);
		assert_int_equal(len, 0);
	}
	if (r == FG_ERR_UNSAFE || r == FG_ERR_LIMIT)
		assert_non_null(why);
	free(data);
	return r;
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
remove_dir(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static void
test_a_plain_file_is_read_whole(void **state)
{
	const char *path = put_file("plain", "one\ntwo\n", 0640), *why;
	char *data;
	size_t len;

	(void)state;
	assert_int_equal(safeopen_read(path, 100, &data, &len, &why), 0);
	assert_int_equal(len, 8);
	assert_string_equal(data, "one\ntwo\n");
	free(data);
}

static void
test_an_empty_file_is_read_as_nothing(void **state)
{
	const char *path = put_file("empty", "", 0600), *why;
	char *data;
	size_t len;

	(void)state;
	assert_int_equal(safeopen_read(path, 0, &data, &len, &why), 0);
	assert_int_equal(len, 0);
	assert_string_equal(data, "");
	free(data);
}

static void
test_a_size_above_the_limit_is_refused(void **state)
{
	const char *path = put_file("large", "12345678", 0600);

	(void)state;
	assert_int_equal(try_read(path, 8), 0);
	assert_int_equal(try_read(path, 7), FG_ERR_LIMIT);
	assert_int_equal(try_read(path, 0), FG_ERR_LIMIT);
}

static void
test_a_missing_file_leaves_errno(void **state)
{
	(void)state;
	errno = 0;
	assert_int_equal(try_read(in_dir("missing"), 10), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(try_read(in_dir("no/such/folder"), 10), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	assert_int_not_equal(try_read("", 10), 0);
}

static void
test_a_symbolic_link_is_refused(void **state)
{
	char link_path[512];

	(void)state;
	(void)snprintf(link_path, sizeof(link_path), "%s/link", dir);
	assert_int_equal(symlink(put_file("target", "x", 0600), link_path), 0);
	assert_int_equal(try_read(link_path, 10), FG_ERR_UNSAFE);
	assert_int_equal(unlink(link_path), 0);
	assert_int_equal(symlink("/nonexistent", link_path), 0);
	assert_int_equal(try_read(link_path, 10), FG_ERR_UNSAFE);
}

static void
test_a_fifo_is_refused_and_nobody_waits(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(in_dir("fifo"), 0600), 0);
	assert_int_equal(try_read(in_dir("fifo"), 10), FG_ERR_UNSAFE);
}

static void
test_devices_and_folders_are_refused(void **state)
{
	(void)state;
	assert_int_equal(try_read("/dev/zero", 10), FG_ERR_UNSAFE);
	assert_int_equal(try_read("/dev/null", 10), FG_ERR_UNSAFE);
	assert_int_equal(try_read(dir, 10), FG_ERR_UNSAFE);
	assert_int_not_equal(try_read("/", 10), 0);
	assert_int_not_equal(try_read(in_dir(""), 10), 0);
}

static void
test_a_socket_is_refused(void **state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/sock", dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(try_read(sun.sun_path, 10), FG_ERR_UNSAFE);
	(void)close(fd);
}

static void
test_what_others_can_write_is_refused(void **state)
{
	(void)state;
	assert_int_equal(try_read(put_file("w", "x", 0620), 10), FG_ERR_UNSAFE);
	assert_int_equal(try_read(put_file("w", "x", 0602), 10), FG_ERR_UNSAFE);
	assert_int_equal(try_read(put_file("w", "x", 0666), 10), FG_ERR_UNSAFE);
	assert_int_equal(try_read(put_file("w", "x", 0644), 10), 0);
}

static void
test_a_folder_that_others_can_write_is_refused(void **state)
{
	const char *path = put_file("inside", "x", 0600);

	(void)state;
	assert_int_equal(chmod(dir, 0777), 0);
	assert_int_equal(try_read(path, 10), FG_ERR_UNSAFE);
	assert_int_equal(chmod(dir, 0770), 0);
	assert_int_equal(try_read(path, 10), FG_ERR_UNSAFE);
	assert_int_equal(chmod(dir, 01777), 0);
	assert_int_equal(try_read(path, 10), 0);
	assert_int_equal(chmod(dir, 0700), 0);
	assert_int_equal(try_read(path, 10), 0);
}

/* Owners need a second uid; in a user namespace there may be none. */
static void
test_another_users_file_is_refused(void **state)
{
	const char *path = put_file("theirs", "x", 0644), *why;
	size_t size;
	int fd;

	(void)state;
	if (chown(path, 1, 1) != 0) {
		print_message("SKIP another_users_file: no second uid\n");
		return;
	}
	assert_int_equal(try_read(path, 10), FG_ERR_UNSAFE);
	assert_int_equal(safeopen(path, 10, 0, &fd, &size, &why),
	    FG_ERR_UNSAFE);
	assert_int_equal(fd, -1);
	assert_int_equal(safeopen(path, 10, 1, &fd, &size, &why), 0);
	assert_int_equal(size, 1);
	(void)close(fd);
	/* Any owner is not anybody's right to write. */
	assert_int_equal(chmod(path, 0664), 0);
	assert_int_equal(safeopen(path, 10, 1, &fd, &size, &why),
	    FG_ERR_UNSAFE);
}

static void
test_another_users_folder_is_refused(void **state)
{
	char folder[512];
	const char *path;

	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/sub", dir);
	assert_int_equal(mkdir(folder, 0755), 0);
	path = put_file("sub/file", "x", 0644);
	assert_int_equal(try_read(path, 10), 0);
	if (chown(folder, 1, 1) != 0) {
		print_message("SKIP another_users_folder: no second uid\n");
		return;
	}
	assert_int_equal(try_read(path, 10), FG_ERR_UNSAFE);
}

static void
test_the_descriptor_is_for_this_process_only(void **state)
{
	const char *path = put_file("fd", "x", 0600), *why;
	size_t size;
	int fd;

	(void)state;
	assert_int_equal(safeopen(path, 10, 0, &fd, &size, &why), 0);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	assert_int_equal(close(fd), 0);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_plain_file_is_read_whole),
		cmocka_unit_test(test_an_empty_file_is_read_as_nothing),
		cmocka_unit_test(test_a_size_above_the_limit_is_refused),
		cmocka_unit_test(test_a_missing_file_leaves_errno),
		cmocka_unit_test(test_a_symbolic_link_is_refused),
		cmocka_unit_test(test_a_fifo_is_refused_and_nobody_waits),
		cmocka_unit_test(test_devices_and_folders_are_refused),
		cmocka_unit_test(test_a_socket_is_refused),
		cmocka_unit_test(test_what_others_can_write_is_refused),
		cmocka_unit_test(
		    test_a_folder_that_others_can_write_is_refused),
		cmocka_unit_test(test_another_users_file_is_refused),
		cmocka_unit_test(test_another_users_folder_is_refused),
		cmocka_unit_test(test_the_descriptor_is_for_this_process_only),
	};

	(void)argc;
	asroot_or_skip(argv);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
