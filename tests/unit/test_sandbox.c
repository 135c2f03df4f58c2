/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the filters forbid really fails, with the filter's own error and not
 * for want of privilege: the arguments are such that the kernel itself would
 * say something else. And what each process lives on still works.
 */
#include <fcntl.h>
#include <linux/memfd.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/sandbox.h"
#include "proto/result.h"
#include "tests/unit/child.h"

struct attempt {
	const char *name;
	long call;
	long arg[4];
};

struct trial {
	enum sandbox_role role;
	enum sandbox_mode mode;
	const struct attempt *attempt;
};

#define BAD (-1L) /* as a descriptor, a pid or flags */
#define ALL (~0L)

/* Forbidden to both. Each is harmless should it get through. */
static const struct attempt never[] = {
	{ "ptrace", SYS_ptrace, { 16, BAD } },
	{ "process_vm_readv", SYS_process_vm_readv, { BAD } },
	{ "process_vm_writev", SYS_process_vm_writev, { BAD } },
	{ "pidfd_getfd", SYS_pidfd_getfd, { BAD, BAD } },
	{ "pidfd_send_signal", SYS_pidfd_send_signal, { BAD } },
	{ "kcmp", SYS_kcmp, { BAD, BAD, ALL } },
	{ "process_madvise", SYS_process_madvise, { BAD } },
	{ "name_to_handle_at", SYS_name_to_handle_at, { BAD } },
	{ "open_by_handle_at", SYS_open_by_handle_at, { BAD } },
	{ "execve", SYS_execve, { 0 } },
	{ "execveat", SYS_execveat, { BAD, 0 } },
	{ "fork", SYS_clone, { SIGCHLD } },
	{ "clone with namespaces", SYS_clone, { 0x7e020000 | SIGCHLD } },
	{ "socket inet", SYS_socket, { AF_INET, SOCK_STREAM, 0 } },
	{ "socket inet6", SYS_socket, { AF_INET6, SOCK_STREAM, 0 } },
	{ "socket unix", SYS_socket, { AF_UNIX, SOCK_STREAM, 0 } },
	{ "socket netlink", SYS_socket, { AF_NETLINK, SOCK_RAW, 0 } },
	{ "socketpair", SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, 0 } },
	{ "connect", SYS_connect, { BAD } },
	{ "bind", SYS_bind, { BAD } },
	{ "listen", SYS_listen, { BAD } },
	{ "bpf", SYS_bpf, { BAD } },
	{ "perf_event_open", SYS_perf_event_open, { 0 } },
	{ "io_uring_setup", SYS_io_uring_setup, { 0 } },
	{ "io_uring_enter", SYS_io_uring_enter, { BAD } },
	{ "io_uring_register", SYS_io_uring_register, { BAD } },
	{ "userfaultfd", SYS_userfaultfd, { ALL } },
	{ "keyctl", SYS_keyctl, { ALL } },
	{ "add_key", SYS_add_key, { 0 } },
	{ "request_key", SYS_request_key, { 0 } },
	{ "mount", SYS_mount, { 0 } },
	{ "umount2", SYS_umount2, { 0, ALL } },
	{ "move_mount", SYS_move_mount, { BAD } },
	{ "open_tree", SYS_open_tree, { BAD } },
	{ "fsopen", SYS_fsopen, { 0 } },
	{ "pivot_root", SYS_pivot_root, { 0 } },
	{ "chroot", SYS_chroot, { 0 } },
	{ "unshare", SYS_unshare, { 0 } },
	{ "setns", SYS_setns, { BAD } },
	{ "setuid", SYS_setuid, { BAD } },
	{ "setgid", SYS_setgid, { BAD } },
	{ "setresuid", SYS_setresuid, { BAD, BAD, BAD } },
	{ "setresgid", SYS_setresgid, { BAD, BAD, BAD } },
	{ "setreuid", SYS_setreuid, { BAD, BAD } },
	{ "setregid", SYS_setregid, { BAD, BAD } },
	{ "setfsuid", SYS_setfsuid, { BAD } },
	{ "setgroups", SYS_setgroups, { BAD } },
	{ "capset", SYS_capset, { 0 } },
	{ "personality", SYS_personality, { 0xffffffff } },
	{ "kexec_load", SYS_kexec_load, { 0, 0, 0, ALL } },
	{ "init_module", SYS_init_module, { 0 } },
	{ "finit_module", SYS_finit_module, { BAD } },
	{ "delete_module", SYS_delete_module, { 0 } },
	{ "reboot", SYS_reboot, { 0 } },
	{ "swapon", SYS_swapon, { 0 } },
	{ "syslog", SYS_syslog, { ALL } },
	{ "quotactl", SYS_quotactl, { ALL } },
	{ "clock_settime", SYS_clock_settime, { BAD } },
	{ "prctl dumpable", SYS_prctl, { PR_SET_DUMPABLE, 77 } },
	{ "prctl seccomp", SYS_prctl, { PR_GET_SECCOMP } },
	{ "kill pid 1", SYS_kill, { 1, 0 } },
	{ "kill everybody", SYS_kill, { BAD, 0 } },
	{ "tgkill pid 1", SYS_tgkill, { 1, 1, 0 } },
	{ "tkill", SYS_tkill, { 1, 0 } },
	{ "prlimit64 set", SYS_prlimit64, { 0, RLIMIT_CORE, 1 } },
	{ "mkdirat", SYS_mkdirat, { BAD } },
	{ "symlinkat", SYS_symlinkat, { 0 } },
	{ "linkat", SYS_linkat, { BAD } },
	{ "mknodat", SYS_mknodat, { BAD } },
	{ "truncate", SYS_truncate, { 0 } },
	{ "fchownat", SYS_fchownat, { BAD } },
	{ "fchown", SYS_fchown, { BAD } },
	{ "chmod", SYS_fchmodat, { BAD, 0 } },
	{ "utimensat", SYS_utimensat, { BAD, 0 } },
	{ "sendfile", SYS_sendfile, { BAD, BAD } },
	{ "copy_file_range", SYS_copy_file_range, { BAD, 0, BAD, 0 } },
	{ "dup3", SYS_dup3, { BAD, BAD } },
	{ "setxattr", SYS_setxattr, { 0 } },
	{ "inotify_init1", SYS_inotify_init1, { ALL } },
	{ "fanotify_init", SYS_fanotify_init, { ALL } },
	{ "ioctl TIOCSTI", SYS_ioctl, { BAD, TIOCSTI, 0 } },
	{ "seccomp", SYS_seccomp, { ALL } },
	{ "shmget", SYS_shmget, { 0, 0, 0 } },
	{ "mmap exec", SYS_mmap, { 0, 0, PROT_READ | PROT_EXEC, 0 } },
	{ "mprotect exec", SYS_mprotect, { 1, 1, PROT_EXEC } },
};

