/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file ruleset: what no rule names is out of reach, for root as well, and
 * a database held as a sealed memory file can still be opened. Where the
 * kernel has no landlock these are skipped.
 */
#include <fcntl.h>
#include <linux/memfd.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/people/zone.h"
#include "policyd/privilege/priv.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/privilege/sandbox.h"
#include "proto/result.h"
#include "tests/unit/child.h"

#define TEST_UID 61234u
#define TEST_GID 61235u

static char base[] = "/tmp/farmgate-test-XXXXXX";
static char readable[64], writable[64], other[64], missing[64], own[64];
static char readable_file[80], writable_file[80], other_file[80];

/* Confine to the folders of the test. Skips where the kernel cannot. */
static int
confine(void)
{
	const char *const read[] = { readable, missing, NULL };
	const char *const write[] = { writable, "/etc/passwd/not", NULL };
	const char *const mine[] = { own, NULL };
	const char *const data[] = { ZONE_FOLDER, missing, NULL };
	const struct landlock_paths paths = { read, write, mine, data };
	int abi;

	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	abi = landlock_apply(&paths);
	if (abi == 0) {
		(void)dprintf(STDERR_FILENO, "the kernel has no landlock\n");
		_exit(CHILD_SKIP);
	}
	CHECK(abi > 0);
	return abi;
}

static void
expect_open(const char *path, int flags, bool ok)
{
	int fd;

	errno = 0;
	fd = open(path, flags | O_CLOEXEC, 0600);
	CHECK((fd != -1) == ok);
	CHECK(ok || errno == EACCES);
	if (fd != -1)
		CHECK(close(fd) == 0);
}

static void
read_only(void *arg)
{
	(void)arg;
	(void)confine();
	expect_open(readable_file, O_RDONLY, true);
	expect_open(readable, O_RDONLY | O_DIRECTORY, true);
	expect_open(readable_file, O_WRONLY, false);
	expect_open(readable_file, O_RDWR, false);
	expect_open(readable_file, O_WRONLY | O_APPEND, false);
	CHECK(unlink(readable_file) == -1 && errno == EACCES);
	CHECK(mkdir(missing, 0700) == -1 && errno == EACCES);
}

static void
read_and_write(void *arg)
{
	char again[96];

	(void)arg;
	(void)confine();
	(void)snprintf(again, sizeof(again), "%s.1", writable_file);
	expect_open(writable_file, O_RDWR | O_APPEND, true);
	expect_open(again, O_WRONLY | O_CREAT | O_EXCL, true);
	CHECK(truncate(again, 0) == 0);
	/* What is recorded stays, under its name. */
	CHECK(rename(again, writable_file) == -1 && errno == EACCES);
	CHECK(rename(writable_file, again) == -1 && errno == EACCES);
	CHECK(unlink(again) == -1 && errno == EACCES);
	(void)snprintf(again, sizeof(again), "%s/new", writable);
	CHECK(mkdir(again, 0700) == -1 && errno == EACCES);
	CHECK(symlink("x", again) == -1 && errno == EACCES);
	CHECK(mknod(again, S_IFIFO | 0600, 0) == -1 && errno == EACCES);
}

/* Copies of databases come and go, under temporary and then final names. */
static void
keep_house(void *arg)
{
	char a[96], b[96];

	(void)arg;
	(void)confine();
	(void)snprintf(a, sizeof(a), "%s/new", own);
	CHECK(mkdir(a, 0700) == 0);
	(void)snprintf(a, sizeof(a), "%s/new/a", own);
	(void)snprintf(b, sizeof(b), "%s/new/b", own);
	expect_open(a, O_WRONLY | O_CREAT | O_EXCL, true);
	CHECK(rename(a, b) == 0);
	expect_open(b, O_RDONLY, true);
	CHECK(symlink("x", a) == -1 && errno == EACCES);
	CHECK(rename(b, writable_file) == -1);
	CHECK(errno == EACCES || errno == EXDEV);
	CHECK(unlink(b) == 0);
	(void)snprintf(a, sizeof(a), "%s/new", own);
	CHECK(rmdir(a) == -1 && errno == EACCES);
}

