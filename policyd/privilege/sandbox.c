/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system calls that each process may still make: lists of what is
 * allowed, never of what is forbidden. This is the only file that knows
 * libseccomp. Both the old and the new form of a call are listed, because the
 * C library's next version uses the other one.
 */
#include "policyd/privilege/sandbox.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include <seccomp.h>

#include "proto/result.h"

/* Not in every kernel's headers; the same numbers on every machine. */
#ifndef __NR_futex_waitv
#define __NR_futex_waitv 449
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* gcc and clang have different ways to say this. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_ASAN
#endif

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Allowed in one of its arguments' forms only. */
struct sandbox_rule {
	int call;
	unsigned int arg;
	enum scmp_compare op;
	uint64_t a; /* the value, or the mask ... */
	uint64_t b; /* ... and then the value */
};

/* What a C program does to live: memory, time, signals, its own identity. */
static const int common_calls[] = {
	SCMP_SYS(brk),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(madvise),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(nanosleep),
	SCMP_SYS(time),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sigreturn),
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	__NR_futex_waitv,
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(getcpu),
	SCMP_SYS(getegid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getpid),
	SCMP_SYS(getppid),
	SCMP_SYS(getresgid),
	SCMP_SYS(getresuid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(getrandom),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	/* files that are open, and what a name or descriptor is */
	SCMP_SYS(close),
	SCMP_SYS(close_range),
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(_llseek),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(fstatat64),
	SCMP_SYS(fstatfs),
	SCMP_SYS(fstatfs64),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(stat64),
	SCMP_SYS(lstat),
	SCMP_SYS(lstat64),
	SCMP_SYS(statx),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getdents),
	SCMP_SYS(getdents64),
	/* sockets that are open */
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
};

static const int decider_calls[] = {
	/* the event loop */
	SCMP_SYS(epoll_create),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
	SCMP_SYS(pipe2),
	/* connections, all of them accepted; a new socket is never made */
	SCMP_SYS(accept4),
	SCMP_SYS(getsockopt),
	SCMP_SYS(pidfd_open),
	/* configuration, databases, audit: where landlock and modes allow */
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64),
	SCMP_SYS(flock),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(fadvise64),
	SCMP_SYS(fadvise64_64),
	SCMP_SYS(ftruncate),
	SCMP_SYS(ftruncate64),
	SCMP_SYS(fchmod),
	SCMP_SYS(memfd_create),
	/* the store: pages at their places */
	SCMP_SYS(pwrite64),
	/* uploads: out to the disk as they come */
	SCMP_SYS(sync_file_range),
	SCMP_SYS(sync_file_range2),
	/* its own folder: copies of databases, under their final names */
	SCMP_SYS(copy_file_range),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	/* the scanner and the workers that ended */
	SCMP_SYS(wait4),
	SCMP_SYS(waitid),
};

#ifdef SANDBOX_ASAN
/* The run-time's reports; no leak check, see below. */
static const int asan_calls[] = {
	SCMP_SYS(pipe),
	SCMP_SYS(pipe2),
	SCMP_SYS(fcntl),
	SCMP_SYS(getcwd),
};
#endif

#define ONLY(call, arg, value)                                           \
	{                                                                \
		SCMP_SYS(call), (arg), SCMP_CMP_EQ, (uint64_t)(value), 0 \
	}
#define WITHOUT(call, arg, bits)                                               \
	{                                                                      \
		SCMP_SYS(call), (arg), SCMP_CMP_MASKED_EQ, (uint64_t)(bits), 0 \
	}

static const struct sandbox_rule common_rules[] = {
	/* memory never becomes code */
	WITHOUT(mmap, 2, PROT_EXEC),
	WITHOUT(mmap2, 2, PROT_EXEC),
	WITHOUT(mprotect, 2, PROT_EXEC),
	/* limits are read, not set */
	ONLY(prlimit64, 2, 0),
	/* malloc names its arenas, the run-time reads a thread's name */
	ONLY(prctl, 0, PR_SET_VMA),
	ONLY(prctl, 0, PR_GET_NAME),
	/* isatty(3) */
	ONLY(ioctl, 1, TCGETS),
};