/* The scanner reads; it has no event loop, no files of its own. */
static const struct attempt never_scanner[] = {
	{ "openat for writing", SYS_openat, { AT_FDCWD, 0, O_WRONLY } },
	{ "openat read-write", SYS_openat, { AT_FDCWD, 0, O_RDWR } },
	{ "openat creating", SYS_openat, { AT_FDCWD, 0, O_CREAT } },
	{ "openat cutting", SYS_openat, { AT_FDCWD, 0, O_TRUNC } },
	{ "openat tmpfile", SYS_openat, { AT_FDCWD, 0, O_TMPFILE | O_RDWR } },
	{ "unlinkat", SYS_unlinkat, { BAD } },
	{ "renameat2", SYS_renameat2, { BAD } },
	{ "ftruncate", SYS_ftruncate, { BAD } },
	{ "fchmod", SYS_fchmod, { BAD } },
	{ "accept4", SYS_accept4, { BAD } },
	{ "epoll_create1", SYS_epoll_create1, { ALL } },
	{ "memfd_create", SYS_memfd_create, { 0 } },
	{ "pidfd_open", SYS_pidfd_open, { BAD } },
};

static void
must_be_refused(void *arg)
{
	const struct trial *trial = arg;
	const struct attempt *a = trial->attempt;
	long r;

	CHECK(sandbox_apply(trial->role, trial->mode) == 0);
	errno = 0;
	r = syscall(a->call, a->arg[0], a->arg[1], a->arg[2], a->arg[3], 0, 0);
	if (r != -1 || errno != EPERM)
		(void)dprintf(STDERR_FILENO, "%s: %ld %s\n", a->name, r,
		    strerror(errno));
	CHECK(r == -1);
	CHECK(errno == EPERM);
}

static void
all_refused(enum sandbox_role role, const struct attempt *list, size_t n)
{
	struct trial trial = { .role = role, .mode = SANDBOX_ERRNO };
	size_t i;

	for (i = 0; i < n; i++) {
		trial.attempt = &list[i];
		child_passes(must_be_refused, &trial);
	}
}

