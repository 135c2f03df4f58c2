/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the filters forbid really fails, with the filter's own error and not
 * for want of privilege: the arguments are such that the kernel itself would
 * say something else.
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "policyd/log.h"
#include "policyd/privilege/sandbox.h"
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
	{ "pidfd stop", SYS_pidfd_send_signal, { BAD, SIGSTOP } },
	{ "kcmp", SYS_kcmp, { BAD, BAD, ALL } },
	{ "process_madvise", SYS_process_madvise, { BAD } },
	{ "name_to_handle_at", SYS_name_to_handle_at, { BAD } },
	{ "open_by_handle_at", SYS_open_by_handle_at, { BAD } },
	{ "execve", SYS_execve, { 0 } },
	{ "execveat", SYS_execveat, { BAD, 0 } },
	{ "a thread", SYS_clone, { CLONE_VM | CLONE_THREAD | CLONE_SIGHAND } },
	{ "a child on our memory", SYS_clone, { CLONE_VM | CLONE_VFORK } },
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
	{ "setsockopt", SYS_setsockopt, { BAD } },
	{ "getsockname", SYS_getsockname, { BAD } },
	{ "getpeername", SYS_getpeername, { BAD } },
	{ "shutdown", SYS_shutdown, { BAD } },
	{ "eventfd2", SYS_eventfd2, { 0, ALL } },
	{ "signalfd4", SYS_signalfd4, { BAD } },
	{ "timerfd_create", SYS_timerfd_create, { BAD } },
	{ "timerfd_settime", SYS_timerfd_settime, { BAD } },
	{ "timerfd_gettime", SYS_timerfd_gettime, { BAD } },
	{ "symlinkat", SYS_symlinkat, { 0 } },
	{ "linkat", SYS_linkat, { BAD } },
	{ "mknodat", SYS_mknodat, { BAD } },
	{ "truncate", SYS_truncate, { 0 } },
	{ "fchownat", SYS_fchownat, { BAD } },
	{ "fchown", SYS_fchown, { BAD } },
	{ "chmod", SYS_fchmodat, { BAD, 0 } },
	{ "utimensat", SYS_utimensat, { BAD, 0 } },
	{ "sendfile", SYS_sendfile, { BAD, BAD } },
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

/* The scanner reads; it has no event loop, no files and one kind of child. */
static const struct attempt never_scanner[] = {
	{ "openat for writing", SYS_openat, { AT_FDCWD, 0, O_WRONLY } },
	{ "openat read-write", SYS_openat, { AT_FDCWD, 0, O_RDWR } },
	{ "openat creating", SYS_openat, { AT_FDCWD, 0, O_CREAT } },
	{ "openat cutting", SYS_openat, { AT_FDCWD, 0, O_TRUNC } },
	{ "openat tmpfile", SYS_openat, { AT_FDCWD, 0, O_TMPFILE | O_RDWR } },
	{ "ftruncate", SYS_ftruncate, { BAD } },
	{ "fchmod", SYS_fchmod, { BAD } },
#ifndef __SANITIZE_ADDRESS__ /* whose run-time does as it likes */
	{ "fcntl keep", SYS_fcntl, { BAD, F_SETFD, 0 } },
	{ "fcntl flags", SYS_fcntl, { BAD, F_SETFL, ALL } },
#endif
	{ "accept4", SYS_accept4, { BAD } },
	{ "epoll_create1", SYS_epoll_create1, { ALL } },
	{ "memfd_create", SYS_memfd_create, { 0 } },
	{ "ioctl FICLONE", SYS_ioctl, { BAD, FICLONE, BAD } },
	{ "prctl death signal", SYS_prctl, { PR_SET_PDEATHSIG, ALL } },
	{ "prctl term at death", SYS_prctl, { PR_SET_PDEATHSIG, SIGTERM } },
	{ "wait4", SYS_wait4, { BAD, 0, ALL } },
	{ "socketpair kept", SYS_socketpair, { AF_UNIX, SOCK_SEQPACKET, 0 } },
	{ "socketpair inet", SYS_socketpair,
	    { AF_INET, SOCK_SEQPACKET | SOCK_CLOEXEC, 0 } },
	{ "renameat", SYS_renameat, { BAD } },
	{ "renameat2", SYS_renameat2, { BAD } },
	{ "unlinkat", SYS_unlinkat, { BAD } },
	{ "mkdirat", SYS_mkdirat, { BAD } },
	{ "copy_file_range", SYS_copy_file_range, { BAD, 0, BAD, 0 } },
};