static void
nothing_else(void *arg)
{
	(void)arg;
	(void)confine();
	expect_open("/etc/passwd", O_RDONLY, false);
	expect_open("/etc", O_RDONLY | O_DIRECTORY, false);
	expect_open("/proc/self/maps", O_RDONLY, false);
	expect_open("/proc/1/stat", O_RDONLY, false);
	expect_open(other_file, O_RDONLY, false);
	expect_open(other_file, O_WRONLY, false);
	expect_open("/dev/null", O_WRONLY, false);
	CHECK(unlink(other_file) == -1 && errno == EACCES);
	CHECK(execl("/bin/true", "true", (char *)NULL) == -1);
	CHECK(errno == EACCES);
}

/* Moving a file in or out is a way around a rule. */
static void
no_moving(void *arg)
{
	char to[96];

	(void)arg;
	(void)confine();
	(void)snprintf(to, sizeof(to), "%s/moved", writable);
	CHECK(rename(other_file, to) == -1);
	CHECK(errno == EACCES || errno == EXDEV);
	CHECK(link(other_file, to) == -1);
	CHECK(errno == EACCES || errno == EXDEV);
}

static void
sealed_memory(void)
{
	char path[64];
	void *map;
	int fd, again;

	fd = memfd_create("database", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	CHECK(fd != -1);
	CHECK(write(fd, "data", 4) == 4);
	CHECK(fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) ==
	    0);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK((again = open(path, O_RDONLY | O_CLOEXEC)) != -1);
	map = mmap(NULL, 4, PROT_READ, MAP_SHARED, again, 0);
	CHECK(map != MAP_FAILED);
	CHECK(memcmp(map, "data", 4) == 0);
}

static void
memory_file(void *arg)
{
	(void)arg;
	(void)confine();
	sealed_memory();
}

/* The decider's whole way: not dumpable, its /proc/self/fd is root's. */
static void
memory_file_after_the_drop(void *arg)
{
	const struct priv_ids ids = { TEST_UID, TEST_GID };

	(void)arg;
	priv_drop(&ids, "");
	(void)confine();
	CHECK(sandbox_apply(SANDBOX_DECIDER, SANDBOX_KILL) == 0);
	sealed_memory();
	expect_open("/etc/passwd", O_RDONLY, false);
}

/* What a reload reads is reached through folders that no rule names. */
static void
checked_reading(void *arg)
{
	const struct priv_ids ids = { TEST_UID, TEST_GID };
	char link_path[96], *data;
	const char *why;
	size_t len;

	(void)arg;
	(void)snprintf(link_path, sizeof(link_path), "%s/l/f", base);
	safeopen_only_root();
	priv_drop(&ids, "");
	(void)confine();
	CHECK(sandbox_apply(SANDBOX_DECIDER, SANDBOX_KILL) == 0);
	CHECK(safeopen_read(readable_file, 10, &data, &len, &why) == 0);
	free(data);
	CHECK(safeopen_read(link_path, 10, &data, &len, &why) == 0);
	free(data);
	CHECK(safeopen_read(other_file, 10, &data, &len, &why) ==
	    FG_ERR_SYSTEM);
	CHECK(errno == EACCES);
}

/* A zone is read when the first of its people logs in, by the filter too. */
static void
zone_reading(void *arg)
{
	struct tm tm;

	(void)arg;
	(void)confine();
	CHECK(sandbox_apply(SANDBOX_DECIDER, SANDBOX_KILL) == 0);
	CHECK(zone_time("Europe/Oslo", 0, &tm) == 0);
	CHECK(zone_time("Europe/Atlantis", 0, &tm) == FG_ERR_NOT_FOUND);
	expect_open(ZONE_FOLDER "/farmgate", O_WRONLY | O_CREAT, false);
}

/* A folder that this uid cannot enter is passed over, and not granted. */
static void
unreachable(void *arg)
{
	const struct priv_ids ids = { TEST_UID, TEST_GID };
	const char *const read[] = { "/proc/1/fdinfo/0", readable, NULL };
	const struct landlock_paths paths = { read, NULL, NULL, NULL };

	(void)arg;
	priv_drop(&ids, "");
	if (landlock_apply(&paths) == 0)
		_exit(CHILD_SKIP);
	expect_open(readable_file, O_RDONLY, true);
	expect_open("/etc/passwd", O_RDONLY, false);
}

