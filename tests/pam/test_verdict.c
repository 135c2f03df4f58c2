/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table: verdict x failure x phase x arguments, and the exact code that
 * the module returns for each, through libpam. The expected codes are written
 * out here and not computed by anything the module uses.
 */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <security/pam_modules.h>

#include "proto/msg.h"
#include "tests/pam/fake.h"
#include "tests/pam/spy.h"
#include "tests/pam/stack.h"

#define TEST(name) cmocka_unit_test_setup(name, fresh)
#define NELEMS(a)  (sizeof(a) / sizeof((a)[0]))

/* The four ways to be configured, each a service of that name. */
enum config {
	PLAIN,
	ALLOW,
	OBSERVE,
	BOTH,
	CONFIGS
};

static const char *const config_names[] = { "plain", "allow", "observe",
	"both" };

static const enum stack_phase phases[] = { STACK_ACCOUNT, STACK_SESSION };

static void
configure(const char *timeout)
{
	static const char *const args[] = { "", "on_error=allow", "observe",
		"observe on_error=allow" };
	char text[128];

	for (int c = PLAIN; c < CONFIGS; c++) {
		(void)snprintf(text, sizeof(text), "timeout=%s %s", timeout,
		    args[c]);
		stack_service(config_names[c], text);
	}
}

static int
fresh(void **state)
{
	(void)state;
	spy_reset();
	fake_script(FG_VERDICT_ALLOW);
	return 0;
}

/* Only these may ever leave the module (PAM-16). */
static bool
is_permitted(int code)
{
	return code == PAM_SUCCESS || code == PAM_IGNORE ||
	    code == PAM_PERM_DENIED || code == PAM_AUTHINFO_UNAVAIL ||
	    code == PAM_SYSTEM_ERR || code == PAM_BUF_ERR || code == PAM_ABORT;
}

static void
expect(enum config config, enum stack_phase phase, int want)
{
	int code;

	spy_reset();
	code = stack_run(config_names[config], "root", phase);
	assert_true(is_permitted(code));
	if (code != want)
		print_error("%s phase %d: %s\n", config_names[config], phase,
		    stack_code_name(code));
	assert_int_equal(code, want);
}