static void
all_killed(enum sandbox_role role, const struct attempt *list, size_t n)
{
	struct trial trial = { .role = role, .mode = SANDBOX_KILL };
	size_t i;
	int status;

	for (i = 0; i < n; i++) {
		trial.attempt = &list[i];
		status = child_run(must_be_refused, &trial);
		if (!WIFSIGNALED(status))
			print_message("%s is not stopped\n", list[i].name);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
test_PRV_02_scanner_is_refused_each_call_of_an_attacker(void **state)
{
	(void)state;
	all_refused(SANDBOX_SCANNER, never, N(never));
	all_refused(SANDBOX_SCANNER, never_scanner, N(never_scanner));
}

static void
test_PRV_02_scanner_dies_of_them_where_asked_to(void **state)
{
	(void)state;
	all_killed(SANDBOX_SCANNER, never, N(never));
	all_killed(SANDBOX_SCANNER, never_scanner, N(never_scanner));
}

static void
test_PRV_03_decider_is_refused_each_call_of_an_attacker(void **state)
{
	(void)state;
	all_refused(SANDBOX_DECIDER, never, N(never));
}

static void
test_PRV_03_decider_dies_of_them_where_asked_to(void **state)
{
	(void)state;
	all_killed(SANDBOX_DECIDER, never, N(never));
}

/* ---- What still works -------------------------------------------------- */

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

static void
live_as_scanner(void *arg)
{
	enum sandbox_mode mode = *(enum sandbox_mode *)arg;
	char buf[256];
	struct statfs fs;
	struct stat st;
	int fd, pair[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	CHECK(sandbox_apply(SANDBOX_SCANNER, mode) == 0);
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
use_events(void)
{
	const struct itimerspec soon = { .it_value = { .tv_nsec = 1 } };
	struct epoll_event ev = { .events = EPOLLIN };
	int ep, tfd, efd;

	CHECK((ep = epoll_create1(EPOLL_CLOEXEC)) != -1);
	CHECK((tfd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) != -1);
	CHECK((efd = eventfd(0, EFD_CLOEXEC)) != -1);
	CHECK(timerfd_settime(tfd, 0, &soon, NULL) == 0);
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, tfd, &ev) == 0);
	CHECK(epoll_wait(ep, &ev, 1, 1000) == 1);
	CHECK(close(ep) == 0 && close(tfd) == 0 && close(efd) == 0);
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

/* As the audit log is written and turned over. */
static void
use_files(const char *dir)
{
	char from[128], to[128];
	FILE *f;
	int fd;

	(void)snprintf(from, sizeof(from), "%s/a", dir);
	(void)snprintf(to, sizeof(to), "%s/b", dir);
	fd = open(from, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	CHECK(fd != -1);
	CHECK(write(fd, "line\n", 5) == 5);
	CHECK(fdatasync(fd) == 0);
	CHECK(ftruncate(fd, 0) == 0);
	CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	CHECK(close(fd) == 0);
	CHECK(rename(from, to) == 0);
	CHECK((f = fopen(to, "re")) != NULL);
	CHECK(fgetc(f) == EOF);
	CHECK(fclose(f) == 0);
	CHECK(unlink(to) == 0);
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

static void
live_as_decider(void *arg)
{
	enum sandbox_mode mode = *(enum sandbox_mode *)arg;
	char dir[] = "/tmp/farmgate-test-XXXXXX";
	int listener, client;

	CHECK(mkdtemp(dir) != NULL);
	listener = make_listener(dir, &client);
	CHECK(sandbox_apply(SANDBOX_DECIDER, mode) == 0);
	use_memory_and_time();
	use_events();
	use_sealed_memory();
	use_files(dir);
	use_connection(listener);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	CHECK(isatty(listener) == 0);
	CHECK(unlinkat(AT_FDCWD, dir, AT_REMOVEDIR) == 0);
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
	CHECK(fork() == -1);
	CHECK(errno == EPERM);
}

static void
test_scanner_lives_within_its_filter(void **state)
{
	enum sandbox_mode soft = SANDBOX_ERRNO, hard = SANDBOX_KILL;

	(void)state;
	child_passes(live_as_scanner, &soft);
	child_passes(live_as_scanner, &hard);
}

static void
test_decider_lives_within_its_filter(void **state)
{
	enum sandbox_mode soft = SANDBOX_ERRNO, hard = SANDBOX_KILL;

	(void)state;
	child_passes(live_as_decider, &soft);
	child_passes(live_as_decider, &hard);
}

static void
test_a_failed_assertion_still_ends_in_abort(void **state)
{
	enum sandbox_role role[] = { SANDBOX_DECIDER, SANDBOX_SCANNER };
	int i, status;

	(void)state;
	for (i = 0; i < 2; i++) {
		status = child_run(abort_inside, &role[i]);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
	}
}

static void
test_no_child_can_be_made(void **state)
{
	enum sandbox_role role[] = { SANDBOX_DECIDER, SANDBOX_SCANNER };

	(void)state;
	child_passes(fork_inside, &role[0]);
	child_passes(fork_inside, &role[1]);
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
		cmocka_unit_test(
		    test_PRV_02_scanner_is_refused_each_call_of_an_attacker),
		cmocka_unit_test(
		    test_PRV_02_scanner_dies_of_them_where_asked_to),
		cmocka_unit_test(
		    test_PRV_03_decider_is_refused_each_call_of_an_attacker),
		cmocka_unit_test(
		    test_PRV_03_decider_dies_of_them_where_asked_to),
		cmocka_unit_test(test_scanner_lives_within_its_filter),
		cmocka_unit_test(test_decider_lives_within_its_filter),
		cmocka_unit_test(test_a_failed_assertion_still_ends_in_abort),
		cmocka_unit_test(test_no_child_can_be_made),
		cmocka_unit_test(test_no_role_is_an_error_and_changes_nothing),
		cmocka_unit_test(test_a_filter_cannot_be_put_over_the_filter),
		cmocka_unit_test(test_calls_of_another_architecture_kill),
	};

	log_init("test_sandbox", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