static void
no_network(void *arg)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = 9 };
	int fd;

	(void)arg;
	if (confine() < 4) {
		(void)dprintf(STDERR_FILENO, "landlock is older than 4\n");
		_exit(CHILD_SKIP);
	}
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK((fd = socket(AF_INET, SOCK_STREAM, 0)) != -1);
	CHECK(connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1);
	CHECK(errno == EACCES);
	CHECK(bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1);
	CHECK(errno == EACCES);
}

/* The service manager's socket may be abstract; it is connected before. */
static void
no_others(void *arg)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t len;
	int to, from, fresh;

	(void)arg;
	CHECK((to = socket(AF_UNIX, SOCK_DGRAM, 0)) != -1);
	CHECK((from = socket(AF_UNIX, SOCK_DGRAM, 0)) != -1);
	/* With an address of no path the kernel picks an abstract one. */
	CHECK(bind(to, (struct sockaddr *)&sun, sizeof(sa_family_t)) == 0);
	len = sizeof(sun);
	CHECK(getsockname(to, (struct sockaddr *)&sun, &len) == 0);
	CHECK(connect(from, (struct sockaddr *)&sun, len) == 0);
	if (confine() < 6) {
		(void)dprintf(STDERR_FILENO, "landlock is older than 6\n");
		_exit(CHILD_SKIP);
	}
	CHECK(kill(getppid(), 0) == -1 && errno == EPERM);
	CHECK(kill(getpid(), 0) == 0);
	CHECK(send(from, "READY=1", 7, MSG_NOSIGNAL) == 7);
	CHECK((fresh = socket(AF_UNIX, SOCK_DGRAM, 0)) != -1);
	CHECK(connect(fresh, (struct sockaddr *)&sun, len) == -1);
	CHECK(errno == EPERM);
}

static void
no_paths(void *arg)
{
	const struct landlock_paths none = { NULL, NULL, NULL, NULL };

	(void)arg;
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	if (landlock_apply(&none) == 0)
		_exit(CHILD_SKIP);
	expect_open(readable_file, O_RDONLY, false);
	expect_open(writable_file, O_WRONLY, false);
}

/* Without no_new_privs an unprivileged process is refused by the kernel. */
static void
no_permission(void *arg)
{
	const struct landlock_paths none = { NULL, NULL, NULL, NULL };
	int r;

	(void)arg;
	CHECK(setresuid(TEST_UID, TEST_UID, TEST_UID) == 0);
	if ((r = landlock_apply(&none)) == 0)
		_exit(CHILD_SKIP);
	CHECK(r == FG_ERR_SYSTEM);
	CHECK(errno == EPERM);
}

static void
test_readable_paths_are_read_and_not_written(void **state)
{
	(void)state;
	child_passes(read_only, NULL);
}

static void
test_writable_paths_take_files_and_nothing_else(void **state)
{
	char made[96];

	(void)state;
	(void)snprintf(made, sizeof(made), "%s.1", writable_file);
	child_passes(read_and_write, NULL);
	assert_int_equal(unlink(made), 0);
}

static void
test_own_folders_files_are_renamed_and_removed(void **state)
{
	char made[96];

	(void)state;
	(void)snprintf(made, sizeof(made), "%s/new", own);
	child_passes(keep_house, NULL);
	assert_int_equal(rmdir(made), 0);
}

static void
test_PRV_03_everything_else_is_out_of_reach(void **state)
{
	(void)state;
	child_passes(nothing_else, NULL);
}

static void
test_files_are_not_moved_past_a_rule(void **state)
{
	(void)state;
	child_passes(no_moving, NULL);
}

static void
test_sealed_memory_file_can_still_be_opened(void **state)
{
	(void)state;
	child_passes(memory_file, NULL);
}

static void
test_sealed_memory_file_can_be_opened_after_the_drop(void **state)
{
	(void)state;
	needs_root();
	child_passes(memory_file_after_the_drop, NULL);
}