static void
every_verdict_has_its_code(void **state)
{
	static const struct {
		uint8_t verdict;
		int code[CONFIGS];
	} table[] = {
		{ FG_VERDICT_ALLOW,
		    { PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS } },
		{ FG_VERDICT_DENY,
		    { PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_SUCCESS,
			PAM_SUCCESS } },
		{ FG_VERDICT_EXEMPT,
		    { PAM_IGNORE, PAM_IGNORE, PAM_SUCCESS, PAM_SUCCESS } },
		/* Numbers that are no verdict are a broken daemon. */
		{ FG_VERDICT_NONE,
		    { PAM_AUTHINFO_UNAVAIL, PAM_SUCCESS, PAM_SUCCESS,
			PAM_SUCCESS } },
		{ 4,
		    { PAM_AUTHINFO_UNAVAIL, PAM_SUCCESS, PAM_SUCCESS,
			PAM_SUCCESS } },
		{ 255,
		    { PAM_AUTHINFO_UNAVAIL, PAM_SUCCESS, PAM_SUCCESS,
			PAM_SUCCESS } },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(table); i++) {
		for (int c = PLAIN; c < CONFIGS; c++) {
			for (size_t p = 0; p < NELEMS(phases); p++) {
				fake_script(table[i].verdict);
				expect((enum config)c, phases[p],
				    table[i].code[c]);
				assert_int_equal(fake->connects, 1);
			}
		}
	}
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Enforcing it is a denial; the two lenient configurations say so loudly. */
static void
expect_failure(const char *reason)
{
	static const int codes[] = { PAM_AUTHINFO_UNAVAIL, PAM_SUCCESS,
		PAM_SUCCESS, PAM_SUCCESS };
	const struct spy_line *line;
	char text[64];

	(void)snprintf(text, sizeof(text), " reason=%s", reason);
	for (int c = PLAIN; c < CONFIGS; c++) {
		for (size_t p = 0; p < NELEMS(phases); p++) {
			expect((enum config)c, phases[p], codes[c]);
			assert_int_equal(spy_log.count, 1);
			line = spy_find(&spy_log, text);
			assert_non_null(line);
			assert_int_equal(line->priority, LOG_WARNING);
			assert_int_equal(strstr(line->text, " fail_open=1") !=
				NULL,
			    codes[c] == PAM_SUCCESS);
			assert_non_null(strstr(line->text, "ref=M"));
		}
	}
}

static void
every_broken_answer_is_a_failure_without_a_second_try(void **state)
{
	static const struct {
		enum fake_mode mode;
		const char *reason;
	} table[] = {
		{ FAKE_CLOSE_UNREAD, "protocol" },
		{ FAKE_CLOSE, "protocol" },
		{ FAKE_HALF, "protocol" },
		{ FAKE_EMPTY, "protocol" },
		{ FAKE_OVERSIZE, "protocol" },
		{ FAKE_HUGE, "protocol" },
		{ FAKE_TRAILING, "protocol" },
		{ FAKE_WRONG_ID, "protocol" },
		{ FAKE_WRONG_SEQUENCE, "protocol" },
		{ FAKE_WRONG_VERSION, "version" },
		{ FAKE_NEED_TWICE, "protocol" },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(table); i++) {
		fake_script(FG_VERDICT_ALLOW);
		fake->mode = table[i].mode;
		expect_failure(table[i].reason);
		assert_int_equal(fake->connects, CONFIGS * NELEMS(phases));
	}
}

static void
every_message_that_is_no_verdict_is_a_failure(void **state)
{
	(void)state;
	for (unsigned int type = 0; type <= 20; type++) {
		if (type == FG_MSG_VERDICT)
			continue;
		fake_script(FG_VERDICT_ALLOW);
		fake->mode = FAKE_TYPE;
		fake->type = (uint8_t)type;
		expect_failure("protocol");
	}
}

static void
every_refusal_of_the_daemon_is_a_failure(void **state)
{
	static const struct {
		uint8_t fail;
		const char *reason;
	} table[] = {
		{ FG_FAIL_NONE, "protocol" },
		{ FG_FAIL_VERSION, "version" },
		{ FG_FAIL_MALFORMED, "refused" },
		{ FG_FAIL_NOT_PERMITTED, "refused" },
		{ FG_FAIL_BUSY, "busy" },
		{ FG_FAIL_INTERNAL, "refused" },
		{ FG_FAIL_STOPPING, "refused" },
		{ FG_FAIL_OTHER_NAME, "refused" },
		{ FG_FAIL_OTHER_NAME + 1, "protocol" },
	};

	(void)state;
	for (size_t i = 0; i < NELEMS(table); i++) {
		fake_script(FG_VERDICT_ALLOW);
		fake->mode = FAKE_FAIL;
		fake->fail = table[i].fail;
		expect_failure(table[i].reason);
	}
}

static void
an_allow_without_a_proper_reference_is_a_failure(void **state)
{
	static const char *const refs[] = { "", "7f3k", "A B", "A;B", "\x1b[2J",
		"A\nB" };

	(void)state;
	for (size_t i = 0; i < NELEMS(refs); i++) {
		fake_script(FG_VERDICT_ALLOW);
		(void)strcpy(fake->ref, refs[i]);
		expect_failure("protocol");
	}
}

static void
an_allow_that_would_be_nothing_known_is_a_failure(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_ALLOW);
	fake->would = 9;
	expect_failure("protocol");
}

static void
pam_04_a_daemon_that_hangs_is_a_failure(void **state)
{
	(void)state;
	fake->mode = FAKE_HANG;
	configure("150ms");
	expect_failure("timeout");
	configure("20");
}

