/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that decide about logins: what is not the administrator's own plain
 * file is refused, and nothing that is opened can make the caller wait.
 */
#include "policyd/privilege/safeopen.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/result.h"
#include "tests/unit/asroot.h"
#include "tests/unit/child.h"

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

/* Refused, with words that name this folder and what to do about it. */
static void
refused_for(const char *path, int any_owner, const char *name)
{
	const char *why = NULL;
	size_t size;
	int fd;

	assert_int_equal(safeopen(path, 10, any_owner, &fd, &size, &why),
	    FG_ERR_UNSAFE);
	assert_int_equal(fd, -1);
	if (strstr(why, name) == NULL || strstr(why, "; ") == NULL)
		fail_msg("%s: %s", path, why);
}

/* A folder below dir; its path is in one of a few places in turn. */
static const char *
put_folder(const char *name, mode_t mode)
{
	static char paths[4][512];
	static unsigned int turn;
	char *path = paths[turn++ % 4];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
	assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

/* Owners need a second uid; in a user namespace there may be none. */
static void
give_away(const char *path, uid_t uid)
{
	if (lchown(path, uid, (gid_t)-1) == 0)
		return;
	print_message("no second uid\n");
	skip();
}

static int
make_dir(void **state)
{
	struct stat st;

	(void)state;
	if (stat("/", &st) != 0 || st.st_uid != 0) {
		print_message("SKIP safeopen: / does not belong to root\n");
		exit(0);
	}
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

static void
test_another_users_file_is_refused(void **state)
{
	const char *path = put_file("theirs", "x", 0644), *why;
	size_t size, len;
	char *data;
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
	assert_int_equal(safeopen_read_any(path, 10, &data, &len, &why), 0);
	assert_string_equal(data, "x");
	free(data);
	assert_int_equal(safeopen_read_any(path, 0, &data, &len, &why),
	    FG_ERR_LIMIT);
	assert_null(data);
	/* Any owner is not anybody's right to write. */
	assert_int_equal(chmod(path, 0664), 0);
	assert_int_equal(safeopen(path, 10, 1, &fd, &size, &why),
	    FG_ERR_UNSAFE);
	assert_int_equal(safeopen_read_any(path, 10, &data, &len, &why),
	    FG_ERR_UNSAFE);
}

static void
test_another_users_folder_is_refused(void **state)
{
	const char *path, *why;
	char folder[512];
	size_t size;
	int fd;

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
	/* where the folder may be a stranger's, the file must be, too */
	refused_for(path, 1, "chown --reference=");
	refused_for(path, 1, folder);
	assert_int_equal(chown(path, 1, 1), 0);
	assert_int_equal(safeopen(path, 10, 1, &fd, &size, &why), 0);
	(void)close(fd);
}

static void
test_every_folder_above_counts(void **state)
{
	const char *outer = put_folder("outer", 0755);
	const char *inner = put_folder("outer/inner", 0755);
	const char *path;

	(void)state;
	path = put_file("outer/inner/file", "x", 0644);
	assert_int_equal(try_read(path, 10), 0);
	assert_int_equal(chmod(outer, 0775), 0);
	refused_for(path, 0, outer);
	refused_for(path, 1, outer);
	assert_int_equal(chmod(outer, 0757), 0);
	refused_for(path, 0, outer);
	assert_int_equal(chmod(outer, 01777), 0);
	assert_int_equal(try_read(path, 10), 0);
	assert_int_equal(chmod(outer, 0755), 0);
	give_away(outer, 1);
	refused_for(path, 0, outer);
	refused_for(path, 1, outer); /* the file is root's */
	give_away(inner, 2);
	give_away(path, 2);
	refused_for(path, 1, inner); /* two strangers are one too many */
}

static void
test_a_database_and_its_folders_may_be_one_users(void **state)
{
	const char *folder = put_folder("updates", 0755), *path, *why;
	size_t size;
	int fd;

	(void)state;
	path = put_file("updates/db", "x", 0644);
	give_away(path, 1);
	assert_int_equal(safeopen(path, 10, 1, &fd, &size, &why), 0);
	(void)close(fd);
	give_away(folder, 1);
	assert_int_equal(safeopen(path, 10, 1, &fd, &size, &why), 0);
	(void)close(fd);
	refused_for(path, 0, folder);
	give_away(path, 2);
	refused_for(path, 1, folder);
	/* Where anybody can put a file of that name, it has to be root's. */
	give_away(folder, 0);
	assert_int_equal(chmod(folder, 01777), 0);
	refused_for(path, 1, folder);
	give_away(path, 0);
	assert_int_equal(safeopen(path, 10, 1, &fd, &size, &why), 0);
	(void)close(fd);
}

static void
test_only_links_that_root_made_are_followed(void **state)
{
	const char *real = put_folder("real", 0755), *path;
	const char *folder = put_folder("links", 0755);
	char to[540], file[560];

	(void)state;
	path = put_file("real/file", "x", 0644);
	assert_int_equal(try_read(path, 10), 0);
	(void)snprintf(to, sizeof(to), "%s/to", folder);
	(void)snprintf(file, sizeof(file), "%s/file", to);
	assert_int_equal(symlink(real, to), 0);
	assert_int_equal(try_read(file, 10), 0);
	assert_int_equal(unlink(to), 0);
	assert_int_equal(symlink("../links//./../real", to), 0);
	assert_int_equal(try_read(file, 10), 0);
	/* It may lead to a folder that is refused itself. */
	assert_int_equal(chmod(real, 0777), 0);
	refused_for(file, 0, "/real");
	assert_int_equal(chmod(real, 0755), 0);
	/* In a folder for everybody it may be a hard link to root's. */
	assert_int_equal(chmod(folder, 01777), 0);
	refused_for(file, 0, to);
	assert_int_equal(chmod(folder, 0755), 0);
	give_away(to, 1);
	refused_for(file, 0, to);
	refused_for(file, 1, to);
	give_away(to, 0);
	assert_int_equal(try_read(file, 10), 0);
}

static void
test_links_without_end_are_refused(void **state)
{
	const char *folder = put_folder("loops", 0755);
	char name[600], target[32];
	int i;

	(void)state;
	(void)snprintf(name, sizeof(name), "%s/self", folder);
	assert_int_equal(symlink("self", name), 0);
	(void)strcat(name, "/file");
	refused_for(name, 0, "too many symbolic links");
	for (i = 0; i < 17; i++) {
		(void)snprintf(name, sizeof(name), "%s/l%d", folder, i);
		(void)snprintf(target, sizeof(target), "l%d", i + 1);
		assert_int_equal(symlink(target, name), 0);
	}
	(void)put_folder("loops/l17", 0755);
	(void)put_file("loops/l17/file", "x", 0644);
	(void)snprintf(name, sizeof(name), "%s/l1/file", folder);
	assert_int_equal(try_read(name, 10), 0);
	(void)snprintf(name, sizeof(name), "%s/l0/file", folder);
	refused_for(name, 0, "too many symbolic links");
}

static void
test_ways_through_no_folder_are_errors(void **state)
{
	char name[NAME_MAX + 600];

	(void)state;
	(void)put_file("nofolder", "x", 0644);
	assert_int_equal(try_read(in_dir("nofolder/x"), 10), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(symlink("/nonexistent", in_dir("dangling")), 0);
	assert_int_equal(try_read(in_dir("dangling/x"), 10), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENOENT);
	(void)snprintf(name, sizeof(name), "%s/%0*d/x", dir, NAME_MAX + 1, 0);
	assert_int_equal(try_read(name, 10), FG_ERR_SYSTEM);
	assert_int_equal(errno, ENAMETOOLONG);
}

static void
read_relative(void *arg)
{
	const char *outer = arg, *why;
	size_t len;
	char *data;

	CHECK(chdir(outer) == 0 && chdir("inner") == 0);
	CHECK(safeopen_read("file", 10, &data, &len, &why) == 0);
	free(data);
	CHECK(safeopen_read("../inner/file", 10, &data, &len, &why) == 0);
	free(data);
	CHECK(chmod("..", 0777) == 0);
	CHECK(safeopen_read("file", 10, &data, &len, &why) == FG_ERR_UNSAFE);
	CHECK(strstr(why, "./..") != NULL);
	CHECK(chmod("..", 0755) == 0);
}

static void
test_a_relative_path_is_checked_up_to_the_root(void **state)
{
	const char *outer = put_folder("above", 0755);

	(void)state;
	(void)put_folder("above/inner", 0755);
	(void)put_file("above/inner/file", "x", 0644);
	child_passes(read_relative, (void *)(uintptr_t)outer);
}

/* As the daemon's own user. */
static void
read_own(void *arg)
{
	const char *path = arg, *why;
	size_t len, size;
	char *data;
	int fd;

	CHECK(setresuid(1, 1, 1) == 0);
	CHECK(safeopen_read(path, 10, &data, &len, &why) == 0);
	free(data);
	safeopen_only_root();
	CHECK(safeopen_read(path, 10, &data, &len, &why) == FG_ERR_UNSAFE);
	CHECK(strstr(why, "/own,") != NULL);
	/* A database may still be anybody's, the daemon's included. */
	CHECK(safeopen(path, 10, 1, &fd, &size, &why) == 0);
	CHECK(close(fd) == 0);
	CHECK(safeopen_read("/etc/passwd", 1u << 20, &data, &len, &why) == 0);
	free(data);
}

static void
test_a_daemon_can_stop_to_trust_itself(void **state)
{
	const char *folder = put_folder("own", 0755);
	const char *path = put_file("own/file", "x", 0644);

	(void)state;
	assert_int_equal(chmod(dir, 0755), 0);
	give_away(folder, 1);
	give_away(path, 1);
	child_passes(read_own, (void *)(uintptr_t)path);
	assert_int_equal(chmod(dir, 0700), 0);
}

/* For as long as it lives: the folder is there, is a link, is there. */
static void
swap_folder(const char *folder, const char *theirs)
{
	char aside[600], link_path[600];

	(void)snprintf(aside, sizeof(aside), "%s.aside", folder);
	(void)snprintf(link_path, sizeof(link_path), "%s.link", folder);
	if (symlink(theirs, link_path) != 0 || lchown(link_path, 1, 1) != 0)
		_exit(1);
	for (;;) {
		(void)rename(folder, aside);
		(void)rename(link_path, folder);
		(void)rename(folder, link_path);
		(void)rename(aside, folder);
	}
}

static void
test_a_folder_that_is_swapped_is_never_followed(void **state)
{
	const char *folder = put_folder("swapped", 0755);
	const char *theirs = put_folder("theirs-own", 0755), *why;
	char path[600], *data;
	int i, r, status;
	size_t len;
	pid_t child;

	(void)state;
	(void)put_file("theirs-own/file", "bad", 0644);
	give_away(theirs, 1);
	(void)put_file("swapped/file", "good", 0644);
	(void)snprintf(path, sizeof(path), "%s/file", folder);
	if ((child = fork()) == 0)
		swap_folder(folder, theirs);
	assert_true(child > 0);
	for (i = 0; i < 20000; i++) {
		r = safeopen_read(path, 10, &data, &len, &why);
		if (r == 0 && strcmp(data, "good") != 0)
			break;
		free(data);
		if (r != 0 && r != FG_ERR_UNSAFE &&
		    (r != FG_ERR_SYSTEM ||
			(errno != ENOENT && errno != ENOTDIR)))
			break;
	}
	(void)kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status)); /* it swapped up to now */
	assert_int_equal(i, 20000);
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
		cmocka_unit_test(test_every_folder_above_counts),
		cmocka_unit_test(
		    test_a_database_and_its_folders_may_be_one_users),
		cmocka_unit_test(test_only_links_that_root_made_are_followed),
		cmocka_unit_test(test_links_without_end_are_refused),
		cmocka_unit_test(test_ways_through_no_folder_are_errors),
		cmocka_unit_test(
		    test_a_relative_path_is_checked_up_to_the_root),
		cmocka_unit_test(test_a_daemon_can_stop_to_trust_itself),
		cmocka_unit_test(
		    test_a_folder_that_is_swapped_is_never_followed),
		cmocka_unit_test(test_the_descriptor_is_for_this_process_only),
	};

	(void)argc;
	asroot_or_skip(argv);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
