/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module as a guest in a foreign process: it leaves everything as it
 * found it, lives with what it gets, and ends in time whatever happens.
 */
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/msg.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define TEST(name)    cmocka_unit_test_setup(name, fresh)
#define NELEMS(a)     (sizeof(a) / sizeof((a)[0]))
#define THREADS	      16
#define THREAD_LOGINS 25
#define PAINT	      0x5a
#ifdef __SANITIZE_ADDRESS__
#define SMALL_STACK (8 * 65536) /* frames are much bigger then */
#else
#define SMALL_STACK 65536
#endif

extern char **environ;

static const enum stack_phase all_phases[] = { STACK_AUTH, STACK_CRED,
	STACK_ACCOUNT, STACK_SESSION, STACK_CLOSE, STACK_PASSWORD };

static int
fresh(void **state)
{
	(void)state;
	spy_reset();
	spy_quiet = false;
	fake_script(FG_VERDICT_ALLOW);
	return 0;
}

/* Everything that a process has and a guest could change. */
struct snapshot {
	uid_t uid[3];
	gid_t gid[3];
	gid_t groups[64];
	int ngroups;
	mode_t mask;
	char cwd[PATH_MAX];
	char locale[256];
	sigset_t signals;
	struct sigaction actions[65];
	struct rlimit limits[RLIM_NLIMITS];
	bool timers[3];
	char fds[1024];
	char environment[8192];
};

static void
snapshot_fds(char *text, size_t size)
{
	char name[64], target[128];
	size_t used = 0;
	ssize_t n;

	for (int fd = 0; fd < 128 && used < size; fd++) {
		(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		n = readlink(name, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		used += (size_t)snprintf(text + used, size - used, "%d=%s:%x ",
		    fd, target, (unsigned int)fcntl(fd, F_GETFD));
	}
}

static void
snapshot_environment(char *text, size_t size)
{
	size_t used = 0;

	for (char **e = environ; *e != NULL && used < size; e++)
		used += (size_t)snprintf(text + used, size - used, "%p=%s\n",
		    (void *)*e, *e);
}

/* The kernel's set has 64 signals; what follows in libc's is not defined. */
static void
clear_rest(sigset_t *set)
{
	memset((char *)set + 8, 0, sizeof(*set) - 8);
}

static void
snapshot_take(struct snapshot *s)
{
	struct itimerval timer;

	memset(s, 0, sizeof(*s));
	assert_int_equal(getresuid(&s->uid[0], &s->uid[1], &s->uid[2]), 0);
	assert_int_equal(getresgid(&s->gid[0], &s->gid[1], &s->gid[2]), 0);
	s->ngroups = getgroups(64, s->groups);
	s->mask = umask(0);
	(void)umask(s->mask);
	assert_non_null(getcwd(s->cwd, sizeof(s->cwd)));
	(void)snprintf(s->locale, sizeof(s->locale), "%s",
	    setlocale(LC_ALL, NULL));
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &s->signals), 0);
	clear_rest(&s->signals);
	for (int i = 1; i < 65; i++) {
		(void)sigaction(i, NULL, &s->actions[i]);
		clear_rest(&s->actions[i].sa_mask);
	}
	for (int i = 0; i < RLIM_NLIMITS; i++)
		(void)getrlimit((__rlimit_resource_t)i, &s->limits[i]);
	for (int i = 0; i < 3; i++) {
		(void)getitimer((__itimer_which_t)i, &timer);
		s->timers[i] = timerisset(&timer.it_value);
	}
	snapshot_fds(s->fds, sizeof(s->fds));
	snapshot_environment(s->environment, sizeof(s->environment));
}

static void
proc_05_the_process_is_the_same_after_every_entry_point(void **state)
{
	static const enum fake_mode modes[] = { FAKE_ANSWER, FAKE_CLOSE,
		FAKE_HALF, FAKE_FAIL };
	static struct snapshot before, after;
	pam_handle_t *pamh;
	int code;

	(void)state;
	for (size_t m = 0; m < NELEMS(modes); m++) {
		for (size_t p = 0; p < NELEMS(all_phases); p++) {
			fake_script(FG_VERDICT_DENY);
			fake->mode = modes[m];
			fake->need = true;
			pamh = stack_open("plain", "root");
			snapshot_take(&before);
			code = stack_call(pamh, all_phases[p], 0);
			snapshot_take(&after);
			assert_int_not_equal(code, PAM_MODULE_UNKNOWN);
			assert_string_equal(before.fds, after.fds);
			assert_memory_equal(&before, &after, sizeof(before));
			stack_close(pamh);
		}
	}
}