/* fork(2) asks for none of these: not a thread, not a namespace. */
#define CLONE_ODD                                                             \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_PTRACE |   \
	    CLONE_VFORK | CLONE_PARENT | CLONE_THREAD | CLONE_NEWNS |         \
	    CLONE_SYSVSEM | CLONE_UNTRACED | CLONE_NEWCGROUP | CLONE_NEWUTS | \
	    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |      \
	    CLONE_IO)

static const struct sandbox_rule decider_rules[] = {
	ONLY(ioctl, 1, FIONREAD),
	ONLY(ioctl, 1, FIONBIO),
	/* a database's copy that shares its blocks */
	ONLY(ioctl, 1, FICLONE),
	/* workers: children with this same filter, which die with it and can
	 * be ended; they run no other program */
	WITHOUT(clone, 0, CLONE_ODD),
	ONLY(prctl, 0, PR_SET_PDEATHSIG),
	ONLY(pidfd_send_signal, 1, SIGKILL),
};

/* Neither written nor created nor cut. O_TMPFILE needs a writing mode. */
#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

static const struct sandbox_rule scanner_rules[] = {
	WITHOUT(open, 1, WRITING),
	WITHOUT(openat, 2, WRITING),
	ONLY(fcntl, 1, F_GETFL),
	ONLY(fcntl64, 1, F_GETFL),
	ONLY(fcntl, 1, F_GETFD),
	ONLY(fcntl64, 1, F_GETFD),
};

/* New calls with an old way: the C library goes back to that on ENOSYS. */
static const int absent_calls[] = { SCMP_SYS(clone3), SCMP_SYS(openat2) };

#ifdef SANDBOX_ASAN
/*
 * A leak check stops the process with ptrace(2) from a clone, which nothing
 * here allows, and which a process that is not dumpable refuses anyway: a
 * confined process leaves it out. The run-time asks this function by name.
 */
static int confined;
int __lsan_is_turned_off(void) __attribute__((visibility("default")));

int
__lsan_is_turned_off(void)
{
	return confined;
}
#endif

/* Not every machine has every call: libseccomp numbers those below zero. */
static int
add_calls(scmp_filter_ctx ctx, const int *calls, size_t n, uint32_t action)
{
	size_t i;
	int r;

	for (i = 0; i < n; i++)
		if (calls[i] >= 0 &&
		    (r = seccomp_rule_add(ctx, action, calls[i], 0)) != 0)
			return r;
	return 0;
}

static int
add_rules(scmp_filter_ctx ctx, const struct sandbox_rule *rules, size_t n)
{
	struct scmp_arg_cmp cmp;
	size_t i;
	int r;

	for (i = 0; i < n; i++) {
		if (rules[i].call < 0)
			continue;
		cmp =
		    SCMP_CMP(rules[i].arg, rules[i].op, rules[i].a, rules[i].b);
		r = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, rules[i].call,
		    1, &cmp);
		if (r != 0)
			return r;
	}
	return 0;
}

/* abort(3) and raise(3), and nobody else. */
static int
add_signals(scmp_filter_ctx ctx)
{
	const struct sandbox_rule rules[] = {
		ONLY(tgkill, 0, getpid()),
		ONLY(kill, 0, getpid()),
	};

	return add_rules(ctx, rules, COUNT(rules));
}

static int
add_common(scmp_filter_ctx ctx)
{
	int r;

	if ((r = add_calls(ctx, common_calls, COUNT(common_calls),
		 SCMP_ACT_ALLOW)) != 0 ||
	    (r = add_calls(ctx, absent_calls, COUNT(absent_calls),
		 SCMP_ACT_ERRNO(ENOSYS))) != 0 ||
	    (r = add_rules(ctx, common_rules, COUNT(common_rules))) != 0)
		return r;
#ifdef SANDBOX_ASAN
	if ((r = add_calls(ctx, asan_calls, COUNT(asan_calls),
		 SCMP_ACT_ALLOW)) != 0)
		return r;
#endif
	return add_signals(ctx);
}

static int
add_signal(scmp_filter_ctx ctx, int signo)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
	    SCMP_SYS(pidfd_send_signal), 2,
	    SCMP_A1(SCMP_CMP_EQ, (uint64_t)signo), SCMP_A3(SCMP_CMP_EQ, 0));
}