static void
test_files_are_checked_and_read_within_the_rules(void **state)
{
	char link_path[80];

	(void)state;
	needs_root();
	(void)snprintf(link_path, sizeof(link_path), "%s/l", base);
	assert_int_equal(symlink(readable, link_path), 0);
	assert_int_equal(chmod(readable_file, 0644), 0);
	child_passes(checked_reading, NULL);
	assert_int_equal(unlink(link_path), 0);
}

static void
test_time_zones_are_read_within_the_rules(void **state)
{
	(void)state;
	needs_root();
	child_passes(zone_reading, NULL);
}

static void
test_path_that_cannot_be_reached_is_passed_over(void **state)
{
	(void)state;
	needs_root();
	child_passes(unreachable, NULL);
}

static void
test_tcp_is_refused_where_the_kernel_can(void **state)
{
	(void)state;
	child_passes(no_network, NULL);
}

static void
test_other_processes_are_out_of_reach_where_the_kernel_can(void **state)
{
	(void)state;
	child_passes(no_others, NULL);
}

static void
test_no_paths_at_all_leave_nothing(void **state)
{
	(void)state;
	child_passes(no_paths, NULL);
}

static void
test_a_refusal_by_the_kernel_is_an_error(void **state)
{
	(void)state;
	needs_root();
	child_passes(no_permission, NULL);
}

static void
make_file(const char *path)
{
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	assert_true(fd != -1);
	assert_int_equal(close(fd), 0);
}

static int
setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(base));
	assert_int_equal(chmod(base, 0755), 0);
	(void)snprintf(readable, sizeof(readable), "%s/r", base);
	(void)snprintf(writable, sizeof(writable), "%s/w", base);
	(void)snprintf(other, sizeof(other), "%s/o", base);
	(void)snprintf(own, sizeof(own), "%s/h", base);
	(void)snprintf(missing, sizeof(missing), "%s/missing", base);
	(void)snprintf(readable_file, sizeof(readable_file), "%s/f", readable);
	(void)snprintf(writable_file, sizeof(writable_file), "%s/f", writable);
	(void)snprintf(other_file, sizeof(other_file), "%s/f", other);
	assert_int_equal(mkdir(readable, 0755), 0);
	assert_int_equal(mkdir(writable, 0755), 0);
	assert_int_equal(mkdir(other, 0755), 0);
	assert_int_equal(mkdir(own, 0755), 0);
	make_file(readable_file);
	make_file(writable_file);
	make_file(other_file);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	assert_int_equal(unlink(readable_file), 0);
	assert_int_equal(unlink(writable_file), 0);
	assert_int_equal(unlink(other_file), 0);
	assert_int_equal(rmdir(readable), 0);
	assert_int_equal(rmdir(writable), 0);
	assert_int_equal(rmdir(other), 0);
	assert_int_equal(rmdir(own), 0);
	assert_int_equal(rmdir(base), 0);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readable_paths_are_read_and_not_written),
		cmocka_unit_test(
		    test_writable_paths_take_files_and_nothing_else),
		cmocka_unit_test(
		    test_own_folders_files_are_renamed_and_removed),
		cmocka_unit_test(test_PRV_03_everything_else_is_out_of_reach),
		cmocka_unit_test(test_files_are_not_moved_past_a_rule),
		cmocka_unit_test(test_sealed_memory_file_can_still_be_opened),
		cmocka_unit_test(
		    test_sealed_memory_file_can_be_opened_after_the_drop),
		cmocka_unit_test(
		    test_files_are_checked_and_read_within_the_rules),
		cmocka_unit_test(test_time_zones_are_read_within_the_rules),
		cmocka_unit_test(
		    test_path_that_cannot_be_reached_is_passed_over),
		cmocka_unit_test(test_tcp_is_refused_where_the_kernel_can),
		cmocka_unit_test(
		    test_other_processes_are_out_of_reach_where_the_kernel_can),
		cmocka_unit_test(test_no_paths_at_all_leave_nothing),
		cmocka_unit_test(test_a_refusal_by_the_kernel_is_an_error),
	};

	log_init("test_landlock", false);
	return cmocka_run_group_tests(tests, setup, teardown);
}
