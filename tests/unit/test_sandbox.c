/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each process lives on still works within its filter, and the filter
 * itself cannot be left out, put off or walked around.
 */
#include <fcntl.h>
#include <poll.h>
#include <linux/memfd.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/privilege/sandbox.h"
#include "proto/result.h"
#include "tests/unit/child.h"

static void
use_memory_and_time(void)
{
	struct timespec ts = { .tv_nsec = 1000 };
	char *big, byte;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &ts) == 0);
	ts = (struct timespec){ .tv_nsec = 1000 };
	CHECK(nanosleep(&ts, NULL) == 0);
	CHECK(getrandom(&byte, 1, 0) == 1);
	CHECK((big = calloc(1, 8u << 20)) != NULL);
	big[4u << 20] = 'x';
	CHECK((big = realloc(big, 16u << 20)) != NULL);
	CHECK(big[4u << 20] == 'x');
	free(big);
}

static void
use_pair(int fd[2])
{
	char buf[8] = "";

	CHECK(send(fd[0], "hello", 5, MSG_NOSIGNAL) == 5);
	CHECK(recv(fd[1], buf, sizeof(buf), 0) == 5);
	CHECK(strcmp(buf, "hello") == 0);
}

struct scanner_life {
	enum sandbox_role role;
	enum sandbox_mode mode;
};

static void
live_as_scanner(void *arg)
{
	const struct scanner_life *life = arg;
	char buf[256];
	struct statfs fs;
	struct stat st;
	int fd, pair[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	CHECK(sandbox_apply(life->role, life->mode) == 0);
	use_memory_and_time();
	use_pair(pair);
	CHECK((fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC)) != -1);
	CHECK(read(fd, buf, sizeof(buf)) > 0);
	CHECK(fstat(fd, &st) == 0);
	CHECK(fstatfs(fd, &fs) == 0);
	CHECK(close(fd) == 0);
	CHECK(readlink("/proc/self/ns/pid", buf, sizeof(buf)) > 0);
	CHECK((fd = open("/proc", O_RDONLY | O_DIRECTORY)) != -1);
	CHECK(syscall(SYS_getdents64, fd, buf, sizeof(buf)) > 0);
	CHECK(stat("/proc/1", &st) == 0);
}

static void
send_as_scanner(const pid_t pid[3], enum sandbox_mode mode)
{
	static const long signals[] = { SIGCONT, SIGTERM, SIGKILL };
	int pidfd;
	size_t i;

	CHECK(sandbox_apply(SANDBOX_SCANNER_TERMINATE, mode) == 0);
	for (i = 0; i < 3; i++) {
		pidfd = (int)syscall(SYS_pidfd_open, (long)pid[i], 0L);
		CHECK(pidfd != -1);
		CHECK(syscall(SYS_pidfd_send_signal, pidfd, signals[i], NULL,
			  0L) == 0);
		CHECK(close(pidfd) == 0);
	}
}

/* Each signal that ends a session, to the process that was looked at. */
static void
end_as_scanner(void *arg)
{
	pid_t pid[3], killer;
	int status;
	size_t i;

	for (i = 0; i < 3; i++) {
		CHECK((pid[i] = fork()) != -1);
		while (pid[i] == 0)
			(void)pause();
	}
	CHECK(kill(pid[0], SIGSTOP) == 0);
	CHECK(waitpid(pid[0], &status, WUNTRACED) == pid[0]);
	CHECK((killer = fork()) != -1);
	if (killer == 0) {
		send_as_scanner(pid, *(enum sandbox_mode *)arg);
		_exit(0);
	}
	CHECK(waitpid(killer, &status, 0) == killer);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK(waitpid(pid[0], &status, WCONTINUED) == pid[0]);
	CHECK(WIFCONTINUED(status));
	CHECK(waitpid(pid[1], &status, 0) == pid[1]);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	CHECK(waitpid(pid[2], &status, 0) == pid[2]);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK(kill(pid[0], SIGKILL) == 0);
	CHECK(waitpid(pid[0], &status, 0) == pid[0]);
}

/* As libevent waits, and hears of signals. */
static void
use_events(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep, pair[2];

	CHECK((ep = epoll_create1(EPOLL_CLOEXEC)) != -1);
	CHECK(pipe2(pair, O_CLOEXEC | O_NONBLOCK) == 0);
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, pair[0], &ev) == 0);
	CHECK(write(pair[1], "", 1) == 1);
	CHECK(epoll_wait(ep, &ev, 1, 1000) == 1);
	CHECK(close(ep) == 0 && close(pair[0]) == 0 && close(pair[1]) == 0);
}

/* As the databases are held. */
static void
use_sealed_memory(void)
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
	CHECK(munmap(map, 4) == 0);
	CHECK(close(again) == 0 && close(fd) == 0);
}