static int64_t
cpu_ms(void)
{
	struct rusage r;

	assert_int_equal(getrusage(RUSAGE_SELF, &r), 0);
	return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000 +
	    (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
}

/*
 * By default the wait is 3 s, and is spent asleep. On a busy machine the
 * process may be woken late; not three times in a row.
 */
static void
pam_04_a_daemon_that_is_stopped_is_a_failure(void **state)
{
	int64_t took, used;
	int tries = 0;

	(void)state;
	stack_service("extra", "");
	fake_suspend();
	do {
		spy_reset();
		used = -cpu_ms();
		took = -now_ms();
		assert_int_equal(stack_run("extra", "root", STACK_ACCOUNT),
		    PAM_AUTHINFO_UNAVAIL);
		took += now_ms();
		used += cpu_ms();
		assert_non_null(spy_find(&spy_log, " reason=timeout"));
		assert_true(took >= 3000);
		assert_true(used < 150);
	} while (took > 3500 && ++tries < 3);
	fake_resume();
	assert_true(took <= 3500);
}

static void
ipc_07_a_full_backlog_is_a_failure(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fds[32], n, r = 0;

	(void)state;
	(void)strcpy(addr.sun_path, stack_socket());
	fake_suspend();
	for (n = 0; n < 32 && r == 0; n++) {
		fds[n] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
		r = connect(fds[n], (struct sockaddr *)&addr, sizeof(addr));
	}
	assert_int_equal(r, -1);
	expect(PLAIN, STACK_ACCOUNT, PAM_AUTHINFO_UNAVAIL);
	assert_non_null(spy_find(&spy_log, " reason=busy"));
	expect(ALLOW, STACK_ACCOUNT, PAM_SUCCESS);
	while (n > 0)
		(void)close(fds[--n]);
	fake_resume();
	/* The closed ones are served first, then the gate works again. */
	expect(PLAIN, STACK_ACCOUNT, PAM_SUCCESS);
}

/* Each in less than 300 ms; on the average, as others use this machine. */
static void
expect_failure_soon(const char *reason)
{
	int64_t took = -now_ms();

	expect_failure(reason);
	took += now_ms();
	assert_in_range(took, 0, CONFIGS * (int)NELEMS(phases) * 300);
}

static void
pam_01_without_a_socket_the_login_is_denied(void **state)
{
	(void)state;
	assert_int_equal(rename(stack_socket(), stack_path("away")), 0);
	expect_failure_soon("daemon_unreachable");
	assert_int_equal(rename(stack_path("away"), stack_socket()), 0);
}

static void
pam_03_without_a_listener_the_login_is_denied(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	(void)state;
	(void)strcpy(addr.sun_path, stack_socket());
	assert_int_equal(rename(stack_socket(), stack_path("away")), 0);
	fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	expect_failure_soon("daemon_unreachable");
	(void)close(fd);
	assert_int_equal(unlink(stack_socket()), 0);
	assert_int_equal(rename(stack_path("away"), stack_socket()), 0);
}

static void
an_observing_daemon_allows_and_the_log_says_what_it_would(void **state)
{
	(void)state;
	fake->would = FG_VERDICT_DENY;
	expect(PLAIN, STACK_ACCOUNT, PAM_SUCCESS);
	assert_non_null(spy_find(&spy_log, "verdict=allow would=deny"));
	assert_int_equal(spy_talk.count, 0);
}

static void
pam_09_chauthtok_is_ignored_without_traffic(void **state)
{
	(void)state;
	for (int c = PLAIN; c < CONFIGS; c++)
		expect((enum config)c, STACK_PASSWORD, PAM_IGNORE);
	assert_int_equal(fake->connects, 0);
}

static void
pam_14_both_passes_of_chauthtok_are_ignored(void **state)
{
	stack_entry chauthtok = stack_entry_point("pam_sm_chauthtok");
	pam_handle_t *pamh = stack_open("plain", "root");
	const char *bad[] = { "nonsense" };

	(void)state;
	assert_int_equal(chauthtok(pamh, (int)PAM_PRELIM_CHECK, 0, NULL),
	    PAM_IGNORE);
	assert_int_equal(chauthtok(pamh, (int)PAM_UPDATE_AUTHTOK, 1, bad),
	    PAM_IGNORE);
	stack_close(pamh);
	assert_int_equal(fake->connects, 0);
}

/* The end of a session, whose reference is ref or that has none. */
static void
expect_close(enum config config, const char *ref)
{
	pam_handle_t *pamh = stack_open(config_names[config], "root");
	char text[64];

	(void)snprintf(text, sizeof(text), "FARMGATE_REF=%s", ref);
	assert_int_equal(pam_putenv(pamh, text), PAM_SUCCESS);
	assert_int_equal(stack_call(pamh, STACK_CLOSE, 0), PAM_SUCCESS);
	stack_close(pamh);
	fake_settle();
}

static void
close_session_tells_the_daemon_the_reference(void **state)
{
	(void)state;
	for (int c = PLAIN; c < CONFIGS; c++) {
		fake_script(FG_VERDICT_DENY);
		expect_close((enum config)c, "7F3K-Q2MN");
		assert_int_equal(fake->closes, 1);
		assert_string_equal(fake->close_ref, "7F3K-Q2MN");
		assert_int_equal(fake->close_pid, getpid());
	}
	fake_script(FG_VERDICT_DENY);
	expect_close(PLAIN, "no reference");
	assert_int_equal(fake->closes, 0);
}

static void
close_session_waits_for_nobody(void **state)
{
	int64_t start_ms, took_ms;

	(void)state;
	fake_suspend();
	start_ms = now_ms();
	for (int i = 0; i < 3; i++) {
		pam_handle_t *pamh = stack_open("plain", "root");

		assert_int_equal(pam_putenv(pamh, "FARMGATE_REF=7F3K-Q2MN"),
		    PAM_SUCCESS);
		assert_int_equal(stack_call(pamh, STACK_CLOSE, 0), PAM_SUCCESS);
		stack_close(pamh);
	}
	took_ms = now_ms() - start_ms;
	fake_resume();
	fake_settle();
	assert_in_range(took_ms, 0, 3 * 350);
}

static void
close_session_succeeds_without_traffic(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_DENY);
	for (int c = PLAIN; c < CONFIGS; c++)
		expect((enum config)c, STACK_CLOSE, PAM_SUCCESS);
	expect(PLAIN, STACK_CLOSE, PAM_SUCCESS);
	assert_int_equal(fake->connects, 0);
}