/* libpam loads the module for each handle and unloads it with it. */
static void
proc_03_loading_and_unloading_leaves_nothing(void **state)
{
	const char *text = getenv("FG_LOOPS");
	int loops = text != NULL ? atoi(text) : 10000;
	static char fds[2][1024];
	struct mallinfo2 early;

	(void)state;
	spy_quiet = true;
	for (int i = 0; i < 100; i++) /* malloc's own caches fill */
		(void)stack_run("plain", "root", STACK_SESSION);
	snapshot_fds(fds[0], sizeof(fds[0]));
	early = mallinfo2();
	for (int i = 0; i < loops; i++)
		assert_int_equal(stack_run("plain", "root", STACK_SESSION),
		    PAM_SUCCESS);
	snapshot_fds(fds[1], sizeof(fds[1]));
	assert_string_equal(fds[0], fds[1]);
	/* One byte lost in each round would be ten times as much. */
	assert_true(mallinfo2().uordblks < early.uordblks + 16384);
}

static void
the_module_is_really_unloaded(void **state)
{
	char line[512];
	FILE *maps;

	(void)state;
	assert_int_equal(stack_run("plain", "root", STACK_ACCOUNT),
	    PAM_SUCCESS);
	maps = fopen("/proc/self/maps", "r");
	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL)
		assert_null(strstr(line, "pam_farmgate"));
	(void)fclose(maps);
}

static void *
log_in_often(void *arg)
{
	int code =
	    fake->verdict == FG_VERDICT_ALLOW ? PAM_SUCCESS : PAM_PERM_DENIED;
	int *bad = arg;

	for (int i = 0; i < THREAD_LOGINS; i++) {
		pam_handle_t *pamh = stack_open("plain", "root");

		*bad += stack_call(pamh, STACK_ACCOUNT, 0) != code;
		*bad += stack_call(pamh, STACK_SESSION, 0) != code;
		stack_close(pamh);
	}
	return NULL;
}

static void
log_in_from_threads(uint8_t verdict)
{
	pthread_t threads[THREADS];
	int bad[THREADS] = { 0 };

	fake_script(verdict);
	fake->need = true;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, log_in_often,
				     &bad[i]),
		    0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(bad[i], 0);
	}
	assert_int_equal(fake->connects, THREADS * THREAD_LOGINS * 2);
}

/* tsan.sh runs this with the module built for it. */
static void
proc_04_sixteen_threads_log_in_at_once(void **state)
{
	(void)state;
	spy_quiet = true;
	log_in_from_threads(FG_VERDICT_ALLOW);
	log_in_from_threads(FG_VERDICT_DENY);
}

/* What may ruin the process is done in a child; its status is the code. */
static int
in_child(int (*run)(pam_handle_t *))
{
	pam_handle_t *pamh = stack_open("plain", "root");
	int status;
	pid_t pid;

	(void)fflush(NULL);
	if ((pid = fork()) == 0)
		_exit(run(pamh));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	stack_close(pamh);
	if (!WIFEXITED(status))
		print_error("killed by signal %d\n", WTERMSIG(status));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
with_standard_streams_closed(pam_handle_t *pamh)
{
	int code;

	for (int fd = 0; fd < 3; fd++)
		(void)close(fd);
	code = stack_call(pamh, STACK_ACCOUNT, 0);
	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) != -1)
			return 200; /* something was left there */
	}
	return code;
}

static void
proc_06_closed_standard_streams_stay_closed(void **state)
{
	(void)state;
	assert_int_equal(in_child(with_standard_streams_closed), PAM_SUCCESS);
}

static int
without_descriptors(pam_handle_t *pamh)
{
	struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_NOFILE, &none) != 0)
		return 201;
	if (stack_call(pamh, STACK_ACCOUNT, 0) != PAM_SYSTEM_ERR)
		return 202;
	return spy_find(&spy_log, " reason=resource errno=24") != NULL ? 0 :
									 203;
}

static int
without_file_size(pam_handle_t *pamh)
{
	struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_FSIZE, &none) != 0)
		return 201;
	return stack_call(pamh, STACK_ACCOUNT, 0);
}

static void
proc_07_without_descriptors_the_login_is_denied(void **state)
{
	(void)state;
	assert_int_equal(in_child(without_descriptors), 0);
	assert_int_equal(in_child(without_file_size), PAM_SUCCESS);
}

/*
 * No more address space than there is, and in that no block of this size or a
 * larger one; a smaller one, of half a message, there may be.
 */