/* As the audit log is written, and opened anew. */
static void
use_files(const char *dir)
{
	char path[128];
	FILE *f;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/a", dir);
	fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	CHECK(fd != -1);
	CHECK(fchmod(fd, 0640) == 0);
	CHECK(write(fd, "line\n", 5) == 5);
	CHECK(fdatasync(fd) == 0);
	CHECK(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	CHECK(ftruncate(fd, 0) == 0);
	CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	CHECK(close(fd) == 0);
	CHECK((f = fopen(path, "re")) != NULL);
	CHECK(fgetc(f) == EOF);
	CHECK(fclose(f) == 0);
}

static void
use_connection(int listener)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);
	char buf[8];
	int fd, pidfd;

	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	CHECK(fd != -1);
	CHECK(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0);
	CHECK((pidfd = (int)syscall(SYS_pidfd_open, cred.pid, 0)) != -1);
	CHECK(recv(fd, buf, sizeof(buf), 0) == 4);
	CHECK(send(fd, "pong", 4, MSG_NOSIGNAL) == 4);
	CHECK(close(pidfd) == 0 && close(fd) == 0);
}

/* A listener with one connection that has already said something. */
static int
make_listener(const char *dir, int *ret_client)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int listener;

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/s", dir);
	CHECK((listener = socket(AF_UNIX, SOCK_SEQPACKET, 0)) != -1);
	CHECK((*ret_client = socket(AF_UNIX, SOCK_SEQPACKET, 0)) != -1);
	CHECK(bind(listener, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	CHECK(listen(listener, 1) == 0);
	CHECK(connect(*ret_client, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	CHECK(send(*ret_client, "ping", 4, 0) == 4);
	CHECK(unlink(sun.sun_path) == 0);
	return listener;
}

struct decider_life {
	enum sandbox_mode mode;
	char dir[32];
};

static void
live_as_decider(void *arg)
{
	const struct decider_life *life = arg;
	int listener, client;

	listener = make_listener(life->dir, &client);
	CHECK(sandbox_apply(SANDBOX_DECIDER, life->mode) == 0);
	use_memory_and_time();
	use_events();
	use_sealed_memory();
	use_files(life->dir);
	use_connection(listener);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	CHECK(isatty(listener) == 0);
}

/* The decider removes nothing: that is left to its parent. */
static void
decider_lives(enum sandbox_mode mode)
{
	struct decider_life life = { mode, "/tmp/farmgate-test-XXXXXX" };
	char path[64];
	int status;

	assert_non_null(mkdtemp(life.dir));
	status = child_run(live_as_decider, &life);
	(void)snprintf(path, sizeof(path), "%s/a", life.dir);
	(void)unlink(path);
	(void)rmdir(life.dir);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
abort_inside(void *arg)
{
	CHECK(sandbox_apply(*(enum sandbox_role *)arg, SANDBOX_KILL) == 0);
	abort();
}

/* The C library's fork asks for clone3 first and goes back to clone. */
static void
fork_inside(void *arg)
{
	CHECK(sandbox_apply(*(enum sandbox_role *)arg, SANDBOX_ERRNO) == 0);
	errno = 0;
	CHECK(syscall(SYS_clone3, NULL, 0) == -1);
	CHECK(errno == ENOSYS);
	CHECK(syscall(SYS_openat2, -1, NULL, NULL, 0) == -1);
	CHECK(errno == ENOSYS);
	CHECK(syscall(SYS_clone, CLONE_VM | CLONE_VFORK, 0, 0, 0, 0) == -1);
	CHECK(errno == EPERM);
}

/* Who waits in the scanner's place: it has the same filter, and is killed. */
static void
use_reader(void *arg)
{
	const struct scanner_life *life = arg;
	siginfo_t info = { 0 };
	int pidfd, pair[2];
	pid_t pid;

	CHECK(sandbox_apply(life->role, life->mode) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		CHECK(close(pair[0]) == 0);
		for (;;)
			(void)poll(NULL, 0, -1);
	}
	use_pair(pair);
	CHECK((pidfd = (int)syscall(SYS_pidfd_open, pid, 0)) != -1);
	CHECK(syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) == 0);
	CHECK(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED) == 0);
	CHECK(info.si_pid == pid && info.si_status == SIGKILL);
}

/* Who takes work off the decider: within the same filter, and not for long. */
static void
use_worker(void *arg)
{
	int pidfd, status;
	pid_t pid;

	CHECK(sandbox_apply(SANDBOX_DECIDER, *(enum sandbox_mode *)arg) == 0);
	CHECK((pid = fork()) != -1);
	if (pid == 0) {
		CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		(void)execl("/bin/true", "true", (char *)NULL);
		for (;;)
			(void)pause();
	}
	CHECK((pidfd = (int)syscall(SYS_pidfd_open, pid, 0)) != -1);
	CHECK(syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) == 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status));
}