static void
pam_13_setcred_always_succeeds_without_traffic(void **state)
{
	static const unsigned int flags[] = { PAM_ESTABLISH_CRED,
		PAM_REINITIALIZE_CRED, PAM_REFRESH_CRED, PAM_DELETE_CRED,
		PAM_ESTABLISH_CRED | PAM_SILENT, 0 };
	stack_entry setcred = stack_entry_point("pam_sm_setcred");
	pam_handle_t *pamh = stack_open("plain", "root");
	const char *bad[] = { "nonsense" };

	(void)state;
	fake_script(FG_VERDICT_DENY);
	for (size_t i = 0; i < NELEMS(flags) * 2; i++)
		assert_int_equal(setcred(pamh, (int)flags[i / 2], (int)(i % 2),
				     bad),
		    PAM_SUCCESS);
	stack_close(pamh);
	assert_int_equal(fake->connects, 0);
	assert_int_equal(spy_talk.count, 0);
}

static void
pam_09_an_exempt_service_and_its_near_miss(void **state)
{
	(void)state;
	fake_script(FG_VERDICT_EXEMPT);
	fake->ref[0] = '\0';
	expect(PLAIN, STACK_ACCOUNT, PAM_IGNORE);
	assert_int_equal(spy_log.count, 0);
	assert_int_equal(spy_audit.count, 1); /* libpam's own */
	fake_script(FG_VERDICT_DENY);
	fake->would = FG_VERDICT_EXEMPT;
	expect(PLAIN, STACK_ACCOUNT, PAM_PERM_DENIED);
}

static void
pam_10_a_stack_that_only_ignores_is_denied_by_libpam(void **state)
{
	(void)state;
	stack_service_raw("extra", "account required %s\n");
	fake_script(FG_VERDICT_EXEMPT);
	assert_int_equal(stack_run("extra", "root", STACK_ACCOUNT),
	    PAM_PERM_DENIED);
	fake_script(FG_VERDICT_ALLOW);
	assert_int_equal(stack_run("extra", "root", STACK_ACCOUNT),
	    PAM_SUCCESS);
}