static int
call_without_memory(pam_handle_t *pamh, size_t least)
{
	struct rlimit now = { 0, RLIM_INFINITY };
	void *volatile spare = malloc(FG_MSG_MAX / 2);
	void *volatile block; /* the compiler must not drop a malloc */
	char text[64];
	int code;
	FILE *fp;

	fp = fopen("/proc/self/statm", "r");
	if (spare == NULL || fp == NULL ||
	    fgets(text, sizeof(text), fp) == NULL)
		return 201;
	(void)fclose(fp);
	now.rlim_cur = strtoul(text, NULL, 10) * (rlim_t)getpagesize();
	if (setrlimit(RLIMIT_AS, &now) != 0)
		return 202;
	for (size_t size = 1 << 20; size >= least; size /= 2) {
		while ((block = malloc(size)) != NULL)
			continue;
	}
	if (least > FG_MSG_MAX / 2)
		free(spare);
	code = stack_call(pamh, STACK_ACCOUNT, 0);
	return code == PAM_BUF_ERR || code == PAM_SYSTEM_ERR ? 0 : code;
}

/* Without room for a message, but with enough to say so. */
static int
with_little_memory(pam_handle_t *pamh)
{
	int code = call_without_memory(pamh, FG_MSG_MAX);

	if (code != 0)
		return code;
	return spy_find(&spy_log, " reason=resource") != NULL ? 0 : 203;
}

static int
without_memory(pam_handle_t *pamh)
{
	return call_without_memory(pamh, 16);
}

static void
proc_07_without_memory_the_login_is_denied(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	print_message("a sanitizer needs all the address space there is\n");
	skip();
#endif
	assert_int_equal(in_child(with_little_memory), 0);
	assert_int_equal(in_child(without_memory), 0);
	assert_int_equal(fake->connects, 0);
}

static void *
call_on_a_small_stack(void *pamh)
{
	static int code;

	code = stack_call(pamh, STACK_ACCOUNT, 0);
	return &code;
}

static void
proc_07_a_small_stack_is_enough(void **state)
{
	pam_handle_t *pamh = stack_open("plain", "root");
	pthread_attr_t attr;
	pthread_t thread;
	void *code;

	(void)state;
	fake->need = true;
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstacksize(&attr, SMALL_STACK), 0);
	assert_int_equal(pthread_create(&thread, &attr, call_on_a_small_stack,
			     pamh),
	    0);
	assert_int_equal(pthread_join(thread, &code), 0);
	assert_int_equal(*(int *)code, PAM_SUCCESS);
	(void)pthread_attr_destroy(&attr);
	stack_close(pamh);
}

struct painted {
	stack_entry entry;
	pam_handle_t *pamh;
	const char *argv[2];
	const char *top; /* where the entry point's frame begins, or above */
};

static void *
call_on_a_painted_stack(void *arg)
{
	struct painted *p = arg;

	p->top = __builtin_frame_address(0);
	(void)p->entry(p->pamh, 0, 2, p->argv);
	return NULL;
}

/* How deep an entry point, and what it calls, goes below its caller. */
static size_t
stack_used(const char *entry_point, pam_handle_t *pamh)
{
	static char stack[262144] __attribute__((aligned(4096)));
	char socket[128];
	struct painted p = { .entry = stack_entry_point(entry_point),
		.pamh = pamh,
		.argv = { socket, "timeout=300ms" } };
	pthread_attr_t attr;
	pthread_t thread;
	size_t unused = 0;

	(void)snprintf(socket, sizeof(socket), "socket=%s", stack_socket());
	memset(stack, PAINT, sizeof(stack));
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstack(&attr, stack, sizeof(stack)), 0);
	assert_int_equal(pthread_create(&thread, &attr, call_on_a_painted_stack,
			     &p),
	    0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void)pthread_attr_destroy(&attr);
	while (unused < sizeof(stack) && stack[unused] == PAINT)
		unused++;
	return (size_t)(p.top - (stack + unused));
}

/*
 * With all that libpam, libc and its name services take below it; but for
 * syslog and libaudit, in whose place the spy is.
 */
static void
proc_07_the_module_uses_less_than_16_kb_of_stack(void **state)
{
	static const char *const entry_points[] = { "pam_sm_authenticate",
		"pam_sm_setcred", "pam_sm_acct_mgmt", "pam_sm_open_session",
		"pam_sm_close_session", "pam_sm_chauthtok" };
	static const enum fake_mode modes[] = { FAKE_ANSWER, FAKE_CLOSE,
		FAKE_FAIL, FAKE_HANG };
	pam_handle_t *pamh = stack_open("plain", "root");
	size_t used, most = 0;

	(void)state;
	fake->need = true;
	(void)stack_call(pamh, STACK_ACCOUNT, 0); /* libc loads what it needs */
	for (size_t m = 0; m < NELEMS(modes); m++) {
		for (size_t e = 0; e < NELEMS(entry_points); e++) {
			fake_script(FG_VERDICT_DENY);
			fake->mode = modes[m];
			fake->need = true;
			used = stack_used(entry_points[e], pamh);
			most = used > most ? used : most;
		}
	}
	print_message("at most %zu bytes\n", most);
	/* It is known to copy the items there. */
	assert_in_range(most, 4096, SMALL_STACK / 4);
	stack_close(pamh);
}