static void
test_scanner_lives_within_its_filter(void **state)
{
	struct scanner_life life[] = {
		{ SANDBOX_SCANNER, SANDBOX_ERRNO },
		{ SANDBOX_SCANNER, SANDBOX_KILL },
		{ SANDBOX_SCANNER_TERMINATE, SANDBOX_ERRNO },
		{ SANDBOX_SCANNER_TERMINATE, SANDBOX_KILL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(life) / sizeof(life[0]); i++)
		child_passes(live_as_scanner, &life[i]);
}

static void
test_scanner_that_ends_sessions_can_end_processes(void **state)
{
	enum sandbox_mode soft = SANDBOX_ERRNO, hard = SANDBOX_KILL;

	(void)state;
	child_passes(end_as_scanner, &soft);
	child_passes(end_as_scanner, &hard);
}

static void
test_decider_lives_within_its_filter(void **state)
{
	(void)state;
	decider_lives(SANDBOX_ERRNO);
	decider_lives(SANDBOX_KILL);
}

static void
test_a_failed_assertion_still_ends_in_abort(void **state)
{
	enum sandbox_role role[] = { SANDBOX_DECIDER, SANDBOX_SCANNER,
		SANDBOX_SCANNER_TERMINATE };
	int i, status;

	(void)state;
	for (i = 0; i < 3; i++) {
		status = child_run(abort_inside, &role[i]);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
	}
}

static void
test_scanner_makes_no_other_child(void **state)
{
	enum sandbox_role role[] = { SANDBOX_SCANNER,
		SANDBOX_SCANNER_TERMINATE };

	(void)state;
	child_passes(fork_inside, &role[0]);
	child_passes(fork_inside, &role[1]);
}

static void
test_scanner_makes_a_reader_that_it_can_end(void **state)
{
	struct scanner_life life[] = {
		{ SANDBOX_SCANNER, SANDBOX_ERRNO },
		{ SANDBOX_SCANNER, SANDBOX_KILL },
		{ SANDBOX_SCANNER_TERMINATE, SANDBOX_KILL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(life) / sizeof(life[0]); i++)
		child_passes(use_reader, &life[i]);
}

static void
test_decider_makes_children_that_it_can_end(void **state)
{
	enum sandbox_mode soft = SANDBOX_ERRNO, hard = SANDBOX_KILL;

	(void)state;
	child_passes(use_worker, &soft);
	child_passes(use_worker, &hard);
}

/* ---- The call itself --------------------------------------------------- */

static void
apply_no_role(void *arg)
{
	(void)arg;
	CHECK(sandbox_apply(SANDBOX_NONE, SANDBOX_ERRNO) == FG_ERR_SYSTEM);
	CHECK(errno == EINVAL);
	CHECK(prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0);
}

static void
apply_twice(void *arg)
{
	(void)arg;
	CHECK(sandbox_apply(SANDBOX_SCANNER, SANDBOX_ERRNO) == 0);
	CHECK(sandbox_apply(SANDBOX_DECIDER, SANDBOX_ERRNO) == FG_ERR_SYSTEM);
}

static void
call_foreign(void *arg)
{
	long r = 20; /* getpid of the 32-bit table */

	(void)arg;
	/* cmocka has a handler of its own for it. */
	(void)signal(SIGSEGV, SIG_DFL);
	CHECK(sandbox_apply(SANDBOX_SCANNER, SANDBOX_ERRNO) == 0);
#ifdef __x86_64__
	__asm__ volatile("int $0x80" : "+a"(r) : : "memory");
#endif
	(void)r;
}

static void
test_no_role_is_an_error_and_changes_nothing(void **state)
{
	(void)state;
	child_passes(apply_no_role, NULL);
}

static void
test_a_filter_cannot_be_put_over_the_filter(void **state)
{
	(void)state;
	child_passes(apply_twice, NULL);
}

static void
test_calls_of_another_architecture_kill(void **state)
{
	int status;

	(void)state;
#ifndef __x86_64__
	print_message("int 0x80 is there on x86-64 only\n");
	skip();
#endif
	status = child_run(call_foreign, NULL);
	assert_true(WIFSIGNALED(status));
	/* SIGSEGV: the kernel has no 32-bit entry at all. */
	assert_true(WTERMSIG(status) == SIGSYS || WTERMSIG(status) == SIGSEGV);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scanner_lives_within_its_filter),
		cmocka_unit_test(
		    test_scanner_that_ends_sessions_can_end_processes),
		cmocka_unit_test(test_decider_lives_within_its_filter),
		cmocka_unit_test(test_a_failed_assertion_still_ends_in_abort),
		cmocka_unit_test(test_scanner_makes_no_other_child),
		cmocka_unit_test(test_scanner_makes_a_reader_that_it_can_end),
		cmocka_unit_test(test_decider_makes_children_that_it_can_end),
		cmocka_unit_test(test_no_role_is_an_error_and_changes_nothing),
		cmocka_unit_test(test_a_filter_cannot_be_put_over_the_filter),
		cmocka_unit_test(test_calls_of_another_architecture_kill),
	};

	log_init("test_sandbox", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