/* Unless it ends sessions. */
static const struct attempt never_harmless[] = {
	{ "pidfd term", SYS_pidfd_send_signal, { BAD, SIGTERM } },
	{ "pidfd continue", SYS_pidfd_send_signal, { BAD, SIGCONT } },
};

/* Whether it does or not: nothing but that, and one process at a time. */
static const struct attempt never_ending[] = {
	{ "pidfd_open thread", SYS_pidfd_open, { BAD, O_EXCL } },
	{ "pidfd_open nonblock", SYS_pidfd_open, { BAD, O_NONBLOCK } },
	{ "pidfd test", SYS_pidfd_send_signal, { BAD, 0 } },
	{ "pidfd hangup", SYS_pidfd_send_signal, { BAD, SIGHUP } },
	{ "pidfd user signal", SYS_pidfd_send_signal, { BAD, SIGUSR1 } },
	{ "pidfd real-time", SYS_pidfd_send_signal, { BAD, 64 } },
	{ "pidfd thread", SYS_pidfd_send_signal, { BAD, SIGKILL, 0, 1 } },
	{ "pidfd group", SYS_pidfd_send_signal, { BAD, SIGKILL, 0, 4 } },
	{ "pidfd term group", SYS_pidfd_send_signal, { BAD, SIGTERM, 0, 4 } },
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
	all_refused(SANDBOX_SCANNER, never_harmless, N(never_harmless));
	all_refused(SANDBOX_SCANNER, never_ending, N(never_ending));
}

static void
test_PRV_02_scanner_dies_of_them_where_asked_to(void **state)
{
	(void)state;
	all_killed(SANDBOX_SCANNER, never, N(never));
	all_killed(SANDBOX_SCANNER, never_scanner, N(never_scanner));
	all_killed(SANDBOX_SCANNER, never_harmless, N(never_harmless));
	all_killed(SANDBOX_SCANNER, never_ending, N(never_ending));
}

static void
test_PRV_02_one_that_ends_sessions_is_refused_them(void **state)
{
	const enum sandbox_role role = SANDBOX_SCANNER_TERMINATE;

	(void)state;
	all_refused(role, never, N(never));
	all_refused(role, never_scanner, N(never_scanner));
	all_refused(role, never_ending, N(never_ending));
}

static void
test_PRV_02_one_that_ends_sessions_dies_of_them(void **state)
{
	const enum sandbox_role role = SANDBOX_SCANNER_TERMINATE;

	(void)state;
	all_killed(role, never, N(never));
	all_killed(role, never_scanner, N(never_scanner));
	all_killed(role, never_ending, N(never_ending));
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_PRV_02_scanner_is_refused_each_call_of_an_attacker),
		cmocka_unit_test(
		    test_PRV_02_scanner_dies_of_them_where_asked_to),
		cmocka_unit_test(
		    test_PRV_02_one_that_ends_sessions_is_refused_them),
		cmocka_unit_test(
		    test_PRV_02_one_that_ends_sessions_dies_of_them),
		cmocka_unit_test(
		    test_PRV_03_decider_is_refused_each_call_of_an_attacker),
		cmocka_unit_test(
		    test_PRV_03_decider_dies_of_them_where_asked_to),
	};

	log_init("test_sandbox_refuse", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