static volatile sig_atomic_t ticks;

static void
tick(int signo)
{
	(void)signo;
	ticks++;
}

/* Call with a signal each millisecond. */
static int
under_fire(pam_handle_t *pamh, int signo)
{
	struct itimerspec storm = { { 0, 1000000 }, { 0, 1000000 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = signo };
	struct sigaction sa = { .sa_handler = tick };
	struct sigaction old;
	timer_t timer;
	int code;

	ticks = 0;
	assert_int_equal(sigaction(signo, &sa, &old), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &storm, NULL), 0);
	code = stack_call(pamh, STACK_ACCOUNT, 0);
	assert_int_equal(timer_delete(timer), 0);
	assert_int_equal(sigaction(signo, &old, NULL), 0);
	return code;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Started over after each signal, the wait of 300 ms would never end. */
static void
proc_08_a_storm_of_signals_neither_prolongs_nor_breaks(void **state)
{
	static const int signals[] = { SIGALRM, SIGCHLD, SIGTERM };
	pam_handle_t *pamh = stack_open("fast", "root");
	int64_t took;

	(void)state;
	for (size_t s = 0; s < NELEMS(signals); s++) {
		fake->mode = FAKE_ANSWER;
		for (int i = 0; i < 200; i++)
			assert_int_equal(under_fire(pamh, signals[s]),
			    PAM_SUCCESS);
		fake->mode = FAKE_HANG;
		spy_reset();
		took = -now_ms();
		assert_int_equal(under_fire(pamh, signals[s]),
		    PAM_AUTHINFO_UNAVAIL);
		took += now_ms();
		assert_non_null(spy_find(&spy_log, " reason=timeout"));
		assert_true(ticks > 10);
		assert_in_range(took, 300, 2000);
	}
	stack_close(pamh);
}

/* SIGPIPE has its default here. */
static void
proc_09_a_daemon_that_dies_does_not_take_the_caller_along(void **state)
{
	struct sigaction sa;

	(void)state;
	assert_int_equal(sigaction(SIGPIPE, NULL, &sa), 0);
	assert_true(sa.sa_handler == SIG_DFL);
	fake->mode = FAKE_CLOSE_UNREAD;
	for (int i = 0; i < 200; i++) {
		spy_reset();
		assert_int_equal(stack_run("plain", "root", STACK_ACCOUNT),
		    PAM_AUTHINFO_UNAVAIL);
	}
}

static int
in_chroot(pam_handle_t *pamh)
{
	if (chroot(stack_path("")) != 0 || chdir("/") != 0 ||
	    pam_set_item(pamh, PAM_USER, "root") != PAM_SUCCESS)
		return 201;
	return stack_call(pamh, STACK_ACCOUNT, 0);
}

static void
proc_15_a_chroot_without_the_socket_is_denied(void **state)
{
	(void)state;
	assert_int_equal(in_child(in_chroot), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(fake->connects, 0);
}

static int
as_set_uid_program(pam_handle_t *pamh)
{
	if (setresuid(65534, 0, 0) != 0)
		return 201;
	return stack_call(pamh, STACK_ACCOUNT, 0);
}

static void
proc_14_a_set_uid_caller_is_root_enough(void **state)
{
	(void)state;
	if (getenv("FG_ASROOT") != NULL)
		skip(); /* the namespace has no second user */
	assert_int_equal(in_child(as_set_uid_program), PAM_SUCCESS);
	fake_script(FG_VERDICT_DENY);
	assert_int_equal(in_child(as_set_uid_program), PAM_PERM_DENIED);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(proc_05_the_process_is_the_same_after_every_entry_point),
		TEST(the_module_is_really_unloaded),
		TEST(proc_03_loading_and_unloading_leaves_nothing),
		TEST(proc_04_sixteen_threads_log_in_at_once),
		TEST(proc_06_closed_standard_streams_stay_closed),
		TEST(proc_07_without_descriptors_the_login_is_denied),
		TEST(proc_07_without_memory_the_login_is_denied),
		TEST(proc_07_a_small_stack_is_enough),
		TEST(proc_07_the_module_uses_less_than_16_kb_of_stack),
		TEST(proc_08_a_storm_of_signals_neither_prolongs_nor_breaks),
		TEST(proc_09_a_daemon_that_dies_does_not_take_the_caller_along),
		TEST(proc_15_a_chroot_without_the_socket_is_denied),
		TEST(proc_14_a_set_uid_caller_is_root_enough),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	if (getenv("FG_FILTER") != NULL)
		cmocka_set_test_filter(getenv("FG_FILTER"));
	fake_start(stack_socket(), 64);
	stack_service("plain", "timeout=20");
	stack_service("fast", "timeout=300ms");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	stack_done();
	return failed;
}