/*
 * The scanner's reader: a child with this same filter, which a wait that only
 * SIGKILL ends may befall. The scanner makes it with a socket between the two,
 * holds it, kills it and takes its status; the child asks for SIGKILL when the
 * scanner dies, and for no other signal. Without CAP_KILL that SIGKILL reaches
 * the scanner's own user's processes, and those are the two.
 */
static int
add_reader(scmp_filter_ctx ctx)
{
	static const struct sandbox_rule rules[] = {
		WITHOUT(clone, 0, CLONE_ODD),
		ONLY(pidfd_open, 1, 0),
	};
	static const int calls[] = { SCMP_SYS(waitid) };
	int r;

	if ((r = add_rules(ctx, rules, COUNT(rules))) != 0 ||
	    (r = add_calls(ctx, calls, COUNT(calls), SCMP_ACT_ALLOW)) != 0 ||
	    (r = add_signal(ctx, SIGKILL)) != 0 ||
	    (r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 2,
		 SCMP_A0(SCMP_CMP_EQ, PR_SET_PDEATHSIG),
		 SCMP_A1(SCMP_CMP_EQ, SIGKILL))) != 0)
		return r;
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), 2,
	    SCMP_A0(SCMP_CMP_EQ, AF_UNIX),
	    SCMP_A1(SCMP_CMP_EQ, SOCK_SEQPACKET | SOCK_CLOEXEC));
}

/* fdopendir(3): no descriptor is let through to another program. */
static int
add_closing(scmp_filter_ctx ctx)
{
	static const int calls[] = { SCMP_SYS(fcntl), SCMP_SYS(fcntl64) };
	size_t i;
	int r;

	for (i = 0; i < COUNT(calls); i++)
		if (calls[i] >= 0 &&
		    (r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 2,
			 SCMP_A1(SCMP_CMP_EQ, F_SETFD),
			 SCMP_A2(SCMP_CMP_EQ, FD_CLOEXEC))) != 0)
			return r;
	return 0;
}

static int
add_scanner(scmp_filter_ctx ctx)
{
	int r;

	if ((r = add_reader(ctx)) != 0 || (r = add_closing(ctx)) != 0)
		return r;
	return add_rules(ctx, scanner_rules, COUNT(scanner_rules));
}

/*
 * Who ends sessions: by pidfd, so that it is the process which was looked at;
 * with these signals and SIGKILL, and never a whole group (the last argument).
 */
static int
add_ending(scmp_filter_ctx ctx)
{
	int r;

	if ((r = add_signal(ctx, SIGTERM)) != 0)
		return r;
	return add_signal(ctx, SIGCONT);
}

static int
add_role(scmp_filter_ctx ctx, enum sandbox_role role)
{
	int r;

	switch (role) {
	case SANDBOX_DECIDER:
		if ((r = add_calls(ctx, decider_calls, COUNT(decider_calls),
			 SCMP_ACT_ALLOW)) != 0)
			return r;
		return add_rules(ctx, decider_rules, COUNT(decider_rules));
	case SANDBOX_SCANNER_TERMINATE:
		if ((r = add_ending(ctx)) != 0)
			return r;
		return add_scanner(ctx);
	case SANDBOX_SCANNER:
		return add_scanner(ctx);
	case SANDBOX_NONE:
		break;
	}
	return -EINVAL;
}

static int
set_attributes(scmp_filter_ctx ctx)
{
	int r;

	/* Another machine's numbers for calls have no lawful use here. */
	if ((r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
		 SCMP_ACT_KILL_PROCESS)) != 0)
		return r;
	/* A search tree: every call of a login passes here. May be absent. */
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return 0;
}

int
sandbox_apply(enum sandbox_role role, enum sandbox_mode mode)
{
	scmp_filter_ctx ctx;
	int r;

	ctx = seccomp_init(mode == SANDBOX_KILL ? SCMP_ACT_KILL_PROCESS :
						  SCMP_ACT_ERRNO(EPERM));
	if (ctx == NULL) {
		errno = ENOMEM;
		return FG_ERR_SYSTEM;
	}
	if ((r = set_attributes(ctx)) == 0 && (r = add_common(ctx)) == 0 &&
	    (r = add_role(ctx, role)) == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	if (r != 0) {
		errno = -r;
		return FG_ERR_SYSTEM;
	}
#ifdef SANDBOX_ASAN
	confined = 1;
#endif
	return 0;
}