static void
pam_17_flags_change_no_verdict(void **state)
{
	static const unsigned int flags[] = { 0, PAM_SILENT,
		PAM_DISALLOW_NULL_AUTHTOK, PAM_SILENT | 1u, UINT32_MAX >> 1 };
	pam_handle_t *pamh;

	(void)state;
	for (size_t i = 0; i < NELEMS(flags); i++) {
		for (size_t p = 0; p < NELEMS(phases); p++) {
			pamh = stack_open("plain", "root");
			fake_script(FG_VERDICT_DENY);
			assert_int_equal(stack_call(pamh, phases[p],
					     (int)flags[i]),
			    PAM_PERM_DENIED);
			fake_script(FG_VERDICT_ALLOW);
			assert_int_equal(stack_call(pamh, phases[p],
					     (int)flags[i]),
			    PAM_SUCCESS);
			stack_close(pamh);
		}
	}
}

/* In a child, which never becomes root again. */
static int
code_as_nobody(const char *service, enum stack_phase phase, char *ret_log)
{
	int status, ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	(void)fflush(NULL);
	if ((pid = fork()) == 0) {
		if (seteuid(65534) != 0)
			_exit(200);
		spy_reset();
		status = stack_run(service, "root", phase);
		if (spy_log.count > 0)
			(void)!write(ends[1], spy_log.line[0].text,
			    strlen(spy_log.line[0].text));
		_exit(status);
	}
	(void)close(ends[1]);
	ret_log[0] = '\0';
	status = (int)read(ends[0], ret_log, 255);
	ret_log[status > 0 ? status : 0] = '\0';
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
proc_13_a_caller_that_is_not_root_is_ignored_and_logged(void **state)
{
	char log[256];

	(void)state;
	if (getenv("FG_ASROOT") != NULL)
		skip(); /* the namespace has no second user */
	assert_int_equal(chmod(stack_path("."), 0755), 0);
	for (size_t p = 0; p < NELEMS(phases); p++) {
		fake_script(FG_VERDICT_DENY);
		stack_service("extra", "");
		assert_int_equal(code_as_nobody("extra", phases[p], log),
		    PAM_IGNORE);
		assert_non_null(strstr(log, "not root (euid=65534)"));
		stack_service("extra", "nonroot=ignore on_error=allow");
		assert_int_equal(code_as_nobody("extra", phases[p], log),
		    PAM_IGNORE);
		stack_service("extra", "nonroot=deny");
		assert_int_equal(code_as_nobody("extra", phases[p], log),
		    PAM_PERM_DENIED);
		stack_service("extra", "nonroot=deny on_error=allow");
		assert_int_equal(code_as_nobody("extra", phases[p], log),
		    PAM_PERM_DENIED);
		stack_service("extra", "nonroot=deny observe");
		assert_int_equal(code_as_nobody("extra", phases[p], log),
		    PAM_IGNORE);
		assert_int_equal(fake->connects, 0);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(every_verdict_has_its_code),
		TEST(every_broken_answer_is_a_failure_without_a_second_try),
		TEST(every_message_that_is_no_verdict_is_a_failure),
		TEST(every_refusal_of_the_daemon_is_a_failure),
		TEST(an_allow_without_a_proper_reference_is_a_failure),
		TEST(an_allow_that_would_be_nothing_known_is_a_failure),
		TEST(pam_04_a_daemon_that_hangs_is_a_failure),
		TEST(pam_04_a_daemon_that_is_stopped_is_a_failure),
		TEST(ipc_07_a_full_backlog_is_a_failure),
		TEST(pam_01_without_a_socket_the_login_is_denied),
		TEST(pam_03_without_a_listener_the_login_is_denied),
		TEST(an_observing_daemon_allows_and_the_log_says_what_it_would),
		TEST(pam_09_chauthtok_is_ignored_without_traffic),
		TEST(pam_14_both_passes_of_chauthtok_are_ignored),
		TEST(close_session_succeeds_without_traffic),
		TEST(close_session_tells_the_daemon_the_reference),
		TEST(close_session_waits_for_nobody),
		TEST(pam_13_setcred_always_succeeds_without_traffic),
		TEST(pam_09_an_exempt_service_and_its_near_miss),
		TEST(pam_10_a_stack_that_only_ignores_is_denied_by_libpam),
		TEST(pam_17_flags_change_no_verdict),
		TEST(proc_13_a_caller_that_is_not_root_is_ignored_and_logged),
	};
	int failed;

	(void)argc;
	stack_init(argv);
	fake_start(stack_socket(), 8);
	configure("20");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fake_stop();
	stack_done();
	return failed;
}
